"""From when each table's rows and cells were known, written a second time and apart from the contracts.

What is *later* is worked out from here, so that a contract that lets a cell through too early is caught as well as a
door that does. By table: its own day, and each cell that is known later than its row, from which date, and how many
days after it.
"""

from __future__ import annotations

KNOWN_FROM: dict[str, tuple[str, dict[str, tuple[str, int]]]] = {
    "ssd_address": ("addr_address_start_date", {"addr_address_end_date": ("addr_address_end_date", 0)}),
    "ssd_contacts": ("cont_contact_date", {"cont_contact_outcome_json": ("cont_contact_date", 3)}),
    "ssd_early_help_episodes": (
        "earl_episode_start_date",
        {
            "earl_episode_end_date": ("earl_episode_end_date", 0),
            "earl_episode_end_reason": ("earl_episode_end_date", 0),
        },
    ),
    "ssd_cin_episodes": (
        "cine_referral_date",
        {
            "cine_referral_outcome_json": ("cine_referral_date", 3),
            "cine_referral_nfa": ("cine_referral_date", 3),
            "cine_close_date": ("cine_close_date", 0),
            "cine_close_reason": ("cine_close_date", 0),
        },
    ),
    "ssd_cin_assessments": (
        "cina_assessment_start_date",
        {
            "cina_assessment_auth_date": ("cina_assessment_auth_date", 0),
            "cina_assessment_child_seen": ("cina_assessment_auth_date", 0),
            "cina_assessment_outcome_json": ("cina_assessment_auth_date", 0),
            "cina_assessment_outcome_nfa": ("cina_assessment_auth_date", 0),
        },
    ),
    "ssd_assessment_factors": ("cinf_known_date", {}),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", {"cinp_cin_plan_end_date": ("cinp_cin_plan_end_date", 0)}),
    "ssd_cin_visits": ("cinv_cin_visit_date", {}),
    "ssd_s47_enquiry": (
        "s47e_s47_start_date",
        {
            "s47e_s47_end_date": ("s47e_s47_end_date", 0),
            "s47e_s47_nfa": ("s47e_s47_end_date", 0),
            "s47e_s47_outcome_json": ("s47e_s47_end_date", 0),
        },
    ),
    "ssd_initial_cp_conference": ("icpc_icpc_date", {}),
    "ssd_cp_plans": (
        "cppl_cp_plan_start_date",
        {
            "cppl_cp_plan_end_date": ("cppl_cp_plan_end_date", 0),
            "cppl_cp_plan_latest_category": ("cppl_cp_plan_end_date", 0),
        },
    ),
    "ssd_cp_reviews": ("cppr_cp_review_date", {}),
    "ssd_cla_episodes": (
        "clae_cla_episode_start_date",
        {
            "clae_cla_episode_ceased_date": ("clae_cla_episode_ceased_date", 0),
            "clae_cla_episode_ceased_reason": ("clae_cla_episode_ceased_date", 0),
            "clae_cla_last_iro_contact_date": ("clae_cla_last_iro_contact_date", 0),
        },
    ),
    "ssd_missing": (
        "miss_missing_episode_start_date",
        {
            "miss_missing_episode_end_date": ("miss_missing_episode_end_date", 0),
            "miss_missing_rhi_offered": ("miss_missing_episode_end_date", 3),
            "miss_missing_rhi_accepted": ("miss_missing_episode_end_date", 3),
        },
    ),
    "ssd_sdq_scores": ("csdq_sdq_completed_date", {}),
    "ssd_mother": ("moth_childs_dob", {}),
    "ssd_immigration_status": (
        "immi_immigration_status_start_date",
        {"immi_immigration_status_end_date": ("immi_immigration_status_end_date", 0)},
    ),
    "ssd_linked_identifiers": ("link_valid_from_date", {"link_valid_to_date": ("link_valid_to_date", 0)}),
    "ssd_involvements": (
        "invo_involvement_start_date",
        {
            "invo_involvement_end_date": ("invo_involvement_end_date", 0),
            "invo_worker_change_reason": ("invo_involvement_end_date", 0),
        },
    ),
    "ssd_cp_visits": ("cppv_cp_visit_date", {}),
    "ssd_cla_placement": (
        "clap_cla_placement_start_date",
        {
            "clap_cla_placement_end_date": ("clap_cla_placement_end_date", 0),
            "clap_cla_placement_change_reason": ("clap_cla_placement_end_date", 0),
        },
    ),
    "ssd_legal_status": (
        "lega_legal_status_start_date",
        {"lega_legal_status_end_date": ("lega_legal_status_end_date", 0)},
    ),
    "ssd_cla_reviews": ("clar_cla_review_date", {}),
    "ssd_cla_visits": ("clav_cla_visit_date", {}),
    "ssd_cla_care_plan": (
        "lacp_cla_care_plan_start_date",
        {"lacp_cla_care_plan_end_date": ("lacp_cla_care_plan_end_date", 0)},
    ),
    "ssd_cla_previous_permanence": ("lapp_known_date", {}),
    "ssd_permanence": (
        "perm_known_date",
        {
            "perm_adm_decision_date": ("perm_adm_decision_date", 0),
            "perm_ffa_cp_decision_date": ("perm_ffa_cp_decision_date", 0),
            "perm_placed_ffa_cp_date": ("perm_placed_ffa_cp_date", 0),
            "perm_placement_order_date": ("perm_placement_order_date", 0),
            "perm_matched_date": ("perm_matched_date", 0),
            "perm_placed_for_adoption_date": ("perm_placed_for_adoption_date", 0),
            "perm_part_of_sibling_group": ("perm_matched_date", 0),
            "perm_siblings_placed_together": ("perm_matched_date", 0),
            "perm_siblings_placed_apart": ("perm_matched_date", 0),
            "perm_decision_reversed_date": ("perm_decision_reversed_date", 0),
            "perm_decision_reversed_reason": ("perm_decision_reversed_date", 0),
            "perm_permanence_order_date": ("perm_permanence_order_date", 0),
            "perm_permanence_order_type": ("perm_permanence_order_date", 0),
            "perm_adopted_by_carer_flag": ("perm_permanence_order_date", 0),
        },
    ),
    "ssd_cla_health": ("clah_health_check_date", {}),
    "ssd_cla_immunisations": ("clai_immunisations_status_date", {}),
    "ssd_cla_substance_misuse": (
        "clas_substance_misuse_date",
        {"clas_intervention_received": ("clas_substance_misuse_date", 365)},
    ),
    "ssd_cla_convictions": ("clac_cla_conviction_date", {}),
    "ssd_care_leavers": (
        "clea_care_leaver_latest_contact",
        {"clea_pathway_plan_review_date": ("clea_pathway_plan_review_date", 0)},
    ),
    "ext_school_attendance": ("scho_period_end_date", {}),
    "ext_services": (
        "serv_start_date",
        {"serv_end_date": ("serv_end_date", 0), "serv_end_reason": ("serv_end_date", 0)},
    ),
    "ext_family_assessments": ("fama_assessment_date", {}),
    "ext_family_views": ("famv_view_date", {}),
    "ext_population": ("popu_date", {}),
}

ROW_LAG = {"ssd_cla_convictions": 365}
"""Days after its own day until a row is known, where that is not the day itself."""

UNDATED = (
    "ssd_person",
    "ssd_family",
    "ssd_disability",
    "ssd_professionals",
    "ssd_department",
    "ssd_sen_need",
    "ext_deprivation",
)
"""Tables of which no day is known: they count as extracted."""
