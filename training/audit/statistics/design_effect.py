"""Design effects: how much less many rows of few clusters tell, and how unsure that itself is.

References
----------
Rao and Scott (1992), Biometrics 48:577; Kish (1965), Survey Sampling (design effect, effective numbers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtrit

if TYPE_CHECKING:
    import numpy.typing as npt

    from training.audit.statistics.estimate import FloatArray

DEGREES_A_CLUSTER = 8.0
"""Degrees of freedom of a design effect for each effective cluster with the outcome: chosen by
`experiments/e002_interval_coverage`, where Student's t of all clusters held the truth too often in few of them, and
where rows of a cluster go together too seldom at low rates."""


def design_effects(
    k: npt.ArrayLike, n: npt.ArrayLike, clusters: npt.ArrayLike, spread: npt.ArrayLike, *, is_clustered: npt.ArrayLike
) -> FloatArray:
    """Give design effects, which may lie below 1; with k or n - k of 0 or 1 the clusters themselves are the sample.

    Parameters
    ----------
    k, n, clusters, spread, is_clustered
        As in `intervals.Summed`, of one shape. `n` and `clusters` above 0.
    """
    k, n, clusters = np.asarray(k, np.float64), np.asarray(n, np.float64), np.asarray(clusters, np.float64)
    has_both = (k > 0) & (k < n)
    single = np.where(has_both, k * (n - k) / n**3, 1.0)
    estimated = np.asarray(spread) * clusters / np.maximum(clusters - 1, 1) / single
    # why: a single row shows nothing of how alike its cluster is; there too the clusters are at most the sample
    is_single = np.minimum(k, n - k) <= 1
    estimated = np.where(is_single, np.maximum(estimated, n / clusters), estimated)
    return np.where(is_clustered, np.where(has_both, estimated, n / clusters), 1.0)


def divisor(
    effect: npt.ArrayLike, effective: npt.ArrayLike, *, is_estimated: npt.ArrayLike, level: float
) -> FloatArray:
    """Give what counts are divided by before Wilson's interval is taken; parameters as for `intervals.rate_limits`."""
    degrees = DEGREES_A_CLUSTER * np.maximum(np.asarray(effective, dtype=np.float64), 1)
    wider = (stdtrit(degrees, 0.5 + level / 2) / ndtri(0.5 + level / 2)) ** 2
    widened: FloatArray = np.maximum(1.0, np.asarray(effect) * np.where(is_estimated, wider, 1.0))
    return widened


def effective_clusters(
    k: npt.ArrayLike, k_squared: npt.ArrayLike, rest: npt.ArrayLike, rest_squared: npt.ArrayLike
) -> FloatArray:
    """Give how many equal clusters the fewer of those counted, and those not, would come from.

    Parameters
    ----------
    k, k_squared
        Sum over clusters of the numerator, and of its square.
    rest, rest_squared
        The same of the rest of the denominator.
    """
    sides = [
        np.asarray(one, np.float64) ** 2 / np.maximum(np.asarray(squared, np.float64), 1e-300)
        for one, squared in ((k, k_squared), (rest, rest_squared))
    ]
    return np.minimum(*sides)
