"""Who could have been scored on a day: the children for whom a triage team might be asked to decide.

The rule is in the plan and has no default. The cohort is made from a view alone, so that it holds the same
children whatever was recorded afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import narwhals as nw
from pydantic import BaseModel, ConfigDict, Field

from features.ages import age_in_years
from features.families import family_of
from features.rungs import highest_rung_on, is_held_on, spans_of_rungs
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    import polars as pl

    from features.as_of import View
    from features.engines.engine import Frame

# Outcomes of a referral after which no episode is open, whatever its closing date says.
_NO_FURTHER_ACTION = 1


class CohortRule(BaseModel):
    """Which children are in the cohort, as the plan says it.

    Parameters
    ----------
    contact_within_days
        A contact or referral in this many days, the day itself being the last of them, brings a child in.
    age_below
        Years; children of this age and older are out.
    statuses
        An open episode of one of these brings a child in, however long ago it began.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact_within_days: int = Field(ge=1)
    age_below: int = Field(ge=1, le=26)
    statuses: tuple[Literal["early_help", "child_in_need"], ...]


def cohort(view: View, rule: CohortRule) -> pl.DataFrame:
    """Give the children who could have been scored on the view's day.

    Children who are known to have died, who are looked after on the day, or who have reached `age_below`
    are out. A child without a date of birth on the day (not yet born, or not recorded) is in.

    Parameters
    ----------
    view
        What was known on the day.
    rule
        Who is in.

    Returns
    -------
    DataFrame
        `child_id` (String), `family_id` (String, may be missing), `waiting_days` (Int16: days since the
        latest contact or referral in the window; missing where nobody asked in it and help is in place), `rung`
        (Int8: the highest rung held on the day, 0 for none); one row a child, sorted by `child_id`.
    """
    spans = spans_of_rungs(view)
    reasons = _recent(view, rule) + _open(view, spans, rule)
    found = nw.concat(reasons).group_by("child_id").agg(nw.col("asked_day").max())
    found = _without(found, _too_old_or_dead(view, rule)).with_columns(
        (view.day - nw.col("asked_day")).cast(nw.Int16).alias("waiting_days")
    )
    held = highest_rung_on(spans, view.day)
    listed = (
        _with_family(view, found)
        .join(held, on="child_id", how="left")
        .with_columns(nw.col("rung").fill_null(0).cast(nw.Int8))
        .filter(nw.col("rung") < int(Rung.LOOKED_AFTER))
        .select("child_id", "family_id", "waiting_days", "rung")
        .sort("child_id")
    )
    return view.engine.collect(listed)


def _recent(view: View, rule: CohortRule) -> list[Frame]:
    sources = (
        ("ssd_contacts", "cont_person_id", "cont_contact_date_day"),
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date_day"),
    )
    return [
        _reason(
            view.tables[table].filter(nw.col(day) > view.day - rule.contact_within_days),
            person,
            asked=nw.col(day),
        )
        for table, person, day in sources
        if table in view.tables
    ]


def _open(view: View, spans: Frame, rule: CohortRule) -> list[Frame]:
    rungs = {"early_help": (Rung.EARLY_HELP,), "child_in_need": (Rung.CHILD_IN_NEED, Rung.CHILD_PROTECTION)}
    wanted = [int(rung) for status in rule.statuses for rung in rungs[status]]
    nobody = nw.lit(None, dtype=nw.Int32)
    held = spans.filter(is_held_on(view.day), nw.col("rung").is_in(wanted))
    reasons = [_reason(held, "child_id", asked=nobody)]
    if "child_in_need" in rule.statuses and "ssd_cin_episodes" in view.tables:
        closed, nfa = nw.col("cine_close_date_day"), nw.col("cine_referral_nfa")
        is_open = (closed.is_null() | (closed > view.day)) & (nfa.is_null() | (nfa != _NO_FURTHER_ACTION))
        referrals = view.tables["ssd_cin_episodes"].filter(is_open)
        reasons.append(_reason(referrals, "cine_person_id", asked=nobody))
    return reasons


def _reason(frame: Frame, person: str, *, asked: nw.Expr) -> Frame:
    return frame.select(nw.col(person).alias("child_id"), asked.alias("asked_day"))


def _too_old_or_dead(view: View, rule: CohortRule) -> Frame:
    too_old = (age_in_years(nw.col("pers_dob"), on=view.as_of) >= rule.age_below).fill_null(False)
    people = view.tables["ssd_person"].filter(too_old | ~nw.col("pers_death_date_day").is_null())
    return people.select(nw.col("pers_person_id").alias("child_id"))


def _without(frame: Frame, children: Frame) -> Frame:
    return frame.join(children, on="child_id", how="anti")


def _with_family(view: View, found: Frame) -> Frame:
    families = family_of(view)
    if families is None:
        return found.with_columns(nw.lit(None, dtype=nw.String).alias("family_id"))
    return found.join(families, on="child_id", how="left")
