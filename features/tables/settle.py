"""Parting the rows that can be used from those that cannot, and saying what was found in each.

A row that lacks a value which may not be missing is set aside whole, with the refusal's kind as its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.tables.draft import FOUND, RECORDED_ON, ROW, owner_column
from features.tables.kinds import KINDS, Severity
from features.tables.records import FINDINGS_SCHEMA

if TYPE_CHECKING:
    from features.tables.draft import Draft

# A form that so large a share of a column has is that column's way, and is said once; below so many cells of a form
# each is listed, which costs nothing.
COLUMNS_WAY, FEW = 0.05, 1_000

_REASONS = {kind: stated.reason for kind, stated in KINDS.items()}
_SEVERITIES = {kind: stated.severity.value for kind, stated in KINDS.items()}


def settle(draft: Draft) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that can be used from those that cannot.

    A row whose `recorded_on` cannot be read is set aside: to guess when it was known could let the future in.

    Returns
    -------
    tuple of pl.DataFrame
        The accepted rows in the source's order, with `ROW`; and what was found (`FINDINGS_SCHEMA`, but for the child):
        one line per row that was set aside, one per refused cell of an accepted row, and the notes.
    """
    found = pl.concat([pl.DataFrame(schema=FOUND), *draft.found])
    refused = found.filter("refused").drop("refused")
    needed = [name for name, column in draft.columns.items() if not column.may_be_missing]
    undated = refused.filter(pl.col("column") == RECORDED_ON)[ROW].unique().implode()
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in needed) & ~pl.col(ROW).is_in(undated)
    lacking = _why_lacking(draft.frame.filter(~complete), needed, refused)
    accepted = draft.frame.filter(complete)
    for key in (name for name, c in draft.contract.to_schema().columns.items() if c.unique):
        first = accepted.select(pl.col(key).is_first_distinct()).to_series()
        lacking = pl.concat([lacking, _rows(accepted.filter(~first), key, "repeated_key")])
        accepted = accepted.filter(first)
    cells = refused.join(lacking.select(ROW), on=ROW, how="anti")
    cells = cells.unique([ROW, "column"], keep="first", maintain_order=True)
    noted = found.filter(~pl.col("refused")).drop("refused")
    return accepted, _lines(draft, rows=lacking, cells=cells, noted=noted)


def name_children(lines: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Say beside each line whom it concerns.

    Parameters
    ----------
    lines
        As `settle` gives them.
    owners
        `row` and `child_id`, as the source has them; see `owners_of`.
    """
    named = lines.join(owners, on="row", how="left", maintain_order="left")
    return named.select(FINDINGS_SCHEMA.keys()).cast(FINDINGS_SCHEMA)  # type: ignore[arg-type]  # polars takes any mapping of names


def owners_of(draft: Draft) -> pl.DataFrame:
    """Give whose each row is, before any of it is taken out."""
    whose = owner_column(draft.contract)
    child = pl.lit(None, pl.String) if whose is None else pl.col(whose)
    return draft.frame.select(pl.col(ROW).alias("row"), child.alias("child_id"))


def table_line(table: str, kind: str, *, n: int, column: str | None = None) -> pl.DataFrame:
    """Say something of a whole table, or of one of its columns."""
    stated = KINDS[kind]
    line = {
        "table": table,
        "column": column,
        "kind": kind,
        "severity": stated.severity.value,
        "reason": stated.reason,
        "n": n,
    }
    return pl.DataFrame([line], schema=FINDINGS_SCHEMA)


def _rows(frame: pl.DataFrame, column: str, kind: str) -> pl.DataFrame:
    return frame.select(ROW, column=pl.lit(column), kind=pl.lit(kind))


def _why_lacking(rows: pl.DataFrame, needed: list[str], refused: pl.DataFrame) -> pl.DataFrame:
    """Give one line per row: the first refusal among the columns that it cannot do without, else what is missing."""
    missing = pl.coalesce(pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in needed)
    missing = missing.fill_null(RECORDED_ON)
    without = rows.select(ROW, column=missing, kind=pl.lit("missing_value"))
    because = refused.join(without.select(ROW, "column"), on=[ROW, "column"], how="semi")
    because = because.unique(ROW, keep="first", maintain_order=True)
    unexplained = without.join(because, on=ROW, how="anti")
    return pl.concat([because, unexplained])


def _lines(draft: Draft, *, rows: pl.DataFrame, cells: pl.DataFrame, noted: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("kind").replace_strict(_REASONS, return_dtype=pl.String)
    whole = rows.with_columns(reason=pl.format("row: {}: {}", "column", reason), column=pl.lit(None, pl.String))
    both = pl.concat([whole, cells.with_columns(reason=reason)])
    aside = both.with_columns(severity=pl.lit(Severity.sets_aside.value), n=pl.lit(1, pl.Int64))
    aside = aside.sort(ROW, "column", nulls_last=False, maintain_order=True)
    told = _noted(noted, n_rows=draft.frame.height).with_columns(
        reason=reason, severity=pl.col("kind").replace_strict(_SEVERITIES, return_dtype=pl.String)
    )
    # A value that was read from beside an unknown code is no note: the code itself is still wrong.
    graver = pl.when(pl.col("severity") == Severity.sets_aside.value).then(pl.lit(Severity.warns.value))
    told = told.with_columns(severity=graver.otherwise("severity"))
    stated = pl.concat([aside, told.select(aside.columns)]).with_columns(table=pl.lit(draft.contract.table))
    return stated.rename({ROW: "row"})


def _noted(noted: pl.DataFrame, *, n_rows: int) -> pl.DataFrame:
    """Say a form that is a column's way once, and each odd cell by itself; what warns is always listed."""
    alike = noted.group_by("column", "kind", maintain_order=True).agg(n=pl.len().cast(pl.Int64))
    is_note = pl.col("kind").replace_strict(_SEVERITIES, return_dtype=pl.String) == Severity.notes.value
    ways = alike.filter(is_note & (pl.col("n") > FEW) & (pl.col("n") > COLUMNS_WAY * n_rows))
    single = noted.join(ways, on=["column", "kind"], how="anti", maintain_order="left")
    single = single.with_columns(n=pl.lit(1, pl.Int64)).sort(ROW, "column", maintain_order=True)
    return pl.concat([ways.select(pl.lit(None, pl.Int64).alias(ROW), "column", "kind", "n"), single])
