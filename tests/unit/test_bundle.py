"""The released bundle: what was written is what is read, or nothing is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.indicators.catalogue import by_name
from features.vocabulary.errors import IntegrityError, RefusedError, WrongUsageError
from tests.drawn_models import INDICATORS, RUN, bundle, matrix
from training.registry.bundle import FILES, point_at, read_bundle, read_champion, releases, score_matrix
from training.registry.manifest import MANIFEST_FILE, sha256_of
from training.registry.released import KINDS, Kind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An EARLYHELP_HOME of its own; the folder of the drawn run's release."""
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path))
    return releases() / RUN


@pytest.mark.parametrize("kind", KINDS)
def test_base_and_contributions_add_up_to_the_log_odds_of_the_score(kind: Kind, place: Path) -> None:
    scored = score_matrix(bundle(place, kind=kind), matrix())
    told = scored.select(pl.col("base") + pl.sum_horizontal(pl.col("^contribution_.*$"))).to_series()
    assert (told - (scored["score"] / (1 - scored["score"])).log()).abs().max() < 1e-9


def test_scores_stand_in_the_promised_columns_and_order(place: Path) -> None:
    scored = score_matrix(bundle(place), matrix())
    promised = ["child_id", "as_of", "outcome", "score", "low", "high", "model_version", "base"]
    assert scored.columns == [*promised, *(f"contribution_{name}" for name in INDICATORS)]
    assert scored["child_id"].to_list() == matrix()["child_id"].to_list()


def test_one_row_and_no_row_can_be_scored(place: Path) -> None:
    drawn = bundle(place)
    assert score_matrix(drawn, matrix().slice(3, 1)).equals(score_matrix(drawn, matrix()).slice(3, 1))
    assert score_matrix(drawn, matrix().head(0)).height == 0


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_changed_is_noticed(name: str, place: Path) -> None:
    bundle(place)
    with (place / name).open("a", encoding="utf-8") as opened:
        opened.write(" ")
    with pytest.raises(IntegrityError, match=f"changed {name}"):
        read_bundle(place)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_noticed(name: str, place: Path) -> None:
    bundle(place)
    (place / name).unlink()
    with pytest.raises(IntegrityError, match=f"missing {name}"):
        read_bundle(place)


def rewritten(place: Path, name: str, field: str, value: object) -> None:
    """Change a field of a file and its hash in the manifest, as someone who knows how would."""
    content = json.loads((place / name).read_bytes())
    (place / name).write_text(json.dumps(content | {field: value}), encoding="utf-8")
    manifest = json.loads((place / MANIFEST_FILE).read_bytes())
    manifest["files"][name] = sha256_of(place / name)
    (place / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")


def test_golden_rows_that_do_not_come_out_are_noticed(place: Path) -> None:
    bundle(place)
    rewritten(place, "calibrator.json", "intercept", 0.1 + 1e-7)
    with pytest.raises(IntegrityError, match="golden rows do not come out"):
        read_bundle(place)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("golden.json", "base", None),
        ("golden.json", "scores", [0.1]),
        ("golden.json", "rows", [["x"]]),
        ("model.json", "text", "tree"),
        ("calibrator.json", "slope", -1),
        ("neighbours.json", "knots", None),
    ],
)
def test_content_that_is_no_bundles_is_noticed(name: str, field: str, value: object, place: Path) -> None:
    bundle(place)
    rewritten(place, name, field, value)
    with pytest.raises(IntegrityError, match="is not what it was"):
        read_bundle(place)


def test_a_model_that_reads_what_no_model_may_read_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle(place)
    monkeypatch.setattr("training.registry.bundle.SCORED", [by_name(name) for name in INDICATORS[:3]])
    with pytest.raises(RefusedError, match=rf"reads 1 indicators .*: {INDICATORS[3]}\."):
        read_bundle(place)


def test_a_manifest_that_lists_too_few_files_is_noticed(place: Path) -> None:
    bundle(place)
    rewritten(place, MANIFEST_FILE, "files", {})
    with pytest.raises(IntegrityError, match="does not list"):
        read_bundle(place)


def test_a_manifest_that_is_none_is_noticed(place: Path) -> None:
    bundle(place)
    (place / MANIFEST_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(IntegrityError, match="no manifest's"):
        read_bundle(place)


def test_a_manifest_other_than_the_one_released_is_noticed(place: Path) -> None:
    bundle(place)
    point_at("champion", RUN)
    rewritten(place, "calibrator.json", "slope", 0.5)
    with pytest.raises(IntegrityError, match="is not the one that was made champion"):
        read_champion()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"run_id": 1, "manifest_sha256": ""}'])
def test_a_pointer_that_was_changed_is_noticed(text: str, place: Path) -> None:
    bundle(place)
    point_at("champion", RUN)
    (place.parent / "champion.json").write_text(text, encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"champion\.json does not say which run"):
        read_champion()


def test_an_alias_and_a_run_lead_to_the_same_bundle(place: Path) -> None:
    bundle(place)
    point_at("challenger", RUN)
    assert read_champion("challenger").manifest == read_champion(RUN).manifest


def test_without_a_champion_nothing_is_scored(place: Path) -> None:
    bundle(place)
    with pytest.raises(RefusedError, match="There is no champion"):
        read_champion()


@pytest.mark.parametrize("model", ["nobody", "../secrets", "f" * 32])
def test_a_model_that_was_never_released_is_wrong_usage(model: str, place: Path) -> None:
    with pytest.raises(WrongUsageError, match="No such model was released"):
        read_champion(model)


def test_no_golden_row_is_a_real_one(place: Path) -> None:
    stored = json.loads((bundle(place).folder / "golden.json").read_bytes())
    real = {tuple(row) for row in matrix().select(pl.col(INDICATORS).cast(pl.Float64)).rows()}
    assert len(stored["rows"]) == 20
    assert real.isdisjoint(tuple(row) for row in stored["rows"])
    assert stored["rows"][0] == [None] * len(INDICATORS)


def test_nothing_is_pickled(place: Path) -> None:
    bundle(place)
    assert {path.suffix for path in place.iterdir()} == {".json", ".html"}


def test_the_score_is_the_calibrated_margin(place: Path) -> None:
    drawn = bundle(place, kind="logistic")
    margin = drawn.model.margin(matrix())
    assert score_matrix(drawn, matrix())["score"].to_list() == pytest.approx(1 / (1 + np.exp(-0.9 * margin - 0.1)))
