"""The groups by which the audit looks at children. For the audit alone: nothing here ever enters the matrix.

"Not known" stays missing and is never filled in: it is a group of its own in every report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from features.ages import age_in_years
from features.vocabulary.characteristics import ETHNIC_GROUP_OF, NO_DISABILITY_RECORDED

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame

# Age bands of the children in need and looked-after statistics.
_AGE_BANDS: tuple[tuple[int, str], ...] = ((0, "0"), (4, "1-4"), (10, "5-10"), (15, "11-15"), (17, "16-17"))

_SEX_OF = {"M": "male", "F": "female"}


def characteristics_of(view: View, child_ids: pl.Series) -> pl.DataFrame:
    """Give the characteristics of children as they were recorded.

    Parameters
    ----------
    view
        What was known on the day.
    child_ids
        String, unique.

    Returns
    -------
    DataFrame
        `child_id`, `ethnic_group`, `sex`, `age_band`, `disability`; text, missing where not known; sorted
        by `child_id`. `age_band` is `unborn` for a child who is expected; `disability` is missing where the
        source has no `ssd_disability`, and `no` where the table is there and holds no disability of the
        child.
    """
    children = nw.from_native(pl.DataFrame({"child_id": child_ids}, schema={"child_id": pl.String}).lazy())
    people = view.tables["ssd_person"].select(
        nw.col("pers_person_id").alias("child_id"),
        _named(nw.col("pers_ethnicity"), ETHNIC_GROUP_OF).alias("ethnic_group"),
        _named(nw.col("pers_sex"), _SEX_OF).alias("sex"),
        _age_band(view).alias("age_band"),
    )
    grouped = children.join(people, on="child_id", how="left")
    known = _with_disability(view, grouped)
    order = ("child_id", "ethnic_group", "sex", "age_band", "disability")
    return pl.DataFrame(known.select(*order).sort("child_id").collect(backend="polars").to_native())


def _named(code: nw.Expr, names: dict[str, str]) -> nw.Expr:
    return code.replace_strict(list(names), list(names.values()), default=None, return_dtype=nw.String)


def _age_band(view: View) -> nw.Expr:
    age = age_in_years(nw.col("pers_dob"), on=view.as_of)
    band = nw.lit(None, dtype=nw.String)
    for last, name in reversed(_AGE_BANDS):
        band = nw.when(age <= last).then(nw.lit(name)).otherwise(band)
    is_expected = nw.col("pers_dob").is_null() & (nw.col("pers_expected_dob_day") > view.day)
    return nw.when(is_expected).then(nw.lit("unborn")).otherwise(nw.when(~age.is_null()).then(band))


def _with_disability(view: View, grouped: Frame) -> Frame:
    if "ssd_disability" not in view.tables:
        return grouped.with_columns(nw.lit(None, dtype=nw.String).alias("disability"))
    code = nw.col("disa_disability_code")
    is_disability = (code.is_null() | ~code.is_in(NO_DISABILITY_RECORDED)).cast(nw.Int8)
    recorded = (
        view.tables["ssd_disability"]
        .group_by(nw.col("disa_person_id").alias("child_id"))
        .agg(is_disability.max().alias("has_disability"))
    )
    yes_or_no = nw.when(nw.col("has_disability") == 1).then(nw.lit("yes")).otherwise(nw.lit("no"))
    return grouped.join(recorded, on="child_id", how="left").with_columns(yes_or_no.alias("disability"))
