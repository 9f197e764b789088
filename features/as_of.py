"""The only door: what was known at the end of a day, row by row and cell by cell.

Everything after this file reads a `View` and never the records, save the outcomes, which come here again
with a later day. A row is known from its event's day and, where the source says when it was entered
(`recorded_on`), not before that day either. A cell may be known later than its row: an episode of March
that ended in May had no end in April. This file knows contracts and days; it must know no table by name and
no indicator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw

from features.tables import CONTRACTS
from features.tables.contract import Column, Contract, columns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from features.tables.records import Records

Frame: TypeAlias = "nw.LazyFrame[Any]"
"""A lazy table of whichever engine."""

RECORDED_ON = "recorded_on"
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Count the days from 1970-01-01, as the `_day` companions of date columns do.

    Examples
    --------
    >>> day_number(date(1970, 1, 2))
    1
    """
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(number: int) -> date:
    """Give the date of a day number; the inverse of `day_number`."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


@dataclass(frozen=True)
class View:
    """What was known at the end of one day. It does not say what was true on that day.

    Parameters
    ----------
    as_of
        The day.
    day
        The same day, as days since 1970-01-01.
    tables
        The rows known on the day, with cells not yet known missing. A table that the source lacks is
        absent. The column `recorded_on` has done its work here and is left out.
    """

    as_of: date
    day: int
    tables: Mapping[str, Frame]


def view_as_of(records: Records, *, as_of: date) -> View:
    """Give what was known at the end of a day.

    Parameters
    ----------
    records
        Validated records of one authority.
    as_of
        The day; events of the day itself are known.

    Returns
    -------
    View
        Lazy tables with the records' own columns, without `recorded_on`.
    """
    day = day_number(as_of)
    tables = {
        name: _known(nw.from_native(frame.lazy()), CONTRACTS[name], day=day) for name, frame in records.tables.items()
    }
    return View(as_of=as_of, day=day, tables=tables)


def as_extracted_columns(tables: Collection[str]) -> list[str]:
    """Name the columns that no date stands beside: they count as known on every day, which may leak.

    Parameters
    ----------
    tables
        The tables that are read; an undated table that nothing reads cannot leak.

    Returns
    -------
    list of str
        `table.column`, in the contracts' order, for the model card. A source with `recorded_on` dates these
        rows too.
    """
    return [
        f"{table}.{name}"
        for table, contract in CONTRACTS.items()
        if table in tables and contract.row_known_from is None
        for name, column in columns_of(contract).items()
        if column.known_from is None and name != RECORDED_ON
    ]


def _known(frame: Frame, contract: type[Contract], *, day: int) -> Frame:
    names = frame.collect_schema().names()
    has_entry = RECORDED_ON in names
    columns = columns_of(contract)
    known = frame
    for is_known in _row_is_known(contract, columns, day=day, has_entry=has_entry):
        known = known.filter(is_known)
    cells = dict(_cells_known_later(contract, columns, day=day, has_entry=has_entry))
    hidden = [
        nw.when(cells[column]).then(nw.col(name)).alias(name)
        for name in names
        if (column := name.removesuffix("_day") if name not in columns else name) in cells
    ]
    kept = [name for name in names if name not in (RECORDED_ON, f"{RECORDED_ON}_day")]
    return (known.with_columns(*hidden) if hidden else known).select(*kept)


def _row_is_known(
    contract: type[Contract], columns: Mapping[str, Column], *, day: int, has_entry: bool, lag_days: int = 0
) -> Iterator[nw.Expr]:
    event = contract.row_known_from
    if event is not None:
        lag = lag_days + (columns[event].lag_days if event in columns else 0)
        yield nw.col(f"{event}_day") <= day - lag
    if has_entry:
        entered = nw.col(f"{RECORDED_ON}_day")
        yield entered.is_null() | (entered <= day - lag_days)


def _cells_known_later(
    contract: type[Contract], columns: Mapping[str, Column], *, day: int, has_entry: bool
) -> Iterator[tuple[str, nw.Expr]]:
    for name, column in columns.items():
        if name == contract.row_known_from:
            continue
        if column.known_from is not None:
            yield name, nw.col(f"{column.known_from}_day") <= day - column.lag_days
        elif column.lag_days:
            yield (
                name,
                nw.all_horizontal(
                    *_row_is_known(contract, columns, day=day, has_entry=has_entry, lag_days=column.lag_days),
                    ignore_nulls=False,
                ),
            )
