"""Differences between a group and others, and verdicts against a tolerance that was fixed beforehand.

Three verdicts: *within* (the whole interval of the gap lies inside the tolerance), *outside* (the whole
interval lies outside it), else *cannot tell*, with the smallest gap that numbers like these would have found.
"No difference was found" is never read as "fair", and a bare largest gap never as "unfair". Intervals of
verdicts are simultaneous over the primary family (every gated measure in every group), by Bonferroni: gaps of groups
hardly move together, so that max-t would win next to nothing, and a file of cells does not know how they do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from training.audit.comparisons import gap_figure
from training.audit.disclosure.figures import with_counts
from training.audit.disclosure.suppression import ENOUGH_VALUES
from training.audit.groups import EVERYONE_ELSE
from training.audit.settings import RATES, AuditSettings
from training.audit.statistics.estimate import LEVEL, Estimate
from training.audit.statistics.gaps import p_value, smallest_gap
from training.audit.statistics.intervals import difference
from training.audit.statistics.simultaneous import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.comparisons import Comparison
    from training.audit.disclosure.figures import Figure, Gate


Answer = Literal["within", "outside", "cannot tell"]

WITHHELD = "the figure is withheld, and nothing beyond the tolerance can be told"
"""Why there is no verdict where the figure may not be shown."""


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
    p, p_holm
        How surprising the gap is where there is none, alone and (in the primary family) by Holm's method; None when
        withheld or when there is no gap.
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
    p: float | None = None
    p_holm: float | None = None

    @property
    def key(self) -> tuple[str, str | None, str]:
        """Characteristic, group and measure."""
        return self.attribute, self.group, self.measure

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
            "p": self.p,
            "p_holm": self.p_holm,
        }


def family_size(comparisons: Sequence[Comparison], settings: AuditSettings, gate: Gate) -> int:
    """Count the comparisons of the primary family, of measures with a tolerance; two groups make one.

    What is withheld counts whatever it is: else the level of the intervals would tell of it.

    Returns
    -------
    int
        At least 1.
    """
    count = 0
    for attribute in settings.primary_groups():
        for measure in settings.tolerance:
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
    """Say whether both sides have a number, as far as that may be told."""
    has_both = isinstance(comparison.first, Estimate) and isinstance(comparison.second, Estimate)
    return has_both or gate.reason(comparison.group, comparison.measure) is not None


def judge(comparisons: Sequence[Comparison], settings: AuditSettings, gate: Gate) -> list[Verdict]:
    """Give the verdict on every gated measure in every group.

    Parameters
    ----------
    comparisons
        From `compare`.
    settings
        Gated measures and tolerances.
    gate
        What is withheld. Only of a group of too few children nothing can be told; a figure that is withheld for a small
        count in it, or to protect another group, keeps its verdict, without numbers, where at least five counts would
        have given the same: else few flagged of many would go unsaid. Why one cannot tell is not said of what is
        withheld.

    Returns
    -------
    list of Verdict
        In the order of characteristics, gated measures and groups.
    """
    size = family_size(comparisons, settings, gate)
    level = 1 - (1 - LEVEL) / size
    judged = [
        each
        for attribute in settings.groups
        for measure in settings.measures_judged()
        for each in _family(comparisons, attribute, measure)
    ]
    verdicts = [_verdict(each, settings, gate, level) for each in judged]
    return _with_p_values(verdicts, judged, gate, size=size)


def _with_p_values(
    verdicts: Sequence[Verdict], judged: Sequence[Comparison], gate: Gate, *, size: int
) -> list[Verdict]:
    """Say of each gap that is shown how surprising it is, in the primary family by Holm's method too."""
    raw = [
        p_value(*_as_shown(each, gate), together=each.together, is_rate=each.measure in RATES)
        if "value" in verdict.gap
        else None
        for verdict, each in zip(verdicts, judged, strict=True)
    ]
    adjusted = _adjusted(verdicts, raw, size)
    return [
        replace(
            verdict,
            p=None if p is None else gate.number(p),
            p_holm=gate.number(adjusted[at]) if at in adjusted else None,
        )
        for at, (verdict, p) in enumerate(zip(verdicts, raw, strict=True))
    ]


