"""Ranking and calibration against direct sums and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from training.audit.statistics import calibration, ranking
from training.audit.statistics.calibration_slope import line_of, slope
from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.intervals import normal_quantile


def _draw(rows: int, *, decimals: int = 2, seed: int = 1):
    random = np.random.default_rng(seed)
    score = np.sort(np.clip(np.round(random.beta(2, 5, rows), decimals), 0.01, 0.99))
    outcome = random.random(rows) < expit(0.7 * logit(score) - 0.4)
    return score, outcome, np.arange(rows), np.arange(rows)


def test_auc_agrees_with_scikit_learn_where_scores_tie():
    score, outcome, *clusters = _draw(400, decimals=1)
    assert ranking.auc(score, outcome, *clusters).value == pytest.approx(roc_auc_score(outcome, score), abs=1e-12)


def test_average_precision_agrees_with_scikit_learn_where_scores_tie():
    score, outcome, *clusters = _draw(400, decimals=1)
    found = ranking.average_precision(score, outcome, *clusters)
    assert found.value == pytest.approx(average_precision_score(outcome, score), abs=1e-12)


def test_brier_agrees_with_scikit_learn():
    score, outcome, *clusters = _draw(400)
    assert calibration.brier(score, outcome, *clusters).value == pytest.approx(
        brier_score_loss(outcome, score), abs=1e-12
    )


def test_delongs_variance_is_that_of_the_placements():
    score, outcome, *clusters = _draw(60, decimals=1)
    wins = [[(p > n) + 0.5 * (p == n) for n in score[~outcome]] for p in score[outcome]]
    above, below = np.mean(wins, axis=1), np.mean(wins, axis=0)
    expected = above.var(ddof=1) / above.size + below.var(ddof=1) / below.size
    assert ranking.auc(score, outcome, *clusters).variance == pytest.approx(expected)


def test_doubling_every_row_within_its_cluster_leaves_the_auc_as_unsure_as_before():
    score, outcome, *_ = _draw(200)
    twice = np.repeat(np.arange(200), 2)
    once = ranking.auc(score, outcome, np.arange(200), np.arange(200))
    doubled = ranking.auc(np.repeat(score, 2), np.repeat(outcome, 2), twice, np.arange(200))
    assert doubled.variance == pytest.approx(once.variance)
    assert doubled.design_effect == pytest.approx(2, rel=0.02)


def test_a_sibling_with_and_one_without_the_outcome_lend_the_auc_their_covariance():
    random, homes = np.random.default_rng(6), 40
    shared = random.normal(size=homes)
    score = np.concatenate([shared + 1 + random.normal(size=homes), shared + random.normal(size=homes)])
    order, home, outcome = np.argsort(score), np.tile(np.arange(homes), 2), np.arange(2 * homes) < homes
    wins = score[outcome][:, None] > score[~outcome][None, :]
    (first, both), (_, second) = np.cov(wins.mean(axis=1), wins.mean(axis=0))
    found = ranking.auc(score[order], outcome[order], home[order], np.arange(homes))
    assert found.variance == pytest.approx((first + second + 2 * both) / homes)


def test_a_perfect_ranking_still_has_an_interval():
    outcome = np.arange(40) >= 20
    found = ranking.auc(np.arange(40.0), outcome, np.arange(40), np.arange(40))
    low, high = found.limits(0.95)
    assert (found.value, high) == (1, pytest.approx(1))
    assert 0.8 < low < 1


def test_nine_with_the_outcome_are_too_few_to_rank():
    outcome = np.arange(40) >= 31
    found = ranking.auc(np.arange(40.0), outcome, np.arange(40), np.arange(40))
    assert found == Undefined("fewer than 10 rows with the outcome")


def test_average_precision_moves_as_its_influences_say():
    score, outcome, *clusters = _draw(300, decimals=1)
    found, kept = ranking.average_precision(score, outcome, *clusters), np.arange(300) != 250
    without = ranking.average_precision(score[kept], outcome[kept], np.arange(299), np.arange(299))
    assert (found.value - without.value) == pytest.approx(found.influence[250] * 300 / 299, abs=1e-4)


def test_the_intercept_makes_scores_add_up_to_what_happened():
    score, outcome, *clusters = _draw(500)
    found = calibration.intercept(calibration.log_odds(score), outcome, *clusters)
    assert expit(logit(score) + found.value).sum() == pytest.approx(outcome.sum())


def test_the_intercepts_limits_are_where_the_score_test_gives_way():
    score, outcome, *clusters = _draw(80)
    found = calibration.intercept(calibration.log_odds(score), outcome, *clusters)
    reach = normal_quantile(0.95) * math.sqrt(found.design_effect)
    for limit, sign in zip(found.limits(0.95), (1, -1), strict=True):
        p = expit(logit(score) + limit)
        assert (outcome.sum() - p.sum()) / math.sqrt((p * (1 - p)).sum()) == pytest.approx(sign * reach)


def test_the_slope_agrees_with_an_unpenalised_logistic_regression():
    score, outcome, *clusters = _draw(500)
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=500).fit(logit(score)[:, None], outcome)
    assert slope(calibration.log_odds(score), outcome, *clusters).value == pytest.approx(fitted.coef_[0, 0], abs=1e-5)


def test_chances_are_those_of_scipy_also_far_out():
    log_odds = np.array([-1e4, -745.0, -40.0, -1.5, 0.0, 0.1, 36.0, 1e4])
    assert calibration.chances(log_odds) == pytest.approx(expit(log_odds), rel=1e-14, abs=0)


@pytest.mark.parametrize("begin", [(0.0, 1.0), (-0.4, 0.7), (300.0, 0.0)], ids=["right", "nearby", "far away"])
def test_the_slope_does_not_depend_on_where_its_fit_begins(begin: tuple[float, float]):
    score, outcome, *clusters = _draw(500)
    log_odds = calibration.log_odds(score)
    found = slope(log_odds, outcome, *clusters, begin=begin)
    assert found.value == pytest.approx(line_of(log_odds, outcome)[1], abs=1e-9)
    assert found.limits(0.95) == pytest.approx(slope(log_odds, outcome, *clusters).limits(0.95), abs=1e-7)


def test_the_line_of_a_sample_expects_as_many_as_there_are_and_as_high():
    score, outcome, *_ = _draw(500)
    at, tilt = line_of(calibration.log_odds(score), outcome)
    left = outcome - expit(at + tilt * logit(score))
    assert (left.sum(), left @ logit(score)) == pytest.approx((0, 0), abs=1e-8)


def test_scores_far_too_sure_have_a_slope_near_nought():
    score, outcome, *clusters = _draw(500)
    sure = calibration.log_odds(expit(60 * (logit(score) + 1)))
    fitted = LogisticRegression(C=np.inf, tol=1e-12, max_iter=5000).fit(sure[:, None], outcome)
    assert slope(sure, outcome, *clusters).value == pytest.approx(fitted.coef_[0, 0], abs=1e-4)


def test_scores_that_separate_the_outcomes_have_no_slope():
    score = np.linspace(0.1, 0.9, 40)
    found = slope(calibration.log_odds(score), score > 0.5, np.arange(40), np.arange(40))
    assert found == Undefined("the scores separate the outcomes")


def test_a_constant_score_has_no_slope():
    found = slope(calibration.log_odds(np.full(40, 0.3)), np.arange(40) % 2 == 0, np.arange(40), np.arange(40))
    assert found == Undefined("the scores do not vary")


@pytest.mark.parametrize(
    ("outcome", "reason"), [(True, "everybody has the outcome"), (False, "nobody has the outcome")]
)
def test_a_constant_outcome_has_no_intercept(outcome: bool, reason: str):
    found = calibration.intercept(
        calibration.log_odds(np.full(20, 0.3)), np.full(20, outcome), np.arange(20), np.arange(20)
    )
    assert found == Undefined(reason)


def test_a_certain_score_is_clipped_and_counted():
    score = np.array([0.0, 0.5, 1.0])
    assert calibration.n_clipped(score) == 2
    assert np.isfinite(calibration.log_odds(score)).all()


def test_scores_that_were_always_right_and_certain_still_have_intervals():
    outcome = np.arange(40) % 4 == 3
    ascending = np.argsort(outcome, kind="stable")
    score, happened, each = outcome[ascending].astype(np.float64), outcome[ascending], np.arange(40)
    low, high = calibration.intercept(calibration.log_odds(score), happened, each, each).limits(0.95)
    assert low < 0 < high
    assert calibration.brier(score, happened, each, each).limits(0.95)[1] > 0.1
    assert ranking.average_precision(score, happened, each, each).limits(0.95)[0] < 0.9


def test_an_interval_of_the_auc_lies_within_zero_and_one():
    score, outcome, *clusters = _draw(60)
    found = ranking.auc(score, outcome, *clusters)
    assert isinstance(found, Estimate)
    assert 0 < found.limits(0.999)[0] < found.value < found.limits(0.999)[1] < 1
