"""What part of a gap between a group and others is base rate, and what part is error.

Where the outcome is commoner, more are flagged, and more of those without it, though nothing is wrong with a score.
A gap is split into parts that add up to it exactly. A part is arithmetic, not a cause: that a gap comes from base
rates does not make the base rates right, for the outcome is a decision of the authority.

References
----------
Kitagawa (1955), JASA 50:1168 (difference of two rates); Shapley (1953), and Das Gupta (1993), US Census Bureau
P23-186 (the same for any number of factors); Chouldechova (2017), Big Data 5:153 (false positive rate from base rate,
precision and true positive rate); Fieller (1954), JRSS B 16:175 (interval of a ratio).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import numpy as np

from training.audit.counts.measures import rates_of
from training.audit.statistics.estimate import (
    LEVEL,
    NO_CLUSTERS,
    NO_INFLUENCE,
    Estimate,
    FloatArray,
    Outcome,
    Undefined,
)
from training.audit.statistics.intervals import normal_quantile, t_quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.audit.counts.tallies import Others, Tally
    from training.audit.statistics.estimate import IntArray

Split = Literal["selection_rate", "precision", "fpr"]
"""Measures whose gap can be split."""

BASE_RATE = "base_rate"
"""The part that stays when errors are alike in both; the others are errors, by the name of their rate."""

PARTS: dict[Split, tuple[str, ...]] = {
    "selection_rate": (BASE_RATE, "tpr", "fpr"),
    "precision": (BASE_RATE, "tpr", "fpr"),
    "fpr": (BASE_RATE, "precision", "tpr"),
}
"""By measure, the parts of its gap."""

_STEP = 1e-30
"""Of the complex step, whose derivative is exact to the last digit."""

_RATES = ("prevalence", "tpr", "fpr")
"""What every measure is written in."""

_COUNTED: FloatArray = np.array([[1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]], dtype=np.float64)
_AMONG: FloatArray = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=np.float64)


@dataclass(frozen=True)
class _Gap:
    """Both sides of a gap.

    Parameters
    ----------
    rates
        Prevalence, TPR and FPR of the first side, then of the second.
    slopes
        How each of them moves with one row more in each cell, first the first side's four, then the second's.
    products
        Sums over clusters of the product of each two of these eight cells' rows.
    clusters
        With a row on either side; one with rows on both counts twice.
    """

    rates: list[Estimate]
    slopes: FloatArray
    products: FloatArray
    clusters: int


def _selection_rate(prevalence: complex, tpr: complex, fpr: complex) -> complex:
    """Give the share flagged."""
    return prevalence * tpr + (1 - prevalence) * fpr


def _precision(prevalence: complex, tpr: complex, fpr: complex) -> complex:
    """Give the share of the flagged that has the outcome."""
    return prevalence * tpr / _selection_rate(prevalence, tpr, fpr)


def _fpr(prevalence: complex, precision: complex, tpr: complex) -> complex:
    """Give the false positive rate as Chouldechova writes it."""
    return prevalence / (1 - prevalence) * (1 - precision) / precision * tpr


_FORMULAS: dict[Split, Callable[[complex, complex, complex], complex]] = {
    "selection_rate": _selection_rate,
    "precision": _precision,
    "fpr": _fpr,
}


def split_gap(first: Tally, second: Others, measure: Split, *, threshold: int) -> dict[str, Outcome]:
    """Split the gap of a measure, first minus second, into base rate and errors.

    Each part is what changing one factor from the second side's value to the first's changes, averaged over all
    orders in which the three can be changed. For the share flagged this is Kitagawa's: difference of prevalence times
    the mean of (TPR - FPR), differences of TPR and of FPR times the mean shares with and without the outcome.

    Parameters
    ----------
    first, second
        One set, and those whom it is compared with.
    measure
        `selection_rate` and `precision` are split into base rate, TPR and FPR; `fpr` into base rate, precision and
        TPR, on which it depends by arithmetic.
    threshold
        Its place among the thresholds.

    Returns
    -------
    dict of str to Estimate or Undefined
        `gap`, and its parts in the order of `PARTS`, which add up to it; then `share_of_gap_` and each part's name.
        Clustered intervals by linearisation, with Student's t. All undefined where nobody with the outcome is flagged
        on a side (for `precision` and `fpr`), or where nobody, or everybody, has the outcome. Shares, which lie
        outside 0 and 1 where parts pull apart, also where the gap's own interval reaches 0: a share of nothing means
        nothing.
    """
    parts_named = PARTS[measure]
    names = ("gap", *parts_named, *(f"share_of_gap_{name}" for name in parts_named))
    found = _both_sides(first, second, threshold)
    reason = found.reason if isinstance(found, Undefined) else _why_not(found.rates, measure)
    if isinstance(found, Undefined) or reason is not None:
        return dict.fromkeys(names, Undefined(reason or ""))
    values = [complex(each.value) for each in found.rates]
    parts = np.array(_parts(values, measure)).real
    slopes = np.array([_parts(_nudged(values, place), measure) for place in range(len(values))]).imag.T / _STEP
    gap = _linearised(float(parts.sum()), found, slopes.sum(axis=0))
    by_part = [_linearised(float(part), found, slope) for part, slope in zip(parts, slopes, strict=True)]
    shares = _shares(gap, by_part, slopes, found)
    return dict(zip(names, [gap, *by_part, *shares], strict=True))


def _both_sides(first: Tally, second: Others, threshold: int) -> _Gap | Undefined:
    """Lay the rates of both sides beside each other, with what clusters add; or say which has no number."""
    rates: list[Estimate] = []
    for side, where in ((first, ""), (second, "among those compared with: ")):
        for name in _RATES:
            rate = rates_of(side, name).outcome(0, threshold)
            if isinstance(rate, Undefined):
                return Undefined(where + rate.reason)
            rates.append(rate)
    at = (0, threshold)
    shared = second.shared[at]
    nothing = np.zeros_like(shared)
    mine, others = _slopes(first.cells[at]), _slopes(second.cells[at])
    return _Gap(
        rates=rates,
        slopes=np.block([[mine, nothing[:3]], [nothing[:3], others]]),
        products=np.block([[first.products[at], shared], [shared.T, second.products[at]]]),
        clusters=int(first.clusters[0, threshold, 0] + second.clusters[0, threshold, 0]),
    )


def _slopes(cells: IntArray) -> FloatArray:
    """Give by how much one row more in each cell moves prevalence, TPR and FPR; shape (3, 4)."""
    k, n = _COUNTED @ cells, _AMONG @ cells
    return np.asarray((_COUNTED - (k / n)[:, None] * _AMONG) / n[:, None], dtype=np.float64)


def _why_not(rates: Sequence[Estimate], measure: Split) -> str | None:
    """Say why a gap cannot be split; None when it can."""
    if any(each.k in (0, each.n) for each in rates[::3]):
        return "nobody, or everybody, has the outcome on one side"
    if measure != "selection_rate" and any(each.k == 0 for each in rates[1::3]):
        return "nobody with the outcome is flagged on one side"
    return None


def _parts(values: Sequence[complex], measure: Split) -> list[complex]:
    """Change one factor after the other from the second side's value to the first's, in all orders."""
    formula = _FORMULAS[measure]
    first, second = _factors(values[:3], measure), _factors(values[3:], measure)
    parts = [0j, 0j, 0j]
    for order in permutations(range(3)):
        at = list(second)
        for place in order:
            before = formula(*at)
            at[place] = first[place]
            parts[place] += (formula(*at) - before) / math.factorial(3)
    return parts


def _factors(rates: Sequence[complex], measure: Split) -> list[complex]:
    """Give the factors that a measure is made of, from prevalence, TPR and FPR."""
    prevalence, tpr, fpr = rates
    if measure == "fpr":
        return [prevalence, _precision(prevalence, tpr, fpr), tpr]
    return [prevalence, tpr, fpr]


def _nudged(values: Sequence[complex], place: int) -> list[complex]:
    """Move one value a little along the imaginary axis."""
    return [value + (1j * _STEP if at == place else 0) for at, value in enumerate(values)]


def _linearised(value: float, sides: _Gap, slopes: FloatArray) -> Estimate:
    """Give a function of the six rates as an estimate, from its slopes in them."""
    from_each = slopes**2 * np.array([_variance(rate) for rate in sides.rates])
    apart = float(from_each.sum())
    by_cell = (slopes[:, None] * sides.slopes).sum(axis=0)
    spread = float((by_cell[:, None] * sides.products * by_cell).sum())
    # why: what rates of one side, and clusters on both, have in common may add to the variance; it is let add only
    variance = max(apart, spread * sides.clusters / (sides.clusters - 1))
    doubt = from_each**2 / np.array([max(rate.clusters - 1, 1) for rate in sides.rates])
    degrees = int(apart**2 / doubt.sum()) if apart > 0 else 1

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, degrees) * math.sqrt(variance)
        return value - half, value + half

    return Estimate(
        value=value,
        k=sides.rates[0].k,
        n=sides.rates[0].n,
        clusters=sides.rates[0].clusters,
        design_effect=max(rate.design_effect for rate in sides.rates),
        variance=variance,
        limits=limits,
        cluster_ids=NO_CLUSTERS,
        influence=NO_INFLUENCE,
    )


def _variance(rate: Estimate) -> float:
    """Give a rate's variance as its score interval sees it, which is above 0 for none of few too."""
    low, high = rate.limits(LEVEL)
    return max(rate.variance, ((high - low) / (2 * normal_quantile(LEVEL))) ** 2)


