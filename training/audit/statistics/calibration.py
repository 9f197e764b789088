"""Whether scores mean frequencies: calibration intercept and the Brier score; `calibration_slope` has the slope.

The intercept is 0 when as many children reach the outcome as the scores add up to. It needs scores that are
probabilities; intervals come from clusters.

References
----------
Van Calster et al. (2016), Journal of Clinical Epidemiology 74:167; (2019), BMC Medicine 17:230.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logit

from training.audit.statistics.estimate import (
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    Limits,
    Outcome,
    Undefined,
)
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, normal_quantile, t_quantile
from training.audit.statistics.ranking import share_like, too_few

if TYPE_CHECKING:
    from collections.abc import Callable

CLIP = 1e-6
"""Probabilities are held this far from 0 and 1 before their log-odds are taken; how many were is printed."""

FARTHEST = 40.0
"""No calibration intercept lies farther than this from 0 when scores are clipped and both outcomes occur."""

MOST_STEPS = 50

NEWTON_ENOUGH = 1e-7
"""One of Newton's steps shorter than this is the last: it leaves an error of about its square."""


def log_odds(score: FloatArray) -> FloatArray:
    """Give log-odds of clipped probabilities."""
    return np.asarray(logit(np.clip(score, CLIP, 1 - CLIP)), dtype=np.float64)


def chances(log_odds: FloatArray) -> FloatArray:
    """Give probabilities of log-odds; of many rows in a quarter of the time that scipy's `expit` takes."""
    chance = -log_odds
    # why: beyond 709 the exponential is endless, and its inverse a chance of nought
    with np.errstate(over="ignore"):
        np.exp(chance, out=chance)
    chance += 1
    return np.reciprocal(chance, out=chance)


def n_clipped(score: FloatArray) -> int:
    """Count the probabilities that had to be clipped."""
    return int(((score < CLIP) | (score > 1 - CLIP)).sum())


def brier(score: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate the mean squared distance of score and outcome; it depends on how common the outcome is.

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
        Undefined below 10 rows with or without the outcome, or below 10 clusters.
    """
    reason = too_few(outcome, cluster_ids.size)
    if reason is not None:
        return reason
    squares = (outcome - score) ** 2
    value = float(squares.mean())
    by_row = (squares - value) / outcome.size
    influence: FloatArray = np.bincount(cluster, by_row, minlength=cluster_ids.size).astype(np.float64)
    return share_like(value, influence, by_row, outcome, cluster_ids)


def intercept(offsets: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate by how much the log-odds of all scores are too low (above 0) or too high (below 0).

    The interval inverts the score test with the expected variance times the design effect, as Wilson's does
    for a rate, so that it holds for few outcomes too.

    Parameters
    ----------
    offsets
        What `log_odds` gives for the scores.
    outcome, cluster, cluster_ids
        As for `brier`.

    Returns
    -------
    Estimate or Undefined
        Undefined when everybody, or nobody, has the outcome, or when rows are clustered in fewer than 10
        clusters.
    """
    k, n, clusters = int(outcome.sum()), outcome.size, cluster_ids.size
    if k in (0, n):
        return Undefined("everybody has the outcome" if n and k else "nobody has the outcome")
    is_clustered = clusters < n
    if is_clustered and clusters < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    value = _solve(lambda alpha: _excess(alpha, offsets, k), 0.0, (-FARTHEST, FARTHEST))
    expected = chances(offsets + value)
    information = float((expected * (1 - expected)).sum())
    influence = np.bincount(cluster, outcome - expected, minlength=clusters) / information
    effect = max(1.0, clustered_variance(influence) * information)
    return Estimate(
        value=value,
        k=k,
        n=n,
        clusters=clusters,
        design_effect=effect,
        variance=effect / information,
        limits=_intercept_limits(value, offsets, k, (effect, information), clusters if is_clustered else None),
        cluster_ids=cluster_ids,
        influence=influence,
    )


def _excess(alpha: float, offsets: FloatArray, k: int) -> tuple[float, float]:
    """Give observed less expected outcomes at an intercept, and its slope."""
    expected = chances(offsets + alpha)
    return k - float(expected.sum()), -float((expected * (1 - expected)).sum())


def _standardised(alpha: float, offsets: FloatArray, k: int) -> tuple[float, float]:
    """Give observed less expected outcomes over the expected standard deviation, and its slope."""
    expected = chances(offsets + alpha)
    each = expected * (1 - expected)
    spread = float(each.sum())
    excess = k - float(expected.sum())
    bend = float((each * (1 - 2 * expected)).sum())
    return excess / math.sqrt(spread), -math.sqrt(spread) - excess * bend / (2 * spread**1.5)


def _intercept_limits(
    value: float, offsets: FloatArray, k: int, precision: tuple[float, float], clusters: int | None
) -> Limits:
    """Close over the score interval of an intercept; `precision` holds design effect and information."""
    effect, information = precision

    @cache
    def limits(level: float) -> tuple[float, float]:
        quantile = normal_quantile(level) if clusters is None else t_quantile(level, clusters - 1)
        reach = quantile * math.sqrt(effect)
        step = reach / math.sqrt(information)

        def beyond(side: float) -> Callable[[float], tuple[float, float]]:
            def distance(alpha: float) -> tuple[float, float]:
                excess, slope = _standardised(alpha, offsets, k)
                return excess - side * reach, slope

            return distance

        low = _solve(beyond(1.0), value - step, (value - FARTHEST, value))
        return low, _solve(beyond(-1.0), value + step, (value, value + FARTHEST))

    return limits


def _solve(falling: Callable[[float], tuple[float, float]], start: float, bracket: tuple[float, float]) -> float:
    """Find where a falling function crosses 0: Newton's steps, halving where they leave the bracket."""
    low, high = bracket
    # why: scores of exactly 0 and 1 carry so little information that the first step leaves every number's range
    x = start if low <= start <= high else (low + high) / 2
    for _ in range(MOST_STEPS):
        height, slope = falling(x)
        if abs(height) <= 1e-12 * abs(slope) * max(1.0, abs(x)):
            return x
        if height > 0:
            low = x
        else:
            high = x
        following = x - height / slope if slope < 0 else math.nan
        # why: after one of Newton's steps so short, what is left is shorter than its square
        enough = NEWTON_ENOUGH
        if not low < following < high:
            following, enough = (low + high) / 2, 1e-12
        if abs(following - x) < enough * max(1.0, abs(x)):
            return following
        x = following
    return x
