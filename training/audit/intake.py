"""From a table of outcomes, scores and groups to plain arrays, or a refusal with counts.

Any table will do, of this model or of any other. Nothing is dropped in silence: a missing or unreadable outcome or
score ends the audit, as does a row without its child, and a missing characteristic is a group of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.vocabulary.characteristics import in_order
from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit.counts.clusters import codes_of, join
from training.audit.settings import AuditSettings, ScoreKind, check_settings
from training.audit.statistics.calibration import log_odds
from training.audit.statistics.calibration_slope import RIGHT, Line, line_of

if TYPE_CHECKING:
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

MOST_GROUPS = 200
"""A characteristic with more values than this is an identifier or a number, not a characteristic."""

READABLE: dict[str, tuple[str, str]] = {
    "outcome": ("0/1 or true/false", "write outcomes as 1 and 0, or as true and false"),
    "score": ("numbers", "write scores as bare numbers with a point, such as 0.034 where 3.4% is meant"),
}
"""What an outcome and a score may be, and the hint for those that are something else."""

CURVE_SHARES: tuple[float, ...] = tuple(place / 20 for place in range(1, 20))
"""Shares of rows flagged at which curves are drawn, beside the audit's own cut-off."""


@dataclass(frozen=True)
class GroupColumn:
    """One characteristic: its values by `in_order`, null last, and the place of each row's value among them."""

    values: tuple[str | None, ...]
    codes: IntArray


@dataclass(frozen=True)
class Sample:
    """The rows of an audit as arrays, sorted by score from low to high.

    Parameters
    ----------
    outcome
        One truth value a row.
    score
        As given, on any scale.
    score_kind
        Whether a score may be read as a probability.
    cut_off
        Flagged is a score of at least this.
    thresholds, main
        Cut-offs of the curves, ascending, and the place of `cut_off` among them.
    child, cluster
        Numbers from 0; `n_clusters` is how many clusters there are.
    groups
        By characteristic, in the order asked for.
    left_out_households
        Households that span too many children to be households.
    day
        Of each row, in days since 1970-01-01; None when no column names it.
    log_odds, line
        Of the scores, and their calibration line; None, and that of right scores, where they may not be read as
        probabilities.
    """

    outcome: BoolArray
    score: FloatArray
    score_kind: ScoreKind
    cut_off: float
    thresholds: FloatArray
    main: int
    child: IntArray
    cluster: IntArray
    n_clusters: int
    groups: dict[str, GroupColumn]
    left_out_households: int
    day: IntArray | None = None
    log_odds: FloatArray | None = None
    line: Line = RIGHT


def take_in(table: pl.DataFrame, settings: AuditSettings) -> Sample:
    """Check the table against the settings and give its rows as arrays.

    Parameters
    ----------
    table
        One row for each time a child was scored. It is not changed.
    settings
        Columns, cut-off, clusters.

    Returns
    -------
    Sample
        Sorted by score.

    Raises
    ------
    WrongUsageError
        For a column that does not exist or is asked to be two things, a characteristic with more than 200 values, or
        settings that cannot be met.
    UnusableRecordsError
        For a table without rows, or with missing or unreadable outcomes or scores, or rows without their child; with
        counts.
    """
    check_settings(settings, table.columns)
    _refuse_nested(table, settings)
    outcome, unread_outcomes = _read_outcome(table[settings.outcome])
    score, unread_scores = _read_score(table[settings.score])
    _refuse(table, settings, unread=(unread_outcomes, unread_scores))
    order = np.argsort(score, kind="stable")
    ascending = score[order]
    child, cluster, left_out = _who(table, settings)
    kind = _score_kind(score, settings)
    cut_off = _cut_off(ascending, settings)
    offsets = log_odds(ascending) if kind == "probability" else None
    thresholds = np.unique([cut_off, *(at_capacity(ascending, share) for share in CURVE_SHARES)])
    return Sample(
        outcome=outcome[order],
        score=ascending,
        score_kind=kind,
        cut_off=cut_off,
        thresholds=thresholds,
        main=int(np.searchsorted(thresholds, cut_off)),
        child=child[order],
        cluster=cluster[order],
        n_clusters=int(cluster.max()) + 1,
        groups={name: _group_column(table[name], settings, order) for name in settings.groups},
        left_out_households=left_out,
        day=None if settings.day is None else _read_day(table[settings.day])[order],
        log_odds=offsets,
        line=RIGHT if offsets is None else line_of(offsets, outcome[order]),
    )


def _refuse_nested(table: pl.DataFrame, settings: AuditSettings) -> None:
    """Refuse columns of which a cell is no single value: Parquet may hold lists, records and bytes."""
    nested = [
        name
        for name in settings.columns()
        if table[name].dtype.is_nested() or table[name].dtype in (pl.Binary, pl.Object)
    ]
    if nested:
        raise WrongUsageError(
            "A cell must be one value; these columns hold lists, records or bytes: "
            + ", ".join(map(repr, nested))
            + ".",
            hint="Take one value out of each cell beforehand, or leave the column out.",
        )


def _as_text(values: pl.Series) -> pl.Series:
    """Read a column as text; empty is missing, and so is a float that is no number."""
    text = (values.fill_nan(None) if values.dtype.is_float() else values).cast(pl.String)
    return text.set(text.str.strip_chars() == "", None)


