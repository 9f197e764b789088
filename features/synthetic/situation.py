"""What decides what may happen to a child in a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from features.synthetic.states import Move

Exits = list[tuple[Move, Any]]


@dataclass(frozen=True)
class Situation:
    """What decides what may happen this month; arrays of any shape that fit together.

    Parameters
    ----------
    need, strength
        Levels this month.
    months_old
        Age in months; below 0 for the unborn.
    is_disabled
        0 or 1.
    is_struggling
        0 or 1: the child is exploited or mentally unwell.
    substances, parent_learning
        0 or 1: a parent misuses drugs or alcohol, or has a learning disability.
    parents_struggle
        0 or 1: there is domestic abuse, or a parent is mentally unwell.
    is_marked
        0 or 1: whether what was planted applies; without anything planted it changes nothing.
    """

    need: Any
    strength: Any
    months_old: Any
    is_disabled: Any
    is_struggling: Any
    substances: Any
    parent_learning: Any
    parents_struggle: Any
    is_marked: Any
