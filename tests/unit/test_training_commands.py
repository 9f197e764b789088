"""The sub-commands of models, as a script calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import earlyhelp
from training.audit_commands import references_of, tolerances_of

if TYPE_CHECKING:
    from pathlib import Path

AUDIT = ["--outcome", "came_true", "--score", "score", "--groups", "sex,area", "--capacity", "0.25"]


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """A table of scores of somebody else's model."""
    drawn = {"came_true": [0, 0, 0, 1] * 60, "score": [0.1, 0.2, 0.3, 0.6] * 60, "sex": ["F"] * 120 + ["M"] * 120}
    path = tmp_path / "scores.csv"
    pl.DataFrame(drawn).with_columns(area=pl.lit("north")).write_csv(path)
    return path


def test_audit_writes_its_files(scores: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit"
    assert earlyhelp.run(["audit", str(scores), *AUDIT, "--reference", "sex=F", "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {"audit.json", "audit.html", "audit.csv", "cells.parquet"}


def test_audit_of_a_column_that_is_not_there_is_wrong_usage(scores: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit"
    assert earlyhelp.run(["audit", str(scores), *AUDIT, "--cluster", "home", "--out", str(out)]) == 64
    assert not out.exists()


def test_audit_without_a_cut_off_is_wrong_usage(scores: Path, tmp_path: Path) -> None:
    assert earlyhelp.run(["audit", str(scores), *AUDIT[:-2], "--out", str(tmp_path / "audit")]) == 64


def test_a_plan_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    assert earlyhelp.run(["train", str(tmp_path), "--plan", str(tmp_path / "none.toml")]) == 64


def test_references_are_read_by_column() -> None:
    assert references_of(["sex=F", "ethnic_group=White British"]) == {"sex": "F", "ethnic_group": "White British"}


@pytest.mark.parametrize("text", ["sex", "sex=", "=F"])
def test_a_reference_without_column_or_group_is_wrong_usage(text: str) -> None:
    with pytest.raises(earlyhelp.WrongUsageError, match="a column and one of its groups"):
        references_of([text])


def test_tolerances_are_read_by_measure(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text("tpr = 0.1\ncalibration_intercept = 1\n", encoding="utf-8")
    assert tolerances_of(tmp_path / "t.toml") == {"tpr": 0.1, "calibration_intercept": 1.0}


@pytest.mark.parametrize("text", ["tpr =", "[tpr]", 'tpr = "wide"'])
def test_tolerances_that_are_no_numbers_are_wrong_usage(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(earlyhelp.WrongUsageError, match="could not be read"):
        tolerances_of(tmp_path / "t.toml")
