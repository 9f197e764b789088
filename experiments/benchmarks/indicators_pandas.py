"""The peer: forty of the same indicators in plain pandas, with one pivot a window, as a notebook would have them.

It reads the same validated Parquet, only the columns that it needs. It knows the day from which a cell counts only as
far as the forty ask for it, and nothing of households, of missing tables, of words or of what a model may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Tables = Mapping[str, pd.DataFrame]
    Columns = dict[str, pd.Series]

YEAR, TWO_YEARS, QUARTER = 365, 730, 91
POLICE, SCHOOLS, HEALTH = ["6"], ["2A", "2B"], ["3A", "3B", "3C", "3D", "3E", "3F"]

READ = {
    "ssd_person": ["pers_person_id"],
    "ssd_contacts": ["cont_person_id", "cont_contact_date_day", "cont_contact_source_code"],
    "ssd_cin_episodes": [
        "cine_person_id",
        "cine_referral_date_day",
        "cine_referral_nfa",
        "cine_close_date_day",
        "cine_close_reason",
    ],
    "ssd_early_help_episodes": ["earl_person_id", "earl_episode_start_date_day", "earl_episode_end_date_day"],
    "ssd_cin_assessments": ["cina_person_id", "cina_assessment_start_date_day"],
    "ssd_s47_enquiry": ["s47e_person_id", "s47e_s47_start_date_day"],
    "ssd_initial_cp_conference": ["icpc_person_id", "icpc_icpc_date_day", "icpc_icpc_outcome_cp_flag"],
    "ssd_cp_plans": ["cppl_person_id", "cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day"],
    "ssd_cin_plans": ["cinp_person_id", "cinp_cin_plan_start_date_day", "cinp_cin_plan_end_date_day"],
    "ssd_cla_episodes": [
        "clae_person_id",
        "clae_cla_episode_start_date_day",
        "clae_cla_episode_ceased_date_day",
        "clae_cla_episode_ceased_reason",
    ],
    "ssd_missing": ["miss_person_id", "miss_missing_episode_start_date_day"],
    "ssd_address": ["addr_person_id", "addr_address_start_date_day"],
    "ssd_cin_visits": ["cinv_person_id", "cinv_cin_visit_date_day", "cinv_cin_visit_seen", "cinv_cin_visit_seen_alone"],
    "ssd_assessment_factors": ["cinf_person_id", "cinf_known_date_day", "cinf_assessment_factors_json"],
}
"""What is read, by table; the person comes first."""

FOUND = {
    "found_parental_alcohol_misuse_last_24_months": ("1B", "1C"),
    "found_parental_drug_misuse_last_24_months": ("2B", "2C"),
    "found_domestic_abuse_last_24_months": ("3A", "3B", "3C"),
    "found_parental_mental_ill_health_last_24_months": ("4B", "4C"),
    "found_parental_learning_disability_last_24_months": ("5B",),
    "found_neglect_last_24_months": ("16A",),
    "found_emotional_abuse_last_24_months": ("17A",),
    "found_physical_abuse_last_24_months": ("18A", "18B", "18C"),
    "found_sexual_abuse_last_24_months": ("19A", "19B", "19C"),
    "found_child_mental_ill_health_last_24_months": ("4A",),
}
"""Factors, by indicator."""


def read(folder: Path) -> Tables:
    """Read the columns needed of validated records."""
    return {name: pd.read_parquet(folder / f"{name}.parquet", columns=columns) for name, columns in READ.items()}


def forty(tables: Tables, day: int) -> pd.DataFrame:
    """Count the forty as of a day for every person; missing where nothing is known, as ours are."""
    people = pd.Index(tables["ssd_person"]["pers_person_id"])
    counted = {**_front_door(tables, day), **_protection(tables, day), **_homes(tables, day)}
    known = {**_shares(tables, day), **_latest(tables, day), **_factors(tables, day)}
    whole = pd.DataFrame({name: column.reindex(people, fill_value=0) for name, column in counted.items()})
    return whole.assign(**{name: column.reindex(people) for name, column in known.items()})


def _within(table: pd.DataFrame, column: str, day: int, window: int) -> pd.DataFrame:
    return table[(table[column] <= day) & (table[column] > day - window)]


def _pivot(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the rows by person and by what a column says."""
    return rows.pivot_table(index=rows.columns[0], columns=by, aggfunc="size", fill_value=0)


def _of(counts: pd.DataFrame, values: Sequence[object]) -> pd.Series:
    return counts.reindex(columns=values, fill_value=0).sum(axis=1)


