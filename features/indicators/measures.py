"""The few ways of counting that every declaration is built from; each gives a function from the as-of day.

All are aggregations of whole numbers, so that the same rows give the same bytes in any order and on any
engine. A window of N days ends with the as-of day and counts it. A condition on a missing cell is missing,
and counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import narwhals as nw

from features.ages import age_in_years
from features.as_of import date_of
from features.vocabulary.characteristics import NEVER_SCORED_FACTORS

if TYPE_CHECKING:
    from features.vocabulary.status import Rung

Measure = Callable[[int], nw.Expr]
Condition = Callable[[int], nw.Expr]

THREE_MONTHS, SIX_MONTHS, TWELVE_MONTHS, TWENTY_FOUR_MONTHS = 91, 182, 365, 730

# The longest span that the matrix's Int16 holds, some 89 years: a wrong date must not overflow into a small
# number.
_LONGEST_DAYS = 32_767


def all_of(*conditions: Condition) -> Condition:
    """Hold where every condition holds; missing where one is missing and none fails."""
    return lambda day: nw.all_horizontal(*(condition(day) for condition in conditions), ignore_nulls=False)


def either(*conditions: Condition) -> Condition:
    """Hold where any condition holds; missing where one is missing and none holds."""
    return lambda day: nw.any_horizontal(*(condition(day) for condition in conditions), ignore_nulls=False)


def within(column: str, days: int) -> Condition:
    """Hold where the day column lies in the last so many days."""
    return lambda day: (nw.col(column) > day - days) & (nw.col(column) <= day)


def is_in(column: str, *values: str) -> Condition:
    """Hold where a code is one of the values."""
    return lambda _: nw.col(column).is_in(values)


def equals(column: str, value: int) -> Condition:
    """Hold where a flag has the value."""
    return lambda _: nw.col(column) == value


def is_known(column: str) -> Condition:
    """Hold where the cell has a value that was known on the day."""
    return lambda _: ~nw.col(column).is_null()


def is_missing(column: str) -> Condition:
    """Hold where the cell has no value, or none that was known on the day."""
    return lambda _: nw.col(column).is_null()


def is_none_of(column: str, *values: str) -> Condition:
    """Hold where a code is none of these; a row with an unreadable code still says that there is something."""
    return lambda _: nw.col(column).is_null() | ~nw.col(column).is_in(values)


def is_at_least(column: str, value: int) -> Condition:
    """Hold where a number is this large or larger."""
    return lambda _: nw.col(column) >= value


def speaks_of(column: str, pattern: str) -> Condition:
    """Hold where an authority's own words match a pattern."""
    return lambda _: nw.col(column).str.contains(pattern)


def holds(column: str, *codes: str) -> Condition:
    """Hold where a `codes` cell names at least one of the codes; missing where it could not be read."""
    if NEVER_SCORED_FACTORS.intersection(codes):
        raise ValueError("these factors are shown to the worker and never scored")
    return either(*(_holds(column, code) for code in codes))


def _holds(column: str, code: str) -> Condition:
    return lambda _: nw.col(column).str.contains(f"|{code}|", literal=True)


def is_open(start: str, end: str) -> Condition:
    """Hold where a span is held on the day; half-open."""
    return lambda day: (nw.col(start) <= day) & (nw.col(end).is_null() | (nw.col(end) > day))


def has_rung(rung: Rung) -> Condition:
    """Hold where a span of the stream of rungs is held on the day, on this rung."""
    return all_of(is_open("start_day", "end_day"), equals("rung", int(rung)))


def is_relation(relation: str) -> Condition:
    """Hold where the row is that of a household member of this relation."""
    return lambda _: nw.col("relation") == relation


def count(where: Condition) -> Measure:
    """Count the rows for which a condition holds."""
    return lambda day: where(day).cast(nw.Int32).sum()


def any_row(where: Condition) -> Measure:
    """Give 1 where a row meets the condition, 0 where rows speak and none does; missing where none speaks."""
    return lambda day: where(day).cast(nw.Int8).max()


def any_row_among(rows: Condition, where: Condition) -> Measure:
    """Give 1 or 0 among the rows chosen; missing where no row is chosen, for nothing is known."""
    return lambda day: nw.when(rows(day)).then(where(day).cast(nw.Int8)).max()


def most_in_one_row(rows: Condition, *conditions: Condition) -> Measure:
    """Give the most conditions that one of the chosen rows meets; missing where no row is chosen."""
    return lambda day: (
        nw.when(rows(day)).then(_sum_of([condition(day).cast(nw.Int32) for condition in conditions])).max()
    )


def days_since_latest(column: str, where: Condition | None = None) -> Measure:
    """Count the days since the latest row; missing where there never was one."""
    return lambda day: _bounded(day - _days(column, where, day).max())


def days_since_first(column: str, *, at_most: int) -> Measure:
    """Count the days since the first row, so many at most: long records must not look like long need."""
    return lambda day: _capped(day - nw.col(column).min(), at_most)


def days_within(start: str, end: str, days: int) -> Measure:
    """Add up the days of spans that lie in the window; spans that overlap count twice."""

    def total(day: int) -> nw.Expr:
        first = day - days
        began = nw.when(nw.col(start) > first).then(nw.col(start)).otherwise(nw.lit(first))
        ended = nw.when(nw.col(end) < day).then(nw.col(end)).otherwise(nw.lit(day))
        span = ended - began
        return nw.when(span > 0).then(span).otherwise(nw.lit(0)).cast(nw.Int32).sum()

    return lambda day: _bounded(total(day))


def largest(column: str, where: Condition) -> Measure:
    """Give the largest number among the rows for which a condition holds."""
    return lambda day: nw.when(where(day)).then(nw.col(column)).max()


def years_old(column: str) -> Measure:
    """Give the age in whole years on the day; the column is a date of birth."""
    return lambda day: age_in_years(nw.col(column), on=date_of(day)).max()


def is_aged(column: str, *, below: int) -> Condition:
    """Hold where a person born on the column's date is younger than so many years."""
    return lambda day: age_in_years(nw.col(column), on=date_of(day)) < below


def difference(one: Measure, other: Measure) -> Measure:
    """Subtract one count from another; below zero where the other is larger."""
    return lambda day: one(day) - other(day)


def _days(column: str, where: Condition | None, day: int) -> nw.Expr:
    return nw.col(column) if where is None else nw.when(where(day)).then(nw.col(column))


def _bounded(days: nw.Expr) -> nw.Expr:
    return _capped(days, _LONGEST_DAYS)


def _capped(days: nw.Expr, at_most: int) -> nw.Expr:
    return nw.when(days < at_most).then(days).otherwise(nw.when(~days.is_null()).then(nw.lit(at_most)))


def _sum_of(numbers: list[nw.Expr]) -> nw.Expr:
    total = numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total
