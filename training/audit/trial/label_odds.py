"""What follows if an outcome is found more readily in one group: recorded odds are so many times the true odds.

The other form of label bias beside hidden positives (`label`): at equal need the odds that an assessment finds
need, and so of the outcome, are `theta` times as high in a group as in everyone else. For an assumed range of
`theta` this file gives the range of the true figures; and the `theta` that alone would explain the gap. Neither says
which `theta` is true: the records cannot tell (`label.WHAT_IT_CANNOT_TELL`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import expit, logit

from features.vocabulary.errors import WrongUsageError
from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.intervals import correlation, difference

if TYPE_CHECKING:
    from training.audit.statistics.estimate import Limits

FARTHEST_LOG_ODDS = 40.0
"""Shares of 0 and 1 are held at log-odds this far from 0."""


TIMES: tuple[float, ...] = (1.25, 1.5, 2.0)
"""Greatest thetas for which the true share is tabled."""


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


def true_share(recorded: tuple[float, float], *, most: float) -> tuple[float, float]:
    """Bound the share with the outcome that would be recorded at a theta of 1, if theta lies in [1/most, most].

    Holds however children differ: a factor on each child's odds moves the odds of the share by no more than the
    factor.

    Parameters
    ----------
    recorded
        Limits of the recorded share with the outcome, in a group.
    most
        The greatest theta, at least 1.

    Returns
    -------
    tuple of float
        Lower and upper limit of the true share.
    """
    reach = _check(most)
    low, high = recorded
    return _moved(low, -reach), _moved(high, reach)


def _moved(share: float, by: float) -> float:
    """Move a share by log-odds."""
    return float(expit(_log_odds(share) + by))


def _log_odds(share: float) -> float:
    """Give log-odds, held within numbers."""
    return min(FARTHEST_LOG_ODDS, max(-FARTHEST_LOG_ODDS, float(logit(share))))
