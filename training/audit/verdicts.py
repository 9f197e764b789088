"""Differences between a group and others, and verdicts against a tolerance that was fixed beforehand.

Three verdicts: *within* (the whole interval of the gap lies inside the tolerance), *outside* (the whole
interval lies outside it), else *cannot tell*, with the smallest gap that numbers like these would have found.
"No difference was found" is never read as "fair", and a bare largest gap never as "unfair". Intervals of
verdicts are simultaneous over the primary family (every gated measure in every group), by Bonferroni.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from training.audit.estimate import LEVEL, Estimate, Outcome
from training.audit.figures import SUPPRESSED, Figure, Gate
from training.audit.gaps import ratio, smallest_gap
from training.audit.groups import EVERYONE_ELSE
from training.audit.intervals import difference
from training.audit.settings import COMPARED, RATES, AuditSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.groups import Group

Answer = Literal["within", "outside", "cannot tell"]


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


@dataclass(frozen=True)
class Verdict:
    """The verdict on one gated measure in one group against everyone else.

    Parameters
    ----------
    attribute, group
        The characteristic and its value; None where it is not recorded.
    measure
        The gated measure.
    verdict
        `within`, `outside` or `cannot tell`.
    reason
        In words, why.
    gap
        Value, low and high of the gap, on the measure's scale; or that it is withheld or undefined.
    level
        Simultaneous level of the gap's interval.
    tolerance
        The largest gap that would not matter; None when none was set.
    smallest_gap
        The smallest gap that numbers like these would find four times in five; None when nothing can be
        found.
    is_primary
        Whether the characteristic belongs to the primary family, on which a release is decided.
    """

    attribute: str
    group: str | None
    measure: str
    verdict: Answer
    reason: str
    gap: Figure
    level: float
    tolerance: float | None
    smallest_gap: float | None
    is_primary: bool

    def as_json(self) -> dict[str, Any]:
        """Give the verdict as `audit.json` holds it."""
        return {
            "attribute": self.attribute,
            "group": self.group,
            "measure": self.measure,
            "against": EVERYONE_ELSE,
            "verdict": self.verdict,
            "reason": self.reason,
            "gap": self.gap,
            "level": self.level,
            "tolerance": self.tolerance,
            "smallest_gap": self.smallest_gap,
            "primary": self.is_primary,
        }


def compare(singles: Sequence[Group]) -> list[Comparison]:
    """Compare each group with everyone else and with the chosen reference.

    Parameters
    ----------
    singles
        The groups of single characteristics, with those whom they are compared with.

    Returns
    -------
    list of Comparison
        In the order of groups, then of measures; a reference is not compared with itself.
    """
    by_key = {group.key: group for group in singles}
    return [
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
    gap, low, high = difference(first, second, level, together=comparison.together)
    binned = {"binned": True} if first.is_binned or second.is_binned else {}
    return binned | {"value": gate.number(gap), "low": gate.number(low), "high": gate.number(high)}


def ratio_figure(comparison: Comparison, gate: Gate) -> Figure:
    """Give the ratio of a rate to that of others, with its own 95% interval, as it may be shown."""
    gap = gap_figure(comparison, gate, LEVEL)
    first, second = comparison.first, comparison.second
    if "value" not in gap or not (isinstance(first, Estimate) and isinstance(second, Estimate)):
        return gap
    found = ratio(first, second, LEVEL, together=comparison.together)
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


def family_size(comparisons: Sequence[Comparison], settings: AuditSettings, gate: Gate) -> int:
    """Count the comparisons of the primary family; the two groups of a characteristic with two make one.

    Groups that are too small to be shown get no verdict and do not count.

    Returns
    -------
    int
        At least 1.
    """
    count = 0
    for attribute in settings.primary_groups():
        for measure in settings.gated:
            family = _family(comparisons, attribute, measure)
            judged = sum(_can_be_judged(each, gate) for each in family)
            count += 1 if len(family) == 2 and judged else judged
    return max(1, count)


def _family(comparisons: Sequence[Comparison], attribute: str, measure: str) -> list[Comparison]:
    """Give the comparisons with everyone else on one gated measure of one characteristic."""
    return [
        each
        for each in comparisons
        if each.group.attributes == (attribute,) and each.measure == measure and each.against == EVERYONE_ELSE
    ]


def _can_be_judged(comparison: Comparison, gate: Gate) -> bool:
    """Say whether both sides have a number, and the group is not too small to be shown."""
    return (
        not gate.is_small(comparison.group)
        and isinstance(comparison.first, Estimate)
        and isinstance(comparison.second, Estimate)
    )


def judge(comparisons: Sequence[Comparison], settings: AuditSettings, gate: Gate) -> list[Verdict]:
    """Give the verdict on every gated measure in every group.

    Parameters
    ----------
    comparisons
        From `compare`.
    settings
        Gated measures and tolerances.
    gate
        What is withheld. Only a group of too few children has no verdict; a figure that is withheld for a small count
        in it, or to protect another group, keeps its verdict, without numbers: else 1 flagged of 42 would go unsaid.

    Returns
    -------
    list of Verdict
        In the order of characteristics, gated measures and groups.
    """
    level = 1 - (1 - LEVEL) / family_size(comparisons, settings, gate)
    return [
        _verdict(each, settings, gate, level)
        for attribute in settings.groups
        for measure in settings.gated
        for each in _family(comparisons, attribute, measure)
    ]


def _verdict(comparison: Comparison, settings: AuditSettings, gate: Gate, level: float) -> Verdict:
    """Judge one comparison."""
    is_withheld = gate.reason(comparison.group, comparison.measure) is not None
    tolerance = settings.tolerance.get(comparison.measure)
    answer, reason = _answer(comparison, tolerance, level)
    if gate.is_small(comparison.group):
        answer, reason = "cannot tell", "the group is too small to be shown"
    return Verdict(
        attribute=comparison.group.attributes[0],
        group=comparison.group.values[0],
        measure=comparison.measure,
        verdict=answer,
        reason=reason,
        gap=gap_figure(comparison, gate, level),
        level=gate.number(level) if gate.disclosure == "internal" else round(level, 4),
        tolerance=tolerance,
        smallest_gap=None if is_withheld else _smallest(comparison, gate, level),
        is_primary=comparison.group.attributes[0] in settings.primary_groups(),
    )


def _answer(comparison: Comparison, tolerance: float | None, level: float) -> tuple[Answer, str]:
    """Hold the interval of a gap against the tolerance."""
    first, second = comparison.first, comparison.second
    if not isinstance(first, Estimate):
        return "cannot tell", f"in this group: {first.reason}"
    if not isinstance(second, Estimate):
        return "cannot tell", f"among everyone else: {second.reason}"
    if tolerance is None:
        return "cannot tell", "no tolerance was set beforehand"
    _, low, high = difference(first, second, level, together=comparison.together)
    if low > tolerance or high < -tolerance:
        return "outside", "the whole interval of the gap lies outside the tolerance"
    if low >= -tolerance and high <= tolerance:
        return "within", "the whole interval of the gap lies within the tolerance"
    return "cannot tell", "the interval of the gap reaches across the tolerance"


def _smallest(comparison: Comparison, gate: Gate, level: float) -> float | None:
    """Give the smallest gap that could have been found; None when none could: no gap of a rate is above 1."""
    first, second = comparison.first, comparison.second
    if not (isinstance(first, Estimate) and isinstance(second, Estimate)):
        return None
    is_rate = comparison.measure in RATES
    gap = smallest_gap(first, second, level=level, is_rate=is_rate)
    return gate.number(gap) if 0 < gap <= (1.0 if is_rate else np.finfo(float).max) else None
