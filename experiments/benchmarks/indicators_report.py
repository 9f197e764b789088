"""Shows the figures of `indicators`: a table, and a plot of growth on logarithmic axes beside linear growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter
from rich.table import Table

from experiments.benchmarks.drawing import INK, MUTED, STYLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERIES = {
    "all_one_day": ("all indicators, one day, everyone", "#0b5394", "o"),
    "all_twelve_days": ("all indicators, twelve days, those who could be scored", "#38761d", "D"),
    "ours_40_one_day": ("forty of ours, one day", "#b45f06", "s"),
    "pandas_40_one_day": ("the same forty in pandas, one day", MUTED, "^"),
    "ours_40_twelve_days": ("forty of ours, twelve days", "#741b47", "v"),
    "pandas_40_twelve_days": ("the same forty in pandas, twelve days", INK, "x"),
}
"""By name of a figure: its words, colour and mark."""

HEADINGS = ("children", "rows", *SERIES, "times as fast, one day", "times as fast, twelve days")


def table(found: Mapping[str, Any]) -> Table:
    """Put the figures in a table: seconds, with MiB behind them."""
    shown = Table(
        title=f"What {found['n_indicators']} indicators cost",
        caption=f"Medians of {found['repeats']} processes each, {found['repeats_large']} of a million children, in "
        "turn: seconds, and the peak memory of the process in MiB. The growth is the power of the children by which "
        "seconds grow; 1 is linear.",
    )
    for heading in HEADINGS:
        shown.add_column(SERIES[heading][0] if heading in SERIES else heading, justify="right")
    for line in found["sizes"]:
        times = [line.get(f"times_as_fast_{days}", "") for days in ("one_day", "twelve_days")]
        shown.add_row(
            f"{line['children']:,}", f"{line['rows']:,}", *(_cell(line, name) for name in SERIES), *map(str, times)
        )
    grown = [found["growth_exponents"].get(f"{name}_seconds") for name in SERIES]
    shown.add_row("growth", "", *("" if power is None else f"{power:.2f}" for power in grown), "", "")
    return shown


def draw(found: Mapping[str, Any], file: Path) -> None:
    """Draw seconds and memory against children as an SVG, the same bytes for the same figures."""
    with mpl.rc_context({**STYLE, "svg.hashsalt": "indicators"}):
        figure = Figure(figsize=(11, 5.6), layout="constrained")
        FigureCanvasSVG(figure)
        seconds, memory = figure.subplots(1, 2)
        _panel(seconds, found, unit="seconds", label="Seconds")
        _panel(memory, found, unit="mebibytes", label="Peak memory, MiB")
        seconds.legend(fontsize=7, frameon=False)
        figure.suptitle(_title(found), x=0.01, ha="left", fontsize=11)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})


def _cell(line: Mapping[str, Any], name: str) -> str:
    if f"{name}_seconds" not in line:
        return ""
    return f"{line[f'{name}_seconds']:.2f} / {line[f'{name}_mebibytes']:,.0f}"


def _title(found: Mapping[str, Any]) -> str:
    line = found["sizes"][-1]
    return (
        f"On {found['machine']['cores']} cores, {found['n_indicators']} indicators of {line['children']:,} children "
        f"({line['rows']:,} rows) take {line['all_one_day_seconds']:.1f} s and "
        f"{line['all_one_day_mebibytes'] / 1024:.1f} GiB"
    )


def _panel(panel: Any, found: Mapping[str, Any], *, unit: str, label: str) -> None:
    for name, (words, colour, shape) in SERIES.items():
        key = f"{name}_{unit}"
        lines = [line for line in found["sizes"] if key in line]
        power = found["growth_exponents"].get(key)
        told = words if power is None else f"{words}: exponent {power:.2f}"
        panel.plot(
            [line["children"] for line in lines], [line[key] for line in lines], color=colour, marker=shape, label=told
        )
    sizes = [line["children"] for line in found["sizes"]]
    first = found["sizes"][0][f"all_one_day_{unit}"]
    panel.plot(sizes, [first * n / sizes[0] for n in sizes], color=INK, linewidth=1, linestyle="--", label="linear")
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(sizes)
    panel.xaxis.set_minor_locator(NullLocator())
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    panel.yaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    panel.tick_params(axis="x", rotation=30)
    panel.set_xlabel("Children known to services over six years")
    panel.set_ylabel(label)
