"""School and attendance, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, PEOPLE, value_of

TERMS = """
    scho_person_id | scho_period_end_date | scho_sessions_possible | scho_sessions_attended | scho_suspensions
    ---------------|----------------------|------------------------|------------------------|-----------------
    C1             | 2025-03-31           | 100                    | 40                     | 2
    C1             | 2024-12-20           | 100                    | 50                     |
    C1             | 2024-07-21           | 100                    | 90                     | 1
    C1             | 2024-03-31           | 100                    | 91                     | 4
    C1             | 2023-04-01           | 100                    | 10                     | 8
    C1             | 2024-12-21           | 100                    | 101                    | 0
    C1             | 2025-04-04           | 10                     | 0                      | 9
"""
SIBLINGS = """
    scho_person_id | scho_period_end_date | scho_sessions_possible | scho_sessions_attended | scho_suspensions
    ---------------|----------------------|------------------------|------------------------|-----------------
    S1             | 2024-12-20           | 100                    | 50                     | 1
    S2             | 2024-12-20           | 100                    | 100                    | 2
    S2             | 2024-03-31           | 100                    | 0                      | 4
    C1             | 2024-12-20           | 100                    | 0                      | 8
"""
TERM = (
    "scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible | scho_sessions_attended"
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("share_of_school_attended_last_12_months", (40 + 50 + 90) / 300),
        ("share_of_school_attended_last_6_months", (40 + 50) / 200),
        ("was_persistently_absent_last_12_months", 1),
        ("was_persistently_absent_in_latest_term", 1),
        ("terms_of_persistent_absence_last_24_months", 2 + 1),
        ("terms_of_severe_absence_last_24_months", 1 + 1),
        ("has_school_attendance_fallen_last_6_months", 1),
        ("suspensions_last_12_months", 2 + 1),
        ("suspensions_last_24_months", 2 + 1 + 4),
        ("school_terms_known_last_24_months", 4 + 1),
    ],
)
def test_terms_of_school(name: str, expected: float) -> None:
    assert value_of(name, ext_school_attendance=TERMS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("attended", "persistent", "severe"), [(91, 0, 0), (90, 1, 0), (51, 1, 0), (50, 1, 1), (0, 1, 1)]
)
def test_absence_is_persistent_from_a_tenth_and_severe_from_a_half(attended: int, persistent: int, severe: int) -> None:
    term = f"{TERM}\nC1 | 2024-09-01 | 2024-12-20 | 100 | {attended}"
    assert value_of("was_persistently_absent_last_12_months", ext_school_attendance=term) == persistent
    assert value_of("was_severely_absent_last_12_months", ext_school_attendance=term) == severe


@pytest.mark.parametrize(
    ("before", "now", "fell", "rose"), [(90, 80, 1, 0), (90, 81, 0, 0), (80, 90, 0, 1), (81, 90, 0, 0)]
)
def test_attendance_falls_and_rises_by_ten_points(before: int, now: int, fell: int, rose: int) -> None:
    terms = f"{TERM}\nC1 | 2024-04-15 | 2024-09-30 | 100 | {before}\nC1 | 2024-09-01 | 2024-10-01 | 100 | {now}"
    assert value_of("has_school_attendance_fallen_last_6_months", ext_school_attendance=terms) == fell
    assert value_of("has_school_attendance_risen_last_6_months", ext_school_attendance=terms) == rose


@pytest.mark.parametrize(
    "name",
    [
        "share_of_school_attended_last_12_months",
        "was_persistently_absent_last_12_months",
        "was_severely_absent_last_12_months",
        "was_persistently_absent_in_latest_term",
        "has_school_attendance_fallen_last_6_months",
        "has_school_attendance_risen_last_6_months",
        "suspensions_last_12_months",
    ],
)
def test_an_older_term_says_nothing_of_the_last_year(name: str) -> None:
    older = f"{TERM} | scho_suspensions\nC1 | 2024-01-05 | 2024-03-31 | 100 | 40 | 3"
    assert value_of(name, ext_school_attendance=older) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("share_of_school_attended_by_siblings_last_12_months", (50 + 100) / 200),
        ("suspensions_of_siblings_last_12_months", 1 + 2),
    ],
)
def test_school_of_siblings(name: str, expected: float) -> None:
    assert value_of(name, ssd_family=FAMILY, ext_school_attendance=SIBLINGS) == expected


@pytest.mark.parametrize(("reason", "expected"), [("UN4", 1), ("UN1", 0), ("", 0)])
def test_a_pupil_number_that_is_not_known(reason: str, expected: int) -> None:
    people = f"pers_person_id | pers_dob | pers_upn_unknown\nC1 | 2015-06-15 | {reason}"
    assert value_of("has_no_pupil_number", ssd_person=people) == expected


def test_who_is_not_in_the_table_has_no_number_of_suspensions() -> None:
    assert value_of("suspensions_last_24_months", ssd_person=PEOPLE, ext_school_attendance=TERMS, child="S1") is None
