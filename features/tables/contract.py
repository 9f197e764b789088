"""What a contract says of a column: its kind, whether it may be missing, and from when its value was known.

One pandera model per table is the contract; the functions here write its fields. Coercion (`coerce`) reads the kind,
pandera checks the outcome, and the door (`features.as_of`) reads `known_from`. This file knows no table by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pandera.polars as pa
import polars as pl

Kind = Literal["id", "text", "date", "flag", "code", "codes", "number"]
"""What a raw cell is read as.

`id` and `text` stay text; `date` becomes a day; `flag` becomes 0 or 1 (Int8); `code` becomes a code of an official
list; `codes` becomes sorted codes between bars, as in `|1A|4B|`, from any of the JSON shapes; `number` Float64.
"""

DTYPES: dict[Kind, Any] = {
    "id": pl.String,
    "text": pl.String,
    "date": pl.Date,
    "flag": pl.Int8,
    "code": pl.String,
    "codes": pl.String,
    "number": pl.Float64,
}


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
    """

    kind: Kind
    is_required: bool = False
    may_be_missing: bool = True
    codelist: str | None = None
    references: str | None = None
    known_from: str | None = None
    lag_days: int = 0
    reason: str = ""


class Contract(pa.DataFrameModel):
    """The base of every table's contract; a subclass is named as its table is in the Standard Safeguarding Dataset.

    `row_known_from` names the date column from whose day a row was known; None means the table has no event date and
    counts *as extracted*, which the model card names as a possible leak. An optional column `recorded_on` decides where
    a source has it.
    """

    table: ClassVar[str]
    row_known_from: ClassVar[str | None] = None

    class Config:
        """Coercion is ours and comes first; pandera only checks."""

        coerce = False
        strict = False


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


def columns_of(contract: type[Contract]) -> dict[str, Column]:
    """Give the columns of a contract, in its order.

    Returns
    -------
    dict of str to Column
        By column name.
    """
    schema = contract.to_schema()
    return {name: (column.metadata or {})["column"] for name, column in schema.columns.items()}
