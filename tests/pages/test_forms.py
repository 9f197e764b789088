"""Forms, refusals and headers, over HTTP without a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from serving.access import Role
from serving.pages.headers import SECURE_HEADERS
from serving.pages.routes import STATIC
from serving.scoring.shown import ShownScores
from tests.serving_fixtures import NOW, WORKER, token, visitor

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine
    from starlette.testclient import TestClient

HTML = {"Accept": "text/html"}


@pytest.fixture
def worker(service: FastAPI) -> TestClient:
    """A member of the triage team, signed in by the page."""
    browser = visitor(service)
    browser.headers.update(HTML)
    assert browser.post("/sign-in", data={"token": token()}).headers["location"] == "/"
    return browser


@pytest.fixture
def form(worker: TestClient) -> str:
    """The address of the decision's form of the first child on the list."""
    found = re.search(r'href="(/cases/[\w-]+)"', worker.get("/").text)
    assert found is not None
    return f"{found[1]}/decision"


def filled_in(worker: TestClient, form: str, **fields: str) -> dict[str, str]:
    """Fill a form in, with the hidden token that its page carries."""
    found = re.search(r'name="csrf_token" value="(\w+)"', worker.get(form).text)
    assert found is not None
    return {"csrf_token": found[1], **fields}


def whole(worker: TestClient, form: str, reason: str) -> dict[str, str]:
    return filled_in(
        worker, form, decision="offer_early_help", reason=reason, family_view="Mum: yes\r\nplease", note=""
    )


def test_a_whole_form_is_recorded_and_confirmed_with_its_place_in_the_log(
    worker: TestClient, form: str, reason: str
) -> None:
    sent = worker.post(form, data=whole(worker, form, reason))
    assert (sent.status_code, sent.headers["location"]) == (303, f"{form}/1")
    page = worker.get(sent.headers["location"]).text
    assert "Entry <strong>1</strong> in the log" in page
    assert "Mum: yes\nplease" in page


def test_a_form_sent_twice_is_one_decision(worker: TestClient, form: str, reason: str) -> None:
    fields = whole(worker, form, reason)
    assert [worker.post(form, data=fields).headers["location"] for _ in range(2)] == [f"{form}/1"] * 2


def test_a_second_thought_is_a_second_entry(worker: TestClient, form: str, reason: str) -> None:
    fields = whole(worker, form, reason)
    worker.post(form, data=fields)
    changed = worker.post(form, data={**fields, "decision": "no_further_action"})
    assert changed.headers["location"] == f"{form}/2"


def test_an_incomplete_form_says_what_is_missing_and_keeps_what_was_written(worker: TestClient, form: str) -> None:
    sent = worker.post(form, data=filled_in(worker, form, decision="offer_early_help", note="asked <twice>"))
    assert sent.status_code == 422
    assert '<a href="#reason">Choose what mattered most</a>' in sent.text
    assert "Choose what you decided" not in sent.text
    assert "asked &lt;twice&gt;" in sent.text


@pytest.mark.parametrize("field", ["decision", "reason"])
def test_a_choice_that_the_form_does_not_offer_is_not_recorded(
    worker: TestClient, form: str, reason: str, field: str
) -> None:
    sent = worker.post(form, data={**whole(worker, form, reason), field: "made_up"})
    assert (sent.status_code, "made_up" in sent.text) == (422, False)


@pytest.mark.parametrize(("note", "said"), [("x" * 4001, "Shorten this"), ("a\x00b", "This holds a character")])
def test_a_note_that_cannot_be_kept_is_said_at_its_field(
    worker: TestClient, form: str, reason: str, note: str, said: str
) -> None:
    sent = worker.post(form, data={**whole(worker, form, reason), "note": note})
    assert sent.status_code == 422
    assert f'<a href="#note">{said}' in sent.text


