"""Take the README's picture of a case page, from a running service with invented families.

`earlyhelp token --role triage --subject NAME | python -m experiments.screenshots http://127.0.0.1:8000`
"""

from __future__ import annotations

import argparse
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from features.vocabulary.errors import OutOfReachError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

PICTURE = Path(__file__).parents[1] / "serving" / "pages" / "pictures" / "case-page.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
WIDTH, HEIGHT = 1100, 1000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start this machine's Chromium, without a window.

    Raises
    ------
    OutOfReachError
        When none is on PATH.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise OutOfReachError(
            f"There is no browser on PATH: one of {', '.join(BROWSERS)} is needed.",
            hint="Install Chromium, for example: apt-get install chromium",
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, address: str, token: str) -> None:
    """Sign a browser in as a person would, by the page."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Your token").fill(token)
    follow(page, page.get_by_role("button", name="Sign in"))


def follow(page: Page, way: Locator) -> None:
    """Click what leads to another page and wait until that page is whole: a click alone returns before it is."""
    with page.expect_navigation():
        way.click()


def open_a_case(page: Page) -> None:
    """Open the first child of the first family that has several on the list, or else of the first family."""
    families = page.locator(".app-family")
    with_siblings = families.filter(has=page.locator(".app-child + .app-child"))
    chosen = with_siblings if with_siblings.count() else families
    follow(page, chosen.first.get_by_role("link").first)


def picture_of_a_case(address: str, token: str, path: Path) -> None:
    """Write a picture of a case page, from its top to what is not recorded.

    Parameters
    ----------
    address
        Of the running service.
    token
        Of the role triage.
    path
        Where the PNG goes; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, java_script_enabled=False)
        sign_in(page, address, token)
        open_a_case(page)
        last = page.locator("section[aria-labelledby=gaps]").bounding_box()
        assert last is not None, "a case page says what is not recorded"
        height = last["y"] + last["height"]
        page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})


def main() -> int:
    """Take the picture; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of the running service; the token is read from standard input")
    parser.add_argument("--out", type=Path, default=PICTURE)
    choices = parser.parse_args()
    picture_of_a_case(choices.address.rstrip("/"), sys.stdin.read().strip(), choices.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
