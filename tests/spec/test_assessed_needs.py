"""Needs found at assessment, as of 2025-03-31."""

from __future__ import annotations

import json

import pytest

from features.indicators.conditions import found
from features.vocabulary.characteristics import NEVER_SCORED_FACTORS
from features.vocabulary.codes import codelist
from tests.indicator_values import value_of, values_of

CODES = sorted(codelist("assessment_factor"))

# One child a factor, called by the factor, with one assessment that found it and nothing else.
PEOPLE = "pers_person_id\n" + "\n".join(CODES)
ONE_EACH = "cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date\n" + "\n".join(
    f"{code} | {code} | 2025-01-01 | 2025-02-01" for code in CODES
)
FOUND = "cinf_assessment_id | cinf_assessment_factors_json\n" + "\n".join(f'{code} | ["{code}"]' for code in CODES)

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


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("found_parental_alcohol_misuse_last_24_months", "1B 1C"),
        ("found_parental_drug_misuse_last_24_months", "2B 2C"),
        ("found_domestic_abuse_last_24_months", "3A 3B 3C"),
        ("found_parental_mental_ill_health_last_24_months", "4B 4C"),
        ("found_parental_learning_disability_last_24_months", "5B"),
        ("found_parental_illness_last_24_months", "6B"),
        ("found_neglect_last_24_months", "16A"),
        ("found_emotional_abuse_last_24_months", "17A"),
        ("found_physical_abuse_last_24_months", "18A 18B 18C"),
        ("found_sexual_abuse_last_24_months", "19A 19B 19C"),
        ("found_exploitation_last_24_months", "11A 12A 13A 24A"),
        ("found_caring_responsibilities_last_24_months", "7A"),
        ("found_child_mental_ill_health_last_24_months", "4A"),
        ("found_self_harm_last_24_months", "15A"),
        ("found_child_substance_misuse_last_24_months", "1A 2A"),
        ("found_behaviour_of_concern_last_24_months", "14A"),
        ("found_child_learning_disability_last_24_months", "5A"),
        ("found_child_illness_last_24_months", "6A"),
        ("found_no_need_last_24_months", "21"),
    ],
)
def test_each_need_is_found_by_its_own_factors_alone(name: str, factors: str) -> None:
    told = values_of(name, *CODES, ssd_person=PEOPLE, ssd_cin_assessments=ONE_EACH, ssd_assessment_factors=FOUND)
    assert told == {code: int(code in factors.split()) for code in CODES}


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


@pytest.mark.parametrize("code", sorted(NEVER_SCORED_FACTORS))
def test_a_declaration_that_reads_a_factor_never_scored_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="never scored"):
        found("16A", code)
