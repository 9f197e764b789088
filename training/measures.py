"""How well a learner does on a fold: the audit's own measures, for everyone and for children never met before.

Each comes with its 95% interval over households. Recall and precision are at the plan's capacity; the cut-off is that
of the whole fold, for new children too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from training.audit.intake import take_in
from training.audit.measuring import measure_groups
from training.audit.settings import AuditSettings
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome
from training.audit.statistics.intervals import clustered_variance, t_quantile
from training.calibrate import row_losses
from training.splits import CLUSTER, Fold, Snapshot

if TYPE_CHECKING:
    from training.registry.released import Floats

MEASURES: tuple[str, ...] = (
    "prevalence",
    "auc",
    "average_precision",
    "brier",
    "calibration_slope",
    "calibration_intercept",
    "tpr",
    "precision",
)
"""`prevalence` is the base rate; `tpr` is the recall at capacity."""

NEW = "is_new"


def _stored(outcome: Outcome) -> dict[str, Any]:
    if not isinstance(outcome, Estimate):
        return {"undefined": outcome.reason}
    low, high = outcome.limits(LEVEL)
    numbers = {"value": outcome.value, "low": low, "high": high}
    return {**numbers, "k": outcome.k, "n": outcome.n, "clusters": outcome.clusters}


def _log_loss(rows: pl.DataFrame) -> dict[str, Any]:
    """Mean log loss with its interval; rows of one household count as one piece of evidence."""
    losses = row_losses(rows["score"].to_numpy(), rows["outcome"].to_numpy().astype(np.float64))
    households = rows[CLUSTER].rank(method="dense").to_numpy().astype(np.int64) - 1
    influence = np.bincount(households, losses - losses.mean()) / len(losses)
    value = float(losses.mean())
    half = t_quantile(LEVEL, influence.size - 1) * float(np.sqrt(clustered_variance(influence)))
    return {"value": value, "low": value - half, "high": value + half, "n": len(losses), "clusters": influence.size}


def tried_rows(fold: Fold, tried: Snapshot, scores: Floats) -> pl.DataFrame:
    """Put scores beside the children of a day, and say who was never met in the fold's training.

    Returns
    -------
    DataFrame
        `child_id`, `cluster`, `outcome`, `score`, and `is_new` (`yes` or `no`).
    """
    is_new = ~pl.col("child_id").is_in(fold.train.rows["child_id"].unique().implode())
    named = pl.when(is_new).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(NEW)
    return tried.rows.select("child_id", CLUSTER, "outcome", pl.Series("score", scores), named)


def measure(rows: pl.DataFrame, *, capacity: float) -> dict[str, dict[str, Any]]:
    """Measure calibrated scores against what happened.

    Parameters
    ----------
    rows
        As `tried_rows` gives them.
    capacity
        Share of the rows that there are places for.

    Returns
    -------
    dict
        `everyone` and `new_children`, each by measure: `value`, `low`, `high`, `n`, `clusters`, or why it is undefined.
        `new_children` is absent when there is none.
    """
    settings = AuditSettings(
        "outcome", "score", (NEW,), capacity=capacity, score_kind="probability", cluster=CLUSTER, child="child_id"
    )
    measured = measure_groups(take_in(rows, settings), settings)
    found = {"everyone": (measured.total, rows)}
    for group in measured.singles:
        if group.values == ("yes",):
            found["new_children"] = (group, rows.filter(pl.col(NEW) == "yes"))
    return {
        who: {name: _stored(group.measures[name]) for name in MEASURES} | {"log_loss": _log_loss(part)}
        for who, (group, part) in found.items()
    }
