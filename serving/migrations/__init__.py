"""How the service's tables came to be, step by step (Alembic).

A step in `versions` is never changed once it is released.
Run by the owner on a connection that is given; the version table stands in our own schema, since MLflow may
keep one of the same name in the same database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE: Final = "earlyhelp_version"


def migrate(connection: Connection, *, schema: str) -> None:
    """Bring the tables to this version, in the connection's transaction.

    Parameters
    ----------
    schema
        Ours; it exists already.
    """
    steps = _steps()

    def up(revision: Any, _: Any) -> Any:
        return steps._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), steps, fn=up, destination_rev="head") as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE, version_table_schema=schema)
        environment.run_migrations()


def at_head(connection: Connection, *, schema: str) -> bool:
    """Whether the tables are at this version."""
    options = {"version_table": VERSION_TABLE, "version_table_schema": schema}
    context = MigrationContext.configure(connection, opts=options)
    return context.get_current_revision() == _steps().get_current_head()


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))
