"""When a table's events happened, month by month: how far back it goes, where it stops, and where months are missing.

Months and counts alone; an event is a child and a day, however many rows it takes. Bounds are those of the fifth event
from either end, so that a single wrong day moves nothing and no single row is told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.small_numbers import SMALLEST_COUNT
from features.check.years import end_of, has_last_day
from features.tables import CONTRACTS
from features.tables.draft import owner_column

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from features.tables.records import Records

# A month with fewer than a fifth of the children who are usual is no quiet August: something was not loaded. Below so
# many children a month chance alone empties some, for brothers and sisters come together.
LEAST_SHARE, LEAST_USUAL = 0.2, 30

# A month is held against the months of a year around it, so that growth over the years is not taken for a gap.
MONTHS_AROUND = 13

# So many days without an event are not chance where 30 are usual in that time and the table never had so long a gap;
# a table of fewer events altogether cannot be judged.
STOPPED_DAYS, LEAST_EVENTS = 62, 100

# A table begins in the first month with so large a share of what is usual in it.
BEGUN_SHARE = 0.25

# Of two tables one that begins with the other was cut with it; one that begins half a year later was filled later.
ALIKE, LATER_MONTHS = 0.5, 6

# The day of a row here is a birth, which says nothing of how far back records go.
BIRTHS = ("ssd_mother",)

CONTACTS = "ssd_contacts"


@dataclass(frozen=True)
class Events:
    """A table's events by month.

    Parameters
    ----------
    table
        Its name.
    first_month, last_month
        As `2019-04`; of the fifth event from either end. None where there are fewer than ten.
    begins
        The first month with a quarter of what is usual in the table.
    has_stopped
        Whether the last event lies longer before the extract's day than the table ever was without one.
    thin
        Months, as `2019-04`, with far fewer events than usual.
    """

    table: str
    first_month: str | None
    last_month: str | None
    begins: str | None
    has_stopped: bool
    thin: tuple[str, ...]


def events_of(records: Records, name: str) -> Events:
    """Read when a table's events happened."""
    event = CONTRACTS[name].row_known_from
    frame = records.tables.get(name)
    days = pl.Series([], dtype=pl.Date) if frame is None or event is None else _event_days(frame, name)
    if len(days) < 2 * SMALLEST_COUNT:
        return Events(name, None, None, None, has_stopped=False, thin=())
    first, last = days[SMALLEST_COUNT - 1], days[-SMALLEST_COUNT]
    months = _months(days.filter((days >= first) & (days <= last)))
    return Events(
        name,
        f"{first:%Y-%m}",
        f"{last:%Y-%m}",
        _begins(months),
        has_stopped=has_last_day(records) and _has_stopped(days.filter(days >= first), last, records.extract_day),
        thin=_thin(months),
    )


def _event_days(frame: pl.DataFrame, name: str) -> pl.Series:
    """Give the days of a table's events, in order; several rows of one child and day are one event."""
    event, whose = str(CONTRACTS[name].row_known_from), owner_column(CONTRACTS[name])
    dated = frame.lazy().select(pl.col(event).alias("day"), *([whose] if whose else [])).drop_nulls("day")
    return (dated.unique() if whose else dated).select("day").sort("day").collect()["day"]


def _months(days: pl.Series) -> pl.DataFrame:
    """Count events in each month from the first to the last, months without one among them."""
    counted = days.dt.truncate("1mo").value_counts(name="n").rename({days.name: "month"})
    every = pl.date_range(days[0].replace(day=1), days[-1].replace(day=1), "1mo", eager=True).alias("month")
    joined = every.to_frame().join(counted, on="month", how="left", maintain_order="left")
    return joined.with_columns(pl.col("n").fill_null(0).cast(pl.Float64))


def _begins(months: pl.DataFrame) -> str | None:
    usual = months["n"].filter(months["n"] > 0).median()
    begun = months.filter(pl.col("n") >= BEGUN_SHARE * pl.lit(usual))
    return f"{begun['month'][0]:%Y-%m}" if begun.height else None


def _thin(months: pl.DataFrame) -> tuple[str, ...]:
    """Name the months with far fewer events than the year around them, but for the ends, which are cut anywhere."""
    begins = _begins(months)
    inside = months.filter(pl.col("month").dt.strftime("%Y-%m") >= pl.lit(begins))
    around = pl.col("n").rolling_median(MONTHS_AROUND, min_samples=MONTHS_AROUND // 2, center=True)
    judged = inside.with_columns(usual=around).slice(1, max(inside.height - 2, 0))
    thin = judged.filter((pl.col("usual") >= LEAST_USUAL) & (pl.col("n") < LEAST_SHARE * pl.col("usual")))
    return tuple(f"{month:%Y-%m}" for month in thin["month"])


def _has_stopped(days: pl.Series, last: date, extract_day: date) -> bool:
    if len(days) < LEAST_EVENTS:
        return False
    silent = (extract_day - last).days
    span = max((last - days[0]).days, 1)
    longest = days.filter(days <= last).to_physical().diff().max()
    is_unusual = isinstance(longest, int) and silent > longest and span > STOPPED_DAYS
    return silent > STOPPED_DAYS and is_unusual and silent * len(days) / span >= LEAST_USUAL


def history(events: list[Events], extract_day: date) -> dict[str, Any]:
    """Say how far back the records go: to where contacts begin, for nothing can be learnt of a time without them.

    Where there are no contacts it is told from the tables of the standard that hold what happens on one day; a span may
    have begun long before.

    Parameters
    ----------
    events
        Of every table.
    extract_day
        The last day that the records speak of.

    Returns
    -------
    dict
        `from_month`; `years` from then; `is_cut_alike`: whether half of the tables of single days begin in that month,
        the one before or the one after it; `begin_later`: tables of any sort that begin half a year later or more.
    """
    begun = {one.table: _month_number(one.begins) for one in events if one.begins}
    standard = {t: month for t, month in begun.items() if not t.startswith("ext_") and t not in BIRTHS}
    own = standard or begun
    if not own:
        return {"from_month": None, "years": None, "is_cut_alike": False, "begin_later": []}
    single = {table: month for table, month in own.items() if end_of(table) is None} or own
    start = own.get(CONTACTS) or _most_frequent(single.values())
    return {
        "from_month": f"{(start - 1) // 12}-{(start - 1) % 12 + 1:02d}",
        "years": round((extract_day.year * 12 + extract_day.month - start + 1) / 12, 1),
        "is_cut_alike": sum(abs(month - start) <= 1 for month in single.values()) >= ALIKE * len(single),
        "begin_later": [table for table, month in begun.items() if month - start >= LATER_MONTHS],
    }


def _most_frequent(months: Iterable[int]) -> int:
    """Give the month in which most begin; of several the first."""
    counted = Counter(months)
    return min(counted, key=lambda month: (-counted[month], month))


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
