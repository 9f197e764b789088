"""The label on trial by group, as shares that pass the gate: what hidden positives, or odds, would do to each.

Each share is the recorded one, whose counts decide what is withheld; beside it stand its range at each share of
hidden positives, the share at which its gap to everyone else turns, and what odds of finding need would do. Which of
these is true cannot be told (`label.WHAT_IT_CANNOT_TELL`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from training.audit.disclosure.shares import Share
from training.audit.statistics import calibration
from training.audit.statistics.estimate import LEVEL, BoolArray, Estimate, FloatArray, IntArray, Outcome, Undefined
from training.audit.statistics.intervals import difference
from training.audit.statistics.rates_of_rows import rate_of_rows
from training.audit.trial.label import Bound, Measure, Recorded, bounds, grouped
from training.audit.trial.label_odds import OddsRange, odds_ratio, tipping_odds, true_share
from training.audit.trial.label_tipping import Assumed, as_outcomes, tipping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from training.audit.intake import GroupColumn

ALPHAS: tuple[float, ...] = (0.02, 0.05, 0.1)
"""Shares of hidden positives among recorded negatives that are tabled."""

MOST_ODDS = 2.0
"""How many times the odds of finding need may differ between groups, either way: local judgement."""

SHARES: tuple[Measure, ...] = ("prevalence", "tpr", "fpr")


@dataclass(frozen=True)
class LabelRows:
    """Rows of an audit, one place a row.

    Parameters
    ----------
    outcome, is_flagged
        As recorded; at or above the cut-off.
    score
        Probabilities, or None where scores are on another scale.
    child, cluster
        Numbers from 0.
    """

    outcome: BoolArray
    is_flagged: BoolArray
    score: FloatArray | None
    child: IntArray
    cluster: IntArray


@dataclass(frozen=True)
class Side:
    """A group, or everyone else, as recorded.

    Parameters
    ----------
    counts
        Flagged or not, by outcome, in rows; with scores where they are probabilities (`label.grouped`).
    measured
        Each measure of `SHARES` as recorded, and the calibration intercept where there is one.
    """

    counts: Recorded
    measured: dict[Measure, Outcome]


def label_shares(
    rows: LabelRows, groups: Mapping[str, GroupColumn], *, tolerance: Mapping[str, float], most_odds: float = MOST_ODDS
) -> list[Share]:
    """Give what label bias of each size would do, for everybody and each group.

    Parameters
    ----------
    rows
        All rows.
    groups
        By characteristic, values and codes; not recorded is a group.
    tolerance
        By measure, as fixed beforehand; for those without one no crossing of it is sought.
    most_odds
        How many times the odds of finding need may differ.

    Returns
    -------
    list of Share
        Measures `prevalence_if_mislabelled`, `tpr_if_mislabelled` and `fpr_if_mislabelled`. Beside each
        `least_at_0.05` and `most_at_0.05` for each share of hidden positives; in groups `turns_in_group` and
        `turns_in_rest` (the sign), `unsure_in_group` and `unsure_in_rest` (the gap's interval reaches 0), and
        `crosses_in_group` and `crosses_in_rest` (the tolerance). Beside the prevalence the same of
        `calibration_intercept`, with that name before, where scores are probabilities, and its `tipping_odds`; and
        `least_by_odds` and `most_by_odds`, in groups also `odds_ratio_least` and `odds_ratio_most`.
    """
    parts = [(attribute, group, chosen, side_of(rows, chosen)) for attribute, group, chosen in _choices(rows, groups)]
    rests = [None if chosen.all() else side_of(rows, ~chosen) for _, _, chosen, _ in parts]
    return [
        _share(
            rows,
            (attribute, group, f"{name}_if_mislabelled"),
            chosen & _denominator(rows, name),
            outcome=side.measured[name],
            beside=beside_of(side, rest, name=name, tolerance=tolerance, most_odds=most_odds),
        )
        for name in SHARES
        for (attribute, group, chosen, side), rest in zip(parts, rests, strict=True)
    ]


def _choices(rows: LabelRows, groups: Mapping[str, GroupColumn]) -> Iterator[tuple[str | None, str | None, BoolArray]]:
    """Give everybody and each group with its rows."""
    yield None, None, np.ones(rows.outcome.size, dtype=np.bool_)
    for attribute, column in groups.items():
        for place, value in enumerate(column.values):
            yield attribute, value, column.codes == place


def _denominator(rows: LabelRows, name: Measure) -> BoolArray:
    """Give the rows that a share divides by."""
    if name == "prevalence":
        return np.ones_like(rows.outcome)
    return rows.outcome if name == "tpr" else ~rows.outcome


def side_of(rows: LabelRows, chosen: BoolArray) -> Side:
    """Count and measure some rows as recorded."""
    outcome, flagged = rows.outcome[chosen], rows.is_flagged[chosen]
    score, stands_for = (None, None) if rows.score is None else grouped(rows.score[chosen])
    counts = Recorded(
        tp=int((outcome & flagged).sum()),
        fp=int((~outcome & flagged).sum()),
        fn=int((outcome & ~flagged).sum()),
        tn=int((~outcome & ~flagged).sum()),
        score=score,
        rows_of_score=stands_for,
    )
    measured: dict[Measure, Outcome] = {}
    for name in SHARES:
        some = chosen & _denominator(rows, name)
        counted = rows.outcome if name == "prevalence" else rows.is_flagged
        measured[name] = rate_of_rows(counted[some], rows.cluster[some])
    if rows.score is not None:
        ids, place = np.unique(rows.cluster[chosen], return_inverse=True)
        found = calibration.intercept(rows.score[chosen], outcome, place.astype(np.int64), ids.astype(np.int64))
        measured["calibration_intercept"] = found
    return Side(counts, measured)


def _share(
    rows: LabelRows,
    called: tuple[str | None, str | None, str],
    some: BoolArray,
    *,
    outcome: Outcome,
    beside: Mapping[str, Outcome],
) -> Share:
    """Put a share together, counted in distinct children."""
    attribute, group, name = called
    counted = rows.outcome if name.startswith("prevalence") else rows.is_flagged
    children = np.unique(rows.child[some]).size
    return Share(attribute, group, name, children, np.unique(rows.child[some & counted]).size, outcome, beside)


def beside_of(
    side: Side, rest: Side | None, *, name: Measure, tolerance: Mapping[str, float], most_odds: float = MOST_ODDS
) -> dict[str, Outcome]:
    """Give what label bias would do to a measure of a group: what `label_shares` puts beside it.

    Parameters
    ----------
    side, rest
        The group and everyone else; None for the others of everybody.
    name
        One of `SHARES`.
    tolerance, most_odds
        As for `label_shares`.

    Returns
    -------
    dict of str to Estimate or Undefined
        By what they are, as `label_shares` says.
    """
    beside = _by_hidden(side, rest, name, tolerance.get(name))
    if name == "prevalence":
        intercept: Measure = "calibration_intercept"
        if intercept in side.measured:
            more = _by_hidden(side, rest, intercept, tolerance.get(intercept))
            beside |= {f"{intercept}_{called}": each for called, each in more.items()}
        beside |= _by_odds(side, rest, most_odds)
    return beside


def _by_hidden(side: Side, rest: Side | None, name: Measure, tolerance: float | None) -> dict[str, Outcome]:
    """Give what hidden positives would do to a measure."""
    return _ranges(side, name) | ({} if rest is None else _tippings(side, rest, name, tolerance))


def _ranges(side: Side, name: Measure) -> dict[str, Outcome]:
    """Give the range of a measure at each share of hidden positives."""
    recorded = side.measured[name]
    effect = recorded.design_effect if isinstance(recorded, Estimate) else 1.0
    found = bounds(replace(side.counts, design_effect=effect), name, alphas=ALPHAS)
    if isinstance(found, Undefined):
        return {f"{end}_at_{alpha:g}": found for alpha in ALPHAS for end in ("least", "most")}
    beside: dict[str, Outcome] = {}
    for each in found:
        ends = _ends(recorded, each)
        beside |= {f"least_at_{each.alpha:g}": ends[0], f"most_at_{each.alpha:g}": ends[1]}
    return beside


def _ends(recorded: Outcome, found: Bound | OddsRange) -> tuple[Outcome, Outcome]:
    """Give both ends of a range as outcomes with the recorded counts; each interval goes outward only."""
    return (
        _fixed(recorded, found.low, (found.outer_low, found.low)),
        _fixed(recorded, found.high, (found.high, found.outer_high)),
    )


def _fixed(recorded: Outcome, value: float, limits: tuple[float, float]) -> Outcome:
    """Give a number with given limits and the recorded counts."""
    if isinstance(recorded, Undefined):
        return recorded
    none = recorded.influence[:0]
    return replace(recorded, value=value, limits=lambda _: limits, cluster_ids=recorded.cluster_ids[:0], influence=none)


def _tippings(side: Side, rest: Side, name: Measure, tolerance: float | None) -> dict[str, Outcome]:
    """Give the shares of hidden positives at which the gap to everyone else turns."""
    ours, theirs = side.measured[name], rest.measured[name]
    if isinstance(ours, Undefined):
        return {"turns_in_group": ours, "turns_in_rest": ours}
    if isinstance(theirs, Undefined):
        return {"turns_in_group": theirs, "turns_in_rest": theirs}
    gap, low, high = difference(ours, theirs, LEVEL)
    near = Assumed(slack=gap - low if gap >= 0 else high - gap)
    asked = {"turns": (None, None), "unsure": (None, near)} | ({"crosses": (tolerance, None)} if tolerance else {})
    return {
        f"{called}_{where}": outcome
        for called, (within, assumed) in asked.items()
        for where, outcome in as_outcomes(
            tipping(side.counts, rest.counts, measure=name, tolerance=within, assumed=assumed), side.counts
        ).items()
    }


def _by_odds(side: Side, rest: Side | None, most: float) -> dict[str, Outcome]:
    """Give what odds of finding need would do to the share with the outcome and to calibration."""
    share = side.measured["prevalence"]
    if isinstance(share, Undefined):
        return {"least_by_odds": share, "most_by_odds": share}
    least, greatest = _ends(share, true_share(share, most=most))
    beside = {"least_by_odds": least, "most_by_odds": greatest}
    if rest is None:
        return beside
    others = rest.measured["prevalence"]
    ratio = others if isinstance(others, Undefined) else odds_ratio(share, others, most=most)
    ends = (ratio, ratio) if isinstance(ratio, Undefined) else _ends(share, ratio)
    beside |= {"odds_ratio_least": ends[0], "odds_ratio_most": ends[1]}
    intercept = "calibration_intercept"
    if intercept in side.measured:
        beside["tipping_odds"] = tipping_odds(side.measured[intercept], rest.measured[intercept])
    return beside
