"""Who may do what in the service's database, and where the embedded one may stand."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from features.vocabulary.errors import OutOfReachError, WrongUsageError
from serving.database import METADATA, SCHEMA, open_database, reading, writing
from serving.decisions.log import DECISION
from serving.embedded import check_closed, embedded_url
from serving.migrations import VERSION_TABLE
from serving.settings import Settings

if TYPE_CHECKING:
    from tests.serving_fixtures import Server

SECRET = "0123-NAME-OF-A-CHILD"


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def one_value(engine: Engine, statement: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE earlyhelp.decision SET note = 'x'",
        "DELETE FROM earlyhelp.decision",
        "TRUNCATE earlyhelp.decision",
        "UPDATE earlyhelp.shown_score SET answer = 'x'",
        "DELETE FROM earlyhelp.shown_score",
        "DELETE FROM earlyhelp.shown_again",
        "DROP TABLE earlyhelp.decision",
        "ALTER TABLE earlyhelp.decision DROP COLUMN note",
        "INSERT INTO earlyhelp.earlyhelp_version VALUES ('x')",
        "CREATE TABLE earlyhelp.more ()",
        "RESET ROLE; DELETE FROM earlyhelp.decision",
        "SET ROLE postgres",
    ],
)
def test_the_services_role_cannot_change_what_was_kept(engine: Engine, forbidden: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.execute(text(forbidden))


def test_the_services_role_owns_nothing(engine: Engine) -> None:
    owned = "SELECT count(*) FROM pg_class WHERE pg_has_role(session_user, relowner, 'USAGE')"
    assert one_value(engine, owned) == 0
    assert one_value(engine, "SELECT current_user") == "earlyhelp_service"
    assert one_value(engine, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user") is False


def test_the_tables_are_what_the_code_says(owner: Engine) -> None:
    assert DECISION.metadata is METADATA
    options = {"version_table": VERSION_TABLE, "version_table_schema": SCHEMA, "include_schemas": True}
    with owner.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_another_programs_version_table_is_left_alone(new_database: Engine) -> None:
    with new_database.begin() as connection:
        connection.execute(text("CREATE TABLE public.alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO public.alembic_version VALUES ('somebody elses')"))
    open_database(Settings(database_url=url_of(new_database))).dispose()
    assert one_value(new_database, "SELECT version_num FROM public.alembic_version") == "somebody elses"


def test_a_new_database_of_ones_own_is_migrated_and_used_as_the_services_role(new_database: Engine) -> None:
    engine = open_database(Settings(database_url=url_of(new_database)))
    assert one_value(engine, "SELECT current_user") == "earlyhelp_service"
    engine.dispose()


def test_opening_a_database_again_changes_nothing(owner: Engine) -> None:
    settings = Settings(database_url=url_of(owner))
    open_database(settings).dispose()
    open_database(settings).dispose()
    assert one_value(owner, "SELECT version_num FROM earlyhelp.earlyhelp_version") == "0001"


def test_outside_development_the_service_does_not_migrate_with_its_own_role(new_database: Engine) -> None:
    settings = Settings(environment="production", database_url=url_of(new_database))
    with pytest.raises(OutOfReachError, match=r"does not answer or refuses|not at this version's migration"):
        open_database(settings)


def test_outside_development_an_owner_may_not_serve(owner: Engine) -> None:
    with pytest.raises(WrongUsageError, match="may change or delete"):
        open_database(Settings(environment="production", database_url=url_of(owner)))


def test_outside_development_an_owner_migrates_and_another_serves(postgres: Server, new_database: Engine) -> None:
    login = postgres.login(str(new_database.url.database)).render_as_string(hide_password=False)
    settings = Settings(environment="production", database_url=login, owner_database_url=url_of(new_database))
    engine = open_database(settings)
    assert one_value(engine, "SELECT session_user") == "earlyhelp_login"
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://a@b/c", "not a url", "sqlite://"])
def test_what_is_no_postgresql_is_refused(url: str) -> None:
    with pytest.raises(WrongUsageError, match="not one of PostgreSQL"):
        open_database(Settings(database_url=url))


def test_a_database_that_does_not_answer_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(OutOfReachError, match="does not answer") as said:
        open_database(Settings(database_url=f"postgresql://user:{SECRET}@/db?host={tmp_path}"))
    assert SECRET not in str(said.value)


def test_an_error_of_the_database_repeats_no_value(engine: Engine) -> None:
    with pytest.raises(OutOfReachError, match="ProgrammingError") as said, writing(engine) as connection:
        connection.execute(text("SELECT CAST(:secret AS nothing)"), {"secret": SECRET})
    assert SECRET not in str(said.value)
    assert said.value.__cause__ is None


def test_a_transaction_that_reads_cannot_write(engine: Engine) -> None:
    with pytest.raises(OutOfReachError, match="refuses"), reading(engine) as connection:
        connection.execute(text("CREATE TEMP TABLE more ()"))


def test_a_home_too_long_for_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path / ("long" * 20)))
    with pytest.raises(WrongUsageError, match="EARLYHELP_HOME is too long"):
        embedded_url(login="postgres")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rights", [0o710, 0o701, 0o750, 0o777])
def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path, rights: int) -> None:
    tmp_path.chmod(rights)
    with pytest.raises(WrongUsageError, match="entered by others"):
        check_closed(tmp_path)
    tmp_path.chmod(0o700)
    check_closed(tmp_path)


def test_the_embedded_servers_folder_is_closed_and_listens_on_no_port(postgres: Server, owner: Engine) -> None:
    folder = str(postgres.owner.query["host"])
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert one_value(owner, "SHOW listen_addresses") == ""


STARTS_AND_WAITS = """
import time
from serving.embedded import embedded_url
embedded_url(login="postgres")
print("started", flush=True)
time.sleep(60)
"""


def test_a_process_told_to_terminate_stops_the_embedded_server() -> None:
    with tempfile.TemporaryDirectory(prefix="eh", ignore_cleanup_errors=True) as home:
        environment = {**os.environ, "EARLYHELP_HOME": home}
        command = [sys.executable, "-c", STARTS_AND_WAITS]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ourselves
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            process.terminate()
            assert process.wait(timeout=30) == 128 + 15
        assert not (Path(home) / "postgres" / "postmaster.pid").exists()
