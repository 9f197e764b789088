"""Factors that are shown to a worker and never scored, as of 2025-03-31."""

from __future__ import annotations

import pytest

from features.indicators.catalogue import CATALOGUE
from features.indicators.conditions import found, found_and_only_shown
from features.indicators.declaration import MAY_ENDANGER
from features.indicators.shown_only import SHOWN_ONLY
from features.vocabulary.characteristics import NEVER_SCORED_FACTORS
from tests.drawn_factors import found_by


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("found_private_fostering_from_overseas_to_return_last_24_months", "8B"),
        ("found_private_fostering_from_overseas_to_stay_last_24_months", "8C"),
        ("found_asylum_sought_alone_last_24_months", "9A"),
        ("found_female_genital_mutilation_last_24_months", "22A"),
        ("found_abuse_linked_to_faith_or_belief_last_24_months", "23A"),
    ],
)
def test_each_is_found_by_its_own_factor_alone(name: str, factor: str) -> None:
    assert found_by(name) == factor


def test_every_factor_that_is_never_scored_is_shown() -> None:
    assert {found_by(one.name) for one in SHOWN_ONLY} == NEVER_SCORED_FACTORS


def test_each_says_why_no_model_reads_it_and_none_stands_in_the_catalogue() -> None:
    assert all("which no model may read" in one.not_scored for one in SHOWN_ONLY)
    assert {one.name for one in SHOWN_ONLY} & {one.name for one in CATALOGUE} == set()
    assert {one.monotone for one in SHOWN_ONLY} == {0}


def test_a_family_is_not_shown_what_might_put_somebody_in_harms_way() -> None:
    kept_back = {found_by(one.name) for one in SHOWN_ONLY if one.not_for_families == MAY_ENDANGER}
    assert kept_back == {"22A", "23A"}


@pytest.mark.parametrize("code", sorted(NEVER_SCORED_FACTORS))
def test_a_declaration_that_scores_one_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="never scored"):
        found("16A", code)


def test_what_may_be_scored_is_not_declared_as_only_shown() -> None:
    with pytest.raises(ValueError, match="may be scored"):
        found_and_only_shown("16A")
