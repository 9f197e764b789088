"""Counts of every group at every threshold, with what clusters add: all that the rates of an audit are made of.

A tally holds, for one set of rows, the four cells of flagged by outcome and the sums over clusters of the cells'
products. Every rate, its clustered interval and its gap to others follow from it exactly, so that an aggregate file
can stand for the rows. This file counts; it knows no measure, no interval and no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.audit.counts.counting import Block, Division, by_child, by_cluster, in_cells, of_clusters, present_in

if TYPE_CHECKING:
    from training.audit.statistics.estimate import FloatArray, IntArray

CELLS: tuple[str, ...] = ("tp", "fp", "fn", "tn")
"""The four cells of flagged by outcome, in this order everywhere."""

AMONG: tuple[str, ...] = ("everybody", "outcome", "no outcome", "flagged", "not flagged")
"""Those among whom a rate may count, in the order of `Tally.clusters` and `Tally.children_among`."""

# From counts of flagged with and without the outcome, and of all with and without it, to the four cells.
_TO_CELLS = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [-1, 0, 1, 0], [0, -1, 0, 1]], dtype=np.float64)


@dataclass(frozen=True)
class Tally:
    """Counts of some sets of rows; the first axis is the set, the second the threshold, unless said otherwise.

    Parameters
    ----------
    cells
        Rows in each of `CELLS`; shape (sets, thresholds, 4).
    products
        Sums over clusters of the product of each two cells' rows; shape (sets, thresholds, 4, 4).
    clusters
        Clusters with a row among each of `AMONG`; shape (sets, thresholds, 5).
    children
        Distinct children; shape (sets,).
    children_in, children_among
        Distinct children in each of `CELLS`, and among each of `AMONG`: one with two rows may be in two cells; shapes
        (sets, thresholds, 4) and (sets, thresholds, 5).
    """

    cells: IntArray
    products: FloatArray
    clusters: IntArray
    children: IntArray
    children_in: IntArray
    children_among: IntArray

    def of(self, place: int) -> Tally:
        """Give one set's tally, still with an axis of sets."""
        part = slice(place, place + 1)
        return Tally(**{name: each[part] for name, each in vars(self).items()})


@dataclass(frozen=True)
class Others:
    """Those whom each set is compared with, and what clusters with rows on both sides add.

    Parameters
    ----------
    cells, products, clusters
        Of the others; as in `Tally`.
    shared
        Sums over clusters of the product of the set's and the others' cells; shape (sets, thresholds, 4, 4).
    """

    cells: IntArray
    products: FloatArray
    clusters: IntArray
    shared: FloatArray

    def of(self, place: int) -> Others:
        """Give those whom one set is compared with, still with an axis of sets."""
        part = slice(place, place + 1)
        return Others(self.cells[part], self.products[part], self.clusters[part], self.shared[part])


def tally(division: Division, blocks: list[Block]) -> Tally:
    """Count every set of a division.

    Parameters
    ----------
    division
        Sets of rows, without a row in two of them.
    blocks
        From `blocks_of`.
    """
    n_thresholds = blocks[0].thresholds
    cells = np.zeros((division.n_sets, n_thresholds, 4))
    products = np.zeros((division.n_sets, n_thresholds, 4, 4))
    clusters = np.zeros((division.n_sets, n_thresholds, 5), dtype=np.int64)
    children = np.zeros(division.n_sets, dtype=np.int64)
    children_in = np.zeros((division.n_sets, n_thresholds, 4), dtype=np.int64)
    children_among = np.zeros_like(clusters)
    for block in blocks:
        people = by_child(block, division)
        found = by_cluster(block, people)
        here = found.sets
        cells[here] += _as_cells(found.summed(found.counts))
        products[here] += _squared(found.products_with(found.counts))
        clusters[here] += _by_threshold(found.summed(present_in(found.counts)))
        children[here] += np.diff([*people.begins, len(people.counts)])
        children_among[here] += _by_threshold(people.summed(present_in(people.counts)))
        each = [people.summed(part)[:, ::-1] for part in in_cells(people.counts)]
        children_in[here] += np.stack(each, axis=-1).astype(np.int64)
    return Tally(cells.astype(np.int64), products, clusters, children, children_in, children_among)


def against_everyone_else(tally_of_all: Tally, division: Division, blocks: list[Block], counted: Tally) -> Others:
    """Count, for every set of a division, everybody who is not in it.

    Parameters
    ----------
    tally_of_all
        Of everybody.
    division, blocks
        As for `tally`.
    counted
        What `tally` gave for this division.
    """
    shared = np.zeros_like(counted.products)
    lost = np.zeros_like(counted.clusters)
    for block in blocks:
        found = by_cluster(block, by_child(block, division))
        everybody = of_clusters(block)[found.of_whom]
        rest = everybody - found.counts
        shared[found.sets] += _squared(found.products_with(rest))
        lost[found.sets] += _by_threshold(found.summed(present_in(everybody) & ~present_in(rest)))
    return Others(
        cells=tally_of_all.cells - counted.cells,
        products=tally_of_all.products - counted.products - shared - np.swapaxes(shared, -1, -2),
        clusters=tally_of_all.clusters - lost,
        shared=shared,
    )


def against_reference(reference: int, division: Division, blocks: list[Block], counted: Tally) -> Others:
    """Count, beside every set of a division, one set of it; parameters as for `against_everyone_else`."""
    shared = np.zeros_like(counted.products)
    for block in blocks:
        found = by_cluster(block, by_child(block, division))
        of_reference = of_clusters(block, division.codes[block.rows] == reference)[found.of_whom]
        shared[found.sets] += _squared(found.products_with(of_reference))
    alike = np.full(division.n_sets, reference)
    return Others(counted.cells[alike], counted.products[alike], counted.clusters[alike], shared)


def _by_threshold(present: FloatArray) -> IntArray:
    """Lay sums of `present_in` out in the order of `AMONG`, from the lowest threshold on."""
    thresholds = (present.shape[1] - 3) // 2
    alike = np.repeat(present[:, None, [-1, -2, -3]], thresholds, axis=1)
    own = np.stack([present[:, :thresholds], present[:, thresholds:-3]], axis=-1)[:, ::-1]
    return np.concatenate([alike, own], axis=-1).astype(np.int64)


def _as_cells(counts: FloatArray) -> FloatArray:
    """Turn sums of counts into cells, from the lowest threshold on."""
    return counts[:, _columns(counts.shape[-1])] @ _TO_CELLS.T


def _squared(products: FloatArray) -> FloatArray:
    """Turn products of all counts into those of the four cells, from the lowest threshold on."""
    which = _columns(products.shape[-1])
    return np.asarray(_TO_CELLS @ products[:, which[:, :, None], which[:, None, :]] @ _TO_CELLS.T)


def _columns(width: int) -> IntArray:
    """Give, for each threshold, the columns of flagged with and without the outcome, and of all with and without it."""
    last = width // 2 - 1
    flagged = np.arange(last - 1, -1, -1)
    whole = np.full(last, last)
    return np.stack([flagged + last + 1, flagged, whole + last + 1, whole], axis=-1)
