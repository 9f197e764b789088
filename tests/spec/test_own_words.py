"""What the child and the family said, as of 2025-03-31: no record of it is not its absence."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

VIEWS = """
    famv_person_id | famv_view_date | famv_said_by | famv_topic         | famv_view
    ---------------|----------------|--------------|--------------------|----------
    C1             | 2025-03-31     | child        | School             | mixed
    C1             | 2025-03-01     | child        | Being listened to  | negative
    C1             | 2024-04-01     | child        | Friends            | positive
    C1             | 2025-02-01     | father       | Help received      | positive
    C1             | 2024-03-31     | child        | Friends            | positive
    C1             | 2025-04-01     | child        | Friends            | positive
    C1             | 2025-02-01     | sibling      | Money              | negative
"""
SAID = [
    ("was_view_of_child_recorded_last_12_months", 1),
    ("was_view_of_family_recorded_last_12_months", 1),
    ("has_child_said_something_good_last_12_months", 1),
    ("has_parent_said_something_good_last_12_months", 1),
    ("share_of_childs_words_that_are_good_last_12_months", 1 / (1 + 1 + 1)),
    ("has_good_word_about_help_last_12_months", 1),  # the father's
    ("is_latest_word_of_child_good_last_12_months", 1),
]


@pytest.mark.parametrize(("name", "expected"), SAID)
def test_what_was_said(name: str, expected: float) -> None:
    assert value_of(name, ext_family_views=VIEWS) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("name", [name for name, _ in SAID if name.startswith("was_view")])
def test_where_nothing_was_said_there_is_no_record_of_it(name: str) -> None:
    assert value_of(name, child="S1", ext_family_views=VIEWS) == 0


@pytest.mark.parametrize("name", [name for name, _ in SAID if not name.startswith("was_view")])
def test_where_nothing_was_said_whether_it_was_good_is_missing(name: str) -> None:
    assert value_of(name, child="S1", ext_family_views=VIEWS) is None


@pytest.mark.parametrize("name", [name for name, _ in SAID])
def test_a_source_without_views_says_nothing(name: str) -> None:
    assert value_of(name) is None


@pytest.mark.parametrize(("view", "expected"), [("positive", 1), ("mixed", 1), ("negative", 0)])
def test_the_latest_word_decides_and_not_an_earlier_good_one(view: str, expected: int) -> None:
    drawn = VIEWS.replace("School             | mixed", f"School             | {view}")
    assert value_of("is_latest_word_of_child_good_last_12_months", ext_family_views=drawn) == expected


def test_the_last_day_before_the_year_does_not_count() -> None:
    drawn = "famv_person_id | famv_view_date | famv_said_by | famv_view\nC1 | 2024-03-31 | child | positive"
    assert value_of("was_view_of_child_recorded_last_12_months", ext_family_views=drawn) == 0
