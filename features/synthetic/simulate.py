"""Simulates one authority and writes it: `records/` as a case system would export them, `truth/` beside them."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from features.synthetic.calendar import months_until
from features.synthetic.cells import Case
from features.synthetic.dirt import LEDGER_SCHEMA, soil
from features.synthetic.entry import ENTERED, enter
from features.synthetic.formats.writing import write_records
from features.synthetic.population import Counts, populate, processes_here, world_of
from features.synthetic.profiles import profile_named
from features.synthetic.record_care import record_care
from features.synthetic.record_help import record_help
from features.synthetic.record_leavers import record_leavers
from features.synthetic.record_need import record_need
from features.synthetic.record_people import record_people
from features.synthetic.record_place import record_place
from features.synthetic.record_population import record_population
from features.synthetic.record_protection import record_protection
from features.synthetic.record_referrals import record_referrals, refer
from features.synthetic.record_school import record_school
from features.synthetic.record_services import record_services
from features.synthetic.record_tools import record_tools
from features.synthetic.streams import stream
from features.synthetic.write_truth import Truth, write_truth
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from features.synthetic.families import People

UNTIL = date(2025, 3, 31)

# Days are counted from 1970, and the longest records with a childhood before them begin 36 years before they end; what
# the profiles resemble is today's practice.
FIRST_YEAR, LAST_YEAR = 2010, 2100
MOST_YEARS = 18


def simulate(
    *,
    children: int,
    seed: int,
    profile: str,
    out: Path,
    until: date = UNTIL,
    recorded_on: bool = False,
    years: int = 6,
    planted: Mapping[str, float] | None = None,
    dirt: float = 0.0,
    file_format: str = "csv",
    processes: int | None = None,
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
        Years of records, 1 to 18.
    planted
        Sizes of what to plant, by name, as `planted.read_planted` gives them; nothing by default.
    dirt
        Share of rows that get a trap, 0 to 0.5.
    file_format
        One of `FORMATS`; see `features.synthetic.formats.writing`.
    processes
        How many share the work; as many as the machine has cores by default. The bytes do not hang on it. They are
        started anew, so a script that calls this with more than one needs `if __name__ == "__main__":`.
    say
        Told in words what is being done.

    Raises
    ------
    WrongUsageError
        When a value is out of range or `out` holds something; nothing is written then.
    """
    tell = say or (lambda _: None)
    place = replace(profile_named(profile), planted=dict(planted or {}))
    _check(children, years, dirt, until, out)
    world = world_of(seed, place, months_until(until, years))
    tell("Inventing families and letting the years pass")
    shared = processes or processes_here()
    block = populate(world, children=children, processes=shared)
    case = Case(seed, block.people, block.lives, world.months, place, _person_ids(block.people, seed))
    tell("Recording what services wrote down")
    tables = _record(case, block.counts)
    written = {name: _as_text(table, recorded_on) for name, table in tables.items()}
    ledger = pl.DataFrame(schema=LEDGER_SCHEMA)
    if dirt:
        written, ledger = soil(written, rate=dirt, seed=seed)
    with whole_folder(out) as folder:
        tell("Writing the records")
        write_records(written, folder / "records", file_format=file_format, until=until)
        tell("Working out the true chances")
        write_truth(Truth(case, block.counts, shared), tables, ledger, folder / "truth")


def _check(children: int, years: int, dirt: float, until: date, out: Path) -> None:
    """Refuse what cannot be simulated before anything is done."""
    if children < 100 or not 1 <= years <= MOST_YEARS or not 0 <= dirt <= 0.5:
        raise WrongUsageError(
            "A value for the simulation is out of range.",
            hint=f"Give at least 100 children, 1 to {MOST_YEARS} years, and dirt from 0 to 0.5.",
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


def _person_ids(people: People, seed: int) -> pl.Series:
    """Make ids of children and mothers, in no telling order: eight digits, nearly all with leading zeros."""
    n = people.n + people.n_families
    return pl.Series(stream(seed, "person ids").permutation(n) * 7 + 10_413).cast(pl.String).str.zfill(8)


def _record(case: Case, counts: Counts) -> dict[str, pl.DataFrame]:
    referrals = refer(case)
    tables = {
        **record_people(case),
        **record_help(case),
        **record_referrals(case, referrals),
        **record_need(case, referrals),
        **record_protection(case, referrals),
        **record_care(case, referrals),
        **record_leavers(case),
        **record_school(case),
        **record_services(case),
        **record_tools(case),
        **record_population(case, counts),
    }
    entered = enter(case, tables)
    return entered | record_place(case, entered["ssd_address"])


def _as_text(table: pl.DataFrame, recorded_on: bool) -> pl.DataFrame:
    """Write every cell as a case system exports it: dates with a midnight behind them."""
    kept = table if recorded_on or ENTERED not in table.columns else table.drop(ENTERED)
    return kept.with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d 00:00:00"))


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Write beside a folder and rename at the end: there is all of it or nothing."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise WrongUsageError(
            f"{out.name} cannot be made there ({type(error).__name__}).",
            hint="Name a folder in a place that may be written to.",
        ) from None
    try:
        yield beside
        os.replace(beside, out)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
