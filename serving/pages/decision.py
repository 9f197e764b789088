"""Recording what a person decided on a score they were shown, and why. No function here decides anything."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from features.vocabulary.errors import UnknownScoreError
from serving.access import Person, Role, require
from serving.decisions.log import DecisionLog
from serving.decisions.models import DECISION_WORDS, LONGEST_NOTE, Code, Decided, DecisionDraft
from serving.pages.rendering import render
from serving.scoring.answers import ScoreAnswer

if TYPE_CHECKING:
    from serving.scoring.service import ScoringService

router = APIRouter()

Triage = Annotated[Person, Depends(require(Role.TRIAGE))]

CHOICES: dict[str, str] = {str(decided): words for decided, words in DECISION_WORDS.items()}
TOO_LONG = f"Shorten this to {LONGEST_NOTE:,} characters: longer notes belong in the case system"
NOT_STORABLE = "This holds a character that cannot be kept: type it again"


class Given(BaseModel):
    """The form as it was sent: every field may be empty, so that the page can say what is missing."""

    decision: str = ""
    reason: str = ""
    note: str = ""
    family_view: str = ""


@router.get("/cases/{score_id}/decision")
def ask_for_decision(request: Request, person: Triage, score_id: Code) -> Response:
    """Ask what was decided, and why."""
    return _form(request, _shown(request, score_id, seen_by=person), Given(), {})


@router.post("/cases/{score_id}/decision")
def record_decision(request: Request, person: Triage, score_id: Code, given: Annotated[Given, Form()]) -> Response:
    """Append the decision to the log, or say what is missing."""
    answer, log = _shown(request, score_id, seen_by=person), _log(request)
    errors = problems_of(given, log.reasons)
    if errors:
        return _form(request, answer, given, errors)
    draft = DecisionDraft(
        score_id=score_id,
        decision=Decided(given.decision),
        reason=given.reason,
        note=_one_kind_of_line(given.note) or None,
        family_view=_one_kind_of_line(given.family_view) or None,
    )
    receipt = log.record(draft, decided_by=person, is_once=True)
    return RedirectResponse(f"/cases/{score_id}/decision/{receipt.position}", HTTPStatus.SEE_OTHER)


@router.get("/cases/{score_id}/decision/{position}")
def show_recorded(request: Request, person: Triage, score_id: Code, position: int) -> Response:
    """Confirm what stands in the log."""
    answer = _shown(request, score_id, seen_by=person)
    receipts = _log(request).of_child(answer.child_id)
    receipt = next((r for r in receipts if r.position == position and r.score_id == score_id), None)
    if receipt is None:
        raise UnknownScoreError("No such decision was recorded on this score.", hint="Go back to the list.")
    reason = _log(request).reasons.get(receipt.reason, receipt.reason)
    words = DECISION_WORDS[receipt.decision]
    return render(request, "recorded.html", answer=answer, receipt=receipt, decision=words, reason=reason)


def problems_of(given: Given, reasons: Mapping[str, str]) -> dict[str, str]:
    """Say what keeps a form from being recorded, by field, in the order of the page.

    Examples
    --------
    >>> problems_of(Given(decision="offer_early_help"), {"family_asked": "The family asked"})
    {'reason': 'Choose what mattered most'}
    """
    errors = {}
    if given.decision not in CHOICES:
        errors["decision"] = "Choose what you decided"
    if given.reason not in reasons:
        errors["reason"] = "Choose what mattered most"
    for field, text in (("family_view", given.family_view), ("note", given.note)):
        if len(_one_kind_of_line(text)) > LONGEST_NOTE:
            errors[field] = TOO_LONG
        elif "\x00" in text:
            errors[field] = NOT_STORABLE
    return errors


def _one_kind_of_line(text: str) -> str:
    """Undo what a browser does to line ends, so that the length counted is the length seen."""
    return text.replace("\r\n", "\n").strip()


def _form(request: Request, answer: ScoreAnswer, given: Given, errors: dict[str, str]) -> Response:
    return render(
        request,
        "decision.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
        answer=answer,
        given=given,
        errors=errors,
        decisions=CHOICES,
        reasons=_log(request).reasons,
        longest_text=LONGEST_NOTE,
    )


def _shown(request: Request, score_id: str, *, seen_by: Person) -> ScoreAnswer:
    scoring: ScoringService = request.app.state.scoring
    return scoring.shown(score_id, seen_by=seen_by)


def _log(request: Request) -> DecisionLog:
    log: DecisionLog = request.app.state.decisions
    return log
