"""Children in need: an open referral on the day, as the Department for Education counts; and episodes of need.

An episode of need is a referral that was neither closed at once nor found, once assessed, to be of no need.
"""

from __future__ import annotations

import polars as pl

from experiments.e001_calibration.authority import Authority, age_band, ethnic_group, in_need, in_years, with_person
from experiments.e001_calibration.numbers import Achieved, rate, share_true
from experiments.e001_calibration.referrals import NOT_IN_NEED
from experiments.e001_calibration.registry import measure, shares

MONTH = 30.4375


def episodes(a: Authority) -> pl.DataFrame:
    """Give the episodes of need: referrals neither closed at once nor closed as not in need."""
    is_need = pl.col("cine_close_reason").is_in(NOT_IN_NEED).fill_null(value=False).not_()
    return a.table("ssd_cin_episodes").filter(is_need & (pl.col("cine_referral_nfa") != "Y"))


def duration_band(days: pl.Expr) -> pl.Expr:
    """Give the band of a length in days: up to 3 months, to 6, to a year, to two, more."""
    return (
        pl.when(days <= 3 * MONTH).then(pl.lit("0-3"))
        .when(days <= 6 * MONTH).then(pl.lit("3-6"))
        .when(days <= 365).then(pl.lit("6-12"))
        .when(days <= 730).then(pl.lit("12-24"))
        .otherwise(pl.lit("24+"))
    )  # fmt: skip


@measure("need_rate")
def in_need_rate(a: Authority) -> Achieved:
    """Children in need on 31 March per 10,000 children."""
    return rate(in_need(a).height, a.population())


@measure("need_any_time_rate")
def in_need_in_year(a: Authority) -> Achieved:
    """Children with an episode of need at any time in the year per 10,000 children."""
    begun = pl.col("cine_referral_date") <= a.day
    still = pl.col("cine_close_date").is_null() | (pl.col("cine_close_date") > a.since(1))
    return rate(episodes(a).filter(begun & still)["cine_person_id"].n_unique(), a.population())


@measure("need_starts_rate")
def episodes_begun(a: Authority) -> Achieved:
    """Episodes of need begun in the year per 10,000 children."""
    return rate(episodes(a).filter(in_years("cine_referral_date", a)).height, a.population())


@measure("need_ends_rate")
def episodes_ended(a: Authority) -> Achieved:
    """Episodes of need ended in the year per 10,000 children."""
    return rate(episodes(a).filter(in_years("cine_close_date", a)).height, a.population())


@shares(
    need_ended_under_3m_share="0-3",
    need_ended_3_6m_share="3-6",
    need_ended_6_12m_share="6-12",
    need_ended_1_2y_share="12-24",
    need_ended_over_2y_share="24+",
)
def ended_after(a: Authority) -> pl.Series:
    """Episodes of need that ended in the year by how long they had lasted."""
    lasted = (pl.col("cine_close_date") - pl.col("cine_referral_date")).dt.total_days()
    return episodes(a).filter(in_years("cine_close_date", a)).select(duration_band(lasted)).to_series()


@shares(
    need_open_under_3m_share="0-3",
    need_open_3_6m_share="3-6",
    need_open_6_12m_share="6-12",
    need_open_1_2y_share="12-24",
    need_open_over_2y_share="24+",
)
def open_for(a: Authority) -> pl.Series:
    """Children in need on 31 March by how long their case had been open."""
    lasted = (pl.lit(a.day) - pl.col("cine_referral_date")).dt.total_days()
    return in_need(a).select(duration_band(lasted)).to_series()


@shares(need_primary_abuse_share="N1", need_primary_dysfunction_share="N5", need_primary_disability_share="N2")
def primary_need(a: Authority) -> pl.Series:
    """Children in need on 31 March by primary need, of those with one recorded."""
    return in_need(a)["cine_cin_primary_need_code"]


@shares(
    need_white_share="White",
    need_mixed_share="Mixed",
    need_asian_share="Asian",
    need_black_share="Black",
    need_other_share="Other",
)
def ethnicity(a: Authority) -> pl.Series:
    """Children in need on 31 March by ethnic group, of those whose ethnicity is known."""
    group = with_person(a, in_need(a), "person").select(ethnic_group()).to_series()
    return group.filter(group != "not known")


@measure("need_ethnicity_missing_share")
def ethnicity_missing(a: Authority) -> Achieved:
    """Children in need on 31 March whose ethnicity is missing, refused or not obtained."""
    return share_true(with_person(a, in_need(a), "person").select(ethnic_group()).to_series() == "not known")


@shares(need_male_share="M", need_female_share="F")
def sex(a: Authority) -> pl.Series:
    """Children in need on 31 March by sex; the unborn and unknown count among all."""
    people = with_person(a, in_need(a), "person")
    return people.select(pl.col("pers_sex").fill_null("U")).to_series()


@shares(need_under_5_share=("under 1", "1-4"), need_10_15_share="10-15")
def ages(a: Authority) -> pl.Series:
    """Children in need on 31 March by age; the unborn are counted among all but not under 5."""
    return with_person(a, in_need(a), "person").select(age_band(a.day)).to_series()


@measure("need_disabled_share")
def disabled(a: Authority) -> Achieved:
    """Children in need on 31 March with a disability recorded."""
    codes = a.table("ssd_disability").filter(pl.col("disa_disability_code").is_in(["NONE", "NO"]).not_())
    return share_true(in_need(a)["person"].is_in(codes["disa_person_id"].implode()))
