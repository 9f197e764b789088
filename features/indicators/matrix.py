"""The matrix: one row a child, one column an indicator, made from one view and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from features.as_of import View, view_as_of
from features.cohort import CohortRule, cohort
from features.indicators.catalogue import CATALOGUE
from features.indicators.compiler import aggregate, household_of, passes
from features.indicators.declaration import DTYPES, Indicator
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.out_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from features.tables.records import Records


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
    listed = nw.from_native(cohort_frame.select("child_id", "family_id").lazy())
    children = listed.select("child_id")
    household = household_of(view, children)
    matrix, columns = listed, dict[str, nw.Expr]()
    for one in passes(indicators):
        found = aggregate(view, one, children=children, household=household)
        if found is not None:
            matrix = matrix.join(found, on="child_id", how="left")
        columns |= {i.name: _unknown(i) if found is None else _filled(i) for i in one.indicators}
    as_of = nw.lit(view.as_of, dtype=nw.Date).alias("as_of")
    ordered = matrix.select("child_id", as_of, "family_id", *(columns[i.name] for i in indicators))
    return pl.DataFrame(ordered.sort("child_id").collect(backend="polars").to_native())


def matrix_as_of(records: Records, *, as_of: date, rule: CohortRule) -> tuple[pl.DataFrame, pl.DataFrame]:
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
    if as_of > records.extract_day:
        raise WrongUsageError(
            f"The day asked for lies after the records' last day, {records.extract_day}.",
            hint="Give that day or an earlier one, or a newer extract.",
        )
    view = view_as_of(records, as_of=as_of)
    children = cohort(view, rule)
    return build_matrix(view, children), children


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


def _filled(indicator: Indicator) -> nw.Expr:
    value = nw.col(indicator.name)
    return value.fill_null(0) if indicator.zero_when_no_row else value


def _unknown(indicator: Indicator) -> nw.Expr:
    return nw.lit(None, dtype=DTYPES[indicator.unit]).alias(indicator.name)
