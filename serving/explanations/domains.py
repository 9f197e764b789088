"""What moved the score, added up by domain of family life.

A family's life is not a list of forty columns; a domain is the level at which a worker talks it over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Moved(Protocol):
    """What is added up: something that moved a score, and the domain it belongs to."""

    @property
    def contribution(self) -> float:
        """On the calibrated log-odds."""

    @property
    def domain(self) -> str:
        """The domain of family life."""


@dataclass(frozen=True)
class DomainSum:
    """How one domain moved the score, both ways: what raised it is never netted away by what lowered it.

    Parameters
    ----------
    domain
        The domain of family life.
    raised, lowered
        Sums on the calibrated log-odds: `raised` is 0 or above, `lowered` 0 or below.
    """

    domain: str
    raised: float
    lowered: float

    @property
    def contribution(self) -> float:
        """Both together."""
        return self.raised + self.lowered


def by_domain(reasons: Iterable[Moved]) -> tuple[DomainSum, ...]:
    """Add reasons up by their domain.

    Parameters
    ----------
    reasons
        All reasons of one score, raised and lowered.

    Returns
    -------
    tuple of DomainSum
        The domain that moved most, up and down together, first; ties by name.
    """
    reasons = list(reasons)
    sums = [_sum_of(domain, reasons) for domain in {reason.domain for reason in reasons}]
    return tuple(sorted(sums, key=lambda s: (-(s.raised - s.lowered), s.domain)))


def _sum_of(domain: str, reasons: list[Moved]) -> DomainSum:
    """Add one domain up, exactly, in whatever order its reasons come."""
    moved = [reason.contribution for reason in reasons if reason.domain == domain]
    return DomainSum(domain, math.fsum(m for m in moved if m > 0), math.fsum(m for m in moved if m < 0))
