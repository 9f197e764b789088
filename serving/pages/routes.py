"""All pages, joined: what the service's application includes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.staticfiles import StaticFiles

from serving.pages import case, decision, evidence, in_service, sign_in
from serving.pages.problems import error_page

if TYPE_CHECKING:
    from fastapi import FastAPI

STATIC = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)
for part in (sign_in, case, decision, evidence, in_service):
    router.include_router(part.router)


def add_pages(app: FastAPI) -> None:
    """Add every page to an application, what they look like, and errors said as pages.

    `serving.pages.headers.SecureHeaders` is added apart, as the outermost middleware: it is for the API too.
    """
    app.include_router(router)
    # Before set-up has compiled the style sheet the pages still answer, plain.
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    app.state.error_page = error_page
