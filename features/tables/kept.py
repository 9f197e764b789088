"""Validated records kept as Parquet, one file a table: what an engine reads that cannot hold them whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from features.engines.engine import Engine, Frame
    from features.tables.records import Records

# Rows of a row group: enough to compress well, few enough that a scan in batches holds little.
_ROWS_TOGETHER = 262_144


@dataclass(frozen=True)
class KeptRecords:
    """Validated records that lie as Parquet, read by an engine when they are asked for.

    Parameters
    ----------
    tables
        By table, as in `features.tables.records.Records`.
    extract_day
        The last day that the records speak of.
    engine
        What reads them and computes on them.
    """

    tables: Mapping[str, Frame]
    extract_day: date
    engine: Engine


def keep_records(records: Records, folder: Path) -> None:
    """Write validated records as Parquet.

    Parameters
    ----------
    records
        Validated; what was set aside is not kept here.
    folder
        A folder that does not exist yet; `TABLE.parquet` each go there.
    """
    folder.mkdir(parents=True)
    for name, frame in records.tables.items():
        frame.write_parquet(folder / f"{name}.parquet", row_group_size=_ROWS_TOGETHER)


def open_kept(folder: Path, *, engine: Engine, extract_day: date) -> KeptRecords:
    """Open what `keep_records` wrote.

    Parameters
    ----------
    folder
        As it was given there.
    engine
        What is to read them.
    extract_day
        The last day that the records speak of.
    """
    files = sorted(folder.glob("*.parquet"))
    return KeptRecords({file.stem: engine.read(file) for file in files}, extract_day, engine)
