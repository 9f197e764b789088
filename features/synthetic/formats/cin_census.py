"""Writes simulated records as a child in need census, in the schema of the collection year that they end in.

A census in truth holds the children with a case open in one year, and its reference date is 31 March; this file holds
every referral of the records, and its reference date is their last day, so that what is read back can be compared. A
row that hangs on no referral has no place in a census and is not written. Cells are written as they are, dirt and all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.vocabulary.collection_years import FIRST_MONTH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

FILE = "cin_census.xml"
# From the collection of 2025 sex is written in letters, under its own name.
SEX_IN_LETTERS = 2025
SEX_IN_NUMBERS = {"M": "1", "F": "2", "U": "0", "I": "9"}
CHILDREN_AT_ONCE = 10_000

_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
<Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year><ReferenceDate>{until}</ReferenceDate>\
</CollectionDetails><Source><SourceLevel>L</SourceLevel><LEA>000</LEA></Source></Header>
<Children>
"""
_FOOTER = "</Children>\n</Message>\n"
# XML 1.0 has no way to write these, not even escaped.
_NOT_IN_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
_MIDNIGHT = " 00:00:00"


def write_cin_census(tables: Mapping[str, pl.DataFrame], folder: Path, *, until: date) -> None:
    """Write one census of all referrals.

    Parameters
    ----------
    tables
        The simulator's tables of the standard, every cell text.
    folder
        Where `cin_census.xml` is written; it exists.
    until
        The last day of the records.
    """
    year = until.year + (until.month >= FIRST_MONTH)
    children = _children(tables, year)
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEADER.format(year=year, until=until))
        for part in children.iter_slices(CHILDREN_AT_ONCE):
            file.writelines(f"{child}\n" for child in part["xml"])
        file.write(_FOOTER)


def _children(tables: Mapping[str, pl.DataFrame], year: int) -> pl.DataFrame:
    disabilities = _joined(
        tables["ssd_disability"].select(person="disa_person_id", xml=_element("Disability", "disa_disability_code")),
        "person",
    )
    details = _joined(_details(tables).select("xml", person="cine_person_id"), "person").rename({"xml": "details"})
    persons = (
        tables["ssd_person"]
        .with_columns(person="pers_person_id")
        .join(disabilities, on="person", how="left", maintain_order="left")
        .join(details, on="person", how="inner", maintain_order="left")
    )
    in_numbers = pl.col("pers_sex").replace(SEX_IN_NUMBERS)
    sexes = persons if year >= SEX_IN_LETTERS else persons.with_columns(pers_sex=in_numbers)
    identifiers = [
        _element("LAchildID", "pers_person_id"),
        _element("UPNunknown", "pers_upn_unknown"),
        _element("PersonBirthDate", "pers_dob"),
        _element("ExpectedPersonBirthDate", "pers_expected_dob"),
        _element("Sex" if year >= SEX_IN_LETTERS else "GenderCurrent", "pers_sex"),
        _element("PersonDeathDate", "pers_death_date"),
    ]
    characteristics = [_element("Ethnicity", "pers_ethnicity"), _around("Disabilities", _given("xml"))]
    return sexes.select(
        xml=_around(
            "Child",
            _around("ChildIdentifiers", *identifiers),
            _around("ChildCharacteristics", *characteristics),
            pl.col("details"),
        )
    )


