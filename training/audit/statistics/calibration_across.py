"""Whether scores mean the same frequencies in all groups.

Same scores should come true equally often in every group. A score that is calibrated in all groups may still rank
badly, or be about a decision and not a need.

References
----------
Van Calster et al. (2019), BMC Medicine 17:230; Rao and Scott (1984), Annals of Statistics 12:46, and Lumley and Scott
(2014), Australian and New Zealand Journal of Statistics 56:1 (likelihood ratios of clustered rows).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, fdtrc

from training.audit.statistics.calibration import log_odds
from training.audit.statistics.estimate import (
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    Limits,
    Outcome,
    Undefined,
    dot,
)
from training.audit.statistics.homogeneity import MIN_EXPECTED, Omnibus
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, normal_quantile, t_quantile
from training.audit.statistics.ranking import MIN_EACH

MOST_STEPS = 40
_NO_ERROR = 1e-6
FARTHEST = 30.0
"""A fit that goes farther than this in log-odds has no end; its likelihood has."""


@dataclass(frozen=True)
class _Line:
    """A logistic line: its log-likelihood, its place, and the sum of its design effects over what was fitted."""

    log_likelihood: float
    at: float
    tilt: float
    inflated: float


def same_calibration(
    score: FloatArray, outcome: BoolArray, group: IntArray, cluster: IntArray, *, with_slopes: bool = False
) -> Omnibus | Undefined:
    """Test that calibration is the same in all groups: each its own intercept (and slope) against one for all.

    Parameters
    ----------
    score
        Probabilities.
    outcome
        One truth value a row.
    group, cluster
        Numbers from 0 of each row's group and cluster.
    with_slopes
        False: intercepts, at a slope of 1. True: intercepts and slopes together.

    Returns
    -------
    Omnibus or Undefined
        Likelihood ratio over the mean design effect. Left out are groups in which fewer than 5 are expected with, or
        without, the outcome (for slopes: are, fewer than 10). Undefined below two groups or 10 clusters.
    """
    x = log_odds(score)
    n_groups = int(group.max(initial=-1)) + 1
    if _count(cluster) < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    shared = _line(x, outcome, cluster, with_slopes=with_slopes)
    kept = _large_enough(expit(shared.at + shared.tilt * x), outcome, group, with_slopes=with_slopes)
    if kept.sum() < 2:
        return Undefined("fewer than two groups are large enough")
    if not kept.all():
        chosen = kept[group]
        x, outcome, group, cluster = x[chosen], outcome[chosen], group[chosen], cluster[chosen]
        shared = _line(x, outcome, cluster, with_slopes=with_slopes)
    own = [
        _line(x[rows], outcome[rows], cluster[rows], with_slopes=with_slopes, begin=(shared.at, shared.tilt))
        for rows in (group == place for place in np.flatnonzero(kept))
    ]
    fitted = 2 if with_slopes else 1
    degrees = fitted * (len(own) - 1)
    ratio = 2 * (sum(line.log_likelihood for line in own) - shared.log_likelihood)
    effect = max(1.0, (sum(line.inflated for line in own) - shared.inflated) / degrees)
    statistic = max(0.0, ratio) / effect
    under = _count(cluster) - fitted * len(own)
    p_value = float(fdtrc(degrees, under, statistic / degrees)) if under > 0 else 1.0
    return Omnibus(statistic, degrees, p_value, "likelihood_ratio", len(own), n_groups - len(own))


def _count(cluster: IntArray) -> int:
    """Count the clusters that occur."""
    return int(np.count_nonzero(np.bincount(cluster)))


def _large_enough(expected: FloatArray, outcome: BoolArray, group: IntArray, *, with_slopes: bool) -> BoolArray:
    """Say which groups the chi-square distribution holds for."""
    among = np.bincount(group)
    counted = np.bincount(group, outcome if with_slopes else expected)
    least = MIN_EACH if with_slopes else MIN_EXPECTED
    return np.asarray((counted >= least) & (among - counted >= least))


def _line(
    x: FloatArray,
    outcome: BoolArray,
    cluster: IntArray,
    *,
    with_slopes: bool,
    begin: tuple[float, float] = (0.0, 1.0),
) -> _Line:
    """Fit intercept, and slope if asked, by Newton's steps."""
    at, tilt = begin
    columns = [np.ones_like(x), x] if with_slopes else [np.ones_like(x)]
    for _ in range(MOST_STEPS):
        expected = expit(at + tilt * x)
        residual = outcome - expected
        information = _information(columns, expected * (1 - expected))
        step = np.linalg.solve(information, [dot(residual, column) for column in columns])
        longest = float(np.abs(step).max())
        # why: a full step can overshoot, and where the scores separate the outcomes there is no end
        step = step / max(1.0, longest / 2)
        at, tilt = at + float(step[0]), tilt + (float(step[1]) if with_slopes else 0.0)
        if longest < 1e-9 or abs(at) > FARTHEST:
            break
    line = at + tilt * x
    likelihood = float((outcome * line - np.logaddexp(0, line)).sum())
    return _Line(likelihood, at, tilt, _inflated([residual * column for column in columns], cluster, information))


