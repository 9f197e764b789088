"""Mental health, as of 2025-03-31."""

from __future__ import annotations

import json

import pytest

from tests.drawn_factors import found_by
from tests.indicator_values import value_of

QUESTIONNAIRES = """
    csdq_person_id | csdq_sdq_completed_date | csdq_sdq_score | csdq_sdq_reason
    ---------------|-------------------------|----------------|----------------
    C1             | 2025-03-31              | 12             |
    C1             | 2023-04-02              | 21             |
    C1             | 2023-04-01              | 38             |
    C1             | 2025-01-01              |                | SDQ2
    C1             | 2025-04-01              | 40             |
    S1             | 2025-01-01              | 16             |
    S2             | 2025-01-01              | 17             | SDQ3
    M1             | 2023-04-01              | 38             | SDQ5
"""


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("found_child_mental_ill_health_last_24_months", "4A"),
        ("found_self_harm_last_24_months", "15A"),
        ("found_mental_ill_health_of_parent_last_24_months", "4B"),
        ("found_mental_ill_health_of_other_at_home_last_24_months", "4C"),
        ("found_parental_mental_ill_health_last_24_months", "4B 4C"),
    ],
)
def test_each_is_found_by_its_own_factors_alone(name: str, factors: str) -> None:
    assert found_by(name) == factors


@pytest.mark.parametrize(("first", "second", "expected"), [("4A 4B", "21", 1), ("4A", "4B", 0), ("4A 4C", "21", 0)])
def test_ill_health_of_parent_and_child_is_found_together_by_one_assessment(
    first: str, second: str, expected: int
) -> None:
    assessments = "cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date"
    drawn = "".join(f"\n{one} | C1 | 2025-01-01 | 2025-02-01" for one in ("A1", "A2"))
    found = "".join(f"\n{one} | {json.dumps(codes.split())}" for one, codes in (("A1", first), ("A2", second)))
    name = "found_mental_ill_health_of_parent_and_child_last_24_months"
    factors = "cinf_assessment_id | cinf_assessment_factors_json" + found
    assert value_of(name, ssd_cin_assessments=assessments + drawn, ssd_assessment_factors=factors) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("highest_sdq_score_last_24_months", max(12, 21)),
        ("latest_sdq_score_last_24_months", 12),
        ("has_sdq_score_of_concern_last_24_months", int(max(12, 21) >= 17)),
        ("has_sdq_score_fallen_from_highest_last_24_months", int(12 < 21)),
        ("was_sdq_declined_last_24_months", 1),
    ],
)
def test_questionnaires_of_the_window(name: str, expected: int) -> None:
    assert value_of(name, ssd_sdq_scores=QUESTIONNAIRES) == expected


@pytest.mark.parametrize(("child", "expected"), [("S1", 0), ("S2", 1)])
def test_seventeen_points_are_the_least_that_is_cause_for_concern(child: str, expected: int) -> None:
    name = "has_sdq_score_of_concern_last_24_months"
    assert value_of(name, child=child, ssd_sdq_scores=QUESTIONNAIRES) == expected


def test_a_questionnaire_that_was_not_possible_was_not_declined() -> None:
    assert value_of("was_sdq_declined_last_24_months", child="S2", ssd_sdq_scores=QUESTIONNAIRES) == 0


def test_a_single_score_has_not_fallen() -> None:
    name = "has_sdq_score_fallen_from_highest_last_24_months"
    assert value_of(name, child="S1", ssd_sdq_scores=QUESTIONNAIRES) == 0


@pytest.mark.parametrize(
    "name",
    [
        "highest_sdq_score_last_24_months",
        "latest_sdq_score_last_24_months",
        "has_sdq_score_of_concern_last_24_months",
        "has_sdq_score_fallen_from_highest_last_24_months",
        "was_sdq_declined_last_24_months",
    ],
)
def test_a_questionnaire_before_the_window_says_nothing_now(name: str) -> None:
    assert value_of(name, child="M1", ssd_sdq_scores=QUESTIONNAIRES) is None