def _details(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give each referral as `CINdetails` with everything under it, in the order of the schema."""
    under = {
        "assessments": _assessments(tables),
        "plans": _plans(tables["ssd_cin_plans"]),
        "enquiries": _enquiries(tables),
        "conferences": _conferences_alone(tables["ssd_initial_cp_conference"]),
        "protection": _protection(tables),
    }
    referrals = tables["ssd_cin_episodes"].with_columns(referral="cine_referral_id")
    for name, blocks in under.items():
        blocks = _joined(blocks.select("referral", "xml"), "referral").rename({"xml": name})
        referrals = referrals.join(blocks, on="referral", how="left", maintain_order="left")
    return referrals.with_columns(
        xml=_around(
            "CINdetails",
            _element("CINreferralDate", "cine_referral_date"),
            _element("ReferralSource", "cine_referral_source_code"),
            _element("PrimaryNeedCode", "cine_cin_primary_need_code"),
            _element("CINclosureDate", "cine_close_date"),
            _element("ReasonForClosure", "cine_close_reason"),
            *(_given(name) for name in ("conferences", "assessments", "plans", "enquiries")),
            _element("ReferralNFA", "cine_referral_nfa", flag=True),
            _given("protection"),
        )
    )


def _assessments(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write assessments; of factors, every code that a cell names, whatever shape it has."""
    found = tables["ssd_assessment_factors"].select(
        assessment="cinf_assessment_id",
        code=pl.col("cinf_assessment_factors_json").str.extract_all(r"\b\d{1,2}[A-Z]?\b"),
    )
    codes = found.explode("code").drop_nulls("code").select("assessment", xml=_element("AssessmentFactors", "code"))
    assessments = tables["ssd_cin_assessments"].with_columns(assessment="cina_assessment_id")
    joined = assessments.join(_joined(codes, "assessment"), on="assessment", how="left", maintain_order="left")
    block = _around(
        "Assessments",
        _element("AssessmentActualStartDate", "cina_assessment_start_date"),
        _element("AssessmentAuthorisationDate", "cina_assessment_auth_date"),
        _around("FactorsIdentifiedAtAssessment", _given("xml")),
    )
    return joined.select(referral="cina_referral_id", xml=block)


def _plans(plans: pl.DataFrame) -> pl.DataFrame:
    start = _element("CINPlanStartDate", "cinp_cin_plan_start_date")
    end = _element("CINPlanEndDate", "cinp_cin_plan_end_date")
    return plans.select(referral="cinp_referral_id", xml=_around("CINPlanDates", start, end))


def _enquiries(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write enquiries with their conference; one that ended without one needed none."""
    conferences = tables["ssd_initial_cp_conference"].unique("icpc_s47_enquiry_id", keep="first", maintain_order=True)
    joined = tables["ssd_s47_enquiry"].join(
        conferences, left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left", maintain_order="left"
    )
    needed_none = pl.col("icpc_icpc_id").is_null() & pl.col("s47e_s47_end_date").is_not_null()
    block = _around(
        "Section47",
        _element("S47ActualStartDate", "s47e_s47_start_date"),
        _element("InitialCPCtarget", "icpc_icpc_target_date"),
        _element("DateOfInitialCPC", "icpc_icpc_date"),
        pl.format("<ICPCnotRequired>{}</ICPCnotRequired>", needed_none.cast(pl.Int8)),
    )
    return joined.select(referral="s47e_referral_id", xml=block)


def _conferences_alone(conferences: pl.DataFrame) -> pl.DataFrame:
    """Write conferences without an enquiry; a referral has a place for one."""
    alone = conferences.filter(pl.col("icpc_s47_enquiry_id").is_null())
    first = alone.unique("icpc_referral_id", keep="first", maintain_order=True)
    return first.select(referral="icpc_referral_id", xml=_element("DateOfInitialCPC", "icpc_icpc_date"))


def _protection(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    reviews = tables["ssd_cp_reviews"].select(
        plan="cppr_cp_plan_id", xml=_element("CPPreviewDate", "cppr_cp_review_date")
    )
    n_before = pl.int_range(pl.len()).over("cppl_person_id", order_by="cppl_cp_plan_start_date")
    plans = tables["ssd_cp_plans"].with_columns(plan="cppl_cp_plan_id", n_before=n_before)
    joined = plans.join(_joined(reviews, "plan"), on="plan", how="left", maintain_order="left")
    block = _around(
        "ChildProtectionPlans",
        _element("CPPstartDate", "cppl_cp_plan_start_date"),
        _element("CPPendDate", "cppl_cp_plan_end_date"),
        _element("InitialCategoryOfAbuse", "cppl_cp_plan_initial_category"),
        _element("LatestCategoryOfAbuse", "cppl_cp_plan_latest_category"),
        pl.format("<NumberOfPreviousCPP>{}</NumberOfPreviousCPP>", "n_before"),
        _around("Reviews", _given("xml")),
    )
    return joined.select(referral="cppl_referral_id", xml=block)


def _element(name: str, column: str, *, flag: bool = False) -> pl.Expr:
    """Write a cell as an element, escaped; a day without its midnight; nothing where it is missing."""
    text = pl.col(column).str.strip_suffix(_MIDNIGHT).str.replace_all(_NOT_IN_XML, "")
    escaped = text.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
    written = escaped.replace({"Y": "1", "N": "0"}) if flag else escaped
    return pl.format(f"<{name}>{{}}</{name}>", written).fill_null("")


def _given(column: str) -> pl.Expr:
    return pl.col(column).fill_null("")


def _around(name: str, *parts: pl.Expr) -> pl.Expr:
    """Put an element around others; nothing where there are none."""
    inside = pl.concat_str(*parts)
    return pl.when(inside == "").then(pl.lit("")).otherwise(pl.format(f"<{name}>{{}}</{name}>", inside))


def _joined(blocks: pl.DataFrame, by: str) -> pl.DataFrame:
    """Put the blocks of one parent in a row, in the order of the table."""
    return blocks.group_by(by, maintain_order=True).agg(pl.col("xml").str.join(""))
