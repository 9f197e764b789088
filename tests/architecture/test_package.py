"""What is built can be installed: the command, code lists, templates, migrations and style sheet are in it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARRIED = (
    "features/vocabulary/codelists/ethnicity.csv",
    "serving/pages/templates/case.html",
    "serving/pages/static/app.css",
    "training/audit/audit.schema.json",
    "serving/openapi.json",
)


def command(*words: str, folder: Path, **variables: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={**os.environ, **variables})  # noqa: S603 - our own words
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist, then wheel from it, and install the wheel alone into an empty environment."""
    folder = tmp_path_factory.mktemp("build")
    command(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), folder=ROOT)
    sdist = next(folder.glob("*.tar.gz"))
    command("tar", "xzf", str(sdist), folder=folder)
    source = folder / sdist.name.removesuffix(".tar.gz")
    command(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), folder=source)
    venv.create(folder / "empty", with_pip=False)
    python = folder / "empty" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    command(
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--offline",
        "--python",
        str(python),
        str(wheel),
        folder=folder,
    )
    return folder / "empty"


@pytest.mark.parametrize("file", CARRIED)
def test_the_wheel_carries_what_the_program_reads(installed: Path, file: str) -> None:
    site = next((installed / "lib").glob("python*/site-packages"))
    assert (site / file).is_file()


def test_the_migrations_are_carried(installed: Path) -> None:
    site = next((installed / "lib").glob("python*/site-packages"))
    assert list((site / "serving" / "migrations").rglob("*.py"))


def test_the_installed_command_answers(installed: Path, tmp_path: Path) -> None:
    libraries = sysconfig.get_path("purelib")
    words = command(str(installed / "bin" / "earlyhelp"), "catalogue", folder=tmp_path, PYTHONPATH=libraries)
    assert "contacts_last_12_months" in words
