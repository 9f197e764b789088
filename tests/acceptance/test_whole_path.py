"""The whole path as its users walk it: records in, an explained and recorded score out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import earlyhelp
from training.pipeline import run
from training.registry.bundle import read_champion
from training.registry.plan import read_plan
from training.registry.release import release

if TYPE_CHECKING:
    from features.tables.records import Records
    from training.registry.bundle import Bundle

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "experiments" / "plans" / "escalation.toml"
DAY = "2025-03-31"


@pytest.fixture(scope="module")
def scored(authority: Path, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The scores of `earlyhelp score --explain` on the extract's day."""
    out = tmp_path_factory.mktemp("scores") / "scores.parquet"
    assert earlyhelp.run(["score", str(authority), "--as-of", DAY, "--out", str(out), "--explain"]) == 0
    return pl.read_parquet(out)


def test_contributions_add_up_to_every_score(scored: pl.DataFrame) -> None:
    contributions = pl.sum_horizontal(pl.col("^contribution_.*$"))
    log_odds = (pl.col("score") / (1 - pl.col("score"))).log()
    gap = scored.select((pl.col("base") + contributions - log_odds).abs().max()).item()
    assert gap < 1e-9


def test_scores_stand_in_the_promised_columns(scored: pl.DataFrame) -> None:
    promised = [
        "child_id",
        "as_of",
        "outcome",
        "score",
        "low",
        "high",
        "band",
        "rank",
        "model_version",
        "base",
    ]
    assert scored.columns[: len(promised)] == promised
    assert scored.select((pl.col("low") <= pl.col("high")).all()).item()
    assert sorted(scored["rank"]) == list(range(1, scored.height + 1))


def test_training_twice_gives_the_same_bytes(
    authority_records: Records, trained: str, bundle: Bundle, session_home: Path
) -> None:
    again = run(authority_records, read_plan(PLAN), say=lambda _: None)
    release(again, alias="challenger", accepted_by="Test session", reason="invented families, small groups")
    first, second = (session_home / "releases" / run_id for run_id in (trained, again))
    assert (first / "model.json").read_bytes() == (second / "model.json").read_bytes()
    assert (first / "calibrator.json").read_bytes() == (second / "calibrator.json").read_bytes()
    assert (first / "audit.json").read_bytes() == (second / "audit.json").read_bytes()
    assert bundle.manifest.metrics == read_champion("challenger").manifest.metrics


def test_without_a_champion_scoring_is_refused(
    authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path / "empty"))
    assert earlyhelp.run(["score", str(authority), "--as-of", DAY, "--out", str(tmp_path / "s.parquet")]) == 3
    assert "earlyhelp release" in capsys.readouterr().err
    assert not (tmp_path / "s.parquet").exists()


def test_the_demo_walks_the_whole_path_and_writes_in_its_home_alone(tmp_path: Path) -> None:
    elsewhere = {name: tmp_path / name for name in ("work", "HOME", "TMPDIR")}
    for folder in elsewhere.values():
        folder.mkdir()
    ours = {name: value for name, value in os.environ.items() if name not in ("MPLCONFIGDIR", "XDG_CACHE_HOME")}
    state = {"EARLYHELP_HOME": str(tmp_path / "state"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "experiments.demo", "--once", "--children", "3000", "--port", "0"],
        cwd=elsewhere["work"],
        env={**ours, **state, **{name: str(folder) for name, folder in elsewhere.items()}},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(r"Of 100 children with records like these", done.stdout)
    assert re.search(r"\b1:[0-9a-f]{64}\b", done.stdout)
    assert [list(folder.iterdir()) for folder in elsewhere.values()] == [[], [], []]
    assert {p.name for p in tmp_path.iterdir()} == {*elsewhere, "state"}
