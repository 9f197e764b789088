"""A browser's session: a cookie that scripts and other sites cannot use, and forms that are ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serving.app import create_app
from serving.settings import Settings
from tests.serving_fixtures import KEY, NOW, token, visitor

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine
    from starlette.testclient import TestClient

    from features.tables.records import Records
    from training.registry.bundle import Bundle


def signed_in(service: FastAPI) -> TestClient:
    browser = visitor(service)
    assert browser.post("/sign-in", data={"token": token()}).status_code == 303
    return browser


def form_token(browser: TestClient) -> str:
    page = browser.get("/").text
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def test_signing_in_keeps_the_token_where_scripts_and_other_sites_cannot_reach_it(service: FastAPI) -> None:
    cookie = visitor(service).post("/sign-in", data={"token": token()}).headers["set-cookie"]
    assert cookie.startswith("earlyhelp_session=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_outside_development_the_cookie_needs_a_secure_line(
    families: Records, drawn_bundle: Bundle, engine: Engine
) -> None:
    settings = Settings(environment="production", token_secret=KEY)
    service = create_app(settings, records=families, bundle=drawn_bundle, engine=engine, clock=lambda: NOW)
    cookie = visitor(service).post("/sign-in", data={"token": token()}).headers["set-cookie"]
    assert "Secure" in cookie.split("; ")


def test_a_cookie_alone_reads_but_does_not_write(service: FastAPI) -> None:
    browser = signed_in(service)
    assert browser.get("/v1/worklist").status_code == 200
    refused = browser.post("/v1/scores", json={"child_id": "C-LILY"})
    assert (refused.status_code, refused.json()["detail"]) == (403, "The form is not one of this session's.")


def test_a_cookie_writes_with_the_token_of_its_own_form(service: FastAPI) -> None:
    browser = signed_in(service)
    sent = browser.post("/v1/scores", json={"child_id": "C-LILY"}, headers={"X-CSRF-Token": form_token(browser)})
    assert sent.status_code == 200


def test_another_sessions_form_token_does_not_write(service: FastAPI) -> None:
    browser, other = signed_in(service), visitor(service)
    other.cookies.set("earlyhelp_session", token(subject="Somebody Else"))
    theirs = {"X-CSRF-Token": form_token(other)}
    assert browser.post("/v1/scores", json={"child_id": "C-LILY"}, headers=theirs).status_code == 403


def test_a_form_token_that_is_no_token_at_all_is_refused_in_words(service: FastAPI) -> None:
    browser = signed_in(service)
    odd = browser.post("/sign-out", data={"csrf_token": "ünsinn"})
    assert odd.status_code == 403


def test_signing_out_takes_the_cookie_away(service: FastAPI) -> None:
    browser = signed_in(service)
    assert browser.post("/sign-out", data={"csrf_token": form_token(browser)}).status_code == 303
    assert browser.get("/v1/worklist").status_code == 401


def test_a_bearer_token_needs_no_form(service: FastAPI) -> None:
    from serving.access import Role

    assert visitor(service, Role.TRIAGE).post("/v1/scores", json={"child_id": "C-LILY"}).status_code == 200
