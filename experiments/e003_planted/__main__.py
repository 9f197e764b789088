"""Plant, look, and write `result/`."""

from __future__ import annotations

import argparse

from rich.console import Console

from experiments.e003_planted import bounds, nothing_planted, planted
from experiments.e003_planted.authorities import plan
from experiments.e003_planted.model import train
from experiments.e003_planted.report import write

PARTS = ("nothing", "planted", "bounds")


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m experiments.e003_planted", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="one part; all when left out")
    parser.add_argument("--seeds", type=int, default=plan()["authorities"]["seeds"], help="small authorities")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    say = Console(highlight=False, soft_wrap=True).print
    seeds, processes = asked.seeds, asked.processes
    for part in asked.part or PARTS:
        if part == "nothing":
            say("training one model")
            found = nothing_planted.run(train(), seeds=seeds, processes=processes, say=say)
        elif part == "planted":
            found = planted.run(seeds=seeds, processes=processes, say=say)
        else:
            found = bounds.run(processes=processes, say=say)
        say(f"wrote {write(part, found).name}")


if __name__ == "__main__":
    main()
