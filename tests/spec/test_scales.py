"""Scales of assessment tools, as of 2025-03-31: risks that fell by a quarter, strengths that grew."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, value_of

USES = """
    fama_person_id | fama_family_id | fama_assessment_date | fama_tool   | fama_scale             | fama_score | fama_direction
    ---------------|----------------|----------------------|-------------|------------------------|------------|-----------------
    C1             |                | 2023-01-10           | Risk scale  | Domestic abuse         | 8          | lower is better
    C1             |                | 2024-04-01           | Risk scale  | Domestic abuse         | 6          | lower is better
    C1             |                | 2024-01-10           | Risk scale  | Substance use          | 4          | lower is better
    C1             |                | 2025-03-31           | Risk scale  | Substance use          | 3          | lower is better
    C1             |                | 2024-01-10           | Risk scale  | Parental mental health | 4          | lower is better
    C1             |                | 2025-01-10           | Risk scale  | Parental mental health | 2          | lower is better
    C1             |                | 2024-01-10           | Risk scale  | Supervision            | 4          | lower is better
    C1             |                | 2025-01-10           | Risk scale  | Supervision            | 7          | lower is better
    C1             |                | 2024-01-10           | Risk scale  | Home safety            | 0          | lower is better
    C1             |                | 2025-01-10           | Risk scale  | Home safety            | 0          | lower is better
    C1             |                | 2023-01-10           | Risk scale  | Outside the home       | 8          | lower is better
    C1             |                | 2024-03-31           | Risk scale  | Outside the home       | 1          | lower is better
    C1             |                | 2025-01-10           | CANS        | Interpersonal          | 1          | lower is better
    C1             |                | 2025-01-10           | CANS        | Resilience             | 2          | lower is better
    C1             |                | 2025-01-10           | CANS        | Religion               | 0          | lower is better
                   | F1             | 2024-01-10           | Family Star | Home and money         | 4          | higher is better
                   | F1             | 2025-01-10           | Family Star | Home and money         | 7          | higher is better
                   | F1             | 2024-01-10           | Family Star | Social networks        | 7          | higher is better
                   | F1             | 2025-01-10           | Family Star | Social networks        | 6          | higher is better
                   | F1             | 2025-01-10           | Family Star | Family routine         | 9          | higher is better
"""  # noqa: E501 - a drawn table is as wide as its names
# Used again in the year: domestic abuse, substance use, a parent's mental health, supervision, home safety, and two of
# the star. Of the five risks home safety began at nought, of which no quarter can be taken.
SCALES = [
    ("has_risk_scale_fallen_by_a_quarter_last_12_months", 1),
    ("risk_scales_fallen_by_a_quarter_last_12_months", 1 + 1 + 1),
    ("share_of_risk_scales_fallen_by_a_quarter_last_12_months", (1 + 1 + 1) / (3 + 1)),
    ("has_domestic_abuse_scale_fallen_by_a_quarter_last_12_months", 1),
    ("has_substance_scale_fallen_by_a_quarter_last_12_months", 1),
    ("has_parental_mental_health_scale_fallen_by_a_quarter_last_12_months", 1),
    ("share_of_family_star_steps_high_last_12_months", (1 + 1) / (2 + 1)),
    ("share_of_cans_strengths_to_build_on_last_12_months", 1 / (1 + 1)),
    ("strength_scales_risen_last_12_months", 1),
    ("share_of_strength_scales_risen_last_12_months", 1 / (1 + 1)),
    ("share_of_scales_of_family_better_last_12_months", 1 / (1 + 1)),
    ("share_of_scales_of_child_better_last_12_months", (1 + 1 + 1) / (3 + 2)),
    ("share_of_scales_worse_last_12_months", (1 + 1) / (5 + 2)),
    ("scales_used_again_last_12_months", 5 + 2),
]
COUNTS = {
    "risk_scales_fallen_by_a_quarter_last_12_months",
    "strength_scales_risen_last_12_months",
    "scales_used_again_last_12_months",
}


@pytest.mark.parametrize(("name", "expected"), SCALES)
def test_scales(name: str, expected: float) -> None:
    assert value_of(name, ext_family_assessments=USES, ssd_family=FAMILY) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("name", [name for name, _ in SCALES])
def test_a_child_without_scales_has_none_that_fell_and_no_share_of_them(name: str) -> None:
    value = value_of(name, child="S2", ext_family_assessments=USES, ssd_family="fami_family_id | fami_person_id")
    assert value == (0 if name in COUNTS else None)


@pytest.mark.parametrize("name", [name for name, _ in SCALES])
def test_a_source_without_tools_says_nothing(name: str) -> None:
    assert value_of(name) is None


def test_a_risk_that_fell_by_less_than_a_quarter_does_not_count() -> None:
    uses = USES.replace("Substance use          | 3 ", "Substance use          | 3.1 ")
    assert value_of("has_substance_scale_fallen_by_a_quarter_last_12_months", ext_family_assessments=uses) == 0
