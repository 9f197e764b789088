"""What the service says of what it was sent: never an id, a name or a value, in an error or in its own log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from serving.access import Role
from tests.serving_fixtures import WORKER, visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

SECRET = "0123-NAME-OF-A-CHILD"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({"child_id": SECRET}, 404, "unknown-child"),
        ({"child_id": "C-QUIET"}, 404, "not-in-cohort"),
        ({"child_id": "C-LILY", "as_of": "2025-04-01"}, 422, "wrong-usage"),
        ({"child_id": "C-LILY", "outcome": SECRET}, 422, "wrong-usage"),
        ({"child_id": "C-LILY", "as_of": SECRET}, 422, "invalid-request"),
        ({"child_id": "C-LILY", SECRET: 1}, 422, "invalid-request"),
        ({"child_id": [SECRET]}, 422, "invalid-request"),
        ({"child_id": SECRET + "\x00"}, 422, "invalid-request"),
        ({"child_id": SECRET * 20}, 422, "invalid-request"),
        ({"child": SECRET}, 422, "invalid-request"),
        ([SECRET], 422, "invalid-request"),
    ],
    ids=str,
)
def test_a_problem_says_what_kind_it_is_and_repeats_nothing(
    service: FastAPI, sent: object, status: int, kind: str
) -> None:
    said = visitor(service, Role.TRIAGE).post("/v1/scores", json=sent)
    assert (said.status_code, said.headers["content-type"]) == (status, PROBLEM)
    assert said.json()["type"] == f"urn:earlyhelp:problem:{kind}"
    assert SECRET not in said.text
    assert "C-QUIET" not in said.text


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b'{"child_id": "\\ud800"}', b'"' + SECRET.encode()])
def test_a_body_that_cannot_be_read_is_a_problem_that_repeats_nothing(service: FastAPI, body: bytes) -> None:
    said = visitor(service, Role.TRIAGE).post("/v1/scores", content=body, headers={"Content-Type": "application/json"})
    assert (said.status_code in (400, 422), said.headers["content-type"]) == (True, PROBLEM)
    assert SECRET not in said.text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.TRIAGE, f"/v1/worklist?page={10**30}", 200),
        (Role.TRIAGE, f"/?page={2**63 - 1}", 200),
        (Role.AUDITOR, f"/v1/decisions/log?after={10**30}", 200),
        (Role.TRIAGE, "/cases/%00", 422),
        (Role.TRIAGE, "/cases/%00/decision", 422),
        (Role.TRIAGE, "/v1/scores/%00", 422),
    ],
)
def test_an_odd_address_is_no_fault_of_ours(service: FastAPI, role: Role, path: str, status: int) -> None:
    assert visitor(service, role).get(path).status_code == status


@pytest.mark.parametrize("body", [b"x" * 2_000_000, iter([b"x" * 600_000] * 4)], ids=["of a told length", "in parts"])
def test_a_body_that_is_too_large_is_not_read(
    service: FastAPI, caplog: pytest.LogCaptureFixture, body: bytes | Iterator[bytes]
) -> None:
    headers = {"Content-Type": "application/json"}
    said = visitor(service, Role.TRIAGE).post("/v1/scores", content=body, headers=headers)
    assert (said.status_code, said.headers["content-type"]) == (413, PROBLEM)
    assert said.json()["type"] == "urn:earlyhelp:problem:content-too-large"
    assert said.headers["cache-control"] == "no-store"
    assert "unforeseen" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", f"/v1/{SECRET}", 404), ("GET", f"/v1/scores/{SECRET}", 404), ("DELETE", "/v1/decisions", 405)],
)
def test_an_address_that_does_not_exist_is_a_problem_that_repeats_nothing(
    service: FastAPI, method: str, path: str, status: int
) -> None:
    said = visitor(service, Role.TRIAGE).request(method, path)
    assert (said.status_code, said.headers["content-type"]) == (status, PROBLEM)
    assert SECRET not in said.text


def test_nobody_is_told_to_sign_in_and_no_more(service: FastAPI) -> None:
    said = visitor(service).get(f"/v1/scores/{SECRET}")
    assert (said.json()["type"], said.headers["www-authenticate"]) == ("urn:earlyhelp:problem:not-signed-in", "Bearer")


def test_an_unforeseen_error_keeps_its_own_words_to_itself(service: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    @service.get("/v1/broken")
    def broken() -> str:
        raise KeyError(SECRET)

    said = visitor(service, Role.TRIAGE).get("/v1/broken")
    assert (said.status_code, said.headers["content-type"]) == (500, PROBLEM)
    assert SECRET not in said.text
    assert SECRET not in caplog.text
    assert "unforeseen error of type KeyError in tests/access/test_what_is_said.py, line" in caplog.text


def test_a_database_out_of_reach_is_said_without_the_drivers_words(service: FastAPI) -> None:
    service.state.engine.dispose()
    unreachable = service.state.engine.url.set(port=1)
    from serving.database import service_engine

    service.state.scoring._shown._engine = service_engine(unreachable)
    said = visitor(service, Role.TRIAGE).get("/v1/scores/some-score")
    assert (said.status_code, said.json()["type"]) == (503, "urn:earlyhelp:problem:out-of-reach")
    assert str(unreachable.query["host"]) not in said.text


def test_a_line_of_the_log_names_the_route_and_the_role_and_nobody(
    service: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="earlyhelp.access")
    triage = visitor(service, Role.TRIAGE)
    triage.get(f"/v1/scores/{SECRET}?child={SECRET}")
    triage.post("/v1/scores", json={"child_id": SECRET})
    triage.request(SECRET, f"/{SECRET}")
    lines = [record.getMessage().rpartition(" ms")[0].rpartition(" ")[0] for record in caplog.records]
    assert lines == [
        "GET /v1/scores/{score_id} triage 404",
        "POST /v1/scores triage 404",
        "OTHER (no route) triage 404",
    ]


def test_nobody_in_the_log_is_nobody(service: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="earlyhelp.access")
    visitor(service).get("/health/live")
    visitor(service).get(f"/v1/scores/{SECRET}")
    said = [record.getMessage() for record in caplog.records]
    assert said[0].startswith("GET /health/live nobody 200 ")
    assert said[1].startswith("GET (no route) nobody 401 ")


def test_numbers_name_routes_and_roles_and_nobody(service: FastAPI) -> None:
    visitor(service, Role.TRIAGE).get(f"/v1/scores/{SECRET}")
    text = visitor(service, Role.AUDITOR).get("/metrics").text
    counted = 'earlyhelp_requests_total{method="GET",role="triage",route="/v1/scores/{score_id}",status="404"} 1.0'
    assert counted in text
    assert "earlyhelp_children_listed 3.0" in text
    assert SECRET not in text
    assert WORKER.subject not in text


def test_nothing_that_is_answered_is_kept_by_a_browser(service: FastAPI) -> None:
    said = visitor(service, Role.TRIAGE).get("/v1/worklist")
    assert said.headers["cache-control"] == "no-store"
    assert "server" not in said.headers
