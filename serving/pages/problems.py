"""Say an error as a page, for the person who meets it.

The words come from the problem itself, which never repeats what was sent, an id or a value.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from serving.access import person_of
from serving.pages.rendering import ROLE_WORDS, render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from serving.errors import Problem

OUR_FAULT = (
    "Something went wrong on our side. What you had already recorded is kept.",
    "Try again in a few minutes. If it goes on, tell whoever runs this service what you were doing and when.",
)


def error_page(request: Request, problem: Problem) -> Response:
    """Draw a problem; whoever is not signed in is led to the sign-in page instead."""
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.hint is None:
        return render(request, "problem.html", status=problem.status, heading="This did not work", says=OUR_FAULT)
    heading, says = _words_of(request, problem)
    return render(request, "problem.html", status=problem.status, heading=heading, says=says)


def _words_of(request: Request, problem: Problem) -> tuple[str, Sequence[str]]:
    """Choose a heading, and what to say under it."""
    person = person_of(request)
    if _is_plainly_absent(problem):
        return "This page does not exist", ["Check the address, or begin again at the start."]
    if problem.status == HTTPStatus.FORBIDDEN and request.method == "POST":
        return "This was not sent", [problem.detail] if problem.hint is None else [problem.detail, problem.hint]
    if problem.status == HTTPStatus.FORBIDDEN and request.method == "GET" and person is not None:
        signed_in = f"You are signed in as {ROLE_WORDS[person.role]}, and this page is for another role."
        return "You cannot see this page", [signed_in, "If your work needs it, ask whoever runs this service."]
    return problem.title, [problem.detail] if problem.hint is None else [problem.detail, problem.hint]


def _is_plainly_absent(problem: Problem) -> bool:
    """Whether it is an address that nothing stands at, rather than a score that was never shown."""
    return problem.status == HTTPStatus.NOT_FOUND and problem.type.endswith(":not-found")
