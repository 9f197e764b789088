"""What lists 1 to 7 of an Annex A workbook ask of a child, and which rows of the standard's tables an answer gives.

One declaration per list: its number, the names a sheet goes by, its columns in the standard's order with the header of
each and the pattern by which it is recognised, and where each column goes. A new year's variant is a change here and
nowhere else. Children, disabilities, families and cases are gathered from several lists and are not declared here.
"""

from features.sources.annex_a.asked import CHILD, DISABILITY, TEAM, AnnexAList, Asked, Gives
from features.sources.annex_a.care_lists import CARE_LISTS

LISTS: tuple[AnnexAList, ...] = (
    AnnexAList(
        1,
        "Contacts",
        r"contacts?",
        (
            *CHILD,
            Asked("contact_date", "Date of Contact", r"\bdate\b.*\bcontact\b|\bcontact\b.*\bdate\b"),
            Asked("source", "Contact Source", r"\bsource\b"),
        ),
        (
            Gives(
                "ssd_contacts",
                {
                    "cont_person_id": "child",
                    "cont_contact_date": "contact_date",
                    "cont_contact_source_code": "source",
                },
                keys={"cont_contact_id": "contact"},
            ),
        ),
    ),
    AnnexAList(
        2,
        "Early Help",
        r"early help.*",
        (
            *CHILD,
            Asked("start", "Assessment start date", r"\bstart"),
            Asked(
                "completed",
                "Assessment completion date",
                r"\b(completion|completed|end)\b.*\bdate\b|\bdate\b.*\bcomplet",
            ),
            Asked("organisation", "Organisation completing assessment", r"\borganisation\b"),
        ),
        (
            Gives(
                "ssd_early_help_episodes",
                {
                    "earl_person_id": "child",
                    "earl_episode_start_date": "start",
                    "earl_episode_end_date": "completed",
                    "earl_episode_organisation": "organisation",
                },
                keys={"earl_episode_id": "help"},
            ),
        ),
    ),
    AnnexAList(
        3,
        "Referrals",
        r"referrals?",
        (
            *CHILD,
            Asked("start", "Date of referral", r"\bdate\b.*\breferral\b|\breferral\b.*\bdate\b"),
            Asked("source", "Referral Source", r"\bsource\b"),
            Asked("nfa", "Referral NFA?", r"\bnfa\b|\bno further action\b"),
            Asked("n_referrals", "Number of Referrals in Last 12 Months"),
            *TEAM,
        ),
    ),
    AnnexAList(
        4,
        "Assessments",
        r"(continuous |single )?assessments?",
        (
            *CHILD,
            DISABILITY,
            Asked("start", "Continuous Assessment Start Date", r"\bstart\b"),
            Asked("seen", "Child Seen During Continuous Assessment", r"\bseen\b"),
            Asked("authorised", "Continuous Assessment Date of Authorisation", r"\bauthoris|\bcomplet"),
            Asked(
                "needed",
                "Was the child assessed as requiring LA children’s social care support?",  # noqa: RUF001 - as it is printed
                r"\bassessed\b.*\bsupport\b|\brequir.*\bsupport\b",
            ),
            *TEAM,
        ),
        (
            Gives(
                "ssd_cin_assessments",
                {
                    "cina_person_id": "child",
                    "cina_referral_id": "referral",
                    "cina_assessment_start_date": "start",
                    "cina_assessment_child_seen": "seen",
                    "cina_assessment_auth_date": "authorised",
                    "cina_assessment_team": "team",
                    "cina_assessment_worker_id": "worker",
                },
                keys={"cina_assessment_id": "assessment"},
                opposite={"cina_assessment_outcome_nfa": "needed"},
            ),
        ),
    ),
    AnnexAList(
        5,
        "Section 47 and ICPC",
        r"(section|s) ?47.*",
        (
            *CHILD,
            DISABILITY,
            Asked(
                "start",
                "Strategy discussion initiating Section 47 Enquiry Start Date",
                r"\bstrategy\b|\b(section|s) ?47\b.*\bstart\b",
            ),
            Asked(
                "unnecessary",
                "Was an Initial Child Protection Conference deemed unnecessary?",
                r"\bunnecessary\b|\bnot required\b",
            ),
            Asked(
                "conference",
                "Date of Initial Child Protection Conference",
                r"\bdate\b.*\b(conference|icpc)\b|\b(conference|icpc)\b.*\bdate\b",
            ),
            Asked(
                "plan",
                "Did the Initial Child Protection Conference Result in a Child Protection Plan",
                r"\bresult\b.*\bplan\b",
            ),
            Asked("n_enquiries", "Number of Section 47 Enquiries in the last 12 months"),
            Asked("n_conferences", "Number of ICPCs in the last 12 months"),
            *TEAM,
        ),
        (
            Gives(
                "ssd_s47_enquiry",
                {
                    "s47e_s47_enquiry_id": "enquiry",
                    "s47e_person_id": "child",
                    "s47e_s47_start_date": "start",
                    "s47e_s47_nfa": "unnecessary",
                },
                missing=("s47e_s47_end_date",),
                needs=("enquiry",),
            ),
            Gives(
                "ssd_initial_cp_conference",
                {
                    "icpc_person_id": "child",
                    "icpc_s47_enquiry_id": "enquiry",
                    "icpc_icpc_date": "conference",
                    "icpc_icpc_outcome_cp_flag": "plan",
                    "icpc_icpc_team": "team",
                    "icpc_icpc_worker_id": "worker",
                },
                keys={"icpc_icpc_id": "conference"},
                needs=("conference",),
            ),
        ),
    ),
    AnnexAList(
        6,
        "Children in Need",
        r"(children|child) in need|cin",
        (
            *CHILD,
            DISABILITY,
            Asked("start", "CIN Start Date", r"\bstart"),
            Asked("need", "Primary Need Code", r"\bneed code\b|\b(primary|category of) need\b"),
            Asked("seen", "Date Child Was Last Seen", r"\blast seen\b"),
            Asked("closed", "CIN Closure Date", r"\bclos\w*\b.*\bdate\b|\bdate\b.*\bclos"),
            Asked("reason", "Reason for Closure", r"\breason\b"),
            Asked("status", "Case Status", r"\bstatus\b"),
            *TEAM,
        ),
        (
            Gives(
                "ssd_cin_visits",
                {"cinv_person_id": "child", "cinv_cin_visit_date": "seen"},
                keys={"cinv_cin_visit_id": "visit"},
                always={"cinv_cin_visit_seen": "Y"},
                needs=("seen",),
            ),
            Gives(
                "ssd_cin_plans",
                {
                    "cinp_cin_plan_id": "plan",
                    "cinp_person_id": "child",
                    "cinp_referral_id": "referral",
                    "cinp_cin_plan_start_date": "start",
                    "cinp_cin_plan_end_date": "closed",
                    "cinp_cin_plan_team": "team",
                    "cinp_cin_plan_worker_id": "worker",
                },
                needs=("plan",),
            ),
        ),
    ),
    AnnexAList(
        7,
        "Child Protection Plans",
        r"child protection( plans?)?|cpp?s?|cp plans?",
        (
            *CHILD,
            DISABILITY,
            Asked("start", "Child Protection Plan Start Date", r"\bstart"),
            Asked("initial", "Initial Category of Abuse", r"\binitial\b.*\bcategory\b"),
            Asked("latest", "Latest Category of Abuse", r"\b(latest|current)\b.*\bcategory\b"),
            Asked("visit", "Date of the Last Statutory Visit", r"\bvisit\b"),
            Asked("alone", "Was the Child Seen Alone?", r"\balone\b"),
            Asked("review", "Date of latest review conference", r"\breview\b"),
            Asked("ended", "Child Protection Plan End Date", r"\bend(ed)?\b"),
            Asked(
                "emergency",
                "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
            ),
            Asked("n_plans", "Number of Previous Child Protection Plans"),
            *TEAM,
        ),
        (
            Gives(
                "ssd_cp_plans",
                {
                    "cppl_person_id": "child",
                    "cppl_cp_plan_start_date": "start",
                    "cppl_cp_plan_end_date": "ended",
                    "cppl_cp_plan_initial_category": "initial",
                    "cppl_cp_plan_latest_category": "latest",
                },
                keys={"cppl_cp_plan_id": "plan"},
            ),
            Gives(
                "ssd_cp_reviews",
                {"cppr_person_id": "child", "cppr_cp_review_date": "review"},
                keys={"cppr_cp_review_id": "review", "cppr_cp_plan_id": "plan"},
                needs=("review",),
            ),
            Gives(
                "ssd_cp_visits",
                {"cppv_person_id": "child", "cppv_cp_visit_date": "visit", "cppv_cp_visit_seen_alone": "alone"},
                keys={"cppv_cp_visit_id": "visit", "cppv_cp_plan_id": "plan"},
                needs=("visit",),
            ),
        ),
    ),
    *CARE_LISTS,
)
"""All eleven lists, by number."""
