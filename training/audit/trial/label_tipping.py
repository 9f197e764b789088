"""Which share of hidden positives would turn a finding: the tipping points of label bias.

A gap between a group and everyone else may be one of recording alone. This file finds the smallest share of
hidden positives, on either side, at which the gap's sign changes, or at which it enters or leaves the tolerance.
A small share means that the finding rests on the label; none that it does not. Which share is true is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from scipy.optimize import brentq

from training.audit.trial.label import Measure, Placement, Recorded, expected, values, why_undefined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.audit.statistics.estimate import Undefined

Edge = Literal["low", "high"]

NEARLY_ALL = 1 - 1e-9
"""With every recorded negative a hidden positive there is no false positive rate; the search ends just before."""


@dataclass(frozen=True)
class Assumed:
    """What is taken for granted while a tipping point is sought.

    Parameters
    ----------
    placement
        Where the hidden positives lie, on both sides.
    base
        Share of hidden positives among the recorded negatives of both sides to begin with.
    slack
        How near to turning is near enough, on the measure's scale. 0: the point value must turn. Half the width of
        the gap's interval: the finding need only become unsure.
    """

    placement: Placement = "anywhere"
    base: float = 0.0
    slack: float = 0.0


@dataclass(frozen=True)
class Tipping:
    """Which share of hidden positives turns a gap; None where no share does.

    Parameters
    ----------
    base
        Share of hidden positives among the recorded negatives of the side that stays as it is.
    in_group, in_rest
        The smallest share, from `base` on, among those of the group, or of everyone else, at which the gap may
        change. At `base` itself: where they lie is enough.
    """

    base: float
    in_group: float | None
    in_rest: float | None


def tipping(
    group: Recorded,
    rest: Recorded,
    *,
    measure: Measure,
    tolerance: float | None = None,
    assumed: Assumed | None = None,
) -> Tipping | Undefined:
    """Find the share of hidden positives at which the gap of a group to everyone else may turn.

    Parameters
    ----------
    group, rest
        What is recorded of the group and of everyone else.
    measure
        On whose own scale the gap is.
    tolerance
        None: the gap turns when its sign changes. Else when it enters the tolerance from outside, or leaves it.
    assumed
        None: hidden positives may lie anywhere, and there are none to begin with.

    Returns
    -------
    Tipping or Undefined
        Shares of hidden positives among recorded negatives.

    Examples
    --------
    >>> group, rest = Recorded(tp=30, fp=20, fn=20, tn=130), Recorded(tp=30, fp=20, fn=10, tn=140)
    >>> found = tipping(group, rest, measure="prevalence")
    >>> found.in_group is None, found.in_rest == 10 / 160
    (True, True)
    """
    given = assumed or Assumed()
    for rows in (group, rest):
        reason = why_undefined(rows, measure)
        if reason is not None:
            return reason
    # why: with none hidden it does not matter where they lie
    gap = (
        values(group, measure, hidden=0.0, placement="anywhere")[0]
        - values(rest, measure, hidden=0.0, placement="anywhere")[0]
    )
    found = [
        _turn(group, rest, (measure, given.placement, given.base), goal=goal, is_below=is_below)
        for goal, is_below in _goals(gap, tolerance, given.slack)
    ]
    return Tipping(given.base, _least([one for one, _ in found]), _least([other for _, other in found]))


def _goals(gap: float, tolerance: float | None, slack: float) -> list[tuple[float, bool]]:
    """Give what the gap must reach to turn: a number, and whether it must fall to it (or rise)."""
    if tolerance is None or abs(gap) > tolerance:
        reach = (tolerance or 0.0) + slack
        return [(reach, True) if gap >= 0 else (-reach, False)]
    return [(slack - tolerance, True), (tolerance - slack, False)]


def _least(found: list[float | None]) -> float | None:
    """Give the least of what was found."""
    return min((each for each in found if each is not None), default=None)


def _turn(
    group: Recorded, rest: Recorded, asked: tuple[Measure, Placement, float], *, goal: float, is_below: bool
) -> tuple[float | None, float | None]:
    """Find the least share in the group, and in everyone else, at which the gap may reach a goal."""
    measure, placement, base = asked
    of_group = values(group, measure, hidden=base * group.negatives, placement=placement)
    of_rest = values(rest, measure, hidden=base * rest.negatives, placement=placement)
    # why: the gap is least where the group's measure is least and everyone else's greatest
    down, up = (of_group[0] - goal, of_rest[1] + goal) if is_below else (of_group[1] - goal, of_rest[0] + goal)
    edges: tuple[Edge, Edge] = ("low", "high") if is_below else ("high", "low")
    return _reach(group, asked, edges[0], up), _reach(rest, asked, edges[1], down)


def _reach(rows: Recorded, asked: tuple[Measure, Placement, float], edge: Edge, target: float) -> float | None:
    """Find the least share at which an edge of a measure reaches a target: `low` falls to it, `high` rises to it."""
    measure, placement, base = asked
    side = 0 if edge == "low" else 1
    sign = -1.0 if edge == "low" else 1.0

    def beyond(hidden: float) -> float:
        return sign * (values(rows, measure, hidden=hidden, placement=placement)[side] - target)

    if beyond(base * rows.negatives) >= 0:
        return base
    if rows.negatives == 0:
        return None
    if measure == "calibration_intercept":  # grows with every hidden positive, and is cheaper the other way round
        alpha = (expected(rows, target) - rows.positives) / rows.negatives
        return alpha if edge == "high" and alpha < NEARLY_ALL else None
    hidden = _first_crossing(beyond, _stops(rows, base))
    return None if hidden is None else hidden / rows.negatives


def _stops(rows: Recorded, base: float) -> list[float]:
    """Give the numbers of hidden positives between which every measure only rises or only falls."""
    end, begin = rows.negatives * NEARLY_ALL, base * rows.negatives
    bends = [rows.fp, rows.tn]
    bends += [rows.fp * rows.positives / rows.tp] if rows.tp else []
    bends += [rows.tn * rows.positives / rows.fn] if rows.fn else []
    return [begin, *sorted({bend for bend in bends if begin < bend < end}), end]


def _first_crossing(rising: Callable[[float], float], stops: Sequence[float]) -> float | None:
    """Find the first place where a function that begins below 0 reaches it."""
    for begin, end in pairwise(stops):
        if rising(end) >= 0:
            return float(brentq(rising, begin, end, xtol=1e-9))
    return None
