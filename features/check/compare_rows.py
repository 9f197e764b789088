"""Which row of one extract is which of another, and what each knew of one day.

Knows contracts, no table by name. Row numbers that an extract makes itself, and the keys that a reader makes for a
format without any, may be made anew each time: a row is then told by its child, its day and what it says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from features.as_of import view_as_of
from features.tables import CONTRACTS, columns_of
from features.tables.draft import RECORDED_ON, owner_column

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from features.tables.contract import Column
    from features.tables.records import Records

NAMING = ("id", "code", "codes", "text", "postcode")
NTH = "__nth"
KEY_NOW = "__key_now"
BY_KEY = "__by_key"


@dataclass(frozen=True)
class Layout:
    """What the comparison needs of a contract.

    Parameters
    ----------
    table
        The table's name.
    """

    table: str

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The contract's columns."""
        return columns_of(CONTRACTS[self.table])

    @cached_property
    def key(self) -> str:
        """The column that tells rows apart."""
        stated = CONTRACTS[self.table].to_schema().columns
        return str(next(name for name, column in stated.items() if column.unique))

    @cached_property
    def whose(self) -> str | None:
        """The child's column; None for a table of nobody's."""
        return owner_column(CONTRACTS[self.table])

    @cached_property
    def event(self) -> str | None:
        """The column of the day from which a row is known."""
        event: str | None = CONTRACTS[self.table].row_known_from
        return event

    @cached_property
    def ending(self) -> str | None:
        """The column of the day on which what the row tells of ended."""
        ends = (name for name, column in self.columns.items() if column.not_before == self.event and self.event)
        return next(ends, None)

    @cached_property
    def compared(self) -> list[str]:
        """The columns whose values are compared: those that a source writes, the key apart."""
        return [name for name, column in self.columns.items() if name != self.key and not column.is_derived]

    @cached_property
    def known_later(self) -> list[str]:
        """The compared columns that may be known later than their row."""
        return [n for n in self.compared if self.columns[n].known_from is not None or self.columns[n].lag_days]

    @cached_property
    def words(self) -> list[str]:
        """The columns that say which of a child's rows of one day it is."""
        apart = {*self.known_later, self.whose}
        return [n for n in self.compared if self.columns[n].kind in NAMING and n not in apart]


def known_on(records: Records, layout: Layout, *, day: date) -> pl.DataFrame:
    """Give what an extract, by the contract's own days, knew of a table at a day's end.

    The day on which a row was entered is left out of account on purpose: whether rows were entered late is what the
    comparison is to tell.

    Returns
    -------
    pl.DataFrame
        The columns of the records, cells not yet known missing.
    """
    frame = records.tables[layout.table].drop(RECORDED_ON, f"{RECORDED_ON}_day", strict=False)
    alone = replace(records, tables={layout.table: frame})
    known: pl.DataFrame = view_as_of(alone, as_of=day).tables[layout.table].collect().to_native()
    return known


def match(earlier: pl.DataFrame, later: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Say which rows of two extracts are the same.

    From the surest way to the loosest, each with the rows that the ways before it left over: by key where the row says
    the same, by what the row says, then by each with less of it agreeing.

    Parameters
    ----------
    earlier, later
        One table as each extract has it.
    layout
        Of that table.

    Returns
    -------
    pl.DataFrame
        The key in the earlier extract under its own name and in the later one under `KEY_NOW`; `BY_KEY` is false for
        rows whose key was made anew. Rows of one extract alone are absent.
    """
    told = list(dict.fromkeys([layout.key, *([layout.whose] if layout.whose else []), *layout.compared]))
    rest = [frame.select(told) for frame in (earlier, later)]
    found = []
    for ways in _ways(layout):
        if any(frame.is_empty() for frame in rest):
            break
        left, right = (_numbered(frame, ways, layout) for frame in rest)
        right = right.with_columns(pl.col(layout.key).alias(KEY_NOW))
        pairs = left.join(right.select(KEY_NOW, *ways), on=ways, how="inner", nulls_equal=True)
        found.append(pairs.select(layout.key, KEY_NOW, pl.lit(layout.key in ways).alias(BY_KEY)))
        rest = [
            rest[0].join(pairs, on=layout.key, how="anti"),
            rest[1].join(pairs, left_on=layout.key, right_on=KEY_NOW, how="anti"),
        ]
    schema = {layout.key: pl.String(), KEY_NOW: pl.String(), BY_KEY: pl.Boolean()}
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _ways(layout: Layout) -> Iterator[list[str]]:
    """Give, from the surest to the loosest, the columns that have to agree for two rows to be the same."""
    key = [layout.key]
    whose = [name for name in (layout.whose,) if name and name != layout.key]
    # A day that validation attaches follows from another table, and changes with it.
    day = [name for name in (layout.event,) if name in layout.compared]
    yield [*key, *whose, *day, *layout.words]
    if whose:
        yield [*whose, *day, *layout.words, NTH]
    yield [*key, *whose, *day]
    if whose:
        yield [*whose, *day, NTH]
    yield [*key, *whose]
    if day:
        yield [*key, *day]


def _numbered(frame: pl.DataFrame, ways: list[str], layout: Layout) -> pl.DataFrame:
    """Give rows that agree in all else a number, in the order of what more they say."""
    if NTH not in ways:
        return frame
    alike = [name for name in ways if name != NTH]
    if not set(layout.words) <= set(ways) and layout.whose is not None:
        # Rows that name no child have only their words in common.
        frame = frame.filter(pl.col(layout.whose).is_not_null())
    ordered = frame.sort([*layout.compared, layout.key], nulls_last=True)
    return ordered.with_columns(pl.int_range(pl.len()).over(alike).alias(NTH))
