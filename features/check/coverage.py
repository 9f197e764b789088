"""What an extract covers: which tables, how many rows of which years, and which people.

Counts and months alone. Knows the contracts and which stage of help a table speaks of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.characteristics import is_child_on
from features.check.small_numbers import SMALLEST_COUNT, shown, withheld
from features.check.years import YEAR, dated, first_year_shown, has_last_day, year_label
from features.tables import ALWAYS_NEEDED, CONTRACTS, ONE_OF_NEEDED
from features.tables.draft import PERSON, owner_column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.check.events import Events
    from features.tables.records import Records

REACHED: dict[str, str] = {
    "ssd_contacts": "a contact",
    "ssd_early_help_episodes": "early help",
    "ssd_cin_episodes": "a referral",
    "ssd_cin_plans": "a child in need plan",
    "ssd_cp_plans": "a child protection plan",
    "ssd_cla_episodes": "time in care",
}
"""Tables whose rows say what a child had, in the ladder's order."""


def table_entry(records: Records, events: Events) -> dict[str, Any]:
    """Count one table; where its columns are lacking nothing of it could be read, and that is a problem elsewhere."""
    name = events.table
    lines = records.set_aside.filter(pl.col("table") == name)
    frame = records.tables.get(name)
    return {
        "table": name,
        "rows_read": records.rows_read[name],
        "rows_accepted": 0 if frame is None else frame.height,
        "rows_set_aside": lines["column"].null_count(),
        "cells_set_aside": lines.height - lines["column"].null_count(),
        "first_month": events.first_month,
        "last_month": events.last_month,
        "has_stopped": events.has_stopped,
        "thin_months": list(events.thin),
        "rows_by_year": _rows_by_year(records, name),
    }


def _rows_by_year(records: Records, name: str) -> list[dict[str, Any]]:
    """Count rows by the collection year of their event; small years are withheld so that no sum gives them back."""
    rows = dated(records, name)
    if rows is None or not has_last_day(records):
        return []
    counted = rows.group_by(YEAR).agg(n=pl.len().cast(pl.Int64)).sort(YEAR).collect()
    hidden = withheld([(n,) for n in counted["n"]])
    first = first_year_shown(records)
    return [
        {"year": year_label(year, first=first), "n_rows": None if place in hidden else n}
        for place, (year, n) in enumerate(counted.rows())
    ]


def absent_tables(held: Iterable[str], can_hold: frozenset[str] | None) -> list[dict[str, Any]]:
    """Say of each table that is not there whether it is needed, and whether the kind of source has a place for it."""
    has = set(held)
    one_is_there = bool(has.intersection(ONE_OF_NEEDED))
    return [
        {
            "table": name,
            "is_needed": name in ALWAYS_NEEDED or (name in ONE_OF_NEEDED and not one_is_there),
            "has_place": can_hold is None or name in can_hold,
        }
        for name in CONTRACTS
        if name not in has
    ]


def who_is_there(records: Records) -> dict[str, Any]:
    """Count the people of the records, and the children among them by what they ever had.

    Returns
    -------
    dict
        `n_people`; `n_children`: under 18 on the extract's day, or without a day of birth; `reached`: how many of all
        people had each kind of help or more than one of it, in the ladder's order. Small counts are None, and so are
        children where the last day is not known.
    """
    people = records.tables.get(PERSON)
    if people is None:
        return {"n_people": None, "n_children": None, "reached": []}
    reached = [
        {"had": had, "n_people": shown(_n_owners(records, table))}
        for table, had in REACHED.items()
        if table in records.tables
    ]
    n_children = people.filter(is_child_on(pl.lit(records.extract_day))).height
    is_told = has_last_day(records) and min(n_children, people.height - n_children) not in range(1, SMALLEST_COUNT)
    return {"n_people": shown(people.height), "n_children": n_children if is_told else None, "reached": reached}


def _n_owners(records: Records, table: str) -> int:
    whose = owner_column(CONTRACTS[table])
    assert whose is not None, "each of these tables is of children"
    return int(records.tables[table][whose].drop_nulls().n_unique())
