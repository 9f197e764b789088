"""Which factors a worker writes down at the end of an assessment.

What is there is seen more often the greater the need; a little of what is not there is written too. Only "yes" is ever
written, so that nothing written is not known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import Case, only
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS

if TYPE_CHECKING:
    from features.synthetic.families import Flags, Ints

# For each problem, in the order of `FAMILY_PROBLEMS` and then `CHILD_PROBLEMS` (a test holds it), the factors that say
# so and how often each is chosen once the problem is seen.
SAYS: dict[str, tuple[tuple[str, float], ...]] = {
    "domestic_abuse": (("3B", 0.9), ("3A", 0.32), ("3C", 0.14)),
    "parent_mental_health": (("4B", 0.85), ("4C", 0.08)),
    "parent_alcohol": (("1B", 0.9), ("1C", 0.2)),
    "parent_drugs": (("2B", 0.9), ("2C", 0.24)),
    "parent_learning": (("5B", 0.85),),
    "parent_illness": (("6B", 0.8), ("7A", 0.22)),
    "neglect": (("16A", 0.85),),
    "child_mental_health": (("4A", 0.8), ("15A", 0.25)),
    "behaviour": (("14A", 0.7), ("2A", 0.55), ("1A", 0.22)),
    "exploitation": (("24A", 0.68), ("11A", 0.38), ("13A", 0.28), ("10A", 0.65), ("12A", 0.06)),
}
# Also chosen, at these shares where need is middling, and more often the greater it is.
ABOUT_HARM = {"17A": 0.195, "18C": 0.09, "19C": 0.042, "18B": 0.025, "19B": 0.02}
ANY_TIME = {"20": 0.13, "4C": 0.03, "7A": 0.02, "5C": 0.012, "6C": 0.01, "8D": 0.003, "23A": 0.003, "22A": 0.002}
# Codes of the collection year 2022, which began on 1 April 2021: child criminal exploitation, and who did the harm.
NEW_FACTORS_DAY = 18718
REPLACED = {"18A": ("18B", "18C"), "19A": ("19B", "19C")}
TEENAGE = 11
# What is not there is written down at this share of how common it is.
MISTAKEN = 0.15
SHARES = {**FAMILY_PROBLEMS, **CHILD_PROBLEMS}
NONE_FOUND = "21"


def _add(found: dict[str, Flags], code: str, chosen: Flags) -> None:
    found[code] = found[code] | chosen if code in found else chosen


def factors(case: Case, child: Ints, month: Ints, day: Ints, rng: np.random.Generator) -> pl.Series:
    """Write the factors of some assessments as JSON arrays.

    Parameters
    ----------
    case
        Everything there is.
    child, month, day
        Of each assessment: whose, and when it was authorised.
    rng
        The stream of this part.

    Returns
    -------
    polars.Series
        One text per assessment, codes sorted.
    """
    need = case.lives.need[child, month].astype(np.float64)
    is_teen = (day - case.people.birth_day[child]) > TEENAGE * 365
    there = np.concatenate([case.people.family_problems[child], case.people.child_problems[child]], axis=1)
    planted = np.where(case.people.is_marked[child], case.profile.planted.get("measurement", 1.0), 1.0)
    seen = np.clip(0.5 + 0.1 * (need - 2), 0.3, 0.92) * planted
    found: dict[str, Flags] = {}
    for position, (problem, says) in enumerate(SAYS.items()):
        is_seen = np.where(
            there[:, position], rng.random(len(child)) < seen, rng.random(len(child)) < MISTAKEN * SHARES[problem]
        )
        is_seen &= is_teen | (problem not in ("behaviour", "exploitation"))
        for code, share in says:
            _add(found, code, is_seen & (rng.random(len(child)) < share))
    for code, share in ABOUT_HARM.items():
        _add(found, code, rng.random(len(child)) < share * np.exp(0.3 * (need - 3)))
    for code, share in ANY_TIME.items():
        _add(found, code, rng.random(len(child)) < share)
    _add(found, "5A", case.people.is_disabled[child] & (rng.random(len(child)) < 0.6) | (rng.random(len(child)) < 0.08))
    _add(found, "6A", case.people.is_disabled[child] & (rng.random(len(child)) < 0.5) | (rng.random(len(child)) < 0.03))
    _as_of_the_day(found, day >= NEW_FACTORS_DAY)
    return only(_written(found), rng.random(len(child)) > 0.01)


def _as_of_the_day(found: dict[str, Flags], is_new: Flags) -> None:
    """Write the codes that were valid on each day: harm by a child or by an adult was told apart only later."""
    found["24A"] &= is_new
    for old, parts in REPLACED.items():
        found[old] = (found[parts[0]] | found[parts[1]]) & ~is_new
        for part in parts:
            found[part] &= is_new


def _written(found: dict[str, Flags]) -> pl.Series:
    """Glue flags into JSON arrays; each combination is written once and looked up."""
    codes = sorted(found)
    bits = sum((found[code].astype(np.int64) << k for k, code in enumerate(codes)), np.zeros(1, np.int64))
    kinds, which = np.unique(bits, return_inverse=True)
    texts = [json.dumps([c for k, c in enumerate(codes) if kind >> k & 1] or [NONE_FOUND]) for kind in kinds.tolist()]
    return pl.Series(texts, dtype=pl.String).gather(which)
