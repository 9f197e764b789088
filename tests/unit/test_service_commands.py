"""The sub-commands of service, as a script calls them."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

import earlyhelp
from serving.access import Person, Role, read_token
from serving.decisions.entry import GENESIS
from serving.decisions.log import DecisionLog
from serving.decisions.models import Decided, DecisionDraft
from serving.scoring.service import ScoringService
from serving.scoring.shown import ShownScores
from tests.serving_fixtures import KEY, NOW, WORKER

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records
    from training.registry.bundle import Bundle


@pytest.fixture
def decided(families: Records, drawn_bundle: Bundle, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """Record one decision in the database that the settings name; the hash of its entry."""
    monkeypatch.setenv("EARLYHELP_DATABASE_URL", engine.url.set(username="postgres").render_as_string(False))
    shown = ScoringService(families, drawn_bundle, shown=ShownScores(engine), clock=lambda: NOW)
    draft = DecisionDraft(
        score_id=shown.score("C-LILY", seen_by=WORKER).score_id, decision=Decided.NO_FURTHER_ACTION, reason="r"
    )
    return DecisionLog(engine, {"r": "Reason"}, clock=lambda: NOW).record(draft, decided_by=WORKER).entry_hash


def test_a_token_printed_here_is_one_the_service_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from serving.app import now

    monkeypatch.setenv("EARLYHELP_TOKEN_SECRET", KEY)
    assert earlyhelp.run(["token", "--role", "auditor", "--subject", "Ada"]) == 0
    printed = capsys.readouterr().out.strip()
    assert read_token(printed, key=KEY, now=now()) == Person("Ada", Role.AUDITOR)


def test_no_token_is_printed_outside_development(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"ENVIRONMENT": "production", "TOKEN_SECRET": KEY, "DATABASE_URL": "postgresql://h/d"}.items():
        monkeypatch.setenv(f"EARLYHELP_{name}", value)
    assert earlyhelp.run(["token", "--role", "triage", "--subject", "Ada"]) == 64
    assert capsys.readouterr().out == ""


def test_the_head_of_the_log_is_printed_alone(decided: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert earlyhelp.run(["verify-log"]) == 0
    assert capsys.readouterr().out == f"1:{decided}\n"


@pytest.mark.parametrize(
    ("expected", "code"), [("1:{hash}", 0), (f"0:{GENESIS}", 0), (f"1:{GENESIS}", 4), ("2:{hash}", 4), ("one", 64)]
)
def test_a_head_that_is_expected_must_stand_in_the_log(decided: str, expected: str, code: int) -> None:
    assert earlyhelp.run(["verify-log", "--expect", expected.format(hash=decided)]) == code


def test_a_broken_log_ends_with_4_and_prints_no_head(
    decided: str, owner: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE earlyhelp.decision SET reason = 'another'"))
    assert earlyhelp.run(["verify-log"]) == 4
    said = capsys.readouterr()
    assert (said.out, "broken at entry 1" in said.err) == ("", True)


def test_a_database_that_does_not_answer_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARLYHELP_DATABASE_URL", f"postgresql:///d?host={tmp_path}")
    assert earlyhelp.run(["verify-log"]) == 1


def test_serving_where_somebody_listens_already_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert earlyhelp.run(["serve", "--records", str(tmp_path), "--port", port]) == 1
    assert "--port" in capsys.readouterr().err
