"""Reading raw cells: what a case system exported, as the kind of value that the contract asks for.

Nothing here fails on a cell: one that cannot be read becomes null and is *refused*, for `features.tables.rules` to set
aside and count; one that was written in another form than the standard's is read, and its form is *noted*. Each
distinct text of a column is read once and joined back, which is what makes a million rows quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.tables.coerce_address import read_addresses
from features.tables.coerce_codes import read_code, read_codes
from features.tables.coerce_days import read_days, with_times_told, without_time
from features.tables.contract import DTYPES
from features.tables.kinds import UNREADABLE

if TYPE_CHECKING:
    from features.tables.contract import Column

# The Standard Safeguarding Dataset's extracts write these where a field has no source.
STANDARD_PLACEHOLDERS: tuple[str, ...] = ("SSD_PH", "ssd_ph", "PLACEHOLDER_DATA", "placeholder_data", "-1")
PLACEHOLDERS: tuple[str, ...] = (
    *STANDARD_PLACEHOLDERS,
    # Database tools and data frame libraries write these for a missing value.
    *("", "NULL", "null", "Null", "(NULL)", "(null)", "\\N", "NaN", "nan", "NaT", "<NA>"),
    # Spreadsheets write these, and people.
    *("#N/A", "N/A", "n/a"),
)
# As an id it would make one family of all who have it.
_NO_IDS = ("Unknown", "UNKNOWN", "unknown", "Not known", "Not recorded", "-")
# Python writes this; among codes it can be a code of its own (no disability).
_NONE = "None"

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

# What stands in the place of an id between the parts of an export, or beneath them.
_NO_ID = r"^(?:-{3,}|(?:grand |sub-?)?totals?:?|\(\d+ rows? affected\))$"

FOUND = {"place": pl.UInt32, "kind": pl.String, "refused": pl.Boolean}


@dataclass(frozen=True)
class Read:
    """One column as read.

    Parameters
    ----------
    values
        In the source's order, of the kind's type; null where missing or refused.
    found
        One line for each cell that could not be used, or not wholly, or that was written in another form: `place` in
        the column from 0, `kind` (see `features.tables.kinds`), and whether the cell was `refused`.
    """

    values: pl.Series
    found: pl.DataFrame


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
        return Read(raw.cast(DTYPES[column.kind]), pl.DataFrame(schema=FOUND))
    nothing = PLACEHOLDERS if column.kind == "code" else (*PLACEHOLDERS, _NONE)
    nothing = (*nothing, *_NO_IDS) if column.kind == "id" else nothing
    stripped = raw.rename("raw").str.strip_chars()
    text = stripped.to_frame().select(pl.when(~pl.col("raw").is_in(nothing)).then("raw")).to_series()
    placeholders = _at(stripped.is_in(STANDARD_PLACEHOLDERS), kind="placeholder", refused=False)
    if column.kind == "id":
        return Read(text, placeholders)
    if column.kind == "text":
        return Read(text.str.to_lowercase(), placeholders)
    values, kinds, refused = _read_each(text, column)
    found = pl.DataFrame({"kind": kinds, "refused": refused}).with_row_index("place")
    return Read(values, pl.concat([placeholders, found.filter(pl.col("kind").is_not_null()).cast(FOUND)]))  # type: ignore[arg-type]  # polars takes any mapping of names


def read_by_description(own: Read, described: Read, text: pl.Series) -> Read:
    """Complete a column of codes from the column that describes it.

    A code that is not in the list is read from its description; a number there is the case system's own.

    Parameters
    ----------
    own, described
        The two columns, both read as codes.
    text
        The codes as the source gave them.
    """
    values = own.values.to_frame("own").select(pl.coalesce("own", described.values)).to_series()
    is_number = text.str.strip_chars().str.contains(r"^\d{3,}$")
    is_read = pl.col("refused") & values.gather(own.found["place"]).is_not_null()
    is_lookup = pl.col("refused") & is_number.gather(own.found["place"])
    found = own.found.with_columns(
        refused=pl.col("refused") & ~is_read,
        kind=pl.when(is_lookup).then(pl.lit("code_as_lookup_id")).otherwise("kind"),
    )
    return Read(values, found)


def without_headers(ids: Read, name: str) -> Read:
    """Take out of a column of ids what is none but a header, a rule, a total or a count of rows.

    Parameters
    ----------
    ids
        The column as it was read.
    name
        The column's header, in lower case.
    """
    lower = ids.values.str.to_lowercase()
    is_none = ((lower == name) | lower.str.contains(_NO_ID)).fill_null(False)
    if not is_none.any():
        return ids
    values = ids.values.to_frame("id").select(pl.when(~is_none).then("id")).to_series()
    return Read(values, pl.concat([ids.found, _at(is_none, kind="header_or_total", refused=True)]))


def _at(where: pl.Series, *, kind: str, refused: bool) -> pl.DataFrame:
    places = where.fill_null(False).arg_true().rename("place")
    return pl.DataFrame({"place": places}).select(
        pl.col("place").cast(pl.UInt32), kind=pl.lit(kind), refused=pl.lit(refused)
    )


def _read_each(text: pl.Series, column: Column) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Read each distinct text once: values, kinds of findings and refusals, in the column's order."""
    brief = text.to_frame().select(_in_brief(pl.col("raw"), column)).to_series()
    distinct = brief.drop_nulls().unique().to_frame()
    read = distinct.hstack(_read_distinct(distinct["raw"], column))
    if "refused" not in read.columns:
        read = read.with_columns(refused=pl.col("value").is_null() & pl.col("kind").is_not_null())
    joined = brief.to_frame().join(read, on="raw", how="left", maintain_order="left")
    kinds = with_times_told(joined["kind"], text) if column.kind == "date" else joined["kind"]
    return joined["value"], kinds, joined["refused"].fill_null(False)


