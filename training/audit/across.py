"""What can be said over all groups of a characteristic at once: are they alike, and does a score rank across them.

Tests stand beside the verdicts and never silence one. Only groups that are shown take part: a statistic over all of
them would give a withheld count back. It needs rows, since sisters and brothers of two groups err together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.counts.measures import rows_where, weights_of
from training.audit.disclosure.figures import SUPPRESSED
from training.audit.groups import EVERYONE_ELSE
from training.audit.settings import COMPARED, RATES
from training.audit.statistics.calibration_across import observed_over_expected, same_calibration
from training.audit.statistics.calibration_error import calibration_error
from training.audit.statistics.dispersion import dispersion
from training.audit.statistics.estimate import Outcome, Undefined
from training.audit.statistics.homogeneity import Omnibus, Segments, same_rate, same_value
from training.audit.statistics.intervals import rate
from training.audit.statistics.ranking_across import MOST_PAIRED, xauc, xauc_with_everyone_else
from training.audit.statistics.simultaneous import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.groups import Group, Measured
    from training.audit.intake import Sample
    from training.audit.statistics.estimate import BoolArray, IntArray


def across_entries(sample: Sample, measured: Measured, gate: Gate) -> dict[str, Any]:
    """Give tests over all groups, the AUC across groups, and calibration across groups.

    Parameters
    ----------
    sample
        All rows.
    measured
        All groups.
    gate
        What is withheld.

    Returns
    -------
    dict
        `homogeneity`, `ranking_across`, `expected` (observed over expected by group) and `calibration_error`.
    """
    tests: list[dict[str, Any]] = []
    ranking: list[dict[str, Any]] = []
    expected: list[dict[str, Any]] = []
    for name in sample.groups:
        groups = [group for group in measured.singles if group.attributes == (name,)]
        tests += _tests(sample, name, groups, gate)
        ranking += _ranking(sample, name, groups, gate)
        expected += [_expected(sample, name, at, gate, group) for at, group in enumerate(groups)]
    adjusted = benjamini_hochberg(np.array([each["p"] for each in tests if "p" in each]))
    for each, p in zip([each for each in tests if "p" in each], adjusted.tolist(), strict=True):
        each["p_exploratory"] = gate.number(p)
        each["p"] = gate.number(each["p"])
    return {
        "homogeneity": tests,
        "ranking_across": ranking,
        "expected": expected,
        "calibration_error": _calibration_error(sample, measured.total, gate),
    }


def _shown(groups: Sequence[Group], measure: str, gate: Gate) -> list[int]:
    """Give the places of groups of which a measure is shown."""
    return [at for at, group in enumerate(groups) if gate.is_shown(group, measure)]


def _tests(sample: Sample, name: str, groups: Sequence[Group], gate: Gate) -> list[dict[str, Any]]:
    """Test each compared measure, and calibration as a whole."""
    segments = _segments(sample, sample.groups[name].codes)
    found = []
    for measure in COMPARED:
        places = _shown(groups, measure, gate)
        if measure in RATES:
            outcomes, parts = _rates(segments, measure, places)
            test = same_rate(outcomes, parts)
        else:
            outcomes = [groups[at].measures[measure] for at in places]
            test = same_value(outcomes)
        found.append(
            _test_entry((name, measure), test, dispersion(outcomes, is_rate=measure in RATES), (groups, places), gate)
        )
    if sample.score_kind == "probability":
        places = _shown(groups, "calibration_slope", gate)
        for what, with_slopes in (("calibration_intercept_ratio", False), ("calibration_line_ratio", True)):
            test = _likelihood_ratio(sample, name, places, with_slopes=with_slopes)
            found.append(_test_entry((name, what), test, Undefined("see the intercepts"), (groups, places), gate))
    return found


def _test_entry(
    what: tuple[str, str],
    test: Omnibus | Undefined,
    spread: Outcome,
    groups: tuple[Sequence[Group], list[int]],
    gate: Gate,
) -> dict[str, Any]:
    """Give one test as `audit.json` holds it; p-values are rounded once they are adjusted."""
    every, places = groups
    entry: dict[str, Any] = {"attribute": what[0], "measure": what[1], "groups": len(places)}
    entry |= {"left_out": len(every) - len(places), "spread": gate.bare(spread)}
    if isinstance(test, Undefined):
        return entry | {"undefined": test.reason}
    return entry | {
        "p": test.p_value,
        "statistic": gate.number(test.statistic),
        "degrees": gate.number(test.degrees),
        "method": test.method,
    }


def _likelihood_ratio(sample: Sample, name: str, places: list[int], *, with_slopes: bool) -> Omnibus | Undefined:
    """Test whether one calibration will do for all groups that are shown."""
    if len(places) < 2:
        return Undefined("fewer than two groups have a number")
    codes = sample.groups[name].codes
    chosen = np.isin(codes, places)
    _, group = np.unique(codes[chosen], return_inverse=True)
    rows = rows_where(sample, chosen)
    return same_calibration(rows.score, rows.outcome, group, rows.cluster, with_slopes=with_slopes)


def _segments(sample: Sample, codes: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Count the four cells of each cluster in each group: clusters, groups, counts."""
    n_sets = int(codes.max()) + 1
    distinct, place = np.unique(sample.cluster * n_sets + codes, return_inverse=True)
    flagged = sample.score >= sample.cut_off
    cell = np.where(flagged, np.where(sample.outcome, 0, 1), np.where(sample.outcome, 2, 3))
    counts = np.bincount(4 * place + cell, minlength=4 * distinct.size).reshape(-1, 4)
    return distinct // n_sets, distinct % n_sets, counts


