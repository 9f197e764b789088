"""Coverage of a rate's interval where children have several rows each: drawn, through the audit's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.statistics.design_effect import design_effects, effective_clusters
from training.audit.statistics.estimate import Estimate
from training.audit.statistics.intervals import rate, rate_limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

COMPARED = 20
"""Of so many draws the intervals are made once more, one by one, as the audit makes them."""


def outcomes(random: np.random.Generator, rate: float, correlation: float, rows: Floats, draws: int) -> Floats:
    """Draw how many rows of each cluster have the outcome: beta-binomial; shape (draws, clusters)."""
    n = rows.astype(np.int64)[None, :]
    if correlation == 0:
        return random.binomial(n, rate, (draws, rows.size)).astype(np.float64)
    spread = (1 - correlation) / correlation
    own = random.beta(rate * spread, (1 - rate) * spread, (draws, rows.size))
    return random.binomial(n, own).astype(np.float64)


def limits(k: Floats, rows: Floats, level: float) -> tuple[Floats, Floats]:
    """Give the interval of each draw, and make sure that it is the one that the audit prints."""
    clusters, n, total = rows.size, float(rows.sum()), k.sum(axis=1)
    spread = (((k - (total / n)[:, None] * rows) / n) ** 2).sum(axis=1)
    effect = design_effects(total, np.full(total.size, n), clusters, spread, is_clustered=True)
    effective = effective_clusters(total, (k**2).sum(axis=1), n - total, ((rows - k) ** 2).sum(axis=1))
    is_estimated = (total > 0) & (total < n)
    low, high = rate_limits(total, n, effect, effective, is_estimated=is_estimated, level=level)
    for place in range(min(COMPARED, total.size)):
        printed = rate(k[place], rows, np.arange(clusters))
        assert isinstance(printed, Estimate), "no cell has fewer than ten clusters"
        assert np.allclose(printed.limits(level), (low[place], high[place])), "the audit prints another interval"
    return low, high


def effective(rows: Floats, correlation: float) -> float:
    """Give the number of independent rows that would tell as much."""
    return float(rows.sum()) / (1 + correlation * (float((rows**2).sum() / rows.sum()) - 1))


def measured(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measure every kind of cluster, correlation and number of clusters, one after the other."""
    of = plan["clustered"]
    random = np.random.default_rng(plan["seed"])
    for kind, pattern in of["rows_of_a_cluster"].items():
        for correlation in of["correlations"]:
            for clusters in of["clusters"]:
                rows = np.resize(np.array(pattern, dtype=np.float64), clusters)
                draws = min(of["draws"], of["drawn"] // clusters)
                covered = _covered(random, of["rates"], (correlation, rows, draws), plan["level"])
                rates = np.array(of["rates"])
                yield {
                    "what": "rate",
                    "rows_of_a_cluster": kind,
                    "correlation": round(correlation, 2),
                    "clusters": clusters,
                    "rows": int(rows.sum()),
                    "average": float(covered.mean()),
                    "rates": rates,
                    "covered": covered,
                    "effective": effective(rows, correlation),
                    "expected": effective(rows, correlation) * np.minimum(rates, 1 - rates),
                    "draws": draws,
                }


def _covered(
    random: np.random.Generator, rates: Sequence[float], cell: tuple[float, Floats, int], level: float
) -> Floats:
    """Give the share of intervals that hold each rate."""
    correlation, rows, draws = cell
    found = []
    for truth in rates:
        low, high = limits(outcomes(random, truth, correlation, rows, draws), rows, level)
        found.append(float(((low <= truth) & (truth <= high)).mean()))
    return np.array(found)
