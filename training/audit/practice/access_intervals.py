"""A median with its interval, and which ratios of a family leave out 1. Arrays and estimates only; no group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from training.audit.practice.standardise import share_of
from training.audit.statistics import intervals
from training.audit.statistics.estimate import LEVEL, Estimate, FloatArray, IntArray, Outcome, Undefined
from training.audit.statistics.simultaneous import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_FOR_MEDIAN = 10
"""A median of fewer has no interval worth printing."""


def median_of(days: FloatArray, cluster: IntArray) -> Outcome:
    """Estimate a median of days, with the interval of the share below it turned round (Woodruff 1952).

    Parameters
    ----------
    days
        One number a row.
    cluster
        The cluster of each row.
    """
    if days.size < FEWEST_FOR_MEDIAN:
        return Undefined(f"fewer than {FEWEST_FOR_MEDIAN} took the step")
    ordered = np.sort(days)
    middle = float(np.median(ordered))
    below = share_of((days <= middle).astype(np.float64), cluster, np.ones(days.size, dtype=bool))
    if isinstance(below, Undefined):
        return below
    effect = below.design_effect

    def limits(level: float) -> tuple[float, float]:
        half_n = days.size / effect
        low, high = (float(end) for end in intervals.wilson(half_n / 2, half_n, intervals.normal_quantile(level)))
        places = (math.floor(low * days.size), math.ceil(high * days.size) - 1)
        return float(ordered[max(places[0], 0)]), float(ordered[min(places[1], days.size - 1)])

    low, high = limits(LEVEL)
    return Estimate(
        value=middle,
        k=days.size,
        n=days.size,
        clusters=below.clusters,
        design_effect=effect,
        variance=((high - low) / (2 * intervals.normal_quantile(LEVEL))) ** 2,
        limits=limits,
        cluster_ids=below.cluster_ids,
        influence=np.zeros(below.cluster_ids.size),
    )


def standing_out(ratios: Sequence[Estimate]) -> list[bool]:
    """Say of which ratios the interval leaves out 1, at levels by Holm's steps so that one in twenty families errs.

    Parameters
    ----------
    ratios
        The primary family.

    Returns
    -------
    list of bool
        In the same order.
    """
    surprise = np.array([1 - _highest_level(ratio) for ratio in ratios])
    return list((holm(surprise) < 1 - LEVEL).tolist())


def _highest_level(ratio: Estimate) -> float:
    """Find the highest level at which a ratio's interval leaves out 1; 0 where none does."""
    low, high = 0.0, 1.0
    for _ in range(40):
        level = (low + high) / 2
        ends = ratio.limits(level)
        if ends[0] <= 1 <= ends[1]:
            high = level
        else:
            low = level
    return low
