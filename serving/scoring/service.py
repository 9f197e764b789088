"""Scores for people: finds a child's score on a day, says it in words, and keeps what was shown to whom.

The days already scored are kept in memory; what was shown is kept in the database and never changed.
"""

from __future__ import annotations

import math
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import polars as pl
from polars import selectors

from features.vocabulary.errors import NotInCohortError, UnknownChildError, WrongUsageError
from serving.explanations import also_on_record, explain
from serving.scoring.answers import Family, ScoreAnswer, Worklist, answer_of
from serving.scoring.day import DayScores, score_day
from serving.scoring.worklist import families_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from features.tables.records import Records
    from serving.access import Person
    from serving.scoring.shown import Inputs, ShownScores
    from training.registry.bundle import Bundle

# Scoring an authority takes seconds; people look at today's list and at a few earlier days.
DAYS_KEPT = 4
# 144 bits: nobody finds another's score by guessing.
SCORE_ID_BYTES = 18
MOST_PER_PAGE = 100


@dataclass(frozen=True)
class Listed:
    """A day's scores with its families in the order of the worklist."""

    day: DayScores
    families: pl.DataFrame


class ScoringService:
    """Answers with scores; kept as `app.state.scoring`. Safe to call from several threads.

    Parameters
    ----------
    records
        The records that are served.
    bundle
        The released model.
    shown
        Where every answer is kept as it was shown.
    clock
        Asked only for when something was seen.
    """

    def __init__(self, records: Records, bundle: Bundle, *, shown: ShownScores, clock: Callable[[], datetime]) -> None:
        self.records = records
        self.bundle = bundle
        self._shown = shown
        self._clock = clock
        self._days: OrderedDict[date, Listed] = OrderedDict()
        self._lock = Lock()

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the bands, the first to be offered help first."""
        return self.bundle.manifest.plan.bands.names

    @property
    def is_warm(self) -> bool:
        """Whether the records' last day is scored already."""
        return self.records.extract_day in self._days

    def listed(self, as_of: date | None = None) -> Listed:
        """Give a day's list, scored once; the records' last day when none is named.

        Raises
        ------
        WrongUsageError
            When the day lies after the records' last day.
        """
        asked = as_of or self.records.extract_day
        with self._lock:
            if asked not in self._days:
                day = score_day(self.records, self.bundle, as_of=asked)
                self._days[asked] = Listed(day, families_of(day, bands=self.bands))
            self._days.move_to_end(asked)
            while len(self._days) > DAYS_KEPT:
                self._days.popitem(last=False)
            return self._days[asked]

    def worklist(self, *, seen_by: Person, band: str | None = None, page: int = 1, per_page: int = 25) -> Worklist:
        """Show one page of the records' last day's list. Every score on it is kept as shown.

        Parameters
        ----------
        band
            Only families whose child concerned is in this band.
        page
            From 1; a page after the last is empty.
        per_page
            Families on a page, 1 to 100.

        Raises
        ------
        WrongUsageError
            When there is no such band, or the page or its size is out of range.
        """
        self._check_page(band, page, per_page)
        listed = self.listed()
        chosen = listed.families if band is None else listed.families.filter(pl.col("band") == band)
        pages = max(1, math.ceil(chosen.height / per_page))
        # why: a page far after the last is as empty as the next one, and its first row may be no 64-bit number
        rows = chosen.slice(min(page - 1, pages) * per_page, per_page).rows(named=True)
        answers = self._show(listed.day, [child for row in rows for child in row["child_ids"]], seen_by)
        by_child = {answer.child_id: answer for answer in answers}
        families = [
            Family(
                family_ref=row["family_ref"],
                waiting_days=row["waiting_days"],
                children=[by_child[child] for child in row["child_ids"]],
            )
            for row in rows
        ]
        return Worklist(
            as_of=listed.day.as_of,
            model_version=self.bundle.manifest.model_version,
            band=band,
            bands=list(self.bands),
            page=page,
            per_page=per_page,
            pages=pages,
            total=chosen.height,
            families=families,
        )

    def score(self, child_id: str, *, seen_by: Person, as_of: date | None = None) -> ScoreAnswer:
        """Show one child's score. It is kept as shown.

        Raises
        ------
        UnknownChildError
            When the records hold no such person.
        NotInCohortError
            When the child could not be scored on that day.
        WrongUsageError
            When the day lies after the records' last day.
        """
        answered = self.score_many([child_id], seen_by=seen_by, as_of=as_of)[0]
        if isinstance(answered, WrongUsageError):
            raise answered
        return answered

    def score_many(
        self, child_ids: Sequence[str], *, seen_by: Person, as_of: date | None = None
    ) -> list[ScoreAnswer | WrongUsageError]:
        """Show several children's scores; for a child who has none, the error that says why, in its place."""
        day = self.listed(as_of).day
        scored = set(day.scores.filter(pl.col("child_id").is_in(list(child_ids)))["child_id"])
        found = [child for child in dict.fromkeys(child_ids) if child in scored]
        answers: dict[str, ScoreAnswer] = {a.child_id: a for a in self._show(day, found, seen_by)}
        return [answers[child] if child in answers else self._why_not(child) for child in child_ids]

    def shown(self, score_id: str, *, seen_by: Person) -> ScoreAnswer:
        """Show a score again, as it was shown then. Who sees it now is kept too.

        Raises
        ------
        UnknownScoreError
            When none was ever shown under that id.
        """
        return self._shown.again(score_id, seen_by=seen_by, seen_at=self._clock())

    def check_outcome(self, outcome: str | None) -> None:
        """Refuse an outcome that the released model does not speak of.

        Raises
        ------
        WrongUsageError
            When it is named and is not the model's.
        """
        if outcome not in (None, self.bundle.manifest.outcome):
            raise WrongUsageError(
                f"The released model speaks of {self.bundle.manifest.outcome} alone.",
                hint="Name that outcome, or leave it out.",
            )

    def _check_page(self, band: str | None, page: int, per_page: int) -> None:
        if band is not None and band not in self.bands:
            raise WrongUsageError(
                "There is no such band.", hint=f"The bands are {', '.join(self.bands)}; leave it out for all."
            )
        if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
            raise WrongUsageError(
                "There is no such page.", hint=f"Pages begin at 1 and hold 1 to {MOST_PER_PAGE} families."
            )

    def _show(self, day: DayScores, child_ids: Sequence[str], seen_by: Person) -> list[ScoreAnswer]:
        """Answer for children of the cohort, and keep each answer with its inputs before it leaves."""
        scores = _rows_of(day.scores, child_ids)
        inputs = _rows_of(_as_scored(day.matrix, self.bundle.model.indicators), child_ids)
        only_shown = _rows_of(day.only_shown, child_ids)
        answers = [
            answer_of(
                scores[child],
                explain(scores[child], inputs[child], read=self.bundle.model.read),
                also=also_on_record(only_shown[child]),
                score_id=secrets.token_urlsafe(SCORE_ID_BYTES),
                of=day.scores.height,
            )
            for child in child_ids
        ]
        as_shown: list[tuple[ScoreAnswer, Inputs]] = [(answer, inputs[answer.child_id]) for answer in answers]
        self._shown.keep(as_shown, seen_by=seen_by, seen_at=self._clock())
        return answers

    def _why_not(self, child_id: str) -> WrongUsageError:
        people = self.records.tables["ssd_person"]["pers_person_id"]
        if not (people == child_id).any():
            return UnknownChildError(
                "No such child is in the records that are served.", hint="Check the id; leading zeros count."
            )
        return NotInCohortError(
            "The child was not among those who could be scored on that day.",
            hint="The plan says who can be scored; children who are looked after are not.",
        )


def _rows_of(frame: pl.DataFrame, child_ids: Sequence[str]) -> Mapping[str, dict[str, Any]]:
    chosen = frame.filter(pl.col("child_id").is_in(list(child_ids)))
    return {row["child_id"]: row for row in chosen.iter_rows(named=True)}


def _as_scored(matrix: pl.DataFrame, indicators: Sequence[str]) -> pl.DataFrame:
    """Give what the model read of each child; not a number and null both mean not recorded."""
    return matrix.select("child_id", *indicators).with_columns(selectors.float().fill_nan(None))
