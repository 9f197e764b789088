"""Whether the time to see the outcome was cut short: base rates that jump near the end of the data.

An outcome within a year needs a year of records after the day of the score. Where they end sooner, children of the
last months are all counted as having no outcome; or, where only those are kept of whom the end is known, nearly all
as having it. Every figure of an audit then means something else. This file looks for a jump in the share with the
outcome at the end of the data, beyond the trend before it. A jump can have other reasons; whether the time was cut
short is for whoever drew the table to say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtr, xlogy

from training.audit.disclosure.shares import Share
from training.audit.statistics.estimate import Estimate, Undefined, dot
from training.audit.statistics.intervals import MIN_CLUSTERS, clustered_variance, rate
from training.audit.statistics.rates_of_rows import rate_of_rows

if TYPE_CHECKING:
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray, Outcome

MOST_PERIODS = 24
"""Moments are put into at most so many periods of equal length, counted back from the last."""

TREND_FROM = 6
"""With fewer earlier periods than this the share before the jump is taken to have had no trend."""

JUMP = 1.25
"""A share that is less than so many times higher, or lower, than expected is no jump: seasons do as much."""

SURPRISE = 0.01
"""How often data without a jump may be said to have one, over all the places where one is sought."""

MOST_STEPS = 50

PART_OF_THE_DATA = "part of the data"
BEFORE, AFTER = "before the jump", "after the jump"


@dataclass(frozen=True)
class CutShort:
    """The share with the outcome jumps near the end of the data.

    Parameters
    ----------
    first_moment
        The least moment (day or month, as given) of the periods after the jump.
    n_periods
        Periods after the jump.
    earlier, last
        The share with the outcome before the jump and after it.
    ratio
        Share after the jump over what the earlier periods, with their trend, led to expect.
    p
        How surprising that is without a jump, times the number of places where one was sought.
    """

    first_moment: int
    n_periods: int
    earlier: Estimate
    last: Estimate
    ratio: float
    p: float

    @property
    def reason(self) -> str:
        """What may lie behind it, in words for a report."""
        if self.ratio < 1:
            return "Far fewer have the outcome near the end of the data: the time to see it may have been cut short."
        return "Far more have the outcome near the end of the data: those without it may not be there yet."


def cut_short(moment: IntArray, outcome: BoolArray, *, cluster: IntArray) -> CutShort | None:
    """Look for a jump in the share with the outcome near the end of the data.

    Parameters
    ----------
    moment
        Day or month of each row, as a whole number.
    outcome
        One truth value a row.
    cluster
        Number of each row's cluster.

    Returns
    -------
    CutShort or None
        The jump that explains most in the second half of the periods; None where there is none, and where a side of it
        would have fewer than 10 clusters.

    Examples
    --------
    >>> import numpy as np
    >>> month, cluster = np.repeat(np.arange(10), 60), np.arange(600)
    >>> found = cut_short(month, (cluster % 4 == 0) & (month < 8), cluster=cluster)
    >>> found.first_moment, found.n_periods, found.ratio
    (8, 2, 0.0)
    >>> cut_short(month, cluster % 4 == 0, cluster=cluster) is None
    True
    """
    if moment.size == 0:
        return None
    ids, place = np.unique(cluster, return_inverse=True)
    period = _periods(moment)
    timed = _Timed(period, outcome, place.astype(np.int64), ids.astype(np.int64))
    n_periods = int(period.max()) + 1
    firsts = range(n_periods - n_periods // 2, n_periods)
    seen = [each for first in firsts if (each := _compare(timed, first=first)) is not None]
    jumps = [each for each in seen if not 1 / JUMP < each.ratio < JUMP and each.p_value < SURPRISE / len(seen)]
    if not jumps:
        return None
    found = max(jumps, key=lambda each: each.likelihood)
    is_last = period >= found.first
    return CutShort(
        first_moment=int(moment[is_last].min()),
        n_periods=n_periods - found.first,
        earlier=found.earlier,
        last=found.last,
        ratio=found.ratio,
        p=found.p_value * len(seen),
    )


def _periods(moment: IntArray) -> IntArray:
    """Give each row its period, from 0: the moments themselves where they are few, else equal lengths from the end."""
    values, place = np.unique(moment, return_inverse=True)
    if values.size <= MOST_PERIODS:
        return place.astype(np.int64)
    length = math.ceil((int(values[-1]) - int(values[0]) + 1) / MOST_PERIODS)
    back = (int(values[-1]) - moment) // length
    return np.unique(-back, return_inverse=True)[1].astype(np.int64)


@dataclass(frozen=True)
class _Jump:
    """A comparison of the periods from `first` on with those before.

    `likelihood` says how much better a jump here explains the numbers than none: the jump lies where it is greatest.
    """

    first: int
    p_value: float
    ratio: float
    likelihood: float
    earlier: Estimate
    last: Estimate


@dataclass(frozen=True)
class _Timed:
    """Rows with their period; `place` is each row's cluster among `ids`."""

    period: IntArray
    outcome: BoolArray
    place: IntArray
    ids: IntArray

    def rate(self, rows: BoolArray) -> Outcome:
        """Give the share with the outcome in some rows."""
        k = np.bincount(self.place[rows], self.outcome[rows], minlength=self.ids.size).astype(np.float64)
        n = np.bincount(self.place[rows], minlength=self.ids.size).astype(np.float64)
        return rate(k, n, self.ids)


