"""What happened after a day: whether a child moved up the ladder within a horizon, and who cannot be judged.

Starting early help is never escalation: it is what we hope for. A s.47 enquiry alone is not either. Labels
are read through the only door as well, as they were known on the training day. An outcome says that help
became more intensive; it does not say why, nor that anyone failed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import narwhals as nw
from pydantic import BaseModel, ConfigDict, Field

from features.ages import age_in_years
from features.as_of import view_as_of
from features.days import day_number
from features.rungs import highest_rung_on, spans_of_rungs
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    import polars as pl

    from features.as_of import View
    from features.engines.engine import Frame
    from features.tables.records import Records

RungWord = Literal["early_help", "child_in_need", "child_protection", "looked_after"]

ADULT_FROM_YEARS = 18

# The last event of an extract may lie some days before the day it was drawn on; more than a month is a
# horizon unseen.
EXTRACT_SLACK_DAYS = 31

# Closure reasons of a referral and of an episode of care that end what this authority can see.
_ADOPTED = {"cine_close_reason": ("RC1",), "clae_cla_episode_ceased_reason": ("E11", "E12")}
_MOVED_AWAY = {"cine_close_reason": ("RC5",), "clae_cla_episode_ceased_reason": ("E3", "E16")}

# Early help has no national list of reasons; these are words that authorities use.
_MOVED_AWAY_IN_WORDS = "moved (away|out|from|to another)|left the area|out of area|another (local )?authority"

CENSORED = ("turned_18", "died", "adopted", "moved_away", "already_looked_after")
"""Why an outcome cannot be judged; where several hold, the first of these is stated."""


class OutcomeRule(BaseModel):
    """What counts as the outcome, as the plan says it.

    Parameters
    ----------
    name
        The outcome's name in scores and reports.
    horizon_days
        Days after the day of scoring; the last of them counts.
    lowest_rung
        A child must reach this rung or a higher one.
    merge
        Pairs of rungs that the authority treats as one, as in Family Help areas; moving within a pair is
        not upward.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    horizon_days: int = Field(ge=1)
    lowest_rung: Literal["child_in_need", "child_protection", "looked_after"]
    merge: tuple[tuple[RungWord, RungWord], ...]


def outcome_after(
    records: Records, cohort_frame: pl.DataFrame, *, as_of: date, known_on: date, rule: OutcomeRule
) -> pl.DataFrame:
    """Say for each child of a cohort whether they escalated within the horizon.

    Escalated: a span of `lowest_rung` or higher began after `as_of` and not later than `horizon_days` after
    it, on a rung above every rung held on `as_of`. Children who turned 18, died, were adopted or moved away
    within the horizon are censored whatever else happened: turning 18 is known beforehand, and keeping the
    escalated alone would teach the age. So are children who, as was recorded only later, were looked after
    on the day already.

    Parameters
    ----------
    records
        Validated records.
    cohort_frame
        `child_id`, as `features.cohort.cohort` gives it for `as_of`.
    as_of
        The day of scoring.
    known_on
        The training day: what was recorded later is not read.
    rule
        What counts.

    Returns
    -------
    DataFrame
        `child_id`, `outcome` (Int8: 1, 0, missing when censored), `censored` (String: one of `CENSORED`,
        else missing), `escalated_day` (Int32, days since 1970-01-01; missing unless escalated); sorted by
        `child_id`.

    Raises
    ------
    WrongUsageError
        When the horizon is not over by `known_on`, or the records end before it is over.
    """
    last = as_of + timedelta(days=rule.horizon_days)
    _require_seen(records, last=last, known_on=known_on)
    view = view_as_of(records, as_of=known_on)
    children = view.engine.bring(cohort_frame.select("child_id"))
    day = day_number(as_of)
    judged = (
        children.join(_first_escalation(view, day, rule), on="child_id", how="left")
        .join(_censoring(view, day, last=last), on="child_id", how="left")
        .with_columns(_reason_censored().alias("censored"))
    )
    is_judged = nw.col("censored").is_null()
    answered = judged.select(
        "child_id",
        nw.when(is_judged).then((~nw.col("first_day").is_null()).cast(nw.Int8)).alias("outcome"),
        "censored",
        nw.when(is_judged).then(nw.col("first_day")).alias("escalated_day"),
    ).sort("child_id")
    return view.engine.collect(answered)


