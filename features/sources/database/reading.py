"""A database with the tables of the Standard Safeguarding Dataset: SQL Server, PostgreSQL or Oracle, by its URL.

Path: `tables` finds the tables and says what is selected, this file connects and reads in batches. Tables are
read as one state of the database where it can give one, and nothing is ever written. A driver's own words may repeat
values, SQL, hosts and logins, so none of them is passed on.

A password in a URL on a command line can be seen by others on the machine and stays in the shell's history. With
PostgreSQL leave it out and use `PGPASSWORD` or a password file; with SQL Server sign in through Windows.

One million rows of ten columns took 7 to 9 s from PostgreSQL on a busy machine, sorted and hashed. Its own COPY and
ADBC took 1 to 3 s, unsorted; they would be a second way in, which SQL Server and Oracle do not share.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

import polars as pl
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DataError, ProgrammingError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool

from features.sources.database.tables import FoundTable, as_text, find_tables, select_wanted
from features.sources.raw import Kind, RawTables
from features.vocabulary.errors import OutOfReachError, UnusableRecordsError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import URL, Connection, Engine

# Two characters at least: one is a drive's letter.
_SCHEME = re.compile(r"[a-z][a-z0-9+._-]+://", re.IGNORECASE)

# The first driver is used where the URL names none.
_DRIVERS: Final[dict[str, tuple[str, ...]]] = {
    "postgresql": ("psycopg",),
    "mssql": ("pymssql", "pyodbc"),
    "oracle": ("oracledb",),
}
_INSTALL: Final[dict[str, str]] = {
    "psycopg": "pip install earlyhelp",
    "pymssql": 'pip install "earlyhelp[sqlserver]"',
    "pyodbc": "pip install pyodbc, and Microsoft's ODBC driver",
    "oracledb": 'pip install "earlyhelp[oracle]"',
}
# Long enough for a council's VPN, short enough that nobody takes it for a hang.
SECONDS_TO_CONNECT: Final = 10
_CONNECT_OPTION: Final[dict[str, str]] = {
    "psycopg": "connect_timeout",
    "pymssql": "login_timeout",
    "pyodbc": "timeout",
    "oracledb": "tcp_connect_timeout",
}
# Said first in the transaction. SQL Server is not asked: its snapshots must have been switched on by its owner, and
# its repeatable reads would hold up everybody who writes.
_ONE_STATE: Final[dict[str, str]] = {
    "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}
# What drivers say when the server was reached and did not let the login in; only looked for, never repeated.
_NOT_LET_IN = re.compile(r"password|authenticat|login failed|\b18456\b|ORA-01017", re.IGNORECASE)

# More rows at once are no quicker, and these stay under 100 MB.
ROWS_AT_ONCE: Final = 50_000


def is_database_url(source: str) -> bool:
    r"""Whether a source is written as a URL, so that it is not looked for on the disk.

    Examples
    --------
    >>> is_database_url("mssql://reader@server/ssd"), is_database_url(r"C:\records"), is_database_url("records")
    (True, False, False)
    """
    return _SCHEME.match(source) is not None


def read_database(url: str, tables: Mapping[str, Sequence[str]], *, rows_at_once: int = ROWS_AT_ONCE) -> RawTables:
    """Read the wanted columns of the wanted tables, whatever their schema and case.

    Parameters
    ----------
    url
        `postgresql://`, `mssql://` or `oracle://`; `?schema=NAME` says which schema is meant where several hold a
        table.
    tables
        Table names and the columns wanted of each, in lower case; the first column is best the key.
    rows_at_once
        How many rows are Python objects at any time.

    Returns
    -------
    RawTables
        Rows sorted by their cells as text, first column first: the same content gives the same hash and the same row
        numbers. Columns that the database lacks are left out.

    Raises
    ------
    WrongUsageError
        When the URL is not one of these databases.
    OutOfReachError
        When the driver is missing, or the database does not answer, does not let the login in or read a table, or
        breaks off.
    UnusableRecordsError
        When a driver cannot read a table's cells.
    """
    engine, schema = _engine(url)
    with _connected(engine) as connection:
        try:
            _begin_one_state(connection)
            found, problems = find_tables(connection, tables, schema=schema)
        except (SQLAlchemyError, OSError) as error:
            _raise_broken_off("its list of tables", error)
        frames: dict[str, pl.DataFrame] = {}
        for name, place in found.items():
            frames[name], refused = _read_table(connection, name, place, rows_at_once)
            problems += tuple(f"{name}.{ours}: the column holds bytes where text is needed" for ours in sorted(refused))
    if not found and not problems:
        problems = ("the database holds none of the tables that are needed, or none that its login may read",)
    told = ["A table or column that the login may not read counts as missing."]
    if engine.dialect.name == "mssql":
        told.append("What was entered while the database was read may be in some tables and missing from others.")
    hashes = {name: _sha256(frame) for name, frame in frames.items()}
    return RawTables(Kind.database, frames, hashes=hashes, problems=problems, told=tuple(told))


def _engine(url: str) -> tuple[Engine, str | None]:
    """Prepare to connect, and give the schema that the URL names."""
    parsed, driver = _parsed(url)
    schema = parsed.query.get("schema")
    options = {_CONNECT_OPTION[driver]: SECONDS_TO_CONNECT}
    try:
        engine = create_engine(
            parsed.difference_update_query(["schema"]), poolclass=NullPool, hide_parameters=True, connect_args=options
        )
    except ImportError:
        raise OutOfReachError(
            f"The driver {driver}, which reads this kind of database, is not installed.",
            hint=f"Install it: {_INSTALL[driver]}.",
        ) from None
    return engine, schema if schema is None or isinstance(schema, str) else schema[-1]


def _parsed(url: str) -> tuple[URL, str]:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        _raise_wrong_url()
    backend, _, driver = parsed.drivername.lower().partition("+")
    backend = "postgresql" if backend == "postgres" else backend
    drivers = _DRIVERS.get(backend, ())
    driver = driver or next(iter(drivers), "")
    if driver not in drivers:
        _raise_wrong_url()
    return parsed.set(drivername=f"{backend}+{driver}"), driver


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with warnings.catch_warnings():
        # SQLAlchemy warns of servers newer than itself.
        warnings.simplefilter("ignore", SAWarning)
        try:
            connection = engine.connect()
        except (ProgrammingError, ArgumentError, TypeError, ValueError):
            _raise_wrong_url()
        except (SQLAlchemyError, OSError) as error:
            _raise_out_of_reach(error)
        with connection:
            yield connection


def _begin_one_state(connection: Connection) -> None:
    """Begin a transaction that sees one state of the database and can change nothing, where the server has such."""
    begin = _ONE_STATE.get(connection.dialect.name)
    if begin is not None:
        connection.execute(text(begin))


def _read_table(
    connection: Connection, name: str, place: FoundTable, rows_at_once: int
) -> tuple[pl.DataFrame, frozenset[str]]:
    """Read a table in batches through a cursor that the server keeps, and sort it."""
    options = {"stream_results": True, "yield_per": rows_at_once}
    names = list(place.columns)
    frames = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
    refused: frozenset[str] = frozenset()
    try:
        with connection.execute(select_wanted(place), execution_options=options) as result:
            for rows in result.partitions():
                frame, holds_bytes = as_text(names, rows)
                frames.append(frame)
                refused |= holds_bytes
    except (DataError, ValueError):
        raise UnusableRecordsError(
            f"{name}: a cell cannot be read, such as a day outside the years 1 to 9999 or text in a broken encoding.",
            hint="Mend or clear the cell in the database, or export the table as CSV and check the folder.",
        ) from None
    except (SQLAlchemyError, OSError) as error:
        _raise_broken_off(name, error)
    return _sorted(frames), refused


def _sorted(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Join batches and sort their rows; where the first column is a key, the others cannot change the order."""
    frame = pl.concat(frames)
    frames.clear()
    names = frame.columns
    is_key = frame[names[0]].n_unique() == frame.height
    order = frame.select(pl.arg_sort_by(names[:1] if is_key else names)).to_series()
    # Column by column, so that no more than one stands there twice.
    return pl.DataFrame([frame.drop_in_place(name).gather(order) for name in names])


