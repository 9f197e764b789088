"""Decisions over HTTP: a person posts one, an auditor reads the log without ids. No route decides."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from serving.access import Person, Role, require
from serving.decisions.log import DecisionLog
from serving.decisions.models import DecisionDraft, DecisionReceipt, LogPage
from serving.errors import described

MOST_LINES = 1_000

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


def decisions(request: Request) -> DecisionLog:
    """Give the application's log."""
    log: DecisionLog = request.app.state.decisions
    return log


Log = Annotated[DecisionLog, Depends(decisions)]


@router.post("", status_code=201, responses=described(404))
def decide(draft: DecisionDraft, person: Annotated[Person, Depends(require(Role.TRIAGE))], log: Log) -> DecisionReceipt:
    """Record what a person decided on a score they were shown, and why."""
    return log.record(draft, decided_by=person)


@router.get("/log", responses=described(), dependencies=[Depends(require(Role.AUDITOR))])
def read_log(
    log: Log,
    after: Annotated[int, Query(ge=0, description="Begin after this position")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 100,
) -> LogPage:
    """Give the log without ids, oldest first: no child, no family, no score, no name, no note."""
    return log.page(after=after, limit=limit)
