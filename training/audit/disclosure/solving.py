"""What a reader could work out of withheld sizes, from everything that is shown together.

A line that adds up protects itself, yet several lines may still meet in one answer: groups that occur nowhere else are
known not to be there, and totals that are hidden are bounded by what is shown of them. So each small group is held
against all lines at once, as whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from training.audit.groups import Key
    from training.audit.statistics.estimate import BoolArray, FloatArray, IntArray

Lines = dict[tuple["Key", tuple[str, ...]], list["Key"]]
"""By a group and the attributes that divide it, the groups that it is divided into."""

ROUNDS = 8
"""Solutions sought for many groups at once, each pulled its own way, before what is left is looked at one by one."""

FEW = 20
"""So many are looked at one by one; more are taken for narrow, which withholds too much and not too little."""

MOST_NODES = 200
"""An integer programme that branches so often ends with the best that it has: the same each time, unlike a clock."""


def too_narrow(
    lines: Lines, rows: Mapping[Key, int], hidden: Collection[Key], sought: Collection[Key], *, values: int, most: int
) -> list[Key]:
    """Find the groups of which a reader of all that is shown could narrow the rows down to a few numbers.

    Parameters
    ----------
    lines
        Every line that adds up.
    rows
        Of every group; of a hidden one 0 where they are not known here either.
    hidden
        Groups of which the rows are not shown; each has at least one.
    sought
        Those of them that nobody may find.
    values
        So many possible numbers are enough.
    most
        Rows of everybody.

    Returns
    -------
    list of Key
        Of `sought`, those with fewer, in their order.
    """
    place = {key: at for at, key in enumerate(hidden)}
    equations = [_equation(total, members, rows, place) for (total, _), members in lines.items()]
    equations = [(parts, right) for parts, right in equations if parts]
    at = np.array([(row, column) for row, (parts, _) in enumerate(equations) for column in parts]).reshape(-1, 2).T
    signs = np.array([sign for parts, _ in equations for sign in parts.values()], dtype=np.float64)
    system = coo_array((signs, (at[0], at[1])), shape=(len(equations), len(place))).tocsr()
    right = np.array([total for _, total in equations], dtype=np.float64)
    _, component = connected_components(abs(system).T @ abs(system), directed=False)
    found = []
    for number in dict.fromkeys(component[place[key]] for key in sought):
        columns = np.flatnonzero(component == number)
        inside = system[:, columns]
        used = np.flatnonzero(np.diff(inside.indptr))
        part = (inside[used], right[used])
        wanted = [key for key in sought if component[place[key]] == number]
        where = np.searchsorted(columns, [place[key] for key in wanted])
        known = np.array([rows[key] or np.nan for key in wanted])
        is_narrow = _Possible(*part, most=most).are_narrow(where, known, values)
        found += [key for key, narrow in zip(wanted, is_narrow, strict=True) if narrow]
    return found


def _equation(
    total: Key, members: Sequence[Key], rows: Mapping[Key, int], place: Mapping[Key, int]
) -> tuple[dict[int, float], float]:
    """Give what a line says of the hidden: their signs, and what these come to."""
    parts: dict[int, float] = defaultdict(float)
    right = 0.0
    for key, sign in ((total, -1.0), *((member, 1.0) for member in members)):
        if key in place:
            parts[place[key]] += sign
        else:
            right -= sign * rows[key]
    return dict(parts), right


@dataclass(frozen=True)
class _Possible:
    """All that withheld rows may be: whole numbers from 1 to `most` with which every line adds up."""

    system: csr_array
    right: FloatArray
    most: int

    def are_narrow(self, where: IntArray, known: FloatArray, values: int) -> BoolArray:
        """Say which of some unknowns are not seen to take enough values; what they are, where known, is one."""
        random = np.random.default_rng(0)
        low, high = np.where(np.isnan(known), np.inf, known), np.where(np.isnan(known), -np.inf, known)
        left = np.ones(where.size, dtype=np.bool_)
        for round_ in range(ROUNDS):
            if not left.any():
                return left
            will = np.full(where.size, 1.0) if round_ < 2 else random.choice([-1.0, 1.0], where.size)
            self._look(where, (-1.0 if round_ == 1 else 1.0) * will * left, low, high)
            left = high - low + 1 < values
        if left.sum() <= FEW:
            for at in np.flatnonzero(left):
                for sign in (1.0, -1.0):
                    self._look(where, sign * (np.arange(where.size) == at), low, high)
        return np.asarray(high - low + 1 < values)

    def _look(self, where: IntArray, will: FloatArray, low: FloatArray, high: FloatArray) -> None:
        """Find one solution that makes what is wanted small, and widen what was seen by it."""
        weights = np.zeros(self.system.shape[1])
        weights[where] = will
        found = milp(
            weights,
            constraints=LinearConstraint(self.system, self.right, self.right),
            integrality=np.ones_like(weights),
            bounds=Bounds(1, self.most),
            options={"node_limit": MOST_NODES},
        )
        if found.x is not None:
            seen = np.round(found.x[where])
            np.minimum(low, seen, out=low)
            np.maximum(high, seen, out=high)
