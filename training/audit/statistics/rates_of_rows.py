"""Rates of rows and the gap between two of them, each as an estimate of its own.

For what is looked at beside the score. It knows arrays of rows and the families that they belong to.
"""

from __future__ import annotations

import math

import numpy as np

from training.audit.statistics.estimate import BoolArray, Estimate, IntArray, Outcome, Undefined
from training.audit.statistics.intervals import correlation, difference, rate


def rate_of_rows(is_counted: BoolArray, cluster: IntArray) -> Outcome:
    """Give the share of rows that are counted, with its interval.

    Parameters
    ----------
    is_counted
        One truth value a row of the denominator.
    cluster
        Number of each row's cluster.
    """
    ids, place = np.unique(cluster, return_inverse=True)
    k = np.bincount(place, is_counted, minlength=ids.size).astype(np.float64)
    n = np.bincount(place, minlength=ids.size).astype(np.float64)
    return rate(k, n, ids.astype(np.int64))


def gap_between(is_counted: BoolArray, is_first: BoolArray, cluster: IntArray) -> Outcome:
    """Give the share of some rows that are counted less that of all others.

    Parameters
    ----------
    is_counted, is_first
        One truth value a row.
    cluster
        Number of each row's cluster.
    """
    first, others = (rate_of_rows(is_counted[rows], cluster[rows]) for rows in (is_first, ~is_first))
    return gap_of(first, others)


def gap_of(first: Outcome, second: Outcome) -> Outcome:
    """Give first minus second as an estimate of its own.

    Parameters
    ----------
    first, second
        Estimates of the same quantity in two disjoint sets of rows.

    Returns
    -------
    Estimate or Undefined
        `k` and `n` are the rows of the first denominator and of both.
    """
    if isinstance(first, Undefined):
        return first
    if isinstance(second, Undefined):
        return second
    one, other = first, second
    ids = np.union1d(one.cluster_ids, other.cluster_ids)
    influence = np.zeros(ids.size)
    influence[np.searchsorted(ids, one.cluster_ids)] += one.influence
    influence[np.searchsorted(ids, other.cluster_ids)] -= other.influence
    spread = one.variance / one.design_effect + other.variance / other.design_effect
    variance = one.variance + other.variance - 2 * _covariance(one, other)
    return Estimate(
        value=one.value - other.value,
        k=one.n,
        n=one.n + other.n,
        clusters=ids.size,
        design_effect=max(1.0, variance / spread) if spread > 0 else 1.0,
        variance=variance,
        limits=lambda level: difference(one, other, level)[1:],
        cluster_ids=ids.astype(np.int64),
        influence=influence,
    )


def _covariance(one: Estimate, other: Estimate) -> float:
    return correlation(one, other) * math.sqrt(one.variance * other.variance)
