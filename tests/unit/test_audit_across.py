"""Ranking and calibration across groups against direct sums."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from training.audit import ranking
from training.audit.estimate import Estimate, Undefined
from training.audit.ranking_across import xauc, xauc_with_everyone_else


def _draw(rows: int, *, groups: int = 3, decimals: int = 1, rows_of_a_cluster: int = 2, seed: int = 4):
    """Scores from low to high that tie, with outcome, group and cluster."""
    random = np.random.default_rng(seed)
    group = random.integers(0, groups, rows)
    score = np.sort(np.round(random.normal(size=rows), decimals))
    outcome = random.random(rows) < expit(score - 0.5)
    return score, outcome, group, random.permutation(rows) // rows_of_a_cluster


def test_ranking_across_groups_counts_pairs_and_half_of_ties():
    score, outcome, group, cluster = _draw(300)
    found = xauc(score, outcome, group, cluster)[0][2]
    upper, lower = score[outcome & (group == 0)], score[~outcome & (group == 2)]
    wins = (upper[:, None] > lower) + 0.5 * (upper[:, None] == lower)
    assert found.value == pytest.approx(wins.mean(), abs=1e-12)


def test_ranking_within_a_group_is_its_auc():
    score, outcome, group, cluster = _draw(300)
    mine = group == 1
    ids, place = np.unique(cluster[mine], return_inverse=True)
    alone, found = ranking.auc(score[mine], outcome[mine], place, ids), xauc(score, outcome, group, cluster)[1][1]
    assert (found.value, found.variance) == (pytest.approx(alone.value), pytest.approx(alone.variance))
    assert found.limits(0.95) == pytest.approx(alone.limits(0.95))


def test_of_two_groups_everyone_else_is_the_other():
    drawn = _draw(200, groups=2)
    pairs, beside = xauc(*drawn), xauc_with_everyone_else(*drawn)
    assert [each.value for each in beside[0]] == [pairs[0][1].value, pairs[1][0].value]


def test_everyone_elses_rows_are_those_of_all_other_groups_together():
    score, outcome, group, cluster = _draw(300)
    merged = np.where(group == 1, 0, 1)
    first = xauc_with_everyone_else(score, outcome, group, cluster)[1][0]
    assert first.value == pytest.approx(xauc(score, outcome, merged, cluster)[0][1].value)


def test_a_pair_of_siblings_across_groups_lends_its_covariance():
    random, homes = np.random.default_rng(6), 40
    shared = random.normal(size=homes)
    score = np.concatenate([shared + 1 + random.normal(size=homes), shared + random.normal(size=homes)])
    order, home, is_second = np.argsort(score), np.tile(np.arange(homes), 2), np.arange(2 * homes) >= homes
    wins = score[~is_second][:, None] > score[is_second][None, :]
    (first, both), (_, second) = np.cov(wins.mean(axis=1), wins.mean(axis=0))
    found = xauc(score[order], ~is_second[order], is_second[order].astype(int), home[order])[0][1]
    assert found.variance == pytest.approx((first + second + 2 * both) / homes)


def test_nine_with_the_outcome_in_a_group_are_too_few_to_rank_above_another():
    outcome, group = np.arange(60) >= 51, np.arange(60) < 30
    found = xauc(np.arange(60.0), outcome, group.astype(int), np.arange(60))
    assert found[0][1] == Undefined("fewer than 10 rows with the outcome in the one group")


def test_a_perfect_ranking_across_groups_still_has_an_interval():
    outcome = np.arange(40) >= 20
    found = xauc(np.arange(40.0), outcome, outcome.astype(int), np.arange(40))[1][0]
    assert isinstance(found, Estimate)
    assert (found.value, found.limits(0.95)[1]) == (1, 1)
    assert 0.8 < found.limits(0.95)[0] < 1
