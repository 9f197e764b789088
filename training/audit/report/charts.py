"""Measures by group as a picture: a dot with its interval, one line a group, measures side by side.

A picture never stands alone: the report puts a sentence above and a table below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from training.audit.report import svg
from training.audit.report.svg import GRID, INK, MUTED, PALE, WIDTH
from training.audit.report.words import is_apart, value_of
from training.audit.settings import MEASURE_NAMES, RATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

NAMES, GAP, LINE, TOP, BOTTOM = 240.0, 26.0, 24.0, 26.0, 30.0
"""Widths of names and of the gaps between panels; heights of a line, of the titles and of the scales."""

MOST_LINES = 40
"""So many groups are drawn, the largest; all stand in the tables."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One dot: a value with its interval, and the wider span in which it lies whatever is not known.

    Parameters
    ----------
    value, low, high
        On the measure's own scale.
    is_full
        Whether the dot is to stand out.
    span
        Drawn as a pale bar.
    """

    value: float
    low: float
    high: float
    is_full: bool = False
    span: tuple[float, float] | None = None


Line = tuple[str, "Mapping[str, Mark]"]
"""A group's name and its dots by measure."""


def draw(
    measures: Sequence[str], entries: Sequence[Mapping[str, Any]], overall: Mapping[str, Any], *, label: str
) -> Markup:
    """Draw measures of the groups of one characteristic.

    Parameters
    ----------
    measures
        One panel each.
    entries
        As `audit.json` holds them; groups without a number keep their line, empty.
    overall
        The entry of everybody, drawn as a line; a group whose interval leaves it out has a full dot.
    label
        What the picture shows, for who cannot see it.

    Returns
    -------
    Markup
        An `svg` element.
    """
    lines: list[Line] = [
        (
            value_of(entry["group"]),
            {
                name: Mark(
                    entry[name]["value"],
                    entry[name]["low"],
                    entry[name]["high"],
                    is_apart(entry[name], overall[name].get("value")),
                )
                for name in measures
                if "value" in entry[name]
            },
        )
        for entry in drawn_of(entries, MOST_LINES)
    ]
    return draw_lines(measures, lines, {name: overall[name].get("value") for name in measures}, label=label)


def drawn_of(entries: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Choose groups to draw: the largest, in the order of the tables."""
    sizes = sorted(range(len(entries)), key=lambda at: -(entries[at]["n"] or 0))
    kept = set(sizes[:most])
    return [entry for at, entry in enumerate(entries) if at in kept]


def draw_lines(
    measures: Sequence[str], lines: Sequence[Line], everybody: Mapping[str, float | None], *, label: str
) -> Markup:
    """Draw dots that are made already.

    Parameters
    ----------
    measures
        One panel each.
    lines
        One line a group.
    everybody
        By measure, where a dashed line stands; None for none.
    label
        What the picture shows.

    Returns
    -------
    Markup
        An `svg` element.
    """
    width = (WIDTH - NAMES - GAP * len(measures)) / len(measures)
    height = TOP + LINE * len(lines) + BOTTOM
    parts = [
        svg.text((NAMES - 8, TOP + LINE * (at + 0.5) + 4), one, anchor="end")
        for at, (name, _) in enumerate(lines)
        for one in svg.wrapped(name, width=NAMES - 8, size=13, most=1)
    ]
    for place, measure in enumerate(measures):
        marks = [(at, dots[measure]) for at, (_, dots) in enumerate(lines) if measure in dots]
        panel = _panel(measure, marks, everybody.get(measure), size=(width, LINE * len(lines)))
        parts.append(svg.moved(panel, to=(NAMES + place * (width + GAP) + GAP / 2, TOP)))
    return svg.picture(parts, label=label, height=height)


def _panel(
    measure: str, marks: Sequence[tuple[int, Mark]], everybody: float | None, *, size: tuple[float, float]
) -> list[str]:
    """Draw one measure."""
    unit = 100.0 if measure in RATES else 1.0
    width, height = size
    low, high = _range(marks, everybody, unit)

    def x(value: float) -> float:
        return (unit * value - low) / (high - low) * width

    parts = [svg.text((0, -10), MEASURE_NAMES[measure] + (", %" if unit > 1 else ""), bold=True)]
    for tick in svg.ticks(low, high):
        at = x(tick / unit)
        parts.append(svg.line((at, 0), (at, height), colour=GRID))
        parts.append(svg.text((at, height + 16), svg.tick_text(tick), size=12, anchor="middle"))
    parts.append(svg.line((0, height), (width, height), colour=INK))
    if everybody is not None:
        parts.append(svg.line((x(everybody), 0), (x(everybody), height), colour=MUTED, width=1.5, dash="5 4"))
    for place, mark in marks:
        y = LINE * (place + 0.5)
        if mark.span is not None:
            parts.append(svg.line((x(mark.span[0]), y), (x(mark.span[1]), y), colour=PALE, width=12))
        parts.append(svg.line((x(mark.low), y), (x(mark.high), y), colour=svg.ACCENT, width=2))
        parts.append(svg.dot((x(mark.value), y), is_full=mark.is_full))
    return parts


def _range(marks: Sequence[tuple[int, Mark]], everybody: float | None, unit: float) -> tuple[float, float]:
    """Give the ends of a scale, with some room."""
    ends = [unit * end for _, mark in marks for end in (mark.low, mark.high, *(mark.span or ()))]
    ends += [] if everybody is None else [unit * everybody]
    if not ends:
        return 0.0, unit
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low) or 0.01 * unit
    return low - room, high + room
