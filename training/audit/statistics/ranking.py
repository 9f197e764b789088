"""How well scores rank: AUC and average precision, with intervals from clusters.

A good ranking says nothing of the height of scores (see `calibration`). Scores are sorted once, from low to
high; ties count half in the AUC and share one threshold in average precision.

References
----------
DeLong et al. (1988), Biometrics 44:837; Obuchowski (1997), Biometrics 53:567 (clustered AUC);
Newcombe (2006), Statistics in Medicine 25:559 (interval for an AUC of 0 or 1).
"""

from __future__ import annotations

import math
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
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, normal_quantile, t_quantile, wilson

if TYPE_CHECKING:
    from collections.abc import Callable

MIN_EACH = 10
"""Below this many rows with, or without, the outcome, ranking is not worth printing (the statistics'
specification)."""


def too_few(outcome: BoolArray, clusters: int) -> Undefined | None:
    """Say why ranking and shape cannot be judged in these rows; None when they can."""
    positives = int(outcome.sum())
    if positives < MIN_EACH:
        return Undefined(f"fewer than {MIN_EACH} rows with the outcome")
    if outcome.size - positives < MIN_EACH:
        return Undefined(f"fewer than {MIN_EACH} rows without the outcome")
    if clusters < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    return None


def tie_groups(ascending: FloatArray) -> IntArray:
    """Give numbers to runs of equal scores from 0, low to high."""
    return np.concatenate([[0], np.cumsum(np.diff(ascending) != 0)]).astype(np.int64)


def auc(ascending: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate the chance that a row with the outcome scores above one without it; ties count half.

    Parameters
    ----------
    ascending
        Scores, sorted from low to high, on any scale.
    outcome
        One truth value a row.
    cluster
        Place of each row's cluster in `cluster_ids`.
    cluster_ids
        The clusters of these rows, ascending.

    Returns
    -------
    Estimate or Undefined
        DeLong's variance by cluster (Obuchowski), the interval on the logit scale with Student's t. Undefined
        below 10 rows with or without the outcome, or below 10 clusters.
    """
    reason = too_few(outcome, cluster_ids.size)
    if reason is not None:
        return reason
    above, below = _placements(ascending, outcome)
    n_ids, positives = cluster_ids.size, int(outcome.sum())
    negatives = outcome.size - positives
    value = float(above.sum() / positives)
    cluster_pos, cluster_neg = cluster[outcome], cluster[~outcome]
    of_pos: FloatArray = np.bincount(cluster_pos, above - value, minlength=n_ids).astype(np.float64)
    of_neg: FloatArray = np.bincount(cluster_neg, below - value, minlength=n_ids).astype(np.float64)
    with_pos, with_neg = (int(np.count_nonzero(np.bincount(each))) for each in (cluster_pos, cluster_neg))
    variance = (
        _share(with_pos) * dot(of_pos, of_pos) / positives**2
        + _share(with_neg) * dot(of_neg, of_neg) / negatives**2
        + 2 * _share(n_ids) * dot(of_pos, of_neg) / (positives * negatives)
    )
    independent = float(above.var(ddof=1)) / positives + float(below.var(ddof=1)) / negatives
    return Estimate(
        value=value,
        k=positives,
        n=outcome.size,
        clusters=n_ids,
        design_effect=max(1.0, variance / independent) if independent > 0 else 1.0,
        variance=variance,
        limits=_auc_limits(value, variance, with_pos, with_neg),
        cluster_ids=cluster_ids,
        influence=of_pos / positives + of_neg / negatives,
    )


def _share(count: int) -> float:
    """Give count / (count - 1), the correction of a variance from few clusters."""
    return count / (count - 1) if count > 1 else math.inf


def _placements(ascending: FloatArray, outcome: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Give for each positive the share of negatives below it, and for each negative of positives above."""
    run = tie_groups(ascending)
    positives, rows = np.bincount(run[outcome], minlength=run[-1] + 1), np.bincount(run)
    negatives = rows - positives
    below = (np.cumsum(negatives) - 0.5 * negatives) / negatives.sum()
    above = 1 - (np.cumsum(positives) - 0.5 * positives) / positives.sum()
    return below[run[outcome]], above[run[~outcome]]


def _auc_limits(value: float, variance: float, with_pos: int, with_neg: int) -> Limits:
    """Close over the interval of an AUC; without any spread a score interval stands in."""
    if not (0 < value < 1 and 0 < variance < math.inf):
        return lambda level: _newcombe(value, with_pos, with_neg, normal_quantile(level))
    centre, error = float(logit(value)), math.sqrt(variance) / (value * (1 - value))
    degrees = min(with_pos, with_neg) - 1

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, degrees) * error
        return float(expit(centre - half)), float(expit(centre + half))

    return limits


