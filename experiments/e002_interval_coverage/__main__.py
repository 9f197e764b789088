"""Measure the coverage of the audit's intervals and write `result/`."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

from rich.console import Console

from experiments.e002_interval_coverage import clustered, gaps, independent, scores
from experiments.e002_interval_coverage.report import as_csv, as_markdown, draw
from experiments.e002_interval_coverage.surface import line_of, misses

HERE = Path(__file__).parent


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m experiments.e002_interval_coverage", description=__doc__)
    parser.add_argument("--draws", type=int, help="at most so many draws everywhere, to try it; writes nothing")
    asked = parser.parse_args()
    plan = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    for part in ("clustered", "gaps", "scores") if asked.draws else ():
        plan[part]["draws"] = min(asked.draws, plan[part]["draws"])
    console, cells = Console(highlight=False), []
    for part in (independent, clustered, gaps, scores):
        console.print(f"measuring: {part.__doc__.splitlines()[0]}")
        cells += list(part.measured(plan))
    lines = [line_of(cell, plan["must"]) for cell in cells]
    if not asked.draws:
        (HERE / "result").mkdir(exist_ok=True)
        (HERE / "result" / "coverage.csv").write_text(as_csv(cells), encoding="utf-8")
        (HERE / "result" / "coverage.md").write_text(as_markdown(lines, plan["must"]), encoding="utf-8")
        draw(cells, plan["must"], HERE / "result" / "coverage.svg")
    missed = misses(lines, plan["must"])
    console.print("\n".join(missed) if missed else "all as required")


if __name__ == "__main__":
    main()
