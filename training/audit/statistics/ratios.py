"""How far two shares are apart, as a difference and as a ratio, where neither need be large and rows are not people.

Each side's own limits are squared and added, on the log scale for a ratio; what families on both sides share is taken
off. This file knows estimates; it knows no group, no step and no report.

References
----------
Zou and Donner (2008), Statistics in Medicine 27:1693 (limits of a ratio from limits of its parts); Rao and Scott
(1992), Biometrics 48:577; Satterthwaite (1946), Biometrics Bulletin 2:110 (degrees of freedom of a variance).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import ndtr

from training.audit.statistics import intervals
from training.audit.statistics.estimate import Estimate, FloatArray, Limits, Outcome, Undefined, dot


def as_unsure_as_it_is(share: Estimate) -> Estimate:
    """Widen a share's limits for what is not known of its design effect.

    A design effect is estimated from the few families in which something happened, not from all: its degrees of freedom
    are as many as the spread of the families' influence allows (Satterthwaite). Tried with 300 families, 47 events and
    a correlation of .1 within families, a 95% interval of the ratio covered 94.1%, and so widened 94.7%.
    """
    if share.design_effect <= 1:
        return share
    degrees = degrees_of(share.influence)

    def limits(level: float) -> tuple[float, float]:
        usual = intervals.t_quantile(level, share.clusters - 1)
        asked = intervals.normal_quantile(level) * intervals.t_quantile(level, degrees) / usual
        return share.limits(float(2 * ndtr(max(asked, intervals.normal_quantile(level))) - 1))

    return replace(share, limits=limits)


def degrees_of(influence: FloatArray) -> int:
    """Give the degrees of freedom of a variance that is summed from squares of influence."""
    squares = influence**2
    total = float(squares.sum())
    spread = dot(squares, squares) / (total * total) - 1 / influence.size if total > 0 else 0.0
    return influence.size - 1 if spread <= 0 else max(1, min(influence.size - 1, round(2 / spread)))


def gap_of(first: Outcome, second: Outcome) -> Outcome:
    """Estimate first minus second, of shares; undefined where either is."""
    if isinstance(first, Undefined):
        return first
    if isinstance(second, Undefined):
        return second
    one, other = as_unsure_as_it_is(first), as_unsure_as_it_is(second)

    def limits(level: float) -> tuple[float, float]:
        _, low, high = intervals.difference(one, other, level)
        return low, high

    return _of_both(first, second, first.value - second.value, limits=limits, weights=(1.0, -1.0))


def ratio_of(first: Outcome, second: Outcome) -> Outcome:
    """Estimate how many times as large the first share is as the second, with limits on the log scale.

    Parameters
    ----------
    first, second
        Shares of disjoint rows, or a share and what was expected of the same rows.

    Returns
    -------
    Estimate or Undefined
        Undefined where either is, or where the second is 0. Where the first is 0 the lower limit is 0.
    """
    if isinstance(first, Undefined):
        return first
    if isinstance(second, Undefined):
        return second
    if second.value <= 0:
        return Undefined("it happened to nobody that the group is compared with")
    value, weights = first.value / second.value, (1 / second.value, -first.value / second.value**2)
    return _of_both(
        first,
        second,
        value,
        limits=_ratio_limits(as_unsure_as_it_is(first), as_unsure_as_it_is(second)),
        weights=weights,
    )


def _ratio_limits(first: Estimate, second: Estimate) -> Limits:
    """Close over both shares: each side's own limits, squared and added on the log scale."""
    together = intervals.correlation(first, second)

    def limits(level: float) -> tuple[float, float]:
        low_1, high_1 = first.limits(level)
        low_2, high_2 = second.limits(level)
        if first.value <= 0 or low_2 <= 0:
            return 0.0, high_1 / low_2 if low_2 > 0 else math.inf
        centre = math.log(first.value / second.value)
        down = intervals.square_and_add(math.log(first.value / low_1), math.log(high_2 / second.value), together)
        up = intervals.square_and_add(math.log(high_1 / first.value), math.log(second.value / low_2), together)
        return math.exp(centre - down), math.exp(centre + up)

    return limits


def _of_both(
    first: Estimate, second: Estimate, value: float, *, limits: Limits, weights: tuple[float, float]
) -> Estimate:
    """Put together what is estimated from two shares; counts are those of the first."""
    ids = np.union1d(first.cluster_ids, second.cluster_ids)
    influence = np.zeros(ids.size)
    for part, weight in ((first, weights[0]), (second, weights[1])):
        influence[np.searchsorted(ids, part.cluster_ids)] += weight * part.influence
    size = ids.size
    return Estimate(
        value=value,
        k=first.k,
        n=first.n,
        clusters=first.clusters,
        design_effect=first.design_effect,
        variance=size / (size - 1) * dot(influence, influence) if size > 1 else math.inf,
        limits=limits,
        cluster_ids=ids,
        influence=influence,
    )
