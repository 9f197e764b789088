"""What can be used of raw tables, what is set aside, and what stops everything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.tables.validate import examine, validate
from features.vocabulary.errors import UnusableRecordsError
from tests.drawing import raw, records

if TYPE_CHECKING:
    from features.tables.records import Records

PEOPLE = """
    pers_person_id | pers_dob   | pers_expected_dob
    ---------------|------------|------------------
    001            | 2015-06-01 |
    002            |            | 2024-09-01
"""


ONE_CONTACT = "cont_contact_id | cont_person_id | cont_contact_date\n1 | 001 | 2024-01-02"
NO_EPISODE, NO_PLAN = "cine_referral_id", "cinp_cin_plan_id"


def contacts(drawing: str) -> Records:
    """Validate contacts of two known people, one of them unborn on most days."""
    return records(ssd_person=PEOPLE, ssd_contacts=drawing, extract_day=date(2025, 3, 31))


def aside(found: Records, table: str) -> list[tuple[int, str | None, str]]:
    return found.set_aside.filter(pl.col("table") == table).select("row", "column", "kind").rows()


def test_ids_keep_their_zeros_and_dates_get_their_day_number() -> None:
    found = contacts("""
        cont_contact_id | cont_person_id | cont_contact_date
        0010            | 001            | 02/01/1970
        0011            | 001            | 2020-01-02
    """)
    kept = found.tables["ssd_contacts"].row(0, named=True)
    assert (kept["cont_contact_id"], kept["cont_contact_date"]) == ("0011", date(2020, 1, 2))
    assert kept["cont_contact_date_day"] == (date(2020, 1, 2) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("whose", "day", "kind"),
    [
        ("001", "31/02/2024", "unparsable_date"),
        ("001", "", "missing_value"),
        ("", "2024-01-01", "missing_value"),
        ("003", "2024-01-01", "orphan"),
        ("001", "2025-04-01", "date_after_extract"),
        ("001", "1900-01-01", "implausible_date"),
        ("001", "2014-08-24", "date_before_birth"),
        ("002", "2023-11-25", "date_before_birth"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_whole(whose: str, day: str, kind: str) -> None:
    found = contacts(f"""
        cont_contact_id | cont_person_id | cont_contact_date
        1               | {whose}        | {day}
        2               | 001            | 2024-01-01
    """)
    assert aside(found, "ssd_contacts") == [(1, None, kind)]
    assert found.tables["ssd_contacts"]["cont_contact_id"].to_list() == ["2"]


@pytest.mark.parametrize(("whose", "day"), [("001", "2014-08-25"), ("002", "2023-11-26"), ("001", "2025-03-31")])
def test_a_day_at_the_edge_is_still_used(whose: str, day: str) -> None:
    found = contacts(f"cont_contact_id | cont_person_id | cont_contact_date\n1 | {whose} | {day}")
    assert found.set_aside.is_empty()


def test_of_repeated_keys_the_first_usable_row_is_kept() -> None:
    found = contacts("""
        cont_contact_id | cont_person_id | cont_contact_date
        7               | 001            | never
        7               | 001            | 2024-01-01
        7               | 001            | 2024-02-01
    """)
    assert aside(found, "ssd_contacts") == [(1, None, "unparsable_date"), (3, None, "repeated_key")]


def test_a_cell_that_cannot_be_used_leaves_its_row() -> None:
    found = contacts("""
        cont_contact_id | cont_person_id | cont_contact_date | cont_contact_source_code | cont_contact_outcome_json
        1               | 001            | 2024-01-01        | Z9                       | see note
    """)
    assert aside(found, "ssd_contacts") == [
        (1, "cont_contact_outcome_json", "unknown_code"),
        (1, "cont_contact_source_code", "unknown_code"),
    ]
    assert found.tables["ssd_contacts"]["cont_contact_source_code"].to_list() == [None]


def test_a_source_that_is_a_local_number_is_read_from_its_description() -> None:
    found = contacts("""
        cont_contact_id | cont_person_id | cont_contact_date | cont_contact_source_code | cont_contact_source_desc
        1               | 001            | 2024-01-01        | 10045                    | q) 6: Police
    """)
    assert found.tables["ssd_contacts"]["cont_contact_source_code"].to_list() == ["6"]
    assert found.set_aside.is_empty()


def test_an_end_before_its_start_is_no_end() -> None:
    found = records(
        ssd_person=PEOPLE,
        ssd_early_help_episodes="""
            earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date
            1               | 001            | 2024-03-01              | 2024-02-29
            2               | 001            | 2024-03-01              | 2024-03-01
        """,
    )
    assert aside(found, "ssd_early_help_episodes") == [(1, "earl_episode_end_date", "end_before_start")]
    assert found.tables["ssd_early_help_episodes"]["earl_episode_end_date"].to_list() == [None, date(2024, 3, 1)]


def test_a_planned_day_may_lie_after_the_extract() -> None:
    assert records(ssd_person=PEOPLE, extract_day=date(2024, 1, 1)).set_aside.is_empty()


def test_a_reference_to_another_table_is_set_aside_as_a_cell() -> None:
    found = records(
        ssd_person=PEOPLE,
        ssd_cin_plans="""
            cinp_cin_plan_id | cinp_person_id | cinp_referral_id | cinp_cin_plan_start_date
            1                | 001            | R9               | 2024-01-01
        """,
    )
    assert aside(found, "ssd_cin_plans") == [(1, "cinp_referral_id", "orphan")]


def test_factors_take_their_child_and_day_from_their_assessment() -> None:
    found = records(
        ssd_person=PEOPLE,
        ssd_cin_assessments="""
            cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
            A1                 | 001            | 2024-01-01                 | 2024-02-14
            A2                 | 001            | 2024-03-01                 |
        """,
        ssd_assessment_factors="""
            cinf_assessment_id | cinf_assessment_factors_json
            A1                 | ["1A"]
            A2                 | ["2B"]
            A3                 | ["4B"]
        """,
    )
    kept = found.tables["ssd_assessment_factors"].select("cinf_person_id", "cinf_known_date").rows()
    assert kept == [("001", date(2024, 2, 14)), ("001", None)]
    assert aside(found, "ssd_assessment_factors") == [(3, None, "orphan")]


def test_a_mother_need_not_be_a_person_and_her_childs_birth_is_filled_in() -> None:
    drawn = "moth_person_id | moth_childs_person_id | moth_childs_dob\nM7 | 001 |\nM7 | 001 | 2099-01-01"
    found = records(ssd_person=PEOPLE, ssd_mother=drawn)
    assert found.tables["ssd_mother"]["moth_childs_dob"].to_list() == [date(2015, 6, 1)] * 2


def test_a_row_whose_day_of_entry_cannot_be_read_is_set_aside() -> None:
    found = contacts("""
        cont_contact_id | cont_person_id | cont_contact_date | recorded_on
        1               | 001            | 2024-01-01        | soon
        2               | 001            | 2024-01-01        | 2026-01-01
        3               | 001            | 2024-01-01        |
    """)
    assert aside(found, "ssd_contacts") == [(1, None, "unparsable_date")]
    assert found.tables["ssd_contacts"]["recorded_on"].to_list() == [date(2026, 1, 1), None]


@pytest.mark.parametrize(
    ("last", "told"),
    [("2024-01-02", date(2024, 1, 2)), ("2024-01-03", date(2023, 1, 1)), ("2042-01-01", date(2023, 1, 1))],
)
def test_the_last_day_leaves_out_what_follows_a_gap_of_more_than_366_days(last: str, told: date) -> None:
    days = ["2021-01-01", "2022-01-01", "2023-01-01", last]
    rows = [f"{n} | 001 | {day}" for n, day in enumerate(days)]
    contacts_drawn = "\n".join(["cont_contact_id | cont_person_id | cont_contact_date", *rows])
    drawn = raw(ssd_person=PEOPLE, ssd_cin_episodes="cine_referral_id", ssd_cin_plans="cinp_cin_plan_id")
    found = validate({**drawn, **raw(ssd_contacts=contacts_drawn)})
    assert found.extract_day == told
    assert found.tables["ssd_contacts"].height == (4 if str(told) == last else 3)


def told_last_day(days: list[date], *, ended: date | None = None) -> date:
    """Let validation tell the last day of contacts that began on these days, the first of them on a child in help."""
    rows = "\n".join(f"{n} | 001 | {day}" for n, day in enumerate(days))
    help_drawn = f"1 | 001 | {days[0]} | {ended or ''}"
    drawn = raw(
        ssd_person=PEOPLE,
        ssd_cin_episodes="cine_referral_id",
        ssd_contacts=f"cont_contact_id | cont_person_id | cont_contact_date\n{rows}",
        ssd_early_help_episodes="earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date\n"
        + help_drawn,
    )
    return validate(drawn).extract_day


def every(days: int, *, until: date, times: int) -> list[date]:
    return [until - timedelta(days=days * n) for n in reversed(range(times))]


@pytest.mark.parametrize("typed", [date(2024, 5, 20), date(2025, 3, 1)])
def test_single_days_typed_a_little_ahead_do_not_move_the_last_day(typed: date) -> None:
    daily = every(1, until=date(2024, 3, 31), times=700)
    assert told_last_day([*daily, typed]) == date(2024, 3, 31)


def test_days_typed_a_year_ahead_do_not_move_the_last_day_though_they_are_many() -> None:
    daily = [day for day in every(1, until=date(2024, 3, 31), times=700) for _ in range(5)]
    thinly = every(6, until=date(2025, 3, 1), times=50)
    assert told_last_day([*daily, *thinly]) == date(2024, 3, 31)


def test_an_end_shortly_after_the_last_beginning_is_kept_where_little_begins() -> None:
    now_and_then = every(5, until=date(2024, 3, 20), times=100)
    assert told_last_day(now_and_then, ended=date(2024, 3, 31)) == date(2024, 3, 31)


def test_an_end_planned_ahead_does_not_move_the_last_day() -> None:
    daily = every(1, until=date(2024, 3, 31), times=700)
    assert told_last_day(daily, ended=date(2024, 4, 30)) == date(2024, 3, 31)


def test_everything_that_is_lacking_is_said_at_once() -> None:
    drawn = raw(ssd_person=PEOPLE, ssd_contacts="cont_contact_id")
    drawn["ssd_contacts"] = drawn["ssd_contacts"].drop("cont_contact_date")
    with pytest.raises(UnusableRecordsError) as stopped:
        validate(drawn)
    for lacking in ("ssd_contacts.cont_contact_date", "ssd_cin_episodes", "ssd_cin_plans", "Hint:"):
        assert lacking in str(stopped.value)


def test_a_column_that_is_not_needed_may_be_lacking() -> None:
    drawn = raw(ssd_person=PEOPLE, ssd_contacts="cont_contact_id", ssd_cin_episodes="cine_referral_id")
    drawn |= raw(ssd_early_help_episodes="earl_episode_id", ssd_family="fami_family_id|fami_person_id\nF1|001")
    drawn["ssd_person"] = drawn["ssd_person"].drop("pers_ethnicity")
    drawn["ssd_family"] = drawn["ssd_family"].drop("fami_table_id")
    found = validate(drawn, extract_day=date(2024, 1, 1))
    assert found.tables["ssd_person"]["pers_ethnicity"].to_list() == [None, None]
    assert found.tables["ssd_family"]["fami_table_id"].to_list() == ["1"]


def test_a_table_beside_the_ladder_that_lacks_a_column_is_left_unread_and_that_is_said() -> None:
    drawn = raw(ssd_person=PEOPLE, ssd_contacts=ONE_CONTACT, ssd_cin_episodes=NO_EPISODE, ssd_cin_plans=NO_PLAN)
    missing = raw(ssd_missing="miss_person_id\n001\n002")["ssd_missing"].drop("miss_missing_episode_start_date")
    found = examine({**drawn, "ssd_missing": missing}, extract_day=date(2025, 3, 31))
    said = found.findings.filter(pl.col("table") == "ssd_missing").select("column", "kind", "severity", "n").rows()
    assert said == [("miss_missing_episode_start_date", "column_missing", "warns", 2)]
    assert found.problems == ()
    assert "ssd_missing" not in found.records.rows_read


def test_a_table_of_the_ladder_that_lacks_a_column_stops_everything() -> None:
    drawn = raw(ssd_person=PEOPLE, ssd_contacts=ONE_CONTACT, ssd_cin_episodes=NO_EPISODE, ssd_cin_plans=NO_PLAN)
    plans = raw(ssd_cp_plans="cppl_person_id\n001")["ssd_cp_plans"].drop("cppl_cp_plan_start_date")
    found = examine({**drawn, "ssd_cp_plans": plans}, extract_day=date(2025, 3, 31))
    assert found.problems == ("ssd_cp_plans.cppl_cp_plan_start_date: the column is missing; it is always needed",)


@pytest.mark.parametrize("key", ["CONT_CONTACT_ID", "--------", "Grand total", "(2 rows affected)"])
def test_a_header_a_rule_and_a_total_among_the_rows_are_no_rows(key: str) -> None:
    found = contacts(f"cont_contact_id | cont_person_id | cont_contact_date\n1 | 001 | 2024-01-02\n{key} | x | y")
    assert aside(found, "ssd_contacts") == [(2, None, "header_or_total")]


def days(*written: str) -> list[tuple[int, str | None, str]]:
    drawn = [f"{place} | 001 | {day}" for place, day in enumerate(written)]
    return aside(contacts("\n".join(["cont_contact_id | cont_person_id | cont_contact_date", *drawn])), "ssd_contacts")


def test_among_days_written_month_first_one_that_could_begin_with_either_is_not_known() -> None:
    month_first = [f"01/{day}/2024" for day in range(20, 25)]
    kinds = [kind for _, _, kind in days(*month_first, "03/04/2024", "05/05/2024", "2024-04-03")]
    assert kinds == [*["unparsable_date"] * 5, "date_day_or_month_first"]


def test_a_few_days_written_month_first_leave_the_others_as_they_are() -> None:
    assert [row for row, _, _ in days("01/20/2024", "01/21/2024", "03/04/2024")] == [1, 2]


@pytest.mark.parametrize(
    ("entered", "kind"), [("1900-01-01", "implausible_date"), ("2030-01-01", "date_after_extract")]
)
def test_a_row_that_says_it_was_entered_when_nothing_can_have_been_is_set_aside(entered: str, kind: str) -> None:
    head = "cont_contact_id | cont_person_id | cont_contact_date | recorded_on"
    found = contacts(f"{head}\n1 | 001 | 2024-01-02 | {entered}\n2 | 001 | 2024-01-02 | 2025-07-01")
    assert aside(found, "ssd_contacts") == [(1, None, kind)]


@pytest.mark.parametrize("family", ["N/A", "#N/A", "(null)", "Unknown", "-"])
def test_what_stands_for_no_id_makes_no_family(family: str) -> None:
    found = records(ssd_person=PEOPLE, ssd_family=f"fami_family_id | fami_person_id\n{family} | 001\nF1 | 002")
    assert found.tables["ssd_family"]["fami_family_id"].to_list() == ["F1"]
