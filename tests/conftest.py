"""Fixtures that many tests share: one simulated authority, one trained model, one PostgreSQL a session."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.tables.records import Records
    from training.registry.bundle import Bundle

pytest_plugins = ["tests.serving_fixtures"]

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "experiments" / "plans" / "escalation.toml"
# Of a few seeds one whose smallest ethnic group shows no gap by chance: a release would rightly be refused.
CHILDREN, SEED = 3_000, 8


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool the machine lacks; where CI is set that is a failure, since CI skips nothing."""
    for marker in item.iter_markers("needs"):
        missing = [tool for tool in marker.args if shutil.which(tool) is None]
        if missing and os.environ.get("CI"):
            pytest.fail(f"CI skips nothing, and {', '.join(missing)} is not on this machine")
        elif missing:
            pytest.skip(f"{', '.join(missing)} is not on this machine")


@pytest.fixture(scope="session")
def session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the session its own EARLYHELP_HOME, so that no test reads or writes a person's."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("EARLYHELP_HOME")
    os.environ["EARLYHELP_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["EARLYHELP_HOME"]
    else:
        os.environ["EARLYHELP_HOME"] = before


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulate one authority; the folder of its records. The truth lies beside it, in `../truth`."""
    from features.synthetic import simulate

    out = tmp_path_factory.mktemp("authority") / "invented"
    simulate(children=CHILDREN, seed=SEED, profile="england", out=out)
    return out / "records"


@pytest.fixture(scope="session")
def authority_records(authority: Path) -> Records:
    """Read and validate the simulated authority's records."""
    from features.tables.load import load_records

    return load_records(authority)


@pytest.fixture(scope="session")
def trained(authority_records: Records, session_home: Path) -> str:
    """Train the standard plan on the simulated authority; the MLflow run id."""
    from training.pipeline import run
    from training.registry.plan import read_plan

    return run(authority_records, read_plan(PLAN), say=lambda _: None)


@pytest.fixture(scope="session")
def bundle(trained: str) -> Bundle:
    """Release the trained run as champion and read it as serving does."""
    from training.registry.bundle import read_champion
    from training.registry.release import release

    release(trained, alias="champion", accepted_by="Test session", reason="invented families, small groups")
    return read_champion()
