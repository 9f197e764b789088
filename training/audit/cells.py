"""The aggregate file of an audit: counts by score bin and outcome, and sums over clusters; never a row.

Every rate at this cut-off comes out of it exactly, with its clustered interval, from the sums of squares over
clusters; ranking and calibration come from the bins and are binned. An internal file: a group that the report
withholds is absent, and an audit for publication writes the columns without any line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.audit.measures import DENOMINATORS, NUMERATORS, Rows, rows_where
from training.audit.settings import RATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.audit.figures import Gate
    from training.audit.groups import Group
    from training.audit.intake import Sample

N_BINS = 20
"""Bins of equal width between the lowest and the highest score; 0 and 1 for probabilities."""

SCHEMA: dict[str, pl.DataType] = {
    "attribute": pl.String(),
    "values": pl.List(pl.String()),
    "kind": pl.String(),
    "measure": pl.String(),
    "bin_low": pl.Float64(),
    "bin_high": pl.Float64(),
    "has_outcome": pl.Boolean(),
    "rows": pl.Int64(),
    "sum_k": pl.Int64(),
    "sum_n": pl.Int64(),
    "sum_kk": pl.Int64(),
    "sum_kn": pl.Int64(),
    "sum_nn": pl.Int64(),
    "clusters": pl.Int64(),
    "most_rows_in_a_cluster": pl.Int64(),
}
"""`kind` is `bin` (with `bin_low`, `bin_high`, `has_outcome`, `rows`) or `measure` (with the sums over
clusters of its numerator k and denominator n)."""


def cells_of(sample: Sample, groups: Sequence[Group], gate: Gate) -> pl.DataFrame:
    """Give the aggregate file of everybody, single groups and pairs.

    Parameters
    ----------
    sample
        All rows.
    groups
        Everybody, single groups and intersections; triples are left out.
    gate
        What is withheld; groups that are not shown are absent.

    Returns
    -------
    DataFrame
        Columns of `SCHEMA`, in the order of groups.
    """
    edges = _edges(sample)
    lines: list[dict[str, Any]] = []
    if gate.disclosure == "internal":
        for group in groups:
            if len(group.attributes) <= 2 and not gate.hides_size(group):
                rows = rows_where(sample, _chosen(sample, group))
                name = {"attribute": "*".join(group.attributes), "values": list(group.values)}
                lines += [name | line for line in (*_bin_lines(rows, edges), *_measure_lines(rows))]
    return pl.DataFrame(lines, schema=SCHEMA)


def _chosen(sample: Sample, group: Group) -> np.typing.NDArray[np.bool_]:
    """Find the rows of a group."""
    chosen = np.ones(sample.outcome.size, dtype=np.bool_)
    for attribute, value in zip(group.attributes, group.values, strict=True):
        column = sample.groups[attribute]
        chosen &= column.codes == column.values.index(value)
    return chosen


def _edges(sample: Sample) -> np.typing.NDArray[np.float64]:
    """Give the edges of the bins, with the cut-off among them so that flagged is a union of bins."""
    low, high = (0.0, 1.0) if sample.score_kind == "probability" else (sample.score[0], sample.score[-1])
    even = np.linspace(low, high, N_BINS + 1)
    inside = [sample.cut_off] if low < sample.cut_off < high else []
    return np.unique(np.concatenate([even, inside]))


def _bin_lines(rows: Rows, edges: np.typing.NDArray[np.float64]) -> Iterable[dict[str, Any]]:
    """Count rows by score bin and outcome; a bin holds its lower edge, the last one both."""
    n_bins = max(1, edges.size - 1)
    place = np.clip(np.searchsorted(edges, rows.score, side="right") - 1, 0, n_bins - 1)
    for has_outcome in (False, True):
        counts = np.bincount(place[rows.outcome == has_outcome], minlength=n_bins)
        for at in np.flatnonzero(counts):
            yield {
                "kind": "bin",
                "bin_low": float(edges[at]),
                "bin_high": float(edges[min(int(at) + 1, edges.size - 1)]),
                "has_outcome": has_outcome,
                "rows": int(counts[at]),
            }


def _measure_lines(rows: Rows) -> Iterable[dict[str, Any]]:
    """Sum each rate's numerator and denominator over clusters, with their squares and products."""
    for measure in RATES:
        k = np.sum([rows.cells[cell] for cell in NUMERATORS[measure]], axis=0)
        n = np.sum([rows.cells[cell] for cell in DENOMINATORS[measure]], axis=0)
        yield {
            "kind": "measure",
            "measure": measure,
            "sum_k": int(k.sum()),
            "sum_n": int(n.sum()),
            "sum_kk": int((k * k).sum()),
            "sum_kn": int((k * n).sum()),
            "sum_nn": int((n * n).sum()),
            "clusters": int(np.count_nonzero(n)),
            "most_rows_in_a_cluster": int(n.max(initial=0)),
        }
