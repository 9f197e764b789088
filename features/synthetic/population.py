"""Lets a whole population live, block of families by block, and keeps the children whom services come to know.

Everybody lives, also those whom no service ever hears of: they are the denominator of every rate. A block draws from
a stream of its own, so that it does not matter how many processes share the blocks out.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from features.synthetic.chain import Chain, Steps, chain_of, steps_of_needs
from features.synthetic.families import Floats, Ints, People, invent
from features.synthetic.lives import EIGHTEEN, UNBORN_MONTHS, Lives, live, months_old
from features.synthetic.states import IN_CARE, IN_NEED_PLAN, ON_A_PLAN, REFERRALS, Move, State
from features.synthetic.streams import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.synthetic.calendar import Months
    from features.synthetic.profiles import Profile

FAMILIES_A_BLOCK = 2_000
# About so many children of a block become known in six years; only how many blocks are begun at once hangs on it.
KNOWN_A_BLOCK = 1_200
# Below this many blocks another process costs more than it saves.
WORTH_A_PROCESS = 6
# Moves that no service writes down.
UNSEEN = (Move.NOTHING, Move.TURNED_18, Move.TURNED_22, Move.DIED, Move.MOVED_AWAY, Move.FORGOTTEN)
ASSESSED = (
    Move.NEED_FOUND, Move.NEED_FOUND_URGENT, Move.NEED_FOUND_QUICKLY, Move.NO_NEED_FOUND, Move.NO_NEED_FOUND_QUICKLY,
    Move.TO_EARLY_HELP,
)  # fmt: skip
# What the shares of `Counts.ever` are of, in order; the first is everybody who turned 18 within the records.
EVER = ("turned_18", "referred", "assessed", "child_in_need", "protection_plan", "looked_after")


@dataclass(frozen=True)
class Counts:
    """What is counted over everybody, known or not.

    Parameters
    ----------
    population
        Children by 31 March of the records, years of age, sex, ethnicity and tenth of deprivation.
    ever
        Those who turned 18 within the records, and how many of them ever met each of `EVER`.
    decided
        Months of children by whether they are marked, the state before, need, strengths and the move.
    """

    population: Ints
    ever: Ints
    decided: Ints

    def plus(self, other: Counts) -> Counts:
        """Add the counts of two parts of the population."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Block:
    """The children of some families whom services know, and what is counted over all of them."""

    people: People
    lives: Lives
    counts: Counts


@dataclass(frozen=True)
class World:
    """What every block needs: the authority, its months and their probabilities."""

    seed: int
    profile: Profile
    months: Months
    chain: Chain
    steps: Steps


def world_of(seed: int, profile: Profile, months: Months) -> World:
    """Lay out a world."""
    return World(seed, profile, months, chain_of(profile), steps_of_needs())


def _is_known(lives: Lives, months: Months) -> Ints:
    """Give the children of whom services wrote anything within the records."""
    within = slice(months.burn_in, None)
    did = ~np.isin(lives.move[:, within], UNSEEN)
    has = (lives.state[:, within] > State.KNOWN_BEFORE) & (lives.state[:, within] < State.GONE)
    return np.nonzero((did | has).any(axis=1))[0]


def _stop_at(lives: Lives, months: Months) -> Lives:
    """Undo what happened after the last day, when that is not the end of a month."""
    late = lives.day[:, -1] > months.until
    lives.state[late, -1] = lives.state[late, -2]
    lives.move[late, -1] = Move.NOTHING
    return lives


def live_block(world: World, number: int, wanted: int | None = None) -> Block:
    """Let one block of families live.

    Parameters
    ----------
    world
        The authority.
    number
        Of the block, from 0; it decides the random numbers.
    wanted
        Keep the first so many known children, and count no family after theirs; all when missing.

    Returns
    -------
    Block
        Known children in the order of their families and births.
    """
    people = invent(stream(world.seed, f"families {number}"), world.months, world.profile, families=FAMILIES_A_BLOCK)
    lives = live(stream(world.seed, f"lives {number}"), people, world.months, world.chain, world.steps)
    lives = _stop_at(lives, world.months)
    known = _is_known(lives, world.months)[:wanted]
    if wanted is not None:
        counted = np.nonzero(people.family <= people.family[known[-1]])[0]
        return Block(people.take(known), lives.take(known), _count(world, people.take(counted), lives.take(counted)))
    return Block(people.take(known), lives.take(known), _count(world, people, lives))


def _count(world: World, people: People, lives: Lives) -> Counts:
    age = months_old(people, world.months, 0)[:, None] + np.arange(world.months.n)[None, :]
    return Counts(
        _population(world, people, lives), _ever(world, people, lives, age), _decided(world, people, lives, age)
    )


def population_days(months: Months) -> list[int]:
    """Give the months of the records that end on 31 March."""
    return [t for t in months.quarter_ends() if months.last_day(t).month == 3]


