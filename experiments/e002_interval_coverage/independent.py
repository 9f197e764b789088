"""Coverage of a rate's interval where rows are independent: exact, without a draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import binom

from training.audit.statistics.design_effect import design_effects
from training.audit.statistics.intervals import rate_limits

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

BESIDE = 1e-9
"""So far to the left and to the right of a jump coverage is looked at."""


def coverage(n: int, rates: Floats, level: float) -> Floats:
    """Add up the probabilities of the counts whose interval holds each rate.

    Parameters
    ----------
    n
        Rows.
    rates
        Ascending.
    level
        Of the interval.
    """
    low, high = limits(n, level)
    # Both limits rise with the count, so the counts that hold a rate follow each other.
    first, last = np.searchsorted(high, rates, "left"), np.searchsorted(low, rates, "right") - 1
    return np.asarray(binom.cdf(last, n, rates) - binom.cdf(first - 1, n, rates))


def limits(n: int, level: float) -> tuple[Floats, Floats]:
    """Give the audit's interval of every count of `n` rows."""
    k, every = np.arange(n + 1.0), np.full(n + 1, float(n))
    effect = design_effects(k, every, every, np.ones(n + 1), is_clustered=False)
    return rate_limits(k, every, effect, every, is_estimated=False, level=level)


def rates_of(n: int, of: dict[str, Any], level: float) -> tuple[Floats, Floats]:
    """Give the rates that are averaged over, and all at which coverage can be highest or lowest."""
    steps = round((of["last_rate"] - of["first_rate"]) / of["step"])
    even = of["first_rate"] + of["step"] * np.arange(steps + 1)
    low, high = limits(n, level)
    jumps = np.concatenate([edge + side for edge in (low, high) for side in (-BESIDE, BESIDE)])
    inside = jumps[(jumps > of["first_rate"]) & (jumps < of["last_rate"])]
    return even, np.unique(np.concatenate([even, inside]))


def measured(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure every size: the average, and coverage at every rate."""
    of, level = plan["independent"], plan["level"]
    found = []
    for n in of["rows"]:
        even, all_rates = rates_of(n, of, level)
        found.append(
            {
                "what": "rate",
                "rows_of_a_cluster": "one",
                "correlation": 0.0,
                "clusters": n,
                "rows": n,
                "average": float(coverage(n, even, level).mean()),
                "rates": all_rates,
                "covered": coverage(n, all_rates, level),
                "expected": n * np.minimum(all_rates, 1 - all_rates),
                "draws": None,
            }
        )
    return found
