"""Measure a call in a process of its own, several times, in turn with its baseline."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPEATS = 3
_KIB_IN_MIB = 1024

Prepared = Callable[[], Any]


@dataclass(frozen=True)
class Cost:
    """What one contender took: the median seconds of its work, and the most memory of its process.

    Parameters
    ----------
    seconds
        Of the work alone; reading its input is not counted.
    mebibytes
        Peak resident memory of the whole process.
    """

    seconds: float
    mebibytes: float


def _peak_mebibytes() -> float:
    """Give the most memory this process held; `ru_maxrss` would count what its parent held when it began it."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / _KIB_IN_MIB


def _measure_apart(prepare: Callable[[str], Prepared], given: str, answer: Any) -> None:
    work = prepare(given)
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    answer.put((seconds, _peak_mebibytes()))


def _once(prepare: Callable[[str], Prepared], given: str) -> tuple[float, float]:
    spawn = multiprocessing.get_context("spawn")
    answer = spawn.Queue()
    process = spawn.Process(target=_measure_apart, args=(prepare, given, answer))
    process.start()
    found: tuple[float, float] = answer.get()
    process.join()
    return found


def compare(
    contenders: Mapping[str, Callable[[str], Prepared]], given: str, *, repeats: int = REPEATS
) -> dict[str, Cost]:
    """Measure contenders in turn, A B A B, so that a drift of the machine meets them alike.

    Parameters
    ----------
    contenders
        By name: a function of a module that prepares the work from `given` and returns it.
    given
        What each prepares from, such as a folder's path.
    repeats
        Processes each.

    Returns
    -------
    dict of str to Cost
        Medians over the processes of each.
    """
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, prepare in contenders.items():
            found[name].append(_once(prepare, given))
    return {
        name: Cost(statistics.median(s for s, _ in runs), statistics.median(m for _, m in runs))
        for name, runs in found.items()
    }
