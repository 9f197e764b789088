"""Contracts of children in need (Children Act 1989 s.17): referral, assessment, its factors, plan and visits."""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key, person

REFERRAL = "ssd_cin_episodes.cine_referral_id"
AUTHORISED = "what was found is known when the assessment is authorised"


class SsdCinEpisodes(Contract, table="ssd_cin_episodes", row_known_from="cine_referral_date"):
    """A referral and the episode that it opened, until the case was closed."""

    cine_referral_id: pl.String = key()
    cine_person_id: pl.String = person()
    cine_referral_date: pl.Date = event()
    cine_cin_primary_need_code: pl.String = field("code", codelist="primary_need")
    cine_referral_source_code: pl.String = field(
        "code", codelist="referral_source", described_by="cine_referral_source_desc"
    )
    cine_referral_source_desc: pl.String = field("text")
    cine_referral_outcome_json: pl.String = field(
        "codes",
        codelist="json_referral_outcome_keys",
        lag_days=3,
        reason="decided within one working day; three days cover a weekend",
    )
    cine_referral_nfa: pl.Int8 = field(
        "flag", lag_days=3, reason="decided within one working day; three days cover a weekend"
    )
    cine_close_reason: pl.String = field(
        "code",
        codelist="reason_for_closure",
        known_from="cine_close_date",
        reason="why it closed is known when it closes",
    )
    cine_close_date: pl.Date = ending("cine_referral_date")
    cine_referral_team: pl.String = field("id")
    cine_referral_worker_id: pl.String = field("id")


class SsdCinAssessments(Contract, table="ssd_cin_assessments", row_known_from="cina_assessment_start_date"):
    """An assessment of a child's needs; what it found is known from the day it was authorised."""

    cina_assessment_id: pl.String = key()
    cina_person_id: pl.String = person()
    cina_referral_id: pl.String = field("id", references=REFERRAL)
    cina_assessment_start_date: pl.Date = event()
    cina_assessment_child_seen: pl.Int8 = field("flag", known_from="cina_assessment_auth_date", reason=AUTHORISED)
    cina_assessment_auth_date: pl.Date = ending("cina_assessment_start_date")
    cina_assessment_outcome_json: pl.String = field(
        "codes",
        codelist="json_assessment_outcome_keys",
        known_from="cina_assessment_auth_date",
        reason=AUTHORISED,
    )
    cina_assessment_outcome_nfa: pl.Int8 = field("flag", known_from="cina_assessment_auth_date", reason=AUTHORISED)
    cina_assessment_team: pl.String = field("id")
    cina_assessment_worker_id: pl.String = field("id")


class SsdAssessmentFactors(Contract, table="ssd_assessment_factors", row_known_from="cinf_known_date"):
    """The factors found by an assessment.

    Only factors that were found are recorded: an assessment without a row here is *unknown*, not *none*. Validation
    attaches whose assessment it was and the day from which it is known; without that day it is never known.
    """

    cinf_table_id: pl.String = key(is_required=False)
    cinf_assessment_id: pl.String = field(
        "id", is_required=True, may_be_missing=False, references="ssd_cin_assessments.cina_assessment_id"
    )
    cinf_assessment_factors_json: pl.String = field("codes", codelist="assessment_factor", is_required=True)
    cinf_person_id: pl.String = field("id", is_derived=True, may_be_missing=False)
    cinf_known_date: pl.Date = field("date", is_derived=True)


class SsdCinPlans(Contract, table="ssd_cin_plans", row_known_from="cinp_cin_plan_start_date"):
    """A child in need plan: services under s.17, with the family's agreement."""

    cinp_cin_plan_id: pl.String = key()
    cinp_referral_id: pl.String = field("id", references=REFERRAL)
    cinp_person_id: pl.String = person()
    cinp_cin_plan_start_date: pl.Date = event()
    cinp_cin_plan_end_date: pl.Date = ending("cinp_cin_plan_start_date")
    cinp_cin_plan_team: pl.String = field("id")
    cinp_cin_plan_worker_id: pl.String = field("id")


class SsdCinVisits(Contract, table="ssd_cin_visits", row_known_from="cinv_cin_visit_date"):
    """A visit to a child in need."""

    cinv_cin_visit_id: pl.String = key()
    cinv_person_id: pl.String = person()
    cinv_cin_visit_date: pl.Date = event()
    cinv_cin_visit_seen: pl.Int8 = field("flag")
    cinv_cin_visit_seen_alone: pl.Int8 = field("flag")
    cinv_cin_visit_bedroom: pl.Int8 = field("flag")
