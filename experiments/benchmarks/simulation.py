"""What simulating an authority costs as it grows, beside plain random numbers of the same shape: `make bench-simulate`.

The baseline draws and writes as many rows and columns of whole numbers, with no mechanism behind them: the least that
so many invented cells could cost. Only the ratio and the growth mean anything on another machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from experiments.benchmarks.memory import SECONDS_BETWEEN_LOOKS, Watched, watch
from experiments.benchmarks.simulation_contenders import BEGIN, END, SEED
from experiments.benchmarks.simulation_plot import draw, exponent
from features.synthetic.population import processes_here
from features.vocabulary.home import keep_libraries_at_home

SIZES = (10_000, 30_000, 100_000, 300_000)
# A large run takes minutes, and its noise is small beside its length.
REPEATS, REPEATED_UP_TO = 3, 30_000
RESULTS = Path(__file__).parent / "results"

# What `simulate` says as its steps begin.
INVENTING, RECORDING = "Inventing families and letting the years pass", "Recording what services wrote down"
WRITING, TRUTH = "Writing the records", "Working out the true chances"

_MIB = 1024**2

HOW = (
    "Wall seconds, from the call on; imports are not in them. Records end where the truth begins. "
    f"Medians of {REPEATS} runs up to {REPEATED_UP_TO:,} children, one run above; every run is a process of its own. "
    f"Peak memory: resident memory of all its processes, added up every {SECONDS_BETWEEN_LOOKS} s (shared pages count "
    "once for each process), and no less than the first one's own peak. "
    "Plain: as many rows and columns of random whole numbers, drawn by numpy and written by polars. "
    "Growth: the power of the children by which a figure grows; 1 is linear."
)

# The lines of the printed table: a figure, its words and how it is written.
PRINTED = (
    ("rows", "rows of records", ",.0f"),
    ("records_seconds", "records, s", ".1f"),
    ("truth_seconds", "truth, s", ".1f"),
    ("plain_seconds", "plain, s", ".2f"),
    ("records_to_plain", "records : plain, ratio of s", ".1f"),
    ("records_peak_mebibytes", "peak memory until the truth, MiB", ",.0f"),
    ("whole_run_peak_mebibytes", "peak memory with the truth, MiB", ",.0f"),
    ("plain_peak_mebibytes", "peak memory of plain, MiB", ",.0f"),
    ("records_disk_mebibytes", "records on disk, MiB", ",.1f"),
    ("truth_disk_mebibytes", "truth on disk, MiB", ",.1f"),
    ("plain_disk_mebibytes", "plain on disk, MiB", ",.1f"),
)

Figures = dict[str, float]


def _run(asked: dict[str, Any]) -> Watched:
    """Run a contender in a process of its own."""
    return watch([sys.executable, "-m", "experiments.benchmarks.simulation_contenders", json.dumps(asked)])


def _size_on_disk(folder: Path) -> float:
    """Add up the files of a folder, in MiB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MIB


def _shapes(records: Path) -> list[tuple[int, int]]:
    """Give rows and columns of each table."""
    found = []
    for file in sorted(records.glob("*.csv")):
        table = pl.scan_csv(file, infer_schema=False)
        found.append((int(table.select(pl.len()).collect().item()), len(table.collect_schema())))
    return found


def measure_once(children: int, folder: Path) -> Figures:
    """Run the simulator, then the baseline, and measure both.

    Parameters
    ----------
    children
        Known to services over the years.
    folder
        An empty folder, for what both write.

    Returns
    -------
    dict of str to float
        Seconds end in `_seconds`, memory and disk in `_mebibytes`; `rows` and `cells` are of the records.
    """
    ours = _run({"children": children, "out": str(folder / "ours")})
    steps = [BEGIN, INVENTING, RECORDING, WRITING, TRUTH, END]
    assert list(ours.marks) == steps, "the simulator says other steps than are measured here"
    shapes = _shapes(folder / "ours" / "records")
    plain = _run({"shapes": shapes, "out": str(folder / "plain")})
    return {
        "rows": sum(rows for rows, _ in shapes),
        "cells": sum(rows * columns for rows, columns in shapes),
        "inventing_seconds": ours.seconds(INVENTING, RECORDING),
        "recording_seconds": ours.seconds(RECORDING, WRITING),
        "writing_seconds": ours.seconds(WRITING, TRUTH),
        "records_seconds": ours.seconds(BEGIN, TRUTH),
        "truth_seconds": ours.seconds(TRUTH, END),
        "plain_seconds": plain.seconds(BEGIN, END),
        "records_peak_mebibytes": ours.peak(TRUTH),
        "whole_run_peak_mebibytes": ours.peak(END),
        "plain_peak_mebibytes": plain.peak(END),
        "records_disk_mebibytes": _size_on_disk(folder / "ours" / "records"),
        "truth_disk_mebibytes": _size_on_disk(folder / "ours" / "truth"),
        "plain_disk_mebibytes": _size_on_disk(folder / "plain"),
    }


def measure(children: int) -> Figures:
    """Measure one size as often as its length allows.

    Parameters
    ----------
    children
        Known to services over the years.

    Returns
    -------
    dict of str to float
        Medians of what `measure_once` gives, rounded; with `children`, `runs` and `records_to_plain`, the ratio of
        seconds.
    """
    found = []
    for _ in range(REPEATS if children <= REPEATED_UP_TO else 1):
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure_once(children, Path(folder)))
    middle = {name: statistics.median(run[name] for run in found) for name in found[0]}
    rounded = {name: round(value, 3 if name.endswith("_seconds") else 1) for name, value in middle.items()}
    ratio = round(middle["records_seconds"] / middle["plain_seconds"], 1)
    return {"children": children, "runs": len(found), **rounded, "records_to_plain": ratio}


def _table(found: dict[str, Any]) -> Table:
    """Put the sizes beside each other, with the growth behind them."""
    table = Table(title="What simulating an authority costs", caption=HOW, caption_justify="left")
    table.add_column("children")
    for line in found["sizes"]:
        table.add_column(f"{line['children']:,}", justify="right")
    table.add_column("growth", justify="right")
    for name, words, shape in PRINTED:
        growth = found["growth_exponents"].get(name)
        figures = (format(line[name], shape) for line in found["sizes"])
        table.add_row(words, *figures, "" if growth is None else f"{growth:.2f}")
    return table


def _found(lines: list[Figures]) -> dict[str, Any]:
    """Put the figures together with how, where and on what they were found."""
    grow = [name for name in lines[0] if name.endswith(("_seconds", "_mebibytes"))]
    return {
        "how": HOW,
        "machine": {
            "cores": processes_here(),
            "python": platform.python_version(),
            **{library: version(library) for library in ("polars", "numpy")},
        },
        "simulation": {"profile": "england", "years": 6, "seed": SEED, "format": "csv"},
        "sizes": lines,
        "growth_exponents": {name: exponent(lines, name) for name in grow},
    }


def main() -> None:
    """Measure each size, print the table, write the figures and the plot."""
    parser = argparse.ArgumentParser(prog="make bench-simulate", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="children known to services")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for simulation.json and simulation.svg")
    asked = parser.parse_args()
    keep_libraries_at_home()
    console = Console()
    lines = []
    for children in sorted(set(asked.sizes)):
        console.print(f"Measuring {children:,} children")
        lines.append(measure(children))
    found = _found(lines)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "simulation.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    draw(found, asked.out / "simulation.svg")
    console.print(_table(found))
    console.print(f"Wrote simulation.json and simulation.svg to {asked.out}")


if __name__ == "__main__":
    main()
