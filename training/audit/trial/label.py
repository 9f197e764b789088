"""How far the recorded outcome would have to be wrong to overturn a finding: hidden positives.

The outcome is a decision of the authority, not need. Some children who needed help are recorded as negatives; if
they are a share of the recorded negatives, `alpha`, every measure moves by an amount that plain counts give. How
large that share is cannot be told from records: this file says what would follow from any size, and which size
would turn a gap. It knows counts and scores; it knows no group's name and decides nothing.

Where the hidden positives lie, among the flagged or not, is not known either. `anywhere` takes the worst of all
places; `as_positives` puts them where recorded positives lie (the score sees them as well), `as_negatives` where
recorded negatives lie (the score does not see them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scipy.optimize import brentq
from scipy.special import expit

from training.audit.statistics.calibration import FARTHEST, log_odds
from training.audit.statistics.estimate import LEVEL, FloatArray, Undefined
from training.audit.statistics.intervals import normal_quantile, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

Measure = Literal["prevalence", "tpr", "fpr", "precision", "observed_over_expected", "calibration_intercept"]
Placement = Literal["anywhere", "as_positives", "as_negatives"]

ALPHAS: tuple[float, ...] = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of hidden positives among recorded negatives that are tabled."""

WHAT_IT_CANNOT_TELL = (
    "The outcome is a decision, not need. How often need is found where it is, and whether that differs between "
    "groups, cannot be told from these records: more need in a group and a readier finding of need leave the same "
    "records. The figures say what would follow from each size, not which size is true."
)
"""Stands beside every figure of this file, of `label_tipping` and of `label_odds`."""


@dataclass(frozen=True)
class Recorded:
    """What is recorded of some rows: flagged or not, by outcome, and their scores.

    Parameters
    ----------
    tp, fp, fn, tn
        Rows.
    score
        Probabilities of these rows, in any order; None where scores are no probabilities.
    design_effect
        How many times larger variances are than with independent rows; from the measure's `Estimate`.
    """

    tp: float
    fp: float
    fn: float
    tn: float
    score: FloatArray | None = None
    design_effect: float = 1.0

    @property
    def positives(self) -> float:
        """Rows with the recorded outcome."""
        return self.tp + self.fn

    @property
    def negatives(self) -> float:
        """Rows without it, hidden positives among them."""
        return self.fp + self.tn

    @property
    def n(self) -> float:
        """All rows."""
        return self.positives + self.negatives


@dataclass(frozen=True)
class Bound:
    """Between what a measure lies when a share of the recorded negatives are hidden positives.

    Parameters
    ----------
    alpha
        That share.
    low, high
        By where they lie; equal for what does not depend on it.
    outer_low, outer_high
        The same with sampling error: the lower limit of `low` and the upper limit of `high`.
    """

    alpha: float
    low: float
    high: float
    outer_low: float
    outer_high: float


def bounds(
    rows: Recorded, measure: Measure, *, alphas: Sequence[float] = ALPHAS, placement: Placement = "anywhere"
) -> list[Bound] | Undefined:
    """Bound a measure for each share of hidden positives.

    Parameters
    ----------
    rows
        Counts, and scores for what compares outcomes with them.
    measure
        `observed_over_expected` and `calibration_intercept` need scores.
    alphas
        Shares of the recorded negatives, from 0 to below 1.
    placement
        Where the hidden positives lie.

    Returns
    -------
    list of Bound or Undefined
        In the order of `alphas`.
    """
    reason = why_undefined(rows, measure)
    if reason is not None:
        return reason
    return [_bound(rows, measure, alpha, placement) for alpha in alphas]


def why_undefined(rows: Recorded, measure: Measure) -> Undefined | None:
    """Say why a measure has no value in these rows as recorded; None when it has one."""
    below = {"tpr": rows.positives, "fpr": rows.negatives, "precision": rows.tp + rows.fp}.get(measure, rows.n)
    if below == 0:
        return Undefined("nobody is in the denominator")
    if measure in ("observed_over_expected", "calibration_intercept"):
        if rows.score is None:
            return Undefined("needs scores that are probabilities; these are points")
        if measure == "calibration_intercept" and min(rows.positives, rows.negatives) == 0:
            return Undefined("everybody has the outcome" if rows.positives else "nobody has the outcome")
    return None


