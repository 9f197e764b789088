"""Writes simulated records as the DfE's API takes them: one child's object on each line.

The API in truth takes what changed since the day before; this file holds every referral of the records, so that what is
read back can be compared. A row that hangs on no referral has no place in it and is not written, but for what hangs on
the child; a child without a referral is not written. Cells are written as they are, dirt and all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

FILE = "dfe_api.jsonl"
CHILDREN_AT_ONCE = 10_000
UNACCOMPANIED = "Unaccompanied Asylum Seeking Child"

_MIDNIGHT = " 00:00:00"
# Flags are text until the end, since a dirty one may be any word; yes and no then lose their quotation marks.
_FLAG_IN_QUOTES = r'("[a-z_]+_flag":)"(true|false)"'


def write_dfe_api(tables: Mapping[str, pl.DataFrame], folder: Path, *, until: date) -> None:
    """Write every child who has a referral.

    Parameters
    ----------
    tables
        The simulator's tables of the standard, every cell text.
    folder
        Where `dfe_api.jsonl` is written; it exists.
    until
        The last day of the records. The API says none, so nothing here hangs on it.
    """
    children = _children(tables)
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        for part in children.iter_slices(CHILDREN_AT_ONCE):
            file.writelines(f"{child}\n" for child in part.select(_as_json()).to_series())


def _as_json() -> pl.Expr:
    return pl.struct(pl.all()).struct.json_encode().str.replace_all(_FLAG_IN_QUOTES, "${1}${2}")


def _children(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    episodes = _listed(_episodes(tables), by="person", name="social_care_episodes")
    scores = tables["ssd_sdq_scores"].select(
        person="csdq_person_id", date=_cell("csdq_sdq_completed_date"), score=_cell("csdq_sdq_score")
    )
    health = _listed(scores, by="person", name="sdq_assessments")
    persons = _details(tables).join(episodes, on="person", how="inner", maintain_order="left")
    return persons.join(health, on="person", how="left", maintain_order="left").select(
        "child_details",
        "social_care_episodes",
        la_child_id="person",
        purge=pl.lit(False),
        health_and_wellbeing=pl.struct("sdq_assessments"),
    )


def _details(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give every person's own details; the postcode is that of the address where the person lives last."""
    codes = (
        tables["ssd_disability"]
        .group_by("disa_person_id", maintain_order=True)
        .agg(disabilities="disa_disability_code")
    )
    homes = (
        tables["ssd_address"]
        .group_by("addr_person_id", maintain_order=True)
        .agg(pl.col("addr_address_postcode").sort_by("addr_address_start_date").last())
    )
    is_alone = pl.col("immi_immigration_status") == UNACCOMPANIED
    alone = tables["ssd_immigration_status"].filter(is_alone).unique("immi_person_id", keep="last", maintain_order=True)
    persons = tables["ssd_person"]
    for beside, person in ((codes, "disa_person_id"), (homes, "addr_person_id"), (alone, "immi_person_id")):
        persons = persons.join(beside, left_on="pers_person_id", right_on=person, how="left", maintain_order="left")
    return persons.select(
        person="pers_person_id",
        child_details=pl.struct(
            "disabilities",
            unique_pupil_number_unknown_reason=_cell("pers_upn_unknown"),
            date_of_birth=_cell("pers_dob"),
            expected_date_of_birth=_cell("pers_expected_dob"),
            sex=_cell("pers_sex"),
            ethnicity=_cell("pers_ethnicity"),
            postcode=_cell("addr_address_postcode"),
            uasc_flag=pl.when(pl.col("immi_immigration_status").is_null())
            .then(pl.lit("false"))
            .otherwise(pl.lit("true")),
            uasc_end_date=_cell("immi_immigration_status_end_date"),
        ),
    )


