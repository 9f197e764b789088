"""What missing characteristics could hide: bounds on every rate, whoever the children not recorded are.

Nobody is put into a group: a bound holds under *any* assignment of the rows whose characteristic is not recorded, also
the most unlikely one. A wide bound does not mean that a group is treated otherwise than it seems; it means that these
records cannot rule it out. Pure functions of counts and arrays; this file knows no table and no report.

References
----------
Manski (1995), Identification Problems in the Social Sciences (worst-case bounds); Imbens and Manski (2004),
Econometrica 72:1845 (an interval for the rate itself, which cannot lie at both ends of its bounds at once).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from training.audit.statistics.estimate import LEVEL, BoolArray, Estimate, FloatArray, IntArray, Outcome, Undefined
from training.audit.statistics.intervals import normal_quantile, wilson
from training.audit.statistics.ranking import auc
from training.audit.statistics.rates_of_rows import gap_of, rate_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

Cell = Literal["tp", "fp", "fn", "tn"]
Verdict = Literal["within", "outside", "cannot tell"]

VERDICTS: tuple[Verdict, ...] = ("within", "outside", "cannot tell")

PARTS: Mapping[str, tuple[tuple[Cell, ...], tuple[Cell, ...]]] = {
    "prevalence": (("tp", "fn"), ("fp", "tn")),
    "selection_rate": (("tp", "fp"), ("fn", "tn")),
    "tpr": (("tp",), ("fn",)),
    "fpr": (("fp",), ("tn",)),
    "fnr": (("fn",), ("tp",)),
    "tnr": (("tn",), ("fp",)),
    "precision": (("tp",), ("fp",)),
    "npv": (("tn",), ("fn",)),
}
"""By rate, the cells of its numerator and of the rest of its own denominator."""


@dataclass(frozen=True)
class Counts:
    """Rows by what was flagged and what happened: of a group, of everyone else, or of those not recorded."""

    tp: int
    fp: int
    fn: int
    tn: int

    def parts(self, measure: str) -> tuple[int, int]:
        """Give a rate's numerator and the rest of its denominator."""
        inside, outside = PARTS[measure]
        return sum(getattr(self, cell) for cell in inside), sum(getattr(self, cell) for cell in outside)


@dataclass(frozen=True)
class Bounds:
    """Between which values a rate lies, whoever the children not recorded are.

    Parameters
    ----------
    low, high
        The bounds themselves, without sampling error.
    low_limit, high_limit
        With it: an interval that holds the rate, wherever between the bounds it lies.
    """

    low: float
    high: float
    low_limit: float
    high_limit: float


@dataclass(frozen=True)
class Flip:
    """How few of the children not recorded would change a verdict, were they of the group.

    Parameters
    ----------
    rows
        So many rows, all of the kind that moves the gap furthest.
    share
        Of all rows not recorded in the measure's denominator.
    verdict
        What it would then be.
    """

    rows: int
    share: float
    verdict: Verdict


@dataclass(frozen=True)
class Ties:
    """Whether being not recorded goes with the outcome or with the score.

    Parameters
    ----------
    missing, recorded
        Share with the outcome among those not recorded, and among the others.
    prevalence_gap
        The first less the second.
    rank_gap
        How much higher those not recorded stand in the order of scores on average, as a share of the order: between
        -0.5 and 0.5.
    """

    missing: Outcome
    recorded: Outcome
    prevalence_gap: Outcome
    rank_gap: Outcome


def worst_case(
    group: Counts, missing: Counts, measure: str, *, design_effect: float = 1.0, level: float = LEVEL
) -> Bounds | Undefined:
    """Bound a rate of a group under any assignment of the rows not recorded.

    Parameters
    ----------
    group, missing
        Counts of the group as recorded, and of the rows whose characteristic is not recorded.
    measure
        One of `PARTS`.
    design_effect
        Of the group's rate, as its estimate has it; at least 1.
    level
        Of the interval.

    Returns
    -------
    Bounds or Undefined
        Undefined where neither the group nor those not recorded have a row in the denominator.

    Examples
    --------
    >>> found = worst_case(Counts(tp=30, fp=0, fn=10, tn=0), Counts(tp=5, fp=0, fn=5, tn=0), "tpr")
    >>> found.low == 30 / (30 + 10 + 5), found.high == (30 + 5) / (30 + 5 + 10)
    (True, True)
    """
    k, rest = group.parts(measure)
    k_missing, rest_missing = missing.parts(measure)
    if k + rest + k_missing + rest_missing == 0:
        return Undefined("nobody is in the denominator")
    n_low, n_high = k + rest + rest_missing, k + k_missing + rest
    # why: with nobody in the denominator but for the missing, the rate may be anything
    low, high = (k / n_low if n_low else 0.0), ((k + k_missing) / n_high if n_high else 1.0)
    spread = max(_error(low, n_low / design_effect), _error(high, n_high / design_effect))
    z = _quantile_between(high - low, spread, level)
    return Bounds(
        low=low,
        high=high,
        low_limit=float(wilson(k / design_effect, n_low / design_effect, z)[0]) if n_low else 0.0,
        high_limit=float(wilson((k + k_missing) / design_effect, n_high / design_effect, z)[1]) if n_high else 1.0,
    )


