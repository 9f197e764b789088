"""Age on a day, in whole years, from a date of birth.

Born on 29 February, a person grows a year older on 1 March of other years (Family Law Reform Act 1969 s.9
counts the anniversary's first moment; there is no 29 February to reach). Engine-neutral: whole numbers
only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from datetime import date


def age_in_years(born: nw.Expr, *, on: date) -> nw.Expr:
    """Count the birthdays that a person has had by the end of a day.

    Parameters
    ----------
    born
        A date column; missing gives missing.
    on
        The day; a birthday on it counts.

    Returns
    -------
    Expr
        Int32. Negative for a birth after the day.
    """
    month_and_day = born.dt.month().cast(nw.Int32) * 100 + born.dt.day().cast(nw.Int32)
    is_still_to_come = (month_and_day > on.month * 100 + on.day).cast(nw.Int32)
    return nw.lit(on.year) - born.dt.year() - is_still_to_come
