"""Which year an SSDA903 set speaks of; its files do not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS = {
    "episodes": ("decom", "dec"),
    "reviews": ("review",),
    "missing": ("mis_start", "mis_end"),
    "social_worker": ("sw_decom", "sw_dec"),
    "placed_adoption": ("date_placed", "date_placed_ceased"),
}
"""Days on which something happened. Birthdays, and the end of an unaccompanied child's status at 18, are none."""

ASKED_AT_YEARS_END = ("oc2", "oc3")

# Days typed a year or more ahead are few; a year of which the set speaks holds more of its days than this.
LEAST_SHARE = 0.02
# A set without answers of the year's end counts as complete when something happened in the year's last month.
LAST_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Year:
    """The collection year, which ends on 31 March.

    Parameters
    ----------
    last_day
        Its last day; None where the set has no day.
    extract_day
        The last day, where the set speaks of the whole year; None where it may have been made within the year.
    told
        What was concluded, in words.
    """

    last_day: date | None
    extract_day: date | None
    told: tuple[str, ...] = ()


def last_day_of(files: Mapping[str, pl.DataFrame]) -> Year:
    """Tell the year from its days: the last year to 31 March that holds a share worth the name of all days.

    A set that answers what is asked at the year's end speaks of the whole year. Any other does when something happened
    in the last month; else it may have been made within the year, and its last day is left to be told from the records.

    Parameters
    ----------
    files
        By the file's name in the set, every column there.
    """
    days = pl.concat(
        [
            pl.Series([], dtype=pl.Date),
            *(
                files[kind].select(day_of(pl.col(name)).alias("")).to_series()
                for kind, names in DAYS.items()
                if kind in files
                for name in names
            ),
        ]
    ).drop_nulls()
    if days.is_empty():
        return Year(None, None)
    ends = days.dt.year() + (days.dt.month() > 3).cast(pl.Int32)
    counts = ends.alias("year").value_counts().filter(pl.col("count") >= LEAST_SHARE * len(days))
    year = int(counts["year"].max())  # type: ignore[arg-type]  # years are whole numbers
    if not date.min.year <= year <= date.max.year:
        return Year(None, None)
    last = date(year, 3, 31)
    latest = days.filter(days <= last).max()
    is_answered = any(kind in files and files[kind].height for kind in ASKED_AT_YEARS_END)
    is_whole = is_answered or (isinstance(latest, date) and latest >= last - LAST_MONTH)
    return Year(last, last if is_whole else None, (_said(last, is_whole),))


def _said(last: date, is_whole: bool) -> str:
    if is_whole:
        return f"told from its days: the set speaks of the year to {last:%d %B %Y}, taken as the last day it knows of"
    return f"told from its days: the set was made within the year to {last:%d %B %Y}, before its last month"
