"""The months that pass: a burn-in that is never written, then the years of the records.

Days are counted since 1970-01-01 everywhere in the simulation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
# A childhood: whoever is under 18 when the records begin has lived their whole life here, first plan and all.
BURN_IN_MONTHS = 18 * 12


@dataclass(frozen=True)
class Months:
    """Months in order; month `t` runs from `first_days[t]` to the day before `first_days[t + 1]`.

    Parameters
    ----------
    first_days
        First day of each month, and of the month after the last.
    burn_in
        Index of the first month of the records.
    until
        Last day of the records.
    """

    first_days: NDArray[np.int32]
    burn_in: int
    until: int

    @property
    def n(self) -> int:
        """Number of months, the burn-in's too."""
        return len(self.first_days) - 1

    @property
    def start(self) -> int:
        """First day of the records."""
        return int(self.first_days[self.burn_in])

    def quarter_ends(self) -> list[int]:
        """Give the months of the records whose last day ends a quarter, when the records reach that day."""
        return [
            t
            for t in range(self.burn_in, self.n)
            if self.last_day(t).month % 3 == 0 and self.first_days[t + 1] - 1 <= self.until
        ]

    def last_day(self, month: int) -> date:
        """Give the last day of a month."""
        return date.fromordinal(int(self.first_days[month + 1]) - 1 + EPOCH.toordinal())

    def month_of(self, days: NDArray[np.int32]) -> NDArray[np.int64]:
        """Give the month in which each day lies; below 0 before the first, `n` or more after the last."""
        return np.searchsorted(self.first_days, days, side="right") - 1


def months_until(until: date, years: int) -> Months:
    """Lay out the months of some years of records that end on a day.

    Parameters
    ----------
    until
        The last day; the last month is the one it lies in.
    years
        Years of records before it, 1 or more.
    """
    last = until.year * 12 + until.month - 1
    first = last - years * 12 - BURN_IN_MONTHS + 1
    starts = [(date(m // 12, m % 12 + 1, 1) - EPOCH).days for m in range(first, last + 2)]
    return Months(np.array(starts, np.int32), BURN_IN_MONTHS, (until - EPOCH).days)
