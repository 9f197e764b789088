"""Needs of a parent and of others at home found at assessment, one factor each, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.drawn_factors import found_by
from tests.indicator_values import value_of


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("found_alcohol_misuse_by_parent_last_24_months", "1B"),
        ("found_alcohol_misuse_by_other_at_home_last_24_months", "1C"),
        ("found_drug_misuse_by_parent_last_24_months", "2B"),
        ("found_drug_misuse_by_other_at_home_last_24_months", "2C"),
        ("found_domestic_abuse_of_parent_last_24_months", "3B"),
        ("found_domestic_abuse_of_other_at_home_last_24_months", "3C"),
        ("found_parental_learning_disability_last_24_months", "5B"),
        ("found_learning_disability_of_other_at_home_last_24_months", "5C"),
        ("found_parental_illness_last_24_months", "6B"),
        ("found_illness_of_other_at_home_last_24_months", "6C"),
    ],
)
def test_each_need_is_found_by_its_own_factor_alone(name: str, factor: str) -> None:
    assert found_by(name) == factor


def test_an_assessment_not_yet_authorised_says_nothing_of_a_parent() -> None:
    assessment = (
        "cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date\n"
        "A1 | C1 | 2025-03-01 | 2025-04-01"
    )
    factors = 'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["1B"]'
    name = "found_alcohol_misuse_by_parent_last_24_months"
    assert value_of(name, ssd_cin_assessments=assessment, ssd_assessment_factors=factors) is None
