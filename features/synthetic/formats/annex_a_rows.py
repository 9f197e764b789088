"""The rows of lists 1 to 7 of an Annex A workbook, made of the standard's tables.

Each function gives one list: the child's id and the list's own columns, all text, dates as the tables write them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of
from features.synthetic.formats.annex_a_said import ABUSE, FLAGS, STATUSES, latest, lettered, said, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.synthetic.formats.annex_a_said import Authority


def contacts(of: Authority) -> pl.DataFrame:
    """Give every contact of the six months."""
    columns = {
        "child": "cont_person_id",
        "contact_date": "cont_contact_date",
        "source": "cont_contact_source_code",
        "described": "cont_contact_source_desc",
    }
    rows = of.take("ssd_contacts", columns).filter(of.happened("contact_date"))
    return rows.with_columns(_source()).drop("described")


def early_help(of: Authority) -> pl.DataFrame:
    """Give the early help that was under way at any time in the six months."""
    columns = {
        "child": "earl_person_id",
        "start": "earl_episode_start_date",
        "completed": "earl_episode_end_date",
        "organisation": "earl_episode_organisation",
    }
    return of.take("ssd_early_help_episodes", columns).filter(of.lasted("start", "completed"))


def referrals(of: Authority) -> pl.DataFrame:
    """Give every referral of the six months."""
    columns = {
        "child": "cine_person_id",
        "start": "cine_referral_date",
        "source": "cine_referral_source_code",
        "described": "cine_referral_source_desc",
        "nfa": "cine_referral_nfa",
        "team": "cine_referral_team",
        "worker": "cine_referral_worker_id",
    }
    rows = of.take("ssd_cin_episodes", columns).filter(of.happened("start"))
    return rows.with_columns(_source(), said("nfa", FLAGS)).drop("described")


def _source() -> pl.Expr:
    """Say who called by the code, or where that is a number of the system's own, by its description."""
    words, code = sources(), pl.col("source")
    is_code = code.is_in(list(words))
    return pl.when(is_code).then(code.replace(words)).otherwise(pl.coalesce("described", code)).alias("source")


def assessments(of: Authority) -> pl.DataFrame:
    """Give the assessments that were under way at any time in the six months."""
    columns = {
        "child": "cina_person_id",
        "start": "cina_assessment_start_date",
        "seen": "cina_assessment_child_seen",
        "authorised": "cina_assessment_auth_date",
        "needed": "cina_assessment_outcome_nfa",
        "team": "cina_assessment_team",
        "worker": "cina_assessment_worker_id",
    }
    rows = of.take("ssd_cin_assessments", columns).filter(of.lasted("start", "authorised"))
    return rows.with_columns(said("seen", FLAGS), said("needed", {"Y": FLAGS["N"], "N": FLAGS["Y"]}))


def enquiries(of: Authority) -> pl.DataFrame:
    """Give the enquiries of the six months with their conference, and those whose conference fell in them."""
    columns = {
        "enquiry": "s47e_s47_enquiry_id",
        "child": "s47e_person_id",
        "start": "s47e_s47_start_date",
        "unnecessary": "s47e_s47_nfa",
    }
    held = {
        "enquiry": "icpc_s47_enquiry_id",
        "conference": "icpc_icpc_date",
        "plan": "icpc_icpc_outcome_cp_flag",
        "team": "icpc_icpc_team",
        "worker": "icpc_icpc_worker_id",
    }
    rows = of.take("ssd_s47_enquiry", columns).join(
        of.take("ssd_initial_cp_conference", held), on="enquiry", how="left", maintain_order="left"
    )
    rows = rows.filter(of.happened("start") | (pl.col("conference").is_not_null() & of.happened("conference")))
    return rows.with_columns(said("unnecessary", FLAGS), said("plan", FLAGS)).drop("enquiry")


