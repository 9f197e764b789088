"""Coverage of the interval of a gap between two groups: Newcombe's, with what brothers and sisters have in common."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv

from training.audit.statistics.estimate import Estimate
from training.audit.statistics.intervals import difference, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def measured(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Measure every number of children and rows, with and without brothers and sisters on both sides."""
    of = plan["gaps"]
    random = np.random.default_rng(plan["seed"] + 1)
    for children, rows, together in product(of["children"], of["rows_of_a_child"], of["siblings"]):
        covered = np.array([_covered(random, pair, (children, rows, together), plan) for pair in of["rates"]])
        yield {
            "what": "difference",
            "rows_of_a_cluster": f"{rows}, brothers and sisters on both sides" if together else f"{rows}",
            "correlation": of["correlation"],
            "clusters": children,
            "rows": children * rows,
            "average": float(covered.mean()),
            "rates": np.array([min(pair) for pair in of["rates"]]),
            "covered": covered,
            "expected": np.array([_expected(pair, children, rows, of["correlation"]) for pair in of["rates"]]),
            "draws": of["draws"],
        }


def _expected(pair: list[float], children: int, rows: int, correlation: float) -> float:
    """Give the smaller number expected on any side, of the independent rows that would tell as much."""
    smallest = min(min(one, 1 - one) for one in pair)
    return children * rows / (1 + correlation * (rows - 1)) * smallest


def _covered(
    random: np.random.Generator, pair: list[float], cell: tuple[int, int, bool], plan: dict[str, Any]
) -> float:
    children, rows, together = cell
    draws, correlation = plan["gaps"]["draws"], plan["gaps"]["correlation"]
    home = random.random((draws, children))
    sides = [
        _drawn(random, home if together else random.random((draws, children)), one, correlation, rows) for one in pair
    ]
    ids = np.arange(children)
    each, held = np.full(children, float(rows)), 0
    for first, second in zip(*sides, strict=True):
        one, other = rate(first, each, ids), rate(second, each, ids if together else ids + children)
        assert isinstance(one, Estimate), "no side is empty"
        assert isinstance(other, Estimate), "no side is empty"
        _, low, high = difference(one, other, plan["level"])
        held += low <= pair[0] - pair[1] <= high
    return held / draws


def _drawn(random: np.random.Generator, home: Floats, rate: float, correlation: float, rows: int) -> Floats:
    """Draw rows with the outcome; where a household stands among all, both its children stand."""
    spread = (1 - correlation) / correlation
    own = betaincinv(rate * spread, (1 - rate) * spread, home)
    return random.binomial(rows, own).astype(np.float64)
