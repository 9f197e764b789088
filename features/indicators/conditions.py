"""The conditions that rows are chosen by: each gives a function from the as-of day to true, false or missing.

A condition on a missing cell is missing. A window of N days ends with the as-of day and counts it. Columns are asked of
the day (`features.moment.Moment`), which gives them as they were known on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import narwhals as nw

from features.ages import age_in_years
from features.moment import Moment
from features.vocabulary.characteristics import NEVER_SCORED_FACTORS

if TYPE_CHECKING:
    from features.vocabulary.status import Rung

Condition = Callable[[Moment], nw.Expr]

THREE_MONTHS, SIX_MONTHS, TWELVE_MONTHS, TWENTY_FOUR_MONTHS = 91, 182, 365, 730


def all_of(*conditions: Condition) -> Condition:
    """Hold where every condition holds; missing where one is missing and none fails."""
    return lambda on: reduce(and_, (condition(on) for condition in conditions))


def either(*conditions: Condition) -> Condition:
    """Hold where any condition holds; missing where one is missing and none holds."""
    return lambda on: reduce(or_, (condition(on) for condition in conditions))


def not_so(condition: Condition) -> Condition:
    """Hold where a condition fails; missing where it is missing."""
    return lambda on: ~condition(on)


def within(column: str, days: int) -> Condition:
    """Hold where the day column lies in the last so many days."""
    return lambda on: on.col(column).is_between(on.day - days + 1, on.day)


def before(column: str, days: int) -> Condition:
    """Hold where the day column lies before the last so many days."""
    return lambda on: on.col(column) <= on.day - days


def is_in(column: str, *values: str) -> Condition:
    """Hold where a code is one of the values."""
    return lambda on: on.col(column).is_in(values)


def equals(column: str, value: int) -> Condition:
    """Hold where a flag has the value."""
    return lambda on: on.col(column) == value


def is_known(column: str) -> Condition:
    """Hold where the cell has a value that was known on the day."""
    return lambda on: ~on.col(column).is_null()


def is_missing(column: str) -> Condition:
    """Hold where the cell has no value, or none that was known on the day."""
    return lambda on: on.col(column).is_null()


def is_none_of(column: str, *values: str) -> Condition:
    """Hold where a code is none of these; a row with an unreadable code still says that there is something."""
    return lambda on: on.col(column).is_null() | ~on.col(column).is_in(values)


def is_at_least(column: str, value: float) -> Condition:
    """Hold where a number is this large or larger."""
    return lambda on: on.col(column) >= value


def is_at_most(column: str, value: float) -> Condition:
    """Hold where a number is this small or smaller."""
    return lambda on: on.col(column) <= value


def is_no_later_than(column: str, other: str) -> Condition:
    """Hold where a day column lies on or before another of the same row."""
    return lambda on: on.col(column) <= on.col(other)


def is_share_at_most(part: str, whole: str, percent: int) -> Condition:
    """Hold where a number is at most so many hundredths of another of the same row."""
    return lambda on: on.col(part) * 100 <= on.col(whole) * percent


def is_share_at_least(part: str, whole: str, percent: int) -> Condition:
    """Hold where a number is at least so many hundredths of another of the same row."""
    return lambda on: on.col(part) * 100 >= on.col(whole) * percent


def lasts_at_most(start: str, end: str, days: int) -> Condition:
    """Hold where a span of the row is over and no longer than so many days."""
    return lambda on: on.col(end) - on.col(start) <= days


def speaks_of(column: str, pattern: str) -> Condition:
    """Hold where an authority's own words, in lower case, match a pattern."""
    return lambda on: on.col(column).str.contains(pattern)


def holds(column: str, *codes: str) -> Condition:
    """Hold where a `codes` cell names at least one of the codes; missing where it could not be read."""
    return either(*(_holds(column, code) for code in codes))


def found(*factors: str) -> Condition:
    """Hold where an assessment found at least one of the factors; missing where its factors could not be read.

    Raises
    ------
    ValueError
        When one of them stands for nationality, immigration status, ethnicity or religion: these are never scored, and
        a declaration that only shows one uses `found_and_only_shown`.
    """
    if NEVER_SCORED_FACTORS.intersection(factors):
        raise ValueError("these factors are shown to the worker and never scored")
    return either(*(equals(factor_column(factor), 1) for factor in factors))


def found_and_only_shown(factor: str) -> Condition:
    """Hold where an assessment found a factor that a worker is shown and no model reads.

    Raises
    ------
    ValueError
        When the factor may be scored: then `found` is meant.
    """
    if factor not in NEVER_SCORED_FACTORS:
        raise ValueError("this factor may be scored; found() reads it")
    return equals(factor_column(factor), 1)


def factor_column(factor: str) -> str:
    """Name the flag that the stream of factors has for a factor."""
    return f"found_{factor}"


def is_open(start: str, end: str) -> Condition:
    """Hold where a span is held on the day; half-open."""
    return lambda on: (on.col(start) <= on.day) & (on.col(end).is_null() | (on.col(end) > on.day))


def is_held_within(start: str, end: str, days: int) -> Condition:
    """Hold where a span is held on at least one of the last so many days; half-open."""
    return lambda on: (on.col(start) <= on.day) & (on.col(end).is_null() | (on.col(end) > on.day - days + 1))


def has_rung(rung: Rung) -> Condition:
    """Hold where a span of the stream of rungs is held on the day, on this rung."""
    return all_of(is_open("start_day", "end_day"), equals("rung", int(rung)))


def is_relation(*relations: str) -> Condition:
    """Hold where the row is that of a household member of one of these relations."""
    return lambda on: on.col("relation").is_in(relations)


def is_aged(column: str, *, below: int) -> Condition:
    """Hold where a person born on the column's date is younger than so many years."""
    return lambda on: age_in_years(on.col(column), on=on.as_of) < below


def _holds(column: str, code: str) -> Condition:
    return lambda on: on.col(column).str.contains(f"|{code}|", literal=True)
