"""Simulate the plan's authorities, measure them and write `result/`; or measure a simulation that is there."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from experiments.e001_calibration.authority import Authority, read
from experiments.e001_calibration.figures import HERE, plan
from experiments.e001_calibration.report import Line, as_json, as_markdown, measured, text_of


def _show(lines: list[Line], *, only_missed: bool) -> None:
    table = Table("id", "target", "allowed", "achieved", "interval", "n", "ok", "why", box=None, pad_edge=False)
    for line in lines:
        if line.figure.reason or (only_missed and line.met):
            continue
        got = line.achieved
        table.add_row(
            line.figure.id,
            line.figure.value,
            f"{text_of(line.low)} to {text_of(line.high)}",
            text_of(got.value) if got else "",
            f"{text_of(got.low)} to {text_of(got.high)}" if got and got.low is not None else "",
            f"{got.n:,}" if got and got.n is not None else "",
            {True: "yes", False: "NO", None: "-"}[line.met],
            line.why,
        )
    met = sum(line.met is True for line in lines)
    tried = sum(line.met is not None for line in lines)
    console = Console(width=180)
    console.print(table)
    console.print(f"{met} of {tried} measured figures within tolerance; {len(lines) - tried} not measured")


def _simulated(profile: str, children: int) -> Authority:
    # Measuring a simulation that is there needs no simulator.
    from features.synthetic import simulate

    of = plan()["simulation"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / profile
        simulate(children=children, seed=of["seed"], profile=profile, years=of["years"], out=out)
        return read(out)


def main() -> None:
    """Read the command line and do what it says."""
    of = plan()["simulation"]
    parser = argparse.ArgumentParser(prog="python -m experiments.e001_calibration", description=__doc__)
    parser.add_argument("--profile", choices=of["profiles"], help="one profile; all when left out")
    parser.add_argument("--records", type=Path, help="measure the simulation in this folder and write nothing")
    parser.add_argument("--children", type=int, default=of["children"], help="children known to services")
    parser.add_argument("--missed", action="store_true", help="show only what is not met")
    asked = parser.parse_args()
    if asked.records:
        _show(measured(read(asked.records), asked.profile or "england"), only_missed=asked.missed)
        return
    for profile in [asked.profile] if asked.profile else of["profiles"]:
        lines = measured(_simulated(profile, asked.children), profile)
        (HERE / "result").mkdir(exist_ok=True)
        (HERE / "result" / f"{profile}.md").write_text(as_markdown(lines, profile, asked.children), encoding="utf-8")
        (HERE / "result" / f"{profile}.json").write_text(as_json(lines, profile, asked.children), encoding="utf-8")
        _show(lines, only_missed=True)


if __name__ == "__main__":
    main()
