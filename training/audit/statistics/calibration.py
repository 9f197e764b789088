"""Whether scores mean frequencies: calibration intercept, calibration slope and the Brier score.

The intercept is 0 when as many children reach the outcome as the scores add up to; the slope is 1 when high
scores are as high, and low scores as low, as they should be. Both need scores that are probabilities;
intervals come from clusters.

References
----------
Van Calster et al. (2016), Journal of Clinical Epidemiology 74:167; (2019), BMC Medicine 17:230.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

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
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, normal_quantile, t_quantile
from training.audit.statistics.ranking import share_like, too_few

if TYPE_CHECKING:
    from collections.abc import Callable

CLIP = 1e-6
"""Probabilities are held this far from 0 and 1 before their log-odds are taken; how many were is printed."""

FARTHEST = 40.0
"""No calibration intercept lies farther than this from 0 when scores are clipped and both outcomes occur."""

MOST_STEPS = 50


def log_odds(score: FloatArray) -> FloatArray:
    """Give log-odds of clipped probabilities."""
    return np.asarray(logit(np.clip(score, CLIP, 1 - CLIP)), dtype=np.float64)


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


def intercept(score: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate by how much the log-odds of all scores are too low (above 0) or too high (below 0).

    The interval inverts the score test with the expected variance times the design effect, as Wilson's does
    for a rate, so that it holds for few outcomes too. Parameters as for `brier`.

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
        return Undefined(f"rows are clustered in fewer than {MIN_CLUSTERS} clusters")
    offsets = log_odds(score)
    value = _solve(lambda alpha: _excess(alpha, offsets, k), 0.0, (-FARTHEST, FARTHEST))
    expected = expit(offsets + value)
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
    expected = expit(offsets + alpha)
    return k - float(expected.sum()), -float((expected * (1 - expected)).sum())


def _standardised(alpha: float, offsets: FloatArray, k: int) -> tuple[float, float]:
    """Give observed less expected outcomes over the expected standard deviation, and its slope."""
    expected = expit(offsets + alpha)
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
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) < 1e-12 * max(1.0, abs(x)):
            return following
        x = following
    return x


def slope(score: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate the slope of the outcome's log-odds on the score's log-odds; 1 is right.

    Below 1, high scores are too high and low ones too low. Parameters as for `brier`.

    Returns
    -------
    Estimate or Undefined
        Sandwich variance by cluster, never below the model's own. Undefined below 10 rows with or without the
        outcome, below 10 clusters, for scores that do not vary, and when scores separate the outcomes.
    """
    reason = too_few(outcome, cluster_ids.size)
    if reason is not None:
        return reason
    offsets = log_odds(score)
    centre, spread = float(offsets.mean()), float(offsets.std())
    if spread < 1e-9:
        return Undefined("the scores do not vary")
    x = (offsets - centre) / spread
    fitted = _logistic(x, outcome)
    if fitted is None:
        return Undefined("the scores separate the outcomes")
    expected, value, covariance = fitted
    residual = outcome - expected
    by_row = (covariance[1, 0] + covariance[1, 1] * x) * residual / spread
    influence: FloatArray = np.bincount(cluster, by_row, minlength=cluster_ids.size).astype(np.float64)
    model = float(covariance[1, 1]) / spread**2
    effect = max(1.0, clustered_variance(influence) / model)
    return Estimate(
        value=value / spread,
        k=int(outcome.sum()),
        n=outcome.size,
        clusters=cluster_ids.size,
        design_effect=effect,
        variance=model * effect,
        limits=_symmetric(value / spread, math.sqrt(model * effect), cluster_ids.size - 1),
        cluster_ids=cluster_ids,
        influence=influence,
    )


def _symmetric(value: float, error: float, degrees: int) -> Limits:
    """Close over an interval of Student's t around a value."""

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, degrees) * error
        return value - half, value + half

    return limits


def _logistic(x: FloatArray, outcome: BoolArray) -> tuple[FloatArray, float, FloatArray] | None:
    """Fit intercept and slope by Newton's steps; None when they run away, as they do under separation.

    Returns
    -------
    tuple or None
        Fitted probabilities, slope, and the inverse of the information (2 by 2).
    """
    at, tilt = float(logit(outcome.mean())), 0.0
    for _ in range(MOST_STEPS):
        expected = expit(at + tilt * x)
        weight = expected * (1 - expected)
        corner, edge, end = float(weight.sum()), dot(weight, x), dot(weight * x, x)
        determinant = corner * end - edge * edge
        if determinant <= 1e-12 * corner * end:
            return None
        inverse = np.array([[end, -edge], [-edge, corner]]) / determinant
        residual = outcome - expected
        pull, turn = float(residual.sum()), dot(residual, x)
        steps = inverse[0, 0] * pull + inverse[0, 1] * turn, inverse[1, 0] * pull + inverse[1, 1] * turn
        longest = max(abs(steps[0]), abs(steps[1]))
        # why: a full step can overshoot when scores nearly separate the outcomes
        at, tilt = (now + step / max(1.0, longest / 2) for now, step in zip((at, tilt), steps, strict=True))
        if longest < 1e-10:
            return np.asarray(expected), float(tilt), np.asarray(inverse)
    return None
