"""Requests and children, read from records: who was open to help, what came of it, and what need was known before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from features.cohort import CohortRule
from features.vocabulary.errors import WrongUsageError
from tests.drawing import records
from training.access import Asked, access_of, offer_ratio
from training.access_children import children_on, everybody_on
from training.access_rows import look, requests_between
from training.audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from features.tables.records import Records

PERSON = """
    pers_person_id | pers_dob   | pers_ethnicity | pers_sex
    C1             | 2015-06-15 | WBRI           | F
    C2             | 2016-01-01 | ABAN           | M
    C3             | 2006-01-01 | NOBT           | M
"""
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
OFFER, NOTHING, REFERRAL = '{"OTHER_OUTCOMES_EXIST_FLAG": "Y"}', '{"NFA_FLAG": "Y"}', '{"NEW_REFERRAL_FLAG": "Y"}'


def drawn(contacts: str = "", referrals: str = "", help_given: str = "", **more: str) -> Records:
    """Draw records: `child | day | outcome`, `child | day | closed`, `child | start | end | reason`."""
    tables = {
        "ssd_contacts": "cont_person_id | cont_contact_date | cont_contact_outcome_json\n" + contacts,
        "ssd_cin_episodes": "cine_person_id | cine_referral_date | cine_close_date\n" + referrals,
        "ssd_early_help_episodes": "earl_person_id | earl_episode_start_date | earl_episode_end_date |"
        " earl_episode_end_reason\n" + help_given,
    }
    return records(ssd_person=PERSON, **{name: text for name, text in tables.items() if text.count("\n") > 1}, **more)


def asked(found: Records, *, first: date = FIRST, last: date = LAST) -> pl.DataFrame:
    return requests_between(found, look(found), first=first, last=last)


def steps(found: Records, *names: str) -> list[tuple[Any, ...]]:
    return asked(found).select(names).rows()


def test_an_offer_at_the_front_door_is_an_offer() -> None:
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\nC2 | 2024-03-01 | {NOTHING}\n")
    assert steps(found, "referred", "offered") == [(0, 1), (0, 0)]


def test_help_that_follows_within_ninety_days_was_offered() -> None:
    contacts = f"C1 | 2024-03-01 | {NOTHING}\nC2 | 2024-03-01 | {NOTHING}\n"
    found = drawn(contacts, help_given="C1 | 2024-05-30 | |\nC2 | 2024-05-31 | |\n")
    assert steps(found, "offered") == [(1,), (0,)]


def test_help_that_follows_from_a_later_request_was_not_offered_at_the_first() -> None:
    contacts = f"C1 | 2024-03-01 | {NOTHING}\nC1 | 2024-04-01 | {NOTHING}\n"
    assert steps(drawn(contacts, help_given="C1 | 2024-04-20 | |\n"), "offered") == [(0,), (1,)]


def test_who_was_referred_on_was_not_open_to_an_offer() -> None:
    contacts = f"C1 | 2024-03-01 | {REFERRAL}\nC2 | 2024-03-01 | {NOTHING}\n"
    assert steps(drawn(contacts, "C2 | 2024-03-11 | 2024-05-01\n"), "referred", "offered") == [(1, None), (1, None)]


def test_a_referral_that_no_contact_announces_is_a_request_of_its_own() -> None:
    found = asked(drawn(f"C1 | 2024-03-01 | {NOTHING}\n", "C1 | 2024-03-12 | 2024-05-01\n"))
    assert found.select("referred").rows() == [(0,), (1,)]


def test_who_has_help_or_an_open_case_is_asked_about_in_vain_and_left_out() -> None:
    contacts = f"C1 | 2024-03-01 | {NOTHING}\nC2 | 2024-03-01 | {NOTHING}\n"
    found = drawn(contacts, "C2 | 2023-12-01 | 2024-06-01\n", "C1 | 2024-02-01 | 2024-04-01 | Outcomes met\n")
    assert asked(found).height == 0


def test_while_an_offer_stands_help_is_not_offered_anew() -> None:
    contacts = f"C1 | 2024-03-01 | {OFFER}\nC1 | 2024-04-01 | {NOTHING}\nC1 | 2024-08-01 | {NOTHING}\n"
    assert steps(drawn(contacts), "offered") == [(1,), (0,)]


def test_young_people_of_eighteen_are_no_children() -> None:
    assert asked(drawn(f"C3 | 2024-03-01 | {OFFER}\n")).height == 0


def test_help_was_taken_up_when_it_began_within_180_days() -> None:
    contacts = f"C1 | 2024-03-01 | {OFFER}\nC2 | 2024-03-01 | {OFFER}\n"
    found = drawn(contacts, help_given="C1 | 2024-03-21 | |\nC2 | 2024-08-29 | |\n")
    assert steps(found, "prompt", "taken_up", "days_to_help") == [(1, 1, 20), (0, 0, None)]


def test_a_step_whose_time_is_not_over_has_no_answer() -> None:
    found = records(
        ssd_person=PERSON,
        ssd_contacts="cont_person_id | cont_contact_date | cont_contact_outcome_json\n" + f"C1 | 2024-03-01 | {OFFER}",
        extract_day=date(2024, 5, 31),
    )
    rows = asked(found, last=date(2024, 5, 31))
    assert rows.select("offered", "prompt", "taken_up").rows() == [(1, 0, None)]


def test_what_became_of_a_contact_of_the_last_days_is_not_told_yet() -> None:
    found = drawn(f"C1 | 2026-03-25 | {NOTHING}\n")
    assert asked(found, last=date(2026, 3, 31)).select("referred", "offered").rows() == [(None, None)]


@pytest.mark.parametrize(
    ("reason", "completed"),
    [("Outcomes met", 1), ("Disengaged", 0), ("Outcomes partially met", 0), ("Moved out of area", None), ("", None)],
)
def test_help_is_completed_when_its_ending_says_so(reason: str, completed: int | None) -> None:
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\n", help_given=f"C1 | 2024-03-21 | 2024-09-01 | {reason}\n")
    assert steps(found, "taken_up", "completed") == [(1, completed)]


@pytest.mark.parametrize(("referred", "down"), [("2025-02-28", 0), ("2025-06-01", 1)])
def test_help_stepped_down_when_nothing_more_intensive_followed_in_half_a_year(referred: str, down: int) -> None:
    ended = "C1 | 2024-03-21 | 2024-09-01 | Outcomes met\n"
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\n", f"C1 | {referred} | 2025-07-01\n", ended)
    assert asked(found)["stepped_down"][0] == down


def test_need_is_as_it_was_known_before_the_month_that_somebody_asked() -> None:
    contacts = "".join(f"C1 | {day} | {NOTHING}\n" for day in ("2023-11-05", "2024-03-02", "2024-03-20"))
    found = asked(drawn(contacts, "C1 | 2024-03-25 | 2024-04-25\n"), first=date(2024, 3, 1))
    assert found["contacts_last_12_months"].to_list() == [1, 1]
    assert found["referrals_last_24_months"].to_list() == [0, 0]


def test_age_is_that_of_the_day_that_somebody_asked() -> None:
    contacts = f"C1 | 2024-06-14 | {NOTHING}\nC1 | 2024-06-15 | {NOTHING}\n"
    assert asked(drawn(contacts))["age"].to_list() == [8, 9]


def test_ethnicity_not_obtained_is_not_recorded() -> None:
    found = drawn(f"C3 | 2023-03-01 | {OFFER}\nC2 | 2023-03-01 | {OFFER}\n")
    assert asked(found, first=date(2023, 1, 1))["ethnic_group"].to_list() == ["Asian", None]


def test_a_family_is_one_cluster_and_a_child_without_one_their_own() -> None:
    family = "fami_family_id | fami_person_id\nF1 | C1\nF1 | C2\n"
    contacts = f"C1 | 2024-03-01 | {OFFER}\nC2 | 2024-03-01 | {OFFER}\n"
    assert asked(drawn(contacts, ssd_family=family))["cluster"].n_unique() == 1
    assert asked(drawn(contacts))["cluster"].n_unique() == 2


def test_a_period_outside_the_records_is_wrong_usage() -> None:
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\n")
    with pytest.raises(WrongUsageError, match="does not lie within the records, which end on 2026-03-31"):
        asked(found, last=date(2027, 1, 1))


def test_scores_without_the_plan_they_were_made_by_are_wrong_usage() -> None:
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\n")
    with pytest.raises(WrongUsageError, match="scores need the plan they were made by"):
        access_of(found, Asked(FIRST, LAST, scores=pl.DataFrame({"child_id": ["C1"]})))


RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help",))
SCORES = pl.DataFrame({"child_id": ["C1", "C2"], "band": ["first", "others"], "rank": [1, 2]})


def test_on_a_day_children_are_listed_scored_and_offered_help_near_the_top_or_further_down() -> None:
    contacts = f"C1 | 2024-02-20 | {NOTHING}\nC2 | 2024-02-20 | {NOTHING}\nC1 | 2024-04-01 | {OFFER}\n"
    found = drawn(contacts)
    rows = children_on(found, look(found), first=date(2024, 3, 1), last=LAST, rule=RULE, scores=SCORES)
    names = ("in_cohort", "scored", "near_top", "offered_near_top", "offered_elsewhere")
    assert rows.select(names).rows() == [(1, 1, 1, 1, None), (1, 1, 0, None, 0)]


def test_ranks_that_a_csv_gives_as_text_are_read_as_numbers() -> None:
    found = drawn(f"C1 | 2024-02-20 | {NOTHING}\nC2 | 2024-02-20 | {NOTHING}\n")
    text = pl.DataFrame({"child_id": ["C1", "C2"], "band": ["first", "others"], "rank": ["9", "10"]})
    rows = children_on(found, look(found), first=date(2024, 3, 1), last=LAST, rule=RULE, scores=text)
    assert rows["near_top"].to_list() == [1, 0]


@pytest.mark.parametrize("lost", ["band", "rank", "child_id"])
def test_scores_without_a_column_are_wrong_usage(lost: str) -> None:
    found = drawn(f"C1 | 2024-02-20 | {NOTHING}\n")
    with pytest.raises(WrongUsageError, match="it must have child_id, band and rank"):
        children_on(found, look(found), first=date(2024, 3, 1), last=LAST, rule=RULE, scores=SCORES.drop(lost))


def test_a_child_known_but_silent_for_long_could_not_have_been_scored() -> None:
    found = drawn(f"C1 | 2023-02-20 | {NOTHING}\nC2 | 2021-02-20 | {NOTHING}\n")
    rows = children_on(found, look(found), first=date(2024, 3, 1), last=LAST, rule=RULE, scores=None)
    assert rows.select("child_id", "in_cohort").rows() == [("C1", 0)]


def test_every_child_of_the_population_is_known_or_not() -> None:
    population = """
        popu_date  | popu_age | popu_sex | popu_ethnicity | popu_deprivation_decile | popu_children
        2024-03-31 | 8        | F        | WBRI           | 1                       | 30
        2024-03-31 | 8        | M        | ABAN           | 1                       | 10
        2024-03-31 | 30       | M        | ABAN           | 1                       | 99
    """
    found = drawn(f"C1 | 2024-03-01 | {NOTHING}\nC2 | 2021-03-01 | {NOTHING}\n", ext_population=population)
    rows = everybody_on(found, look(found), first=FIRST, last=LAST)
    assert rows is not None
    counts = rows.group_by("ethnic_group").agg(pl.len(), pl.col("known").sum()).sort("ethnic_group").rows()
    assert sum(n for _, n, _ in counts) == 30 + 10
    assert [known for _, _, known in counts] == [0, 1]


def test_without_a_population_nobody_can_say_who_is_not_known() -> None:
    found = drawn(f"C1 | 2024-03-01 | {OFFER}\n")
    assert everybody_on(found, look(found), first=FIRST, last=LAST) is None


def test_where_nothing_is_planted_the_ratio_of_offers_holds_one(authority_records: Records) -> None:
    rows = requests_between(authority_records, look(authority_records), first=date(2024, 1, 1), last=date(2024, 9, 30))
    ratio = offer_ratio(rows)["need"]
    assert isinstance(ratio, Estimate)
    low, high = ratio.limits(0.95)
    assert low <= 1 <= high
