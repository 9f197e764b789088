"""Simulates authorities, one a seed, hands each to a function and deletes it: on as many processes as asked for."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HERE = Path(__file__).parent
Answer = TypeVar("Answer")
Asked = TypeVar("Asked")


def plan() -> dict[str, Any]:
    """Read everything that changes the result."""
    return tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))


@contextmanager
def simulated(*, children: int, seed: int, planted: Mapping[str, float] | None = None) -> Iterator[Path]:
    """Simulate one authority; the folder, with `records/` and `truth/`, is gone afterwards."""
    # why: the scheduler that starts many of these reads this file first, and has no need of the simulator
    from features.synthetic import simulate

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "authority"
        simulate(
            children=children,
            seed=seed,
            profile=plan()["authorities"]["profile"],
            out=out,
            planted=planted,
            file_format="parquet",
            processes=1,
        )
        yield out


def over_seeds(
    ask: Callable[[Asked], Answer], seeds: Sequence[Asked], *, processes: int, say: Callable[[str], None]
) -> list[Answer]:
    """Ask of each seed, in the order of seeds; what comes out does not hang on the number of processes.

    Parameters
    ----------
    ask
        A function of a seed (or of whatever tells an authority) that can be sent to another process.
    seeds
        Each once.
    processes
        How many share the work, each with one thread.
    say
        Told how many are done.
    """
    # Read by Polars when it is first imported, in the processes that are started anew.
    os.environ["POLARS_MAX_THREADS"] = "1"
    found = []
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done, answer in enumerate(pool.map(ask, seeds), start=1):
            found.append(answer)
            if done % 10 == 0:
                say(f"  {done} of {len(seeds)} authorities")
    return found
