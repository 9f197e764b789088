"""What is counted of people's decisions beside a score: each share's denominator, what it counts, and its words.

Four things may become of a decision: as the score alone would have done, help though not near the top, no further
action though near the top, or a request for more information, which is neither. None is right or wrong here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

HELPED: Final = ("offer_early_help", "keep_current_help", "refer_to_social_care")
ENDED: Final = "no_further_action"
UNSETTLED: Final = "need_more_information"
DECISIONS: Final = (*HELPED, ENDED, UNSETTLED)
"""Codes of decisions: three by which a family is given help, one by which it is not, one that leaves it open."""

ROLE: Final = "role"
COLUMNS: Final = ("child", "cluster", ROLE, "is_near_top", "decision", "reason", "escalated")
"""Columns of the table beside the characteristics."""


@dataclass(frozen=True)
class Counting:
    """A share of decisions: among which it is counted, what is counted, and how a report says it."""

    among: pl.Expr
    counted: pl.Expr
    words: str


_is_near, _is_decided = pl.col("is_near_top"), pl.col("decision").is_not_null()
_is_helped, _is_ended = pl.col("decision").is_in(HELPED), pl.col("decision") == ENDED
_is_up, _is_down = ~_is_near & _is_helped, _is_near & _is_ended
_is_seen, _has_escalated = pl.col("escalated").is_not_null(), pl.col("escalated") == 1

DECIDED: Final = Counting(_is_near, _is_decided, "Of those near the top, a decision is on record")
NEAR, OFFERED = "near_the_top", "offered"
SETTLED: Final[Mapping[str, Counting]] = {
    "agreement": Counting(
        _is_decided,
        (_is_near & _is_helped) | (~_is_near & _is_ended),
        "Of all decisions, those that the score alone would have given: help near the top, no further action elsewhere",
    ),
    "override_up": Counting(
        ~_is_near & _is_decided, _is_helped, "Of those not near the top, help was offered or kept, or a referral made"
    ),
    "override_down": Counting(_is_near & _is_decided, _is_ended, "Of those near the top, no further action"),
    "more_information": Counting(
        _is_decided, pl.col("decision") == UNSETTLED, "Of all decisions, those that ask for more information"
    ),
}
COMPARED: Final[Mapping[str, Counting]] = {
    NEAR: Counting(_is_decided, _is_near, "Of all decisions, those near the top: what the score alone would offer"),
    OFFERED: Counting(
        _is_decided, _is_helped, "Of all decisions, those that offered or kept help, or referred: what people did"
    ),
}
AFTERWARDS: Final[Mapping[str, Counting]] = {
    "escalated_near_the_top_helped": Counting(
        _is_near & _is_helped & _is_seen, _has_escalated, "Near the top and given help: moved up the ladder afterwards"
    ),
    "escalated_override_down": Counting(
        _is_down & _is_seen, _has_escalated, "Near the top and no further action: moved up the ladder afterwards"
    ),
    "escalated_override_up": Counting(
        _is_up & _is_seen, _has_escalated, "Not near the top and given help: moved up the ladder afterwards"
    ),
    "escalated_elsewhere_ended": Counting(
        ~_is_near & _is_ended & _is_seen,
        _has_escalated,
        "Not near the top and no further action: moved up the ladder afterwards",
    ),
}
REASONS: Final = "override_was_up"
BY_REASON: Final = Counting(
    _is_up | _is_down, _is_up, "Of overrides, by the reason given (n counts them): those that gave more help"
)

WORDS: Final[Mapping[str, str]] = {
    "decided": DECIDED.words,
    **{name: counting.words for name, counting in {**SETTLED, **COMPARED, **AFTERWARDS}.items()},
    REASONS: BY_REASON.words,
    "gap": "The group's share less that of everyone else",
    "gap_beyond_the_score": "The gap in what people did less the gap in what the score alone would have done",
}
"""By measure, what it says."""

LIMITS: Final = (
    "An override is neither a mistake nor a success: people know what the records do not, and the records what people "
    "have forgotten. What happened afterwards happened with the help that was given, so it does not say who was right. "
    "A score may itself work differently between groups; a gap that people narrowed or widened is no verdict on them."
)
