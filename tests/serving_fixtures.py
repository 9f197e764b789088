"""What tests of the service share: one embedded PostgreSQL a session, emptied for each test, a few drawn families.

A plugin of every test, so what is heavy is imported only where it is used.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from serving.access import Person, Role, issue_token
from serving.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from sqlalchemy import URL, Engine

    from features.tables.records import Records
    from training.registry.bundle import Bundle

KEY = "a key that only the tests know, of more than 32 characters"
NOW = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
LAST_DAY = date(2025, 3, 31)
SETTINGS = Settings(token_secret=KEY)
WORKER = Person("Wiebke Worker", Role.TRIAGE)


@dataclass(frozen=True)
class Server:
    """The embedded server, whose database `postgres` is migrated."""

    owner: URL

    def login(self, database: str) -> URL:
        from serving.database import DEMO_LOGIN

        return self.owner.set(username=DEMO_LOGIN, database=database)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start one real PostgreSQL, with its data where the path is short enough for a socket."""
    from serving.database import open_database

    with tempfile.TemporaryDirectory(prefix="eh", ignore_cleanup_errors=True) as folder:
        before = os.environ.get("EARLYHELP_HOME")
        os.environ["EARLYHELP_HOME"] = folder
        engine = open_database(Settings())
        engine.dispose()
        if before is None:
            del os.environ["EARLYHELP_HOME"]
        else:
            os.environ["EARLYHELP_HOME"] = before
        yield Server(engine.url.set(username="postgres"))


_numbers = itertools.count(1)


@pytest.fixture
def database(postgres: Server) -> str:
    """Empty the migrated database; its name."""
    from sqlalchemy import create_engine, text

    owner = create_engine(postgres.owner)
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE earlyhelp.decision, earlyhelp.shown_again, earlyhelp.shown_score"))
    owner.dispose()
    return str(postgres.owner.database)


@pytest.fixture
def new_database(postgres: Server) -> Iterator[Engine]:
    """Make a database in which nothing of ours is yet, and connect to it as its owner."""
    from sqlalchemy import create_engine, text

    name = f"new_{next(_numbers)}"
    server = create_engine(postgres.owner, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    server.dispose()
    owner = create_engine(postgres.owner.set(database=name))
    yield owner
    owner.dispose()


@pytest.fixture
def engine(postgres: Server, database: str) -> Iterator[Engine]:
    """Connect to the emptied database as the service does."""
    from serving.database import service_engine

    engine = service_engine(postgres.login(database))
    yield engine
    engine.dispose()


@pytest.fixture
def owner(postgres: Server, database: str) -> Iterator[Engine]:
    """Connect to the emptied database as its owner, who may do what the service must not."""
    from sqlalchemy import create_engine

    engine = create_engine(postgres.owner.set(database=database))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def families() -> Records:
    """Draw a few families: two siblings, one child alone, one long gone from view, and a mother."""
    from tests.drawing import records

    return records(
        extract_day=LAST_DAY,
        ssd_person="""
            pers_person_id | pers_dob
            ---------------|-----------
            C-LILY         | 2015-05-01
            C-TOMOS        | 2018-02-01
            C-ALONE        | 2020-07-01
            C-QUIET        | 2016-07-01
            M-MOTHER       | 1990-01-01
        """,
        ssd_family="""
            fami_family_id | fami_person_id
            ---------------|---------------
            F-ONE          | C-LILY
            F-ONE          | C-TOMOS
            F-ONE          | M-MOTHER
        """,
        ssd_contacts="""
            cont_person_id | cont_contact_date
            ---------------|------------------
            C-LILY         | 2025-01-10
            C-LILY         | 2025-03-01
            C-LILY         | 2025-03-20
            C-TOMOS        | 2025-03-25
            C-ALONE        | 2025-02-01
            C-QUIET        | 2020-02-01
        """,
    )


@pytest.fixture(scope="session")
def drawn_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Release a small logistic model."""
    from tests import drawn_models

    return drawn_models.bundle(tmp_path_factory.mktemp("release") / "bundle", kind="logistic")


@pytest.fixture
def service(families: Records, drawn_bundle: Bundle, engine: Engine) -> FastAPI:
    """Put a whole service together, on the emptied database."""
    from serving.app import create_app

    return create_app(SETTINGS, records=families, bundle=drawn_bundle, engine=engine, clock=lambda: NOW)


LILY = "pers_person_id | pers_dob\nC-LILY | 2015-05-01"
ASSESSED = """
    cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
    -------------------|----------------|----------------------------|--------------------------
    A1                 | C-LILY         | 2025-01-15                 | 2025-02-20
"""
FOUND = """
    cinf_assessment_id | cinf_assessment_factors_json
    -------------------|-----------------------------
    A1                 | ["16A", "9A"]
"""


@pytest.fixture
def service_on_record(families: Records, drawn_bundle: Bundle, engine: Engine) -> FastAPI:
    """Put a whole service together where an assessment of Lily found a factor that no model may read."""
    from serving.app import create_app
    from tests.drawing import records

    added = {"ssd_cin_assessments": ASSESSED, "ssd_assessment_factors": FOUND}
    drawn = records(extract_day=LAST_DAY, ssd_person=LILY, **added).tables
    tables = {**families.tables, **{name: drawn[name] for name in added}}
    told = replace(families, tables=tables)
    return create_app(SETTINGS, records=told, bundle=drawn_bundle, engine=engine, clock=lambda: NOW)


@pytest.fixture
def reason(drawn_bundle: Bundle) -> str:
    """A reason that the plan allows."""
    return next(iter(drawn_bundle.manifest.plan.decisions.reasons))


def token(role: Role = Role.TRIAGE, *, subject: str = WORKER.subject, hours: float = 1) -> str:
    """Sign a token as the service does."""
    return issue_token(subject, role, hours=hours, key=KEY, now=NOW)


def visitor(service: FastAPI, role: Role | None = None) -> TestClient:
    """Come to a service over HTTP, with a bearer token of a role or as nobody."""
    headers = {} if role is None else {"Authorization": f"Bearer {token(role)}"}
    return TestClient(service, headers=headers, follow_redirects=False)
