"""Spark, on this machine or on a cluster: the engine for records that one machine does not hold.

`features.engines.spark_session` opens what it runs in. Records and what is worked out from them stay with Spark until a
row a child is left: those columns are put beside each other here, as the matrix is read here anyway.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from features.engines.polars_engine import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from features.engines.engine import Frame

# Plans that are run at a time: while Spark thinks about one, it can work on another.
_AT_A_TIME = 4

_SQL_TYPES: dict[Any, str] = {
    pl.String: "STRING",
    pl.Date: "DATE",
    pl.Boolean: "BOOLEAN",
    pl.Int8: "TINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INT",
    pl.Int64: "BIGINT",
    pl.Float32: "FLOAT",
    pl.Float64: "DOUBLE",
}
"""What validated records are made of, as Spark names it."""


@dataclass(frozen=True)
class SparkEngine:
    """Spark.

    Parameters
    ----------
    session
        A running session.
    folder
        Where small frames of ours are laid for Spark to read; on a cluster its workers must reach it too.
    """

    session: Any
    folder: Path
    _numbers: Iterator[int] = field(default_factory=count, init=False, repr=False, compare=False)

    @property
    def days_at_once(self) -> int:
        """Give how many as-of days share one aggregation: one, for Spark thinks longer about a plan than it is long."""
        return 1

    def read(self, file: Path) -> Frame:
        """Scan a Parquet file, telling Spark the columns: to find them out it would run a job."""
        columns = pl.read_parquet_schema(file)
        schema = ", ".join(f"`{name}` {_SQL_TYPES[dtype]}" for name, dtype in columns.items())
        read: Frame = nw.from_native(self.session.read.schema(schema).parquet(file.as_uri()))
        return read

    def bring(self, frame: pl.DataFrame) -> Frame:
        """Give a frame to the engine, as a file."""
        file = self.folder / f"brought_{next(self._numbers)}.parquet"
        frame.write_parquet(file)
        return self.read(file)

    def hold(self, frame: Frame) -> Frame:
        """Work a frame out once.

        A checkpoint and not `persist`, which keeps the whole plan: it is written out again wherever the frame is read,
        and a few frames that read each other fill the memory with plans alone.
        """
        held: Frame = nw.from_native(frame.to_native().localCheckpoint())
        return held

    def collect(self, frame: Frame) -> pl.DataFrame:
        """Work a frame out and give its rows; one that is here already (`side_by_side`) is Polars' own."""
        native = frame.to_native()
        if isinstance(native, pl.LazyFrame):
            return IN_MEMORY.collect(frame)
        found = pl.from_arrow(native.toArrow())
        assert isinstance(found, pl.DataFrame)  # a table never becomes one column
        return found

    def side_by_side(self, keys: Frame, found: Sequence[Frame]) -> Frame:
        """Put columns beside each other, here: thirty joins in one plan would cost more than all that they join."""
        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            here, *values = [nw.from_native(rows.lazy()) for rows in threads.map(self.collect, [keys, *found])]
        return IN_MEMORY.side_by_side(here, values)
