"""Counts of rows and of the children they speak of, and which of them are withheld.

Knows no table. Fewer than five children are not told apart, nor can they be by subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.check.small_numbers import SMALLEST_COUNT, WITHHELD, withheld

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


@dataclass(frozen=True)
class Counted:
    """How many rows, and of how many children.

    Parameters
    ----------
    n_rows
        Rows.
    n_children
        Different people whose rows they are; a row that names nobody counts for none.
    """

    n_rows: int
    n_children: int

    @property
    def is_small(self) -> bool:
        """Whether the count speaks of somebody, and of fewer than five children as far as they are named."""
        return self.n_rows > 0 and self.n_children < SMALLEST_COUNT

    @property
    def rounded_down(self) -> Counted:
        """The count down to a multiple of five, where an exact one would give small parts away by subtraction."""
        return Counted(*(n - n % SMALLEST_COUNT for n in (self.n_rows, self.n_children)))

    @property
    def told(self) -> dict[str, Any]:
        """The count fit for JSON, where it stands alone."""
        return dict(WITHHELD) if self.is_small else {"n_rows": self.n_rows, "n_children": self.n_children}


def count(rows: pl.DataFrame, whose: str) -> Counted:
    """Count rows and the children in the column `whose`."""
    return Counted(rows.height, rows[whose].drop_nulls().n_unique())


def told_parts(parts: Mapping[str, Counted]) -> dict[str, dict[str, Any]]:
    """Give the parts of one whole that is told elsewhere, so that no small one can be told from the others.

    Parameters
    ----------
    parts
        Counts by name, in the order in which they are given back.

    Returns
    -------
    dict of str to dict
        By name, `n_rows` and `n_children`, or `{"suppressed": True}`.
    """
    small = frozenset(place for place, part in enumerate(parts.values()) if part.is_small)
    hidden = withheld([(part.n_children,) for part in parts.values()], already=small)
    return {n: dict(WITHHELD) if place in hidden else part.told for place, (n, part) in enumerate(parts.items())}


def rows_told(told: Mapping[str, Any]) -> int:
    """Give a told count's rows; what is withheld counts as none."""
    return int(told.get("n_rows", 0))