def _episodes(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give each referral with the lists of everything under it."""
    referrals = tables["ssd_cin_episodes"].select(
        person="cine_person_id",
        social_care_episode_id="cine_referral_id",
        referral_date=_cell("cine_referral_date"),
        referral_source=_cell("cine_referral_source_code"),
        referral_no_further_action_flag=_flag(pl.col("cine_referral_nfa")),
        closure_date=_cell("cine_close_date"),
        closure_reason=_cell("cine_close_reason"),
    )
    under = {
        "child_and_family_assessments": _assessments(tables),
        "child_in_need_plans": _plans(tables["ssd_cin_plans"]),
        "section_47_assessments": _enquiries(tables),
        "child_protection_plans": _protection(tables["ssd_cp_plans"]),
        "child_looked_after_placements": _placements(tables),
        "care_leavers": _leavers(tables),
    }
    for name, records in under.items():
        listed = _listed(records, by="referral", name=name)
        referrals = referrals.join(
            listed, left_on="social_care_episode_id", right_on="referral", how="left", maintain_order="left"
        )
    return referrals


def _assessments(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give assessments; of factors, every code that a cell names, whatever shape it has."""
    factors = tables["ssd_assessment_factors"].unique("cinf_assessment_id", keep="first", maintain_order=True)
    joined = tables["ssd_cin_assessments"].join(
        factors, left_on="cina_assessment_id", right_on="cinf_assessment_id", how="left", maintain_order="left"
    )
    return joined.select(
        referral="cina_referral_id",
        child_and_family_assessment_id="cina_assessment_id",
        start_date=_cell("cina_assessment_start_date"),
        authorisation_date=_cell("cina_assessment_auth_date"),
        factors=pl.col("cinf_assessment_factors_json").str.extract_all(r"\b\d{1,2}[A-Z]?\b"),
    )


def _plans(plans: pl.DataFrame) -> pl.DataFrame:
    return plans.select(
        referral="cinp_referral_id",
        child_in_need_plan_id="cinp_cin_plan_id",
        start_date=_cell("cinp_cin_plan_start_date"),
        end_date=_cell("cinp_cin_plan_end_date"),
    )


def _enquiries(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    conferences = tables["ssd_initial_cp_conference"].unique("icpc_s47_enquiry_id", keep="first", maintain_order=True)
    joined = tables["ssd_s47_enquiry"].join(
        conferences, left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left", maintain_order="left"
    )
    required = pl.col("s47e_s47_outcome_json").str.extract(r'"CP_CONFERENCE_FLAG"\s*:\s*"(\w+)"')
    return joined.select(
        referral="s47e_referral_id",
        section_47_assessment_id="s47e_s47_enquiry_id",
        start_date=_cell("s47e_s47_start_date"),
        end_date=_cell("s47e_s47_end_date"),
        icpc_required_flag=_flag(required),
        icpc_date=_cell("icpc_icpc_date"),
    )


def _protection(plans: pl.DataFrame) -> pl.DataFrame:
    return plans.select(
        referral="cppl_referral_id",
        child_protection_plan_id="cppl_cp_plan_id",
        start_date=_cell("cppl_cp_plan_start_date"),
        end_date=_cell("cppl_cp_plan_end_date"),
    )


def _placements(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give placements; where several episodes of care share one, its first reason to begin and its last to cease."""
    reasons = (
        tables["ssd_cla_episodes"]
        .group_by("clae_cla_placement_id", maintain_order=True)
        .agg(
            pl.col("clae_referral_id", "clae_cla_episode_start_reason").first(),
            pl.col("clae_cla_episode_ceased_reason").last(),
        )
    )
    joined = tables["ssd_cla_placement"].join(
        reasons, left_on="clap_cla_placement_id", right_on="clae_cla_placement_id", how="inner", maintain_order="left"
    )
    return joined.select(
        referral="clae_referral_id",
        child_looked_after_placement_id="clap_cla_placement_id",
        start_date=_cell("clap_cla_placement_start_date"),
        start_reason=_cell("clae_cla_episode_start_reason"),
        placement_type=_cell("clap_cla_placement_type"),
        postcode=_cell("clap_cla_placement_postcode"),
        end_date=_cell("clap_cla_placement_end_date"),
        end_reason=_cell("clae_cla_episode_ceased_reason"),
        change_reason=_cell("clap_cla_placement_change_reason"),
    )


def _leavers(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give what is told of care leavers, under the last referral of each: the records name none."""
    last = (
        tables["ssd_cin_episodes"]
        .group_by("cine_person_id", maintain_order=True)
        .agg(pl.col("cine_referral_id").last())
    )
    leavers = tables["ssd_care_leavers"]
    joined = leavers.join(last, left_on="clea_person_id", right_on="cine_person_id", how="inner", maintain_order="left")
    return joined.select(
        referral="cine_referral_id",
        contact_date=_cell("clea_care_leaver_latest_contact"),
        activity=_cell("clea_care_leaver_activity"),
        accommodation=_cell("clea_care_leaver_accommodation"),
    )


def _cell(column: str) -> pl.Expr:
    """Give a cell; a day without its midnight."""
    return pl.col(column).str.strip_suffix(_MIDNIGHT)


def _flag(text: pl.Expr) -> pl.Expr:
    return text.replace({"Y": "true", "N": "false"})


def _listed(records: pl.DataFrame, *, by: str, name: str) -> pl.DataFrame:
    """Put the records of one parent into a list, in the order of the table."""
    fields = [column for column in records.columns if column != by]
    return records.group_by(by, maintain_order=True).agg(pl.struct(fields).alias(name))
