"""Differences and ratios between a group and others, each with its own 95% interval: described, not judged.

Each group is compared with everyone else and with the chosen reference. `verdicts` judges those that were named
beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from training.audit.disclosure.figures import SUPPRESSED, Figure, Gate
from training.audit.groups import EVERYONE_ELSE
from training.audit.settings import COMPARED, RATES
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome
from training.audit.statistics.gaps import ratio
from training.audit.statistics.intervals import difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.groups import Group


@dataclass(frozen=True)
class Comparison:
    """One measure in one group against others, before anything is withheld.

    Parameters
    ----------
    group
        The group.
    measure
        Name of the measure.
    against
        `everyone else`, or `reference`.
    other
        The group compared with, when `against` is `reference`.
    first, second
        The measure in the group and in the others.
    together
        The correlation of their errors.
    """

    group: Group
    measure: str
    against: str
    other: Group | None
    first: Outcome
    second: Outcome
    together: float


def compare(singles: Sequence[Group]) -> list[Comparison]:
    """Compare each group with everyone else and with the chosen reference.

    Parameters
    ----------
    singles
        The groups of single characteristics, with those whom they are compared with.

    Returns
    -------
    list of Comparison
        In the order of groups, then of measures; a reference is not compared with itself. A group that a file of cells
        withholds comes first, without numbers.
    """
    by_key = {group.key: group for group in singles}
    gone = [
        Comparison(group, name, EVERYONE_ELSE, None, group.measures[name], group.measures[name], 0.0)
        for group in singles
        if group.was_withheld
        for name in COMPARED
    ]
    return gone + [
        Comparison(
            group,
            name,
            against.who,
            None if against.reference is None else by_key[group.attributes, (against.reference,)],
            group.measures[name],
            against.measures[name],
            against.together.get(name, 0.0),
        )
        for group in singles
        for against in group.against
        for name in COMPARED
    ]


def gap_figure(comparison: Comparison, gate: Gate, level: float) -> Figure:
    """Give the gap of a comparison as it may be shown."""
    sides = [side for side in (comparison.group, comparison.other) if side is not None]
    if any(gate.reason(side, comparison.measure) is not None for side in sides):
        # why: the gap and one side give the other side back
        return dict(SUPPRESSED)
    first, second = comparison.first, comparison.second
    if not isinstance(first, Estimate):
        return {"undefined": first.reason}
    if not isinstance(second, Estimate):
        return {"undefined": f"among those compared with: {second.reason}"}
    if comparison.measure in RATES:
        first, second = gate.as_shown(first), gate.as_shown(second)
    gap, low, high = difference(first, second, level, together=comparison.together)
    binned = {"binned": True} if first.is_binned or second.is_binned else {}
    return binned | {"value": gate.number(gap), "low": gate.number(low), "high": gate.number(high)}


def ratio_figure(comparison: Comparison, gate: Gate) -> Figure:
    """Give the ratio of a rate to that of others, with its own 95% interval, as it may be shown."""
    gap = gap_figure(comparison, gate, LEVEL)
    first, second = comparison.first, comparison.second
    if "value" not in gap or not (isinstance(first, Estimate) and isinstance(second, Estimate)):
        return gap
    found = ratio(gate.as_shown(first), gate.as_shown(second), LEVEL, together=comparison.together)
    if found is None:
        return {"undefined": "nobody of those compared with is counted"}
    value, low, high = found
    return {
        "value": gate.number(value),
        "low": gate.number(low),
        "high": None if high is None else gate.number(high),
    }


def difference_entries(comparisons: Sequence[Comparison], gate: Gate) -> list[dict[str, Any]]:
    """Give every difference, each with its own 95% interval, as `audit.json` holds it."""
    return [
        {
            "attribute": each.group.attributes[0],
            "group": each.group.values[0],
            "measure": each.measure,
            "against": each.against,
            "reference": None if each.other is None else each.other.values[0],
            "gap": gap_figure(each, gate, LEVEL),
            "ratio": ratio_figure(each, gate) if each.measure in RATES else None,
        }
        for each in comparisons
    ]
