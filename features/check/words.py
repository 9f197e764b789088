"""A report in a few lines for a terminal: the verdict, the sums, what to mend first, and what cannot be told."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from features.check.compare_words import comparison_lines
from features.check.small_numbers import SMALLEST_COUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

# A screen holds so much of what a source cannot give; the report holds it all.
MOST_CANNOT = 3

# A terminal has at least so many columns.
WIDTH = 100

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def report_lines(report: dict[str, Any]) -> list[str]:
    """Say a report in a few lines.

    Parameters
    ----------
    report
        As `features.check.report` gives it.

    Returns
    -------
    list of str
        Most important first; about a screen, each line of at most 100 characters.
    """
    said = [
        report["verdict"],
        sums(report),
        *_set_aside(report),
        *_people(report),
        *_left_alone(report["unread_files"]),
        *_things(report["worth_mending"]),
        *_cannot(report),
        *_indicators(report["effects"]),
        *(comparison_lines(report["comparison"]) if report["comparison"] else ()),
    ]
    return [line for sentence in said for line in _wrapped(sentence)]


def _wrapped(sentence: str) -> list[str]:
    """Break a sentence at the terminal's width; what follows a number or a dash stays beneath itself."""
    hanging = " " * (4 if sentence.startswith(" ") or sentence[:2] == "10" else 0)
    return textwrap.wrap(sentence, WIDTH, subsequent_indent=hanging, break_on_hyphens=False) or [""]


def sums(report: dict[str, Any]) -> str:
    """Say what kind of source it is, how far back it goes and how many rows it has."""
    tables, history = report["tables"], report["history"]
    n_read, n_accepted = (sum(t[key] for t in tables) for key in ("rows_read", "rows_accepted"))
    kind = report["source"]["in_words"]
    since = f" from {month_in_words(history['from_month'])}" if history["from_month"] else ""
    until = f" until {report['extract_day']}" if report["extract_day"] else ""
    named = f"{kind[0].upper()}{kind[1:]}"
    so_many = f"{len(tables)} table{'s' * (len(tables) != 1)}"
    return f"{named}, {so_many}{since}{until}: {n_read:,} rows read, {n_accepted:,} accepted."


def month_in_words(month: str) -> str:
    """Name a month.

    Examples
    --------
    >>> month_in_words("2019-04")
    'April 2019'
    """
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def n_children_in_words(entry: dict[str, Any]) -> str:
    """Say how many children a thing touches."""
    if entry.get("suppressed"):
        return f"fewer than {SMALLEST_COUNT} children"
    n = entry["n_children"]
    return "the number of children cannot be told" if n is None else f"{n:,} child{'' if n == 1 else 'ren'}"


def share_in_words(entry: dict[str, Any]) -> str:
    """Say for how many children something is not recorded."""
    if "suppressed" in entry:
        return f"withheld, fewer than {SMALLEST_COUNT} children on one side"
    if entry["share"] is None:
        return "there are no children"
    return f"{entry['n_missing']:,} of {entry['n_children']:,} children ({entry['share']:.1%})"


def _set_aside(report: dict[str, Any]) -> Iterator[str]:
    n_rows, n_cells = (sum(t[key] for t in report["tables"]) for key in ("rows_set_aside", "cells_set_aside"))
    if n_rows + n_cells:
        yield f"Set aside: {n_rows:,} row{'s' * (n_rows != 1)} and {n_cells:,} cell{'s' * (n_cells != 1)}."
    else:
        yield "Nothing was set aside."


def _people(report: dict[str, Any]) -> Iterator[str]:
    people = report["people"]
    if people["n_people"] is None:
        return
    n_children = people["n_children"]
    children = "" if n_children is None else f", {n_children:,} of them under 18"
    yield f"{people['n_people']:,} people{children}."


def _left_alone(unread: dict[str, Any]) -> Iterator[str]:
    n = unread["n_others"] + len(unread["tables"])
    if n:
        yield f"Left alone: {n} file{'s that hold' if n > 1 else ' that holds'} no table needed here."


def _things(things: list[dict[str, Any]]) -> Iterator[str]:
    if not things:
        yield "Nothing was found that is worth mending."
        return
    yield ""
    yield "Most worth mending, with how many children each touches:"
    for place, thing in enumerate(things, start=1):
        yield f"{place:>2}. {thing['what']} {thing['mend']} ({n_children_in_words(thing)})"


def _cannot(report: dict[str, Any]) -> Iterator[str]:
    cannot = [*report["beyond"], *report["cannot_give"]]
    if not cannot:
        return
    yield ""
    yield "What this kind of source cannot give:"
    yield from (f"  - {sentence}" for sentence in cannot[:MOST_CANNOT])
    if len(cannot) > MOST_CANNOT:
        yield f"  - and {len(cannot) - MOST_CANNOT} more, in the report"


def _indicators(effects: list[dict[str, Any]]) -> Iterator[str]:
    n, n_cannot, n_fewer = indicator_sums(effects)
    yield ""
    if n_cannot + n_fewer == 0:
        yield f"All {n} indicators can be told."
    else:
        yield f"Of {n} indicators {n_cannot} cannot be told, and {n_fewer} are counted on fewer rows than there were."


def indicator_sums(effects: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Count the indicators, those that cannot be told, and those counted on fewer rows."""
    n = sum(entry["n_indicators"] for entry in effects)
    return n, sum(len(entry["cannot"]) for entry in effects), sum(len(entry["fewer"]) for entry in effects)
