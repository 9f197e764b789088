"""Every score that somebody was shown: answer and inputs as they were, who saw it and when. Never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, DateTime, Engine, ForeignKey, Index, String, Table, Text, insert, select

from features.vocabulary.errors import UnknownScoreError
from serving.database import METADATA, SCHEMA, writing
from serving.scoring.answers import ScoreAnswer

if TYPE_CHECKING:
    from datetime import date, datetime

    from serving.access import Person

Inputs = Mapping[str, Any]
"""A row of the matrix: `child_id` and each indicator's value as it was scored; null is not recorded."""

SHOWN = Table(
    "shown_score",
    METADATA,
    Column("score_id", String, primary_key=True),
    Column("child_id", String, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("model_version", String, nullable=False),
    Column("answer", Text, nullable=False, comment="JSON, letter by letter as it was shown"),
    Column("inputs", Text, nullable=False, comment="JSON of the indicators as they were scored"),
    Column("sha256", String(64), nullable=False, comment="of answer and inputs; decisions repeat it"),
    Column("seen_by", String, nullable=False),
    Column("seen_role", String, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Index("shown_score_child", "child_id"),
)

SHOWN_AGAIN = Table(
    "shown_again",
    METADATA,
    Column("score_id", String, ForeignKey(f"{SCHEMA}.shown_score.score_id"), nullable=False),
    Column("seen_by", String, nullable=False),
    Column("seen_role", String, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Index("shown_again_score", "score_id"),
)
"""Who saw a score after it was first shown, and when."""


class ShownScores:
    """The scores that were shown.

    Parameters
    ----------
    engine
        Connects as the service's role, which may insert and select.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, as_shown: Sequence[tuple[ScoreAnswer, Inputs]], *, seen_by: Person, seen_at: datetime) -> None:
        """Keep answers with their inputs, all or none."""
        rows = [_row(answer, inputs, seen_by, seen_at) for answer, inputs in as_shown]
        if not rows:
            return
        with writing(self._engine) as connection:
            connection.execute(insert(SHOWN), rows)

    def again(self, score_id: str, *, seen_by: Person, seen_at: datetime) -> ScoreAnswer:
        """Give an answer as it was shown, and keep who sees it this time.

        Raises
        ------
        UnknownScoreError
            When none was shown under that id.
        """
        sighting = {"score_id": score_id, **_seen(seen_by, seen_at)}
        with writing(self._engine) as connection:
            kept = connection.execute(select(SHOWN.c.answer).where(SHOWN.c.score_id == score_id)).scalar()
            if kept is None:
                raise unknown_score()
            connection.execute(insert(SHOWN_AGAIN), [sighting])
        return ScoreAnswer.model_validate_json(kept)


def unknown_score() -> UnknownScoreError:
    """Say that no score of an id was shown."""
    return UnknownScoreError("No score of that id was ever shown.", hint="Ask for the child's score again.")


def fingerprint(answer: str, inputs: str) -> str:
    """Give the SHA-256 of a shown score: its answer and inputs, letter by letter."""
    return sha256(f"{answer}\n{inputs}".encode()).hexdigest()


def _row(answer: ScoreAnswer, inputs: Inputs, seen_by: Person, seen_at: datetime) -> dict[str, str | date | datetime]:
    told = answer.model_dump_json()
    scored = json.dumps(dict(inputs), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return {
        "score_id": answer.score_id,
        "child_id": answer.child_id,
        "as_of": answer.as_of,
        "model_version": answer.model_version,
        "answer": told,
        "inputs": scored,
        "sha256": fingerprint(told, scored),
        **_seen(seen_by, seen_at),
    }


def _seen(by: Person, at: datetime) -> dict[str, str | datetime]:
    return {"seen_by": by.subject, "seen_role": str(by.role), "seen_at": at}
