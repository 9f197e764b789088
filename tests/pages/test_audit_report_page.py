"""The audit's page as a file: by axe-core's rules, on a desk and on a telephone, with nothing from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.drawn_audits import ASKED, drawn_table
from tests.pages.conftest import DESKTOP, PHONE
from tests.pages.test_accessibility import CHECKED
from training.audit import audit_table

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an audit that has all a page can show: what is missing, withheld, pooled, and changed since."""
    last = audit_table(drawn_table(), replace(ASKED, capacity=0.3)).as_json()
    file = tmp_path_factory.mktemp("page") / "audit.html"
    file.write_text(audit_table(drawn_table(), ASKED, last=last).to_html(), encoding="utf-8")
    return file


def test_the_page_breaks_no_rule_of_accessibility_and_fits_a_telephone(browser: Browser, page_file: Path):
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(page_file.as_uri())
    # why not all: they are written by one macro, and axe-core looks at every cell that is open
    page.evaluate("document.querySelectorAll('details').forEach((part, at) => part.open = at % 8 == 0)")
    found = Axe().run(page, options={**CHECKED, "resultTypes": ["violations"]}).response["violations"]
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]] == []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    context.close()


def test_what_is_folded_on_the_screen_stands_in_print(browser: Browser, page_file: Path):
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(page_file.as_uri())
    folded = page.locator("details table")
    assert folded.count() > 3
    assert not any(table.is_visible() for table in folded.all())
    page.emulate_media(media="print")
    assert all(table.is_visible() for table in folded.all())
    context.close()