def _sha256(frame: pl.DataFrame) -> str:
    digest = hashlib.sha256()
    for part in frame.iter_slices(ROWS_AT_ONCE):
        digest.update(part.write_csv().encode())
    return digest.hexdigest()


def _raise_wrong_url() -> NoReturn:
    raise WrongUsageError(
        "The source is written as a URL, and is not that of a database that can be read, or has an option too many.",
        hint="Write postgresql://, mssql:// or oracle://, then USER:PASSWORD@HOST:PORT/DATABASE; signs such as "
        "@ : / in a password are written as %40 %3A %2F.",
    ) from None


def _raise_out_of_reach(error: Exception) -> NoReturn:
    if _NOT_LET_IN.search(str(error)):
        raise OutOfReachError(
            "The database answers, and does not let this login in.",
            hint="Check the name and the password, and ask the database's owner whether the login may connect.",
        ) from None
    raise OutOfReachError(
        f"The database does not answer ({type(error).__name__}).",
        hint="Check host, port and the database's name, and whether the network or a VPN lets this machine through.",
    ) from None


def _raise_broken_off(name: str, error: Exception) -> NoReturn:
    raise OutOfReachError(
        f"The database refused or broke off while {name} was read ({type(error).__name__}).",
        hint="Try again; if it stays so, ask the database's owner whether the login may select from it.",
    ) from None
