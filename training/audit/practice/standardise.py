"""What a group's share would have been as everyone else's, at equal recorded age, need and deprivation.

A share of a group is held against the share that was to be expected of the same children, had the same come about for
them as for the others who are alike on record: a logistic model of the others alone gives it (marginal
standardisation to the group, g-computation). Both are as unsure as their clusters are. Equal on record does not mean
equal: what nobody wrote down, nobody can hold equal. This file knows arrays and columns; it knows no step and no page.

References
----------
Robins (1986), Mathematical Modelling 7:1393 (g-computation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.special import expit, logit

from training.audit.statistics import intervals
from training.audit.statistics.estimate import BoolArray, Estimate, FloatArray, IntArray, Limits, Outcome, Undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_OF_EITHER = 10
"""Fewer of the others to whom it happened, or to whom it did not, say too little of what was to be expected."""

MOST_CATEGORIES = 6
"""A number with more values than this is cut into so many parts of about equal size: no curve is assumed."""

PULL = 0.25
"""How far categories are drawn to each other, as if by a normal prior of standard deviation 2 on the log-odds: enough
that an empty category does no harm, and next to nothing where there are children."""

STEPS, CLOSE = 50, 1e-9


@dataclass(frozen=True)
class Alike:
    """Rows that are alike on record share a pattern.

    Parameters
    ----------
    of_row
        The pattern of each row.
    design
        One line a pattern: 1, then one indicator a category; sparse, so that no thread adds in an order of its own.
    """

    of_row: IntArray
    design: csr_array

    def of(self, rows: BoolArray) -> Alike:
        """Give the same patterns for some of the rows."""
        return Alike(self.of_row[rows], self.design)

    def mean(self, values: FloatArray) -> FloatArray:
        """Spread one number a pattern over the rows."""
        return values[self.of_row]


def alike(table: pl.DataFrame, columns: Sequence[str]) -> Alike:
    """Find rows that are alike in some columns.

    Parameters
    ----------
    table
        One row a child, or a time that somebody asked.
    columns
        Numbers or text; missing is a category of its own.

    Returns
    -------
    Alike
        With no columns all rows are alike.
    """
    if not columns:
        return Alike(np.zeros(table.height, dtype=np.int64), csr_array(np.ones((1, 1))))
    codes = np.column_stack([_categories(table[name]) for name in columns])
    patterns, of_row = np.unique(codes, axis=0, return_inverse=True)
    parts = [np.ones((len(patterns), 1))]
    for place in range(codes.shape[1]):
        kinds = np.unique(codes[:, place])
        # why: the commonest category is the one that others are told from
        usual = kinds[np.argmax([(codes[:, place] == kind).sum() for kind in kinds])]
        others = kinds[kinds != usual]
        parts.append((patterns[:, [place]] == others[None, :]).astype(np.float64))
    return Alike(of_row.reshape(-1).astype(np.int64), csr_array(np.hstack(parts)))


def _categories(values: pl.Series) -> IntArray:
    """Give a number to each category of a column; -1 where it is missing."""
    if values.dtype.is_numeric() and values.n_unique() > MOST_CATEGORIES:
        shares = np.arange(1, MOST_CATEGORIES) / MOST_CATEGORIES
        known = values.drop_nulls().cast(pl.Float64).to_numpy()
        # why: a part begins above its edge, so that the many who have none of something stay together
        edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
        numbers = np.searchsorted(edges, values.fill_null(0).cast(pl.Float64).to_numpy(), side="left")
    else:
        numbers = values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    return np.where(values.is_null().to_numpy(), -1, numbers).astype(np.int64)


def expected(happened: FloatArray, among: Alike, cluster: IntArray, *, group: BoolArray, others: BoolArray) -> Outcome:
    """Estimate the share of a group to be expected, had it come about for them as for others alike on record.

    Parameters
    ----------
    happened
        0 or 1 for every row.
    among
        Who is alike.
    cluster
        The cluster of each row.
    group, others
        Whose share is expected, and whom the model is fitted on; no row in both.

    Returns
    -------
    Estimate or Undefined
        `k` is the number expected. Undefined where the others are too few of either kind.
    """
    yes = float(happened[others].sum())
    if min(yes, float(others.sum()) - yes) < FEWEST_OF_EITHER:
        return Undefined(f"fewer than {FEWEST_OF_EITHER} of the others to whom it happened, or to whom it did not")
    if not group.any():
        return Undefined("nobody is in the denominator")
    chance, curvature = _fit(happened, among, others)
    of_group = among.of(group).mean(chance)
    value, n = float(of_group.mean()), int(group.sum())
    influence = np.zeros(len(happened))
    influence[group] = (of_group - value) / n
    pattern_counts = np.bincount(among.of_row[group], minlength=len(chance)) / n
    slope = among.design.T @ (pattern_counts * chance * (1 - chance))
    pull = among.design @ np.linalg.solve(curvature, slope)
    influence[others] = (happened - among.mean(chance))[others] * among.mean(pull)[others]
    ids, per_cluster = _by_cluster(influence, cluster, group | others)
    variance = intervals.clustered_variance(per_cluster)
    return Estimate(
        value=value,
        k=round(value * n),
        n=n,
        clusters=ids.size,
        design_effect=1.0,
        variance=variance,
        limits=_logit_limits(value, variance, ids.size),
        cluster_ids=ids,
        influence=per_cluster,
    )


def _fit(happened: FloatArray, among: Alike, rows: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Fit the logistic model; the chance in each pattern, and the curvature at the optimum."""
    design, width = among.design, among.design.shape[1]
    n = np.bincount(among.of_row[rows], minlength=design.shape[0]).astype(np.float64)
    k = np.bincount(among.of_row[rows], weights=happened[rows], minlength=design.shape[0])
    pull = np.full(width, PULL)
    pull[0] = 0.0
    weights = np.zeros(width)
    weights[0] = logit(k.sum() / n.sum())
    for _ in range(STEPS):
        chance = expit(design @ weights)
        weighted = design.multiply((n * chance * (1 - chance))[:, None])
        curvature = (weighted.T @ design).toarray() + np.diag(pull)
        step = np.linalg.solve(curvature, design.T @ (k - n * chance) - pull * weights)
        # why: from a poor start a whole step of Newton's may leap over the optimum
        weights = weights + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < CLOSE:
            break
    return expit(design @ weights), curvature


def _by_cluster(influence: FloatArray, cluster: IntArray, rows: BoolArray) -> tuple[IntArray, FloatArray]:
    """Add up what each cluster contributes."""
    ids, place = np.unique(cluster[rows], return_inverse=True)
    summed = np.bincount(place, weights=influence[rows], minlength=ids.size)
    return ids.astype(np.int64), summed.astype(np.float64)


def _logit_limits(value: float, variance: float, clusters: int) -> Limits:
    """Close over what the interval of an expected share needs: symmetric in log-odds."""
    spread = math.sqrt(variance) / (value * (1 - value)) if 0 < value < 1 else 0.0

    def limits(level: float) -> tuple[float, float]:
        half = intervals.t_quantile(level, clusters - 1) * spread
        centre = float(logit(value))
        return float(expit(centre - half)), float(expit(centre + half))

    return limits


def share_of(happened: FloatArray, cluster: IntArray, rows: BoolArray) -> Outcome:
    """Estimate the share of some rows to whom it happened, clustered."""
    ids, place = np.unique(cluster[rows], return_inverse=True)
    n = np.bincount(place, minlength=ids.size).astype(np.float64)
    k = np.bincount(place, weights=happened[rows], minlength=ids.size).astype(np.float64)
    return intervals.rate(k, n, ids.astype(np.int64))
