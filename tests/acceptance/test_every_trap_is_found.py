"""The check against the simulator's ledger: each trap is found under its own name; clean records raise no alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.tables import CONTRACTS
from features.tables.load import examine_source

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.load import ExaminedSource

LEAST_FOUND = 0.99
LEFT_OUT = "early_help_child_left_out"
WHERE = ["table", "row_key", "kind"]


@pytest.fixture(scope="module", params=[("england", 21), ("wales", 22)], ids=["england", "wales"])
def soiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile, seed = request.param
    out = tmp_path_factory.mktemp(profile) / "place"
    simulate(children=3_000, seed=seed, profile=profile, out=out, dirt=0.02)
    return out


@pytest.fixture(scope="module")
def read(soiled: Path) -> ExaminedSource:
    return examine_source(soiled / "records")


@pytest.fixture(scope="module")
def ledger(soiled: Path) -> pl.DataFrame:
    return pl.read_csv(soiled / "truth" / "dirt.csv", infer_schema=False)


def keys_of(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give each row's number and key."""
    key = next(name for name, column in CONTRACTS[table].to_schema().columns.items() if column.unique)
    return frame.select(pl.lit(table).alias("table"), pl.col(key).alias("row_key")).with_row_index("row", offset=1)


def found_by_key(read: ExaminedSource) -> pl.DataFrame:
    """Give what was found by the row's key; of a child who was left out, by the child; of a table, without key."""
    keys = pl.concat(keys_of(table, frame) for table, frame in read.raw.tables.items())
    lines = read.examined.findings.join(keys.cast({"row": pl.Int64}), on=["table", "row"], how="left")
    left_out = lines.filter(pl.col("kind") == LEFT_OUT)
    children = left_out.select(pl.lit("ssd_person").alias("table"), pl.col("child_id").alias("row_key"), "kind")
    return pl.concat([lines.select(WHERE), children]).unique()


def test_every_trap_is_found_under_its_own_name(read: ExaminedSource, ledger: pl.DataFrame) -> None:
    missed = ledger.join(found_by_key(read), on=WHERE, how="anti", nulls_equal=True)
    assert ledger.height > 1_000
    assert missed.height <= (1 - LEAST_FOUND) * ledger.height, missed.group_by("table", "column", "kind").len().rows()


def test_no_kind_of_trap_is_missed_as_a_whole(read: ExaminedSource, ledger: pl.DataFrame) -> None:
    found = ledger.join(found_by_key(read), on=WHERE, how="semi", nulls_equal=True)
    assert set(ledger["kind"]) == set(found["kind"])


def test_nothing_is_set_aside_but_for_a_trap(read: ExaminedSource, ledger: pl.DataFrame) -> None:
    aside = found_by_key(read).join(
        read.examined.findings.filter(pl.col("severity") == "sets_aside").select("table", "kind").unique(),
        on=["table", "kind"],
    )
    innocent = aside.join(ledger, on=["table", "row_key"], how="anti")
    # What points to a row that was set aside is set aside with it, and so are the rows of a child who was left out.
    assert set(innocent["kind"]) <= {"orphan", LEFT_OUT}


@pytest.mark.parametrize(
    ("profile", "children", "seed"),
    [("england", 100, 5), ("england", 150, 1), ("wales", 2_000, 3), ("newport", 1_000, 4), ("england", 2_000, 7)],
)
def test_clean_records_raise_no_alarm(profile: str, children: int, seed: int, tmp_path: Path) -> None:
    simulate(children=children, seed=seed, profile=profile, out=tmp_path / "place", recorded_on=seed == 4)
    examined = examine_source(tmp_path / "place" / "records").examined
    grave = examined.findings.filter(pl.col("severity").is_in(["stops", "sets_aside", "warns"]))
    assert grave.select("table", "column", "kind").rows() == []
    assert examined.problems == ()
