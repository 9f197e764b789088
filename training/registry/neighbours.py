"""How sure a score is: what happened to the validation children whose scores were nearest.

Released as a grid of aggregates, each over at least 200 distinct children; no child's score or outcome is in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from training.registry.released import Floats

Z = 1.959963984540054
"""The normal quantile of a 95% interval."""

OUTERMOST = 0.005
"""Knots lie between these quantiles, so that no knot is one child's score."""


@dataclass(frozen=True)
class NeighbourShares:
    """The share who escalated among the children with the nearest scores, at each knot.

    Parameters
    ----------
    knots
        Scores, increasing.
    low, high
        The 95% clustered interval of the share, at each knot.
    children
        How many distinct children stand behind each knot.
    """

    knots: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    children: int

    def interval(self, scores: Floats) -> tuple[Floats, Floats]:
        """Give each score's interval: that of the nearest knot.

        Returns
        -------
        tuple of two ndarrays of shape (n,)
            Lower and upper end. The score itself may lie outside: the interval is what was seen, not a repeat of it.
        """
        knots = np.asarray(self.knots)
        nearest = np.searchsorted((knots[1:] + knots[:-1]) / 2, scores)
        return np.asarray(self.low)[nearest], np.asarray(self.high)[nearest]

    def to_json(self) -> dict[str, Any]:
        """Give what `neighbours.json` holds."""
        return {
            "knots": list(self.knots),
            "low": list(self.low),
            "high": list(self.high),
            "children": self.children,
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> NeighbourShares:
        """Read what `to_json` gave."""
        return NeighbourShares(
            tuple(stored["knots"]), tuple(stored["low"]), tuple(stored["high"]), int(stored["children"])
        )


def clustered_wilson(outcomes: Floats, clusters: NDArray[np.int64]) -> tuple[float, float]:
    """Give the 95% Wilson interval of a share whose rows come in clusters (households).

    The ratio estimator's design effect, at least 1 and corrected for few clusters, shrinks k and n (Rao and Scott
    1992); with no or all positives n is the number of clusters.

    Returns
    -------
    tuple of float
        Lower and upper end, between 0 and 1.
    """
    sizes = np.bincount(clusters)
    positives = np.bincount(clusters, weights=outcomes)[sizes > 0]
    sizes = sizes[sizes > 0]
    n, k, c = float(sizes.sum()), float(positives.sum()), len(sizes)
    p, effective = k / n, float(c)
    if 0 < k < n and c > 1:
        variance = c / (c - 1) * float(((positives - p * sizes) ** 2).sum()) / n**2
        effect = max(1.0, variance / (p * (1 - p) / n)) * (float(student.ppf(0.975, c - 1)) / Z) ** 2
        effective = n / effect
    centre = p + Z**2 / (2 * effective)
    half = Z * math.sqrt(p * (1 - p) / effective + Z**2 / (4 * effective**2))
    scale = 1 + Z**2 / effective
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def neighbour_shares(
    scores: Floats, outcomes: Floats, clusters: NDArray[np.int64], *, children: int, knots: int
) -> NeighbourShares:
    """Measure what happened to the nearest children, at a grid of scores.

    Parameters
    ----------
    scores, outcomes
        One row a child, of a day that the model was not trained on; outcomes 0 or 1.
    clusters
        Number of the child's household.
    children
        How many children to look at, at each knot; all of them when there are fewer.
    knots
        How many scores to look from; fewer when many children have the same score.
    """
    grid = np.unique(np.quantile(scores, np.linspace(OUTERMOST, 1 - OUTERMOST, knots)))
    looked_at = min(children, len(scores))
    intervals = []
    for knot in grid:
        near = np.argsort(np.abs(scores - knot), kind="stable")[:looked_at]
        intervals.append(clustered_wilson(outcomes[near], clusters[near]))
    low, high = zip(*intervals, strict=True)
    return NeighbourShares(tuple(float(knot) for knot in grid), tuple(low), tuple(high), looked_at)
