"""The interface that programs rely on: what is written down is what is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from serving.access import Role, is_open
from serving.app import bare_app
from serving.openapi import WRITTEN, as_text
from serving.reference import describe
from tests.serving_fixtures import visitor

if TYPE_CHECKING:
    from fastapi import FastAPI

PROMISED = """
    POST /v1/scores
    POST /v1/scores/batch
    GET /v1/scores/{score_id}
    GET /v1/worklist
    POST /v1/decisions
    GET /v1/models/champion
    GET /v1/audits/champion
    GET /v1/audits/people
    GET /v1/audits/watch
    GET /health/live
    GET /health/ready
    GET /metrics
"""


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def test_the_interface_is_the_one_written_down() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == as_text(), "if the change is meant: python -m serving.openapi"


def test_what_was_promised_is_there() -> None:
    assert {line.strip() for line in PROMISED.strip().splitlines()} <= set(operations(describe(bare_app())))


def test_every_operation_says_who_may_use_it() -> None:
    silent = [
        name
        for name, operation in operations(describe(bare_app())).items()
        if not operation.get("x-roles") and not is_open(name.split()[1])
    ]
    assert silent == []


def test_every_operation_that_needs_a_role_says_its_problems() -> None:
    for name, operation in operations(describe(bare_app())).items():
        if operation.get("x-roles"):
            problems = {s for s, answer in operation["responses"].items() if "application/problem+json" in str(answer)}
            assert {"401", "403"} <= problems, name


def test_no_identifier_of_a_child_stands_in_an_address() -> None:
    described = describe(bare_app())
    names = {p["name"] for op in operations(described).values() for p in op.get("parameters", [])}
    assert names == {"score_id", "band", "page", "per_page", "after", "limit"}


def test_every_reference_within_leads_somewhere() -> None:
    described = describe(bare_app())
    text = str(described)
    referred = {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred <= set(described["components"]["schemas"])


@pytest.mark.parametrize("role", Role)
def test_whoever_has_a_role_can_read_the_interface(service: FastAPI, role: Role) -> None:
    reader = visitor(service, role)
    assert reader.get("/openapi.json").json() == describe(bare_app())
    page = reader.get("/docs").text
    assert "GET /v1/worklist" in page
    assert "<script" not in page
