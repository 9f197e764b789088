"""Lets the months pass for every child at once and keeps what happened.

Siblings share most of what happens to them: each month a child takes the family's random numbers, or now and then its
own. Its own life alone therefore follows exactly the probabilities of `needs` and `services`, which is what lets
`truth` work them out without a single draw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from features.synthetic import needs
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS, Ints, People
from features.synthetic.services import Situation, exits
from features.synthetic.states import HELP_GIVEN, LEADS_TO, Move, State

if TYPE_CHECKING:
    from features.synthetic.calendar import Months
    from features.synthetic.profiles import Profile

# How often a child's month is the family's month. Two siblings then share about two months in three.
SHARED = 0.8
# Families who move to another authority, a month, while social care is involved; unrelated to need.
MOVES_AWAY = 0.002
# Deaths, a month; about 2 a year per 20,000 children.
DIES = 0.000008
# Services hear of an unborn child from about the fifth month.
UNBORN_MONTHS = 4
EIGHTEEN = 18 * 12
# In days, to within one.
EIGHTEENTH_BIRTHDAY = 6574

Bytes = NDArray[np.int8]


@dataclass(frozen=True)
class Lives:
    """What happened, one row per child and one column per month.

    Parameters
    ----------
    state
        Where the child stood at the month's end.
    move
        What happened in the month.
    day
        The day on which it happened, if anything did.
    need, strength
        Levels at the month's end.
    """

    state: Bytes
    move: Bytes
    day: NDArray[np.int32]
    need: Bytes
    strength: Bytes

    def take(self, children: Ints) -> Lives:
        """Keep some children."""
        kept = {name: getattr(self, name)[children] for name in ("state", "move", "day", "need", "strength")}
        return replace(self, **kept)


def months_old(people: People, months: Months, month: int) -> Ints:
    """Give each child's age in whole months at the end of a month; below 0 before birth."""
    birth_month = months.month_of(people.birth_day.astype(np.int32))
    before = birth_month < 0
    # Births before the first month are counted from their days: a month is 30.44 days on average.
    early = -np.ceil((int(months.first_days[0]) - people.birth_day) / 30.4375).astype(np.int64)
    return month - np.where(before, early, np.where(birth_month >= months.n, months.n + 3, birth_month))


def situation(people: People, need: NDArray[np.int8], strength: NDArray[np.int8], age: Ints) -> Situation:
    """Put together what decides this month for some children."""
    family = dict(zip(FAMILY_PROBLEMS, people.family_problems.T, strict=True))
    child = dict(zip(CHILD_PROBLEMS, people.child_problems.T, strict=True))
    return Situation(
        need=need,
        strength=strength,
        months_old=age,
        is_disabled=people.is_disabled.astype(np.int8),
        is_exploited=child["exploitation"].astype(np.int8),
        drugs_or_alcohol=(family["parent_drugs"] | family["parent_alcohol"]).astype(np.int8),
        parent_learning=family["parent_learning"].astype(np.int8),
        domestic_abuse=family["domestic_abuse"].astype(np.int8),
    )


def _shared_uniforms(rng: np.random.Generator, people: People) -> NDArray[np.float64]:
    """Draw four uniform numbers for each child, mostly the family's."""
    family = rng.random((people.n_families, 4))[people.family]
    own = rng.random((people.n, 4))
    return np.where((rng.random(people.n) < SHARED)[:, None], family, own)


def pick(state: Bytes, at: Situation, uniform: NDArray[np.float64], profile: Profile) -> Bytes:
    """Choose what happens to each child this month.

    Parameters
    ----------
    state
        Where each child stands.
    at
        Each child's situation, one entry per child.
    uniform
        A number in [0, 1) for each child.
    profile
        The authority.

    Returns
    -------
    array of int8
        The `Move` of each child.
    """
    move = np.zeros(len(state), np.int8)
    for now in State:
        who = np.nonzero(state == now)[0]
        if now is State.GONE or not len(who):
            continue
        here = replace(at, **{name: getattr(at, name)[who] for name in at.__dataclass_fields__})
        chosen, reached = np.zeros(len(who), np.int8), np.zeros(len(who))
        for what, chance in exits(now, here, profile):
            chosen[(uniform[who] >= reached) & (uniform[who] < reached + chance)] = what
            reached = reached + chance
        move[who] = chosen
    return move


def _leave(move: Bytes, state: Bytes, rng: np.random.Generator, age: Ints, families: Ints) -> Bytes:
    """Let the 18-year-olds go, some families move and a few children die, whatever else would have happened."""
    moving = rng.random(int(families.max()) + 1)[families] < MOVES_AWAY
    dying = (rng.random(len(state)) < DIES) & (age >= 0)
    is_open = (state >= State.ASSESSMENT) & (state < State.GONE)
    move = np.where(moving & is_open, Move.MOVED_AWAY, move)
    move = np.where(dying, Move.DIED, move)
    return np.where(age >= EIGHTEEN, Move.TURNED_18, move).astype(np.int8)


def _day(months: Months, t: int, people: People, age: Ints, uniform: NDArray[np.float64]) -> NDArray[np.int32]:
    """Draw the day of the month: not before birth in the month of birth, the birthday itself at 18."""
    first, last = months.first_days[t], months.first_days[t + 1] - 1
    day = first + np.floor(uniform * (last - first + 1)).astype(np.int64)
    day = np.where(age == 0, np.maximum(day, people.birth_day), day)
    birthday = np.clip(people.birth_day + EIGHTEENTH_BIRTHDAY, first, last)
    return np.where(age >= EIGHTEEN, birthday, day).astype(np.int32)


_LANDS = np.array([LEADS_TO.get(move, -1) for move in Move], np.int8)
_HELP = np.array([HELP_GIVEN.get(state, 0.0) for state in State])


def live(rng: np.random.Generator, people: People, months: Months, profile: Profile) -> Lives:
    """Let every month pass.

    Parameters
    ----------
    rng
        The stream of this part.
    people
        The children.
    months
        Burn-in and records.
    profile
        The authority.

    Returns
    -------
    Lives
        In the order of `people`.
    """
    need, strength = people.base.astype(np.int8), people.base_strength.astype(np.int8)
    state = np.zeros(people.n, np.int8)
    shape = (months.n, people.n)
    kept = {name: np.zeros(shape, np.int8) for name in ("state", "move", "need", "strength")}
    day = np.zeros(shape, np.int32)
    first_age = months_old(people, months, 0)
    for t in range(months.n):
        age, u = first_age + t, _shared_uniforms(rng, people)
        is_here = (age >= -UNBORN_MONTHS) & (state != State.GONE)
        helped = _HELP[state] * people.help_works
        steps = needs.need_steps(need, people.base, strength, helped)
        firmer = needs.strength_steps(strength, people.base_strength, helped)
        need = np.where(is_here, needs.step_need(need, steps, u[:, 0]), need).astype(np.int8)
        strength = np.where(is_here, needs.step_strength(strength, firmer, u[:, 1]), strength).astype(np.int8)
        move = pick(state, situation(people, need, strength, age), u[:, 2], profile)
        move = np.where(is_here, _leave(move, state, rng, age, people.family), Move.NOTHING).astype(np.int8)
        state = np.where(_LANDS[move] >= 0, _LANDS[move], state).astype(np.int8)
        day[t] = _day(months, t, people, age, u[:, 3])
        for name, now in (("state", state), ("move", move), ("need", need), ("strength", strength)):
            kept[name][t] = now
    return Lives(day=np.ascontiguousarray(day.T), **{name: np.ascontiguousarray(a.T) for name, a in kept.items()})
