"""How much of a gap would be there if every score were right, and how much is left to scores that are not.

Where scores of one group are higher, and rightly so, more of its children without the outcome are flagged: a gap in
the false positive rate follows from the scores alone, though nothing is wrong with them. What is left is error: of
one group more children have the outcome, or fewer, than their scores say. That a gap follows from right scores does
not make it harmless, nor the outcome that they predict a need.

References
----------
Corbett-Davies et al. (2023), Journal of Machine Learning Research 24:312 (error rates follow from the distribution
of chances).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from training.audit.statistics.estimate import (
    NO_CLUSTERS,
    NO_INFLUENCE,
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    Outcome,
    Undefined,
)
from training.audit.statistics.intervals import MIN_CLUSTERS, t_quantile
from training.audit.statistics.ranking import MIN_EACH

Expected = Literal["tpr", "fpr", "precision"]
"""Measures that scores let expect. The share flagged is fixed by the scores alone."""

EXPECTED_PARTS: tuple[str, ...] = ("gap", "from_scores", "rest")
"""The gap; its part if every score were right; what is left, which adds up with it to the gap."""


@dataclass(frozen=True)
class ScoredRows:
    """The rows of one side of a gap.

    Parameters
    ----------
    score
        Probabilities.
    outcome, is_flagged
        One truth value a row.
    cluster
        Number of each row's cluster, from 0; the same numbers on both sides.
    """

    score: FloatArray
    outcome: BoolArray
    is_flagged: BoolArray
    cluster: IntArray


@dataclass(frozen=True)
class _Part:
    """One side's part: its value, and by row what it adds to the error, and what it must add if scores are right."""

    value: float
    by_row: FloatArray
    at_least: float


def split_by_scores(first: ScoredRows, second: ScoredRows, measure: Expected) -> dict[str, Outcome]:
    """Split a gap, first minus second, into what follows from the scores and what is left.

    Parameters
    ----------
    first, second
        Two disjoint sets of rows.
    measure
        `tpr`, `fpr` or `precision`.

    Returns
    -------
    dict of str to Estimate or Undefined
        By `EXPECTED_PARTS`; clustered intervals by linearisation, with Student's t. All undefined below 10 rows with,
        or without, the outcome, or 10 clusters, on a side, and for `precision` where nobody is flagged.
    """
    sides = []
    for rows, where in ((first, ""), (second, "among those compared with: ")):
        reason = _why_not(rows, measure)
        if reason is not None:
            return dict.fromkeys(EXPECTED_PARTS, Undefined(where + reason))
        sides.append(_side(rows, measure))
    return {name: _gap((first, second), [side[name] for side in sides]) for name in EXPECTED_PARTS}


def _why_not(rows: ScoredRows, measure: Expected) -> str | None:
    """Say why nothing can be expected on one side; None when it can."""
    positives = int(rows.outcome.sum())
    if min(positives, rows.outcome.size - positives) < MIN_EACH:
        return f"fewer than {MIN_EACH} rows with, or without, the outcome"
    if _clusters(rows) < MIN_CLUSTERS:
        return f"fewer than {MIN_CLUSTERS} clusters"
    if measure == "precision" and not rows.is_flagged.any():
        return "nobody is in the denominator"
    return None


def _clusters(rows: ScoredRows) -> int:
    """Count the clusters of one side."""
    return int(np.count_nonzero(np.bincount(rows.cluster)))


def _side(rows: ScoredRows, measure: Expected) -> dict[str, _Part]:
    """Give the measure as it is, as scores let expect it, and the distance of the two."""
    flagged = rows.is_flagged.astype(np.float64)
    seen, seen_by_row, _ = _ratio(flagged, rows.outcome.astype(np.float64), measure)
    expected, expected_by_row, pull = _ratio(flagged, rows.score, measure)
    # why: where nobody, or everybody, is counted no error is seen; right scores would still leave this much
    at_least = float((pull**2 * rows.score * (1 - rows.score)).sum())
    return {
        "gap": _Part(seen, seen_by_row, at_least),
        "from_scores": _Part(expected, expected_by_row, 0.0),
        "rest": _Part(seen - expected, seen_by_row - expected_by_row, at_least),
    }


def _ratio(flagged: FloatArray, chance: FloatArray, measure: Expected) -> tuple[float, FloatArray, FloatArray]:
    """Give a measure, what each row adds to its error, and by how much a row's chance moves it."""
    if measure == "precision":
        counted, among, pull = flagged * chance, flagged, flagged
    else:
        among = chance if measure == "tpr" else 1 - chance
        counted, pull = flagged * among, None
    total = float(among.sum())
    value = float(counted.sum()) / total
    return value, (counted - value * among) / total, ((flagged - value) if pull is None else pull) / total


def _gap(rows: tuple[ScoredRows, ScoredRows], parts: list[_Part]) -> Estimate:
    """Take the second side's part from the first's."""
    width = max(int(side.cluster.max()) for side in rows) + 1
    first, second = (
        np.bincount(side.cluster, part.by_row, minlength=width) for side, part in zip(rows, parts, strict=True)
    )
    counts = [_clusters(side) for side in rows]
    clusters = sum(counts)
    clustered = float(((first - second) ** 2).sum()) * clusters / (clusters - 1)
    independent = sum(max(float((part.by_row**2).sum()), part.at_least) for part in parts)
    variance, value = max(clustered, independent), parts[0].value - parts[1].value

    def limits(level: float) -> tuple[float, float]:
        half = t_quantile(level, min(counts) - 1) * math.sqrt(variance)
        return value - half, value + half

    return Estimate(
        value=value,
        k=int(rows[0].outcome.sum()),
        n=rows[0].outcome.size,
        clusters=counts[0],
        design_effect=max(1.0, variance / independent) if independent > 0 else 1.0,
        variance=variance,
        limits=limits,
        cluster_ids=NO_CLUSTERS,
        influence=NO_INFLUENCE,
    )
