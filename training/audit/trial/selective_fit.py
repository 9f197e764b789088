"""What would have happened to each child without help, as far as those who were not helped can tell.

Help lowers the outcome of those helped, so that a helped child without the outcome is no proof that no help was
needed. For each row this file estimates how likely help was and how likely the outcome was without it, both from
other families' rows, and joins the two into one number a row whose mean is right if either of them is (doubly
robust). That number is no statement about a child: it can lie below 0 or above 1, and only sums of many mean
something.

It takes for granted that children alike in everything given here were helped or not for reasons that have nothing
to do with the outcome. That is never quite so: `gamma` says by how much it may fail, and widens every figure.

References
----------
Coston, Mishler, Kennedy and Chouldechova (2020), Counterfactual risk assessments, evaluation, and fairness,
arXiv 1909.00066; Tan (2006), JASA 101:1619 (marginal sensitivity model); Dorn, Guo and Kallus (2021), arXiv
2112.11449 (its sharp bounds for an outcome of two values).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray, Undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 5
"""Families are divided into so many parts; each part's chances come from the other parts."""

MOST_LIKELY_HELPED = 0.95
"""A chance of help above this is held at it: beyond, one child not helped would speak for 20 or more."""

RIDGE = 1.0
"""Penalty on each coefficient of a column of unit spread; the intercept has none."""

MIN_ROWS = 10
"""Below so many rows without help, with and without the outcome, nothing is estimated."""

MIN_VALUE_ROWS = 20
"""A characteristic's value with fewer rows has no column of its own in the models."""

MOST_STEPS = 50
ENOUGH = 1e-8
"""A step this small ends a fit."""


@dataclass(frozen=True)
class HelpedRows:
    """Rows of an audit of which it is known who was helped; one place a row in every array.

    Parameters
    ----------
    outcome
        As recorded, after help where there was help.
    is_helped, is_flagged
        Help began after the day of the score; the score is at or above the cut-off.
    score
        Probabilities, or None where scores are on another scale.
    covariates
        Rows by columns: the score's log-odds (or the score), recorded need, and whatever else may have led to help;
        known before it began. NaN where not recorded, which is a fact of its own.
    cluster, child
        Numbers from 0.
    """

    outcome: BoolArray
    is_helped: BoolArray
    is_flagged: BoolArray
    score: FloatArray | None
    covariates: FloatArray
    cluster: IntArray
    child: IntArray


@dataclass(frozen=True)
class Chances:
    """For each row how likely help was, and how likely the outcome was without help.

    Parameters
    ----------
    help
        Held at `MOST_LIKELY_HELPED`.
    outcome
        Without help.
    n_held
        Rows without help whose chance of help had to be held.
    """

    help: FloatArray
    outcome: FloatArray
    n_held: int


def estimate_chances(rows: HelpedRows, characteristics: Sequence[IntArray] = ()) -> Chances | Undefined:
    """Estimate both chances of each row from the rows of other clusters, by ridge logistic regression.

    Parameters
    ----------
    rows
        Rows of one audit.
    characteristics
        Codes of each characteristic by which results will be split. They enter the models: where help differs
        between groups at equal need, leaving them out would bias every group's figures.

    Returns
    -------
    Chances or Undefined
        Undefined where hardly anybody went without help, with the outcome and without.
    """
    without = ~rows.is_helped
    positives = int((without & rows.outcome).sum())
    if positives < MIN_ROWS or int(without.sum()) - positives < MIN_ROWS:
        return Undefined(f"fewer than {MIN_ROWS} rows without help with the outcome, or without it")
    x = _design(rows.covariates, characteristics)
    fold = np.unique(rows.cluster, return_inverse=True)[1] % FOLDS
    all_rows = np.ones(fold.size, dtype=np.bool_)
    helped = _from_other_folds(x, rows.is_helped, fold, used=all_rows)
    expected = _from_other_folds(x, rows.outcome, fold, used=without)
    is_held = (helped > MOST_LIKELY_HELPED) & without
    return Chances(np.minimum(helped, MOST_LIKELY_HELPED), expected, int(is_held.sum()))


def _design(covariates: FloatArray, characteristics: Sequence[IntArray]) -> FloatArray:
    """Give the models' columns: standardised covariates, what is not recorded, and characteristics' values."""
    columns = [np.ones(len(covariates))]
    for column in covariates.T:
        is_missing = np.isnan(column)
        known = column[~is_missing]
        spread = float(known.std()) if known.size else 0.0
        if spread > 0:
            columns.append(np.where(is_missing, 0.0, (column - known.mean()) / spread))
        if 0 < is_missing.sum() < is_missing.size:
            columns.append(is_missing.astype(np.float64))
    for codes in characteristics:
        counts = np.bincount(codes)
        own = [value for value in np.flatnonzero(counts >= MIN_VALUE_ROWS) if value != int(counts.argmax())]
        columns += [(codes == value).astype(np.float64) for value in own]
    return np.column_stack(columns)


