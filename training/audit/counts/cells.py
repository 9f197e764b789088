"""The aggregate file of an audit: counts by group, threshold and score bin, and sums over clusters; never a row.

Every rate at every threshold of the curves comes out of it exactly, with its clustered interval and its gap to others,
from the sums of products over clusters; ranking and calibration come from the bins and are binned. An internal file:
of a group that the report withholds it holds nothing but that it is withheld, and an audit for publication writes no
line. `cells_in` reads it back.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.audit.about import as_kept
from training.audit.groups import EVERYONE_ELSE, REFERENCE
from training.audit.intake import CURVE_SHARES, at_capacity
from training.audit.settings import COMPARED, SCORED
from training.audit.statistics.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.audit.about import About
    from training.audit.disclosure.figures import Gate
    from training.audit.groups import Against, Group, Measured
    from training.audit.intake import Sample
    from training.audit.statistics.estimate import FloatArray, IntArray

CELLS_VERSION = 3
"""Of `cells.parquet`."""

FINE_SHARES: tuple[float, ...] = tuple(place / 100 for place in range(1, 100))
"""Shares of rows at which bins begin, where there are enough rows for ten in each."""

ENOUGH_FOR_FINE = 1_000
ABOUT = "earlyhelp_audit"
"""Key of the file's metadata under which `About` and the settings stand, as JSON."""

NUMBERS = pl.List(pl.Int64)
SCHEMA: dict[str, Any] = {
    "attribute": pl.String(),
    "values": pl.List(pl.String()),
    "kind": pl.String(),
    "is_withheld": pl.Boolean(),
    "children": pl.Int64(),
    "threshold": pl.Float64(),
    "cells": NUMBERS,
    "children_in": NUMBERS,
    "children_among": NUMBERS,
    "clusters": NUMBERS,
    "products": NUMBERS,
    "others_clusters": NUMBERS,
    "others_shared": NUMBERS,
    "reference_shared": NUMBERS,
    "bins": NUMBERS,
    "measure": pl.String(),
    "design_effect": pl.Float64(),
    "n_clusters": pl.Int64(),
    "others_design_effect": pl.Float64(),
    "others_n_clusters": pl.Int64(),
    "together": pl.Float64(),
    "reference_together": pl.Float64(),
}
"""`kind` is `group` (children, or that it is withheld); `rates` (a threshold: tp, fp, fn, tn in rows and in children,
clusters and children among each of `tallies.AMONG`, sums over clusters of the cells' products, row by row); `bins`
(rows by score bin, without and then with the outcome); or `scored` (how clusters widen a measure of ranking or
calibration)."""


@dataclass(frozen=True)
class Cells:
    """The aggregate file, before it is written.

    Parameters
    ----------
    lines
        Columns of `SCHEMA`.
    about
        What is known of the audit beside its counts.
    """

    lines: pl.DataFrame
    about: dict[str, Any]

    def as_bytes(self) -> bytes:
        """Give the file's content: Parquet, the same bytes for the same audit."""
        written = io.BytesIO()
        self.lines.write_parquet(written, metadata={ABOUT: json.dumps(self.about, sort_keys=True)})
        return written.getvalue()

    def write(self, path: Path) -> None:
        """Write the file."""
        path.write_bytes(self.as_bytes())


def nothing_in_print() -> Cells:
    """Give the file of an audit for publication: not a line, and of the audit nothing but the file's version.

    Its counts are whole, and so are thresholds and the bins' mean scores, which would undo the rounding of the report.
    """
    return Cells(pl.DataFrame(schema=SCHEMA), {"cells_version": CELLS_VERSION})


def cells_of(sample: Sample, measured: Measured, gate: Gate, about: About) -> Cells:
    """Give the aggregate file of everybody, single groups and pairs.

    Parameters
    ----------
    sample
        All rows, for the bins.
    measured
        All groups; triples are left out.
    gate
        What is withheld.
    about
        What came of the settings.

    Returns
    -------
    Cells
        In the order of groups.
    """
    if gate.disclosure == "published":
        return nothing_in_print()
    edges = _edges(sample)
    of_row = np.clip(np.searchsorted(edges, sample.score, side="right") - 1, 0, None)
    scores = np.bincount(of_row, sample.score, edges.size) / np.maximum(np.bincount(of_row, minlength=edges.size), 1)
    lines: list[dict[str, Any]] = []
    for group in measured.every:
        if len(group.attributes) <= 2:
            name = {"attribute": "*".join(group.attributes), "values": list(group.values)}
            lines += [name | line for line in _lines(sample, group, (of_row, edges.size), gate)]
    shares = [[share, at_capacity(sample.score, share)] for share in CURVE_SHARES]
    kept = as_kept(about) | {"shares": shares, "bin_scores": scores.tolist(), "left_out": measured.left_out}
    return Cells(pl.DataFrame(lines, schema=SCHEMA), {"cells_version": CELLS_VERSION} | kept)


