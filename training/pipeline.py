"""The whole of training in one call: origins, learners, calibration, choice, audit, and a tracked run with its bundle.

Nothing is decided here: each step is its own module, and every value is the plan's. What comes out is a run in MLflow
that `training.registry.release` may release, or refuse.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from features.as_of import as_extracted_columns
from features.indicators.catalogue import SCORED, by_name
from features.indicators.streams import tables_of
from features.tables.load import too_many_set_aside
from features.tables.validate import raise_if_unusable
from features.vocabulary.home import home
from training.evidence import Found, write_evidence
from training.fitting import (
    Fitted,
    audit_fold,
    choose_on,
    compare_calibrations,
    fit_fold,
    how_sure,
    measure_fold,
)
from training.learners import held_to
from training.registry import tracking
from training.registry.bundle import dump_json, read_bundle, write_bundle
from training.registry.card import card_of, render
from training.registry.explanation import draw_explanation
from training.registry.golden import golden, synthetic_rows
from training.registry.manifest import SCHEMA_VERSION, Days, Manifest, libraries, trained_on
from training.registry.planned_records import load_as_planned
from training.splits import CLUSTER, Fold, Snapshot, check_origins, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from features.tables.records import Records
    from training.audit import Audit
    from training.registry.neighbours import NeighbourShares
    from training.registry.plan import Plan

Say = Callable[[str], None]


def silent(_: str) -> None:
    """Say nothing."""


FEWEST_SHOWN = 5
"""Within the authority a count of children below this is withheld: how few died or were adopted names them."""


def _counted(snapshot: Snapshot) -> dict[str, Any]:
    """Count children; a reason for leaving fewer than 5 out has null for its count."""
    shown = {reason: count if count >= FEWEST_SHOWN else None for reason, count in snapshot.censored.items()}
    return {
        "rows": snapshot.rows.height,
        "children": snapshot.rows["child_id"].n_unique(),
        "escalated": snapshot.n_positive,
        "censored": shown,
    }


def _met(fold: Fold) -> dict[str, int | None]:
    """Count children tried on who were learned from too, and those of whom only the household was."""
    tried, learned = fold.test.rows, fold.train.rows
    is_met = tried["child_id"].is_in(learned["child_id"].unique().implode())
    is_household_met = tried[CLUSTER].is_in(learned[CLUSTER].unique().implode())
    counts = {
        "met_in_training": int(is_met.sum()),
        "only_household_met": int((is_household_met & ~is_met).sum()),
    }
    return {name: count if count >= FEWEST_SHOWN else None for name, count in counts.items()}


def _days(fold: Fold, records: Records) -> Days:
    origin = fold.origin
    return Days(
        train=origin.train,
        calibrate=origin.calibrate,
        test=origin.test,
        labels_known_on=origin.test,
        test_labels_known_on=records.extract_day,
    )


# Who a child is and who belongs to their family is asked whatever the indicators count.
ALWAYS_READ = ("ssd_person", "ssd_family")


def _tables_read(indicators: Iterable[str]) -> set[str]:
    """Name the tables that a model's indicators are read from."""
    return {*ALWAYS_READ, *(table for name in indicators for table in tables_of(by_name(name).table))}


def _manifest(records: Records, plan: Plan, fold: Fold, chosen: Fitted, found: dict[str, Any]) -> Manifest:
    """Write down what was made; `found` holds run_id, metrics and chosen."""
    return Manifest(
        schema_version=SCHEMA_VERSION,
        model_version=f"{plan.plan.outcome}-{found['run_id'][:12]}",
        outcome=plan.plan.outcome,
        kind=chosen.model.kind,
        indicators=chosen.model.indicators,
        monotone=held_to(chosen.model.kind, chosen.model.indicators),
        plan=plan,
        trained_on=trained_on(records),
        as_of=_days(fold, records),
        counts={
            "train": _counted(fold.train),
            "calibrate": _counted(fold.calibrate),
            "test": _counted(fold.test) | _met(fold),
        },
        as_extracted=tuple(as_extracted_columns(_tables_read(chosen.model.indicators))),
        libraries=libraries(),
        files={},
        acceptance=None,
        **found,
    )


