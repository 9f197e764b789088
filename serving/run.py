"""Starting the service: records, model and database are in place before the first request."""

from __future__ import annotations

import logging
import os
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from features.progress import telling
from features.sources.recognise import require_source
from features.vocabulary.errors import OutOfReachError
from serving.app import create_app
from serving.database import open_database
from serving.settings import read_settings
from training.registry.bundle import read_champion
from training.registry.planned_records import load_as_planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

LINE = "%(asctime)s %(name)s %(message)s"


def serve(source: str, *, host: str, port: int) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    source
        The records that are served.
    host, port
        Where to listen.

    Raises
    ------
    OutOfReachError
        When the port is taken, or the database does not answer.
    """
    with _listening(host, port) as listener:
        with telling() as say:
            app = prepare(source, say=say)
        _write_our_own_lines()
        # why: the address of a request may hold an id that somebody put there; our own line holds none
        server = uvicorn.Server(
            uvicorn.Config(app, access_log=False, server_header=False, ws="none", log_level="warning")
        )
        print(f"serving on http://{host}:{port}; stop with Ctrl+C", file=sys.stderr)
        server.run(sockets=[listener])


def prepare(source: str, *, say: Callable[[str], None]) -> FastAPI:
    """Put the service together from its settings, with the latest list scored.

    Parameters
    ----------
    source
        The records that are served.
    say
        Told what is being done.
    """
    require_source(source)
    settings = read_settings()
    bundle = read_champion()
    say("reading the records")
    records = load_as_planned(source, bundle.manifest.plan.records)
    say("opening the database")
    engine = open_database(settings)
    app = create_app(settings, records=records, bundle=bundle, engine=engine)
    say("scoring the latest day")
    app.state.scoring.listed()
    return app


def _write_our_own_lines() -> None:
    """Let our own loggers write to standard error; what libraries tell at ease may hold a path or a value."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(LINE))
    ours = logging.getLogger("earlyhelp")
    ours.setLevel(logging.INFO)
    ours.addHandler(handler)


def _listening(host: str, port: int) -> socket.socket:
    """Take the address first: nobody waits for a list that cannot be served."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OutOfReachError(
            f"The service cannot listen there ({type(error).__name__}, {error.strerror}).",
            hint="Choose another --port, or stop what listens there now.",
        ) from None
    return listener
