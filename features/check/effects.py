"""What the gaps of an extract do to the indicators: which cannot be told, and which are counted on fewer rows.

Reads what each indicator declares, never its values.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from features.as_of import View
from features.days import day_number
from features.indicators.catalogue import CATALOGUE
from features.indicators.streams import needs_of, rows_of, tables_of
from features.moment import Moment
from features.tables import CONTRACTS, columns_of
from features.tables.contract import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from features.engines.engine import Frame
    from features.indicators.declaration import Indicator
    from features.tables.records import Records

# From one row in a hundred set aside on, a count is lower in a way that may show.
WORTH_SAYING = 0.01

HOUSEHOLD_TABLES = ("ssd_family", "ssd_mother")
"""One of them at least says who belongs together; see `features.families`."""

ANY_DAY = date(2024, 3, 31)


def effects(
    records: Records, *, empty_columns: Iterable[tuple[str, str]], tables: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Say what the gaps do, by domain of family life.

    Parameters
    ----------
    records
        As far as they could be read.
    empty_columns
        Table and column of each column without a value.
    tables
        Entries of the report: rows read and set aside, whether a table has stopped, thin months.

    Returns
    -------
    list of dict
        By domain: `domain`, `n_indicators`, `cannot` (not told, or told wrongly as none) and `fewer` (counted on fewer
        rows), each a list of `indicator` and `because`, a sentence without a full stop.
    """
    lacking = _lacking_tables(records)
    fewer = {entry["table"]: because for entry in tables if (because := _why_fewer(entry))}
    empty = list(empty_columns)
    found: dict[str, dict[str, Any]] = {}
    for indicator in CATALOGUE:
        entry = found.setdefault(
            str(indicator.domain), {"domain": str(indicator.domain), "n_indicators": 0, "cannot": [], "fewer": []}
        )
        entry["n_indicators"] += 1
        cannot = _why_cannot(indicator, lacking, empty)
        reasons = [fewer[table] for table in tables_of(indicator.table) if table in fewer]
        if cannot is not None:
            entry["cannot"].append({"indicator": indicator.name, "because": cannot})
        elif partly := _partly_lacking(indicator, lacking) + reasons:
            entry["fewer"].append({"indicator": indicator.name, "because": "; ".join(partly)})
    return list(found.values())


def n_indicators_of(table: str) -> int:
    """Count the indicators that read a table."""
    return sum(table in tables_of(indicator.table) for indicator in CATALOGUE)


def indicators_reading(table: str, column: str) -> list[str]:
    """Name the indicators that read a column."""
    return [
        indicator.name
        for indicator in CATALOGUE
        if table in tables_of(indicator.table) and _reads(indicator, table, column)
    ]


def _lacking_tables(records: Records) -> dict[str, str]:
    """Say of each table that gives nothing why."""
    absent = {name: f"{name} is not in the source" for name in CONTRACTS if name not in records.tables}
    empty = {name: f"{name} has no row" for name, frame in records.tables.items() if frame.is_empty()}
    return {**absent, **empty}


def _why_fewer(entry: Mapping[str, Any]) -> str:
    name, n_read = entry["table"], entry["rows_read"]
    aside = entry["rows_set_aside"] / n_read if n_read else 0.0
    reasons = [f"{aside:.0%} of the rows of {name} were set aside"] if aside >= WORTH_SAYING else []
    reasons += [f"{name} stops in {entry['last_month']}"] if entry["has_stopped"] else []
    reasons += [f"{name} has months with hardly any rows"] if entry["thin_months"] else []
    return "; ".join(reasons)


def _why_cannot(indicator: Indicator, lacking: Mapping[str, str], empty: Sequence[tuple[str, str]]) -> str | None:
    """Say why an indicator cannot be told; None where it can."""
    tables = tables_of(indicator.table)
    needed = next((table for table in needs_of(indicator.table) if table in lacking), None)
    if needed is not None or all(table in lacking for table in tables):
        return lacking[needed or tables[0]]
    if indicator.about == "household" and all(table in lacking for table in HOUSEHOLD_TABLES):
        return "neither ssd_family nor ssd_mother says who belongs together"
    unfilled = ((table, column) for table, column in empty if table in tables and _reads(indicator, table, column))
    found = next(unfilled, None)
    return None if found is None else f"{found[0]}.{found[1]} has no value"


def _partly_lacking(indicator: Indicator, lacking: Mapping[str, str]) -> list[str]:
    read = tables_of(indicator.table)
    # Fewer brothers, sisters and mothers are found where only one of the two says who belongs together.
    home = [table for table in HOUSEHOLD_TABLES if indicator.about == "household" and table not in read]
    return [lacking[table] for table in (*read, *home) if table in lacking]


@cache
def _reads(indicator: Indicator, table: str, column: str) -> bool:
    """Ask whether an indicator still compiles when a column is taken away."""
    tables = {name: _empty(name, without=column if name == table else "") for name in tables_of(indicator.table)}
    measures = [indicator.expression, *([indicator.per] if indicator.per else [])]
    day = day_number(ANY_DAY)
    try:
        rows = rows_of(View(ANY_DAY, day, tables), indicator.table)
        assert rows is not None  # every table is there, if empty
        of_household = rows.with_columns(nw.lit("sibling").alias("relation"))
        of_household.select(
            *(measure(Moment(day)).alias(str(at)) for at, measure in enumerate(measures))
        ).collect_schema()
    except (nw.exceptions.ColumnNotFoundError, pl.exceptions.ColumnNotFoundError):
        return True
    return False


def _empty(table: str, *, without: str) -> Frame:
    schema = dict(_schema(table))
    for name in (without, f"{without}_day"):
        schema.pop(name, None)
    return nw.from_native(pl.LazyFrame(schema=schema))


def _schema(table: str) -> Iterator[tuple[str, Any]]:
    for name, column in columns_of(CONTRACTS[table]).items():
        yield name, DTYPES[column.kind]
        if column.kind == "date":
            yield f"{name}_day", pl.Int32
