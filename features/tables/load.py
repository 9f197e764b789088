"""From a source to validated records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.sources.raw import Kind
from features.sources.recognise import read_source
from features.tables import ALWAYS_NEEDED, CONTRACTS, columns_of
from features.tables.draft import RECORDED_ON
from features.tables.join import join_sources
from features.tables.validate import Examination, examine, raise_if_unusable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from features.sources.raw import RawTables
    from features.tables.records import Records


@dataclass(frozen=True)
class ExaminedSource:
    """A source as far as it could be read.

    Parameters
    ----------
    examined
        The records, what was found, and every problem.
    raw
        What the source held, still text; of several sources, joined.
    kinds
        The kinds of source that were found, in the order in which they win.
    """

    examined: Examination
    raw: RawTables
    kinds: tuple[Kind, ...]


def load_records(
    source: str | Path,
    *,
    max_set_aside: float | None = None,
    first_wins: Sequence[Kind] = tuple(Kind),
    extract_day: date | None = None,
) -> Records:
    """Read and validate a source that is to be scored or trained on.

    Parameters
    ----------
    source
        A folder or file of records, or the URL of a database.
    max_set_aside
        The largest share of a table's rows, 0 to 1, that may be set aside. None: any share.
    first_wins
        Which kind of source wins where a folder holds several.
    extract_day
        The last day that the records speak of; when not given it is told from the records.

    Returns
    -------
    Records
        Validated.

    Raises
    ------
    WrongUsageError
        When there is no such source.
    UnusableRecordsError
        When a file does not parse, a table or column that is needed is missing (also where this kind of source has no
        place for it), or too much of a table was set aside; all problems at once.
    OutOfReachError
        When a database does not answer.
    """
    examined = examine_source(source, first_wins=first_wins, extract_day=extract_day).examined
    too_many = () if max_set_aside is None else too_many_set_aside(examined.records, most=max_set_aside)
    raise_if_unusable((*examined.problems, *examined.beyond, *too_many))
    return examined.records


def examine_source(
    source: str | Path, *, first_wins: Sequence[Kind] = tuple(Kind), extract_day: date | None = None
) -> ExaminedSource:
    """Read as much of a source as can be read, with every problem; see `load_records`.

    Raises
    ------
    WrongUsageError
        When there is no such source.
    OutOfReachError
        When a database does not answer.
    """
    sources = read_source(source, columns=wanted_columns())
    raw = join_sources(sources, first_wins=first_wins)
    examined = examine(
        raw.tables,
        extract_day=extract_day or raw.extract_day,
        hashes=raw.hashes,
        headers=raw.headers,
        can_hold=raw.can_hold,
    )
    problems = (*raw.problems, *examined.problems)
    if not problems:
        problems = tuple(_without_rows(examined.records))
    kinds = sorted({found.kind for found in sources}, key=[*first_wins, *Kind].index)
    return ExaminedSource(replace(examined, problems=problems), raw, tuple(kinds))


def _without_rows(records: Records) -> Iterator[str]:
    """Say which tables that are always needed have no row, or none that can be used."""
    for name in ALWAYS_NEEDED:
        if name in records.tables and records.tables[name].is_empty():
            n_read = records.rows_read[name]
            yield f"{name}: " + (f"none of its {n_read} rows can be used" if n_read else "the table has no row")


def wanted_columns() -> dict[str, tuple[str, ...]]:
    """Name the columns that are read of each table: those of its contract, and when a row was entered."""
    stated = {name: columns_of(contract) for name, contract in CONTRACTS.items()}
    return {
        name: (*(column for column, said in columns.items() if not said.is_derived), RECORDED_ON)
        for name, columns in stated.items()
    }


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
