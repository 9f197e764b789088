"""The list of families, and one child's score with what moved it: the triage team's pages."""

from math import exp
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from features.vocabulary.errors import WrongUsageError
from serving.access import ANYBODY, Person, Role, require
from serving.decisions.models import DECISION_WORDS, Code
from serving.explanations import by_domain, words
from serving.pages.rendering import ROLE_WORDS, render
from serving.scoring.answers import ScoreAnswer, side_of_range
from serving.scoring.service import ScoringService

if TYPE_CHECKING:
    from serving.decisions.log import DecisionLog

router = APIRouter()

# Nobody weighs two hundred things at once; the rest stand in a table below.
MOST_REASONS = 5

# Log-odds: what moves the odds by less than a twentieth is added up in one line, and so is what comes after the most
# that a table can hold and still be read.
SMALLEST_LISTED = 0.05
MOST_LISTED = 25

Triage = Annotated[Person, Depends(require(Role.TRIAGE))]
Anybody = Annotated[Person, Depends(ANYBODY)]


@router.get("/")
def start(request: Request, person: Anybody, band: str = "", page: Annotated[int, Query(ge=1)] = 1) -> Response:
    """Begin: the list for the triage team, the evidence for everybody else."""
    if person.role is not Role.TRIAGE:
        return render(request, "start.html", role_words=ROLE_WORDS[person.role])
    scoring: ScoringService = request.app.state.scoring
    shown = scoring.worklist(seen_by=person, band=band or None, page=page)
    return render(
        request,
        "worklist.html",
        shown=shown,
        n_children=shown.families[0].children[0].of if shown.families else 0,
        bands=_meanings_of(scoring),
        moved_up=words.MOVED_UP,
        what_moved_up_means=words.WHAT_MOVED_UP_MEANS,
        address=lambda number: "/?" + urlencode({"band": band, "page": number}),
    )


@router.get("/cases/{score_id}")
def case(request: Request, person: Triage, score_id: Code) -> Response:
    """Show a score as it was shown, with what moved it and what is not recorded."""
    scoring: ScoringService = request.app.state.scoring
    log: DecisionLog = request.app.state.decisions
    answer = scoring.shown(score_id, seen_by=person)
    moved = sorted([*answer.raised, *answer.lowered], key=lambda reason: -abs(reason.contribution))
    larger = [reason for reason in moved if abs(reason.contribution) >= SMALLEST_LISTED][:MOST_LISTED]
    return render(
        request,
        "case.html",
        answer=answer,
        side=side_of_range(answer.score, answer.low, answer.high),
        decided=log.of_child(answer.child_id),
        decision_words=DECISION_WORDS,
        reasons=log.reasons,
        siblings=siblings_of(scoring, answer, seen_by=person),
        larger=larger,
        n_smaller=len(moved) - len(larger),
        smaller=sum(reason.contribution for reason in moved[len(larger) :]),
        domains=by_domain(moved),
        widest=abs(moved[0].contribution) if moved else 1.0,
        most_reasons=MOST_REASONS,
        start=1 / (1 + exp(-answer.base)),
        band_words=_meanings_of(scoring).get(answer.band, ""),
        place=words.rank_in_words(answer.rank, answer.of),
        what_a_score_is_not=words.WHAT_A_SCORE_IS_NOT,
        what_moved_up_means=words.WHAT_MOVED_UP_MEANS,
    )


def siblings_of(scoring: ScoringService, answer: ScoreAnswer, *, seen_by: Person) -> list[ScoreAnswer]:
    """Show the scores of the family's other children on the same day's list, each with their own.

    Returns
    -------
    list of ScoreAnswer
        Empty when there is none, or when the records no longer reach the day of the answer.
    """
    try:
        families = scoring.listed(answer.as_of).families
    except WrongUsageError:
        return []
    family = families.filter(pl.col("child_ids").list.contains(answer.child_id))
    others = [child for children in family["child_ids"].to_list() for child in children if child != answer.child_id]
    shown = scoring.score_many(others, seen_by=seen_by, as_of=answer.as_of)
    return [other for other in shown if isinstance(other, ScoreAnswer)]


def _meanings_of(scoring: ScoringService) -> dict[str, str]:
    """Say what each band is: a share of the places there are, not a kind of child."""
    rule = scoring.bundle.manifest.plan.bands
    return words.bands_in_words(rule.names, [share * rule.capacity for share in rule.shares])
