"""The sheets of an Annex A workbook as tables of text, one per list, under the names that the lists declare.

Sheets are found by number or by name, headers by pattern below titles and blank rows. Knows what the lists ask for,
not where it goes.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import fastexcel
import polars as pl

from features.sources.annex_a.lists import LISTS
from features.sources.annex_a.opening import UnopenableError, require_openable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from features.sources.annex_a.asked import AnnexAList, Asked

# What opens workbooks warns of a broken sheet in the sheet's own words.
for _logger in ("calamine", "fastexcel"):
    logging.getLogger(_logger).setLevel(logging.CRITICAL)

# Titles, a note on the period, a blank row: a header lower than this is not one.
ROWS_ABOVE_HEADER = 10
# A title may name a child's id; a header names more of what the list asks for.
FEWEST_HEADERS = 3

_NUMBERED = re.compile(r"^(?:annex a )?(?:list ?)?0?(\d{1,2})\b")
_QUOTES = re.compile("['\"`\u2018\u2019\u201c\u201d]")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass
class Sheets:
    """What was found in a workbook.

    Parameters
    ----------
    lists
        By number: all String, one column for each that the list's declaration reads, null where the sheet lacks it.
    problems, told
        As in `RawTables`.
    """

    lists: dict[int, pl.DataFrame] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    r"""Bring a header or a sheet's name to words: lower case, no quotation marks, one space between.

    Examples
    --------
    >>> plain(" Child\u2019s  Legal\nStatus?")
    'childs legal status'
    """
    return _BETWEEN_WORDS.sub(" ", _QUOTES.sub("", text.lower())).strip()


def read_sheets(path: Path) -> Sheets:
    """Read every list that a workbook holds.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    Sheets
        Whatever the file holds; what is wrong with it stands in `problems`.
    """
    found = Sheets()
    try:
        require_openable(path)
        book = _answer_of(fastexcel.read_excel, path.read_bytes())
        named = _sheets_by_list(book.sheet_names)
    except OSError as broken:
        found.problems.append(f"{path.name}: the file cannot be opened ({type(broken).__name__})")
        return found
    except UnopenableError as broken:
        found.problems.append(f"{path.name}: {broken}")
        return found
    for asked in LISTS:
        _read_list(found, asked, book, named.get(asked.number, []))
    if not named:
        found.problems.append(f"{path.name}: no sheet is called List 1 to List 11, by number or by name")
    elif absent := [str(asked.number) for asked in LISTS if asked.number not in named]:
        found.told.append(f"the workbook has no sheet for list {', '.join(absent)}")
    return found


def _answer_of(ask: Any, *about: Any, **how: Any) -> Any:
    """Ask what opens workbooks; its errors may repeat a cell, and a broken sheet can make it panic.

    Raises
    ------
    UnopenableError
        Whatever it met.
    """
    try:
        return ask(*about, **how)
    except Exception:
        raise UnopenableError("it cannot be read as a workbook: save it as .xlsx once more") from None
    except BaseException as panic:
        # What Rust raises when it panics is no Exception, and its class is not to be had by import.
        if type(panic).__name__ != "PanicException":
            raise
        raise UnopenableError("it cannot be read as a workbook: save it as .xlsx once more") from None


def _sheets_by_list(names: Sequence[str]) -> dict[int, list[str]]:
    """Say which sheets hold which list."""
    found: dict[int, list[str]] = {}
    for name in names:
        number = list_of(name)
        if number is not None:
            found.setdefault(number, []).append(name)
    return found


def list_of(sheet: str) -> int | None:
    """Tell which list a sheet holds, by its number or its name.

    Examples
    --------
    >>> list_of("List_3"), list_of("3"), list_of("Early Help"), list_of("Notes")
    (3, 3, 2, None)
    """
    name = plain(sheet)
    if numbered := _NUMBERED.match(name):
        number = int(numbered[1])
        return number if 1 <= number <= len(LISTS) else None
    return next((asked.number for asked in LISTS if re.fullmatch(asked.sheet, name)), None)


def _read_list(found: Sheets, asked: AnnexAList, book: Any, sheets: Sequence[str]) -> None:
    if len(sheets) > 1:
        found.problems.append(f"list {asked.number} stands on {len(sheets)} sheets: keep one of them")
    if len(sheets) != 1 or not any(column.pattern for column in asked.asks):
        return
    try:
        sheet = _answer_of(lambda: book.load_sheet(sheets[0], header_row=None, dtypes="string").to_polars())
    except UnopenableError:
        found.problems.append(f"list {asked.number}: the sheet cannot be read; copy it into a new workbook")
        return
    places, below = find_header(sheet, asked.asks)
    if sheet.height and "child" not in places:
        found.problems.append(
            f"list {asked.number}: none of the first {ROWS_ABOVE_HEADER} rows holds the list's headers, with a "
            "child's id among them"
        )
        return
    found.lists[asked.number] = _as_declared(sheet.slice(below), asked.asks, places)
    if lacking := [c.header for c in asked.asks if c.pattern and c.name not in places and sheet.height]:
        found.told.append(f"list {asked.number} has no column for: {'; '.join(lacking)}")


def find_header(sheet: pl.DataFrame, asks: Sequence[Asked]) -> tuple[dict[str, int], int]:
    """Find the row that names most of what a list asks for.

    Returns
    -------
    tuple of (dict of str to int, int)
        Which column of the sheet holds what, empty where no row will do; and the first row below the header.
    """
    candidates = [
        (_places(row, asks), below) for below, row in enumerate(sheet.head(ROWS_ABOVE_HEADER).rows(), start=1)
    ]
    places, below = max(candidates, key=lambda candidate: len(candidate[0]), default=({}, 0))
    is_header = "child" in places and len(places) >= FEWEST_HEADERS
    return (places if is_header else {}), below


def _places(row: Sequence[str | None], asks: Sequence[Asked]) -> dict[str, int]:
    """Say which cell of a row names what: first those written as the standard has them, then by pattern."""
    free = {place: plain(cell) for place, cell in enumerate(row) if cell}
    places: dict[str, int] = {}
    for asked in asks:
        exact = next((place for place, header in free.items() if header == plain(asked.header)), None)
        if exact is not None:
            places[asked.name] = exact
            del free[exact]
    for asked in asks:
        if asked.name in places or not asked.pattern:
            continue
        alike = next((place for place, header in free.items() if re.search(asked.pattern, header)), None)
        if alike is not None:
            places[asked.name] = alike
            del free[alike]
    return places


def _as_declared(sheet: pl.DataFrame, asks: Sequence[Asked], places: Mapping[str, int]) -> pl.DataFrame:
    """Give the columns that are read under their own names; empty cells are null, and rows of nothing are left out."""
    names = [asked.name for asked in asks if asked.pattern]
    stripped = {name: pl.col(sheet.columns[place]).str.strip_chars() for name, place in places.items()}
    cells = [
        pl.when(stripped[name] != "").then(stripped[name]).alias(name)
        if name in places
        else pl.lit(None, pl.String).alias(name)
        for name in names
    ]
    declared = sheet.select(cells)
    return declared.filter(~pl.all_horizontal(pl.all().is_null()))
