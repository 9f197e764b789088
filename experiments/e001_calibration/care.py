"""Children looked after: how many, who starts, who they are, why, under which order."""

from __future__ import annotations

import polars as pl

from experiments.e001_calibration.authority import (
    YEARS,
    Authority,
    age_band,
    ceased,
    ethnic_group,
    is_unaccompanied,
    looked_after,
    over_days,
    starts,
    stays,
    with_person,
)
from experiments.e001_calibration.numbers import Achieved, rate, share_true
from experiments.e001_calibration.registry import measure, shares


@measure("care_rate")
def care_rate(a: Authority) -> Achieved:
    """Children looked after on 31 March per 10,000 children."""
    return rate(looked_after(a).height, a.population())


@measure("care_starts_rate")
def starts_rate(a: Authority) -> Achieved:
    """Children who started to be looked after per 10,000 children, a year of the last three."""
    return rate(starts(a).height, a.mean_population(YEARS), years=YEARS)


@measure("care_starts_accompanied_rate")
def accompanied_starts_rate(a: Authority) -> Achieved:
    """Children who started, without unaccompanied children seeking asylum, per 10,000, a year of the last three."""
    found = starts(a)
    alone = is_unaccompanied(a, found, pl.col("start"))
    return rate(int((~alone).sum()), a.mean_population(YEARS), years=YEARS)


@measure("care_ceased_rate")
def ceased_rate(a: Authority) -> Achieved:
    """Children who ceased to be looked after per 10,000 children, a year of the last three."""
    return rate(ceased(a).height, a.mean_population(YEARS), years=YEARS)


@measure("care_any_time_rate")
def any_time_rate(a: Authority) -> Achieved:
    """Children looked after at any time in the year per 10,000 children."""
    during = (pl.col("start") <= a.day) & (pl.col("end").is_null() | (pl.col("end") > a.since(1)))
    return rate(stays(a).filter(during)["person"].n_unique(), a.population())


@shares(
    care_start_under_1_share="under 1",
    care_start_1_4_share="1-4",
    care_start_5_9_share="5-9",
    care_start_10_15_share="10-15",
    care_start_over_16_share="16 and over",
)
def ages_at_start(a: Authority) -> pl.Series:
    """Children who started in the last three years by their age on the day."""
    return with_person(a, starts(a), "person").select(age_band(pl.col("start"))).to_series()


@shares(
    care_under_1_share="under 1",
    care_1_4_share="1-4",
    care_5_9_share="5-9",
    care_10_15_share="10-15",
    care_over_16_share="16 and over",
)
def ages(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by age."""
    return with_person(a, over_days(a, looked_after), "person").select(age_band(pl.col("day"))).to_series()


@shares(
    care_start_abuse_share="N1",
    care_start_dysfunction_share="N5",
    care_start_absent_share="N8",
)
def needs_at_start(a: Authority) -> pl.Series:
    """Children who started in the last three years by primary need."""
    return starts(a)["need"]


@shares(care_abuse_share="N1", care_absent_share="N8")
def needs(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by primary need."""
    return over_days(a, looked_after)["need"]


@shares(care_start_male_share="M")
def sex_at_start(a: Authority) -> pl.Series:
    """Children who started in the last three years by sex."""
    return with_person(a, starts(a), "person")["pers_sex"]


@shares(care_male_share="M")
def sex(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by sex."""
    return with_person(a, over_days(a, looked_after), "person")["pers_sex"]


@shares(care_male_accompanied_share="M")
def sex_of_accompanied(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by sex, without unaccompanied children seeking asylum."""
    found = over_days(a, looked_after)
    return with_person(a, found.filter(~is_unaccompanied(a, found, pl.col("day"))), "person")["pers_sex"]


@measure("care_start_unaccompanied_share")
def unaccompanied_starts(a: Authority) -> Achieved:
    """Unaccompanied children seeking asylum among those who started in the last three years."""
    found = starts(a)
    return share_true(is_unaccompanied(a, found, pl.col("start")))


@measure("care_unaccompanied_share")
def unaccompanied(a: Authority) -> Achieved:
    """Unaccompanied children seeking asylum among children looked after on three 31 Marches."""
    found = over_days(a, looked_after)
    return share_true(is_unaccompanied(a, found, pl.col("day")))


@shares(
    care_white_share="White",
    care_mixed_share="Mixed",
    care_black_share="Black",
    care_asian_share="Asian",
    care_other_share="Other",
    care_ethnicity_missing_share="not known",
)
def ethnicity(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by ethnic group; not known is a group of its own."""
    return with_person(a, over_days(a, looked_after), "person").select(ethnic_group()).to_series()


def _legal_status(a: Authority, found: pl.DataFrame, on: str) -> pl.Series:
    """Give the legal status that each row's child had on the row's day, of those with one recorded."""
    status = a.table("ssd_legal_status").select(
        person="lega_person_id",
        status="lega_legal_status",
        since="lega_legal_status_start_date",
        to="lega_legal_status_end_date",
    )
    held = found.join(status, on="person").filter(
        pl.col("since") <= pl.col(on), pl.col("to").is_null() | (pl.col("to") > pl.col(on))
    )
    return held.sort("since", "status").unique(["clae_cla_id", on], keep="last", maintain_order=True)["status"]


@shares(care_start_voluntary_share="V2", care_start_interim_order_share="C1", care_start_police_share="L1")
def legal_status_at_start(a: Authority) -> pl.Series:
    """Children who started in the last three years by legal status on the day."""
    return _legal_status(a, starts(a), "start")


@shares(
    care_full_order_share="C2",
    care_interim_order_share="C1",
    care_placement_order_share="E1",
    care_voluntary_share="V2",
    care_order_share=("C1", "C2"),
)
def legal_status(a: Authority) -> pl.Series:
    """Children looked after on three 31 Marches by legal status."""
    return _legal_status(a, over_days(a, looked_after), "day")
