"""Pooled rates of intersections: what a cell has of its own, and what it borrows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.pooling import Pooled, pool


def _grid(rows: int, columns: int) -> np.ndarray:
    return np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1).reshape(-1, 2)


def _pool(k: list[float], n: list[float], *, columns: int = 2, effect: float = 1.0) -> Pooled:
    counts, rows = np.array(k, dtype=float), np.array(n, dtype=float)
    return pool(_grid(len(k) // columns, columns), counts, rows, np.full(rows.shape, effect))


def test_a_cell_of_twelve_without_the_outcome_is_not_believed():
    found = _pool([0, 30, 25, 35], [12, 300, 250, 350])
    assert 0.02 < found.value[0] < 0.10
    assert found.weight[0] < 0.5


def test_a_cell_of_twelve_of_whom_eight_have_the_outcome_is_not_hidden():
    found = _pool([8, 30, 25, 35], [12, 300, 250, 350])
    assert found.value[0] > 2 * 0.10
    assert found.high[0] > 0.4


def test_a_large_cell_keeps_its_own_rate():
    found = _pool([4_000, 300, 250, 350], [10_000, 3_000, 2_500, 3_500])
    assert found.value[0] == pytest.approx(0.40, abs=0.01)
    assert found.weight[0] > 0.95


def test_an_empty_cell_has_nothing_of_its_own():
    found = _pool([0, 60, 25, 70], [0, 300, 250, 350])
    assert found.weight[0] == 0
    assert found.low[0] < found.value[0] < found.high[0]


def test_what_is_borrowed_from_few_is_less_sure():
    found = _pool([0, 1, 0, 100, 100, 100], [0, 10, 0, 1_000, 1_000, 1_000])
    from_few, from_many = (found.high - found.low)[[0, 2]]
    assert from_few > 1.2 * from_many


def test_rows_that_only_repeat_others_weigh_nothing():
    once = _pool([3, 30, 25, 35], [12, 300, 250, 350])
    tripled = _pool([9, 90, 75, 105], [36, 900, 750, 1050], effect=3.0)
    assert tripled.value == pytest.approx(once.value)


def test_pooled_rates_are_nearer_the_truth_than_raw_ones():
    random, cells = np.random.default_rng(3), _grid(6, 6)
    log_odds = -2 + random.normal(0, 0.5, 6)[cells[:, 0]] + random.normal(0, 0.5, 6)[cells[:, 1]]
    truth = expit(log_odds + random.normal(0, 0.4, 36))
    n = random.integers(8, 80, 36).astype(float)
    k = random.binomial(n.astype(int), truth).astype(float)
    found = pool(cells, k, n, np.ones(36))
    assert np.mean((found.value - truth) ** 2) < 0.75 * np.mean((k / n - truth) ** 2)
    assert np.mean((found.low <= truth) & (truth <= found.high)) > 0.85


def test_where_every_cell_is_the_sum_of_its_parts_nothing_need_be_left_to_the_intersection():
    share = _pool([100, 200, 200, 364, 300, 508], [2000] * 6).share_left_to_the_intersection
    assert isinstance(share, Estimate)
    assert share.limits(0.95)[0] == 0


def test_where_parts_say_nothing_all_is_left_to_the_intersection():
    share = _pool([100, 400, 400, 100], [2000] * 4).share_left_to_the_intersection
    assert isinstance(share, Estimate)
    assert share.value > 0.75
    assert share.limits(0.95)[0] > 0.2


def test_the_same_cells_give_the_same_numbers():
    first, second = (_pool([3, 30, 25, 35], [12, 300, 250, 350]) for _ in range(2))
    assert first.share_left_to_the_intersection.limits(0.95) == second.share_left_to_the_intersection.limits(0.95)


def test_nobody_counted_anywhere_leaves_nothing_to_pool():
    found = _pool([0, 0, 0, 0], [12, 300, 250, 350])
    assert found.share_left_to_the_intersection == Undefined("the rate is 0, or 1, in every cell")
    assert np.isnan(found.value).all()
