"""Absence from school by what a child was on 31 March of the last complete school year.

A child in need here has neither a protection plan nor is looked after; a child with a plan is not looked after; a
looked-after child has been so for twelve months: so the Department for Education counts.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from experiments.e001_calibration.authority import Authority, in_need, looked_after, with_plan
from experiments.e001_calibration.numbers import Achieved, CannotMeasureError, ratio, share_true
from experiments.e001_calibration.registry import register

PERSISTENT, SEVERE = 0.1, 0.5


def _school_year(a: Authority) -> tuple[date, date]:
    """Give the last school year, September to August, that ended by the day stocks are counted."""
    return date(a.day.year - 2, 9, 1), date(a.day.year - 1, 8, 31)


def _who(a: Authority, group: str) -> pl.Series:
    """Give the children of a group on 31 March of that school year."""
    day = date(a.day.year - 1, 3, 31)
    care = looked_after(a, day)
    if group == "care":
        return care.filter(pl.col("start") <= day - timedelta(days=365))["person"]
    plan = with_plan(a, day).filter(~pl.col("person").is_in(care["person"].implode()))["person"]
    if group == "plan":
        return plan
    others = pl.concat([care["person"], plan])
    return in_need(a, day).filter(~pl.col("person").is_in(others.implode()))["person"]


def pupils(a: Authority, group: str) -> pl.DataFrame:
    """Give what each pupil of a group could attend, attended and was suspended in the school year."""
    first, last = _school_year(a)
    year = a.table("ext_school_attendance").filter(
        pl.col("scho_period_start_date") >= first, pl.col("scho_period_end_date") <= last
    )
    counts = pl.col("scho_sessions_possible", "scho_sessions_attended", "scho_suspensions")
    found = (
        year.with_columns(counts.cast(pl.Float64, strict=False))
        .filter(pl.col("scho_person_id").is_in(_who(a, group).implode()), pl.col("scho_sessions_possible") > 0)
        .drop_nulls(["scho_sessions_possible", "scho_sessions_attended"])
        .group_by("scho_person_id", maintain_order=True)
        .agg(counts.sum())
    )
    if found.is_empty():
        raise CannotMeasureError("no pupil of that group has attendance in the last complete school year")
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
