"""Intervals hold what they say, for rows that are not people and for small groups. Seeded, small and fast."""

from __future__ import annotations

import numpy as np

from training.audit.statistics import ranking
from training.audit.statistics.estimate import Estimate
from training.audit.statistics.intervals import difference, normal_quantile, rate, wilson


def _snapshots(random: np.random.Generator, children: int) -> np.ndarray:
    """Draw how many of six snapshots of each child have the outcome; the share is 0.2, the correlation 1/3."""
    return random.binomial(6, random.beta(0.4, 1.6, children)).astype(float)


def _share_held(intervals: list[tuple[float, float]], truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def test_six_snapshots_a_child_mislead_row_by_row_and_not_by_child():
    random, z = np.random.default_rng(0), normal_quantile(0.95)
    draws = [_snapshots(random, 60) for _ in range(600)]
    by_child = [rate(k, np.full(60, 6.0), np.arange(60)).limits(0.95) for k in draws]
    assert _share_held([wilson(k.sum(), 360, z) for k in draws], 0.2) < 0.82
    assert 0.93 <= _share_held(by_child, 0.2) <= 0.98


def test_twelve_children_are_enough_for_an_interval_that_holds():
    random = np.random.default_rng(1)
    draws = [_snapshots(random, 12) for _ in range(600)]
    assert _share_held([rate(k, np.full(12, 6.0), np.arange(12)).limits(0.95) for k in draws], 0.2) >= 0.91


def test_differences_hold_where_siblings_stand_on_both_sides():
    random, found = np.random.default_rng(2), []
    for _ in range(500):
        need = random.beta(0.9, 2.1, 80)
        sides = [rate((random.random(80) < need).astype(float), np.ones(80), np.arange(80)) for _ in range(2)]
        found.append(difference(*sides, 0.95)[1:])
    assert 0.93 <= _share_held(found, 0.0) <= 0.98


def test_the_auc_of_few_families_holds():
    random, found = np.random.default_rng(3), []
    home = np.repeat(np.arange(30), 3)
    for _ in range(400):
        outcome = random.random(90) < 0.3
        score = random.normal(0, 0.5, 90) + random.normal(0, 0.5, 30)[home] + outcome * np.sqrt(0.5) * 1.0
        order = np.argsort(score)
        estimate = ranking.auc(score[order], outcome[order], home[order], np.arange(30))
        found.append(estimate.limits(0.95) if isinstance(estimate, Estimate) else (0.0, 1.0))
    # why: two scores with a standard deviation of sqrt(0.5) and means sqrt(0.5) apart rank right with Phi(1 / sqrt(2))
    assert 0.92 <= _share_held(found, 0.7602) <= 0.98
