"""The few ways of counting that every declaration is built from; each gives a function from the as-of day.

All are aggregations of whole numbers, so that the same rows give the same bytes in any order and on any engine.
Columns, totals and extremes are asked of the day (`features.moment.Moment`), which leaves out what was not known on it.
The conditions stand in `features.indicators.conditions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import narwhals as nw

from features.ages import age_in_years
from features.moment import Moment

if TYPE_CHECKING:
    from features.indicators.conditions import Condition

Measure = Callable[[Moment], nw.Expr]

# The longest span that the matrix's Int16 holds, some 89 years: a wrong date must not overflow into a small
# number.
_LONGEST_DAYS = 32_767

# No day of the records lies before 1600, and no number that is kept beside a day is larger than the longest span.
_LONG_AGO, _ROOM = 150_000, 65_536


def count(where: Condition) -> Measure:
    """Count the rows for which a condition holds."""
    return lambda on: on.rows(where(on))


def total(column: str, where: Condition) -> Measure:
    """Add up whole numbers of the rows for which a condition holds; a part of one is cut off."""
    return lambda on: on.total(nw.when(where(on)).then(on.col(column).cast(nw.Int32)))


def any_row(where: Condition) -> Measure:
    """Give 1 where a row meets the condition, 0 where rows speak and none does; missing where none speaks."""
    return lambda on: on.largest(where(on).cast(nw.Int8))


def any_row_among(rows: Condition, where: Condition) -> Measure:
    """Give 1 or 0 among the rows chosen; missing where no row is chosen, for nothing is known."""
    return lambda on: on.largest(nw.when(rows(on)).then(where(on).cast(nw.Int8)))


def latest_row_is(day_column: str, *, among: Condition, where: Condition) -> Measure:
    """Give 1 where the latest of the rows chosen meets the condition, else 0; of several on that day one is enough.

    Rows of which the condition cannot be told are passed over; missing where no row is left.
    """

    def latest(on: Moment) -> nw.Expr:
        day, meets = on.col(day_column), where(on)
        last = on.largest(nw.when(among(on) & ~meets.is_null()).then(day))
        last_that_meets = on.largest(nw.when(among(on) & meets).then(day))
        return nw.when(~last.is_null()).then((last_that_meets == last).fill_null(False).cast(nw.Int8))

    return latest


def most_in_one_row(rows: Condition, *conditions: Condition) -> Measure:
    """Give the most conditions that one of the chosen rows meets; missing where no row is chosen."""
    return lambda on: on.largest(
        nw.when(rows(on)).then(_sum_of([condition(on).cast(nw.Int32) for condition in conditions]))
    )


def days_since_latest(column: str, where: Condition | None = None) -> Measure:
    """Count the days since the latest row; missing where there never was one."""
    return lambda on: _capped(on.day - on.largest(_chosen(column, where, on)), _LONGEST_DAYS)


def days_since_first(column: str, where: Condition | None = None, *, at_most: int = _LONGEST_DAYS) -> Measure:
    """Count the days since the first row, so many at most: long records must not look like long need."""
    return lambda on: _capped(on.day - on.smallest(_chosen(column, where, on)), at_most)


def days_within(start: str, end: str, days: int) -> Measure:
    """Add up the days of spans that lie in the window; spans that overlap count twice."""

    def within_window(on: Moment) -> nw.Expr:
        first = on.day - days
        began = nw.when(on.col(start) > first).then(on.col(start)).otherwise(nw.lit(first))
        ended = nw.when(on.col(end) < on.day).then(on.col(end)).otherwise(nw.lit(on.day))
        span = ended - began
        return on.total(nw.when(span > 0).then(span).otherwise(nw.lit(0)).cast(nw.Int32))

    return lambda on: _capped(within_window(on), _LONGEST_DAYS)


def longest_span(start: str, end: str, where: Condition) -> Measure:
    """Give the days of the longest of the spans for which a condition holds; one that lasts ends with the day."""

    def longest(on: Moment) -> nw.Expr:
        ended = nw.when(on.col(end) < on.day).then(on.col(end)).otherwise(nw.lit(on.day))
        return on.largest(nw.when(where(on)).then(ended - on.col(start)))

    return lambda on: _capped(longest(on), _LONGEST_DAYS)


def largest(column: str, where: Condition) -> Measure:
    """Give the largest number among the rows for which a condition holds."""
    return lambda on: on.largest(nw.when(where(on)).then(on.col(column)))


def years_old(column: str) -> Measure:
    """Give the age in whole years on the day; the column is a date of birth."""
    return lambda on: on.largest(age_in_years(on.col(column), on=on.as_of))


def difference(one: Measure, other: Measure) -> Measure:
    """Subtract one count from another; below zero where the other is larger."""
    return lambda on: one(on) - other(on)


def if_any(rows: Condition, measure: Measure) -> Measure:
    """Give a measure where there is a row that it could be taken on; missing where there is none."""
    return lambda on: nw.when(on.rows(rows(on)) > 0).then(measure(on))


def latest_number(column: str, *, on_day: str, among: Condition) -> Measure:
    """Give the whole number, not below zero, of the latest of the rows chosen; of several on that day the largest.

    Missing where no row is chosen and where the latest does not say, or says less than nought: an older row does not
    speak for it.
    """
    return lambda on: _of_latest(on.col(column), on.col(on_day), among(on), on)


def span_of_latest(start: str, end: str, where: Condition) -> Measure:
    """Give the days of that span, of those for which a condition holds, that ended latest."""
    return lambda on: _of_latest(on.col(end) - on.col(start), on.col(end), where(on), on)


def is_larger(one: Measure, other: Measure) -> Measure:
    """Give 1 where one measure is larger than another, else 0; missing where either is."""
    return lambda on: (one(on) > other(on)).cast(nw.Int8)


def reaches(measure: Measure, least: int) -> Measure:
    """Give 1 where a measure is this large or larger, else 0; missing where it is."""
    return lambda on: (measure(on) >= least).cast(nw.Int8)


def n_that_hold(*measures: Measure) -> Measure:
    """Count the measures, each 1 or 0, that are 1; one that is missing counts for nothing."""
    return lambda on: _sum_of([measure(on).cast(nw.Int32).fill_null(0) for measure in measures])


def share_is_at_most(part: Measure, whole: Measure, *, percent: int) -> Measure:
    """Give 1 where a part is at most so many hundredths of the whole, else 0; missing for nothing of nothing."""
    return lambda on: nw.when(whole(on) > 0).then((part(on) * 100 <= whole(on) * percent).cast(nw.Int8))


def share_is_at_least(part: Measure, whole: Measure, *, percent: int) -> Measure:
    """Give 1 where a part is at least so many hundredths of the whole, else 0; missing for nothing of nothing."""
    return lambda on: nw.when(whole(on) > 0).then((part(on) * 100 >= whole(on) * percent).cast(nw.Int8))


def is_nought(measure: Measure) -> Measure:
    """Give 1 where a measure is 0, else 0; missing where it is."""
    return lambda on: (measure(on) == 0).cast(nw.Int8)


def both(one: Measure, other: Measure) -> Measure:
    """Give 1 where two measures, each 1 or 0, are 1, and 0 where one is 0; missing where that cannot be told."""
    return lambda on: ((one(on) == 1) & (other(on) == 1)).cast(nw.Int8)


def share_fell(now: tuple[Measure, Measure], before: tuple[Measure, Measure], *, points: int) -> Measure:
    """Give 1 where a share, a part and its whole, fell by so many percentage points or more since before, else 0.

    Missing where either share is one of nothing. Points below zero ask whether it rose by as many.
    """

    def fell(on: Moment) -> nw.Expr:
        part, whole = (measure(on).cast(nw.Int64) for measure in now)
        earlier, earlier_whole = (measure(on).cast(nw.Int64) for measure in before)
        fall = 100 * (earlier * whole - part * earlier_whole)
        least = points * whole * earlier_whole
        is_so = fall >= least if points > 0 else fall <= least
        return nw.when((whole > 0) & (earlier_whole > 0)).then(is_so.cast(nw.Int8))

    return fell


def _chosen(column: str, where: Condition | None, on: Moment) -> nw.Expr:
    return on.col(column) if where is None else nw.when(where(on)).then(on.col(column))


def _of_latest(number: nw.Expr, day: nw.Expr, chosen: nw.Expr, on: Moment) -> nw.Expr:
    # Day and number as one number, for engines do not agree on what comes last; 0 stands for a number not known.
    kept = nw.when(number >= 0).then(_capped(number, _LONGEST_DAYS))
    both = (day.cast(nw.Int64) + _LONG_AGO) * _ROOM + (kept.cast(nw.Int64) + 1).fill_null(0)
    rest = on.largest(nw.when(chosen).then(both)) % _ROOM
    return nw.when(rest > 0).then(rest - 1)


def _capped(days: nw.Expr, at_most: int) -> nw.Expr:
    return nw.when(days < at_most).then(days).otherwise(nw.when(~days.is_null()).then(nw.lit(at_most)))


def _sum_of(numbers: list[nw.Expr]) -> nw.Expr:
    total_of = numbers[0]
    for number in numbers[1:]:
        total_of = total_of + number
    return total_of
