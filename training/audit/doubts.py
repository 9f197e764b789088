"""What could overturn a finding: characteristics that are not recorded, and an outcome that is recorded unequally.

Everything here is arithmetic on the counts that the audit shows: how far each figure could move, and how little would
change a verdict. Which of it is true the records cannot tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.disclosure.figures import SUPPRESSED
from training.audit.groups import EVERYONE_ELSE
from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.missing import Bounds, Counts, smallest_flip, ties_of_missing, worst_case
from training.audit.trial.label import Recorded, bounds
from training.audit.trial.label_odds import TIMES, tipping_odds, true_share
from training.audit.trial.label_tipping import Tipping, tipping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.comparisons import Comparison
    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.groups import Group
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings
    from training.audit.trial.label import Measure
    from training.audit.verdicts import Verdict

BOUNDED: tuple[str, ...] = ("prevalence", "selection_rate", "tpr", "fpr", "precision", "npv")
"""Rates that are bounded whoever the children not recorded are."""

BY_LABEL: tuple[Measure, ...] = ("prevalence", "tpr", "fpr", "precision")
"""Measures that hidden positives would move."""


def missing_entries(
    singles: Sequence[Group], verdicts: Sequence[Verdict], settings: AuditSettings, gate: Gate
) -> list[dict[str, Any]]:
    """Bound each rate of each known group under any assignment of those not recorded.

    Parameters
    ----------
    singles
        Groups of single characteristics, those not recorded among them.
    verdicts
        Of the audit, for how little would change them.
    settings
        Tolerances.
    gate
        What is withheld.

    Returns
    -------
    list of dict
        For characteristics of which some are not recorded, by known group and rate: `low` and `high`, with sampling
        error `low_limit` and `high_limit`; and for a rate with a verdict `flips`, the smallest share of those not
        recorded that would change it, and to what; None when none would.
    """
    by_name = {group.attributes[0]: group for group in singles if group.values == (None,)}
    found = []
    for group in singles:
        missing = by_name.get(group.attributes[0])
        if missing is not None and group.values != (None,):
            for measure in BOUNDED:
                name = {"attribute": group.attributes[0], "group": group.values[0], "measure": measure}
                found.append(name | _bounded((group, missing), measure, verdicts, settings, gate))
    return found


def _bounded(
    pair: tuple[Group, Group], measure: str, verdicts: Sequence[Verdict], settings: AuditSettings, gate: Gate
) -> dict[str, Any]:
    """Bound one rate of one group."""
    group, missing = pair
    if not (gate.is_shown(group, measure) and gate.is_shown(missing, measure)):
        return {"suppressed": True}
    outcome = group.measures[measure]
    effect = outcome.design_effect if isinstance(outcome, Estimate) else 1.0
    own, lost = (Counts(*_as_shown(one.rows_in, measure, gate)) for one in pair)
    bound = worst_case(own, lost, measure, design_effect=effect)
    if isinstance(bound, Undefined):
        return {"undefined": bound.reason}
    numbers = {name: gate.number(getattr(bound, name)) for name in Bounds.__dataclass_fields__}
    key = (*group.attributes, *group.values, measure)
    judged = [each for each in verdicts if each.key == key and each.tolerance is not None]
    return numbers | {"flips": [_flip(pair, each, settings, gate) for each in judged]}


def _flip(pair: tuple[Group, Group], verdict: Verdict, settings: AuditSettings, gate: Gate) -> Figure | None:
    """Give how little of those not recorded would change a verdict."""
    group, missing = pair
    if "value" not in verdict.gap:
        return dict(SUPPRESSED)
    others = next(against for against in group.against if against.who == EVERYONE_ELSE)
    gap = verdict.gap
    found = smallest_flip(
        *(Counts(*_as_shown(one.rows_in, verdict.measure, gate)) for one in (group, missing, others)),
        measure=verdict.measure,
        tolerance=settings.tolerance[verdict.measure],
        widths=(gap["value"] - gap["low"], gap["high"] - gap["value"]),
    )
    return None if found is None else {"share": gate.number(found.share), "verdict": found.verdict}


def _as_shown(rows_in: Sequence[int], measure: str, gate: Gate) -> tuple[int, ...]:
    """Give rows in the four cells as a reader may know them."""
    tp, fp, fn, tn = rows_in
    if measure not in ("prevalence", "selection_rate"):
        return tuple(gate.count(rows) for rows in rows_in)
    # why: a sum is shown where its cells may be withheld, and each cell rounded by itself would tell of it
    n = gate.count(tp + fp + fn + tn)
    k = min(gate.count(tp + (fn if measure == "prevalence" else fp)), n)
    return k, 0, 0, n - k


def ties_entries(sample: Sample, singles: Sequence[Group], gate: Gate) -> list[dict[str, Any]]:
    """Say whether being not recorded goes with the outcome, or with the score.

    Parameters
    ----------
    sample
        All rows.
    singles
        Groups of single characteristics.
    gate
        What is withheld.

    Returns
    -------
    list of dict
        For each characteristic of which some are not recorded: `prevalence_gap` and `rank_gap`, those not recorded
        less the others.
    """
    found = []
    for group in singles:
        if group.values == (None,):
            entry: dict[str, Any] = {"attribute": group.attributes[0]}
            if not gate.is_shown(group, "auc"):
                found.append(entry | {"prevalence_gap": dict(SUPPRESSED), "rank_gap": dict(SUPPRESSED)})
                continue
            column = sample.groups[group.attributes[0]]
            is_missing = column.codes == column.values.index(None)
            ties = ties_of_missing(is_missing, sample.outcome, sample.score, sample.cluster)
            names = ("prevalence_gap", "rank_gap")
            found.append(entry | {name: gate.bare(getattr(ties, name)) for name in names})
    return found


def label_entries(comparisons: Sequence[Comparison], settings: AuditSettings, gate: Gate) -> list[dict[str, Any]]:
    """Say how unequally the outcome would have to be recorded to turn each gap to everyone else.

    Parameters
    ----------
    comparisons
        Of the audit.
    settings
        Tolerances: with one, a gap turns where it enters or leaves it; without, where its sign changes.
    gate
        What is withheld.

    Returns
    -------
    list of dict
        By group and measure: `in_group` and `in_others`, the smallest shares of hidden positives among recorded
        negatives that turn the gap (None where none does); `bounds` of the group's own measure by share of hidden
        positives; of the share with the outcome also `true_share`, its bounds if the group's odds of being recorded
        with it are up to so many `times` too high, or too low; for calibration, `odds`, the factor on these odds that
        would explain the gap.
    """
    found = []
    for each in comparisons:
        if each.against != EVERYONE_ELSE or each.measure not in (*BY_LABEL, "calibration_intercept"):
            continue
        name: dict[str, Any] = {"attribute": each.group.attributes[0], "group": each.group.values[0]}
        name |= {"measure": each.measure}
        if not gate.is_shown(each.group, each.measure):
            found.append(name | {"suppressed": True})
        elif each.measure == "calibration_intercept":
            found.append(name | {"odds": gate.bare(tipping_odds(each.first, each.second))})
        else:
            found.append(name | _tipped(each, settings.tolerance.get(each.measure), gate))
    return found


def _tipped(each: Comparison, tolerance: float | None, gate: Gate) -> dict[str, Any]:
    """Find what turns one gap, and bound the group's own measure."""
    others = next(against for against in each.group.against if against.who == EVERYONE_ELSE)
    measure = next(name for name in BY_LABEL if name == each.measure)
    sides = [
        _recorded(_as_shown(rows_in, measure, gate), outcome)
        for rows_in, outcome in ((each.group.rows_in, each.first), (others.rows_in, each.second))
    ]
    turned = tipping(*sides, measure=measure, tolerance=tolerance)
    bound = bounds(sides[0], measure)
    if not isinstance(turned, Tipping) or isinstance(bound, Undefined):
        return {"undefined": turned.reason if isinstance(turned, Undefined) else "nobody is in the denominator"}
    found: dict[str, Any] = {
        "turns": "sign" if tolerance is None else "tolerance",
        "in_group": None if turned.in_group is None else gate.number(turned.in_group),
        "in_others": None if turned.in_rest is None else gate.number(turned.in_rest),
        "bounds": [
            {"share": one.alpha, "low": gate.number(one.outer_low), "high": gate.number(one.outer_high)}
            for one in bound
        ],
    }
    if measure == "prevalence":
        nobody_hidden = next(one for one in bound if one.alpha == 0)
        found["true_share"] = _true_shares((nobody_hidden.outer_low, nobody_hidden.outer_high), gate)
    return found


def _true_shares(recorded: tuple[float, float], gate: Gate) -> list[dict[str, Any]]:
    """Bound the true share with the outcome, by how unequally it may be recorded."""
    bound = {times: true_share(recorded, most=times) for times in TIMES}
    return [
        {"times": times, "low": gate.number(low), "high": gate.number(high)} for times, (low, high) in bound.items()
    ]


def _recorded(shown: Sequence[int], outcome: Any) -> Recorded:
    """Give one side's counts with how alike its rows are."""
    effect = outcome.design_effect if isinstance(outcome, Estimate) else 1.0
    tp, fp, fn, tn = shown
    return Recorded(tp, fp, fn, tn, design_effect=effect)
