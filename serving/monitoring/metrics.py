"""Numbers about the service, for Prometheus. Labels are routes as declared, roles and codes: never an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# A health probe takes milliseconds, the first list of a day seconds.
BUCKETS: Final = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class Metrics:
    """The numbers of one application, in a registry of its own; kept as `app.state.metrics`."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        labels = ["method", "route", "role", "status"]
        self._requests = Counter("earlyhelp_requests", "Requests answered", labels, registry=registry)
        self._seconds = Histogram(
            "earlyhelp_request_seconds", "Time to answer", ["route"], buckets=BUCKETS, registry=registry
        )
        self._listed = Gauge("earlyhelp_children_listed", "Children in the latest list", registry=registry)
        self._decisions = Gauge("earlyhelp_decisions", "Decisions recorded", ["decision"], registry=registry)

    def count_request(self, *, method: str, route: str, role: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, role, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, *, n_listed: int, n_decisions: Mapping[str, int]) -> bytes:
        """Give all numbers in Prometheus' text format.

        Parameters
        ----------
        n_listed
            Children in the list of the records' last day.
        n_decisions
            Decisions in the log, by what was decided.
        """
        self._listed.set(n_listed)
        for decision, count in n_decisions.items():
            self._decisions.labels(decision).set(count)
        return generate_latest(self._registry)
