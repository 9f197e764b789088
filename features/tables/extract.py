"""The last day that a set of records speaks of, told from the records themselves."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from features.tables.draft import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from features.tables.draft import Draft

# In six years of an authority's records no whole year is without an event; a day beyond such a gap is a typing error.
LONGEST_GAP_DAYS = 366

# Days after the extract that were typed a month or a year ahead lie thinly. The last day is one with company: in the
# time that usually holds twenty events, a quarter of them. August and Christmas are quieter, not so quiet.
USUAL_EVENTS = 20
LEAST_SHARE = 0.25
SHORTEST_WINDOW_DAYS, LONGEST_WINDOW_DAYS = 14, 92

# Reviews that are planned stand among those that were held, and many for the first of a month. One day of one column is
# no company, however many rows it has: no more of it counts than three times what the column usually has in a day.
MOST_OF_A_DAY = 3

# They tell of births and deaths, which may have been entered whenever.
NO_EVENTS = (PERSON, "ssd_mother")

# A small authority may see little in the extract's last days: a day after them stands if it comes within the time of
# twenty usual events, and a month at most. In a large extract that is no whole day.
LONGEST_QUIET_DAYS = 31


def last_plausible_day(drafts: Mapping[str, Draft]) -> date | None:
    """Tell the extract's day: the latest day on which anything happened, leaving out implausible futures.

    From the median of the days on which anything of any dated table began or ended, the days are walked upwards; the
    walk stops before the first gap of more than 366 days, and goes back from days with too few others before them.
    Planned days and births do not count.

    Parameters
    ----------
    drafts
        Coerced tables by name.

    Returns
    -------
    date or None
        None when no row has a date.
    """
    found = [_with_even_days(draft.frame[name]) for draft in drafts.values() for name in _days_of(draft)]
    days = pl.concat([pl.Series([], dtype=pl.Date), *(series.alias("") for series in found)]).sort()
    if days.is_empty():
        return None
    upper = days.slice(len(days) // 2).unique().sort()
    gaps = (earlier for earlier, later in pairwise(upper) if (later - earlier).days > LONGEST_GAP_DAYS)
    rate = _events_a_day(days)
    last = _last_in_company(days.filter(days <= next(gaps, upper[-1])), rate)
    quiet = timedelta(days=min(math.floor(USUAL_EVENTS / rate), LONGEST_QUIET_DAYS))
    after = upper.filter((upper > last) & (upper <= last + quiet))
    return last if after.is_empty() else after[-1]


def _with_even_days(days: pl.Series) -> pl.Series:
    """Leave of each day no more events than a few times what the column usually has."""
    days = days.drop_nulls().sort().alias("day")
    if days.is_empty():
        return days
    most = max(math.ceil(MOST_OF_A_DAY * _events_a_day(days)), 1)
    return days.to_frame().filter(pl.int_range(pl.len()).over("day") < most)["day"]


def _events_a_day(days: pl.Series) -> float:
    """Say how many events a day usually has, by the middle half of them, which no typing error reaches."""
    first, last = days[len(days) // 4], days[(3 * len(days)) // 4]
    return float(max(len(days) // 2, 1) / max((last - first).days, 1))


def _last_in_company(days: pl.Series, rate: float) -> date:
    """Give the last day that has a quarter of the usual number of events just before it; the last where few are."""
    window = max(math.ceil(USUAL_EVENTS / rate), SHORTEST_WINDOW_DAYS)
    number = days.to_physical()
    before = number.search_sorted(number - window, side="right")
    is_usual = pl.int_range(1, len(days) + 1, eager=True) - before >= LEAST_SHARE * rate * window
    usual = days.filter(is_usual)
    last: date = days[-1] if window > LONGEST_WINDOW_DAYS or usual.is_empty() else usual[-1]
    return last


def _days_of(draft: Draft) -> Iterator[str]:
    """Name the days on which something happened; births and what is planned are no events here."""
    if draft.contract.table in NO_EVENTS:
        return
    event: str | None = draft.contract.row_known_from
    for name, column in draft.columns.items():
        is_own = column.kind == "date" and not (column.is_derived or column.is_planned)
        # An event is known from its day, and so is what happened within a span.
        if is_own and name in (event, column.known_from):
            yield name
