"""Needs rolled up to what coarser returns ask for, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.drawn_factors import found_by
from tests.indicator_values import value_of


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("found_parental_alcohol_misuse_last_24_months", "1B 1C"),
        ("found_parental_drug_misuse_last_24_months", "2B 2C"),
        ("found_parental_substance_misuse_last_24_months", "1B 1C 2B 2C"),
        ("found_child_substance_misuse_last_24_months", "1A 2A"),
        ("found_domestic_abuse_last_24_months", "3A 3B 3C"),
        ("found_parental_disability_or_illness_last_24_months", "5B 5C 6B 6C"),
        ("found_physical_abuse_last_24_months", "18A 18B 18C"),
        ("found_sexual_abuse_last_24_months", "19A 19B 19C"),
        ("found_abuse_or_neglect_last_24_months", "16A 17A 18A 18B 18C 19A 19B 19C"),
        ("found_harm_by_another_child_last_24_months", "18B 19B"),
    ],
)
def test_each_of_its_factors_is_enough_and_no_other(name: str, factors: str) -> None:
    assert found_by(name) == factors


# What a Welsh care and support return says, as `features.sources.wales` writes it, and the indicator that tells it.
@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("1B", "found_parental_substance_misuse_last_24_months"),
        ("2B", "found_parental_substance_misuse_last_24_months"),
        ("3B", "found_domestic_abuse_last_24_months"),
        ("4B", "found_parental_mental_ill_health_last_24_months"),
        ("5B", "found_parental_learning_disability_last_24_months"),
        ("6B", "found_parental_illness_last_24_months"),
        ("1A", "found_child_substance_misuse_last_24_months"),
        ("2A", "found_child_substance_misuse_last_24_months"),
        ("4A", "found_child_mental_ill_health_last_24_months"),
    ],
)
def test_each_item_of_the_welsh_return_is_told(item: str, name: str) -> None:
    assert item in found_by(name).split()


def test_where_no_factors_are_on_record_a_roll_up_is_unknown() -> None:
    assert value_of("found_abuse_or_neglect_last_24_months") is None
