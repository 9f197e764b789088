"""What a person or a program reads of one child's score, and of the worklist: words and shapes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serving.explanations import Explanation, Reason

# Nobody knows a hundredth of a share of a hundred children; whole numbers, and never "none" or "all".
FEWEST_OF_HUNDRED, MOST_OF_HUNDRED = 1, 99


class Answer(BaseModel):
    """Base of what is shown: it does not change once made."""

    # What has a default for answers kept before it is in every answer all the same, and the interface says so.
    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class ReasonAnswer(Answer):
    """One thing in the records that moved the score: what it says, in words, and by how much it moved it."""

    indicator: str = Field(description="Name in the catalogue of indicators")
    words: str = Field(description="What the records say, in plain words")
    contribution: float = Field(description="On the calibrated log-odds; above 0 it raised the score")
    share: float = Field(description="Its part of all that moved the score, from 0 to 1")
    domain: str = Field(description="The part of family life it speaks of")


class ScoreAnswer(Answer):
    """One child's score on one day, as it was shown.

    A score is the share of children with records like these who moved up the ladder within twelve months. It
    is not a danger, a diagnosis, a prediction about a person, or a reason by itself. `base` and all
    contributions add up to its log-odds.
    """

    score_id: str = Field(description="Opaque; fetches this very answer again")
    child_id: str
    as_of: date = Field(description="Only what was known at the end of this day was used")
    outcome: str
    score: float = Field(ge=0, le=1, description="Share of children with records like these who moved up the ladder")
    low: float = Field(ge=0, le=1, description="Lower end of the 95% interval of that share among similar scores")
    high: float = Field(ge=0, le=1, description="Upper end of that interval")
    band: str
    rank: int = Field(ge=1, description="Place in that day's list; 1 is the highest score")
    of: int = Field(ge=1, description="How many children are in that day's list")
    base: float = Field(description="Log-odds before anything in the child's records moved it")
    raised: list[ReasonAnswer]
    lowered: list[ReasonAnswer]
    gaps: list[str] = Field(description="What is not recorded; no record of a strength is not the absence of one")
    also_on_record: list[str] = Field(
        default_factory=list,  # answers that were kept before this was shown have none
        description="What else is on record, for the worker to know: never part of a score, read by no model",
    )
    model_version: str
    meaning: str = Field(description="What the score says, in one sentence for people")


class Family(Answer):
    """One entry of the worklist: a family's children who are in the cohort, each with their own score."""

    family_ref: str | None = Field(description="The records' own id of the family; null when none is recorded")
    waiting_days: int | None = Field(
        description="Days since somebody last asked for help for the child concerned, the one in the first band; "
        "null where help is in place and nobody asked in the days that the plan names"
    )
    children: list[ScoreAnswer]


class Worklist(Answer):
    """A page of families, ordered by the band of the child concerned, then by days waiting, longest first."""

    as_of: date
    model_version: str
    band: str | None = Field(description="Only families whose child concerned is in this band; null for all")
    bands: list[str] = Field(description="All bands, the first to be offered help first")
    page: int = Field(ge=1)
    per_page: int = Field(ge=1)
    pages: int = Field(ge=1)
    total: int = Field(description="Families over all pages")
    families: list[Family]


def meaning(score: float, low: float, high: float) -> str:
    """Say what a score means, for people.

    Parameters
    ----------
    score
        The share, from 0 to 1.
    low, high
        The 95% interval of the share among children with the nearest scores in an earlier year. The score may lie
        outside; then that is said apart, so that nobody reads two numbers as one.

    Examples
    --------
    >>> meaning(0.124, 0.081, 0.17).removeprefix("Of 100 children with records like these, ")
    'about 12 moved up the ladder within twelve months (between 8 and 17).'
    >>> meaning(0.26, 0.09, 0.19).partition(". ")[2]
    'Among children with the nearest scores in an earlier year it was between 9 and 19.'
    """
    about, least, most = (_of_hundred(share) for share in (score, low, high))
    told = f"Of 100 children with records like these, about {about} moved up the ladder within twelve months"
    if side_of_range(score, low, high) is None:
        return f"{told} (between {least} and {most})."
    return f"{told}. Among children with the nearest scores in an earlier year it was between {least} and {most}."


def side_of_range(score: float, low: float, high: float) -> Literal["above", "below"] | None:
    """Say on which side of its range a score lies, as both are said: in whole children of a hundred.

    Examples
    --------
    >>> side_of_range(0.26, 0.09, 0.19), side_of_range(0.324, 0.19, 0.321)
    ('above', None)
    """
    about, least, most = (_of_hundred(share) for share in (score, low, high))
    if least <= about <= most:
        return None
    return "above" if about > most else "below"


def answer_of(
    row: Mapping[str, Any], explanation: Explanation, *, also: Sequence[str], score_id: str, of: int
) -> ScoreAnswer:
    """Make the answer for one child.

    Parameters
    ----------
    row
        The child's row of a day's scores.
    explanation
        The same row in words.
    also
        What is on record of the child and never part of a score, in words.
    score_id
        The opaque id under which the answer is kept.
    of
        How many children were scored that day.
    """
    told = ("child_id", "as_of", "outcome", "score", "low", "high", "band", "rank", "base", "model_version")
    return ScoreAnswer(
        **{name: row[name] for name in told},
        score_id=score_id,
        of=of,
        raised=[_reason(reason) for reason in explanation.raised],
        lowered=[_reason(reason) for reason in explanation.lowered],
        gaps=list(explanation.gaps),
        also_on_record=list(also),
        meaning=meaning(row["score"], row["low"], row["high"]),
    )


def _reason(reason: Reason) -> ReasonAnswer:
    return ReasonAnswer(
        indicator=reason.indicator,
        words=reason.words,
        contribution=reason.contribution,
        share=reason.share,
        domain=reason.domain,
    )


def _of_hundred(share: float) -> int:
    return min(max(round(share * 100), FEWEST_OF_HUNDRED), MOST_OF_HUNDRED)