def _adjusted(verdicts: Sequence[Verdict], raw: Sequence[float | None], size: int) -> dict[int, float]:
    """Adjust by Holm over the primary family as its level counts it; by place.

    The two groups of a characteristic with two are one comparison, and what is withheld counts as no surprise at all.
    """
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, verdict in enumerate(verdicts):
        if verdict.is_primary and verdict.tolerance is not None:
            families[verdict.attribute, verdict.measure].append(at)
    known: dict[tuple[int, ...], float] = {}
    for places in families.values():
        for group in [places] if len(places) == 2 else [[at] for at in places]:
            found = [p for at in group if (p := raw[at]) is not None]
            if found:
                known[tuple(group)] = found[0]
    adjusted = holm(np.array([*known.values(), *[1.0] * (size - len(known))]))
    return {at: p for group, p in zip(known, adjusted.tolist(), strict=False) for at in group if raw[at] is not None}


def _as_shown(comparison: Comparison, gate: Gate) -> tuple[Estimate, Estimate]:
    """Give both sides as a reader may know them: what is worked out of whole counts would undo their rounding."""
    first, second = comparison.first, comparison.second
    assert isinstance(first, Estimate)
    assert isinstance(second, Estimate)
    return (gate.as_shown(first), gate.as_shown(second)) if comparison.measure in RATES else (first, second)


def _verdict(comparison: Comparison, settings: AuditSettings, gate: Gate, level: float) -> Verdict:
    """Judge one comparison."""
    is_withheld = gate.reason(comparison.group, comparison.measure) is not None
    tolerance = settings.tolerance.get(comparison.measure)
    answer, reason = _answer(comparison, tolerance, level)
    if is_withheld and tolerance is not None:
        is_kept = answer != "cannot tell" and not gate.is_small(comparison.group)
        if not (is_kept and _leaves_enough_counts(comparison, tolerance, level, answer)):
            # why one reason for all: that a group is the small one, or has nobody flagged, would be a count of it
            answer, reason = "cannot tell", WITHHELD
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
    if tolerance is None:
        return "cannot tell", "no tolerance was set beforehand"
    if not isinstance(first, Estimate):
        return "cannot tell", f"in this group: {first.reason}"
    if not isinstance(second, Estimate):
        return "cannot tell", f"among everyone else: {second.reason}"
    _, low, high = difference(first, second, level, together=comparison.together)
    if low > tolerance or high < -tolerance:
        return "outside", "the whole interval of the gap lies outside the tolerance"
    if low >= -tolerance and high <= tolerance:
        return "within", "the whole interval of the gap lies within the tolerance"
    return "cannot tell", "the interval of the gap reaches across the tolerance"


def _leaves_enough_counts(comparison: Comparison, tolerance: float, level: float, answer: Answer) -> bool:
    """Say whether enough counts near that of a withheld rate would have got the same verdict, so that it tells none."""
    first, second = comparison.first, comparison.second
    if comparison.measure not in RATES or not (isinstance(first, Estimate) and isinstance(second, Estimate)):
        return True
    together, reach = first.k + second.k, ENOUGH_VALUES - 1
    near = range(max(0, first.k - reach), min(first.n, first.k + reach) + 1)
    others = [
        replace(comparison, first=with_counts(first, k, first.n), second=with_counts(second, together - k, second.n))
        for k in near
        if 0 <= together - k <= second.n
    ]
    return sum(_answer(each, tolerance, level)[0] == answer for each in others) >= ENOUGH_VALUES


def _smallest(comparison: Comparison, gate: Gate, level: float) -> float | None:
    """Give the smallest gap that could have been found; None when none could: no gap of a rate is above 1."""
    if not (isinstance(comparison.first, Estimate) and isinstance(comparison.second, Estimate)):
        return None
    is_rate = comparison.measure in RATES
    gap = smallest_gap(*_as_shown(comparison, gate), level=level, is_rate=is_rate)
    return gate.number(gap) if 0 < gap <= (1.0 if is_rate else np.finfo(float).max) else None
