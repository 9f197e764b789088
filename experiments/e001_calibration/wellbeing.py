"""Strengths and difficulties, and going missing, of looked-after children."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from experiments.e001_calibration.authority import Authority, age, age_band, in_years, looked_after, stays, with_person
from experiments.e001_calibration.numbers import Achieved, mean, share, share_true
from experiments.e001_calibration.registry import measure, shares


def _asked(a: Authority) -> pl.DataFrame:
    """Give the children aged 5 to 16 looked after for twelve months, with the year's last score where there is one."""
    long = looked_after(a).filter(pl.col("start") <= a.day - timedelta(days=365))
    children = with_person(a, long, "person").filter(age(a.day).is_between(5, 16))
    scores = (
        a.table("ssd_sdq_scores")
        .filter(in_years("csdq_sdq_completed_date", a))
        .select(
            "csdq_sdq_completed_date",
            person="csdq_person_id",
            score=pl.col("csdq_sdq_score").cast(pl.Float64, strict=False),
        )
        .drop_nulls("score")
        .sort("csdq_sdq_completed_date")
        .unique("person", keep="last")
    )
    return children.join(scores, on="person", how="left", maintain_order="left")


@measure("sdq_mean")
def score(a: Authority) -> Achieved:
    """Mean total difficulties, of those with a score in the year."""
    return mean(_asked(a)["score"])


@measure("sdq_coverage_share")
def coverage(a: Authority) -> Achieved:
    """Children with a score in the year, of those to be asked about."""
    return share_true(_asked(a)["score"].is_not_null())


@shares(sdq_normal_share="normal", sdq_borderline_share="borderline", sdq_concern_share="concern")
def bands(a: Authority) -> pl.Series:
    """Scores by band: normal below 14, borderline 14 to 16, cause for concern from 17."""
    total = pl.col("score")
    band = pl.when(total < 14).then(pl.lit("normal")).when(total < 17).then(pl.lit("borderline"))
    return _asked(a).drop_nulls("score").select(band.otherwise(pl.lit("concern"))).to_series()


def _missing(a: Authority) -> pl.DataFrame:
    """Give the year's missing incidents that began while the child was looked after; absences are not among them."""
    incidents = a.table("ssd_missing").filter(
        in_years("miss_missing_episode_start_date", a), pl.col("miss_missing_episode_type").fill_null("M") == "M"
    )
    during = incidents.join(stays(a), left_on="miss_person_id", right_on="person", maintain_order="left").filter(
        pl.col("miss_missing_episode_start_date") >= pl.col("start"),
        pl.col("end").is_null() | (pl.col("miss_missing_episode_start_date") < pl.col("end")),
    )
    return during.unique("miss_table_id", maintain_order=True)


@measure("missing_share")
def went_missing(a: Authority) -> Achieved:
    """Children with a missing incident while looked after, of all looked after at any time in the year."""
    during = (pl.col("start") <= a.day) & (pl.col("end").is_null() | (pl.col("end") > a.since(1)))
    return share(_missing(a)["miss_person_id"].n_unique(), stays(a).filter(during)["person"].n_unique())


@measure("missing_incidents_mean")
def incidents_each(a: Authority) -> Achieved:
    """Missing incidents in the year of each child who went missing while looked after, mean."""
    return mean(_missing(a).group_by("miss_person_id").len()["len"])


@measure("missing_again_share")
def missing_again(a: Authority) -> Achieved:
    """Children who went missing more than once, of those who went missing."""
    return share_true(_missing(a).group_by("miss_person_id").len()["len"] > 1)


@shares(missing_over_16_share="16 and over")
def missing_by_age(a: Authority) -> pl.Series:
    """Missing incidents by the child's age on the day."""
    people = with_person(a, _missing(a), "miss_person_id")
    return people.select(age_band(pl.col("miss_missing_episode_start_date"))).to_series()


@measure("missing_short_share")
def short_incidents(a: Authority) -> Achieved:
    """Missing incidents that lasted two days or less, of those that ended."""
    lasted = pl.col("miss_missing_episode_end_date") - pl.col("miss_missing_episode_start_date")
    return share_true(_missing(a).select(lasted.dt.total_days() <= 2).to_series())
