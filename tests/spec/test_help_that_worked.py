"""Help that worked, as of 2025-03-31: completed as agreed, and needs met that stayed met for six months."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, value_of

HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-01-01              | 2025-03-31            | Outcomes met
    C1             | 2023-01-01              | 2023-04-02            | Completed
    C1             | 2023-01-01              | 2023-04-01            | Outcomes met
    C1             | 2024-01-01              | 2024-04-02            | Step up
    C1             | 2024-01-01              | 2024-05-02            | Outcomes partially met
    C1             | 2024-01-01              | 2024-06-02            |
    C1             | 2024-01-01              | 2025-04-01            | Outcomes met
    S1             | 2025-01-01              | 2025-03-31            | Needs met
"""
SERVICES = """
    serv_person_id | serv_service_name | serv_start_date | serv_end_date | serv_end_reason
    ---------------|-------------------|-----------------|---------------|--------------------
    C1             | Therapy team      | 2023-01-01      | 2023-04-02    | Completed as agreed
    C1             | Rapid response    | 2025-01-01      | 2025-03-31    | Completed as agreed
    C1             | Rapid response    | 2024-01-01      | 2024-03-31    | Ended early
    C1             | Rapid response    | 2024-01-01      | 2024-05-31    |
    C1             | Edge of care      | 2023-01-01      | 2023-04-01    | Completed as agreed
    C1             | Edge of care      | 2025-01-01      | 2025-04-01    | Completed as agreed
    S1             | Therapy team      | 2024-01-01      | 2024-06-01    | Completed as agreed
"""
DRAWN = {"ssd_early_help_episodes": HELP, "ext_services": SERVICES, "ssd_family": FAMILY}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("early_help_completed_last_24_months", 1 + 1),
        ("share_of_early_help_completed_last_24_months", (1 + 1) / (2 + 1 + 1)),
        ("early_help_completed_in_part_last_24_months", 1),
        ("early_help_completed_for_sibling_last_24_months", 1),
        ("services_completed_last_24_months", 1 + 1),
        ("share_of_services_completed_last_24_months", (1 + 1) / (2 + 1)),
        ("services_completed_for_sibling_last_24_months", 1),
    ],
)
def test_help_completed_as_agreed(name: str, expected: float) -> None:
    assert value_of(name, **DRAWN) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Outcomes met", 1),
        ("Goals were achieved", 1),
        ("Completed - no further action", 1),
        ("Family's situation improved", 1),
        ("Needs not met", 0),
        ("Plan not completed", 0),
        ("Not all needs met", 0),
        ("No outcomes met", 0),
        ("Outcomes partly achieved", 0),
        ("Incomplete", 0),
        ("Consent withdrawn", 0),
    ],
)
def test_words_for_an_end_as_agreed(words: str, expected: int) -> None:
    ended = f"""
        earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
        C1             | 2025-01-01              | 2025-03-01            | {words}
    """
    assert value_of("early_help_completed_last_24_months", ssd_early_help_episodes=ended) == expected


def test_whose_help_has_not_ended_has_no_share_of_it() -> None:
    assert value_of("share_of_early_help_completed_last_24_months", child="S2", **DRAWN) is None


def test_a_source_without_services_says_nothing_of_services_completed() -> None:
    assert value_of("services_completed_last_24_months") is None


def test_an_assessment_that_found_no_need() -> None:
    assessed = """
        cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
        A1                 | C1             | 2023-03-01                 | 2023-04-02
    """
    factors = 'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["21"]'
    drawn = {"ssd_cin_assessments": assessed, "ssd_assessment_factors": factors}
    assert value_of("found_no_need_last_24_months", **drawn) == 1
    early = {**drawn, "ssd_cin_assessments": assessed.replace("2023-04-02", "2023-04-01")}
    assert value_of("found_no_need_last_24_months", **early) is None


CASES = """
    cine_person_id | cine_referral_date | cine_close_date | cine_close_reason
    ---------------|--------------------|-----------------|------------------
    C1             | 2024-01-01         | 2024-03-01      | RC7
    C1             | 2024-09-01         | 2024-11-01      | RC7
    C1             | 2023-05-01         | 2023-05-31      | RC5
"""
EARLY_HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2023-04-01              | 2023-06-30            | Outcomes met
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    C1             | 2024-01-10              | 2024-02-01
"""
CONTACTS = """
    cont_person_id | cont_contact_date
    ---------------|------------------
    C1             | 2024-08-31
