"""What an audit costs as its table grows, beside fairlearn's bootstrap and beside counting alone: `make bench-audit`.

Ours is twice: the statistics (every measure of everybody, of five characteristics and of their ten pairs, with its
clustered interval; every rate at twenty thresholds; gaps), and the whole `audit_table` with the text of `audit.json`.
fairlearn gives the measures that both have, row by row, in `.venv-peers`; Polars counts the flagged and the positives
and gives no interval. Only the ratios and the growth mean anything elsewhere.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console
from rich.table import Table

from experiments.benchmarks.audit_rows import ALONE_AND_IN_PAIRS, CAPACITY, CHARACTERISTICS, invent, thresholds_of
from experiments.benchmarks.measure import REPEATS, compare
from experiments.benchmarks.memory import watch
from experiments.benchmarks.simulation_plot import exponent
from features.vocabulary.home import keep_libraries_at_home
from training.audit import AuditSettings, audit_table
from training.audit.counts.measures import rates_of
from training.audit.intake import take_in
from training.audit.measuring import measure_groups
from training.audit.settings import RATES
from training.audit.statistics.estimate import LEVEL, Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZES = (30_000, 100_000, 300_000, 1_000_000)
BOOTSTRAPS, BOOTSTRAPS_TIMED = 100, 2
# A bootstrap costs about what the figures themselves do, so figures and 2 bootstraps are 3 parts, and 100 are 101.
TIMES_AS_LONG = (1 + BOOTSTRAPS) / (1 + BOOTSTRAPS_TIMED)
TIMED = 6
"""Characteristics alone, and one pair, which are timed at the largest size too."""

PEER = (".venv-peers/bin/python", "experiments/benchmarks/audit_fairlearn.py")
RESULTS = Path(__file__).parent / "results" / "audit.json"
SETTINGS = AuditSettings(
    outcome="outcome",
    score="score",
    groups=CHARACTERISTICS,
    capacity=CAPACITY,
    child="child",
    cluster="household",
    reference={"ethnicity": "WBRI"},
    tolerance={"tpr": 0.05, "calibration_intercept": 0.2},
    intersections=2,
)
HOW = (
    f"Statistics, audit and counting: medians of {REPEATS} processes each, in turn; wall seconds from a table in "
    "memory, without imports and reading. Peak memory is that of the whole process, with reading. 1,000,000 rows "
    "are of 150,000 invented children in households; five characteristics and their ten pairs. Statistics: every "
    "measure with its clustered interval, every rate at twenty thresholds, gaps. Audit: all that audit.json holds, "
    "tests, verdicts and bounds too. fairlearn: MetricFrame for the eight rates that both have, one frame for each "
    f"characteristic and pair, timed once on {BOOTSTRAPS_TIMED} bootstraps at one threshold, the middle one, and "
    f"EXTRAPOLATED: times {1 + BOOTSTRAPS}/{1 + BOOTSTRAPS_TIMED} to {BOOTSTRAPS} bootstraps, and times 20 to the "
    "thresholds; at the largest size only the characteristics and one pair are timed, and the other pairs take the "
    "share that they take at the smallest. Its rows count as independent. Times as fast: fairlearn's seconds over "
    "those of our statistics, all thresholds in both. Counting: Polars counts flagged and positives of the same groups "
    "at the same thresholds, without an interval. Growth: the power of the rows by which a figure grows; 1 is linear."
)


def statistics(file: str) -> Callable[[], object]:
    """Prepare the statistics of an audit alone."""
    table = pl.read_parquet(file)

    def work() -> object:
        groups = measure_groups(take_in(table, SETTINGS), SETTINGS).every
        measures = [outcome for group in groups for outcome in group.measures.values()]
        at_the_cut_off = [outcome.limits(LEVEL) for outcome in measures if isinstance(outcome, Estimate)]
        counts = [group.counts for group in groups if group.counts is not None]
        return at_the_cut_off, [rates_of(counted, rate).figures(LEVEL) for counted in counts for rate in RATES]

    return work


def audit(file: str) -> Callable[[], str]:
    """Prepare the whole audit of a table."""
    table = pl.read_parquet(file)
    return lambda: audit_table(table, SETTINGS).to_json()


def counted(file: str) -> Callable[[], list[pl.DataFrame]]:
    """Prepare counting alone: of each group rows, positives and, at every threshold, the flagged of both."""
    table = pl.read_parquet(file)
    flagged = {at: pl.col("score") >= threshold for at, threshold in enumerate(thresholds_of(table["score"]))}
    counts = [pl.len(), pl.col("outcome").sum()]
    counts += [expression.sum().alias(f"flagged_{at}") for at, expression in flagged.items()]
    counts += [(expression & (pl.col("outcome") == 1)).sum().alias(f"tp_{at}") for at, expression in flagged.items()]
    return lambda: [table.group_by(names).agg(counts) for names in ALONE_AND_IN_PAIRS]


def of_fairlearn(file: Path) -> dict[str, Any]:
    """Time the peer at one threshold: the characteristics and one pair, the other pairs, and some steps to check by."""
    thresholds = thresholds_of(pl.read_parquet(file, columns=["score"])["score"])
    middle = thresholds[len(thresholds) // 2]
    some, others = ALONE_AND_IN_PAIRS[:TIMED], ALONE_AND_IN_PAIRS[TIMED:]
    seconds, peak = _timed(
        file,
        [
            (middle, BOOTSTRAPS_TIMED, some),
            (middle, BOOTSTRAPS_TIMED, others),
            (middle, 0, some),
            (thresholds[0], BOOTSTRAPS_TIMED, some),
            (thresholds[-1], BOOTSTRAPS_TIMED, some),
        ],
    )
    return {
        "fairlearn_some_2_bootstraps_seconds": seconds[0],
        "fairlearn_other_pairs_2_bootstraps_seconds": seconds[1],
        "fairlearn_some_without_bootstraps_seconds": seconds[2],
        "fairlearn_some_lowest_threshold_seconds": seconds[3],
        "fairlearn_some_highest_threshold_seconds": seconds[4],
        "fairlearn_mebibytes": peak,
        **_extrapolated(seconds[0] + seconds[1], len(thresholds)),
    }


def of_fairlearn_at_last(file: Path, smallest: dict[str, Any]) -> dict[str, Any]:
    """Time the peer's characteristics and one pair; what the other pairs take is their share at the smallest size."""
    thresholds = thresholds_of(pl.read_parquet(file, columns=["score"])["score"])
    some = (thresholds[len(thresholds) // 2], BOOTSTRAPS_TIMED, ALONE_AND_IN_PAIRS[:TIMED])
    seconds, peak = _timed(file, [some])
    other_pairs = smallest["fairlearn_other_pairs_2_bootstraps_seconds"]
    all_of_them = seconds[0] * (1 + other_pairs / smallest["fairlearn_some_2_bootstraps_seconds"])
    return {
        "fairlearn_some_2_bootstraps_seconds": seconds[0],
        "fairlearn_mebibytes": peak,
        **_extrapolated(all_of_them, len(thresholds)),
    }


def _timed(file: Path, steps: Sequence[tuple[float, int, Sequence[Sequence[str]]]]) -> tuple[list[float], int]:
    """Time steps of the peer: threshold, bootstraps and characteristics of each."""
    names = ("threshold", "bootstraps", "characteristics")
    words = {"file": str(file), "steps": [dict(zip(names, step, strict=True)) for step in steps]}
    seen = watch([*PEER, json.dumps(words)])
    seconds = [round(seen.seconds(str(at), str(at + 1)), 3) for at in range(len(steps))]
    return seconds, round(seen.peak(str(len(steps))))


def _extrapolated(seconds: float, thresholds: int) -> dict[str, Any]:
    """Extrapolate from 2 bootstraps at one threshold to 100, and to all thresholds."""
    return {
        "fairlearn_one_threshold_extrapolated_seconds": round(seconds * TIMES_AS_LONG, 1),
        "fairlearn_extrapolated_seconds": round(seconds * TIMES_AS_LONG * thresholds, 1),
    }


def measure(rows: int, folder: Path) -> dict[str, Any]:
    """Measure ours, and counting, on a table of some rows, which is left in the folder.

    Returns
    -------
    dict of str to number
        Seconds end in `_seconds`, memory in `_mebibytes`.
    """
    file = folder / f"{rows}.parquet"
    invent(rows, file)
    children = pl.scan_parquet(file).select(pl.col("child").n_unique()).collect().item()
    costs = compare({"statistics": statistics, "audit": audit, "counting": counted}, str(file))
    found: dict[str, Any] = {"rows": rows, "children": children}
    found |= {f"{name}_seconds": round(cost.seconds, 3) for name, cost in costs.items()}
    found |= {f"{name}_mebibytes": round(cost.mebibytes) for name, cost in costs.items()}
    found["statistics_to_counting"] = round(costs["statistics"].seconds / costs["counting"].seconds, 1)
    return found


def beside(line: dict[str, Any], peer: dict[str, Any]) -> dict[str, Any]:
    """Lay the peer's seconds beside ours: those of the statistics, at all thresholds and at one of theirs."""
    ours = line["statistics_seconds"]
    at_all, at_one = (peer[f"fairlearn_{part}extrapolated_seconds"] for part in ("", "one_threshold_"))
    ratios = {
        "times_as_fast_as_fairlearn": round(at_all / ours),
        "times_as_fast_as_fairlearn_at_one_threshold": round(at_one / ours),
    }
    return line | peer | ratios


COLUMNS = {
    "rows": "rows",
    "children": "children",
    "statistics_seconds": "statistics, s",
    "statistics_mebibytes": "MiB",
    "audit_seconds": "audit, s",
    "audit_mebibytes": "MiB",
    "counting_seconds": "counting, s",
    "fairlearn_extrapolated_seconds": "fairlearn, s",
    "times_as_fast_as_fairlearn": "times as fast",
}
"""Of the printed table: names of figures and their headings."""


def _table(found: dict[str, Any]) -> Table:
    table = Table(title="What an audit costs", caption=HOW, caption_justify="left")
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right")
    for line in found["sizes"]:
        table.add_row(*(f"{line[name]:,}" if name in line else "" for name in COLUMNS))
    grown = found["growth_exponents"]
    table.add_row("growth", *("" if grown.get(name) is None else f"{grown[name]:.2f}" for name in list(COLUMNS)[1:]))
    return table


def peers() -> dict[str, str]:
    """Give the versions of the peer's environment."""
    asked = "import fairlearn, pandas, sys; print(fairlearn.__version__, pandas.__version__)"
    ran = subprocess.run([PEER[0], "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return dict(zip(("fairlearn", "pandas beside it"), ran.stdout.split(), strict=True))


def main(words: Sequence[str] | None = None) -> None:
    """Measure each size, the peer at the smallest and the largest; print the table and write the figures."""
    parser = argparse.ArgumentParser(prog="make bench-audit", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="rows")
    parser.add_argument("--without-peer", action="store_true", help="leave fairlearn out: it takes most of the time")
    parser.add_argument("--out", type=Path, default=RESULTS, help="a JSON file")
    asked = parser.parse_args(words)
    keep_libraries_at_home()
    sizes = sorted(set(asked.sizes))
    with tempfile.TemporaryDirectory() as folder:
        lines = [measure(rows, Path(folder)) for rows in sizes]
        if not asked.without_peer:
            lines[0] = beside(lines[0], of_fairlearn(Path(folder) / f"{sizes[0]}.parquet"))
        if not asked.without_peer and len(sizes) > 1:
            lines[-1] = beside(lines[-1], of_fairlearn_at_last(Path(folder) / f"{sizes[-1]}.parquet", lines[0]))
    names = [
        name for name in lines[0] if name.startswith(("statistics_", "audit_", "counting_")) and "_to_" not in name
    ]
    ours_on = {name: version(name) for name in ("polars", "numpy", "scipy")}
    found = {
        "how": HOW,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), **ours_on, **peers()},
        "sizes": lines,
        "growth_exponents": {name: exponent(lines, name) for name in names},
    }
    asked.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    Console().print(_table(found))


if __name__ == "__main__":
    main()
