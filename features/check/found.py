"""What was found wrong or odd, grouped so that it can be acted on: by table, column and kind, and by kind alone.

Counts of cells and of children; a child's id is counted and never told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.small_numbers import is_small
from features.tables import CONTRACTS
from features.tables.kinds import KINDS, Severity

if TYPE_CHECKING:
    from features.tables.validate import Examination

# So many tables are named beside a kind of finding; a longer list is not read.
TABLES_NAMED = 3

TITLES = {
    "unparsable_date": "Days that do not exist or are no days",
    "date_day_or_month_first": "Days of which nobody can say whether the day or the month comes first",
    "header_or_total": "Headers, totals and counts of rows that stand among the rows",
    "unparsable_flag": "Answers that are neither yes nor no",
    "unparsable_number": "Numbers that cannot be read or are out of bounds",
    "unparsable_postcode": "Postcodes that are not whole",
    "unknown_code": "Codes that are not in the official lists",
    "code_cut": "Local words cut to four characters, so that no code can be told",
    "implausible_date": "Days before 1901, as databases write for no day",
    "date_after_extract": "Days later than the records' last day",
    "end_before_start": "Ends that lie before their starts",
    "date_before_birth": "Days long before the child's birth",
    "orphan": "Rows or cells that point to a row that is not there",
    "zeros_lost": "Ids that lost their leading zeros",
    "early_help_child_left_out": "Rows of children with early help alone, who are not in ssd_person",
    "missing_value": "Rows without a value that they cannot do without",
    "repeated_key": "Rows whose key stands in an earlier row too",
    "column_missing": "Rows of tables left unread, since a column is missing",
    "code_retired": "Codes used after their last year",
    "code_not_yet_valid": "Codes used before their first year",
    "date_after_death": "Events that begin after the child's death",
}
"""What a person calls each kind that is more than a note."""

_PLACES = {name: place for place, name in enumerate(CONTRACTS)}
_SEVERITY_ORDER = {severity.value: place for place, severity in enumerate(Severity)}


def findings_by_place(examined: Examination) -> list[dict[str, Any]]:
    """Count what was found by table, column and kind, tables in the contracts' order, gravest first within one.

    Returns
    -------
    list of dict
        `table`, `column` (None: the whole row, or the table), `kind`, `severity`, `reason`, `mend`, `n` (rows or
        cells), and `n_children` whom it touches, None where nobody can be told, with `suppressed` where withheld.
    """
    by = ["table", "column", "kind", "severity", "reason"]
    counted = _counted(examined.findings, by).with_columns(
        place=pl.col("table").replace_strict(_PLACES, return_dtype=pl.Int8),
        order=pl.col("severity").replace_strict(_SEVERITY_ORDER, return_dtype=pl.Int8),
    )
    by_gravity = ["place", "order", "n", "column", "kind", "reason"]
    counted = counted.sort(by_gravity, descending=[name == "n" for name in by_gravity])
    return [
        {**{name: row[name] for name in by}, "mend": KINDS[row["kind"]].mend, "n": row["n"], **children(row)}
        for row in counted.iter_rows(named=True)
    ]


def findings_by_kind(examined: Examination) -> list[dict[str, Any]]:
    """Count what was found by kind over all tables, gravest and most frequent first.

    Returns
    -------
    list of dict
        `kind`, `title` (the kind in words), `severity`, `mend`, `n`, `tables` (those with most, at most three),
        `n_tables`, and `n_children` as in `findings_by_place`.
    """
    return [
        {**{name: value for name, value in row.items() if name != "n_touched"}, **children(row)}
        for row in counted_by_kind(examined)
    ]


def counted_by_kind(examined: Examination) -> list[dict[str, Any]]:
    """Count as `findings_by_kind`, with `n_touched`, the number of children as it is: to rank by, never to tell."""
    by = ["kind", "severity"]
    order = pl.col("severity").replace_strict(_SEVERITY_ORDER, return_dtype=pl.Int8)
    counted = _counted(examined.findings, by).sort(order, "n", "kind", descending=[False, True, False])
    tables = (
        examined.findings.group_by(*by, "table").agg(pl.col("n").sum()).sort("n", "table", descending=[True, False])
    )
    named = tables.group_by(by, maintain_order=True).agg(pl.col("table").head(TABLES_NAMED), n_tables=pl.len())
    return [
        {
            "kind": row["kind"],
            "title": TITLES.get(row["kind"], KINDS[row["kind"]].reason.capitalize()),
            "severity": row["severity"],
            "mend": KINDS[row["kind"]].mend,
            "n": row["n"],
            "tables": row["table"],
            "n_tables": row["n_tables"],
            "n_touched": row["n_touched"],
        }
        for row in counted.join(named, on=by, maintain_order="left").iter_rows(named=True)
    ]


def children(row: dict[str, Any]) -> dict[str, Any]:
    """Give the number of children touched; None where nobody can be told, withheld where there are few."""
    n = row["n_touched"]
    if is_small(n):
        return {"n_children": None, "suppressed": True}
    return {"n_children": n or None}


def _counted(findings: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    touched = pl.col("child_id").drop_nulls().n_unique().cast(pl.Int64)
    return findings.lazy().group_by(by).agg(pl.col("n").sum(), n_touched=touched).collect()
