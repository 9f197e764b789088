"""Needs of the child found at assessment, one factor each, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.drawn_factors import found_by
from tests.indicator_values import value_of

SUBSTANCE = """
    clas_person_id | clas_substance_misuse_date | clas_intervention_received
    ---------------|----------------------------|---------------------------
    C1             | 2024-03-31                 | Y
    S1             | 2024-04-01                 | Y
    S2             | 2023-04-01                 | Y
    M1             | 2023-04-02                 | N
"""
FOUND = "found_substance_misuse_while_looked_after_last_24_months"
HELPED = "was_helped_with_substance_misuse_while_looked_after_last_24_months"


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("found_alcohol_misuse_by_child_last_24_months", "1A"),
        ("found_drug_misuse_by_child_last_24_months", "2A"),
        ("found_domestic_abuse_of_child_last_24_months", "3A"),
        ("found_caring_responsibilities_last_24_months", "7A"),
        ("found_private_fostering_for_school_last_24_months", "8D"),
        ("found_private_fostering_by_family_arrangement_last_24_months", "8E"),
        ("found_private_fostering_for_other_reasons_last_24_months", "8F"),
        ("found_neglect_last_24_months", "16A"),
        ("found_emotional_abuse_last_24_months", "17A"),
        ("found_physical_abuse_by_another_child_last_24_months", "18B"),
        ("found_physical_abuse_by_adult_last_24_months", "18C"),
        ("found_sexual_abuse_by_another_child_last_24_months", "19B"),
        ("found_sexual_abuse_by_adult_last_24_months", "19C"),
        ("found_other_need_last_24_months", "20"),
    ],
)
def test_each_need_is_found_by_its_own_factor_alone(name: str, factor: str) -> None:
    assert found_by(name) == factor


@pytest.mark.parametrize(
    ("name", "child", "expected"),
    [
        ("found_substance_misuse_while_looked_after_last_24_months", "C1", 1),
        ("found_substance_misuse_while_looked_after_last_24_months", "M1", 1),  # on the window's first day
        ("found_substance_misuse_while_looked_after_last_24_months", "S2", 0),  # on the day before it
        ("was_helped_with_substance_misuse_while_looked_after_last_24_months", "C1", 1),
        ("was_helped_with_substance_misuse_while_looked_after_last_24_months", "M1", 0),
        ("was_helped_with_substance_misuse_while_looked_after_last_24_months", "S2", None),
    ],
)
def test_misuse_of_a_substance_in_past_care(name: str, child: str, expected: int | None) -> None:
    assert value_of(name, child=child, ssd_cla_substance_misuse=SUBSTANCE) == expected


def test_whether_help_was_given_is_known_a_year_after_misuse_was_found() -> None:
    found, helped = (value_of(name, child="S1", ssd_cla_substance_misuse=SUBSTANCE) for name in (FOUND, HELPED))
    assert (found, helped) == (1, None)
