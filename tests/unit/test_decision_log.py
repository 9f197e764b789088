"""The log of decisions: it only grows, and every change of what was written shows."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from features.vocabulary.errors import IntegrityError, UnknownScoreError, WrongUsageError
from serving.decisions.entry import GENESIS, Entry, Head, Kept, hash_of, parse_head, verify_chain
from serving.decisions.log import DecisionLog, verify
from serving.decisions.models import Decided, DecisionDraft
from serving.scoring.service import ScoringService
from serving.scoring.shown import ShownScores
from tests.serving_fixtures import NOW, WORKER

if TYPE_CHECKING:
    from features.tables.records import Records
    from training.registry.bundle import Bundle

REASONS = {"needs_help_now": "The family needs help now"}
ENTRY = Entry(1, "s", "0" * 64, "offer_early_help", "needs_help_now", "ä", None, "W", "triage", NOW, GENESIS)


@pytest.fixture
def log(engine: Engine) -> DecisionLog:
    return DecisionLog(engine, REASONS, clock=lambda: NOW)


@pytest.fixture
def score_id(families: Records, drawn_bundle: Bundle, engine: Engine) -> str:
    """Show one score, so that somebody can decide on it."""
    service = ScoringService(families, drawn_bundle, shown=ShownScores(engine), clock=lambda: NOW)
    return service.score("C-LILY", seen_by=WORKER).score_id


def draft(score_id: str, *, note: str | None = None) -> DecisionDraft:
    return DecisionDraft(
        score_id=score_id, decision=Decided.OFFER_EARLY_HELP, reason="needs_help_now", note=note, family_view=None
    )


def decide(log: DecisionLog, score_id: str, times: int) -> list[str]:
    return [log.record(draft(score_id, note=f"{n}"), decided_by=WORKER).entry_hash for n in range(times)]


def tamper(owner: Engine, statement: str) -> None:
    with owner.begin() as connection:
        assert connection.execute(text(statement)).rowcount == 1


def test_the_hash_is_that_of_the_line_as_canonical_json() -> None:
    canonical = (
        '{"decided_at":"2025-04-01T09:30:00.000000+00:00","decided_by":"W","decision":"offer_early_help",'
        '"family_view":null,"note":"ä","position":1,"previous_hash":"' + "0" * 64 + '","reason":"needs_help_now",'
        '"role":"triage","score_id":"s","shown_sha256":"' + "0" * 64 + '"}'
    )
    assert json.loads(canonical)["note"] == "ä"
    assert hash_of(ENTRY) == sha256(canonical.encode()).hexdigest()


def test_the_same_moment_in_another_zone_has_the_same_hash() -> None:
    summer = ENTRY.decided_at.astimezone(timezone(timedelta(hours=1)))
    assert hash_of(replace(ENTRY, decided_at=summer)) == hash_of(ENTRY)


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert str(verify(engine)) == f"0:{GENESIS}"


def test_each_entry_carries_the_hash_of_the_one_before(log: DecisionLog, engine: Engine, score_id: str) -> None:
    hashes = decide(log, score_id, 3)
    page = log.page()
    assert [line.previous_hash for line in page.entries] == [GENESIS, hashes[0], hashes[1]]
    assert verify(engine) == Head(3, hashes[2])


def test_a_receipt_says_what_was_recorded(log: DecisionLog, score_id: str) -> None:
    receipt = log.record(draft(score_id, note="  Rang the school.  "), decided_by=WORKER)
    assert (receipt.position, receipt.note, receipt.decided_by) == (1, "Rang the school.", "Wiebke Worker")
    assert receipt.decided_at == datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
    assert log.of_child("C-LILY") == [receipt]
    assert log.of_child("C-TOMOS") == []


def test_decisions_posted_at_once_make_one_chain(log: DecisionLog, engine: Engine, score_id: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda n: log.record(draft(score_id, note=str(n)), decided_by=WORKER), range(40)))
    assert sorted(receipt.position for receipt in receipts) == list(range(1, 41))
    assert verify(engine).count == 40


def test_a_form_sent_several_times_at_once_is_one_decision(log: DecisionLog, engine: Engine, score_id: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: log.record(draft(score_id), decided_by=WORKER, is_once=True), range(8)))
    assert {receipt.position for receipt in sent} == {1}
    assert verify(engine).count == 1


def test_a_decision_on_a_score_that_was_never_shown_is_refused(log: DecisionLog) -> None:
    with pytest.raises(UnknownScoreError, match="was ever shown"):
        log.record(draft("never"), decided_by=WORKER)


def test_a_reason_that_the_plan_does_not_hold_is_refused(log: DecisionLog, score_id: str) -> None:
    odd = draft(score_id).model_copy(update={"reason": "because"})
    with pytest.raises(WrongUsageError, match="no such reason"):
        log.record(odd, decided_by=WORKER)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE earlyhelp.decision SET note = 'better' WHERE position = 2", "broken at entry 2"),
        ("UPDATE earlyhelp.decision SET decided_by = 'Somebody' WHERE position = 3", "broken at entry 3"),
        ("UPDATE earlyhelp.decision SET decided_at = decided_at + interval '1 us' WHERE position = 1", "at entry 1"),
        ("DELETE FROM earlyhelp.decision WHERE position = 1", "broken at entry 1"),
        ("DELETE FROM earlyhelp.decision WHERE position = 2", "broken at entry 2"),
        ("UPDATE earlyhelp.shown_score SET answer = answer || ' '", "entry 1 decided on is not what was shown"),
        ("UPDATE earlyhelp.shown_score SET child_id = 'C-TOMOS'", "entry 1 decided on is not what was shown"),
        ("UPDATE earlyhelp.shown_score SET as_of = as_of - 1", "entry 1 decided on is not what was shown"),
        ("UPDATE earlyhelp.shown_score SET model_version = 'other'", "entry 1 decided on is not what was shown"),
        ("UPDATE earlyhelp.shown_score SET inputs = '{}'", "entry 1 decided on is not what was shown"),
    ],
)
def test_whatever_is_changed_afterwards_shows(
    log: DecisionLog, engine: Engine, owner: Engine, score_id: str, statement: str, place: str
) -> None:
    decide(log, score_id, 3)
    tamper(owner, statement)
    with pytest.raises(IntegrityError, match=place):
        verify(engine)


def test_a_score_taken_out_from_under_its_decision_shows(
    log: DecisionLog, engine: Engine, owner: Engine, score_id: str
) -> None:
    decide(log, score_id, 1)
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM earlyhelp.shown_score"))
    with pytest.raises(IntegrityError, match="entry 1 decided on is not what was shown"):
        verify(engine)


def test_taking_the_newest_out_shows_against_the_head_that_was_printed(
    log: DecisionLog, engine: Engine, owner: Engine, score_id: str
) -> None:
    decide(log, score_id, 3)
    printed = verify(engine)
    tamper(owner, "DELETE FROM earlyhelp.decision WHERE position = 3")
    assert verify(engine).count == 2
    with pytest.raises(IntegrityError, match="holds 2 entries, and entry 3 is not the one expected"):
        verify(engine, expect=printed)


def test_a_log_that_has_grown_still_holds_the_head_that_was_printed(
    log: DecisionLog, engine: Engine, score_id: str
) -> None:
    decide(log, score_id, 2)
    printed = verify(engine)
    decide(log, score_id, 2)
    assert verify(engine, expect=printed).count == 4
    assert verify(engine, expect=Head(0, GENESIS)).count == 4


def test_a_log_written_anew_with_good_hashes_shows_against_the_head_that_was_printed() -> None:
    anew = replace(ENTRY, note="better")
    lines = [Kept(anew, hash_of(anew), ENTRY.shown_sha256)]
    assert verify_chain(lines).count == 1
    with pytest.raises(IntegrityError, match="entry 1 is not the one expected"):
        verify_chain(lines, expect=Head(1, hash_of(ENTRY)))


def test_two_entries_in_the_wrong_order_show() -> None:
    second = replace(ENTRY, position=2, previous_hash=hash_of(ENTRY))
    kept = [Kept(entry, hash_of(entry), entry.shown_sha256) for entry in (second, ENTRY)]
    with pytest.raises(IntegrityError, match="broken at entry 1"):
        verify_chain(kept)


@pytest.mark.parametrize("text", ["", "3", "3:", ":" + "a" * 64, "x:" + "a" * 64, "3:" + "A" * 64, "²:" + "a" * 64])
def test_what_is_not_a_head_is_refused(text: str) -> None:
    with pytest.raises(WrongUsageError, match="not COUNT:HASH"):
        parse_head(text)


def test_an_auditor_reads_no_child_no_score_no_name_and_no_note(log: DecisionLog, score_id: str) -> None:
    log.record(draft(score_id, note="Lily's mother rang"), decided_by=WORKER)
    read = log.page().model_dump_json()
    for kept_back in ("C-LILY", score_id, WORKER.subject, "rang", "F-ONE"):
        assert kept_back not in read


def test_the_log_is_read_in_pages(log: DecisionLog, score_id: str) -> None:
    decide(log, score_id, 5)
    page = log.page(after=2, limit=2)
    assert ([line.position for line in page.entries], page.count) == ([3, 4], 5)


def test_decisions_are_counted_by_what_was_decided(log: DecisionLog, score_id: str) -> None:
    decide(log, score_id, 2)
    assert log.counts() == {"offer_early_help": 2}
