"""Many comparisons at once: adjusted p-values, and how the errors of several estimates go together.

Of twenty intervals at 95% one misses where nothing is wrong. Within the primary family that was named beforehand
the error of all is held together (Holm); for exploration it is the share of false finds that is held (Benjamini and
Hochberg). An adjusted p-value does not say how large a gap is, nor that there is none.

References
----------
Holm (1979), Scandinavian Journal of Statistics 6:65; Benjamini and Hochberg (1995), JRSS B 57:289;
Royen (2014), Far East Journal of Theoretical Statistics 48:139 (what is not known to be correlated may be taken for
independent).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from training.audit.statistics.estimate import Estimate, FloatArray, dot

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(p_values: FloatArray) -> FloatArray:
    """Adjust p-values so that the chance of any false find in the family stays below the level.

    Parameters
    ----------
    p_values
        One a comparison; NaN where there was none, which stays NaN and counts for nothing.

    Returns
    -------
    array
        In the same order.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    adjusted = np.full(p_values.shape, np.nan)
    stepwise = p_values[order] * np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepwise), 1.0)
    return adjusted


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """Adjust p-values so that of all finds the share of false ones stays below the level; parameters as for `holm`.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.04, 0.04]
    """
    # why not scipy.stats: this alone would make every audit wait a second for its import
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")[::-1]]
    adjusted = np.full(p_values.shape, np.nan)
    stepwise = p_values[order] * order.size / np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepwise), 1.0)
    return adjusted


def joint_correlation(estimates: Sequence[Estimate]) -> FloatArray:
    """Give the correlation of every two estimates' errors over the clusters that both share.

    Parameters
    ----------
    estimates
        Of any measures and sets of rows of one table.

    Returns
    -------
    array
        Square, 1 on the diagonal; 0 for an estimate without any spread, or of which no cluster is known. Taken for
        independent, estimates are held together a little too wide, never too narrow (Royen 2014).
    """
    if not estimates:
        return np.zeros((0, 0))
    ids = np.concatenate([each.cluster_ids for each in estimates])
    ends = np.cumsum([0, *(each.cluster_ids.size for each in estimates)])
    spreads = [math.sqrt(dot(each.influence, each.influence)) for each in estimates]
    scaled = [
        each.influence / spread if spread > 0 else np.zeros_like(each.influence)
        for each, spread in zip(estimates, spreads, strict=True)
    ]
    width = int(ids.max()) + 1 if ids.size else 1
    errors = csr_array((np.concatenate(scaled), ids, ends), shape=(len(estimates), width))
    together: FloatArray = np.asarray((errors @ errors.T).todense(), dtype=np.float64)
    np.fill_diagonal(together, 1.0)
    return np.clip(together, -1.0, 1.0)
