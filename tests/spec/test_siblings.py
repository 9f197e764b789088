"""Brothers and sisters of C1 (S1 aged 4, S2 aged 13), as of 2025-03-31: their rows, never the child's own."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, MOTHER, value_of

CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code
    ---------------|-------------------|-------------------------
    C1             | 2025-03-01        | 6
    S1             | 2025-03-31        | 6
    S2             | 2024-04-01        | 2A
    S2             | 2024-03-31        | 6
    M1             | 2025-03-01        | 6
"""
REFERRALS = """
    cine_person_id | cine_referral_date | cine_close_date
    ---------------|--------------------|----------------
    C1             | 2025-03-01         |
    C1             | 2024-03-01         | 2024-12-01
    S1             | 2023-04-02         |
    S1             | 2022-03-01         | 2022-04-02
    S2             | 2023-04-01         |
    S2             | 2022-03-01         | 2023-03-01
    M1             | 2006-05-01         |
"""
HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-01-01              |                       |
    S1             | 2025-01-01              |                       |
    S2             | 2024-01-01              | 2025-03-31            | Stepped up
    M1             | 2025-01-01              |                       |
    M1             | 2024-01-01              | 2025-03-31            | Stepped up
    C1             | 2023-01-01              | 2024-03-31            | Outcomes met
"""
ENQUIRIES = """
    s47e_person_id | s47e_s47_start_date
    ---------------|--------------------
    C1             | 2025-03-01
    S1             | 2023-04-02
    S2             | 2025-01-01
    M1             | 2025-01-01
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    C1             | 2025-01-01              |
    S1             | 2022-01-01              | 2025-04-01
    S2             | 2024-01-01              | 2025-03-31
    M1             | 2024-01-01              |
"""
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date
    ---------------|-----------------------------|-----------------------------
    S1             | 2022-01-01                  |
    M1             | 2005-01-01                  | 2006-01-01
"""
MISSING = """
    miss_person_id | miss_missing_episode_start_date
    ---------------|--------------------------------
    C1             | 2025-03-01
    S2             | 2025-03-01
    S2             | 2024-03-31
    M1             | 2025-03-01
"""
ASSESSMENTS = """
    cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
    -------------------|----------------|----------------------------|--------------------------
    A1                 | C1             | 2025-03-01                 | 2025-03-31
    A2                 | S1             | 2025-03-01                 | 2025-03-31
"""
FACTORS = """
    cinf_assessment_id | cinf_assessment_factors_json
    -------------------|-----------------------------
    A1                 | ["3B", "4B"]
    A2                 | ["1C", "16A", "19C", "24A"]
"""
ADDRESSES = """
    addr_person_id | addr_address_start_date
    ---------------|------------------------
    C1             | 2025-03-01
    S1             | 2025-03-31
    S2             | 2024-04-01
    S2             | 2024-03-31
    M1             | 2025-03-01
"""
IN_NEED = """
    cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
    ---------------|--------------------------|-----------------------
    S1             | 2025-01-01               |
"""
DRAWN = {
    "ssd_family": FAMILY,
    "ssd_mother": MOTHER,
    "ssd_contacts": CONTACTS,
    "ssd_cin_episodes": REFERRALS,
    "ssd_early_help_episodes": HELP,
    "ssd_s47_enquiry": ENQUIRIES,
    "ssd_cp_plans": PLANS,
    "ssd_cla_episodes": CARE,
    "ssd_missing": MISSING,
    "ssd_address": ADDRESSES,
    "ssd_cin_plans": IN_NEED,
    "ssd_cin_assessments": ASSESSMENTS,
    "ssd_assessment_factors": FACTORS,
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sibling_contacts_last_12_months", 1 + 1),
        ("sibling_police_contacts_last_12_months", 1),
        ("sibling_referrals_last_24_months", 1),
        ("sibling_re_referrals_within_a_year_last_24_months", 1),
        ("siblings_with_early_help_now", 1),
        ("early_help_stepped_up_for_sibling_last_24_months", 1),
        ("has_sibling_in_need_now", 1),
        ("sibling_s47_enquiries_last_24_months", 1 + 1),
        ("siblings_with_child_protection_plan_now", 1),
        ("sibling_child_protection_plans_last_24_months", 1),
        ("has_sibling_looked_after_now", 1),
        ("has_sibling_looked_after_last_24_months", 0),
        ("has_sibling_ever_looked_after", 1),
        ("sibling_missing_episodes_last_12_months", 1),
        ("sibling_addresses_begun_last_12_months", 1 + 1),
        ("found_domestic_abuse_for_sibling_last_24_months", 0),
        ("found_substance_misuse_for_sibling_last_24_months", 1),
        ("found_parental_mental_ill_health_for_sibling_last_24_months", 0),
        ("found_neglect_for_sibling_last_24_months", 1),
        ("found_physical_or_sexual_abuse_for_sibling_last_24_months", 1),
        ("found_exploitation_for_sibling_last_24_months", 1),
    ],
)
def test_what_is_on_record_of_brothers_and_sisters(name: str, expected: int) -> None:
    assert value_of(name, **DRAWN) == expected


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("found_domestic_abuse_for_sibling_last_24_months", "3B"),
        ("found_parental_mental_ill_health_for_sibling_last_24_months", "4B"),
    ],
)
def test_needs_that_an_assessment_of_a_sibling_found(name: str, factor: str) -> None:
    factors = f'cinf_assessment_id | cinf_assessment_factors_json\nA2 | ["{factor}"]'
    assert value_of(name, **{**DRAWN, "ssd_assessment_factors": factors}) == 1


