"""What missing characteristics could hide, held against every assignment there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.intervals import normal_quantile, wilson
from training.audit.statistics.missing import PARTS, Bounds, Counts, Flip, smallest_flip, ties_of_missing, worst_case

GROUP, MISSING = Counts(tp=6, fp=3, fn=2, tn=9), Counts(tp=2, fp=1, fn=3, tn=2)
OTHERS = Counts(tp=30, fp=20, fn=20, tn=50)
NOBODY = Counts(tp=0, fp=0, fn=0, tn=0)


def _bounds(group: Counts, missing: Counts, measure: str, **more: float) -> Bounds:
    found = worst_case(group, missing, measure, **more)
    assert isinstance(found, Bounds)
    return found


def _every_rate(measure: str) -> list[float]:
    """Work out the rate under every assignment of those not recorded."""
    rates = []
    for tp, fp, fn, tn in product(*(range(most + 1) for most in (MISSING.tp, MISSING.fp, MISSING.fn, MISSING.tn))):
        k, rest = Counts(GROUP.tp + tp, GROUP.fp + fp, GROUP.fn + fn, GROUP.tn + tn).parts(measure)
        rates.append(k / (k + rest))
    return rates


@pytest.mark.parametrize("measure", PARTS)
def test_the_bounds_are_the_least_and_the_most_that_any_assignment_gives(measure: str) -> None:
    found, rates = _bounds(GROUP, MISSING, measure), _every_rate(measure)
    assert (found.low, found.high) == (min(rates), max(rates))


def test_the_bounds_of_a_true_positive_rate_follow_the_formula() -> None:
    found = _bounds(GROUP, MISSING, "tpr")
    assert (found.low, found.high) == (6 / (6 + 2 + 3), (6 + 2) / (6 + 2 + 2))


def test_with_nobody_missing_the_limits_are_wilsons() -> None:
    found = _bounds(Counts(tp=10, fp=0, fn=90, tn=0), NOBODY, "tpr")
    assert found.low == found.high == 0.1
    assert (found.low_limit, found.high_limit) == pytest.approx((0.0552, 0.1744), abs=5e-5)


def test_between_wide_bounds_a_one_sided_quantile_is_enough_on_either_side() -> None:
    found = _bounds(Counts(tp=100, fp=0, fn=100, tn=0), Counts(tp=100, fp=0, fn=100, tn=0), "tpr")
    assert found.low_limit == pytest.approx(float(wilson(100, 300, normal_quantile(0.9))[0]), abs=1e-6)
    assert found.high_limit == pytest.approx(float(wilson(200, 300, normal_quantile(0.9))[1]), abs=1e-6)


def test_a_design_effect_widens_the_limits_and_not_the_bounds() -> None:
    plain, clustered = (_bounds(GROUP, MISSING, "tpr", design_effect=effect) for effect in (1.0, 2.0))
    assert (plain.low, plain.high) == (clustered.low, clustered.high)
    assert clustered.low_limit < plain.low_limit < plain.high_limit < clustered.high_limit


def test_a_group_of_nobody_recorded_could_have_any_rate() -> None:
    found = _bounds(NOBODY, MISSING, "tpr")
    assert (found.low, found.high) == (0, 1)


def test_nobody_anywhere_has_no_bounds() -> None:
    assert worst_case(NOBODY, NOBODY, "tpr") == Undefined("nobody is in the denominator")


def test_the_fewest_that_bring_a_gap_out_of_the_tolerance_are_found() -> None:
    # Now 6/8 - 30/50 is 0.15. With one missing true positive 7/9 - 29/49 is 0.19, with both 8/10 - 28/48 is 0.22.
    found = smallest_flip(GROUP, MISSING, OTHERS, measure="tpr", tolerance=0.2)
    assert found == Flip(rows=2, share=2 / 5, verdict="outside")


def test_the_fewest_that_bring_a_gap_into_the_tolerance_are_found() -> None:
    # With one missing false negative 6/9 - 30/49 is 0.05.
    found = smallest_flip(GROUP, MISSING, OTHERS, measure="tpr", tolerance=0.1)
    assert found == Flip(rows=1, share=1 / 5, verdict="within")


def test_where_no_assignment_changes_a_verdict_there_is_no_flip() -> None:
    assert smallest_flip(GROUP, MISSING, OTHERS, measure="tpr", tolerance=0.5) is None
    assert smallest_flip(GROUP, NOBODY, OTHERS, measure="tpr", tolerance=0.1) is None


def test_a_verdict_by_interval_may_turn_into_one_that_cannot_tell() -> None:
    # Now 0.15 and an interval to 0.19; with one missing true positive 0.186 and an interval to 0.226.
    found = smallest_flip(GROUP, MISSING, OTHERS, measure="tpr", tolerance=0.2, widths=(0.04, 0.04))
    assert found == Flip(rows=1, share=1 / 5, verdict="cannot tell")


@pytest.mark.parametrize(("group", "others"), [(NOBODY, OTHERS), (GROUP, NOBODY)])
def test_without_a_gap_there_is_no_flip(group: Counts, others: Counts) -> None:
    assert smallest_flip(group, NOBODY, others, measure="tpr", tolerance=0.1) is None


def _sure(outcome: Outcome) -> Estimate:
    assert isinstance(outcome, Estimate)
    return outcome


def test_being_not_recorded_is_held_against_the_outcome() -> None:
    is_missing, outcome = np.arange(100) < 40, np.arange(100) % 40 < 10
    found = ties_of_missing(is_missing, outcome, np.zeros(100), np.arange(100))
    assert _sure(found.prevalence_gap).value == pytest.approx(10 / 40 - 20 / 60)


def test_being_not_recorded_is_held_against_the_place_in_the_order_of_scores() -> None:
    is_missing, score = np.arange(60) % 3 == 0, np.random.default_rng(4).integers(0, 9, 60).astype(float)
    found = _sure(ties_of_missing(is_missing, score > 4, score, np.arange(60)).rank_gap)
    below_or_half = np.array([(score < one).mean() + (score == one).mean() / 2 for one in score])
    assert found.value == pytest.approx(below_or_half[is_missing].mean() - below_or_half[~is_missing].mean())
    low, high = found.limits(0.95)
    assert -0.5 <= low < found.value < high <= 0.5
