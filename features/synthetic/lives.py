"""Lets the months pass for every child at once and keeps what happened.

Siblings share most of what happens to them: each month a child takes the family's random numbers, or now and then its
own. Its own life alone therefore follows exactly the probabilities of `needs` and `services`, which is what lets
`truth` work them out without a single draw.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from features.synthetic import needs
from features.synthetic.chain import BANDS, LANDS, LEVELS, Chain, Steps, band_of, help_kind_of, kind_of
from features.synthetic.states import IN_CARE, LEAVERS, OPEN, Move, State

if TYPE_CHECKING:
    from features.synthetic.calendar import Months
    from features.synthetic.families import Ints, People

# How often a child's month is the family's month: brothers and sisters share nearly all of what happens, and part where
# their own needs, ages and places in the services differ.
SHARED = 0.985
# Families who move to another authority, a month, while social care is involved; unrelated to need.
MOVES_AWAY = 0.002
# Deaths, a month; about 2 a year per 20,000 children.
DIES = 0.000008
# Services hear of an unborn child from about the fifth month.
UNBORN_MONTHS = 4
EIGHTEEN, TWENTY_TWO = 18 * 12, 22 * 12
# In days, to within one.
EIGHTEENTH_BIRTHDAY = 6574
# Of those who leave care at 18, how many have no place in education or work at first, less where there are strengths.
LEAVES_WITHOUT_WORK = 0.29

Bytes = NDArray[np.int8]

_OPEN = np.isin(np.arange(len(State)), OPEN)
_IN_CARE = np.isin(np.arange(len(State)), IN_CARE)
_LEAVER = np.isin(np.arange(len(State)), LEAVERS)


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
        The day on which it happened, if anything did; days since 1970-01-01.
    need, strength
        Levels at the month's end.
    """

    state: Bytes
    move: Bytes
    day: NDArray[np.uint16]
    need: Bytes
    strength: Bytes

    def take(self, children: Ints) -> Lives:
        """Keep some children."""
        return Lives(**{f.name: getattr(self, f.name)[children] for f in fields(self)})


def months_old(people: People, months: Months, month: int) -> Ints:
    """Give each child's age in whole months at the end of a month; below 0 before birth."""
    birth_month = months.month_of(people.birth_day.astype(np.int32))
    before = birth_month < 0
    # Births before the first month are counted from their days: a month is 30.44 days on average.
    early = -np.ceil((int(months.first_days[0]) - people.birth_day) / 30.4375).astype(np.int64)
    return month - np.where(before, early, np.where(birth_month >= months.n, months.n + 3, birth_month))


def _shared_uniforms(rng: np.random.Generator, people: People) -> NDArray[np.float64]:
    """Draw four uniform numbers for each child, mostly the family's; shape (4, children)."""
    family = rng.random((4, people.n_families))
    own = rng.random((4, people.n))
    return np.where((rng.random(people.n) < SHARED)[None, :], family[:, people.family], own)


def pick(chain: Chain, state: Bytes, cell: Ints, uniform: NDArray[np.float64]) -> Bytes:
    """Choose what happens to each child this month.

    Parameters
    ----------
    chain
        The authority's probabilities.
    state
        Where each child stands.
    cell
        Each child's kind, band of age, need and strengths as one number, as `chain` lays them out.
    uniform
        A number in [0, 1) for each child.

    Returns
    -------
    array of int8
        The `Move` of each child.
    """
    move = np.zeros(len(state), np.int8)
    some = np.nonzero(uniform < chain.total[state, cell])[0]
    reached = chain.cumulative[state[some], cell[some]]
    place = (uniform[some, None] >= reached).sum(axis=1)
    move[some] = chain.move_at[state[some], place]
    return move


def cells(kind: Ints, band: Ints, need: Bytes, strength: Bytes) -> Ints:
    """Give the place of each situation in a chain's tables."""
    level = need.astype(np.int64) * needs.STRENGTH_LEVELS + strength
    return (kind * len(BANDS) + band) * LEVELS + level


@dataclass
class _Now:
    """Where the children who are here stand this month; arrays of all children, changed as months pass."""

    state: Bytes
    need: Bytes
    strength: Bytes


