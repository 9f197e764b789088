"""Reading one CSV or Parquet file as a table of text, whatever program wrote it.

Case systems and spreadsheets write UTF-8 with or without a mark, Windows' cp1252, or UTF-16; and commas, semicolons,
tabs or bars. What a parser says of a broken file may repeat its cells, so it is said again here without them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

SEPARATORS = (",", ";", "\t", "|")

# So many lines in a row with as many separators as a row has are rows; a comment has not so many in each of its lines.
LINES, LEAST_WITHIN, MOST_WITHIN = 3, 3, 50

_MISFIT = "its rows do not fit its header: a separator or a quotation mark inside a cell is not quoted"

# What Polars calls a column whose header is blank, as that of another column is.
_NAMED_BY_POLARS = "_duplicated_"

# Written above the header to tell a spreadsheet the separator; the header tells it too.
_SAID_SEPARATOR = re.compile(r'\A"?sep=."?[ \t]*\r?\n', re.IGNORECASE)


class UnreadableFileError(Exception):
    """A file that does not parse; the message says how, without a cell. Caught by the reader of the source."""


def read_table(path: Path, content: bytes) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read one file.

    Parameters
    ----------
    path
        Its name tells CSV from Parquet where its first bytes do not.
    content
        The file's bytes.

    Returns
    -------
    tuple of (pl.DataFrame, tuple of str)
        The table, all String, its headers stripped and in lower case, empty cells null; and the headers as they were
        written.

    Raises
    ------
    UnreadableFileError
        When the file is empty, does not parse, or names a column twice.
    """
    is_parquet = content[:4] == b"PAR1" or path.suffix.lower() == ".parquet"
    frame = _parquet(content) if is_parquet else _without_blank_columns(_csv(content))
    headers = [_header(name) for name in frame.columns]
    if len(set(headers)) < len(headers):
        raise UnreadableFileError("two columns have the same name")
    written = tuple(_bare(name) for name in frame.columns)
    return frame.rename(dict(zip(frame.columns, headers, strict=True))), written


def _bare(name: str) -> str:
    return name.strip().strip('"').strip()


def _header(name: str) -> str:
    return _bare(name).lower()


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        return as_text(pl.read_parquet(io.BytesIO(content)))
    except pl.exceptions.PolarsError:
        raise UnreadableFileError("it is not a Parquet file that can be read") from None


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every column as text; whole numbers that were kept as decimals lose their `.0`, as ids must."""
    return frame.select(_column_as_text(column) for column in frame)


def _column_as_text(column: pl.Series) -> pl.Series:
    if column.dtype.is_float():
        column = column.fill_nan(None)
    if column.dtype.is_float() or column.dtype.is_decimal():
        whole = column.cast(pl.Int64, strict=False)
        if whole.null_count() == column.null_count() and (column == whole.cast(column.dtype)).all():
            return whole.cast(pl.String)
    if column.dtype.is_nested() or column.dtype == pl.Binary:
        raise UnreadableFileError("a column holds lists or bytes where text is needed")
    return column.cast(pl.String)


def _csv(content: bytes) -> pl.DataFrame:
    text = _decoded(content)
    if "\n" not in text:
        text = text.replace("\r", "\n")  # spreadsheets' "CSV (Macintosh)"
    text = _SAID_SEPARATOR.sub("", text.lstrip("\r\n"))
    first = text[: text.find("\n")] if "\n" in text else text
    if not first.strip():
        raise UnreadableFileError("it is empty: not even a header")
    separator = max(SEPARATORS, key=first.count)
    if _names_twice(first, separator):
        raise UnreadableFileError("two columns have the same name")
    try:
        return _parsed(text, separator)
    except UnreadableFileError:
        return _with_wider_header(text, first, separator=separator)


def _parsed(text: str, separator: str) -> pl.DataFrame:
    try:
        frame = pl.read_csv(text.encode("utf-8"), separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise UnreadableFileError(_MISFIT) from None
    if text.count("\n") > frame.height + 1 and _holds_rows_in_a_cell(frame, separator):
        raise UnreadableFileError(_MISFIT)
    return frame


def _holds_rows_in_a_cell(frame: pl.DataFrame, separator: str) -> bool:
    """Whether a mark of quotation that was never closed took whole rows into a cell, where nobody would miss them."""
    n_within = min(max(frame.width - 1, LEAST_WITHIN), MOST_WITHIN)
    line = rf"\n(?:[^\n{re.escape(separator)}]*{re.escape(separator)}){{{n_within}}}[^\n]*"
    return bool(frame.select(pl.any_horizontal(pl.all().str.contains(f"(?:{line}){{{LINES}}}").any())).item())


def _with_wider_header(text: str, header: str, *, separator: str) -> pl.DataFrame:
    """Read a file some of whose rows go on to the right of the header, as long as nothing stands there."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        raise UnreadableFileError(_MISFIT) from None
    end = header.rstrip("\r")
    frame = _parsed(end + separator * (max(widths) - widths[0]) + text[len(end) :], separator)
    if any(frame[name].null_count() < frame.height for name in frame.columns[widths[0] :]):
        raise UnreadableFileError(_MISFIT)
    return frame


def _without_blank_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out columns without a header and a value, which spreadsheets write to the right of a table."""
    nameless = [name for name in frame.columns if not _bare(name) or name.startswith(_NAMED_BY_POLARS)]
    return frame.drop(name for name in nameless if frame[name].null_count() == frame.height)


def _decoded(content: bytes) -> str:
    """Decode by the file's mark, else as UTF-8, else as cp1252, which Windows' programs write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError("its text is neither UTF-8, UTF-16 nor cp1252") from None


def _names_twice(header: str, separator: str) -> bool:
    try:
        names = [name for cell in next(csv.reader([header], delimiter=separator)) if (name := _header(cell))]
    except csv.Error:
        raise UnreadableFileError("its first row is no header") from None
    return len(set(names)) < len(names)