def _write(
    folder: Path, manifest: Manifest, chosen: Fitted, audit: Audit, parts: tuple[NeighbourShares, pl.DataFrame]
) -> None:
    """Write the candidate bundle and read it back, checked as serving will check it."""
    neighbours, example = parts
    card = card_of(manifest, audit.as_json())
    files = {
        "model.json": dump_json(chosen.model.to_json()),
        "calibrator.json": dump_json({"slope": chosen.calibrator.slope, "intercept": chosen.calibrator.intercept}),
        "neighbours.json": dump_json(neighbours.to_json()),
        "golden.json": dump_json(golden(chosen.model, chosen.calibrator, example)),
        "audit.json": audit.to_json(),
        "audit.html": audit.to_html(),
        "card.json": dump_json(card),
        "card.html": render(card),
    }
    write_bundle(folder, files, manifest)
    read_bundle(folder)


def _say_fold(fold: Fold, measures: dict[str, Any], say: Say) -> None:
    tried = _counted(fold.test)
    left_out = ", ".join(
        f"{reason.replace('_', ' ')} {count or f'fewer than {FEWEST_SHOWN}'}"
        for reason, count in tried["censored"].items()
    )
    say(f"tried on {fold.origin.test}: {tried['rows']} children, {tried['escalated']} escalated")
    say(f"  left out, because their outcome cannot be seen: {left_out or 'nobody'}")
    for kind, found in measures.items():
        auc = found["everyone"]["auc"]
        say(f"  {kind}: AUC " + (f"{auc['value']:.3f}" if "value" in auc else auc["undefined"]))


def _record(run_id: str, records: Records, plan: Plan, folds: list[Fold], say: Say) -> None:
    """Fit, choose, audit, and put everything into the run."""
    indicators = tuple(one.name for one in SCORED if one.name not in plan.indicators.leave_out)
    by_day: dict[str, Any] = {}
    fitted: dict[Any, Fitted] = {}
    for fold in folds:
        fitted = fit_fold(fold, indicators, plan)
        by_day[fold.origin.test.isoformat()] = measure_fold(fold, fitted, plan)
        _say_fold(fold, by_day[fold.origin.test.isoformat()], say)
    last = folds[-1]
    choice = choose_on(last, fitted, plan)
    chosen = fitted[choice.kind]
    say(f"chosen: {choice.kind}, the simplest learner that does as well; auditing it")
    audit = audit_fold(records, last, chosen, plan)
    metrics = {"folds": by_day, "calibrations": compare_calibrations(last, chosen)}
    found = {"run_id": run_id, "metrics": metrics, "chosen": choice.to_json()}
    manifest = _manifest(records, plan, last, chosen, found)
    example = synthetic_rows(last.train.rows, indicators, seed=plan.lightgbm.seed)
    work = home() / f"training.{run_id}"
    try:
        bundle = work / tracking.BUNDLE_ARTIFACT
        _write(bundle, manifest, chosen, audit, (how_sure(last, chosen, plan), example))
        write_evidence(work, records, found=Found(last, chosen, audit, manifest), say=say)
        say("drawing the model's explanation")
        draw_explanation(chosen.model, last.test.rows, work / "explanation.svg")
        say("keeping the run in MLflow")
        # The model first: MLflow looks up the history of every metric that a run has when a model is logged.
        tracking.log_model(run_id, bundle, example)
        tracking.log_values(run_id, plan, metrics)
        tracking.log_files(run_id, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(records: Records, plan: Plan, *, say: Say = silent) -> str:
    """Train, choose, calibrate, audit and track.

    Parameters
    ----------
    records
        Validated records.
    plan
        Every value that changes the result.
    say
        Told what is being done, a line at a time.

    Returns
    -------
    str
        The MLflow run's id.

    Raises
    ------
    UnusableRecordsError
        When more of a table was set aside than the plan allows.
    WrongUsageError
        When the plan's days do not fit each other or the records.
    OutOfReachError
        When MLflow does not answer; told before any work is done.
    """
    raise_if_unusable(too_many_set_aside(records, most=plan.records.max_set_aside))
    check_origins(plan, extract_day=records.extract_day)
    with tracking.tracked_run(plan) as run_id:
        days = {day for origin in plan.origin for day in origin.days}
        say(f"standing on {len(days)} days, knowing only what was known on each")
        _record(run_id, records, plan, lay_out(records, plan), say)
    return run_id


def run_on(source: str, plan: Plan, *, say: Say = silent) -> str:
    """Read records and train on them; see `run`."""
    say("reading the records")
    return run(load_as_planned(source, plan.records), plan, say=say)
