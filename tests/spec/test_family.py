"""The child and the family, as of 2025-03-31: C1, S1 aged 4, S2 aged 13, mother M1, and T1 and G1 at their address."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, MOTHER, PEOPLE, value_of

BIRTHS = """
    pers_person_id | pers_dob   | pers_expected_dob | pers_death_date
    ---------------|------------|-------------------|----------------
    C1             | 2015-06-15 |                   |
    S1             | 2021-01-01 |                   |
    S2             | 2024-04-01 |                   |
    S3             |            | 2025-06-01        |
    M1             | 1990-01-01 |                   | 2023-04-02
    T1             | 2014-01-01 |                   |
    G1             | 1980-01-01 |                   |
"""
TOGETHER = FAMILY + "    F1             | S3\n"
DISABILITY = """
    disa_person_id | disa_disability_code
    ---------------|---------------------
    C1             | AUT
    S1             | NONE
    S2             | LD
"""
ADDRESSES = """
    addr_person_id | addr_address_start_date | addr_address_json
    ---------------|-------------------------|------------------------------------
    C1             | 2020-01-01              | {"HOUSE": "3", "STREET": "Elm Road"}
    T1             | 2020-01-01              | {"HOUSE": "3", "STREET": "Elm Road"}
    G1             | 2020-01-01              | {"HOUSE": "3", "STREET": "Elm Road"}
"""
CONTACTS = """
    cont_person_id | cont_contact_date
    ---------------|------------------
    C1             | 2025-03-01
    S1             | 2025-03-01
    T1             | 2025-03-31
    T1             | 2024-03-31
    G1             | 2024-04-01
"""
REFERRALS = """
    cine_person_id | cine_referral_date
    ---------------|-------------------
    C1             | 2025-03-01
    M1             | 2006-05-01
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    T1             | 2022-01-01              | 2025-04-01
    M1             | 2004-01-01              | 2005-01-01
"""
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date
    ---------------|-----------------------------|-----------------------------
    M1             | 2005-01-01                  | 2006-01-01
"""
DRAWN = {
    "ssd_person": BIRTHS,
    "ssd_family": TOGETHER,
    "ssd_mother": MOTHER,
    "ssd_disability": DISABILITY,
    "ssd_address": ADDRESSES,
    "ssd_contacts": CONTACTS,
    "ssd_cin_episodes": REFERRALS,
    "ssd_cp_plans": PLANS,
    "ssd_cla_episodes": CARE,
}
BOTH = {"ssd_family": FAMILY, "ssd_mother": MOTHER}


@pytest.mark.parametrize(
    ("born", "years", "is_under_one", "has_no_birth_date"),
    [
        ("2015-03-31", 2025 - 2015, 0, 0),  # the tenth birthday is today
        ("2015-04-01", 2025 - 2015 - 1, 0, 0),  # and tomorrow
        ("2024-04-01", 0, 1, 0),
        ("2024-03-31", 1, 0, 0),
        ("2025-04-01", None, None, 1),  # born tomorrow
        ("", None, None, 1),
    ],
)
def test_age(born: str, years: int | None, is_under_one: int | None, has_no_birth_date: int) -> None:
    people = f"pers_person_id | pers_dob\nC1 | {born}"
    names = ("age_years", "is_under_one", "has_no_birth_date_yet")
    assert [value_of(name, ssd_person=people) for name in names] == [years, is_under_one, has_no_birth_date]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("siblings_on_record", 1 + 1 + 1),
        ("siblings_under_five", 1 + 1),
        ("has_new_baby_in_family_last_12_months", 1),  # born on the window's first day
        ("is_sibling_expected_now", 1),
        ("has_sibling_with_disability", 1),
        ("adults_on_record", 1 + 1),
        ("other_children_at_same_address", 1),
        ("contacts_about_others_at_same_address_last_12_months", 1 + 1),
        ("has_other_child_at_address_with_protection_plan_now", 1),
        ("has_death_in_family_last_24_months", 1),
        ("mother_was_referred_herself", 1),
        ("mother_had_child_protection_plan", 1),
        ("mother_was_looked_after", 1),
    ],
)
def test_what_is_on_record_of_the_family(name: str, expected: int) -> None:
    assert value_of(name, **DRAWN) == expected


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("has_new_baby_in_family_last_12_months", "S2 | 2024-03-31 |            |"),
        ("is_sibling_expected_now", "S2 | 2025-03-31 |            |"),
        ("is_sibling_expected_now", "S2 |            | 2026-01-06 |"),  # more than a pregnancy away
        ("has_death_in_family_last_24_months", "S2 | 2012-01-01 |            | 2023-04-01"),
        ("has_death_in_family_last_24_months", "S2 | 2012-01-01 |            | 2025-04-01"),
    ],
)
def test_births_and_deaths_outside_the_window(name: str, line: str) -> None:
    people = f"pers_person_id | pers_dob | pers_expected_dob | pers_death_date\nC1 | 2015-06-15 | |\n{line}"
    assert value_of(name, ssd_person=people, ssd_family=FAMILY) == 0


@pytest.mark.parametrize("code", ["NONE", "b) No"])
def test_a_sibling_without_a_recorded_disability_has_none(code: str) -> None:
    drawn = f"disa_person_id | disa_disability_code\nC1 | AUT\nS1 | {code}"
    assert value_of("has_sibling_with_disability", ssd_family=FAMILY, ssd_disability=drawn) == 0


@pytest.mark.parametrize(
    ("mother_born", "expected"),
    [
        ("1995-06-16", 1),  # twenty tomorrow
        ("1995-06-15", 0),  # twenty on the day
        ("2010-01-01", None),  # five years old: one of the dates is wrong
        ("", None),
    ],
)
def test_the_mothers_age_on_the_day_the_child_was_born(mother_born: str, expected: int | None) -> None:
    people = f"pers_person_id | pers_dob\nC1 | 2015-06-15\nM1 | {mother_born}"
    assert value_of("mother_was_under_20_at_birth", ssd_person=people, ssd_mother=MOTHER) == expected


def test_a_child_whose_mother_is_not_recorded_has_no_mothers_age() -> None:
    assert value_of("mother_was_under_20_at_birth", child="S2", ssd_mother=MOTHER) is None


def test_who_shares_only_the_address_is_no_sibling() -> None:
    people = PEOPLE + "    T1             | 2014-01-01\n"
    assert value_of("siblings_on_record", ssd_person=people, ssd_address=ADDRESSES, **BOTH) == 1 + 1


def test_a_plan_of_a_child_at_the_address_that_ended_is_not_in_place() -> None:
    ended = "cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date\nT1 | 2022-01-01 | 2025-03-31"
    name = "has_other_child_at_address_with_protection_plan_now"
    assert value_of(name, **{**DRAWN, "ssd_cp_plans": ended}) == 0


def test_a_sibling_by_family_and_by_mother_counts_once() -> None:
    assert value_of("siblings_on_record", **BOTH) == 1 + 1
