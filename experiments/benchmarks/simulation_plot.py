"""Draws the figures of `simulation`: seconds and memory against children, on logarithmic axes, beside linear growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

from experiments.benchmarks.drawing import INK, MUTED, STYLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

GRID = "#dde3e8"

# The size for which the simulator's requirement names a limit, and the limits: about 90 s, and 4 GiB.
LIMITED_SIZE, LIMIT_SECONDS, LIMIT_MEBIBYTES = 100_000, 90, 4_096

SECONDS = {
    "records_seconds": ("records", "#0b5394", "o"),
    "truth_seconds": ("truth", "#b45f06", "s"),
    "plain_seconds": ("plain random numbers", MUTED, "^"),
}
MEMORY = {
    "records_peak_mebibytes": ("until the records are written", "#0b5394", "o"),
    "whole_run_peak_mebibytes": ("with the truth", "#b45f06", "s"),
    "plain_peak_mebibytes": ("plain random numbers", MUTED, "^"),
}
"""By name of a figure: its words, colour and mark."""


def exponent(lines: Sequence[Mapping[str, float]], name: str) -> float | None:
    """Fit how a figure grows: by least squares of its logarithm on the logarithm of the children.

    Parameters
    ----------
    lines
        One a size.
    name
        Of the figure.

    Returns
    -------
    float or None
        1 is linear growth, less is slower; two decimals. None when there is one size, or a figure too small to see.
    """
    if len(lines) < 2 or any(line[name] <= 0 for line in lines):
        return None
    slope, _ = np.polyfit(np.log([line["children"] for line in lines]), np.log([line[name] for line in lines]), 1)
    return round(float(slope), 2)


def _title(found: Mapping[str, Any]) -> str:
    """Say in a sentence what the size with a limit cost, or else the largest."""
    lines = found["sizes"]
    line = next((line for line in lines if line["children"] == LIMITED_SIZE), lines[-1])
    seconds, gibibytes = line["records_seconds"], line["records_peak_mebibytes"] / 1024
    return (
        f"On {found['machine']['cores']} cores, records of {line['children']:,} children take {seconds:.0f} s "
        f"and {gibibytes:.1f} GiB; the truth about them takes {line['truth_seconds']:.0f} s more."
    )


def _panel(panel: Any, found: Mapping[str, Any], *, series: Mapping[str, tuple[str, str, str]], limit: float) -> None:
    """Draw figures against children, beside linear growth from the records' smallest size, and the records' limit."""
    lines = found["sizes"]
    children = [line["children"] for line in lines]
    for name, (words, colour, shape) in series.items():
        grows = found["growth_exponents"][name]
        told = words if grows is None else f"{words}: exponent {grows:.2f}"
        panel.plot(children, [line[name] for line in lines], color=colour, marker=shape, label=told)
    first = lines[0][next(iter(series))]
    linear = [first * size / children[0] for size in children]
    panel.plot(children, linear, color=INK, linewidth=1, linestyle="--", label="slope 1: linear growth")
    if LIMITED_SIZE in children:
        told = f"limit for records of {LIMITED_SIZE:,} children: {limit:,.0f}"
        panel.plot([LIMITED_SIZE], [limit], "v", color="#a61c1c", fillstyle="none", markersize=9, zorder=5, label=told)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(children)
    panel.xaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    panel.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    panel.set_xlabel("Children known to services over six years")
    panel.tick_params(colors=INK, length=3)
    panel.grid(color=GRID, linewidth=0.8)
    panel.set_axisbelow(True)
    panel.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def draw(found: Mapping[str, Any], path: Path) -> None:
    """Draw seconds and memory side by side.

    Parameters
    ----------
    found
        What `simulation` writes as JSON.
    path
        An SVG file; the same figures give the same bytes.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(10, 5.8), layout="constrained")
        FigureCanvasSVG(figure)
        time, memory = figure.subplots(1, 2)
        _panel(time, found, series=SECONDS, limit=LIMIT_SECONDS)
        _panel(memory, found, series=MEMORY, limit=LIMIT_MEBIBYTES)
        time.set_ylabel("Wall time, seconds")
        memory.set_ylabel("Peak memory of all processes, MiB")
        figure.suptitle(_title(found), fontsize=11, color=INK)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
