"""Everything that an audit says beside measures, differences and verdicts, put together for `audit.json`.

Each section is its own file; this one knows which there are and what they need. What needs rows is said to be missing
where only a file of cells is at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.across import across_entries
from training.audit.counts.decomposition import PARTS, split_gap
from training.audit.curves import curve_entries
from training.audit.disclosure.shares import shown_shares
from training.audit.doubts import label_entries, missing_entries, ties_entries
from training.audit.groups import EVERYONE_ELSE
from training.audit.together import withheld_together
from training.audit.trial.followup import AFTER, BEFORE, cut_short, shares_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.about import About
    from training.audit.comparisons import Comparison
    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.groups import Group, Measured
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings
    from training.audit.verdicts import Verdict

OF_ROWS: tuple[str, ...] = ("homogeneity", "ranking_across", "expected", "missing_tied", "together")
"""Lists that only rows can fill."""

NEEDS_ROWS = "needs rows, and a file of cells holds none"


def sections_of(
    measured: Measured,
    judged: tuple[Sequence[Comparison], Sequence[Verdict]],
    settings: AuditSettings,
    about: About,
    gate: Gate,
    sample: Sample | None,
) -> dict[str, Any]:
    """Give every section.

    Parameters
    ----------
    measured
        All groups.
    judged
        Comparisons and verdicts.
    settings, about
        What was asked, and what came of it.
    gate
        What is withheld.
    sample
        The rows; None when a file of cells is audited.

    Returns
    -------
    dict
        By name, as `audit.schema.json` describes them.
    """
    comparisons, verdicts = judged
    found: dict[str, Any] = {
        "curves": curve_entries([measured.total, *measured.singles], about, gate),
        "gaps_split": _splits(measured.singles, about, gate),
        "missing": missing_entries(measured.singles, verdicts, settings, gate),
        "label": label_entries(comparisons, settings, gate),
    }
    if sample is None:
        nothing: dict[str, Any] = dict.fromkeys(
            ("homogeneity", "ranking_across", "expected", "missing_tied", "together")
        )
        return (
            found | {name: [] for name in nothing} | {"calibration_error": {"undefined": NEEDS_ROWS}, "followup": None}
        )
    return (
        found
        | across_entries(sample, measured, gate)
        | {
            "missing_tied": ties_entries(sample, measured.singles, gate),
            "together": withheld_together(sample, measured, gate),
            "followup": _followup(sample, gate),
        }
    )


def _splits(singles: Sequence[Group], about: About, gate: Gate) -> list[dict[str, Any]]:
    """Split gaps to everyone else into base rate and errors."""
    found = []
    for group in singles:
        for measure in PARTS:
            name: dict[str, Any] = {"attribute": group.attributes[0], "group": group.values[0], "measure": measure}
            others = [against for against in group.against if against.who == EVERYONE_ELSE]
            if group.counts is None or not others or not gate.is_shown(group, "prevalence", "tpr"):
                found.append(name | {"suppressed": True})
            else:
                parts = split_gap(group.counts, others[0].others, measure, threshold=about.main)
                found.append(name | {"parts": {part: gate.bare(outcome) for part, outcome in parts.items()}})
    return found


def _followup(sample: Sample, gate: Gate) -> dict[str, Any] | None:
    """Say whether the share with the outcome jumps near the end; None when no column names the day."""
    if sample.day is None:
        return None
    jump = cut_short(sample.day, sample.outcome, cluster=sample.cluster)
    if jump is None:
        return {"jumps": False}
    shares = shares_around(jump, sample.day, sample.outcome, cluster=sample.cluster, child=sample.child)
    shown = {entry["group"]: entry["share"] for entry in shown_shares(shares, gate.disclosure)}
    sides = {name: _without_counts(shown[part]) for name, part in (("earlier", BEFORE), ("last", AFTER))}
    # why: cut short, hardly anybody has the outcome near the end; a ratio of 0, or one to a share that stands, gives it
    is_told = all("value" in side for side in sides.values())
    return {"jumps": True, "reason": jump.reason, "ratio": gate.number(jump.ratio) if is_told else None, **sides}


def _without_counts(figure: Figure) -> Figure:
    """Leave a figure's counts out."""
    return {name: part for name, part in figure.items() if name not in ("k", "n", "clusters")}
