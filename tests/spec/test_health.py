"""Age, disability and the strengths and difficulties questionnaire, as of 2025-03-31."""

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


@pytest.mark.parametrize(
    ("code", "expected"), [("AUT", 1), ("NONE", 0), ("unheard of", 1), ("b) No", 0), ("Unknown", 0)]
)
def test_disability(code: str, expected: int) -> None:
    assert value_of("has_disability", ssd_disability=f"disa_person_id | disa_disability_code\nC1 | {code}") == expected


def test_a_child_of_whom_no_disability_is_recorded_has_none_on_record() -> None:
    assert value_of("has_disability", ssd_disability="disa_person_id | disa_disability_code\nS1 | AUT") == 0


def test_the_highest_questionnaire_of_the_window() -> None:
    scores = """
        csdq_person_id | csdq_sdq_completed_date | csdq_sdq_score
        C1             | 2025-03-31              | 12
        C1             | 2023-04-02              | 21
        C1             | 2023-04-01              | 38
        C1             | 2025-01-01              |
    """
    assert value_of("highest_sdq_score_last_24_months", ssd_sdq_scores=scores) == max(12, 21)