def _in_brief(text: pl.Expr, column: Column) -> pl.Expr:
    """Leave out what is never read: the time of a day, the comment beside an outcome."""
    if column.kind == "date":
        return without_time(text)
    return text.str.replace(_COMMENT, '${1}""') if column.kind == "codes" else text


def _read_distinct(text: pl.Series, column: Column) -> pl.DataFrame:
    """Give `value`, `kind`, and `refused` where a value can be refused in part."""
    if column.kind in ("code", "codes"):
        return _coded(text, column)
    if column.kind == "date":
        return read_days(text)
    if column.kind == "flag":
        return read_flags(text)
    if column.kind == "address":
        return read_addresses(text)
    value = read_postcode(pl.col("raw")) if column.kind == "postcode" else _number(column)
    unread = pl.when(pl.col("value").is_null()).then(pl.lit(UNREADABLE[column.kind]))
    return text.to_frame("raw").select(value=value).with_columns(kind=unread)


def read_flags(text: pl.Series) -> pl.DataFrame:
    """Read yes as 1 and no as 0 (Int8), in the spellings that extracts use.

    Anything else is null; where the source says that a flag is not known or does not apply, it is missing and nothing
    is wrong.
    """
    word = _flag_word(pl.col("raw"))
    value = word.replace_strict(_FLAGS, default=None, return_dtype=pl.Int8)
    upper = pl.col("raw").str.to_uppercase()
    kind = (
        pl.when(word.is_in(_FLAG_NOT_KNOWN) | upper.is_in(["Y", "N"]))
        .then(None)
        .when(value.is_null())
        .then(pl.lit("unparsable_flag"))
        .when(word.is_in(["1", "0"]))
        .then(pl.lit("flag_as_number"))
        .when(upper.is_in(["TRUE", "FALSE", "T", "F"]))
        .then(pl.lit("flag_as_true_false"))
        .otherwise(pl.lit("flag_in_words"))
    )
    return text.to_frame("raw").select(value=value, kind=kind)


def _flag_word(text: pl.Expr) -> pl.Expr:
    """Take `Yes` out of `a) Yes`, `Y - Yes` and `1.0`."""
    bare = text.str.to_uppercase().str.replace(r"^[A-Z]\)\s*", "").str.replace(r"\.0+$", "")
    return bare.str.replace(r"\s+-\s.*$", "").str.replace(r"\s*:.*$", "")


def read_postcode(text: pl.Expr) -> pl.Expr:
    """Read a postcode as upper case without spaces; null where it has not the shape of one."""
    bare = text.str.to_uppercase().str.replace_all(r"\s", "")
    return pl.when(bare.str.contains(_POSTCODE)).then(bare)


def _number(column: Column) -> pl.Expr:
    """Read a finite number within the column's bounds (Float64); anything else is null."""
    value = pl.col("raw").cast(pl.Float64, strict=False)
    fits = value.is_finite()
    if column.lowest is not None:
        fits &= value >= column.lowest
    if column.highest is not None:
        fits &= value <= column.highest
    return pl.when(fits).then(value)


def _coded(text: pl.Series, column: Column) -> pl.DataFrame:
    if column.codelist is None:
        raise AssertionError("a column of codes names its list")
    read = read_code if column.kind == "code" else read_codes
    answers = [read(cell, column.codelist) for cell in text]
    schema = {"value": DTYPES[column.kind], "kind": pl.String, "refused": pl.Boolean}
    return pl.DataFrame(answers, schema=schema, orient="row")
