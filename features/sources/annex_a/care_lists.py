"""What lists 8 to 11 of an Annex A workbook ask: children in care, care leavers, adoption and adopters.

See `lists`. Adopters are not children of the records, so nothing of list 11 is read.
"""

from features.sources.annex_a.asked import CHILD, DISABILITY, TEAM, AnnexAList, Asked, Gives

_UASC = r"\bunaccompanied\b|\buasc\b"

CHILDREN_IN_CARE = AnnexAList(
    8,
    "Children in Care",
    r"children in care|(children )?looked after( children)?|cla|lac|cic",
    (
        *CHILD,
        Asked("uasc", "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", _UASC),
        DISABILITY,
        Asked("start", "Date Started to be Looked After", r"\bstarted\b|\bstart date\b.*\blooked after\b"),
        Asked("need", "Child's Category of Need", r"\bneed\b"),
        Asked(
            "again",
            "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        ),
        Asked("status_start", "Start date of current legal status", r"\bdate\b.*\blegal status\b"),
        Asked("status", "Child's Legal Status", r"\blegal status\b"),
        Asked("review", "Date of Latest Statutory Review", r"\breview\b"),
        Asked("visit", "Date of Last Social Work Visit", r"\b(social work\w*|statutory) visit\b"),
        Asked("permanence", "What is the permanence plan for this child?"),
        Asked("iro", "Date of Last IRO Visit / Contact to the Child", r"\biro\b|\bindependent reviewing\b"),
        Asked("health", "Date of Last Health Assessment", r"\bhealth\b"),
        Asked("dental", "Date of Last Dental Check", r"\bdental\b"),
        Asked("n_placements", "Number of Placements in the Last 12 months"),
        Asked("ceased", "Date Ceased to be Looked After", r"\bdate\b.*\bceased\b|\bceased\b.*\bdate\b"),
        Asked("reason", "Reason Ceased to be Looked After", r"\breason\b"),
        Asked("placed", "Start Date of Most Recent Placement", r"\bdate\b.*\bplacement\b|\bplacement\b.*\bdate\b"),
        Asked("placement", "Placement Type", r"\bplacement type\b|\btype of placement\b"),
        Asked("provider", "Placement Provider", r"\bprovider\b"),
        Asked("postcode", "Placement postcode"),
        Asked("urn", "URN of Placement"),
        Asked("location", "Placement Location"),
        Asked("authority", "LA of Placement"),
        Asked(
            "n_missing",
            "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
        ),
        Asked(
            "n_absent",
            "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
        ),
        Asked("offered", "Was the child offered a Return Interview after their last missing episode (Y/N)?"),
        Asked("accepted", "Did the child accept a Return Interview after their last missing episode (Y/N)?"),
        *TEAM,
    ),
    (
        Gives(
            "ssd_cla_episodes",
            {
                "clae_person_id": "child",
                "clae_cla_episode_start_date": "start",
                "clae_entered_care_date": "start",
                "clae_cla_primary_need_code": "need",
                "clae_cla_episode_ceased_date": "ceased",
                "clae_cla_episode_ceased_reason": "reason",
                "clae_cla_last_iro_contact_date": "iro",
                "clae_cla_placement_id": "home",
            },
            keys={"clae_cla_episode_id": "episode", "clae_cla_id": "care"},
        ),
        Gives(
            "ssd_cla_placement",
            {
                "clap_cla_placement_id": "home",
                "clap_person_id": "child",
                "clap_cla_placement_start_date": "placed",
                "clap_cla_placement_end_date": "ceased",
                "clap_cla_placement_type": "placement",
                "clap_cla_placement_provider": "provider",
            },
            keys={"clap_cla_id": "care"},
            needs=("home",),
        ),
        Gives(
            "ssd_legal_status",
            {
                "lega_person_id": "child",
                "lega_legal_status": "status",
                "lega_legal_status_start_date": "status_start",
                "lega_legal_status_end_date": "ceased",
            },
            keys={"lega_legal_status_id": "status"},
            needs=("status", "status_start"),
        ),
        Gives(
            "ssd_cla_reviews",
            {"clar_cla_person_id": "child", "clar_cla_review_date": "review"},
            keys={"clar_cla_review_id": "review", "clar_cla_id": "care"},
            missing=("clar_cla_review_due_date",),
            needs=("review",),
        ),
        Gives(
            "ssd_cla_visits",
            {"clav_person_id": "child", "clav_cla_visit_date": "visit"},
            keys={"clav_cla_visit_id": "visit", "clav_cla_id": "care"},
            needs=("visit",),
        ),
        Gives(
            "ssd_cla_health",
            {"clah_person_id": "child", "clah_health_check_date": "health"},
            keys={"clah_health_check_id": "health"},
            always={"clah_health_check_type": "Health Assessment", "clah_health_check_status": "Completed"},
            needs=("health",),
        ),
        Gives(
            "ssd_cla_health",
            {"clah_person_id": "child", "clah_health_check_date": "dental"},
            keys={"clah_health_check_id": "dental"},
            always={"clah_health_check_type": "Dental Check", "clah_health_check_status": "Completed"},
            needs=("dental",),
        ),
    ),
)

CARE_LEAVERS = AnnexAList(
    9,
    "Care Leavers",
    r"care leavers?|leaving care",
    (
        *CHILD,
        Asked("uasc", "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)", _UASC),
        DISABILITY,
        *TEAM,
        Asked("advisor", "Allocated Personal Advisor"),
        Asked("eligibility", "Eligibility Category", r"\beligib"),
        Asked("pathway", "Latest Pathway Plan Review Date", r"\bpathway\b"),
        Asked("in_touch", "LA in Touch", r"\bin touch\b"),
        Asked("contact", "Latest Date of Contact", r"\bdate\b.*\bcontact\b|\bcontact\b.*\bdate\b"),
        Asked("home", "Type of Accommodation", r"\btype\b.*\baccommodation\b|^accommodation( type)?$"),
        Asked("suitable", "Suitability of Accommodation", r"\bsuitab"),
        Asked("activity", "Activity Status", r"\bactivity\b"),
    ),
    (
        Gives(
            "ssd_care_leavers",
            {
                "clea_person_id": "child",
                "clea_care_leaver_eligibility": "eligibility",
                "clea_care_leaver_in_touch": "in_touch",
                "clea_care_leaver_latest_contact": "contact",
                "clea_care_leaver_accommodation": "home",
                "clea_care_leaver_accom_suitable": "suitable",
                "clea_care_leaver_activity": "activity",
                "clea_pathway_plan_review_date": "pathway",
                "clea_care_leaver_allocated_team": "team",
                "clea_care_leaver_worker_id": "worker",
            },
            keys={"clea_table_id": "leaver"},
        ),
    ),
)

ADOPTION = AnnexAList(
    10,
    "Adoption",
    r"adoptions?|children adopted.*",
    (
        CHILD[0],
        Asked("family", "Family identifier", r"\bfamily\b"),
        *CHILD[1:],
        DISABILITY,
        Asked("entered", "Date the Child Entered Care"),
        Asked("decided", "Date of Decision that Child Should be Placed for Adoption", r"\bshould be placed\b"),
        Asked("order", "Date of Placement Order", r"\bplacement order\b"),
        Asked("matched", "Date of Matching Child and Prospective Adopters", r"\bmatch"),
        Asked("placed", "Date Placed for Adoption", r"^date (child )?placed\b"),
        Asked("adopted", "Date of Adoption Order", r"\badoption order\b"),
        Asked(
            "reversed",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
            r"\bdate\b.*\bno longer\b",
        ),
        Asked("reason", "Reason Why Child No Longer Placed for Adoption", r"\breason\b"),
        Asked(
            "fostered",
            "Date the child was placed for fostering in FFA or concurrent planning placement",
            r"\bffa\b|\bconcurrent\b",
        ),
    ),
    (
        Gives(
            "ssd_permanence",
            {
                "perm_person_id": "child",
                "perm_adm_decision_date": "decided",
                "perm_placement_order_date": "order",
                "perm_matched_date": "matched",
                "perm_placed_for_adoption_date": "placed",
                "perm_permanence_order_date": "adopted",
                "perm_permanence_order_type": "adoption",
                "perm_decision_reversed_date": "reversed",
                "perm_decision_reversed_reason": "reason",
                "perm_placed_ffa_cp_date": "fostered",
            },
            keys={"perm_table_id": "permanence"},
        ),
    ),
)

ADOPTERS = AnnexAList(
    11,
    "Adopters",
    r"(prospective )?adopters?",
    tuple(
        Asked(f"adopter_{place}", header)
        for place, header in enumerate(
            (
                "Individual adopter identifier",
                "Family identifier",
                "Gender",
                "Ethnicity",
                "Disability",
                "Is the (prospective) adopter fostering for adoption?",
                "Date enquiry received",
                "Date Stage 1 started",
                "Date Stage 1 ended",
                "Date Stage 2 started",
                "Date Stage 2 ended",
                "Date application submitted",
                "Date application approved",
                "Date adopter matched with child(ren)",
                "Date child/children placed with adopter(s)",
                "No. of children placed",
                "Date of Adoption Order",
                "Date of leaving adoption process",
                "Reason for leaving adoption process",
            ),
            start=1,
        )
    ),
)

CARE_LISTS = (CHILDREN_IN_CARE, CARE_LEAVERS, ADOPTION, ADOPTERS)
