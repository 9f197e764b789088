"""What raised the score, what lowered it and what is not recorded, side by side.

Knows contributions and the indicators' declarations; knows no model, no table and no request.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from features.indicators.catalogue import by_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PREFIX = "contribution_"

# Contributions are exact sums; below this a non-zero is the rounding of a float, not something that moved
# the score.
NOTHING = 1e-9


class Described(Protocol):
    """What an explanation needs of an indicator's declaration."""

    @property
    def domain(self) -> str:
        """The domain of family life."""

    @property
    def missing(self) -> str:
        """What it means that nothing is recorded."""

    @property
    def missing_is_gap(self) -> bool:
        """Whether that is told under what is not recorded."""

    def describe(self, value: float | None) -> str:
        """Say the value in a worker's words."""


@dataclass(frozen=True)
class Reason:
    """One thing that moved the score.

    It says what moved the score, not what causes harm, and not why anything happened.

    Parameters
    ----------
    indicator
        The indicator's name, which is its column's name.
    words
        Its value in a worker's words.
    contribution
        On the calibrated log-odds: above 0 raised the score, below 0 lowered it.
    share
        Of everything that moved the score, up and down together, how much this is: above 0, at most 1.
    domain
        The domain of family life it belongs to.
    """

    indicator: str
    words: str
    contribution: float
    share: float
    domain: str


@dataclass(frozen=True)
class Explanation:
    """Everything that moved one score.

    The contributions of `raised` and `lowered` together with the base are the score's log-odds; what
    moved nothing is left out. An indicator that is not recorded and still moved the score stands in
    `gaps` and among the reasons.

    Parameters
    ----------
    raised
        What raised the score, the largest first.
    lowered
        What lowered it, the largest first.
    gaps
        What is not recorded, could be, and could move the score, in words, in the order of the catalogue and each
        said once. A strength that is not recorded may still be there.
    """

    raised: tuple[Reason, ...]
    lowered: tuple[Reason, ...]
    gaps: tuple[str, ...]


def explain(
    scores: Mapping[str, object],
    inputs: Mapping[str, object],
    *,
    read: Collection[str] | None = None,
    declarations: Mapping[str, Described] | None = None,
) -> Explanation:
    """Turn one child's contributions into words.

    Parameters
    ----------
    scores
        One row of scores: every key `contribution_<indicator>` is read (log-odds), all else is ignored.
    inputs
        The same child's row of the matrix: the values as they were scored. None or NaN is not recorded.
    read
        The indicators that can move a score of the model at all; every one when not given. What it never looks at is
        no gap.
    declarations
        Declarations by indicator name; the catalogue's when not given.

    Returns
    -------
    Explanation
        Ties are ordered by the indicator's name, so that the same row always reads the same.

    Raises
    ------
    ValueError
        When a contribution is not a finite number: such a score must not be shown.
    KeyError
        When an indicator has no value in `inputs` or no declaration.
    """
    moved = {key.removeprefix(PREFIX): _finite(cell) for key, cell in scores.items() if key.startswith(PREFIX)}
    known = declarations if declarations is not None else {name: by_name(name) for name in moved}
    values = {name: value_of(inputs[name]) for name in moved}
    total = math.fsum(abs(amount) for amount in moved.values())
    reasons = [
        Reason(name, known[name].describe(values[name]), amount, abs(amount) / total, str(known[name].domain))
        for name, amount in moved.items()
        if abs(amount) > NOTHING
    ]
    reasons.sort(key=lambda reason: (-abs(reason.contribution), reason.indicator))
    gaps = [name for name, value in values.items() if value is None and (read is None or name in read)]
    return Explanation(
        raised=tuple(reason for reason in reasons if reason.contribution > 0),
        lowered=tuple(reason for reason in reasons if reason.contribution < 0),
        gaps=tuple(dict.fromkeys(known[name].missing for name in gaps if known[name].missing_is_gap)),
    )


def _finite(value: object) -> float:
    """Read a contribution; one that is not a finite number would make the sum a lie."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a contribution is not a finite number: this score cannot be explained")
    return float(value)


def value_of(value: object) -> float | None:
    """Read a value of the matrix; None and NaN both mean not recorded."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]  # a cell of the matrix: a count, days, a flag or a ratio
    return None if math.isnan(number) else number
