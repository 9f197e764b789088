"""Factors that workers wrote down at the end of assessments, of the year's assessed episodes that have any."""

from __future__ import annotations

import json

import polars as pl

from experiments.e001_calibration.authority import Authority, in_years
from experiments.e001_calibration.numbers import Achieved, share_true
from experiments.e001_calibration.registry import register

# What each figure counts: the codes of the Department for Education's list.
CODES = {
    "alcohol_child": "1A", "alcohol_parent": "1B", "alcohol_person": "1C", "drugs_child": "2A", "drugs_parent": "2B",
    "drugs_person": "2C", "domestic_abuse_child": "3A", "domestic_abuse_parent": "3B", "domestic_abuse_person": "3C",
    "mental_health_child": "4A", "mental_health_parent": "4B", "mental_health_person": "4C",
    "learning_disability_child": "5A", "learning_disability_parent": "5B", "physical_disability_child": "6A",
    "physical_disability_parent": "6B", "young_carer": "7A", "going_missing": "10A", "sexual_exploitation": "11A",
    "behaviour": "14A", "self_harm": "15A", "neglect": "16A", "emotional_abuse": "17A",
    "physical_abuse_by_child": "18B", "physical_abuse_by_adult": "18C", "sexual_abuse_by_child": "19B",
    "sexual_abuse_by_adult": "19C", "criminal_exploitation": "24A", "other": "20",
}  # fmt: skip


def codes_in(text: str) -> list[str]:
    """Read the factors of one assessment: a list of codes.

    Examples
    --------
    >>> codes_in('["3B", "4B"]')
    ['3B', '4B']
    """
    found = json.loads(text)
    return [str(code) for code in found]


def assessed(a: Authority) -> pl.DataFrame:
    """Give every authorised assessment with factors: child, referral, day, codes."""
    if "assessed" not in a.kept:
        done = a.table("ssd_cin_assessments").drop_nulls("cina_assessment_auth_date")
        text = a.table("ssd_assessment_factors").drop_nulls("cinf_assessment_factors_json")
        kinds = text["cinf_assessment_factors_json"].unique()
        read = pl.DataFrame({"cinf_assessment_factors_json": kinds, "codes": [codes_in(t) for t in kinds]})
        a.kept["assessed"] = done.join(
            text.join(read, on="cinf_assessment_factors_json"),
            left_on="cina_assessment_id",
            right_on="cinf_assessment_id",
        ).select(
            "codes", person="cina_person_id", referral="cina_referral_id", day="cina_assessment_auth_date"
        )  # fmt: skip
    return a.kept["assessed"]


def _episodes(a: Authority) -> pl.DataFrame:
    """Give the referrals assessed in the year with the factors of all their assessments of the year."""
    if "factor_episodes" not in a.kept:
        year = assessed(a).filter(in_years("day", a))
        a.kept["factor_episodes"] = year.explode("codes").group_by("referral").agg(pl.col("codes").unique())
    return a.kept["factor_episodes"]


def _has(a: Authority, code: str) -> Achieved:
    """Assessed episodes of the year with a factor, of those with any factor recorded."""
    return share_true(_episodes(a).select(pl.col("codes").list.contains(code)).to_series())


for _name, _code in CODES.items():
    register(f"factor_{_name}_share", _has, code=_code)
