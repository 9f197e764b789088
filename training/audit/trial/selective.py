"""Measures of a score against what would have happened without help: selective labels.

A child whom the score found, who was helped and did well counts as a false positive in the records. Here every
measure is taken against the outcome without help, as `selective_fit` estimates it, with intervals from clusters,
and with the range that is left if help was given for reasons that are not recorded. None of this says that help
worked for a child; it says how the score's figures depend on who was helped.

References
----------
Coston, Mishler, Kennedy and Chouldechova (2020), arXiv 1909.00066; Zhao, Small and Bhattacharya (2019), JRSS B
81:735.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from training.audit.statistics.calibration import log_odds
from training.audit.statistics.estimate import LEVEL, Estimate, FloatArray, Limits, Outcome, Undefined
from training.audit.statistics.intervals import (
    MIN_CLUSTERS,
    clustered_variance,
    difference,
    normal_quantile,
    t_quantile,
    wilson,
)
from training.audit.trial.selective_fit import ENOUGH, MIN_ROWS, MOST_STEPS, Chosen, without_help

Measure = Literal["prevalence", "tpr", "fpr", "precision", "observed_over_expected", "calibration_intercept"]
Edge = Literal["low", "high"]

MEASURES: tuple[Measure, ...] = (
    "prevalence",
    "tpr",
    "fpr",
    "precision",
    "observed_over_expected",
    "calibration_intercept",
)

GAMMAS: tuple[float, ...] = (1.25, 1.5, 2.0)
"""Sizes of unrecorded reasons for help whose ranges are tabled."""

MOST_GAMMA = 20.0
"""A gap that stands at this is not looked at further."""

WHAT_IT_ASSUMES = (
    "These figures suppose that children alike in what is recorded were helped, or not, for reasons that have "
    "nothing to do with what would have happened. The records cannot show whether that is so; gamma says by how "
    "many times unrecorded reasons would have to change the odds of help to overturn a gap."
)
"""Stands beside every figure of this file."""


@dataclass(frozen=True)
class Range:
    """Between what a measure lies at one gamma; both ends with their own intervals."""

    gamma: float
    low: Outcome
    high: Outcome


def measure(part: Chosen, *, name: Measure) -> Outcome:
    """Estimate a measure against the outcome without help.

    Parameters
    ----------
    part
        Rows of a group, of everyone else or of everybody.
    name
        `observed_over_expected` and `calibration_intercept` need scores that are probabilities.

    Returns
    -------
    Estimate or Undefined
        Undefined below 10 rows without help or below 10 clusters. `k` counts rows without help with the outcome
        in the numerator, `n` all rows of the denominator.
    """
    return _at(part, name, gamma=1.0, edge="low")


def bound(part: Chosen, *, name: Measure, gamma: float) -> Range:
    """Bound a measure if unrecorded reasons changed the odds of help by up to `gamma` times; else as `measure`.

    Returns
    -------
    Range
        With sampling error, from the lower limit of `low` to the upper limit of `high`.
    """
    return Range(gamma, _at(part, name, gamma=gamma, edge="low"), _at(part, name, gamma=gamma, edge="high"))


def _at(part: Chosen, name: Measure, *, gamma: float, edge: Edge) -> Outcome:
    """Estimate one edge of a measure at one gamma."""
    reason = _why_not(part, name)
    if reason is not None:
        return reason
    flagged = part.rows.is_flagged
    # why: true positives are most where flagged rows would have had the outcome and the others would not
    is_high = flagged if name == "tpr" else ~flagged if name == "fpr" else np.ones_like(flagged)
    y = without_help(part.rows, part.chances, gamma=gamma, is_high=is_high == (edge == "high"))
    if name == "calibration_intercept":
        return _intercept(part, y)
    top, bottom = {
        "prevalence": (y, np.ones_like(y)),
        "tpr": (y * flagged, y),
        "fpr": ((1 - y) * flagged, 1 - y),
        "precision": (y * flagged, flagged.astype(np.float64)),
        "observed_over_expected": (y, np.zeros_like(y) if part.rows.score is None else part.rows.score),
    }[name]
    return _ratio(part, name, top, bottom)


def _why_not(part: Chosen, name: Measure) -> Undefined | None:
    """Say why a measure cannot be estimated in these rows; None when it can."""
    if int((~part.rows.is_helped).sum()) < MIN_ROWS:
        return Undefined(f"fewer than {MIN_ROWS} rows without help")
    if part.cluster_ids.size < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    if part.rows.score is None and name in ("observed_over_expected", "calibration_intercept"):
        return Undefined("needs scores that are probabilities; these are points")
    return None


def _ratio(part: Chosen, name: Measure, top: FloatArray, bottom: FloatArray) -> Outcome:
    """Estimate a ratio of sums; a share's interval is Wilson's with the design effect, another's is logarithmic."""
    below = float(bottom.sum())
    if below <= 0:
        return Undefined("nobody is in the denominator")
    is_share = name != "observed_over_expected"
    raw = float(top.sum()) / below
    # why: in few rows a doubly robust sum can leave the range of a share
    value = min(1.0, max(0.0, raw)) if is_share else max(0.0, raw)
    influence = _by_cluster(part, (top - raw * bottom) / below)
    variance = clustered_variance(influence)
    size = max(1.0, below)
    least = value * (1 - value) / size
    effect = max(1.0, variance / least) if is_share and least > 0 else 1.0
    degrees = part.cluster_ids.size - 1
    limits = _share_limits(value, size, effect, degrees) if is_share else _log_limits(value, variance, degrees)
    counted = part.rows.is_flagged if name in ("tpr", "precision") else np.ones_like(part.rows.is_flagged)
    return Estimate(
        value=value,
        k=int((part.has_outcome & counted).sum()),
        n=round(size) if name in ("tpr", "fpr", "precision") else part.place.size,
        clusters=part.cluster_ids.size,
        design_effect=effect,
        variance=max(variance, least) if is_share else variance,
        limits=limits,
        cluster_ids=part.cluster_ids,
        influence=influence,
    )


