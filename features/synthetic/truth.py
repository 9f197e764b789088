"""What no extract ever tells: each child's true probability of what may happen within twelve months.

Given everything (need, strengths, state, age, what never changes), the probability is worked out exactly: for every
combination of what does not change, the values of all states, needs and strengths are carried back month by month with
the same tables (`chain`) that the lives were drawn from. No draws, hence no sampling error. It is the probability for a
child who stays: turning 18, death and moving away within the horizon are censoring, not an outcome. (Moving away is
only seen while a case is open, so of those who stay a little under 1% fewer have escalated.)
Only tests, benchmarks and experiments may read what is written from here.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from features.synthetic.states import State
from features.synthetic.values import Combinations, Tables, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.synthetic.families import Floats, Ints
    from features.synthetic.profiles import Profile

# So many combinations are worked out together: more would not fit a processor's cache.
CHUNK = 192
WORTH_A_PROCESS = 24


@dataclass(frozen=True)
class Starts:
    """Where children stand on a day, one entry each, and what is asked of them.

    Parameters
    ----------
    combination
        Columns as `Combinations`; shape (children, 7).
    state, need, strength
        On the day.
    what
        Which of the values.
    """

    combination: Ints
    state: Ints
    need: Ints
    strength: Ints
    what: Ints


def _chunks(starts: Starts) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give combinations that turn together, the starts that have one of them, and which."""
    distinct, which = np.unique(starts.combination, axis=0, return_inverse=True)
    which = which.ravel()
    order = np.lexsort((np.arange(len(distinct)), distinct[:, -1]))
    turns = distinct[order, -1]
    by_rank = np.argsort(which, kind="stable")
    first = np.searchsorted(which[by_rank], np.arange(len(distinct) + 1))
    for turn in np.unique(turns):
        alike = order[turns == turn]
        for begin in range(0, len(alike), CHUNK):
            part = alike[begin : begin + CHUNK]
            rows = np.concatenate([by_rank[first[one] : first[one + 1]] for one in part])
            yield distinct[part], rows, np.repeat(np.arange(len(part)), first[part + 1] - first[part])


_TABLES: list[Tables] = []


def _begin(profile: Profile) -> None:
    """Lay out the tables once in each process."""
    _TABLES[:] = [Tables.of(profile)]


def _at_starts(task: tuple[Ints, Ints, bool]) -> Floats:
    combinations, cell, leavers = task
    values = values_of(_TABLES[0], Combinations.of(combinations), leavers=leavers)
    what, state, need, strength, position = cell
    place = state - (State.LEAVER_SETTLED if leavers else 0)
    found: Floats = values[what, place, need, strength, position]
    return found


def chances_of(starts: Starts, profile: Profile, *, leavers: bool, processes: int) -> Floats:
    """Work out the true probability of each start.

    Parameters
    ----------
    starts
        Where children stand and what is asked.
    profile
        The authority, with what was planted.
    leavers
        Whether they are young people who left care.
    processes
        How many share the work; the outcome does not hang on it.

    Returns
    -------
    array
        One probability a start, in their order.
    """
    out = np.zeros(len(starts.state))
    chunks = list(_chunks(starts)) if len(starts.state) else []
    cells = [
        np.stack([part[rows] for part in (starts.what, starts.state, starts.need, starts.strength)] + [position])
        for _, rows, position in chunks
    ]
    tasks = [(chunk[0], cell, leavers) for chunk, cell in zip(chunks, cells, strict=True)]
    if processes == 1 or len(tasks) < WORTH_A_PROCESS:
        _begin(profile)
        found = [_at_starts(task) for task in tasks]
    else:
        with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(profile,)) as pool:
            found = list(pool.map(_at_starts, tasks))
    for (_, rows, _), value in zip(chunks, found, strict=True):
        out[rows] = value
    return out