def _compare(timed: _Timed, *, first: int) -> _Jump | None:
    """Compare the last periods with what the trend of the earlier ones leads to expect."""
    period, outcome = timed.period, timed.outcome
    is_last = period >= first
    earlier, last = timed.rate(~is_last), timed.rate(is_last)
    if isinstance(earlier, Undefined) or isinstance(last, Undefined):
        return None
    if min(earlier.clusters, last.clusters) < MIN_CLUSTERS:
        return None
    n = np.bincount(period).astype(np.float64)
    k = np.bincount(period, outcome, minlength=n.size).astype(np.float64)
    at = (np.arange(n.size) - (first - 1) / 2) / first if first >= TREND_FROM else np.zeros(n.size)
    expected, inverse, scatter = _trend(at, k[:first], n[:first])
    spread = n * expected * (1 - expected)
    pull = np.array([spread[first:].sum(), dot(spread[first:], at[first:])])
    weight = inverse @ pull
    residual = outcome - expected[period]
    by_row = np.where(is_last, residual, -residual * (weight[0] + weight[1] * at[period]))
    by_cluster: FloatArray = np.bincount(timed.place, by_row).astype(np.float64)
    # why: where nobody after the jump has the outcome what rows add hardly varies; the model's variance still does
    modelled = max(last.design_effect, scatter) * (float(spread[first:].sum()) + float(pull @ weight))
    total, below = float(k[first:].sum()), float((n * expected)[first:].sum())
    z = (total - below) / math.sqrt(max(modelled, clustered_variance(by_cluster)))
    return _Jump(
        first=first,
        p_value=2 * float(ndtr(-abs(z))),
        ratio=total / below,
        likelihood=float(xlogy(total, total / below)) - total + below,
        earlier=earlier,
        last=last,
    )


def _trend(at: FloatArray, k: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Fit log-odds that go up or down evenly to the earlier periods.

    Returns
    -------
    tuple
        Share expected in every period; inverse of the information about level and trend; how much more the earlier
        periods scatter around the trend than independent rows would.
    """
    # why: half a row with and half a row without keep a share of none or all away from the end of the scale
    early, k, n = at[: n.size], k + 0.5 * n / n.sum(), n + n / n.sum()
    level, tilt = float(logit(k.sum() / n.sum())), 0.0
    has_trend = bool(early.any())
    for _ in range(MOST_STEPS):
        expected = expit(level + tilt * early)
        inverse = _inverse(n * expected * (1 - expected), early, has_trend=has_trend)
        residual = k - n * expected
        step = inverse @ np.array([residual.sum(), dot(residual, early)])
        # why: a full step can overshoot where a few periods have all the outcomes
        step = step / max(1.0, float(np.abs(step).max()) / 2)
        level, tilt = level + float(step[0]), tilt + float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    degrees = n.size - 1 - has_trend
    squares = (k - n * expected) ** 2 / np.maximum(n * expected * (1 - expected), 1e-12)
    return expit(level + tilt * at), inverse, float(squares.sum()) / degrees if degrees > 0 else 1.0


def _inverse(weight: FloatArray, early: FloatArray, *, has_trend: bool) -> FloatArray:
    """Invert the information; without a trend only the level is unsure."""
    corner, edge, end = float(weight.sum()), dot(weight, early), dot(weight * early, early)
    if not has_trend:
        return np.array([[1 / corner, 0.0], [0.0, 0.0]])
    return np.array([[end, -edge], [-edge, corner]]) / (corner * end - edge * edge)


def shares_around(
    found: CutShort, moment: IntArray, outcome: BoolArray, *, cluster: IntArray, child: IntArray
) -> list[Share]:
    """Give the share with the outcome before and after a jump, as shares that pass the gate.

    Parameters
    ----------
    found
        What `cut_short` found in these rows.
    moment, outcome, cluster
        As given to it.
    child
        Number of each row's child.

    Returns
    -------
    list of Share
        Everybody, then both parts of the data. A child may have rows in both: the parts' children add up to more.
    """
    is_after = moment >= found.first_moment
    parts = [(None, None, np.ones(moment.size, dtype=np.bool_)), (PART_OF_THE_DATA, BEFORE, ~is_after)]
    return [
        Share(
            attribute=attribute,
            group=group,
            measure="outcome by part of the data",
            children=np.unique(child[rows]).size,
            counted=np.unique(child[rows & outcome]).size,
            outcome=rate_of_rows(outcome[rows], cluster[rows]),
        )
        for attribute, group, rows in [*parts, (PART_OF_THE_DATA, AFTER, is_after)]
    ]
