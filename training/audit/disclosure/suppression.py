"""Small numbers: what is withheld so that no child can be recognised, decided here for every file.

Counted in distinct children, not in rows. Within the authority a group under 5 children is withheld whole and
every other count is shown. In print, counts and their complements under 10 are withheld and the rest is rounded
to 5. Then, in both, so that no subtraction from a total gives a withheld count back, the next smallest groups of
the same line are withheld too, until what is withheld together is no small number; and no set of lines together leaves
fewer than five sizes possible (`solving`). A crossing that cannot protect itself is left out whole. Which of the
withheld groups is the small one is told nowhere. What the last audit withheld stays withheld when it is named. Withheld
does not mean unimportant: it means that this table cannot show it.

What this cannot do: protect against a reader who holds other tables with finer figures of the same children, or two
audits between which only a few children came or left; or keep from anybody that a score which ranks nearly perfectly
misses few.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeVar

from training.audit.disclosure.solving import Lines, too_narrow
from training.audit.groups import Group, Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.audit.settings import Disclosure

Item = TypeVar("Item")

Block = Literal["size", "outcome", "flagged", "cells"]
"""Figures that are withheld together: the group's size; what counts the outcome; what counts the flagged;
what counts both at once."""

BLOCKS: tuple[Block, ...] = ("size", "outcome", "flagged", "cells")

AT_A_THRESHOLD: tuple[Block, ...] = ("flagged", "cells")
"""Those whose counts depend on who is flagged."""

BLOCK_OF: dict[str, Block] = {
    "prevalence": "outcome",
    "auc": "outcome",
    "average_precision": "outcome",
    "brier": "outcome",
    "calibration_slope": "outcome",
    "calibration_intercept": "outcome",
    "selection_rate": "flagged",
    "tpr": "cells",
    "fpr": "cells",
    "fnr": "cells",
    "tnr": "cells",
    "precision": "cells",
    "npv": "cells",
}
"""By measure."""

ENOUGH_VALUES = 5
"""So many numbers of children must remain possible for a withheld group, whatever is put together."""

LEAST: dict[Disclosure, int] = {"internal": 5, "published": 10}
"""Fewest children that may be shown: below 5 withheld within an authority, below 10 in print."""

IMPLIED: dict[Block, tuple[Block, ...]] = {
    "size": ("outcome", "flagged", "cells"),
    "outcome": ("cells",),
    "flagged": ("cells",),
    "cells": (),
}
"""By block, those that would give it back and must go with it."""

Reason = Literal["small", "protects", "left out"]
"""A group is itself small; it is withheld because a small one could be worked out from it; or its crossing is left out,
since too many of its groups are small, and then not even that it occurs is told."""

Withheld = dict[Key, dict[Block, Reason]]
"""By group, the blocks that are withheld; a group that is absent is shown whole."""

Before = Mapping[Key, Collection[Block]]
"""By group, blocks that were withheld before."""


def counts_of(group: Group, block: Block) -> tuple[int, ...]:
    """Give the counts of children that a block's figures reveal."""
    # why not sums of cells: a child with one row flagged and another not is in two of them
    named = {
        "size": ("everybody",),
        "outcome": ("outcome", "no outcome"),
        "flagged": ("flagged", "not flagged"),
        "cells": ("tp", "fp", "fn", "tn"),
    }[block]
    counts = {"everybody": group.children, **group.cells, **group.among}
    return tuple(counts[name] for name in named)


def withhold(groups: Sequence[Group], disclosure: Disclosure, *, before: Before | None = None) -> Withheld:
    """Decide what is withheld, over everybody, single groups and intersections together.

    Parameters
    ----------
    groups
        All groups of the audit, everybody among them; every group that occurs, so that each line adds up.
    disclosure
        Whether the report stays within the authority.
    before
        What the last audit withheld: shown now, it could give back what was withheld then.

    Returns
    -------
    dict
        By group's key and block, why it is withheld.

    References
    ----------
    Office for National Statistics, disclosure control for tables from administrative sources.
    """
    withheld: dict[Key, dict[Block, Reason]] = defaultdict(dict)
    by_key = {group.key: group for group in groups}
    lines = _lines(groups)
    for block in BLOCKS:
        for group in groups:
            if group.was_withheld:
                withheld[group.key].setdefault(block, "protects")
            elif _is_small(group, block, disclosure):
                withheld[group.key].setdefault(block, "small")
            elif block in (before or {}).get(group.key, ()):
                withheld[group.key].setdefault(block, "protects")
        if block == "size":
            lines = _protect_sizes(lines, by_key, withheld, LEAST[disclosure])
        elif disclosure == "published":
            _protect(block, lines, by_key, withheld, LEAST[disclosure])
        for blocks in withheld.values():
            for following in IMPLIED[block] if block in blocks else ():
                blocks.setdefault(following, blocks[block])
    return dict(withheld)


