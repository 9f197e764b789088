"""What a data manager reads of an extract: what it holds, what was set aside and why, and what it lacks.

Counts only: never a cell, a name or an id. A count that would speak of fewer than five children is withheld.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl

from features.tables import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.tables.records import Records

SCHEMA_VERSION = 1

# Office for Statistics Regulation and the DfE's own releases: fewer than five children are not told apart.
SMALLEST_COUNT = 5

ADULT = "18y"

# So many reasons fit on a screen.
MOST_LINES = 12

# A few orphans are typing errors; one row in twenty is a way of extracting.
MANY_ORPHANS = 0.05

# Asked and not answered, and not asked: neither says what a child's ethnicity is.
NO_ETHNICITY = ("REFU", "NOBT")

EARLY_HELP = "ssd_early_help_episodes"
EARLY_HELP_ONLY = (
    "Every child with early help also has a contact or a referral. Case systems often leave children who had early "
    "help alone out of ssd_person: ask whether they were switched on for this extract."
)
EARLY_HELP_ORPHANS = (
    "Early help rows were set aside because their person is not in ssd_person: ask for children who had early help "
    "alone to be included in the extract."
)

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
)


def check_report(records: Records, *, problems: Sequence[str] = (), unread: Sequence[str] = ()) -> dict[str, Any]:
    """Sum up an extract.

    Parameters
    ----------
    records
        As far as they could be read.
    problems
        Why they cannot be used; empty when they can.
    unread
        Names of files that hold no table needed here.

    Returns
    -------
    dict
        Fit for JSON, in a fixed order and without a clock: the same extract gives the same report.
    """
    has_day = records.extract_day != date.max
    return {
        "schema_version": SCHEMA_VERSION,
        "usable": not problems,
        "problems": list(problems),
        "extract_day": records.extract_day.isoformat() if has_day else None,
        "tables": [_table(records, name) for name in CONTRACTS if name in records.rows_read],
        "absent_tables": [name for name in CONTRACTS if name not in records.rows_read],
        "unread_files": list(unread),
        "set_aside": _reasons(records),
        "not_recorded": _not_recorded(records) if has_day else [],
        "hints": _hints(records),
    }


def _table(records: Records, name: str) -> dict[str, Any]:
    """Count one table; where its columns are lacking nothing of it could be read, and that is a problem elsewhere."""
    frame = records.tables.get(name)
    lines = records.set_aside.filter(pl.col("table") == name)
    first, last = _coverage(frame, name)
    return {
        "table": name,
        "rows_read": records.rows_read[name],
        "rows_accepted": 0 if frame is None else frame.height,
        "rows_set_aside": lines["column"].null_count(),
        "cells_set_aside": lines.height - lines["column"].null_count(),
        "first_day": first,
        "last_day": last,
    }


def _coverage(frame: pl.DataFrame | None, name: str) -> tuple[str | None, str | None]:
    """Give the first and last day on which a row's event began; withheld for very few rows."""
    event = CONTRACTS[name].row_known_from
    days = None if frame is None or event is None else frame[event].drop_nulls()
    if days is None or len(days) < SMALLEST_COUNT:
        return None, None
    return str(days.min()), str(days.max())


def _reasons(records: Records) -> list[dict[str, Any]]:
    counted = records.set_aside.group_by("table", "column", "kind", "severity", "reason").agg(n=pl.len().cast(pl.Int64))
    return counted.sort("table", "n", "column", "kind", "reason", descending=[False, True, *[False] * 3]).to_dicts()


def _not_recorded(records: Records) -> list[dict[str, Any]]:
    """Count the children for whom a characteristic is not recorded; the audit cannot see them as a group."""
    people = records.tables.get("ssd_person")
    if people is None:
        return []
    adult = pl.col("pers_dob").dt.offset_by(ADULT) <= records.extract_day
    children = people.filter(~adult.fill_null(False))
    unknown = {
        "ethnicity": pl.col("pers_ethnicity").is_null() | pl.col("pers_ethnicity").is_in(NO_ETHNICITY),
        "sex": pl.col("pers_sex").is_null() | (pl.col("pers_sex") == "U"),
        "date of birth, or expected": pl.all_horizontal(pl.col("pers_dob", "pers_expected_dob").is_null()),
    }
    return [
        {"characteristic": name, **_share(children.filter(expr).height, children.height)}
        for name, expr in unknown.items()
    ]


