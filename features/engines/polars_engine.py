"""Polars, in memory or streaming: the engine of one machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from features.engines.engine import Frame

KEY = "child_id"


@dataclass(frozen=True)
class PolarsEngine:
    """Polars.

    Parameters
    ----------
    is_streaming
        Whether plans run in batches, so that a table need never be whole in memory.
    """

    is_streaming: bool = False

    @property
    def days_at_once(self) -> int:
        """Give how many as-of days share one aggregation: a year of months in memory, one when memory is short."""
        return 1 if self.is_streaming else 12

    def read(self, file: Path) -> Frame:
        """Scan a Parquet file."""
        return nw.from_native(pl.scan_parquet(file))

    def bring(self, frame: pl.DataFrame) -> Frame:
        """Give a frame to the engine."""
        return nw.from_native(frame.lazy())

    def hold(self, frame: Frame) -> Frame:
        """Work a frame out once."""
        return nw.from_native(self.collect(frame).lazy())

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Work a frame out and give its rows."""
        native: pl.LazyFrame = frame.to_native()
        return native.collect(engine="streaming" if self.is_streaming else "in-memory")

    def side_by_side(self, keys: Frame, found: Sequence[Frame]) -> Frame:
        """Put columns beside each other: the values of each frame are laid into columns of nothing, by their place."""
        rows = self.collect(keys.select(KEY)).with_row_index("place")
        laid = [rows[KEY]]
        for frame in found:
            values = self.collect(frame)
            places = values.lazy().select(KEY).join(rows.lazy(), on=KEY, how="left", maintain_order="left").collect()
            laid += [_scattered(column, places["place"], rows.height) for column in values.drop(KEY)]
        return nw.from_native(pl.DataFrame(laid).lazy())


def _scattered(values: pl.Series, places: pl.Series, n: int) -> pl.Series:
    return pl.repeat(None, n, dtype=values.dtype, eager=True).alias(values.name).scatter(places, values)


IN_MEMORY = PolarsEngine()
STREAMING = PolarsEngine(is_streaming=True)
