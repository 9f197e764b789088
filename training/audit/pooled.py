"""Intersections with what is borrowed from their parts, and what is left to the intersection itself.

Beside the raw share of a cell stands a pooled one: nearer to what its characteristics alone would say, the fewer
children it has. A cell of twelve is then neither hidden nor believed. A pooled share is marked as borrowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.statistics.estimate import Estimate
from training.audit.statistics.pooling import pool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.groups import Group, Key

POOLED: tuple[str, ...] = ("prevalence", "selection_rate", "tpr", "fpr")
"""Rates that are pooled."""

FEWEST_CELLS = 4
"""Fewer cells than two by two leave nothing to the intersection."""


def pooled_figures(crossed: Sequence[Group], gate: Gate) -> tuple[dict[Key, dict[str, Figure]], list[dict[str, Any]]]:
    """Pool each rate over the cells of each combination of characteristics.

    Parameters
    ----------
    crossed
        Intersections.
    gate
        What is withheld; only what is shown takes part, with its counts as they are shown.

    Returns
    -------
    tuple of dict and list
        By group and rate, `value`, `low`, `high` and `weight` (how much of it is the cell's own, 0 to 1); and by
        combination and rate the share of the variance between cells that is left to the intersection.
    """
    combinations = dict.fromkeys(group.attributes for group in crossed)
    figures: dict[Key, dict[str, Figure]] = {group.key: {} for group in crossed}
    shares = []
    for attributes in combinations:
        for measure in POOLED:
            cells = [group for group in crossed if group.attributes == attributes and _counts(group, measure, gate)]
            if len(cells) >= FEWEST_CELLS:
                found, share = _pooled(cells, measure, gate)
                for group, figure in zip(cells, found, strict=True):
                    figures[group.key][measure] = figure
                entry = {"attribute": "*".join(attributes), "measure": measure, "cells": len(cells)}
                shares.append(entry | {"share_left_to_the_intersection": share})
    return figures, shares


def _counts(group: Group, measure: str, gate: Gate) -> tuple[int, int, float] | None:
    """Give a cell's counts as they are shown, and its design effect; None when they are not."""
    outcome = group.measures[measure]
    if not isinstance(outcome, Estimate) or not gate.is_shown(group, measure):
        return None
    n = gate.count(outcome.n)
    return min(gate.count(outcome.k), n), n, outcome.design_effect


def _pooled(cells: Sequence[Group], measure: str, gate: Gate) -> tuple[list[Figure], Figure]:
    """Pool one rate over the cells of one combination."""
    counts = [_counts(group, measure, gate) for group in cells]
    k, n, effect = (np.array(column, dtype=np.float64) for column in zip(*[one for one in counts if one], strict=True))
    found = pool(_codes([group.values for group in cells]), k, n, effect)
    columns: Mapping[str, Any] = {name: getattr(found, name) for name in ("value", "low", "high", "weight")}
    share = gate.bare(found.share_left_to_the_intersection)
    if not np.isfinite(found.value).all():
        return [{"undefined": "the rate is 0, or 1, in every cell"} for _ in cells], share
    return [
        {name: gate.number(float(column[at])) for name, column in columns.items()} for at in range(len(cells))
    ], share


def _codes(values: Sequence[tuple[str | None, ...]]) -> np.typing.NDArray[np.int64]:
    """Give numbers to the values of each characteristic, missing ones too."""
    columns = []
    for column in zip(*values, strict=True):
        known = {value: place for place, value in enumerate(dict.fromkeys(column))}
        columns.append([known[value] for value in column])
    return np.array(columns, dtype=np.int64).T