def _bound(rows: Recorded, measure: Measure, alpha: float, placement: Placement) -> Bound:
    """Bound one measure at one share, with sampling error."""
    hidden = alpha * rows.negatives
    low, high = values(rows, measure, hidden=hidden, placement=placement)
    return Bound(alpha, low, high, _limits(rows, measure, hidden, low)[0], _limits(rows, measure, hidden, high)[1])


def values(rows: Recorded, measure: Measure, *, hidden: float, placement: Placement) -> tuple[float, float]:
    """Give a measure's least and greatest value with so many hidden positives.

    Parameters
    ----------
    rows, measure, placement
        As for `bounds`; `why_undefined` has seen that there is a value.
    hidden
        Rows, from 0 to below all recorded negatives.

    Returns
    -------
    tuple of float
        Equal where it does not matter, or is said, where they lie.
    """
    least, most = _among_flagged(rows, hidden, placement)
    positives, negatives = rows.positives + hidden, rows.negatives - hidden
    if measure == "tpr":
        return (rows.tp + least) / positives, (rows.tp + most) / positives
    if measure == "fpr":
        return (rows.fp - most) / negatives, (rows.fp - least) / negatives
    if measure == "precision":
        return (rows.tp + least) / (rows.tp + rows.fp), (rows.tp + most) / (rows.tp + rows.fp)
    if measure == "prevalence":
        value = positives / rows.n
    elif measure == "observed_over_expected":
        value = positives / float(_score(rows).sum())
    else:
        value = _intercept(rows, positives)
    return value, value


def _among_flagged(rows: Recorded, hidden: float, placement: Placement) -> tuple[float, float]:
    """Give how many hidden positives are flagged, at least and at most."""
    least, most = max(0.0, hidden - rows.tn), min(rows.fp, hidden)
    if placement == "anywhere":
        return least, most
    flagged, of = (rows.tp, rows.positives) if placement == "as_positives" else (rows.fp, rows.negatives)
    alike = min(most, max(least, hidden * flagged / of if of else 0.0))
    return alike, alike


def _score(rows: Recorded) -> FloatArray:
    """Give the scores; `why_undefined` has seen that there are some."""
    assert rows.score is not None
    return rows.score


def expected(rows: Recorded, intercept: float) -> float:
    """Give how many outcomes are expected when the log-odds of all scores move by an intercept."""
    return float(expit(log_odds(_score(rows)) + intercept).sum())


def _intercept(rows: Recorded, positives: float) -> float:
    """Find the intercept at which as many are expected as there are."""
    held, offsets = min(max(positives, 1e-9), rows.n - 1e-9), log_odds(_score(rows))
    return float(brentq(lambda at: float(expit(offsets + at).sum()) - held, -FARTHEST, FARTHEST, xtol=1e-10))


def _limits(rows: Recorded, measure: Measure, hidden: float, value: float) -> tuple[float, float]:
    """Give the 95% interval of a measure as if these were its counts."""
    z = normal_quantile(LEVEL)
    if measure == "calibration_intercept":
        chance = expit(log_odds(_score(rows)) + value)
        half = z * math.sqrt(rows.design_effect / float((chance * (1 - chance)).sum()))
        return value - half, value + half
    below = {
        "tpr": rows.positives + hidden,
        "fpr": rows.negatives - hidden,
        "precision": rows.tp + rows.fp,
    }.get(measure, rows.n)
    scale = float(_score(rows).sum()) / rows.n if measure == "observed_over_expected" else 1.0
    n = below / rows.design_effect
    low, high = wilson(min(value * scale, 1.0) * n, n, z)
    return float(low) / scale, float(high) / scale
