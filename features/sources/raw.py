"""What any reader of a source gives: tables of the standard, every cell still text, and what the source cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import polars as pl


class Kind(StrEnum):
    """The kinds of source, in the order in which they win where nothing else is said: the fullest first."""

    ssd = "ssd"
    database = "database"
    annex_a = "annex_a"
    cin_census = "cin_census"
    ssda903 = "ssda903"
    wales = "wales"
    dfe_api = "dfe_api"


# What a reader tells stands in reports; fewer than five children are not told apart there.
SMALLEST_COUNT = 5


def few(n: int) -> str:
    """Say how many children there are, as a reader may tell it.

    Examples
    --------
    >>> few(4), few(5), few(1200)
    ('fewer than 5', '5', '1200')
    """
    return str(n) if n == 0 or n >= SMALLEST_COUNT else f"fewer than {SMALLEST_COUNT}"


@dataclass(frozen=True)
class RawTables:
    """What a source held, still text.

    Parameters
    ----------
    kind
        Which kind of source it is.
    tables
        By the standard's table name; all String, headers in lower case, cells as the source wrote them.
    headers
        The headers as the source wrote them, by table, where a person wrote them.
    hashes
        SHA-256 of what was read, by table.
    unread
        Names of files that hold none of the tables needed here; they were looked at and left alone.
    problems
        Each file that cannot be opened, does not parse or repeats a table, in words, without a cell.
    can_hold
        The tables that this kind of source has a place for; one of them that is needed and missing is a problem, any
        other is merely beyond the source. None: all.
    cannot_give
        What this kind of source has no place for, as sentences for a data manager.
    told
        What else the reader noticed, as sentences without a cell: a count of things left out, a guess about a header.
    extract_day
        The last day that the source says it speaks of; None where it says none.
    """

    kind: Kind
    tables: Mapping[str, pl.DataFrame]
    hashes: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    can_hold: frozenset[str] | None = None
    cannot_give: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    extract_day: date | None = None
