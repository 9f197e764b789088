"""How sure a score is: what happened to the validation children whose scores were nearest.

Released as a grid of aggregates, each over at least 200 distinct children; no child's score or outcome is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.statistics.estimate import LEVEL, Undefined
from training.audit.statistics.intervals import rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.registry.released import Floats

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
        How many distinct children stand behind each knot at least.
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


def clustered_interval(outcomes: Floats, clusters: NDArray[np.int64]) -> tuple[float, float]:
    """Give the 95% interval of a share whose rows come in clusters (households), as the audit measures it.

    Returns
    -------
    tuple of float
        Lower and upper end, between 0 and 1; everything when there are too few households to say.
    """
    sizes = np.bincount(clusters).astype(np.float64)
    positives = np.bincount(clusters, weights=outcomes).astype(np.float64)
    estimate = rate(positives, sizes, np.arange(len(sizes), dtype=np.int64))
    return (0.0, 1.0) if isinstance(estimate, Undefined) else estimate.limits(LEVEL)


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
        How many children to look at, at each knot; all of them when there are fewer, and all who are as near as
        the last of them.
    knots
        How many scores to look from; fewer when many children have the same score.
    """
    grid = np.unique(np.quantile(scores, np.linspace(OUTERMOST, 1 - OUTERMOST, knots)))
    looked_at = min(children, len(scores))
    intervals = []
    for knot in grid:
        distance = np.abs(scores - knot)
        # why: a rule of thumb gives hundreds the same score; which of them count must not hang on their ids
        near = distance <= np.partition(distance, looked_at - 1)[looked_at - 1]
        intervals.append(clustered_interval(outcomes[near], clusters[near]))
    low, high = zip(*intervals, strict=True)
    return NeighbourShares(tuple(float(knot) for knot in grid), tuple(low), tuple(high), looked_at)