def cases(of: Authority) -> pl.DataFrame:
    """Give the cases that were open at any time in the six months, and what each is on the last day."""
    columns = {
        "referral": "cine_referral_id",
        "child": "cine_person_id",
        "start": "cine_referral_date",
        "nfa": "cine_referral_nfa",
        "need": "cine_cin_primary_need_code",
        "closed": "cine_close_date",
        "reason": "cine_close_reason",
        "team": "cine_referral_team",
        "worker": "cine_referral_worker_id",
    }
    rows = of.take("ssd_cin_episodes", columns)
    rows = rows.filter((pl.col("nfa") != "Y").fill_null(True) & of.lasted("start", "closed"))
    rows = rows.join(_last_seen(of, rows), on="referral", how="left", maintain_order="left")
    return rows.with_columns(
        said("need", lettered("primary_need")),
        said("reason", lettered("reason_for_closure")),
        status=_status(of),
    ).drop("referral", "nfa")


def _last_seen(of: Authority, cases: pl.DataFrame) -> pl.DataFrame:
    """Give the last visit of each case at which the child was seen while it was open."""
    columns = {"child": "cinv_person_id", "seen": "cinv_cin_visit_date", "was_seen": "cinv_cin_visit_seen"}
    visits = of.take("ssd_cin_visits", columns).filter(pl.col("was_seen") == "Y")
    days = cases.select("referral", "child", first=day_of(pl.col("start")), last=day_of(pl.col("closed")))
    made = visits.filter(of.is_past("seen")).join(days, on="child", how="inner", maintain_order="left")
    day = day_of(pl.col("seen"))
    during = (day >= pl.col("first")) & (day <= pl.col("last")).fill_null(True)
    return latest(made.filter(during).select("referral", "seen"), "referral", "seen")


def _status(of: Authority) -> pl.Expr:
    """Say where a case stands: the highest rung that is open."""
    care = _open_now(of, "ssd_cla_episodes", ("clae_person_id", "clae_cla_episode_ceased_date"))
    protection = _open_now(of, "ssd_cp_plans", ("cppl_person_id", "cppl_cp_plan_end_date"))
    plans = _open_now(of, "ssd_cin_plans", ("cinp_person_id", "cinp_cin_plan_end_date"))
    return (
        pl.when(of.is_past("closed"))
        .then(pl.lit(STATUSES["closed"]))
        .when(pl.col("child").is_in(care.implode()))
        .then(pl.lit(STATUSES["care"]))
        .when(pl.col("child").is_in(protection.implode()))
        .then(pl.lit(STATUSES["protection"]))
        .when(pl.col("child").is_in(plans.implode()))
        .then(pl.lit(STATUSES["plan"]))
        .otherwise(pl.lit(STATUSES["open"]))
    )


def _open_now(of: Authority, table: str, columns: tuple[str, str]) -> pl.Series:
    child, ended = columns
    rows = of.take(table, {"child": child, "ended": ended})
    return rows.filter(~of.is_past("ended"))["child"].unique()


def protection_plans(of: Authority) -> pl.DataFrame:
    """Give the protection plans that held at any time in the six months, with their last visit and review."""
    columns = {
        "plan": "cppl_cp_plan_id",
        "child": "cppl_person_id",
        "start": "cppl_cp_plan_start_date",
        "initial": "cppl_cp_plan_initial_category",
        "latest": "cppl_cp_plan_latest_category",
        "ended": "cppl_cp_plan_end_date",
    }
    visits = {"plan": "cppv_cp_plan_id", "visit": "cppv_cp_visit_date", "alone": "cppv_cp_visit_seen_alone"}
    reviews = {"plan": "cppr_cp_plan_id", "review": "cppr_cp_review_date"}
    rows = of.take("ssd_cp_plans", columns).filter(of.lasted("start", "ended"))
    for table, wanted, event in (("ssd_cp_visits", visits, "visit"), ("ssd_cp_reviews", reviews, "review")):
        last = latest(of.take(table, wanted).filter(of.is_past(event)), "plan", event)
        rows = rows.join(last, on="plan", how="left", maintain_order="left")
    rows = rows.with_columns(said("initial", ABUSE), said("latest", ABUSE), said("alone", FLAGS))
    return rows.drop("plan")


ROWS: Mapping[int, Callable[[Authority], pl.DataFrame]] = {
    1: contacts,
    2: early_help,
    3: referrals,
    4: assessments,
    5: enquiries,
    6: cases,
    7: protection_plans,
}
"""What makes each list's rows."""
