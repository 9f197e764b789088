"""The last day that a set of records speaks of, told from the records themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from features.tables.contract import columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from features.tables.rules import Draft

# In six years of an authority's records no whole year is without an event; a day beyond such a gap is a typing error.
LONGEST_GAP_DAYS = 366


def last_plausible_day(drafts: Mapping[str, Draft]) -> date | None:
    """Tell the extract's day: the latest day on which anything began, leaving out implausible futures.

    From the median of the distinct days on which a row of any dated table began, the days are walked upwards; the walk
    stops before the first gap of more than 366 days. Planned days, ends and births do not count.

    Parameters
    ----------
    drafts
        Coerced tables by name.

    Returns
    -------
    date or None
        None when no row has a date.
    """
    found = [draft.frame[event].drop_nulls().unique() for draft in drafts.values() if (event := _event_of(draft))]
    days = sorted({day for series in found for day in series})
    if not days:
        return None
    upper = days[len(days) // 2 :]
    gaps = (earlier for earlier, later in pairwise(upper) if (later - earlier).days > LONGEST_GAP_DAYS)
    last: date = next(gaps, upper[-1])
    return last


def _event_of(draft: Draft) -> str | None:
    """Name the date on which a row's event began; births (`ssd_mother`) and derived days are no events here."""
    event: str | None = draft.contract.row_known_from
    if event is None or draft.contract.table == "ssd_mother":
        return None
    return None if columns_of(draft.contract)[event].is_derived else event
