"""From records to the rows on which the outcome, the contacts and the time to see both are put on trial.

Who was helped after the day of the score, who was looked at and what was found then. It computes no share and decides
nothing about small numbers; the audit does (`training.on_trial` joins the two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.as_of import view_as_of
from features.days import day_number
from features.groups import characteristics_of
from features.outcomes import outcome_after
from features.rungs import highest_rung_on, spans_of_rungs
from features.vocabulary.characteristics import ETHNIC_GROUP_OF
from features.vocabulary.status import Rung
from training.access_people import CHILD, DAY, NEED, with_people
from training.access_rows import ADULT_FROM_YEARS
from training.audit import AuditSettings
from training.audit.counts.clusters import codes_of
from training.audit.intake import GroupColumn, take_in
from training.audit.statistics.calibration import log_odds
from training.audit.trial.selective_fit import HelpedRows
from training.measures import tried_rows
from training.splits import CLUSTER

if TYPE_CHECKING:
    from features.as_of import View
    from features.tables.records import Records
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray
    from training.fitting import Fitted
    from training.registry.plan import Plan
    from training.splits import Fold

HELP, CONTACTS, POPULATION = "ssd_early_help_episodes", "ssd_contacts", "ext_population"

HELPED_WITHIN_DAYS = 90
"""Help that began so soon after the day of the score is taken to be what a score would have led to."""

LOOKED_BACK_DAYS = 730
"""Contacts of the two years to the end of the records are counted."""

FOUND_WITHIN_DAYS = 180
"""Need is found when a child is in need, or more, so soon after a contact: an assessment takes 45 working days."""

EARLIER_WITHIN_DAYS, MOST_EARLIER = 365, 3
"""Recorded need at a contact: how many contacts the year before it had, three or more together."""

POPULATION_COLUMNS = {"ethnic_group": "popu_ethnicity", "sex": "popu_sex"}
SEX_OF = {"M": "male", "F": "female"}


@dataclass(frozen=True)
class Helped:
    """The children of the test day with who was helped after it.

    Parameters
    ----------
    rows
        As the audit of what happens without help reads them.
    had_help
        Early help was open on the day itself.
    groups
        By characteristic.
    covariates
        Names of the columns by which children are alike.
    """

    rows: HelpedRows
    had_help: BoolArray
    groups: dict[str, GroupColumn]
    covariates: tuple[str, ...]


def helped_rows(records: Records, fold: Fold, chosen: Fitted, plan: Plan) -> Helped | None:
    """Put beside the scores of the test day who was given early help after it.

    Parameters
    ----------
    records
        Validated records; help is read as it is known at their end.
    fold
        Its test day is looked at.
    chosen
        The model on trial.
    plan
        Characteristics and capacity, as the audit has them.

    Returns
    -------
    Helped or None
        None where the records hold no early help. Who had the outcome before help began was not helped.
    """
    if HELP not in records.tables:
        return None
    day, seen = fold.origin.test, view_as_of(records, as_of=records.extract_day)
    rows = tried_rows(fold, fold.test, chosen.scores(fold.test)).sort("score", maintain_order=True)
    table = rows.join(characteristics_of(view_as_of(records, as_of=day), rows[CHILD]), on=CHILD, how="left")
    happened = outcome_after(records, rows, as_of=day, known_on=records.extract_day, rule=plan.outcome)
    table = table.join(happened.select(CHILD, "escalated_day"), on=CHILD, how="left")
    table = table.join(_help_around(seen, day_number(day)), on=CHILD, how="left")
    held = seen.engine.collect(highest_rung_on(spans_of_rungs(view_as_of(records, as_of=day)), day_number(day)))
    table = table.join(held.select(CHILD, rung_on_the_day="rung"), on=CHILD, how="left")
    need = [name for name in NEED if name in fold.test.rows.columns]
    table = table.join(fold.test.rows.select(CHILD, *need), on=CHILD, how="left", maintain_order="left")
    alike = table.select(pl.col("rung_on_the_day").fill_null(0), *need).cast(pl.Float64)
    return _helped(table.sort("score", maintain_order=True), alike, plan)


def _helped(table: pl.DataFrame, alike: pl.DataFrame, plan: Plan) -> Helped:
    settings = AuditSettings(
        "outcome",
        "score",
        plan.audit.characteristics,
        capacity=plan.audit.capacity,
        score_kind="probability",
        cluster=CLUSTER,
        child=CHILD,
    )
    sample = take_in(table, settings)
    before = pl.col("escalated_day").is_null() | (pl.col("help_day") <= pl.col("escalated_day"))
    is_helped = table.select((pl.col("help_day").is_not_null() & before).fill_null(value=False)).to_series()
    recorded = alike.with_columns(pl.all().fill_null(float("nan"))).to_numpy()
    rows = HelpedRows(
        outcome=sample.outcome,
        is_helped=is_helped.to_numpy(),
        is_flagged=sample.score >= sample.cut_off,
        score=sample.score,
        covariates=np.column_stack([log_odds(sample.score), recorded]).astype(np.float64),
        cluster=sample.cluster,
        child=sample.child,
    )
    had_help = table["had_help"].fill_null(value=False).to_numpy()
    return Helped(rows, had_help, sample.groups, ("log-odds of the score", *alike.columns))


def _help_around(seen: View, day: int) -> pl.DataFrame:
    """Give by child the first day of help that began after a day, and whether help was open on it."""
    columns = ("earl_person_id", "earl_episode_start_date_day", "earl_episode_end_date_day")
    episodes = seen.engine.collect(seen.tables[HELP].select(*columns)).rename(
        dict(zip(columns, (CHILD, "start", "end"), strict=True))
    )
    soon = pl.col("start").is_between(day + 1, day + HELPED_WITHIN_DAYS)
    is_open = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day))
    return episodes.group_by(CHILD).agg(
        pl.col("start").filter(soon).min().alias("help_day"), is_open.fill_null(value=False).any().alias("had_help")
    )


@dataclass(frozen=True)
class Looked:
    """Children whom services knew, and the contacts about them.

    Parameters
    ----------
    children
        One row a child under 18 on the last day: `child_id`, `cluster`, characteristics, `contacts` (how many of the
        last two years).
    contacts
        One row a contact about a child not in need yet, old enough to see what it led to: the same, `is_found`, `band`.
    population
        By characteristic and group, how many children live in the authority; empty where no table says so.
    """

    children: pl.DataFrame
    contacts: pl.DataFrame
    population: dict[str, dict[str, float]]


def looked_at(records: Records, known: pl.Series) -> Looked | None:
    """Count the contacts of two years about children whom services know, and follow them to what was found.

    Parameters
    ----------
    records
        Validated records.
    known
        The children whom services knew by the end of the records.

    Returns
    -------
    Looked or None
        None where the records hold no contacts.
    """
    if CONTACTS not in records.tables:
        return None
    view, last = view_as_of(records, as_of=records.extract_day), day_number(records.extract_day)
    asked = known.unique().sort().to_frame(CHILD).with_columns(pl.lit(last, pl.Int32).alias(DAY))
    people = with_people(asked, view).filter(pl.col("age").is_null() | (pl.col("age") < ADULT_FROM_YEARS)).drop(DAY)
    columns = {"cont_person_id": CHILD, "cont_contact_date_day": DAY}
    every = view.engine.collect(view.tables[CONTACTS].select(*columns)).rename(columns).drop_nulls()
    recent = every.filter(pl.col(DAY) > last - LOOKED_BACK_DAYS)
    counted = recent.group_by(CHILD).agg(pl.len().cast(pl.Int64).alias("contacts"))
    children = people.join(counted, on=CHILD, how="left").with_columns(pl.col("contacts").fill_null(0)).sort(CHILD)
    followed = recent.filter(pl.col(DAY) <= last - FOUND_WITHIN_DAYS).unique().sort(CHILD, DAY)
    found = _with_band(_with_need(followed, view), every)
    return Looked(children, found.join(people, on=CHILD, how="inner").sort(CHILD, DAY), _population(view))


def _with_need(contacts: pl.DataFrame, view: View) -> pl.DataFrame:
    """Leave out contacts about children who are in need already, and say of the others whether need was found."""
    spans = view.engine.collect(spans_of_rungs(view)).filter(pl.col("rung") >= int(Rung.CHILD_IN_NEED))
    both = contacts.join(spans, on=CHILD, how="left")
    is_there = (pl.col("start_day") < pl.col(DAY)) & (pl.col("end_day").is_null() | (pl.col("end_day") > pl.col(DAY)))
    is_found = (pl.col("start_day") - pl.col(DAY)).is_between(0, FOUND_WITHIN_DAYS)
    told = both.group_by(CHILD, DAY).agg(
        is_there.fill_null(value=False).any().alias("is_in_need"), is_found.fill_null(value=False).any()
    )
    return told.filter(~pl.col("is_in_need")).select(CHILD, DAY, is_found="start_day")


def _with_band(contacts: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Add how many contacts the year before had."""
    gap = pl.col(DAY) - pl.col("earlier")
    earlier = (
        contacts.join(every.rename({DAY: "earlier"}), on=CHILD, how="left")
        .group_by(CHILD, DAY)
        .agg(gap.is_between(1, EARLIER_WITHIN_DAYS).sum().cast(pl.Int64).clip(upper_bound=MOST_EARLIER).alias("band"))
    )
    return contacts.join(earlier, on=[CHILD, DAY], how="left")


