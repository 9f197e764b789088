"""From a source on disk to validated records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.sources.ssd import read_folder
from features.tables import ALWAYS_NEEDED
from features.tables.validate import Examination, examine, raise_if_unusable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from features.sources.raw import RawTables
    from features.tables.records import Records


def load_records(source: Path, *, max_set_aside: float | None = None, extract_day: date | None = None) -> Records:
    """Read and validate a source.

    Parameters
    ----------
    source
        A folder of tables of the Standard Safeguarding Dataset.
    max_set_aside
        The largest share of a table's rows, 0 to 1, that may be set aside. None: any share.
    extract_day
        The last day that the records speak of; when not given it is told from the records.

    Returns
    -------
    Records
        Validated.

    Raises
    ------
    WrongUsageError
        When there is no such folder.
    UnusableRecordsError
        When a file does not parse, a table or column that is needed is missing, or too much of a table was set aside;
        all problems at once.
    """
    examined = examine_source(source, extract_day=extract_day).examined
    too_many = () if max_set_aside is None else too_many_set_aside(examined.records, most=max_set_aside)
    raise_if_unusable((*examined.problems, *examined.beyond, *too_many))
    return examined.records


@dataclass(frozen=True)
class ExaminedSource:
    """A source as far as it could be read.

    Parameters
    ----------
    examined
        The records, what was found, and every problem.
    raw
        What the source held, still text.
    """

    examined: Examination
    raw: RawTables


def examine_source(source: Path, *, extract_day: date | None = None) -> ExaminedSource:
    """Read as much of a source as can be read, with every problem.

    Raises
    ------
    WrongUsageError
        When there is no such folder.
    """
    raw = read_folder(source)
    examined = examine(
        raw.tables,
        extract_day=extract_day or raw.extract_day,
        hashes=raw.hashes,
        headers=raw.headers,
        can_hold=raw.can_hold,
    )
    problems = (*raw.problems, *examined.problems)
    if not problems:
        needed = [name for name in ALWAYS_NEEDED if name in raw.tables]
        problems = tuple(f"{name}: the table has no row" for name in needed if raw.tables[name].is_empty())
    return ExaminedSource(replace(examined, problems=problems), raw)


def too_many_set_aside(records: Records, *, most: float) -> tuple[str, ...]:
    """Say which tables lost a larger share of their rows than is allowed.

    Parameters
    ----------
    records
        Validated.
    most
        The largest share allowed, 0 to 1.
    """
    return tuple(
        f"{name}: {n_read - frame.height} of {n_read} rows were set aside; at most {most:.1%} may be"
        for name, frame in records.tables.items()
        if (n_read := records.rows_read[name]) and (n_read - frame.height) / n_read > most
    )
