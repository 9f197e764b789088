"""What the service does in service, for the auditor: people in the loop, and what came true. No child is on a page."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from serving.access import Person, Role, require
from serving.monitoring import watch
from serving.monitoring.shown_rows import shown_rows
from serving.pages.audit_tables import MEASURES, tables_of, verdicts_in_words
from serving.pages.people_tables import (
    AFTERWARDS,
    SHARES,
    table_of_reasons,
    tables_of_gaps,
    tables_of_shares,
)
from serving.pages.rendering import render

if TYPE_CHECKING:
    from serving.scoring.service import ScoringService

router = APIRouter()

Auditing = Annotated[Person, Depends(require(Role.AUDITOR))]


@router.get("/audit/people")
def people(request: Request, person: Auditing) -> Response:
    """Show how decisions stand to what the score alone would have done, by group and by role."""
    scoring: ScoringService = request.app.state.scoring
    told = watch.people(shown_rows(request.app.state.engine), scoring.records, scoring.bundle)
    return render(
        request,
        "people.html",
        told=told,
        shares=tables_of_shares(told.shares, SHARES),
        gaps=tables_of_gaps(told.shares),
        reasons=table_of_reasons(told.override_reasons, scoring.bundle.manifest.plan.decisions.reasons),
        afterwards=tables_of_shares(told.afterwards, AFTERWARDS),
    )


@router.get("/audit/watch")
def came_true(request: Request, person: Auditing) -> Response:
    """Show whether scores that people were shown came true, and for whom."""
    scoring: ScoringService = request.app.state.scoring
    told = watch.came_true(shown_rows(request.app.state.engine), scoring.records, scoring.bundle)
    models = [
        (
            model,
            () if model.audit is None else tables_of(model.audit),
            "" if model.audit is None else verdicts_in_words(model.audit),
            tables_of_shares(model.followed_up, {"outcome_known": "What happened can be seen"}),
        )
        for model in told.models
    ]
    return render(request, "watch.html", told=told, models=models, measures=tuple(MEASURES.values()))
