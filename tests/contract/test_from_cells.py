"""An audit from its aggregate file gives every rate exactly, marks what is binned, and needs nobody's row."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import earlyhelp
from training.audit import Audit, AuditSettings, CellsAsked, audit_table
from training.audit.audit import audit_cells
from training.audit.counts.cells_in import read_cells, settings_of
from training.audit.settings import RATES, SCORED

if TYPE_CHECKING:
    from pathlib import Path

TOLERANCE = {"tpr": 0.1, "calibration_intercept": 0.3}
GROUPS = ("colour", "shape")


@cache
def _table(rows: int = 2400) -> pl.DataFrame:
    random = np.random.default_rng(11)
    child = random.integers(0, rows // 3, rows)
    colour = np.where(random.random(rows // 3) < 0.004, "rare", random.choice(["red", "blue", "green"], rows // 3))
    colour[:3] = "rare"
    need = random.beta(1, 5, rows // 3)[child]
    drawn = {"child": child, "home": child // 2, "colour": colour[child], "shape": random.choice(["o", "x"], rows)}
    return pl.DataFrame(drawn | {"score": need, "outcome": random.random(rows) < need}).with_columns(
        shape=pl.when(pl.col("score") > 0.02).then("shape")
    )


def _audit(**asked: Any) -> Audit:
    settings = {"capacity": 0.2, "child": "child", "cluster": "home", "tolerance": TOLERANCE, "intersections": 2}
    settings |= {"reference": {"colour": "green", "shape": "o"}} | asked
    return audit_table(_table(), AuditSettings("outcome", "score", GROUPS, **settings))


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cells") / "cells.parquet"
    _audit().cells.write(path)
    return path


def _again(cells: Path, **asked: Any) -> dict[str, Any]:
    lines, kept = read_cells(cells)
    return audit_cells(lines, kept, settings_of(kept, CellsAsked(tolerance=TOLERANCE, **asked))).as_json()


def _entries(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [content["overall"], *content["groups"], *content["intersections"]]


@pytest.mark.parametrize("asked", [{}, {"capacity": 0.35}, {"disclosure": "published"}])
def test_every_rate_is_exactly_that_of_the_rows(cells: Path, asked: dict[str, Any]):
    rows, again = _audit(**asked).as_json(), _again(cells, **asked)
    for one, other in zip(_entries(rows), _entries(again), strict=True):
        known = [name for name in RATES if "suppressed" not in other[name]]
        assert {name: other[name] for name in known} == {name: one[name] for name in known}
    assert sum("value" in entry["tpr"] for entry in _entries(again)) > 3


def test_curves_splits_and_gaps_of_rates_are_exactly_those_of_the_rows(cells: Path):
    rows, again = _audit().as_json(), _again(cells)
    assert (again["curves"], again["gaps_split"]) == (rows["curves"], rows["gaps_split"])
    gaps = [
        [each for each in content["differences"] if each["measure"] in RATES and "suppressed" not in each["gap"]]
        for content in (rows, again)
    ]
    assert gaps[0] == gaps[1]
    assert {each["against"] for each in gaps[0]} == {"everyone else", "reference"}
    verdicts = [
        [each for each in content["verdicts"] if each["measure"] == "tpr" and "value" in each["gap"]]
        for content in (rows, again)
    ]
    names = ("gap", "verdict", "smallest_gap", "p")
    assert [[each[name] for name in names] for each in verdicts[0]] == [
        [each[name] for name in names] for each in verdicts[1]
    ]


def test_ranking_and_calibration_are_near_and_marked_as_binned(cells: Path):
    for one, other in zip(_entries(_audit().as_json()), _entries(_again(cells)), strict=True):
        for name in SCORED:
            if "value" in other[name]:
                assert other[name]["binned"]
                assert other[name]["value"] == pytest.approx(one[name]["value"], abs=0.06)
                assert "binned" not in one[name]


def test_a_withheld_group_stays_withheld(cells: Path):
    found = {entry["group"]: entry["n"] for entry in _again(cells)["groups"] if entry["attribute"] == "colour"}
    assert found["rare"] is None
    assert sum(n is None for n in found.values()) == 2


def test_a_cut_off_of_which_the_file_holds_no_counts_is_refused(cells: Path, capsys: pytest.CaptureFixture[str]):
    out = cells.parent / "refused"
    assert earlyhelp.run(["audit", "--from-cells", str(cells), "--threshold", "0.123", "--out", str(out)]) == 64
    assert "no counts at this cut-off" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_the_same_figures(cells: Path, tmp_path: Path):
    assert earlyhelp.run(["audit", "--from-cells", str(cells), "--out", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "audit.json").read_text())["overall"] == _again(cells)["overall"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not a file of cells", "no aggregate file"), (b"", "no aggregate file"), (None, "does not exist")],
)
def test_what_is_no_file_of_cells_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
):
    path = tmp_path / "cells.parquet"
    if content is not None:
        path.write_bytes(content)
    assert earlyhelp.run(["audit", "--from-cells", str(path), "--out", str(tmp_path)]) in (2, 64)
    assert said in capsys.readouterr().err


def test_a_published_file_of_cells_says_why_it_holds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    _audit(disclosure="published").cells.write(tmp_path / "cells.parquet")
    assert earlyhelp.run(["audit", "--from-cells", str(tmp_path / "cells.parquet"), "--out", str(tmp_path)]) == 64
    assert "published disclosure" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--groups", "colour"], ["--against", "audit.json"], ["--child", "child"]])
def test_what_only_a_table_can_be_asked_is_refused(
    cells: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
):
    assert earlyhelp.run(["audit", "--from-cells", str(cells), *more, "--out", str(tmp_path)]) == 64
    assert more[0] in capsys.readouterr().err
