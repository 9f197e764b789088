"""Who a child is, how old on a day, and what need was on record before it: what access to help is compared at.

Who a child is bears no date in the records; need does, and is read as it was known. This file computes no share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features.as_of import views_as_of
from features.families import family_of
from features.groups import characteristics_of
from features.indicators.catalogue import by_name
from features.indicators.matrix import build_matrices

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from features.as_of import View
    from features.tables.records import Records

CHILD, DAY = "child_id", "asked_day"

NEED: tuple[str, ...] = (
    "contacts_last_12_months",
    "referrals_last_24_months",
    "s47_enquiries_last_24_months",
    "child_protection_plans_on_record",
    "has_been_looked_after",
    "most_needs_in_one_assessment_last_24_months",
    "found_domestic_abuse_last_24_months",
    "found_abuse_or_neglect_last_24_months",
    "found_parental_mental_ill_health_last_24_months",
    "found_parental_substance_misuse_last_24_months",
    "found_child_mental_ill_health_last_24_months",
)
"""Indicators that stand for recorded need. Early help of the past is none of them: it is the decision under audit."""

DEPRIVATION = "tenth_of_deprivation_of_latest_home"

# Ages in which the statistics of children in need are published.
AGE_BANDS: tuple[tuple[int, str], ...] = ((0, "0"), (4, "1-4"), (10, "5-10"), (15, "11-15"), (17, "16-17"))


def with_people(rows: pl.DataFrame, view: View) -> pl.DataFrame:
    """Add who each child is, how old on the day, and the family that is not to be counted twice.

    Parameters
    ----------
    rows
        `child_id` and `asked_day`.
    view
        What was known in the end: who a child is bears no date.
    """
    children = rows[CHILD].unique().sort()
    people = characteristics_of(view, children).drop("age_band")
    born = view.engine.collect(view.tables["ssd_person"].select("pers_person_id", "pers_dob"))
    families: Any = family_of(view)
    found = rows.join(people, on=CHILD, how="left").join(
        born.rename({"pers_person_id": CHILD, "pers_dob": "born"}), on=CHILD, how="left"
    )
    if families is None:
        found = found.with_columns(pl.lit(None, pl.String).alias("family_id"))
    else:
        found = found.join(view.engine.collect(families).select(CHILD, "family_id"), on=CHILD, how="left")
    on = pl.col(DAY).cast(pl.Int32).cast(pl.Date)
    has_had = pl.col("born").dt.strftime("%m%d") <= on.dt.strftime("%m%d")
    age = on.dt.year() - pl.col("born").dt.year() - pl.when(has_had).then(0).otherwise(1)
    # why: a family's number and a child's may be the same text
    cluster = pl.coalesce(pl.format("family {}", "family_id"), pl.format("child {}", CHILD))
    return (
        found.with_columns(cluster.alias("cluster"), age.clip(lower_bound=0).cast(pl.Int16).alias("age"))
        .with_columns(age_band(pl.col("age")).alias("age_band"))
        .drop("family_id", "born")
    )


def age_band(age: pl.Expr) -> pl.Expr:
    """Give the band of an age in years; missing where the age is."""
    band = pl.lit(None, dtype=pl.String)
    for oldest, name in reversed(AGE_BANDS):
        band = pl.when(age <= oldest).then(pl.lit(name)).otherwise(band)
    return band


def with_need(
    rows: pl.DataFrame, records: Records, *, indicators: Sequence[str] = (*NEED, DEPRIVATION)
) -> pl.DataFrame:
    """Add the indicators of recorded need, as known at the end of the month before the day of each row.

    Parameters
    ----------
    rows
        `child_id` and `asked_day`.
    records
        Validated records.
    indicators
        Their names.
    """
    known = (pl.col(DAY).cast(pl.Int32).cast(pl.Date).dt.truncate("1mo") - pl.duration(days=1)).alias("as_of")
    dated = rows.with_columns(known)
    days: Sequence[date] = dated["as_of"].unique().sort().to_list()
    wanted = [by_name(name) for name in indicators]
    found = []
    for start in range(0, len(days), records.engine.days_at_once):
        some = days[start : start + records.engine.days_at_once]
        lists = [_listed(dated, day) for day in some]
        found += build_matrices(views_as_of(records, some), lists, indicators=wanted)
    if not found:
        return dated.drop("as_of").with_columns(pl.lit(None, pl.Int32).alias(one.name) for one in wanted)
    return dated.join(pl.concat(found).drop("family_id"), on=[CHILD, "as_of"], how="left").drop("as_of")


def _listed(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    listed = rows.filter(pl.col("as_of") == day).select(CHILD).unique().sort(CHILD)
    return listed.with_columns(pl.lit(None, pl.String).alias("family_id"))
