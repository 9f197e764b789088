"""What part of a gap is base rate and what part is error: parts that add up, and how sure they are."""

from __future__ import annotations

import numpy as np
import pytest

from training.audit.counts.decomposition import PARTS, Split, split_gap
from training.audit.counts.measures import rates_of
from training.audit.counts.tallies import Others, Tally
from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.intervals import difference

Sides = tuple[Tally, Others]


def _sides(first: np.ndarray, second: np.ndarray) -> Sides:
    """Tally two sides from their tp, fp, fn, tn in each cluster; the same line is the same cluster."""

    def among(cells: np.ndarray) -> np.ndarray:
        chosen = ([0, 1, 2, 3], [0, 2], [1, 3], [0, 1], [2, 3])
        return np.array([[[np.count_nonzero(cells[:, places].sum(axis=1)) for places in chosen]]])

    cells = [side.sum(axis=0)[None, None].astype(np.int64) for side in (first, second)]
    mine = Tally(cells[0], (first.T @ first)[None, None], among(first), np.array([len(first)]), cells[0], among(first))
    return mine, Others(cells[1], (second.T @ second)[None, None], among(second), (first.T @ second)[None, None])


def _counts(first: tuple[int, ...], second: tuple[int, ...]) -> Sides:
    """Tally two sides from their tp, fp, fn, tn; every row is a cluster."""
    rows = [np.repeat(np.eye(4), side, axis=0) for side in (first, second)]
    nothing = [np.zeros_like(side) for side in rows]
    return _sides(np.concatenate([rows[0], nothing[1]]), np.concatenate([nothing[0], rows[1]]))


FIRST, SECOND = (60, 80, 40, 120), (20, 40, 30, 210)
"""Prevalence 100/300 and 50/300, TPR 0.6 and 0.4, FPR 0.4 and 0.16."""


def _value(outcome: object) -> float:
    assert isinstance(outcome, Estimate)
    return outcome.value


def test_the_parts_of_a_gap_in_the_share_flagged_are_kitagawas():
    found = split_gap(*_counts(FIRST, SECOND), "selection_rate", threshold=0)
    assert _value(found["base_rate"]) == pytest.approx((1 / 3 - 1 / 6) * ((0.6 + 0.4) / 2 - (0.4 + 0.16) / 2))
    assert _value(found["tpr"]) == pytest.approx((0.6 - 0.4) * (1 / 3 + 1 / 6) / 2)
    assert _value(found["fpr"]) == pytest.approx((0.4 - 0.16) * (1 - (1 / 3 + 1 / 6) / 2))


@pytest.mark.parametrize("measure", ["selection_rate", "precision", "fpr"])
def test_parts_add_up_to_the_gap_exactly(measure: Split):
    first, second = _counts(FIRST, SECOND)
    found = split_gap(first, second, measure, threshold=0)
    gap = _value(rates_of(first, measure).outcome(0, 0)) - _value(rates_of(second, measure).outcome(0, 0))
    assert _value(found["gap"]) == pytest.approx(gap)
    assert sum(_value(found[name]) for name in PARTS[measure]) == pytest.approx(gap)


def test_alike_errors_leave_base_rate_alone():
    found = split_gap(*_counts((240, 160, 160, 640), (120, 200, 80, 800)), "selection_rate", threshold=0)
    assert _value(found["share_of_gap_base_rate"]) == pytest.approx(1)
    assert (_value(found["tpr"]), _value(found["fpr"])) == pytest.approx((0, 0))


def test_a_gap_in_fpr_at_equal_precision_and_tpr_is_all_base_rate():
    found = split_gap(*_counts((60, 60, 40, 140), (30, 30, 20, 220)), "fpr", threshold=0)
    assert _value(found["share_of_gap_base_rate"]) == pytest.approx(1)


@pytest.mark.parametrize("measure", ["selection_rate", "fpr"])
def test_the_gaps_own_interval_is_near_that_of_a_difference(measure: Split):
    first, second = _counts(FIRST, SECOND)
    sides = (rates_of(first, measure).outcome(0, 0), rates_of(second, measure).outcome(0, 0))
    _, low, high = difference(*sides, 0.95)
    assert split_gap(first, second, measure, threshold=0)["gap"].limits(0.95) == pytest.approx((low, high), abs=0.01)


def test_rows_that_only_repeat_others_make_no_part_surer():
    once = split_gap(*_counts(FIRST, SECOND), "precision", threshold=0)["base_rate"]
    rows = [np.repeat(3 * np.eye(4), side, axis=0) for side in (FIRST, SECOND)]
    pad = [np.zeros_like(side) for side in rows]
    sides = _sides(np.concatenate([rows[0], pad[1]]), np.concatenate([pad[0], rows[1]]))
    tripled = split_gap(*sides, "precision", threshold=0)["base_rate"]
    assert tripled.variance == pytest.approx(once.variance, rel=0.1)


def test_children_of_a_home_who_are_flagged_together_make_the_gap_less_sure():
    flagged, not_flagged = [1, 2, 0, 0], [0, 0, 1, 2]
    homes = [np.repeat(np.array([flagged, not_flagged], dtype=float), times, axis=0) for times in ([30, 20], [10, 40])]
    pad = [np.zeros_like(side) for side in homes]
    first, second = _sides(np.concatenate([homes[0], pad[1]]), np.concatenate([pad[0], homes[1]]))
    rates = [rates_of(side, "selection_rate").outcome(0, 0) for side in (first, second)]
    found = split_gap(first, second, "selection_rate", threshold=0)["gap"]
    assert found.variance == pytest.approx(sum(rate.variance for rate in rates), rel=0.02)


def test_the_limits_of_a_share_are_where_the_part_and_that_share_of_the_gap_come_apart():
    found = split_gap(*_counts(FIRST, SECOND), "selection_rate", threshold=0)
    gap, part, share = found["gap"], found["base_rate"], found["share_of_gap_base_rate"]
    square = share.variance * gap.value**2
    together = (part.variance + share.value**2 * gap.variance - square) / (2 * share.value)
    t = (gap.limits(0.95)[1] - gap.value) / gap.variance**0.5
    for limit in share.limits(0.95):
        error = (part.variance - 2 * limit * together + limit**2 * gap.variance) ** 0.5
        assert abs(part.value - limit * gap.value) == pytest.approx(t * error)


def test_a_gap_that_may_be_nothing_has_no_shares():
    found = split_gap(*_counts((10, 10, 10, 70), (10, 11, 10, 69)), "selection_rate", threshold=0)
    assert isinstance(found["base_rate"], Estimate)
    assert found["share_of_gap_base_rate"] == Undefined("the gap itself may be nothing")


def test_precision_of_nobody_flagged_cannot_be_split():
    found = split_gap(*_counts((0, 5, 20, 75), SECOND), "precision", threshold=0)
    assert set(found.values()) == {Undefined("nobody with the outcome is flagged on one side")}


def test_a_side_without_the_outcome_says_whose_it_is():
    found = split_gap(*_counts(FIRST, (0, 20, 0, 80)), "fpr", threshold=0)
    assert found["gap"] == Undefined("among those compared with: nobody is in the denominator")