def test_without_an_assessment_of_a_sibling_their_needs_are_not_known() -> None:
    own = 'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["16A"]'
    assert value_of("found_neglect_for_sibling_last_24_months", **{**DRAWN, "ssd_assessment_factors": own}) is None


def test_an_episode_of_care_of_a_sibling_that_began_in_the_window() -> None:
    care = "clae_person_id | clae_cla_episode_start_date\nS1 | 2023-04-02"
    assert value_of("has_sibling_looked_after_last_24_months", ssd_family=FAMILY, ssd_cla_episodes=care) == 1


def test_a_sibling_whose_care_is_over_was_looked_after_once() -> None:
    care = "clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date\nS1 | 2022-01-01 | 2022-02-01"
    names = ("has_sibling_looked_after_now", "has_sibling_ever_looked_after")
    assert [value_of(name, ssd_family=FAMILY, ssd_cla_episodes=care) for name in names] == [0, 1]


@pytest.mark.parametrize(
    "name",
    [
        "has_sibling_in_need_now",
        "has_sibling_looked_after_now",
        "has_sibling_looked_after_last_24_months",
        "has_sibling_ever_looked_after",
    ],
)
def test_what_the_mother_or_the_child_has_is_not_a_siblings(name: str) -> None:
    care = "clae_person_id | clae_cla_episode_start_date\nM1 | 2024-01-01\nC1 | 2024-01-01"
    plan = "cinp_person_id | cinp_cin_plan_start_date\nM1 | 2024-01-01\nC1 | 2024-01-01"
    drawn = {"ssd_cla_episodes": care, "ssd_cin_plans": plan, "ssd_family": FAMILY, "ssd_mother": MOTHER}
    assert value_of(name, **drawn) == 0


def test_a_child_without_siblings_has_none_of_their_contacts() -> None:
    alone = {"ssd_family": "fami_family_id | fami_person_id\nF1 | C1", "ssd_mother": "moth_person_id"}
    assert value_of("sibling_contacts_last_12_months", **{**DRAWN, **alone}) == 0


def test_a_source_that_does_not_say_who_belongs_together_has_no_value() -> None:
    assert value_of("sibling_contacts_last_12_months", ssd_contacts=CONTACTS) is None


def test_a_childs_own_history_is_never_counted_as_a_siblings() -> None:
    own = "cont_person_id | cont_contact_date\nC1 | 2025-03-01"
    assert value_of("sibling_contacts_last_12_months", ssd_family=FAMILY, ssd_mother=MOTHER, ssd_contacts=own) == 0
