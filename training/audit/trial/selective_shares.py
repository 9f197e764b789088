"""Who was helped, and every measure against the outcome without help, by group, as shares that pass the gate.

Each share is the plain one among rows without help, whose counts decide what is withheld; beside it stands the
estimate for all rows (`selective`), its range at each gamma, and the gamma at which the gap to everyone else may be
none. It does not mean that anybody was helped too much or too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.audit.disclosure.shares import Share
from training.audit.statistics.estimate import BoolArray, Estimate, Outcome, Undefined
from training.audit.statistics.rates_of_rows import rate_of_rows
from training.audit.trial.selective import GAMMAS, MOST_GAMMA, Measure, bound, measure, vanishing_gamma
from training.audit.trial.selective_fit import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from training.audit.intake import GroupColumn
    from training.audit.trial.selective_fit import Chances, Chosen, HelpedRows

SHARES: tuple[Measure, ...] = ("prevalence", "tpr", "fpr", "precision")

CALIBRATION: tuple[Measure, ...] = ("observed_over_expected", "calibration_intercept")
"""Not shares themselves: they stand beside the prevalence."""


def helped_shares(rows: HelpedRows, groups: Mapping[str, GroupColumn]) -> list[Share]:
    """Give the share of rows that were helped, for everybody and each group; measure `helped`.

    Parameters
    ----------
    rows
        All rows.
    groups
        By characteristic, values and codes; not recorded is a group.

    Returns
    -------
    list of Share
        Everybody first, then each group of each characteristic.
    """
    return [
        _share(rows, (attribute, group, "helped"), chosen, rows.is_helped)
        for attribute, group, chosen in _choices(rows, groups)
    ]


def without_help_shares(
    rows: HelpedRows,
    chances: Chances | Undefined,
    *,
    groups: Mapping[str, GroupColumn],
    gammas: Sequence[float] = GAMMAS,
) -> list[Share]:
    """Give measures against the outcome without help, for everybody and each group.

    Parameters
    ----------
    rows, chances
        All rows, and `selective_fit.estimate_chances` of them with the same characteristics.
    groups
        As for `helped_shares`.
    gammas
        Sizes of unrecorded reasons for help.

    Returns
    -------
    list of Share
        Measures `prevalence_without_help`, `tpr_without_help`, `fpr_without_help`, `precision_without_help`: plain
        shares among rows without help. Beside each `estimate`, for each gamma `least_at_1.5` and `most_at_1.5`,
        and in groups `gap_may_vanish_at` and `gap_unsure_at`; beside the prevalence the same of
        `calibration_intercept`, and all but the gammas of `observed_over_expected`, with that name before.
    """
    sides = [
        (attribute, group, chosen, _sides(rows, chances, chosen)) for attribute, group, chosen in _choices(rows, groups)
    ]
    found = []
    for name in SHARES:
        denominator, numerator = _counted(rows, name)
        names = (name, *(CALIBRATION if name == "prevalence" else ()))
        for attribute, group, chosen, both in sides:
            called = (attribute, group, f"{name}_without_help")
            beside = _beside(both, names, gammas=gammas)
            found.append(_share(rows, called, chosen & denominator, numerator, beside))
    return found


def _sides(
    rows: HelpedRows, chances: Chances | Undefined, chosen: BoolArray
) -> tuple[Chosen, Chosen | None] | Undefined:
    """Choose a group's rows and all others; None for the others of everybody."""
    if isinstance(chances, Undefined):
        return chances
    rest = None if chosen.all() else choose(rows, chances, chosen=~chosen)
    return choose(rows, chances, chosen=chosen), rest


def _choices(rows: HelpedRows, groups: Mapping[str, GroupColumn]) -> Iterator[tuple[str | None, str | None, BoolArray]]:
    """Give everybody and each group with its rows."""
    yield None, None, np.ones(rows.outcome.size, dtype=np.bool_)
    for attribute, column in groups.items():
        for place, value in enumerate(column.values):
            yield attribute, value, column.codes == place


def _counted(rows: HelpedRows, name: Measure) -> tuple[BoolArray, BoolArray]:
    """Give the rows without help that a measure divides by, and those that it counts."""
    free = ~rows.is_helped
    return {
        "tpr": (free & rows.outcome, rows.is_flagged),
        "fpr": (free & ~rows.outcome, rows.is_flagged),
        "precision": (free & rows.is_flagged, rows.outcome),
    }.get(name, (free, rows.outcome))


def _share(
    rows: HelpedRows,
    called: tuple[str | None, str | None, str],
    chosen: BoolArray,
    is_counted: BoolArray,
    beside: Mapping[str, Outcome] | None = None,
) -> Share:
    """Count a share of some rows, by cluster and in distinct children."""
    attribute, group, name = called
    return Share(
        attribute=attribute,
        group=group,
        measure=name,
        children=np.unique(rows.child[chosen]).size,
        counted=np.unique(rows.child[chosen & is_counted]).size,
        outcome=rate_of_rows(is_counted[chosen], rows.cluster[chosen]),
        beside=beside or {},
    )


def _beside(
    sides: tuple[Chosen, Chosen | None] | Undefined, names: Sequence[Measure], *, gammas: Sequence[float]
) -> dict[str, Outcome]:
    """Give what stands beside a share; the first measure's own numbers have no name before them."""
    beside: dict[str, Outcome] = {}
    for name in names:
        before = "" if name == names[0] else f"{name}_"
        if isinstance(sides, Undefined):
            beside[f"{before}estimate"] = sides
            continue
        group, rest = sides
        found = measure(group, name=name)
        beside[f"{before}estimate"] = found
        for gamma in gammas:
            limits = bound(group, name=name, gamma=gamma)
            beside |= {f"{before}least_at_{gamma:g}": limits.low, f"{before}most_at_{gamma:g}": limits.high}
        # why: where observed over expected meets, so does the intercept, and that is the one that is gated
        if rest is not None and name != "observed_over_expected":
            for called, is_sure in (("gap_may_vanish_at", False), ("gap_unsure_at", True)):
                at = vanishing_gamma(group, rest, name=name, is_sure=is_sure)
                beside[f"{before}{called}"] = _as_outcome(at, found)
    return beside


def _as_outcome(gamma: float | Undefined | None, of: Outcome) -> Outcome:
    """Give a gamma as an outcome with the counts of the group; it has no interval of its own."""
    if isinstance(gamma, Undefined):
        return gamma
    if gamma is None or isinstance(of, Undefined):
        return Undefined(f"the gap stands at every gamma up to {MOST_GAMMA:g}")
    at = float(gamma)
    return Estimate(
        value=at,
        k=of.k,
        n=of.n,
        clusters=of.clusters,
        design_effect=of.design_effect,
        variance=0.0,
        limits=lambda _: (at, at),
        cluster_ids=of.cluster_ids[:0],
        influence=of.influence[:0],
    )
