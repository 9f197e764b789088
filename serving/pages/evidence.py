"""The audit and the card of the released model, for those who check it: no child's record, no score."""

import json
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from serving.access import Person, Role, require
from serving.pages.audit_tables import MEASURES, tables_of, verdicts_in_words
from serving.pages.headers import DOCUMENT_POLICY
from serving.pages.rendering import render
from training.registry.bundle import Bundle

router = APIRouter()

Checking = Annotated[Person, Depends(require(Role.AUDITOR, Role.DATA_SCIENTIST))]

KINDS: dict[str, str] = {
    "rule": "a rule of thumb: points for what the records say",
    "logistic": "logistic regression",
    "lightgbm": "trees (LightGBM), held to the direction that each indicator declares",
}


@router.get("/audit")
def audit(request: Request, person: Checking) -> Response:
    """Show the released model's audit by group; the whole report stands one step further."""
    bundle = _released(request)
    content = json.loads((bundle.folder / "audit.json").read_bytes())
    return render(
        request,
        "audit.html",
        manifest=bundle.manifest,
        tables=tables_of(content),
        measures=MEASURES.values(),
        verdicts=verdicts_in_words(content),
    )


@router.get("/audit/report")
def audit_report(request: Request, person: Checking) -> Response:
    """Give the audit's report as it was written when the model was trained."""
    return _document(_released(request).folder / "audit.html")


@router.get("/model")
def model(request: Request, person: Checking) -> Response:
    """Show what the released model is and was made from; its whole card stands one step further."""
    manifest = _released(request).manifest
    return render(request, "model.html", manifest=manifest, kind=KINDS[manifest.kind])


@router.get("/model/card")
def model_card(request: Request, person: Checking) -> Response:
    """Give the model card as it was written when the model was trained."""
    return _document(_released(request).folder / "card.html")


def _released(request: Request) -> Bundle:
    bundle: Bundle = request.app.state.scoring.bundle
    return bundle


def _document(path: Path) -> Response:
    """Give a self-contained document of the bundle, whose hash was checked when the bundle was read."""
    return HTMLResponse(path.read_bytes(), headers={"Content-Security-Policy": DOCUMENT_POLICY})
