"""One month as tables: the probabilities of `needs` and `services` for every situation there can be.

What may happen depends on few things with few values each, so each probability is worked out once. `lives` looks up
what to draw from, `truth` what to add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from features.synthetic import needs
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS, Flags, Floats, Ints, People
from features.synthetic.services import exits
from features.synthetic.situation import Exits, Situation
from features.synthetic.states import HELP_GIVEN, INTENSIVE, Move, State, lands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.synthetic.profiles import Profile

# First months of the bands of age within which a chance does not change; -4 is the unborn child.
BANDS = (-4, 0, 12, 60, 72, 120, 132, 192)
LEVELS = needs.NEED_LEVELS * needs.STRENGTH_LEVELS
# In the order of `Situation`: each doubles the kinds of children.
FLAGS = ("is_disabled", "is_struggling", "substances", "parent_learning", "parents_struggle", "is_marked")
KINDS = 2 ** len(FLAGS)
MOST_MOVES = 8

_NEED, _STRENGTH = (grid.ravel() for grid in np.mgrid[0 : needs.NEED_LEVELS, 0 : needs.STRENGTH_LEVELS])


def band_of(months_old: Ints) -> Ints:
    """Give the band of each age in months, from 0."""
    return np.maximum(np.searchsorted(BANDS, months_old, side="right") - 1, 0)


def kind_of(people: People) -> Ints:
    """Give each child's combination of what does not change, as one number below `KINDS`."""
    family = dict(zip(FAMILY_PROBLEMS, people.family_problems.T, strict=True))
    child = dict(zip(CHILD_PROBLEMS, people.child_problems.T, strict=True))
    flags: tuple[Flags, ...] = (
        people.is_disabled,
        child["exploitation"] | child["child_mental_health"],
        family["parent_drugs"] | family["parent_alcohol"],
        family["parent_learning"],
        family["domestic_abuse"] | family["parent_mental_health"],
        people.is_marked,
    )
    kind: Ints = np.sum([flag.astype(np.int64) << k for k, flag in enumerate(flags)], axis=0)
    return kind


def help_kind_of(people: People) -> Ints:
    """Give 0 where help changes nothing, 1 where it works, 2 where an intensive service adds to it."""
    return people.help_works * (1 + people.is_intensive.astype(np.int64))


@dataclass(frozen=True)
class Chain:
    """The probabilities of one month in one authority.

    Parameters
    ----------
    moves
        By state: what may happen, in the order in which chances are laid out.
    chances
        By state: probability of each move; shape (moves, kinds, bands, need by strengths).
    """

    moves: Mapping[State, tuple[Move, ...]]
    chances: Mapping[State, Floats]

    @cached_property
    def total(self) -> Floats:
        """Probability that anything happens; shape (states, kinds by bands by need by strengths)."""
        found = np.zeros((len(State), KINDS * len(BANDS) * LEVELS))
        for state, chance in self.chances.items():
            found[state] = chance.sum(axis=0).ravel()
        return found

    @cached_property
    def cumulative(self) -> Floats:
        """Probability of each move or one before it; shape (states, kinds by bands by need by strengths, moves)."""
        found = np.ones((len(State), KINDS * len(BANDS) * LEVELS, MOST_MOVES))
        for state, chance in self.chances.items():
            found[state, :, : len(chance)] = np.cumsum(chance, axis=0).reshape(len(chance), -1).T
        return found

    @cached_property
    def move_at(self) -> Ints:
        """The move at each place of `cumulative`; shape (states, moves)."""
        found = np.zeros((len(State), MOST_MOVES), np.int64)
        for state, moves in self.moves.items():
            found[state, : len(moves)] = moves
        return found


def chain_of(profile: Profile) -> Chain:
    """Lay out the probabilities of an authority's month.

    Parameters
    ----------
    profile
        The authority, with what was planted.

    Returns
    -------
    Chain
        For every state but `GONE`.
    """
    shape = (KINDS, len(BANDS), LEVELS)
    kind, band, level = np.mgrid[0:KINDS, 0 : len(BANDS), 0:LEVELS]
    flags = {name: (kind >> k) & 1 for k, name in enumerate(FLAGS)}
    at = Situation(need=_NEED[level], strength=_STRENGTH[level], months_old=np.array(BANDS)[band], **flags)
    found: dict[State, Exits] = {state: exits(state, at, profile) for state in State if state is not State.GONE}
    moves = {state: tuple(move for move, _ in may) for state, may in found.items()}
    chances = {
        state: _at_most_one(np.stack([np.broadcast_to(c, shape) for _, c in may])) for state, may in found.items()
    }
    return Chain(moves, chances)


def _at_most_one(chances: Floats) -> Floats:
    """Bring chances down where, in the few worst situations, their sum would pass 1."""
    brought: Floats = chances / np.maximum(1.0, chances.sum(axis=0))
    return brought


# How much help each state gives to each kind of family: shape (states, help kinds).
HELP = np.array([[HELP_GIVEN.get(state, 0.0) * times for times in (0.0, 1.0, INTENSIVE)] for state in State])
LANDS = np.array([[lands(state, move) for move in Move] for state in State], np.int8)


@dataclass(frozen=True)
class Steps:
    """Monthly probabilities that need falls or rises and that strengths fall or rise, by one level.

    Parameters
    ----------
    need
        Shape (base, need, strengths, states, help kinds, 2): falls, rises.
    strength
        Shape (base, strengths, states, help kinds, 2): falls, rises.
    """

    need: Floats
    strength: Floats


def steps_of_needs() -> Steps:
    """Lay out how need and strengths move in a month."""
    base = np.arange(needs.NEED_LEVELS)[:, None, None, None, None]
    need = np.arange(needs.NEED_LEVELS)[None, :, None, None, None]
    strength = np.arange(needs.STRENGTH_LEVELS)[None, None, :, None, None]
    both = np.broadcast_arrays(*needs.need_steps(need, base, strength, HELP), subok=False)
    low_base, now = (
        np.arange(needs.STRENGTH_LEVELS)[:, None, None, None],
        np.arange(needs.STRENGTH_LEVELS)[:, None, None],
    )
    firmer = np.broadcast_arrays(*needs.strength_steps(now, low_base, HELP), subok=False)
    shape = (needs.NEED_LEVELS, needs.NEED_LEVELS, needs.STRENGTH_LEVELS, *HELP.shape)
    needs_table = np.stack([np.broadcast_to(part, shape) for part in both], axis=-1)
    shape = (needs.STRENGTH_LEVELS, needs.STRENGTH_LEVELS, *HELP.shape)
    return Steps(needs_table, np.stack([np.broadcast_to(part, shape) for part in firmer], axis=-1))
