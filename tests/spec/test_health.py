"""Age, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of


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
