"""Where looked-after children live: with whom, how far from home, how often they move."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from experiments.e001_calibration.authority import Authority, age, looked_after, over_days, with_person
from experiments.e001_calibration.numbers import Achieved, CannotMeasureError, share_true
from experiments.e001_calibration.registry import measure, shares

KIN = ("U1", "U2", "U3")
FOSTER = (*KIN, "U4", "U5", "U6")
MILES = 20
# Placements while the usual carer is away do not count as moves.
TEMPORARY = "T"


def _placements(a: Authority) -> pl.DataFrame:
    return a.table("ssd_cla_placement").rename({"clap_person_id": "person"})


def placed(a: Authority) -> pl.DataFrame:
    """Give the children looked after on three 31 Marches beside their placement of the day, which may be unknown."""
    found = over_days(a, looked_after)
    now = (
        found.select("person", "day")
        .join(_placements(a), on="person")
        .filter(
            pl.col("clap_cla_placement_start_date") <= pl.col("day"),
            pl.col("clap_cla_placement_end_date").is_null() | (pl.col("clap_cla_placement_end_date") > pl.col("day")),
        )
    )
    now = now.sort("clap_cla_placement_start_date", "clap_cla_placement_id").unique(["person", "day"], keep="last")
    return found.join(now, on=["person", "day"], how="left", maintain_order="left")


@shares(
    placed_foster_share="foster",
    placed_homes_share="home",
    placed_independent_share="independent",
    placed_parents_share="parents",
    placed_adoption_share="adoption",
)
def kinds(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by the kind of their placement."""
    code = pl.col("clap_cla_placement_type")
    kind = (
        pl.when(code.is_in(FOSTER)).then(pl.lit("foster"))
        .when(code.is_in(["K1", "K2"])).then(pl.lit("home"))
        .when(code.is_in(["H5", "K3", "P2"])).then(pl.lit("independent"))
        .when(code == "P1").then(pl.lit("parents"))
        .when(code.str.starts_with("A")).then(pl.lit("adoption"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    return placed(a).select(kind).to_series()


@measure("foster_kin_share")
def with_kin(a: Authority) -> Achieved:
    """Foster placements on three 31 Marches that are with relatives or friends."""
    code = placed(a)["clap_cla_placement_type"]
    return share_true(code.filter(code.is_in(FOSTER)).is_in(KIN))


def _area(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.slice(0, 2)


def is_outside(a: Authority) -> pl.DataFrame:
    """Give the placements of three 31 Marches that have a postcode with whether it lies outside the authority."""
    homes = a.table("ssd_address").filter(pl.col("addr_address_type") == "Home").select(_area("addr_address_postcode"))
    if homes.is_empty():
        raise CannotMeasureError("no home has a postcode")
    here = homes.to_series().value_counts().sort("count", "addr_address_postcode", descending=True).item(0, 0)
    outside = _area("clap_cla_placement_postcode") != here
    return placed(a).filter(pl.col("clap_cla_placement_postcode").is_not_null()).with_columns(outside=outside)


@measure("placed_outside_share")
def outside(a: Authority) -> Achieved:
    """Children looked after on three 31 Marches, placed outside the authority, of those whose postcode is known."""
    return share_true(is_outside(a)["outside"])


@measure("placed_inside_share")
def inside(a: Authority) -> Achieved:
    """Children looked after on three 31 Marches, placed inside the authority, of those whose postcode is known."""
    return share_true(~is_outside(a)["outside"])


@measure("placed_far_share")
def far(a: Authority) -> Achieved:
    """Children looked after on three 31 Marches, more than 20 miles from home; an unknown distance is not more."""
    miles = placed(a)["clap_cla_placement_distance"].cast(pl.Float64, strict=False)
    return share_true((miles > MILES).fill_null(value=False))


@measure("three_placements_share")
def three_placements(a: Authority) -> Achieved:
    """Children looked after on three 31 Marches with three placements or more in the year; short absences left out."""
    found = over_days(a, looked_after)
    end = pl.col("clap_cla_placement_end_date")
    year = (
        found.select("person", "day")
        .join(_placements(a), on="person")
        .filter(
            pl.col("clap_cla_placement_start_date") <= pl.col("day"),
            end.is_null() | (end > pl.col("day").dt.offset_by("-1y")),
            ~pl.col("clap_cla_placement_type").fill_null("").str.starts_with(TEMPORARY),
        )
    )
    times = year.group_by("person", "day").agg(n=pl.col("clap_cla_placement_id").n_unique())
    of = found.join(times, on=["person", "day"], how="left", maintain_order="left")
    return share_true(of["n"].fill_null(0) >= 3)


@measure("same_carer_share")
def same_carer(a: Authority) -> Achieved:
    """Of children under 16 looked after for two and a half years: in the same placement for two years."""
    people = with_person(a, placed(a), "person").filter(
        age(pl.col("day")) < 16, pl.col("start") <= pl.col("day") - timedelta(days=913)
    )
    long = pl.col("clap_cla_placement_start_date") <= pl.col("day") - timedelta(days=730)
    return share_true(people.select(long).to_series())
