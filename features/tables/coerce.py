"""Reading raw cells: what a case system exported, as the kind of value that the contract asks for.

Nothing here fails on a cell: one that cannot be read becomes null and is *refused*, for `features.tables.rules` to set
aside and count. Each distinct text of a column is read once and joined back, which is what makes a million rows quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.tables.coerce_codes import read_code, read_codes
from features.tables.contract import DTYPES

if TYPE_CHECKING:
    from features.tables.contract import Column

PLACEHOLDERS: tuple[str, ...] = (
    # The Standard Safeguarding Dataset's extracts write these where a field has no source.
    *("SSD_PH", "ssd_ph", "PLACEHOLDER_DATA", "placeholder_data", "-1"),
    # Database tools and data frame libraries write these for a missing value.
    *("", "NULL", "null", "NaN", "nan", "NaT", "<NA>"),
)
# Python writes this; among codes it can be a code of its own (no disability).
_NONE = "None"

_TIME = r"[T ,]+\d{1,2}:\d{2}.*$"
_ISO = r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2})$"
_BRITISH = r"^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})$"
_NAMED_MONTH = r"^(\d{1,2}[- ][A-Za-z]{3}[- ]\d{4})$"
_COMPACT = r"^(\d{8})$"
# Excel counts days from 30 December 1899; five digits span 1927 to 2173, so no year is mistaken for a serial.
_EXCEL = r"^([1-9]\d{4})(?:\.\d+)?$"

# A comment inside outcome JSON is never read, and leaving it out makes few texts of many.
_COMMENT = r'(?s)("[A-Z_]*COMMENTS"\s*:\s*)"(?:[^"\\]|\\.)*"'

_FLAGS: dict[str, int] = {
    "Y": 1,
    "YES": 1,
    "TRUE": 1,
    "T": 1,
    "1": 1,
    "N": 0,
    "NO": 0,
    "FALSE": 0,
    "F": 0,
    "0": 0,
}
_FLAG_NOT_KNOWN = ("NA", "N/A", "NOT APPLICABLE", "U", "UNKNOWN", "NOT KNOWN")
_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$"


@dataclass(frozen=True)
class Read:
    """One column as read.

    Parameters
    ----------
    values
        In the source's order, of the kind's type; null where missing or refused.
    refused
        Whether the source held something here that could not be used, or not wholly.
    """

    values: pl.Series
    refused: pl.Series


def without(nothing: tuple[str, ...], text: pl.Expr) -> pl.Expr:
    """Strip a text and take what stands for nothing as missing."""
    stripped = text.str.strip_chars()
    return pl.when(~stripped.is_in(nothing)).then(stripped)


def read_column(raw: pl.Series, column: Column) -> Read:
    """Read a column of text as the kind that its contract states.

    Parameters
    ----------
    raw
        Text as the source gave it.
    column
        What the contract says.

    Returns
    -------
    Read
        As long as `raw`.
    """
    if raw.null_count() == len(raw):
        return _unrefused(raw.cast(DTYPES[column.kind]))
    nothing = PLACEHOLDERS if column.kind == "code" else (*PLACEHOLDERS, _NONE)
    text = raw.to_frame("raw").select(without(nothing, pl.col("raw"))).to_series()
    if column.kind == "id":
        return _unrefused(text)
    if column.kind == "text":
        return _unrefused(text.str.to_lowercase())
    text = text.to_frame().select(_in_brief(pl.col("raw"), column)).to_series()
    distinct = text.drop_nulls().unique().to_frame()
    read = distinct.with_columns(_read_distinct(distinct["raw"], column))
    joined = text.to_frame().join(read, on="raw", how="left", maintain_order="left")
    return Read(joined["value"], joined["refused"].fill_null(False))


def _in_brief(text: pl.Expr, column: Column) -> pl.Expr:
    """Leave out what is never read: the time of a day, the comment beside an outcome."""
    if column.kind == "date":
        return text.str.replace(_TIME, "")
    return text.str.replace(_COMMENT, '${1}""') if column.kind == "codes" else text


def _unrefused(values: pl.Series) -> Read:
    return Read(values, pl.Series([False]).new_from_index(0, len(values)))


def _read_distinct(text: pl.Series, column: Column) -> list[pl.Series]:
    if column.kind in ("code", "codes"):
        return _coded(text, column)
    frame = text.to_frame("raw").with_columns(_value_of(pl.col("raw"), column).alias("value"))
    known_unknown = _is_known_unknown(pl.col("raw")) if column.kind == "flag" else pl.lit(False)
    frame = frame.with_columns(refused=pl.col("value").is_null() & ~known_unknown)
    return [frame["value"], frame["refused"]]


def _value_of(text: pl.Expr, column: Column) -> pl.Expr:
    if column.kind == "date":
        return read_date(text)
    if column.kind == "flag":
        return read_flag(text)
    if column.kind == "postcode":
        return read_postcode(text)
    return read_number(text, lowest=column.lowest, highest=column.highest)


def read_date(text: pl.Expr) -> pl.Expr:
    """Read a day, its time already left out: ISO or day first, or Excel's count of days.

    The day is the one that is written, whatever its time zone. Two-digit years and month-first dates are not guessed
    at.

    Returns
    -------
    pl.Expr
        Date; null where the text is none.
    """
    iso = text.str.extract(_ISO).str.replace_all("/", "-", literal=True)
    british = text.str.extract(_BRITISH).str.replace_all("[.-]", "/")
    named = text.str.extract(_NAMED_MONTH).str.replace_all("-", " ", literal=True)
    serial = text.str.extract(_EXCEL).cast(pl.Int64, strict=False)
    return pl.coalesce(
        iso.str.to_date("%Y-%m-%d", strict=False),
        british.str.to_date("%d/%m/%Y", strict=False),
        named.str.to_date("%d %b %Y", strict=False),
        text.str.extract(_COMPACT).str.to_date("%Y%m%d", strict=False),
        pl.date(1899, 12, 30) + pl.duration(days=serial),
    )


def _flag_word(text: pl.Expr) -> pl.Expr:
    """Take `Yes` out of `a) Yes`, `Y - Yes` and `1.0`."""
    bare = text.str.to_uppercase().str.replace(r"^[A-Z]\)\s*", "").str.replace(r"\.0+$", "")
    return bare.str.replace(r"\s+-\s.*$", "").str.replace(r"\s*:.*$", "")


def read_flag(text: pl.Expr) -> pl.Expr:
    """Read yes as 1 and no as 0 (Int8), in the spellings that extracts use; anything else is null."""
    return _flag_word(text).replace_strict(_FLAGS, default=None, return_dtype=pl.Int8)


def _is_known_unknown(text: pl.Expr) -> pl.Expr:
    """Say whether the source states that a flag is not known or does not apply: missing, not refused."""
    return _flag_word(text).is_in(_FLAG_NOT_KNOWN)


def read_postcode(text: pl.Expr) -> pl.Expr:
    """Read a postcode as upper case without spaces; null where it has not the shape of one."""
    bare = text.str.to_uppercase().str.replace_all(r"\s", "")
    return pl.when(bare.str.contains(_POSTCODE)).then(bare)


def read_number(text: pl.Expr, *, lowest: float | None, highest: float | None) -> pl.Expr:
    """Read a finite number within its bounds (Float64); anything else is null."""
    value = text.cast(pl.Float64, strict=False)
    fits = value.is_finite()
    if lowest is not None:
        fits &= value >= lowest
    if highest is not None:
        fits &= value <= highest
    return pl.when(fits).then(value)


def _coded(text: pl.Series, column: Column) -> list[pl.Series]:
    if column.codelist is None:
        raise AssertionError("a column of codes names its list")
    read = read_code if column.kind == "code" else read_codes
    answers = [read(cell, column.codelist) for cell in text]
    return [
        pl.Series("value", [value for value, _ in answers], DTYPES[column.kind]),
        pl.Series("refused", [refused for _, refused in answers], pl.Boolean),
    ]
