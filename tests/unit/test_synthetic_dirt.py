"""The ledger of an authority's dirt says what was put where, and what it does not name is as it was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.synthetic.dirt_beside import LEFT_ALONE
from features.tables.load import load_records

if TYPE_CHECKING:
    from pathlib import Path

RATE = 0.05
ADDED, LEFT_OUT = "repeated_key", "early_help_child_left_out"


def make(out: Path, dirt: float) -> Path:
    simulate(children=400, seed=3, profile="england", out=out, until=date(2024, 2, 14), years=3, dirt=dirt)
    return out


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("clean") / "place", 0.0)


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("dirty") / "place", RATE)


def ledger_of(place: Path) -> pl.DataFrame:
    return pl.read_csv(place / "truth" / "dirt.csv", infer_schema=False)


def records_of(place: Path) -> dict[str, pl.DataFrame]:
    """Give every table, headers in lower case."""
    files = sorted((place / "records").glob("*.csv"))
    return {file.stem: pl.read_csv(file, infer_schema=False).rename(str.lower) for file in files}


def cells(table: pl.DataFrame, key: str) -> pl.DataFrame:
    """Give every cell of a table by its row's key and its column; of a repeated key the first row."""
    return table.unique(key, keep="first").unpivot(index=key).rename({key: "row_key", "variable": "column"})


def test_clean_records_have_an_empty_ledger(clean: Path) -> None:
    assert ledger_of(clean).is_empty()


def test_the_cells_that_changed_are_those_the_ledger_names(clean: Path, dirty: Path) -> None:
    now, ledger = records_of(dirty), ledger_of(dirty)
    for name, table in records_of(clean).items():
        was, key = cells(table, table.columns[0]), table.columns[0]
        both = was.join(cells(now[name], key), on=["row_key", "column"], suffix="_now")
        changed = both.filter(pl.col("value").ne_missing(pl.col("value_now"))).select("row_key", "column")
        lines = ledger.filter(pl.col("table") == name, pl.col("row_key").is_not_null())
        named = lines.filter(~pl.col("kind").is_in([ADDED, LEFT_OUT])).select("row_key", "column")
        assert changed.sort("row_key", "column").equals(named.sort("row_key", "column")), name


def test_the_rows_added_and_left_out_are_those_the_ledger_names(clean: Path, dirty: Path) -> None:
    now, ledger = records_of(dirty), ledger_of(dirty)
    for name, table in records_of(clean).items():
        kinds = ledger.filter(pl.col("table") == name)["kind"].to_list()
        assert now[name].height == table.height + kinds.count(ADDED) - kinds.count(LEFT_OUT), name
        assert sorted(now[name].columns) == sorted(table.columns)


def test_children_are_left_out_who_have_early_help_alone(dirty: Path) -> None:
    now = records_of(dirty)
    left_out = set(ledger_of(dirty).filter(pl.col("kind") == LEFT_OUT)["row_key"])
    assert left_out <= set(now["ssd_early_help_episodes"]["earl_person_id"])
    beyond = {*now["ssd_contacts"]["cont_person_id"], *now["ssd_cin_episodes"]["cine_person_id"]}
    assert left_out
    assert not left_out & (beyond | set(now["ssd_person"]["pers_person_id"]))


def test_traps_of_every_sort_are_worked_in(dirty: Path) -> None:
    kinds = set(ledger_of(dirty)["kind"])
    sorts = {kind.partition("_")[0] for kind in kinds}
    assert sorts >= {
        "date",
        "code",
        "flag",
        "placeholder",
        "orphan",
        "zeros",
        "repeated",
        "columns",
        "end",
        "unparsable",
    }
    assert len(kinds) >= 24


def test_about_as_many_rows_are_touched_as_asked_for(clean: Path, dirty: Path) -> None:
    tables = records_of(clean)
    rows = sum(table.height for name, table in tables.items() if name not in LEFT_ALONE)
    touched = ledger_of(dirty).filter(pl.col("row_key").is_not_null(), pl.col("kind") != LEFT_OUT)
    # Each table's number is rounded by chance, up or down.
    assert touched.height == pytest.approx(RATE * rows, abs=len(tables))


def test_dirty_records_can_still_be_used(clean: Path, dirty: Path) -> None:
    records = load_records(dirty / "records")
    assert records.set_aside.height > 0
    assert abs((records.extract_day - load_records(clean / "records").extract_day).days) < 30
