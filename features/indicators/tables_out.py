"""Writes what is computed as of a day: the matrix, the standings among others, the distance travelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.as_of import Known, view_as_of
from features.cohort import CohortRule
from features.indicators.distance import TABLE, distance_travelled
from features.indicators.matrix import matrix_as_of, write_matrix
from features.indicators.profiles import profiles
from features.vocabulary.errors import UnusableRecordsError
from features.vocabulary.out_file import write_whole

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

# Training and scoring take the rule from their plan; looking at indicators needs no plan, so the usual one is here.
USUAL = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))


def write_indicators(
    records: Known, *, as_of: date, out: Path, profiles_out: Path | None = None, distance_out: Path | None = None
) -> None:
    """Write the matrix of everyone who could have been scored on a day, and what is asked for beside it.

    Parameters
    ----------
    records
        Validated records.
    as_of
        The day.
    out
        Parquet: `features.indicators.matrix.build_matrix`.
    profiles_out
        Parquet: `features.indicators.profiles.profiles`.
    distance_out
        Parquet: `features.indicators.distance.distance_travelled`, with dates, sorted.

    Raises
    ------
    UnusableRecordsError
        When the distance travelled is asked for and the source has no assessments with scales.
    WrongUsageError
        When a file cannot be written, or the day lies after the records' last.
    """
    if distance_out is not None and TABLE not in records.tables:
        raise UnusableRecordsError(
            f"The distance travelled is asked for, but the source has no table {TABLE}.",
            hint=f"Put {TABLE} beside the other tables, or leave --distance out.",
        )
    matrix, cohort_frame = matrix_as_of(records, as_of=as_of, rule=USUAL)
    write_matrix(matrix, out)
    if profiles_out is not None:
        write_whole(profiles_out, profiles(matrix, cohort_frame).write_parquet)
    if distance_out is not None:
        write_whole(distance_out, _distance(records, as_of).write_parquet)


def _distance(records: Known, as_of: date) -> pl.DataFrame:
    view = view_as_of(records, as_of=as_of)
    travelled = distance_travelled(view)
    assert travelled is not None  # looked for before anything was written
    days = {name: pl.from_epoch(f"{name}_day", time_unit="d").alias(name) for name in ("first", "latest")}
    found = view.engine.collect(travelled)
    dated = found.with_columns(day.alias(f"{name}_date") for name, day in days.items())
    order = ("subject", "subject_id", "tool", "scale", "direction")
    points = ("n_uses", "first", "latest", "change", "percentage_change")
    flags = ("is_better", "is_worse", "is_better_by_a_quarter")
    return dated.select(*order, "first_date", "latest_date", *points, *flags).sort(order)
