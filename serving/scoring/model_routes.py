"""The released model and its audit over HTTP: for those who check it. No child is in either."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from serving.access import Role, require
from serving.errors import described
from training.registry.bundle import Bundle

router = APIRouter(prefix="/v1", tags=["model and audit"])
CHECKERS = require(Role.DATA_SCIENTIST, Role.AUDITOR)


class ModelAnswer(BaseModel):
    """What the released model is: its manifest, and its card in words."""

    manifest: dict[str, Any] = Field(description="Plan, data behind it, days, metrics, and the hash of each file")
    card: dict[str, Any]


def released(request: Request) -> Bundle:
    """Give the bundle that the application scores with; its files were checked as it was read."""
    bundle: Bundle = request.app.state.scoring.bundle
    return bundle


Released = Annotated[Bundle, Depends(released)]


@router.get("/models/champion", responses=described(), dependencies=[Depends(CHECKERS)])
def champion(bundle: Released) -> ModelAnswer:
    """Give the released model's manifest and card."""
    card = json.loads((bundle.folder / "card.json").read_bytes())
    return ModelAnswer(manifest=bundle.manifest.model_dump(mode="json"), card=card)


@router.get("/audits/champion", responses=described(), dependencies=[Depends(CHECKERS)])
def audit(bundle: Released) -> dict[str, Any]:
    """Give the released model's audit: `audit.json`, with small groups withheld."""
    content: dict[str, Any] = json.loads((bundle.folder / "audit.json").read_bytes())
    return content