def _read_outcome(values: pl.Series) -> tuple[BoolArray, int]:
    """Read 0/1 or true/false; also give how many values are neither, the missing ones among them."""
    if values.dtype.is_numeric():
        number = values.cast(pl.Float64)
        is_one, is_zero = (number == 1).fill_null(False), (number == 0).fill_null(False)
    else:
        text = values.cast(pl.String).str.strip_chars().str.to_lowercase()
        is_one = text.is_in(["1", "1.0", "true"]).fill_null(False)
        is_zero = text.is_in(["0", "0.0", "false"]).fill_null(False)
    return is_one.to_numpy(), int((~(is_one | is_zero)).sum())


def _read_score(values: pl.Series) -> tuple[FloatArray, int]:
    """Read numbers; also give how many values are endless or no number, the missing ones among them."""
    if values.dtype == pl.String:
        values = values.str.strip_chars()
    score = values.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy().astype(np.float64)
    return score, int((~np.isfinite(score)).sum())


def _read_day(values: pl.Series) -> IntArray:
    """Read days; refuse a column in which any is missing or no day."""
    text = values.cast(pl.String).str.strip_chars().str.slice(0, 10)
    day = text.str.to_date("%Y-%m-%d", strict=False)
    if day.null_count():
        raise UnusableRecordsError(
            f"{day.null_count()} of {values.len()} days in {values.name!r} are missing or not written as 2025-03-31.",
            hint="Write every row's day in ISO form, or leave the column out.",
        )
    return day.to_physical().cast(pl.Int64).to_numpy()


def _refuse(table: pl.DataFrame, settings: AuditSettings, *, unread: tuple[int, int]) -> None:
    """Refuse a table without rows, or with outcomes, scores or children that cannot be used; with a hint for each."""
    problems = [
        *_values_problems(table[settings.outcome], "outcome", unread[0]),
        *_values_problems(table[settings.score], "score", unread[1]),
    ]
    if table.is_empty():
        problems.append(("the table has no rows", "give a row for each time that a child was scored"))
    without = 0 if settings.child is None else _as_text(table[settings.child]).null_count()
    if without:
        hint = "give each row its child, or leave out --child, and then every row counts as a child"
        problems.append((f"{without} of {table.height} rows have no child in {settings.child!r}", hint))
    if problems:
        hint = "; ".join(hint for _, hint in problems)
        raise UnusableRecordsError(
            "The table cannot be audited: " + "; ".join(problem for problem, _ in problems) + ".",
            hint=hint[0].upper() + hint[1:] + ".",
        )


def _values_problems(values: pl.Series, what: str, unread: int) -> list[tuple[str, str]]:
    """Say how many outcomes or scores are missing and how many are there and cannot be read, each with a hint."""
    missing = _as_text(values).null_count() if unread else 0
    of_all = f"of {values.len()} {what}s in {values.name!r} are"
    problems = []
    if missing:
        hint = f"leave out, on purpose and with a reason, the rows that have no {what}"
        problems.append((f"{missing} {of_all} missing", hint))
    if unread > missing:
        allowed, hint = READABLE[what]
        problems.append((f"{unread - missing} {of_all} not {allowed}", hint))
    return problems


def _who(table: pl.DataFrame, settings: AuditSettings) -> tuple[IntArray, IntArray, int]:
    """Give numbers to children and clusters; without a child column every row is a child."""
    rows = np.arange(table.height, dtype=np.int64)
    child = rows if settings.child is None else codes_of(_as_text(table[settings.child]))[0]
    household = None if settings.cluster is None else codes_of(_as_text(table[settings.cluster]))[0]
    cluster, left_out = join(child, household)
    return child, cluster, left_out


def _score_kind(score: FloatArray, settings: AuditSettings) -> ScoreKind:
    """Say whether scores may be read as probabilities."""
    can_be_probability = bool(score.min() >= 0 and score.max() <= 1)
    if settings.score_kind == "probability" and not can_be_probability:
        raise WrongUsageError(
            f"Scores in {settings.score!r} are called probabilities, yet some lie outside 0 to 1.",
            hint="Say that the score kind is points, or give probabilities.",
        )
    return settings.score_kind or ("probability" if can_be_probability else "points")


def _cut_off(ascending: FloatArray, settings: AuditSettings) -> float:
    """Give the score from which a row is flagged."""
    if settings.threshold is not None:
        return float(settings.threshold)
    return at_capacity(ascending, float(settings.capacity or 1))


def at_capacity(ascending: FloatArray, share: float) -> float:
    """Give the score of the last place that a share of the rows gives; ties with it may exceed the share."""
    # why: in floating point 0.07 * 100 is above 7, and one child more would be flagged
    places = math.ceil(Fraction(repr(share)) * ascending.size)
    return float(ascending[-places])


def _group_column(values: pl.Series, settings: AuditSettings, order: IntArray) -> GroupColumn:
    """Read a characteristic as text, with its missing values as a group of their own, last."""
    text = _as_text(values)
    known = text.drop_nulls().unique().to_list()
    if len(known) > MOST_GROUPS:
        raise WrongUsageError(
            f"Column {values.name!r} has {len(known)} values; a characteristic may have {MOST_GROUPS}.",
            hint="Band the values beforehand, or leave the column out of the groups.",
        )
    if settings.reference.get(values.name, None) not in (None, *known):
        raise WrongUsageError(
            f"The reference for {values.name!r} is a group that no row has.",
            hint="Write the group as it stands in the table, with its capitals; give --reference once for each column.",
        )
    known.sort(key=in_order)
    present: tuple[str | None, ...] = (*known, None) if text.null_count() else tuple(known)
    codes = text.cast(pl.Enum(known)).to_physical().cast(pl.Int64).fill_null(len(known)).to_numpy()
    return GroupColumn(values=present, codes=codes[order])
