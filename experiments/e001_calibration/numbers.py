"""A measured value with the interval that chance alone would give it.

The intervals are at 95% and take children as independent of each other. Brothers and sisters are not, so the true
intervals are wider: read them as the least that chance does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

Z = 1.959964
PER = 10_000


class CannotMeasureError(Exception):
    """Raised by a measure that the simulation gives nothing to measure with; its text is the reason."""


@dataclass(frozen=True)
class Achieved:
    """A measured value.

    Parameters
    ----------
    value
        In the unit of the figure.
    low, high
        Ends of the 95% interval; missing when it cannot be said.
    n
        Children or events counted over; missing when it is not known.
    """

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None


def _over(n: float) -> None:
    if not n:
        raise CannotMeasureError("nobody to measure it in")


def share(part: int, n: int) -> Achieved:
    """Give a share in percent with Wilson's interval.

    Examples
    --------
    >>> share(1, 4).value
    25.0
    """
    _over(n)
    p = part / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Achieved(100 * p, 100 * max(middle - half, 0), 100 * min(middle + half, 1), n)


def share_true(flag: pl.Series) -> Achieved:
    """Give the share of rows that are true; missing counts in neither."""
    known = flag.drop_nulls()
    return share(int(known.sum()), len(known))


def rate(events: int, population: float, *, years: int = 1, per: int = PER) -> Achieved:
    """Give events a year per 10,000 children, with Byar's interval for a count.

    Examples
    --------
    >>> rate(6, 1000, years=3).value
    20.0
    """
    _over(population)
    scale = per / population / years
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    up = events + 1
    high = up * (1 - 1 / (9 * up) + Z / (3 * math.sqrt(up))) ** 3
    return Achieved(events * scale, max(low, 0) * scale, high * scale, events)


def mean(values: pl.Series) -> Achieved:
    """Give a mean with its normal interval."""
    known = values.drop_nulls().cast(pl.Float64)
    _over(len(known))
    middle = float(known.sum()) / len(known)
    half = Z * float(known.std() or 0.0) / math.sqrt(len(known))
    return Achieved(middle, middle - half, middle + half, len(known))


def median(values: pl.Series) -> Achieved:
    """Give a median with the interval of order statistics."""
    known = np.sort(values.drop_nulls().cast(pl.Float64).to_numpy())
    n = len(known)
    _over(n)
    step = Z * math.sqrt(n) / 2
    low, high = max(int(n / 2 - step), 0), min(int(n / 2 + step), n - 1)
    return Achieved(float(np.median(known)), float(known[low]), float(known[high]), n)


def ratio(part: pl.Series, whole: pl.Series) -> Achieved:
    """Give a sum as a percentage of another over the same children, with the interval of a ratio of means."""
    x, y = part.cast(pl.Float64).to_numpy(), whole.cast(pl.Float64).to_numpy()
    _over(y.sum())
    middle = x.sum() / y.sum()
    half = Z * math.sqrt(((x - middle * y) ** 2).sum()) / y.sum()
    return Achieved(100 * middle, 100 * (middle - half), 100 * (middle + half), len(y))


def odds_ratio(exposed: pl.Series, outcome: pl.Series) -> Achieved:
    """Give the odds ratio of an outcome in the exposed against the others, unadjusted, with Woolf's interval."""
    a, b = int((exposed & outcome).sum()), int((exposed & ~outcome).sum())
    c, d = int((~exposed & outcome).sum()), int((~exposed & ~outcome).sum())
    if not min(a, b, c, d):
        raise CannotMeasureError("a cell of the two-by-two table is empty")
    middle, half = math.log(a * d / (b * c)), Z * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Achieved(math.exp(middle), math.exp(middle - half), math.exp(middle + half), a + b + c + d)


def ratio_per_step(step: pl.Series, events: pl.Series, population: pl.Series) -> Achieved:
    """Give the factor by which a rate grows with each step: a log-linear (Poisson) fit."""
    x = np.column_stack([np.ones(len(step)), step.cast(pl.Float64).to_numpy()])
    y, people = events.cast(pl.Float64).to_numpy(), population.cast(pl.Float64).to_numpy()
    _over(y.sum())
    beta = np.array([math.log(y.sum() / people.sum()), 0.0])
    for _ in range(50):
        expected = people * np.exp(x @ beta)
        spread = np.linalg.inv(x.T @ (expected[:, None] * x))
        move = spread @ (x.T @ (y - expected))
        beta = beta + move
        if np.abs(move).max() < 1e-10:
            break
    half = Z * math.sqrt(spread[1, 1])
    return Achieved(math.exp(beta[1]), math.exp(beta[1] - half), math.exp(beta[1] + half), int(y.sum()))
