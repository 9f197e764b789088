"""Scores, intervals, strengths, ranks and days, in words.

A score is the share of children with records like these who moved up the ladder within the horizon. It is
not a danger, a diagnosis, a prediction about a person, or a reason by itself: no function here gives a
bare number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MOVED_UP = "moved up the ladder within twelve months"

WHAT_MOVED_UP_MEANS = (
    "Moving up the ladder means that support became more intensive than on the day of the score: "
    "a child in need plan or assessed need, a child protection plan, or becoming looked after. "
    "Starting early help is not moving up."
)

WHAT_A_SCORE_IS_NOT: tuple[str, ...] = (
    "It does not say how much danger a child is in. For an immediate worry, follow your safeguarding procedures now.",
    "It is not a prediction about this child: it describes many children whose records look alike.",
    "It says what moved the score, not what causes harm, and not whose fault anything is.",
    "It is not a reason by itself. You decide, with what you and the family know.",
)

# Contributions are log-odds. A half multiplies the odds by 1.6, a sixth by 1.2: below that no one would
# notice.
A_LOT = 0.5
SOMEWHAT = 1 / 6

FRACTIONS = {0.05: "twentieth", 0.1: "tenth", 0.2: "fifth", 0.25: "quarter", 0.5: "half"}
"""Shares that are easier said than a percentage."""


def share_in_words(share: float) -> str:
    """Say a share as a count of a hundred children; never none of them, and never all.

    Parameters
    ----------
    share
        From 0 to 1.

    Examples
    --------
    >>> [share_in_words(s) for s in (0.231, 0.001, 0.999)]
    ['about 23 of 100', 'about 1 of 100', 'about 99 of 100']
    >>> share_in_words(12)
    Traceback (most recent call last):
    ...
    ValueError: a score is a share from 0 to 1
    """
    if not 0 <= share <= 1:
        raise ValueError("a score is a share from 0 to 1")
    return f"about {min(max(round(100 * share), 1), 99)} of 100"


def strength_in_words(contribution: float) -> str:
    """Say how far one thing moved the score, either way.

    Examples
    --------
    >>> [strength_in_words(c) for c in (0.9, -0.2, 0.01)]
    ['a lot', 'somewhat', 'a little']
    """
    size = abs(contribution)
    if size >= A_LOT:
        return "a lot"
    return "somewhat" if size >= SOMEWHAT else "a little"


def rank_in_words(rank: int, of: int) -> str:
    """Say a place on the day's list.

    Examples
    --------
    >>> rank_in_words(12, 3401)
    '12th highest of 3,401 scores'
    >>> rank_in_words(1, 20)
    'highest of 20 scores'
    """
    place = "" if rank == 1 else f"{rank:,}{_ordinal(rank)} "
    return f"{place}highest of {of:,} scores"


def day_in_words(day: date) -> str:
    """Say a day as people in the UK write it.

    Examples
    --------
    >>> from datetime import date
    >>> day_in_words(date(2025, 3, 31))
    '31 March 2025'
    """
    return f"{day.day} {day:%B %Y}"


def since_in_words(days: int | None) -> str:
    """Say how long ago somebody last asked for help for a family; None where help is in place and nobody asked lately.

    Examples
    --------
    >>> since_in_words(0), since_in_words(39)
    ('last contact or referral today', 'last contact or referral 39 days ago')
    >>> since_in_words(None)
    'help is in place, no recent contact or referral'
    """
    if days is None:
        return "help is in place, no recent contact or referral"
    ago = "today" if days == 0 else "1 day ago" if days == 1 else f"{days:,} days ago"
    return f"last contact or referral {ago}"


def _ordinal(number: int) -> str:
    """Give the ending of an ordinal: 1st, 2nd, 3rd, 4th, 11th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def bands_in_words(names: Sequence[str], shares: Sequence[float]) -> dict[str, str]:
    """Say what each band is: how much of the list stands in it.

    Parameters
    ----------
    names
        Of the bands, the first to be offered help first; one more than `shares`.
    shares
        Cumulated shares of the list, from 0 to 1.

    Examples
    --------
    >>> list(bands_in_words(["first", "next", "later"], [0.1, 0.2]).values())
    ['the highest tenth of the scores', 'the next, down to the highest fifth', 'all others']
    >>> bands_in_words(["first", "later"], [0.15])
    {'first': 'the highest 15% of the scores', 'later': 'all others'}
    """
    parts = [FRACTIONS.get(round(share, 9), f"{share:.0%}") for share in shares]
    said = [f"the highest {part} of the scores" for part in parts[:1]]
    said += [f"the next, down to the highest {part}" for part in parts[1:]]
    return dict(zip(names, [*said, "all others"], strict=True))
