"""The spans that each child spent on each rung of the ladder, as known on a view's day.

One place says what being on a rung means, so that the cohort, the indicators and the outcomes cannot
disagree. Spans are half-open: on the day that it ends, a plan is no longer held. A plan that ends on the
day it began was never held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame

# Closure reasons of the children in need census that say, after an assessment, that there was no need under
# s.17: RC8 no further action, RC9 referred to early help.
NOT_IN_NEED_AFTER_ASSESSMENT = ("RC8", "RC9")

_SPAN_TABLES: tuple[tuple[Rung, str, str, str, str], ...] = (
    (
        Rung.EARLY_HELP,
        "ssd_early_help_episodes",
        "earl_person_id",
        "earl_episode_start_date_day",
        "earl_episode_end_date_day",
    ),
    (
        Rung.CHILD_IN_NEED,
        "ssd_cin_plans",
        "cinp_person_id",
        "cinp_cin_plan_start_date_day",
        "cinp_cin_plan_end_date_day",
    ),
    (
        Rung.CHILD_PROTECTION,
        "ssd_cp_plans",
        "cppl_person_id",
        "cppl_cp_plan_start_date_day",
        "cppl_cp_plan_end_date_day",
    ),
    (
        Rung.LOOKED_AFTER,
        "ssd_cla_episodes",
        "clae_person_id",
        "clae_cla_episode_start_date_day",
        "clae_cla_episode_ceased_date_day",
    ),
)


def spans_of_rungs(view: View) -> Frame:
    """Give every span on a rung that was known on the day.

    Child in need is held from a plan's start to its end, and from the day an assessment that found need was
    authorised until its referral was closed. A s.47 enquiry is no rung.

    Returns
    -------
    LazyFrame
        `child_id`, `rung` (Int8), `start_day`, `end_day` (Int32, days since 1970-01-01; missing while it
        lasts).
    """
    spans = [
        _spans(view.tables[table], rung, person=person, start=start, end=end)
        for rung, table, person, start, end in _SPAN_TABLES
        if table in view.tables
    ]
    if {"ssd_cin_assessments", "ssd_cin_episodes"} <= view.tables.keys():
        spans.append(_spans_of_need_found(view))
    every = nw.concat(spans)
    return every.filter(nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("start_day")))


def is_held_on(day: int) -> nw.Expr:
    """Whether a span of `start_day` and `end_day` is held on a day; half-open."""
    end = nw.col("end_day")
    return (nw.col("start_day") <= day) & (end.is_null() | (end > day))


def highest_rung_on(spans: Frame, day: int) -> Frame:
    """Give the highest rung that each child holds on a day.

    Returns
    -------
    LazyFrame
        `child_id`, `rung` (Int8); no row for a child who holds none.
    """
    return spans.filter(is_held_on(day)).group_by("child_id").agg(nw.col("rung").max())


def _spans(frame: Frame, rung: Rung, *, person: str, start: str, end: str) -> Frame:
    return frame.select(
        nw.col(person).alias("child_id"),
        nw.lit(int(rung)).cast(nw.Int8).alias("rung"),
        nw.col(start).alias("start_day"),
        nw.col(end).alias("end_day"),
    )


def _spans_of_need_found(view: View) -> Frame:
    referrals = view.tables["ssd_cin_episodes"].select(
        nw.col("cine_referral_id").alias("referral_id"),
        nw.col("cine_close_date_day").alias("end_day"),
        nw.col("cine_close_reason").is_in(NOT_IN_NEED_AFTER_ASSESSMENT).fill_null(False).alias("is_not_in_need"),
    )
    nfa = nw.col("cina_assessment_outcome_nfa")
    services = nw.col("cina_assessment_outcome_json").str.contains("|PROV_OF_SERVICES_FLAG|", literal=True)
    need_found = (nfa == 0) | (nfa.is_null() & services)
    return (
        view.tables["ssd_cin_assessments"]
        .filter(need_found, ~nw.col("cina_assessment_auth_date_day").is_null())
        .join(referrals, left_on="cina_referral_id", right_on="referral_id", how="inner")
        .filter(~nw.col("is_not_in_need"))
        .select(
            nw.col("cina_person_id").alias("child_id"),
            nw.lit(int(Rung.CHILD_IN_NEED)).cast(nw.Int8).alias("rung"),
            nw.col("cina_assessment_auth_date_day").alias("start_day"),
            "end_day",
        )
    )
