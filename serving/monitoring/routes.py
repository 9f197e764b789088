"""Health for whoever runs the service, without detail for everybody; numbers, and the watch, for the auditor."""

from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from serving.access import Role, require
from serving.database import is_answering
from serving.errors import described
from serving.monitoring import watch
from serving.monitoring.metrics import CONTENT_TYPE, Metrics
from serving.monitoring.shown_rows import shown_rows

if TYPE_CHECKING:
    from serving.decisions.log import DecisionLog
    from serving.scoring.service import ScoringService

router = APIRouter(tags=["monitoring"])


class Health(BaseModel):
    """Whether the service lives, or is ready. No detail: this is open to all."""

    status: Literal["ok", "not ready"]


@router.get("/health/live")
def live() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/health/ready", responses={503: {"model": Health, "description": "Not ready"}})
def ready(request: Request, response: Response) -> Health:
    """Say whether the database answers and the latest list is scored."""
    scoring: ScoringService = request.app.state.scoring
    if scoring.is_warm and is_answering(request.app.state.engine):
        return Health(status="ok")
    response.status_code = 503
    return Health(status="not ready")


@router.get(
    "/metrics",
    responses={**described(), 200: {"content": {"text/plain": {}}}},
    response_class=Response,
    dependencies=[Depends(require(Role.AUDITOR))],
)
def metrics(request: Request) -> Response:
    """Give the service's numbers in Prometheus' text format."""
    numbers: Metrics = request.app.state.metrics
    scoring: ScoringService = request.app.state.scoring
    decisions: DecisionLog = request.app.state.decisions
    text = numbers.text(n_listed=scoring.listed().day.scores.height, n_decisions=decisions.counts())
    return Response(text, media_type=CONTENT_TYPE)


@router.get("/v1/audits/people", responses=described(), dependencies=[Depends(require(Role.AUDITOR))])
def audit_of_people(request: Request) -> watch.PeopleAnswer:
    """Give how decisions stand to what the score alone would have done, by group and by role: nobody is named."""
    scoring: ScoringService = request.app.state.scoring
    return watch.people(shown_rows(request.app.state.engine), scoring.records, scoring.bundle)


@router.get("/v1/audits/watch", responses=described(), dependencies=[Depends(require(Role.AUDITOR))])
def audit_of_service(request: Request) -> watch.WatchAnswer:
    """Give whether scores shown at least a horizon ago came true, and for whom: the same audit as at training."""
    scoring: ScoringService = request.app.state.scoring
    return watch.came_true(shown_rows(request.app.state.engine), scoring.records, scoring.bundle)
