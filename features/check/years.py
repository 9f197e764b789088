"""Collection years, 1 April to 31 March, as the statutory returns count them; and which of them a report shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from features.tables import CONTRACTS, columns_of
from features.vocabulary.collection_years import FIRST_MONTH

if TYPE_CHECKING:
    from features.tables.records import Records

# The standard asks for six years of history; one more shows where it begins.
YEARS_SHOWN = 7

YEAR = "__year"


def has_last_day(records: Records) -> bool:
    """Whether the last day that the records speak of is known; without one nobody can say who is a child now."""
    return records.extract_day != date.max


def year_of(day: pl.Expr) -> pl.Expr:
    """Give the calendar year in which a day's collection year began (Int32)."""
    return day.dt.year() - (day.dt.month() < FIRST_MONTH).cast(pl.Int32)


def year_of_day(day: date) -> int:
    """Give the calendar year in which a day's collection year began."""
    return day.year - (day.month < FIRST_MONTH)


def first_year_shown(records: Records) -> int:
    """Give the first collection year that a report shows by itself; what lies before it is `earlier`."""
    return year_of_day(records.extract_day) - YEARS_SHOWN + 1


def year_label(year: int, *, first: int) -> str:
    """Name a collection year.

    Examples
    --------
    >>> year_label(2024, first=2019), year_label(1999, first=1999), year_label(2018, first=2019)
    ('2024-25', '1999-00', 'earlier')
    """
    return "earlier" if year < first else f"{year}-{(year + 1) % 100:02d}"


def dated(records: Records, name: str) -> pl.LazyFrame | None:
    """Give a table's accepted rows that have the day of their event, with its collection year under `YEAR`.

    Returns
    -------
    LazyFrame or None
        Years before the first that is shown are all the one before it. None for a table without such a day.
    """
    event = CONTRACTS[name].row_known_from
    if event is None or name not in records.tables:
        return None
    year = year_of(pl.col(event)).clip(lower_bound=first_year_shown(records) - 1).alias(YEAR)
    return records.tables[name].lazy().filter(pl.col(event).is_not_null()).with_columns(year)


def end_of(name: str) -> str | None:
    """Name the column that says when what a row tells of ended; None for what happens on one day."""
    event = CONTRACTS[name].row_known_from
    columns = columns_of(CONTRACTS[name]).items()
    return next((column for column, stated in columns if event and stated.not_before == event), None)