def _change_needs(now: _Now, who: Ints, people: People, steps: Steps, u: NDArray[np.float64]) -> None:
    """Let need and strengths move for those who are here."""
    state, need, strength = now.state[who], now.need[who], now.strength[who]
    helped = help_kind_of(people)[who]
    falls, rises = steps.need[people.base[who], need, strength, state, helped].T
    lower, higher = steps.strength[people.base_strength[who], strength, state, helped].T
    now.need[who] = needs.step_need(need, (falls, rises), u[0, who])
    now.strength[who] = needs.step_strength(strength, (lower, higher), u[1, who])


def _leave(move: Bytes, state: Bytes, strength: Bytes, age: Ints, u: NDArray[np.float64]) -> Bytes:
    """Let those of 18 and 22 go, some families move and a few children die, whatever else would have happened.

    `u` holds three numbers for each child: whether the family moves, whether the child dies, how care is left.
    """
    move = np.where((u[0] < MOVES_AWAY) & _OPEN[state], Move.MOVED_AWAY, move)
    move = np.where((u[1] < DIES) & (age >= 0), Move.DIED, move)
    without = u[2] < LEAVES_WITHOUT_WORK * 0.85**strength
    leaves_care = np.where(without, Move.LEFT_CARE_WITHOUT_WORK, Move.LEFT_CARE)
    is_18 = (age >= EIGHTEEN) & ~_LEAVER[state]
    move = np.where(is_18, np.where(_IN_CARE[state], leaves_care, Move.TURNED_18), move)
    return np.where(age >= TWENTY_TWO, Move.TURNED_22, move).astype(np.int8)


def _day(months: Months, t: int, birth_day: Ints, age: Ints, uniform: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Draw the day of the month: not before birth in the month of birth, the birthday itself at 18."""
    first, last = months.first_days[t], months.first_days[t + 1] - 1
    day = first + np.floor(uniform * (last - first + 1)).astype(np.int64)
    day = np.where(age == 0, np.maximum(day, birth_day), day)
    birthday = np.clip(birth_day + EIGHTEENTH_BIRTHDAY, first, last)
    return np.where(age == EIGHTEEN, birthday, day).astype(np.uint16)


def live(rng: np.random.Generator, people: People, months: Months, chain: Chain, steps: Steps) -> Lives:
    """Let every month pass.

    Parameters
    ----------
    rng
        The stream of this part.
    people
        The children.
    months
        Burn-in and records.
    chain, steps
        The probabilities of a month.

    Returns
    -------
    Lives
        In the order of `people`.
    """
    now = _Now(np.zeros(people.n, np.int8), people.base.astype(np.int8), people.base_strength.astype(np.int8))
    shape, kind = (months.n, people.n), kind_of(people)
    kept = {name: np.zeros(shape, np.int8) for name in ("state", "move", "need", "strength")}
    day = np.zeros(shape, np.uint16)
    first_age = months_old(people, months, 0)
    for t in range(months.n):
        u, own = _shared_uniforms(rng, people), rng.random((3, people.n))
        own[0] = rng.random(people.n_families)[people.family]
        age = first_age + t
        who = np.nonzero((age >= -UNBORN_MONTHS) & (now.state != State.GONE) & (t >= people.arrives))[0]
        _change_needs(now, who, people, steps, u)
        state, strength, older = now.state[who], now.strength[who], age[who]
        cell = cells(kind[who], band_of(older), now.need[who], strength)
        move = _leave(pick(chain, state, cell, u[2, who]), state, strength, older, own[:, who])
        move = np.where(people.arrives[who] == t, Move.INTO_CARE, move).astype(np.int8)
        now.state[who] = LANDS[state, move]
        kept["move"][t, who] = move
        day[t, who] = _day(months, t, people.birth_day[who], older, u[3, who])
        kept["state"][t], kept["need"][t], kept["strength"][t] = now.state, now.need, now.strength
    return Lives(day=np.ascontiguousarray(day.T), **{name: np.ascontiguousarray(a.T) for name, a in kept.items()})
