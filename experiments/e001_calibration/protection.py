"""Child protection: enquiries, conferences and plans (in Wales the register)."""

from __future__ import annotations

import numpy as np
import polars as pl

from experiments.e001_calibration.authority import (
    YEARS,
    Authority,
    age_band,
    in_years,
    over_days,
    with_person,
    with_plan,
)
from experiments.e001_calibration.need import duration_band
from experiments.e001_calibration.numbers import Achieved, median, rate, share_true
from experiments.e001_calibration.registry import measure, shares


def _plans(a: Authority) -> pl.DataFrame:
    return a.table("ssd_cp_plans")


def _conferences(a: Authority) -> pl.DataFrame:
    held = a.table("ssd_initial_cp_conference").filter(pl.col("icpc_icpc_transfer_in").fill_null("N") != "Y")
    return held.filter(in_years("icpc_icpc_date", a))


@measure("enquiry_rate")
def enquiries(a: Authority) -> Achieved:
    """Section 47 enquiries begun in the year per 10,000 children."""
    return rate(a.table("ssd_s47_enquiry").filter(in_years("s47e_s47_start_date", a)).height, a.population())


@measure("children_enquired_rate")
def children_enquired(a: Authority) -> Achieved:
    """Children with a section 47 enquiry begun in the year, each once, per 10,000 children."""
    begun = a.table("ssd_s47_enquiry").filter(in_years("s47e_s47_start_date", a))
    return rate(begun["s47e_person_id"].n_unique(), a.population())


@measure("conference_rate")
def conferences(a: Authority) -> Achieved:
    """Count initial child protection conferences in the year per 10,000 children."""
    return rate(_conferences(a).height, a.population())


@measure("enquiry_to_conference_days")
def enquiry_to_conference(a: Authority) -> Achieved:
    """Working days from the start of the enquiry to the conference, median; Mondays to Fridays, holidays too."""
    began = a.table("ssd_s47_enquiry").select("s47e_s47_enquiry_id", "s47e_s47_start_date")
    pairs = (
        _conferences(a)
        .join(began, left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id")
        .drop_nulls(["s47e_s47_start_date", "icpc_icpc_date"])
    )
    start, end = (pairs[c].to_numpy().astype("datetime64[D]") for c in ("s47e_s47_start_date", "icpc_icpc_date"))
    return median(pl.Series(np.busday_count(start, end)))


@measure("plan_rate")
def with_a_plan(a: Authority) -> Achieved:
    """Children with a plan on 31 March per 10,000 children."""
    return rate(with_plan(a).height, a.population())


@measure("plan_starts_rate")
def plans_started(a: Authority) -> Achieved:
    """Plans started in the year per 10,000 children."""
    return rate(_plans(a).filter(in_years("cppl_cp_plan_start_date", a)).height, a.population())


@measure("plan_ends_rate")
def plans_ended(a: Authority) -> Achieved:
    """Plans ended in the year per 10,000 children."""
    return rate(_plans(a).filter(in_years("cppl_cp_plan_end_date", a)).height, a.population())


@measure("second_plan_share")
def second_plans(a: Authority) -> Achieved:
    """Plans started in the last three years by a child who had had one before, also before the records began."""
    number = a.known("plan_number").select(pl.col("cppl_cp_plan_id").cast(pl.String), "n_before")
    begun = _plans(a).filter(in_years("cppl_cp_plan_start_date", a, YEARS))
    return share_true(begun.join(number, on="cppl_cp_plan_id", maintain_order="left")["n_before"] > 0)


@shares(
    plan_open_under_3m_share="0-3",
    plan_open_3_6m_share="3-6",
    plan_open_6_12m_share="6-12",
    plan_open_1_2y_share="12-24",
    plan_open_over_2y_share="24+",
    plan_open_over_1y_share=("12-24", "24+"),
)
def plans_open_for(a: Authority) -> pl.Series:
    """Plans open on three 31 Marches by how long they had been open."""
    lasted = (pl.col("day") - pl.col("cppl_cp_plan_start_date")).dt.total_days()
    return over_days(a, with_plan).select(duration_band(lasted)).to_series()


@shares(
    plan_neglect_share="NEG",
    plan_emotional_share="EMO",
    plan_physical_share="PHY",
    plan_sexual_share="SAB",
)
def categories(a: Authority) -> pl.Series:
    """Plans open on three 31 Marches by the category they began with."""
    return over_days(a, with_plan)["cppl_cp_plan_initial_category"]


@shares(plan_under_5_share=("under 1", "1-4", "unborn"))
def ages(a: Authority) -> pl.Series:
    """Children with a plan on three 31 Marches by age; the unborn count as under five."""
    return with_person(a, over_days(a, with_plan), "person").select(age_band(pl.col("day"))).to_series()
