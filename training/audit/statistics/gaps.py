"""Gaps between a group and others beside the plain difference: ratios, how surprising a gap is, what would be found.

References
----------
Koopman (1984), Biometrics 40:513 (score interval of a ratio); Katz et al. (1978), Biometrics 34:469 (log method).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from training.audit.statistics.intervals import difference, normal_quantile, t_quantile

if TYPE_CHECKING:
    from training.audit.statistics.estimate import Estimate

FEW = 10
"""Below so many in either numerator the log method of a ratio is too sure of itself, and Koopman's stands in."""

SMALLEST_P = 1e-12


def ratio(
    first: Estimate, second: Estimate, level: float, *, together: float
) -> tuple[float, float, float | None] | None:
    """Give first over second with its interval.

    Parameters
    ----------
    first, second
        Estimates of the same rate in two disjoint sets of rows.
    level
        Confidence level between 0 and 1.
    together
        Correlation of the two sides' errors.

    Returns
    -------
    tuple or None
        Ratio, lower limit, upper limit (None: without bound); None when the second rate is 0.
    """
    if second.value <= 0:
        return None
    value = first.value / second.value
    if min(first.k, second.k) < FEW:
        return value, *_koopman(first, second, normal_quantile(level))
    relative = [side.variance / side.value**2 for side in (first, second)]
    variance = sum(relative) - 2 * together * math.sqrt(relative[0] * relative[1])
    degrees = min(first.clusters, second.clusters) - 1
    is_estimated = max(first.design_effect, second.design_effect) > 1
    half = (t_quantile(level, degrees) if is_estimated else normal_quantile(level)) * math.sqrt(max(variance, 0.0))
    return value, value * math.exp(-half), value * math.exp(half)


def _koopman(first: Estimate, second: Estimate, z: float) -> tuple[float, float | None]:
    """Invert the score test of a ratio, with counts divided by the design effects."""
    k, n = first.k / first.design_effect, first.n / first.design_effect
    other_k, other_n = second.k / second.design_effect, second.n / second.design_effect

    def beyond(log_ratio: float) -> float:
        ratio = math.exp(log_ratio)
        # why: with that ratio held, the likeliest second rate is the smaller root of a quadratic
        a, b, c = ratio * (n + other_n), ratio * (n + other_k) + k + other_n, k + other_k
        # why not (b - root) / 2a: where the ratio is tiny, that takes a number from its equal
        p = 2 * c / (b + math.sqrt(max(b * b - 4 * a * c, 0.0)))
        of_first = min(ratio * p, 1.0)
        variance = of_first * (1 - of_first) / n + ratio * ratio * p * (1 - p) / other_n
        gap = k / n - ratio * other_k / other_n
        return gap * gap / max(variance, 1e-300) - z * z

    at = math.log(first.value / second.value) if first.k > 0 else -30.0
    low = 0.0 if first.k == 0 else math.exp(brentq(beyond, at - 30, at, xtol=1e-10))
    if beyond(30.0) < 0:
        return low, None
    return low, math.exp(brentq(beyond, at, 30.0, xtol=1e-10))


def p_value(first: Estimate, second: Estimate, *, together: float, is_rate: bool) -> float:
    """Give how surprising a gap is where there is none.

    Parameters
    ----------
    first, second
        Estimates of the same measure in two disjoint sets of rows.
    together
        Correlation of the two sides' errors.
    is_rate
        For a rate it is the level at which the gap's interval just reaches 0; for other measures the normal
        distribution stands in.

    Returns
    -------
    float
        Between 1e-12 and 1.
    """
    if not is_rate:
        error = math.sqrt(first.variance * second.variance)
        variance = max(first.variance + second.variance - 2 * together * error, 1e-300)
        return max(SMALLEST_P, 2 * float(ndtr(-abs(first.value - second.value) / math.sqrt(variance))))

    def nearest(share: float) -> float:
        gap, low, high = difference(first, second, 1 - share, together=together)
        return low if gap > 0 else -high

    if nearest(1.0 - 1e-9) <= 0:
        return 1.0
    if nearest(SMALLEST_P) >= 0:
        return SMALLEST_P
    found = brentq(lambda exponent: nearest(math.exp(exponent)), math.log(SMALLEST_P), math.log(1 - 1e-9))
    return min(1.0, math.exp(found))


def smallest_gap(first: Estimate, second: Estimate, *, level: float, is_rate: bool) -> float:
    """Give the smallest true gap that numbers like these would find four times in five.

    Parameters
    ----------
    first, second
        Estimates of the same measure in two disjoint sets of rows.
    level
        The simultaneous level of the verdict.
    is_rate
        For a rate the pooled share stands for both sides, as if there were no gap.

    Returns
    -------
    float
        On the measure's own scale.
    """
    quantiles = normal_quantile(level) + float(ndtri(0.8))
    if not is_rate:
        return quantiles * math.sqrt(first.variance + second.variance)
    p = (first.k + second.k) / (first.n + second.n)
    spread = first.design_effect / first.n + second.design_effect / second.n
    return quantiles * math.sqrt(p * (1 - p) * spread)