"""
# Early help ended on 30 June 2023; the next was the referral of 1 January 2024: 1 + 31 + 31 + 30 + 31 + 30 + 31 = 185
# days later. The plan of 1 February 2024 was followed by the contact of 31 August: 212 days. The case of 1 March 2024
# was followed by it too: 183 days. The case of 1 November 2024 ended less than six months ago.
HELD = {
    "ssd_cin_episodes": CASES,
    "ssd_early_help_episodes": EARLY_HELP,
    "ssd_cp_plans": PLANS,
    "ssd_contacts": CONTACTS,
}
SOONER = {**HELD, "ssd_contacts": CONTACTS.replace("2024-08-31", "2024-08-30")}  # 182 days after 1 March


@pytest.mark.parametrize(
    ("name", "expected", "if_sooner"),
    [
        ("needs_met_that_held_six_months_last_24_months", 1 + 1 + 1, 1 + 1),
        ("share_of_needs_met_that_held_six_months_last_24_months", 3 / 3, 2 / 3),
        ("has_early_help_that_held_six_months_last_24_months", 1, 1),
        ("has_ended_protection_plan_that_held_six_months_last_24_months", 1, 1),
        ("longest_quiet_time_after_needs_met_last_24_months", 212, 211),
    ],
)
def test_needs_met_that_stayed_met(name: str, expected: float, if_sooner: float) -> None:
    values = [value_of(name, **drawn) for drawn in (HELD, SOONER)]
    assert values == pytest.approx([expected, if_sooner], abs=1e-7)


@pytest.mark.parametrize(
    ("ended", "expected"), [("2024-09-30", 1), ("2024-10-01", None)], ids=["182 days ago", "181 days ago"]
)
def test_help_must_have_ended_six_months_ago(ended: str, expected: int | None) -> None:
    help_ended = EARLY_HELP.replace("2023-06-30", ended)
    assert (
        value_of("has_early_help_that_held_six_months_last_24_months", ssd_early_help_episodes=help_ended) == expected
    )


@pytest.mark.parametrize(
    "followed",
    [
        {"ssd_s47_enquiry": "s47e_person_id | s47e_s47_start_date\nC1 | 2023-08-01"},
        {"ssd_cin_plans": "cinp_person_id | cinp_cin_plan_start_date\nC1 | 2023-08-01"},
        {"ssd_cla_episodes": "clae_person_id | clae_cla_episode_start_date\nC1 | 2023-08-01"},
        {"ssd_cin_episodes": "cine_person_id | cine_referral_date\nC1 | 2023-08-01"},
    ],
    ids=lambda followed: next(iter(followed)),
)
def test_whatever_began_within_six_months_ends_the_quiet(followed: dict[str, str]) -> None:
    drawn = {"ssd_early_help_episodes": EARLY_HELP, **followed}
    assert value_of("has_early_help_that_held_six_months_last_24_months", **drawn) == 0


def test_a_step_down_on_the_day_of_an_ending_is_no_return() -> None:
    step_down = "earl_person_id | earl_episode_start_date\nC1 | 2024-02-01"
    drawn = {"ssd_cp_plans": PLANS, "ssd_early_help_episodes": step_down}
    assert value_of("has_ended_protection_plan_that_held_six_months_last_24_months", **drawn) == 1


def test_a_plan_that_ended_in_care_met_no_need() -> None:
    care = "clae_person_id | clae_cla_episode_start_date\nC1 | 2024-01-20"
    name = "has_ended_protection_plan_that_held_six_months_last_24_months"
    assert value_of(name, ssd_cp_plans=PLANS, ssd_cla_episodes=care) is None


def test_two_endings_of_one_day_each_find_what_followed() -> None:
    plan = PLANS.replace("2024-02-01", "2024-03-01")
    drawn = {"ssd_cin_episodes": CASES, "ssd_cp_plans": plan, "ssd_contacts": CONTACTS}
    assert value_of("needs_met_that_held_six_months_last_24_months", **drawn) == 1 + 1
