"""What the page of an audit is made of: sections of sentences, pictures and tables, in order.

A page is put together from these and nothing else, so that every table has a caption and headings, every picture a
sentence, and a long table is folded on the screen and open in print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from training.audit.report import words as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markupsafe import Markup

MOST_OPEN = 24
"""A table of more rows is folded until somebody opens it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Parameters
    ----------
    text
        What it says.
    note
        A smaller line below.
    mark
        A class of the style sheet, for verdicts and numbers.
    """

    text: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its heading cells, then the others."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    note: str = ""
    is_everybody: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; folded where it is long."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    is_folded: bool

    def headings(self) -> list[tuple[str, bool]]:
        """Give the columns, and whether they hold bare numbers, which stand to the right."""
        first = self.rows[0]
        marks = [*["" for _ in first.heads], *[cell.mark for cell in first.cells]]
        return [(column, mark == "number") for column, mark in zip(self.columns, marks, strict=True)]


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences: a paragraph each, or a list."""

    kind: ClassVar[str] = "words"
    sentences: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An inline drawing; what it shows stands in the words before it, and is its name for who cannot see it."""

    kind: ClassVar[str] = "picture"
    label: str
    svg: Markup
    key: str


Block = Table | Words | Heading | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a place in its list of contents."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


def table(caption: str, columns: Sequence[str], rows: Iterable[Row], *, is_folded: bool | None = None) -> list[Block]:
    """Make a table; none where there are no rows.

    Parameters
    ----------
    caption
        Names the table, once on the page.
    columns
        Headings, those of the heading cells first.
    rows
        Lines.
    is_folded
        None: where it is long.

    Returns
    -------
    list
        The table, or nothing.
    """
    lines = tuple(rows)
    folded = len(lines) > MOST_OPEN if is_folded is None else is_folded
    return [Table(caption, tuple(columns), lines, folded)] if lines else []


def said(*sentences: str) -> list[Block]:
    """Make paragraphs of those sentences that say something."""
    kept = tuple(sentence for sentence in sentences if sentence)
    return [Words(kept)] if kept else []


def interval_cell(text: str, *notes: str) -> Cell:
    """Print a number, with its interval and other notes each in a line below."""
    value, bracket, interval = text.partition(" (")
    return Cell(value, "\n".join([*([f"({interval}"] if bracket else []), *notes]))


def figure_cell(figure: Mapping[str, Any], measure: str) -> Cell:
    """Print a figure with its interval and its counts."""
    counts = [f"{figure['k']:,} of {figure['n']:,}"] if "value" in figure and "k" in figure else []
    return interval_cell(words.figure_text(figure, measure), *counts)


def gap_cell(figure: Mapping[str, Any], measure: str) -> Cell:
    """Print a gap with its interval."""
    return interval_cell(words.gap_text(figure, measure))


def ratio_cell(figure: Mapping[str, Any]) -> Cell:
    """Print a ratio, or any number with two decimals, with its interval."""
    return interval_cell(words.ratio_text(figure))


def size_cell(n: int | None) -> Cell:
    """Print a number of rows."""
    return Cell(words.WITHHELD_SYMBOL if n is None else f"{n:,}", mark="number")
