"""What a person reads: families together, a score in words, nothing that harms, nothing that leaks."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from experiments.screenshots import follow, open_a_case
from serving.access import Role
from serving.pages.case import MOST_LISTED
from tests.serving_fixtures import WORKER, visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from playwright.sync_api import Page

    from serving.scoring.answers import ScoreAnswer

pytestmark = pytest.mark.needs("chromium")

BANNED = ("risk score of the family", "red flag", "high-risk", "high risk", "protected by", "dangerous", "predicts")


@pytest.fixture
def case(visit: Callable[..., Page]) -> Page:
    """A case page of a family with several children on the list, without JavaScript."""
    page = visit(Role.TRIAGE)
    open_a_case(page)
    return page


def test_siblings_stand_together_each_with_their_own_score(visit: Callable[..., Page], pages_app: FastAPI) -> None:
    shown = visit(Role.TRIAGE).locator(".app-family").all()
    listed = pages_app.state.scoring.listed().families["child_ids"].to_list()
    for family, children in zip(shown, listed, strict=False):
        assert family.locator(".app-child__id").count() == len(children)
        assert len(re.findall(r"of 100 moved up the ladder", family.inner_text())) == len(children)
    assert any(len(children) > 1 for children in listed[: len(shown)])


def test_a_case_shows_the_familys_other_children(case: Page) -> None:
    child = case.locator("h1").inner_text().removeprefix("Child ")
    others = case.locator("section[aria-labelledby=siblings] .app-child__id").all_inner_texts()
    assert len(others) >= 1
    assert all(child not in other for other in others)


def test_a_case_says_its_score_in_words_and_both_sides(case: Page) -> None:
    words = case.locator("main").inner_text()
    for said in (
        "Of 100 children with records like these, about ",
        "What raised the score",
        "What lowered the score",
        "What is not recorded",
        "What this score is not",
        "Who to talk to",
        "highest of",
        "31 March 2025",
    ):
        assert said in words


def test_the_figures_of_a_case_add_up_to_its_score(case: Page, pages_app: FastAPI) -> None:
    answer = pages_app.state.scoring.shown(case.url.rsplit("/", 1)[1], seen_by=WORKER)
    table = case.locator("table", has_text="By part of family life")
    together = table.locator("tbody td:last-child").all_text_contents()
    moved = sum(float(figure.replace("\N{MINUS SIGN}", "-")) for figure in together)
    exactly = sum(reason.contribution for reason in (*answer.raised, *answer.lowered))
    assert moved == pytest.approx(exactly, abs=0.005 * len(together) + 1e-9)


def test_what_moved_a_score_one_by_one_is_a_table_that_can_be_read_and_adds_up(case: Page, pages_app: FastAPI) -> None:
    answer = pages_app.state.scoring.shown(case.url.rsplit("/", 1)[1], seen_by=WORKER)
    figures = case.locator("table", has_text="One by one").locator("tbody td").all_text_contents()
    exactly = sum(reason.contribution for reason in (*answer.raised, *answer.lowered))
    assert len(figures) <= MOST_LISTED + 1 < len(answer.raised) + len(answer.lowered)
    listed = sum(float(figure.replace("\N{MINUS SIGN}", "-")) for figure in figures)
    assert listed == pytest.approx(exactly, abs=0.005 * len(figures) + 1e-9)


def case_of_lily(service: FastAPI) -> tuple[ScoreAnswer, str]:
    """A drawn child's answer and case page."""
    triage = visitor(service, Role.TRIAGE)
    answer = service.state.scoring.score("C-LILY", seen_by=WORKER)
    return answer, triage.get(f"/cases/{answer.score_id}").text


def test_what_is_never_part_of_a_score_stands_in_a_section_of_its_own(service_on_record: FastAPI) -> None:
    answer, markup = case_of_lily(service_on_record)
    section = re.search(r'<section aria-labelledby="also">.*?</section>', markup, re.DOTALL)
    assert section is not None
    assert "Also on record, never part of a score</h2>" in section[0]
    assert re.findall(r"<li>(.*?)</li>", section[0]) == [html.escape(words) for words in answer.also_on_record]
    assert len(answer.also_on_record) == 1


def test_where_nothing_else_is_on_record_there_is_no_such_section(service: FastAPI) -> None:
    _, markup = case_of_lily(service)
    assert "never part of a score" not in markup


def test_no_address_and_no_title_holds_a_childs_id(case: Page) -> None:
    child = case.locator("h1").inner_text().removeprefix("Child ")
    for path in ("", "/decision"):
        case.goto(f"{case.url.removesuffix('/decision')}{path}")
        links = [link.get_attribute("href") or "" for link in case.locator("a").all()]
        assert [held for held in (case.url, case.title(), *links) if child in held] == []


def test_the_list_can_be_narrowed_to_a_band_and_read_page_by_page(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE)
    page.get_by_label("Show families in").select_option("as places allow")
    follow(page, page.get_by_role("button", name="Show"))
    follow(page, page.get_by_role("link", name="Next page"))
    assert "Page 2 of" in page.locator("main").inner_text()
    assert page.get_by_label("Show families in").input_value() == "as places allow"
    assert set(page.locator(".app-family .app-child:first-child .app-tag").all_inner_texts()) == {"as places allow"}


def test_no_page_runs_a_script_styles_itself_or_says_what_harms(visit: Callable[..., Page]) -> None:
    triage, auditor = visit(Role.TRIAGE), visit(Role.AUDITOR)
    open_a_case(triage)
    for page, path in (
        (triage, triage.url),
        (triage, f"{triage.url}/decision"),
        (triage, "/"),
        (triage, "/audit"),
        *((auditor, path) for path in ("/", "/audit", "/model", "/sign-in")),
    ):
        page.goto(path)
        markup = page.content()
        assert re.findall(r"<script|javascript:|\son\w+=|\sstyle=", markup) == []
        assert [words for words in BANNED if words in page.locator("body").inner_text().lower()] == []


def test_the_released_audit_and_card_can_be_read_whole(visit: Callable[..., Page]) -> None:
    page = visit(Role.DATA_SCIENTIST)
    follow(page, page.get_by_role("link", name="Audit").last)
    assert "Ethnic group" in page.locator("main").inner_text()
    follow(page, page.get_by_role("link", name="The whole report"))
    assert "audit" in page.locator("h1").inner_text().lower()
    page.goto("/model/card")
    assert page.locator("h1").count() == 1


def test_whoever_signs_out_is_led_back_to_the_sign_in_page(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE)
    follow(page, page.get_by_role("button", name="Sign out"))
    assert "You are signed out." in page.locator("main").inner_text()
    page.goto("/")
    assert page.url.endswith("/sign-in")
