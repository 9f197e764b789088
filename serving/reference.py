"""What the service answers, for programs (`/openapi.json`) and for people (`/docs`), whichever their role.

The page is drawn here and loads nothing from elsewhere: a page that fetches a stranger's script is no place
for a token.
"""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, JSONResponse

from serving.access import ANYBODY, declared_roles, is_open
from serving.errors import Problem

VERSION = "1.0.0"
TITLE = "earlyhelp"
SUMMARY = "Explained scores for a triage team. People decide; the service records what they decided and why."

router = APIRouter(include_in_schema=False, dependencies=[Depends(ANYBODY)])
templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


@router.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """Give the interface for programs."""
    return JSONResponse(describe(request.app))


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Give the interface for people."""
    return HTMLResponse(templates.get_template("reference.html").render(api=describe(request.app)))


def describe(app: FastAPI) -> dict[str, Any]:
    """Describe the interface as OpenAPI, with each route's roles as `x-roles`.

    Returns
    -------
    dict
        The same for the same code, whatever the records and the model.
    """
    described = get_openapi(title=TITLE, version=VERSION, summary=SUMMARY, routes=app.routes)
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for method, path, roles in declared_roles(app):
        operation = described["paths"].get(path, {}).get(method.lower())
        if operation is not None and not is_open(path):
            operation["x-roles"] = sorted(roles)
            operation["security"] = [{"bearer": []}]
    # why: FastAPI's own shape of a 422 is never sent
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return described
