"""Signing in with a token, and out again."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from features.vocabulary.errors import NotAllowedError, NotSignedInError
from serving.access import ANYBODY, Access, clear_session, read_token, set_session
from serving.pages.rendering import render

router = APIRouter()

NO_ENTRY = "This does not open the service: it is not whole, or has run out. Paste it again or ask for a new one."


@router.get("/sign-in")
def ask_to_sign_in(request: Request, out: bool = False) -> Response:
    """Ask for a token; anybody may see this page."""
    return render(request, "sign_in.html", has_signed_out=out)


@router.post("/sign-in")
def sign_in(request: Request, token: Annotated[str, Form(max_length=4096)] = "") -> Response:
    """Take a token into the browser's session."""
    _refuse_other_sites(request)
    access: Access = request.app.state.access
    given = token.strip()
    try:
        read_token(given, key=access.key, now=access.clock())
    except NotSignedInError:
        wrong = {"token": NO_ENTRY if given else "Paste your token"}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "sign_in.html", status=status, errors=wrong, has_signed_out=False)
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    set_session(answer, given, request=request)
    return answer


@router.post("/sign-out", dependencies=[Depends(ANYBODY)])
def sign_out(request: Request) -> Response:
    """End the browser's session."""
    answer = RedirectResponse("/sign-in?out=true", HTTPStatus.SEE_OTHER)
    clear_session(answer, request=request)
    return answer


def _refuse_other_sites(request: Request) -> None:
    """Let no other site sign a person in as somebody else.

    There is no session yet whose form token could be checked, and `no-referrer` makes browsers send the
    origin as `null`; every current browser says here where a form came from.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowedError("This form was sent from another site.", hint="Sign in at our own sign-in page.")
