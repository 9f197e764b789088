"""Needs found at assessment, as of 2025-03-31."""

from __future__ import annotations

import json

import pytest

from features.indicators.assessed_needs import COUNTED_TOGETHER
from features.vocabulary.characteristics import NEVER_SCORED_FACTORS
from tests.drawn_factors import CODES, flags_of_factors, found_by
from tests.indicator_values import value_of

# Two assessments of C1 in the window, one before it, and one of a sibling.
ASSESSMENTS = """
    cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
    -------------------|----------------|----------------------------|--------------------------
    A1                 | C1             | 2025-03-01                 | 2025-03-31
    A2                 | C1             | 2023-03-01                 | 2023-04-02
    A3                 | C1             | 2023-03-01                 | 2023-04-01
    A4                 | S1             | 2025-01-01                 | 2025-02-01
    A5                 | C1             | 2025-03-01                 | 2025-04-01
"""


def value_with(name: str, **factors: str) -> float | None:
    """Give the value for C1 where assessments found factors, written `A1="16A 3B"`."""
    rows = [f"{assessment} | {json.dumps(codes.split())}" for assessment, codes in factors.items()]
    drawn = "cinf_assessment_id | cinf_assessment_factors_json\n" + "\n".join(rows)
    return value_of(name, ssd_cin_assessments=ASSESSMENTS, ssd_assessment_factors=drawn)


# Replaced in 2022 by factors that say who did harm: told by the roll-ups alone.
REPLACED = {"18A", "19A"}


def test_every_factor_that_may_be_scored_has_an_indicator_of_its_own() -> None:
    own = {found_by(name) for name in flags_of_factors()}
    assert set(CODES) - NEVER_SCORED_FACTORS - REPLACED - own == set()


def test_every_factor_but_the_one_for_no_need_counts_as_one_need() -> None:
    counted = [code for kind in COUNTED_TOGETHER for code in kind]
    assert sorted(counted) == sorted(set(CODES) - NEVER_SCORED_FACTORS - {"21"})


def test_no_need_is_found_by_its_own_factor_alone() -> None:
    assert found_by("found_no_need_last_24_months") == "21"


def test_a_factor_counts_from_the_day_its_assessment_was_authorised() -> None:
    assert value_with("found_neglect_last_24_months", A2="16A") == 1


def test_a_factor_of_an_assessment_not_yet_authorised_is_unknown() -> None:
    assert value_with("found_neglect_last_24_months", A5="16A") is None


def test_a_factor_authorised_before_the_window_is_unknown_now() -> None:
    assert value_with("found_neglect_last_24_months", A3="16A") is None


def test_a_child_without_factors_on_record_is_unknown_and_not_free_of_need() -> None:
    assert value_with("found_neglect_last_24_months", A4="16A") is None


def test_factors_that_cannot_be_read_are_unknown() -> None:
    unreadable = "cinf_assessment_id | cinf_assessment_factors_json\nA1 | neglect, or so"
    name = "found_neglect_last_24_months"
    assert value_of(name, ssd_cin_assessments=ASSESSMENTS, ssd_assessment_factors=unreadable) is None


def test_parental_needs_are_counted_within_one_assessment() -> None:
    assert value_with("parental_needs_found_together_last_24_months", A1="1B 2B 4B", A2="3A 16A") == max(1 + 1, 1)


def test_needs_of_one_kind_count_once_whoever_has_them() -> None:
    assert value_with("most_needs_in_one_assessment_last_24_months", A1="4A 4B 16A 20 14A", A2="7A") == max(4, 1)


def test_factors_that_are_never_scored_are_not_counted_as_needs() -> None:
    shown = " ".join(sorted(NEVER_SCORED_FACTORS))
    assert value_with("most_needs_in_one_assessment_last_24_months", A1=f"{shown} 21") == 0


def test_different_needs_are_counted_over_all_assessments() -> None:
    name = "different_needs_found_last_24_months"
    assert value_with(name, A1="4A 4B 16A", A2="4C 7A 21", A3="1A") == len(("4A 4B 4C", "16A", "7A"))


def test_a_need_found_by_two_assessments_of_the_window_was_found_more_than_once() -> None:
    name = "needs_found_more_than_once_last_24_months"
    assert value_with(name, A1="4A 16A", A2="4B 16A 7A", A3="7A") == len(("4A 4B", "16A"))


@pytest.mark.parametrize(
    ("name", "this_year", "year_before", "expected"),
    [
        ("new_needs_found_last_12_months", "4A 16A 17A", "4B", len(("16A", "17A"))),
        ("new_needs_found_last_12_months", "21", "16A", 0),
        ("needs_no_longer_found_last_12_months", "4A", "4B 16A 17A", len(("16A", "17A"))),
        ("needs_no_longer_found_last_12_months", "16A", "21", 0),
    ],
)
def test_needs_of_one_year_that_the_other_did_not_find(
    name: str, this_year: str, year_before: str, expected: int
) -> None:
    assert value_with(name, A1=this_year, A2=year_before, A3="1A") == expected


@pytest.mark.parametrize("name", ["new_needs_found_last_12_months", "needs_no_longer_found_last_12_months"])
@pytest.mark.parametrize("found_by_assessment", [{"A1": "16A"}, {"A2": "16A"}, {"A1": "16A", "A3": "1A"}])
def test_no_change_is_told_where_one_of_the_years_had_no_assessment(
    name: str, found_by_assessment: dict[str, str]
) -> None:
    assert value_with(name, **found_by_assessment) is None


@pytest.mark.parametrize(
    "name",
    [
        "different_needs_found_last_24_months",
        "needs_found_more_than_once_last_24_months",
        "most_needs_in_one_assessment_last_24_months",
    ],
)
def test_needs_are_not_counted_where_none_could_be_read(name: str) -> None:
    unreadable = "cinf_assessment_id | cinf_assessment_factors_json\nA1 | neglect, or so"
    assert value_of(name, ssd_cin_assessments=ASSESSMENTS, ssd_assessment_factors=unreadable) is None
