"""A report as one page of HTML that needs nothing beside it: no script, no style, font or picture from elsewhere.

Arranges what the report says into tables that a person reads across; adds no figure of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from features.check.small_numbers import SMALLEST_COUNT
from features.check.words import indicator_sums, month_in_words, n_children_in_words, share_in_words, sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_TEMPLATES.filters["month_words"] = month_in_words
_TEMPLATES.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]

SEVERITY_IN_WORDS = {
    "stops": "stops",
    "sets_aside": "set aside",
    "warns": "used, but doubtful",
    "notes": "read all the same",
}

EARLIER = "earlier"

ONE_PLACE_BELOW = 0.1

IN_PAGE = ("ethnicity", "sex", "date of birth, or expected", "postcode")
"""Characteristics that a page shows by stage and team: those that somebody can complete. The JSON has them all."""


def report_page(report: dict[str, Any]) -> str:
    """Draw a report as a page.

    Parameters
    ----------
    report
        As `features.check.report` gives it.
    """
    characteristics = report["characteristics"]
    by_year = characteristics["by_year"]
    by_stage, by_team = (_in_page(characteristics[name]) for name in ("by_stage", "by_team"))
    last_year = by_year[-1]["year"] if by_year else None
    return _TEMPLATES.get_template("report.html").render(
        report=report,
        sums=sums(report),
        smallest=SMALLEST_COUNT,
        children_of=n_children_in_words,
        month=month_in_words,
        share=share_in_words,
        severity=SEVERITY_IN_WORDS,
        indicator_sums=indicator_sums(report["effects"]),
        row_years=_years(entry["rows_by_year"] for entry in report["tables"]),
        rows_in=_rows_in,
        now=characteristics["now"],
        over_years=_grid(by_year, row="characteristic", column="year"),
        stages=_grid([e for e in by_stage if e["year"] == last_year], row="stage", column="characteristic"),
        teams=_grid([e for e in by_team if e["year"] == last_year], row="team", column="characteristic"),
        last_year=last_year,
        percent=_percent,
        worth_a_look=[entry for entry in report["completeness"] if entry["is_empty"] or entry["drops"]],
        filled=_by_table(report["completeness"]),
        years_of=lambda columns: _years(column["years"] for column in columns),
        filled_cell=_filled_cell,
        grave=[entry for entry in report["findings_by_kind"] if entry["severity"] != "notes"],
        notes=[entry for entry in report["findings_by_kind"] if entry["severity"] == "notes"],
        found=_by_table(report["findings"]),
        delay=report["recording_delay"],
    )


def _in_page(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["characteristic"] in IN_PAGE]


def _years(lines: Iterable[Sequence[dict[str, Any]]]) -> list[str]:
    """Name every year that occurs, in order; what lies before the years shown comes first."""
    found = {entry["year"] for line in lines for entry in line}
    return sorted(found, key=lambda year: (year != EARLIER, year))


def _rows_in(entry: dict[str, Any], year: str) -> str:
    found = [one["n_rows"] for one in entry["rows_by_year"] if one["year"] == year]
    if not found:
        return "0" if entry["rows_by_year"] else ""
    return "withheld" if found[0] is None else f"{found[0]:,}"


def _grid(entries: Sequence[dict[str, Any]], *, row: str, column: str) -> dict[str, Any]:
    """Lay entries out in rows and columns, in the order in which they first come."""
    rows = list(dict.fromkeys(entry[row] for entry in entries))
    columns = list(dict.fromkeys(entry[column] for entry in entries))
    return {"rows": rows, "columns": columns, "cells": {(entry[row], entry[column]): entry for entry in entries}}


def _percent(share: float) -> str:
    """Say a share; below a tenth one place more, for there a half per cent matters."""
    return f"{share:.1%}" if 0 < share < ONE_PLACE_BELOW else f"{share:.0%}"


def _by_table(entries: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Put the entries of each table together."""
    tables = dict.fromkeys(entry["table"] for entry in entries)
    return {table: [entry for entry in entries if entry["table"] == table] for table in tables}


def _filled_cell(entry: dict[str, Any], year: str) -> str:
    """Say how complete a column was in a year."""
    found = next((one for one in entry["years"] if one.get("year") == year), None)
    if found is None:
        return ""
    if "suppressed" in found:
        return f"nearly {found['nearly']}" if "nearly" in found else "withheld"
    return "open" if found["share"] is None else f"{found['share']:.0%}"
