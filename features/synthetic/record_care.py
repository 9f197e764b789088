"""What is recorded of looked-after children and of children who go missing: episodes, SDQ scores, missing episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import (
    NEVER,
    Case,
    Spans,
    chosen,
    dates,
    day_within,
    drawn,
    ending_move,
    ids,
    is_one_of,
    only,
    spans_of,
    yes_no,
)  # fmt: skip
from features.synthetic.families import CHILD_PROBLEMS, Flags, Ints
from features.synthetic.record_placements import Homes, homes_of, record_placements
from features.synthetic.states import IN_CARE, Move, State

if TYPE_CHECKING:
    from features.synthetic.record_referrals import Referrals

# Primary need of children who start, England 2025 (DfE, Children looked after); unaccompanied children are N8.
OTHER_NEEDS = {"N5": 11.5, "N4": 8.5, "N2": 2.5, "N3": 2.5, "N6": 2}
CEASED: dict[Move, dict[str, float]] = {
    # Returned home planned 16%, unplanned 3%, to relatives 5% (England 2025).
    Move.RETURNED_HOME: {"E4A": 16, "E4B": 3, "E13": 5},
    Move.ADOPTED: {"E11": 7, "E12": 2},
    Move.SPECIAL_GUARDIANSHIP: {"E45": 5, "E46": 2, "E47": 4, "E48": 1},
    Move.MOVED_AWAY: {"E3": 1},
    Move.DIED: {"E2": 1},
    Move.TO_ANOTHER_AUTHORITY: {"E3": 1},
    # Stayed with carers 17%, supported 12%, unsupported 3% (England 2025).
    Move.LEFT_CARE: {"E17": 13.5, "E5": 9.5, "E6": 2.1},
    Move.LEFT_CARE_WITHOUT_WORK: {"E17": 13.5, "E5": 9.5, "E6": 2.1},
}
# One child in three runs away when things are bad, ours: in a year 11.1% of looked-after children go missing.
RUNS_AWAY, ONCE, TIMES_A_MONTH = 0.34, 0.66, 7.5
SEEN_MISSING = tuple(state for state in State if state < State.LEAVER_SETTLED)
# The questionnaire is asked for once a year, of children aged 4 to 16; scores came back for 78% (England 2025).
# How close scores of the same need lie together, as a beta distribution counts it.
SDQ_RETURNED, SDQ_CERTAIN = 0.82, 4.6


def _ceased(ended: Ints, alone: Flags, rng: np.random.Generator) -> pl.Series:
    """Choose why each stay ended; missing while it lasts."""
    written = pl.Series([None] * len(ended), dtype=pl.String)
    for move, shares in CEASED.items():
        here = pl.Series(ended == move)
        written = pl.select(pl.when(here).then(drawn(rng, shares, len(ended))).otherwise(written)).to_series()
    # Nobody of the family of those who came alone is here.
    is_other = pl.Series(alone & np.isin(ended, (Move.RETURNED_HOME, Move.SPECIAL_GUARDIANSHIP)))
    return pl.select(pl.when(is_other).then(pl.lit("E8")).otherwise(written)).to_series()


def _needs(case: Case, spans: Spans, rng: np.random.Generator) -> pl.Series:
    alone = pl.Series(case.people.arrives[spans.child] >= 0)
    abuse = pl.Series(rng.random(spans.n) < case.profile.abuse_share)
    other = drawn(rng, OTHER_NEEDS, spans.n)
    return pl.select(pl.when(alone).then(pl.lit("N8")).when(abuse).then(pl.lit("N1")).otherwise(other)).to_series()


def _episodes(case: Case, spans: Spans, homes: Homes, referrals: Referrals, rng: np.random.Generator) -> pl.DataFrame:
    stay, begins, ends, goes_on = homes.stay, homes.begins, homes.ends, homes.goes_on
    reason = _ceased(ending_move(case, spans), case.people.arrives[spans.child] >= 0, rng).gather(stay)
    ended = pl.select(pl.when(pl.Series(goes_on)).then(pl.lit("X1")).otherwise(reason)).to_series()
    seen = np.minimum(ends, case.months.until) - rng.integers(0, 60, len(stay))
    referral = referrals.at(case, spans.child, spans.start_month).gather(stay)
    return pl.DataFrame(
        {
            "clae_cla_episode_id": ids(len(stay), first=20001),
            "clae_person_id": case.persons(spans.child[stay]),
            "clae_cla_episode_start_date": dates(begins),
            "clae_cla_episode_start_reason": chosen(["S", "P"], (begins != spans.start_day[stay]).astype(np.int64)),
            "clae_cla_primary_need_code": _needs(case, spans, rng).gather(stay),
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
    day = spans.start_day[:, None] + 365 * np.arange(1, 15)[None, :] + rng.integers(-30, 30, (spans.n, 14))
    age = (day - case.people.birth_day[spans.child][:, None]) / 365.25
    inside = (day < spans.end_day[:, None]) & (day <= case.months.until) & (day >= case.months.start)
    stay, k = np.nonzero(inside & (age >= 4) & (age < 17))
    child = spans.child[stay]
    need = case.lives.need[child, case.months.month_of(day[stay, k].astype(np.int32))]
    middle = np.clip((11.4 + 1.3 * need) / 40, 0.1, 0.9)
    score = np.rint(40 * rng.beta(SDQ_CERTAIN * middle, SDQ_CERTAIN * (1 - middle))).astype(np.int64)
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
    """Write missing episodes: older children, more often in care or where someone exploits them; few go, but often."""
    child, month = _went_missing(case, rng)
    # Those who go missing go 6.8 times in a year (England 2025): several times in the months in which they do.
    times = np.where(rng.random(len(child)) < ONCE, 1, rng.geometric(1 / TIMES_A_MONTH, len(child)))
    child, month = np.repeat(child, times), np.repeat(month, times)
    start = day_within(case, month, rng)
    kept = start <= case.months.until
    child, month, start = child[kept], month[kept], start[kept]
    order = np.lexsort((start, child))
    child, month, start = child[order], month[order], start[order]
    # Nine in ten last two days or less (England 2022), and none longer than until the next begins.
    length = np.where(rng.random(len(child)) < 0.87, rng.integers(0, 3, len(child)), rng.integers(3, 15, len(child)))
    following = np.where(np.append(child[1:] == child[:-1], False), np.append(start[1:], 0), NEVER)
    end = np.minimum(start + length, following)
    is_back = end <= case.months.until
    offered = rng.random(len(child)) < 0.85
    accepted = offered & (rng.random(len(child)) < 0.3 + 0.12 * case.lives.strength[child, month])
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


def _went_missing(case: Case, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Find the months in which somebody over 10 went missing: a few children, each in many months."""
    months = case.months
    runs_away = rng.random(case.people.n) < RUNS_AWAY
    child, month = np.nonzero(is_one_of(SEEN_MISSING)[case.lives.state[runs_away, months.burn_in :]])
    child, month = np.nonzero(runs_away)[0][child], month + months.burn_in
    years = (months.first_days[month] - case.people.birth_day[child]) / 365.25
    there = (years > 10) & (month > case.people.arrives[child]) & (case.lives.move[child, month] == Move.NOTHING)
    child, month, years = child[there], month[there], years[there]
    exploited = case.people.child_problems[child, list(CHILD_PROBLEMS).index("exploitation")]
    chance = 0.008 * np.exp(0.25 * (case.lives.need[child, month] - 2.0)) * (1 + 3 * exploited)
    chance = (
        chance * np.where(is_one_of(IN_CARE)[case.lives.state[child, month]], 7, 1) * np.where(years >= 16, 2.05, 0.8)
    )
    went = rng.random(len(child)) < chance
    return child[went], month[went]


def record_care(case: Case, referrals: Referrals) -> dict[str, pl.DataFrame]:
    """Write the tables of looked-after children and of missing episodes."""
    stays = spans_of(case, IN_CARE)
    homes = homes_of(case, stays, case.draws("homes"))
    return {
        "ssd_cla_episodes": _episodes(case, stays, homes, referrals, case.draws("record care")),
        **record_placements(case, stays, homes),
        "ssd_sdq_scores": _sdq(case, stays, case.draws("record questionnaires")),
        "ssd_missing": _missing(case, case.draws("record missing")),
    }
