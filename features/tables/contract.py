"""What a contract says of a column: its kind, whether it may be missing, and from when its value was known.

One pandera model per table is the contract; the functions here write its fields. Coercion (`coerce`) reads the kind,
pandera checks the outcome, and the door (`features.as_of`) reads `known_from`. This file knows no table by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Literal

import pandera.polars as pa
import polars as pl

Kind = Literal["id", "text", "postcode", "address", "date", "flag", "code", "codes", "number"]
"""What a raw cell is read as.

`id` stays as it is; `text` is lower-cased, for it is matched and never shown; `postcode` is upper case without spaces;
`address` becomes a fingerprint that says whether two are the same (see `features.tables.coerce_address`);
`date` becomes a day; `flag` becomes 0 or 1 (Int8); `code` becomes a code of an official list; `codes` becomes sorted
codes between bars, as in `|1A|4B|`, from any of the JSON shapes; `number` Float64.
"""

DTYPES: dict[Kind, Any] = {
    "id": pl.String,
    "text": pl.String,
    "postcode": pl.String,
    "address": pl.String,
    "date": pl.Date,
    "flag": pl.Int8,
    "code": pl.String,
    "codes": pl.String,
    "number": pl.Float64,
}


SELF = "self"
"""Written as `known_from` of a date that was known from its own day; `columns_of` gives the column's own name."""


@dataclass(frozen=True)
class Column:
    """What the contract says of one column.

    Parameters
    ----------
    kind
        What a raw cell is read as.
    is_required
        Whether a source without this column is unusable (exit code 2). Any other column that a source lacks is
        added as all missing.
    may_be_missing
        Whether a row without a value here can be used. A row that lacks a value which may not be missing is set aside.
    codelist
        Name of the list in `features/vocabulary/codelists`, for `code` and `codes`.
    references
        `table.column` that the value points to; an orphan is set aside as a cell, or as a row when `may_be_missing`
        is false.
    known_from
        The date column of the same table whose day is the day from which this cell was known. None: with its row.
    lag_days
        Days after `known_from` (or after the row) until the value is taken as known.
    reason
        Why that day; always given when `known_from` or `lag_days` is.
    not_before
        The date column of the same row that this date may not precede; the earlier date is set aside as a cell.
    instead_of
        The column of the same row in whose place this one stands; both at once are noted.
    is_planned
        Whether the day is planned ahead, so that it may lie after the extract's day.
    is_derived
        Whether validation attaches the column; a source never has it.
    described_by
        The column of the same row whose text names the code where this cell holds a local number instead.
    lowest, highest
        Bounds of a `number`, both allowed; a number outside is set aside as a cell.
    """

    kind: Kind
    is_required: bool = False
    may_be_missing: bool = True
    codelist: str | None = None
    references: str | None = None
    known_from: str | None = None
    lag_days: int = 0
    reason: str = ""
    not_before: str | None = None
    instead_of: str | None = None
    is_planned: bool = False
    is_derived: bool = False
    described_by: str | None = None
    lowest: float | None = None
    highest: float | None = None


class _Stated:
    """What a contract states of its table, read from the class; pandera would take an annotated value for a column."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type[Contract]) -> Any:
        return owner._stated[self.name]


class Contract(pa.DataFrameModel):
    """The base of every table's contract, made with the table's name in the Standard Safeguarding Dataset.

    `row_known_from` names the date column from whose day a row was known; None means the table has no event date and
    counts *as extracted*, which the model card names as a possible leak. An optional column `recorded_on` decides where
    a source has it.
    """

    _stated: ClassVar[dict[str, Any]] = {}
    table = _Stated("table")
    row_known_from = _Stated("row_known_from")

    class Config:
        """Coercion is ours and comes first; pandera only checks."""

        coerce = False
        strict = False

    def __init_subclass__(cls, *, table: str, row_known_from: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call]  # pandera leaves it unannotated
        cls._stated = {"table": table, "row_known_from": row_known_from}


def field(kind: Kind, *, unique: bool = False, **column: Any) -> Any:
    """Write one column of a contract.

    Parameters
    ----------
    kind
        What a raw cell is read as.
    unique
        Whether the value is the table's key; of repeated keys the first row is kept and the others set aside.
    **column
        The other fields of `Column`.

    Returns
    -------
    Any
        A pandera field that carries the `Column` as metadata under the name `column`.
    """
    stated = Column(kind=kind, **column)
    return pa.Field(nullable=stated.may_be_missing, unique=unique, metadata={"column": stated})


def key(*, is_required: bool = True) -> Any:
    """Write the column that tells rows apart.

    Parameters
    ----------
    is_required
        False for the row numbers that an extract makes itself: where a source lacks them, rows are numbered.
    """
    return field("id", unique=True, is_required=is_required, may_be_missing=False)


def person() -> Any:
    """Write the column that says whose row it is; a row whose person is not in `ssd_person` is set aside."""
    return field("id", is_required=True, may_be_missing=False, references="ssd_person.pers_person_id")


def event() -> Any:
    """Write the date from whose day a row is known; a row without it is set aside."""
    return field("date", is_required=True, may_be_missing=False)


def ending(start: str) -> Any:
    """Write the date on which what the row tells of ended, known from that day and never before `start`."""
    return field("date", is_required=True, known_from=SELF, not_before=start, reason="an end is known when it comes")


def columns_of(contract: type[Contract]) -> dict[str, Column]:
    """Give the columns of a contract, in its order.

    Returns
    -------
    dict of str to Column
        By column name.
    """
    return dict(_columns_of(contract))


@cache
def _columns_of(contract: type[Contract]) -> dict[str, Column]:
    schema = contract.to_schema()
    stated = {name: (column.metadata or {})["column"] for name, column in schema.columns.items()}
    return {
        name: replace(column, known_from=name) if column.known_from == SELF else column
        for name, column in stated.items()
    }