def _from_other_folds(x: FloatArray, is_so: BoolArray, fold: IntArray, *, used: BoolArray) -> FloatArray:
    """Give each row's chance from the rows of other folds that are used."""
    chance = np.zeros(fold.size)
    begin = _fit(x[used], is_so[used])
    for part in range(FOLDS):
        here, others = fold == part, (fold != part) & used
        chance[here] = expit(_times(x[here], _fit(x[others], is_so[others], begin)))
    return chance


def _fit(x: FloatArray, is_so: BoolArray, begin: FloatArray | None = None) -> FloatArray:
    """Fit a ridge logistic regression by Newton's steps, from weights that are nearly right if there are any."""
    if begin is None:
        begin = np.zeros(x.shape[1])
        begin[0] = logit((is_so.sum() + 0.5) / (is_so.size + 1))
    if not 0 < is_so.sum() < is_so.size:
        return begin
    weights, penalty = begin, np.full(begin.size, RIDGE)
    penalty[0] = 0.0
    for _ in range(MOST_STEPS):
        expected = expit(_times(x, weights))
        spread = expected * (1 - expected)
        bend = np.einsum("ri,rj->ij", x * spread[:, None], x) + np.diag(penalty)
        pull = ((is_so - expected)[:, None] * x).sum(axis=0) - penalty * weights
        step = np.linalg.solve(bend, pull)
        # why: a full step can overshoot where few rows differ
        weights = weights + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < ENOUGH:
            break
    return weights


def _times(x: FloatArray, weights: FloatArray) -> FloatArray:
    """Give the sum of columns times weights, added in one order on every machine."""
    return np.asarray((x * weights).sum(axis=1), dtype=np.float64)


@dataclass(frozen=True)
class Chosen:
    """Some rows with their chances; `place` is each row's cluster among `cluster_ids`."""

    rows: HelpedRows
    chances: Chances
    place: IntArray
    cluster_ids: IntArray

    @property
    def has_outcome(self) -> BoolArray:
        """Rows without help that are known to have the outcome."""
        return self.rows.outcome & ~self.rows.is_helped


def choose(rows: HelpedRows, chances: Chances, *, chosen: BoolArray) -> Chosen:
    """Choose rows, such as those of a group.

    Parameters
    ----------
    rows, chances
        All rows, and `estimate_chances` of them.
    chosen
        One truth value a row.

    Returns
    -------
    Chosen
        In the same order.
    """
    some = HelpedRows(
        outcome=rows.outcome[chosen],
        is_helped=rows.is_helped[chosen],
        is_flagged=rows.is_flagged[chosen],
        score=None if rows.score is None else rows.score[chosen],
        covariates=rows.covariates[:0],
        cluster=rows.cluster[chosen],
        child=rows.child[chosen],
    )
    ids, place = np.unique(some.cluster, return_inverse=True)
    of_some = Chances(chances.help[chosen], chances.outcome[chosen], chances.n_held)
    return Chosen(some, of_some, place.astype(np.int64), ids.astype(np.int64))


def without_help(rows: HelpedRows, chances: Chances, *, gamma: float, is_high: BoolArray) -> FloatArray:
    """Give each row's number for the outcome without help; means and sums of them are the estimates.

    Parameters
    ----------
    rows, chances
        Rows, and `estimate_chances` of them.
    gamma
        By how many times what is not recorded may change the odds of having been helped, between children alike in
        what is; at least 1. At 1 there is one answer, and `is_high` does not matter.
    is_high
        Whether the outcome of a helped row is to be as likely as `gamma` allows, or as unlikely.

    Returns
    -------
    array
        One number a row.
    """
    likely, free = chances.outcome, ~rows.is_helped
    odds = chances.help / (1 - chances.help)
    most = np.minimum(gamma * likely, 1 - (1 - likely) / gamma)
    least = np.maximum(likely / gamma, 1 - gamma * (1 - likely))
    at_helped = np.where(is_high, most, least)
    # why: the correction follows the bound's slope, which bends where both limits of gamma meet
    is_steep = np.where(is_high, likely <= 1 / (1 + gamma), likely > gamma / (1 + gamma))
    slope = np.where(is_steep, gamma, 1 / gamma)
    return np.where(free, rows.outcome + odds * slope * (rows.outcome - likely), at_helped)
