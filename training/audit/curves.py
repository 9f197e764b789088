"""Over all thresholds: rates and net benefit of every group at each of twenty cut-offs, from tallies alone.

Net benefit weighs a child flagged rightly against one flagged for nothing, at the odds of the threshold; it needs
scores that are probabilities. It does not say which cut-off is right: that is a decision about places and harms.

References
----------
Vickers and Elkin (2006), Medical Decision Making 26:565 (net benefit).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.counts.measures import rates_of
from training.audit.disclosure.figures import SUPPRESSED, Gate
from training.audit.disclosure.suppression import AT_A_THRESHOLD, withhold
from training.audit.groups import at_threshold
from training.audit.statistics.estimate import NO_CLUSTERS, NO_INFLUENCE, Estimate, Outcome, Undefined
from training.audit.statistics.intervals import MIN_CLUSTERS, t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.about import About
    from training.audit.counts.tallies import Tally
    from training.audit.disclosure.figures import Figure
    from training.audit.groups import Group
    from training.audit.statistics.estimate import FloatArray, IntArray

DRAWN: tuple[str, ...] = ("selection_rate", "tpr", "fpr", "precision")
"""Rates whose curves are given."""


def curve_entries(groups: Sequence[Group], about: About, gate: Gate) -> list[dict[str, Any]]:
    """Give rates and net benefit at each threshold.

    Parameters
    ----------
    groups
        Everybody, then single groups.
    about
        Holds the thresholds.
    gate
        At the audit's own cut-off; at each other threshold its own counts withhold more.

    Returns
    -------
    list of dict
        By threshold, from the lowest on, then by group: `attribute`, `group`, `threshold`, each of `DRAWN`,
        `net_benefit`, and `net_benefit_if_all_are_flagged`. To flag nobody has a net benefit of 0.
    """
    return [
        _entry(group, about, at, here)
        for at in range(about.thresholds.size)
        for here in [_gate_at(groups, at, gate, about.main)]
        for group in groups
    ]


def _gate_at(groups: Sequence[Group], at: int, gate: Gate, main: int) -> Gate:
    """Decide what is withheld at one threshold; at the cut-off, all that is withheld there.

    Elsewhere only what goes without a cut-off stays withheld: the same curve is then shown whichever threshold of it is
    the cut-off, and several audits of the same rows tell no more than one.
    """
    moved = [at_threshold(group, group.counts, at) for group in groups if group.counts is not None]
    gone = [group for group in groups if group.counts is None]
    before = {
        key: [block for block in blocks if at == main or block not in AT_A_THRESHOLD]
        for key, blocks in gate.withheld.items()
    }
    return Gate(withhold([*moved, *gone], gate.disclosure, before=before), gate.disclosure)


def _entry(group: Group, about: About, at: int, gate: Gate) -> dict[str, Any]:
    """Give one group at one threshold."""
    threshold = float(about.thresholds[at])
    name: dict[str, Any] = {
        "attribute": group.attributes[0] if group.attributes else None,
        "group": group.values[0] if group.values else None,
        "threshold": gate.number(threshold),
    }
    for measure in DRAWN:
        is_shown = group.counts is not None and gate.is_shown(group, measure)
        name[measure] = gate.shown(_rate(group, measure, at), is_rate=True) if is_shown else dict(SUPPRESSED)
    return name | _benefits(group, threshold if about.score_kind == "probability" else math.nan, at, gate)


def _rate(group: Group, measure: str, at: int) -> Outcome:
    """Give one rate at one threshold."""
    assert group.counts is not None
    return rates_of(group.counts, measure).outcome(0, at)


def _benefits(group: Group, threshold: float, at: int, gate: Gate) -> dict[str, Figure]:
    """Give the net benefit of flagging from a threshold on, and of flagging everybody."""
    names = ("net_benefit", "net_benefit_if_all_are_flagged")
    if group.counts is None or not gate.is_shown(group, "tpr"):
        return {name: dict(SUPPRESSED) for name in names}
    if not 0 < threshold < 1:
        return {name: {"undefined": "needs a threshold that is a probability between 0 and 1"} for name in names}
    odds = threshold / (1 - threshold)
    gains = (np.array([1.0, -odds, 0.0, 0.0]), np.array([1.0, -odds, 1.0, -odds]))
    # why as shown: at twenty thresholds the means of whole counts would undo the rounding of those in print
    cells = np.array([gate.count(rows) for rows in group.counts.cells[0, at].tolist()])
    return {name: gate.bare(mean_gain(group.counts, gain, at, cells)) for name, gain in zip(names, gains, strict=True)}


def mean_gain(counts: Tally, gain: FloatArray, at: int, cells: IntArray) -> Outcome:
    """Estimate the mean over rows of what a row in each of the four cells gains.

    Parameters
    ----------
    counts
        One set.
    gain
        Of a row in each of `CELLS`.
    at
        Place of the threshold.
    cells
        Rows in each of `CELLS` there, as they may be shown.

    Returns
    -------
    Estimate or Undefined
        Variance by cluster; undefined below 10 clusters.
    """
    clusters = int(counts.clusters[0, at, 0])
    if clusters < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    n = int(cells.sum())
    value = float(cells @ gain) / n
    error = (gain - value) / n
    variance = max(0.0, float(error @ counts.products[0, at] @ error)) * clusters / (clusters - 1)

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, clusters - 1) * math.sqrt(variance)
        return value - half, value + half

    return Estimate(value, int(cells[0] + cells[2]), n, clusters, 1.0, variance, limits, NO_CLUSTERS, NO_INFLUENCE)
