"""Brothers and sisters in care, and how care and registration grow with deprivation."""

from __future__ import annotations

import polars as pl

from experiments.e001_calibration.authority import YEARS, Authority, in_years, looked_after, over_days, with_plan
from experiments.e001_calibration.numbers import Achieved, CannotMeasureError, mean, ratio_per_step, share_true
from experiments.e001_calibration.registry import measure

# The truth numbers tenths from the least deprived, as a gradient rises; the population from the most, as indices do.
LEAST_AND_MOST = 11
MOST_DEPRIVED_FIFTH = (9, 10)


def _with_siblings(a: Authority) -> pl.DataFrame:
    """Give the children looked after on three 31 Marches with how many of their family were, themselves too."""
    family = a.table("ssd_family").unique("fami_person_id", maintain_order=True)
    found = over_days(a, looked_after).join(
        family, left_on="person", right_on="fami_person_id", how="left", maintain_order="left"
    )
    alone = pl.col("fami_family_id").is_null()
    return found.with_columns(n=pl.when(alone).then(1).otherwise(pl.len().over("fami_family_id", "day")))


@measure("sibling_group_mean")
def sibling_group(a: Authority) -> Achieved:
    """Children in each group of two or more of one family looked after on one of three 31 Marches, mean."""
    groups = _with_siblings(a).filter(pl.col("n") > 1).group_by("fami_family_id", "day").len()
    return mean(groups["len"])


@measure("in_sibling_group_share")
def in_sibling_group(a: Authority) -> Achieved:
    """Children looked after on three 31 Marches whose brother or sister was too."""
    return share_true(_with_siblings(a)["n"] > 1)


def _deciles(a: Authority) -> pl.DataFrame:
    decile = a.known("people")
    return decile.select(person=pl.col("child_id").cast(pl.String), decile=pl.col("deprivation_decile").cast(pl.Int64))


def _gradient(a: Authority, children: pl.DataFrame) -> Achieved:
    """Fit how the rate grows with each decile of deprivation, over the last three 31 Marches."""
    days = a.days(YEARS)
    people = a.table("ext_population").filter(pl.col("popu_date").is_in(days))
    people = people.group_by(decile=LEAST_AND_MOST - pl.col("popu_deprivation_decile").cast(pl.Int64)).agg(
        population=pl.col("popu_children").cast(pl.Int64).sum()
    )
    found = children.join(_deciles(a), on="person")
    counts = found.group_by("decile").agg(events=pl.len())
    both = people.join(counts, on="decile", how="left").sort("decile").with_columns(pl.col("events").fill_null(0))
    if both.height < 3:
        raise CannotMeasureError("fewer than three deciles have children")
    return ratio_per_step(both["decile"], both["events"], both["population"])


@measure("care_deprivation_ratio")
def care_gradient(a: Authority) -> Achieved:
    """Factor by which the rate of being looked after grows with each decile of deprivation."""
    return _gradient(a, over_days(a, looked_after))


@measure("plan_deprivation_ratio")
def plan_gradient(a: Authority) -> Achieved:
    """Factor by which the rate of protection plans (in Wales of registration) grows with each decile of deprivation."""
    return _gradient(a, over_days(a, with_plan))


@measure("proceedings_deprived_fifth_share")
def proceedings(a: Authority) -> Achieved:
    """Children first under an interim care order in the last three years who live in the most deprived fifth."""
    orders = a.table("ssd_legal_status").filter(pl.col("lega_legal_status") == "C1")
    first = orders.group_by("lega_person_id").agg(since=pl.col("lega_legal_status_start_date").min())
    recent = first.filter(in_years("since", a, YEARS))
    people = recent.join(_deciles(a), left_on="lega_person_id", right_on="person")
    return share_true(people["decile"].is_in(MOST_DEPRIVED_FIFTH))
