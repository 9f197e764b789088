"""`audit.json` is what its published schema and the design say, and the same bytes for the same input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import training.audit
from features.vocabulary.errors import WrongUsageError
from tests.schema_check import problems
from training.audit import Audit, AuditSettings, audit_table, write_audit

SCHEMA = json.loads((Path(training.audit.__file__).parent / "audit.schema.json").read_text(encoding="utf-8"))
MEASURES = [
    "prevalence",
    "selection_rate",
    "tpr",
    "fpr",
    "fnr",
    "tnr",
    "precision",
    "npv",
    "auc",
    "average_precision",
    "brier",
    "calibration_slope",
    "calibration_intercept",
]


def _table(rows: int = 800) -> pl.DataFrame:
    random = np.random.default_rng(5)
    return pl.DataFrame(
        {
            "child": [f"C{place // 2}" for place in range(rows)],
            "outcome": random.random(rows) < 0.2,
            "score": random.random(rows),
            "sex": pl.Series(random.choice(["F", "M"], rows).tolist()).set(pl.Series(random.random(rows) < 0.1), None),
            "band": ["tiny"] * 4 + random.choice(["0", "1-4", "5+"], rows - 4).tolist(),
        }
    )


def _audit(**asked: Any) -> Audit:
    settings = {"capacity": 0.2, "child": "child", "tolerance": {"tpr": 0.1}, "intersections": 2} | asked
    return audit_table(_table(), AuditSettings(outcome="outcome", score="score", groups=("sex", "band"), **settings))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"disclosure": "published"},
        {"score_kind": "points", "reference": {"sex": "F"}, "intersections": None},
        {"capacity": None, "threshold": 2.0, "tolerance": {}},
    ],
)
def test_every_audit_keeps_to_the_published_schema(asked: dict[str, Any]):
    assert problems(json.loads(_audit(**asked).to_json()), SCHEMA) == []


def test_the_schema_refuses_a_figure_without_its_count():
    content = json.loads(_audit().to_json())
    del content["overall"]["tpr"]["k"]
    assert problems(content, SCHEMA) == ["$.overall.tpr: none of the options"]


def test_an_entry_has_the_measures_of_the_design_and_nothing_else():
    entry = json.loads(_audit().to_json())["groups"][0]
    assert set(entry) == {"attribute", "group", "n", "design_effects", *MEASURES}
    assert set(entry["tpr"]) == {"value", "low", "high", "k", "n", "clusters"}


def test_a_missing_characteristic_is_null():
    entries = json.loads(_audit().to_json())["groups"]
    assert [entry["group"] for entry in entries if entry["attribute"] == "sex"] == ["F", "M", None]


def test_an_intersection_names_its_attributes_in_the_order_asked_for():
    entry = json.loads(_audit().to_json())["intersections"][0]
    assert (entry["attribute"], entry["attributes"], entry["values"]) == ("sex*band", ["sex", "band"], ["F", "0"])


def test_a_withheld_figure_holds_nothing_but_that_it_is():
    entry = next(each for each in json.loads(_audit().to_json())["groups"] if each["group"] == "tiny")
    assert entry["n"] is None
    assert {json.dumps(entry[measure]) for measure in MEASURES} == {'{"suppressed": true}'}


def test_the_same_input_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        write_audit(_audit(), tmp_path / name)
    for file in ("audit.json", "audit.html", "cells.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_order_of_rows_changes_nothing():
    asked = AuditSettings(outcome="outcome", score="score", groups=("sex", "band"), capacity=0.2, child="child")
    shuffled = _table().sample(fraction=1, shuffle=True, seed=9)
    assert audit_table(shuffled, asked).to_json() == audit_table(_table(), asked).to_json()


def test_the_callers_table_is_not_changed():
    table, before = _table(), _table()
    audit_table(table, AuditSettings(outcome="outcome", score="score", groups=("sex",), capacity=0.2))
    assert table.equals(before)


def test_the_report_has_no_script_and_loads_nothing():
    page = _audit().to_html()
    assert "<script" not in page
    assert [part for part in ("src=", "@import", "<link", "url(http") if part in page] == []


def test_every_table_of_the_report_has_a_caption_and_scoped_headings():
    page = _audit().to_html()
    assert page.count("<table") == page.count("<caption") > 5
    assert page.count("<th") == page.count("<th scope=") + page.count("<thead")


def test_a_hostile_group_name_stays_text():
    table = _table().with_columns(sex=pl.lit('<b onclick="x">$a_{b}$ & co'))
    page = audit_table(table, AuditSettings(outcome="outcome", score="score", groups=("sex",), capacity=0.2)).to_html()
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page


def test_nothing_is_left_behind_when_writing_fails(tmp_path: Path):
    (tmp_path / "audit.html").mkdir()
    (tmp_path / "audit.html" / "in the way").touch()
    with pytest.raises(WrongUsageError, match="cannot be written"):
        write_audit(_audit(), tmp_path)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".audit-")] == []
