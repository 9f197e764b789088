"""What follows if an outcome is found more readily in one group: recorded odds are so many times the true odds.

The other form of label bias beside hidden positives (`label`): at equal need the odds that an assessment finds
need, and so of the outcome, are `theta` times as high in a group as in everyone else. For an assumed range of
`theta` this file gives the range of the true figures; and the `theta` that alone would explain the gap. Neither says
which `theta` is true: the records cannot tell (`label.WHAT_IT_CANNOT_TELL`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import expit, logit

from features.vocabulary.errors import WrongUsageError
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome, Undefined
from training.audit.statistics.intervals import correlation, difference

if TYPE_CHECKING:
    from training.audit.statistics.estimate import Limits

FARTHEST_LOG_ODDS = 40.0
"""Shares of 0 and 1 are held at log-odds this far from 0."""


@dataclass(frozen=True)
class OddsRange:
    """Where a true quantity lies when theta lies in [1/t, t].

    Parameters
    ----------
    recorded
        As the records have it.
    low, high
        By theta alone.
    outer_low, outer_high
        With sampling error too, at 95%.
    """

    recorded: float
    low: float
    high: float
    outer_low: float
    outer_high: float


def tipping_odds(group: Outcome, rest: Outcome) -> Outcome:
    """Give the theta at which the calibration gap between a group and everyone else vanishes.

    On the log-odds scale the gap of the two calibration intercepts is log theta, if scores were equal at equal
    need. Scores that were themselves learnt from a biased outcome, and can tell the group, hide part of it: then
    this theta is too near to 1.

    Parameters
    ----------
    group, rest
        Calibration intercepts of the group and of everyone else.

    Returns
    -------
    Estimate or Undefined
        Times the odds; above 1 if the outcome is found more readily in the group. Interval from the clusters.
    """
    if isinstance(group, Undefined):
        return group
    if isinstance(rest, Undefined):
        return rest
    value = math.exp(group.value - rest.value)

    def limits(level: float) -> tuple[float, float]:
        _, low, high = difference(group, rest, level)
        return math.exp(low), math.exp(high)

    together = 2 * correlation(group, rest) * math.sqrt(group.variance * rest.variance)
    return _with(group, value, value**2 * max(0.0, group.variance + rest.variance - together), limits)


def _with(group: Estimate, value: float, variance: float, limits: Limits) -> Estimate:
    """Give an estimate with a group's counts; it enters no further difference, so that nothing is left to share."""
    return Estimate(
        value=value,
        k=group.k,
        n=group.n,
        clusters=group.clusters,
        design_effect=group.design_effect,
        variance=variance,
        limits=limits,
        cluster_ids=group.cluster_ids[:0],
        influence=group.influence[:0],
    )


def _check(most: float) -> float:
    """Give the logarithm of the greatest theta.

    Raises
    ------
    WrongUsageError
        When it is below 1 or no number.
    """
    if not 1 <= most < math.inf:
        raise WrongUsageError(
            "The assumed size of label bias is out of range.", hint="Give how many times the odds, 1 or more."
        )
    return math.log(most)


def intercept_gap(group: Estimate, rest: Estimate, *, most: float) -> OddsRange:
    """Bound the gap of calibration intercepts that would be left if theta lay in [1/most, most].

    Exact where the score's slope is right in the group; otherwise nearly.

    Parameters
    ----------
    group, rest
        Calibration intercepts.
    most
        The greatest theta, at least 1.

    Returns
    -------
    OddsRange
        On the log-odds scale.
    """
    reach = _check(most)
    gap, low, high = difference(group, rest, LEVEL)
    return OddsRange(gap, gap - reach, gap + reach, low - reach, high + reach)


def true_share(share: Estimate, *, most: float) -> OddsRange:
    """Bound the share with the outcome that would be recorded at a theta of 1, if theta lies in [1/most, most].

    Holds however children differ: a factor on each child's odds moves the odds of the share by no more than the
    factor.

    Parameters
    ----------
    share
        The recorded share with the outcome, in a group.
    most
        The greatest theta, at least 1.

    Returns
    -------
    OddsRange
        Shares.
    """
    reach = _check(most)
    low, high = share.limits(LEVEL)
    return OddsRange(
        share.value, _moved(share.value, -reach), _moved(share.value, reach), _moved(low, -reach), _moved(high, reach)
    )


def _moved(share: float, by: float) -> float:
    """Move a share by log-odds."""
    return float(expit(_log_odds(share) + by))


def _log_odds(share: float) -> float:
    """Give log-odds, held within numbers."""
    return min(FARTHEST_LOG_ODDS, max(-FARTHEST_LOG_ODDS, float(logit(share))))


def share_ratio(group: Estimate, rest: Estimate, *, most: float) -> OddsRange | Undefined:
    """Bound the ratio of the group's true share to everyone else's recorded one, if theta lies in [1/most, most].

    Parameters
    ----------
    group, rest
        Shares with the outcome.
    most
        The greatest theta, at least 1.

    Returns
    -------
    OddsRange or Undefined
        Undefined where nobody has the outcome on either side.
    """
    if min(group.value, rest.value) <= 0:
        return Undefined("nobody has the outcome")
    reach = _check(most)
    ends = [_log_ratio(group, rest, by) for by in (0.0, -reach, reach)]
    recorded, least, greatest = (math.exp(value) for value, _, _ in ends)
    return OddsRange(recorded, least, greatest, math.exp(ends[1][1]), math.exp(ends[2][2]))


def _log_ratio(group: Estimate, rest: Estimate, by: float) -> tuple[float, float, float]:
    """Give the logarithm of a ratio of shares with its interval, the group's log-odds moved by a number.

    Squares of both sides' half widths are added on the log scale, less what shared clusters have in common.
    """
    sides = [
        [math.log(max(_moved(at, shift), 1e-300)) for at in (each.value, *each.limits(LEVEL))]
        for each, shift in ((group, by), (rest, 0.0))
    ]
    (top, top_low, top_high), (bottom, bottom_low, bottom_high) = sides
    together = correlation(group, rest)
    down = _added(top - top_low, bottom_high - bottom, together)
    up = _added(top_high - top, bottom - bottom_low, together)
    return top - bottom, top - bottom - down, top - bottom + up


def _added(one: float, other: float, together: float) -> float:
    """Add two half widths as errors add."""
    return math.sqrt(max(0.0, one * one + other * other - 2 * together * one * other))


def odds_ratio(group: Estimate, rest: Estimate, *, most: float) -> OddsRange | Undefined:
    """Bound the true odds ratio of a group to everyone else, if theta lies in [1/most, most].

    Parameters
    ----------
    group, rest
        Shares with the outcome.
    most
        The greatest theta, at least 1.

    Returns
    -------
    OddsRange or Undefined
        Undefined where nobody, or everybody, has the outcome on either side.
    """
    if min(group.value, rest.value) <= 0 or max(group.value, rest.value) >= 1:
        return Undefined("nobody, or everybody, has the outcome")
    reach, together = _check(most), correlation(group, rest)
    (top, top_low, top_high), (bottom, bottom_low, bottom_high) = (
        [_log_odds(at) for at in (each.value, *each.limits(LEVEL))] for each in (group, rest)
    )
    down = _added(top - top_low, bottom_high - bottom, together)
    up = _added(top_high - top, bottom - bottom_low, together)
    gap = top - bottom
    ends = (gap, gap - reach, gap + reach, gap - down - reach, gap + up + reach)
    return OddsRange(*(math.exp(end) for end in ends))