def _by_cluster(part: Chosen, by_row: FloatArray) -> FloatArray:
    """Add rows, cluster by cluster."""
    return np.bincount(part.place, by_row, minlength=part.cluster_ids.size).astype(np.float64)


def _share_limits(value: float, size: float, effect: float, degrees: int) -> Limits:
    """Close over Wilson's interval with a design effect, widened for few clusters."""

    def limits(level: float) -> tuple[float, float]:
        z = normal_quantile(level)
        n = size / (effect * (t_quantile(level, degrees) / z) ** 2)
        low, high = wilson(value * n, n, z)
        return float(low), float(high)

    return limits


def _log_limits(value: float, variance: float, degrees: int) -> Limits:
    """Close over an interval that is symmetric on the logarithm's scale."""

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, degrees) * math.sqrt(variance)
        return (value * math.exp(-half / value), value * math.exp(half / value)) if value > 0 else (0.0, half)

    return limits


def _intercept(part: Chosen, y: FloatArray) -> Outcome:
    """Estimate by how much the log-odds of all scores are too low for the outcome without help."""
    assert part.rows.score is not None
    offsets, total = log_odds(part.rows.score), float(y.sum())
    if not 0 < total < y.size:
        return Undefined("everybody, or nobody, would have the outcome without help")
    value, expected = _moved_to(offsets, total)
    information = float((expected * (1 - expected)).sum())
    influence = _by_cluster(part, (y - expected) / information)
    variance = max(clustered_variance(influence), 1 / information)
    degrees = part.cluster_ids.size - 1

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, degrees) * math.sqrt(variance)
        return value - half, value + half

    return Estimate(
        value=value,
        k=int(part.has_outcome.sum()),
        n=y.size,
        clusters=part.cluster_ids.size,
        design_effect=variance * information,
        variance=variance,
        limits=limits,
        cluster_ids=part.cluster_ids,
        influence=influence,
    )


def _moved_to(offsets: FloatArray, total: float) -> tuple[float, FloatArray]:
    """Find the intercept at which so many outcomes are expected, and each row's chance there."""
    value = float(logit(total / offsets.size) - logit(expit(offsets).mean()))
    for _ in range(MOST_STEPS):
        expected = expit(offsets + value)
        spread = float((expected * (1 - expected)).sum())
        step = (total - float(expected.sum())) / spread
        # why: far from the answer the curve bends, and a full step can overshoot
        value += max(-1.0, min(1.0, step))
        if abs(step) < ENOUGH:
            break
    return value, np.asarray(expit(offsets + value))


def vanishing_gamma(group: Chosen, rest: Chosen, *, name: Measure, is_sure: bool = False) -> float | Undefined | None:
    """Find the smallest gamma at which a group's gap to everyone else may be none.

    Parameters
    ----------
    group, rest
        Rows of the group, and all others.
    name
        As for `measure`.
    is_sure
        False: the point values must meet. True: the gap's interval need only touch 0; 1 where it does already.

    Returns
    -------
    float, None or Undefined
        At least 1; None where the gap stands even at `MOST_GAMMA`.
    """
    ours, theirs = measure(group, name=name), measure(rest, name=name)
    if isinstance(ours, Undefined):
        return ours
    if isinstance(theirs, Undefined):
        return theirs
    is_above = ours.value >= theirs.value
    edges: tuple[Edge, Edge] = ("low", "high") if is_above else ("high", "low")

    def left(gamma: float) -> float:
        first = _at(group, name, gamma=gamma, edge=edges[0])
        second = _at(rest, name, gamma=gamma, edge=edges[1])
        if isinstance(first, Undefined) or isinstance(second, Undefined):
            return 0.0
        if not is_sure:
            return first.value - second.value if is_above else second.value - first.value
        _, low, high = difference(first, second, LEVEL)
        return low if is_above else -high

    if left(1.0) <= 0:
        return 1.0
    if left(MOST_GAMMA) > 0:
        return None
    return float(brentq(left, 1.0, MOST_GAMMA, xtol=1e-3))
