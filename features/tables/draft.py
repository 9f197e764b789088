"""One table on its way from coerced cells to accepted rows, with what was found on the way.

A *refusal* is a cell that is taken out of its table: row, column and kind. A *note* leaves its cell as it is. Knows
contracts, not tables, but that `ssd_person` says who there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from features.tables.contract import columns_of

if TYPE_CHECKING:
    from features.tables.contract import Column, Contract

ROW = "__row"
PERSON = "ssd_person"
PERSON_ID = f"{PERSON}.pers_person_id"
RECORDED_ON = "recorded_on"

FOUND = {ROW: pl.Int64, "column": pl.String, "kind": pl.String, "refused": pl.Boolean}


@dataclass
class Draft:
    """A table whose cells were read.

    Parameters
    ----------
    contract
        What the table should be.
    frame
        The cells that stand so far, with the source's row number under `ROW`, from 1.
    found
        What was refused and noted, in the order in which it was; see `FOUND`.
    """

    contract: type[Contract]
    frame: pl.DataFrame
    found: list[pl.DataFrame] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, Column]:
        """The contract's columns."""
        return columns_of(self.contract)

    def note(self, column: str, kind: str, where: pl.Expr, *, refused: bool = False) -> None:
        """Say something of the cells of a column for which `where` holds; a null answer is no."""
        rows = self.frame.lazy().filter(where.fill_null(False)).select(ROW).collect()
        if not rows.is_empty():
            said = {"column": pl.lit(column), "kind": pl.lit(kind), "refused": pl.lit(refused)}
            self.found.append(rows.with_columns(**said))

    def refuse(self, column: str, kind: str, where: pl.Expr) -> None:
        """Take out the cells of a column for which `where` holds; a null answer is no."""
        if self.frame[column].null_count() == self.frame.height:
            return
        is_refused = (where & pl.col(column).is_not_null()).fill_null(False)
        n_before = len(self.found)
        self.note(column, kind, is_refused, refused=True)
        if len(self.found) > n_before:
            self.frame = self.frame.with_columns(pl.when(~is_refused).then(pl.col(column)).alias(column))


def owner_column(contract: type[Contract]) -> str | None:
    """Name the column that says whose row it is; None for a table of nobody's."""
    columns = columns_of(contract)
    if contract.table == PERSON:
        return PERSON_ID.partition(".")[2]
    pointing = (name for name, column in columns.items() if column.references == PERSON_ID)
    derived = (name for name, column in columns.items() if column.is_derived and name.endswith("_person_id"))
    return next(pointing, None) or next(derived, None)
