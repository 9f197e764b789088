"""The service's own PostgreSQL: where it is, who may do what, and transactions whose errors repeat no value.

Two roles stand apart. The owner migrates. The service's role may insert and select: it never updates, deletes
or owns, so that what was shown and decided stays what it was even when our code is wrong.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from features.vocabulary.errors import EarlyHelpError, OutOfReachError, WrongUsageError
from serving.embedded import embedded_url
from serving.migrations import VERSION_TABLE, at_head, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving.settings import Settings

SCHEMA: Final = "earlyhelp"
SERVICE_ROLE: Final = "earlyhelp_service"
"""May insert and select, and cannot sign in by itself: who connects takes it on."""
DEMO_LOGIN: Final = "earlyhelp_login"
"""Signs in to the embedded server and is nothing but a member of the service's role."""

METADATA = MetaData(schema=SCHEMA)

_FORBIDDEN = text("""
    SELECT count(*) FROM pg_class
    WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'r'
      AND (has_table_privilege(:who, oid, 'UPDATE, DELETE, TRUNCATE') OR pg_has_role(:who, relowner, 'USAGE'))
""")


def open_database(settings: Settings) -> Engine:
    """Open the service's database, migrated, as the role that may insert and select.

    Returns
    -------
    Engine
        Of the database that `settings` names, or of the embedded one.

    Raises
    ------
    OutOfReachError
        When it does not answer, or is not migrated and we may not migrate it.
    WrongUsageError
        When the URL is not one, the embedded server could be entered by others, or the role may do too much.
    """
    if settings.database_url is None:
        owner = embedded_url(login="postgres")
        login = owner.set(username=DEMO_LOGIN)
    else:
        login = _parsed(settings.database_url.get_secret_value())
        owned = settings.owner_database_url
        owner = login if owned is None else _parsed(owned.get_secret_value())
    if settings.is_development or settings.owner_database_url is not None:
        _migrate_as_owner(owner, str(login.username))
    engine = service_engine(login)
    try:
        _check_rights(engine, is_strict=not settings.is_development)
    except EarlyHelpError:
        engine.dispose()
        raise
    return engine


def service_engine(url: URL) -> Engine:
    """Make an engine whose every connection takes on the service's role; its errors show no parameters."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def take_on_the_role(connection: Any, _: Any) -> None:
        before = connection.autocommit
        connection.autocommit = True
        connection.execute(f"SET ROLE {SERVICE_ROLE}")
        connection.execute("SET timezone TO 'UTC'")
        connection.autocommit = before

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that is kept whole or not at all.

    Raises
    ------
    OutOfReachError
        When the database does not answer or refuses. The driver's own words may repeat a row, so they are
        left out.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise _out_of_reach(error) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads one state of the database.

    Raises
    ------
    OutOfReachError
        See `writing`.
    """
    with writing(engine) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        yield connection


def is_answering(engine: Engine) -> bool:
    """Whether the database answers now."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1
    except SQLAlchemyError:
        return False


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise WrongUsageError(
            "The database's URL is not one of PostgreSQL.",
            hint="EARLYHELP_DATABASE_URL reads postgresql://USER:PASSWORD@HOST/DATABASE.",
        )
    return parsed.set(drivername="postgresql+psycopg")


def _migrate_as_owner(owner: URL, login: str) -> None:
    engine = create_engine(owner, hide_parameters=True)
    try:
        with writing(engine) as connection:
            _make_roles(connection, login)
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            migrate(connection, schema=SCHEMA)
            connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {SERVICE_ROLE}"))
            connection.execute(text(f"GRANT SELECT ON {SCHEMA}.{VERSION_TABLE} TO {SERVICE_ROLE}"))
    finally:
        engine.dispose()


def _make_roles(connection: Connection, login: str) -> None:
    """Make the service's role, and let who connects take it on."""
    # why: two processes that start at once would both find no role
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('earlyhelp migration', 0))"))
    roles = set(connection.execute(text("SELECT rolname FROM pg_roles")).scalars())
    if SERVICE_ROLE not in roles:
        connection.execute(text(f"CREATE ROLE {SERVICE_ROLE} NOLOGIN"))
    if login == DEMO_LOGIN and login not in roles:
        connection.execute(text(f"CREATE ROLE {DEMO_LOGIN} LOGIN"))
    may_take_it_on = text("SELECT pg_has_role(:login, :role, 'SET')")
    if not connection.execute(may_take_it_on, {"login": login, "role": SERVICE_ROLE}).scalar():
        quoted = connection.dialect.identifier_preparer.quote(login)
        connection.execute(text(f"GRANT {SERVICE_ROLE} TO {quoted}"))


def _check_rights(engine: Engine, *, is_strict: bool) -> None:
    """Refuse a database that is not migrated, or a role that may change or own what is kept.

    Outside development who signs in is checked too, so that nothing can put the service's role off again.
    """
    with reading(engine) as connection:
        if not at_head(connection, schema=SCHEMA):
            raise OutOfReachError(
                "The database is not at this version's migration.",
                hint="Set EARLYHELP_OWNER_DATABASE_URL to the same database as its owner, and start again.",
            )
        signed_in = str(connection.execute(text("SELECT session_user")).scalar())
        checked = [SERVICE_ROLE, *([signed_in] if is_strict else [])]
        too_much = [who for who in checked if connection.execute(_FORBIDDEN, {"schema": SCHEMA, "who": who}).scalar()]
    if too_much:
        raise WrongUsageError(
            "The role that the service signs in as may change or delete what was shown and decided.",
            hint=f"Sign in as a member of {SERVICE_ROLE}; let EARLYHELP_OWNER_DATABASE_URL migrate.",
        )


def _out_of_reach(error: SQLAlchemyError) -> OutOfReachError:
    return OutOfReachError(
        f"The service's database does not answer or refuses ({type(error).__name__}).",
        hint="Check that PostgreSQL runs, EARLYHELP_DATABASE_URL, and the rights of the role it names.",
    )
