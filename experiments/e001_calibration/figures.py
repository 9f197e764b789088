"""The targets, and how far from each an authority may lie: both fixed before any result."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# Printed decimals are exact to this many places; a value on the edge is within.
EDGE = 1e-9


@dataclass(frozen=True)
class Figure:
    """A published figure.

    Parameters
    ----------
    profile, id
        Whose target it is, and the measure it is compared with; one pair has one row.
    theme, words
        Where it stands in the report, and what it says.
    value, low, high
        As published; the two ends where the source gives a range. A value in words has no number.
    unit, year, nation, published_as, source
        Of the published figure.
    tolerance
        The class of `plan.toml`; empty when it cannot be measured.
    derivation
        How the value was worked out of published ones; empty when it is copied.
    reason
        Why it cannot be measured; empty when it can.
    """

    profile: str
    id: str
    theme: str
    words: str
    value: str
    low: str
    high: str
    unit: str
    year: str
    nation: str
    tolerance: str
    published_as: str
    derivation: str
    source: str
    reason: str

    @property
    def number(self) -> float:
        """The value as a number."""
        return float(self.value)


def plan() -> dict[str, Any]:
    """Read the plan."""
    return tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))


def whys(profile: str) -> dict[str, str]:
    """Read why figures of a profile are not met, by id; written after a result was seen."""
    told = tomllib.loads((HERE / "why.toml").read_text(encoding="utf-8"))[profile]
    return {figure: " ".join(text.split()) for figure, text in told.items()}


def figures(profile: str | None = None) -> list[Figure]:
    """Read the figures, of one profile or of all, in the order of the file."""
    with (HERE / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = [Figure(**row) for row in csv.DictReader(file)]
    return [row for row in rows if profile in (None, row.profile)]


def allowed(figure: Figure, tolerances: dict[str, Any]) -> tuple[float, float]:
    """Give the lowest and the highest value that meet a figure.

    Examples
    --------
    >>> rate = Figure("england", "need_rate", "", "", "330", "", "", "", "", "", "rate", "", "", "", "")
    >>> [round(end, 1) for end in allowed(rate, {"rate": {"relative": 0.12}})]
    [290.4, 369.6]
    """
    if figure.low:
        return float(figure.low), float(figure.high)
    of = tolerances[figure.tolerance]
    half = of["absolute"] if "absolute" in of else of["relative"] * figure.number
    return figure.number - half, figure.number + half


def is_met(value: float, ends: tuple[float, float]) -> bool:
    """Say whether a value lies within what is allowed, the ends included."""
    return ends[0] - EDGE <= value <= ends[1] + EDGE