def _information(columns: list[FloatArray], weight: FloatArray) -> FloatArray:
    """Give the information of a fit; a score that does not vary leaves it definite by a hair."""
    products = np.array([[dot(weight * one, other) for other in columns] for one in columns])
    # why the last: where the scores separate the outcomes no information is left at all
    hair = 1e-10 * np.trace(products) + 1e-12
    return np.asarray(products + hair * np.eye(len(columns)), dtype=np.float64)


def _inflated(scores: list[FloatArray], cluster: IntArray, information: FloatArray) -> float:
    """Give the sum of a fit's design effects: its clustered variance in units of the independent one."""
    clusters = _count(cluster)
    sums = [np.bincount(cluster, score).astype(np.float64) for score in scores]
    together = np.array([[dot(one, other) for other in sums] for one in sums]) * clusters / max(clusters - 1, 1)
    found = float(np.trace(np.linalg.solve(information, together)))
    # why: a fit without end has no error left to see; there the clusters themselves are the sample
    return found if found > _NO_ERROR else len(scores) * cluster.size / clusters


def observed_over_expected(score: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate how many children had the outcome for each that the scores expected; 1 is right, above it too low.

    Parameters
    ----------
    score
        Probabilities.
    outcome
        One truth value a row.
    cluster
        Place of each row's cluster in `cluster_ids`.
    cluster_ids
        The clusters of these rows, ascending.

    Returns
    -------
    Estimate or Undefined
        A score interval in which the variance of the number observed grows with it, so that it holds for none of few
        too; Student's t where rows are clustered. Undefined without rows, or when rows are clustered in fewer than 10
        clusters, or nothing was expected.
    """
    k, n, clusters = int(outcome.sum()), outcome.size, cluster_ids.size
    if n == 0:
        return Undefined("nobody is in the denominator")
    if clusters < n and clusters < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    expected = float(score.sum())
    if expected <= 0:
        return Undefined("the scores expect nobody")
    value = k / expected
    influence: FloatArray = np.bincount(cluster, outcome - value * score, minlength=clusters) / expected
    independent = float((score * (1 - score)).sum()) / expected
    effect = _count_effect(k, expected, independent, clustered_variance(influence) * expected**2)
    if clusters < n and k == 0:
        effect = max(effect, independent * n / clusters)
    return Estimate(
        value=value,
        k=k,
        n=n,
        clusters=clusters,
        design_effect=max(1.0, effect / independent) if independent > 0 else 1.0,
        variance=effect * k / expected**2,
        limits=_count_limits(k, expected, effect, clusters if clusters < n and k else None),
        cluster_ids=cluster_ids,
        influence=influence,
    )


def _count_effect(k: int, expected: float, independent: float, clustered: float) -> float:
    """Give the variance of the number observed over that number: at least what it is for independent rows."""
    return max(independent, clustered / k if k and math.isfinite(clustered) else 0.0)


def _count_limits(k: int, expected: float, effect: float, clusters: int | None) -> Limits:
    """Close over the interval of a count whose variance is `effect` times its mean."""

    def limits(level: float) -> tuple[float, float]:
        quantile = normal_quantile(level) if clusters is None else t_quantile(level, clusters - 1)
        reach = quantile**2 * effect
        half = math.sqrt(reach * k + reach**2 / 4)
        return max(0.0, k + reach / 2 - half) / expected, (k + reach / 2 + half) / expected

    return limits
