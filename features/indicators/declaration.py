"""What an indicator is: what is counted, over whom, in which words, and which way it points.

An indicator states a fact of the record. It is not a finding about a family, and no indicator is a reason
by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

import narwhals as nw

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.moment import Moment
    from features.vocabulary.theory_of_change import Aim

Unit = Literal["count", "days", "flag", "ratio", "years"]
About = Literal["child", "household"]

DTYPES: dict[Unit, nw.dtypes.DType] = {
    "count": nw.Int32(),
    "days": nw.Int16(),
    "flag": nw.Int8(),
    "ratio": nw.Float32(),
    "years": nw.Int16(),
}
"""The matrix's type by unit, the same on every engine."""

_MONTHS_FROM_DAYS, _YEARS_FROM_DAYS = 61, 730
_DAYS_A_MONTH, _DAYS_A_YEAR = 365.25 / 12, 365.25

_CHOICE = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")

LOCAL = "local judgement"
"""The evidence of what nothing published bears out, or nothing that we hold."""

TELLS_OF_OTHERS = "it tells of another person, whose records they are"
SAYS_WHO_CAME = "it may show who came to us, which that person may not want known"
MAY_ENDANGER = (
    "it may put somebody in harm's way if the wrong person at home reads it; a worker talks about it with care"
)
"""Why a family is not shown an indicator on a page: a worker decides, with the person, what is said and how."""


class Polarity(StrEnum):
    """What more of the indicator says of the chance of moving up the ladder, all else the same."""

    RISK = "risk"
    RESILIENCE = "resilience"
    CONTEXT = "context"


class Domain(StrEnum):
    """A domain of family life, in the words of a case page."""

    SERVICES = "Contact with services"
    NEEDS = "Needs found at assessment"
    EXPLOITATION = "Exploitation and going missing"
    FAMILY = "The child and the family"
    MENTAL_HEALTH = "Mental health"
    SCHOOL = "School and attendance"
    DISABILITY = "Disability and special educational needs"
    PLACE = "Money and place"
    STABILITY = "Stability of home and workers"
    TIMELINESS = "Help in time"
    STRENGTHS = "Strengths and engagement"
    RECORDING = "What is not known"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator, declared.

    Parameters
    ----------
    name
        The column's name: a noun phrase with its window.
    table
        The table or stream that it is counted on; see `features.indicators.streams`.
    expression
        From the as-of day, by which columns are read, to an aggregation of the child's rows; made by
        `features.indicators.measures`. Missing when no row speaks.
    domain
        The domain of family life.
    polarity
        Which way more of it points. It is the monotone constraint, so it must be true in the unit given: of
        "days since …" a higher value is a longer quiet time.
    unit
        `count`, `days`, `flag` (0 or 1), `ratio` (0 to 1) or `years`.
    sentence
        The value in a worker's words: `{value}` is the number, `{ago}` the same number of days said as a time ago,
        `[one|many]` chooses by the number. A flag's
        sentence says that it is so.
    absent
        The words for a value of zero.
    for_families
        What was looked at, in words for a parent or a child, as one asks: "how often …", "whether …". The value
        follows as a number, yes or no.
    missing
        What it means that there is no value.
    evidence
        Where the polarity and the choice come from: a published source, or "local judgement".
    aim
        The aim of the Theory of Change that it bears on.
    about
        Whose rows are counted: the child's own, or those of the other people of the household, never the
        child's.
    window_days
        Days counted, the as-of day being the last of them; None for a state on the day or the whole history.
    per
        For a ratio: the aggregation that `expression` is divided by, once, in whole numbers.
    zero_when_no_row
        Whether a child without rows has 0. False where no row means *unknown*, not *none*.
    missing_is_gap
        Whether a worker is told, under what is not recorded, that there is no value. False where it means that there
        was nothing to record: who was never missing has no latest time of it.
    not_for_families
        Why a page for families leaves it out; empty where they may be shown it.
    not_scored
        Why no model may read it; empty where models may. It is shown to the worker all the same.
    """

    name: str
    table: str
    expression: Callable[[Moment], nw.Expr]
    domain: Domain
    polarity: Polarity
    unit: Unit
    sentence: str
    absent: str
    missing: str
    for_families: str
    evidence: str
    aim: Aim
    about: About = "child"
    window_days: int | None = None
    per: Callable[[Moment], nw.Expr] | None = None
    zero_when_no_row: bool = True
    missing_is_gap: bool = True
    not_for_families: str = ""
    not_scored: str = ""

    def __post_init__(self) -> None:
        is_ratio = self.unit == "ratio"
        if is_ratio != (self.per is not None) or (is_ratio and self.zero_when_no_row):
            raise ValueError(f"{self.name}: a ratio, and only a ratio, has `per`, and nothing over nothing is missing")
        if self.about == "household" and not self.not_for_families:
            raise ValueError(f"{self.name}: what tells of others needs a reason why a family is not shown it")

    @property
    def monotone(self) -> int:
        """Give the constraint on the log-odds of escalation: 1 never falling, -1 never rising, 0 free."""
        return {Polarity.RISK: 1, Polarity.RESILIENCE: -1, Polarity.CONTEXT: 0}[self.polarity]

    def describe(self, value: float | None) -> str:
        """Say a value in a worker's words.

        Parameters
        ----------
        value
            As it stands in the matrix; None is missing.

        Returns
        -------
        str
            A phrase without a full stop.
        """
        if value is None:
            return self.missing
        if value == 0:
            return self.absent
        number = f"{value:.0%}" if self.unit == "ratio" else f"{value:,.0f}"
        chosen = _CHOICE.sub(lambda match: match[1] if value == 1 else match[2], self.sentence)
        return chosen.format(value=number, ago=_ago(value))

    def tell_families(self, value: float | None) -> str:
        """Say a value in words for the family.

        Parameters
        ----------
        value
            As it stands in the matrix; None is missing.

        Returns
        -------
        str
            What was looked at, a colon, and what our records say of it; without a full stop.

        Raises
        ------
        ValueError
            When the declaration gives a reason why a family is not shown it: whoever asks has not looked.
        """
        if self.not_for_families:
            raise ValueError(f"{self.name} is not for families: {self.not_for_families}")
        return f"{self.for_families}: {self._answer(value)}"

    def _answer(self, value: float | None) -> str:
        if value is None:
            return "not in our records"
        if self.unit == "flag":
            return "yes" if value else "no"
        if self.unit == "ratio":
            return f"{value:.0%}"
        if self.unit == "days":
            return "1 day" if value == 1 else f"{value:,.0f} days"
        return f"{value:,.0f}"


def _ago(days: float) -> str:
    """Say a number of days as a time ago: exact up to two months, then in months, then in years."""
    if days < _MONTHS_FROM_DAYS:
        return "1 day ago" if days == 1 else f"{days:.0f} days ago"
    if days < _YEARS_FROM_DAYS:
        return f"about {days / _DAYS_A_MONTH:.0f} months ago"
    return f"about {days / _DAYS_A_YEAR:.0f} years ago"
