"""Runs a command and watches how much memory it and every process below it hold together. Linux alone: reads `/proc`.

What is added up is resident memory. Pages that processes share, such as libraries, count once for each, so the sum is
rather too high than too low (by about 100 MiB for a simulation on two cores). Adding up proportional shares would be
exact, but reading them holds up the process that is read, for the longer the more it has. What rises and falls between
two looks is missed, save in the first process, which tells its own peak.
"""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS_BETWEEN_LOOKS = 0.2
_ROOT = Path(__file__).parents[2]
_MIB = 1024**2
_KIB_IN_MIB = 1024


@dataclass(frozen=True)
class Mark:
    """A step's beginning, as the command printed it.

    Parameters
    ----------
    seconds
        Of the machine's steady clock.
    mebibytes
        The most that the first process alone had held by then.
    """

    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Watched:
    """What was seen of a command.

    Parameters
    ----------
    marks
        By step, in the order printed.
    looks
        Seconds of the steady clock and MiB of all processes together, one pair a look.
    """

    marks: dict[str, Mark]
    looks: list[tuple[float, float]]

    def seconds(self, begin: str, end: str) -> float:
        """Give the wall seconds from one step's beginning to another's."""
        return self.marks[end].seconds - self.marks[begin].seconds

    def peak(self, end: str) -> float:
        """Give the most memory held until a step began, in MiB."""
        until = self.marks[end]
        return max([until.mebibytes, *(mebibytes for at, mebibytes in self.looks if at <= until.seconds)])


def _below(process: int) -> Iterator[int]:
    """Give a process and every one below it."""
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _below(int(child))


def _held(process: int) -> float:
    """Add up the resident memory of a process and of those below it, in MiB; those that have just ended hold none."""
    pages = 0
    with suppress(OSError):
        for each in _below(process):
            with suppress(OSError):
                pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MIB


def watch(words: Sequence[str]) -> Watched:
    """Run a command to its end and look at its memory every fifth of a second.

    Parameters
    ----------
    words
        The command; it prints lines of seconds, KiB and a step, with tabs between, few enough for a pipe to hold.

    Returns
    -------
    Watched
        Its steps and its memory.

    Raises
    ------
    subprocess.CalledProcessError
        When it fails; what it wrote to standard error has been shown.
    """
    looks: list[tuple[float, float]] = []
    with subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own words
        while running.poll() is None:
            looks.append((time.monotonic(), _held(running.pid)))
            time.sleep(SECONDS_BETWEEN_LOOKS)
        printed = running.stdout.read() if running.stdout else ""
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, words)
    parts = [line.split("\t") for line in printed.splitlines()]
    return Watched({step: Mark(float(at), int(kib) / _KIB_IN_MIB) for at, kib, step in parts}, looks)
