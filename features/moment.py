"""One as-of day: its number, and how rows and cells that were known on it are read from a frame of several days.

Knows days and columns; must know no table and no indicator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import narwhals as nw

from features.days import date_of

if TYPE_CHECKING:
    from datetime import date

KNOWN = "known"


def on_day(name: str, day: int) -> str:
    """Name what a column was on a day, in a frame of several days."""
    return f"{name}@{day}"


@dataclass(frozen=True)
class Moment:
    """One as-of day, and how a declaration reads the rows and cells that were known on it.

    A frame of several days holds a row once, however many of the days know it. So a declaration asks here for a
    column, which may be hidden on this day, and for a number of rows, a total, a largest or a smallest, which leave out
    the rows that are not known on this day. A frame of one day holds nothing else.

    Parameters
    ----------
    day
        Days since 1970-01-01.
    hidden
        Columns that stand in the frame once a day, under `on_day(name, day)`.
    is_alone
        Whether every row of the frame was known on this day.
    """

    day: int
    hidden: frozenset[str] = field(default=frozenset())
    is_alone: bool = True

    @property
    def as_of(self) -> date:
        """Give the day as a date."""
        return date_of(self.day)

    @property
    def is_known(self) -> nw.Expr:
        """Whether a row was known on this day; only in a frame of several days."""
        return nw.col(on_day(KNOWN, self.day))

    def col(self, name: str) -> nw.Expr:
        """Give a column as it was known on this day."""
        return nw.col(on_day(name, self.day) if name in self.hidden else name)

    def rows(self, where: nw.Expr) -> nw.Expr:
        """Count the rows known on this day for which a condition holds."""
        return (where if self.is_alone else self.is_known & where).cast(nw.Int32).sum()

    def total(self, numbers: nw.Expr) -> nw.Expr:
        """Add up over the rows known on this day."""
        return self._known(numbers).sum()

    def largest(self, values: nw.Expr) -> nw.Expr:
        """Give the largest of the rows known on this day; missing where none has a value."""
        return self._known(values).max()

    def smallest(self, values: nw.Expr) -> nw.Expr:
        """Give the smallest of the rows known on this day; missing where none has a value."""
        return self._known(values).min()

    def _known(self, values: nw.Expr) -> nw.Expr:
        return values if self.is_alone else nw.when(self.is_known).then(values)
