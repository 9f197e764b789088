"""What indicators are counted on: tables with the child whose row it is, and streams made of several tables.

A stream is a frame of `child_id` and columns to count. Most are a table of the standard as it is; the others are worked
out once a day from what was known on it. For the household, each row of another member is joined to each child of that
household with the member's `relation`; a child is not a member of their own household. Columns that may never be scored
are taken off every stream, so that a declaration that reads one does not compile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from features.families import members
from features.indicators.conditions import factor_column
from features.indicators.distance import scales_of_children
from features.indicators.endings import endings
from features.indicators.factors_known import assessments_and_factors
from features.rungs import spans_of_rungs
from features.vocabulary.characteristics import NEVER_SCORED_COLUMNS
from features.vocabulary.codes import codelist

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.as_of import View
    from features.engines.engine import Frame

SPANS = "spans of rungs"
"""What each rung of the ladder was held, from when to when; see `features.rungs.spans_of_rungs`."""
ANSWERED = "referrals and what followed"
"""Each referral, with `assessed_day` and `authorised_day` of the first assessment that answered it."""
CONFERENCES = "conferences after enquiries"
"""Each initial conference, with `enquiry_day`, on which the enquiry that led to it began."""
FACTORS = "ssd_assessment_factors"
"""Each assessment whose factors are known, with a flag a factor: missing where they could not be read."""
WAITS = "waits for early help"
"""Each start of early help, with `waited_days` since the child's latest contact before it."""
HOMES = "homes and their deprivation"
"""Each span at an address, with `tenth` of deprivation: 10 for the most deprived tenth of neighbourhoods."""
REVIEWED = "protection plans and their reviews"
"""Each protection plan, with `reviewed_day`, the child's latest review since it began."""
VISITED = "protection plans and their visits"
"""Each protection plan, with `visited_day`, the child's latest visit since it began, and `unvisited_since_day`."""
RETURNED = "referrals after a case was closed"
"""Each referral that came after an earlier one of the child's was closed, with `closed_day`, the latest such day."""
BIRTHS = "births and the mother's age"
"""Each child whose mother is recorded, with `mother_aged_days`, her age on the day the child was born."""
ENDINGS = "help that ended and what followed"
"""Each case, plan or early help that ended, with `next_day`, when the child was next heard of; see `endings`."""
ASSESSED = "assessments and whether their factors are known"
"""Each assessment, with `has_factors`, 1 or 0; see `factors_known`."""
SCALES = "scales of assessment tools"
"""Each scale used of a child, or of the child's family, with first, latest and change; see `distance`."""

_LEAST_AND_MOST = 11


@dataclass(frozen=True)
class Stream:
    """A stream that is made of several tables.

    Parameters
    ----------
    tables
        What it is made of, for saying what an indicator reads.
    needs
        Those without which there is no stream.
    rows
        The rows as of a view's day, with `child_id`.
    """

    tables: tuple[str, ...]
    needs: tuple[str, ...]
    rows: Callable[[View], Frame]


def _answered(view: View) -> Frame:
    known = view.tables["ssd_cin_assessments"].filter(~nw.col("cina_referral_id").is_null())
    first = known.group_by(nw.col("cina_referral_id").alias("cine_referral_id")).agg(
        nw.col("cina_assessment_start_date_day").min().alias("assessed_day"),
        nw.col("cina_assessment_auth_date_day").min().alias("authorised_day"),
    )
    referrals = view.tables["ssd_cin_episodes"].with_columns(nw.col("cine_person_id").alias("child_id"))
    return referrals.join(first, on="cine_referral_id", how="left")


def _conferences(view: View) -> Frame:
    enquiries = view.tables["ssd_s47_enquiry"].select(
        nw.col("s47e_s47_enquiry_id").alias("icpc_s47_enquiry_id"),
        nw.col("s47e_s47_start_date_day").alias("enquiry_day"),
    )
    held = view.tables["ssd_initial_cp_conference"].with_columns(nw.col("icpc_person_id").alias("child_id"))
    return held.join(enquiries, on="icpc_s47_enquiry_id", how="inner")


def _waits(view: View) -> Frame:
    contacts = view.tables["ssd_contacts"].select(
        nw.col("cont_person_id").alias("child_id"), nw.col("cont_contact_date_day").alias("contact_day")
    )
    starts = view.tables["ssd_early_help_episodes"].select(
        nw.col("earl_person_id").alias("child_id"), nw.col("earl_episode_start_date_day").alias("start_day")
    )
    # Days and not rows are paired: a child who stands for "not known" may have ten thousand rows.
    pairs = starts.unique().join(contacts.unique(), on="child_id", how="inner")
    before = pairs.filter(nw.col("contact_day") <= nw.col("start_day"))
    latest = before.group_by("child_id", "start_day").agg(nw.col("contact_day").max())
    return latest.with_columns((nw.col("start_day") - nw.col("contact_day")).alias("waited_days"))


