"""Carries true probabilities back, month by month, for every combination of what does not change.

The same tables (`chain`) that lives are drawn from are added up here: no draws, hence no sampling error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.synthetic import needs
from features.synthetic.chain import HELP, Chain, Steps, band_of, chain_of, steps_of_needs
from features.synthetic.states import LEAVERS, OPEN, REFERRALS, RUNGS, Move, State, lands
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.synthetic.families import Flags, Floats, Ints
    from features.synthetic.profiles import Profile

HORIZON_MONTHS = 12

# What values are carried back for: reaching a rung or a plan, or being referred, at any time within the horizon ...
NEED_OR_MORE, PLAN_OR_CARE, CARE, PLAN, REFERRAL = range(5)
# ... and, for those who left care, standing without work or without a suitable home at its end.
WITHOUT_WORK, WITHOUT_HOME = range(2)

CHILD_STATES: tuple[State, ...] = tuple(state for state in State if state < State.LEAVER_SETTLED)
_LEAST_RUNG = {NEED_OR_MORE: Rung.CHILD_IN_NEED, PLAN_OR_CARE: Rung.CHILD_PROTECTION, CARE: Rung.LOOKED_AFTER}
_WITHOUT = {
    WITHOUT_WORK: (State.LEAVER_WITHOUT_WORK, State.LEAVER_WITHOUT_BOTH),
    WITHOUT_HOME: (State.LEAVER_WITHOUT_HOME, State.LEAVER_WITHOUT_BOTH),
}


@dataclass(frozen=True)
class Combinations:
    """Combinations of what does not change, one entry each.

    Parameters
    ----------
    base, base_strength, helped, kind
        As `People` and `chain` number them.
    band, later_band
        Bands of age in the first month ahead, and from `turn` on.
    turn
        The month ahead, from 2, in which the band changes; 13 when it does not.
    """

    base: Ints
    base_strength: Ints
    helped: Ints
    kind: Ints
    band: Ints
    later_band: Ints
    turn: Ints

    @classmethod
    def of(cls, rows: Ints) -> Combinations:
        """Read combinations from the columns of an array."""
        return cls(*rows.T)


def path_of(months_old: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the band of age in the next month, the band afterwards and the month ahead in which it changes."""
    ahead = band_of(months_old[:, None] + np.arange(1, HORIZON_MONTHS + 1)[None, :])
    differs = ahead != ahead[:, :1]
    turn = np.where(differs.any(axis=1), differs.argmax(axis=1) + 1, HORIZON_MONTHS + 1)
    return ahead[:, 0], ahead[:, -1], turn


def _hits(states: Sequence[State], moves: dict[State, tuple[Move, ...]]) -> dict[State, Flags]:
    """Say which moves from each state reach each of the five: shape (moves, 5)."""
    found = {}
    for state in states:
        rows = [[_is_hit(target, state, move) for target in range(5)] for move in moves[state]]
        found[state] = np.array(rows, bool)
    return found


def _is_hit(target: int, state: State, move: Move) -> bool:
    to = lands(state, move)
    if target in _LEAST_RUNG:
        return RUNGS[to] >= _LEAST_RUNG[target]
    if target == PLAN:
        return move == Move.PROTECTION_BEGAN
    return move in REFERRALS or (move == Move.INTO_CARE and state not in OPEN)


@dataclass(frozen=True)
class Tables:
    """The tables that values are carried back with, and what counts as reached."""

    chain: Chain
    steps: Steps
    hits: dict[State, Flags]

    @classmethod
    def of(cls, profile: Profile) -> Tables:
        """Lay out the tables of an authority."""
        chain = chain_of(profile)
        return cls(chain, steps_of_needs(), _hits(CHILD_STATES, dict(chain.moves)))