def _population(world: World, people: People, lives: Lives) -> Ints:
    months, found = world.months, []
    codes = len(world.profile.ethnicity)
    shape = (18, 2, codes, 10)
    for t in population_days(months):
        years = np.floor((int(months.first_days[t + 1]) - 1 - people.birth_day) / 365.25).astype(np.int64)
        is_here = (lives.state[:, t] != State.GONE) & (years >= 0) & (years < 18) & (people.arrives <= t)
        cell = (years, people.is_male.astype(np.int64), people.ethnicity, people.deprivation[people.family] - 1)
        flat = np.ravel_multi_index([part[is_here] for part in cell], shape)
        found.append(np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape))
    return np.array(found, np.int64).reshape(len(found), *shape)


def _ever(world: World, people: People, lives: Lives, age: Ints) -> Ints:
    """Count who turned 18 within the records, arrivals left out, and what they ever met."""
    turned = (age[:, world.months.burn_in] < EIGHTEEN) & (age[:, -1] >= EIGHTEEN) & (people.arrives < 0)
    state, move, young = lives.state[turned], lives.move[turned], age[turned] < EIGHTEEN
    into_care = (move == Move.INTO_CARE) & young
    met = (
        np.ones(move.shape, bool),
        (np.isin(move, REFERRALS) & young) | into_care,
        (np.isin(move, ASSESSED) & young) | into_care,
        np.isin(state, (*IN_NEED_PLAN, *ON_A_PLAN, *IN_CARE)) & young,
        (move == Move.PROTECTION_BEGAN) & young,
        into_care,
    )
    return np.array([part.any(axis=1).sum() for part in met], np.int64)


DECIDED_SHAPE = (2, len(State), 7, 4, len(Move))


def _decided(world: World, people: People, lives: Lives, age: Ints) -> Ints:
    """Count what happened in each month of the records to everybody who was there."""
    within = slice(world.months.burn_in, None)
    before = lives.state[:, world.months.burn_in - 1 : -1]
    arrives = people.arrives[:, None] <= np.arange(world.months.n)[None, within]
    is_here = (before != State.GONE) & (age[:, within] >= -UNBORN_MONTHS) & arrives
    marked = np.broadcast_to(people.is_marked[:, None], before.shape)
    parts = (marked, before, lives.need[:, within], lives.strength[:, within], lives.move[:, within])
    flat = np.ravel_multi_index([part[is_here].astype(np.int64) for part in parts], DECIDED_SHAPE)
    return np.bincount(flat, minlength=int(np.prod(DECIDED_SHAPE))).reshape(DECIDED_SHAPE)


_WORLD: list[World] = []


def _begin(seed: int, profile: Profile, months: Months) -> None:
    """Lay out the world once in each process."""
    _WORLD[:] = [world_of(seed, profile, months)]


def _live_here(number: int) -> Block:
    return live_block(_WORLD[0], number)


def _blocks(world: World, wanted: int, processes: int) -> Iterator[Block]:
    """Let blocks live until the caller has enough, in order, whoever works them out."""
    begun = -(-wanted // KNOWN_A_BLOCK)
    if processes == 1 or begun < WORTH_A_PROCESS:
        number = 0
        while True:
            yield live_block(world, number)
            number += 1
    given = (world.seed, world.profile, world.months)
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=given) as pool:
        number = 0
        while True:
            yield from pool.map(_live_here, range(number, number + begun))
            number, begun = number + begun, max(2, begun // 20)


def processes_here() -> int:
    """Give how many processes this machine has room for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def populate(world: World, *, children: int, processes: int) -> Block:
    """Let families live until enough children are known, and keep the first so many of them.

    Parameters
    ----------
    world
        The authority.
    children
        How many known children to keep.
    processes
        How many processes share the work; the outcome does not hang on it.

    Returns
    -------
    Block
        The known children, and what is counted over the families up to theirs.
    """
    found: list[Block] = []
    wanted = children
    for block in _blocks(world, children, processes):
        if block.people.n >= wanted:
            break
        found.append(block)
        wanted -= block.people.n
    found.append(live_block(world, len(found), wanted))
    return _together(found)


def _together(blocks: list[Block]) -> Block:
    """Join blocks; families are numbered through."""
    offsets = np.cumsum([0, *(block.people.n_families for block in blocks)])
    renumbered = [replace(b.people, family=b.people.family + o) for b, o in zip(blocks, offsets, strict=False)]
    people = People(*(np.concatenate([getattr(p, f.name) for p in renumbered]) for f in fields(People)))
    lives = Lives(*(np.concatenate([getattr(b.lives, f.name) for b in blocks]) for f in fields(Lives)))
    counts = blocks[0].counts
    for block in blocks[1:]:
        counts = counts.plus(block.counts)
    return Block(people, lives, counts)


def shares_of(counts: Ints) -> Floats:
    """Give the shares in percent of those who turned 18 that ever met each of `EVER` after the first."""
    out: Floats = 100 * counts[1:] / counts[0]
    return out
