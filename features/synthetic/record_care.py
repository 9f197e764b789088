"""What is recorded of looked-after children and of children who go missing: episodes, SDQ scores, missing episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import NEVER, Case, Spans, chosen, dates, drawn, ending_move, ids, only, spans_of, yes_no
from features.synthetic.families import CHILD_PROBLEMS, Ints
from features.synthetic.states import Move, State

if TYPE_CHECKING:
    from features.synthetic.record_referrals import Referrals

# Primary need of children who start, England 2025 (DfE, Children looked after), without unaccompanied children.
NEEDS = {"N1": 57, "N5": 9, "N4": 7, "N8": 6, "N2": 2, "N3": 2, "N6": 2}
CEASED: dict[Move, dict[str, float]] = {
    # Returned home planned 16%, unplanned 3%, to relatives 5% (England 2025).
    Move.RETURNED_HOME: {"E4A": 16, "E4B": 3, "E13": 5},
    Move.ADOPTED: {"E11": 7, "E12": 2},
    Move.SPECIAL_GUARDIANSHIP: {"E45": 5, "E46": 2, "E47": 4, "E48": 1},
    Move.MOVED_AWAY: {"E3": 1},
    Move.DIED: {"E2": 1},
    # Stayed with carers 17%, supported 12%, unsupported 3% (England 2025).
    Move.TURNED_18: {"E17": 17, "E5": 12, "E6": 3},
}
MOST_CHANGES = 4
# Placement changes a year for a child in care: a tenth have three placements or more in a year (England 2025).
CHANGES_A_YEAR = 0.45
# The questionnaire is asked for once a year, of children aged 4 to 16; scores came back for 78% (England 2025).
SDQ_RETURNED = 0.78


def _placements(case: Case, spans: Spans, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, np.ndarray]:
    """Cut each stay into episodes: whose stay, first and last day, and whether the stay goes on afterwards."""
    last = np.minimum(spans.end_day, case.months.until)
    length = last - spans.start_day
    n_changes = np.minimum(rng.poisson(CHANGES_A_YEAR * length / 365), MOST_CHANGES)
    cut = np.sort(rng.random((spans.n, MOST_CHANGES)), axis=1)
    day = spans.start_day[:, None] + 1 + np.floor(cut * np.maximum(length - 2, 0)[:, None]).astype(np.int64)
    day = np.where((np.arange(MOST_CHANGES) < n_changes[:, None]) & (length[:, None] > 20), day, NEVER)
    begins = np.concatenate([spans.start_day[:, None], np.sort(day, axis=1)], axis=1)
    ends = np.concatenate([begins[:, 1:], np.full((spans.n, 1), NEVER)], axis=1)
    # An episode cannot start and end on the same day.
    stay, part = np.nonzero((begins != NEVER) & (begins != ends))
    goes_on = ends[stay, part] != NEVER
    return stay, begins[stay, part], np.where(goes_on, ends[stay, part], spans.end_day[stay]), goes_on


def _ceased(ended: Ints, rng: np.random.Generator) -> pl.Series:
    """Choose why each stay ended; missing while it lasts."""
    written = pl.Series([None] * len(ended), dtype=pl.String)
    for move, shares in CEASED.items():
        here = pl.Series(ended == move)
        written = pl.select(pl.when(here).then(drawn(rng, shares, len(ended))).otherwise(written)).to_series()
    return written


def _episodes(case: Case, spans: Spans, referrals: Referrals, rng: np.random.Generator) -> pl.DataFrame:
    stay, begins, ends, goes_on = _placements(case, spans, rng)
    reason = _ceased(ending_move(case, spans), rng).gather(stay)
    ended = pl.select(pl.when(pl.Series(goes_on)).then(pl.lit("X1")).otherwise(reason)).to_series()
    seen = np.minimum(ends, case.months.until) - rng.integers(0, 60, len(stay))
    referral = referrals.at(case, spans.child, spans.start_month).gather(stay)
    return pl.DataFrame(
        {
            "clae_cla_episode_id": ids(len(stay), first=20001),
            "clae_person_id": case.persons(spans.child[stay]),
            "clae_cla_episode_start_date": dates(begins),
            "clae_cla_episode_start_reason": chosen(["S", "P"], (begins != spans.start_day[stay]).astype(np.int64)),
            "clae_cla_primary_need_code": drawn(rng, NEEDS, spans.n).gather(stay),
            "clae_cla_episode_ceased_date": dates(ends),
            "clae_cla_episode_ceased_reason": ended,
            "clae_cla_id": ids(spans.n, first=10001).gather(stay),
            "clae_referral_id": referral,
            "clae_cla_placement_id": ids(len(stay), first=30001),
            "clae_entered_care_date": dates(spans.start_day[stay]),
            "clae_cla_last_iro_contact_date": dates(np.where(seen > begins, seen, NEVER)),
        }
    )


def _sdq(case: Case, spans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    """Write a questionnaire for each full year in care; mean 14.9 with a spread of 7 (England 2025)."""
    day = spans.start_day[:, None] + 365 * np.arange(1, 11)[None, :] + rng.integers(-30, 30, (spans.n, 10))
    age = (day - case.people.birth_day[spans.child][:, None]) / 365.25
    inside = (day < spans.end_day[:, None]) & (day <= case.months.until) & (day >= case.months.start)
    stay, k = np.nonzero(inside & (age >= 4) & (age < 17))
    child = spans.child[stay]
    need = case.lives.need[child, case.months.month_of(day[stay, k].astype(np.int32))]
    score = np.clip(np.rint(rng.normal(11 + 1.3 * need, 6.2)), 0, 40).astype(np.int64)
    is_returned = rng.random(len(child)) < SDQ_RETURNED
    reasons = drawn(rng, {"SDQ2": 5, "SDQ4": 3, "SDQ5": 2}, len(child))
    return pl.DataFrame(
        {
            "csdq_table_id": ids(len(child), first=1),
            "csdq_person_id": case.persons(child),
            "csdq_sdq_completed_date": dates(day[stay, k]),
            "csdq_sdq_reason": only(reasons, ~is_returned),
            "csdq_sdq_score": only(pl.Series(score).cast(pl.String), is_returned),
        }
    )


def _missing(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    """Write missing episodes: older children, more often in care or where someone exploits them."""
    lives, months = case.lives, case.months
    age = (months.first_days[None, :-1] - case.people.birth_day[:, None]) / 365.25
    exploited = case.people.child_problems[:, list(CHILD_PROBLEMS).index("exploitation")]
    chance = 0.0012 * np.exp(0.4 * (lives.need - 2.0)) * (1 + 7 * exploited[:, None])
    chance = chance * np.where(lives.state == State.CARE, 6, 1) * (age > 10) * (lives.state != State.GONE)
    went = (rng.random(chance.shape) < chance) & (np.arange(months.n) >= months.burn_in)[None, :]
    child, month = np.nonzero(went & (lives.move == Move.NOTHING))
    start = lives.day[child, month].astype(np.int64)
    # Nine in ten last two days or less (England 2022).
    end = start + np.where(
        rng.random(len(child)) < 0.9, rng.integers(0, 3, len(child)), rng.integers(3, 15, len(child))
    )
    is_back = end <= months.until
    offered = rng.random(len(child)) < 0.85
    accepted = offered & (rng.random(len(child)) < 0.3 + 0.12 * lives.strength[child, month])
    answer = np.where(offered, np.where(accepted, 0, 1), 2)
    return pl.DataFrame(
        {
            "miss_table_id": ids(len(child), first=1),
            "miss_person_id": case.persons(child),
            "miss_missing_episode_start_date": dates(start),
            "miss_missing_episode_type": chosen(["M", "A"], (rng.random(len(child)) < 0.15).astype(np.int64)),
            "miss_missing_episode_end_date": dates(np.where(is_back, end, NEVER)),
            "miss_missing_rhi_offered": yes_no(offered, is_back),
            "miss_missing_rhi_accepted": only(chosen(["Y", "N", "NA"], answer), is_back),
        }
    )


def record_care(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the tables of looked-after children and of missing episodes."""
    stays = spans_of(case, [State.CARE])
    return {
        "ssd_cla_episodes": _episodes(case, stays, referrals, case.draws("record care")),
        "ssd_sdq_scores": _sdq(case, stays, case.draws("record questionnaires")),
        "ssd_missing": _missing(case, case.draws("record missing")),
    }
