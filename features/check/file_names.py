"""Which file names a report may repeat: those of the standard's tables; any other could hold a name or an id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from features.tables import CONTRACTS, NEVER_NEEDED, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ENDING = r"\.(?:csv|txt|tsv|parquet|xlsx|xlsm|xls|xml|json|jsonl)"
_FILE = re.compile(rf"^(?P<stem>.*){_ENDING}: ", re.IGNORECASE | re.DOTALL)
# What a reader says of a list of Annex A, in its own words.
_LIST = re.compile(r"list \d{1,2}(?: stands on \d+ sheets)?")

UNNAMED = "a file that is not named as a table"


def table_named(file_name: str) -> str | None:
    """Tell which table of the standard a file is named as; None for any other name.

    Examples
    --------
    >>> table_named("dbo.SSD_Person.csv"), table_named("jane smith.csv")
    ('ssd_person', None)
    """
    stem = re.sub(rf"{_ENDING}$", "", file_name, flags=re.IGNORECASE)
    stem = stem.lower().removeprefix("dbo.").removeprefix("csc.")
    return stem if stem in CONTRACTS or stem in NEVER_NEEDED else None


def without_file_names(problems: Iterable[str]) -> tuple[str, ...]:
    """Say each problem of a reader without its file's name, unless that is a table's.

    Parameters
    ----------
    problems
        As readers state them: a file, a table, a table's column or a list, a colon, and what is wrong.

    Examples
    --------
    >>> without_file_names(["list 1 stands on 2 sheets: keep one of them"])
    ('list 1 stands on 2 sheets: keep one of them',)
    >>> without_file_names(["list 1 jane.xlsx: it is no workbook", "list 1 jane: it is no workbook"])
    ('a file that is not named as a table: it is no workbook', 'a file that is not named as a table: it is no workbook')
    """
    return tuple(_without(problem) for problem in problems)


def unread_files(names: Sequence[str]) -> dict[str, Any]:
    """Name the files that were not read as the tables they are named as, and count the others."""
    tables = [table for name in names if (table := table_named(name))]
    return {"tables": tables, "n_others": len(names) - len(tables)}


def _without(problem: str) -> str:
    found = _FILE.match(problem)
    named, _, said = problem.partition(": ") if found is None else (found["stem"], "", problem[found.end() :])
    table, _, column = named.partition(".")
    is_standard = table in CONTRACTS and (not column or column in columns_of(CONTRACTS[table]))
    if not said or (found is None and (is_standard or _LIST.fullmatch(named))):
        return problem
    return f"{table_named(named) or UNNAMED}: {said}"
