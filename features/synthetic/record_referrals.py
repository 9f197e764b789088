"""What is recorded of referrals and of the case that each opens."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import (
    Case,
    Spans,
    asked_day,
    chosen,
    dates,
    drawn,
    drawn_alike,
    ending_move,
    ids,
    moves_at,
    only,
    outcome,
    spans_of,
    yes_no,
)  # fmt: skip
from features.synthetic.record_help import SOURCE_NAMES, SOURCE_SHARES
from features.synthetic.states import OPEN, Move

if TYPE_CHECKING:
    from features.synthetic.families import Ints

# How a referral went: a case was opened, it was closed without an assessment, or a quick assessment found no need.
OPENED, CLOSED_AT_ONCE, QUICKLY_NO_NEED = 0, 1, 2
TEAMS = {"MASH": 1, "Assessment East": 3, "Assessment West": 3, "Safeguarding 1": 2, "Safeguarding 2": 2, "CWD": 0.5}
REFERRAL_KEYS = (
    "SINGLE_ASSESSMENT_FLAG", "NFA_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG", "CP_TRANSFER_IN_FLAG", "CP_CONFERENCE_FLAG", "CARE_LEAVER_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
REFERRAL_OUTCOMES = [
    outcome(REFERRAL_KEYS, "SINGLE_ASSESSMENT_FLAG"),
    outcome(REFERRAL_KEYS, "NFA_FLAG"),
    outcome(REFERRAL_KEYS, "SINGLE_ASSESSMENT_FLAG", "STRATEGY_DISCUSSION_FLAG"),
    outcome(REFERRAL_KEYS, "CLA_REQUEST_FLAG"),
]
CLOSED_BECAUSE = {
    Move.NO_NEED_FOUND: "RC8",
    Move.TO_EARLY_HELP: "RC9",
    Move.NEED_MET: "RC7",
    Move.STEPPED_DOWN: "RC7",
    Move.ADOPTED: "RC1",
    Move.SPECIAL_GUARDIANSHIP: "RC4",
    Move.MOVED_AWAY: "RC5",
    Move.TO_ANOTHER_AUTHORITY: "RC5",
    Move.DIED: "RC2",
    Move.TURNED_18: "RC7",
    Move.LEFT_CARE: "RC7",
    Move.LEFT_CARE_WITHOUT_WORK: "RC7",
}


@dataclass(frozen=True)
class Referrals:
    """Referrals in the order they are written.

    Parameters
    ----------
    spans
        From the day of the referral to the day its case was closed.
    kind
        How each went, as `OPENED`, `CLOSED_AT_ONCE` or `QUICKLY_NO_NEED`.
    ids
        As written.
    """

    spans: Spans
    kind: Ints
    ids: pl.Series

    def at(self, case: Case, child: Ints, month: Ints) -> pl.Series:
        """Give the id of the referral whose case was open for a child in a month; missing when none was."""
        spans, n_months = self.spans, case.months.n + 1
        begins = spans.child * n_months + spans.start_month
        # Of referrals of one month the last one is open at its end.
        order = np.lexsort((spans.end_month, begins))
        at = np.searchsorted(begins[order], child * n_months + month, side="right") - 1
        row = order[np.maximum(at, 0)]
        is_open = (at >= 0) & (spans.child[row] == child) & (spans.end_month[row] > month)
        is_open &= self.kind[row] != CLOSED_AT_ONCE
        return only(self.ids.gather(row), is_open)


def _brief(case: Case, move: Move, rng: np.random.Generator) -> Spans:
    """Find the referrals that were over within the month: closed within days, or when the quick assessment was done."""
    child, month = moves_at(case, [move])
    start, end = asked_day(case, child, month), case.lives.day[child, month].astype(np.int64)
    if move == Move.REFERRAL_CLOSED:
        end = np.minimum(end + rng.integers(0, 4, len(child)), case.months.until)
    return Spans(child, month, month + 1, start, end)


def refer(case: Case) -> Referrals:
    """Find every referral that the records hold."""
    rng = case.draws("refer")
    opened = spans_of(case, OPEN)
    opened = replace(opened, start_day=asked_day(case, opened.child, opened.start_month))
    found = (opened, _brief(case, Move.REFERRAL_CLOSED, rng), _brief(case, Move.NO_NEED_FOUND_QUICKLY, rng))
    spans = Spans(*(np.concatenate([getattr(part, f.name) for part in found]) for f in fields(Spans)))
    kind = np.repeat([OPENED, CLOSED_AT_ONCE, QUICKLY_NO_NEED], [part.n for part in found])
    order = np.lexsort((spans.child, spans.start_day))
    return Referrals(spans.take(order), kind[order], ids(spans.n, first=700001))


def _primary_need(case: Case, child: Ints, month: Ints, rng: np.random.Generator) -> pl.Series:
    """Choose the main need: abuse or neglect in half, family dysfunction in a sixth (England 2016 to 2018)."""
    shares = {"N1": 59, "N5": 17, "N4": 10, "N6": 2.5, "N3": 3, "N8": 1.5, "N7": 0.5, "N9": 3, "N0": 3.5}
    usual = drawn_alike(case, "main needs", shares, child, month)
    is_about_disability = case.people.is_disabled[child] & (rng.random(len(child)) < case.profile.disability_need_share)
    alone = pl.Series(case.people.arrives[child] >= 0)
    about = pl.when(alone).then(pl.lit("N8")).when(pl.Series(is_about_disability)).then(pl.lit("N2")).otherwise(usual)
    return pl.select(about).to_series()


def record_referrals(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the table of referrals and the episodes they opened."""
    rng = case.draws("record referrals")
    spans, n = referrals.spans, referrals.spans.n
    is_closed_at_once = referrals.kind == CLOSED_AT_ONCE
    ended = np.where(referrals.kind == OPENED, ending_move(case, spans), Move.NO_NEED_FOUND)
    began = case.lives.move[spans.child, spans.start_month]
    urgent = rng.random(n) < 0.02 * np.exp(0.3 * case.lives.need[spans.child, spans.start_month])
    result = np.select([is_closed_at_once, began == Move.INTO_CARE, urgent], [1, 3, 2], 0)
    reasons = list(CLOSED_BECAUSE.values())
    reason = np.select([ended == move for move in CLOSED_BECAUSE], np.arange(len(reasons)), reasons.index("RC7"))
    need = _primary_need(case, spans.child, spans.start_month, rng)
    source = drawn_alike(case, "sources", SOURCE_SHARES, spans.child, spans.start_month)
    table = pl.DataFrame(
        {
            "cine_referral_id": referrals.ids,
            "cine_person_id": case.persons(spans.child),
            "cine_referral_date": dates(spans.start_day),
            "cine_cin_primary_need_code": only(need, rng.random(n) > 0.02),
            "cine_referral_source_code": source,
            "cine_referral_source_desc": source.replace_strict(SOURCE_NAMES),
            "cine_referral_outcome_json": chosen(REFERRAL_OUTCOMES, result),
            "cine_referral_nfa": yes_no(is_closed_at_once),
            "cine_close_reason": only(chosen(reasons, reason), ~spans.is_open),
            "cine_close_date": dates(spans.end_day),
            "cine_referral_team": drawn(rng, TEAMS, n),
            "cine_referral_worker_id": pl.Series(rng.integers(1000, 1200, n)).cast(pl.String),
        }
    )
    return {"ssd_cin_episodes": table}
