"""How far a group lives, or is found, in places of its own: postcode sectors, schools, teams, any column of categories.

Which categories count as the group's is learnt on some families and tried on others, so that the choice does not
flatter the number. Where a group is concentrated, a score that reads the category could tell the group without being
told. It does not say that anybody chose this, or that a score does read it. This file knows arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from training.audit.statistics.estimate import Undefined
from training.audit.statistics.rates_of_rows import gap_of, rate_of_rows
from training.audit.statistics.stratified import log_limits, ratio_at_equal_stage
from training.audit.trial.telling import SEED, folds_of

if TYPE_CHECKING:
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray, Outcome

FOLDS, DRAWS = 10, 100

BEYOND_CHANCE = 1.645
"""A category counts as the group's where it holds more of it than chance gives one time in twenty, seen alone."""


@dataclass(frozen=True)
class Concentration:
    """How far a group is found in categories in which it was over-represented among other families.

    Parameters
    ----------
    inside
        Share of the group's rows that lie in those categories.
    others
        Share of everyone else's rows that do.
    gap, ratio
        Inside less others, and over others; clustered, and with the choice of categories in their intervals.
    n_categories
        How many categories these are, learnt on all rows.
    is_there
        Which rows lie in them.
    """

    inside: Outcome
    others: Outcome
    gap: Outcome
    ratio: Outcome
    n_categories: int
    is_there: BoolArray


def concentration(category: IntArray, is_in: BoolArray, cluster: IntArray) -> Concentration:
    """Say how far a group is found in categories of its own.

    Parameters
    ----------
    category
        Number of each row's category, from 0; a missing one is a category of its own.
    is_in
        Whether the row is of the group.
    cluster
        Number of each row's cluster, from 0; what is counted once is a row.

    Returns
    -------
    Concentration
        With nothing to tell, `inside` and `others` are about equal.
    """
    fold = folds_of(cluster, FOLDS)
    ours, theirs = _table(category, is_in, fold), _table(category, ~is_in, fold)
    is_there = np.asarray(_learnt(ours, theirs)[fold, category], dtype=np.bool_)
    inside, others = rate_of_rows(is_there[is_in], cluster[is_in]), rate_of_rows(is_there[~is_in], cluster[~is_in])
    ratio = ratio_at_equal_stage(is_there, is_in, stage=np.zeros(is_in.size, np.int64), cluster=cluster)
    of_gap, of_ratio = _spread_with_choice(category, is_in, cluster, fold)
    return Concentration(
        inside=inside,
        others=others,
        gap=_widened_gap(gap_of(inside, others), of_gap),
        ratio=_widened_ratio(ratio, of_ratio),
        n_categories=int(_over_represented(ours.sum(axis=0), theirs.sum(axis=0)).sum()),
        is_there=is_there,
    )


def _table(category: IntArray, weight: FloatArray | BoolArray, fold: IntArray) -> FloatArray:
    """Count rows by fold and category."""
    n_categories = int(category.max(initial=-1)) + 1
    counted = np.bincount(fold * n_categories + category, weight, minlength=FOLDS * n_categories)
    out: FloatArray = counted.reshape(FOLDS, n_categories).astype(np.float64)
    return out


def _learnt(ours: FloatArray, theirs: FloatArray) -> BoolArray:
    """Say by fold in which categories the group is over-represented in all other folds."""
    return _over_represented(ours.sum(axis=0) - ours, theirs.sum(axis=0) - theirs)


def _over_represented(ours: FloatArray, theirs: FloatArray) -> BoolArray:
    """Say of each category whether the group is found in it beyond chance; the last axis is that of categories."""
    scale = ours.sum(axis=-1, keepdims=True) / np.maximum(theirs.sum(axis=-1, keepdims=True), 1.0)
    beyond = ours - theirs * scale
    return np.asarray(beyond > BEYOND_CHANCE * np.sqrt(ours + theirs * scale**2), dtype=np.bool_)


def _spread_with_choice(category: IntArray, is_in: BoolArray, cluster: IntArray, fold: IntArray) -> tuple[float, float]:
    """Give the standard errors of the gap, and of the ratio's logarithm, with the choice of categories made anew.

    Families are redrawn (Poisson weights). Where a group lives apart the same categories are chosen every time; where
    it does not, the choice is chance, and folds that share most of their families agree in it more than they should.
    """
    random, gaps, ratios = np.random.default_rng(SEED), [], []
    n_clusters = int(cluster.max(initial=-1)) + 1
    for _ in range(DRAWS):
        weight = random.poisson(1.0, n_clusters)[cluster].astype(np.float64)
        ours, theirs = _table(category, weight * is_in, fold), _table(category, weight * ~is_in, fold)
        chosen = _learnt(ours, theirs)
        # why: half a row more on either side, so that a draw in which nobody is there has a ratio
        inside, others = (((part * chosen).sum() + 0.5) / (part.sum() + 1) for part in (ours, theirs))
        gaps.append(inside - others)
        ratios.append(math.log(inside / others))
    return float(np.std(gaps)), float(np.std(ratios))


def _widened_gap(gap: Outcome, error: float) -> Outcome:
    if isinstance(gap, Undefined) or error**2 <= gap.variance:
        return gap
    known, factor = gap, error / math.sqrt(gap.variance) if gap.variance > 0 else 1.0

    def limits(level: float) -> tuple[float, float]:
        low, high = known.limits(level)
        return max(-1.0, known.value + factor * (low - known.value)), min(
            1.0, known.value + factor * (high - known.value)
        )

    return replace(known, variance=error**2, limits=limits)


def _widened_ratio(ratio: Outcome, error: float) -> Outcome:
    if isinstance(ratio, Undefined) or error * ratio.value <= math.sqrt(ratio.variance):
        return ratio
    known = replace(ratio, variance=(error * ratio.value) ** 2)
    return replace(known, limits=log_limits(known.value, error, known.clusters - 1))
