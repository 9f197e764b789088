"""What is recorded of children in need: assessments and their factors, plans and visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import (
    NEVER,
    Case,
    chosen,
    dates,
    day_within,
    drawn,
    ids,
    only,
    outcome,
    spans_of,
    stays_in,
    yes_no,
)  # fmt: skip
from features.synthetic.record_factors import factors
from features.synthetic.record_referrals import CLOSED_AT_ONCE, TEAMS, Referrals
from features.synthetic.states import IN_NEED_PLAN, ON_A_PLAN, Move

if TYPE_CHECKING:
    from features.synthetic.families import Ints

VISITED = (*IN_NEED_PLAN, *ON_A_PLAN)
ASSESSMENT_KEYS = (
    "NFA_FLAG", "NFA_S47_END_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "PRIVATE_FOSTERING_FLAG",
    "LEGAL_ACTION_FLAG", "PROV_OF_SERVICES_FLAG", "PROV_OF_SB_CARE_FLAG", "SPECIALIST_ASSESSMENT_FLAG",
    "REFERRAL_TO_OTHER_AGENCY_FLAG", "OTHER_ACTIONS_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
ASSESSMENT_OUTCOMES = [
    outcome(ASSESSMENT_KEYS, "NFA_FLAG"),
    outcome(ASSESSMENT_KEYS, "NFA_FLAG", "REFERRAL_TO_OTHER_AGENCY_FLAG"),
    outcome(ASSESSMENT_KEYS, "PROV_OF_SERVICES_FLAG"),
    outcome(ASSESSMENT_KEYS, "STRATEGY_DISCUSSION_FLAG", "PROV_OF_SERVICES_FLAG"),
    outcome(ASSESSMENT_KEYS, "CLA_REQUEST_FLAG"),
]
# What decides a referral, with the position of its outcome above.
DECIDED = {
    Move.NO_NEED_FOUND: 0,
    Move.NO_NEED_FOUND_QUICKLY: 0,
    Move.TO_EARLY_HELP: 1,
    Move.NEED_FOUND: 2,
    Move.NEED_FOUND_QUICKLY: 2,
    Move.NEED_FOUND_URGENT: 3,
    Move.INTO_CARE: 4,
}
# A child who came straight into care is assessed there, within 45 working days.
DAYS_IN_CARE = 35


@dataclass(frozen=True)
class Assessments:
    """Assessments in the order they are written: whose, when begun and authorised, and with which outcome."""

    child: Ints
    month: Ints
    start_day: Ints
    auth_day: Ints
    result: Ints
    referral: pl.Series


def _first_assessments(case: Case, referrals: Referrals) -> tuple[Ints, ...]:
    """Assess each referral: authorised on the day that its outcome was decided."""
    spans = referrals.spans.take(referrals.kind != CLOSED_AT_ONCE)
    decided = list(DECIDED)
    # The first decision in or after the month of the referral.
    child, when = np.nonzero(np.isin(np.arange(len(Move)), decided)[case.lives.move])
    key, n_months = child * (case.months.n + 1) + when, case.months.n + 1
    next_one = np.minimum(np.searchsorted(key, spans.child * n_months + spans.start_month), len(key) - 1)
    month = np.where(child[next_one] == spans.child, when[next_one], case.months.n)
    month = np.where(month >= spans.start_month, month, case.months.n)
    is_done = (month < case.months.n) & (month <= spans.end_month)
    at = np.where(is_done, month, spans.start_month)
    move = case.lives.move[spans.child, at]
    is_in_care_first = (at == spans.start_month) & (move == Move.INTO_CARE)
    day = case.lives.day[spans.child, at].astype(np.int64) + np.where(is_in_care_first, DAYS_IN_CARE, 0)
    is_done &= (day <= case.months.until) & (day <= spans.end_day)
    result = np.select([move == m for m in decided], list(DECIDED.values()), 2)
    return spans.child, at, spans.start_day, np.where(is_done, day, NEVER), result


def _later_assessments(case: Case, rng: np.random.Generator) -> tuple[Ints, ...]:
    """Assess some children again while they have a plan; the outcome is that help goes on."""
    child, month = stays_in(case, VISITED)
    again = (rng.random(len(child)) < 0.035) & (case.lives.move[child, month] == Move.NOTHING)
    child, month = child[again], month[again]
    day = case.lives.day[child, month].astype(np.int64)
    start = np.maximum(day - rng.integers(5, 30, len(child)), case.months.first_days[month])
    is_in_time = day <= case.months.until
    result = np.full(len(child), 2)
    return tuple(part[is_in_time] for part in (child, month, start, day, result))


def assess(case: Case, referrals: Referrals) -> Assessments:
    """Find every assessment that the records hold."""
    rng = case.draws("assess")
    first, later = _first_assessments(case, referrals), _later_assessments(case, rng)
    child, month, start, auth, result = (np.concatenate(pair) for pair in zip(first, later, strict=True))
    order = np.lexsort((child, start))
    child, month, start = child[order], month[order], start[order]
    referral = referrals.at(case, child, np.maximum(case.months.month_of(start.astype(np.int32)), 0))
    is_linked = ~referral.is_null().to_numpy()
    kept = [part[is_linked] for part in (child, month, start, auth[order], result[order])]
    child, month, start, auth, result = kept
    return Assessments(child, month, start, auth, result, referral.drop_nulls())


def _assessment_tables(case: Case, found: Assessments, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    n, is_done = len(found.child), found.auth_day != NEVER
    seen = rng.random(n) < 0.86 + 0.03 * case.lives.strength[found.child, found.month]
    assessment_ids = ids(n, first=900001)
    table = pl.DataFrame(
        {
            "cina_assessment_id": assessment_ids,
            "cina_person_id": case.persons(found.child),
            "cina_referral_id": found.referral,
            "cina_assessment_start_date": dates(found.start_day),
            "cina_assessment_child_seen": yes_no(seen, is_done),
            "cina_assessment_auth_date": dates(found.auth_day),
            "cina_assessment_outcome_json": only(chosen(ASSESSMENT_OUTCOMES, found.result), is_done),
            "cina_assessment_outcome_nfa": yes_no(found.result <= 1, is_done),
            "cina_assessment_team": drawn(rng, TEAMS, n),
            "cina_assessment_worker_id": pl.Series(rng.integers(1000, 1200, n)).cast(pl.String),
        }
    )
    kept = np.nonzero(is_done & (rng.random(n) < 0.94))[0]
    written = factors(case, found.child[kept], found.month[kept], found.auth_day[kept], rng)
    factor_table = pl.DataFrame(
        {
            "cinf_table_id": ids(len(kept), first=1),
            "cinf_assessment_id": assessment_ids.gather(kept),
            "cinf_assessment_factors_json": written,
        }
    )
    return {"ssd_cin_assessments": table, "ssd_assessment_factors": factor_table}


def _plans(case: Case, referrals: Referrals, rng: np.random.Generator) -> pl.DataFrame:
    spans = spans_of(case, IN_NEED_PLAN)
    spans = spans.take(rng.random(spans.n) < 0.85)
    begins = np.minimum(spans.start_day + rng.integers(0, 8, spans.n), np.minimum(spans.end_day, case.months.until))
    n = spans.n
    return pl.DataFrame(
        {
            "cinp_cin_plan_id": ids(n, first=400001),
            "cinp_referral_id": referrals.at(case, spans.child, spans.start_month),
            "cinp_person_id": case.persons(spans.child),
            "cinp_cin_plan_start_date": dates(begins),
            "cinp_cin_plan_end_date": dates(spans.end_day),
            "cinp_cin_plan_team": drawn(rng, TEAMS, n),
            "cinp_cin_plan_worker_id": pl.Series(rng.integers(1000, 1200, n)).cast(pl.String),
        }
    )


def _visits(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    """Write visits: planned monthly, kept more often where there is trust."""
    child, month = stays_in(case, IN_NEED_PLAN)
    child, month, day = visited(case, child, month, 0.65, rng)
    seen = rng.random(len(child)) < 0.68 + 0.09 * case.lives.strength[child, month]
    alone = seen & (rng.random(len(child)) < 0.55)
    order = np.lexsort((child, day))
    return pl.DataFrame(
        {
            "cinv_cin_visit_id": ids(len(child), first=1),
            "cinv_person_id": case.persons(child[order]),
            "cinv_cin_visit_date": dates(day[order]),
            "cinv_cin_visit_seen": yes_no(seen[order]),
            "cinv_cin_visit_seen_alone": yes_no(alone[order]),
            "cinv_cin_visit_bedroom": yes_no(rng.random(len(child)) < 0.4),
        }
    )


def visited(case: Case, child: Ints, month: Ints, share: float, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Draw in which of some months a child was visited, and on which day: born, and within the records."""
    day = day_within(case, month, rng)
    came = (rng.random(len(child)) < share) & (day <= case.months.until) & (day >= case.people.birth_day[child])
    return child[came], month[came], day[came]


def record_need(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the tables of children in need."""
    return {
        **_assessment_tables(case, assess(case, referrals), case.draws("record assessments")),
        "ssd_cin_plans": _plans(case, referrals, case.draws("record plans")),
        "ssd_cin_visits": _visits(case, case.draws("record visits")),
    }
