"""Whether a score ranks one group's children above another's: the AUC across groups.

A score may rank well within each group and still place children without the outcome of one group above children with
it of another. It says nothing of the height of scores, nor why they differ.

References
----------
Kallus and Zhou (2019), NeurIPS 32 (xAUC); DeLong et al. (1988), Biometrics 44:837; Obuchowski (1997), Biometrics
53:567 (clustered AUC).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from training.audit.statistics.estimate import (
    BoolArray,
    Estimate,
    FloatArray,
    IntArray,
    Limits,
    Outcome,
    Undefined,
    dot,
)
from training.audit.statistics.intervals import MIN_CLUSTERS, normal_quantile, t_quantile, wilson
from training.audit.statistics.ranking import MIN_EACH, tie_groups

MOST_PAIRED = 12
"""With more groups than this, compare each with everyone else only: pairs grow with the square."""


@dataclass(frozen=True)
class _Kind:
    """Rows of one group with, or without, the outcome.

    Parameters
    ----------
    run
        Place of each row's score among the distinct ones, ascending.
    cluster
        Of each row.
    """

    run: IntArray
    cluster: IntArray

    def passed(self, n_runs: int) -> IntArray:
        """Give twice how many of these rows lie below each distinct score; those at it count once."""
        counts = np.bincount(self.run, minlength=n_runs)
        return np.asarray(2 * np.cumsum(counts) - counts, dtype=np.int64)


def xauc(ascending: FloatArray, outcome: BoolArray, group: IntArray, cluster: IntArray) -> list[list[Outcome]]:
    """Estimate, for every two groups a and b, the chance that one of a with the outcome scores above one of b without.

    Parameters
    ----------
    ascending
        Scores, sorted from low to high, on any scale; ties count half.
    outcome
        One truth value a row.
    group
        Number of each row's group, from 0; at most `MOST_PAIRED` groups.
    cluster
        Number of each row's cluster, from 0.

    Returns
    -------
    list of list of Estimate or Undefined
        Of a, then of b; on the diagonal the AUC within a group. Clustered variance of DeLong's placements, the
        interval on the logit scale with Student's t. Undefined below 10 rows of a with the outcome, 10 of b without
        it, or 10 clusters.
    """
    with_it, without_it, n_runs = _kinds(ascending, outcome, group, cluster)
    assert len(with_it) <= MOST_PAIRED, "compare so many groups with everyone else"
    below = [kind.passed(n_runs) for kind in without_it]
    beneath = [kind.passed(n_runs) for kind in with_it]
    n_clusters = int(cluster.max(initial=-1)) + 1
    return [
        [_across((mine, others), (below[b], beneath[a]), n_clusters) for b, others in enumerate(without_it)]
        for a, mine in enumerate(with_it)
    ]


def xauc_with_everyone_else(
    ascending: FloatArray, outcome: BoolArray, group: IntArray, cluster: IntArray
) -> list[tuple[Outcome, Outcome]]:
    """Estimate the AUC across each group and everyone else, both ways; parameters as for `xauc`, any number of groups.

    Returns
    -------
    list of tuple of Estimate or Undefined
        By group: its rows with the outcome above everyone else's without it; everyone else's with it above its own
        without it.
    """
    n_clusters = int(cluster.max(initial=-1)) + 1
    found: list[tuple[Outcome, Outcome]] = []
    for at in range(int(group.max(initial=-1)) + 1):
        with_it, without_it, n_runs = _kinds(ascending, outcome, (group == at).astype(np.int64), cluster)
        pairs = ((with_it[-1], without_it[0]), (with_it[0], without_it[-1]))
        mine, others = (_across(pair, (pair[1].passed(n_runs), pair[0].passed(n_runs)), n_clusters) for pair in pairs)
        found.append((mine, others))
    return found


def _kinds(
    ascending: FloatArray, outcome: BoolArray, group: IntArray, cluster: IntArray
) -> tuple[list[_Kind], list[_Kind], int]:
    """Divide rows by group, with and without the outcome; and count the distinct scores."""
    run = tie_groups(ascending) if ascending.size else np.zeros(0, dtype=np.int64)
    with_it, without_it = (
        [
            _Kind(run[chosen], cluster[chosen])
            for chosen in (has & (group == at) for at in range(int(group.max(initial=-1)) + 1))
        ]
        for has in (outcome, ~outcome)
    )
    return with_it, without_it, int(run[-1]) + 1 if run.size else 0


def _across(pair: tuple[_Kind, _Kind], passed: tuple[IntArray, IntArray], n_clusters: int) -> Outcome:
    """Estimate the AUC of one group's rows with the outcome and another's without it.

    `passed` holds what `_Kind.passed` gives for those without the outcome, and for those with it.
    """
    upper, lower = pair
    if upper.run.size < MIN_EACH:
        return Undefined(f"fewer than {MIN_EACH} rows with the outcome in the one group")
    if lower.run.size < MIN_EACH:
        return Undefined(f"fewer than {MIN_EACH} rows without the outcome in the other group")
    m, n = upper.run.size, lower.run.size
    above = passed[0][upper.run] / (2 * n)
    below = 1 - passed[1][lower.run] / (2 * m)
    value = float(above.sum() / m)
    of_upper, n_upper = _by_cluster(upper, above - value, n_clusters)
    of_lower, n_lower = _by_cluster(lower, below - value, n_clusters)
    ids = np.flatnonzero((n_upper > 0) | (n_lower > 0)).astype(np.int64)
    if ids.size < MIN_CLUSTERS:
        return Undefined(f"fewer than {MIN_CLUSTERS} clusters")
    with_upper, with_lower = int(np.count_nonzero(n_upper)), int(np.count_nonzero(n_lower))
    variance = (
        _share(with_upper) * dot(of_upper, of_upper) / m**2
        + _share(with_lower) * dot(of_lower, of_lower) / n**2
        + 2 * _share(ids.size) * dot(of_upper, of_lower) / (m * n)
    )
    independent = float(above.var(ddof=1)) / m + float(below.var(ddof=1)) / n
    return Estimate(
        value=value,
        k=m,
        n=m + n,
        clusters=ids.size,
        design_effect=max(1.0, variance / independent) if independent > 0 else 1.0,
        variance=variance,
        limits=_limits(value, variance, min(with_upper, with_lower)),
        cluster_ids=ids,
        influence=(of_upper / m + of_lower / n)[ids],
    )


def _by_cluster(kind: _Kind, errors: FloatArray, n_clusters: int) -> tuple[FloatArray, IntArray]:
    """Sum errors, and count rows, by cluster."""
    return (
        np.bincount(kind.cluster, errors, minlength=n_clusters).astype(np.float64),
        np.bincount(kind.cluster, minlength=n_clusters),
    )


def _share(count: int) -> float:
    """Give count / (count - 1), the correction of a variance from few clusters."""
    return count / (count - 1) if count > 1 else math.inf


def _limits(value: float, variance: float, evidence: int) -> Limits:
    """Close over the interval; without any spread Wilson's of none, or all, of the clusters stands in."""

    def limits(level: float) -> tuple[float, float]:
        if not (0 < value < 1 and 0 < variance < math.inf):
            low, high = wilson(value * evidence, evidence, normal_quantile(level))
            return float(low), float(high)
        half = t_quantile(level, evidence - 1) * math.sqrt(variance) / (value * (1 - value))
        return float(expit(logit(value) - half)), float(expit(logit(value) + half))

    return limits
