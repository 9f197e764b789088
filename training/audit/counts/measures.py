"""The measures of sets of rows: rates from tallies, at every threshold; ranking and calibration from the rows.

Each rate has its own denominator: rows without the outcome for the false positive rate, flagged rows for
precision. This file knows counts and arrays; it knows no group's name and no report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.audit.counts.tallies import CELLS
from training.audit.settings import RATES, SCORED
from training.audit.statistics import calibration, ranking
from training.audit.statistics.calibration_slope import RIGHT, Line, slope
from training.audit.statistics.design_effect import design_effects, effective_clusters
from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray, Outcome, Undefined
from training.audit.statistics.intervals import MIN_CLUSTERS, Summed, rate_limits, rate_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from training.audit.counts.tallies import Others, Tally
    from training.audit.intake import Sample

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

_AMONG = {"prevalence": 0, "selection_rate": 0, "tpr": 1, "fnr": 1, "fpr": 2, "tnr": 2, "precision": 3, "npv": 4}
"""Place of a rate's denominator in `tallies.AMONG`."""

_ON_RANKS = {"auc": ranking.auc, "average_precision": ranking.average_precision}


@dataclass(frozen=True)
class Rates:
    """One rate of some sets at every threshold; each array has the shape (sets, thresholds).

    Parameters
    ----------
    k, n
        Rows in the numerator and in the measure's own denominator.
    clusters
        Clusters in the denominator.
    spread
        As in `intervals.Summed`; 0 where nobody is in the denominator.
    effective
        As `design_effect.effective_clusters` gives it.
    is_clustered
        Whether any cluster has two rows in the denominator.
    """

    k: IntArray
    n: IntArray
    clusters: IntArray
    spread: FloatArray
    effective: FloatArray
    is_clustered: BoolArray

    def outcome(self, place: int, threshold: int) -> Outcome:
        """Give the rate of one set at one threshold."""
        at = (place, threshold)
        summed = Summed(
            float(self.k[at]),
            float(self.n[at]),
            int(self.clusters[at]),
            float(self.spread[at]),
            float(self.effective[at]),
            is_clustered=bool(self.is_clustered[at]),
        )
        return rate_of(summed)

    def figures(self, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give values, lower and upper limits of all at once; not a number where the rate is undefined."""
        is_defined = (self.n > 0) & ~(self.is_clustered & (self.clusters < MIN_CLUSTERS))
        k, n, clusters = (np.where(is_defined, part, other) for part, other in self._counts())
        effect = design_effects(k, n, clusters, self.spread, is_clustered=self.is_clustered)
        is_estimated = self.is_clustered & (k > 0) & (k < n)
        limits = rate_limits(k, n, effect, self.effective, is_estimated=is_estimated, level=level)
        value, low, high = (np.where(is_defined, found, np.nan) for found in (k / n, *limits))
        return value, low, high

    def _counts(self) -> tuple[tuple[IntArray, int], ...]:
        """Give counts, and what stands for each where the rate is undefined."""
        return (self.k, 0), (self.n, 1), (self.clusters, 1)


def rates_of(counts: Tally | Others, measure: str) -> Rates:
    """Give one rate of every set at every threshold.

    Parameters
    ----------
    counts
        Of the sets.
    measure
        One of `RATES`.
    """
    k, n = (counts.cells @ cells for cells in weights_of(measure))
    error = _errors(counts, measure)
    spread = np.einsum("...i,...ij,...j->...", error, counts.products, error)
    counted, among = weights_of(measure)
    sides = (among, counted, among - counted)
    of_n, of_k, of_rest = (np.einsum("i,...ij,j->...", side, counts.products, side) for side in sides)
    effective = effective_clusters(k, of_k, n - k, of_rest)
    return Rates(k, n, counts.clusters[..., _AMONG[measure]], np.maximum(spread, 0.0), effective, of_n > n)


def together_of(first: Tally, second: Others, measure: str) -> FloatArray:
    """Give the correlation of two sides' errors in one rate over the clusters that both share.

    Parameters
    ----------
    first, second
        The sets, and those whom each is compared with.
    measure
        One of `RATES`.

    Returns
    -------
    array
        Shape (sets, thresholds); 0 where either side has no error.
    """
    one, other = _errors(first, measure), _errors(second, measure)
    covariance = np.einsum("...i,...ij,...j->...", one, second.shared, other)
    squares = rates_of(first, measure).spread * rates_of(second, measure).spread
    spread = np.sqrt(np.where(squares > 0, squares, 1.0))
    return np.where(squares > 0, np.clip(covariance / spread, -1.0, 1.0), 0.0)


def weights_of(measure: str) -> tuple[IntArray, IntArray]:
    """Give the cells that a rate counts, and those among which, as ones and noughts."""
    parts = [[int(cell in cells[measure]) for cell in CELLS] for cells in (NUMERATORS, DENOMINATORS)]
    return np.array(parts[0], dtype=np.int64), np.array(parts[1], dtype=np.int64)


def _errors(counts: Tally | Others, measure: str) -> FloatArray:
    """Give by how much a row more in each cell moves the rate; 0 where nobody is in the denominator."""
    counted, among = weights_of(measure)
    k, n = counts.cells @ counted, counts.cells @ among
    whole = np.where(n > 0, n, 1)[..., None]
    return np.where(n[..., None] > 0, (counted - (k[..., None] / whole) * among) / whole, 0.0)


@dataclass(frozen=True)
class Rows:
    """Some rows of a sample, still sorted by score.

    Parameters
    ----------
    outcome, score
        As in the sample.
    cluster
        Place of each row's cluster in `cluster_ids`.
    cluster_ids
        The sample's clusters that have a row here, ascending.
    log_odds
        Of the scores; None where they may not be read as probabilities.
    line
        The calibration line of the sample, from which a fit of these rows begins.
    """

    outcome: BoolArray
    score: FloatArray
    cluster: IntArray
    cluster_ids: IntArray
    log_odds: FloatArray | None
    line: Line = RIGHT


def rows_where(sample: Sample, chosen: BoolArray | IntArray) -> Rows:
    """Choose rows of a sample.

    Parameters
    ----------
    sample
        Sorted by score.
    chosen
        One truth value a row of the sample, or places in ascending order.
    """
    if chosen.dtype == np.bool_:
        chosen = np.flatnonzero(chosen)
    of_sample = sample.cluster[chosen]
    cluster_ids = np.flatnonzero(np.bincount(of_sample, minlength=sample.n_clusters)).astype(np.int64)
    place = np.zeros(sample.n_clusters, dtype=np.int64)
    place[cluster_ids] = np.arange(cluster_ids.size)
    return Rows(
        outcome=sample.outcome[chosen],
        score=sample.score[chosen],
        cluster=place[of_sample],
        cluster_ids=cluster_ids,
        log_odds=None if sample.log_odds is None else sample.log_odds[chosen],
        line=sample.line,
    )


def scored(rows: Rows, names: Iterable[str] = SCORED) -> dict[str, Outcome]:
    """Compute measures of ranking and calibration.

    Parameters
    ----------
    rows
        May be none at all: every measure is then undefined.
    names
        Measures wanted, of `SCORED`.

    Returns
    -------
    dict of str to Estimate or Undefined
        In the order wanted.
    """
    return {name: _scored(rows, name) for name in names}


def _scored(rows: Rows, name: str) -> Outcome:
    """Compute one measure of ranking or calibration."""
    if name in _ON_RANKS:
        return _ON_RANKS[name](rows.score, rows.outcome, rows.cluster, rows.cluster_ids)
    if rows.log_odds is None:
        return Undefined("needs scores that are probabilities; these are points")
    if name == "brier":
        return calibration.brier(rows.score, rows.outcome, rows.cluster, rows.cluster_ids)
    of_rows = (rows.log_odds, rows.outcome, rows.cluster, rows.cluster_ids)
    if name == "calibration_intercept":
        return calibration.intercept(*of_rows)
    return slope(*of_rows, begin=rows.line)


def rates_at(counts: Tally | Others, threshold: int) -> list[dict[str, Outcome]]:
    """Give, for each set, every rate at one threshold."""
    found = {name: rates_of(counts, name) for name in RATES}
    return [
        {name: rates.outcome(place, threshold) for name, rates in found.items()} for place in range(len(counts.cells))
    ]
