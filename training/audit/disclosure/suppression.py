"""Small numbers: what is withheld so that no child can be recognised, decided here for every file.

Counted in distinct children, not in rows. Within the authority a group under 5 children is withheld whole and
every other count is shown. In print, counts and their complements under 10 are withheld and the rest is rounded
to 5. Then, in both, so that no subtraction from a total gives a withheld count back, the next smallest groups of
the same line are withheld too, until what is withheld together is no small number. What the last audit withheld
stays withheld when it is named. Withheld does not mean unimportant: it means that this table cannot show it.

What this cannot do: protect against a reader who holds other tables with finer figures of the same children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar

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

LEAST: dict[Disclosure, int] = {"internal": 5, "published": 10}
"""Fewest children that may be shown: below 5 withheld within an authority, below 10 in print."""

IMPLIED: dict[Block, tuple[Block, ...]] = {
    "size": ("outcome", "flagged", "cells"),
    "outcome": ("cells",),
    "flagged": ("cells",),
    "cells": (),
}
"""By block, those that would give it back and must go with it."""

Reason = Literal["small", "protects"]
"""A group is itself small; or it is withheld because a small one could be worked out from it."""

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
        if block == "size" or disclosure == "published":
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


def _lines(groups: Iterable[Group]) -> Mapping[tuple[Key, tuple[str, ...]], list[Key]]:
    """Find every line that adds up: the groups that together make another group, with one attribute more."""
    lines: dict[tuple[Key, tuple[str, ...]], list[Key]] = defaultdict(list)
    for group in groups:
        for place in range(len(group.attributes)):
            total = (_without(group.attributes, place), _without(group.values, place))
            lines[total, group.attributes].append(group.key)
    return lines


def _without(items: tuple[Item, ...], place: int) -> tuple[Item, ...]:
    """Leave out one item."""
    return items[:place] + items[place + 1 :]


def _protect(
    block: Block,
    lines: Mapping[tuple[Key, tuple[str, ...]], list[Key]],
    by_key: Mapping[Key, Group],
    withheld: Withheld,
    least: int,
) -> None:
    """Withhold more of a line whose withheld part could be worked out, until nothing changes."""
    has_changed = True
    while has_changed:
        has_changed = False
        for (total, _), members in lines.items():
            if block in withheld.get(total, {}):
                continue
            hidden = [key for key in members if block in withheld.get(key, {})]
            if not hidden or _is_safe(by_key[total], [by_key[key] for key in members], hidden, (block, least)):
                continue
            shown = [key for key in members if block not in withheld.get(key, {})]
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
