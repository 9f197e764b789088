"""What the audit says of one quantity: an estimate with its interval at any level, or why there is none.

Every measure, whatever its formula, ends as an `Estimate`; differences, verdicts, tables and charts read
nothing else. An estimate does not mean that a group is treated fairly or unfairly: it is one number and how
sure it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Limits = Callable[[float], tuple[float, float]]
"""Gives the lower and upper limit at a confidence level between 0 and 1."""

LEVEL = 0.95
"""Level of every interval that is printed by itself; verdicts use simultaneous levels above it."""


def dot(first: FloatArray, second: FloatArray) -> float:
    """Sum the products of two arrays.

    Not with the linear algebra library: its threads add in an order of their own, and wait for each other.
    """
    return float((first * second).sum())


@dataclass(frozen=True)
class Estimate:
    """A measure's value in a set of rows, with what is needed for its interval and for differences.

    Parameters
    ----------
    value
        The point value.
    k, n
        Numerator and the measure's own denominator, in rows; for ranking and calibration the rows with the
        outcome and all rows.
    clusters
        Independent clusters that the denominator comes from.
    design_effect
        How many times larger the variance is than it would be with independent rows; at least 1.
    variance
        Sampling variance of `value`, with the design effect in it.
    limits
        The interval at a level.
    cluster_ids, influence
        The clusters, ascending, and what each adds to the estimate's error; sums to nearly 0. None where only sums
        over clusters are known.
    divided_by
        Of a rate, what its counts are divided by, at a level, before Wilson's interval is taken.
    is_binned
        Whether it was worked out from score bins, and so only nearly.
    """

    value: float
    k: int
    n: int
    clusters: int
    design_effect: float
    variance: float
    limits: Limits
    cluster_ids: IntArray
    influence: FloatArray
    divided_by: Callable[[float], float] | None = None
    is_binned: bool = False


@dataclass(frozen=True)
class Undefined:
    """There is no number, and why, in words that name no person.

    Parameters
    ----------
    reason
        Printed as it stands.
    """

    reason: str


NO_CLUSTERS: IntArray = np.zeros(0, dtype=np.int64)
NO_INFLUENCE: FloatArray = np.zeros(0)
"""Of an estimate that enters no difference by clusters, or of which only sums over them are known."""

Outcome = Estimate | Undefined
"""What a measure's function returns."""


def settled(outcome: Outcome) -> Outcome:
    """Give an outcome with its interval worked out at `LEVEL` and nothing else kept: many groups are only shown."""
    if isinstance(outcome, Undefined):
        return outcome
    found = outcome.limits(LEVEL)

    def limits(level: float) -> tuple[float, float]:
        assert level == LEVEL, "settled at one level alone"
        return found

    return replace(outcome, limits=limits, cluster_ids=NO_CLUSTERS, influence=NO_INFLUENCE)
