"""Reading days, and saying in which form each was written.

The day is the one that is written, whatever its time zone. Two-digit years and month-first dates are not guessed at: in
a column that has many of the latter, a day that could begin with either is not known.
"""

from __future__ import annotations

import polars as pl

_TIME = r"[T ,]+\d{1,2}:\d{2}.*$"
_ISO = r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2})$"
_BRITISH = r"^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})$"
_NAMED_MONTH = r"^(\d{1,2}[- ][A-Za-z]{3}[- ]\d{4})$"
_COMPACT = r"^(\d{8})$"
# Excel counts days from 30 December 1899; five digits span 1927 to 2173, so no year is mistaken for a serial.
_EXCEL = r"^([1-9]\d{4})(?:\.\d+)?$"

# In a column where so many days have a time, one without is odd.
USUALLY = 0.5

# So many days that can only begin with the month, and so large a share of those that can be read one way alone, are no
# typing errors but how some of the column was written.
LEAST_MONTH_FIRST, MONTH_FIRST_SHARE = 5, 0.1


def without_time(text: pl.Expr) -> pl.Expr:
    """Leave out the time of a day, which is never read."""
    return text.str.replace(_TIME, "")


def read_days(text: pl.Series) -> pl.DataFrame:
    """Read distinct texts, their times already left out: ISO or day first, or Excel's count of days.

    Returns
    -------
    pl.DataFrame
        `value` (Date; null where the text is none) and `kind` (the form, where it is not ISO; null for ISO).
    """
    raw = pl.col("raw")
    doubtful = text.to_frame("raw").select(_may_begin_with_month(raw)).to_series()
    iso = raw.str.extract(_ISO).str.replace_all("/", "-", literal=True).str.to_date("%Y-%m-%d", strict=False)
    british = raw.str.extract(_BRITISH).str.replace_all("[.-]", "/").str.to_date("%d/%m/%Y", strict=False)
    named = raw.str.extract(_NAMED_MONTH).str.replace_all("-", " ", literal=True).str.to_date("%d %b %Y", strict=False)
    compact = raw.str.extract(_COMPACT).str.to_date("%Y%m%d", strict=False)
    serial = pl.date(1899, 12, 30) + pl.duration(days=raw.str.extract(_EXCEL).cast(pl.Int64, strict=False))
    kind = (
        pl.when(doubtful)
        .then(pl.lit("date_day_or_month_first"))
        .when(iso.is_not_null())
        .then(None)
        .when(british.is_not_null())
        .then(pl.lit("date_day_first"))
        .when(named.is_not_null() | compact.is_not_null())
        .then(pl.lit("date_in_another_form"))
        .when(serial.is_not_null())
        .then(pl.lit("date_excel_serial"))
        .otherwise(pl.lit("unparsable_date"))
    )
    value = pl.when(~doubtful).then(pl.coalesce(iso, british, named, compact, serial))
    return text.to_frame("raw").select(value=value, kind=kind)


def _may_begin_with_month(raw: pl.Expr) -> pl.Expr:
    """Whether a day could begin with its month or its day, in a column of which some begins with the month."""
    slashed = raw.str.extract(_BRITISH).str.replace_all("[.-]", "/")
    day_first = slashed.str.to_date("%d/%m/%Y", strict=False)
    month_first = slashed.str.to_date("%m/%d/%Y", strict=False)
    n_month_first = (day_first.is_null() & month_first.is_not_null()).sum()
    n_day_first = (day_first.is_not_null() & month_first.is_null()).sum()
    is_mixed = (n_month_first >= LEAST_MONTH_FIRST) & (
        n_month_first >= MONTH_FIRST_SHARE * (n_month_first + n_day_first)
    )
    return is_mixed & (day_first != month_first).fill_null(False)


def with_times_told(kinds: pl.Series, text: pl.Series) -> pl.Series:
    """Tell the forms with a time from those without.

    Parameters
    ----------
    kinds
        As `read_days` gives them, one a cell.
    text
        The cells, stripped, their times still there.

    Returns
    -------
    pl.Series
        Kinds; null for ISO as it is usual in the column.
    """
    has_time = text.str.contains(":", literal=True)
    is_usual = bool(has_time.sum() > USUALLY * (len(text) - text.null_count()))
    both = pl.DataFrame({"kind": kinds, "has_time": has_time})
    bare = pl.when(pl.col("kind").is_null() & ~pl.col("has_time") & is_usual).then(pl.lit("date_without_time"))
    timed = pl.when((pl.col("kind") == "date_day_first") & pl.col("has_time")).then(pl.lit("date_day_first_with_time"))
    return both.select(pl.coalesce(timed, bare, "kind")).to_series()
