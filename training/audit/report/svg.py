"""Lines, dots and words of a picture, written as SVG by hand: the same figures give the same bytes.

A drawing library would take most of a report's time and its version would change the page. Colours are dark enough on
white for who sees little contrast, and none is needed to tell two things apart.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

INK = "#1b2a3a"
MUTED = "#5b6b7a"
ACCENT = "#0b5394"
PALE = "#cfe0f1"
GRID = "#dde3e8"

WIDTH = 920
"""Of every picture, in units of the drawing."""

LETTER = 0.54
"""Width of a letter as a share of the size of type, on average."""

MOST_TICKS = 5

Point = tuple[float, float]


def text(
    at: Point, what: str, *, size: float = 13, anchor: str = "start", colour: str = INK, bold: bool = False
) -> str:
    """Write words at a place."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(what)}</text>"
    )


def line(start: Point, end: Point, *, colour: str = INK, width: float = 1, dash: str = "") -> str:
    """Draw a straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
    )


def dot(at: Point, *, is_full: bool) -> str:
    """Draw a dot, full or hollow."""
    fill = ACCENT if is_full else "#ffffff"
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="4.5" fill="{fill}" stroke="{ACCENT}" stroke-width="2"/>'


def path(points: Sequence[Point], *, colour: str = ACCENT, width: float = 1.8, dash: str = "") -> str:
    """Draw a line through points."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{_pairs(points)}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


def area(points: Sequence[Point]) -> str:
    """Fill what points go around."""
    return f'<polygon points="{_pairs(points)}" fill="{PALE}"/>'


def clipped(parts: Sequence[str], *, size: Point) -> str:
    """Draw parts in a frame of their own, from its corner on, and nothing beyond it."""
    return f'<svg width="{size[0]:.1f}" height="{size[1]:.1f}" overflow="hidden">{"".join(parts)}</svg>'


def moved(parts: Sequence[str], *, to: Point) -> str:
    """Put parts elsewhere."""
    return f'<g transform="translate({to[0]:.1f} {to[1]:.1f})">{"".join(parts)}</g>'


def picture(parts: Sequence[str], *, label: str, height: float) -> Markup:
    """Make an element of a page of parts.

    Parameters
    ----------
    parts
        Written by the functions of this file, which escape what they are given.
    label
        What the picture shows, for who cannot see it.
    height
        In units of the drawing.

    Returns
    -------
    Markup
        An `svg` element.
    """
    opening = (
        f'<svg role="img" aria-label="{escape(label)}" class="chart" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" xmlns="http://www.w3.org/2000/svg" '
        'font-family="Helvetica Neue, Arial, sans-serif">'
    )
    return Markup(f"{opening}{''.join(parts)}</svg>")  # noqa: S704 - every text in it passed `escape`


def wrapped(what: str, *, width: float, size: float, most: int) -> list[str]:
    """Break words into lines that fit a width; the last one ends in an ellipsis where there are more.

    Examples
    --------
    >>> wrapped("Asian or Asian British", width=70, size=10, most=2)
    ['Asian or', 'Asian…']
    """
    letters = max(4, int(width / (LETTER * size)))
    lines = [""]
    for word in what.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [one if len(one) <= letters else one[: letters - 1] + "…" for one in lines[:most]]
    if len(lines) > most and not kept[-1].endswith("…"):
        kept[-1] = kept[-1][: letters - 1] + "…"
    return kept


def ticks(low: float, high: float) -> list[float]:
    """Give a few round numbers between two, both ends covered where they are round.

    Examples
    --------
    >>> ticks(3, 27)
    [5.0, 10.0, 15.0, 20.0, 25.0]
    """
    if not high > low:
        return [low]
    rough = (high - low) / MOST_TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * many for many in (1, 2, 5, 10) if unit * many >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(step * at, 10) + 0.0 for at in range(first, math.floor(high / step + 1e-9) + 1)]


def tick_text(value: float) -> str:
    """Print a round number."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _pairs(points: Sequence[Point]) -> str:
    """Write points."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
