"""The worklist of a day: families, never scores of families, by who may need help first and waits longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from serving.scoring.day import DayScores


def families_of(day: DayScores, *, bands: tuple[str, ...]) -> pl.DataFrame:
    """Group a day's children into families and order them.

    The child concerned is the one of the family in the first band; a family has a place in the list, never a
    score. A child without a recorded family stands alone.

    Parameters
    ----------
    day
        A day's scores.
    bands
        The names of the bands, the first to be offered help first.

    Returns
    -------
    DataFrame
        `family_ref` (String, null where no family is recorded), `band` (of the child concerned),
        `waiting_days` (the longest wait among the children in that band; null where nobody waits) and
        `child_ids` (list, by rank), in the order of the list: by band, then by days waiting, longest first and
        nobody waiting last, then by the best rank.
    """
    place = pl.col("band").replace_strict(dict(zip(bands, range(len(bands)), strict=True)), return_dtype=pl.Int32)
    children = (
        day.scores.select("child_id", "band", "rank")
        .join(day.cohort.select("child_id", "family_id", "waiting_days"), on="child_id", how="left")
        .with_columns(place.alias("place"))
        # why: a family's id and a child's id may be the same text, so who stands alone is part of the key
        .with_columns(pl.when(pl.col("family_id").is_null()).then("child_id").alias("alone"))
        .sort("rank")
    )
    is_concerned = pl.col("place") == pl.col("place").min()
    return (
        children.group_by("family_id", "alone", maintain_order=True)
        .agg(
            pl.col("band").first(),
            pl.col("place").min(),
            pl.col("waiting_days").filter(is_concerned).max(),
            pl.col("rank").min(),
            pl.col("child_id").alias("child_ids"),
        )
        .sort("place", "waiting_days", "rank", descending=[False, True, False], nulls_last=True)
        .select(pl.col("family_id").alias("family_ref"), "band", "waiting_days", "child_ids")
    )