def _population(view: View) -> dict[str, dict[str, float]]:
    """Count the children of the authority on the latest day of its table, by group."""
    if POPULATION not in view.tables:
        return {}
    table = view.engine.collect(view.tables[POPULATION]).filter(pl.col("popu_age") < ADULT_FROM_YEARS)
    table = table.filter(pl.col("popu_date") == pl.col("popu_date").max())
    found: dict[str, dict[str, float]] = {}
    for name, column in POPULATION_COLUMNS.items():
        names = ETHNIC_GROUP_OF if name == "ethnic_group" else SEX_OF
        group = pl.col(column).replace_strict(names, default=None, return_dtype=pl.String).alias(name)
        counted = table.group_by(group).agg(pl.col("popu_children").sum()).drop_nulls().sort(name)
        found[name] = {str(value): float(count) for value, count in counted.iter_rows()}
    return {name: counts for name, counts in found.items() if counts}


def timed_rows(fold: Fold) -> tuple[IntArray, BoolArray, IntArray, IntArray]:
    """Give day, outcome, cluster and child of every row of an origin: learned from, calibrated and tried on."""
    columns = ("as_of", "outcome", CLUSTER, CHILD)
    every = pl.concat([part.rows.select(columns) for part in (fold.train, fold.calibrate, fold.test)])
    day = every["as_of"].cast(pl.Date).cast(pl.Int32).cast(pl.Int64).to_numpy()
    return day, every["outcome"].cast(pl.Boolean).to_numpy(), codes_of(every[CLUSTER])[0], codes_of(every[CHILD])[0]


def events_by_cluster(cluster: IntArray, events: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Sum events and count rows by cluster; the clusters, ascending."""
    ids, place = np.unique(cluster, return_inverse=True)
    summed = np.bincount(place, events, minlength=ids.size).astype(np.float64)
    return summed, np.bincount(place, minlength=ids.size).astype(np.float64), ids.astype(np.int64)
