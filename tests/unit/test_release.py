"""A trained run and its release, on the session's authority: what MLflow holds, and what serving finds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.vocabulary.errors import OutOfReachError, RefusedError, WrongUsageError
from tests.drawn_models import plan
from training.pipeline import run
from training.registry import tracking
from training.registry.bundle import Bundle, read_champion
from training.registry.release import release
from training.splits import lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records


def test_the_bundle_says_what_it_was_made_of(bundle: Bundle, authority_records: Records, trained: str) -> None:
    manifest = bundle.manifest
    assert (manifest.run_id, manifest.plan) == (trained, plan())
    assert set(manifest.trained_on.tables) == set(authority_records.tables)
    assert {table.sha256 for table in manifest.trained_on.tables.values()} == set(
        authority_records.content_hashes[name] for name in authority_records.tables
    )


def test_every_learner_is_measured_on_every_origin(bundle: Bundle) -> None:
    folds = bundle.manifest.metrics["folds"]
    assert list(folds) == [origin.test.isoformat() for origin in plan().origin]
    for learners in folds.values():
        assert list(learners) == ["rule", "logistic", "lightgbm"]
        assert all({"everyone", "new_children"} == set(found) for found in learners.values())


def test_every_measure_has_its_count_and_interval(bundle: Bundle) -> None:
    for learners in bundle.manifest.metrics["folds"].values():
        for figure in learners[bundle.manifest.kind]["everyone"].values():
            assert figure["low"] <= figure["value"] <= figure["high"]
            assert 0 < figure["clusters"] <= figure["n"]


def test_what_was_accepted_stands_in_the_manifest_and_on_the_card(bundle: Bundle) -> None:
    assert bundle.manifest.acceptance is not None
    assert bundle.manifest.acceptance.name in (bundle.folder / "card.html").read_text(encoding="utf-8")


def test_the_card_says_each_figure_with_its_count(bundle: Bundle) -> None:
    figure = next(iter(bundle.manifest.metrics["folds"].values()))["rule"]["everyone"]["tpr"]
    assert f"{figure['k']:,} of {figure['n']:,}" in (bundle.folder / "card.html").read_text(encoding="utf-8")


def test_the_card_says_how_many_tried_children_were_met_in_training_or_had_a_household_there(
    bundle: Bundle, authority_records: Records
) -> None:
    fold = lay_out(authority_records, plan())[-1]
    met = fold.test.rows["child_id"].is_in(fold.train.rows["child_id"].unique().implode())
    home = fold.test.rows["cluster"].is_in(fold.train.rows["cluster"].unique().implode())
    counted = bundle.manifest.counts["test"]
    assert (counted["met_in_training"], counted["only_household_met"]) == (int(met.sum()), int((home & ~met).sum()))
    said = " ".join((bundle.folder / "card.html").read_text(encoding="utf-8").split())
    assert f"{met.sum():,} were learned from too" in said
    assert f"{(home & ~met).sum():,} more share a household with a child who was" in said


def test_no_reason_for_leaving_a_few_children_out_has_its_count(bundle: Bundle) -> None:
    counts = [count for part in bundle.manifest.counts.values() for count in part["censored"].values()]
    assert all(count is None or count >= 5 for count in counts)


def test_the_bundle_holds_no_childs_id(bundle: Bundle, authority_records: Records) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in bundle.folder.iterdir())
    ids = authority_records.tables["ssd_person"]["pers_person_id"].to_list()
    assert not any(f'"{child}"' in text for child in ids)


def test_mlflow_gives_the_models_own_score(bundle: Bundle, authority_records: Records) -> None:
    rows = lay_out(authority_records, plan())[-1].test.rows.select(bundle.model.indicators).head(5)
    with tracking.in_reach() as mlflow:
        model = mlflow.pyfunc.load_model(f"models:/{tracking.EXPERIMENT.format(outcome='escalation')}@champion")
        scored = model.predict(rows.with_columns(pl.all().cast(pl.Float64)).to_pandas())["score"]
    assert list(scored) == pytest.approx(bundle.calibrator.score(bundle.model.margin(rows)), abs=1e-9)


def test_where_runs_are_kept_follows_the_home_and_is_not_left_in_the_environment(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with tracking.in_reach():
        assert "MLFLOW_TRACKING_URI" not in os.environ
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path))
    assert str(tmp_path) in tracking.tracking_uri()


def test_a_released_run_can_be_made_challenger_and_the_champion_stays(bundle: Bundle, trained: str) -> None:
    release(trained, alias="challenger", accepted_by="Someone else", reason="another reason")
    assert read_champion("challenger").manifest == read_champion("champion").manifest == bundle.manifest


def test_a_run_is_refused_without_a_person_who_accepts(trained: str, session_home: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="the audit cannot tell for"):
        _release_afresh(trained, session_home, tmp_path)
    assert not list((tmp_path / "releases").iterdir())


def _release_afresh(run_id: str, session_home: Path, place: Path) -> None:
    """Release from the session's MLflow into a home where nothing was released."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{session_home / 'mlflow' / 'mlflow.db'}")
        patch.setenv("EARLYHELP_HOME", str(place))
        release(run_id)


@pytest.mark.parametrize(("run_id", "alias"), [("f" * 32, "champion"), ("nonsense", "champion"), ("f" * 32, "best")])
def test_a_run_or_alias_that_does_not_exist_is_wrong_usage(run_id: str, alias: str, session_home: Path) -> None:
    with pytest.raises(WrongUsageError, match=r"no such run|one of the aliases"):
        release(run_id, alias=alias)


@pytest.mark.parametrize(("name", "reason"), [("A. Person", None), (None, "because"), ("A. Person", "  ")])
def test_accepting_takes_a_name_and_a_reason(name: str | None, reason: str | None) -> None:
    with pytest.raises(WrongUsageError, match="a person's name and a reason"):
        release("f" * 32, accepted_by=name, reason=reason)


def test_an_mlflow_that_does_not_answer_is_told_before_any_work(
    authority_records: Records, monkeypatch: pytest.MonkeyPatch, session_home: Path
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    said: list[str] = []
    with pytest.raises(OutOfReachError, match="MLflow does not answer"):
        run(authority_records, plan(), say=said.append)
    assert said == []


def test_nothing_is_pickled_and_no_folder_of_work_is_left(bundle: Bundle, session_home: Path) -> None:
    written = [path for path in session_home.rglob("*") if path.is_file()]
    assert not [path for path in written if path.suffix in {".pkl", ".pickle", ".joblib"}]
    assert not list(session_home.glob("training.*"))
    assert not list((session_home / "releases").glob(".*"))
