"""What is worth mending first, what gaps do to the indicators, and how both are said."""

from __future__ import annotations

from typing import Any

from features.check.found import TITLES
from features.check.mending import worth_mending
from features.check.page import report_page
from features.check.words import report_lines
from features.indicators.streams import SPANS, tables_of
from features.rungs import _SPAN_TABLES
from features.tables.kinds import KINDS, Severity
from tests.drawn_reports import contacts, examined, people, report_of

KNOWN, REFUSED = "2015-01-01 | F | WBRI", "2015-01-01 | F | REFU"


def things(report: dict[str, Any]) -> dict[str, Any]:
    """Give what is worth mending, by the first two words that say it."""
    return {" ".join(thing["what"].split()[:2]): thing for thing in report["worth_mending"]}


def test_missing_ethnicity_is_worth_mending_and_says_how_many_children_it_touches() -> None:
    found = things(report_of(ssd_person=people((9, "K", KNOWN), (8, "M", REFUSED))))
    assert found["Ethnicity is"]["n_children"] == 8


def test_a_finding_touches_each_child_once() -> None:
    drawn = contacts(*[("C0", "yesterday")] * 9, *((f"C{i}", "yesterday") for i in range(1, 6)))
    found = things(report_of(ssd_person=people((9, "C", KNOWN)), ssd_contacts=drawn))
    assert found["Days that"]["what"] == "Days that do not exist or are no days: 14 in ssd_contacts."
    assert found["Days that"]["n_children"] == 6


def test_fewer_than_five_children_are_not_counted() -> None:
    drawn = contacts(*[("C0", "yesterday")] * 9)
    found = things(report_of(ssd_person=people((9, "C", KNOWN)), ssd_contacts=drawn))
    assert (found["Days that"]["n_children"], found["Days that"]["suppressed"]) == (None, True)


def test_the_gravest_come_first_and_then_what_touches_most_children() -> None:
    died = "\n".join(
        ["pers_person_id | pers_dob | pers_death_date", *(f"C{i} | 2015-01-01 | 2020-01-01" for i in range(9))]
    )
    rows = [*((f"C{i}", "2024-01-01") for i in range(9)), *((f"C{i}", "yesterday") for i in range(6))]
    named = [
        " ".join(t["what"].split()[:2])
        for t in report_of(ssd_person=died, ssd_contacts=contacts(*rows))["worth_mending"]
    ]
    warned_of_nine, set_aside_of_six, missing_of_nine = "Events that", "Days that", "Ethnicity is"
    assert [name for name in named if name in (warned_of_nine, set_aside_of_six, missing_of_nine)] == [
        missing_of_nine,
        set_aside_of_six,
        warned_of_nine,
    ]


def test_at_most_ten_things_are_named() -> None:
    report = report_of(ssd_person=people((9, "C", KNOWN)))
    many = {**report, "problems": [f"ssd_person.a{i}: the column is missing" for i in range(12)]}
    assert len(worth_mending(examined(ssd_person=people((9, "C", KNOWN))).examined, report=many)) == 10


def test_tables_that_are_not_there_are_one_thing_however_many() -> None:
    found = things(report_of(ssd_person=people((9, "C", KNOWN))))
    assert found["Tables that"]["what"].endswith(" more.")
    assert found["Tables that"]["n_children"] is None


def test_every_kind_that_is_more_than_a_note_has_a_name_for_people() -> None:
    graver = {kind for kind, stated in KINDS.items() if stated.severity is not Severity.notes}
    assert graver - set(TITLES) == set()


def because(report: dict[str, Any], indicator: str) -> str | None:
    """Say why an indicator cannot be told; None where it can."""
    found = {i["indicator"]: i["because"] for domain in report["effects"] for i in domain["cannot"]}
    return found.get(indicator)


def test_an_absent_table_takes_its_indicators_with_it() -> None:
    report = report_of(ssd_person=people((9, "C", KNOWN)))
    assert because(report, "referrals_last_12_months") == "ssd_cin_episodes has no row"
    assert "ssd_missing is not in the source" in {i["because"] for e in report["effects"] for i in e["cannot"]}


def test_an_empty_column_takes_only_what_reads_it() -> None:
    drawn = contacts(*((f"C{i}", "2024-01-01") for i in range(9)))
    report = report_of(ssd_person=people((9, "C", KNOWN)), ssd_contacts=drawn)
    assert because(report, "police_contacts_last_12_months") == "ssd_contacts.cont_contact_source_code has no value"
    assert because(report, "contacts_last_12_months") is None


def test_rows_set_aside_make_an_indicator_count_fewer() -> None:
    drawn = contacts(*((f"C{i}", "2024-01-01") for i in range(9)), ("C0", "yesterday"))
    report = report_of(ssd_person=people((9, "C", KNOWN)), ssd_contacts=drawn)
    fewer = {i["indicator"]: i["because"] for domain in report["effects"] for i in domain["fewer"]}
    assert fewer["contacts_last_12_months"] == "10% of the rows of ssd_contacts were set aside"


def test_the_tables_of_the_ladder_are_those_that_its_spans_are_read_from() -> None:
    assert {table for _, table, *_ in _SPAN_TABLES} < set(tables_of(SPANS))


def test_a_terminal_is_told_the_verdict_first_in_about_a_screen() -> None:
    lines = report_lines(report_of(ssd_person=people((9, "C", KNOWN))))
    assert lines[0].startswith("These records ")
    assert " ".join(lines[1:3]).endswith("4 tables until 2025-03-31: 9 rows read, 9 accepted.")
    assert lines[3:5] == ["Nothing was set aside.", "9 people, 9 of them under 18."]
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 40


def test_a_page_needs_nothing_beside_it_and_escapes_what_it_says() -> None:
    report = report_of(ssd_person=people((9, "C", KNOWN)))
    page = report_page({**report, "told": ["<b>odd</b>"]})
    assert "&lt;b&gt;odd" in page
    assert not any(outside in page for outside in ("http:", "https:", "<script", "src=", "url("))


def test_the_same_extract_gives_the_same_report() -> None:
    drawn = contacts(*((f"C{i}", "yesterday") for i in range(6)))
    first, second = (report_of(ssd_person=people((9, "C", KNOWN)), ssd_contacts=drawn) for _ in range(2))
    assert str(first) == str(second)


def test_a_household_that_one_table_alone_tells_of_is_said_to_be_counted_on_fewer_rows() -> None:
    family = "\n".join(["fami_family_id | fami_person_id", *(f"F{i} | C{i}" for i in range(9))])
    report = report_of(ssd_person=people((9, "C", KNOWN)), ssd_family=family)
    fewer = {i["indicator"]: i["because"] for domain in report["effects"] for i in domain["fewer"]}
    assert fewer["siblings_on_record"] == "ssd_mother is not in the source"
