"""The groups of an audit: each value of each characteristic, missing ones too, their intersections, and who is beside.

What a group is; `measuring` makes them of rows, `counts.cells_in` of a file of cells. Who is small enough to be
recognised is decided in `disclosure`, not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from training.audit.counts.tallies import AMONG, CELLS

if TYPE_CHECKING:
    from training.audit.counts.tallies import Others, Tally
    from training.audit.statistics.estimate import Outcome

NOT_RECORDED = "not recorded"
"""How a missing characteristic is printed; in `audit.json` it is null."""

EVERYONE_ELSE = "everyone else"
REFERENCE = "reference"

Key = tuple[tuple[str, ...], tuple[str | None, ...]]
"""Attributes, and this group's values of them; both empty for everybody."""


@dataclass(frozen=True)
class Against:
    """Those whom a group is compared with.

    Parameters
    ----------
    who
        `everyone else`, or `reference`.
    reference
        The group compared with, when `who` is `reference`.
    others
        Their counts, one set.
    rows_in
        Their rows in each of `CELLS` at the cut-off.
    measures
        By name.
    together
        By measure, the correlation of the two sides' errors.
    """

    who: str
    reference: str | None
    others: Others
    rows_in: tuple[int, ...]
    measures: dict[str, Outcome]
    together: dict[str, float]


@dataclass(frozen=True)
class Group:
    """One group of children with its measures, before anything is withheld.

    Parameters
    ----------
    attributes, values
        Characteristics and this group's values of them, None where missing; both empty for everybody.
    n, children
        Rows, and distinct children.
    cells, among
        Distinct children, by cell of flagged by outcome and by `tallies.AMONG`.
    measures
        By name.
    rows_in
        Rows in each of `CELLS` at the cut-off; none when only a share was counted.
    counts
        At every threshold, one set; None when only a share was counted.
    against
        Those whom it is compared with; none for everybody and for intersections.
    was_withheld
        Whether a file of cells holds nothing of it but that it is withheld.
    """

    attributes: tuple[str, ...]
    values: tuple[str | None, ...]
    n: int
    children: int
    cells: dict[str, int]
    among: dict[str, int]
    measures: dict[str, Outcome]
    rows_in: tuple[int, ...] = ()
    counts: Tally | None = None
    against: tuple[Against, ...] = ()
    was_withheld: bool = False

    @property
    def key(self) -> Key:
        """Attributes and values, by which a group is found."""
        return self.attributes, self.values


@dataclass(frozen=True)
class Measured:
    """Everybody, single groups and intersections, measured.

    Parameters
    ----------
    total
        Everybody.
    singles, crossed
        In the order of characteristics asked for, and of their values, missing last.
    left_out
        Characteristics of each crossing of which no group may be told, not even which occur.
    """

    total: Group
    singles: tuple[Group, ...]
    crossed: tuple[Group, ...] = field(default=())
    left_out: tuple[tuple[str, ...], ...] = ()

    @property
    def every(self) -> tuple[Group, ...]:
        """All groups, everybody first."""
        return self.total, *self.singles, *self.crossed


def at_threshold(group: Group, counts: Tally, threshold: int) -> Group:
    """Give a group with the children that it has at a threshold.

    Parameters
    ----------
    group
        At any cut-off; its measures stay as they are.
    counts
        Its own, one set.
    threshold
        Its place.
    """
    return replace(
        group,
        cells=dict(zip(CELLS, counts.children_in[0, threshold].tolist(), strict=True)),
        among=dict(zip(AMONG, counts.children_among[0, threshold].tolist(), strict=True)),
    )


def group_of(key: Key, counts: Tally, main: int, measures: dict[str, Outcome]) -> Group:
    """Make a group from its counts and its measures.

    Parameters
    ----------
    key
        Attributes and values, as in `Group`.
    counts
        One set.
    main
        Place of the cut-off among the thresholds.
    measures
        Of `RATES` and `SCORED`.
    """
    group = Group(
        attributes=key[0],
        values=key[1],
        n=int(counts.cells[0, main].sum()),
        children=int(counts.children[0]),
        cells={},
        among={},
        measures=measures,
        rows_in=tuple(counts.cells[0, main].tolist()),
        counts=counts,
    )
    return at_threshold(group, counts, main)
