"""What homes alone can tell of true families in a simulated authority with hostels and mistyped addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl
import pytest

from features.as_of import view_as_of
from features.families import LARGEST_FAMILY, family_of, members
from features.homes import LARGEST_HOME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from features.as_of import View
    from features.tables.records import Records

# Many lived in hostels on the first day, hardly anybody on the second.
BUSY, QUIET = date(2020, 3, 31), date(2024, 9, 30)
days = pytest.mark.parametrize("day", [BUSY, QUIET])


@pytest.fixture(scope="module")
def truth(authority: Path) -> pl.DataFrame:
    return pl.read_parquet(authority.parent / "truth" / "people.parquet", columns=["child_id", "family"])


@pytest.fixture(scope="module")
def view(authority_records: Records) -> Callable[..., View]:
    """Give what was known on a day, without some tables."""

    def without(day: date, *lacking: str) -> View:
        tables = {name: table for name, table in authority_records.tables.items() if name not in lacking}
        return view_as_of(replace(authority_records, tables=tables), as_of=day)

    return cache(without)


@pytest.fixture(scope="module")
def homes_alone(view: Callable[..., View]) -> Callable[[date], View]:
    return lambda day: view(day, "ssd_family", "ssd_mother")


def rows(frame: nw.LazyFrame[pl.LazyFrame] | None) -> pl.DataFrame:
    assert frame is not None
    return pl.DataFrame(frame.collect().to_native())


def lived(view: View) -> pl.DataFrame:
    """Give who lived at which address, believing every address."""
    spans = view.tables["ssd_address"].filter(nw.col("addr_address_end_date").is_null())
    named = spans.select(nw.col("addr_person_id").alias("child_id"), nw.col("addr_address_json").alias("family_id"))
    return rows(named).drop_nulls().unique()


def pairs(groups: pl.DataFrame, truth: pl.DataFrame, *, by: str = "family_id") -> pl.DataFrame:
    """Give each two children of one group, and whether they are of one family in truth."""
    of = groups.select("child_id", by).join(truth.rename({"family": "true"}), on="child_id")
    both = of.join(of, on=by).filter(pl.col("child_id") < pl.col("child_id_right"))
    related = (pl.col("true") == pl.col("true_right")).alias("related")
    return both.select("child_id", "child_id_right", related).unique()


@days
def test_homes_alone_join_nearly_all_children_who_live_with_their_family(
    day: date, homes_alone: Callable[[date], View], truth: pl.DataFrame
) -> None:
    here = lived(homes_alone(day)).select("child_id").unique().join(truth, on="child_id")
    true = pairs(here, truth, by="family")
    found = pairs(rows(family_of(homes_alone(day))), truth).filter("related")
    assert true.height > 1_000
    assert found.height / true.height > 0.96


@days
def test_homes_alone_join_few_strangers(day: date, homes_alone: Callable[[date], View], truth: pl.DataFrame) -> None:
    found = pairs(rows(family_of(homes_alone(day))), truth)
    assert (~found["related"]).mean() < 0.015


def test_to_believe_every_address_would_join_strangers(
    homes_alone: Callable[[date], View], truth: pl.DataFrame
) -> None:
    # So small an authority has two hostels: on one of the days the larger is full, on the other half full.
    views = [homes_alone(day) for day in (BUSY, QUIET)]
    believed = sum(int((~pairs(lived(view), truth)["related"]).sum()) for view in views)
    ruled = sum(int((~pairs(rows(family_of(view)), truth)["related"]).sum()) for view in views)
    assert believed > 3 * ruled


@days
def test_no_family_is_larger_than_a_family_can_be(
    day: date, view: Callable[..., View], homes_alone: Callable[[date], View]
) -> None:
    for known in (view(day), view(day, "ssd_family"), view(day, "ssd_mother"), homes_alone(day)):
        largest = rows(family_of(known)).group_by("family_id").len()["len"].max()
        assert largest <= LARGEST_HOME <= LARGEST_FAMILY


@days
def test_with_everything_on_record_no_true_family_is_torn_and_hardly_any_are_mixed(
    day: date, view: Callable[..., View], truth: pl.DataFrame
) -> None:
    found = rows(family_of(view(day))).join(truth, on="child_id")
    torn = found.group_by("family").agg(pl.col("family_id").n_unique()).filter(pl.col("family_id") > 1)
    mixed = found.group_by("family_id").agg(pl.col("family").n_unique())
    assert torn.is_empty()
    assert (mixed["family"] > 1).mean() < 0.001


@days
def test_with_everything_on_record_a_home_adds_few_and_nearly_all_are_of_the_family(
    day: date, view: Callable[..., View], truth: pl.DataFrame
) -> None:
    found = rows(members(view(day)))
    at_home = found.filter(pl.col("relation").str.ends_with("_at_home"))
    of = at_home.join(truth, on="child_id").join(truth, left_on="member_id", right_on="child_id")
    assert 0 < at_home.height < 0.02 * found.height
    assert (of["family"] != of["family_right"]).mean() < 0.25
