"""Each assessment, and whether anything is known of what it found.

Only factors that were found are recorded. An assessment without a row of factors is not one that found nothing: what it
found is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame


def assessments_and_factors(view: View) -> Frame:
    """Give every assessment known on a view's day.

    Returns
    -------
    LazyFrame
        The columns of `ssd_cin_assessments`, with `child_id` and `has_factors` (Int8): 1 where its factors are known,
        else 0.
    """
    factors = view.tables["ssd_assessment_factors"].filter(~nw.col("cinf_assessment_factors_json").is_null())
    told = factors.select(nw.col("cinf_assessment_id").alias("cina_assessment_id")).unique()
    told = told.with_columns(nw.lit(1).cast(nw.Int8).alias("is_told"))
    assessments = view.tables["ssd_cin_assessments"].with_columns(nw.col("cina_person_id").alias("child_id"))
    joined = assessments.join(told, on="cina_assessment_id", how="left")
    return joined.with_columns(nw.col("is_told").fill_null(0).cast(nw.Int8).alias("has_factors")).drop("is_told")
