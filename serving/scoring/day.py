"""Scores of everybody who could be scored on a day: the one way to a score, for HTTP and command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.as_of import view_as_of
from features.cohort import cohort
from features.indicators.matrix import build_matrix
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.out_file import write_whole
from serving.explanations import ONLY_SHOWN
from training.registry.bundle import Bundle, score_matrix

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from features.as_of import Known
    from training.registry.plan import Bands

SCORE_COLUMNS: tuple[str, ...] = (
    "child_id",
    "as_of",
    "outcome",
    "score",
    "low",
    "high",
    "band",
    "rank",
    "model_version",
)
"""What a table of scores holds; `base` and one `contribution_<indicator>` each may come after."""


@dataclass(frozen=True)
class DayScores:
    """One day's list.

    Parameters
    ----------
    as_of
        The day; only what was known at its end was used.
    scores
        `SCORE_COLUMNS`, then `base` and the contributions; sorted by `child_id`.
    matrix
        The indicators as they were scored, in the same order.
    only_shown
        `child_id` and what the worker is shown and no model reads (`serving.explanations.ONLY_SHOWN`), in the same
        order.
    cohort
        `child_id`, `family_id` (may be null), `waiting_days`, `rung`, in the same order.
    """

    as_of: date
    scores: pl.DataFrame
    matrix: pl.DataFrame
    only_shown: pl.DataFrame
    cohort: pl.DataFrame


def score_day(records: Known, bundle: Bundle, *, as_of: date) -> DayScores:
    """Score every child of the cohort on a day.

    Parameters
    ----------
    as_of
        Not after the records' last day.

    Raises
    ------
    WrongUsageError
        When `as_of` lies after the last day that the records speak of.
    """
    if as_of > records.extract_day:
        raise WrongUsageError(
            f"The day asked for lies after the records' last day, {records.extract_day}.",
            hint="Give that day or an earlier one, or leave it out.",
        )
    view = view_as_of(records, as_of=as_of)
    children = cohort(view, bundle.manifest.plan.cohort)
    matrix = build_matrix(view, children)
    only_shown = build_matrix(view, children, indicators=ONLY_SHOWN).drop("as_of", "family_id")
    scored = score_matrix(bundle, matrix)
    ranked = rank_scores(scored, bundle.manifest.plan.bands)
    explained = [name for name in scored.columns if name == "base" or name.startswith("contribution_")]
    return DayScores(as_of, ranked.select(*SCORE_COLUMNS, *explained), matrix, only_shown, children)


def rank_scores(scored: pl.DataFrame, bands: Bands) -> pl.DataFrame:
    """Give each score its rank within the list, and its band.

    Parameters
    ----------
    scored
        `child_id` and `score`, one row a child.
    bands
        Shares of the capacity, from the plan.

    Returns
    -------
    DataFrame
        With `rank` (Int32; 1 is the highest score, equal scores stand in the order of `child_id`) and `band`,
        sorted by `child_id`. Equal scores have one band, that of the first of them: a band may hold more children
        than its places, as ties may exceed the capacity in the audit, and no band hangs on an id.
    """
    ranked = scored.sort("score", "child_id", descending=[True, False]).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("rank")
    )
    first = pl.col("rank").min().over("score")
    place = sum((first > last for last in bands.last_ranks(scored.height)), start=pl.lit(0, pl.Int32))
    names = pl.Series(bands.names, dtype=pl.String)
    return ranked.with_columns(pl.lit(names).gather(place).alias("band")).sort("child_id")


def write_scores(day: DayScores, path: Path, *, is_explained: bool) -> None:
    """Write a day's scores as Parquet, whole or not at all.

    Parameters
    ----------
    path
        What stood there is replaced.
    is_explained
        Whether `base` and the contributions are written too.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    table = day.scores if is_explained else day.scores.select(SCORE_COLUMNS)
    write_whole(path, table.write_parquet)
