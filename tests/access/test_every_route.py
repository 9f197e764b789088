"""Nobody first: every route of the service, for whoever has no role, and then for each role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from serving.access import OPEN, Role, declared_roles, is_open
from serving.app import check_roles_declared
from tests.serving_fixtures import visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

# What each part of the interface is for, as the design says it; a route that is not here fails a test.
MAY = """
    POST /v1/scores                                triage
    POST /v1/scores/batch                          triage
    GET  /v1/scores/{score_id}                     triage
    GET  /v1/worklist                              triage
    POST /v1/decisions                             triage
    GET  /v1/decisions/log                         auditor
    GET  /v1/models/champion                       auditor data_scientist
    GET  /v1/audits/champion                       auditor data_scientist
    GET  /v1/audits/people                         auditor
    GET  /v1/audits/watch                          auditor
    GET  /metrics                                  auditor
    GET  /openapi.json                             auditor data_scientist triage
    GET  /docs                                     auditor data_scientist triage
    GET  /                                         auditor data_scientist triage
    GET  /cases/{score_id}                         triage
    GET  /cases/{score_id}/decision                triage
    POST /cases/{score_id}/decision                triage
    GET  /cases/{score_id}/decision/{position}     triage
    GET  /audit                                    auditor data_scientist
    GET  /audit/report                             auditor data_scientist
    GET  /audit/people                             auditor
    GET  /audit/watch                              auditor
    GET  /model                                    auditor data_scientist
    GET  /model/card                               auditor data_scientist
    POST /sign-out                                 auditor data_scientist triage
"""


def closed(service: FastAPI) -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Every route but the open ones, with something in place of each part of its path."""
    for method, path, roles in declared_roles(service):
        if not is_open(path) and path != "/static":
            yield method, re.sub(r"\{.*?\}", "1", path), roles


def test_nobody_gets_401_from_every_route_that_is_not_open(service: FastAPI) -> None:
    nobody = visitor(service)
    answered = {f"{m} {path}": nobody.request(m, path).status_code for m, path, _ in closed(service)}
    assert len(answered) > 15
    assert set(answered.values()) == {401}, answered


def test_open_to_nobody_are_health_signing_in_and_the_style_sheet() -> None:
    assert {"/health/live", "/health/ready", "/sign-in"} == OPEN
    assert [p for p in ("/static/app.css", "/static", "/staticky", "/v1/static/", "/sign-in/x") if is_open(p)] == [
        "/static/app.css"
    ]


def test_nobody_may_see_that_the_service_lives(service: FastAPI) -> None:
    nobody = visitor(service)
    assert nobody.get("/health/live").json() == {"status": "ok"}
    assert nobody.get("/health/ready").json() == {"status": "not ready"}
    assert nobody.get("/sign-in").status_code == 200


def test_an_address_that_does_not_exist_is_closed_too(service: FastAPI) -> None:
    assert visitor(service).get("/v1/nothing-here").status_code == 401
    assert visitor(service).get("/static/../v1/worklist").status_code == 401


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_403_from_every_route_that_is_for_others(service: FastAPI, role: Role) -> None:
    somebody = visitor(service, role)
    refused = {
        f"{m} {path}": somebody.request(m, path).status_code for m, path, roles in closed(service) if role not in roles
    }
    assert set(refused.values()) == {403}, refused


@pytest.mark.parametrize("role", Role)
def test_a_role_is_let_in_where_a_route_is_for_it(service: FastAPI, role: Role) -> None:
    somebody = visitor(service, role)
    let_in = {
        f"{m} {path}": somebody.request(m, path).status_code for m, path, roles in closed(service) if role in roles
    }
    assert not {401, 403} & set(let_in.values()), let_in


def test_every_route_is_for_whom_the_design_says(service: FastAPI) -> None:
    declared = {(m, path): set(map(str, roles)) for m, path, roles in declared_roles(service) if roles}
    lines = [line.split() for line in MAY.strip().splitlines()]
    assert declared == {(method, path): set(roles) for method, path, *roles in lines}


@pytest.mark.parametrize("role", [None, Role.AUDITOR, Role.DATA_SCIENTIST])
def test_what_is_on_record_and_never_scored_is_shown_to_triage_alone(
    service_on_record: FastAPI, role: Role | None
) -> None:
    shown = visitor(service_on_record, Role.TRIAGE).post("/v1/scores", json={"child_id": "C-LILY"}).json()
    (words,) = shown["also_on_record"]
    somebody = visitor(service_on_record, role)
    for path in (f"/v1/scores/{shown['score_id']}", f"/cases/{shown['score_id']}", "/v1/worklist", "/"):
        assert words not in somebody.get(path).text
    assert words not in somebody.post("/v1/scores", json={"child_id": "C-LILY"}).text


def test_a_route_that_declares_no_role_stops_the_service(service: FastAPI) -> None:
    @service.get("/v1/forgotten")
    def forgotten() -> str:
        return "everything"

    with pytest.raises(AssertionError, match="GET /v1/forgotten declares no role"):
        check_roles_declared(service)


def test_nobody_is_refused_before_what_they_sent_is_read(service: FastAPI) -> None:
    sent = visitor(service).post("/v1/scores", content=b'{"child_id": ', headers={"Content-Type": "application/json"})
    assert sent.status_code == 401
