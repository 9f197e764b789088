"""Simulates one authority and writes it: `records/` as a case system would export them, `truth/` beside them."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.calendar import Months, months_until
from features.synthetic.cells import Case
from features.synthetic.dirt import LEDGER_SCHEMA, soil
from features.synthetic.entry import ENTERED, enter
from features.synthetic.families import Ints, People, invent
from features.synthetic.lives import Lives, live
from features.synthetic.profiles import Profile, profile_named
from features.synthetic.record_care import record_care
from features.synthetic.record_help import record_help
from features.synthetic.record_need import record_need
from features.synthetic.record_people import record_people
from features.synthetic.record_protection import record_protection
from features.synthetic.record_referrals import record_referrals, refer
from features.synthetic.states import Move, State
from features.synthetic.streams import stream
from features.synthetic.write_truth import write_truth
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable

UNTIL = date(2025, 3, 31)

# The Children Act 1989 came into force in 1991; what the profiles resemble is today's practice.
FIRST_YEAR, LAST_YEAR = 1991, 2100
# Mothers to begin with for each child wanted: families have about two children, and two in three become known.
FAMILIES_PER_CHILD = 0.95
# Moves that no service writes down.
UNSEEN = (Move.NOTHING, Move.TURNED_18, Move.DIED, Move.MOVED_AWAY, Move.FORGOTTEN)


def simulate(
    *,
    children: int,
    seed: int,
    profile: str,
    out: Path,
    until: date = UNTIL,
    recorded_on: bool = False,
    years: int = 6,
    dirt: float = 0.0,
    say: Callable[[str], None] | None = None,
) -> None:
    """Invent an authority and write its records and the truth about it.

    Nobody in it exists. What is learnt from it says nothing about real families.

    Parameters
    ----------
    children
        Children known to services over the years, 100 or more.
    seed
        The same seed gives the same bytes.
    profile
        `england`, `wales` or `newport`.
    out
        A folder that does not exist or is empty.
    until
        Last day of the records.
    recorded_on
        Whether tables of events say when each row was entered.
    years
        Years of records, 1 or more.
    dirt
        Share of rows that get a trap, 0 to 0.5.
    say
        Told in words what is being done.

    Raises
    ------
    WrongUsageError
        When a value is out of range or `out` holds something; nothing is written then.
    """
    tell = say or (lambda _: None)
    place = profile_named(profile)
    _check(children, years, dirt, until, out)
    months = months_until(until, years)
    tell("Inventing families and letting the years pass")
    case = _known(children, seed, place, months)
    tell("Recording what services wrote down")
    tables = _record(case)
    written = {name: _as_text(table, recorded_on) for name, table in tables.items()}
    ledger = pl.DataFrame(schema=LEDGER_SCHEMA)
    if dirt:
        written, ledger = soil(written, rate=dirt, seed=seed)
    tell("Working out the true chances and writing")
    _write(case, tables, written, ledger, out)


def _check(children: int, years: int, dirt: float, until: date, out: Path) -> None:
    """Refuse what cannot be simulated before anything is done."""
    if children < 100 or years < 1 or not 0 <= dirt <= 0.5:
        raise WrongUsageError(
            "A value for the simulation is out of range.",
            hint="Give at least 100 children, at least 1 year, and dirt from 0 to 0.5.",
        )
    if not FIRST_YEAR <= until.year <= LAST_YEAR:
        raise WrongUsageError(
            f"The last day of the simulation is out of range: {until}.",
            hint=f"Give a day from {FIRST_YEAR} to {LAST_YEAR}.",
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WrongUsageError(
            "The folder to write the simulation to is not empty.",
            hint="Name a folder that does not exist yet, or empty this one.",
        )


def _is_known(lives: Lives, months: Months) -> Ints:
    """Give the children of whom services wrote anything within the records."""
    within = slice(months.burn_in, None)
    did = ~np.isin(lives.move[:, within], UNSEEN)
    has = (lives.state[:, within] > State.KNOWN_BEFORE) & (lives.state[:, within] < State.GONE)
    return np.nonzero((did | has).any(axis=1))[0]


def _stop_at(lives: Lives, months: Months) -> Lives:
    """Undo what happened after the last day, when that is not the end of a month."""
    late = lives.day[:, -1] > months.until
    lives.state[late, -1] = lives.state[late, -2]
    lives.move[late, -1] = Move.NOTHING
    return lives


def _known(children: int, seed: int, profile: Profile, months: Months) -> Case:
    """Invent families until enough children are known, and keep the first so many of them."""
    families = int(children * FAMILIES_PER_CHILD) + 50
    while True:
        people = invent(stream(seed, "families"), months, profile, families=families)
        lives = _stop_at(live(stream(seed, "lives"), people, months, profile), months)
        known = _is_known(lives, months)
        if len(known) >= children:
            break
        families = families * 5 // 4
    kept = known[:children]
    some = people.take(kept)
    return Case(seed, some, lives.take(kept), months, profile, _person_ids(some, seed))


def _person_ids(people: People, seed: int) -> pl.Series:
    """Make ids of children and mothers, in no telling order: seven digits, most with leading zeros."""
    n = people.n + people.n_families
    return pl.Series(stream(seed, "person ids").permutation(n) * 7 + 10_413).cast(pl.String).str.zfill(7)


def _record(case: Case) -> dict[str, pl.DataFrame]:
    referrals = refer(case)
    tables = {
        **record_people(case),
        **record_help(case),
        **record_referrals(case, referrals),
        **record_need(case, referrals),
        **record_protection(case, referrals),
        **record_care(case, referrals),
    }
    return enter(case, tables)


def _as_text(table: pl.DataFrame, recorded_on: bool) -> pl.DataFrame:
    """Write every cell as a case system exports it: dates with a midnight behind them."""
    kept = table if recorded_on or ENTERED not in table.columns else table.drop(ENTERED)
    return kept.with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d 00:00:00"))


def _write(
    case: Case, tables: dict[str, pl.DataFrame], written: dict[str, pl.DataFrame], ledger: pl.DataFrame, out: Path
) -> None:
    """Write beside the folder and rename at the end: there is all of it or nothing."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise WrongUsageError(
            f"{out.name} cannot be made there ({type(error).__name__}).",
            hint="Name a folder in a place that may be written to.",
        ) from None
    try:
        for part in ("records", "truth"):
            (beside / part).mkdir()
        for name, table in written.items():
            table.write_csv(beside / "records" / f"{name}.csv")
        write_truth(case, tables, ledger, beside / "truth")
        os.replace(beside, out)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