def _homes(view: View) -> Frame:
    deprivation = view.tables["ext_deprivation"].select(
        nw.col("depr_postcode").alias("addr_address_postcode"),
        (_LEAST_AND_MOST - nw.col("depr_decile").cast(nw.Int32)).alias("tenth"),
    )
    homes = view.tables["ssd_address"].with_columns(nw.col("addr_person_id").alias("child_id"))
    return homes.join(deprivation, on="addr_address_postcode", how="left")


def _reviewed(view: View) -> Frame:
    return _since_plan_began(view, "ssd_cp_reviews", of="cppr_person_id", day="cppr_cp_review_date_day").rename(
        {"latest_day": "reviewed_day"}
    )


def _visited(view: View) -> Frame:
    plans = _since_plan_began(view, "ssd_cp_visits", of="cppv_person_id", day="cppv_cp_visit_date_day")
    unvisited = nw.when(~nw.col("latest_day").is_null()).then(nw.col("latest_day")).otherwise(nw.col(_PLAN_BEGAN))
    return plans.with_columns(unvisited.alias("unvisited_since_day")).rename({"latest_day": "visited_day"})


def _since_plan_began(view: View, table: str, *, of: str, day: str) -> Frame:
    """Join to each protection plan the child's latest row since it began; by child, for rows may name no plan."""
    rows = view.tables[table].group_by(nw.col(of).alias("child_id")).agg(nw.col(day).max().alias("any_day"))
    plans = view.tables["ssd_cp_plans"].with_columns(nw.col("cppl_person_id").alias("child_id"))
    joined = plans.join(rows.filter(~nw.col("child_id").is_null()), on="child_id", how="left")
    latest = nw.when(nw.col("any_day") >= nw.col(_PLAN_BEGAN)).then(nw.col("any_day")).alias("latest_day")
    return joined.with_columns(latest).drop("any_day")


def _returned(view: View) -> Frame:
    """Join to each referral the latest closing before its day; one closed without action was closed as it came."""
    closed, came = nw.col("cine_close_date_day"), nw.col("cine_referral_date_day")
    is_closed_at_once = closed.is_null() & (nw.col("cine_referral_nfa") == 1)
    referrals = view.tables["ssd_cin_episodes"].select(
        nw.col("cine_person_id").alias("child_id"),
        "cine_referral_id",
        "cine_referral_date_day",
        nw.when(is_closed_at_once).then(came).otherwise(closed).alias("closed_day"),
    )
    days, closed_day = ["child_id", "cine_referral_date_day"], nw.col("closed_day")
    closings = referrals.select("child_id", "closed_day").unique()
    earlier = referrals.select(*days).unique().join(closings, on="child_id", how="inner").filter(closed_day < came)
    latest = earlier.group_by(days).agg(closed_day.max())
    return referrals.drop("closed_day").join(latest, on=days, how="inner")


def _births(view: View) -> Frame:
    """Take the mother's age from both dates of birth; under ten one of them must be wrong, and nothing is known."""
    mothers = view.tables["ssd_person"].select(
        nw.col("pers_person_id").alias("moth_person_id"), nw.col("pers_dob_day").alias("mother_born_day")
    )
    births = view.tables["ssd_mother"].join(mothers, on="moth_person_id", how="inner")
    aged = (nw.col("moth_childs_dob_day") - nw.col("mother_born_day")).alias("mother_aged_days")
    known = births.select(nw.col("moth_childs_person_id").alias("child_id"), aged)
    return known.filter(nw.col("mother_aged_days") >= _TEN_YEARS)


_TEN_YEARS = 3_652

_PLAN_BEGAN = "cppl_cp_plan_start_date_day"

_LADDER = (
    "ssd_early_help_episodes",
    "ssd_cin_episodes",
    "ssd_cin_assessments",
    "ssd_cin_plans",
    "ssd_cp_plans",
    "ssd_cla_episodes",
)
_REFERRALS, _ENQUIRIES = ("ssd_cin_episodes", "ssd_cin_assessments"), ("ssd_initial_cp_conference", "ssd_s47_enquiry")
_CONTACTS, _PLACES = ("ssd_early_help_episodes", "ssd_contacts"), ("ssd_address", "ext_deprivation")
_MOTHERS = ("ssd_mother", "ssd_person")
_REVIEWS, _VISITS = ("ssd_cp_plans", "ssd_cp_reviews"), ("ssd_cp_plans", "ssd_cp_visits")
_FOUND_IN = ("ssd_cin_assessments", "ssd_assessment_factors")
_TOOLS = ("ext_family_assessments", "ssd_family", "ssd_mother", "ssd_address")