def _size(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby(rows.columns[0]).size()


def _days(spans: pd.DataFrame, day: int, window: int) -> pd.Series:
    """Add up the days of spans in a window; an end that lies ahead is not known yet."""
    person, start, end = spans.columns[:3]
    known = spans[spans[start] <= day]
    ended = known[end].where(known[end] <= day, day)
    days = (ended - known[start].clip(lower=day - window)).clip(lower=0)
    return days.groupby(known[person]).sum()


def _front_door(tables: Tables, day: int) -> Columns:
    contacts, referrals = tables["ssd_contacts"], tables["ssd_cin_episodes"]
    help_given = tables["ssd_early_help_episodes"]
    year = _within(contacts, "cont_contact_date_day", day, YEAR)
    by_source = _pivot(year, "cont_contact_source_code")
    two_years = _within(referrals, "cine_referral_date_day", day, TWO_YEARS)
    # Whether anything follows is known three days after the referral.
    decided = two_years[two_years["cine_referral_date_day"] <= day - 3]
    closed = _pivot(_within(referrals, "cine_close_date_day", day, TWO_YEARS), "cine_close_reason")
    return {
        "contacts_last_3_months": _size(_within(contacts, "cont_contact_date_day", day, QUARTER)),
        "contacts_last_12_months": _size(year),
        "police_contacts_last_12_months": _of(by_source, POLICE),
        "school_contacts_last_12_months": _of(by_source, SCHOOLS),
        "health_contacts_last_12_months": _of(by_source, HEALTH),
        "referrals_last_12_months": _size(_within(referrals, "cine_referral_date_day", day, YEAR)),
        "referrals_last_24_months": _size(two_years),
        "referrals_closed_without_action_last_24_months": _of(_pivot(decided, "cine_referral_nfa"), [1]),
        "cases_closed_no_longer_in_need_last_24_months": _of(closed, ["RC7"]),
        "early_help_episodes_last_24_months": _size(_within(help_given, "earl_episode_start_date_day", day, TWO_YEARS)),
        "days_of_early_help_last_12_months": _days(help_given, day, YEAR),
    }


def _protection(tables: Tables, day: int) -> Columns:
    enquiries, plans = tables["ssd_s47_enquiry"], tables["ssd_cp_plans"]
    held = _within(tables["ssd_initial_cp_conference"], "icpc_icpc_date_day", day, TWO_YEARS)
    left = _within(tables["ssd_cla_episodes"], "clae_cla_episode_ceased_date_day", day, TWO_YEARS)
    ceased = _pivot(left, "clae_cla_episode_ceased_reason")
    begun = _within(tables["ssd_cin_assessments"], "cina_assessment_start_date_day", day, TWO_YEARS)
    return {
        "assessments_last_24_months": _size(begun),
        "s47_enquiries_last_12_months": _size(_within(enquiries, "s47e_s47_start_date_day", day, YEAR)),
        "s47_enquiries_last_24_months": _size(_within(enquiries, "s47e_s47_start_date_day", day, TWO_YEARS)),
        "conferences_without_plan_last_24_months": _of(_pivot(held, "icpc_icpc_outcome_cp_flag"), [0]),
        "child_protection_plans_ended_last_24_months": _size(
            _within(plans, "cppl_cp_plan_end_date_day", day, TWO_YEARS)
        ),
        "days_on_child_protection_plan_last_24_months": _days(plans, day, TWO_YEARS),
        "days_on_child_in_need_plan_last_24_months": _days(tables["ssd_cin_plans"], day, TWO_YEARS),
        "days_looked_after_last_24_months": _days(tables["ssd_cla_episodes"], day, TWO_YEARS),
        "unplanned_returns_home_last_24_months": _of(ceased, ["E4B"]),
        "planned_returns_home_last_24_months": _of(ceased, ["E4A"]),
    }


def _homes(tables: Tables, day: int) -> Columns:
    homes, start = tables["ssd_address"], "addr_address_start_date_day"
    gone = _within(tables["ssd_missing"], "miss_missing_episode_start_date_day", day, YEAR)
    return {
        "missing_episodes_last_12_months": _size(gone),
        "addresses_begun_last_12_months": _size(_within(homes, start, day, YEAR)),
        "addresses_begun_last_24_months": _size(_within(homes, start, day, TWO_YEARS)),
    }


def _shares(tables: Tables, day: int) -> Columns:
    visits = _within(tables["ssd_cin_visits"], "cinv_cin_visit_date_day", day, YEAR)
    seen = {
        "share_of_visits_child_seen_last_12_months": "cinv_cin_visit_seen",
        "share_of_visits_child_seen_alone_last_12_months": "cinv_cin_visit_seen_alone",
    }
    counts = {name: _pivot(visits, column) for name, column in seen.items()}
    return {name: _of(count, [1]) / count.sum(axis=1) for name, count in counts.items()}


def _latest(tables: Tables, day: int) -> Columns:
    contacts, at = tables["ssd_contacts"], "cont_contact_date_day"
    dated = {
        "days_since_latest_contact": (contacts, at),
        "days_since_latest_police_contact": (contacts[contacts["cont_contact_source_code"].isin(POLICE)], at),
        "days_since_latest_referral": (tables["ssd_cin_episodes"], "cine_referral_date_day"),
        "days_at_latest_address": (tables["ssd_address"], "addr_address_start_date_day"),
    }
    return {
        name: day - table[table[column] <= day].groupby(table.columns[0])[column].max()
        for name, (table, column) in dated.items()
    }


def _factors(tables: Tables, day: int) -> Columns:
    read = tables["ssd_assessment_factors"].dropna(subset="cinf_assessment_factors_json")
    rows = _within(read, "cinf_known_date_day", day, TWO_YEARS)
    codes = rows["cinf_assessment_factors_json"]
    flags = pd.DataFrame(
        {name: codes.str.contains("|".join(rf"\|{factor}\|" for factor in factors)) for name, factors in FOUND.items()}
    )
    found = flags.groupby(rows["cinf_person_id"]).max()
    return {name: found[name].astype("float64") for name in FOUND}
