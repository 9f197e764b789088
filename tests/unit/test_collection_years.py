"""A collection year begins on 1 April, for codes, for the check's years and for a census alike."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import features
from features.check.years import year_of, year_of_day
from features.synthetic import simulate

EDGES = [(date(2025, 3, 31), 2024), (date(2025, 4, 1), 2025)]


def test_the_month_in_which_a_collection_year_begins_stands_in_one_place() -> None:
    files = Path(features.__file__).parent.rglob("*.py")
    stated = [file.name for file in files if re.search(r"^FIRST_MONTH\b.*=", file.read_text("utf-8"), re.MULTILINE)]
    assert stated == ["collection_years.py"]


@pytest.mark.parametrize(("day", "began"), EDGES)
def test_the_check_counts_a_day_in_the_year_that_began_on_1_april(day: date, began: int) -> None:
    assert year_of_day(day) == began
    assert pl.select(year_of(pl.lit(day))).item() == began


@pytest.mark.parametrize(("day", "began"), EDGES)
def test_a_census_is_named_after_the_year_in_which_it_ends(day: date, began: int, tmp_path: Path) -> None:
    simulate(children=100, seed=3, profile="england", out=tmp_path / "place", until=day, years=1, file_format="cin-xml")
    head = (tmp_path / "place" / "records" / "cin_census.xml").read_text("utf-8")[:400]
    assert f"<Year>{began + 1}</Year>" in head