STREAMS: dict[str, Stream] = {
    SPANS: Stream(_LADDER, (), spans_of_rungs),
    ANSWERED: Stream(_REFERRALS, _REFERRALS, _answered),
    CONFERENCES: Stream(_ENQUIRIES, _ENQUIRIES, _conferences),
    WAITS: Stream(_CONTACTS, _CONTACTS, _waits),
    HOMES: Stream(_PLACES, _PLACES, _homes),
    REVIEWED: Stream(_REVIEWS, _REVIEWS, _reviewed),
    VISITED: Stream(_VISITS, _VISITS, _visited),
    RETURNED: Stream(_REFERRALS[:1], _REFERRALS[:1], _returned),
    BIRTHS: Stream(_MOTHERS, _MOTHERS, _births),
    ENDINGS: Stream((*_LADDER, "ssd_contacts", "ssd_s47_enquiry"), ("ssd_contacts", "ssd_cin_episodes"), endings),
    ASSESSED: Stream(_FOUND_IN, _FOUND_IN, assessments_and_factors),
    SCALES: Stream(_TOOLS, _TOOLS[:1], scales_of_children),
}
"""By name."""

_FOUND = tuple(
    nw.col("cinf_assessment_factors_json")
    .str.contains(f"|{factor}|", literal=True)
    .cast(nw.Int8)
    .alias(factor_column(factor))
    for factor in codelist("assessment_factor")
)

FLAGS: dict[str, tuple[nw.Expr, ...]] = {FACTORS: _FOUND}
"""By table, columns that each row gives by itself, so that many indicators need not read the same text again."""

PERSON_OF: dict[str, str] = {
    "ssd_person": "pers_person_id",
    "ssd_family": "fami_person_id",
    "ssd_mother": "moth_childs_person_id",
    "ssd_address": "addr_person_id",
    "ssd_disability": "disa_person_id",
    "ssd_contacts": "cont_person_id",
    "ssd_early_help_episodes": "earl_person_id",
    "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_person_id",
    FACTORS: "cinf_person_id",
    "ssd_cin_plans": "cinp_person_id",
    "ssd_cin_visits": "cinv_person_id",
    "ssd_involvements": "invo_person_id",
    "ssd_s47_enquiry": "s47e_person_id",
    "ssd_initial_cp_conference": "icpc_person_id",
    "ssd_cp_plans": "cppl_person_id",
    "ssd_cp_reviews": "cppr_person_id",
    "ssd_cp_visits": "cppv_person_id",
    "ssd_cla_episodes": "clae_person_id",
    "ssd_cla_placement": "clap_person_id",
    "ssd_legal_status": "lega_person_id",
    "ssd_cla_reviews": "clar_cla_person_id",
    "ssd_cla_visits": "clav_person_id",
    "ssd_cla_health": "clah_person_id",
    "ssd_cla_immunisations": "clai_person_id",
    "ssd_cla_substance_misuse": "clas_person_id",
    "ssd_cla_convictions": "clac_person_id",
    "ssd_cla_previous_permanence": "lapp_person_id",
    "ssd_permanence": "perm_person_id",
    "ssd_missing": "miss_person_id",
    "ssd_sdq_scores": "csdq_person_id",
    "ssd_care_leavers": "clea_person_id",
    "ext_school_attendance": "scho_person_id",
    "ext_services": "serv_person_id",
    "ext_family_views": "famv_person_id",
    **dict.fromkeys(STREAMS, "child_id"),
}
"""The column that says whose row it is, by table or stream."""


def tables_of(name: str) -> tuple[str, ...]:
    """Give the tables that a stream is made of; a table is its own."""
    return STREAMS[name].tables if name in STREAMS else (name,)


def needs_of(name: str) -> tuple[str, ...]:
    """Give the tables without which there is no stream."""
    return STREAMS[name].needs if name in STREAMS else (name,)


def rows_of(view: View, name: str) -> Frame | None:
    """Give a table's or stream's rows as of a view's day (`of_persons`); None where the source lacks what it needs."""
    if not view.tables.keys() >= set(needs_of(name)):
        return None
    return of_persons(STREAMS[name].rows(view) if name in STREAMS else view.tables[name], name)


def of_persons(frame: Frame, name: str) -> Frame:
    """Give rows with `person_id`, without the columns that may never be scored, and with the flags of their table."""
    columns = frame.collect_schema().names()
    readable = [column for column in columns if column not in NEVER_SCORED_COLUMNS]
    return frame.select(*readable).with_columns(nw.col(PERSON_OF[name]).alias("person_id"), *FLAGS.get(name, ()))


def household_of(view: View, children: Frame) -> Frame | None:
    """Give the household of the children to be scored, worked out once for all passes.

    Returns
    -------
    LazyFrame or None
        `child_id`, `member_id`, `relation`; None where the source does not say who belongs together.
    """
    everyone = members(view)
    return None if everyone is None else view.engine.hold(everyone.join(children, on="child_id", how="semi"))
