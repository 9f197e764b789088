"""By how much groups truly differ in a measure, without what chance adds.

The largest gap between groups grows with the number of groups though nothing is wrong. The spread of groups does
not, once the chance part is taken off. It does not say which group stands out.

References
----------
Lum, Zhang and Bower (2022), FAccT, 379 (dispersion without what chance adds); Viechtbauer (2007), Statistics in
Medicine 26:37 (interval of a variance between groups).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri

from training.audit.statistics.estimate import (
    NO_CLUSTERS,
    NO_INFLUENCE,
    Estimate,
    FloatArray,
    Limits,
    Outcome,
    Undefined,
    dot,
)
from training.audit.statistics.simultaneous import joint_correlation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_HALVINGS = 60


def dispersion(outcomes: Sequence[Outcome], *, is_rate: bool = False) -> Outcome:
    """Estimate the standard deviation of a measure between groups.

    Parameters
    ----------
    outcomes
        The measure in each group of one characteristic; groups without a number are left out.
    is_rate
        Whether values lie between 0 and 1: then no upper limit is above what such values can spread at most.

    Returns
    -------
    Estimate or Undefined
        Root of the sample variance of the groups' values less the mean of their squared standard errors; what
        shared clusters make alike is given back. Exactly 0 means that the values vary no more than chance makes
        them (floored at 0). The interval inverts Cochran's Q. Undefined with fewer than two groups.
    """
    estimates = [each for each in outcomes if isinstance(each, Estimate) and 0 < each.variance < math.inf]
    if len(estimates) < 2:
        return Undefined("fewer than two groups have a number")
    values = np.array([each.value for each in estimates])
    variances = np.array([each.variance for each in estimates])
    spread = max(0.0, float(values.var(ddof=1)) - _by_chance(variances, joint_correlation(estimates)))
    ids = np.concatenate([each.cluster_ids for each in estimates])
    # why: as many groups at 0 as at 1 spread most
    most = math.sqrt((len(estimates) ** 2 // 4) / (len(estimates) * (len(estimates) - 1))) if is_rate else math.inf
    return Estimate(
        value=math.sqrt(spread),
        k=sum(each.k for each in estimates),
        n=sum(each.n for each in estimates),
        clusters=int(np.count_nonzero(np.bincount(ids))) if ids.size else sum(each.clusters for each in estimates),
        design_effect=1.0,
        variance=math.nan,
        limits=_limits(values, variances, most),
        cluster_ids=NO_CLUSTERS,
        influence=NO_INFLUENCE,
    )


def _by_chance(variances: FloatArray, correlation: FloatArray) -> float:
    """Give the sample variance that groups without any difference would have."""
    error = np.sqrt(variances)
    covariance = correlation * np.outer(error, error)
    groups = variances.size
    return float((np.trace(covariance) - covariance.sum() / groups) / (groups - 1))


def _limits(values: FloatArray, variances: FloatArray, most: float) -> Limits:
    """Close over the spreads at which Cochran's Q is as large, and as small, as chance lets it be."""

    def q(spread: float) -> float:
        weight = 1 / (variances + spread)
        centre = dot(weight, values) / weight.sum()
        return dot(weight, (values - centre) ** 2)

    def limits(level: float) -> tuple[float, float]:
        tail = (1 - level) / 2
        edges = (float(chdtri(values.size - 1, tail)), float(chdtri(values.size - 1, 1 - tail)))
        low, high = (_crossing(q, edge, values) for edge in edges)
        return min(math.sqrt(low), most), min(math.sqrt(high), most)

    return limits


def _crossing(q: Callable[[float], float], edge: float, values: FloatArray) -> float:
    """Find the variance between groups at which the falling Q reaches an edge; 0 when it begins below it."""
    if q(0.0) <= edge:
        return 0.0
    below, above = 0.0, max(float(values.var(ddof=1)), 1e-300)
    while q(above) > edge:
        below, above = above, 2 * above
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        below, above = (middle, above) if q(middle) > edge else (below, middle)
    return (below + above) / 2
