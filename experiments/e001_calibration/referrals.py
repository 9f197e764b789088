"""Contacts, early help and referrals: how many, from whom, what became of them, how many come back."""

from __future__ import annotations

import polars as pl

from experiments.e001_calibration.authority import Authority, ethnic_group, in_years, with_person, years_before
from experiments.e001_calibration.numbers import Achieved, rate, share, share_true
from experiments.e001_calibration.registry import measure, shares

# Closed after an assessment: no further action, or passed to early help.
NOT_IN_NEED = ("RC8", "RC9")
# The families of codes in which the Department publishes sources.
SOURCES = {"1": "individual", "3": "health", "5": "authority", "7": "legal", "8": "other", "9": "anonymous"}


def referred(a: Authority, years: int = 1) -> pl.DataFrame:
    """Give the referrals of the last years."""
    return a.table("ssd_cin_episodes").filter(in_years("cine_referral_date", a, years))


@measure("contacts_rate")
def contacts(a: Authority) -> Achieved:
    """Contacts in the year per 10,000 children."""
    return rate(a.table("ssd_contacts").filter(in_years("cont_contact_date", a)).height, a.population())


@measure("early_help_year_share")
def early_help_in_year(a: Authority) -> Achieved:
    """Children with an early help episode open at any time in the year, of all children."""
    episodes = a.table("ssd_early_help_episodes").filter(
        (pl.col("earl_episode_start_date") <= a.day)
        & (pl.col("earl_episode_end_date").is_null() | (pl.col("earl_episode_end_date") > a.since(1)))
    )
    return share(episodes["earl_person_id"].n_unique(), a.population())


@measure("early_help_assessments_rate")
def early_help_started(a: Authority) -> Achieved:
    """Early help episodes begun in the year per 10,000 children: each begins with an assessment."""
    begun = a.table("ssd_early_help_episodes").filter(in_years("earl_episode_start_date", a))
    return rate(begun.height, a.population())


@measure("referral_rate")
def referrals(a: Authority) -> Achieved:
    """Referrals in the year per 10,000 children."""
    return rate(referred(a).height, a.population())


@measure("children_referred_rate")
def children_referred(a: Authority) -> Achieved:
    """Children referred in the year, each once, per 10,000 children."""
    return rate(referred(a)["cine_person_id"].n_unique(), a.population())


@measure("re_referral_share")
def re_referrals(a: Authority) -> Achieved:
    """Referrals of the year that followed another of the same child within twelve months."""
    dated = a.table("ssd_cin_episodes").sort("cine_referral_date", "cine_referral_id")
    before = pl.col("cine_referral_date").shift(1).over("cine_person_id")
    gap = (pl.col("cine_referral_date") - before).dt.total_days()
    found = dated.with_columns(again=(gap <= 365).fill_null(value=False)).filter(in_years("cine_referral_date", a))
    return share_true(found["again"])


@measure("re_referral_six_years_share")
def re_referred_in_six_years(a: Authority) -> Achieved:
    """Children referred in the first of six years who were referred again by the end of the sixth."""
    first, last = a.since(6), years_before(a.day, 5)
    rows = a.table("ssd_cin_episodes").filter(pl.col("cine_referral_date") > first)
    cohort = rows.filter(pl.col("cine_referral_date") <= last)["cine_person_id"].unique()
    times = rows.filter(pl.col("cine_referral_date") <= a.day, pl.col("cine_person_id").is_in(cohort.implode()))
    return share_true(times.group_by("cine_person_id").len()["len"] > 1)


@measure("referral_nfa_share")
def closed_at_once(a: Authority) -> Achieved:
    """Referrals of the year with no further action."""
    return share_true(referred(a)["cine_referral_nfa"] == "Y")


@measure("assessed_not_in_need_share")
def not_in_need(a: Authority) -> Achieved:
    """Referrals of the year that were assessed and closed because the child was not in need."""
    found = referred(a)
    is_not = (pl.col("cine_referral_nfa") != "Y") & pl.col("cine_close_reason").is_in(NOT_IN_NEED)
    is_done = pl.col("cine_close_date") <= a.day
    return share_true(found.select((is_not & is_done).fill_null(value=False)).to_series())


@shares(
    source_police_share="police",
    source_schools_share="schools",
    source_health_share="health",
    source_authority_share="authority",
    source_individual_share="individual",
)
def sources(a: Authority) -> pl.Series:
    """Referrals of the year by who made them; one without a source counts in none."""
    code = pl.col("cine_referral_source_code").fill_null("10")
    exact = {"6": "police", "2A": "schools", "2B": "education", "4": "housing", "10": "unknown"}
    group = code.replace_strict(exact, default=code.str.slice(0, 1).replace_strict(SOURCES, default="unknown"))
    return referred(a).select(group).to_series()


@measure("referral_ethnicity_missing_share")
def ethnicity_missing(a: Authority) -> Achieved:
    """Children referred in the year whose ethnicity is missing, refused or not obtained."""
    children = referred(a).unique("cine_person_id", maintain_order=True)
    group = with_person(a, children, "cine_person_id").select(ethnic_group()).to_series()
    return share_true(group == "not known")
