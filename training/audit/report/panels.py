"""Small pictures side by side: rates over the cut-off by group, each against everybody, and net benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report import svg as svg
from training.audit.report import words as words
from training.audit.report.svg import GRID, INK, MUTED, WIDTH
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from training.audit.report.svg import Point

    Curve = Sequence[Mapping[str, Any]]

RATES_DRAWN: tuple[str, ...] = ("selection_rate", "tpr", "fpr", "precision")
BENEFIT, FLAG_ALL = "net_benefit", "net_benefit_if_all_are_flagged"

LEFT, GAP, HIGH, BETWEEN, WIDEST = 112.0, 12.0, 84.0, 14.0, 200.0
"""Widths of the names of measures, between panels; heights of a panel, between panels; and the widest panel."""


def draw_rates(curves: Mapping[str | None, Curve], everybody: Curve, cut_off: float, *, label: str) -> Markup:
    """Draw rates over the cut-off: a row a measure, a column a group.

    Parameters
    ----------
    curves
        By group, its points.
    everybody
        The points of everybody, drawn behind each group's.
    cut_off
        Marked by an upright line.
    label
        What the picture shows.

    Returns
    -------
    Markup
        An `svg` element.
    """
    frame = _Frame(curves, everybody, cut_off)
    parts = frame.names()
    for row, measure in enumerate(RATES_DRAWN):
        top = frame.top + row * (HIGH + BETWEEN)
        parts += _row_title(MEASURE_NAMES[measure] + ", %", top)
        for tick in (0, 50, 100):
            parts.append(svg.text((LEFT - 6, top + HIGH * (1 - tick / 100) + 4), f"{tick}", size=10, anchor="end"))
        for column, points in enumerate(curves.values()):
            panel = [
                *frame.ground((0.0, 1.0), grid=(0.5,)),
                *frame.band(points, measure, (0.0, 1.0)),
                *frame.curve(everybody, measure, (0.0, 1.0), colour=MUTED, dash="4 3"),
                *frame.curve(points, measure, (0.0, 1.0)),
            ]
            parts.append(svg.moved(panel, to=(frame.left_of(column), top)))
    bottom = frame.top + len(RATES_DRAWN) * (HIGH + BETWEEN)
    return svg.picture([*parts, *frame.scale(bottom)], label=label, height=bottom + 26)


def draw_benefit(curves: Mapping[str | None, Curve], everybody: Curve, cut_off: float, *, label: str) -> Markup:
    """Draw net benefit over the cut-off by group, against flagging everybody and flagging nobody.

    Parameters
    ----------
    curves, everybody, cut_off, label
        As for `draw_rates`.

    Returns
    -------
    Markup
        An `svg` element.
    """
    frame = _Frame(curves, everybody, cut_off)
    highs = [each[BENEFIT]["high"] for points in curves.values() for each in points if "value" in each[BENEFIT]]
    top = max([0.01, *highs])
    # why: to flag everybody loses without bound as the cut-off rises; what matters lies above 0 and just below
    ends = (-0.4 * top, top)
    parts = [*frame.names(), *_row_title("Net benefit", frame.top)]
    for tick in svg.ticks(*ends):
        y = frame.top + HIGH * (1 - (tick - ends[0]) / (ends[1] - ends[0]))
        parts.append(svg.text((LEFT - 6, y + 4), svg.tick_text(tick), size=10, anchor="end"))
    for column, points in enumerate(curves.values()):
        inside = [
            *frame.band(points, BENEFIT, ends),
            *frame.curve(points, FLAG_ALL, ends, colour=MUTED, dash="4 3"),
            *frame.curve(points, BENEFIT, ends),
        ]
        panel = [*frame.ground(ends, grid=(0.0,)), svg.clipped(inside, size=(frame.width, HIGH))]
        parts.append(svg.moved(panel, to=(frame.left_of(column), frame.top)))
    bottom = frame.top + HIGH + BETWEEN
    return svg.picture([*parts, *frame.scale(bottom)], label=label, height=bottom + 26)


def _row_title(title: str, top: float) -> list[str]:
    """Write a measure's name beside its row."""
    lines = svg.wrapped(title, width=LEFT - 30, size=12, most=3)
    return [svg.text((0, top + 14 + 14 * at), one, size=12, bold=True) for at, one in enumerate(lines)]


