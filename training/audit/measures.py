"""The measures of one set of rows at one cut-off: what was flagged, what happened, and how sure that is.

Each rate has its own denominator: rows without the outcome for the false positive rate, flagged rows for
precision. This file knows a sample and a choice of rows; it knows no group's name and no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.audit import calibration, ranking
from training.audit.estimate import BoolArray, FloatArray, IntArray, Outcome, Undefined
from training.audit.intervals import rate
from training.audit.settings import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from training.audit.intake import Sample

CELLS: tuple[str, ...] = ("tp", "fp", "fn", "tn")
"""The four cells of flagged by outcome, in this order everywhere."""

NUMERATORS: dict[str, tuple[str, ...]] = {
    "prevalence": ("tp", "fn"),
    "selection_rate": ("tp", "fp"),
    "tpr": ("tp",),
    "fpr": ("fp",),
    "fnr": ("fn",),
    "tnr": ("tn",),
    "precision": ("tp",),
    "npv": ("tn",),
}
"""Cells that a rate counts."""

DENOMINATORS: dict[str, tuple[str, ...]] = {
    "prevalence": CELLS,
    "selection_rate": CELLS,
    "tpr": ("tp", "fn"),
    "fpr": ("fp", "tn"),
    "fnr": ("tp", "fn"),
    "tnr": ("fp", "tn"),
    "precision": ("tp", "fp"),
    "npv": ("fn", "tn"),
}
"""Cells among which a rate counts: the measure's own denominator."""

_ON_PROBABILITIES = {
    "brier": calibration.brier,
    "calibration_slope": calibration.slope,
    "calibration_intercept": calibration.intercept,
}
_ON_RANKS = {"auc": ranking.auc, "average_precision": ranking.average_precision}


@dataclass(frozen=True)
class Rows:
    """Some rows of a sample, still sorted by score.

    Parameters
    ----------
    outcome, is_flagged, score
        As in the sample.
    cluster
        Place of each row's cluster in `cluster_ids`.
    cluster_ids
        The sample's clusters that have a row here, ascending.
    cells
        By cell, its rows in each cluster.
    has_probabilities
        Whether scores may be read as probabilities.
    """

    outcome: BoolArray
    is_flagged: BoolArray
    score: FloatArray
    cluster: IntArray
    cluster_ids: IntArray
    cells: dict[str, FloatArray]
    has_probabilities: bool


def rows_where(sample: Sample, chosen: BoolArray) -> Rows:
    """Choose rows of a sample.

    Parameters
    ----------
    sample
        Sorted by score.
    chosen
        One truth value a row of the sample.
    """
    of_sample = sample.cluster[chosen]
    cluster_ids = np.flatnonzero(np.bincount(of_sample, minlength=sample.n_clusters)).astype(np.int64)
    place = np.zeros(sample.n_clusters, dtype=np.int64)
    place[cluster_ids] = np.arange(cluster_ids.size)
    cluster = place[of_sample]
    cell = cell_of(sample)[chosen]
    counts = np.bincount(cluster * len(CELLS) + cell, minlength=cluster_ids.size * len(CELLS))
    by_cell = counts.reshape(-1, len(CELLS)).astype(np.float64)
    return Rows(
        outcome=sample.outcome[chosen],
        is_flagged=sample.is_flagged[chosen],
        score=sample.score[chosen],
        cluster=cluster,
        cluster_ids=cluster_ids,
        cells={name: by_cell[:, place] for place, name in enumerate(CELLS)},
        has_probabilities=sample.score_kind == "probability",
    )


def cell_of(sample: Sample) -> IntArray:
    """Give the place in `CELLS` of each row of a sample."""
    return np.where(sample.is_flagged, np.where(sample.outcome, 0, 1), np.where(sample.outcome, 2, 3))


def measure_all(rows: Rows, names: Iterable[str] = MEASURES) -> dict[str, Outcome]:
    """Compute measures of some rows.

    Parameters
    ----------
    rows
        May be none at all: every measure is then undefined.
    names
        Measures wanted.

    Returns
    -------
    dict of str to Estimate or Undefined
        In the order wanted.
    """
    return {name: _measure(rows, name) for name in names}


def _measure(rows: Rows, name: str) -> Outcome:
    """Compute one measure."""
    if name in NUMERATORS:
        return rate(_sum(rows, NUMERATORS[name]), _sum(rows, DENOMINATORS[name]), rows.cluster_ids)
    if name in _ON_RANKS:
        return _ON_RANKS[name](rows.score, rows.outcome, rows.cluster, rows.cluster_ids)
    if not rows.has_probabilities:
        return Undefined("needs scores that are probabilities; these are points")
    return _ON_PROBABILITIES[name](rows.score, rows.outcome, rows.cluster, rows.cluster_ids)


def _sum(rows: Rows, cells: tuple[str, ...]) -> FloatArray:
    """Add cells, cluster by cluster."""
    return np.asarray(np.sum([rows.cells[cell] for cell in cells], axis=0), dtype=np.float64)
