"""Charts of an audit as inline SVG: one measure by group, a dot with its interval.

The same figures give the same bytes. A chart never stands alone: the report puts a sentence above and a table
below.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from training.audit.report_words import value_of
from training.audit.settings import MEASURE_NAMES, RATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INK = "#1b2a3a"
MUTED = "#5b6b7a"
ACCENT = "#0b5394"

STYLE: dict[str, Any] = {
    # why: without a salt the ids in the file are random, and without text as text it cannot be searched
    "svg.hashsalt": "earlyhelp",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(
    name: str,
    measures: Sequence[str],
    entries: Sequence[Mapping[str, Any]],
    overall: Mapping[str, Any],
    *,
    words: str,
) -> str:
    """Draw measures side by side, one line a group.

    Parameters
    ----------
    name
        Starts every id in the picture, so that ids do not clash on the page.
    measures
        One panel each.
    entries
        Of one characteristic, as `audit.json` holds them; groups without a number keep their line, empty.
    overall
        The entry of everybody, drawn as a line.
    words
        What the chart shows, for who cannot see it.

    Returns
    -------
    str
        An `svg` element.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.2, 0.9 + 0.32 * len(entries)), layout="constrained")
        FigureCanvasSVG(figure)
        panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
        for panel, measure in zip(panels, measures, strict=True):
            _panel(panel, measure, entries, overall)
        panels[0].set_yticks(range(len(entries)), [_escaped(value_of(entry["group"])) for entry in entries])
        panels[0].set_ylim(len(entries) - 0.5, -0.5)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return _inline(written.getvalue(), name, words)


def _escaped(text: str) -> str:
    """Keep a group's name from being read as a formula."""
    return text.replace("$", r"\$")


def _panel(panel: Any, measure: str, entries: Sequence[Mapping[str, Any]], overall: Mapping[str, Any]) -> None:
    """Draw one measure."""
    scale = 100 if measure in RATES else 1
    for place, entry in enumerate(entries):
        figure = entry[measure]
        if "value" in figure:
            ends = [scale * figure["low"], scale * figure["high"]]
            panel.plot(ends, [place, place], color=ACCENT, linewidth=2)
            panel.plot([scale * figure["value"]], [place], "o", color=ACCENT, markersize=6)
    if "value" in overall[measure]:
        panel.axvline(scale * overall[measure]["value"], color=MUTED, linewidth=1, linestyle="--")
    unit = ", %" if measure in RATES else ""
    panel.set_title(MEASURE_NAMES[measure] + unit, fontsize=10, color=INK, loc="left")
    panel.tick_params(colors=INK, length=3)
    panel.grid(axis="x", color="#dde3e8", linewidth=0.8)
    panel.set_axisbelow(True)


def _inline(svg: str, name: str, words: str) -> str:
    """Make a file's SVG an element of a page: no prologue, ids of its own, a name for who cannot see it."""
    element = svg[svg.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
    element = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', element)
    element = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", element)
    opening = f'<svg role="img" aria-label="{_attribute(words)}" class="chart"'
    return element.replace("<svg", opening, 1)


def _attribute(text: str) -> str:
    """Escape text for an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