class _Frame:
    """Where the panels of one picture stand, and how numbers become places in them."""

    def __init__(self, curves: Mapping[str | None, Curve], everybody: Curve, cut_off: float) -> None:
        """Lay out as many columns as there are groups."""
        self.groups = [words.value_of(group) for group in curves]
        self.width = min(WIDEST, (WIDTH - LEFT) / len(self.groups) - GAP)
        self.headings = [svg.wrapped(name, width=self.width, size=11, most=3) for name in self.groups]
        self.top = 12.0 + 13 * max(len(lines) for lines in self.headings)
        self.least: float = everybody[0]["threshold"]
        self.most: float = everybody[-1]["threshold"]
        self.cut_off = cut_off

    def left_of(self, column: int) -> float:
        """Give where a column begins."""
        return LEFT + column * (self.width + GAP)

    def names(self) -> list[str]:
        """Write the groups' names above their columns."""
        return [
            svg.text((self.left_of(column), self.top - 6 - 13 * (len(lines) - 1 - at)), one, size=11)
            for column, lines in enumerate(self.headings)
            for at, one in enumerate(lines)
        ]

    def x(self, threshold: float) -> float:
        """Give a cut-off's place in its panel."""
        return (threshold - self.least) / (self.most - self.least) * self.width

    def ground(self, ends: tuple[float, float], *, grid: Sequence[float]) -> list[str]:
        """Draw a panel's ground: frame, grid and cut-off."""
        y = _height_in(ends)
        parts = [svg.line((0, y(at)), (self.width, y(at)), colour=GRID) for at in grid]
        parts += [svg.line((0, HIGH), (self.width, HIGH), colour=INK), svg.line((0, 0), (0, HIGH), colour=INK)]
        if self.least <= self.cut_off <= self.most:
            parts.append(svg.line((self.x(self.cut_off), 0), (self.x(self.cut_off), HIGH), colour=MUTED))
        return parts

    def curve(
        self, points: Curve, measure: str, ends: tuple[float, float], *, colour: str = svg.ACCENT, dash: str = ""
    ) -> list[str]:
        """Draw a line through the points that have a number."""
        y = _height_in(ends)
        places = [(self.x(each["threshold"]), y(each[measure]["value"])) for each in _known(points, measure)]
        return [svg.path(places, colour=colour, dash=dash)] if len(places) > 1 else []

    def band(self, points: Curve, measure: str, ends: tuple[float, float]) -> list[str]:
        """Fill between the limits."""
        y = _height_in(ends)
        known = _known(points, measure)
        above: list[Point] = [(self.x(each["threshold"]), y(each[measure]["high"])) for each in known]
        below: list[Point] = [(self.x(each["threshold"]), y(each[measure]["low"])) for each in known]
        return [svg.area([*above, *below[::-1]])] if len(known) > 1 else []

    def scale(self, bottom: float) -> list[str]:
        """Write cut-offs below the columns."""
        parts = [svg.text((0, bottom + 4), "Cut-off", size=12)]
        # why: ticks under narrow panels would run into each other
        marks = svg.ticks(self.least, self.most)
        marks = marks if self.width >= 30 * len(marks) else [marks[0], marks[-1]]
        for column in range(len(self.groups)):
            for mark in dict.fromkeys(marks):
                at = self.left_of(column) + self.x(mark)
                parts.append(svg.text((at, bottom + 4), svg.tick_text(mark), size=10, anchor="middle"))
        return parts


def _height_in(ends: tuple[float, float]) -> Callable[[float], float]:
    """Give the function from a number to its height in a panel."""
    return lambda value: HIGH * (1 - (value - ends[0]) / (ends[1] - ends[0]))


def _known(points: Curve, measure: str) -> list[Mapping[str, Any]]:
    """Choose points that have a number."""
    return [each for each in points if "value" in each[measure]]
