"""One line a request, and its numbers: method, route as declared, role, status, time. Never an id."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from serving.monitoring.metrics import Metrics

log = logging.getLogger("earlyhelp.access")

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE: Final = "(no route)"
STATIC: Final = "/static"


class RequestLog:
    """ASGI middleware that counts each request and writes its line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and say how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        statuses: list[int] = []

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        began = time.perf_counter()
        try:
            await self.app(scope, receive, send_and_note)
        finally:
            _note(scope, status=statuses[0] if statuses else 500, seconds=time.perf_counter() - began)


def route_of(scope: Scope) -> str:
    """Give the route that answered, as declared: `/v1/scores/{score_id}`, whatever stood there."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return STATIC if scope["path"].startswith(f"{STATIC}/") else NO_ROUTE
    return str(route)


def _note(scope: Scope, *, status: int, seconds: float) -> None:
    person = scope.get("state", {}).get("person")
    role = "nobody" if person is None else str(person.role)
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = route_of(scope)
    metrics: Metrics = scope["app"].state.metrics
    metrics.count_request(method=method, route=route, role=role, status=status, seconds=seconds)
    log.info("%s %s %s %d %.0f ms", method, route, role, status, seconds * 1000)
