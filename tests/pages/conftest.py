"""A really running service on loopback, over the session's invented authority, and a browser that visits it."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from experiments.screenshots import follow
from tests.serving_fixtures import NOW, SETTINGS, Server, token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page
    from sqlalchemy import Engine

    from features.tables.records import Records
    from serving.access import Role
    from training.registry.bundle import Bundle

DESKTOP = {"width": 1200, "height": 900}
PHONE = {"width": 400, "height": 800}


@pytest.fixture(scope="session")
def pages_engine(postgres: Server) -> Iterator[Engine]:
    """Copy the migrated, empty database for the pages, and connect as the service does."""
    from sqlalchemy import create_engine, text

    from serving.database import service_engine

    owner = create_engine(postgres.owner.set(database="template1"), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE DATABASE pages TEMPLATE postgres"))
    owner.dispose()
    engine = service_engine(postgres.login("pages"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def pages_app(authority_records: Records, bundle: Bundle, pages_engine: Engine) -> FastAPI:
    """Put the whole service together on the invented authority."""
    from serving.app import create_app

    return create_app(SETTINGS, records=authority_records, bundle=bundle, engine=pages_engine, clock=lambda: NOW)


@pytest.fixture(scope="session")
def address(pages_app: FastAPI) -> Iterator[str]:
    """Serve from a thread on a free port of loopback; the address."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(pages_app, log_level="error", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start this machine's Chromium once."""
    from experiments.screenshots import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a new browser as nobody or as a role, with or without JavaScript; a page of it."""
    contexts = []

    def come(role: Role | None = None, *, javascript: bool = False, size: dict[str, int] = DESKTOP) -> Page:
        context = browser.new_context(base_url=address, java_script_enabled=javascript, viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if role is not None:
            page.goto("/sign-in")
            page.get_by_label("Your token").fill(token(role))
            follow(page, page.get_by_role("button", name="Sign in"))
        return page

    yield come
    for context in contexts:
        context.close()
