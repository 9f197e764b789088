"""Checking a source: will these records do, what was set aside and why.

The report and the quarantine are written whether or not the records can be used, each whole or not at all. What is said
and written names no file but those named as tables of the standard.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from features.check.compare import compare
from features.check.page import report_page
from features.check.quarantine import QUARANTINE, write_private, write_quarantine
from features.check.report import check_report, problems_in_words
from features.check.words import report_lines
from features.sources.recognise import require_source
from features.tables.load import examine_source
from features.tables.validate import raise_if_unusable
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.home import home
from features.vocabulary.out_file import require_room_for, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from features.tables.load import ExaminedSource

TEAM_KEY = "teams.csv"


def check(
    source: str | Path,
    *,
    against: str | Path | None = None,
    json_out: Path | None = None,
    html_out: Path | None = None,
    say: Callable[[str], object],
) -> int:
    """Check a source, write what was found and say it.

    Parameters
    ----------
    source
        A folder or file of records, or the URL of a database.
    against
        An earlier extract of the same authority, to compare with; None: none.
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
        After everything was written, when the records, or those to compare with, cannot be used.
    WrongUsageError
        Before anything is written, when there is no such source, `EARLYHELP_HOME` is unset or cannot be
        made, or a report cannot be written where it was asked for.
    """
    folder = home() / QUARANTINE
    require_source(source)
    if against is not None:
        require_source(against)
    for file in filter(None, (json_out, html_out)):
        require_room_for(file)
    _make_home(folder.parent)
    read = examine_source(source)
    checked = check_report(read)
    report = checked.report
    problems, report["comparison"] = _compared(read, against)
    _keep_aside(read, checked.team_key, folder)
    if json_out is not None:
        _write_text(json_out, json.dumps(report, indent=2) + "\n")
    if html_out is not None:
        _write_text(html_out, report_page(report))
    for line in report_lines(report):
        say(line)
    say(f"Row by row, for your eyes alone: {folder}")
    raise_if_unusable((*report["problems"], *problems))
    return 0


def _compared(read: ExaminedSource, against: str | Path | None) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    """Compare with an earlier extract, where both can be used; else say why not."""
    if against is None:
        return (), None
    earlier = examine_source(against)
    problems = tuple(f"the earlier extract: {problem}" for problem in problems_in_words(earlier))
    if problems or read.examined.problems:
        return problems, None
    return (), compare(read.examined.records, earlier.examined.records)


def _keep_aside(read: ExaminedSource, team_key: pl.DataFrame, folder: Path) -> None:
    """Write the quarantine, and beside it which team each number of the report is."""
    write_quarantine(read.examined.findings, read.raw.tables, folder)
    if not team_key.is_empty():
        write_private(folder / TEAM_KEY, team_key)


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
