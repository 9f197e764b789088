"""Polars and Spark give equal matrices, and so do Polars' two ways of running; Spark lets nothing out."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

from features.engines.polars_engine import STREAMING
from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import matrix_as_of, write_matrix
from features.indicators.tables_out import USUAL
from features.synthetic import simulate
from features.tables.kept import keep_records, open_kept
from features.tables.load import load_records

DAY = date(2024, 9, 30)
CANARY = "k4n4ry"
SPARK = ".venv-spark/bin"
ROOT = Path(__file__).parents[2]
KINDS = ("clean", "dirty")
# Small plans are worked out sooner than Java is warm: without compiling them, and with Java's quick compiler alone.
LIGHT = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Both authorities in one process, where Java is started once and stays warm: one as the command does it, one kept
# before. Then an error of Spark's that repeats a cell.
BOTH = """
import sys
from datetime import date
from pathlib import Path
import narwhals as nw
import polars as pl
from features.indicators.tables_out import write_indicators
from features.tables.computed_by import computed_by
from features.tables.kept import open_kept
from features.tables.load import load_records
from features.vocabulary.errors import OutOfReachError

source, kept, day, extract_day, canary = sys.argv[1:]
as_of = date.fromisoformat(day)
try:
    with computed_by("spark", load_records(source)) as known:
        write_indicators(known, as_of=as_of, out=Path(source + ".parquet"))
        other = open_kept(Path(kept), engine=known.engine, extract_day=date.fromisoformat(extract_day))
        write_indicators(other, as_of=as_of, out=Path(kept + ".parquet"))
        cells = known.engine.bring(pl.DataFrame({"cell": [canary]}))
        known.engine.collect(cells.select(nw.col("cell").cast(nw.Int32)))
except OutOfReachError as error:
    print(error)
"""

needs_spark = pytest.mark.needs("java", f"{SPARK}/earlyhelp")


@dataclass(frozen=True)
class Authority:
    """2,000 children: their records as they are written and as they are kept for an engine, and Polars' matrix."""

    source: Path
    kept: Path
    extract_day: date
    matrix: pl.DataFrame


def simulated(folder: Path, *, dirt: float) -> Authority:
    simulate(children=2_000, seed=5, profile="england", out=folder / "out", recorded_on=True, dirt=dirt)
    records = load_records(folder / "out" / "records")
    keep_records(records, folder / "kept")
    matrix, _ = matrix_as_of(records, as_of=DAY, rule=USUAL)
    return Authority(folder / "out" / "records", folder / "kept", records.extract_day, matrix)


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Authority]:
    return {kind: simulated(tmp_path_factory.mktemp(kind), dirt=0.02 * (kind == "dirty")) for kind in KINDS}


@dataclass(frozen=True)
class SparkRun:
    """What a run of Spark gave, what was printed of its last error, what else was said, and what it left behind."""

    matrices: dict[str, pl.DataFrame]
    printed: str
    said: str
    left: list[Path]


@pytest.fixture(scope="module")
def spark_run(authorities: dict[str, Authority], tmp_path_factory: pytest.TempPathFactory) -> SparkRun:
    home = tmp_path_factory.mktemp("home")
    clean, dirty = (authorities[kind] for kind in KINDS)
    given = [str(dirty.source), str(clean.kept), str(DAY), str(clean.extract_day), CANARY]
    ran = asked([f"{SPARK}/python", "-c", BOTH, *given], home, **light(home))
    assert (ran.returncode, Path(f"{clean.kept}.parquet").exists()) == (0, True), ran.stdout + ran.stderr
    files = {"clean": f"{clean.kept}.parquet", "dirty": f"{dirty.source}.parquet"}
    matrices = {kind: pl.read_parquet(file) for kind, file in files.items()}
    return SparkRun(matrices, ran.stdout, ran.stderr, list((home / "spark").rglob("*")))


def asked(words: list[str], home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "EARLYHELP_HOME": str(home), **variables}
    return subprocess.run(words, cwd=ROOT, env=known, capture_output=True, text=True, check=False, timeout=400)  # noqa: S603 - our own words


def light(home: Path) -> dict[str, str]:
    (home / "conf").mkdir()
    (home / "conf" / "spark-defaults.conf").write_text("".join(f"{key} {value}\n" for key, value in LIGHT.items()))
    return {"SPARK_CONF_DIR": str(home / "conf"), "JDK_JAVA_OPTIONS": QUICK_JAVA}


def assert_equal_matrices(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """Hold every column equal: exactly, but ratios to 1e-6."""
    assert one.schema == other.schema
    ratios = {indicator.name for indicator in CATALOGUE if indicator.unit == "ratio"}
    for name in one.columns:
        assert_series_equal(one[name], other[name], check_exact=name not in ratios, abs_tol=1e-6, rel_tol=0)


@needs_spark
@pytest.mark.parametrize("kind", KINDS)
def test_spark_gives_the_matrix_of_polars(kind: str, authorities: dict[str, Authority], spark_run: SparkRun) -> None:
    assert authorities[kind].matrix.height > 150
    assert_equal_matrices(spark_run.matrices[kind], authorities[kind].matrix)


@needs_spark
def test_spark_says_nothing_and_leaves_nothing_behind(spark_run: SparkRun) -> None:
    assert (spark_run.said, spark_run.left) == ("", [])


@needs_spark
def test_an_error_of_sparks_is_told_without_the_cell_that_it_repeats(spark_run: SparkRun) -> None:
    assert spark_run.printed.startswith("Spark failed (NumberFormatException).\nHint: ")
    assert CANARY not in spark_run.printed


def refused(program: list[str], folder: Path, **variables: str) -> tuple[int, str]:
    words = [*program, "indicators", "nowhere", "--as-of", str(DAY), "--out", str(folder / "x"), "--engine", "spark"]
    ran = asked(words, folder, **variables)
    return ran.returncode, ran.stderr


def test_spark_is_refused_where_it_is_not_installed(tmp_path: Path) -> None:
    code, said = refused([sys.executable, "-m", "earlyhelp"], tmp_path)
    assert (code, "pyspark is not installed" in said, "make setup-spark" in said) == (1, True, True)


@needs_spark
def test_spark_is_refused_where_there_is_no_java(tmp_path: Path) -> None:
    code, said = refused([f"{SPARK}/python", "-m", "earlyhelp"], tmp_path, PATH=str(tmp_path), JAVA_HOME="")
    assert (code, "Java is not on this machine" in said, "Install Java 17" in said) == (1, True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_streaming_gives_the_bytes_of_all_at_once(kind: str, authorities: dict[str, Authority], tmp_path: Path) -> None:
    known = authorities[kind]
    streamed = open_kept(known.kept, engine=STREAMING, extract_day=known.extract_day)
    write_matrix(matrix_as_of(streamed, as_of=DAY, rule=USUAL)[0], tmp_path / "streamed")
    write_matrix(known.matrix, tmp_path / "at once")
    assert (tmp_path / "streamed").read_bytes() == (tmp_path / "at once").read_bytes()
    assert_frame_equal(pl.read_parquet(tmp_path / "streamed"), known.matrix)
