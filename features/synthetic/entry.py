"""When each row was entered: hours after a contact, weeks after early help began.

What is entered after the records' last day is not in the records. The day of entry itself is written to `truth/`, and
as `recorded_on` only where it is asked for: no case table says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from features.synthetic.cells import Case


@dataclass(frozen=True)
class Entry:
    """How a service enters its rows.

    Parameters
    ----------
    event
        The date column of the event; entry follows it.
    median_days
        Half of the rows are entered within so many days; a few take ten times as long.
    """

    event: str
    median_days: float


# Ours: the front door writes at once, early help and missing episodes late, reviews when the minutes are agreed,
# schools' returns weeks after the term.
ENTRIES: dict[str, Entry] = {
    "ssd_contacts": Entry("cont_contact_date", 0.3),
    "ssd_early_help_episodes": Entry("earl_episode_start_date", 6.0),
    "ssd_cin_episodes": Entry("cine_referral_date", 0.5),
    "ssd_cin_assessments": Entry("cina_assessment_start_date", 1.0),
    "ssd_assessment_factors": Entry("_auth_date", 1.0),
    "ssd_cin_plans": Entry("cinp_cin_plan_start_date", 3.0),
    "ssd_cin_visits": Entry("cinv_cin_visit_date", 3.0),
    "ssd_s47_enquiry": Entry("s47e_s47_start_date", 0.5),
    "ssd_initial_cp_conference": Entry("icpc_icpc_date", 2.0),
    "ssd_cp_plans": Entry("cppl_cp_plan_start_date", 2.0),
    "ssd_cp_reviews": Entry("cppr_cp_review_date", 5.0),
    "ssd_cp_visits": Entry("cppv_cp_visit_date", 3.0),
    "ssd_cla_placement": Entry("clap_cla_placement_start_date", 2.0),
    "ssd_legal_status": Entry("lega_legal_status_start_date", 2.0),
    "ssd_cla_reviews": Entry("clar_cla_review_date", 5.0),
    "ssd_immigration_status": Entry("immi_immigration_status_start_date", 3.0),
    "ssd_cla_episodes": Entry("clae_cla_episode_start_date", 1.0),
    "ssd_sdq_scores": Entry("csdq_sdq_completed_date", 10.0),
    "ssd_missing": Entry("miss_missing_episode_start_date", 1.5),
    "ssd_address": Entry("addr_address_start_date", 12.0),
    "ext_school_attendance": Entry("scho_period_end_date", 20.0),
    "ext_services": Entry("serv_start_date", 5.0),
    "ext_family_assessments": Entry("fama_assessment_date", 4.0),
    "ext_family_views": Entry("famv_view_date", 2.0),
}
SPREAD = 1.1

# Rows that stand on another: without it they cannot be entered.
STANDS_ON: dict[str, tuple[str, str, str]] = {
    "ssd_cin_assessments": ("cina_referral_id", "ssd_cin_episodes", "cine_referral_id"),
    "ssd_assessment_factors": ("cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
    "ssd_cin_plans": ("cinp_referral_id", "ssd_cin_episodes", "cine_referral_id"),
    "ssd_s47_enquiry": ("s47e_referral_id", "ssd_cin_episodes", "cine_referral_id"),
    "ssd_initial_cp_conference": ("icpc_s47_enquiry_id", "ssd_s47_enquiry", "s47e_s47_enquiry_id"),
    "ssd_cp_plans": ("cppl_icpc_id", "ssd_initial_cp_conference", "icpc_icpc_id"),
    "ssd_cp_reviews": ("cppr_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
    "ssd_cp_visits": ("cppv_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
    "ssd_cla_episodes": ("clae_referral_id", "ssd_cin_episodes", "cine_referral_id"),
    "ssd_cla_placement": ("clap_cla_placement_id", "ssd_cla_episodes", "clae_cla_placement_id"),
    "ssd_cla_reviews": ("clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
}
# Rows that point on to one which stands on them: until that is entered they point nowhere.
POINTS_ON: dict[str, tuple[str, str, str]] = {
    "ssd_initial_cp_conference": ("icpc_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
    "ssd_cla_episodes": ("clae_cla_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
}
ENTERED = "recorded_on"


def _with_auth_date(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    authorised = tables["ssd_cin_assessments"].select(
        cinf_assessment_id="cina_assessment_id", _auth_date="cina_assessment_auth_date"
    )
    return tables["ssd_assessment_factors"].join(authorised, on="cinf_assessment_id", how="left", maintain_order="left")


def _entered(case: Case, name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Add the day of entry; a row without a day of its own is taken as entered long before."""
    entry = ENTRIES[name]
    noise = case.draws(f"entry {name}").normal(0, SPREAD, table.height)
    delay = pl.Series(np.floor(entry.median_days * np.exp(noise)).astype(np.int32))
    day = (table[entry.event].cast(pl.Int32) + delay).cast(pl.Date)
    return table.with_columns(day.alias(ENTERED)).filter(
        pl.col(ENTERED).is_null() | (pl.col(ENTERED).cast(pl.Int32) <= case.months.until)
    )


def enter(case: Case, tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Add `recorded_on` to every table of events and leave out what was not yet entered on the last day.

    Parameters
    ----------
    case
        Everything there is.
    tables
        As the recorders give them.

    Returns
    -------
    dict of str to polars.DataFrame
        The same tables; those without events are unchanged.
    """
    kept = dict(tables) | {"ssd_assessment_factors": _with_auth_date(tables)}
    for name in kept:
        if name in ENTRIES:
            kept[name] = _entered(case, name, kept[name])
    for name, (link, parent, key) in STANDS_ON.items():
        is_there = pl.col(link).is_null() | pl.col(link).is_in(kept[parent][key].implode())
        kept[name] = kept[name].filter(is_there)
    kept["ssd_assessment_factors"] = kept["ssd_assessment_factors"].drop("_auth_date")
    for name, (link, onward, key) in POINTS_ON.items():
        is_there = pl.col(link).is_in(kept[onward][key].implode())
        kept[name] = kept[name].with_columns(pl.when(is_there).then(link).alias(link))
    return kept