def _require_seen(records: Records, *, last: date, known_on: date) -> None:
    if known_on < last:
        raise WrongUsageError(
            f"The horizon ends on {last:%Y-%m-%d}, after the day of reading outcomes, {known_on:%Y-%m-%d}.",
            hint="Choose an earlier day of scoring, or a later training day.",
        )
    if records.extract_day + timedelta(days=EXTRACT_SLACK_DAYS) < last:
        raise WrongUsageError(
            f"The horizon ends on {last:%Y-%m-%d}, but the records end on {records.extract_day:%Y-%m-%d}.",
            hint="Choose an earlier day of scoring, or a newer extract.",
        )


def _first_escalation(view: View, day: int, rule: OutcomeRule) -> Frame:
    spans = spans_of_rungs(view).with_columns(_merged(nw.col("rung"), rule).alias("merged"))
    held = highest_rung_on(spans.with_columns(nw.col("merged").alias("rung")), day)
    reached = spans.filter(
        nw.col("start_day") > day,
        nw.col("start_day") <= day + rule.horizon_days,
        nw.col("rung") >= int(Rung[rule.lowest_rung.upper()]),
    )
    return (
        reached.join(held.select("child_id", nw.col("rung").alias("held")), on="child_id", how="left")
        .filter(nw.col("merged") > nw.col("held").fill_null(int(Rung.UNIVERSAL)))
        .group_by("child_id")
        .agg(nw.col("start_day").min().alias("first_day"))
    )


def _merged(rung: nw.Expr, rule: OutcomeRule) -> nw.Expr:
    for pair in rule.merge:
        lower, higher = sorted(int(Rung[word.upper()]) for word in pair)
        rung = nw.when(rung == lower).then(nw.lit(higher)).otherwise(rung)
    return rung.cast(nw.Int8)


def _censoring(view: View, day: int, *, last: date) -> Frame:
    """Give one row a child with a flag (Int8) for each reason of `CENSORED` that holds."""
    reasons = nw.concat([*_of_person(view, day, last=last), *_of_episodes(view, day, day_number(last))])
    return reasons.group_by("child_id").agg(
        *((nw.col("reason") == reason).cast(nw.Int8).max().alias(reason) for reason in CENSORED)
    )


def _of_person(view: View, day: int, *, last: date) -> list[Frame]:
    people = view.tables["ssd_person"]
    looked_after = highest_rung_on(spans_of_rungs(view), day).filter(nw.col("rung") == int(Rung.LOOKED_AFTER))
    return [
        _because("turned_18", people.filter(age_in_years(nw.col("pers_dob"), on=last) >= ADULT_FROM_YEARS)),
        _because("died", people.filter(nw.col("pers_death_date_day") <= day_number(last))),
        _because("already_looked_after", looked_after, person="child_id"),
    ]


def _of_episodes(view: View, day: int, last_day: int) -> list[Frame]:
    endings = (
        ("ssd_cin_episodes", "cine_person_id", "cine_close_date_day", "cine_close_reason"),
        (
            "ssd_cla_episodes",
            "clae_person_id",
            "clae_cla_episode_ceased_date_day",
            "clae_cla_episode_ceased_reason",
        ),
    )
    found = []
    for table, person, ended, reason in endings:
        if table in view.tables:
            rows = view.tables[table].filter(nw.col(ended) > day, nw.col(ended) <= last_day)
            found.append(_because("adopted", rows.filter(nw.col(reason).is_in(_ADOPTED[reason])), person=person))
            found.append(_because("moved_away", rows.filter(nw.col(reason).is_in(_MOVED_AWAY[reason])), person=person))
    if "ssd_early_help_episodes" in view.tables:
        ended = "earl_episode_end_date_day"
        rows = view.tables["ssd_early_help_episodes"].filter(
            nw.col(ended) > day,
            nw.col(ended) <= last_day,
            nw.col("earl_episode_end_reason").str.contains(_MOVED_AWAY_IN_WORDS),
        )
        found.append(_because("moved_away", rows, person="earl_person_id"))
    return found


def _because(reason: str, rows: Frame, *, person: str = "pers_person_id") -> Frame:
    return rows.select(nw.col(person).alias("child_id"), nw.lit(reason).alias("reason"))


def _reason_censored() -> nw.Expr:
    stated = nw.lit(None, dtype=nw.String)
    for reason in reversed(CENSORED):
        stated = nw.when(nw.col(reason) == 1).then(nw.lit(reason)).otherwise(stated)
    return stated
