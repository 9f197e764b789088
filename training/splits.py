"""Rolling origins: on which days a model learns, is calibrated and is tried, and what was known of each.

Training, calibrating and testing stand at least a horizon apart, so that no outcome that is learned from lies after
the day on which the model is tried. Outcomes learned from are those known on the test day; outcomes tried against are
those known on the extract's day. Children whose outcome cannot be seen are counted and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from features.indicators.matrix import matrices_as_of
from features.outcomes import outcome_after
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from features.tables.records import Records
    from training.registry.plan import Origin, Plan

CLUSTER = "cluster"
"""Column that says which rows belong to one household; a child without one is a household of one."""


def problems_of(plan: Plan, *, extract_day: date) -> list[str]:
    """Say everything that is wrong with a plan's days, for records up to a day; empty when nothing is."""
    horizon = timedelta(days=plan.outcome.horizon_days)
    problems = []
    for number, origin in enumerate(plan.origin, start=1):
        if max(origin.train) + horizon > origin.calibrate:
            problems.append(f"origin {number}: calibrating stands less than a horizon after training")
        if origin.calibrate + horizon > origin.test:
            problems.append(f"origin {number}: testing stands less than a horizon after calibrating")
        if origin.test + horizon > extract_day:
            problems.append(f"origin {number}: the records end before the test day's horizon does")
    tests = [origin.test for origin in plan.origin]
    if tests != sorted(set(tests)):
        problems.append("origins must stand in the order of their test days, each on its own day")
    return problems


def check_origins(plan: Plan, *, extract_day: date) -> None:
    """Refuse a plan whose days stand too near each other, or beyond what the records tell.

    Raises
    ------
    WrongUsageError
        With every problem at once.
    """
    problems = problems_of(plan, extract_day=extract_day)
    if problems:
        raise WrongUsageError(
            f"The plan's origins cannot be used with records up to {extract_day}: " + "; ".join(problems) + ".",
            hint=f"Leave at least {plan.outcome.horizon_days} days between training, calibrating, testing and the "
            "end of the records.",
        )


@dataclass(frozen=True)
class Snapshot:
    """Children as they were known on one or more days, with what happened after.

    Parameters
    ----------
    rows
        The matrix with `outcome` (Int8, 0 or 1) and `cluster` (String); sorted by `as_of`, then `child_id`.
    censored
        How many children were left out, by reason.
    """

    rows: pl.DataFrame
    censored: dict[str, int]

    @property
    def n_positive(self) -> int:
        """How many rows escalated."""
        return int(self.rows["outcome"].sum())


@dataclass(frozen=True)
class Fold:
    """One origin's data: to learn from, to calibrate on, to try on."""

    origin: Origin
    train: Snapshot
    calibrate: Snapshot
    test: Snapshot


def _snapshot(parts: list[pl.DataFrame]) -> Snapshot:
    rows = pl.concat(parts).sort("as_of", "child_id")
    gone = rows.filter(pl.col("outcome").is_null()).group_by("censored").len().sort("censored")
    kept = rows.filter(pl.col("outcome").is_not_null()).drop("censored")
    return Snapshot(kept, {str(reason): int(count) for reason, count in gone.iter_rows()})


def _both_outcomes(snapshot: Snapshot, what: str, number: int) -> None:
    if not 0 < snapshot.n_positive < snapshot.rows.height:
        raise WrongUsageError(
            f"Origin {number}: of {snapshot.rows.height} children to {what} on, {snapshot.n_positive} escalated; "
            "at least one must have and one must not.",
            hint="Choose days on which more children were known, or give more records.",
        )


def lay_out(records: Records, plan: Plan) -> list[Fold]:
    """Lay out every origin of a plan.

    Parameters
    ----------
    records
        Validated records.
    plan
        Its origins are checked first.

    Returns
    -------
    list of Fold
        In the plan's order. Each day's indicators are built once, however many origins use them.

    Raises
    ------
    WrongUsageError
        See `check_origins`; also when nobody, or everybody, escalated in a part of a fold.
    """
    check_origins(plan, extract_day=records.extract_day)

    days = sorted({day for origin in plan.origin for day in origin.days})
    known = dict(zip(days, matrices_as_of(records, days=days, rule=plan.cohort), strict=True))

    def labelled(as_of: date, known_on: date) -> pl.DataFrame:
        matrix, cohort = known[as_of]
        outcomes = outcome_after(records, cohort, as_of=as_of, known_on=known_on, rule=plan.outcome)
        cluster = pl.coalesce("family_id", "child_id").alias(CLUSTER)
        return matrix.join(outcomes.drop("escalated_day"), on="child_id", how="left").with_columns(cluster)

    folds = []
    for number, origin in enumerate(plan.origin, start=1):
        train = _snapshot([labelled(day, origin.test) for day in sorted(set(origin.train))])
        fold = Fold(
            origin,
            train=train,
            calibrate=_snapshot([labelled(origin.calibrate, origin.test)]),
            test=_snapshot([labelled(origin.test, records.extract_day)]),
        )
        for what in ("train", "calibrate", "test"):
            _both_outcomes(getattr(fold, what), what, number)
        folds.append(fold)
    return folds
