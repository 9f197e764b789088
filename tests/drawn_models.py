"""Small invented matrices and bundles, for tests of what needs no records."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from training.fitting import Fitted
from training.learners import directions, fit_all
from training.registry.bundle import Bundle, dump_json, read_bundle, write_bundle
from training.registry.card import card_of, render
from training.registry.golden import golden, synthetic_rows
from training.registry.manifest import SCHEMA_VERSION, Days, Manifest, TrainedOn
from training.registry.neighbours import NeighbourShares
from training.registry.plan import Plan, read_plan
from training.registry.released import Calibrator, Kind

PLAN_FILE = Path(__file__).parent.parent / "experiments" / "plans" / "escalation.toml"
INDICATORS = (
    "contacts_last_3_months",
    "age_years",
    "days_at_latest_address",
    "share_of_visits_child_seen_last_12_months",
)
RUN = "0123456789abcdef" * 2
DAY = date(2022, 12, 31)


@cache
def plan() -> Plan:
    """The committed plan."""
    return read_plan(PLAN_FILE)


def matrix(rows: int = 600, *, seed: int = 1) -> pl.DataFrame:
    """Children with four indicators and an outcome that the first raises and the third lowers."""
    draw = np.random.default_rng(seed)
    contacts, days = draw.poisson(1.0, rows), draw.integers(0, 700, rows)
    log_odds = -1.5 + 0.8 * contacts - 0.003 * days
    return pl.DataFrame(
        {
            "child_id": [f"C{number:05}" for number in range(rows)],
            "as_of": [DAY] * rows,
            "cluster": [f"F{number // 2:05}" for number in range(rows)],
            INDICATORS[0]: pl.Series(contacts, dtype=pl.Int32),
            INDICATORS[1]: pl.Series(draw.integers(0, 18, rows), dtype=pl.Int16),
            INDICATORS[2]: pl.Series([None if day < 50 else int(day) for day in days], dtype=pl.Int16),
            INDICATORS[3]: pl.Series(draw.random(rows), dtype=pl.Float32),
            "outcome": pl.Series((draw.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(int), dtype=pl.Int8),
        }
    )


@cache
def fitted(kind: Kind) -> Fitted:
    """One learner on the drawn matrix, with a calibrator that changes something."""
    return Fitted(fit_all(matrix(), INDICATORS, plan())[kind], Calibrator(slope=0.9, intercept=0.1))


def audited(**verdicts: str) -> dict[str, Any]:
    """What `audit.json` says: `tpr_sex="outside"` sets one verdict, everything else is within."""
    pairs = [(who, what) for who in ("ethnic_group", "sex", "age_band", "disability") for what in plan().audit.gated]
    entries = [
        {"attribute": who, "group": "g", "measure": what, "verdict": verdicts.get(f"{what}_{who}", "within")}
        for who, what in pairs
    ]
    return {"verdicts": entries}


def measures(auc: float) -> dict[str, Any]:
    """What every measure of a fold looks like, with one AUC for all learners."""
    figure = {"value": auc, "low": auc - 0.05, "high": auc + 0.05, "k": 60, "n": 600, "clusters": 300}
    names = ("prevalence", "auc", "average_precision", "brier", "calibration_slope", "calibration_intercept", "tpr")
    found = {name: figure for name in (*names, "precision", "log_loss")}
    return {kind: {"everyone": found} for kind in ("rule", "logistic", "lightgbm")}


def manifest(kind: Kind, *, auc: float = 0.7) -> Manifest:
    """A manifest of a run that trained on no records at all."""
    days = Days(
        train=(date(2020, 12, 31),),
        calibrate=date(2021, 12, 31),
        test=DAY,
        labels_known_on=DAY,
        test_labels_known_on=date(2025, 3, 31),
    )
    return Manifest(
        schema_version=SCHEMA_VERSION,
        run_id=RUN,
        model_version="escalation-0123456789ab",
        outcome="escalation",
        kind=kind,
        indicators=INDICATORS,
        monotone=directions(INDICATORS),
        plan=plan(),
        trained_on=TrainedOn(extract_day=date(2025, 3, 31), tables={}),
        as_of=days,
        counts={},
        metrics={"folds": {DAY.isoformat(): measures(auc)}, "calibrations": {}},
        chosen={"kind": kind, "measure": "average_precision", "steps": []},
        as_extracted=(),
        libraries={},
        files={},
        acceptance=None,
    )


def bundle(folder: Path, *, kind: Kind = "lightgbm", auc: float = 0.7, **verdicts: str) -> Bundle:
    """Write a bundle of a drawn model and read it back."""
    one, audit, written = fitted(kind), audited(**verdicts), manifest(kind, auc=auc)
    card = card_of(written, audit)
    example = synthetic_rows(matrix(), INDICATORS, seed=1)
    files = {
        "model.json": dump_json(one.model.to_json()),
        "calibrator.json": dump_json({"slope": one.calibrator.slope, "intercept": one.calibrator.intercept}),
        "neighbours.json": dump_json(NeighbourShares((0.1, 0.3), (0.05, 0.2), (0.15, 0.4), 200).to_json()),
        "golden.json": dump_json(golden(one.model, one.calibrator, example)),
        "audit.json": json.dumps(audit),
        "audit.html": "<p>audit</p>",
        "card.json": dump_json(card),
        "card.html": render(card),
    }
    write_bundle(folder, files, written)
    return read_bundle(folder)
