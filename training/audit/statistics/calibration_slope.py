"""Whether high scores are as high, and low scores as low, as they should be: the calibration slope.

It is 1 of scores that are frequencies. It needs scores that are probabilities; intervals come from clusters.

References
----------
Van Calster et al. (2016), Journal of Clinical Epidemiology 74:167; (2019), BMC Medicine 17:230.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import logit

from training.audit.statistics.calibration import MOST_STEPS, NEWTON_ENOUGH, chances
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
from training.audit.statistics.intervals import clustered_variance, t_quantile
from training.audit.statistics.ranking import too_few

Line = tuple[float, float]
"""Intercept and slope of the outcome's log-odds on the score's."""

RIGHT: Line = (0.0, 1.0)
"""Of scores that are frequencies."""

LEAST_SPREAD = 1e-9
"""Log-odds that spread less than this do not vary."""


def line_of(offsets: FloatArray, outcome: BoolArray) -> Line:
    """Give intercept and slope of the outcome's log-odds on the score's, for fits of parts of these rows to begin from.

    Parameters
    ----------
    offsets, outcome
        As for `intercept`.

    Returns
    -------
    tuple of float
        `RIGHT` where there is no such line.
    """
    centre, spread = float(offsets.mean()), float(offsets.std())
    if spread < LEAST_SPREAD:
        return RIGHT
    fitted = _logistic((offsets - centre) / spread, outcome, (centre, spread))
    return RIGHT if fitted is None else (fitted.at - fitted.tilt * centre / spread, fitted.tilt / spread)


def slope(
    offsets: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray, *, begin: Line = RIGHT
) -> Outcome:
    """Estimate the slope of the outcome's log-odds on the score's log-odds; 1 is right.

    Below 1, high scores are too high and low ones too low.

    Parameters
    ----------
    offsets, outcome, cluster, cluster_ids
        As for `intercept`.
    begin
        The line from which the fit begins; it is found sooner from one nearby.

    Returns
    -------
    Estimate or Undefined
        Sandwich variance by cluster, never below the model's own. Undefined below 10 rows with or without the
        outcome, below 10 clusters, for scores that do not vary, and when scores separate the outcomes.
    """
    reason = too_few(outcome, cluster_ids.size)
    if reason is not None:
        return reason
    centre, spread = float(offsets.mean()), float(offsets.std())
    if spread < LEAST_SPREAD:
        return Undefined("the scores do not vary")
    x = (offsets - centre) / spread
    near = begin[0] + begin[1] * centre, begin[1] * spread
    # why the second: from far away the steps can run away; from a flat line they do so under separation alone
    fitted = _logistic(x, outcome, near) or _logistic(x, outcome, (float(logit(outcome.mean())), 0.0))
    if fitted is None:
        return Undefined("the scores separate the outcomes")
    value, covariance = fitted.tilt, fitted.covariance
    by_row = (covariance[1, 0] + covariance[1, 1] * x) * (outcome - fitted.expected) / spread
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


class _Fitted(NamedTuple):
    """A logistic line: fitted probabilities, intercept, slope, and the inverse of the information (2 by 2)."""

    expected: FloatArray
    at: float
    tilt: float
    covariance: FloatArray


def _logistic(x: FloatArray, outcome: BoolArray, begin: Line) -> _Fitted | None:
    """Fit intercept and slope by Newton's steps; None when they run away, as they do under separation."""
    at, tilt = begin
    observed, observed_leaning = float(outcome.sum()), float(x[outcome].sum())
    for _ in range(MOST_STEPS):
        expected = chances(at + tilt * x)
        weight = expected * (1 - expected)
        leaning = weight * x
        corner, edge, end = float(weight.sum()), float(leaning.sum()), dot(leaning, x)
        determinant = corner * end - edge * edge
        if determinant <= 1e-12 * corner * end:
            return None
        inverse = np.array([[end, -edge], [-edge, corner]]) / determinant
        pull, turn = observed - float(expected.sum()), observed_leaning - dot(expected, x)
        steps = inverse[0, 0] * pull + inverse[0, 1] * turn, inverse[1, 0] * pull + inverse[1, 1] * turn
        longest = max(abs(steps[0]), abs(steps[1]))
        # why: a full step can overshoot when scores nearly separate the outcomes
        at, tilt = (now + step / max(1.0, longest / 2) for now, step in zip((at, tilt), steps, strict=True))
        if longest < NEWTON_ENOUGH:
            return _Fitted(expected, float(at), float(tilt), inverse)
    return None
