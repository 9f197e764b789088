"""The ladder of social care status: its rungs, their English and Welsh names and their legal sources.

A rung says which kind of help is in place; it says nothing about a family's worth or a child's future.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Rung(IntEnum):
    """A rung of the ladder, ordered: a higher value is a more intensive intervention."""

    UNIVERSAL = 0
    EARLY_HELP = 1
    CHILD_IN_NEED = 2
    CHILD_PROTECTION = 3
    PRE_PROCEEDINGS = 4
    LOOKED_AFTER = 5


@dataclass(frozen=True)
class RungName:
    """How a rung is called and where it comes from.

    The Welsh names are machine-made and unchecked; they stay off every page until a translator has signed them
    (`welsh_is_checked`).
    """

    rung: Rung
    english: str
    name_in_wales: str
    welsh: str
    source_england: str
    source_wales: str
    welsh_is_checked: bool = False


LADDER: tuple[RungName, ...] = (
    RungName(
        Rung.UNIVERSAL,
        "universal services",
        "universal services",
        "gwasanaethau cyffredinol",
        "No social care statute: schools, health and community services",
        "No social care statute: schools, health and community services",
    ),
    RungName(
        Rung.EARLY_HELP,
        "early help",
        "early help and prevention",
        "cymorth cynnar",
        "Working Together to Safeguard Children; Children Act 2004 s.10",
        "Social Services and Well-being (Wales) Act 2014 s.15",
    ),
    RungName(
        Rung.CHILD_IN_NEED,
        "child in need",
        "care and support",
        "gofal a chymorth",
        "Children Act 1989 s.17",
        "Social Services and Well-being (Wales) Act 2014 ss.21, 37 and 54",
    ),
    RungName(
        Rung.CHILD_PROTECTION,
        "child protection plan",
        "child protection register",
        "cofrestr amddiffyn plant",
        "Children Act 1989 s.47; Working Together to Safeguard Children",
        "Children Act 1989 s.47; Wales Safeguarding Procedures",
    ),
    RungName(
        Rung.PRE_PROCEEDINGS,
        "pre-proceedings",
        "pre-proceedings",
        "cyn-achosion",
        "Public Law Outline: Family Procedure Rules 2010, Practice Direction 12A",
        "Public Law Outline: Family Procedure Rules 2010, Practice Direction 12A",
    ),
    RungName(
        Rung.LOOKED_AFTER,
        "looked after",
        "looked after",
        "derbyn gofal",
        "Children Act 1989 s.22",
        "Social Services and Well-being (Wales) Act 2014 s.74",
    ),
)


def name_of(rung: Rung, *, wales: bool = False) -> str:
    """Name a rung as an English or a Welsh authority calls it, in English.

    Examples
    --------
    >>> name_of(Rung.CHILD_IN_NEED)
    'child in need'
    >>> name_of(Rung.CHILD_IN_NEED, wales=True)
    'care and support'
    """
    entry = LADDER[rung]
    return entry.name_in_wales if wales else entry.english
