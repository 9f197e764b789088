"""What a report says of tables, years and people: counts and months, and nothing of fewer than five."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from features.check.early_help import EARLY_HELP_ONLY, EARLY_HELP_ORPHANS
from features.check.report import check_report
from features.check.words import report_lines
from features.sources.raw import Kind, RawTables
from features.tables.load import ExaminedSource
from features.tables.validate import examine
from tests.drawing import raw
from tests.drawn_reports import contacts, people, report_of

FIVE = people((5, "C", "2015-01-01 | F | WBRI"))


def contacts_entry(*days: str) -> dict[str, Any]:
    """Give the report's entry of contacts on these days, all of one child."""
    report = report_of(ssd_person=FIVE, ssd_contacts=contacts(*(("C0", day) for day in days)))
    return next(table for table in report["tables"] if table["table"] == "ssd_contacts")


def days(first: date, last: date, *, step: int) -> list[str]:
    """Every so many days from the first to the last."""
    return [str(first + timedelta(n)) for n in range(0, (last - first).days + 1, step)]


def test_a_collection_year_begins_on_the_first_of_april() -> None:
    entry = contacts_entry(*["2024-03-31"] * 6, *["2024-04-01"] * 7)
    assert entry["rows_by_year"] == [{"year": "2023-24", "n_rows": 6}, {"year": "2024-25", "n_rows": 7}]


def test_a_year_of_fewer_than_five_rows_is_withheld_with_the_next_smallest() -> None:
    entry = contacts_entry(*["2022-05-01"] * 4, *["2023-05-01"] * 9, *["2024-05-01"] * 6)
    assert [year["n_rows"] for year in entry["rows_by_year"]] == [None, 9, None]


def test_the_first_month_is_that_of_the_fifth_event() -> None:
    later = [f"2020-05-0{day}" for day in range(1, 5)] + [f"2024-06-0{day}" for day in range(1, 6)]
    entry = contacts_entry("2016-01-01", *later)
    assert (entry["first_month"], entry["last_month"]) == ("2020-05", "2024-06")


def test_fewer_than_ten_events_tell_no_month() -> None:
    entry = contacts_entry(*days(date(2024, 6, 1), date(2024, 6, 9), step=1))
    assert (entry["first_month"], entry["last_month"]) == (None, None)


@pytest.mark.parametrize(("last", "has_stopped"), [(date(2024, 9, 30), True), (date(2025, 3, 20), False)])
def test_a_table_without_a_row_for_half_a_year_has_stopped(last: date, has_stopped: bool) -> None:
    assert contacts_entry(*days(date(2021, 4, 1), last, step=2))["has_stopped"] == has_stopped


def test_a_table_of_which_little_is_expected_has_not_stopped() -> None:
    assert not contacts_entry(*days(date(2021, 4, 1), date(2024, 9, 30), step=60))["has_stopped"]


def test_a_table_that_was_silent_as_long_before_has_not_stopped() -> None:
    seen = days(date(2021, 4, 1), date(2022, 4, 1), step=2) + days(date(2022, 8, 1), date(2025, 1, 1), step=2)
    assert not contacts_entry(*seen)["has_stopped"]


def test_a_table_of_few_events_cannot_be_said_to_have_stopped() -> None:
    assert not contacts_entry(*days(date(2024, 4, 1), date(2024, 9, 30), step=2))["has_stopped"]


def test_a_month_with_hardly_any_rows_among_full_ones_is_a_gap() -> None:
    full = days(date(2022, 4, 1), date(2025, 3, 31), step=1)
    without_june = [day for day in full if not day.startswith("2023-06") or day.endswith("-01")]
    assert contacts_entry(*without_june)["thin_months"] == ["2023-06"]


def test_history_goes_back_to_where_contacts_begin() -> None:
    seen = days(date(2019, 4, 2), date(2025, 3, 31), step=3)
    history = report_of(ssd_person=FIVE, ssd_contacts=contacts(*(("C0", day) for day in seen)))["history"]
    assert history == {"from_month": "2019-04", "years": 6.0, "is_cut_alike": True, "begin_later": []}


