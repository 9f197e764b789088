"""What cannot be used, and why: cells and rows are set aside, each with one reason, never in silence.

A *refusal* is a cell that is taken out of its table: row, column and kind. A row that then lacks a value which may not
be missing is set aside whole, with the refusal's kind as its reason. The rules know contracts, not tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from features.tables.contract import columns_of
from features.tables.records import SET_ASIDE_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.tables.contract import Column, Contract

ROW = "__row"
PERSON = "ssd_person"
RECORDED_ON = "recorded_on"

# A pregnancy lasts about 280 days; nothing can have happened to an unborn child before it.
DAYS_BEFORE_BIRTH = 280

# Databases write 1 January 1900 for "no date"; nobody in the records was born before the year after it.
EARLIEST = date(1901, 1, 1)

REASONS: dict[str, str] = {
    "unparsable_date": "not a date; allowed are 2024-03-31, 31/03/2024, 31 Mar 2024 and Excel's day numbers",
    "unparsable_flag": "neither yes nor no; allowed are Y/N, 1/0, true/false, a) Yes",
    "unparsable_number": "not a number, or outside its bounds",
    "unparsable_postcode": "not a full postcode",
    "unknown_code": "not in the official list of codes, wholly or in part",
    "implausible_date": "before 1901, as databases write for no date",
    "date_after_extract": "later than the last day that the records speak of",
    "end_before_start": "an end that lies before its start",
    "date_before_birth": "more than 280 days before the child's birth",
    "orphan": "points to a row that is not there, or was set aside",
    "missing_value": "no value in a column that a row cannot do without",
    "repeated_key": "the key stands in an earlier row too; the first is kept",
}
"""Each kind of refusal and what it means, with what is allowed."""

_UNREADABLE: dict[str, str] = {
    "date": "unparsable_date",
    "flag": "unparsable_flag",
    "number": "unparsable_number",
    "postcode": "unparsable_postcode",
    "code": "unknown_code",
    "codes": "unknown_code",
}
_REFUSED = {ROW: pl.Int64, "column": pl.String, "kind": pl.String}


@dataclass
class Draft:
    """One table on its way from coerced cells to accepted rows.

    Parameters
    ----------
    frame
        The cells that stand so far, with the source's row number under `ROW`, from 1.
    refusals
        What was taken out, in the order in which it was.
    """

    contract: type[Contract]
    frame: pl.DataFrame
    refusals: list[pl.DataFrame] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, Column]:
        """The contract's columns."""
        return columns_of(self.contract)

    def note(self, column: str, kind: str, where: pl.Series) -> None:
        """Count cells of a column as refused, leaving their values as they are."""
        if where.any():
            rows = self.frame[ROW].filter(where)
            self.refusals.append(pl.DataFrame({ROW: rows}).with_columns(column=pl.lit(column), kind=pl.lit(kind)))

    def refuse(self, column: str, kind: str, where: pl.Expr) -> None:
        """Take out the cells of a column for which `where` holds; a null answer is no."""
        if self.frame[column].null_count() == self.frame.height:
            return
        refused = self.frame.select((where & pl.col(column).is_not_null()).fill_null(False)).to_series()
        if refused.any():
            self.note(column, kind, refused)
            kept = pl.when(~refused).then(pl.col(column))
            self.frame = self.frame.with_columns(kept.alias(column))

    def note_unreadable(self, column: str, refused: pl.Series) -> None:
        """Count the cells that coercion could not read."""
        kind = "date" if column not in self.columns else self.columns[column].kind
        if kind in _UNREADABLE:
            self.note(column, _UNREADABLE[kind], refused)


def refuse_implausible_days(draft: Draft, *, extract_day: date) -> None:
    """Take out days too long ago and days after the extract; planned days may lie ahead."""
    for name, column in draft.columns.items():
        if column.kind != "date":
            continue
        draft.refuse(name, "implausible_date", pl.col(name) < EARLIEST)
        if not (column.is_planned or column.is_derived):
            draft.refuse(name, "date_after_extract", pl.col(name) > extract_day)


def refuse_ends_before_starts(draft: Draft) -> None:
    """Take out an end that lies before its start; the span is then one without a known end."""
    for name, column in draft.columns.items():
        if column.not_before is not None:
            draft.refuse(name, "end_before_start", pl.col(name) < pl.col(column.not_before))


def refuse_orphans(draft: Draft, accepted: Mapping[str, pl.DataFrame]) -> None:
    """Take out what points to a row that is not among the accepted ones; an absent table cannot be checked."""
    for name, column in draft.columns.items():
        if column.references is None:
            continue
        table, referred = column.references.split(".")
        if table in accepted:
            known = accepted[table][referred].unique().implode()
            draft.refuse(name, "orphan", ~pl.col(name).is_in(known))


def refuse_before_birth(draft: Draft, people: pl.DataFrame) -> None:
    """Take out an event that lies more than a pregnancy before its child's birth, or expected birth."""
    event, whose = draft.contract.row_known_from, person_column(draft)
    if event is None or whose is None:
        return
    births = people.select(
        pl.col("pers_person_id").alias(whose), pl.coalesce("pers_dob", "pers_expected_dob").alias("__birth")
    )
    draft.frame = draft.frame.join(births, on=whose, how="left", maintain_order="left")
    earliest = pl.col("__birth") - pl.duration(days=DAYS_BEFORE_BIRTH)
    draft.refuse(event, "date_before_birth", pl.col(event) < earliest)
    draft.frame = draft.frame.drop("__birth")


def person_column(draft: Draft) -> str | None:
    """Name the column that says whose row it is."""
    owners = (name for name, c in draft.columns.items() if c.references == f"{PERSON}.pers_person_id")
    return next(owners, None)


def settle(draft: Draft) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the rows that can be used from those that cannot.

    A row whose `recorded_on` cannot be read is set aside: to guess when it was known could let the future in.

    Returns
    -------
    tuple of pl.DataFrame
        The accepted rows in the source's order, with `ROW`; and what was set aside (`SET_ASIDE_SCHEMA`): one line per
        row that was, and one per refused cell of an accepted row.
    """
    refused = pl.concat([pl.DataFrame(schema=_REFUSED), *draft.refusals])
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
    return accepted, _lines(draft.contract.table, lacking, cells)


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


def _lines(table: str, rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("kind").replace_strict(REASONS, return_dtype=pl.String)
    whole = rows.with_columns(reason=pl.format("row: {}: {}", "column", reason), column=pl.lit(None, pl.String))
    single = cells.with_columns(reason=reason)
    both = pl.concat([whole.select(ROW, "column", "kind", "reason"), single])
    stated = both.with_columns(table=pl.lit(table), row=pl.col(ROW), severity=pl.lit("sets_aside"))
    return stated.select(SET_ASIDE_SCHEMA.keys()).sort("row", "column", nulls_last=False, maintain_order=True)
