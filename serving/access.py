"""Who may see what. Every route declares its roles with `require`; one that declares none stops the service.

Closed by default: without a valid token, everything but `OPEN` answers 401 before its body is read. This file
knows tokens, roles and forms; it knows no child and no model.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import jwt
from fastapi.routing import iter_route_contexts
from starlette.requests import Request

from features.vocabulary.errors import EarlyHelpError, NotAllowedError, NotSignedInError, WrongUsageError
from features.vocabulary.home import home
from serving.errors import problem_of, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from fastapi.dependencies.models import Dependant
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from serving.settings import Settings

COOKIE: Final = "earlyhelp_session"
ISSUER: Final = "earlyhelp"
AUDIENCE: Final = "earlyhelp-service"
ALGORITHM: Final = "HS256"
CLAIMS: Final = ["exp", "iat", "sub", "role", "iss", "aud"]
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN: Final = frozenset({"/health/live", "/health/ready", "/sign-in"})
"""Paths that answer without a role. With `OPEN_FOLDER` these are all."""
OPEN_FOLDER: Final = "/static/"


class Role(StrEnum):
    """What a person is here to do, and so what they may see."""

    TRIAGE = "triage"
    DATA_SCIENTIST = "data_scientist"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Person:
    """Somebody who signed in: the name their authority knows them by, and their role."""

    subject: str
    role: Role


@dataclass(frozen=True)
class Access:
    """What is needed to know a person: the key that signs, the clock, and whether cookies need a secure line.

    Kept as `app.state.access`.
    """

    key: str
    clock: Callable[[], datetime]
    is_development: bool


def signing_key(settings: Settings) -> str:
    """Give the key that signs tokens: the one set, or this machine's own, made once and for its owner alone.

    Raises
    ------
    WrongUsageError
        When none is set outside development.
    """
    if settings.token_secret is not None:
        return settings.token_secret.get_secret_value()
    if not settings.is_development:
        raise WrongUsageError(
            "Outside development there is no signing key of the machine's own.",
            hint="Set EARLYHELP_TOKEN_SECRET to at least 32 random characters.",
        )
    path = home() / "token.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def issue_token(subject: str, role: Role, *, hours: float, key: str, now: datetime) -> str:
    """Sign a token that lets a person in until it runs out.

    Parameters
    ----------
    subject
        The name that the log will show as who saw and who decided.
    hours
        How long it holds.
    now
        The clock's, with a time zone.

    Raises
    ------
    WrongUsageError
        When the subject names nobody.
    """
    try:
        _storable(subject)
    except ValueError:
        raise WrongUsageError(
            "A token must say for whom it is.", hint="Give --subject a name that people know."
        ) from None
    claims = {"sub": subject, "role": str(role), "iss": ISSUER, "aud": AUDIENCE}
    times = {"iat": now, "exp": now + timedelta(hours=hours)}
    return jwt.encode({**claims, **times}, key, algorithm=ALGORITHM)


def read_token(token: str, *, key: str, now: datetime) -> Person:
    """Know a person by their token.

    Raises
    ------
    NotSignedInError
        When the token is not ours, lacks a claim, names no role of ours, or has run out. It does not say
        which.
    """
    try:
        # why: the clock is ours to pass in, so PyJWT checks everything but the times
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": CLAIMS, "verify_exp": False, "verify_iat": False},
        )
        if not claims["iat"] <= now.timestamp() + 60 or not now.timestamp() < claims["exp"]:
            raise _not_signed_in()
        return Person(_storable(claims["sub"]), Role(claims["role"]))
    except (jwt.PyJWTError, ValueError, TypeError):
        raise _not_signed_in() from None


def _storable(subject: str) -> str:
    """Give a name that the log can keep and show; ValueError, which is refused, when it is none."""
    if not subject.strip() or "\x00" in subject:
        raise ValueError("a subject that names nobody")
    subject.encode()
    return subject


def person_of(request: Request) -> Person | None:
    """Give who sent a request, or None when nobody is signed in."""
    person: Person | None = getattr(request.state, "person", None)
    return person


@dataclass(frozen=True)
class Guard:
    """Lets some roles through to a route, and checks the form's token where a cookie says who is asking."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Person:
        """Give the person who asks, or refuse."""
        person = person_of(request)
        if person is None:
            raise _not_signed_in()
        if person.role not in self.roles:
            raise NotAllowedError(
                f"This is for {', '.join(sorted(self.roles))}.", hint="Sign in with a role that may see it."
            )
        await check_csrf(request)
        return person


