"""The last day that a set of records speaks of, told from the records themselves."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from features.tables.contract import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from features.tables.rules import Draft

# In six years of an authority's records no whole year is without an event; a day beyond such a gap is a typing error.
LONGEST_GAP_DAYS = 366

# Days after the extract that were typed a month or a year ahead lie thinly. The last day is one with company: in the
# time that usually holds twenty events, a quarter of them. August and Christmas are quieter, not so quiet.
USUAL_EVENTS = 20
LEAST_SHARE = 0.25
SHORTEST_WINDOW_DAYS, LONGEST_WINDOW_DAYS = 14, 92

# A small authority may see nothing begin in the extract's last days, while something ends. Ten times the usual wait
# for a beginning is as long as that can last (exp(-10) by chance); in a large extract it is no whole day.
USUAL_WAITS = 10


def last_plausible_day(drafts: Mapping[str, Draft]) -> date | None:
    """Tell the extract's day: the latest day on which anything happened, leaving out implausible futures.

    From the median of the days on which a row of any dated table began, the days are walked upwards; the walk stops
    before the first gap of more than 366 days, and goes back from days with too few others before them. Ends count
    for a few days more where little begins. Planned days and births do not count.

    Parameters
    ----------
    drafts
        Coerced tables by name.

    Returns
    -------
    date or None
        None when no row has a date.
    """
    found = [draft.frame[event].drop_nulls() for draft in drafts.values() if (event := _event_of(draft))]
    days = pl.concat([pl.Series([], dtype=pl.Date), *(series.alias("") for series in found)]).sort()
    if days.is_empty():
        return None
    upper = sorted(set(days.slice(len(days) // 2)))
    gaps = (earlier for earlier, later in pairwise(upper) if (later - earlier).days > LONGEST_GAP_DAYS)
    rate = _events_a_day(days)
    last = _last_in_company(days.filter(days <= next(gaps, upper[-1])), rate)
    ended = [day for draft in drafts.values() for day in _ends(draft) if 0 < (day - last).days <= USUAL_WAITS / rate]
    return max([last, *ended])


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


def _ends(draft: Draft) -> Iterator[date]:
    for name, column in draft.columns.items():
        if column.kind == "date" and column.not_before is not None:
            yield from draft.frame[name].drop_nulls().unique()


def _event_of(draft: Draft) -> str | None:
    """Name the date on which a row's event began; births (`ssd_mother`) and derived days are no events here."""
    event: str | None = draft.contract.row_known_from
    if event is None or draft.contract.table == "ssd_mother":
        return None
    return None if columns_of(draft.contract)[event].is_derived else event
