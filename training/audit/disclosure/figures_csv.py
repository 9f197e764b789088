"""Every figure of an audit as one table: a line a figure, for whoever wants to work on with it.

Read from `audit.json`'s content, so that what is withheld there is withheld here. A line says where in the content the
figure stands, of whom it is, and its numbers; a figure that is withheld or undefined keeps its line and says so.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from training.audit.groups import NOT_RECORDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WHO: tuple[str, ...] = ("attribute", "group", "measure", "against", "reference", "threshold")
NUMBERS: tuple[str, ...] = ("value", "low", "high", "k", "n", "clusters")
COLUMNS: tuple[str, ...] = ("section", *WHO, "figure", *NUMBERS, "note")
"""Columns of the table; `figure` is the name of the figure within its entry."""

READ_AS_FORMULA: tuple[str, ...] = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula, and runs it."""

ASSUMED: tuple[str, ...] = ("share", "times")
"""Sizes for which a bound on the label is given: they name it."""

NO_FIGURES = frozenset({*WHO, "n", "level", "schema_version", "groups", "left_out"})
"""Numbers of an entry that are none of its figures."""


def to_csv(content: Mapping[str, Any]) -> str:
    """Give the figures of an audit as CSV.

    Parameters
    ----------
    content
        What `audit.json` holds.

    Returns
    -------
    str
        One line of names, then a line a figure, in the order of the content. Text that a spreadsheet would take for a
        formula has a ' before it; numbers stay numbers.
    """
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    for section, part in content.items():
        if section != "settings":
            for entry in part if isinstance(part, list) else [part]:
                table.writerows(map(_as_cells, _lines(section, entry)))
    return written.getvalue()


def as_text_cell(text: str | None) -> str:
    """Keep a name from being read as a formula; one that is not recorded is empty."""
    if text is None:
        return ""
    return f"'{text}" if text.startswith(READ_AS_FORMULA) else text


def _as_cells(line: Mapping[str, Any]) -> dict[str, Any]:
    """Give a line as a spreadsheet may hold it."""
    return {name: as_text_cell(cell) if isinstance(cell, str) else cell for name, cell in line.items()}


def _lines(section: str, entry: Any) -> Iterator[dict[str, Any]]:
    """Give a line for each figure of an entry."""
    if not isinstance(entry, dict):
        return
    who = {"section": section} | {name: _text(entry[name]) for name in WHO if name in entry}
    if isinstance(entry.get("groups"), list):
        who["group"] = " + ".join(NOT_RECORDED if group is None else group for group in entry["groups"])
    if _is_figure(entry):
        yield who | {"figure": who.get("measure", section)} | _numbers(entry)
    for name, part in entry.items():
        for figure, numbers in _figures(name, part):
            yield who | {"figure": figure} | _numbers(numbers)


def _figures(name: str, part: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Find the figures in a part of an entry, however deep."""
    if isinstance(part, dict) and _is_figure(part):
        yield name, part
    elif isinstance(part, dict):
        for inner, deeper in part.items():
            yield from _figures(f"{name}.{inner}", deeper)
    elif isinstance(part, list):
        for place, deeper in enumerate(part):
            yield from _figures(f"{name}.{_named(deeper) or place}", deeper)
    elif isinstance(part, int | float) and not isinstance(part, bool) and name not in NO_FIGURES:
        yield name, {"value": part}


def _named(part: Any) -> str:
    """Name bounds of a list by the size that they are given for; empty of anything else."""
    is_bound = isinstance(part, dict) and "low" in part
    return next((f"{name} {part[name]:g}" for name in ASSUMED if is_bound and name in part), "")


def _is_figure(part: Mapping[str, Any]) -> bool:
    """Say whether a part is one figure."""
    return bool({"value", "suppressed", "undefined"} & part.keys()) or {"low", "high"} <= part.keys()


def _numbers(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Give a figure's numbers, and why there are none."""
    numbers = {name: figure[name] for name in NUMBERS if figure.get(name) is not None}
    if "suppressed" in figure:
        return numbers | {"note": "withheld"}
    notes = [str(figure["undefined"])] if "undefined" in figure else ["binned"] if "binned" in figure else []
    return numbers | {"note": "; ".join(notes)}


def _text(value: Any) -> Any:
    """Give a name as the table holds it; a characteristic that is not recorded is empty."""
    return "" if value is None else value
