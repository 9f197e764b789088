"""Scores, intervals, strengths, ranks and days, in words.

A score is the share of children with records like these who moved up the ladder within the horizon. It is
not a danger, a diagnosis, a prediction about a person, or a reason by itself: no function here gives a
bare number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

MOVED_UP = "moved up the ladder within twelve months"

WHAT_MOVED_UP_MEANS = (
    "Moving up the ladder means that support became more intensive than on the day of the score: "
    "a child in need plan or assessed need, a child protection plan, or becoming looked after. "
    "Starting early help is not moving up."
)

WHAT_A_SCORE_IS_NOT: tuple[str, ...] = (
    "It does not say how much danger a child is in. "
    "For an immediate worry, follow your safeguarding procedures now.",
    "It is not a prediction about this child: it describes many children whose records look alike.",
    "It says what moved the score, not what causes harm, and not whose fault anything is.",
    "It is not a reason by itself. You decide, with what you and the family know.",
)

# Contributions are log-odds. A half multiplies the odds by 1.6, a sixth by 1.2: below that no one would
# notice.
A_LOT = 0.5
SOME = 1 / 6


def score_in_words(score: float) -> str:
    """Say a score as a count of a hundred children.

    Parameters
    ----------
    score
        A share, from 0 to 1.

    Examples
    --------
    >>> score_in_words(0.231)
    'about 23 of 100'
    >>> score_in_words(0.004)
    'fewer than 1 of 100'
    >>> score_in_words(0.997)
    'more than 99 of 100'
    >>> score_in_words(12)
    Traceback (most recent call last):
    ...
    ValueError: a score is a share from 0 to 1
    """
    _check_share(score)
    if score < 0.01:
        return "fewer than 1 of 100"
    if score > 0.99:
        return "more than 99 of 100"
    return f"about {round(100 * score)} of 100"


def score_sentence(score: float) -> str:
    """Say what a score means, whole.

    Examples
    --------
    >>> score_sentence(0.231)
    'Of 100 children with records like these, about 23 moved up the ladder within twelve months.'
    """
    share = score_in_words(score).removesuffix(" of 100")
    return f"Of 100 children with records like these, {share} {MOVED_UP}."


def interval_sentence(low: float, high: float) -> str:
    """Say how sure the score is: what happened to children with the nearest scores in an earlier year.

    Parameters
    ----------
    low, high
        The 95% interval of the share who moved up among at least 200 validation children with the nearest
        scores.

    Examples
    --------
    >>> interval_sentence(0.18, 0.291)
    'Among children with the nearest scores in an earlier year, between 18 and 29 of 100 did.'
    >>> interval_sentence(0.061, 0.063)
    'Among children with the nearest scores in an earlier year, about 6 of 100 did.'
    """
    _check_share(low)
    _check_share(high)
    lowest, highest = round(100 * low), round(100 * high)
    share = f"about {lowest}" if lowest == highest else f"between {lowest} and {highest}"
    return f"Among children with the nearest scores in an earlier year, {share} of 100 did."


def strength_in_words(contribution: float) -> str:
    """Say how far one thing moved the score, either way.

    Examples
    --------
    >>> [strength_in_words(c) for c in (0.9, -0.2, 0.01)]
    ['a lot', 'some', 'a little']
    """
    size = abs(contribution)
    if size >= A_LOT:
        return "a lot"
    return "some" if size >= SOME else "a little"


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
    >>> day_in_words(date(2025, 3, 31))
    '31 March 2025'
    """
    return f"{day.day} {day:%B %Y}"


def days_in_words(days: int) -> str:
    """Say a number of days.

    Examples
    --------
    >>> [days_in_words(d) for d in (0, 1, 45)]
    ['today', '1 day', '45 days']
    """
    if days == 0:
        return "today"
    return "1 day" if days == 1 else f"{days:,} days"


def _ordinal(number: int) -> str:
    """Give the ending of an ordinal: 1st, 2nd, 3rd, 4th, 11th."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _check_share(share: float) -> None:
    """Refuse what is not a share: a percentage here would be read as a certainty."""
    if not 0 <= share <= 1:
        raise ValueError("a score is a share from 0 to 1")
