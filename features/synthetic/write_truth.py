"""Writes `truth/`: what the records cannot tell. Nothing but tests, benchmarks and experiments may read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.synthetic.entry import ENTERED
from features.synthetic.states import State
from features.synthetic.truth import Chances, auc, chances

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.synthetic.cells import Case
    from features.synthetic.families import Flags, Floats

# Chances are worked out for the last quarter end, the day that is served, and for the quarter ends five and nine before
# it, the days that plans test on: their twelve months ended a quarter or more before the records do.
TOLD_QUARTERS_BEFORE_THE_LAST = (9, 5, 0)
HOW = (
    "Exact: the distribution over need, strengths and state is carried forward twelve months with the probabilities "
    "that the lives were drawn from; no draws. For a child who stays: turning 18, death and moving away are censoring. "
    "The AUC is of these probabilities against what happened, children censored left out; low and high are its 95% "
    "interval by Hanley and McNeil (1982)."
)


def _interval(value: float, outcome: Flags) -> tuple[float, float]:
    n_up, n_not = int(outcome.sum()), int((~outcome).sum())
    one, two = value / (2 - value), 2 * value**2 / (1 + value)
    variance = value * (1 - value) + (n_up - 1) * (one - value**2) + (n_not - 1) * (two - value**2)
    half = 1.96 * float(np.sqrt(variance / (n_up * n_not)))
    return value - half, min(1.0, value + half)


def _average_precision(score: Floats, outcome: Flags) -> float:
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(outcome[order])
    return float((hits / np.arange(1, len(hits) + 1))[outcome[order]].mean())


def _ceiling(score: Floats, outcome: Flags) -> dict[str, Any]:
    """Say how well the best possible score would have done; no figures where an outcome is absent."""
    counts = {"n": len(score), "escalated": int(outcome.sum())}
    if not 0 < counts["escalated"] < counts["n"]:
        return counts
    value = auc(score, outcome)
    low, high = _interval(value, outcome)
    return {
        **counts,
        "mean_chance": float(score.mean()),
        "auc": value,
        "low": low,
        "high": high,
        "average_precision": _average_precision(score, outcome),
    }


def _rows(case: Case, month: int, found: Chances) -> pl.DataFrame:
    children = found.children
    is_up = pl.Series(np.where(found.escalated, 1, 0).astype(np.int8))
    state = case.lives.state[children, month].astype(np.int64)
    return pl.DataFrame(
        {
            "child_id": case.persons(children),
            "as_of": pl.Series([case.months.last_day(month)] * len(children), dtype=pl.Date),
            "chance": found.chance,
            "escalated": pl.select(pl.when(pl.Series(found.is_seen)).then(is_up)).to_series(),
            "need": case.lives.need[children, month],
            "strength": case.lives.strength[children, month],
            "state": pl.Series([s.name.lower() for s in State]).gather(state),
        }
    )


def _recorded(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List when each row of an event was entered."""
    return pl.concat(
        pl.select(table=pl.lit(name), row_key=table.to_series(0), recorded_on=table[ENTERED])
        for name, table in tables.items()
        if ENTERED in table.columns
    )


def write_truth(case: Case, tables: Mapping[str, pl.DataFrame], ledger: pl.DataFrame, folder: Path) -> None:
    """Write the truth of one simulation.

    Parameters
    ----------
    case
        Everything there is.
    tables
        The clean records with `recorded_on`.
    ledger
        Of the dirt; empty when there is none.
    folder
        An empty folder. `escalation.parquet` holds, for each child concerned on the last quarter end and on those five
        and nine before it, the true chance of escalation within twelve months, whether it happened (missing
        when censored or not yet over), need, strengths and state; `latent.parquet` the same needs and strengths of
        everyone at every quarter end; `recorded_on.parquet` when each row was entered; `ceiling.json` how well the
        true chances rank what happened.
    """
    found, per_day = [], []
    seen_chance, seen_outcome = [], []
    ends = case.months.quarter_ends()
    for month in (ends[-1 - back] for back in TOLD_QUARTERS_BEFORE_THE_LAST if back < len(ends)):
        here = chances(case.lives, case.people, case.months, case.profile, month=month)
        found.append(_rows(case, month, here))
        score, outcome = here.chance[here.is_seen], here.escalated[here.is_seen]
        seen_chance.append(score)
        seen_outcome.append(outcome)
        per_day.append({"as_of": case.months.last_day(month).isoformat(), **_ceiling(score, outcome)})
    pooled = _ceiling(np.concatenate(seen_chance), np.concatenate(seen_outcome).astype(bool))
    ceiling = {"schema_version": 1, "how": HOW, "escalation": {"pooled": pooled, "days": per_day}}
    pl.concat(found).write_parquet(folder / "escalation.parquet")
    _latent(case).write_parquet(folder / "latent.parquet")
    _recorded(tables).write_parquet(folder / "recorded_on.parquet")
    ledger.write_csv(folder / "dirt.csv")
    (folder / "ceiling.json").write_text(json.dumps(ceiling, indent=2) + "\n", encoding="utf-8")


def _latent(case: Case) -> pl.DataFrame:
    """List need, strengths and state of every child still here at every quarter end."""
    months = np.array(case.months.quarter_ends())
    state = case.lives.state[:, months]
    which, child = np.nonzero((state != State.GONE).T)
    days = pl.Series([case.months.last_day(int(month)) for month in months], dtype=pl.Date)
    return pl.DataFrame(
        {
            "child_id": case.persons(child),
            "as_of": days.gather(which),
            "need": case.lives.need[child, months[which]],
            "strength": case.lives.strength[child, months[which]],
            "state": pl.Series([s.name.lower() for s in State]).gather(state[child, which].astype(np.int64)),
        }
    )