def test_a_table_that_is_not_there_says_whether_it_is_needed() -> None:
    absent = {table["table"]: table for table in report_of(ssd_person=FIVE)["absent_tables"]}
    assert absent["ssd_missing"] == {"table": "ssd_missing", "is_needed": False, "has_place": True}
    assert "ssd_person" not in absent


def test_children_are_those_under_18_on_the_last_day() -> None:
    drawn = people((6, "C", "2007-04-01 | F | WBRI"), (7, "A", "2007-03-31 | F | WBRI"))
    assert report_of(ssd_person=drawn)["people"]["n_children"] == 6


def test_without_a_last_day_rows_are_counted_and_nobody_is_called_a_child() -> None:
    drawn = people((6, "C", "2015-01-01 | F | WBRI"), (1, "D", "31/02/2015 | F | WBRI"))
    tables = raw(ssd_person=drawn)
    source = ExaminedSource(examine(tables), RawTables(Kind.ssd, tables), (Kind.ssd,))
    report = check_report(source).report
    (told,) = report["tables"]
    assert (told["rows_read"], told["rows_accepted"], told["cells_set_aside"]) == (7, 7, 1)
    assert (report["extract_day"], report["people"]["n_children"]) == (None, None)
    assert report_lines(report)[2] == "Set aside: 0 rows and 1 cell."


def test_people_are_counted_once_by_what_they_had() -> None:
    drawn = contacts(*[("C0", "2024-01-01")] * 9, *((f"C{i}", "2024-01-02") for i in range(5)))
    reached = report_of(ssd_person=FIVE, ssd_contacts=drawn)["people"]["reached"]
    assert reached[0] == {"had": "a contact", "n_people": 5}


def test_fewer_than_five_people_are_not_told() -> None:
    reached = report_of(ssd_person=FIVE, ssd_contacts=contacts(("C0", "2024-01-01")))["people"]["reached"]
    assert reached[0] == {"had": "a contact", "n_people": None}


@pytest.mark.parametrize(("helped", "hinted"), [("C1", True), ("C2", False)])
def test_early_help_without_a_contact_or_referral_shows_that_such_children_are_there(helped: str, hinted: bool) -> None:
    report = report_of(
        ssd_person=FIVE,
        ssd_contacts=contacts(("C1", "2024-01-01")),
        ssd_early_help_episodes=f"earl_person_id | earl_episode_start_date\nC1 | 2024-01-01\n{helped} | 2024-02-01",
    )
    assert report["early_help_hints"] == ([EARLY_HELP_ONLY] if hinted else [])


@pytest.mark.parametrize(("n_known", "hinted"), [(18, True), (19, False)])
def test_early_help_of_people_who_are_not_there_is_worth_asking_about(n_known: int, hinted: bool) -> None:
    rows = ["earl_person_id | earl_episode_start_date", *["C2 | 2024-01-01"] * n_known, "gone | 2024-01-01"]
    report = report_of(ssd_person=FIVE, ssd_early_help_episodes="\n".join(rows))
    assert report["early_help_hints"] == ([EARLY_HELP_ORPHANS] if hinted else [])


def test_a_few_contacts_from_long_before_do_not_lengthen_the_history() -> None:
    seen = [*days(date(2016, 1, 1), date(2016, 9, 1), step=30), *days(date(2019, 4, 2), date(2025, 3, 31), step=3)]
    report = report_of(ssd_person=FIVE, ssd_contacts=contacts(*(("C0", day) for day in seen)))
    assert report["history"]["from_month"] == "2019-04"


def test_records_of_less_than_two_years_are_too_little_to_learn_from() -> None:
    seen = [("C0", day) for day in days(date(2024, 4, 2), date(2025, 3, 31), step=3)]
    report = report_of(ssd_person=FIVE, ssd_contacts=contacts(*seen))
    assert "for training they go back less than two years" in report["verdict"]
    assert report["usable"]


def test_records_that_lost_more_than_a_twentieth_of_a_table_are_not_said_to_do() -> None:
    rows = [("C0", "2024-05-01")] * 18 + [("C0", "no day")] * 2
    report = report_of(ssd_person=people((1, "C", "2015-01-01 | F | WBRI")), ssd_contacts=contacts(*rows))
    assert "mend ssd_contacts first" in report["verdict"]
