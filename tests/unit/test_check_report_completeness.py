"""How complete columns are and how soon rows were entered: what is not due is not missing, and few are not told."""

from __future__ import annotations

from typing import Any

from tests.drawn_reports import people, report_of

ONE = people((5, "C", "2015-01-01 | F | WBRI"))


def column(report: dict[str, Any], name: str) -> dict[str, Any]:
    """Find a column's entry."""
    return next(entry for entry in report["completeness"] if entry["column"] == name)


def referrals(*rows: str) -> dict[str, Any]:
    """Sum up referrals of one child: day, day of closing, reason for closing."""
    head = "cine_referral_id | cine_person_id | cine_referral_date | cine_close_date | cine_close_reason"
    return report_of(
        ssd_person=ONE, ssd_cin_episodes="\n".join([head, *(f"{i} | C0 | {r}" for i, r in enumerate(rows))])
    )


def test_an_open_end_is_not_missing_and_neither_is_its_reason() -> None:
    report = referrals(*["2024-05-01 | 2024-06-01 | RC8"] * 6, *["2024-05-01 | null | null"] * 10)
    closed = [{"year": "2024-25", "n_rows": 16, "n_open": 10, "share": 1.0}]
    assert column(report, "cine_close_date")["years"] == closed
    assert column(report, "cine_close_reason")["years"] == closed


def test_a_reason_that_is_not_there_though_the_end_is_counts_as_missing() -> None:
    report = referrals(*["2024-05-01 | 2024-06-01 | RC8"] * 6, *["2024-05-01 | 2024-06-01 | null"] * 18)
    assert column(report, "cine_close_reason")["years"][0]["share"] == 6 / 24


def test_nearly_all_is_said_where_a_count_would_be_of_fewer_than_five() -> None:
    report = referrals(*["2024-05-01 | 2024-06-01 | RC8"] * 30, *["2024-05-01 | 2024-06-01 | null"] * 4)
    told = {"year": "2024-25", "n_rows": 34, "suppressed": True, "nearly": "all"}
    assert column(report, "cine_close_reason")["years"] == [told]


def test_a_year_of_fewer_than_five_rows_is_withheld() -> None:
    report = referrals(*["2024-05-01 | null | null"] * 4)
    assert column(report, "cine_referral_date")["years"] == [{"year": "2024-25", "suppressed": True}]


def test_a_column_without_any_value_is_empty_and_an_open_end_is_not() -> None:
    report = referrals(*["2024-05-01 | null | null"] * 49)
    assert column(report, "cine_cin_primary_need_code")["is_empty"]
    assert not column(report, "cine_close_date")["is_empty"]


def test_fifty_rows_of_which_none_has_ended_are_an_empty_column() -> None:
    assert column(referrals(*["2024-05-01 | null | null"] * 50), "cine_close_date")["is_empty"]


def test_a_column_that_loses_more_than_a_tenth_from_one_year_to_the_next_is_said() -> None:
    ended, unsaid = "-05-01 | {0}-06-01 | RC8", "-05-01 | {0}-06-01 | null"
    year = {2022: (60, 0), 2023: (55, 5), 2024: (45, 15)}
    rows = [
        f"{y}{text}".format(y)
        for y, n in year.items()
        for text, k in zip((ended, unsaid), n, strict=True)
        for _ in range(k)
    ]
    assert column(referrals(*rows), "cine_close_reason")["drops"] == ["2024-25"]


def test_the_delay_of_recording_is_told_where_rows_say_when_they_were_entered() -> None:
    entered = ["2024-05-02"] * 6 + ["2024-05-11"] * 3 + ["2024-08-01"]
    rows = [f"{i} | C0 | 2024-05-01 | {day}" for i, day in enumerate(entered)]
    head = "cont_contact_id | cont_person_id | cont_contact_date | recorded_on"
    report = report_of(ssd_person=ONE, ssd_contacts="\n".join([head, *rows]))
    within = {"7": 0.6, "31": 0.9, "91": 0.9}
    assert report["recording_delay"] == [
        {
            "table": "ssd_contacts",
            "year": "2024-25",
            "n_rows": 10,
            "median_days": 1,
            "days_90_percent": 10,
            "within": within,
        }
    ]


def test_without_a_day_of_entry_nothing_is_said_of_delay() -> None:
    assert referrals(*["2024-05-01 | null | null"] * 9)["recording_delay"] == []


def test_no_section_gives_back_a_year_of_rows_that_another_withholds() -> None:
    days = ["2022-05-01"] * 3 + ["2023-05-01"] * 9 + ["2024-05-01"] * 40
    rows = [f"{i} | C0 | {day} | 2024-05-02" for i, day in enumerate(days)]
    head = "cont_contact_id | cont_person_id | cont_contact_date | recorded_on"
    report = report_of(ssd_person=ONE, ssd_contacts="\n".join([head, *rows]))
    (table,) = [entry for entry in report["tables"] if entry["table"] == "ssd_contacts"]
    assert [year["n_rows"] for year in table["rows_by_year"]] == [None, None, 40]
    assert [year.get("n_rows") for year in column(report, "cont_contact_date")["years"]] == [None, None, 40]
    assert [year.get("n_rows") for year in report["recording_delay"]] == [None, None, 40]
