"""How long after an event its row was entered, where a source says so in `recorded_on`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.small_numbers import SMALLEST_COUNT, WITHHELD, withheld
from features.check.years import YEAR, dated, first_year_shown, year_label
from features.tables import CONTRACTS
from features.tables.draft import RECORDED_ON

if TYPE_CHECKING:
    from features.tables.records import Records

# A week, a month and a quarter: what is entered later is not there when somebody decides.
WITHIN_DAYS = (7, 31, 91)


def recording_delay(records: Records) -> list[dict[str, Any]]:
    """Say how many days lie between an event and its entry.

    Returns
    -------
    list of dict
        `table`, `year`, `n_rows` (None where withheld), `median_days`, `days_90_percent` (nine rows of ten were entered
        so soon) and `within`: share by days. Rows entered before their event count as entered on its day. Empty where
        no table says when its rows were entered.
    """
    told = [name for name, frame in records.tables.items() if RECORDED_ON in frame.columns]
    return [entry for name in told for entry in _by_year(records, name)]


def _by_year(records: Records, name: str) -> list[dict[str, Any]]:
    rows = dated(records, name)
    if rows is None:
        return []
    event = CONTRACTS[name].row_known_from
    days = (pl.col(f"{RECORDED_ON}_day") - pl.col(f"{event}_day")).clip(lower_bound=0)
    within = [(pl.col("days") <= limit).sum().cast(pl.Int64).alias(f"within_{limit}") for limit in WITHIN_DAYS]
    counted = (
        rows.select(YEAR, days=days)
        .group_by(YEAR)
        .agg(
            *within,
            n_all=pl.len().cast(pl.Int64),
            n=pl.col("days").count().cast(pl.Int64),
            median=pl.col("days").quantile(0.5, "lower"),
            most=pl.col("days").quantile(0.9, "lower"),
        )
        .sort(YEAR)
        .collect()
    )
    first = first_year_shown(records)
    hidden = withheld([(n,) for n in counted["n_all"]])
    return [
        {"table": name, "year": year_label(row[YEAR], first=first), **_entry(row, is_hidden=place in hidden)}
        for place, row in enumerate(counted.iter_rows(named=True))
        if row["n"]
    ]


def _entry(row: dict[str, Any], *, is_hidden: bool) -> dict[str, Any]:
    """Give a year; `is_hidden` where its rows beside those of other years would give a small year away."""
    if row["n"] < SMALLEST_COUNT:
        return dict(WITHHELD)
    return {
        "n_rows": None if is_hidden else row["n"],
        "median_days": int(row["median"]),
        "days_90_percent": int(row["most"]),
        "within": {str(limit): round(row[f"within_{limit}"] / row["n"], 2) for limit in WITHIN_DAYS},
    }
