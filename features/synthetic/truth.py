"""What no extract ever tells: each child's true probability of moving up the ladder within twelve months.

Given everything (need, strengths, state, age, what never changes), the probability is worked out exactly: the
distribution over need, strengths and state is carried forward month by month with the same `needs` and `services` that
the lives were drawn from, and what reaches a higher rung is added up. No draws, hence no sampling error. It is the
probability for a child who stays: turning 18, death and moving away within the horizon are censoring, not an outcome.
(Moving away is only seen while a case is open, so of those who stay a little under 1% fewer have escalated.)
Only tests, benchmarks and experiments may read what is written from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from features.synthetic import needs
from features.synthetic.lives import EIGHTEEN, UNBORN_MONTHS, Lives, months_old, situation
from features.synthetic.services import exits
from features.synthetic.states import HELP_GIVEN, LEADS_TO, RUNGS, Move, State
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from features.synthetic.calendar import Months
    from features.synthetic.families import Flags, Floats, Ints, People
    from features.synthetic.profiles import Profile

HORIZON_MONTHS = 12
# Moves that a record shows as a contact or a referral.
ASKED_FOR = (
    Move.CONTACT,
    Move.EARLY_HELP_BEGAN,
    Move.REFERRED,
    Move.REFERRAL_CLOSED,
    Move.STEPPED_UP,
    Move.NEED_FOUND_QUICKLY,
    Move.NO_NEED_FOUND_QUICKLY,
)
LEFT = (Move.MOVED_AWAY, Move.DIED, Move.TURNED_18)

_RUNG = np.array([RUNGS[state] for state in State])
_FROM: list[State] = [state for state in State if state not in (State.CARE, State.GONE)]
_NEED = np.arange(needs.NEED_LEVELS)[None, :, None]
_STRENGTH = np.arange(needs.STRENGTH_LEVELS)[None, None, :]


@dataclass(frozen=True)
class Chances:
    """The true chances of some children at the end of one month.

    Parameters
    ----------
    children
        Positions in the lives.
    chance
        True probability of escalation within the next twelve months, for a child who stays.
    escalated
        Whether it happened. Only meaningful where `is_seen`.
    is_seen
        Whether the child was there for all twelve months, and those months lie within the records.
    """

    children: Ints
    chance: Floats
    escalated: Flags
    is_seen: Flags


def concerned(lives: Lives, people: People, months: Months, month: int) -> Ints:
    """Give the children whom services are concerned with at a month's end.

    Early help, an assessment or a plan is open, or a contact or referral came in the last three months; under 18, not
    looked after.
    """
    state, age = lives.state[:, month], months_old(people, months, month)
    asked = np.isin(lives.move[:, max(0, month - 2) : month + 1], ASKED_FOR).any(axis=1)
    is_open = (state > State.KNOWN_BEFORE) & (state < State.CARE)
    is_there = (state < State.CARE) & (age < EIGHTEEN) & (age >= -UNBORN_MONTHS)
    return np.nonzero(is_there & (is_open | asked))[0]


def carry_needs(mass: Floats, people: People, state: State) -> Floats:
    """Carry need and strengths forward by a month.

    Parameters
    ----------
    mass
        Probability by child, need and strengths, within one state.
    people
        The children, in the order of `mass`.
    state
        Which decides the help that is given.

    Returns
    -------
    array
        As `mass`, with the same sum.
    """
    helped = (HELP_GIVEN.get(state, 0.0) * people.help_works)[:, None, None]
    falls, rises = needs.need_steps(_NEED, people.base[:, None, None], _STRENGTH, helped)
    falls, rises = np.broadcast_to(falls, mass.shape), np.broadcast_to(rises, mass.shape)
    moved = mass * (1 - falls - rises - needs.LIFE_EVENT)
    moved[:, :-1] += (mass * falls)[:, 1:]
    moved[:, 1:] += (mass * rises)[:, :-1]
    moved[:, 2:] += needs.LIFE_EVENT * mass[:, :-2]
    moved[:, -1] += needs.LIFE_EVENT * mass[:, -2:].sum(axis=1)
    lower, higher = needs.strength_steps(_STRENGTH, people.base_strength[:, None, None], helped)
    firmer = moved * (1 - lower - higher)
    firmer[:, :, :-1] += (moved * lower)[:, :, 1:]
    firmer[:, :, 1:] += (moved * higher)[:, :, :-1]
    out: Floats = firmer
    return out


def carry_services(
    mass: dict[State, Floats], people: People, age: Ints, rung: Ints, profile: Profile
) -> tuple[dict[State, Floats], Floats]:
    """Let one month's moves happen.

    Parameters
    ----------
    mass
        Probability by child, need and strengths, for each state.
    people, age
        The children, in the order of `mass`, and their ages in months.
    rung
        The rung that each child held on the day from which escalation is counted.
    profile
        The authority.

    Returns
    -------
    tuple of dict and array
        The mass that has not escalated, and each child's probability of having done so this month.
    """
    at = situation(people, _NEED, _STRENGTH, age)  # type: ignore[arg-type]  # arrays that fit together
    at = type(at)(**{name: _per_child(value) for name, value in vars(at).items()})
    after = {state: np.zeros_like(m) for state, m in mass.items()}
    reached = np.zeros(people.n)
    for state, here in mass.items():
        left = here.copy()
        for move, chance in exits(state, at, profile):
            goes = here * chance
            to = LEADS_TO.get(move, state)
            left -= goes
            is_up = (_RUNG[to] > rung) & (_RUNG[to] >= Rung.CHILD_IN_NEED)
            reached += goes.sum(axis=(1, 2)) * is_up
            if to in after:
                after[to] += goes * ~is_up[:, None, None]
        after[state] += left
    return after, reached


def _per_child(value: Any) -> Any:
    return value[:, None, None] if np.ndim(value) == 1 else value


def chances(lives: Lives, people: People, months: Months, profile: Profile, *, month: int) -> Chances:
    """Work out the true chances of every child concerned at a month's end.

    Parameters
    ----------
    lives, people, months, profile
        As simulated; `lives` and `people` in the same order.
    month
        The month whose end is the day.

    Returns
    -------
    Chances
        One entry per child concerned, in their order.
    """
    who = concerned(lives, people, months, month)
    some = people.take(who)
    state, rows = lives.state[who, month], np.arange(len(who))
    rung = _RUNG[state]
    shape = (len(who), needs.NEED_LEVELS, needs.STRENGTH_LEVELS)
    mass: dict[State, Floats] = {s: np.zeros(shape) for s in _FROM}
    for s in _FROM:
        here = rows[state == s]
        mass[s][here, lives.need[who[here], month], lives.strength[who[here], month]] = 1.0
    chance, age = np.zeros(len(who)), months_old(some, months, month)
    for k in range(1, HORIZON_MONTHS + 1):
        mass = {s: carry_needs(m, some, s) for s, m in mass.items()}
        mass, reached = carry_services(mass, some, age + k, rung, profile)
        chance += reached
    escalated, is_seen = _what_happened(lives, who, month, rung)
    return Chances(who, chance, escalated, is_seen)


def _what_happened(lives: Lives, who: Ints, month: int, rung: Ints) -> tuple[Flags, Flags]:
    """Give who moved up within the horizon, and who was there for all of it."""
    ahead = slice(month + 1, month + 1 + HORIZON_MONTHS)
    later = _RUNG[lives.state[who, ahead]]
    is_up = np.asarray((later > rung[:, None]) & (later >= Rung.CHILD_IN_NEED))
    is_complete = lives.state.shape[1] > month + HORIZON_MONTHS
    has_left = np.isin(lives.move[who, ahead], LEFT)
    return np.asarray(is_up.any(axis=1)), np.asarray(~has_left.any(axis=1) & is_complete)


def auc(score: Floats, outcome: Flags) -> float:
    """Give the area under the ROC curve, ties counted half; not a number when one outcome is absent."""
    _, rank_of, counts = np.unique(score, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    n_up, n_not = int(outcome.sum()), int((~outcome).sum())
    if not n_up or not n_not:
        return float("nan")
    return float((middle[rank_of[outcome]].sum() - n_up * (n_up + 1) / 2) / (n_up * n_not))
