"""Many comparisons at once: adjusted p-values, and one level at which all intervals hold together.

Of twenty intervals at 95% one misses where nothing is wrong. Within the primary family that was named beforehand
the error of all is held together (Holm; max-t); for exploration it is the share of false finds that is held
(Benjamini and Hochberg). An adjusted p-value does not say how large a gap is, nor that there is none.

References
----------
Holm (1979), Scandinavian Journal of Statistics 6:65; Benjamini and Hochberg (1995), JRSS B 57:289;
Hothorn, Bretz and Westfall (2008), Biometrical Journal 50:346 (max-t from the joint normal distribution);
Royen (2014), Far East Journal of Theoretical Statistics 48:139 (what is not known to be correlated may be taken for
independent).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtr

from training.audit.statistics.estimate import LEVEL, Estimate, FloatArray, dot
from training.audit.statistics.intervals import correlation, difference, normal_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS = 40_000
"""Draws of the joint normal distribution; the level that they give is then good to 0.001."""

DECIMALS = 4
"""A drawn quantile is rounded to so many: it is no surer, and sums in another order give the same."""

_RIDGE = 1e-9
"""What the joint correlation is moved towards independence: a gap and its mirror image are one comparison."""


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


def gap(first: Estimate, second: Estimate, *, together: float | None = None) -> Estimate:
    """Give first minus second as an estimate of its own, so that gaps can be held together.

    Parameters
    ----------
    first, second
        Estimates of the same measure in two disjoint sets of rows.
    together
        Correlation of the two sides' errors; None: from what each cluster adds to them.

    Returns
    -------
    Estimate
        Its limits are those of `intervals.difference`; k and n are those of the first.
    """
    has_rows = np.zeros(max(int(side.cluster_ids.max(initial=-1)) for side in (first, second)) + 1, dtype=np.bool_)
    for side in (first, second):
        has_rows[side.cluster_ids] = True
    ids = np.flatnonzero(has_rows).astype(np.int64)
    influence = np.zeros(ids.size)
    influence[np.searchsorted(ids, first.cluster_ids)] += first.influence
    influence[np.searchsorted(ids, second.cluster_ids)] -= second.influence
    shared = correlation(first, second) if together is None else together

    def limits(level: float) -> tuple[float, float]:
        _, low, high = difference(first, second, level, together=shared)
        return low, high

    return Estimate(
        value=first.value - second.value,
        k=first.k,
        n=first.n,
        clusters=ids.size or first.clusters + second.clusters,
        design_effect=max(first.design_effect, second.design_effect),
        variance=first.variance + second.variance - 2 * shared * math.sqrt(first.variance * second.variance),
        limits=limits,
        cluster_ids=ids,
        influence=influence,
    )


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


def max_t(correlation: FloatArray, level: float, seed: int) -> float:
    """Give the number of standard errors that no estimate's error exceeds, at the level, all taken together.

    Parameters
    ----------
    correlation
        Of the estimates' errors.
    level
        Simultaneous confidence level between 0 and 1.
    seed
        Same seed, same draws.

    Returns
    -------
    float
        At least the two-sided normal quantile of one interval, at most that of Bonferroni.
    """
    count = len(correlation)
    least = normal_quantile(level)
    if count < 2:
        return least
    root = np.linalg.cholesky(_made_definite(correlation))
    draws = np.random.default_rng(seed).standard_normal((DRAWS, count))
    largest = np.abs(draws @ root.T).max(axis=1)
    most = normal_quantile(1 - (1 - level) / count)
    return min(max(round(float(np.quantile(largest, level)), DECIMALS), least), most)


def _made_definite(correlation: FloatArray) -> FloatArray:
    """Move a correlation matrix as little towards independence as makes it positive definite."""
    lowest = float(np.linalg.eigvalsh(correlation)[0])
    # why: estimates pieced together from pairs need not be jointly possible to the last digit
    needed = _RIDGE + max(0.0, -lowest)
    return np.asarray((correlation + needed * np.eye(len(correlation))) / (1 + needed))


def max_t_quantile(estimates: Sequence[Estimate], level: float, seed: int) -> float:
    """Give the number of standard errors at which the intervals of all estimates hold together.

    Parameters
    ----------
    estimates
        The family; gaps come from `gap`. Estimates that move together cost less than Bonferroni asks.
    level
        Simultaneous confidence level between 0 and 1.
    seed
        Same seed, same draws.
    """
    return max_t(joint_correlation(estimates), level, seed)


def simultaneous_level(estimates: Sequence[Estimate], *, level: float = LEVEL, seed: int = 0) -> float:
    """Give the level at which each interval must be asked for, so that all hold together at `level`.

    Parameters
    ----------
    estimates
        The family, as for `max_t_quantile`.
    level
        Simultaneous confidence level between 0 and 1.
    seed
        Same seed, same draws.

    Returns
    -------
    float
        For `Estimate.limits` and `intervals.difference`; few clusters are allowed for there (Student's t).
    """
    return 2 * float(ndtr(max_t_quantile(estimates, level, seed))) - 1
