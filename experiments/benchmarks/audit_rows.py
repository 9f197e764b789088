"""The rows that an audit is measured on: invented children of invented households, each scored several times."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.vocabulary.characteristics import ETHNIC_GROUP_OF

if TYPE_CHECKING:
    from pathlib import Path

CHARACTERISTICS = ("ethnicity", "sex", "disability", "age_band", "place")
ALONE_AND_IN_PAIRS = tuple((*((name,) for name in CHARACTERISTICS), *combinations(CHARACTERISTICS, 2)))
ROWS_OF_A_CHILD = Fraction(1_000_000, 150_000)
MOST_SIBLINGS = 3
CAPACITY = 0.08
"""The audit's own cut-off: beside the 19 shares of its curves the twentieth threshold."""
SHARES = (CAPACITY, *(place / 20 for place in range(1, 20)))
SEED = 11

# How often each is drawn; the last is what is not recorded.
_SEX = {"F": 0.49, "M": 0.5, None: 0.01}
_DISABILITY = {"none": 0.75, "recorded": 0.15, None: 0.1}
_PLACES = {f"ward {number}": 1 / 8 for number in range(8)}
_WHITE_BRITISH, _ETHNICITY_NOT_RECORDED = 0.66, 0.06
_BANDS = np.array(["0 to 4", "5 to 9", "10 to 15", "16 to 17"])


def invent(rows: int, file: Path) -> None:
    """Invent rows and write them as Parquet.

    Parameters
    ----------
    rows
        Each a child on a day it was scored; 1,000,000 are of 150,000 children.
    file
        Where to.
    """
    numbers = np.random.default_rng(SEED)
    n_children = math.ceil(rows / ROWS_OF_A_CHILD)
    household = np.repeat(np.arange(n_children), numbers.integers(1, MOST_SIBLINGS + 1, n_children))[:n_children]
    child = np.arange(rows) * n_children // rows
    home = household[child]
    need = numbers.normal(-2.2, 0.7, n_children)[home] + numbers.normal(0, 0.5, n_children)[child]
    seen = need + numbers.normal(0, 0.5, rows)
    table = {
        "child": child,
        "household": home,
        "outcome": (numbers.random(rows) < 1 / (1 + np.exp(-need))).astype(np.int64),
        "score": (1 / (1 + np.exp(-seen))).round(6),
        "ethnicity": _drawn(numbers, _ethnicities(), home),
        "sex": _drawn(numbers, _SEX, child),
        "disability": _drawn(numbers, _DISABILITY, child),
        "age_band": _BANDS[np.digitize(numbers.uniform(0, 17, n_children)[child] + np.arange(rows) % 2, (5, 10, 16))],
        "place": _drawn(numbers, _PLACES, home),
    }
    pl.DataFrame(table).write_parquet(file)


def thresholds_of(score: pl.Series) -> list[float]:
    """Give the twenty cut-offs, ascending: the lowest score within each share of the rows."""
    ascending = score.sort()
    return sorted({float(ascending[-math.ceil(Fraction(str(share)) * score.len())]) for share in SHARES})


def _ethnicities() -> dict[str | None, float]:
    others = [code for code in ETHNIC_GROUP_OF if code != "WBRI"]
    each = (1 - _WHITE_BRITISH - _ETHNICITY_NOT_RECORDED) / len(others)
    return {"WBRI": _WHITE_BRITISH, **dict.fromkeys(others, each), None: _ETHNICITY_NOT_RECORDED}


def _drawn(numbers: np.random.Generator, shares: dict[str | None, float], whose: np.ndarray) -> pl.Series:
    """Draw one value for everyone that a row may be of, and give each row that of its own."""
    codes = numbers.choice(len(shares), int(whose.max()) + 1, p=list(shares.values()))
    return pl.Series(list(shares), dtype=pl.String).gather(codes[whose])
