"""The two contenders of `simulation`, each in a process of its own: the simulator, and plain random numbers.

Prints one line as each step begins: the seconds of the machine's steady clock, the most memory that this process alone
has held so far (KiB), and the step. It imports little, because every process of the simulator's pool imports it too.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 11
# As many digits as a person's id has.
LARGEST = 10**8
BEGIN, END = "begin", "end"


def mark(step: str) -> None:
    """Print that a step begins.

    Parameters
    ----------
    step
        Its name.
    """
    # why not `ru_maxrss`: a child process inherits there what the process that started it held.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(time.monotonic(), peak.split()[1], step, sep="\t", flush=True)


def ours(children: int, out: Path) -> None:
    """Simulate England for the usual years, as `earlyhelp simulate` does.

    Parameters
    ----------
    children
        Known to services over the years.
    out
        A folder that does not exist.
    """
    simulate(children=children, seed=SEED, profile="england", out=out, say=mark)


def plain(shapes: Sequence[tuple[int, int]], out: Path) -> None:
    """Draw and write as many cells as the records have, each a whole number that means nothing.

    Parameters
    ----------
    shapes
        Rows and columns of each table.
    out
        A folder that does not exist.
    """
    out.mkdir()
    numbers = np.random.default_rng(SEED)
    for place, (rows, columns) in enumerate(shapes):
        drawn = {f"column_{column}": numbers.integers(0, LARGEST, rows) for column in range(columns)}
        pl.DataFrame(drawn).write_csv(out / f"{place}.csv")


def main() -> None:
    """Do what the one argument asks, JSON: `out`, and `children` or `shapes`."""
    asked = json.loads(sys.argv[1])
    out = Path(asked["out"])
    mark(BEGIN)
    if "children" in asked:
        ours(asked["children"], out)
    else:
        plain(asked["shapes"], out)
    mark(END)


if __name__ == "__main__":
    main()
