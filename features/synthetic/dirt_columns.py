"""What the columns of a table hold, told from their names and their cells, so that a trap lands where it belongs.

Knows code lists and how the standard names things; knows no table by name, and fails on none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

from features.vocabulary.codes import OTHER_SPELLINGS, codelist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.vocabulary.codes import Code

PLACEHOLDERS = ("SSD_PH", "PLACEHOLDER_DATA", "-1")
# So many cells of a column show what it holds.
SAMPLE = 2_000
DAY = r"^\d{4}-\d{2}-\d{2}( .*)?$"
FLAG_CELLS = {"Y", "N", "NA"}
# How the first and the last day of a span are called, after what the table is about.
STARTS = ("_start_date", "_referral_date")
ENDS = ("_end_date", "_ceased_date", "_close_date", "_auth_date")
# Days that are no event of the row: planned, of another event, or of the record itself.
NO_EVENTS = ("_due", "_due_date", "_target_date", "_dob", "_death_date", "_entered_care_date", "recorded_on")


@dataclass(frozen=True)
class Columns:
    """What a table's columns hold, by name.

    Parameters
    ----------
    names
        All columns, the key first.
    filled
        Those but the key that have a cell.
    dates, flags
        Columns of days as ISO text, and of `Y` and `N`.
    codes
        Columns whose cells are codes of one official list, and the list's name.
    arrays, outcomes
        Columns of JSON: codes in a row, and flags by their names.
    links
        Columns that point to another table's key, and that table.
    """

    names: tuple[str, ...]
    filled: tuple[str, ...]
    dates: tuple[str, ...]
    flags: tuple[str, ...]
    codes: Mapping[str, str]
    arrays: tuple[str, ...]
    outcomes: tuple[str, ...]
    links: Mapping[str, str]

    @property
    def key(self) -> str:
        """The column that tells rows apart."""
        return self.names[0]

    @property
    def persons(self) -> tuple[str, ...]:
        """Columns that say whose row it is."""
        return tuple(name for name, table in self.links.items() if table == "ssd_person")

    @property
    def event(self) -> str | None:
        """The column of the day on which what the row tells of began."""
        return next((name for name in self.dates if not name.endswith((*ENDS, *NO_EVENTS))), None)

    @property
    def span(self) -> tuple[str, str] | None:
        """The columns of the first and the last day of what the row tells of."""
        start = next((name for name in self.dates if name.endswith(STARTS)), None)
        end = next((name for name in self.dates if name.endswith(ENDS)), None)
        return (start, end) if start and end else None


def columns_of(table: pl.DataFrame, keys: Mapping[str, str]) -> Columns:
    """Tell what a table's columns hold.

    Parameters
    ----------
    table
        All text, the key first.
    keys
        Of every table: its key's name without the prefix, and the table; see `keys_of`.
    """
    shown = {name: cells for name in table.columns[1:] if len(cells := _sample(table[name]))}
    dates = tuple(name for name, cells in shown.items() if cells.str.contains(DAY).all())
    flags = tuple(name for name, cells in shown.items() if _are_flags(cells))
    rest = {name: cells for name, cells in shown.items() if name not in {*dates, *flags}}
    found = {name: _list_of(name, cells) for name, cells in rest.items() if not name.endswith("_id")}
    return Columns(
        names=tuple(table.columns),
        filled=tuple(shown),
        dates=dates,
        flags=flags,
        codes={name: listed for name, listed in found.items() if listed is not None},
        arrays=tuple(name for name, cells in rest.items() if cells.str.starts_with("[").all()),
        outcomes=tuple(name for name, cells in rest.items() if cells.str.contains(r'^\{.*_FLAG"').all()),
        links={name: linked for name in shown if (linked := _linked(name, keys)) is not None},
    )


def keys_of(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Name every table by its key without the prefix, such as `referral_id`; row numbers are nobody's to point to."""
    named = {_bare(table.columns[0]): name for name, table in tables.items() if table.width}
    return {key: name for key, name in named.items() if key.endswith("_id") and key != "table_id"}


def holds(column: str) -> pl.Expr:
    """Say which cells of a column hold something."""
    return pl.col(column).is_not_null() & ~pl.col(column).is_in(PLACEHOLDERS)


def _bare(column: str) -> str:
    return column.partition("_")[2]


def _linked(column: str, keys: Mapping[str, str]) -> str | None:
    """Name the table that a column points to, as `moth_childs_person_id` to the one whose key is `person_id`."""
    fitting = [key for key in keys if f"_{_bare(column)}".endswith(f"_{key}")]
    return keys[max(fitting, key=len)] if fitting else None


def _sample(cells: pl.Series) -> pl.Series:
    held = cells.filter(cells.is_not_null() & ~cells.is_in(PLACEHOLDERS))
    return held.head(SAMPLE).unique().sort()


def _are_flags(cells: pl.Series) -> bool:
    distinct = set(cells)
    return distinct <= FLAG_CELLS and distinct != {"NA"}


@cache
def _lists() -> Mapping[str, Mapping[str, Code]]:
    """Read every official list of single codes."""
    stems = [file.name.removesuffix(".csv") for file in (files("features.vocabulary") / "codelists").iterdir()]
    single = (stem for stem in sorted(stems) if stem != OTHER_SPELLINGS and not stem.startswith(("json_", "_")))
    return {stem: codelist(stem) for stem in single}


def _list_of(column: str, cells: pl.Series) -> str | None:
    """Name the list that all cells are codes of; of several the one that the column's name speaks of."""
    distinct = set(cells)
    if all(cell.isdigit() for cell in distinct):
        return None
    fitting = [name for name, codes in _lists().items() if distinct <= set(codes)]
    words = set(column.split("_"))
    return max(fitting, key=lambda name: len(words & set(name.split("_"))), default=None)