def _newcombe(value: float, m: int, n: int, z: float) -> tuple[float, float]:
    """Give Newcombe's score interval of an AUC (his method 5), which also exists at 0 and 1."""

    def is_inside(theta: float) -> bool:
        each = (m + n) / 2 - 1
        spread = theta * (1 - theta) * (1 + each * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m * n)
        return abs(theta - value) <= z * math.sqrt(spread)

    return _edge(is_inside, value, 0.0), _edge(is_inside, value, 1.0)


def _edge(is_inside: Callable[[float], bool], start: float, end: float) -> float:
    """Halve the way from a value inside to the end until the interval's edge is found."""
    inside, outside = start, end
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if is_inside(middle) else (inside, middle)
    return (inside + outside) / 2


def average_precision(ascending: FloatArray, outcome: BoolArray, cluster: IntArray, cluster_ids: IntArray) -> Outcome:
    """Estimate average precision: the mean, over rows with the outcome, of the precision at their score.

    It depends on how common the outcome is: never compare it bare between groups. Parameters as for `auc`.

    Returns
    -------
    Estimate or Undefined
        Variance linearised by cluster, the interval on the logit scale with Student's t; undefined as for
        `auc`.
    """
    reason = too_few(outcome, cluster_ids.size)
    if reason is not None:
        return reason
    run = tie_groups(ascending)
    at_or_above = np.cumsum(np.bincount(run)[::-1])[::-1]
    hits = np.cumsum(np.bincount(run, outcome)[::-1])[::-1]
    precision = hits / at_or_above
    positives_in_run = np.bincount(run, outcome)
    positives = int(outcome.sum())
    value = float((precision * positives_in_run).sum() / positives)
    # why: moving one row's weight moves the precision at every threshold at or below its own score
    gain = np.cumsum(positives_in_run / at_or_above)
    loss = np.cumsum(positives_in_run * precision / at_or_above)
    by_row = (outcome * (precision[run] - value + gain[run]) - loss[run]) / positives
    influence: FloatArray = np.bincount(cluster, by_row, minlength=cluster_ids.size).astype(np.float64)
    return share_like(value, influence, by_row, outcome, cluster_ids)


def share_like(
    value: float, influence: FloatArray, by_row: FloatArray, outcome: BoolArray, cluster_ids: IntArray
) -> Estimate:
    """Finish an estimate that lies between 0 and 1: interval on the logit scale with Student's t.

    Parameters
    ----------
    value
        The point value.
    influence, by_row
        What each cluster, and each row, adds to the estimate's error.
    outcome
        One truth value a row; gives k and n.
    cluster_ids
        The clusters, in the order of `influence`.
    """
    variance = clustered_variance(influence)
    independent = clustered_variance(by_row)
    degrees = influence.size - 1
    evidence = min(int(outcome.sum()), influence.size)

    def limits(level: float) -> tuple[float, float]:
        if not (0 < value < 1):  # without any spread Wilson's interval of none, or all, stands in
            low, high = wilson(value * evidence, evidence, normal_quantile(level))
            return float(low), float(high)
        half = t_quantile(level, degrees) * math.sqrt(variance) / (value * (1 - value))
        return float(expit(logit(value) - half)), float(expit(logit(value) + half))

    return Estimate(
        value=value,
        k=int(outcome.sum()),
        n=outcome.size,
        clusters=influence.size,
        design_effect=max(1.0, variance / independent) if independent > 0 else 1.0,
        variance=variance,
        limits=limits,
        cluster_ids=cluster_ids,
        influence=influence,
    )
