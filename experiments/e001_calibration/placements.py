"""Where looked-after children live: with whom, how far from home, how often they move."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from experiments.e001_calibration.authority import Authority, age, looked_after, open_on, with_person
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
    """Give the children looked after on 31 March beside their placement of that day."""
    now = _placements(a).filter(open_on("clap_cla_placement_start_date", "clap_cla_placement_end_date", a.day))
    now = now.sort("clap_cla_placement_start_date", "clap_cla_placement_id").unique("person", keep="last")
    return looked_after(a).join(now, on="person", maintain_order="left")


@shares(
    placed_foster_share="foster",
    placed_homes_share="home",
    placed_independent_share="independent",
    placed_parents_share="parents",
    placed_adoption_share="adoption",
)
def kinds(a: Authority) -> pl.Series:
    """Children looked after on 31 March by the kind of their placement."""
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
    """Foster placements on 31 March that are with relatives or friends."""
    code = placed(a)["clap_cla_placement_type"]
    return share_true(code.filter(code.is_in(FOSTER)).is_in(KIN))


def _area(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.slice(0, 2)


def is_outside(a: Authority) -> pl.DataFrame:
    """Give the placements of 31 March that have a postcode with whether it lies outside the authority."""
    homes = a.table("ssd_address").filter(pl.col("addr_address_type") == "Home").select(_area("addr_address_postcode"))
    if homes.is_empty():
        raise CannotMeasureError("no home has a postcode")
    here = homes.to_series().value_counts().sort("count", "addr_address_postcode", descending=True).item(0, 0)
    outside = _area("clap_cla_placement_postcode") != here
    return placed(a).filter(pl.col("clap_cla_placement_postcode").is_not_null()).with_columns(outside=outside)


@measure("placed_outside_share")
def outside(a: Authority) -> Achieved:
    """Children looked after on 31 March who are placed outside the authority, of those whose postcode is known."""
    return share_true(is_outside(a)["outside"])


@measure("placed_inside_share")
def inside(a: Authority) -> Achieved:
    """Children looked after on 31 March who are placed inside the authority, of those whose postcode is known."""
    return share_true(~is_outside(a)["outside"])


@measure("placed_far_share")
def far(a: Authority) -> Achieved:
    """Children looked after on 31 March placed more than 20 miles from home; an unknown distance is not more."""
    miles = placed(a)["clap_cla_placement_distance"].cast(pl.Float64, strict=False)
    return share_true((miles > MILES).fill_null(value=False))


@measure("three_placements_share")
def three_placements(a: Authority) -> Achieved:
    """Children looked after on 31 March who had three placements or more in the year; short absences do not count."""
    end = pl.col("clap_cla_placement_end_date")
    year = _placements(a).filter(
        pl.col("clap_cla_placement_start_date") <= a.day,
        end.is_null() | (end > a.since(1)),
        ~pl.col("clap_cla_placement_type").fill_null("").str.starts_with(TEMPORARY),
    )
    times = year.group_by("person").agg(n=pl.col("clap_cla_placement_id").n_unique())
    found = looked_after(a).join(times, on="person", how="left", maintain_order="left")
    return share_true(found["n"].fill_null(0) >= 3)


@measure("same_carer_share")
def same_carer(a: Authority) -> Achieved:
    """Of children under 16 looked after for two and a half years: in the same placement for two years."""
    people = with_person(a, placed(a), "person").filter(age(a.day) < 16, pl.col("start") <= a.day - timedelta(days=913))
    return share_true(people["clap_cla_placement_start_date"] <= a.day - timedelta(days=730))
