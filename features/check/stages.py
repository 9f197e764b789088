"""How far up the ladder a child was in a collection year, and which team was there: for looking at groups of children.

A stage here is coarser than a rung: a contact is one, and a referral counts whether or not need was found. For a check
of recording alone; cohort, indicators and outcomes read `features.rungs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.check.years import end_of, first_year_shown, year_of, year_of_day
from features.tables import CONTRACTS, columns_of
from features.tables.draft import owner_column

if TYPE_CHECKING:
    from features.tables.records import Records


@dataclass(frozen=True)
class Stage:
    """One stage, with the tables whose rows say that a child was at it."""

    name: str
    label: str
    tables: tuple[str, ...]


STAGES: tuple[Stage, ...] = (
    Stage("contact", "contact", ("ssd_contacts",)),
    Stage("early_help", "early help", ("ssd_early_help_episodes",)),
    Stage("need", "referral or child in need", ("ssd_cin_episodes", "ssd_cin_assessments", "ssd_cin_plans")),
    Stage("protection", "child protection plan", ("ssd_cp_plans",)),
    Stage("care", "looked after", ("ssd_cla_episodes",)),
)
"""Lowest first."""

# Early help names no team; who gives it is the nearest to one.
_TEAM_OF = {"ssd_early_help_episodes": "earl_episode_organisation"}


def stages_by_year(records: Records) -> pl.DataFrame:
    """Give the highest stage of each child in each collection year.

    Returns
    -------
    DataFrame
        `child_id`, `year` (Int32), `stage` (Int8, place in `STAGES`); one row a child and year. Of a span every year
        counts in which it lasted.
    """
    found = [
        _lasting(records, table, stage=place)
        for place, stage in enumerate(STAGES)
        for table in stage.tables
        if table in records.tables
    ]
    schema = {"child_id": pl.String, "year": pl.Int32, "stage": pl.Int8}
    rows = pl.concat([pl.LazyFrame(schema=schema), *(frame.select(schema.keys()) for frame in found)])
    return rows.group_by("child_id", "year").agg(pl.col("stage").max()).collect()


def teams_by_year(records: Records) -> pl.DataFrame:
    """Give the team that began last with each child, by collection year.

    Returns
    -------
    DataFrame
        `child_id`, `year` (Int32), `team` (String); no row where no team is named.
    """
    schema = {"child_id": pl.String, "year": pl.Int32, "team": pl.String, "since": pl.Date}
    named = [frame.select(schema.keys()) for name in records.tables if (frame := _with_team(records, name)) is not None]
    rows = pl.concat([pl.LazyFrame(schema=schema), *named])
    last = rows.group_by("child_id", "year").agg(pl.col("team").sort_by("since", "team").last())
    return last.collect()


def team_column(name: str) -> str | None:
    """Name the column of a table that says which team works with a child; None where there is none."""
    columns = columns_of(CONTRACTS[name])
    named = next((column for column in columns if column.endswith("_team")), None)
    return _TEAM_OF.get(name, named)


def _with_team(records: Records, name: str) -> pl.LazyFrame | None:
    team = team_column(name)
    contract = CONTRACTS[name]
    if team is None or owner_column(contract) is None or contract.row_known_from is None:
        return None
    rows = _lasting(records, name, stage=0)
    return rows.with_columns(team=pl.col(team)).filter(pl.col("team").is_not_null())


def _lasting(records: Records, name: str, *, stage: int) -> pl.LazyFrame:
    """Give one row for each collection year in which a table's row lasted, of the years that a report shows."""
    whose, event, end = owner_column(CONTRACTS[name]), CONTRACTS[name].row_known_from, end_of(name)
    assert whose is not None, "stages and teams are of children"
    assert event is not None, "stages and teams are of a day"
    first, last = first_year_shown(records), year_of_day(records.extract_day)
    started = year_of(pl.col(event))
    ended = year_of(pl.col(end)).fill_null(last) if end else started
    years = pl.int_ranges(started.clip(lower_bound=first), ended.clip(upper_bound=last) + 1, dtype=pl.Int32)
    kept = pl.col(whose).is_not_null() & (ended >= first) & (started <= last)
    return (
        records.tables[name]
        .lazy()
        .filter(kept.fill_null(False))
        .with_columns(child_id=pl.col(whose), since=pl.col(event), stage=pl.lit(stage, pl.Int8), year=years)
        .explode("year")
        .filter(pl.col("year").is_not_null())
    )
