"""How sure a score is: aggregates over at least 200 children, and no child's score."""

from __future__ import annotations

import numpy as np
import pytest

from training.audit.statistics.intervals import wilson
from training.registry.neighbours import NeighbourShares, clustered_interval, neighbour_shares

ALONE = np.arange(1_000, dtype=np.int64)
SCORES = np.arange(1_000) / 1_000
OUTCOMES = (np.arange(1_000) % 10 == 0).astype(np.float64)


def test_each_knot_looks_at_the_children_with_the_nearest_scores() -> None:
    shares = neighbour_shares(SCORES, OUTCOMES, ALONE, children=200, knots=11)
    assert shares.children == 200
    assert shares.low == pytest.approx([wilson(20, 200, 1.959964)[0]] * 11, abs=1e-6)


def test_children_with_the_same_score_all_count_whatever_their_order() -> None:
    scores, outcomes = np.repeat([0.1, 0.2], 500), np.tile(np.repeat([1.0, 0.0], 250), 2)
    shares = neighbour_shares(scores, outcomes, ALONE, children=200, knots=11)
    assert shares.low[0] == pytest.approx(wilson(250, 500, 1.959964)[0], abs=1e-6)
    assert shares == neighbour_shares(scores, outcomes[::-1], ALONE, children=200, knots=11)


def test_no_knot_is_the_highest_or_lowest_childs_score() -> None:
    shares = neighbour_shares(SCORES, OUTCOMES, ALONE, children=200, knots=11)
    assert SCORES[0] < shares.knots[0] < shares.knots[-1] < SCORES[-1]


def test_the_interval_of_a_score_is_that_of_the_nearest_knot() -> None:
    shares = NeighbourShares(knots=(0.1, 0.3), low=(0.01, 0.2), high=(0.2, 0.4), children=200)
    low, high = shares.interval(np.array([0.0, 0.19, 0.21, 0.9]))
    assert (low.tolist(), high.tolist()) == ([0.01, 0.01, 0.2, 0.2], [0.2, 0.2, 0.4, 0.4])


def test_siblings_who_escalate_together_widen_the_interval() -> None:
    outcomes = np.repeat(OUTCOMES[:500], 2)
    together, apart = clustered_interval(outcomes, ALONE // 2), clustered_interval(outcomes, ALONE)
    assert together[1] - together[0] > 1.3 * (apart[1] - apart[0])


def test_too_few_households_say_nothing() -> None:
    assert clustered_interval(OUTCOMES[:100], ALONE[:100] // 20) == (0.0, 1.0)


def test_fewer_children_than_asked_for_are_all_looked_at() -> None:
    assert neighbour_shares(SCORES[:150], OUTCOMES[:150], ALONE[:150], children=200, knots=11).children == 150


def test_what_is_stored_is_what_is_read() -> None:
    shares = neighbour_shares(SCORES, OUTCOMES, ALONE, children=200, knots=11)
    assert NeighbourShares.from_json(shares.to_json()) == shares