def _share(n_missing: int, n: int) -> dict[str, Any]:
    """Give a count with its share, unless either side of it is fewer than five children."""
    if 0 < n_missing < SMALLEST_COUNT or 0 < n - n_missing < SMALLEST_COUNT:
        return {"suppressed": True}
    return {"n_missing": n_missing, "n_children": n, "share": round(n_missing / n, 4) if n else None}


def _hints(records: Records) -> list[str]:
    helped = records.tables.get(EARLY_HELP)
    if helped is None:
        return []
    is_orphan = (pl.col("table") == EARLY_HELP) & (pl.col("kind") == "orphan") & pl.col("column").is_null()
    n_orphans = records.set_aside.filter(is_orphan).height
    hints = [EARLY_HELP_ORPHANS] if n_orphans > MANY_ORPHANS * records.rows_read[EARLY_HELP] else []
    if not helped.is_empty() and helped.filter(~pl.col("earl_person_id").is_in(_referred(records))).is_empty():
        hints.append(EARLY_HELP_ONLY)
    return hints


def _referred(records: Records) -> pl.Series:
    """Give everyone with a contact or a referral, as one list."""
    owners = {"ssd_contacts": "cont_person_id", "ssd_cin_episodes": "cine_person_id"}
    found = [records.tables[t][column] for t, column in owners.items() if t in records.tables]
    everyone = pl.concat([pl.Series("id", [], pl.String), *(series.alias("id") for series in found)])
    return everyone.unique().implode()


def report_lines(report: dict[str, Any]) -> list[str]:
    """Say a report in a few lines for a terminal.

    Parameters
    ----------
    report
        As `check_report` gives it.

    Returns
    -------
    list of str
        The sums first, then the most frequent reasons, what is lacking and what is worth asking about.
    """
    tables = report["tables"]
    n_read, n_accepted = (sum(t[key] for t in tables) for key in ("rows_read", "rows_accepted"))
    n_rows, n_cells = (sum(t[key] for t in tables) for key in ("rows_set_aside", "cells_set_aside"))
    until = report["extract_day"] or "an unknown day"
    return [
        f"{len(tables)} tables until {until}: {n_read:,} rows read, {n_accepted:,} accepted.",
        f"Set aside: {n_rows + n_cells:,} ({n_rows:,} rows, {n_cells:,} cells).",
        *_most_frequent(report["set_aside"]),
        *_listed("Not in the source", report["absent_tables"]),
        *_listed("Not read, no table needed here", report["unread_files"]),
        *(_said(entry) for entry in report["not_recorded"]),
        *(f"Note: {hint}" for hint in report["hints"]),
        *(f"Cannot be used: {problem}" for problem in report["problems"]),
    ]


def _most_frequent(reasons: list[dict[str, Any]]) -> list[str]:
    """Say the most frequent reasons; the report holds them all."""
    ranked = sorted(reasons, key=lambda r: (-r["n"], r["table"], r["column"] or "", r["kind"]))
    said = [f"  {r['n']:,} x {r['table']}{_at(r['column'])}: {r['reason']}" for r in ranked[:MOST_LINES]]
    more = len(ranked) - len(said)
    return [*said, f"  and {more} more kinds: write the report with --json or --html to see them"] if more else said


def _listed(what: str, names: list[str]) -> list[str]:
    return [f"{what}: {', '.join(names)}."] if names else []


def _at(column: str | None) -> str:
    return f".{column}" if column else ""


def _said(entry: dict[str, Any]) -> str:
    name = entry["characteristic"]
    if "suppressed" in entry:
        return f"Not recorded, {name}: withheld, fewer than {SMALLEST_COUNT} children on one side."
    if entry["share"] is None:
        return f"Not recorded, {name}: there are no children."
    return f"Not recorded, {name}: {entry['n_missing']:,} of {entry['n_children']:,} children ({entry['share']:.1%})."


def report_page(report: dict[str, Any]) -> str:
    """Draw a report as one page of HTML that needs nothing beside it."""
    said = [_said(entry) for entry in report["not_recorded"]]
    return _TEMPLATES.get_template("report.html").render(report=report, not_recorded=said)
