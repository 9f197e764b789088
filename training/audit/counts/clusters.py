"""Which rows are not independent: the connected components of child and household over the whole table.

Two rows belong together when they are the same child, or children of one household, or joined by a chain of
these. A cluster does not mean a family: it is only what may not be counted as separate evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from training.audit.statistics.estimate import IntArray

MOST_CHILDREN = 20
"""A household of more children than this, and this many times the usual, is taken for a placeholder id."""


def codes_of(values: pl.Series) -> tuple[IntArray, int]:
    """Give numbers to the distinct values of a column; every missing value is a value of its own.

    Returns
    -------
    tuple of array and int
        One number a row, from 0, known values first in sorted order; and how many numbers there are.
    """
    is_missing = values.is_null().to_numpy()
    ranks = values.rank(method="dense").fill_null(0).cast(pl.Int64).to_numpy().astype(np.int64)
    known = int(ranks.max()) if ranks.size else 0
    ranks[is_missing] = known + 1 + np.arange(int(is_missing.sum()))
    return ranks - 1, known + int(is_missing.sum())


def join(child: IntArray, household: IntArray | None) -> tuple[IntArray, int]:
    """Give numbers to the connected components of child and household.

    Parameters
    ----------
    child
        One number a row; rows of one child share it.
    household
        One number a row, or None when the table names no household.

    Returns
    -------
    tuple of array and int
        The component of each row, from 0; and how many households were left out because they span too many
        children.

    Examples
    --------
    >>> import numpy as np
    >>> child, household = np.array([0, 0, 1, 2]), np.array([5, 6, 6, 7])
    >>> join(child, household)[0].tolist()
    [0, 0, 0, 1]
    """
    if household is None:
        return child, 0
    n_children, n_households = int(child.max()) + 1, int(household.max()) + 1
    of_child, of_household = np.divmod(np.unique(child * n_households + household), n_households)
    is_placeholder = _placeholders(np.bincount(of_household))
    kept = ~is_placeholder[of_household]
    n_nodes = n_children + n_households
    graph = coo_array(
        (np.ones(int(kept.sum()), dtype=np.int8), (of_child[kept], of_household[kept] + n_children)),
        shape=(n_nodes, n_nodes),
    )
    _, component = connected_components(graph, directed=False)
    _, of_children = np.unique(component[:n_children], return_inverse=True)
    return of_children[child].astype(np.int64), int(is_placeholder.sum())


def _placeholders(size: IntArray) -> npt.NDArray[np.bool_]:
    """Say which households hold too many children to be households; never where large clusters are usual."""
    usual = float(np.median(size[size > 0]))
    return np.asarray((size > MOST_CHILDREN) & (size > MOST_CHILDREN * usual))
