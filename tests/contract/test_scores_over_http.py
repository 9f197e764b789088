"""What the API promises of scores, the worklist and decisions."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from sqlalchemy import Engine, text

import earlyhelp
from features.indicators.shown_only import SHOWN_ONLY
from serving.access import Role
from serving.decisions.log import verify
from serving.scoring.day import score_day
from serving.scoring.service import ScoringService
from tests.serving_fixtures import LAST_DAY, NOW, token, visitor

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from features.tables.records import Records
    from training.registry.bundle import Bundle


@pytest.fixture
def triage(service: FastAPI) -> TestClient:
    return visitor(service, Role.TRIAGE)


def score(triage: TestClient, child_id: str = "C-LILY", **more: str) -> dict[str, Any]:
    said = triage.post("/v1/scores", json={"child_id": child_id, **more})
    assert said.status_code == 200, said.text
    answer: dict[str, Any] = said.json()
    return answer


def test_base_and_reasons_add_up_to_the_score(triage: TestClient) -> None:
    answer = score(triage)
    moved = math.fsum(reason["contribution"] for reason in answer["raised"] + answer["lowered"])
    log_odds = math.log(answer["score"] / (1 - answer["score"]))
    assert answer["base"] + moved == pytest.approx(log_odds, abs=1e-9)
    assert all(reason["contribution"] > 0 for reason in answer["raised"])
    assert all(reason["contribution"] < 0 for reason in answer["lowered"])


def test_the_answer_is_that_of_the_days_list(triage: TestClient, families: Records, drawn_bundle: Bundle) -> None:
    rows = score_day(families, drawn_bundle, as_of=LAST_DAY).scores.rows(named=True)
    for row in rows:
        answer = score(triage, row["child_id"])
        assert [answer[name] for name in ("score", "low", "high", "base")] == pytest.approx(
            [row[name] for name in ("score", "low", "high", "base")], abs=1e-9
        )
        assert [answer[name] for name in ("band", "rank", "of")] == [row["band"], row["rank"], 3]


def test_an_answer_says_what_it_means_for_people(triage: TestClient) -> None:
    answer = score(triage)
    assert answer["meaning"].startswith("Of 100 children with records like these, about ")
    assert "moved up the ladder within twelve months" in answer["meaning"]
    assert all(reason["words"] and reason["domain"] for reason in answer["raised"] + answer["lowered"])


def test_a_day_left_out_is_the_records_last_day_and_not_the_clocks(triage: TestClient) -> None:
    assert NOW.date() != LAST_DAY
    assert score(triage)["as_of"] == "2025-03-31"


def test_an_earlier_day_knows_only_what_was_known_then(triage: TestClient) -> None:
    assert score(triage, as_of="2025-02-15")["of"] == 2
    said = triage.post("/v1/scores", json={"child_id": "C-TOMOS", "as_of": "2025-02-15"})
    assert said.json()["type"] == "urn:earlyhelp:problem:not-in-cohort"


def test_every_time_a_score_is_shown_it_has_an_id_of_its_own(triage: TestClient) -> None:
    first, again = score(triage), score(triage)
    assert first["score_id"] != again["score_id"]
    assert {**first, "score_id": ""} == {**again, "score_id": ""}


def test_a_score_shown_before_is_the_same_answer_whatever_the_records_say_now(
    service: FastAPI, triage: TestClient, families: Records, drawn_bundle: Bundle
) -> None:
    before = triage.post("/v1/scores", json={"child_id": "C-LILY"})
    tables = {**families.tables, "ssd_contacts": families.tables["ssd_contacts"].clear()}
    changed = type(families)(**{**vars(families), "tables": tables})
    kept = service.state.scoring._shown
    service.state.scoring = ScoringService(changed, drawn_bundle, shown=kept, clock=lambda: NOW)
    again = triage.get(f"/v1/scores/{before.json()['score_id']}")
    assert again.json() == before.json()
    assert triage.post("/v1/scores", json={"child_id": "C-LILY"}).status_code == 404


def test_what_was_shown_is_kept_with_its_inputs_and_who_saw_it(
    triage: TestClient, engine: Engine, families: Records, drawn_bundle: Bundle
) -> None:
    answer = score(triage)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM earlyhelp.shown_score")).mappings().one()
    row = score_day(families, drawn_bundle, as_of=LAST_DAY).matrix.filter(pl.col("child_id") == "C-LILY")
    assert (kept["score_id"], kept["seen_by"], kept["seen_role"]) == (answer["score_id"], "Wiebke Worker", "triage")
    assert kept["seen_at"] == NOW
    assert '"contacts_last_3_months": 3' in kept["inputs"]
    assert row["contacts_last_3_months"].item() == 3


def test_what_is_on_record_and_never_scored_is_said_and_kept(service_on_record: FastAPI, engine: Engine) -> None:
    answer = score(visitor(service_on_record, Role.TRIAGE))
    (shown,) = (one for one in SHOWN_ONLY if answer["also_on_record"] == [one.describe(1)])
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT answer, inputs FROM earlyhelp.shown_score")).mappings().one()
    assert json.loads(kept["answer"])["also_on_record"] == answer["also_on_record"]
    assert shown.name not in kept["inputs"]


def test_what_is_on_record_and_never_scored_moves_no_score(service: FastAPI, service_on_record: FastAPI) -> None:
    without, with_it = (score(visitor(one, Role.TRIAGE)) for one in (service, service_on_record))
    assert (without.pop("also_on_record"), len(with_it.pop("also_on_record"))) == ([], 1)
    assert {**without, "score_id": ""} == {**with_it, "score_id": ""}


def test_an_answer_kept_before_anything_else_was_shown_is_still_shown(triage: TestClient, owner: Engine) -> None:
    answer = score(triage)
    older = json.dumps({name: value for name, value in answer.items() if name != "also_on_record"})
    with owner.begin() as connection:
        connection.execute(text("UPDATE earlyhelp.shown_score SET answer = :older"), {"older": older})
    assert triage.get(f"/v1/scores/{answer['score_id']}").json() == answer


def test_whoever_looks_at_a_score_again_is_kept_too(service: FastAPI, triage: TestClient, engine: Engine) -> None:
    score_id = score(triage)["score_id"]
    somebody = {"Authorization": f"Bearer {token(subject='Somebody Else')}"}
    assert visitor(service).get(f"/v1/scores/{score_id}", headers=somebody).status_code == 200
    with engine.connect() as connection:
        seen = connection.execute(text("SELECT score_id, seen_by, seen_at FROM earlyhelp.shown_again")).all()
    assert seen == [(score_id, "Somebody Else", NOW)]


def test_a_batch_answers_in_its_order_and_says_who_has_no_score(triage: TestClient) -> None:
    asked = ["C-TOMOS", "nobody", "C-LILY", "C-QUIET", "C-TOMOS"]
    said = triage.post("/v1/scores/batch", json={"child_ids": asked}).json()
    assert [answer["child_id"] for answer in said["scores"]] == ["C-TOMOS", "C-LILY", "C-TOMOS"]
    assert [(p["position"], p["type"].rpartition(":")[2]) for p in said["problems"]] == [
        (1, "unknown-child"),
        (3, "not-in-cohort"),
    ]


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1000, 200), (1001, 422)])
def test_a_batch_holds_one_to_a_thousand_children(triage: TestClient, count: int, status: int) -> None:
    assert triage.post("/v1/scores/batch", json={"child_ids": ["C-LILY"] * count}).status_code == status


def test_siblings_stand_together_each_with_their_own_score(triage: TestClient) -> None:
    listed = triage.get("/v1/worklist").json()
    together = {frozenset(child["child_id"] for child in family["children"]) for family in listed["families"]}
    assert together == {frozenset({"C-LILY", "C-TOMOS"}), frozenset({"C-ALONE"})}
    assert {key for family in listed["families"] for key in family} == {"family_ref", "waiting_days", "children"}


def test_every_score_on_the_worklist_is_kept(triage: TestClient, engine: Engine) -> None:
    listed = triage.get("/v1/worklist").json()
    shown = {child["score_id"] for family in listed["families"] for child in family["children"]}
    with engine.connect() as connection:
        assert set(connection.execute(text("SELECT score_id FROM earlyhelp.shown_score")).scalars()) == shown
    assert len(shown) == 3


def test_the_worklist_comes_in_pages_and_by_band(triage: TestClient) -> None:
    first, second, beyond = (triage.get(f"/v1/worklist?per_page=1&page={page}").json() for page in (1, 2, 3))
    assert [len(page["families"]) for page in (first, second, beyond)] == [1, 1, 0]
    assert (first["total"], first["pages"]) == (2, 2)
    by_band = [triage.get("/v1/worklist", params={"band": band}).json() for band in first["bands"]]
    assert sum(page["total"] for page in by_band) == 2


@pytest.mark.parametrize("odd", ["band=nonsense", "page=0", "per_page=101", "page=x", "per_page=0"])
def test_a_page_that_does_not_exist_is_a_problem(triage: TestClient, odd: str) -> None:
    assert triage.get(f"/v1/worklist?{odd}").status_code == 422


def test_a_decision_is_recorded_and_the_log_holds(triage: TestClient, engine: Engine, reason: str) -> None:
    sent = {"score_id": score(triage)["score_id"], "decision": "offer_early_help", "reason": reason, "note": "Rang."}
    said = triage.post("/v1/decisions", json=sent)
    assert said.status_code == 201
    assert str(verify(engine)) == f"1:{said.json()['entry_hash']}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "remove_the_child"},
        {"reason": "because"},
        {"reason": None},
        {"note": "x" * 4001},
        {"note": "a\x00b"},
        {"score": 0.9},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_decision_that_is_none_of_ours_is_not_recorded(
    triage: TestClient, engine: Engine, reason: str, wrong: dict[str, Any]
) -> None:
    sent = {"score_id": score(triage)["score_id"], "decision": "offer_early_help", "reason": reason, **wrong}
    assert triage.post("/v1/decisions", json=sent).status_code == 422
    assert verify(engine).count == 0


def test_a_decision_on_a_score_nobody_saw_is_not_recorded(triage: TestClient, reason: str) -> None:
    sent = {"score_id": "never", "decision": "no_further_action", "reason": reason}
    assert triage.post("/v1/decisions", json=sent).json()["type"] == "urn:earlyhelp:problem:unknown-score"


def test_an_auditor_reads_the_log_and_its_head(service: FastAPI, triage: TestClient, reason: str) -> None:
    answer = score(triage)
    sent = {"score_id": answer["score_id"], "decision": "keep_current_help", "reason": reason}
    entry_hash = triage.post("/v1/decisions", json=sent).json()["entry_hash"]
    read = visitor(service, Role.AUDITOR).get("/v1/decisions/log").json()
    assert (read["count"], read["head"]) == (1, entry_hash)
    line = read["entries"][0]
    assert (line["decision"], line["band"], line["decided_on"]) == ("keep_current_help", answer["band"], "2025-04-01")


def test_the_model_and_its_audit_are_those_of_the_bundle(service: FastAPI, drawn_bundle: Bundle) -> None:
    scientist = visitor(service, Role.DATA_SCIENTIST)
    model = scientist.get("/v1/models/champion").json()
    assert model["manifest"]["run_id"] == drawn_bundle.manifest.run_id
    assert model["card"]
    assert "verdicts" in scientist.get("/v1/audits/champion").json()


def test_the_service_is_ready_once_the_list_is_scored(service: FastAPI) -> None:
    assert visitor(service).get("/health/ready").status_code == 503
    service.state.scoring.listed()
    assert visitor(service).get("/health/ready").status_code == 200


def test_the_score_over_http_is_that_of_the_command_line(
    authority: Path, authority_records: Records, bundle: Bundle, engine: Engine, tmp_path: Path
) -> None:
    from serving.app import create_app
    from tests.serving_fixtures import SETTINGS

    day = authority_records.extract_day.isoformat()
    out = tmp_path / "scores.parquet"
    assert earlyhelp.run(["score", str(authority), "--as-of", day, "--out", str(out)]) == 0
    service = create_app(SETTINGS, records=authority_records, bundle=bundle, engine=engine, clock=lambda: NOW)
    written = dict(pl.read_parquet(out, columns=["child_id", "score"]).head(200).iter_rows())
    said = visitor(service, Role.TRIAGE).post("/v1/scores/batch", json={"child_ids": list(written)}).json()
    assert {answer["child_id"]: answer["score"] for answer in said["scores"]} == pytest.approx(written, abs=1e-9)
