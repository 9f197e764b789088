"""One model, trained on an authority of its own, that scores all others on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.e003_planted.authorities import plan, simulated
from features.as_of import view_as_of
from features.cohort import cohort
from features.groups import characteristics_of
from features.indicators.catalogue import SCORED, by_name
from features.indicators.matrix import build_matrix
from features.outcomes import outcome_after
from training.fitting import Fitted, choose_on, fit_fold
from training.measures import tried_rows
from training.registry.plan import read_plan
from training.registry.planned_records import load_as_planned
from training.registry.released import Calibrator, ReleasedModel
from training.splits import CLUSTER, Fold, Snapshot, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records
    from training.registry.plan import Origin, Plan


@dataclass(frozen=True)
class Day:
    """One authority on the day of scoring.

    Parameters
    ----------
    records
        All of them.
    fold
        Its test day alone holds rows: nobody of this authority was learned from.
    rows
        Those that are audited, with score, outcome, cluster and characteristics.
    """

    records: Records
    fold: Fold
    rows: pl.DataFrame


def training_plan() -> Plan:
    """Read the plan that the model is trained by; of its origins the last."""
    whole = read_plan(_plans() / plan()["model"]["plan"])
    return whole.model_copy(update={"origin": whole.origin[-1:]})


def _plans() -> Path:
    from experiments.e003_planted.authorities import HERE

    return HERE.parent / "plans"


def train() -> dict[str, Any]:
    """Train, calibrate and choose, as `training.pipeline` does; what comes out can be sent to another process."""
    of, rule = plan()["model"], training_plan()
    with simulated(children=of["children"], seed=of["seed"]) as place:
        fold = lay_out(load_as_planned(str(place / "records"), rule.records), rule)[-1]
    indicators = tuple(one.name for one in SCORED if one.name not in rule.indicators.leave_out)
    fitted = fit_fold(fold, indicators, rule)
    chosen = fitted[choose_on(fold, fitted, rule).kind]
    calibrator = {"slope": chosen.calibrator.slope, "intercept": chosen.calibrator.intercept}
    return {"model": chosen.model.to_json(), "calibrator": calibrator}


def fitted_from(stored: dict[str, Any]) -> Fitted:
    """Read what `train` gave."""
    return Fitted(ReleasedModel.from_json(stored["model"]), Calibrator(**stored["calibrator"]))


def score_day(place: Path, fitted: Fitted, rule: Plan) -> Day:
    """Score everybody who could have been scored on the day, with what happened to them within the horizon."""
    records = load_as_planned(str(place / "records"), rule.records)
    as_of = plan()["authorities"]["as_of"]
    view = view_as_of(records, as_of=as_of)
    children = cohort(view, rule.cohort)
    matrix = build_matrix(view, children, indicators=[by_name(name) for name in fitted.model.indicators])
    outcomes = outcome_after(records, children, as_of=as_of, known_on=records.extract_day, rule=rule.outcome)
    labelled = matrix.join(outcomes.drop("escalated_day"), on="child_id", how="left").filter(
        pl.col("outcome").is_not_null()
    )
    tried = Snapshot(labelled.drop("censored").with_columns(pl.coalesce("family_id", "child_id").alias(CLUSTER)), {})
    fold = _fold(rule.origin[-1], tried)
    rows = tried_rows(fold, tried, fitted.scores(tried))
    groups = characteristics_of(view, rows["child_id"])
    return Day(records, fold, rows.join(groups, on="child_id", how="left", maintain_order="left"))


def _fold(origin: Origin, tried: Snapshot) -> Fold:
    nobody = Snapshot(tried.rows.clear(), {})
    return Fold(origin, train=nobody, calibrate=nobody, test=tried)
