"""How a case system writes things down: numbers as ids, days as dates, outcomes as glued text, and spans of months.

Also `Case`, everything a recorder reads. A recorder gives frames whose dates are still dates; `simulate` writes text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.synthetic.states import Move, State
from features.synthetic.streams import stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from features.synthetic.calendar import Months
    from features.synthetic.families import Flags, Ints, People
    from features.synthetic.lives import Lives
    from features.synthetic.profiles import Profile

# The day of what has not happened.
NEVER = 2**31 - 1
QUICK_MOVES = (Move.NEED_FOUND_QUICKLY, Move.NO_NEED_FOUND_QUICKLY)


@dataclass(frozen=True)
class Case:
    """Everything that is there to be recorded.

    Parameters
    ----------
    seed
        Of the whole simulation.
    people, lives, months, profile
        The children, in the same order, what happened, when, and where.
    person_ids
        Ids of the children, then of the mothers, one per family.
    """

    seed: int
    people: People
    lives: Lives
    months: Months
    profile: Profile
    person_ids: pl.Series

    def draws(self, part: str) -> np.random.Generator:
        """Open the stream of one recorder."""
        return stream(self.seed, part)

    def persons(self, children: Ints) -> pl.Series:
        """Give the ids of some children."""
        return self.person_ids.gather(children)


@dataclass(frozen=True)
class Spans:
    """Stretches of months in which something held, ordered by child and time.

    Parameters
    ----------
    child
        Position of the child.
    start_month, end_month
        First month in which it held at the month's end, and the first in which it did not; the number of months
        when it still holds.
    start_day, end_day
        The days of the two; `NEVER` when it still holds.
    """

    child: Ints
    start_month: Ints
    end_month: Ints
    start_day: Ints
    end_day: Ints

    @property
    def n(self) -> int:
        """Number of spans."""
        return len(self.child)

    @property
    def is_open(self) -> Flags:
        """Whether each still holds."""
        open_still: Flags = self.end_day == NEVER
        return open_still

    def take(self, which: NDArray[Any]) -> Spans:
        """Keep some spans."""
        return Spans(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def is_one_of(states: Sequence[State]) -> Flags:
    """Give for each state whether it is one of some; looked up by state, this is quicker than to search."""
    return np.isin(np.arange(len(State)), states)


def stays_in(case: Case, states: Sequence[State]) -> tuple[Ints, Ints]:
    """Give the children and months of the records in which they began and ended the month in one of some states."""
    held = is_one_of(states)[case.lives.state[:, case.months.burn_in - 1 :]]
    child, month = np.nonzero(held[:, :-1] & held[:, 1:])
    return child, month + case.months.burn_in


def day_within(case: Case, month: Ints, rng: np.random.Generator) -> Ints:
    """Draw a day of each month."""
    length = np.diff(case.months.first_days)[month]
    return case.months.first_days[month].astype(np.int64) + np.floor(rng.random(len(month)) * length).astype(np.int64)


def spans_of(case: Case, states: Sequence[State]) -> Spans:
    """Find the spans in which children stood in any of the states, left out what ended before the records begin."""
    held = is_one_of(states)[case.lives.state]
    edge = np.diff(np.pad(held.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    child, start = np.nonzero(edge == 1)
    _, end = np.nonzero(edge == -1)
    still = end == case.months.n
    last = np.where(still, case.months.n - 1, end)
    end_day = np.where(still, NEVER, case.lives.day[child, last].astype(np.int64))
    found = Spans(child, start, end, case.lives.day[child, start].astype(np.int64), end_day)
    return found.take(found.end_day >= case.months.start)


def moves_at(case: Case, moves: Sequence[Move]) -> tuple[Ints, Ints]:
    """Give the children and months of some moves, within the records, ordered by child and time."""
    is_wanted = np.isin(np.arange(len(Move)), moves)
    child, month = np.nonzero(is_wanted[case.lives.move[:, case.months.burn_in :]])
    return child, month + case.months.burn_in


def asked_day(case: Case, child: Ints, month: Ints) -> Ints:
    """Give the day on which somebody asked: earlier in the month than the outcome when the assessment was quick."""
    day, first = case.lives.day[child, month].astype(np.int64), case.months.first_days[month]
    return np.where(np.isin(case.lives.move[child, month], QUICK_MOVES), first + (day - first) // 4, day)


def ending_move(case: Case, spans: Spans) -> Ints:
    """Give the move that ended each span; `Move.NOTHING` for those that still hold."""
    last = np.minimum(spans.end_month, case.months.n - 1)
    return np.where(spans.is_open, Move.NOTHING, case.lives.move[spans.child, last]).astype(np.int64)


def ids(n: int, *, first: int, width: int = 8) -> pl.Series:
    """Make ids as a case system does: numbers as text, padded with zeros.

    Examples
    --------
    >>> ids(2, first=41, width=4).to_list()
    ['0041', '0042']
    """
    return pl.Series(np.arange(first, first + n)).cast(pl.String).str.zfill(width)


def dates(days: NDArray[Any]) -> pl.Series:
    """Turn days into dates; `NEVER` is missing."""
    values = pl.Series(np.asarray(days, np.int64))
    return pl.select(pl.when(values != NEVER).then(values).cast(pl.Int32).cast(pl.Date)).to_series()


def yes_no(flag: NDArray[Any], is_known: NDArray[Any] | None = None) -> pl.Series:
    """Write flags as `Y` and `N`, and nothing where it is not known."""
    written = pl.Series(np.where(flag, "Y", "N"))
    return written if is_known is None else only(written, is_known)


def only(values: pl.Series, is_known: NDArray[Any]) -> pl.Series:
    """Keep values where they are known and leave the rest empty."""
    return pl.select(pl.when(pl.Series(is_known)).then(values)).to_series()


def chosen(options: Sequence[str | None], position: NDArray[Any]) -> pl.Series:
    """Write the option at each position."""
    return pl.Series(list(options), dtype=pl.String).gather(pl.Series(np.asarray(position, np.int64)))


def drawn(rng: np.random.Generator, shares: Mapping[str, float], n: int) -> pl.Series:
    """Draw texts by their shares, which need not sum to 1."""
    weight = np.array(list(shares.values()))
    return chosen(list(shares), rng.choice(len(weight), size=n, p=weight / weight.sum()))


def drawn_alike(case: Case, part: str, shares: Mapping[str, float], child: Ints, month: Ints) -> pl.Series:
    """Draw texts by their shares, the same for everybody of a family in a month: one event, the same words."""
    family_month = case.people.family[child].astype(np.uint64) * np.uint64(case.months.n) + month.astype(np.uint64)
    mixed = family_month * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(case.draws(part).integers(0, 2**63))
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    uniform = ((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(11)).astype(np.float64) / 2**53
    reached = np.cumsum(np.array(list(shares.values())))
    return chosen(list(shares), np.searchsorted(reached / reached[-1], uniform, side="right"))


def outcome(keys: Sequence[str], *yes: str) -> str:
    """Glue an outcome's flags into the text that a case system's extract holds.

    Examples
    --------
    >>> outcome(("NFA_FLAG", "CP_FLAG"), "CP_FLAG")
    '{"NFA_FLAG": "N", "CP_FLAG": "Y"}'
    """
    return json.dumps({key: "Y" if key in yes else "N" for key in keys})
