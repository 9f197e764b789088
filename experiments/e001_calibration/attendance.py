"""Absence from school by what a child was on 31 March of each of the last three complete school years.

A child in need here has neither a protection plan nor is looked after; a child with a plan is not looked after; a
looked-after child has been so for twelve months: so the Department for Education counts.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from experiments.e001_calibration.authority import YEARS, Authority, in_need, looked_after, with_plan
from experiments.e001_calibration.numbers import Achieved, CannotMeasureError, ratio, share_true
from experiments.e001_calibration.registry import register

PERSISTENT, SEVERE = 0.1, 0.5


def _school_years(a: Authority) -> list[int]:
    """Give the years in which the last three school years ended that were over by the day stocks are counted."""
    return [a.day.year - 1 - k for k in range(YEARS)]


def _who(a: Authority, group: str, day: date) -> pl.Series:
    """Give the children of a group on a 31 March."""
    care = looked_after(a, day)
    if group == "care":
        return care.filter(pl.col("start") <= day - timedelta(days=365))["person"]
    plan = with_plan(a, day).filter(~pl.col("person").is_in(care["person"].implode()))["person"]
    if group == "plan":
        return plan
    others = pl.concat([care["person"], plan])
    return in_need(a, day).filter(~pl.col("person").is_in(others.implode()))["person"]


def _in_year(a: Authority, group: str, year: int) -> pl.DataFrame:
    """Give what each pupil of a group could attend, did and was suspended in a school year, September to August."""
    counts = pl.col("scho_sessions_possible", "scho_sessions_attended", "scho_suspensions")
    return (
        a.table("ext_school_attendance")
        .filter(
            pl.col("scho_period_start_date") >= date(year - 1, 9, 1),
            pl.col("scho_period_end_date") <= date(year, 8, 31),
            pl.col("scho_person_id").is_in(_who(a, group, date(year, 3, 31)).implode()),
        )
        .with_columns(counts.cast(pl.Float64, strict=False))
        .drop_nulls(["scho_sessions_possible", "scho_sessions_attended"])
        .group_by("scho_person_id", maintain_order=True)
        .agg(counts.sum())
        .filter(pl.col("scho_sessions_possible") > 0)
    )


def pupils(a: Authority, group: str) -> pl.DataFrame:
    """Give each pupil of a group in each of three school years, with the sessions missed and their share."""
    found = pl.concat([_in_year(a, group, year) for year in _school_years(a)])
    if found.is_empty():
        raise CannotMeasureError("no pupil of that group has attendance in a complete school year")
    missed = pl.col("scho_sessions_possible") - pl.col("scho_sessions_attended")
    return found.with_columns(missed=missed, share=missed / pl.col("scho_sessions_possible"))


def _overall(a: Authority, group: str) -> Achieved:
    """Sessions missed, of those possible."""
    found = pupils(a, group)
    return ratio(found["missed"], found["scho_sessions_possible"])


def _persistent(a: Authority, group: str) -> Achieved:
    """Pupils who missed a tenth or more of their sessions."""
    return share_true(pupils(a, group)["share"] >= PERSISTENT)


def _severe(a: Authority, group: str) -> Achieved:
    """Pupils who missed half or more of their sessions."""
    return share_true(pupils(a, group)["share"] >= SEVERE)


def _suspended(a: Authority, group: str) -> Achieved:
    """Pupils suspended once or more in the school year."""
    return share_true(pupils(a, group)["scho_suspensions"] > 0)


WHAT = {"absence": _overall, "persistent": _persistent, "severe": _severe}
for _what, _of in WHAT.items():
    for _group in ("need", "plan", "care"):
        register(f"{_group}_{_what}_share", _of, group=_group)
for _group in ("need", "care"):
    register(f"{_group}_suspended_share", _suspended, group=_group)
