"""What checking an extract costs as it grows, beside Polars reading the same files typed: `make bench-check`.

Ours is the whole of `earlyhelp check`: reading, coercion, every rule, the reports as JSON and as a page, the
quarantine. Polars is told the type of every column and reads nothing else out of them: the least that a typed reading
could cost. Only the ratio and the growth mean anything on another machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console
from rich.table import Table

from experiments.benchmarks.measure import REPEATS, compare
from experiments.benchmarks.simulation_plot import exponent
from features.check.check import check
from features.synthetic import simulate
from features.tables import CONTRACTS, columns_of
from features.vocabulary.home import keep_libraries_at_home

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 30_000, 100_000)
SEED, DIRT = 11, 0.02
RESULTS = Path(__file__).parent / "results" / "checking.json"
HOW = (
    f"Medians of {REPEATS} processes each, in turn; wall seconds from the call on, imports are not in them. Peak "
    "memory is that of the whole process. "
    f"England, six years, {DIRT:.0%} of rows with a trap, CSV. Polars is told every column's type. "
    "Growth: the power of the children by which a figure grows; 1 is linear."
)
# The types that polars is told; every other column stays text.
TYPES: dict[str, Any] = {"date": pl.Datetime, "number": pl.Float64}


def ours(records: str) -> Callable[[], object]:
    """Prepare the whole check of a folder of records, as the command runs it."""
    place = Path(tempfile.mkdtemp(prefix="checked-", dir=Path(records).parent))
    os.environ["EARLYHELP_HOME"] = str(place)
    return lambda: check(records, json_out=place / "report.json", html_out=place / "report.html", say=len)


def typed(records: str) -> Callable[[], object]:
    """Prepare reading the same files with polars, every column of its type; a trap's cell becomes null."""
    files = sorted(Path(records).glob("*.csv"))
    schemas = {file: _types(file) for file in files}
    return lambda: [
        pl.read_csv(file, schema=schema, try_parse_dates=True, ignore_errors=True) for file, schema in schemas.items()
    ]


def _types(file: Path) -> dict[str, Any]:
    kinds = {name: column.kind for name, column in columns_of(CONTRACTS[file.stem]).items()}
    headers = pl.read_csv(file, n_rows=0).columns
    return {header: TYPES.get(kinds.get(header.lower(), "text"), pl.String) for header in headers}


def measure(children: int) -> dict[str, float]:
    """Simulate one authority and measure both on it.

    Returns
    -------
    dict of str to float
        Seconds end in `_seconds`, memory in `_mebibytes`; `ratio` is of the seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "place"
        simulate(children=children, seed=SEED, profile="england", out=place, dirt=DIRT)
        records = place / "records"
        rows = sum(int(pl.scan_csv(f, infer_schema=False).select(pl.len()).collect().item()) for f in records.iterdir())
        found = compare({"check": ours, "polars": typed}, str(records))
    return {
        "children": children,
        "rows": rows,
        **{f"{name}_seconds": round(cost.seconds, 3) for name, cost in found.items()},
        **{f"{name}_mebibytes": round(cost.mebibytes) for name, cost in found.items()},
        "ratio": round(found["check"].seconds / found["polars"].seconds, 2),
    }


def _table(found: dict[str, Any]) -> Table:
    table = Table(title="What checking an extract costs", caption=HOW, caption_justify="left")
    for heading in ("children", "rows", "check, s", "polars, s", "ratio of s", "check, MiB", "polars, MiB"):
        table.add_column(heading, justify="right")
    for line in found["sizes"]:
        table.add_row(
            f"{line['children']:,}",
            f"{line['rows']:,}",
            f"{line['check_seconds']:.1f}",
            f"{line['polars_seconds']:.1f}",
            f"{line['ratio']:.2f}",
            f"{line['check_mebibytes']:,.0f}",
            f"{line['polars_mebibytes']:,.0f}",
        )
    grown = [found["growth_exponents"][name] for name in ("check_seconds", "polars_seconds")]
    table.add_row("growth", "", *("" if power is None else f"{power:.2f}" for power in grown), "", "", "")
    return table


def main() -> None:
    """Measure each size, print the table and write the figures."""
    parser = argparse.ArgumentParser(prog="make bench-check", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="children known to services")
    parser.add_argument("--out", type=Path, default=RESULTS, help="a JSON file")
    asked = parser.parse_args()
    keep_libraries_at_home()
    lines = [measure(children) for children in sorted(set(asked.sizes))]
    found = {
        "how": HOW,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "polars": version("polars")},
        "sizes": lines,
        "growth_exponents": {
            name: exponent(lines, name)
            for name in ("check_seconds", "polars_seconds", "check_mebibytes", "polars_mebibytes")
        },
    }
    asked.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    Console().print(_table(found))


if __name__ == "__main__":
    main()
