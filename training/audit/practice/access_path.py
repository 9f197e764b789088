"""What an audit of access is asked to look at: the steps of a path, and what is held equal. Words and columns only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.audit.settings import Disclosure

Origin = Literal["data", "model", "practice"]
"""Why somebody may not be reached: not in the records, not near the top of a score, or not offered help by people."""

Column = Literal["raw", "age", "need", "rung"]
COLUMNS: tuple[Column, ...] = ("raw", "age", "need", "rung")
"""What is held equal. `need` is age, recorded need and deprivation; `rung` is these and the rung, never judged by."""

COMPARED = ("everyone_else", "reference")
KINDS = ("expected", "ratio", "difference")

SAYS_THE_SAME: Mapping[str, str] = {"age_band": "age", "deprivation_fifth": "deprivation"}
"""Characteristics that are what a column would hold equal: it is not held equal for them."""


@dataclass(frozen=True)
class Step:
    """One step of the path.

    Parameters
    ----------
    name
        Column of the table: 1, 0, or missing where the step was not open.
    words
        What the step says of a child, such as "were offered early help".
    origin
        Where a gap at this step comes from.
    after
        The step whose numerator or complement this one's denominator is: what is withheld there is withheld here. None:
        it stands by itself.
    days
        Column of days whose median among those who took the step is printed beside it; None: none is.
    """

    name: str
    words: str
    origin: Origin
    after: str | None = None
    days: str | None = None


@dataclass(frozen=True)
class AccessSettings:
    """What to look at.

    Parameters
    ----------
    steps
        In the order of the path.
    groups
        Columns of characteristics; missing is a group of its own.
    need
        Columns of recorded need.
    age, deprivation
        Columns to hold equal.
    rung
        Column of the rung; None where all stand on one.
    main
        The step of the primary family, and the characteristics in it.
    reference
        By characteristic, the group that others are held against beside everyone else.
    child, cluster
        Columns of the child and of the family.
    compares_missing
        Whether who has no characteristic on record is among everyone else; not where they are known by another count.
    disclosure
        Who will read it.
    """

    steps: tuple[Step, ...]
    groups: tuple[str, ...]
    main: tuple[str, tuple[str, ...]]
    need: tuple[str, ...] = ()
    age: str = "age"
    deprivation: str = "deprivation"
    rung: str | None = None
    reference: Mapping[str, str] = field(default_factory=dict)
    child: str = "child_id"
    cluster: str = "cluster"
    compares_missing: bool = True
    disclosure: Disclosure = "internal"

    def held_equal(self, column: Column, attribute: str) -> tuple[str, ...] | None:
        """Give what a column holds equal for a characteristic; None where there is no such column."""
        if column == "rung" and self.rung is None:
            return None
        equal = {
            "raw": (),
            "age": (self.age,),
            "need": (self.age, *self.need, self.deprivation),
            "rung": (self.age, *self.need, self.deprivation, self.rung or ""),
        }[column]
        own = {"age": self.age, "deprivation": self.deprivation}.get(SAYS_THE_SAME.get(attribute, ""))
        return tuple(name for name in equal if name != own)
