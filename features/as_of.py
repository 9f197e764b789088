"""The only door: what was known at the end of a day, row by row and cell by cell.

Everything after this file reads a `View` and never the records, save the outcomes, which come here again
with a later day. A row is known from its event's day and, where the source says when it was entered
(`recorded_on`), not before that day either. A cell may be known later than its row: an episode of March
that ended in May had no end in April. This file knows contracts and days; it must know no table by name and
no indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from features.days import day_number
from features.engines.polars_engine import IN_MEMORY
from features.moment import KNOWN, Moment, on_day
from features.tables import CONTRACTS
from features.tables.contract import Column, Contract, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from features.engines.engine import Engine, Frame

RECORDED_ON = "recorded_on"


class Known(Protocol):
    """Validated records that can be looked at: whole in memory, or kept as Parquet for an engine to read."""

    @property
    def tables(self) -> Mapping[str, Any]:
        """Give the tables by name, each in the engine's own form."""

    @property
    def extract_day(self) -> date:
        """Give the last day that the records speak of."""

    @property
    def engine(self) -> Engine:
        """Give what computes on them."""


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
    engine
        What computes on them.
    """

    as_of: date
    day: int
    tables: Mapping[str, Frame]
    engine: Engine = IN_MEMORY


@dataclass(frozen=True)
class Views:
    """What was known at the end of each of several days, for passes that read a table once for all of them.

    Parameters
    ----------
    each
        The view of each day.
    tables
        By name: the rows known on the last of the days, and beside them what was known on which day (`moments`). Of one
        day, that of its view.
    """

    each: tuple[View, ...]
    tables: Mapping[str, Frame]

    @property
    def engine(self) -> Engine:
        """Give what computes on them."""
        return self.each[0].engine

    def moments(self, table: str) -> list[Moment]:
        """Give the days, as a declaration reads a table on them."""
        if len(self.each) == 1:
            return [Moment(self.each[0].day)]
        names = self.tables[table].collect_schema().names()
        return [Moment(view.day, _apart(names, view.day), is_alone=False) for view in self.each]


def view_as_of(records: Known, *, as_of: date) -> View:
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
    return View(as_of=as_of, day=day, tables=_WhenAsked(records, partial(_known, day=day)), engine=records.engine)


def views_as_of(records: Known, days: Sequence[date]) -> Views:
    """Give what was known at the end of each of several days.

    Parameters
    ----------
    records
        Validated records of one authority.
    days
        The days, at least one.
    """
    each = tuple(view_as_of(records, as_of=day) for day in days)
    if len(each) == 1:
        return only(each[0])
    numbers = [view.day for view in each]
    return Views(each, _WhenAsked(records, lambda frame, contract: _known_on_each(frame, contract, days=numbers)))


def only(view: View) -> Views:
    """Give one view where several are asked for."""
    return Views((view,), view.tables)


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


class _WhenAsked(Mapping[str, "Frame"]):
    """The tables of records, each looked at through the door when it is asked for: most who look need few."""

    def __init__(self, records: Known, look: Callable[[Frame, type[Contract]], Frame]) -> None:
        self._records, self._look = records, look
        self._looked_at: dict[str, Frame] = {}

    def __getitem__(self, name: str) -> Frame:
        if name not in self._looked_at:
            frame = nw.from_native(self._records.tables[name]).lazy()
            self._looked_at[name] = self._look(frame, CONTRACTS[name])
        return self._looked_at[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records.tables)

    def __len__(self) -> int:
        return len(self._records.tables)


def _apart(names: list[str], day: int) -> frozenset[str]:
    """Give the columns of which a frame has a copy for the day."""
    ending = on_day("", day)
    return frozenset(name.removesuffix(ending) for name in names if name.endswith(ending))


def _known(frame: Frame, contract: type[Contract], *, day: int) -> Frame:
    names = frame.collect_schema().names()
    has_entry = RECORDED_ON in names
    columns = columns_of(contract)
    known = frame
    for is_known in _row_is_known(contract, columns, day=day, has_entry=has_entry):
        known = known.filter(is_known)
    cells = dict(_cells_known_later(contract, columns, day=day, has_entry=has_entry))
    hidden = [nw.when(cells[of]).then(nw.col(name)).alias(name) for name, of in _hidden(names, columns, cells)]
    return (known.with_columns(*hidden) if hidden else known).select(*_kept(names))


def _known_on_each(frame: Frame, contract: type[Contract], *, days: Sequence[int]) -> Frame:
    """Give the rows known on the last day, each marked for the days that know it, and its cells once a day."""
    names = frame.collect_schema().names()
    has_entry = RECORDED_ON in names
    columns = columns_of(contract)
    known, beside, apart = frame, list[nw.Expr](), set[str]()
    # What is known on a day is known ever after, so the last day knows all.
    for is_known in _row_is_known(contract, columns, day=max(days), has_entry=has_entry):
        known = known.filter(is_known)
    for day in days:
        rows = list(_row_is_known(contract, columns, day=day, has_entry=has_entry))
        is_known = nw.all_horizontal(*rows, ignore_nulls=True) if rows else nw.lit(True)
        beside.append(is_known.alias(on_day(KNOWN, day)))
        cells = dict(_cells_known_later(contract, columns, day=day, has_entry=has_entry))
        for name, of in _hidden(names, columns, cells):
            beside.append(nw.when(cells[of]).then(nw.col(name)).alias(on_day(name, day)))
            apart.add(name)
    return known.select(*(name for name in _kept(names) if name not in apart), *beside)


def _hidden(names: list[str], columns: Mapping[str, Column], cells: Mapping[str, nw.Expr]) -> Iterator[tuple[str, str]]:
    """Give each column whose cells may be known later than their rows, and its day beside it, with the column meant."""
    for name in names:
        of = name if name in columns else name.removesuffix("_day")
        if of in cells:
            yield name, of


def _kept(names: list[str]) -> list[str]:
    return [name for name in names if name not in (RECORDED_ON, f"{RECORDED_ON}_day")]


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
