"""The surface as numbers, as a table and as a chart."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from experiments.e002_interval_coverage.surface import averages, misses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from experiments.e002_interval_coverage.surface import Line

COLUMNS = ("what", "rows_of_a_cluster", "correlation", "clusters", "rows", "rate", "expected", "covered", "draws")


def as_csv(cells: Sequence[Mapping[str, Any]]) -> str:
    """Write every point of the surface; of independent rows only the rates that are averaged over, and the extremes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        head = [cell[name] for name in COLUMNS[:5]]
        for rate, expected, covered in _points(cell):
            writer.writerow([*head, f"{rate:.5f}", f"{expected:.2f}", f"{covered:.4f}", cell["draws"] or "exact"])
    return text.getvalue()


def _points(cell: Mapping[str, Any]) -> list[tuple[float, float, float]]:
    points = list(zip(cell["rates"], cell["expected"], cell["covered"], strict=True))
    if cell["draws"] is not None:
        return points
    # Ten thousand rows have ten thousand jumps: a hundred rates and the two extremes tell the same.
    extremes = {int(cell["covered"].argmin()), int(cell["covered"].argmax())}
    every = max(1, len(points) // 100)
    return [point for place, point in enumerate(points) if place % every == 0 or place in extremes]


def as_markdown(lines: Sequence[Line], must: Mapping[str, float]) -> str:
    """Write the table to read."""
    missed = misses(lines, must)
    parts = [
        "# How often 95% intervals hold the truth\n",
        "In percent. *Average*: over rates, each counting the same. *Few*: the least at any rate at which 2 or more "
        "are expected on either side; *many*: the least and the most where 10 or more are. Where rows are clustered, "
        "of the number of independent rows that would tell as much. Empty: no such rate.\n",
        f"Required: average {must['least_average']:.0%} to {must['most_average']:.0%}; few at least "
        f"{must['least_with_few']:.0%}; many {must['least_with_many']:.0%} to {must['most_with_many']:.0%}.\n",
        "Not as required:\n\n" + "\n".join(f"- {each}" for each in missed) + "\n" if missed else "All as required.\n",
    ]
    for what, title in _TITLES.items():
        parts += [f"## {title}\n", _table([line for line in lines if line["what"] == what])]
    parts += ["## Rates, averaged over correlations\n", _averaged(averages(lines))]
    return "\n".join(parts)


_TITLES = {
    "rate": "Rates",
    "difference": "Gaps between two groups",
    "auc": "AUC",
    "calibration intercept": "Calibration intercept",
}


def _table(lines: Sequence[Line]) -> str:
    rows = [
        "| rows of a cluster | correlation | clusters | rows | average | few | many |",
        "|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        many = line["least_with_many"]
        reach = "" if many is None else f"{_percent(many)} to {_percent(line['most_with_many'])}"
        rows.append(
            f"| {line['rows_of_a_cluster']} | {line['correlation']:g} | {line['clusters']:,} | {line['rows']:,} "
            f"| {_percent(line['average'])} | {_percent(line['least_with_few'])} | {reach} |"
        )
    return "\n".join(rows) + "\n"


def _averaged(lines: Sequence[Line]) -> str:
    rows = ["| rows of a cluster | clusters | rows | average |", "|---|---|---|---|"]
    rows += [
        f"| {line['rows_of_a_cluster']} | {line['clusters']:,} | {line['rows']:,} | {_percent(line['average'])} |"
        for line in lines
    ]
    return "\n".join(rows) + "\n"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


def draw(cells: Sequence[Mapping[str, Any]], must: Mapping[str, float], path: Path) -> None:
    """Draw coverage against what is expected: one panel a kind of cluster, one line a correlation and size."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "coverage", "font.size": 8})
    kinds = list(dict.fromkeys(cell["rows_of_a_cluster"] for cell in cells if cell["what"] == "rate"))
    figure, axes = plt.subplots(1, len(kinds), figsize=(2.6 * len(kinds), 2.8), sharey=True, layout="constrained")
    for axis, kind in zip(axes, kinds, strict=True):
        axis.axhspan(100 * must["least_with_many"], 100 * must["most_with_many"], color="#dddddd")
        for cell in cells:
            if cell["what"] == "rate" and cell["rows_of_a_cluster"] == kind:
                _, expected, covered = zip(*_points(cell), strict=True)
                colour = _COLOURS[cell["correlation"]]
                axis.plot(expected, [100 * each for each in covered], ".", markersize=2, color=colour)
        axis.set(
            xscale="log", xlim=(0.1, 3000), ylim=(85, 100), title=f"{kind} row{'s' if kind != 'one' else ''} a cluster"
        )
        axis.set_xlabel("expected on the smaller side")
    axes[0].set_ylabel("intervals that hold the rate, %")
    for correlation, colour in _COLOURS.items():
        axes[-1].plot([], [], ".", color=colour, label=f"correlation {correlation:g}")
    axes[-1].legend(frameon=False, loc="lower right")
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)


_COLOURS = {0.0: "#1d70b8", 0.33: "#f47738", 0.8: "#4c2c92"}
