"""The log of decisions: appends under one lock, so that each entry carries the hash of the one before."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)

from features.vocabulary.errors import WrongUsageError
from serving.database import METADATA, SCHEMA, reading, writing
from serving.decisions.entry import GENESIS, Entry, Head, Kept, hash_of, verify_chain
from serving.decisions.models import DecisionDraft, DecisionReceipt, LogLine, LogPage
from serving.scoring.shown import SHOWN, fingerprint, unknown_score

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from serving.access import Person

DECISION = Table(
    "decision",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("score_id", String, ForeignKey(f"{SCHEMA}.shown_score.score_id"), nullable=False),
    Column("shown_sha256", String(64), nullable=False),
    Column("decision", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("note", Text),
    Column("family_view", Text),
    Column("decided_by", String, nullable=False),
    Column("role", String, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("entry_hash", String(64), nullable=False, unique=True),
    CheckConstraint("position >= 1", name="decision_position"),
    Index("decision_score", "score_id"),
)

ENTRY_COLUMNS = [DECISION.c[name] for name in Entry.__dataclass_fields__]
FOUND_BY = (SHOWN.c.child_id, SHOWN.c.as_of, SHOWN.c.model_version)
"""Columns by which a shown score is found; its answer, which is hashed, says them too."""
# why: a lock of the database, not of this process, since several may serve one log
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('earlyhelp decision log', 0))")
ROWS_AT_A_TIME = 1_000
# The largest number that the column holds.
LAST_POSITION = 2**63 - 1


class DecisionLog:
    """What people decided; kept as `app.state.decisions`.

    Parameters
    ----------
    engine
        Connects as the service's role, which may insert and select.
    reasons
        Code and words of every reason that may be given, from the plan.
    clock
        Asked only for when something was decided.
    """

    def __init__(self, engine: Engine, reasons: Mapping[str, str], *, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self.reasons = reasons
        self._clock = clock

    def record(self, draft: DecisionDraft, *, decided_by: Person, is_once: bool = False) -> DecisionReceipt:
        """Append a decision.

        Parameters
        ----------
        is_once
            Whether the newest decision on the score, if the same person made it in the same words, is this one
            sent again; then it is given and nothing is appended.

        Raises
        ------
        UnknownScoreError
            When the score was never shown.
        WrongUsageError
            When the reason is not one of the plan's.
        """
        if draft.reason not in self.reasons:
            raise WrongUsageError(
                "There is no such reason.", hint=f"The plan's reasons are {', '.join(sorted(self.reasons))}."
            )
        with writing(self._engine) as connection:
            shown = connection.execute(select(SHOWN.c.sha256).where(SHOWN.c.score_id == draft.score_id)).scalar()
            if shown is None:
                raise unknown_score()
            connection.execute(LOCK)
            sent_before = _sent_before(connection, draft, decided_by) if is_once else None
            if sent_before is not None:
                return sent_before
            entry = self._entry(draft, decided_by, shown_sha256=shown, head=_head(connection))
            row = {**asdict(entry), "entry_hash": hash_of(entry)}
            connection.execute(insert(DECISION), [row])
        return DecisionReceipt.model_validate(row)

    def of_child(self, child_id: str) -> list[DecisionReceipt]:
        """Give what was decided for a child, newest first."""
        chosen = (
            select(DECISION)
            .join(SHOWN, SHOWN.c.score_id == DECISION.c.score_id)
            .where(SHOWN.c.child_id == child_id)
            .order_by(DECISION.c.position.desc())
        )
        with reading(self._engine) as connection:
            return [DecisionReceipt.model_validate(row) for row in connection.execute(chosen).mappings()]

    def page(self, *, after: int = 0, limit: int = 100) -> LogPage:
        """Give a page of the log without ids, oldest first, beginning after a position."""
        chosen = (
            select(DECISION, SHOWN.c.as_of, SHOWN.c.model_version, SHOWN.c.answer)
            .join(SHOWN, SHOWN.c.score_id == DECISION.c.score_id)
            .where(DECISION.c.position > min(after, LAST_POSITION))
            .order_by(DECISION.c.position)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            head = _head(connection)
            lines = [_line(row) for row in connection.execute(chosen).mappings()]
        return LogPage(count=head.count, head=head.hash, entries=lines)

    def counts(self) -> dict[str, int]:
        """Count the decisions in the log, by what was decided."""
        counted = select(DECISION.c.decision, func.count()).group_by(DECISION.c.decision)
        with reading(self._engine) as connection:
            return {decision: count for decision, count in connection.execute(counted)}

    def _entry(self, draft: DecisionDraft, person: Person, *, shown_sha256: str, head: Head) -> Entry:
        return Entry(
            position=head.count + 1,
            score_id=draft.score_id,
            shown_sha256=shown_sha256,
            decision=str(draft.decision),
            reason=draft.reason,
            note=draft.note or None,
            family_view=draft.family_view or None,
            decided_by=person.subject,
            role=str(person.role),
            decided_at=self._clock().astimezone(UTC),
            previous_hash=head.hash,
        )


def verify(engine: Engine, *, expect: Head | None = None) -> Head:
    """Follow the whole chain and give its head.

    Raises
    ------
    IntegrityError
        When the chain is broken, or the expected entry is not in it.
    """
    with reading(engine) as connection, closing(_kept(connection)) as lines:
        return verify_chain(lines, expect=expect)


def _sent_before(connection: Connection, draft: DecisionDraft, person: Person) -> DecisionReceipt | None:
    chosen = select(DECISION).where(DECISION.c.score_id == draft.score_id).order_by(DECISION.c.position.desc()).limit(1)
    row = connection.execute(chosen).mappings().first()
    if row is None or row["decided_by"] != person.subject:
        return None
    newest = DecisionReceipt.model_validate(row)
    recorded = newest.model_dump(include=set(DecisionDraft.model_fields))
    return newest if recorded == draft.model_dump() else None


def _head(connection: Connection) -> Head:
    newest = select(DECISION.c.position, DECISION.c.entry_hash).order_by(DECISION.c.position.desc()).limit(1)
    row = connection.execute(newest).first()
    return Head(0, GENESIS) if row is None else Head(row.position, row.entry_hash)


def _kept(connection: Connection) -> Generator[Kept]:
    chosen = (
        select(*ENTRY_COLUMNS, DECISION.c.entry_hash, SHOWN.c.answer, SHOWN.c.inputs, *FOUND_BY)
        .outerjoin(SHOWN, SHOWN.c.score_id == DECISION.c.score_id)
        .order_by(DECISION.c.position)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    with connection.execute(chosen) as result:
        for row in result.mappings():
            yield _kept_of(row)


def _kept_of(row: RowMapping) -> Kept:
    entry = Entry(**{name: row[name] for name in Entry.__dataclass_fields__})
    return Kept(entry, row["entry_hash"], _shown_now(row))


def _shown_now(row: RowMapping) -> str:
    """Give the fingerprint of a shown score; none when it is gone, or no longer found where its answer says."""
    if row["answer"] is None:
        return ""
    told = json.loads(row["answer"])
    is_found = all(told[column.name] == str(row[column]) for column in FOUND_BY)
    return fingerprint(row["answer"], row["inputs"]) if is_found else ""


def _line(row: RowMapping) -> LogLine:
    own = ("position", "role", "decision", "reason", "as_of", "model_version", "previous_hash", "entry_hash")
    return LogLine(
        **{name: row[name] for name in own},
        decided_on=row["decided_at"].date(),
        band=json.loads(row["answer"])["band"],
        has_note=row["note"] is not None,
        has_family_view=row["family_view"] is not None,
    )
