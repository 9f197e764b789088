"""How well many columns together tell a group: ridge logistic regression, fitted on some families, tried on others.

That columns tell a group does not mean that a score uses it; it means that the score could, without ever being told.
Nothing fitted here is kept or leaves the audit. This file knows arrays; it knows no group by name.

References
----------
Böhning and Lindsay (1988), Annals of the Institute of Statistical Mathematics 40:641 (the bound on the curvature: each
step is sure to improve, and one factorisation serves all groups and steps).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, logit

if TYPE_CHECKING:
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

FOLDS = 5
STEPS = 12
FURTHEST = 5.0
"""Values further from the mean than so many standard deviations are drawn in to there."""

LEAST_MISSING = 0.01
"""Whether a column has a value is a column of its own where so many have none."""

SEED = 20_100
"""Which family falls into which fold hangs on this number and on nothing else."""

DIGITS = 9
"""Predictions are compared to so many decimals: sums in another order may differ in later ones."""


def folds_of(cluster: IntArray, folds: int = FOLDS) -> IntArray:
    """Put whole clusters into folds of about equal size, the same each time.

    Parameters
    ----------
    cluster
        Number of each row's cluster, from 0.
    folds
        How many folds.
    """
    shuffled = np.random.default_rng(SEED).permutation(int(cluster.max(initial=-1)) + 1)
    return (shuffled[cluster] % folds).astype(np.int64)


def told_together(values: FloatArray, is_in: BoolArray, cluster: IntArray) -> FloatArray:
    """Score each row for each group by what its columns look like, from other families.

    Parameters
    ----------
    values
        Rows by columns; NaN is missing, and whether a value is missing counts as a column too.
    is_in
        Rows by groups.
    cluster
        Number of each row's cluster, from 0.

    Returns
    -------
    array
        Rows by groups: the row's place among those of its fold, between 0 and 1, ties sharing theirs; a half for all
        where a fold's other rows are all, or none, in the group. A higher place means: more like the group.
    """
    wide, fold = _standardised(values), folds_of(cluster)
    placed = np.full(is_in.shape, 0.5)
    for one in range(FOLDS):
        tried = fold == one
        if not tried.any() or tried.all():
            continue
        said = _predictions(wide[~tried], is_in[~tried].astype(np.float64), wide[tried])
        placed[tried] = np.apply_along_axis(places, 0, np.round(said, DIGITS))
    return placed


def places(values: FloatArray) -> FloatArray:
    """Give each value's place among all of them, between 0 and 1; ties share their middle.

    Examples
    --------
    >>> places(np.array([3.0, 1.0, 3.0, 9.0])).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    _, which, n = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(n) - n / 2
    out: FloatArray = middle[which] / values.size
    return out


def _standardised(values: FloatArray) -> FloatArray:
    """Bring columns to mean 0 and standard deviation 1, missing values to the mean; drop what is constant or twice."""
    is_missing = np.isnan(values)
    share = is_missing.mean(axis=0)
    says_more = (share >= LEAST_MISSING) & (share < 1)
    there = values[:, share < 1]
    gone = is_missing[:, share < 1]
    n = np.maximum((~gone).sum(axis=0), 1)
    mean = np.where(gone, 0, there).sum(axis=0) / n
    filled = np.where(gone, mean, there)
    every = np.concatenate([filled, is_missing[:, says_more].astype(np.float64)], axis=1)
    spread = every.std(axis=0)
    varied = (every - every.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    texts = [column.tobytes() for column in np.round(varied.T, DIGITS)]
    first = sorted({text: at for at, text in reversed(list(enumerate(texts)))}.values())
    out: FloatArray = np.clip(varied[:, first], -FURTHEST, FURTHEST)
    return out


def _predictions(known: FloatArray, targets: FloatArray, asked: FloatArray) -> FloatArray:
    """Fit all groups at once and give the log-odds of each row that is asked about.

    The penalty is the number of columns: as if, before looking, all of them together told the groups apart by about one
    on the log-odds scale.
    """
    columns = known.shape[1]
    mean = targets.mean(axis=0)
    constant = (mean == 0) | (mean == 1)
    share = np.where(constant, 0.5, mean)
    gram, penalty = known.T @ known, float(max(columns, 1)) * np.eye(columns)
    level, slopes = logit(share), _first_guess(known, targets - share, (gram, penalty), share * (1 - share))
    factor = cho_factor(gram / 4 + penalty)
    for _ in range(STEPS):
        left = targets - expit(known @ slopes + level)
        slopes = slopes + cho_solve(factor, known.T @ left - columns * slopes)
        level = level + 4 * left.mean(axis=0)
    out: FloatArray = np.where(constant, 0.0, asked @ slopes + level)
    return out


def _first_guess(
    known: FloatArray, left: FloatArray, parts: tuple[FloatArray, FloatArray], curvature: FloatArray
) -> FloatArray:
    """Give the linear discriminant of each group, from which the steps begin."""
    gram, penalty = parts
    towards = known.T @ left
    return np.column_stack(
        [cho_solve(cho_factor(gram * c + penalty), towards[:, at]) for at, c in enumerate(curvature)]
    )
