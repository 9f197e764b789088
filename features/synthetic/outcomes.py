"""Who is asked what on which day, and what then happened: the outcomes that `truth/` tells the chances of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.synthetic.cells import is_one_of
from features.synthetic.chain import help_kind_of, kind_of
from features.synthetic.lives import EIGHTEEN, UNBORN_MONTHS, months_old
from features.synthetic.states import (
    LEAVERS,
    ON_A_PLAN,
    OPEN,
    REFERRALS,
    RUNGS,
    Move,
    State,
)  # fmt: skip
from features.synthetic.truth import Starts, chances_of
from features.synthetic.values import (
    CARE,
    HORIZON_MONTHS,
    NEED_OR_MORE,
    PLAN,
    PLAN_OR_CARE,
    REFERRAL,
    WITHOUT_HOME,
    WITHOUT_WORK,
    path_of,
)  # fmt: skip
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from features.synthetic.cells import Case
    from features.synthetic.families import Flags, Floats, Ints

CHILD_OUTCOMES = ("escalation", "protection_plan", "care_entry", "re_referral", "re_entry")
LEAVER_OUTCOMES = ("not_in_education_or_work", "not_in_suitable_home")
# Moves that a record shows as a contact or a referral.
ASKED_FOR = (Move.CONTACT, Move.HELP_OFFERED, *REFERRALS)
LEFT = (Move.MOVED_AWAY, Move.DIED, Move.TURNED_18, Move.TURNED_22)
_NO_NEED = (Move.REFERRAL_CLOSED, Move.NO_NEED_FOUND_QUICKLY)

_RUNG = np.array([RUNGS[state] for state in State])
_WHAT = {"protection_plan": PLAN, "care_entry": CARE, "re_referral": REFERRAL, "re_entry": CARE}


@dataclass(frozen=True)
class Told:
    """The chances of one outcome on one day.

    Parameters
    ----------
    outcome, month
        Of what, and at which month's end.
    children
        Positions in the lives.
    chance
        True probability within the next twelve months, for a child who stays.
    happened
        Whether it did. Only meaningful where `is_seen`.
    is_seen
        Whether the child was there for all twelve months, and those months lie within the records.
    """

    outcome: str
    month: int
    children: Ints
    chance: Floats
    happened: Flags
    is_seen: Flags


def concerned(case: Case, month: int) -> Flags:
    """Say with which children services are concerned at a month's end.

    Early help, an assessment or a plan is open, or a contact or referral came in the last three months; under 18, not
    looked after.
    """
    state, age = case.lives.state[:, month], months_old(case.people, case.months, month)
    asked = _moved(case, ASKED_FOR, month, 3)
    is_open = is_one_of((State.EARLY_HELP, *OPEN))[state]
    is_there = (state < State.CARE) & (age < EIGHTEEN) & (age >= -UNBORN_MONTHS)
    return np.logical_and(is_there, is_open | asked)


def _moved(case: Case, moves: tuple[Move, ...], month: int, months: int) -> Flags:
    """Say who moved in one of some ways in the last months."""
    wanted = np.isin(np.arange(len(Move)), moves)
    return np.asarray(wanted[case.lives.move[:, max(0, month - months + 1) : month + 1]].any(axis=1))


def at_risk(case: Case, outcome: str, month: int) -> Ints:
    """Give the children of whom an outcome is asked at a month's end.

    Of escalation and care entry: those `concerned`; of a protection plan: those of them without one. Of re-referral:
    those without an open case who had one in the last twelve months; of re-entry: those who returned home in the last
    twelve months; of homes and occupation: young people who left care at 18.
    """
    state, age = case.lives.state[:, month], months_old(case.people, case.months, month)
    if outcome in LEAVER_OUTCOMES:
        return np.nonzero(is_one_of(LEAVERS)[state])[0]
    if outcome == "re_referral":
        had = is_one_of(OPEN)[case.lives.state[:, max(0, month - 11) : month + 1]].any(axis=1)
        had |= _moved(case, _NO_NEED, month, 12)
        return np.nonzero(had & (state < State.ASSESSMENT) & (age < EIGHTEEN))[0]
    if outcome == "re_entry":
        home = _moved(case, (Move.RETURNED_HOME,), month, 12)
        return np.nonzero(home & (state < State.CARE) & (age < EIGHTEEN))[0]
    here = concerned(case, month)
    return np.nonzero(here & ~is_one_of(ON_A_PLAN)[state] if outcome == "protection_plan" else here)[0]


def _escalation(rung: Ints) -> Ints:
    """Give what counts as escalation from each rung."""
    return np.select([rung >= Rung.CHILD_PROTECTION, rung >= Rung.CHILD_IN_NEED], [CARE, PLAN_OR_CARE], NEED_OR_MORE)


def _asked(case: Case, outcome: str, who: Ints, month: int) -> Ints:
    if outcome == "escalation":
        return _escalation(_RUNG[case.lives.state[who, month]])
    if outcome in LEAVER_OUTCOMES:
        return np.full(len(who), WITHOUT_WORK if outcome == LEAVER_OUTCOMES[0] else WITHOUT_HOME)
    return np.full(len(who), _WHAT[outcome])


def _happened(case: Case, outcome: str, who: Ints, month: int) -> Flags:
    """Say to whom it happened within the horizon, as far as the lives go."""
    ahead = slice(month + 1, month + 1 + HORIZON_MONTHS)
    state, move, before = (
        a[who] for a in (case.lives.state[:, ahead], case.lives.move[:, ahead], case.lives.state[:, month:-1])
    )
    before = before[:, : move.shape[1]]
    if outcome == "escalation":
        rung = _RUNG[case.lives.state[who, month]]
        later = _RUNG[state]
        return np.asarray(((later > rung[:, None]) & (later >= Rung.CHILD_IN_NEED)).any(axis=1))
    if outcome == "protection_plan":
        return np.asarray((move == Move.PROTECTION_BEGAN).any(axis=1))
    if outcome in ("care_entry", "re_entry"):
        return np.asarray((move == Move.INTO_CARE).any(axis=1))
    if outcome == "re_referral":
        straight = (move == Move.INTO_CARE) & ~is_one_of(OPEN)[before]
        return np.asarray((np.isin(move, REFERRALS) | straight).any(axis=1))
    without = State.LEAVER_WITHOUT_WORK if outcome == LEAVER_OUTCOMES[0] else State.LEAVER_WITHOUT_HOME
    last = state[:, -1] if state.shape[1] else np.zeros(len(who), np.int8)
    return np.isin(last, (without, State.LEAVER_WITHOUT_BOTH))


def _is_seen(case: Case, who: Ints, month: int) -> Flags:
    ahead = slice(month + 1, month + 1 + HORIZON_MONTHS)
    last = month + HORIZON_MONTHS
    is_complete = last < case.months.n and int(case.months.first_days[last + 1]) - 1 <= case.months.until
    has_left = np.isin(case.lives.move[:, ahead][who], (*LEFT, Move.LEFT_CARE, Move.LEFT_CARE_WITHOUT_WORK))
    return np.asarray(~has_left.any(axis=1) & is_complete)


def _starts(case: Case, asked: list[tuple[str, int, Ints]]) -> Starts:
    helped, kind = help_kind_of(case.people), kind_of(case.people)
    found = []
    for outcome, month, who in asked:
        age = months_old(case.people, case.months, month)[who]
        fixed = (case.people.base[who], case.people.base_strength[who], helped[who], kind[who])
        now = [a[who, month].astype(np.int64) for a in (case.lives.state, case.lives.need, case.lives.strength)]
        found.append((np.stack([*fixed, *path_of(age)], axis=1), *now, _asked(case, outcome, who, month)))
    return Starts(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def tell(case: Case, *, processes: int) -> list[Told]:
    """Work out the true chances of every outcome for all children concerned at every quarter end of the records.

    Parameters
    ----------
    case
        Everything there is.
    processes
        How many share the work.

    Returns
    -------
    list of Told
        By quarter end, then outcome.
    """
    told = [*_tell(case, CHILD_OUTCOMES, processes), *_tell(case, LEAVER_OUTCOMES, processes)]
    order = (*CHILD_OUTCOMES, *LEAVER_OUTCOMES)
    return sorted(told, key=lambda one: (one.month, order.index(one.outcome)))


def _tell(case: Case, outcomes: tuple[str, ...], processes: int) -> list[Told]:
    asked = [
        (outcome, month, at_risk(case, outcome, month)) for month in case.months.quarter_ends() for outcome in outcomes
    ]
    if not asked:
        return []
    starts = _starts(case, asked)
    chance = chances_of(starts, case.profile, leavers=outcomes == LEAVER_OUTCOMES, processes=processes)
    ends = np.cumsum([len(who) for _, _, who in asked])[:-1]
    return [
        Told(outcome, month, who, part, _happened(case, outcome, who, month), _is_seen(case, who, month))
        for (outcome, month, who), part in zip(asked, np.split(chance, ends), strict=True)
    ]
