"""What a source's own headers say: their case and their order, which are read through and worth a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.tables import CONTRACTS
from features.tables.contract import columns_of
from features.tables.settle import table_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl


def header_lines(headers: Mapping[str, tuple[str, ...]]) -> Iterator[pl.DataFrame]:
    """Say which tables have headers in upper case, and which in another order than the standard's.

    Parameters
    ----------
    headers
        As the source wrote them, by table.
    """
    for table, written in headers.items():
        if table not in CONTRACTS:
            continue
        n_upper = sum(header != header.lower() for header in written)
        if n_upper:
            yield table_line(table, "columns_in_upper_case", n=n_upper)
        expected = list(columns_of(CONTRACTS[table]))
        order = [expected.index(name) for header in written if (name := header.lower()) in expected]
        if order != sorted(order):
            yield table_line(table, "columns_reordered", n=len(order))
