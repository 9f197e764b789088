"""What is recorded of children in need: referrals, assessments and their factors, plans and visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.synthetic.cells import (
    NEVER,
    Case,
    Spans,
    chosen,
    dates,
    drawn,
    ending_move,
    ids,
    moves_at,
    only,
    outcome,
    spans_of,
    yes_no,
)  # fmt: skip
from features.synthetic.families import Ints
from features.synthetic.record_factors import factors
from features.synthetic.record_help import SOURCE_NAMES, SOURCE_SHARES
from features.synthetic.services import Move, State

OPEN_STATES = (State.ASSESSMENT, State.IN_NEED, State.ENQUIRY, State.PROTECTION, State.CARE)
PLAN_STATES = (State.IN_NEED, State.ENQUIRY)
VISITED = (State.IN_NEED, State.ENQUIRY, State.PROTECTION)
TEAMS = {"MASH": 1, "Assessment East": 3, "Assessment West": 3, "Safeguarding 1": 2, "Safeguarding 2": 2, "CWD": 0.5}
REFERRAL_KEYS = (
    "SINGLE_ASSESSMENT_FLAG", "NFA_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG", "CP_TRANSFER_IN_FLAG", "CP_CONFERENCE_FLAG", "CARE_LEAVER_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
ASSESSMENT_KEYS = (
    "NFA_FLAG", "NFA_S47_END_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "PRIVATE_FOSTERING_FLAG",
    "LEGAL_ACTION_FLAG", "PROV_OF_SERVICES_FLAG", "PROV_OF_SB_CARE_FLAG", "SPECIALIST_ASSESSMENT_FLAG",
    "REFERRAL_TO_OTHER_AGENCY_FLAG", "OTHER_ACTIONS_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
REFERRAL_OUTCOMES = [
    outcome(REFERRAL_KEYS, "SINGLE_ASSESSMENT_FLAG"),
    outcome(REFERRAL_KEYS, "NFA_FLAG"),
    outcome(REFERRAL_KEYS, "SINGLE_ASSESSMENT_FLAG", "STRATEGY_DISCUSSION_FLAG"),
    outcome(REFERRAL_KEYS, "CLA_REQUEST_FLAG"),
]
ASSESSMENT_OUTCOMES = [
    outcome(ASSESSMENT_KEYS, "NFA_FLAG"),
    outcome(ASSESSMENT_KEYS, "NFA_FLAG", "REFERRAL_TO_OTHER_AGENCY_FLAG"),
    outcome(ASSESSMENT_KEYS, "PROV_OF_SERVICES_FLAG"),
    outcome(ASSESSMENT_KEYS, "STRATEGY_DISCUSSION_FLAG", "PROV_OF_SERVICES_FLAG"),
    outcome(ASSESSMENT_KEYS, "CLA_REQUEST_FLAG"),
]
CLOSED_BECAUSE = {
    Move.NO_NEED_FOUND: "RC8",
    Move.TO_EARLY_HELP: "RC9",
    Move.NEED_MET: "RC7",
    Move.STEPPED_DOWN: "RC7",
    Move.ADOPTED: "RC1",
    Move.SPECIAL_GUARDIANSHIP: "RC4",
    Move.MOVED_AWAY: "RC5",
    Move.DIED: "RC2",
    Move.TURNED_18: "RC7",
}


@dataclass(frozen=True)
class Referrals:
    """Open episodes and those closed at once, in the order they are written.

    Parameters
    ----------
    spans
        Of every episode; one closed at once ends some days after it began.
    is_closed_at_once
        Whether no assessment followed.
    ids
        As written.
    """

    spans: Spans
    is_closed_at_once: np.ndarray
    ids: pl.Series

    def at(self, case: Case, child: Ints, month: Ints) -> pl.Series:
        """Give the id of the episode that was open for a child in a month; missing when none was."""
        last = np.where(self.is_closed_at_once, self.spans.start_month, self.spans.end_month)
        of = np.full(case.lives.state.shape, -1, np.int32)
        length = last - self.spans.start_month
        row = np.repeat(np.arange(self.spans.n), length)
        step = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
        of[self.spans.child[row], self.spans.start_month[row] + step] = row
        found = of[child, month]
        return only(self.ids.gather(np.maximum(found, 0)), found >= 0)


def refer(case: Case) -> Referrals:
    """Find every referral that the records hold."""
    rng = case.draws("refer")
    spans = spans_of(case, OPEN_STATES)
    child, month = moves_at(case, [Move.REFERRAL_CLOSED])
    day = case.lives.day[child, month].astype(np.int64)
    closed = np.minimum(day + rng.integers(0, 4, len(child)), case.months.until)
    both = [
        np.concatenate(pair)
        for pair in zip(
            (spans.child, spans.start_month, spans.end_month, spans.start_day, spans.end_day),
            (child, month, month + 1, day, closed),
            strict=True,
        )
    ]
    at_once = np.arange(len(both[0])) >= spans.n
    order = np.lexsort((both[0], both[3]))
    return Referrals(Spans(*(part[order] for part in both)), at_once[order], ids(len(order), first=700001))


def _primary_need(case: Case, child: Ints, rng: np.random.Generator) -> pl.Series:
    """Choose the main need: abuse or neglect in half, family dysfunction in a sixth (England 2016 to 2018)."""
    shares = {"N1": 54, "N5": 17, "N4": 11, "N6": 3, "N3": 4, "N8": 3, "N7": 0.5, "N9": 4, "N0": 3.5}
    usual = drawn(rng, shares, len(child))
    is_about_disability = case.people.is_disabled[child] & (rng.random(len(child)) < 0.85)
    return pl.select(pl.when(pl.Series(is_about_disability)).then(pl.lit("N2")).otherwise(usual)).to_series()


def _episodes(case: Case, referrals: Referrals, rng: np.random.Generator) -> pl.DataFrame:
    spans, n = referrals.spans, referrals.spans.n
    ended = np.where(referrals.is_closed_at_once, Move.NO_NEED_FOUND, ending_move(case, spans))
    began = case.lives.move[spans.child, spans.start_month]
    urgent = rng.random(n) < 0.02 * np.exp(0.3 * case.lives.need[spans.child, spans.start_month])
    result = np.select([referrals.is_closed_at_once, began == Move.INTO_CARE, urgent], [1, 3, 2], 0)
    reasons = list(CLOSED_BECAUSE.values())
    reason = np.select([ended == move for move in CLOSED_BECAUSE], np.arange(len(reasons)), reasons.index("RC7"))
    source = drawn(rng, SOURCE_SHARES, n)
    return pl.DataFrame(
        {
            "cine_referral_id": referrals.ids,
            "cine_person_id": case.persons(spans.child),
            "cine_referral_date": dates(spans.start_day),
            "cine_cin_primary_need_code": only(_primary_need(case, spans.child, rng), rng.random(n) > 0.02),
            "cine_referral_source_code": source,
            "cine_referral_source_desc": source.replace_strict(SOURCE_NAMES),
            "cine_referral_outcome_json": chosen(REFERRAL_OUTCOMES, result),
            "cine_referral_nfa": yes_no(referrals.is_closed_at_once),
            "cine_close_reason": only(chosen(reasons, reason), ~spans.is_open),
            "cine_close_date": dates(spans.end_day),
            "cine_referral_team": drawn(rng, TEAMS, n),
            "cine_referral_worker_id": pl.Series(rng.integers(1000, 1200, n)).cast(pl.String),
        }
    )


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
    spans = referrals.spans.take(~referrals.is_closed_at_once)
    decided = [Move.NO_NEED_FOUND, Move.TO_EARLY_HELP, Move.NEED_FOUND, Move.NEED_FOUND_URGENT, Move.INTO_CARE]
    is_decided = np.isin(case.lives.move, decided)
    # The first decision on or after the referral's month; `argmax` of a shifted row would miss later referrals.
    next_one = np.full(case.lives.move.shape, case.months.n, np.int64)
    running = np.full(case.people.n, case.months.n, np.int64)
    for t in range(case.months.n - 1, -1, -1):
        running = np.where(is_decided[:, t], t, running)
        next_one[:, t] = running
    month = next_one[spans.child, spans.start_month]
    is_done = (month < case.months.n) & (month <= spans.end_month)
    at = np.where(is_done, month, spans.start_month)
    move = case.lives.move[spans.child, at]
    # Straight into care: assessed while there.
    day = case.lives.day[spans.child, at].astype(np.int64) + np.where(at == spans.start_month, 35, 0)
    is_done &= (day <= case.months.until) & (day <= spans.end_day)
    result = np.select([move == m for m in decided], [0, 1, 2, 3, 4], 2)
    return spans.child, at, spans.start_day, np.where(is_done, day, NEVER), result


def _later_assessments(case: Case, rng: np.random.Generator) -> tuple[Ints, ...]:
    """Assess some children again while they have a plan; the outcome is that help goes on."""
    state = case.lives.state
    stays = np.isin(state[:, :-1], VISITED) & np.isin(state[:, 1:], VISITED) & (case.lives.move[:, 1:] == Move.NOTHING)
    child, month = np.nonzero(stays & (rng.random(stays.shape) < 0.035))
    child, month = child[month + 1 >= case.months.burn_in], month[month + 1 >= case.months.burn_in] + 1
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
    return Assessments(*kept, referral.drop_nulls())


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
    spans = spans_of(case, PLAN_STATES)
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
    state = case.lives.state
    stays = np.isin(state[:, :-1], VISITED) & np.isin(state[:, 1:], VISITED)
    share = np.where(state[:, 1:] == State.PROTECTION, 0.95, 0.6)
    came = stays & (rng.random(share.shape) < share) & (np.arange(1, case.months.n) >= case.months.burn_in)[None, :]
    child, month = np.nonzero(came)
    month = month + 1
    length = np.diff(case.months.first_days)[month]
    day = case.months.first_days[month] + np.floor(rng.random(len(child)) * length).astype(np.int64)
    in_time = (day <= case.months.until) & (day >= case.people.birth_day[child])
    child, month, day = child[in_time], month[in_time], day[in_time]
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


def record_need(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the tables of children in need."""
    return {
        "ssd_cin_episodes": _episodes(case, referrals, case.draws("record referrals")),
        **_assessment_tables(case, assess(case, referrals), case.draws("record assessments")),
        "ssd_cin_plans": _plans(case, referrals, case.draws("record plans")),
        "ssd_cin_visits": _visits(case, case.draws("record visits")),
    }