def test_a_form_without_its_token_is_refused(worker: TestClient, form: str, reason: str) -> None:
    fields = whole(worker, form, reason)
    del fields["csrf_token"]
    refused = worker.post(form, data=fields)
    assert (refused.status_code, "This was not sent" in refused.text, "another role" in refused.text) == (
        403,
        True,
        False,
    )
    assert worker.get(f"{form}/1").status_code == 404


def test_a_decision_is_confirmed_only_beside_its_own_score(worker: TestClient, form: str, reason: str) -> None:
    worker.post(form, data=whole(worker, form, reason))
    other = re.findall(r'href="(/cases/[\w-]+)"', worker.get("/").text)[-1]
    assert worker.get(f"{other}/decision/1").status_code == 404


@pytest.mark.parametrize(("score", "said"), [(0.9, "lies above"), (0.1, "lies below"), (0.5, None), (0.604, None)])
def test_a_score_outside_its_range_says_so(
    worker: TestClient, service: FastAPI, engine: Engine, score: float, said: str | None
) -> None:
    usual = service.state.scoring.score("C-LILY", seen_by=WORKER)
    odd = usual.model_copy(update={"score_id": "odd", "score": score, "low": 0.4, "high": 0.6})
    ShownScores(engine).keep([(odd, {})], seen_by=WORKER, seen_at=NOW)
    page = worker.get("/cases/odd").text
    found = re.search(r"lies (above|below)", page)
    assert (found[0] if found else None) == said
    assert ("range in brackets" in page) == (said is None)


def test_another_site_signs_nobody_in(service: FastAPI) -> None:
    from_elsewhere = {**HTML, "Sec-Fetch-Site": "cross-site"}
    sent = visitor(service).post("/sign-in", data={"token": token()}, headers=from_elsewhere)
    assert (sent.status_code, "set-cookie" in sent.headers) == (403, False)


@pytest.mark.parametrize("given", ["", "  ", "no token", "ünsinn"])
def test_what_is_no_token_signs_nobody_in(service: FastAPI, given: str) -> None:
    sent = visitor(service).post("/sign-in", data={"token": given}, headers=HTML)
    assert (sent.status_code, "set-cookie" in sent.headers) == (422, False)
    assert "There is a problem" in sent.text


def test_nobody_is_led_to_the_sign_in_page(service: FastAPI) -> None:
    asked = visitor(service).get("/", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")


def test_a_page_for_another_role_says_so_in_words(service: FastAPI) -> None:
    page = visitor(service, Role.AUDITOR).get("/cases/any", headers=HTML)
    assert page.status_code == 403
    assert "You are signed in as an auditor, and this page is for another role." in page.text


def test_nothing_there_says_so_in_words(worker: TestClient) -> None:
    assert "This page does not exist" in worker.get("/nowhere").text
    assert "No such score was shown" in worker.get("/cases/never-shown").text


def test_a_page_after_the_last_says_so(worker: TestClient) -> None:
    page = worker.get("/", params={"page": 99}).text
    assert ("The list ends before this page" in page, "Page 99 of" in page) == (True, False)


def test_a_band_that_is_none_says_which_there_are(worker: TestClient) -> None:
    asked = worker.get("/", params={"band": "most wanted"})
    assert (asked.status_code, "look at first" in asked.text, "most wanted" in asked.text) == (422, True, False)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/audit", "/static/app.css", "/v1/worklist"])
def test_every_answer_stays_out_of_caches_and_other_sites(worker: TestClient, path: str) -> None:
    headers = worker.get(path).headers
    assert {name: headers.get(name) for name in SECURE_HEADERS} == SECURE_HEADERS


def test_the_style_sheet_carries_nothing_of_gov_uk() -> None:
    styles = (STATIC / "app.css").read_text(encoding="utf-8").lower()
    found = [mark for mark in ("crown", "crest", "gds transport", "gov.uk", "@font-face", "url(") if mark in styles]
    assert (found, "govuk-summary-list" in styles) == ([], True)
