"""The ten things most worth mending: what is wrong, how many children it touches, and what to do about it.

Ranked by one rule: gravest first, then by the number of children touched. What was never extracted is as grave as what
was set aside, for it is as lost. Where nobody can say how many children are touched, it may be all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.early_help import EARLY_HELP_ONLY, LEFT_OUT
from features.check.effects import indicators_reading, n_indicators_of
from features.check.found import counted_by_kind
from features.check.small_numbers import is_small
from features.tables import CONTRACTS
from features.tables.draft import owner_column
from features.tables.kinds import KINDS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from features.tables.records import Records
    from features.tables.validate import Examination

COLUMN_MISSING = "column_missing"
MOST_THINGS = 10

# So many tables or columns are named in a sentence.
MOST_NAMED = 5

_ORDER = [severity.value for severity in Severity]

# Characteristics that the audit looks at, and the home that the deprivation of an area is told from.
_AUDITED = {
    "ethnicity": "Ethnicity is not recorded: the audit cannot say how well these families are served.",
    "sex": "Sex is not recorded: the audit cannot see these children among boys or girls.",
    "date of birth, or expected": "No date of birth is recorded, nor an expected one: nobody can tell their age.",
    "postcode": "Postcode is not recorded: nobody can say how deprived the area is where these children live.",
}


@dataclass(frozen=True)
class Thing:
    """One thing worth mending; `n_touched` is None where nobody can say, and is never told as it is."""

    severity: str
    what: str
    mend: str
    n_touched: int | None


def worth_mending(
    examined: Examination, *, report: Mapping[str, Any], has_every_column: bool = True
) -> list[dict[str, Any]]:
    """Rank what is worth mending.

    Parameters
    ----------
    examined
        What was found.
    report
        The sections summed up so far: `problems`, `tables`, `absent_tables`, `completeness`, `characteristics`,
        `early_help_hints`.
    has_every_column
        Whether the kind of source has a place for every column; else an empty one is no gap that can be mended.

    Returns
    -------
    list of dict
        At most ten: `severity`, `what` and `mend` (a sentence each), `n_children`: None where it cannot be told, with
        `suppressed` where it is withheld.
    """
    things = [
        *(Thing("stops", f"{problem}.", _MEND_PROBLEM, None) for problem in report["problems"]),
        *_of_kinds(examined),
        *_of_tables_left_unread(examined),
        *_of_gaps(examined.records, report, has_every_column=has_every_column),
    ]
    everyone = max((thing.n_touched or 0 for thing in things), default=0) + 1
    ranked = sorted(things, key=lambda t: (_ORDER.index(t.severity), -_reach(t, everyone), t.what))
    return [_told(thing) for thing in ranked[:MOST_THINGS]]


_MEND_PROBLEM = "Ask whoever made the extract for what is missing."


def _reach(thing: Thing, everyone: int) -> int:
    return everyone if thing.n_touched is None else thing.n_touched


def _told(thing: Thing) -> dict[str, Any]:
    told = {"severity": thing.severity, "what": thing.what, "mend": thing.mend}
    if thing.n_touched is not None and is_small(thing.n_touched):
        return {**told, "n_children": None, "suppressed": True}
    return {**told, "n_children": thing.n_touched}


def _of_kinds(examined: Examination) -> Iterator[Thing]:
    """Speak of every kind of finding that is more than a note."""
    for row in counted_by_kind(examined):
        if row["severity"] == Severity.notes.value or row["kind"] == COLUMN_MISSING:
            continue
        n_more = row["n_tables"] - len(row["tables"])
        more = f" and {n_more} more table{'s' if n_more > 1 else ''}" if n_more else ""
        what = f"{row['title']}: {row['n']:,} in {', '.join(row['tables'])}{more}."
        yield Thing(row["severity"], what, KINDS[row["kind"]].mend, row["n_touched"])


def _of_tables_left_unread(examined: Examination) -> Iterator[Thing]:
    """Speak of each table that could not be read for want of a column; whom its rows concern was not read either."""
    for row in examined.findings.filter(pl.col("kind") == COLUMN_MISSING).iter_rows(named=True):
        what = f"{row['table']} lacks {row['column']}, so its {row['n']:,} rows were left unread."
        yield Thing(_ASIDE, what, KINDS[COLUMN_MISSING].mend, None)


def _of_gaps(records: Records, report: Mapping[str, Any], *, has_every_column: bool) -> Iterator[Thing]:
    yield from _absent(report["absent_tables"])
    yield from _uneven(records, report["tables"])
    yield from _unfilled(records, [c for c in report["completeness"] if has_every_column or not c["is_empty"]])
    yield from _not_recorded(report["characteristics"])
    if EARLY_HELP_ONLY in report["early_help_hints"]:
        what = "Nobody in the records has early help alone: such children were most likely left out."
        yield Thing(_ASIDE, what, KINDS[LEFT_OUT].mend, None)


_ASIDE = Severity.sets_aside.value


def _absent(absent: Sequence[Mapping[str, Any]]) -> Iterator[Thing]:
    """Speak of tables that the source could hold and indicators read; a problem is spoken of elsewhere."""
    could = [entry["table"] for entry in absent if entry["has_place"] and not entry["is_needed"]]
    read = {table: n for table in could if (n := n_indicators_of(table))}
    if read:
        named = sorted(read, key=lambda table: (-read[table], table))
        what = f"Tables that {_so_many(sum(read.values()))} read are not in the source: {_listed(named)}."
        yield Thing(_ASIDE, what, "Add them to the extract, if the case system holds them.", None)


def _uneven(records: Records, tables: Sequence[Mapping[str, Any]]) -> Iterator[Thing]:
    for entry in tables:
        name = entry["table"]
        if entry["has_stopped"]:
            what = f"{name} stops in {entry['last_month']}, long before the records' last day."
            mend = "Ask whether the table is still filled, or its source was switched."
            yield Thing(_ASIDE, what, mend, _n_owners(records, name))
        if entry["thin_months"]:
            n = len(entry["thin_months"])
            what = f"{name} has hardly any rows in {n} month{'s' if n > 1 else ''}, from {entry['thin_months'][0]}."
            yield Thing(_ASIDE, what, "Load the months again; something was not extracted.", _n_owners(records, name))


def _unfilled(records: Records, completeness: Sequence[Mapping[str, Any]]) -> Iterator[Thing]:
    """Speak of columns that indicators read and that are empty, or were filled better the year before."""
    worse = [entry for entry in completeness if entry["is_empty"] or entry["drops"]]
    read = [entry for entry in worse if indicators_reading(entry["table"], entry["column"])]
    empty = [entry for entry in read if entry["is_empty"]]
    if empty:
        what = f"Columns that indicators read have no value in any row: {_columns(empty)}."
        yield Thing(_ASIDE, what, "Fill them from the case system, if it can.", _most_owners(records, empty))
    for entry in read:
        if not entry["is_empty"]:
            what = f"{_columns([entry])} was filled much less in {', '.join(entry['drops'])} than in the year before."
            mend = "Ask what changed in how it is recorded or extracted."
            yield Thing(Severity.warns.value, what, mend, _n_owners(records, entry["table"]))


def _columns(entries: Sequence[Mapping[str, Any]]) -> str:
    return _listed([f"{entry['table']}.{entry['column']}" for entry in entries])


def _listed(names: Sequence[str]) -> str:
    """Name the first few; the report holds them all."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _not_recorded(characteristics: Mapping[str, Any]) -> Iterator[Thing]:
    for entry in characteristics["now"]:
        what = _AUDITED.get(entry["characteristic"])
        if what and entry.get("n_missing"):
            yield Thing(_ASIDE, what, "Ask families, and complete it in the case system.", entry["n_missing"])


def _n_owners(records: Records, table: str) -> int | None:
    whose = owner_column(CONTRACTS[table])
    return None if whose is None else int(records.tables[table][whose].drop_nulls().n_unique())


def _most_owners(records: Records, entries: Sequence[Mapping[str, Any]]) -> int | None:
    """Count the people of the table that has most; None where a table is of nobody's."""
    counted = [n for entry in entries if (n := _n_owners(records, entry["table"])) is not None]
    return max(counted, default=None)


def _so_many(n: int) -> str:
    return f"{n} indicator" + ("s" if n > 1 else "")