def require(*roles: Role) -> Guard:
    """Declare who may use a route: `Annotated[Person, Depends(require(Role.TRIAGE))]`."""
    return Guard(frozenset(roles))


ANYBODY: Final = require(*Role)
"""Whoever has a role, whichever."""


def csrf_token_for(request: Request) -> str:
    """Give the hidden field `csrf_token` that a form of this session must send back."""
    access: Access = request.app.state.access
    session = request.cookies.get(COOKIE, "")
    return hmac.new(access.key.encode(), b"csrf:" + session.encode(), sha256).hexdigest()


async def check_csrf(request: Request) -> None:
    """Refuse an unsafe request that a cookie vouches for and that does not come from a form of ours.

    The token stands in the field `csrf_token` of a form, or in the header `X-CSRF-Token`.

    Raises
    ------
    NotAllowedError
        When it is missing or another session's.
    """
    if request.method in SAFE_METHODS or not getattr(request.state, "is_by_cookie", False):
        return
    sent: Any = request.headers.get("x-csrf-token")
    if sent is None and "form" in request.headers.get("content-type", ""):
        sent = (await request.form()).get("csrf_token")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), csrf_token_for(request).encode()):
        raise NotAllowedError("The form is not one of this session's.", hint="Open the page again and send it anew.")


def set_session(response: Response, token: str, *, request: Request) -> None:
    """Keep a token in the person's browser, out of reach of scripts and of other sites."""
    access: Access = request.app.state.access
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=not access.is_development, path="/")


def clear_session(response: Response, *, request: Request) -> None:
    """Take the token out of the person's browser."""
    access: Access = request.app.state.access
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=not access.is_development, path="/")


def is_open(path: str) -> bool:
    """Whether a path answers without a role."""
    return path in OPEN or path.startswith(OPEN_FOLDER)


class Door:
    """Middleware that knows the person first, and closes all but the open paths to whoever is nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with who sent it, or answer 401 before its body is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            _recognise(request)
        except EarlyHelpError as error:
            await respond(request, problem_of(error))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def declared_roles(app: FastAPI) -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Give each route's method, path and roles, as declared; no roles for one that declares none."""
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        roles = frozenset[Role]() if dependant is None else _roles_in(dependant)
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield method, route.path or "", roles


def _roles_in(dependant: Dependant) -> frozenset[Role]:
    guards = [d.call for d in dependant.dependencies if isinstance(d.call, Guard)]
    deeper = [_roles_in(d) for d in dependant.dependencies]
    narrowed = [*(guard.roles for guard in guards), *(roles for roles in deeper if roles)]
    return frozenset.intersection(*narrowed) if narrowed else frozenset()


def _recognise(request: Request) -> None:
    """Write onto a request who sent it and whether a cookie says so."""
    access: Access = request.app.state.access
    kind, _, bearer = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE)
    token = bearer.strip() if kind.lower() == "bearer" else cookie
    request.state.is_by_cookie = token is not None and kind.lower() != "bearer"
    request.state.person = None
    try:
        if token is None:
            raise _not_signed_in()
        request.state.person = read_token(token, key=access.key, now=access.clock())
    except NotSignedInError:
        if not is_open(request.url.path):
            raise


def _not_signed_in() -> NotSignedInError:
    return NotSignedInError(
        "No role was shown, or the token is not ours or has run out.",
        hint="Send a bearer token, or sign in at /sign-in.",
    )
