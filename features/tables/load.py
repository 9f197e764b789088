"""From a source on disk to validated records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.sources.ssd import read_folder
from features.tables import ALWAYS_NEEDED
from features.tables.validate import Examination, examine, raise_if_unusable

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

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
    examined, _ = examine_source(source, extract_day=extract_day)
    too_many = () if max_set_aside is None else too_many_set_aside(examined.records, most=max_set_aside)
    raise_if_unusable((*examined.problems, *too_many))
    return examined.records


def examine_source(source: Path, *, extract_day: date | None = None) -> tuple[Examination, tuple[str, ...]]:
    """Read as much of a source as can be read, with every problem.

    Returns
    -------
    tuple of (Examination, tuple of str)
        What was found, and the names of the files that hold none of the tables needed here.

    Raises
    ------
    WrongUsageError
        When there is no such folder.
    """
    raw = read_folder(source)
    examined = examine(raw.tables, extract_day=extract_day, hashes=raw.hashes)
    problems = (*raw.problems, *examined.problems)
    if not problems:
        problems = tuple(f"{name}: the table has no row" for name in ALWAYS_NEEDED if raw.tables[name].is_empty())
    return Examination(examined.records, problems), raw.unread


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
