"""What an engine must be able to do, beside what narwhals' expressions say the same for every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import narwhals as nw
    import polars as pl

Frame: TypeAlias = "nw.LazyFrame[Any]"
"""A lazy table of whichever engine."""


class Engine(Protocol):
    """Where frames live and how a plan is run."""

    @property
    def days_at_once(self) -> int:
        """Give how many as-of days share one aggregation of a table."""

    def read(self, file: Path) -> Frame:
        """Scan a Parquet file of validated records."""

    def bring(self, frame: pl.DataFrame) -> Frame:
        """Give a small frame of ours to the engine."""

    def hold(self, frame: Frame) -> Frame:
        """Work a frame out once, for all who read it afterwards."""

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Work a frame out and give its rows."""

    def side_by_side(self, keys: Frame, found: Sequence[Frame]) -> Frame:
        """Put columns of several frames beside each other.

        Parameters
        ----------
        keys
            `child_id`, each once.
        found
            Frames of `child_id`, each once at most, and columns of their own.

        Returns
        -------
        LazyFrame
            A row for each of `keys`, with missing values where a frame has no row for it; in no order.
        """
