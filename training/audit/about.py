"""What an audit was asked and what came of it: said alike whether rows were audited or a file of cells."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.audit.disclosure.figures import rounded
from training.audit.statistics.calibration import n_clipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.groups import Group
    from training.audit.intake import Sample
    from training.audit.settings import AuditSettings, ScoreKind
    from training.audit.statistics.estimate import FloatArray

ASKED = ("outcome", "score", "groups", "threshold", "capacity", "cluster", "child", "intersections")
"""Settings that a file of cells keeps as they were."""


@dataclass(frozen=True)
class About:
    """What came of the settings, whether rows were audited or a file of cells.

    Parameters
    ----------
    outcome, score, groups, threshold, capacity, cluster, child, reference, intersections
        As they were asked for.
    score_kind, cut_off, thresholds, main
        As in `Sample`.
    n_clusters, n_clipped, left_out_households
        Clusters; probabilities held away from 0 and 1; households that are none.
    """

    outcome: str
    score: str
    groups: tuple[str, ...]
    threshold: float | None
    capacity: float | None
    cluster: str | None
    child: str | None
    reference: Mapping[str, str]
    intersections: int | None
    score_kind: ScoreKind
    cut_off: float
    thresholds: FloatArray
    main: int
    n_clusters: int
    n_clipped: int
    left_out_households: int


def about_of(sample: Sample, settings: AuditSettings) -> About:
    """Say what came of the settings on a sample."""
    return About(
        **{name: getattr(settings, name) for name in ASKED},
        reference=dict(settings.reference),
        score_kind=sample.score_kind,
        cut_off=sample.cut_off,
        thresholds=sample.thresholds,
        main=sample.main,
        n_clusters=sample.n_clusters,
        n_clipped=n_clipped(sample.score) if sample.score_kind == "probability" else 0,
        left_out_households=sample.left_out_households,
    )


def as_kept(about: About) -> dict[str, Any]:
    """Give it as a file of cells keeps it."""
    return asdict(about) | {"groups": list(about.groups), "thresholds": about.thresholds.tolist()}


def as_read(kept: Mapping[str, Any], *, main: int, settings: AuditSettings) -> About:
    """Read what a file of cells keeps, at the cut-off now asked for."""
    names = About.__dataclass_fields__
    thresholds = np.array(kept["thresholds"], dtype=np.float64)
    asked = {"threshold": settings.threshold, "capacity": settings.capacity}
    known = {name: kept[name] for name in names} | asked
    place = {"thresholds": thresholds, "main": main, "cut_off": float(thresholds[main])}
    return About(**known | place | {"groups": tuple(kept["groups"])})


def resolved(about: About, settings: AuditSettings, total: Group, gate: Gate) -> dict[str, Any]:
    """Give the settings as asked, and what came of them.

    Parameters
    ----------
    about
        What came of them.
    settings
        As asked.
    total
        Everybody.
    gate
        What is withheld.

    Returns
    -------
    dict
        `settings` of `audit.json`.
    """
    is_shown = not gate.hides_size(total)
    flagged: Figure = gate.figure(total, "selection_rate")
    return {
        "outcome": settings.outcome,
        "score": settings.score,
        "score_kind": about.score_kind,
        "groups": list(settings.groups),
        "threshold": settings.threshold,
        "capacity": settings.capacity,
        "cut_off": gate.number(about.cut_off),
        "flagged_share": flagged.get("value"),
        "cluster": settings.cluster,
        "child": settings.child,
        "reference": dict(settings.reference),
        "tolerance": {name: rounded(size) for name, size in settings.tolerance.items()},
        "gated": list(settings.measures_judged()),
        "primary": list(settings.primary_groups()),
        "intersections": settings.intersections,
        "disclosure": settings.disclosure,
        "rows": gate.count(total.n) if is_shown else None,
        "children": gate.count(total.children) if is_shown else None,
        "clusters": gate.count(about.n_clusters) if is_shown else None,
        "clipped_scores": gate.few(about.n_clipped) if is_shown else None,
        "households_left_out": gate.count(about.left_out_households),
    }
