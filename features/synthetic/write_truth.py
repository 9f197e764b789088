"""Writes `truth/`: what the records cannot tell. Nothing but tests, benchmarks and experiments may read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.synthetic.ceiling import ceiling
from features.synthetic.cells import spans_of
from features.synthetic.entry import ENTERED
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS
from features.synthetic.lives import UNBORN_MONTHS, months_old
from features.synthetic.outcomes import Told, tell
from features.synthetic.planted import KINDS
from features.synthetic.population import EVER, Counts, shares_of
from features.synthetic.record_protection import plan_ids
from features.synthetic.states import ON_A_PLAN, Move, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.synthetic.cells import Case
    from features.synthetic.families import Ints

HOW = (
    "Exact: values of every state, need and strength are carried back twelve months with the tables that the lives "
    "were drawn from; no draws. For a child who stays: turning 18, death and moving away are censoring. Only "
    "families with an open case are seen to move away, so of those who stay 1% to 2% fewer have escalated. The AUC and "
    "average precision are of these probabilities against what happened, children censored left out; low and high "
    "are 95% intervals of a jackknife over twentieths of the families."
)
_STATES = pl.Series([s.name.lower() for s in State])
_MOVES = pl.Series([m.name.lower() for m in Move])


@dataclass(frozen=True)
class Truth:
    """Everything that `truth/` is written from.

    Parameters
    ----------
    case
        The known children.
    counts
        What was counted over everybody.
    processes
        How many share the work of the chances.
    """

    case: Case
    counts: Counts
    processes: int


def write_truth(truth: Truth, tables: Mapping[str, pl.DataFrame], ledger: pl.DataFrame, folder: Path) -> None:
    """Write the truth of one simulation.

    Parameters
    ----------
    truth
        Everything there is.
    tables
        The clean records with `recorded_on`.
    ledger
        Of the dirt; empty when there is none.
    folder
        Made here. `chances.parquet` holds, for every quarter end and child concerned, the true chance of each outcome
        within twelve months and whether it happened (missing when censored or not yet over); `latent.parquet` need,
        strengths and state of every known child at every quarter end; `moves.parquet` what happened to them in all
        their lives; `people.parquet` what does not change about them; `decided.parquet` months of everybody, known or
        not, by need and what happened; `ever.json` who of those who turned 18 ever met what; `plan_number.parquet` how
        many protection plans came before each; `recorded_on.parquet` when each row was entered; `ceiling.json` how
        well the true chances rank what happened; `planted.json` what was planted, in whom and of what size.
    """
    folder.mkdir()
    case = truth.case
    told = tell(case, processes=truth.processes)
    _chances(case, told).write_parquet(folder / "chances.parquet")
    _latent(case).write_parquet(folder / "latent.parquet")
    _moves(case).write_parquet(folder / "moves.parquet")
    _people(case).write_parquet(folder / "people.parquet")
    _decided(truth.counts.decided).write_parquet(folder / "decided.parquet")
    _plan_numbers(case).write_parquet(folder / "plan_number.parquet")
    _recorded(tables).write_parquet(folder / "recorded_on.parquet")
    ledger.write_csv(folder / "dirt.csv")
    _write_json(_ceilings(case, told), folder / "ceiling.json")
    _write_json(_ever(truth.counts.ever), folder / "ever.json")
    _write_json(_planted(case), folder / "planted.json")


def _write_json(value: Any, path: Path) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _days(case: Case, months: Ints) -> pl.Series:
    last = pl.Series([case.months.last_day(t) for t in range(case.months.n)], dtype=pl.Date)
    return last.gather(months)


def _chances(case: Case, told: list[Told]) -> pl.DataFrame:
    sizes = [len(one.children) for one in told]
    children = np.concatenate([one.children for one in told])
    seen = pl.Series(np.concatenate([one.is_seen for one in told]))
    happened = pl.Series(np.concatenate([one.happened for one in told]).astype(np.int8))
    return pl.DataFrame(
        {
            "child_id": case.persons(children),
            "as_of": _days(case, np.repeat([one.month for one in told], sizes)),
            "outcome": pl.Series([one.outcome for one in told]).gather(np.repeat(np.arange(len(told)), sizes)),
            "chance": np.concatenate([one.chance for one in told]),
            "happened": pl.select(pl.when(seen).then(happened)).to_series(),
        }
    )


def _ceilings(case: Case, told: list[Told]) -> dict[str, Any]:
    """Say for each outcome how well its true chances rank what happened, by day and over all days."""
    family, found = case.people.family, {}
    for outcome in dict.fromkeys(one.outcome for one in told):
        days = [one for one in told if one.outcome == outcome]
        parts = [
            (one.chance[one.is_seen], one.happened[one.is_seen], family[one.children[one.is_seen]]) for one in days
        ]
        pooled = [np.concatenate(column) for column in zip(*parts, strict=True)]
        found[outcome] = {
            "pooled": ceiling(pooled[0], pooled[1].astype(bool), pooled[2]),
            "days": [
                {"as_of": case.months.last_day(one.month).isoformat(), **ceiling(*part)}
                for one, part in zip(days, parts, strict=True)
            ],
        }
    return {"schema_version": 2, "how": HOW, "outcomes": found}


def _latent(case: Case) -> pl.DataFrame:
    """List need, strengths and state of every child still here at every quarter end."""
    months = np.array(case.months.quarter_ends(), np.int64)
    state = case.lives.state[:, months]
    age = months_old(case.people, case.months, 0)[:, None] + months[None, :]
    is_here = (state != State.GONE) & (age >= -UNBORN_MONTHS) & (case.people.arrives[:, None] <= months[None, :])
    which, child = np.nonzero(is_here.T)
    return pl.DataFrame(
        {
            "child_id": case.persons(child),
            "as_of": _days(case, months[which]),
            "need": case.lives.need[child, months[which]],
            "strength": case.lives.strength[child, months[which]],
            "state": _STATES.gather(state[child, which].astype(np.int64)),
        }
    )


def _moves(case: Case) -> pl.DataFrame:
    child, month = np.nonzero(case.lives.move != Move.NOTHING)
    return pl.DataFrame(
        {
            "child_id": case.persons(child),
            "day": pl.Series(case.lives.day[child, month].astype(np.int32)).cast(pl.Date),
            "move": _MOVES.gather(case.lives.move[child, month].astype(np.int64)),
            "state": _STATES.gather(case.lives.state[child, month].astype(np.int64)),
        }
    )


def _people(case: Case) -> pl.DataFrame:
    people, everyone = case.people, np.arange(case.people.n)
    has = {f"has_{name}": people.family_problems[:, k] for k, name in enumerate(FAMILY_PROBLEMS)}
    has |= {f"has_{name}": people.child_problems[:, k] for k, name in enumerate(CHILD_PROBLEMS)}
    return pl.DataFrame(
        {
            "child_id": case.persons(everyone),
            "family": people.family,
            "ethnicity": pl.Series(list(case.profile.ethnicity)).gather(people.ethnicity),
            "is_marked": people.is_marked,
            "is_disabled": people.is_disabled,
            "is_unaccompanied": people.arrives >= 0,
            "deprivation_decile": people.deprivation[people.family].astype(np.int8),
            "base_need": people.base.astype(np.int8),
            "base_strength": people.base_strength.astype(np.int8),
            "help_works": people.help_works,
            "is_offered_intensive_help": people.is_intensive,
            **has,
        }
    )


def _decided(counts: Ints) -> pl.DataFrame:
    marked, state, need, strength, move = np.nonzero(counts)
    return pl.DataFrame(
        {
            "is_marked": marked.astype(bool),
            "state_before": _STATES.gather(state),
            "need": need.astype(np.int8),
            "strength": strength.astype(np.int8),
            "move": _MOVES.gather(move),
            "child_months": counts[marked, state, need, strength, move],
        }
    )


def _plan_numbers(case: Case) -> pl.DataFrame:
    """Count the protection plans of a child's whole life before each plan of the records."""
    plans = spans_of(case, ON_A_PLAN)
    child, month = np.nonzero(case.lives.move == Move.PROTECTION_BEGAN)
    key, n_months = child * (case.months.n + 1) + month, case.months.n + 1
    begins = np.searchsorted(key, plans.child * n_months)
    before = np.searchsorted(key, plans.child * n_months + plans.start_month) - begins
    return pl.DataFrame({"cppl_cp_plan_id": plan_ids(plans), "n_before": before})


def _ever(counts: Ints) -> dict[str, Any]:
    """Say in percent who of those who turned 18 within the records ever met each service."""
    shares = shares_of(counts) if counts[0] else np.full(len(EVER) - 1, np.nan)
    return {"turned_18": int(counts[0]), **dict(zip(EVER[1:], shares.tolist(), strict=True))}


def _planted(case: Case) -> dict[str, Any]:
    """Say what was planted, in whom, and of what size."""
    marked = case.people.is_marked
    codes = np.array(list(case.profile.ethnicity))
    in_whom = {"ethnicity": sorted(set(codes[case.people.ethnicity[marked]])), "known_children": int(marked.sum())}
    return {
        name: {"size": size, "quantity": KINDS[name].quantity, "in_whom": in_whom}
        for name, size in case.profile.planted.items()
    }


def _recorded(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List when each row of an event was entered."""
    return pl.concat(
        pl.select(table=pl.lit(name), row_key=table.to_series(0), recorded_on=table[ENTERED])
        for name, table in tables.items()
        if ENTERED in table.columns
    )
