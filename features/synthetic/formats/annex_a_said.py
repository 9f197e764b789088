"""How an Annex A workbook says things: codes behind letters, yes and no, and six months.

Also `Authority`, what the lists are made of. A cell that is no code stays as it is, so that dirt stays dirt.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of
from features.vocabulary.codes import codelist

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SEXES = {"M": "a) Male", "F": "b) Female", "U": "c) Not stated/recorded", "I": "d) Neither"}
FLAGS = {"Y": "a) Yes", "N": "b) No"}
SUITABILITY = {"1": "a) Suitable", "2": "b) Unsuitable"}
IN_TOUCH = dict(zip(("YES", "NO", "DIED", "REFU", "NREQ", "RHOM"), ("a) Yes", "b) No", "c) Died"), strict=False)) | {
    "REFU": "d) REFU",
    "NREQ": "e) NREQ",
    "RHOM": "f) RHOM",
}
ABUSE = {
    "NEG": "a) Neglect",
    "PHY": "b) Physical abuse",
    "SAB": "c) Sexual abuse",
    "EMO": "d) Emotional abuse",
    "MUL": "e) Multiple/not recommended",
}
STATUSES = {
    "care": "a) Looked after child",
    "protection": "b) Child Protection plan",
    "plan": "c) Child in need plan",
    "open": "d) Open assessment",
    "closed": "e) Closed episode",
}

_WHO = {"1": "Individual", "2A": "Schools", "2B": "Education services", "3": "Health services", "4": "Housing"}
_WHO |= {"5": "LA services", "6": "Police", "7": "Other legal agency", "8": "Other", "9": "Anonymous", "10": "Unknown"}


@dataclass(frozen=True)
class Authority:
    """The tables that the lists are made of, and the six months that they speak of.

    Parameters
    ----------
    tables
        The standard's, all text.
    since, until
        First and last day.
    """

    tables: Mapping[str, pl.DataFrame]
    since: date
    until: date

    def take(self, table: str, columns: Mapping[str, str]) -> pl.DataFrame:
        """Give some columns of a table under a list's names; null, or no rows, where there is none."""
        empty = pl.DataFrame(schema=dict.fromkeys(columns.values(), pl.String))
        held = self.tables.get(table, empty).rename(str.lower)  # soiled tables may have their headers in capitals
        return held.select(
            (pl.col(theirs) if theirs in held.columns else pl.lit(None, pl.String)).alias(ours)
            for ours, theirs in columns.items()
        )

    def happened(self, event: str) -> pl.Expr:
        """Say whether something fell within the months; what has no readable day is not outside them."""
        return day_of(pl.col(event)).is_between(self.since, self.until).fill_null(True)

    def lasted(self, start: str, end: str) -> pl.Expr:
        """Say whether something lasted at any time within the months."""
        began, ended = day_of(pl.col(start)), day_of(pl.col(end))
        return (began <= self.until).fill_null(True) & (ended >= self.since).fill_null(True)

    def is_past(self, event: str) -> pl.Expr:
        """Say whether something happened by the last day."""
        return (day_of(pl.col(event)) <= self.until).fill_null(False)


def latest(rows: pl.DataFrame, of: str, event: str) -> pl.DataFrame:
    """Keep the last row, by an event's day, of each group."""
    return rows.sort(day_of(pl.col(event)), maintain_order=True).unique(of, keep="last", maintain_order=True)


def lettered(name: str) -> dict[str, str]:
    """Write a list's codes as `a) WBRI`, past `z` as `aa)`.

    Examples
    --------
    >>> lettered("ethnicity")["WIRI"]
    'b) WIRI'
    """
    letters = (*ascii_lowercase, *(f"a{letter}" for letter in ascii_lowercase))
    return {code: f"{letter}) {code}" for letter, code in zip(letters, codelist(name), strict=False)}


def sources() -> dict[str, str]:
    """Write who made a contact as `q) 6: Police`.

    Early help came into the list late and took no letter of its own, so that police kept theirs.

    Examples
    --------
    >>> sources()["6"], sources()["5D"]
    ('q) 6: Police', 'p1) 5D: LA services')
    """
    codes = [code for code in codelist("referral_source") if code != "5D"]
    letters = {**dict(zip(codes, ascii_lowercase, strict=False)), "5D": "p1"}
    return {code: f"{letter}) {code}: {_WHO.get(code, _WHO.get(code[0]))}" for code, letter in letters.items()}


def said(column: str, words: Mapping[str, str]) -> pl.Expr:
    """Say a column in other words where there are any."""
    return pl.col(column).replace(dict(words)).alias(column)
