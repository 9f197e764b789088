"""Whether a measure is the same in all groups of a characteristic.

A test over all groups at once stands beside the verdicts and never silences one: that no difference was found does
not mean that there is none. Every group's variance holds its design effect, and groups that share clusters (sisters
and brothers in one home) are tested with their covariance.

References
----------
Rao and Scott (1984), Annals of Statistics 12:46; (1992), Biometrics 48:577 (chi-square of clustered counts);
Thomas and Rao (1987), JASA 82:630 (the F reference); Cochran (1954), Biometrics 10:101; Welch (1951),
Biometrika 38:330 (variances that are themselves estimated); Besag and Clifford (1991), Biometrika 78:301 (exchanges
that stop early).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, fdtrc

from training.audit.statistics.estimate import Estimate, FloatArray, IntArray, Outcome, Undefined, dot
from training.audit.statistics.simultaneous import joint_correlation

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_EXPECTED = 5.0
"""Below this expected count the chi-square distribution does not hold (the statistics' specification)."""

PERMUTATIONS = 2_000
"""Exchanges of whole clusters; a p-value is then good to 0.005 at 0.05."""

ENOUGH = 50
"""Exchanges stop when so many gave a statistic as large (Besag and Clifford): a large p-value needs few."""

MOST_EXCHANGED = 40_000_000
"""Rows of segments that are exchanged in all, so that a test takes a second at most; fewer exchanges then."""

_EXCHANGED_AT_A_TIME = 1_000_000


@dataclass(frozen=True)
class Omnibus:
    """One test over all groups of a characteristic.

    Parameters
    ----------
    statistic
        Chi-square (for rates) or Cochran's Q, after the corrections; 0 when all groups are alike.
    degrees
        Its degrees of freedom; one less than groups where no cluster lies in two of them.
    p_value
        The chance of a statistic as large if all groups were alike.
    method
        `rao_scott`, `cochran_q`, `permutation`, or `likelihood_ratio` (calibration across groups).
    n_groups, n_left_out
        Groups that took part, and those without a number.
    """

    statistic: float
    degrees: float
    p_value: float
    method: str
    n_groups: int
    n_left_out: int


@dataclass(frozen=True)
class Segments:
    """The rows of each cluster in each group, one entry where there is a row in the measure's denominator.

    Parameters
    ----------
    cluster, group
        Numbers of the cluster and of the group; each pair once.
    k, n
        Rows in the numerator and in the measure's own denominator.
    """

    cluster: IntArray
    group: IntArray
    k: FloatArray
    n: FloatArray


def quadratic_test(
    values: FloatArray, variances: FloatArray, *, degrees: FloatArray, correlation: FloatArray
) -> tuple[float, float, float]:
    """Test that several values are the same.

    Parameters
    ----------
    values, variances
        One a group; variances above 0 and with the design effect in them.
    degrees
        Degrees of freedom of each variance; infinite where it is known.
    correlation
        Of the groups' errors; with correlated groups the statistic's first two moments are matched (Rao and
        Scott's second order).

    Returns
    -------
    tuple of float
        Corrected statistic, degrees of freedom, p-value.
    """
    weight = 1 / variances
    centre = dot(weight, values) / weight.sum()
    raw = dot(weight, (values - centre) ** 2)
    expected, spread = _moments(weight, variances, correlation)
    matched = expected**2 / spread
    doubt, groups = float(((1 - weight / weight.sum()) ** 2 / degrees).sum()), values.size
    wide = 1 + 2 * (groups - 2) * doubt / (groups**2 - 1)
    statistic = raw / expected * matched / wide
    return statistic, matched, _upper_tail(statistic, matched, (groups**2 - 1) / (3 * doubt) if doubt else math.inf)


def _moments(weight: FloatArray, variances: FloatArray, correlation: FloatArray) -> tuple[float, float]:
    """Give the statistic's mean, and half its variance, if all groups are alike."""
    contrast = np.diag(weight) - np.outer(weight, weight) / weight.sum()
    error = np.sqrt(variances)
    product = contrast @ (correlation * np.outer(error, error))
    return float(np.trace(product)), float((product * product.T).sum())


def _upper_tail(statistic: float, degrees: float, under: float) -> float:
    """Give the chance of a larger chi-square, or F where the variance has `under` degrees of freedom itself."""
    if math.isinf(under):
        return float(chdtrc(degrees, statistic))
    return float(fdtrc(degrees, under, statistic / degrees))


def rates_test(
    k: FloatArray, n: FloatArray, design_effect: FloatArray, *, degrees: FloatArray, correlation: FloatArray
) -> Omnibus | Undefined:
    """Test that a rate is the same in all groups, from counts (chi-square of homogeneity, Rao and Scott).

    Parameters
    ----------
    k, n
        Numerators and the measure's own denominators, one a group; n above 0.
    design_effect
        At least 1.
    degrees
        Clusters less one of each group; infinite where its rows are independent.
    correlation
        Of the groups' errors.
    """
    if k.size < 2:
        return Undefined("fewer than two groups have a number")
    pooled = float((k / design_effect).sum() / (n / design_effect).sum())
    if pooled in (0.0, 1.0):
        return Undefined("the rate is 0, or 1, in every group")
    variances = design_effect * pooled * (1 - pooled) / n
    found = quadratic_test(k / n, variances, degrees=degrees, correlation=correlation)
    return Omnibus(*found, method="rao_scott", n_groups=k.size, n_left_out=0)


def same_rate(outcomes: Sequence[Outcome], segments: Segments | None = None, *, seed: int = 0) -> Omnibus | Undefined:
    """Test that a rate is the same in all groups.

    Parameters
    ----------
    outcomes
        The rate in each group; together all groups of one characteristic, missing ones too.
    segments
        Needed where an expected count is below 5: then whole clusters are exchanged between groups.
    seed
        Of the exchanges.

    Returns
    -------
    Omnibus or Undefined
        Undefined with fewer than two groups that have a number, or when nobody, or everybody, is counted.
    """
    estimates = [each for each in outcomes if isinstance(each, Estimate)]
    k, n, effect = (
        np.array([getattr(each, name) for each in estimates], float) for name in ("k", "n", "design_effect")
    )
    degrees = np.array([_degrees(each) for each in estimates])
    found = rates_test(k, n, effect, degrees=degrees, correlation=joint_correlation(estimates))
    if isinstance(found, Undefined):
        return found
    if segments is not None and _least_expected(k, n, effect) < MIN_EXPECTED:
        return permutation_test(segments, seed)
    return replace(found, n_left_out=len(outcomes) - len(estimates))


def _degrees(rate: Estimate) -> float:
    """Give the degrees of freedom of a rate's design effect; where rows are independent nothing is estimated."""
    return math.inf if rate.clusters == rate.n or rate.k in (0, rate.n) else float(rate.clusters - 1)


def _least_expected(k: FloatArray, n: FloatArray, effect: FloatArray) -> float:
    """Give the smallest expected count, in effective rows."""
    share = float((k / effect).sum() / (n / effect).sum())
    return float((n / effect).min()) * min(share, 1 - share)


def same_value(outcomes: Sequence[Outcome]) -> Omnibus | Undefined:
    """Test that a measure that is no rate (AUC, calibration intercept or slope) is the same in all groups.

    Parameters
    ----------
    outcomes
        The measure in each group of one characteristic.

    Returns
    -------
    Omnibus or Undefined
        Cochran's Q with Welch's correction for few clusters, or few rows with or without the outcome; groups without
        a number or a variance are left out and counted. Undefined with fewer than two groups.
    """
    estimates = [each for each in outcomes if isinstance(each, Estimate) and 0 < each.variance < math.inf]
    if len(estimates) < 2:
        return Undefined("fewer than two groups have a number")
    found = quadratic_test(
        np.array([each.value for each in estimates]),
        np.array([each.variance for each in estimates]),
        degrees=np.array([max(min(each.k, each.n - each.k, each.clusters) - 1, 1) for each in estimates], np.float64),
        correlation=joint_correlation(estimates),
    )
    return Omnibus(*found, method="cochran_q", n_groups=len(estimates), n_left_out=len(outcomes) - len(estimates))


def permutation_test(segments: Segments, seed: int) -> Omnibus | Undefined:
    """Test that a rate is the same in all groups by exchanging the groups of whole clusters.

    A cluster keeps its rows; what is exchanged is to which group they belong, among clusters that lie in equally
    many groups. A cluster in several groups gets the groups of another such cluster, in an order drawn anew.

    Parameters
    ----------
    segments
        All groups of one characteristic.
    seed
        Same seed, same exchanges.
    """
    groups, code = np.unique(segments.group, return_inverse=True)
    share = float(segments.k.sum() / segments.n.sum()) if segments.n.sum() else 0.0
    if groups.size < 2:
        return Undefined("fewer than two groups have a number")
    if share in (0.0, 1.0):
        return Undefined("the rate is 0, or 1, in every group")
    random, strata = np.random.default_rng(seed), _strata(segments.cluster)
    most = int(np.clip(MOST_EXCHANGED // segments.k.size, PERMUTATIONS // 10, PERMUTATIONS))
    at_a_time = max(1, _EXCHANGED_AT_A_TIME // segments.k.size)
    as_they_are = [(places, code[places][None]) for places in strata]
    observed = _pearson(_summed(segments, as_they_are, groups.size), share)[0]
    reached: list[bool] = []
    while len(reached) < most and sum(reached) < ENOUGH:
        draws = min(at_a_time, most - len(reached))
        exchanged = [(places, _exchanged(code[places], draws, random)) for places in strata]
        # why: the same sums in another order must count as equal
        reached += (_pearson(_summed(segments, exchanged, groups.size), share) >= observed * (1 - 1e-9)).tolist()
    return Omnibus(float(observed), groups.size - 1, _monte_carlo_p(reached), "permutation", groups.size, 0)


def _pearson(sums: FloatArray, share: float) -> FloatArray:
    """Give the chi-square of each draw."""
    counted, among = sums[:, 0], sums[:, 1]
    squares = (counted - share * among) ** 2 / np.maximum(among, 1)
    return np.asarray(squares.sum(axis=1) / (share * (1 - share)), dtype=np.float64)


def _monte_carlo_p(reached: Sequence[bool]) -> float:
    """Give the p-value of exchanges that stop once enough reached the statistic; else the statistic counts itself."""
    found = np.cumsum(reached)
    if found[-1] >= ENOUGH:
        return ENOUGH / (int(np.searchsorted(found, ENOUGH)) + 1)
    return float(1 + found[-1]) / (1 + len(reached))


def _strata(cluster: IntArray) -> list[IntArray]:
    """Give the places of segments, one row a cluster, apart for clusters in one group, in two, in three..."""
    order = np.argsort(cluster, kind="stable")
    _, begins, width = np.unique(cluster[order], return_index=True, return_counts=True)
    return [order[begins[width == size][:, None] + np.arange(size)] for size in np.unique(width)]


def _exchanged(labels: IntArray, draws: int, random: np.random.Generator) -> IntArray:
    """Exchange rows of labels, and order each row anew, `draws` times."""
    places = random.permuted(np.tile(np.arange(len(labels)), (draws, 1)), axis=1)
    moved = labels[places]
    return moved if labels.shape[1] == 1 else random.permuted(moved, axis=2)


def _summed(segments: Segments, labels: Sequence[tuple[IntArray, IntArray]], n_groups: int) -> FloatArray:
    """Sum k and n by group for each draw; shape (draws, 2, groups). `labels` holds places and their groups by draw."""
    draws = len(labels[0][1])
    sums = np.zeros((draws, 2, n_groups))
    for places, groups in labels:
        key = (groups.reshape(draws, -1) + n_groups * np.arange(draws)[:, None]).ravel()
        for at, weight in enumerate((segments.k, segments.n)):
            by_group = np.bincount(key, np.tile(weight[places.ravel()], draws), minlength=draws * n_groups)
            sums[:, at] += by_group.reshape(draws, n_groups)
    return sums
