"""Care and support in Wales: children whose plan, of any kind, is three months old on the census day.

A child looked after has a care and support plan, and so has a child on the register. The odds ratios are of disabled
children receiving care and support over five censuses, each child once, unadjusted; the published ones are adjusted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from experiments.e001_calibration.authority import (
    Authority,
    age,
    ethnic_group,
    in_need,
    looked_after,
    open_on,
    stays,
    with_person,
    with_plan,
)
from experiments.e001_calibration.factors import assessed
from experiments.e001_calibration.numbers import Achieved, odds_ratio, rate, share_true
from experiments.e001_calibration.registry import measure, register, shares

if TYPE_CHECKING:
    from datetime import date

MONTHS_3_DAYS = 91
CENSUSES = 5
FACTORS = {
    "substance": ("1B", "2B"),
    "parent_learning_disability": ("5B",),
    "child_mental_health": ("4A",),
    "domestic_abuse": ("3A", "3B", "3C"),
    "parent_mental_health": ("4B",),
}


def _spans(a: Authority) -> pl.DataFrame:
    """Give every stretch with a plan of any kind: person, start, end."""
    need, plan = a.table("ssd_cin_plans"), a.table("ssd_cp_plans")
    return pl.concat(
        [
            need.select(person="cinp_person_id", start="cinp_cin_plan_start_date", end="cinp_cin_plan_end_date"),
            plan.select(person="cppl_person_id", start="cppl_cp_plan_start_date", end="cppl_cp_plan_end_date"),
            stays(a).select("person", "start", "end"),
        ]
    )


def supported(a: Authority, day: date) -> pl.DataFrame:
    """Give the children with care and support for three months: person, since, whether in care, on the register.

    One plan that follows another without a gap of more than a week is the same support.
    """
    spans = _spans(a).filter(pl.col("start") <= day).sort("person", "start", "end", nulls_last=True)
    reach = pl.col("end").fill_null(day).cum_max().shift(1).over("person")
    new = reach.is_null() | (pl.col("start") > reach + pl.duration(days=7))
    spans = spans.with_columns(part=new.cum_sum().over("person"))
    part = spans.group_by("person", "part", maintain_order=True).agg(
        since=pl.col("start").min(), now=open_on("start", "end", day).any()
    )
    long = part.filter("now", (pl.lit(day) - pl.col("since")).dt.total_days() >= MONTHS_3_DAYS)
    care, plan = (frame["person"].implode() for frame in (looked_after(a, day), with_plan(a, day)))
    return long.with_columns(care=pl.col("person").is_in(care), register=pl.col("person").is_in(plan))


@measure("support_rate")
def support_rate(a: Authority) -> Achieved:
    """Children with care and support for three months on 31 March per 10,000 children."""
    return rate(supported(a, a.day).height, a.population())


@shares(support_care_share="care", support_register_share="register", support_neither_share="neither")
def support_status(a: Authority) -> pl.Series:
    """Children with care and support: looked after, else on the register, else neither."""
    what = pl.when("care").then(pl.lit("care")).when("register").then(pl.lit("register")).otherwise(pl.lit("neither"))
    return supported(a, a.day).select(what).to_series()


@measure("support_register_rate")
def support_register(a: Authority) -> Achieved:
    """Children with care and support for three months who are on the register, looked after or not, per 10,000."""
    return rate(int(supported(a, a.day)["register"].sum()), a.population())


@shares(support_primary_abuse_share="N1")
def support_need(a: Authority) -> pl.Series:
    """Children with care and support by the primary need of their open referral, of those with one recorded."""
    need = in_need(a).select("person", "cine_cin_primary_need_code")
    return supported(a, a.day).join(need, on="person", maintain_order="left")["cine_cin_primary_need_code"]


def _recorded(a: Authority, people: pl.Series, codes: tuple[str, ...], day: date) -> pl.Series:
    """Say of whom an assessment authorised by a day recorded one of the factors."""
    rows = assessed(a).filter(pl.col("day") <= day, pl.col("codes").list.eval(pl.element().is_in(codes)).list.any())
    return people.is_in(rows["person"].implode())


@measure("support_parent_mental_health_share")
def parental_mental_health(a: Authority) -> Achieved:
    """Children with care and support of whose parent an assessment recorded mental ill health."""
    return share_true(_recorded(a, supported(a, a.day)["person"], FACTORS["parent_mental_health"], a.day))


def _censuses(a: Authority) -> pl.DataFrame:
    """Give each child of the last five censuses once: whether disabled, ever in care then, age when first counted."""
    if "censuses" not in a.kept:
        days = sorted(a.days(CENSUSES))
        rows = pl.concat([supported(a, day).with_columns(day=pl.lit(day)) for day in days])
        once = rows.group_by("person", maintain_order=True).agg(pl.col("care").any(), pl.col("day").first())
        disabled = a.table("ssd_disability")["disa_person_id"].implode()
        people = with_person(a, once, "person")
        a.kept["censuses"] = people.with_columns(
            disabled=pl.col("person").is_in(disabled), age=age(pl.col("day")), group=ethnic_group()
        )
    return a.kept["censuses"]


@measure("support_disabled_share")
def disabled(a: Authority) -> Achieved:
    """Children with care and support at one of five censuses who have a disability recorded."""
    return share_true(_censuses(a)["disabled"])


@measure("support_disabled_in_care_share")
def disabled_in_care(a: Authority) -> Achieved:
    """Disabled children with care and support at one of five censuses who were looked after at one."""
    return share_true(_censuses(a).filter("disabled")["care"])


def _odds_of_care(a: Authority, factor: str) -> Achieved:
    """Odds of being in care with a factor recorded against without, among disabled children."""
    found = _censuses(a).filter("disabled")
    return odds_ratio(_recorded(a, found["person"], FACTORS[factor], a.day), found["care"])


def _odds_between(found: pl.DataFrame, exposed: pl.Expr, other: pl.Expr) -> Achieved:
    both = found.filter(exposed | other)
    return odds_ratio(both.select(exposed).to_series(), both["care"])


@measure("odds_care_mixed")
def odds_mixed(a: Authority) -> Achieved:
    """Odds of being in care, disabled children of mixed ethnicity against White."""
    return _odds_between(_censuses(a).filter("disabled"), pl.col("group") == "Mixed", pl.col("group") == "White")


@measure("odds_care_age_1_4")
def odds_toddlers(a: Authority) -> Achieved:
    """Odds of being in care, disabled children aged 1 to 4 against infants."""
    return _odds_between(_censuses(a).filter("disabled"), pl.col("age").is_between(1, 4), pl.col("age") == 0)


@measure("odds_care_infant")
def odds_infants(a: Authority) -> Achieved:
    """Odds of being in care, disabled infants against those aged 16 and over."""
    return _odds_between(_censuses(a).filter("disabled"), pl.col("age") == 0, pl.col("age") >= 16)


for _factor in FACTORS:
    register(f"odds_care_{_factor}", _odds_of_care, factor=_factor)
