"""What the gaps of an extract do to the indicators: which cannot be told, and which are counted on fewer rows.

Reads what each indicator declares, never its values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from features.indicators.catalogue import CATALOGUE
from features.indicators.streams import SPANS
from features.tables import CONTRACTS, columns_of
from features.tables.contract import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from features.indicators.declaration import Indicator
    from features.tables.records import Records

# From one row in a hundred set aside on, a count is lower in a way that may show.
WORTH_SAYING = 0.01

SPAN_TABLES = (
    "ssd_early_help_episodes",
    "ssd_cin_episodes",
    "ssd_cin_assessments",
    "ssd_cin_plans",
    "ssd_cp_plans",
    "ssd_cla_episodes",
)
"""The tables from which `features.rungs` reads what each child held on the ladder."""

HOUSEHOLD_TABLES = ("ssd_family", "ssd_mother")
"""One of them at least says who belongs together; see `features.families`."""

ANY_DAY = 20_000


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
        reasons = [fewer[table] for table in _tables_of(indicator) if table in fewer]
        if cannot is not None:
            entry["cannot"].append({"indicator": indicator.name, "because": cannot})
        elif partly := _partly_lacking(indicator, lacking) + reasons:
            entry["fewer"].append({"indicator": indicator.name, "because": "; ".join(partly)})
    return list(found.values())


def n_indicators_of(table: str) -> int:
    """Count the indicators that read a table."""
    return sum(table in _tables_of(indicator) for indicator in CATALOGUE)


def indicators_reading(table: str, column: str) -> list[str]:
    """Name the indicators that read a column."""
    return [indicator.name for indicator in CATALOGUE if indicator.table == table and _reads(indicator, table, column)]


def _tables_of(indicator: Indicator) -> tuple[str, ...]:
    return SPAN_TABLES if indicator.table == SPANS else (indicator.table,)


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
    if all(table in lacking for table in _tables_of(indicator)):
        return lacking[_tables_of(indicator)[0]]
    if indicator.about == "household" and all(table in lacking for table in HOUSEHOLD_TABLES):
        return "neither ssd_family nor ssd_mother says who belongs together"
    unfilled = (column for table, column in empty if table == indicator.table and _reads(indicator, table, column))
    column = next(unfilled, None)
    return None if column is None else f"{indicator.table}.{column} has no value"


def _partly_lacking(indicator: Indicator, lacking: Mapping[str, str]) -> list[str]:
    return [lacking[table] for table in _tables_of(indicator) if table in lacking]


def _reads(indicator: Indicator, table: str, column: str) -> bool:
    """Ask whether an indicator still compiles when a column is taken away."""
    schema = dict(_schema(table))
    del schema[column]
    schema.pop(f"{column}_day", None)
    stream = nw.from_native(pl.LazyFrame(schema=schema))
    measures = [indicator.expression, *([indicator.per] if indicator.per else [])]
    try:
        stream.select(*(measure(ANY_DAY).alias(str(at)) for at, measure in enumerate(measures))).collect_schema()
    except (nw.exceptions.ColumnNotFoundError, pl.exceptions.ColumnNotFoundError):
        return True
    return False


def _schema(table: str) -> Iterator[tuple[str, Any]]:
    for name, column in columns_of(CONTRACTS[table]).items():
        yield name, DTYPES[column.kind]
        if column.kind == "date":
            yield f"{name}_day", pl.Int32
    yield from dict.fromkeys(("child_id", "person_id", "member_id", "relation"), pl.String).items()
