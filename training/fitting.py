"""What is done with one origin: fit every learner, calibrate, measure, choose, audit.

Each step reads a fold and the plan and gives a value; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from features.as_of import view_as_of
from features.groups import characteristics_of
from training.audit import Audit, audit_table
from training.calibrate import compare, fit_affine
from training.choice import Choice, choose
from training.learners import fit_all
from training.measures import measure, tried_rows
from training.registry.neighbours import NeighbourShares, neighbour_shares
from training.splits import CLUSTER, Fold, Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from features.tables.records import Records
    from training.registry.plan import Plan
    from training.registry.released import Calibrator, Floats, Kind, ReleasedModel


@dataclass(frozen=True)
class Fitted:
    """A learner fitted on a fold's training days and calibrated on its calibration day."""

    model: ReleasedModel
    calibrator: Calibrator

    def scores(self, tried: Snapshot) -> Floats:
        """Score the children of a day."""
        return self.calibrator.score(self.model.margin(tried.rows))


def _outcomes(snapshot: Snapshot) -> Floats:
    return snapshot.rows["outcome"].to_numpy().astype(np.float64)


def _clusters(snapshot: Snapshot) -> NDArray[np.int64]:
    return snapshot.rows[CLUSTER].rank(method="dense").to_numpy().astype(np.int64) - 1


def fit_fold(fold: Fold, indicators: tuple[str, ...], plan: Plan) -> dict[Kind, Fitted]:
    """Fit and calibrate every learner on one origin."""
    models = fit_all(fold.train.rows, indicators, plan)
    outcomes = _outcomes(fold.calibrate)
    return {
        kind: Fitted(model, fit_affine(model.margin(fold.calibrate.rows), outcomes)) for kind, model in models.items()
    }


def measure_fold(fold: Fold, fitted: dict[Kind, Fitted], plan: Plan) -> dict[str, Any]:
    """Measure every learner on an origin's test day."""
    return {
        kind: measure(tried_rows(fold, fold.test, one.scores(fold.test)), capacity=plan.bands.capacity)
        for kind, one in fitted.items()
    }


def choose_on(fold: Fold, fitted: dict[Kind, Fitted], plan: Plan) -> Choice:
    """Choose the simplest learner that does as well, on the origin's calibration day."""
    margins = {kind: one.model.margin(fold.calibrate.rows) for kind, one in fitted.items()}
    return choose(margins, _outcomes(fold.calibrate), _clusters(fold.calibrate), plan.choice)


def compare_calibrations(fold: Fold, chosen: Fitted) -> dict[str, dict[str, float]]:
    """Compare the affine calibrator with two that are never released."""
    before, tried = chosen.model.margin(fold.calibrate.rows), chosen.model.margin(fold.test.rows)
    return compare(chosen.calibrator, (before, _outcomes(fold.calibrate)), (tried, _outcomes(fold.test)))


def audit_fold(records: Records, fold: Fold, chosen: Fitted, plan: Plan) -> Audit:
    """Audit the chosen learner on the last origin's test day, by characteristic as recorded on that day."""
    rows = tried_rows(fold, fold.test, chosen.scores(fold.test))
    groups = characteristics_of(view_as_of(records, as_of=fold.origin.test), rows["child_id"])
    rule = plan.audit
    table = rows.join(groups, on="child_id", how="left", maintain_order="left")
    settings = rule.settings_on(table, outcome="outcome", child="child_id", capacity=rule.capacity)
    return audit_table(table, settings)


def how_sure(fold: Fold, chosen: Fitted, plan: Plan) -> NeighbourShares:
    """Measure what happened to the nearest children of the calibration day, at a grid of scores."""
    return neighbour_shares(
        chosen.scores(fold.calibrate),
        _outcomes(fold.calibrate),
        _clusters(fold.calibrate),
        children=plan.neighbours.children,
        knots=plan.neighbours.knots,
    )
