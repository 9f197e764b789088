"""The ledger of dirt says what was put where, and what it does not name is as it was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.tables.load import load_records

if TYPE_CHECKING:
    from pathlib import Path

RATE = 0.05


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


def cells(place: Path, name: str) -> pl.DataFrame:
    """Give every cell of a table by its row's key and its column; of a repeated key the first row."""
    table = pl.read_csv(place / "records" / f"{name}.csv", infer_schema=False)
    key = table.columns[0]
    return table.unique(key, keep="first").unpivot(index=key).rename({key: "row_key", "variable": "column"})


def test_clean_records_have_an_empty_ledger(clean: Path) -> None:
    assert ledger_of(clean).is_empty()


@pytest.mark.parametrize("name", ["ssd_person", "ssd_contacts", "ssd_cin_episodes", "ssd_cin_visits"])
def test_the_cells_that_changed_are_those_the_ledger_names(clean: Path, dirty: Path, name: str) -> None:
    both = cells(clean, name).join(cells(dirty, name), on=["row_key", "column"], suffix="_now")
    changed = both.filter(pl.col("value").ne_missing(pl.col("value_now"))).select("row_key", "column")
    named = ledger_of(dirty).filter((pl.col("table") == name) & (pl.col("kind") != "repeated_key"))
    assert changed.sort("row_key", "column").equals(named.select("row_key", "column").sort("row_key", "column"))


@pytest.mark.parametrize("name", ["ssd_person", "ssd_contacts"])
def test_repeated_keys_are_the_further_rows_that_the_ledger_names(clean: Path, dirty: Path, name: str) -> None:
    rows = [pl.read_csv(p / "records" / f"{name}.csv", infer_schema=False).height for p in (clean, dirty)]
    named = ledger_of(dirty).filter((pl.col("table") == name) & (pl.col("kind") == "repeated_key"))
    assert rows[1] - rows[0] == named.height > 0


def test_every_kind_of_trap_is_worked_in(dirty: Path) -> None:
    assert set(ledger_of(dirty)["kind"]) == {
        "date_day_first",
        "date_impossible",
        "date_far_future",
        "code_unknown",
        "code_prefixed",
        "placeholder",
        "flag_in_words",
        "orphan",
        "repeated_key",
    }


def test_about_as_many_rows_are_touched_as_asked_for(clean: Path, dirty: Path) -> None:
    rows = sum(
        pl.read_csv(p, infer_schema=False).height
        for p in (clean / "records").glob("*.csv")
        if p.stem != "ssd_assessment_factors"
    )
    # Traps that would fall on an empty cell are left out.
    assert 0.5 * RATE * rows < ledger_of(dirty).height <= RATE * rows + 19


def test_dirty_records_can_still_be_used(dirty: Path) -> None:
    records = load_records(dirty / "records")
    assert records.set_aside.height > 0
    assert records.extract_day <= date(2024, 2, 14)
