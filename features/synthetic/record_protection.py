"""What is recorded of child protection: enquiries, conferences, plans and their reviews."""

from __future__ import annotations

import numpy as np
import polars as pl

from features.synthetic.cells import (
    NEVER,
    Case,
    Spans,
    chosen,
    dates,
    drawn,
    drawn_alike,
    ending_move,
    ids,
    outcome,
    spans_of,
    stays_in,
    yes_no,
)  # fmt: skip
from features.synthetic.families import FAMILY_PROBLEMS, Ints
from features.synthetic.record_need import visited
from features.synthetic.record_referrals import TEAMS, Referrals
from features.synthetic.states import ON_A_PLAN, Move, State

S47_KEYS = (
    "NFA_FLAG", "LEGAL_ACTION_FLAG", "PROV_OF_SERVICES_FLAG", "PROV_OF_SB_CARE_FLAG", "CP_CONFERENCE_FLAG",
    "NFA_CONTINUE_SINGLE_FLAG", "MONITOR_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
S47_OUTCOMES = [
    outcome(S47_KEYS, "NFA_FLAG"),
    outcome(S47_KEYS, "CP_CONFERENCE_FLAG"),
    outcome(S47_KEYS, "LEGAL_ACTION_FLAG"),
    None,
]
ICPC_KEYS = (
    "NFA_FLAG", "REFERRAL_TO_OTHER_AGENCY_FLAG", "SINGLE_ASSESSMENT_FLAG", "PROV_OF_SERVICES_FLAG", "CP_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
ICPC_OUTCOMES = [outcome(ICPC_KEYS, "PROV_OF_SERVICES_FLAG"), outcome(ICPC_KEYS, "CP_FLAG")]
TO_CONFERENCE = (Move.PROTECTION_BEGAN, Move.CONFERENCE_NO_PLAN)
# Initial category, England 2020 (DfE): neglect 50.5%, emotional 35.7%, physical 7.4%, sexual 3.8%, multiple 2.6%.
OTHER_CATEGORIES = {"EMO": 38.5, "PHY": 8, "SAB": 3.8, "MUL": 2.6}
# First review within three months of the conference, then every six (Working Together to Safeguard Children).
REVIEW_MONTHS = (3, *range(9, 100, 6))
VIEWS = ("PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")


def _enquiry_ends(case: Case, spans: Spans) -> Ints:
    """Give the day on which each enquiry was completed: days before a conference, within the month it was decided."""
    at = np.minimum(spans.end_month, case.months.n - 1)
    is_conference = np.isin(ending_move(case, spans), TO_CONFERENCE)
    before = np.maximum(spans.end_day - 6, case.months.first_days[at])
    return np.where(spans.is_open, NEVER, np.where(is_conference, before, spans.end_day))


def _enquiry_begins(case: Case, spans: Spans) -> Ints:
    """Give the day on which each enquiry was begun: in the second half of its month, days after what gave rise to it.

    Half of conferences are held within 14 working days (England 2023, DfE). Nothing of how the enquiry ends is used.
    """
    first, after = (case.months.first_days[spans.start_month + k].astype(np.int64) for k in (0, 1))
    later = (spans.start_day + after) // 2
    within = (spans.start_day >= first) & (spans.start_day < after)
    return np.minimum(np.where(within, later, spans.start_day), case.months.until)


def _enquiries(case: Case, spans: Spans, referrals: Referrals, rng: np.random.Generator) -> pl.DataFrame:
    ended = ending_move(case, spans)
    result = np.select([spans.is_open, np.isin(ended, TO_CONFERENCE), ended == Move.INTO_CARE], [3, 1, 2], 0)
    return pl.DataFrame(
        {
            "s47e_s47_enquiry_id": ids(spans.n, first=80001),
            "s47e_referral_id": referrals.at(case, spans.child, spans.start_month),
            "s47e_person_id": case.persons(spans.child),
            "s47e_s47_start_date": dates(_enquiry_begins(case, spans)),
            "s47e_s47_end_date": dates(_enquiry_ends(case, spans)),
            "s47e_s47_nfa": yes_no(result == 0, ~spans.is_open),
            "s47e_s47_outcome_json": chosen(S47_OUTCOMES, result),
            "s47e_s47_completed_by_worker_id": pl.Series(rng.integers(1000, 1200, spans.n)).cast(pl.String),
            "s47e_s47_completed_by_team": drawn(rng, TEAMS, spans.n),
        }
    )


def _conferences(
    case: Case, enquiries: Spans, plans: Spans, referrals: Referrals, rng: np.random.Generator
) -> pl.DataFrame:
    """Write the conference that each enquiry led to, on the day that the plan began where there is one."""
    which = np.nonzero(np.isin(ending_move(case, enquiries), TO_CONFERENCE))[0]
    spans, n = enquiries.take(which), len(which)
    plan_of = {key: row for row, key in enumerate(zip(plans.child.tolist(), plans.start_month.tolist(), strict=True))}
    row = np.array([plan_of.get(key, -1) for key in zip(spans.child.tolist(), spans.end_month.tolist(), strict=True)])
    has_plan = row >= 0
    conference_ids = ids(n, first=60001)
    return pl.DataFrame(
        {
            "icpc_icpc_id": conference_ids,
            "icpc_icpc_meeting_id": conference_ids,
            "icpc_s47_enquiry_id": ids(enquiries.n, first=80001).gather(which),
            "icpc_person_id": case.persons(spans.child),
            "icpc_cp_plan_id": chosen([*plan_ids(plans), None], np.where(has_plan, row, plans.n)),
            "icpc_referral_id": referrals.at(case, spans.child, spans.start_month),
            "icpc_icpc_transfer_in": yes_no(np.zeros(n, bool)),
            # 15 working days after the strategy discussion (Working Together to Safeguard Children).
            "icpc_icpc_target_date": dates(_enquiry_begins(case, spans) + 21),
            "icpc_icpc_date": dates(spans.end_day),
            "icpc_icpc_outcome_cp_flag": yes_no(has_plan),
            "icpc_icpc_outcome_json": chosen(ICPC_OUTCOMES, has_plan.astype(np.int64)),
            "icpc_icpc_team": drawn(rng, TEAMS, n),
            "icpc_icpc_worker_id": pl.Series(rng.integers(1000, 1200, n)).cast(pl.String),
        }
    )


def plan_ids(plans: Spans) -> list[str]:
    """Give the id of each plan of the records."""
    return ids(plans.n, first=40001).to_list()


def _plans(
    case: Case, plans: Spans, conferences: pl.DataFrame, referrals: Referrals, rng: np.random.Generator
) -> pl.DataFrame:
    categories = {"NEG": case.profile.neglect_weight, **OTHER_CATEGORIES}
    usual = drawn_alike(case, "categories", categories, plans.child, plans.start_month)
    neglected = case.people.family_problems[plans.child, list(FAMILY_PROBLEMS).index("neglect")]
    is_neglect = pl.Series(neglected & (rng.random(plans.n) < 0.3))
    first = pl.select(pl.when(is_neglect).then(pl.lit("NEG")).otherwise(usual)).to_series()
    changes = pl.Series(rng.random(plans.n) < 0.1)
    latest = pl.select(pl.when(changes).then(drawn(rng, categories, plans.n)).otherwise(first)).to_series()
    from_conference = conferences.select("icpc_cp_plan_id", "icpc_icpc_id").drop_nulls()
    plan = pl.DataFrame({"cppl_cp_plan_id": plan_ids(plans)}, schema={"cppl_cp_plan_id": pl.String})
    linked = plan.join(
        from_conference, left_on="cppl_cp_plan_id", right_on="icpc_cp_plan_id", how="left", maintain_order="left"
    )
    return pl.DataFrame(
        {
            "cppl_cp_plan_id": linked["cppl_cp_plan_id"],
            "cppl_referral_id": referrals.at(case, plans.child, plans.start_month),
            "cppl_icpc_id": linked["icpc_icpc_id"],
            "cppl_person_id": case.persons(plans.child),
            "cppl_cp_plan_start_date": dates(plans.start_day),
            "cppl_cp_plan_end_date": dates(plans.end_day),
            "cppl_cp_plan_initial_category": first,
            "cppl_cp_plan_ola": yes_no(np.zeros(plans.n, bool)),
            "cppl_cp_plan_latest_category": latest,
        }
    )


def _reviews(case: Case, plans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    """Write the reviews of each plan, and whether the child's views were heard: more often where there is trust."""
    due = plans.start_day[:, None] + np.array(REVIEW_MONTHS)[None, :] * 30
    held = due + rng.integers(-14, 8, due.shape)
    row, k = np.nonzero((held < plans.end_day[:, None]) & (held <= case.months.until))
    day, child = held[row, k], plans.child[row]
    month = case.months.month_of(day.astype(np.int32))
    age = (day - case.people.birth_day[child]) / 365.25
    spoke = rng.random(len(row)) < 0.25 + 0.12 * case.lives.strength[child, month] + 0.02 * age
    how = np.where(spoke, rng.choice([1, 2, 3, 5], size=len(row)), rng.choice([4, 6, 7], size=len(row)))
    order = np.lexsort((child, day))
    row, k, day = row[order], k[order], day[order]
    return pl.DataFrame(
        {
            "cppr_cp_review_id": ids(len(row), first=1),
            "cppr_person_id": case.persons(plans.child[row]),
            "cppr_cp_plan_id": pl.Series(plan_ids(plans), dtype=pl.String).gather(row),
            "cppr_cp_review_due": dates(due[row, k]),
            "cppr_cp_review_date": dates(day),
            "cppr_cp_review_meeting_id": ids(len(row), first=1),
            "cppr_cp_review_outcome_continue_cp": yes_no(np.ones(len(row), bool)),
            "cppr_cp_review_quorate": yes_no(rng.random(len(row)) < 0.95),
            "cppr_cp_review_participation": chosen(VIEWS, np.where(age < 4, 0, how)[order]),
        }
    )


def _visits(case: Case, plans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    """Write visits to children with a plan: at least every ten working days, of which not all are entered."""
    child, month = stays_in(case, ON_A_PLAN)
    twice = np.sort(np.tile(np.arange(len(child)), 2))
    child, month, day = visited(case, child[twice], month[twice], 0.8, rng)
    key, n_months = plans.child * (case.months.n + 1) + plans.start_month, case.months.n + 1
    plan = np.searchsorted(key, child * n_months + month, side="right") - 1
    seen = rng.random(len(child)) < 0.78 + 0.06 * case.lives.strength[child, month]
    order = np.lexsort((child, day))
    return pl.DataFrame(
        {
            "cppv_cp_visit_id": ids(len(child), first=1),
            "cppv_person_id": case.persons(child[order]),
            "cppv_cp_plan_id": pl.Series(plan_ids(plans), dtype=pl.String).gather(plan[order]),
            "cppv_cp_visit_date": dates(day[order]),
            "cppv_cp_visit_seen": yes_no(seen[order]),
            "cppv_cp_visit_seen_alone": yes_no((seen & (rng.random(len(child)) < 0.6))[order]),
            "cppv_cp_visit_bedroom": yes_no(rng.random(len(child)) < 0.5),
        }
    )


def record_protection(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the tables of child protection."""
    rng = case.draws("record protection")
    enquiries, plans = spans_of(case, [State.ENQUIRY]), spans_of(case, ON_A_PLAN)
    conferences = _conferences(case, enquiries, plans, referrals, rng)
    return {
        "ssd_s47_enquiry": _enquiries(case, enquiries, referrals, rng),
        "ssd_initial_cp_conference": conferences,
        "ssd_cp_plans": _plans(case, plans, conferences, referrals, rng),
        "ssd_cp_reviews": _reviews(case, plans, rng),
        "ssd_cp_visits": _visits(case, plans, case.draws("record visits to children with a plan")),
    }
