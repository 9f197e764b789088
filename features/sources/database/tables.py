"""Tables of the standard in a database: where they stand, what is selected of them, and their cells as text.

Knows SQL Server's, PostgreSQL's and Oracle's catalogues, and no way to connect. Only columns that are wanted are
selected, so names and other columns that nothing here needs never leave the database.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import polars as pl
from sqlalchemy import bindparam, column, quoted_name, select, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Select, TextClause

# The catalogue of PostgreSQL and of SQL Server; both list only what the login may use. In capitals, for a SQL Server
# can tell cases apart, and PostgreSQL folds them.
_STANDARD_CATALOGUE = """
    SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE LOWER(TABLE_NAME) IN :names
"""
_ORACLE_CATALOGUE = "SELECT owner, table_name, column_name FROM all_tab_columns WHERE LOWER(table_name) IN :names"


# What Python writes of these is what is wanted: digits and ISO dates.
_PLAIN = frozenset({str, int, date, datetime, UUID})


@dataclass(frozen=True)
class FoundTable:
    """A table or view in which wanted columns were found.

    Parameters
    ----------
    schema, name
        As the database writes them.
    columns
        The wanted columns that it has, in the order in which they are wanted: our name, then the database's.
    """

    schema: str
    name: str
    columns: Mapping[str, str]


def find_tables(
    connection: Connection, wanted: Mapping[str, Sequence[str]], *, schema: str | None
) -> tuple[dict[str, FoundTable], tuple[str, ...]]:
    """Look for tables in every schema that the login can see, in upper or lower case.

    Parameters
    ----------
    connection
        To the database.
    wanted
        Table names and their columns, in lower case.
    schema
        The only schema to look in. None: all.

    Returns
    -------
    tuple of (dict of str to FoundTable, tuple of str)
        By the wanted name, in that order; and what makes a table unusable, in words.
    """
    rows = connection.execute(catalogue(connection.dialect.name), {"names": list(wanted)})
    places: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, name, column_name in rows:
        if schema is None or schema.lower() == place.lower():
            places[name.lower()][place, name].append(column_name)
    found: dict[str, FoundTable] = {}
    problems: list[str] = []
    for name in (name for name in wanted if name in places):
        if len(places[name]) > 1:
            problems.append(
                f"{name}: the database holds it {len(places[name])} times; "
                "add ?schema=NAME to its URL to say which schema is meant"
            )
            continue
        (place, written), names = next(iter(places[name].items()))
        columns, twice = _columns(names, wanted[name])
        problems += [f"{name}.{ours}: the database's table has two columns of this name" for ours in twice]
        if columns and not twice:
            found[name] = FoundTable(place, written, columns)
    return found, tuple(problems)


def catalogue(dialect: str) -> TextClause:
    """Give the query for schema, table and column of every table with one of `:names`."""
    query = _ORACLE_CATALOGUE if dialect == "oracle" else _STANDARD_CATALOGUE
    return text(query).bindparams(bindparam("names", expanding=True))


def _columns(names: Iterable[str], wanted: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Match columns whatever their case; wanted ones that two columns answer to come back too."""
    written: dict[str, list[str]] = defaultdict(list)
    for name in names:
        written[name.lower()].append(name)
    there = [name for name in wanted if name in written]
    return {name: written[name][0] for name in there}, [name for name in there if len(written[name]) > 1]


def select_wanted(found: FoundTable) -> Select[*tuple[Any, ...]]:
    """Write the query for a table's wanted columns, every name quoted just as the database has it.

    No order is asked for: collations differ, and long text cannot be ordered everywhere.
    """
    source = table(quoted_name(found.name, quote=True), schema=quoted_name(found.schema, quote=True))
    return select(*(column(quoted_name(name, quote=True)) for name in found.columns.values())).select_from(source)


def as_text(names: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[pl.DataFrame, frozenset[str]]:
    """Turn a batch of rows into a frame of text, column by column.

    Returns
    -------
    tuple of (pl.DataFrame, frozenset of str)
        The frame; and the columns that hold bytes, which are all missing in it.
    """
    texts: dict[str, pl.Series] = {}
    refused: set[str] = set()
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        try:
            texts[name] = pl.Series(_texts(cells), dtype=pl.String)
        except TypeError:
            refused.add(name)
            texts[name] = pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    return pl.DataFrame(texts), frozenset(refused)


def _texts(cells: Sequence[object]) -> Sequence[object]:
    """Write a column's cells, those of the plain kinds without a look at each."""
    kinds = set(map(type, cells)) - {type(None)}
    if kinds <= {str}:
        return cells
    write = str if kinds <= _PLAIN else _written
    return [None if cell is None else write(cell) for cell in cells]


def _written(cell: object) -> str:
    """Write one cell; whole numbers that are kept as decimals lose their `.0`, as ids must."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() | Decimal() if math.isfinite(cell) and cell % 1 == 0:
            return f"{cell:.0f}"
        case dict() | list():
            return json.dumps(cell, ensure_ascii=False)
        case bytes() | bytearray() | memoryview():
            raise TypeError("bytes are not text")
    return str(cell)
