"""Small numbers in a check: what is withheld so that no child can be recognised, and how sure a share is.

Counts of children from one to four are withheld, and with them as many of the same line as it takes that no
subtraction from the line's total gives them back. Knows counts alone: no table and no characteristic.

References
----------
Office for National Statistics, disclosure control for tables from administrative sources.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Office for Statistics Regulation and the DfE's own releases: fewer than five children are not told apart.
SMALLEST_COUNT = 5

# Two-sided quantile of the normal distribution for intervals of 95%.
_Z = 1.959964

WITHHELD: dict[str, Any] = {"suppressed": True}


def is_small(count: int) -> bool:
    """Say whether a count would tell single children apart; none at all tells nobody apart.

    Examples
    --------
    >>> [is_small(n) for n in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < SMALLEST_COUNT


def shown(count: int) -> int | None:
    """Give a count of children, or None where it is withheld."""
    return None if is_small(count) else count


def withheld(line: Sequence[tuple[int, ...]], *, already: frozenset[int] = frozenset()) -> frozenset[int]:
    """Choose the groups of a line that are withheld.

    Parameters
    ----------
    line
        By group, the counts that would be shown; the groups add up to a total that is shown too.
    already
        Places of groups that are withheld for another reason.

    Returns
    -------
    frozenset of int
        Places in the line: each group with a small count, then the next smallest, until two at least are withheld and
        what is withheld together is no small number.

    Examples
    --------
    >>> sorted(withheld([(3,), (9,), (40,)])), sorted(withheld([(9,), (40,)]))
    ([0, 1], [])
    """
    hidden = set(already) | {place for place, counts in enumerate(line) if any(map(is_small, counts))}
    others = sorted(set(range(len(line))) - hidden, key=lambda place: (sum(line[place]) == 0, sum(line[place]), place))
    for place in others:
        if not hidden or _is_safe([line[at] for at in hidden]):
            break
        hidden.add(place)
    return frozenset(hidden)


def _is_safe(hidden: Sequence[tuple[int, ...]]) -> bool:
    return len(hidden) > 1 and not any(is_small(sum(counts)) for counts in zip(*hidden, strict=True))


def interval(part: int, whole: int) -> tuple[float, float]:
    """Give Wilson's 95% score interval of a share; the audit has its own, for it must stand alone.

    Examples
    --------
    >>> interval(10, 100)
    (0.0552, 0.1744)
    """
    share = part / whole
    centre = share + _Z * _Z / (2 * whole)
    half = _Z * math.sqrt(share * (1 - share) / whole + _Z * _Z / (4 * whole * whole))
    scale = 1 + _Z * _Z / whole
    low, high = (max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale))
    return round(low, 4), round(high, 4)


def share_of(part: int, whole: int) -> dict[str, Any]:
    """Give the children who lack something, of all: count, share and interval, or that it is withheld."""
    if is_small(whole) or is_small(part) or is_small(whole - part):
        return dict(WITHHELD)
    if whole == 0:
        return {"n_missing": 0, "n_children": 0, "share": None, "low": None, "high": None}
    low, high = interval(part, whole)
    return {"n_missing": part, "n_children": whole, "share": round(part / whole, 4), "low": low, "high": high}