def _rates(
    segments: tuple[IntArray, IntArray, IntArray], measure: str, places: list[int]
) -> tuple[list[Outcome], Segments]:
    """Estimate a rate in each group, with what each cluster adds."""
    cluster, group, counts = segments
    counted, among = weights_of(measure)
    k, n = (counts @ counted).astype(np.float64), (counts @ among).astype(np.float64)
    outcomes = [rate(k[group == at], n[group == at], cluster[group == at]) for at in places]
    kept: BoolArray = np.isin(group, places) & (n > 0)
    return outcomes, Segments(cluster[kept], group[kept], k[kept], n[kept])


def _ranking(sample: Sample, name: str, groups: Sequence[Group], gate: Gate) -> list[dict[str, Any]]:
    """Give the AUC across every two groups that are shown; with many groups, across each and everyone else."""
    codes = sample.groups[name].codes
    is_shown = [gate.is_shown(group, "auc") for group in groups]
    values = [group.values[0] for group in groups]
    if len(groups) > MOST_PAIRED:
        pairs = xauc_with_everyone_else(sample.score, sample.outcome, codes, sample.cluster)
        both = [
            (first, second, outcome, is_shown[at])
            for at, (mine, others) in enumerate(pairs)
            for first, second, outcome in ((values[at], EVERYONE_ELSE, mine), (EVERYONE_ELSE, values[at], others))
        ]
    else:
        table = xauc(sample.score, sample.outcome, codes, sample.cluster)
        both = [
            (values[a], values[b], table[a][b], is_shown[a] and is_shown[b])
            for a in range(len(groups))
            for b in range(len(groups))
            if a != b
        ]
    return [
        {
            "attribute": name,
            "with_outcome": first,
            "without_outcome": second,
            "auc": gate.bare(outcome) if may_show else dict(SUPPRESSED),
        }
        for first, second, outcome, may_show in both
    ]


def _expected(sample: Sample, name: str, at: int, gate: Gate, group: Group) -> dict[str, Any]:
    """Give observed over expected of one group."""
    entry: dict[str, Any] = {"attribute": name, "group": group.values[0]}
    if not gate.is_shown(group, "calibration_intercept"):
        return entry | {"observed_over_expected": dict(SUPPRESSED)}
    if sample.score_kind != "probability":
        reason = "needs scores that are probabilities; these are points"
        return entry | {"observed_over_expected": {"undefined": reason}}
    rows = rows_where(sample, sample.groups[name].codes == at)
    found = observed_over_expected(rows.score, rows.outcome, rows.cluster, rows.cluster_ids)
    return entry | {"observed_over_expected": gate.bare(found)}


def _calibration_error(sample: Sample, total: Group, gate: Gate) -> Figure:
    """Give the de-biased squared calibration error of everybody with its null band."""
    if sample.score_kind != "probability":
        return {"undefined": "needs scores that are probabilities; these are points"}
    if not gate.is_shown(total, "brier"):
        return dict(SUPPRESSED)
    found = calibration_error(sample.score, sample.outcome, sample.cluster)
    if isinstance(found, Undefined):
        return {"undefined": found.reason}
    # why not to two decimals: a squared distance of 0.03 is 0.0009
    return {
        "value": round(found.value, 6),
        "null_low": round(found.null_low, 6),
        "null_high": round(found.null_high, 6),
        "bins": found.n_bins,
    }
