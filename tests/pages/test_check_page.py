"""A check's page as a file: by axe-core's rules, narrow and printed, with no script and with nothing from elsewhere."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from features.check.compare import compare
from features.check.page import report_page
from features.check.report import check_report
from features.tables.load import examine_source
from tests.pages.conftest import DESKTOP, PHONE
from tests.pages.test_accessibility import violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an authority whose records have every trap, compared with its own clean records."""
    from features.synthetic import simulate

    read = {}
    for name, dirt in (("dirty", 0.02), ("clean", 0.0)):
        out = tmp_path_factory.mktemp(name) / "invented"
        simulate(children=600, seed=3, profile="england", out=out, dirt=dirt)
        read[name] = examine_source(out / "records")
    report = check_report(read["dirty"]).report
    report["comparison"] = compare(read["dirty"].examined.records, read["clean"].examined.records)
    file = tmp_path_factory.mktemp("page") / "check.html"
    file.write_text(report_page(report), encoding="utf-8")
    return file


@pytest.fixture
def look(browser: Browser, page_file: Path) -> Iterator[Callable[..., Page]]:
    """Open the file, with every part unfolded."""
    contexts = []

    def at(size: dict[str, int]) -> Page:
        context = browser.new_context(viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.goto(page_file.as_uri())
        for summary in page.locator("details > summary").all():
            summary.click()
        return page

    yield at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_keeps_nobody_out(look: Callable[..., Page], size: dict[str, int]) -> None:
    assert violations(look(size)) == []


def test_on_a_phone_tables_scroll_and_the_page_does_not(look: Callable[..., Page]) -> None:
    page = look(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_headings_go_down_one_step_at_a_time(look: Callable[..., Page]) -> None:
    levels = look(DESKTOP).evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => Number(e.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_page_asks_for_nothing_from_elsewhere(browser: Browser, page_file: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri(), wait_until="networkidle")
    page.close()
    assert asked == [page_file.as_uri()]


def test_a_printed_page_holds_what_was_folded(look: Callable[..., Page], browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('details table')].map(t => t.getBoundingClientRect().height)"
    )
    page.close()
    assert heights
    assert min(heights) > 0
