"""Counting rows of a sample by set, cluster and threshold: blocks of whole clusters, and tables of counts of each.

The low floor of `tallies`: it knows arrays and places, and neither a group's name nor a measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from training.audit.intake import Sample
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

ROWS_AT_A_TIME = 131_072
"""Clusters are counted so many rows at a time: memory stays the same however many rows there are."""


@dataclass(frozen=True)
class Division:
    """Rows divided into sets, one set a row.

    Parameters
    ----------
    codes
        The set of each row of the sample.
    n_sets
        How many sets there are.
    """

    codes: IntArray
    n_sets: int


@dataclass(frozen=True)
class Block:
    """Some whole clusters of a sample: rows sorted by cluster, then child, both numbered from 0 here.

    Parameters
    ----------
    rows
        Places in the sample.
    child, column
        Of each row, its child and the column of counts that it adds to.
    cluster_of
        Of each child.
    thresholds
        How many there are.
    """

    rows: IntArray
    child: IntArray
    column: IntArray
    cluster_of: IntArray
    thresholds: int


def blocks_of(sample: Sample, thresholds: FloatArray) -> list[Block]:
    """Give the rows in blocks of whole clusters.

    Parameters
    ----------
    sample
        All rows.
    thresholds
        Ascending.
    """
    order = np.lexsort((sample.child, sample.cluster))
    cluster = sample.cluster[order]
    begins = np.concatenate([[0], np.flatnonzero(np.diff(cluster)) + 1, [cluster.size]])
    found, at = [], 0
    while at < begins.size - 1:
        until = max(at + 1, int(np.searchsorted(begins, begins[at] + ROWS_AT_A_TIME, side="right")) - 1)
        found.append(_block(sample, order[begins[at] : begins[until]], thresholds))
        at = until
    return found


def _block(sample: Sample, rows: IntArray, thresholds: FloatArray) -> Block:
    """Lay out some whole clusters, given sorted by cluster and child."""
    below = thresholds.size - np.searchsorted(thresholds, sample.score[rows], side="right")
    child, cluster = _runs(sample.child[rows]), _runs(sample.cluster[rows])
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(child)) + 1])
    return Block(rows, child, below + (thresholds.size + 1) * sample.outcome[rows], cluster[firsts], thresholds.size)


def _runs(values: IntArray) -> IntArray:
    """Give numbers to runs of equal values, from 0."""
    return np.concatenate([[0], np.cumsum(np.diff(values) != 0)]).astype(np.int64)


@dataclass(frozen=True)
class Counted:
    """Counts by set, and by child or cluster, of one block: sorted by set, with where each set begins."""

    sets: IntArray
    begins: IntArray
    of_set: IntArray
    of_whom: IntArray
    counts: FloatArray

    def summed(self, columns: FloatArray | BoolArray) -> FloatArray:
        """Sum columns by set; of truth values, count the true ones."""
        whole = columns.astype(np.float32 if columns.dtype == np.bool_ else np.float64, copy=False)
        ones = np.ones(len(whole), dtype=whole.dtype)
        return np.stack([ones[part] @ whole[part] for part in self._parts()]).astype(np.float64)

    def products_with(self, other: FloatArray) -> FloatArray:
        """Sum, by set, the products of its columns with another's."""
        return np.stack([self.counts[part].T @ other[part] for part in self._parts()])

    def _parts(self) -> list[slice]:
        """Give the places of each set.

        Sums over them may be asked of the linear algebra library: whole numbers below 2^53 (and truth values in a block
        of fewer than 2^24) add up exactly in any order.
        """
        ends = [*self.begins[1:].tolist(), len(self.counts)]
        return [slice(at, end) for at, end in zip(self.begins.tolist(), ends, strict=True)]


def by_child(block: Block, division: Division) -> Counted:
    """Count the rows of each child in each set."""
    codes = division.codes[block.rows]
    order = ordered(codes, division.n_sets)
    of_set, of_whom = codes[order], block.child[order]
    begins = np.concatenate([[True], (np.diff(of_set) | np.diff(of_whom)) != 0])
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.cumsum(begins) - 1
    return _sorted(of_set[begins], of_whom[begins], _counts(block, place, int(begins.sum())))


def by_cluster(block: Block, people: Counted) -> Counted:
    """Add the counts of children up to those of their clusters."""
    cluster = block.cluster_of[people.of_whom]
    begins = np.flatnonzero(np.concatenate([[1], np.diff(cluster) | np.diff(people.of_set)]))
    if begins.size == cluster.size:
        return _sorted(people.of_set, cluster, people.counts)
    whose = csr_array((np.ones(cluster.size), np.arange(cluster.size), [*begins, cluster.size]))
    return _sorted(people.of_set[begins], cluster[begins], whose @ people.counts)


def ordered(codes: IntArray, n_sets: int) -> IntArray:
    """Give the places of each set, sets ascending and the order within them kept.

    Parameters
    ----------
    codes
        The set of each, below `n_sets`.
    n_sets
        How many there are. Small numbers are sorted in one pass each byte.
    """
    return np.argsort(codes.astype(np.min_scalar_type(n_sets)), kind="stable")


def _sorted(of_set: IntArray, of_whom: IntArray, counts: FloatArray) -> Counted:
    """Mark where each set begins."""
    begins = np.concatenate([[0], np.flatnonzero(np.diff(of_set)) + 1])
    return Counted(of_set[begins], begins, of_set, of_whom, counts)


def of_clusters(block: Block, chosen: BoolArray | None = None) -> FloatArray:
    """Count the rows of each cluster, or the chosen ones of them."""
    return _counts(block, block.cluster_of[block.child], int(block.cluster_of[-1]) + 1, chosen)


def _counts(block: Block, place: IntArray, n_places: int, chosen: BoolArray | None = None) -> FloatArray:
    """Count, without and then with the outcome, flagged at each threshold from the highest on, and all."""
    width = 2 * (block.thresholds + 1)
    at = place * width + block.column
    by_step = np.bincount(at if chosen is None else at[chosen], minlength=n_places * width)
    steps = by_step.astype(np.float64).reshape(n_places, 2, block.thresholds + 1)
    return np.cumsum(steps, axis=-1, out=steps).reshape(n_places, width)


def present_in(counts: FloatArray) -> BoolArray:
    """Say where there is a row: flagged, not flagged (one column a threshold each), no outcome, outcome, any."""
    both = counts.reshape(len(counts), 2, -1)
    sums = both.sum(axis=1)
    flagged, everybody = sums[:, :-1], sums[:, -1:]
    return np.concatenate([flagged > 0, flagged < everybody, both[:, :, -1] > 0, everybody > 0], axis=1)


def in_cells(counts: FloatArray) -> list[BoolArray]:
    """Say where there is a row in each cell (tp, fp, fn, tn) at each threshold from the highest on."""
    both = counts.reshape(len(counts), 2, -1)
    flagged, everybody = both[:, :, :-1], both[:, :, -1:]
    is_flagged, is_not = flagged > 0, flagged < everybody
    return [is_flagged[:, 1], is_flagged[:, 0], is_not[:, 1], is_not[:, 0]]
