"""Days as numbers, counted from 1970-01-01, as the `_day` companions of date columns hold them."""

from __future__ import annotations

from datetime import date

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