def _edges(sample: Sample) -> FloatArray:
    """Give the lower edges of the bins, every threshold among them, so that flagged is a union of bins."""
    shares = FINE_SHARES if sample.score.size >= ENOUGH_FOR_FINE else ()
    fine = [at_capacity(sample.score, share) for share in shares]
    return np.unique([sample.score[0], *sample.thresholds, *fine])


def _lines(sample: Sample, group: Group, bins: tuple[IntArray, int], gate: Gate) -> Iterator[dict[str, Any]]:
    """Give all lines of one group; of a withheld one, that it is."""
    if gate.hides_size(group):
        # why not the reason: which of two groups is the small one narrows what it can be
        yield {"kind": "group", "is_withheld": True}
        return
    yield {"kind": "group", "children": group.children}
    yield from _rate_lines(sample, group)
    yield {"kind": "bins", "bins": _bins(sample, group, *bins)}
    yield from _scored_lines(group)


def _rate_lines(sample: Sample, group: Group) -> Iterator[dict[str, Any]]:
    """Give one line a threshold."""
    assert group.counts is not None
    others, reference = (_against(group, who) for who in (EVERYONE_ELSE, REFERENCE))
    for at, threshold in enumerate(sample.thresholds.tolist()):
        line: dict[str, Any] = {
            "kind": "rates",
            "threshold": threshold,
            "cells": group.counts.cells[0, at].tolist(),
            "children_in": group.counts.children_in[0, at].tolist(),
            "children_among": group.counts.children_among[0, at].tolist(),
            "clusters": group.counts.clusters[0, at].tolist(),
            "products": _whole(group.counts.products[0, at]),
        }
        if others is not None:
            line["others_clusters"] = others.others.clusters[0, at].tolist()
            line["others_shared"] = _whole(others.others.shared[0, at])
        if reference is not None:
            line["reference_shared"] = _whole(reference.others.shared[0, at])
        yield line


def _against(group: Group, who: str) -> Against | None:
    """Find those of one kind whom a group is compared with."""
    return next((against for against in group.against if against.who == who), None)


def _whole(products: FloatArray) -> list[int]:
    """Lay a square of whole numbers out row by row."""
    return [int(number) for number in products.ravel()]


def _bins(sample: Sample, group: Group, of_row: IntArray, n_bins: int) -> list[int]:
    """Count rows by score bin, without and then with the outcome."""
    chosen = np.ones(sample.outcome.size, dtype=np.bool_)
    for attribute, value in zip(group.attributes, group.values, strict=True):
        column = sample.groups[attribute]
        chosen &= column.codes == column.values.index(value)
    counts = np.bincount(2 * of_row[chosen] + sample.outcome[chosen], minlength=2 * n_bins)
    return [int(count) for count in counts]


def _scored_lines(group: Group) -> Iterator[dict[str, Any]]:
    """Say how clusters widen each measure of ranking and calibration."""
    others, reference = (_against(group, who) for who in (EVERYONE_ELSE, REFERENCE))
    for measure in SCORED:
        outcome = group.measures[measure]
        if isinstance(outcome, Estimate):
            line: dict[str, Any] = {"kind": "scored", "measure": measure, "n_clusters": outcome.clusters}
            line["design_effect"] = outcome.design_effect
            other = None if others is None or measure not in COMPARED else others.measures[measure]
            if others is not None and isinstance(other, Estimate):
                line["others_design_effect"] = other.design_effect
                line["others_n_clusters"] = other.clusters
                line["together"] = others.together.get(measure, 0.0)
            if reference is not None:
                line["reference_together"] = reference.together.get(measure, 0.0)
            yield line
