"""Nobody is kept out: each page by axe-core's rules, by the keyboard alone, narrow, printed, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from experiments.screenshots import follow, open_a_case
from serving.access import Role
from tests.pages.conftest import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.needs("chromium")

CHECKED = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page: the rule, and where."""
    # A click returns before the next page has its style sheet; a page without it has small targets.
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=CHECKED).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def press_tab_until(page: Page, wanted: Locator, *, most: int = 120) -> None:
    """Walk with the tabulator key, as somebody without a mouse does."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard never gets there")


def enter(page: Page) -> None:
    """Follow what has the focus, as the keyboard does, and wait until the next page is whole."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_triage_teams_pages_keep_nobody_out(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE, javascript=True)
    found = {"list": violations(page)}
    open_a_case(page)
    for details in page.locator("details > summary").all():
        details.click()
    found["case"] = violations(page)
    follow(page, page.get_by_role("link", name="Record your decision"))
    assert {**found, "decision": violations(page)} == {"list": [], "case": [], "decision": []}


def test_a_case_on_a_phone_keeps_nobody_out(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE, javascript=True, size=PHONE)
    open_a_case(page)
    assert violations(page) == []


def test_pages_that_say_what_is_wrong_keep_nobody_out(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE, javascript=True)
    open_a_case(page)
    follow(page, page.get_by_role("link", name="Record your decision"))
    follow(page, page.get_by_role("button", name="Record decision"))
    assert page.title().startswith("Error: ")
    found = {"incomplete": violations(page)}
    for path in ("/audit", "/nowhere", "/cases/never-shown"):
        page.goto(path)
        found[path] = violations(page)
    assert found == {"incomplete": [], "/audit": [], "/nowhere": [], "/cases/never-shown": []}


def test_the_auditors_pages_keep_nobody_out(visit: Callable[..., Page]) -> None:
    page = visit(Role.AUDITOR, javascript=True)
    found = {}
    for path in ("/", "/audit", "/model"):
        page.goto(path)
        found[path] = violations(page)
    assert found == {"/": [], "/audit": [], "/model": []}


def test_the_sign_in_page_keeps_nobody_out(visit: Callable[..., Page]) -> None:
    page = visit(javascript=True)
    page.goto("/")
    assert page.url.endswith("/sign-in")
    assert violations(page) == []
    follow(page, page.get_by_role("button", name="Sign in"))
    assert violations(page) == []


def test_the_keyboard_leads_from_the_list_to_a_recorded_decision(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE)
    press_tab_until(page, page.locator(".app-child a").first)
    enter(page)
    press_tab_until(page, page.get_by_role("link", name="Record your decision"))
    enter(page)
    for field in ("decision", "reason"):
        press_tab_until(page, page.locator(f"#{field}"))
        page.keyboard.press("Space")
    press_tab_until(page, page.get_by_role("button", name="Record decision"))
    enter(page)
    assert page.get_by_role("heading", name="Decision recorded").is_visible()


def test_the_first_tab_stop_skips_to_the_content(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE)
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#*")
    assert page.url.endswith("/#main")


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.AUDITOR])
def test_no_page_is_wider_than_a_phone(visit: Callable[..., Page], role: Role) -> None:
    page = visit(role, size=PHONE)
    if role is Role.TRIAGE:
        open_a_case(page)
        paths = ["/", page.url, f"{page.url}/decision"]
    else:
        paths = ["/", "/audit", "/model"]
    wider = [path for path in paths if page.goto(path) and page.evaluate("document.body.scrollWidth") > PHONE["width"]]
    assert wider == []


def test_in_print_the_reasons_stand_and_what_is_for_a_screen_is_gone(visit: Callable[..., Page]) -> None:
    page = visit(Role.TRIAGE)
    open_a_case(page)
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="What lowered the score").is_visible()
    assert page.get_by_text("By part of family life").is_visible()
    assert not page.get_by_role("button", name="Sign out").is_visible()