def _shares(gap: Estimate, parts: Sequence[Estimate], slopes: FloatArray, sides: _Gap) -> list[Outcome]:
    """Divide each part by the gap; undefined where the gap may be nothing."""
    low, high = gap.limits(LEVEL)
    if low <= 0 <= high:
        return [Undefined("the gap itself may be nothing") for _ in parts]
    whole = slopes.sum(axis=0)
    both = [
        _linearised(part.value + gap.value, sides, slope + whole) for part, slope in zip(parts, slopes, strict=True)
    ]
    return [_share(part, gap, sum_of.variance) for part, sum_of in zip(parts, both, strict=True)]


def _share(part: Estimate, gap: Estimate, variance_of_sum: float) -> Estimate:
    """Divide a part by its gap; Fieller's interval, without end at levels at which the gap may be nothing."""
    share = part.value / gap.value
    together = (variance_of_sum - part.variance - gap.variance) / 2

    def limits(level: float) -> tuple[float, float]:
        reach = (gap.limits(level)[1] - gap.value) ** 2 / gap.variance
        square = gap.value**2 - reach * gap.variance
        if square <= 0:
            return -math.inf, math.inf
        middle = (part.value * gap.value - reach * together) / square
        half = math.sqrt(max(0.0, middle**2 - (part.value**2 - reach * part.variance) / square))
        return min(share, middle - half), max(share, middle + half)

    variance = (part.variance - 2 * share * together + share**2 * gap.variance) / gap.value**2
    return replace(part, value=share, variance=variance, limits=limits)
