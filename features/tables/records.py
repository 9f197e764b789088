"""The validated records of one authority: what every later step reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.engines.polars_engine import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from features.engines.engine import Engine

SET_ASIDE_SCHEMA: dict[str, pl.DataType] = {
    "table": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "kind": pl.String(),
    "severity": pl.String(),
    "reason": pl.String(),
}
"""One line per row or cell that could not be used. `row` counts from 1 in the source's table; `column` is null when
the whole row was set aside; `severity` is `stops`, `sets_aside`, `warns` or `notes`. Never a cell's value."""

FINDINGS_SCHEMA: dict[str, pl.DataType] = {**SET_ASIDE_SCHEMA, "child_id": pl.String(), "n": pl.Int64()}
"""One line per thing found, of whatever severity. `row` is null where the line speaks of a whole column, or of a table
(no column either), and `n` counts its cells. `child_id` says whom it concerns, null where nobody can be told: it is for
counting children and for the quarantine, never for a report."""


@dataclass(frozen=True)
class Records:
    """Validated tables of one authority, with what was set aside and where it all came from.

    Parameters
    ----------
    tables
        By the Standard Safeguarding Dataset's table name. A table that the source lacks is absent. Columns stand in
        the contract's order; every date column `x` (and `recorded_on`, where there) has a companion `x_day`, the days
        since 1970-01-01 as Int32.
    set_aside
        Schema `SET_ASIDE_SCHEMA`.
    rows_read
        Rows read per table, before anything was set aside.
    extract_day
        The last day that the records speak of.
    content_hashes
        SHA-256 of each source file's bytes, by table name.
    """

    tables: Mapping[str, pl.DataFrame]
    set_aside: pl.DataFrame
    rows_read: Mapping[str, int]
    extract_day: date
    content_hashes: Mapping[str, str]

    @property
    def engine(self) -> Engine:
        """Give what computes on them: they lie in memory, where Polars reads them."""
        return IN_MEMORY
