"""The way through an audit: a table in, figures, verdicts and files out.

It knows arrays of outcomes, scores and groups and no model; so the code that decides on a release also
watches the service, and an auditor can use it on a model of somebody else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.audit.about import about_of, as_read, resolved
from training.audit.changes import changes, read_audit, withheld_before
from training.audit.comparisons import compare, difference_entries
from training.audit.counts.cells import Cells, cells_of, nothing_in_print
from training.audit.counts.cells_in import main_of, measured_of, read_cells, settings_of
from training.audit.disclosure.figures import Gate
from training.audit.disclosure.figures_csv import to_csv
from training.audit.disclosure.suppression import withhold
from training.audit.files_out import write_together
from training.audit.intake import take_in
from training.audit.measuring import measure_groups
from training.audit.pooled import pooled_figures
from training.audit.sections import sections_of
from training.audit.table_file import read_table
from training.audit.verdicts import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from training.audit.about import About
    from training.audit.counts.cells_in import CellsAsked
    from training.audit.groups import Measured
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings

SCHEMA_VERSION = 2
"""Of `audit.json`, as `audit.schema.json` describes it."""

FILES: tuple[str, ...] = ("audit.json", "audit.html", "audit.csv", "cells.parquet")
"""What an audit writes."""


@dataclass(frozen=True)
class Audit:
    """A finished audit: everything in it may be shown under the disclosure that was asked for.

    Parameters
    ----------
    settings
        What was asked.
    resolved
        What came of the settings: the cut-off, the score's kind, counts.
    overall
        The entry of everybody.
    groups, intersections
        Entries, as `audit.json` holds them.
    differences
        Of each group to everyone else and to the reference, each with its own 95% interval.
    verdicts
        On gated measures.
    sections
        What is said beside them; see `sections`.
    cells
        The aggregate file.
    """

    settings: AuditSettings
    resolved: Mapping[str, Any]
    overall: Mapping[str, Any]
    groups: tuple[Mapping[str, Any], ...]
    intersections: tuple[Mapping[str, Any], ...]
    differences: tuple[Mapping[str, Any], ...]
    verdicts: tuple[Verdict, ...]
    sections: Mapping[str, Any]
    cells: Cells

    def as_json(self) -> dict[str, Any]:
        """Give the content of `audit.json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "settings": dict(self.resolved),
            "overall": dict(self.overall),
            "groups": [dict(entry) for entry in self.groups],
            "intersections": [dict(entry) for entry in self.intersections],
            "differences": [dict(entry) for entry in self.differences],
            "verdicts": [verdict.as_json() for verdict in self.verdicts],
            **self.sections,
        }

    def to_json(self) -> str:
        """Write `audit.json`: sorted keys, no clock; the same input gives the same text."""
        return json.dumps(self.as_json(), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def to_html(self) -> str:
        """Write `audit.html`: self-contained, accessible, without script."""
        # why: drawing takes most of a second to load, and a gate reads verdicts only
        from training.audit.report.page import render

        return render(self.as_json())


def audit_table(table: pl.DataFrame, settings: AuditSettings, *, last: Mapping[str, Any] | None = None) -> Audit:
    """Audit a table of outcomes, scores and groups.

    Parameters
    ----------
    table
        One row for each time a child was scored; any source, any model. Missing characteristics are a group
        of their own; a missing outcome or score ends the audit.
    settings
        Columns, cut-off, clusters, tolerance, disclosure.
    last
        Content of the last audit's `audit.json`: what it withheld stays withheld, and changes are said.

    Returns
    -------
    Audit
        With small numbers already withheld.

    Raises
    ------
    WrongUsageError
        For a column that does not exist, or settings that cannot be met.
    UnusableRecordsError
        For a table without rows, or with missing or unreadable outcomes or scores; with counts.

    Examples
    --------
    >>> import polars as pl
    >>> from training.audit import AuditSettings
    >>> table = pl.DataFrame({"came_true": [0, 1] * 20, "score": [0.2, 0.6] * 20, "sex": ["F"] * 40})
    >>> asked = AuditSettings(outcome="came_true", score="score", groups=("sex",), threshold=0.5)
    >>> audit = audit_table(table, asked)
    >>> audit.overall["tpr"]["k"], audit.overall["tpr"]["n"]
    (20, 20)
    >>> audit_table(table.drop("score"), asked)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    features.vocabulary.errors.WrongUsageError: The audit cannot be done as asked: the table has no column...
    Hint: Correct these settings; column names are case-sensitive.
    """
    sample = take_in(table, settings)
    measured = measure_groups(sample, settings)
    about = about_of(sample, settings)
    before = None if last is None else withheld_before(last)
    gate = Gate(withhold(measured.every, settings.disclosure, before=before), settings.disclosure)
    measured = gate.without_left_out(measured)
    audit = _audit(measured, settings, about, gate, (sample, cells_of(sample, measured, gate, about)))
    if last is None:
        return audit
    return replace(audit, sections={**audit.sections, "changes": changes(audit.as_json(), last, gate)})


def audit_cells(lines: pl.DataFrame, kept: Mapping[str, Any], settings: AuditSettings) -> Audit:
    """Audit again from the aggregate file of an audit, without a row of anybody.

    Parameters
    ----------
    lines, kept
        As `cells_in.read_cells` gives them.
    settings
        From `cells_in.settings_of`: what the audit was asked, with the cut-off, tolerance and disclosure of now.

    Returns
    -------
    Audit
        Rates are exactly those of the rows; ranking and calibration are marked as binned.

    Raises
    ------
    WrongUsageError
        When the file has no counts at the cut-off asked for.
    """
    main = main_of(kept, threshold=settings.threshold, capacity=settings.capacity)
    about = as_read(kept, main=main, settings=settings)
    measured = measured_of(lines, about, kept, settings)
    gate = Gate(withhold(measured.every, settings.disclosure), settings.disclosure)
    measured = gate.without_left_out(measured)
    cells = Cells(lines, dict(kept)) if settings.disclosure == "internal" else nothing_in_print()
    return _audit(measured, settings, about, gate, (None, cells))


def _audit(
    measured: Measured, settings: AuditSettings, about: About, gate: Gate, source: tuple[Sample | None, Cells]
) -> Audit:
    """Compare, judge and put together."""
    sample, cells = source
    comparisons = compare(measured.singles)
    verdicts = judge(comparisons, settings, gate)
    pooled, shares = pooled_figures(measured.crossed, gate)
    sections = sections_of(measured, (comparisons, verdicts), settings, about, gate, sample)
    return Audit(
        settings=settings,
        resolved=resolved(about, settings, measured.total, gate),
        overall=gate.entry(measured.total),
        groups=tuple(gate.entry(group) for group in measured.singles),
        intersections=tuple(gate.entry(group) | {"pooled": pooled[group.key]} for group in measured.crossed),
        differences=tuple(difference_entries(comparisons, gate)),
        verdicts=tuple(verdicts),
        sections={
            "crossings_left_out": ["*".join(attributes) for attributes in measured.left_out],
            "intersection_shares": shares,
            "changes": None,
            **sections,
        },
        cells=cells,
    )


def write_audit(audit: Audit, folder: Path) -> None:
    """Write `FILES`: each by rename, once all are made.

    Parameters
    ----------
    audit
        The audit.
    folder
        Made when it does not exist; other files in it stay.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    texts = (audit.to_json(), audit.to_html(), to_csv(audit.as_json()))
    writers = [partial(Path.write_text, data=text, encoding="utf-8") for text in texts]
    write_together(folder, dict(zip(FILES, [*writers, audit.cells.write], strict=True)))


def audit_file(path: Path, settings: AuditSettings, out: Path, *, against: Path | None = None) -> Audit:
    """Audit a CSV or Parquet file and write the files.

    Parameters
    ----------
    path
        The table; see `audit_table`.
    settings
        Columns, cut-off, clusters, tolerance, disclosure.
    out
        Folder for the files.
    against
        The last audit's `audit.json`.

    Raises
    ------
    WrongUsageError
        As `audit_table`, and when there is no such file.
    UnusableRecordsError
        As `audit_table`, and when the file does not parse.
    """
    last = None if against is None else read_audit(against)
    audit = audit_table(read_table(path), settings, last=last)
    write_audit(audit, out)
    return audit


def audit_cells_file(path: Path, asked: CellsAsked, out: Path) -> Audit:
    """Audit again from a `cells.parquet` and write the files; see `audit_cells`.

    Raises
    ------
    WrongUsageError
        As `audit_cells`, and when there is no such file or it was written for publication.
    UnusableRecordsError
        When it is no aggregate file of an audit.
    """
    lines, kept = read_cells(path)
    audit = audit_cells(lines, kept, settings_of(kept, asked))
    write_audit(audit, out)
    return audit
