"""Checking a source: will these records do, what was set aside and why.

The report and the quarantine are written whether or not the records can be used, each whole or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from features.check.report import check_report, report_lines, report_page
from features.sources.ssd import require_folder
from features.tables.load import examine_source
from features.tables.validate import raise_if_unusable
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.home import home
from features.vocabulary.out_file import require_room_for, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from features.tables.records import Records

QUARANTINE = "quarantine"


def check(
    source: Path, *, json_out: Path | None = None, html_out: Path | None = None, say: Callable[[str], object]
) -> int:
    """Check a source, write what was found and say it.

    Parameters
    ----------
    source
        A folder of tables of the Standard Safeguarding Dataset.
    json_out, html_out
        Files for the report; None: not written.
    say
        Takes each line meant for a person.

    Returns
    -------
    int
        0: the records can be used.

    Raises
    ------
    UnusableRecordsError
        After everything was written, when the records cannot be used.
    WrongUsageError
        Before anything is written, when there is no such source, `EARLYHELP_HOME` is unset or cannot be
        made, or a report cannot be written where it was asked for.
    """
    folder = home() / QUARANTINE
    require_folder(source)
    for file in filter(None, (json_out, html_out)):
        require_room_for(file)
    _make_home(folder.parent)
    read = examine_source(source)
    examined = read.examined
    report = check_report(examined.records, problems=examined.problems, unread=read.raw.unread)
    write_quarantine(examined.records, folder)
    if json_out is not None:
        _write_text(json_out, json.dumps(report, indent=2) + "\n")
    if html_out is not None:
        _write_text(html_out, report_page(report))
    for line in report_lines(report):
        say(line)
    say(f"Row by row, without values: {folder}")
    raise_if_unusable(examined.problems)
    return 0


def write_quarantine(records: Records, folder: Path) -> None:
    """Write which rows and cells were set aside, and why: one file per table, for its owner's eyes alone.

    A file says the row's number in the source, the column, the kind and the reason; never a cell's value. The folder
    replaces the one of an earlier check.

    Parameters
    ----------
    records
        As far as they could be read.
    folder
        Where to write; made when it is not there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".quarantine-", dir=folder.parent))
    for (table,), lines in records.set_aside.group_by("table", maintain_order=True):
        _write_private(made / f"{table}.csv", lines)
    if folder.exists():
        replaced = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent))
        folder.rename(replaced / QUARANTINE)
        made.rename(folder)
        shutil.rmtree(replaced)
    else:
        made.rename(folder)


def _write_private(file: Path, lines: pl.DataFrame) -> None:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        lines.write_csv(opened)


def _make_home(folder: Path) -> None:
    """Refuse an `EARLYHELP_HOME` in which nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUsageError(
            f"EARLYHELP_HOME names a folder that cannot be made ({type(error).__name__}).",
            hint="Name a folder in a place that may be written to.",
        ) from None


def _write_text(file: Path, text: str) -> None:
    write_whole(file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))
