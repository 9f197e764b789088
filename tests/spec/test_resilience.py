"""A settled life, as of 2025-03-31: one home, a school attended. No record of it is not its absence."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

YEAR, TWO_YEARS = "has_lived_at_one_address_last_12_months", "has_lived_at_one_address_last_24_months"


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [
        ("2023-04-01", "", (1, 1)),  # the day before the first of the 730
        ("2023-04-02", "", (1, 0)),
        ("2024-03-31", "", (1, 0)),
        ("2024-04-01", "", (0, 0)),
        ("2020-01-01", "2025-03-31", (0, 0)),
        ("2020-01-01", "2025-04-01", (1, 1)),  # that it ended is not known yet
        ("2025-04-01", "", (None, None)),
    ],
)
def test_a_settled_home(began: str, ended: str, expected: tuple[int | None, int | None]) -> None:
    home = f"""
        addr_person_id | addr_address_start_date | addr_address_end_date
        C1             | {began}                 | {ended}
    """
    values = [value_of(name, ssd_address=home) for name in (YEAR, TWO_YEARS)]
    assert tuple(values) == expected


def test_a_second_address_unsettles_the_first_though_it_was_never_ended() -> None:
    homes = """
        addr_person_id | addr_address_start_date | addr_address_end_date
        C1             | 2020-01-01              |
        C1             | 2025-01-01              |
    """
    assert value_of("has_lived_at_one_address_last_24_months", ssd_address=homes) == 0
    assert value_of("has_lived_at_one_address_last_12_months", ssd_address=homes) == 0


TERMS = """
    scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible | scho_sessions_attended | scho_suspensions
    ---------------|------------------------|----------------------|------------------------|------------------------|-----------------
    C1             | 2025-01-06             | 2025-03-31           | 100                    | 94                     | 0
    C1             | 2024-01-08             | 2024-04-01           | 100                    | 96                     |
    C1             | 2024-01-08             | 2024-03-31           | 100                    | 95                     | 2
    C1             | 2023-01-08             | 2023-04-02           | 100                    | 10                     | 0
    C1             | 2023-01-08             | 2023-04-01           | 100                    | 10                     | 0
    C1             | 2024-09-02             | 2024-12-20           | 100                    | 101                    | 0
    C1             | 2025-01-06             | 2025-04-01           | 100                    | 0                      | 1
"""  # noqa: E501 - a drawn table is as wide as its names
SETTLED = "has_settled_school_last_12_months"


def test_a_settled_school() -> None:
    # In the year 94 and 96 of 100 sessions each; the suspensions lie before it, and 101 of 100 says nothing.
    assert value_of("has_settled_school_last_12_months", ext_school_attendance=TERMS) == int((94 + 96) / 200 >= 0.95)
    assert value_of(SETTLED, ext_school_attendance=TERMS.replace("| 96 ", "| 95 ")) == int((94 + 95) / 200 >= 0.95)


def test_who_was_suspended_has_no_settled_school() -> None:
    suspended = TERMS.replace("| 94                     | 0", "| 94                     | 1")
    assert value_of(SETTLED, ext_school_attendance=suspended) == 0


def test_where_suspensions_are_not_known_a_settled_school_is_not() -> None:
    terms = "scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible"
    terms += " | scho_sessions_attended\nC1 | 2025-01-06 | 2025-03-28 | 100 | 99"
    assert value_of(SETTLED, ext_school_attendance=terms) is None
    assert value_of(SETTLED, ext_school_attendance=terms.replace("| 99", "| 90")) == 0


def test_terms_well_attended() -> None:
    # Well: 96 and 95 of 100. Not: 94, and 10 on the first day of the window. 101 of 100 says nothing.
    value = value_of("share_of_school_terms_well_attended_last_24_months", ext_school_attendance=TERMS)
    assert value == pytest.approx((1 + 1) / (2 + 2), abs=1e-7)
