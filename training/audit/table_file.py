"""Reading a table to audit from a file, whatever program wrote it; of a CSV every column is text.

Spreadsheets write UTF-8 or UTF-16, and commas, semicolons, tabs or bars. What a parser says of a broken file may repeat
its cells, so it is said again here without them.
"""

from __future__ import annotations

import codecs
import csv
import io
import operator
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import polars as pl

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEPARATORS: tuple[str, ...] = (",", ";", "\t", "|")

# Written above the header to tell a spreadsheet the separator; the header tells it too.
_SAID_SEPARATOR = re.compile(r'\A"?sep=."?[ \t]*\r?\n', re.IGNORECASE)

_BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What Polars says of a file that does not parse: some of it as a panic of Rust."""

QUOTED = "Put a cell that holds a separator or a quotation mark between quotation marks, or save the table as Parquet."
UNQUOTED = "a quotation mark inside a cell is not doubled, or is never closed"
AS_CSV = "Save it as CSV in UTF-8 with one line of column names, or as Parquet."


def read_table(path: Path) -> pl.DataFrame:
    """Read a CSV or Parquet file, recognised by its content.

    Parameters
    ----------
    path
        The file. Text is UTF-8, or UTF-16 with its mark; the separator is the one that its first line holds most often.

    Returns
    -------
    pl.DataFrame
        Of a CSV every column is text; Parquet keeps its types.

    Raises
    ------
    WrongUsageError
        When there is no such file.
    UnusableRecordsError
        When it parses as neither, names a column twice, or has one column only.
    """
    if not path.is_file():
        raise WrongUsageError("The table does not exist, or is no file.", hint="Give a CSV or Parquet file.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(f"it may not be read ({type(error).__name__})", "Ask for the right to read it.") from None
    table = _parquet(content) if content.startswith(b"PAR1") else _csv(_text(content))
    if table.width == 1:
        raise _unusable(
            "it has one column only",
            "Separate the columns of a CSV by commas, semicolons, tabs or bars, in its first line too.",
        )
    return table


def _unusable(kind: str, hint: str = AS_CSV) -> UnusableRecordsError:
    """Name the kind of fault; never a cell."""
    return UnusableRecordsError(f"The table cannot be read: {kind}.", hint=hint)


def _parquet(content: bytes) -> pl.DataFrame:
    """Read Parquet."""
    try:
        return pl.read_parquet(content)
    except _BROKEN:
        raise _unusable("it begins as a Parquet file, and is none that can be read") from None


def _text(content: bytes) -> str:
    """Decode by the file's mark, else as UTF-8: guessing would write another name over a group's."""
    if content.startswith(b"PK\x03\x04"):
        raise _unusable("it is a workbook or a zip file, neither CSV nor Parquet")
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf_16:
            raise _unusable("its text is marked as UTF-16, and is not") from None
        line = content.count(b"\n", 0, error.start) + 1
        raise _unusable(f"its text is not UTF-8; line {line} is the first that is not") from None
    # why: what spreadsheets call "CSV (Macintosh)" ends its lines so; a blank line keeps the numbers of the lines
    return _SAID_SEPARATOR.sub("\n", text if "\n" in text else text.replace("\r", "\n"))


def _csv(text: str) -> pl.DataFrame:
    """Read text as CSV."""
    header = next((line for line in io.StringIO(text) if line.strip()), "").rstrip("\r\n")
    if not header:
        raise _unusable("it is empty: not even a line of column names")
    names = {separator: _cells(header, separator) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda each: len(names[each]))
    named = [name for name in names[separator] if name]
    if len(set(named)) < len(named):
        raise _unusable("two of its columns have the same name", "Rename one of them, or leave it out.")
    try:
        table = pl.read_csv(text.encode("utf-8"), separator=separator, infer_schema=False)
    except _BROKEN:
        raise _unusable(_misfit(text, separator, is_misfit=operator.gt) or UNQUOTED, QUOTED) from None
    # why: cells of a line that is cut short would stand under other names
    if told := _misfit(text, separator, is_misfit=operator.lt):
        raise _unusable(told, "Write every cell, also an empty one.")
    # why: spreadsheets end a table with lines of which every cell is empty, and an empty line is no row
    table = table.filter(~pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == ""))
    return table.rename(str.strip)


def _cells(line: str, separator: str) -> list[str]:
    """Give the cells of one line; none when it is none."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
    except csv.Error:
        return []


def _misfit(text: str, separator: str, *, is_misfit: Callable[[int, int], bool]) -> str:
    """Name the first line whose number of fields stands so to that of the column names; empty where none does."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    width = 0
    # why: the csv module ends at a cell longer than it reads, which is no fault
    with suppress(csv.Error):
        for cells in lines:
            width = width or len(cells)
            if cells and is_misfit(len(cells), width) and any(map(str.strip, cells)):
                return f"line {lines.line_num} has {len(cells)} fields and the line of column names {width}"
    return ""
