"""How complete each column is, by the collection year of the row's event.

A cell that is not due yet is no gap: an end that has not come, a day that was not planned, what is known only when an
end comes. Shares of rows alone; a share that would tell fewer than five rows apart is withheld.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.small_numbers import WITHHELD, is_small, withheld
from features.check.years import YEAR, dated, end_of, first_year_shown, year_label
from features.tables import CONTRACTS, columns_of

if TYPE_CHECKING:
    from features.tables.contract import Column
    from features.tables.records import Records

# A column that loses a tenth of its values from one year to the next was not filled in as before; below so many rows
# a year chance alone does it.
DROP, LEAST_ROWS = 0.10, 50

# From so many rows on, all but a few is said so; with fewer it would say too much of too few.
NEARLY_ROWS = 20


def completeness(records: Records) -> list[dict[str, Any]]:
    """Say how complete each column of each table is that has rows.

    Returns
    -------
    list of dict
        `table`, `column`, `may_be_open`, `is_empty` (no accepted row has a value), `drops` (years in which the share
        fell by a tenth or more) and `years`: `year`, `n_rows` and `n_open` (None where withheld) and `share` of the
        rows that are due; a share that is withheld has `suppressed`, and `nearly` (`all` or `none`) where that can be
        said. A table without an event has one year, `all`.
    """
    return [
        entry for name, frame in records.tables.items() if not frame.is_empty() for entry in _columns(records, name)
    ]


def _columns(records: Records, name: str) -> list[dict[str, Any]]:
    columns = {c: stated for c, stated in columns_of(CONTRACTS[name]).items() if not stated.is_derived}
    rows = dated(records, name)
    rows = records.tables[name].lazy().with_columns(pl.lit(None, pl.Int32).alias(YEAR)) if rows is None else rows
    counts = [pl.col(c).is_not_null().sum().cast(pl.Int64).alias(f"{c}__with") for c in columns]
    opens = [_is_open(c, stated).sum().cast(pl.Int64).alias(f"{c}__open") for c, stated in columns.items()]
    counted = rows.group_by(YEAR).agg(pl.len().cast(pl.Int64).alias("n"), *counts, *opens).sort(YEAR).collect()
    first = first_year_shown(records)
    return [_entry(name, c, columns[c], counted=counted, first=first) for c in columns]


def _is_open(name: str, stated: Column) -> pl.Expr:
    """Whether a cell without a value is not due: it has not ended, is not planned, or is known only at an open end."""
    if stated.may_be_missing and (stated.not_before is not None or stated.is_planned):
        return pl.col(name).is_null()
    if stated.known_from not in (None, name):
        return pl.col(name).is_null() & pl.col(str(stated.known_from)).is_null()
    return pl.lit(False)


def _entry(table: str, name: str, stated: Column, *, counted: pl.DataFrame, first: int) -> dict[str, Any]:
    rows = counted.select(YEAR, "n", a=pl.col(f"{name}__with"), b=pl.col(f"{name}__open")).rows()
    hidden = withheld([(n,) for n in counted["n"]])
    years = [
        {
            "year": "all" if year is None else year_label(year, first=first),
            **_cell(n, n_with, n_open, is_hidden=place in hidden),
        }
        for place, (year, n, n_with, n_open) in enumerate(rows)
    ]
    return {
        "table": table,
        "column": name,
        "may_be_open": bool(counted[f"{name}__open"].sum()),
        "is_empty": _is_empty(table, name, rows),
        "drops": [year_label(year, first=first) for year in _drops(rows)],
        "years": years,
    }


def _is_empty(table: str, name: str, rows: list[tuple[int | None, int, int, int]]) -> bool:
    """Whether no row has a value though one was due, or nothing of very many rows has ever ended."""
    n, n_with, n_open = (sum(row[place] for row in rows) for place in (1, 2, 3))  # type: ignore[misc]  # the year alone may be missing
    return n_with == 0 and (n_open < n or (name == end_of(table) and n >= LEAST_ROWS))


def _cell(n: int, n_with: int, n_open: int, *, is_hidden: bool) -> dict[str, Any]:
    """Give a year of a column; `is_hidden` where its rows beside those of other years would give a small year away."""
    due = n - n_open
    if is_small(n):
        return dict(WITHHELD)
    n_rows = None if is_hidden else n
    if is_small(due) or is_small(n_with) or is_small(due - n_with):
        nearly = {} if due < NEARLY_ROWS else {"nearly": "none" if is_small(n_with) else "all"}
        return {"n_rows": n_rows, **WITHHELD, **nearly}
    n_open_told = None if is_hidden or is_small(n_open) else n_open
    return {"n_rows": n_rows, "n_open": n_open_told, "share": round(n_with / due, 2) if due else None}


def _drops(rows: list[tuple[int | None, int, int, int]]) -> list[int]:
    """Name the years in which the share of due rows with a value fell by a tenth or more."""
    shares = [(year, n_with / (n - n_open)) for year, n, n_with, n_open in rows if year and n - n_open >= LEAST_ROWS]
    return [
        year for (before, earlier), (year, share) in pairwise(shares) if year == before + 1 and earlier - share > DROP
    ]
