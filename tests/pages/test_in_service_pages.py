"""What an auditor reads of the service in service: people in the loop, and scores that came true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from experiments.screenshots import follow
from serving.access import Role
from tests.pages.test_accessibility import violations
from tests.serving_fixtures import visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from playwright.sync_api import Page

pytestmark = pytest.mark.needs("chromium")

# A horizon before the records end, and after the last day that the model learnt from.
A_YEAR_AGO = "2024-03-15"
CHECKERS = (Role.AUDITOR, Role.DATA_SCIENTIST)


@pytest.fixture(scope="module")
def decided(pages_app: FastAPI) -> FastAPI:
    """A service in which scores of a year ago were shown, and people decided on sixty of them."""
    from datetime import date

    triage = visitor(pages_app, Role.TRIAGE)
    children = pages_app.state.scoring.listed(date.fromisoformat(A_YEAR_AGO)).day.scores["child_id"].to_list()
    asked = {"child_ids": children, "as_of": A_YEAR_AGO}
    shown = triage.post("/v1/scores/batch", json=asked).json()["scores"]
    for number, answer in enumerate(shown[:120:2]):
        offered = answer["band"] != "as places allow" or number % 7 == 0
        what = {"decision": "offer_early_help" if offered else "no_further_action", "reason": "agreed_with_family"}
        assert triage.post("/v1/decisions", json={"score_id": answer["score_id"], **what}).status_code == 201
    return pages_app


def test_an_auditor_is_led_to_the_page_of_people_and_it_keeps_nobody_out(
    decided: FastAPI, visit: Callable[..., Page]
) -> None:
    page = visit(Role.AUDITOR, javascript=True)
    page.goto("/audit")
    follow(page, page.get_by_role("link", name="People in the loop"))
    assert page.locator("h1").inner_text() == "People in the loop"
    assert violations(page) == []


def test_whoever_may_not_read_them_is_not_led_there(decided: FastAPI) -> None:
    led = {role: visitor(decided, role).get("/audit").text.count('href="/audit/') for role in CHECKERS}
    assert led == {Role.AUDITOR: 3, Role.DATA_SCIENTIST: 1}


def test_the_page_of_people_says_agreement_gaps_and_reasons(decided: FastAPI) -> None:
    told = visitor(decided, Role.AUDITOR).get("/audit/people").text
    for words in (
        "As the score alone",
        "Ethnic group: gaps",
        "Role of who decided",
        "Agreed with the family",
        "points (",
    ):
        assert words in told


def test_the_page_of_what_came_true_has_the_audits_tables(decided: FastAPI) -> None:
    told = visitor(decided, Role.AUDITOR).get("/audit/watch").text
    for words in ("Moved up the ladder", "who can be followed up", "fewer than the scores said may be a success"):
        assert words in told


@pytest.mark.parametrize("path", ["/audit/people", "/audit/watch", "/v1/audits/people", "/v1/audits/watch"])
def test_no_child_no_family_and_no_score_is_on_them(decided: FastAPI, path: str) -> None:
    told = visitor(decided, Role.AUDITOR).get(path).text
    listed = decided.state.scoring.listed().day.cohort
    names = {*listed["child_id"], *listed["family_id"].drop_nulls()}
    # why whole words: the digits of a number of children stand in the twelve of some figure by chance
    assert names & {word.strip(".") for word in re.findall(r"[\w.]+", told)} == set()
