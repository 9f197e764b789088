"""The service, put together.

The clock enters here, and only to say when something was seen or decided and when a token ends.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware

from serving import reference
from serving.access import OPEN_FOLDER, Access, Door, declared_roles, is_open, signing_key
from serving.decisions import routes as decision_routes
from serving.decisions.log import DecisionLog
from serving.errors import BodyLimit, Unforeseen, add_error_handlers
from serving.monitoring import routes as monitoring_routes
from serving.monitoring.metrics import Metrics
from serving.monitoring.requests import RequestLog
from serving.pages.headers import SecureHeaders
from serving.pages.routes import add_pages
from serving.scoring import model_routes
from serving.scoring import routes as score_routes
from serving.scoring.service import ScoringService
from serving.scoring.shown import ShownScores

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from features.tables.records import Records
    from serving.settings import Settings
    from training.registry.bundle import Bundle

# A thousand long ids are 100 kB; nothing that is sent here is a megabyte.
LARGEST_BODY = 1_000_000


BODY = Middleware(BodyLimit, largest=LARGEST_BODY)


def now() -> datetime:
    """Ask the clock."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    records: Records,
    bundle: Bundle,
    engine: Engine,
    clock: Callable[[], datetime] = now,
) -> FastAPI:
    """Put the service together.

    Parameters
    ----------
    settings
        How it runs.
    records
        The records that are served.
    bundle
        The released model.
    engine
        The service's database, from `serving.database.open_database`.
    clock
        Says when something was seen or decided, and when a token has run out.

    Returns
    -------
    FastAPI
        Refuses whoever shows no role, but on the open paths.
    """
    app = bare_app()
    app.state.access = Access(signing_key(settings), clock, settings.is_development)
    app.state.engine = engine
    app.state.scoring = ScoringService(records, bundle, shown=ShownScores(engine), clock=clock)
    app.state.decisions = DecisionLog(engine, bundle.manifest.plan.decisions.reasons, clock=clock)
    app.state.metrics = Metrics()
    return app


def bare_app() -> FastAPI:
    """Join all routes, without records, model and database: enough to describe the interface."""
    app = FastAPI(
        title=reference.TITLE,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # why: a tracer that some library set up in this process would send addresses elsewhere
        telemetry={"tracing": False, "metrics": False, "logs": False},
        middleware=[Middleware(SecureHeaders), Middleware(RequestLog), Middleware(Unforeseen), Middleware(Door), BODY],
    )
    parts = (score_routes, decision_routes, model_routes, monitoring_routes, reference)
    for part in parts:
        app.include_router(part.router)
    add_pages(app)
    add_error_handlers(app)
    check_roles_declared(app)
    return app


def check_roles_declared(app: FastAPI) -> None:
    """Refuse an application that has a route which neither declares its roles nor is open to all."""
    for method, path, roles in declared_roles(app):
        is_static = path == OPEN_FOLDER.rstrip("/")
        # why: raised, not asserted, so that `python -O` keeps the door shut too
        if not (roles or is_open(path) or is_static):
            raise AssertionError(f"{method} {path} declares no role")
