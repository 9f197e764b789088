"""Scores over HTTP. Ids of children stand in bodies, never in a URL."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from serving.access import Person, Role, require
from serving.decisions.models import Code
from serving.errors import described, problem_of
from serving.scoring.answers import ScoreAnswer, Worklist
from serving.scoring.service import MOST_PER_PAGE, ScoringService

# An authority's triage day has tens of children; a thousand is a quarter's list, and seconds of work.
MOST_IN_BATCH = 1_000

router = APIRouter(prefix="/v1", tags=["scores"])
Triage = Annotated[Person, Depends(require(Role.TRIAGE))]


class _Asked(BaseModel):
    """What every question for scores may say besides whose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date | None = Field(default=None, description="Left out: the records' last day, never the clock's")
    outcome: Code | None = Field(default=None, description="Left out: the released model's")


class ScoreQuestion(_Asked):
    """Whose score, and as of which day."""

    child_id: Code


class BatchQuestion(_Asked):
    """Whose scores, and as of which day."""

    child_ids: list[Code] = Field(min_length=1, max_length=MOST_IN_BATCH)


class NotScored(BaseModel):
    """Why one child of a batch has no score. It names the place in the batch, not the child."""

    position: int = Field(description="Place in `child_ids`, from 0")
    type: str
    title: str


class BatchAnswer(BaseModel):
    """Scores in the order asked, and why the others have none."""

    scores: list[ScoreAnswer]
    problems: list[NotScored]


def scoring(request: Request) -> ScoringService:
    """Give the application's scoring service."""
    service: ScoringService = request.app.state.scoring
    return service


Scoring = Annotated[ScoringService, Depends(scoring)]


@router.post("/scores", responses=described(404))
def score(question: ScoreQuestion, person: Triage, service: Scoring) -> ScoreAnswer:
    """Give one child's score, explained. What is shown is kept, with who saw it."""
    service.check_outcome(question.outcome)
    return service.score(question.child_id, seen_by=person, as_of=question.as_of)


@router.post("/scores/batch", responses=described())
def score_batch(question: BatchQuestion, person: Triage, service: Scoring) -> BatchAnswer:
    """Give the scores of up to 1,000 children. A child without a score stands among the problems."""
    service.check_outcome(question.outcome)
    answered = service.score_many(question.child_ids, seen_by=person, as_of=question.as_of)
    problems = []
    for position, answer in enumerate(answered):
        if not isinstance(answer, ScoreAnswer):
            problem = problem_of(answer)
            problems.append(NotScored(position=position, type=problem.type, title=problem.title))
    return BatchAnswer(scores=[a for a in answered if isinstance(a, ScoreAnswer)], problems=problems)


@router.get("/scores/{score_id}", responses=described(404))
def score_as_shown(score_id: Code, person: Triage, service: Scoring) -> ScoreAnswer:
    """Give a score again, as it was shown then, whatever the records and the model say now."""
    return service.shown(score_id, seen_by=person)


@router.get("/worklist", responses=described())
def worklist(
    person: Triage,
    service: Scoring,
    band: Annotated[str | None, Query(description="Only families whose child concerned is in this band")] = None,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 25,
) -> Worklist:
    """Give families in the order of the list: by the band of the child concerned, then by days waiting."""
    return service.worklist(seen_by=person, band=band, page=page, per_page=per_page)
