"""Ranking and calibration across groups against direct sums."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from training.audit.statistics import ranking
from training.audit.statistics.calibration_across import observed_over_expected, same_calibration
from training.audit.statistics.calibration_error import calibration_error
from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.intervals import normal_quantile
from training.audit.statistics.ranking_across import xauc, xauc_with_everyone_else


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


def _calibrated(rows: int, *, groups: int = 2, shift: tuple[float, ...] = (0, 0), seed: int = 8):
    """Probabilities from low to high, outcomes that follow them up to a shift by group, one row a cluster."""
    random = np.random.default_rng(seed)
    group = random.integers(0, groups, rows)
    line = np.sort(random.normal(-1, 1, rows))
    outcome = random.random(rows) < expit(line + np.array(shift)[group])
    return expit(line), outcome, group, np.arange(rows)


def _fitted(score: np.ndarray, outcome: np.ndarray, columns: list[np.ndarray], offset: float) -> float:
    """Give twice the log-likelihood of an unpenalised logistic regression on these columns."""

    def minus(at: np.ndarray) -> float:
        line = offset * logit(score) + sum(a * column for a, column in zip(at, columns, strict=True))
        return -2 * float((outcome * line - np.logaddexp(0, line)).sum())

    return -minimize(minus, np.zeros(len(columns)), method="BFGS").fun


def test_one_intercept_for_each_group_is_held_against_one_for_all():
    score, outcome, group, cluster = _calibrated(400, shift=(0, 0.5))
    indicators = [(group == place).astype(float) for place in (0, 1)]
    ratio = _fitted(score, outcome, indicators, 1) - _fitted(score, outcome, [np.ones(400)], 1)
    found = same_calibration(score, outcome, group, cluster)
    assert found.statistic == pytest.approx(ratio, rel=0.15)
    assert (found.degrees, found.n_groups, found.method) == (1, 2, "likelihood_ratio")


def test_slopes_of_groups_are_held_against_one_for_all_together_with_intercepts():
    score, outcome, group, cluster = _calibrated(400, shift=(0, 0.5))
    shared = [np.ones(400), logit(score)]
    own = [(group == place) * column for place in (0, 1) for column in shared]
    found = same_calibration(score, outcome, group, cluster, with_slopes=True)
    assert found.statistic == pytest.approx(
        _fitted(score, outcome, own, 0) - _fitted(score, outcome, shared, 0), rel=0.15
    )
    assert found.degrees == 2


def test_rows_that_only_repeat_others_tell_no_groups_apart():
    score, outcome, group, cluster = _calibrated(400, shift=(0, 0.5))
    once = same_calibration(score, outcome, group, cluster)
    tripled = same_calibration(*(np.repeat(column, 3) for column in (score, outcome, group, cluster)))
    assert tripled.statistic == pytest.approx(once.statistic, rel=0.15)


def test_a_group_of_whom_nobody_has_the_outcome_though_many_were_expected_takes_part():
    score, outcome, group, cluster = _calibrated(400)
    found = same_calibration(score, outcome & (group == 0), group, cluster)
    assert (found.n_groups, found.n_left_out) == (2, 0)
    assert found.p_value < 1e-6


def test_a_group_of_whom_four_are_expected_is_left_out_and_counted():
    score, outcome, _, cluster = _calibrated(400)
    group = np.where(np.arange(400) % 2 == 0, 0, np.where(np.arange(400) < 12, 2, 1))
    found = same_calibration(score, outcome, group, cluster)
    assert (found.n_groups, found.n_left_out) == (2, 1)


def test_observed_over_expected_divides_children_by_what_scores_add_up_to():
    score, outcome = np.full(40, 0.2), np.arange(40) < 12
    found = observed_over_expected(score, outcome, np.arange(40), np.arange(40))
    low, high = found.limits(0.95)
    assert found.value == pytest.approx(12 / (40 * 0.2))
    assert 0.8 < low < 1 < found.value < high


def test_none_of_few_expected_still_has_an_upper_limit():
    found = observed_over_expected(np.full(40, 0.05), np.zeros(40, dtype=bool), np.arange(40), np.arange(40))
    z = normal_quantile(0.95)
    assert found.limits(0.95) == pytest.approx((0, z**2 * 0.95 / (40 * 0.05)))


def test_scores_that_are_frequencies_lie_within_the_null_band():
    score, outcome, _, cluster = _calibrated(2_000)
    found = calibration_error(score, outcome, cluster)
    assert found.n_bins == 20
    assert found.null_low < found.value < found.null_high


def test_scores_that_are_too_low_lie_above_the_null_band():
    score, outcome, _, cluster = _calibrated(2_000, shift=(0.8, 0.8))
    found = calibration_error(score, outcome, cluster)
    assert found.value > found.null_high
    assert found.value == pytest.approx(np.mean((expit(logit(score) + 0.8) - score) ** 2), rel=0.3)


def test_equal_scores_are_never_in_two_bins():
    score, outcome = np.repeat([0.1, 0.5], [700, 300]), np.arange(1_000) % 3 == 0
    assert calibration_error(score, outcome, np.arange(1_000)).n_bins == 2


def test_scores_that_do_not_vary_have_no_calibration_error():
    found = calibration_error(np.full(100, 0.3), np.arange(100) % 3 == 0, np.arange(100))
    assert found == Undefined("the scores do not vary")
