"""How an error is said over HTTP: problem details as in RFC 9457. The only file that knows HTTP of errors.

A problem says what kind of thing went wrong and what is allowed. It never repeats what was sent, an id or a
value.

References
----------
RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from features.vocabulary.errors import (
    EarlyHelpError,
    IntegrityError,
    NotAllowedError,
    NotInCohortError,
    NotSignedInError,
    OutOfReachError,
    RefusedError,
    UnknownChildError,
    UnknownScoreError,
    UnusableRecordsError,
    WrongUsageError,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:earlyhelp:problem:"
# Kinds of pydantic's complaint whose own words repeat what was sent.
REPEATS_INPUT = frozenset({"value_error", "assertion_error", "extra_forbidden"})

log = logging.getLogger("earlyhelp.service")


class Problem(BaseModel):
    """Problem details: what went wrong, in words for a person and in a type for a program."""

    type: str = Field(examples=[PREFIX + "not-in-cohort"])
    title: str
    status: int
    detail: str
    hint: str | None = None
    fields: list[str] | None = Field(default=None, description="Which fields are wrong, and how; never their values")


@dataclass(frozen=True)
class Kind:
    """How one error of ours is said over HTTP."""

    status: int
    name: str
    title: str


KINDS: Mapping[type[EarlyHelpError], Kind] = {
    NotSignedInError: Kind(401, "not-signed-in", "Sign in first"),
    NotAllowedError: Kind(403, "not-allowed", "This is for another role"),
    UnknownChildError: Kind(404, "unknown-child", "No such child in the records"),
    NotInCohortError: Kind(404, "not-in-cohort", "The child was not in the cohort on that day"),
    UnknownScoreError: Kind(404, "unknown-score", "No such score was shown"),
    WrongUsageError: Kind(422, "wrong-usage", "The request is not one we can answer"),
    RefusedError: Kind(503, "no-champion", "No model has been released"),
    OutOfReachError: Kind(503, "out-of-reach", "A part of the service does not answer"),
    UnusableRecordsError: Kind(503, "unusable-records", "The records cannot be used"),
    IntegrityError: Kind(500, "integrity", "Something is not what it was when written"),
    EarlyHelpError: Kind(500, "our-fault", "Something went wrong on our side"),
}

# Our own words: the standard library's differ between versions of Python, and openapi.json is compared.
DESCRIBED: Mapping[int, str] = {
    401: "Nobody is signed in",
    403: "Signed in, and this is for another role",
    404: "No such child, score or list",
    422: "The request is not one we can answer",
    503: "A part of the service does not answer",
}

# Kind, title and detail of what is no error of ours, for the same reason.
PLAIN: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "This was not sent in a form we can read", "Send it again, or begin again at the start."),
    404: ("not-found", "There is nothing at this address", "Check the address."),
    405: ("method-not-allowed", "This address does not take that", "Another method may be allowed: see /docs."),
    413: ("content-too-large", "This is too much at once", "A request holds at most a megabyte."),
    500: ("internal-server-error", "Something went wrong on our side", "Nothing more is said here; try again later."),
}

ErrorPage = Callable[[Request, Problem], Response | None]
"""Draws a problem for a person who reads a page; None leaves it as problem details."""


def problem_of(error: EarlyHelpError) -> Problem:
    """Say an error of ours as problem details.

    Examples
    --------
    >>> problem_of(NotSignedInError("No role was shown.", hint="Sign in.")).status
    401
    """
    kind = next(KINDS[base] for base in type(error).__mro__ if base in KINDS)
    return Problem(
        type=PREFIX + kind.name,
        title=kind.title,
        status=kind.status,
        detail=error.message,
        hint=error.hint,
    )


def respond(request: Request, problem: Problem) -> Response:
    """Answer with a problem: as a page where a person reads it, else as problem details."""
    draw: ErrorPage | None = getattr(request.app.state, "error_page", None)
    page = draw(request, problem) if draw is not None and _is_for_a_person(request) else None
    if page is not None:
        return page
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    body = problem.model_dump(exclude_none=True)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """Let every error of an application be said by this file."""

    async def say(request: Request, error: Exception) -> Response:
        response = respond(request, _problem_of_any(error))
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    for kind in (EarlyHelpError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, say)


class Unforeseen:
    """ASGI middleware that answers an error nobody foresaw, and writes down its type and place alone.

    Its own words may repeat a cell or an id; left to the server, they would stand in its log with a traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; say an error as a problem, unless the answer had begun."""
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.error("unforeseen error of type %s in %s", type(error).__name__, _place_of(error))
            if not has_begun:
                await respond(Request(scope), _problem_of_status(500))(scope, receive, send)


class BodyLimit:
    """ASGI middleware that reads no body beyond a length, and says so as a problem.

    Starlette's own limit answers outside every middleware: as bare text, and without the headers that each of our
    answers carries.
    """

    def __init__(self, app: ASGIApp, *, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and refuse its body where it grows too large."""
        n_read = 0

        async def receive_up_to_the_limit() -> Message:
            nonlocal n_read
            message = await receive()
            n_read += len(message.get("body", b""))
            if n_read > self.largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        told = Headers(scope=scope).get("content-length", "0") if scope["type"] == "http" else "0"
        if told.isdecimal() and int(told) > self.largest:
            await respond(Request(scope), _problem_of_status(413))(scope, receive, send)
            return
        await self.app(scope, receive_up_to_the_limit, send)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare in OpenAPI the problems a route may answer with, besides 401, 403 and 422."""
    return {
        status: {"description": DESCRIBED[status], "content": {MEDIA_TYPE: {"schema": _schema()}}}
        for status in sorted({401, 403, 422, *statuses})
    }


def _schema() -> dict[str, str]:
    return {"$ref": "#/components/schemas/Problem"}


def _place_of(error: Exception) -> str:
    """Give the line of ours in which an error arose."""
    ours = Path(__file__).parents[1]
    frames = [
        (Path(frame.f_code.co_filename), line)
        for frame, line in walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).is_relative_to(ours)
    ]
    inside = [(file, line) for file, line in frames if "site-packages" not in file.parts]
    return ", line ".join(map(str, (inside[-1][0].relative_to(ours), inside[-1][1]))) if inside else "a library"


def _is_for_a_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def _problem_of_any(error: Exception) -> Problem:
    if isinstance(error, EarlyHelpError):
        return problem_of(error)
    if isinstance(error, RequestValidationError):
        return _problem_of_fields(error)
    return _problem_of_status(error.status_code if isinstance(error, HTTPException) else 500)


def _problem_of_status(status: int) -> Problem:
    phrase = HTTPStatus(status).phrase
    name, title, detail = PLAIN.get(status, (phrase.lower().replace(" ", "-"), phrase, phrase))
    return Problem(type=PREFIX + name, title=title, status=status, detail=detail)


def _problem_of_fields(error: RequestValidationError) -> Problem:
    return Problem(
        type=PREFIX + "invalid-request",
        title="The request is not one we can answer",
        status=422,
        detail="Fields are missing or not allowed.",
        hint="What is allowed stands in /openapi.json.",
        fields=sorted({_say_of_field(each) for each in error.errors()}),
    )


def _say_of_field(complaint: Mapping[str, Any]) -> str:
    """Say what is wrong with a field; a name that the caller made up is not repeated."""
    if complaint["type"] == "extra_forbidden":
        return "a field that is not declared"
    place = ".".join(str(part) for part in complaint["loc"] if isinstance(part, str))
    return f"{place}: {'not allowed' if complaint['type'] in REPEATS_INPUT else complaint['msg']}"
