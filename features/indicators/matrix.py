"""The matrix: one row a child, one column an indicator, made from what was known on a day and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from features.as_of import Known, View, Views, only, views_as_of
from features.cohort import CohortRule, cohort
from features.indicators.catalogue import CATALOGUE
from features.indicators.compiler import Scored, aggregate, passes
from features.indicators.declaration import DTYPES, Indicator
from features.indicators.streams import household_of
from features.moment import on_day
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.out_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from features.engines.engine import Frame


def build_matrix(
    view: View, cohort_frame: pl.DataFrame, *, indicators: Sequence[Indicator] = CATALOGUE
) -> pl.DataFrame:
    """Build the matrix of a cohort as of a view's day.

    Parameters
    ----------
    view
        What was known on the day.
    cohort_frame
        `child_id` (unique) and `family_id`, as `features.cohort.cohort` gives them.
    indicators
        Declarations, in the order of the columns.

    Returns
    -------
    DataFrame
        `child_id`, `as_of` (Date), `family_id`, then the indicators: counts Int32, days and years Int16,
        flags Int8, ratios Float32. Missing where the source lacks the table, or where no row means unknown.
        Sorted by `child_id`.
    """
    return build_matrices(only(view), [cohort_frame], indicators=indicators)[0]


def build_matrices(
    views: Views, cohorts: Sequence[pl.DataFrame], *, indicators: Sequence[Indicator] = CATALOGUE
) -> list[pl.DataFrame]:
    """Build the matrix of each of several days, reading each table once.

    Parameters
    ----------
    views
        What was known on each day.
    cohorts
        The cohort of each day, as `build_matrix` takes it.
    indicators
        Declarations, in the order of the columns.

    Returns
    -------
    list of DataFrame
        A matrix a day (`build_matrix`), the same bytes as for the day alone.
    """
    engine, wanted = views.engine, passes(indicators)
    anyone = pl.concat([frame.select("child_id") for frame in cohorts]).unique().sort("child_id")
    children = engine.bring(anyone)
    households = [
        household_of(view, engine.bring(frame.select("child_id")))
        if any(one.about == "household" for one in wanted)
        else None
        for view, frame in zip(views.each, cohorts, strict=True)
    ]
    scored = Scored(children, households)
    wide = engine.side_by_side(children, [frame for one in wanted for frame in aggregate(views, one, scored)])
    told = set(wide.collect_schema().names())
    return [
        _of_day(wide, view, frame, columns=[_column(one, view.day, told) for one in indicators])
        for view, frame in zip(views.each, cohorts, strict=True)
    ]


def matrix_as_of(records: Known, *, as_of: date, rule: CohortRule) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Build the whole catalogue's matrix for everyone who could have been scored on a day.

    Returns
    -------
    tuple of DataFrame
        The matrix (`build_matrix`) and the cohort (`features.cohort.cohort`), row for row the same children.

    Raises
    ------
    WrongUsageError
        When the day lies after the last that the records speak of: that nothing happened then is not known.
    """
    return next(matrices_as_of(records, days=[as_of], rule=rule))


def matrices_as_of(
    records: Known, *, days: Sequence[date], rule: CohortRule
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Build the matrix and the cohort of each of several days, in the order of the days.

    Tables are read once for as many days as the engine takes at once.

    Parameters
    ----------
    records
        Validated records, in memory or kept as Parquet.
    days
        The as-of days, each once.
    rule
        Who could have been scored.

    Yields
    ------
    tuple of DataFrame
        As `matrix_as_of`.

    Raises
    ------
    WrongUsageError
        When a day lies after the last that the records speak of, or is asked for twice.
    """
    if len(set(days)) < len(days):
        raise WrongUsageError("A day is asked for more than once.", hint="Give each day once.")
    if any(day > records.extract_day for day in days):
        raise WrongUsageError(
            f"The day asked for lies after the records' last day, {records.extract_day}.",
            hint="Give that day or an earlier one, or a newer extract.",
        )
    for first in range(0, len(days), records.engine.days_at_once):
        views = views_as_of(records, days[first : first + records.engine.days_at_once])
        cohorts = [cohort(view, rule) for view in views.each]
        yield from zip(build_matrices(views, cohorts), cohorts, strict=True)


def write_matrix(matrix: pl.DataFrame, path: Path) -> None:
    """Write a matrix as Parquet: whole, by renaming at the end, or not at all.

    Parameters
    ----------
    matrix
        As `build_matrix` gives it.
    path
        The file; one of that name is replaced.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    write_whole(path, matrix.write_parquet)


def _of_day(wide: Frame, view: View, cohort_frame: pl.DataFrame, *, columns: list[nw.Expr]) -> pl.DataFrame:
    values = view.engine.collect(wide.select("child_id", *columns).sort("child_id"))
    listed = cohort_frame.select("child_id", pl.lit(view.as_of).alias("as_of"), "family_id").sort("child_id")
    if listed["child_id"].equals(values["child_id"]):
        return listed.hstack(values.drop("child_id"))
    return listed.join(values, on="child_id", how="left", maintain_order="left")


def _column(indicator: Indicator, day: int, told: set[str]) -> nw.Expr:
    name = on_day(indicator.name, day)
    if name not in told:
        return nw.lit(None, dtype=DTYPES[indicator.unit]).alias(indicator.name)
    value = nw.col(name).fill_null(0) if indicator.zero_when_no_row else nw.col(name)
    return value.cast(DTYPES[indicator.unit]).alias(indicator.name)
