"""How well the true chances rank what happened: above that nothing can be.

The bands are of a jackknife that leaves out a twentieth of the families at a time, so siblings, and a child who is
asked about on several days, count as the one family they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.synthetic.families import Flags, Floats, Ints

PARTS = 20
# Student's t with PARTS - 1 degrees of freedom, two-sided 95%.
T_19 = 2.093
LEAST = 10


def auc(score: Floats, outcome: Flags) -> float:
    """Give the area under the ROC curve, ties counted half; not a number when one outcome is absent."""
    _, rank_of, counts = np.unique(score, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    n_up, n_not = int(outcome.sum()), int((~outcome).sum())
    if not n_up or not n_not:
        return float("nan")
    return float((middle[rank_of[outcome]].sum() - n_up * (n_up + 1) / 2) / (n_up * n_not))


def average_precision(score: Floats, outcome: Flags) -> float:
    """Give the mean precision at each positive, equal scores taken together; not a number without a positive."""
    if not outcome.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    ranked, hits = score[order], np.cumsum(outcome[order])
    last = np.append(np.nonzero(np.diff(ranked))[0], len(ranked) - 1)
    gained = np.diff(np.append(0, hits[last]))
    return float((hits[last] / (last + 1) * gained).sum() / hits[-1])


def _band(measure: Callable[[Floats, Flags], float], score: Floats, outcome: Flags, family: Ints) -> dict[str, float]:
    value, part = measure(score, outcome), family % PARTS
    left_out = np.array([measure(score[part != k], outcome[part != k]) for k in range(PARTS)])
    spread = T_19 * float(np.sqrt((PARTS - 1) / PARTS * ((left_out - left_out.mean()) ** 2).sum()))
    return {"value": value, "low": max(0.0, value - spread), "high": min(1.0, value + spread)}


def ceiling(score: Floats, outcome: Flags, family: Ints) -> dict[str, Any]:
    """Say how well the best possible score would have done.

    Parameters
    ----------
    score
        True chances.
    outcome
        What happened.
    family
        Number of each child's family.

    Returns
    -------
    dict
        `n`, `happened`, and, where at least ten of each outcome are there, `mean_chance`, and `auc` and
        `average_precision` with `value`, `low` and `high`.
    """
    counts = {"n": len(score), "happened": int(outcome.sum())}
    if min(counts["happened"], counts["n"] - counts["happened"]) < LEAST:
        return counts
    return {
        **counts,
        "mean_chance": float(score.mean()),
        "auc": _band(auc, score, outcome, family),
        "average_precision": _band(average_precision, score, outcome, family),
    }
