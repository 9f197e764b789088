"""Who is reached, offered help and helped, by group: a path of steps, each with its share, its interval and its gaps.

Apart from any score: these are the decisions of people and the reach of records. Each share of a group is held against
what was to be expected of the same children, had the same come about for them as for everyone else (and as for the
reference), in columns: as it is (raw); at equal age; at equal age, recorded need and deprivation; and, for information
alone, at equal rung too, which results from the decisions that are looked at. True need is not in the records, so a gap
at equal recorded need is a question to the service and no finding of unfairness. This file knows columns; it knows no
records, no model and no page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.audit.counts.clusters import codes_of, join
from training.audit.disclosure.figures import SUPPRESSED
from training.audit.disclosure.shares import Share, shown_shares
from training.audit.disclosure.shares_of_rows import rows_with, values_of
from training.audit.practice.access_intervals import median_of, standing_out
from training.audit.practice.access_path import COLUMNS, COMPARED, KINDS
from training.audit.practice.standardise import Alike, alike, expected, share_of
from training.audit.statistics.estimate import BoolArray, Estimate, FloatArray, IntArray, Outcome
from training.audit.statistics.ratios import gap_of, ratio_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.audit.practice.access_path import AccessSettings, Column, Step


@dataclass(frozen=True)
class _Rows:
    """The table as arrays."""

    child: IntArray
    cluster: IntArray
    table: pl.DataFrame
    patterns: Mapping[tuple[str, ...], Alike]


@dataclass(frozen=True)
class _Gaps:
    """What stands beside a share: by comparison, column and kind."""

    found: Mapping[tuple[str, Column], Mapping[str, Outcome]]

    def beside(self) -> dict[str, Outcome]:
        """Give it flat, as shares carry it."""
        return {
            f"{against}.{column}.{kind}": outcome
            for (against, column), kinds in self.found.items()
            for kind, outcome in kinds.items()
        }


def access_entries(table: pl.DataFrame, settings: AccessSettings) -> list[dict[str, Any]]:
    """Give every step in every group, as it may be shown.

    Parameters
    ----------
    table
        One row a child, or a time that somebody asked about a child.
    settings
        What to look at.

    Returns
    -------
    list of dict
        Step by step, everybody first: `attribute`, `group`, `measure`, `share`, `median_days` (or None),
        `everyone_else` and `reference` (each by column `expected`, `ratio`, `difference`; None where there is no such
        comparison) and `stands_out` (whether, in the primary family, the ratio at equal recorded need leaves
        out 1 after Holm; None outside it).
    """
    rows = _take_in(table, settings)
    shares = [share for step in settings.steps for share in _of_step(rows, step, settings)]
    standing = _standing_out(shares, settings)
    shown = shown_shares(shares, settings.disclosure)
    for share, entry in zip(shares, shown, strict=True):
        entry["stands_out"] = standing.get((share.attribute, share.group, share.measure))
    return [_nested(entry) for entry in _withheld_further(shown, settings)]


def _take_in(table: pl.DataFrame, settings: AccessSettings) -> _Rows:
    """Read children and clusters, and find who is alike."""
    child, _ = codes_of(table[settings.child])
    household, _ = codes_of(table[settings.cluster])
    cluster, _ = join(child, household) if table.height else (child, 0)
    wanted = {settings.held_equal(column, attribute) for column in COLUMNS for attribute in settings.groups}
    patterns = {equal: alike(table, equal) for equal in wanted if equal is not None}
    return _Rows(child, cluster, table, patterns)


def _of_step(rows: _Rows, step: Step, settings: AccessSettings) -> list[Share]:
    """Give one step in everybody and in every group."""
    happened = rows.table[step.name].cast(pl.Float64).to_numpy()
    is_open = ~np.isnan(happened)
    happened = np.where(is_open, happened, 0.0)
    days = None if step.days is None else rows.table[step.days].cast(pl.Float64).to_numpy()
    shares = [_share(rows, happened, is_open, step=step, days=days)]
    for attribute in settings.groups:
        values = rows.table[attribute]
        for value in values_of(values):
            inside = rows_with(values, value)
            gaps = _gaps(rows, happened, is_open, about=(attribute, value, inside), settings=settings)
            shares.append(
                _share(rows, happened, is_open & inside, step=step, days=days, about=(attribute, value), gaps=gaps)
            )
    return shares


def _share(
    rows: _Rows,
    happened: FloatArray,
    among: BoolArray,
    *,
    step: Step,
    days: FloatArray | None,
    about: tuple[str | None, str | None] = (None, None),
    gaps: _Gaps | None = None,
) -> Share:
    """Count the children of one group at one step, and estimate its share."""
    took = among & (happened > 0)
    beside = {} if gaps is None else gaps.beside()
    if days is not None:
        beside["median_days"] = median_of(days[took], rows.cluster[took])
    return Share(
        attribute=about[0],
        group=about[1],
        measure=step.name,
        children=np.unique(rows.child[among]).size,
        counted=np.unique(rows.child[took]).size,
        outcome=share_of(happened, rows.cluster, among),
        beside=beside,
    )


def _gaps(
    rows: _Rows,
    happened: FloatArray,
    is_open: BoolArray,
    *,
    about: tuple[str, str | None, BoolArray],
    settings: AccessSettings,
) -> _Gaps:
    """Hold a group against everyone else and against the reference, in every column."""
    attribute, value, inside = about
    values = rows.table[attribute]
    is_compared = is_open if settings.compares_missing else is_open & values.is_not_null().to_numpy()
    others = {"everyone_else": is_compared & ~inside}
    reference = settings.reference.get(attribute)
    if reference is not None and reference != value:
        others["reference"] = is_open & rows_with(values, reference)
    group = is_open & inside
    observed = share_of(happened, rows.cluster, group)
    found: dict[tuple[str, Column], Mapping[str, Outcome]] = {}
    for against, rest in others.items():
        for column in COLUMNS:
            equal = settings.held_equal(column, attribute)
            if equal is None:
                continue
            if column == "raw":
                wanted = share_of(happened, rows.cluster, rest)
            else:
                wanted = expected(happened, rows.patterns[equal], rows.cluster, group=group, others=rest)
            ratio, difference = ratio_of(observed, wanted), gap_of(observed, wanted)
            found[against, column] = dict(zip(KINDS, (wanted, ratio, difference), strict=True))
    return _Gaps(found)


def _standing_out(shares: Sequence[Share], settings: AccessSettings) -> dict[tuple[str | None, str | None, str], bool]:
    """Say in the primary family whose ratio at equal recorded need leaves out 1, after Holm."""
    step, attributes = settings.main
    family: dict[tuple[str | None, str | None, str], Estimate] = {}
    for share in shares:
        outcome = share.beside.get("everyone_else.need.ratio")
        if share.measure == step and share.attribute in attributes and isinstance(outcome, Estimate):
            family[share.attribute, share.group, share.measure] = outcome
    return dict(zip(family, standing_out(list(family.values())), strict=True))


def _withheld_further(shown: list[dict[str, Any]], settings: AccessSettings) -> list[dict[str, Any]]:
    """Withhold what would give back what the gate withheld: at the steps that follow, and against a withheld reference.

    A step's denominator is the numerator, or the complement, of the step before: to print it would be to subtract.
    """
    hidden: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    for step in settings.steps:
        entries = [entry for entry in shown if entry["measure"] == step.name]
        inherited = hidden[step.after] if step.after is not None else set()
        own = {_who(entry) for entry in entries if entry["share"] == SUPPRESSED}
        hidden[step.name] = own | inherited
    for entry in shown:
        gone = hidden[entry["measure"]]
        reference = settings.reference.get(entry["attribute"] or "")
        against = {"reference."} if (entry["attribute"], reference) in gone else set()
        # why: everyone else less the missing, less the groups that are shown, would be the one that is withheld
        if not settings.compares_missing and any(attribute == entry["attribute"] for attribute, _ in gone):
            against.add("everyone_else.")
        for name in [name for name in entry if name == "share" or "." in name or name == "median_days"]:
            if _who(entry) in gone or name.startswith(tuple(against)):
                entry[name] = dict(SUPPRESSED)
        if _who(entry) in gone:
            entry["stands_out"] = None
    return shown


def _who(entry: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return entry["attribute"], entry["group"]


def _nested(entry: dict[str, Any]) -> dict[str, Any]:
    """Give comparisons as tables within the entry."""
    nested: dict[str, Any] = {name: value for name, value in entry.items() if "." not in name}
    nested.setdefault("median_days", None)
    for against in COMPARED:
        columns: dict[str, dict[str, Any]] = defaultdict(dict)
        for name, figure in entry.items():
            if name.startswith(against + "."):
                _, column, kind = name.split(".")
                columns[column][kind] = figure
        nested[against] = dict(columns) or None
    return nested
