"""Run every benchmark at growing sizes and print its table: `make bench`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from experiments.benchmarks import indicators
from experiments.benchmarks.measure import Cost, compare
from features.synthetic import simulate

SIZES = (5_000, 10_000, 20_000)
SEED = 11


def row(children: int, found: dict[str, Cost]) -> tuple[str, ...]:
    """Put one size's costs beside each other, and into the cost of one indicator."""
    ours, usual = found["ours"], found["usual pandas"]
    each = (ours.seconds / indicators.N_OURS) / (usual.seconds / indicators.N_BASELINE)
    return (
        f"{children:,}",
        f"{ours.seconds:.2f}",
        f"{usual.seconds:.3f}",
        f"{each:.2f}",
        f"{ours.mebibytes:.0f}",
        f"{usual.mebibytes:.0f}",
    )


def main() -> None:
    """Simulate each size, check that both agree, measure, print."""
    table = Table(title=f"{indicators.N_OURS} indicators of ours, {indicators.N_BASELINE} counts of usual pandas")
    for heading in ("children", "ours, s", "pandas, s", "ratio for one indicator", "ours, MiB", "pandas, MiB"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        for children in SIZES:
            out = Path(folder) / str(children)
            simulate(children=children, seed=SEED, profile="england", out=out)
            records = str(out / "records")
            assert indicators.agree(records), "ours and the baseline count differently"
            contenders = {"ours": indicators.ours, "usual pandas": indicators.usual_pandas}
            table.add_row(*row(children, compare(contenders, records)))
    Console().print(table)


if __name__ == "__main__":
    main()