def carry_needs(values: Floats, states: Sequence[State], some: Combinations, steps: Steps) -> Floats:
    """Carry values back over one month's change of need and strengths.

    Parameters
    ----------
    values
        At the month's end; shape (what, states, need, strengths, combinations).
    states
        The states of the second axis, which decide the help that is given.
    some
        The combinations of the last axis.
    steps
        How need and strengths move.

    Returns
    -------
    array
        The expected values at the month's beginning, in the same shape.
    """
    out = np.empty_like(values)
    for given in sorted({float(HELP[state, 1]) for state in states}):
        which = [place for place, state in enumerate(states) if HELP[state, 1] == given]
        state = states[which[0]]
        lower, higher = steps.strength[some.base_strength, :, state, some.helped].transpose(2, 1, 0)
        falls, rises = steps.need[some.base, :, :, state, some.helped].transpose(3, 1, 2, 0)
        here = values[:, which]
        firmer = here * (1 - lower - higher)
        firmer[:, :, :, 1:] += lower[1:] * here[:, :, :, :-1]
        firmer[:, :, :, :-1] += higher[:-1] * here[:, :, :, 1:]
        moved = firmer * (1 - falls - rises - needs.LIFE_EVENT)
        moved[:, :, 1:] += falls[1:] * firmer[:, :, :-1]
        moved[:, :, :-1] += rises[:-1] * firmer[:, :, 1:]
        moved[:, :, :-2] += needs.LIFE_EVENT * firmer[:, :, 2:]
        moved[:, :, -2:] += needs.LIFE_EVENT * firmer[:, :, -1:]
        out[:, which] = moved
    return out


def _chances(tables: Tables, states: Sequence[State], kind: Ints, band: Ints) -> dict[State, Floats]:
    """Look up each state's chances; shape (moves, need, strengths, combinations)."""
    shape = (needs.NEED_LEVELS, needs.STRENGTH_LEVELS, len(kind))
    return {
        state: np.ascontiguousarray(tables.chain.chances[state][:, kind, band].transpose(0, 2, 1)).reshape(-1, *shape)
        for state in states
    }


def carry_services(
    values: Floats, states: Sequence[State], chances: dict[State, Floats], tables: Tables, *, reaching: bool
) -> Floats:
    """Carry values back over one month's moves.

    Parameters
    ----------
    values
        After the moves; shape (what, states, need, strengths, combinations).
    states
        The states of the second axis.
    chances
        By state; shape (moves, need, strengths, combinations).
    tables
        Which moves there are, and which of them reach what is asked for.
    reaching
        Whether reaching is what counts; otherwise only where one stands at the end.

    Returns
    -------
    array
        The expected values before the moves.
    """
    place = {state: k for k, state in enumerate(states)}
    out = np.empty_like(values)
    for state in states:
        left = values[:, place[state]] * (1 - chances[state].sum(axis=0))
        for k, (move, chance) in enumerate(zip(tables.chain.moves[state], chances[state], strict=True)):
            to = lands(state, move)
            after = values[:, place[to]] if to in place else np.zeros_like(left)
            if reaching and tables.hits[state][k].any():
                after = after.copy()
                after[tables.hits[state][k]] = 1.0
            left += chance * after
        out[:, place[state]] = left
    return out


def values_of(tables: Tables, some: Combinations, *, leavers: bool) -> Floats:
    """Work out the true probabilities of some combinations that turn to another band of age in the same month.

    Parameters
    ----------
    tables
        The authority's.
    some
        The combinations; all with the same `turn`.
    leavers
        Whether to work out those of young people who left care instead of those of children.

    Returns
    -------
    array
        Shape (5, children's states, need, strengths, combinations), or (2, leavers' states, ...).
    """
    states = LEAVERS if leavers else CHILD_STATES
    shape = (2 if leavers else 5, len(states), needs.NEED_LEVELS, needs.STRENGTH_LEVELS, len(some.kind))
    values = np.zeros(shape)
    if leavers:
        for what, without in _WITHOUT.items():
            values[what, [states.index(state) for state in without]] = 1.0
    turn = int(some.turn[0]) if len(some.turn) else HORIZON_MONTHS + 1
    chances = _chances(tables, states, some.kind, some.later_band)
    for month in range(HORIZON_MONTHS, 0, -1):
        if month == turn - 1:
            chances = _chances(tables, states, some.kind, some.band)
        values = carry_services(values, states, chances, tables, reaching=not leavers)
        values = carry_needs(values, states, some, tables.steps)
    return values
