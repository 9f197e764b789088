"""Documents that tell of one child after another, each with everything under it: read as a stream, kept as tables.

Rows are gathered column by column and become frames before they are many objects, so that a file of any size takes
little memory. Knows how long one child's record may be and that rows belong to tables; not what either holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import IO, TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Layout = dict[str, tuple[str, ...]]
"""The columns of each table that a format has a place for, by the standard's names."""

# The fullest record of a child in such a file takes some tens of kilobytes. Without a bound, a file of one endless
# record would be kept whole.
MOST_BYTES_OF_A_CHILD = 4 * 1024 * 1024
# Some ten tables fill at once; at this many rows each their text takes about 100 MB.
ROWS_AT_ONCE = 20_000


class RefusedFileError(Exception):
    """A file that cannot be used; the message completes "it …" without a cell. Caught by the reader of the source."""


class Gathered:
    """Rows of several tables while a file is read, and counts of what was noticed.

    Parameters
    ----------
    layout
        The tables and their columns; cells of other columns are not kept.

    Examples
    --------
    >>> gathered = Gathered({"ssd_family": ("fami_family_id", "fami_person_id")})
    >>> gathered.add("ssd_family", {"fami_person_id": "C1"})
    >>> gathered.tables()["ssd_family"].rows()
    [(None, 'C1')]
    """

    def __init__(self, layout: Layout) -> None:
        self.counts: Counter[str] = Counter()
        self._open: dict[str, dict[str, list[str | None]]] = {
            table: {column: [] for column in columns} for table, columns in layout.items()
        }
        self._n_open = dict.fromkeys(layout, 0)
        self._closed: dict[str, list[pl.DataFrame]] = {table: [] for table in layout}

    def add(self, table: str, cells: Mapping[str, str | None]) -> None:
        """Add one row; a column without a cell is missing."""
        for name, column in self._open[table].items():
            column.append(cells.get(name))
        self._n_open[table] += 1
        if self._n_open[table] == ROWS_AT_ONCE:
            self._close(table)

    def _close(self, table: str) -> None:
        columns = self._open[table]
        self._closed[table].append(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
        self._open[table] = {name: [] for name in columns}
        self._n_open[table] = 0

    def tables(self) -> dict[str, pl.DataFrame]:
        """Give every table of the layout, in the order of the file."""
        for table in self._open:
            self._close(table)
        return {table: pl.concat(frames) for table, frames in self._closed.items()}

    def told(self, sentences: Mapping[str, str]) -> tuple[str, ...]:
        """Put counts into sentences that hold `{n}`; what was not met is not told."""
        return tuple(said.format(n=f"{self.counts[name]:,}") for name, said in sentences.items() if self.counts[name])


def read_or_refuse(path: Path, read: Callable[[IO[bytes]], None]) -> tuple[str, tuple[str, ...]]:
    """Read a file from its beginning to its end, and say why where it cannot be used.

    Parameters
    ----------
    path
        The file.
    read
        Reads it; raises `RefusedFileError` where it cannot.

    Returns
    -------
    tuple of (str, tuple of str)
        The SHA-256 of its bytes, and the problems.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            if not file.tell():
                raise RefusedFileError("is empty")
            file.seek(0)
            read(file)
    except OSError as broken:
        return "", (f"{path.name}: the file cannot be opened ({type(broken).__name__})",)
    except RefusedFileError as refused:
        return digest, (f"{path.name}: it {refused}",)
    return digest, ()


def refuse_endless_child(n_bytes: int) -> None:
    """Refuse a file in which so many bytes passed without a child's record ending.

    Raises
    ------
    RefusedFileError
        When they are more than one child's record may have.
    """
    if n_bytes > MOST_BYTES_OF_A_CHILD:
        most = MOST_BYTES_OF_A_CHILD // 1024**2
        raise RefusedFileError(f"goes on for more than {most} MB without the end of a child's record")