def _error(p: float, n: float) -> float:
    """Give a share's standard error; 0 where there is nothing to err about."""
    return math.sqrt(p * (1 - p) / n) if n else 0.0


def _quantile_between(width: float, spread: float, level: float) -> float:
    """Give the quantile for a rate that lies somewhere in an interval: from two-sided, at width 0, to one-sided."""
    most, least = normal_quantile(level), normal_quantile(2 * level - 1)
    if spread == 0 or width == 0:
        return most
    return float(brentq(lambda z: ndtr(z + width / spread) - ndtr(-z) - level, least - 1e-6, most + 1e-6))


def smallest_flip(
    group: Counts,
    missing: Counts,
    others: Counts,
    *,
    measure: str,
    tolerance: float,
    widths: tuple[float, float] = (0.0, 0.0),
) -> Flip | None:
    """Give the fewest rows not recorded that, were they of the group, would change the verdict on its gap.

    Parameters
    ----------
    group, missing
        Counts of the group as recorded, and of the rows not recorded.
    others
        Counts of everyone else, those not recorded among them, as the audit compares.
    measure
        One of `PARTS`.
    tolerance
        The largest gap that would not matter.
    widths
        How far the verdict's interval reaches below and above the gap; by default the gap itself is judged.

    Returns
    -------
    Flip or None
        None where no assignment changes it, or where there is no gap to judge.
    """
    k, rest = group.parts(measure)
    k_others, rest_others = others.parts(measure)
    k_missing, rest_missing = missing.parts(measure)
    if k + rest == 0 or k_others + rest_others == 0:
        return None
    up, down = (np.arange(most + 1, dtype=np.float64) for most in (k_missing, rest_missing))
    # why: each row of the numerator raises the gap and each other row lowers it, so mixing them wastes rows
    rising = _share(k + up, k + up + rest) - _share(k_others - up, k_others - up + rest_others)
    falling = _share(k, k + rest + down) - _share(k_others, k_others + rest_others - down)
    found = [_first_change(gaps, tolerance, widths) for gaps in (rising, falling)]
    rows, verdict = min((one for one in found if one is not None), default=(0, None))
    return None if verdict is None else Flip(rows=rows, share=rows / (k_missing + rest_missing), verdict=verdict)


def _share(k: FloatArray | float, n: FloatArray) -> FloatArray:
    """Divide; not a number where nobody is left."""
    out: FloatArray = np.divide(k, n, out=np.full(n.shape, math.nan), where=n > 0)
    return out


def _first_change(gaps: FloatArray, tolerance: float, widths: tuple[float, float]) -> tuple[int, Verdict] | None:
    """Give how many rows first bring another verdict than none does, and which; None when none brings one."""
    low, high = gaps - widths[0], gaps + widths[1]
    is_within, is_outside = (low >= -tolerance) & (high <= tolerance), (low > tolerance) | (high < -tolerance)
    verdicts = np.select([is_within, is_outside], [0, 1], 2)
    changed = np.flatnonzero((verdicts != verdicts[0]) & ~np.isnan(gaps))
    if changed.size == 0:
        return None
    rows = int(changed[0])
    return rows, VERDICTS[int(verdicts[rows])]


def ties_of_missing(is_missing: BoolArray, outcome: BoolArray, score: FloatArray, cluster: IntArray) -> Ties:
    """Say whether being not recorded goes with the outcome or with the score.

    Parameters
    ----------
    is_missing, outcome
        One truth value a row.
    score
        On any scale; only its order counts.
    cluster
        Number of each row's cluster.

    Returns
    -------
    Ties
        All intervals clustered.
    """
    missing = rate_of_rows(outcome[is_missing], cluster[is_missing])
    recorded = rate_of_rows(outcome[~is_missing], cluster[~is_missing])
    order = np.argsort(score, kind="stable")
    ids, place = np.unique(cluster[order], return_inverse=True)
    above = auc(score[order], is_missing[order], place.astype(np.int64), ids.astype(np.int64))
    # why: mean ranks, as shares of the order, lie as far apart as the chance to lie above is from a half
    ranks = above if isinstance(above, Undefined) else _less_a_half(above)
    return Ties(missing=missing, recorded=recorded, prevalence_gap=gap_of(missing, recorded), rank_gap=ranks)


def _less_a_half(chance: Estimate) -> Estimate:
    def limits(level: float) -> tuple[float, float]:
        low, high = chance.limits(level)
        return low - 0.5, high - 0.5

    return replace(chance, value=chance.value - 0.5, limits=limits)
