"""Ratios of two shares at an equal stage: pooled over strata, with siblings and snapshots not counted as strangers.

The pooled ratio is that of Mantel and Haenszel; its interval is on the log scale, from what each cluster adds. A ratio
at an equal stage says that something is written, or happens, more often to one group than to another in like places of
the system. It does not say why. This file knows arrays; it knows no group by name and no report.

References
----------
Mantel and Haenszel (1959), Journal of the National Cancer Institute 22:719; Greenland and Robins (1985), Biometrics
41:55 (the ratio of shares).
"""

from __future__ import annotations

import math

import numpy as np

from training.audit.statistics.estimate import BoolArray, Estimate, FloatArray, IntArray, Limits, Outcome, Undefined
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, t_quantile

WIDEST = 1e6
"""No limit lies further from its ratio than so many times: what two events say is not printed as endless."""


def ratio_at_equal_stage(is_counted: BoolArray, is_first: BoolArray, *, stage: IntArray, cluster: IntArray) -> Outcome:
    """Give how many times the share of one group is that of another, pooled over strata.

    Parameters
    ----------
    is_counted
        One truth value a row: whether it is in the numerator.
    is_first
        Whether the row is of the first group; otherwise it is of the second. Leave out the rows of neither.
    stage
        Number of each row's stratum, from 0. A stratum with rows of one group alone says nothing and adds nothing.
    cluster
        Number of each row's cluster.

    Returns
    -------
    Estimate or Undefined
        `k` of `n`: rows of the first group in the numerator, and rows of the first group, where the two groups meet.
        Degrees of freedom come of the clusters with a counted row, in the group that has fewer of them. Undefined below
        10 clusters, and where nobody of one group is counted.

    Examples
    --------
    >>> import numpy as np
    >>> counted = np.array([True, True, False, False] * 6 + [True, False, False, False] * 6)
    >>> is_first, one_stage = np.repeat([True, False], 24), np.zeros(48, np.int64)
    >>> ratio_at_equal_stage(counted, is_first, stage=one_stage, cluster=np.arange(48)).value
    2.0
    >>> ratio_at_equal_stage(counted, ~one_stage.astype(bool), stage=one_stage, cluster=np.arange(48))
    Undefined(reason='the two groups meet at no stage')
    """
    n_1, n_0 = (np.bincount(stage, part, minlength=1).astype(np.float64) for part in (is_first, ~is_first))
    here = (n_1 * n_0 > 0)[stage]
    if not here.any():
        return Undefined("the two groups meet at no stage")
    ids, place = np.unique(cluster[here], return_inverse=True)
    if ids.size < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    counted, first = is_counted[here], is_first[here]
    of_top, of_bottom = _added(counted, first, stage[here], (n_1, n_0))
    top, bottom = float(of_top.sum()), float(of_bottom.sum())
    if not (counted & first).any() or not (counted & ~first).any():
        return Undefined("nobody of one of the two groups is counted")
    by_row = of_top / top - of_bottom / bottom
    influence: FloatArray = np.bincount(place, by_row, minlength=ids.size).astype(np.float64)
    variance, independent = clustered_variance(influence), clustered_variance(by_row)
    fewest = min(np.unique(place[counted & first]).size, np.unique(place[counted & ~first]).size)
    value = top / bottom
    return Estimate(
        value=value,
        k=int((counted & first).sum()),
        n=int(first.sum()),
        clusters=ids.size,
        design_effect=max(1.0, variance / independent) if independent > 0 else 1.0,
        variance=value * value * variance,
        limits=log_limits(value, math.sqrt(variance), fewest - 1),
        cluster_ids=ids.astype(np.int64),
        influence=value * influence,
    )


def _added(
    counted: BoolArray, first: BoolArray, stage: IntArray, sizes: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Give what each row adds to the sums above and below the line, itself and by the sizes that it changes."""
    n_1, n_0 = sizes
    n = np.maximum(n_1 + n_0, 1)
    y_1 = np.bincount(stage, counted & first, minlength=n.size)
    y_0 = np.bincount(stage, counted & ~first, minlength=n.size)
    # why: the sums are of degree one in the rows, so what the rows add sums to the sums themselves
    of_top = np.where(first, (counted * n_0[stage]) / n[stage] - (y_1 * n_0 / n**2)[stage], (y_1 * n_1 / n**2)[stage])
    of_bottom = np.where(
        first, (y_0 * n_0 / n**2)[stage], (counted * n_1[stage]) / n[stage] - (y_0 * n_1 / n**2)[stage]
    )
    return of_top, of_bottom


def log_limits(value: float, error: float, degrees: int) -> Limits:
    """Give the interval of a ratio whose logarithm has this standard error."""

    def limits(level: float) -> tuple[float, float]:
        half = min(t_quantile(level, degrees) * error, math.log(WIDEST))
        return value * math.exp(-half), value * math.exp(half)

    return limits
