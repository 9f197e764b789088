"""No cell, id or date of birth leaves the quarantine: not in a report, a file's name, or a stream of any process.

The check runs in a process of its own, so that what libraries written in other languages print is caught too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.tables import CONTRACTS, columns_of

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("csv", "parquet", "annex-a", "cin-xml", "ssda903", "wales", "dfe-api")
CANARY = "k4n4ry"
# Every so many rows one cell of each column is a canary; the words of a column of text always are.
EVERY = 7
KEPT_APART = "quarantine"
WORD = re.compile(r"[A-Za-z0-9_/-]{6,}")


@dataclass(frozen=True)
class Run:
    """What a check left behind for anybody to see."""

    code: int
    seen: str
    names: str
    days: set[str]


def checked(source: str, folder: Path, *more: str) -> Run:
    """Run the command and gather everything that was written outside the quarantine."""
    home = folder / "home"
    shown = ["--json", str(folder / "report.json"), "--html", str(folder / "report.html")]
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "earlyhelp", "check", source, *shown, *more],
        env={**os.environ, "EARLYHELP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    files = [file for file in folder.rglob("*") if file.is_file() and KEPT_APART not in file.relative_to(folder).parts]
    written = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    days = days_told(json.loads((folder / "report.json").read_text()))
    return Run(ran.returncode, "\n".join([ran.stdout, ran.stderr, *written]), " ".join(f.name for f in files), days)


def days_told(report: object) -> set[str]:
    """Give the first and last days of tables, which a report tells; one of them can be somebody's day of birth."""
    if isinstance(report, list):
        return set().union(*map(days_told, report))
    if not isinstance(report, dict):
        return set()
    own = {str(value) for key, value in report.items() if key.endswith("_day")}
    return own.union(*map(days_told, report.values()))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same small and dirty authority, in every format."""
    found = {}
    for kind in FORMATS:
        found[kind] = tmp_path_factory.mktemp("place") / "place"
        simulate(children=150, seed=6, profile="england", out=found[kind], dirt=0.1, file_format=kind)
    return found


@pytest.fixture(scope="module")
def tables(places: dict[str, Path]) -> dict[str, pl.DataFrame]:
    files = sorted((places["csv"] / "records").glob("*.csv"))
    return {file.stem: pl.read_csv(file, infer_schema=False).rename(str.lower) for file in files}


def cells_of_persons(tables: dict[str, pl.DataFrame]) -> set[str]:
    """Give every id, postcode and date of birth."""
    columns = [
        frame[name]
        for table, frame in tables.items()
        for name, column in columns_of(CONTRACTS[table]).items()
        if name in frame.columns and (column.kind in ("id", "postcode", "address") or name.endswith("_dob"))
    ]
    cells = pl.concat([column.alias("cell") for column in columns]).drop_nulls().unique()
    days = cells.str.slice(0, 10)
    return {cell for cell in pl.concat([cells, days]) if len(cell) >= 6}


@pytest.mark.parametrize("kind", FORMATS)
def test_no_id_and_no_date_of_birth_is_seen(
    kind: str, places: dict[str, Path], tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    run = checked(str(places[kind] / "records"), tmp_path)
    assert run.code in (0, 2)
    assert len(run.seen) > 2_000
    seen = set(WORD.findall(run.seen)) | set(WORD.findall(run.names))
    assert (seen & cells_of_persons(tables)) - run.days == set()


def with_canaries(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Put a canary in some cells of every column, and in every cell of text."""
    kinds = {name: column.kind for name, column in columns_of(CONTRACTS[table]).items()}
    row = pl.int_range(pl.len())
    return frame.with_columns(
        pl.when((kinds.get(name.lower(), "text") == "text") | ((row + place) % EVERY == 0))
        .then(pl.concat_str(pl.lit(f"{CANARY}-{place}-"), row.cast(pl.String)))
        .otherwise(pl.col(name))
        .alias(name)
        for place, name in enumerate(frame.columns)
    )


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_no_canary_flies_out_of_any_column(suffix: str, tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    source = tmp_path / "in" / KEPT_APART
    source.mkdir(parents=True)
    for name, frame in tables.items():
        written = with_canaries(frame, name)
        if suffix == "csv":
            written.write_csv(source / f"{name}.csv")
        else:
            written.write_parquet(source / f"{name}.parquet")
    run = checked(str(source), tmp_path)
    assert run.code in (0, 2)
    assert CANARY not in run.seen.lower()
    kept = "".join(file.read_text() for file in (tmp_path / "home" / KEPT_APART).rglob("*.csv"))
    assert CANARY in kept


@pytest.mark.parametrize("kind", ["annex-a", "cin-xml", "ssda903", "wales", "dfe-api"])
def test_no_canary_flies_out_of_a_file_that_broke(kind: str, places: dict[str, Path], tmp_path: Path) -> None:
    source = tmp_path / "in" / KEPT_APART
    source.mkdir(parents=True)
    for file in (places[kind] / "records").iterdir():
        content = file.read_bytes().replace(b"2024", CANARY.encode())
        (source / file.name).write_bytes(content[: len(content) * 2 // 3] + CANARY.encode())
    run = checked(str(source), tmp_path)
    assert run.code in (0, 2)
    assert CANARY not in run.seen.lower()


def test_what_names_a_file_or_a_column_is_not_repeated(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    source = tmp_path / "in" / KEPT_APART
    source.mkdir(parents=True)
    for name, frame in tables.items():
        frame.with_columns(pl.lit("x").alias(f"{CANARY} header")).write_csv(source / f"{name}.csv")
    (source / f"{CANARY} Smith case note.csv").write_text("a,b\n1,2\n")
    (source / f"{CANARY} Smith.docx").write_text("so")
    assert CANARY not in checked(str(source), tmp_path).seen.lower()


def test_the_quarantine_is_its_owners_alone(places: dict[str, Path], tmp_path: Path) -> None:
    checked(str(places["csv"] / "records"), tmp_path)
    kept = [tmp_path / "home" / KEPT_APART, *(tmp_path / "home" / KEPT_APART).rglob("*")]
    assert len(kept) > 10
    assert {file.stat().st_mode & 0o077 for file in kept} == {0}
