"""How far a group lives, or is found, in places of its own: postcode sectors, schools, teams, any column of categories.

Which categories count as the group's is learnt on some families and tried on others, so that the choice does not
flatter the number. Where a group is concentrated, a score that reads the category could tell the group without being
told. It does not say that anybody chose this, or that a score does read it. This file knows arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.audit.rates_of_rows import gap_of, rate_of_rows
from training.audit.stratified import ratio_at_equal_stage
from training.audit.telling import folds_of

if TYPE_CHECKING:
    from training.audit.estimate import BoolArray, FloatArray, IntArray, Outcome

FOLDS = 10

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
        Inside less others, and over others; clustered.
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
    fold, is_there = folds_of(cluster, FOLDS), np.zeros(is_in.size, dtype=np.bool_)
    for one in np.unique(fold):
        tried = fold == one
        chosen = _over_represented(category, is_in, among=~tried)
        is_there[tried] = chosen[category[tried]]
    inside, others = rate_of_rows(is_there[is_in], cluster[is_in]), rate_of_rows(is_there[~is_in], cluster[~is_in])
    return Concentration(
        inside=inside,
        others=others,
        gap=gap_of(inside, others),
        ratio=ratio_at_equal_stage(is_there, is_in, stage=np.zeros(is_in.size, np.int64), cluster=cluster),
        n_categories=int(_over_represented(category, is_in, among=np.ones(is_in.size, np.bool_)).sum()),
        is_there=is_there,
    )


def _over_represented(category: IntArray, is_in: BoolArray, *, among: BoolArray) -> BoolArray:
    """Say of each category whether the group is found in it beyond chance."""
    n_categories = int(category.max(initial=-1)) + 1
    ours: FloatArray = np.bincount(category[among & is_in], minlength=n_categories).astype(np.float64)
    theirs: FloatArray = np.bincount(category[among & ~is_in], minlength=n_categories).astype(np.float64)
    scale = ours.sum() / max(theirs.sum(), 1.0)
    beyond = ours - theirs * scale
    return np.asarray(beyond > BEYOND_CHANCE * np.sqrt(ours + theirs * scale**2), dtype=np.bool_)
