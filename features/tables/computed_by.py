"""Gives validated records to the engine that a caller names: as they are to Polars, kept as Parquet to Spark."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from features.engines.spark_session import open_spark, require_spark
from features.tables.kept import KeptRecords, keep_records, open_kept
from features.vocabulary.home import home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.tables.records import Records

EngineName: TypeAlias = Literal["polars", "spark"]


def require_engine(name: EngineName) -> None:
    """Refuse an engine that is not here, before anything slow is done.

    Raises
    ------
    OutOfReachError
        When Spark is asked for, and pyspark or Java is not installed.
    WrongUsageError
        When Spark is asked for and `EARLYHELP_HOME`, under which it writes, is not set.
    """
    if name == "spark":
        home()
        require_spark()


@contextmanager
def computed_by(name: EngineName, records: Records) -> Iterator[Records | KeptRecords]:
    """Give records to an engine.

    Parameters
    ----------
    name
        Which engine.
    records
        Validated.

    Yields
    ------
    Records or KeptRecords
        What can be looked at until the block is left. What Spark reads and writes lies under `EARLYHELP_HOME`.

    Raises
    ------
    OutOfReachError
        When Spark is asked for and is not here, does not start or fails.
    """
    if name == "polars":
        yield records
        return
    with open_spark(home() / "spark") as engine:
        folder = engine.folder / "records"
        keep_records(records, folder)
        yield open_kept(folder, engine=engine, extract_day=records.extract_day)
