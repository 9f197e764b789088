"""Choose the simplest learner that does as well.

The burden of proof lies on the more complicated one: it replaces a simpler one only when its average precision is
higher by at least the plan's `least_gain` and the 95% interval of the paired difference, households redrawn, lies
above zero. Chosen on the last origin's calibration day, so that the test day stays untouched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.registry.released import KINDS, Floats, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.registry.plan import ChoiceRule


@dataclass(frozen=True)
class Choice:
    """Which learner was chosen, and what each step up would have gained."""

    kind: Kind
    steps: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """Give what the manifest holds."""
        return {"kind": self.kind, "measure": "average_precision", "steps": list(self.steps)}


def weighted_average_precision(scores: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Give average precision once for each row of weights; tied scores stand together.

    Parameters
    ----------
    scores, outcomes
        Of shape (n,).
    weights
        Of shape (draws, n): how often each row counts.

    Returns
    -------
    ndarray of shape (draws,)
        NaN where nobody with the outcome counts.

    Examples
    --------
    >>> weighted_average_precision(np.array([0.9, 0.5, 0.1]), np.array([1.0, 0.0, 1.0]), np.ones((1, 3))).round(4)
    array([0.8333])
    """
    order = np.argsort(-scores, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) != 0])
    ordered = weights[:, order]
    listed = np.cumsum(np.add.reduceat(ordered, starts, axis=1), axis=1)
    positives = np.add.reduceat(ordered * outcomes[order], starts, axis=1)
    found = np.cumsum(positives, axis=1)
    precision = np.divide(found, listed, out=np.zeros_like(found), where=listed > 0)
    with np.errstate(invalid="ignore"):
        return np.asarray((precision * positives).sum(axis=1) / found[:, -1])


def redrawn(clusters: NDArray[np.int64], rule: ChoiceRule) -> Floats:
    """Give weights of a bootstrap that draws whole households: Poisson(1) a household.

    Returns
    -------
    ndarray of shape (draws, n)
    """
    per_cluster = np.random.default_rng(rule.seed).poisson(1.0, size=(rule.draws, int(clusters.max()) + 1))
    return np.asarray(per_cluster[:, clusters], dtype=np.float64)


def choose(margins: Mapping[Kind, Floats], outcomes: Floats, clusters: NDArray[np.int64], rule: ChoiceRule) -> Choice:
    """Choose the simplest learner that does as well.

    Parameters
    ----------
    margins
        Of every learner, on the same rows.
    outcomes
        0 or 1.
    clusters
        Number of each row's household, from 0.
    rule
        What must be gained, and how it is drawn.

    Returns
    -------
    Choice
    """
    weights = redrawn(clusters, rule)
    once = np.ones((1, len(outcomes)))
    drawn = {kind: weighted_average_precision(margins[kind], outcomes, weights) for kind in KINDS}
    plain = {kind: float(weighted_average_precision(margins[kind], outcomes, once)[0]) for kind in KINDS}
    chosen: Kind = KINDS[0]
    steps = []
    for candidate in KINDS[1:]:
        gain = plain[candidate] - plain[chosen]
        low, high = np.nanquantile(drawn[candidate] - drawn[chosen], [0.025, 0.975])
        is_worth_it = bool(gain >= rule.least_gain and low > 0)
        steps.append(
            {
                "from": chosen,
                "to": candidate,
                "gain": gain,
                "low": float(low),
                "high": float(high),
                "is_taken": is_worth_it,
            }
        )
        chosen = candidate if is_worth_it else chosen
    return Choice(chosen, tuple(steps))