def _is_small(group: Group, block: Block, disclosure: Disclosure) -> bool:
    """Say whether a count of a block may not be shown; within the authority only a group's size counts."""
    if block != "size" and disclosure == "internal":
        return False
    return any(count < LEAST[disclosure] for count in counts_of(group, block))


def _lines(groups: Iterable[Group]) -> Lines:
    """Find every line that adds up: the groups that together make another group, with one attribute more."""
    lines: Lines = defaultdict(list)
    for group in groups:
        for place in range(len(group.attributes)):
            total = (_without(group.attributes, place), _without(group.values, place))
            lines[total, group.attributes].append(group.key)
    return lines


def _without(items: tuple[Item, ...], place: int) -> tuple[Item, ...]:
    """Leave out one item."""
    return items[:place] + items[place + 1 :]


def _protect_sizes(lines: Lines, by_key: Mapping[Key, Group], withheld: Withheld, least: int) -> Lines:
    """Withhold more sizes until no small one can be worked out, neither from its line nor from all lines together.

    A crossing that cannot protect its own small groups is left out whole: else single groups would be withheld for it.
    Gives the lines of what is left.
    """
    small = [key for key, blocks in withheld.items() if "size" in blocks]
    if not small:
        return lines
    most = max(by_key.values(), key=lambda group: group.n)
    values = (ENOUGH_VALUES - 1) * math.ceil(most.n / max(most.children, 1)) + 1
    rows = {key: group.n for key, group in by_key.items()}
    left = dict(lines)
    for round_ in count(1):
        _protect("size", left, by_key, withheld, least)
        told_of = {key for line, members in left.items() for key in (line[0], *members)}
        hidden = {key for key, blocks in withheld.items() if "size" in blocks and key in told_of}
        sought = [key for key in small if key in hidden and withheld[key]["size"] != "left out"]
        found = too_narrow(left, rows, sorted(hidden, key=str), sought, values=values, most=most.n)
        # why more each round: where a few do not help, hundreds of rounds would
        more = {key: _beside(key, left, by_key, hidden)[:round_] for key in found}
        gone = {key[0] for key, protectors in more.items() if not protectors and len(key[0]) > 1}
        if not gone and not any(more.values()):
            break
        for key in {other for protectors in more.values() for other in protectors}:
            withheld[key]["size"] = "protects"
        withheld.update({key: dict.fromkeys(BLOCKS, "left out") for key in by_key if key[0] in gone})
        left = {line: members for line, members in left.items() if line[1] not in gone or _is_crossed(line[1], by_key)}
    return left


def _is_crossed(attributes: tuple[str, ...], by_key: Iterable[Key]) -> bool:
    """Say whether a crossing is itself crossed with more, which tells of it what it does not list."""
    return any(set(attributes) < set(key[0]) for key in by_key)


def _beside(key: Key, lines: Lines, by_key: Mapping[Key, Group], hidden: set[Key]) -> list[Key]:
    """Say who could protect a group: who is shown of its crossing, first on one of its lines, the smallest first."""
    near = {other for members in lines.values() if key in members for other in members}
    beside = [other for other in by_key if other[0] == key[0] and other not in hidden]
    return sorted(beside, key=lambda other: (other not in near, by_key[other].children, str(other)))


def _protect(
    block: Block,
    lines: Lines,
    by_key: Mapping[Key, Group],
    withheld: Withheld,
    least: int,
) -> None:
    """Withhold more of a line whose withheld part could be worked out, until nothing changes."""
    has_changed = True
    while has_changed:
        has_changed = False
        for (total, _), members in lines.items():
            hidden = [key for key in members if block in withheld.get(key, {})]
            shown = [key for key in members if block not in withheld.get(key, {})]
            if block in withheld.get(total, {}):
                is_told = not hidden
            else:
                is_told = bool(hidden) and not _is_safe(
                    by_key[total], [by_key[key] for key in members], hidden, (block, least)
                )
            if not is_told:
                continue
            extra = min(shown, key=lambda key: by_key[key].children) if shown else total
            if extra[0] or shown:
                withheld[extra][block] = "protects"
                has_changed = True


def _is_safe(total: Group, members: Sequence[Group], hidden: Sequence[Key], rule: tuple[Block, int]) -> bool:
    """Say whether several groups are hidden together, and are no small number together."""
    block, least = rule
    if any(group.was_withheld for group in members):
        # why: a file of cells holds no counts of them; together they are what the others leave of everybody
        parts = [counts_of(group, block) for group in members if group.key not in hidden]
        together = [whole - sum(each) for whole, *each in zip(counts_of(total, block), *parts, strict=True)]
    else:
        parts = [counts_of(group, block) for group in members if group.key in hidden]
        together = [sum(each) for each in zip(*parts, strict=True)]
    return len(hidden) > 1 and min(together) >= least
