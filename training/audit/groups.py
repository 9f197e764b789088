"""The groups of an audit: each value of each characteristic, missing ones too, and their intersections.

Nothing is imputed: a child whose ethnicity is not recorded stays in the group "not recorded". Who is small
enough to be recognised is decided in `suppression`, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from training.audit.measures import CELLS, cell_of, measure_all, rows_where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.audit.estimate import BoolArray, IntArray, Outcome
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings

NOT_RECORDED = "not recorded"
"""How a missing characteristic is printed; in `audit.json` it is null."""

Key = tuple[tuple[str, ...], tuple[str | None, ...]]
"""Attributes, and this group's values of them; both empty for everybody."""


@dataclass(frozen=True)
class Group:
    """One group of children with its measures, before anything is withheld.

    Parameters
    ----------
    attributes, values
        Characteristics and this group's values of them, None where missing; both empty for everybody.
    n, children
        Rows, and distinct children.
    cells
        By cell of flagged by outcome, its distinct children.
    measures
        By name.
    """

    attributes: tuple[str, ...]
    values: tuple[str | None, ...]
    n: int
    children: int
    cells: dict[str, int]
    measures: dict[str, Outcome]

    @property
    def key(self) -> Key:
        """Attributes and values, by which a group is found."""
        return self.attributes, self.values


def everybody(sample: Sample) -> Group:
    """Measure the whole sample."""
    return _group(sample, (), (), np.ones(sample.outcome.size, dtype=np.bool_))


def single_groups(sample: Sample) -> list[Group]:
    """Measure each value of each characteristic, in the order asked for, missing last."""
    return [
        _group(sample, (name,), (value,), column.codes == place)
        for name, column in sample.groups.items()
        for place, value in enumerate(column.values)
    ]


def intersections(sample: Sample, settings: AuditSettings) -> list[Group]:
    """Measure the pairs, and triples, of characteristics that occur, when they are asked for."""
    if settings.intersections is None:
        return []
    return [
        _group(sample, attributes, values, chosen)
        for size in range(2, settings.intersections + 1)
        for attributes in combinations(settings.groups, size)
        for values, chosen in _combinations_in(sample, attributes)
    ]


def _combinations_in(sample: Sample, attributes: tuple[str, ...]) -> Iterator[tuple[tuple[str | None, ...], BoolArray]]:
    """Give each combination of values that occurs, with its rows."""
    columns = [sample.groups[name] for name in attributes]
    codes: IntArray = np.ravel_multi_index(
        [column.codes for column in columns], [len(column.values) for column in columns]
    ).astype(np.int64)
    for code in np.unique(codes):
        places = np.unravel_index(int(code), [len(column.values) for column in columns])
        values = tuple(column.values[int(place)] for column, place in zip(columns, places, strict=True))
        yield values, codes == code


def _group(sample: Sample, attributes: tuple[str, ...], values: tuple[str | None, ...], chosen: BoolArray) -> Group:
    """Measure one choice of rows."""
    rows = rows_where(sample, chosen)
    cell, child = cell_of(sample)[chosen], sample.child[chosen]
    return Group(
        attributes=attributes,
        values=values,
        n=rows.outcome.size,
        children=np.unique(child).size,
        cells={name: np.unique(child[cell == place]).size for place, name in enumerate(CELLS)},
        measures=measure_all(rows),
    )
