"""Contracts of child protection (Children Act 1989 s.47): enquiry, conference, plan, its visits and reviews."""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key, person

REFERRAL = "ssd_cin_episodes.cine_referral_id"
PLAN = "ssd_cp_plans.cppl_cp_plan_id"


class SsdS47Enquiry(Contract, table="ssd_s47_enquiry", row_known_from="s47e_s47_start_date"):
    """An enquiry whether a child suffers, or is likely to suffer, significant harm; by itself it finds nothing."""

    s47e_s47_enquiry_id: pl.String = key()
    s47e_referral_id: pl.String = field("id", references=REFERRAL)
    s47e_person_id: pl.String = person()
    s47e_s47_start_date: pl.Date = event()
    s47e_s47_end_date: pl.Date = ending("s47e_s47_start_date")
    s47e_s47_nfa: pl.Int8 = field(
        "flag", known_from="s47e_s47_end_date", reason="what came of it is known when it ends"
    )
    s47e_s47_outcome_json: pl.String = field(
        "codes",
        codelist="json_s47_outcome_keys",
        known_from="s47e_s47_end_date",
        reason="what came of it is known when it ends",
    )
    s47e_s47_completed_by_worker_id: pl.String = field("id")
    s47e_s47_completed_by_team: pl.String = field("id")


class SsdInitialCpConference(Contract, table="ssd_initial_cp_conference", row_known_from="icpc_icpc_date"):
    """An initial child protection conference. One that is planned and not held yet has no date: it is never known."""

    icpc_icpc_id: pl.String = key()
    icpc_icpc_meeting_id: pl.String = field("id")
    icpc_s47_enquiry_id: pl.String = field("id", references="ssd_s47_enquiry.s47e_s47_enquiry_id")
    icpc_person_id: pl.String = person()
    # A conference and the plan that it makes point to each other, so one of the two points to a later table.
    icpc_cp_plan_id: pl.String = field("id", references=PLAN)
    icpc_referral_id: pl.String = field("id", references=REFERRAL)
    icpc_icpc_transfer_in: pl.Int8 = field("flag")
    icpc_icpc_target_date: pl.Date = field("date", is_planned=True)
    icpc_icpc_date: pl.Date = field("date", is_required=True)
    icpc_icpc_outcome_cp_flag: pl.Int8 = field("flag")
    icpc_icpc_outcome_json: pl.String = field("codes", codelist="json_icpc_outcome_keys")
    icpc_icpc_team: pl.String = field("id")
    icpc_icpc_worker_id: pl.String = field("id")


class SsdCpPlans(Contract, table="ssd_cp_plans", row_known_from="cppl_cp_plan_start_date"):
    """A child protection plan (in Wales: an entry in the register) and the kind of harm it names."""

    cppl_cp_plan_id: pl.String = key()
    cppl_referral_id: pl.String = field("id", references=REFERRAL)
    cppl_icpc_id: pl.String = field("id", references="ssd_initial_cp_conference.icpc_icpc_id")
    cppl_person_id: pl.String = person()
    cppl_cp_plan_start_date: pl.Date = event()
    cppl_cp_plan_end_date: pl.Date = ending("cppl_cp_plan_start_date")
    cppl_cp_plan_initial_category: pl.String = field("code", codelist="cp_category")
    cppl_cp_plan_ola: pl.Int8 = field("flag")
    cppl_cp_plan_latest_category: pl.String = field(
        "code",
        codelist="cp_category",
        known_from="cppl_cp_plan_end_date",
        reason="the day on which a category changed is not recorded; by the plan's end it had",
    )


class SsdCpReviews(Contract, table="ssd_cp_reviews", row_known_from="cppr_cp_review_date"):
    """A review of a protection plan and how the child took part. One that is only due has no date: never known."""

    cppr_cp_review_id: pl.String = key()
    cppr_person_id: pl.String = person()
    cppr_cp_plan_id: pl.String = field("id", references=PLAN)
    cppr_cp_review_due: pl.Date = field("date", is_planned=True)
    cppr_cp_review_date: pl.Date = field("date", is_required=True)
    cppr_cp_review_meeting_id: pl.String = field("id")
    cppr_cp_review_outcome_continue_cp: pl.Int8 = field("flag")
    cppr_cp_review_quorate: pl.Int8 = field("flag")
    cppr_cp_review_participation: pl.String = field("code", codelist="review_participation")


class SsdCpVisits(Contract, table="ssd_cp_visits", row_known_from="cppv_cp_visit_date"):
    """A visit to a child with a protection plan."""

    cppv_cp_visit_id: pl.String = key()
    cppv_person_id: pl.String = person()
    cppv_cp_plan_id: pl.String = field("id", references=PLAN)
    cppv_cp_visit_date: pl.Date = event()
    cppv_cp_visit_seen: pl.Int8 = field("flag")
    cppv_cp_visit_seen_alone: pl.Int8 = field("flag")
    cppv_cp_visit_bedroom: pl.Int8 = field("flag")
