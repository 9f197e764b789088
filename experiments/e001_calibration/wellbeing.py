"""Strengths and difficulties, and going missing, of looked-after children."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from experiments.e001_calibration.authority import (
    YEARS,
    Authority,
    age,
    age_band,
    in_years,
    looked_after,
    over_days,
    stays,
    with_person,
    years_before,
)
from experiments.e001_calibration.numbers import Achieved, mean, share, share_true
from experiments.e001_calibration.registry import measure, shares


def _asked(a: Authority) -> pl.DataFrame:
    """Give the children of 5 to 16 looked after for a year on three 31 Marches, with the year's last score."""
    found = with_person(a, over_days(a, looked_after), "person").filter(
        pl.col("start") <= pl.col("day") - timedelta(days=365), age(pl.col("day")).is_between(5, 16)
    )
    scores = a.table("ssd_sdq_scores").select(
        person="csdq_person_id",
        done="csdq_sdq_completed_date",
        score=pl.col("csdq_sdq_score").cast(pl.Float64, strict=False),
    )
    year = (
        found.select("person", "day")
        .join(scores.drop_nulls(), on="person")
        .filter(pl.col("done") <= pl.col("day"), pl.col("done") > pl.col("day").dt.offset_by("-1y"))
    )
    last = year.sort("done").unique(["person", "day"], keep="last")
    return found.join(last, on=["person", "day"], how="left", maintain_order="left")


@measure("sdq_mean")
def score(a: Authority) -> Achieved:
    """Mean total difficulties, of those with a score in the year, three years."""
    return mean(_asked(a)["score"])


@measure("sdq_coverage_share")
def coverage(a: Authority) -> Achieved:
    """Children with a score in the year, of those to be asked about, three years."""
    return share_true(_asked(a)["score"].is_not_null())


@shares(sdq_normal_share="normal", sdq_borderline_share="borderline", sdq_concern_share="concern")
def bands(a: Authority) -> pl.Series:
    """Scores by band: normal below 14, borderline 14 to 16, cause for concern from 17."""
    total = pl.col("score")
    band = pl.when(total < 14).then(pl.lit("normal")).when(total < 17).then(pl.lit("borderline"))
    return _asked(a).drop_nulls("score").select(band.otherwise(pl.lit("concern"))).to_series()


def _missing(a: Authority) -> pl.DataFrame:
    """Give the missing incidents of three years that began while the child was looked after; absences are not missing.

    The year ends on 31 March and is named after that day.
    """
    at = pl.col("miss_missing_episode_start_date")
    incidents = a.table("ssd_missing").filter(
        in_years("miss_missing_episode_start_date", a, YEARS), pl.col("miss_missing_episode_type").fill_null("M") == "M"
    )
    during = incidents.join(stays(a), left_on="miss_person_id", right_on="person", maintain_order="left").filter(
        at >= pl.col("start"), pl.col("end").is_null() | (at < pl.col("end"))
    )
    year = at.dt.year() + (at.dt.month() > 3).cast(pl.Int32)
    return during.unique("miss_table_id", maintain_order=True).with_columns(year=year)


def _times(a: Authority) -> pl.Series:
    """Count the incidents of each child in each year that the child went missing in."""
    return _missing(a).group_by("miss_person_id", "year").len()["len"]


def _in_the_year_to(a: Authority, day: date) -> pl.DataFrame:
    """Give the children looked after at any time in the year to a 31 March."""
    during = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > years_before(day, 1)))
    return stays(a).filter(during).unique("person", maintain_order=True)


@measure("missing_share")
def went_missing(a: Authority) -> Achieved:
    """Children with a missing incident while looked after, of all looked after at any time in a year, three years."""
    return share(len(_times(a)), over_days(a, _in_the_year_to).height)


@measure("missing_incidents_mean")
def incidents_each(a: Authority) -> Achieved:
    """Missing incidents in a year of each child who went missing while looked after in it, mean of three years."""
    return mean(_times(a))


@measure("missing_again_share")
def missing_again(a: Authority) -> Achieved:
    """Children who went missing more than once in a year, of those who went missing in it, three years."""
    return share_true(_times(a) > 1)


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
