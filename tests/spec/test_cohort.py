"""Who could have been scored on 2025-03-31, with the standard rule: 90 days, under 18, early help or child in need."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from pydantic import ValidationError

from features.as_of import view_as_of
from features.cohort import CohortRule, cohort
from tests.drawing import records

RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
CHILD = "pers_person_id | pers_dob\nC1 | 2015-01-01"
CONTACT = "cont_person_id | cont_contact_date\nC1 | 2025-03-01"


def cohort_of(*, rule: CohortRule = RULE, **drawings: str) -> pl.DataFrame:
    drawn = records(**{"ssd_person": CHILD, **drawings})
    return cohort(view_as_of(drawn, as_of=date(2025, 3, 31)), rule)


def children(*, rule: CohortRule = RULE, **drawings: str) -> list[str]:
    return cohort_of(rule=rule, **drawings)["child_id"].to_list()


def waiting(**drawings: str) -> list[int | None]:
    return cohort_of(**drawings)["waiting_days"].to_list()


@pytest.mark.parametrize(("day", "found"), [("2025-01-01", ["C1"]), ("2024-12-31", []), ("2025-04-01", [])])
def test_a_contact_of_the_last_90_days_brings_a_child_in(day: str, found: list[str]) -> None:
    assert children(ssd_contacts=f"cont_person_id | cont_contact_date\nC1 | {day}") == found


def test_a_referral_of_the_last_90_days_brings_a_child_in_though_it_was_closed_at_once() -> None:
    referral = """
        cine_person_id | cine_referral_date | cine_close_date | cine_referral_nfa
        C1             | 2025-01-01         | 2025-01-01      | Y
    """
    assert children(ssd_cin_episodes=referral) == ["C1"]


@pytest.mark.parametrize(("end", "found"), [("", ["C1"]), ("2025-04-01", ["C1"]), ("2025-03-31", [])])
def test_open_early_help_brings_a_child_in_until_the_day_before_it_ends(end: str, found: list[str]) -> None:
    help_given = f"earl_person_id | earl_episode_start_date | earl_episode_end_date\nC1 | 2020-01-01 | {end}"
    assert children(ssd_early_help_episodes=help_given) == found


@pytest.mark.parametrize(("close", "nfa", "found"), [("", "N", ["C1"]), ("2025-03-31", "N", []), ("", "Y", [])])
def test_an_open_referral_brings_a_child_in_unless_nothing_was_to_follow(
    close: str, nfa: str, found: list[str]
) -> None:
    referral = f"""
        cine_person_id | cine_referral_date | cine_close_date | cine_referral_nfa
        C1             | 2024-01-01         | {close}         | {nfa}
    """
    assert children(ssd_cin_episodes=referral) == found


def test_a_status_that_the_rule_does_not_name_brings_nobody_in() -> None:
    rule = CohortRule(contact_within_days=90, age_below=18, statuses=("child_in_need",))
    help_given = "earl_person_id | earl_episode_start_date\nC1 | 2020-01-01"
    assert children(rule=rule, ssd_early_help_episodes=help_given) == []


@pytest.mark.parametrize(("born", "found"), [("2007-03-31", []), ("2007-04-01", ["C1"]), ("", ["C1"])])
def test_a_child_is_out_from_the_eighteenth_birthday(born: str, found: list[str]) -> None:
    assert children(ssd_person=f"pers_person_id | pers_dob\nC1 | {born}", ssd_contacts=CONTACT) == found


def test_a_child_not_yet_born_is_in() -> None:
    expected = "pers_person_id | pers_dob | pers_expected_dob\nC1 | | 2025-06-01"
    assert children(ssd_person=expected, ssd_contacts=CONTACT) == ["C1"]


@pytest.mark.parametrize(("died", "found"), [("2025-03-31", []), ("2025-04-01", ["C1"])])
def test_a_child_who_died_is_out_from_that_day(died: str, found: list[str]) -> None:
    people = f"pers_person_id | pers_dob | pers_death_date\nC1 | 2015-01-01 | {died}"
    assert children(ssd_person=people, ssd_contacts=CONTACT) == found


@pytest.mark.parametrize(("ceased", "found"), [("", []), ("2025-04-01", []), ("2025-03-31", ["C1"])])
def test_a_child_looked_after_on_the_day_is_out(ceased: str, found: list[str]) -> None:
    care = f"clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date\nC1 | 2025-01-01 | {ceased}"
    assert children(ssd_contacts=CONTACT, ssd_cla_episodes=care) == found


def test_waiting_is_counted_from_the_latest_contact_or_referral() -> None:
    contacts = "cont_person_id | cont_contact_date\nC1 | 2025-03-01\nC1 | 2025-02-01"
    referral = "cine_person_id | cine_referral_date\nC1 | 2025-03-11"
    assert waiting(ssd_contacts=contacts, ssd_cin_episodes=referral) == [31 - 11]


def test_nobody_waits_where_help_is_in_place_and_nobody_asked_in_the_window() -> None:
    contact = "cont_person_id | cont_contact_date\nC1 | 2024-06-01"
    help_given = "earl_person_id | earl_episode_start_date\nC1 | 2024-12-01"
    assert waiting(ssd_contacts=contact, ssd_early_help_episodes=help_given) == [None]


def test_the_rung_is_the_highest_that_is_held() -> None:
    help_given = "earl_person_id | earl_episode_start_date\nC1 | 2024-12-01"
    plan = "cinp_person_id | cinp_cin_plan_start_date\nC1 | 2025-01-01"
    found = cohort_of(ssd_early_help_episodes=help_given, ssd_cin_plans=plan)
    assert found["rung"].to_list() == [2]


def test_a_child_with_a_contact_alone_holds_no_rung() -> None:
    assert cohort_of(ssd_contacts=CONTACT)["rung"].to_list() == [0]


def test_children_are_listed_once_and_in_order_with_their_family() -> None:
    people = "pers_person_id\nC2\nC1"
    contacts = "cont_person_id | cont_contact_date\nC2 | 2025-03-01\nC1 | 2025-03-01\nC1 | 2025-03-02"
    family = "fami_family_id | fami_person_id\nF2 | C1\nF1 | C1"
    found = cohort_of(ssd_person=people, ssd_contacts=contacts, ssd_family=family)
    assert found.select("child_id", "family_id").rows() == [("C1", "F1"), ("C2", None)]


def test_the_columns_have_their_types() -> None:
    assert cohort_of(ssd_contacts=CONTACT).schema == {
        "child_id": pl.String,
        "family_id": pl.String,
        "waiting_days": pl.Int16,
        "rung": pl.Int8,
    }


def test_a_rule_with_a_word_that_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        CohortRule(contact_within_days=90, age_below=18, statuses=("early_help",), region="north")  # type: ignore[call-arg]
