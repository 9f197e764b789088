"""How a list of an Annex A workbook is declared: what it asks, and which rows an answer gives.

Also the columns that the lists share. Knows no list, no workbook and no frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Asked:
    """One column of a list.

    Parameters
    ----------
    name
        What it is called here.
    header
        What the standard calls it; what the simulator writes.
    pattern
        A regular expression that finds it in a header made plain (`workbook.plain`). Empty: not read.
    """

    name: str
    header: str
    pattern: str = ""


@dataclass(frozen=True)
class Gives:
    """A row of a table of the standard that one row of a list gives.

    Parameters
    ----------
    table
        Its name.
    columns
        Column of the table, and the list's column that fills it.
    keys
        Column of the table, and the word from which an id is made: child, word, and which row of the child it is.
    always
        Column of the table, and what it always holds.
    opposite
        Column of the table, and the list's column of which it says the opposite: `N` for yes, `Y` for no.
    missing
        Columns that the table needs and the list has no place for.
    needs
        The list's columns of which one at least must be filled for there to be such a row; empty: every row of the
        list gives one.
    """

    table: str
    columns: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    opposite: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnnexAList:
    """One list.

    Parameters
    ----------
    number
        1 to 11.
    title
        What its sheet is called where it is not called by its number.
    sheet
        A regular expression for the other names of its sheet, made plain.
    asks
        Its columns, in the standard's order.
    gives
        What each of its rows gives, the children themselves and their cases apart.
    """

    number: int
    title: str
    sheet: str
    asks: tuple[Asked, ...]
    gives: tuple[Gives, ...] = ()


CHILD = (
    Asked(
        "child",
        "Child Unique ID",
        r"\b(child|childs|person)\b.*\b(id|identifier|reference)\b|\b(id|identifier)\b.*\b(child|person)\b|^unique id",
    ),
    Asked("sex", "Gender", r"\b(gender|sex)\b"),
    Asked("ethnicity", "Ethnicity", r"\bethnic"),
    Asked("birth", "Date of Birth", r"\bdate\b.*\bbirth\b|\bdob\b"),
    Asked("age", "Age of Child (Years)"),
)
DISABILITY = Asked("disability", "Does the Child have a Disability", r"\bdisab")
TEAM = (Asked("team", "Allocated Team", r"\bteam\b"), Asked("worker", "Allocated Worker", r"\bworker\b"))
