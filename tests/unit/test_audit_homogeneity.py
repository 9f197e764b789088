"""Tests over all groups at once, dispersion, and adjustments for many comparisons."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2_contingency, f_oneway, false_discovery_control

from training.audit.statistics.dispersion import dispersion
from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.homogeneity import Segments, permutation_test, quadratic_test, same_rate, same_value
from training.audit.statistics.intervals import difference, rate
from training.audit.statistics.simultaneous import benjamini_hochberg, holm


def _rate(k: int, n: int, *, first: int = 0, rows: int = 1) -> Estimate:
    """Give a rate: k of n clusters have the outcome, each in all of its rows."""
    counted = np.arange(n) < k
    return rate(counted * float(rows), np.full(n, float(rows)), first + np.arange(n))


def _value(value: float, variance: float, clusters: int = 10_000) -> Estimate:
    nothing = np.zeros(0)
    return Estimate(
        value, 10, 20, clusters, 1.0, variance, lambda level: (value, value), nothing.astype(np.int64), nothing
    )


def _segments(counts: list[tuple[int, int]]) -> Segments:
    """One cluster a row; for each group, k of n rows."""
    group = np.repeat(np.arange(len(counts)), [n for _, n in counts])
    k = np.concatenate([np.arange(n) < k for k, n in counts]).astype(float)
    return Segments(np.arange(group.size), group, k, np.ones(group.size))


def test_independent_rows_give_pearsons_chi_square():
    found = same_rate([_rate(30, 100), _rate(20, 80, first=100), _rate(9, 60, first=180)])
    expected = chi2_contingency([[30, 20, 9], [70, 60, 51]], correction=False)
    assert (found.statistic, found.degrees) == (pytest.approx(expected.statistic), pytest.approx(2))
    assert found.p_value == pytest.approx(expected.pvalue)


def test_rows_that_only_repeat_others_add_no_evidence():
    once = same_rate([_rate(30, 100), _rate(20, 100, first=100)])
    tripled = same_rate([_rate(30, 100, rows=3), _rate(20, 100, first=100, rows=3)])
    assert tripled.statistic == pytest.approx(once.statistic, rel=0.02)


def test_siblings_on_both_sides_leave_less_to_chance():
    apart = same_rate([_rate(30, 100), _rate(20, 100, first=100)])
    together = same_rate([_rate(30, 100), _rate(20, 100)])
    shared = difference(_rate(30, 100), _rate(20, 100), 0.95)
    assert together.p_value < apart.p_value
    assert (together.p_value < 0.05) == (shared[1] > 0)


def test_a_group_without_a_number_is_left_out_and_counted():
    found = same_rate([_rate(30, 100), _rate(20, 80, first=100), Undefined("nobody is in the denominator")])
    assert (found.n_groups, found.n_left_out) == (2, 1)


def test_one_group_cannot_differ_from_itself():
    assert same_rate([_rate(3, 10), Undefined("-")]) == Undefined("fewer than two groups have a number")


def test_nobody_counted_anywhere_is_no_test():
    assert same_rate([_rate(0, 20), _rate(0, 20)]) == Undefined("the rate is 0, or 1, in every group")


def test_a_small_expected_count_makes_clusters_change_places():
    counts = [(4, 12), (2, 40)]
    estimates = [_rate(4, 12), _rate(2, 40, first=12)]
    assert same_rate(estimates, _segments(counts)).method == "permutation"
    assert same_rate(estimates).method == "rao_scott"


def test_exchanging_clusters_of_one_row_is_fishers_exact_test():
    found = permutation_test(_segments([(4, 12), (2, 40)]), seed=1)
    # why only upwards: 12 · 6 / 52 = 1.4 are expected, and none at all lies nearer to that than four
    ways = sum(math.comb(12, k) * math.comb(40, 6 - k) for k in range(4, 7)) / math.comb(52, 6)
    assert found.p_value == pytest.approx(ways, abs=0.01)


def test_the_same_seed_gives_the_same_exchanges():
    segments = _segments([(4, 12), (2, 40), (1, 9)])
    assert permutation_test(segments, seed=3) == permutation_test(segments, seed=3)


def test_siblings_of_two_groups_change_places_within_their_home():
    homes = np.repeat(np.arange(12), 2)
    always_the_first = Segments(homes, np.tile([0, 1], 12), np.tile([1.0, 0.0], 12), np.ones(24))
    assert permutation_test(always_the_first, seed=1).p_value == pytest.approx(2 / 2**12, abs=0.002)


def test_cochrans_q_weighs_by_variance():
    found = same_value([_value(0.6, 0.01), _value(0.8, 0.04)])
    assert found.statistic == pytest.approx((0.8 - 0.6) ** 2 / (0.01 + 0.04), rel=1e-3)


def test_few_with_the_outcome_leave_a_variance_unsure_however_many_clusters_there_are():
    few, many = (
        same_value([replace(_value(value, 0.01), k=k, n=20_000) for value in (0.6, 0.9)]) for k in (11, 10_000)
    )
    assert few.statistic == many.statistic
    assert few.p_value > many.p_value


def test_few_clusters_make_the_test_as_welch_says():
    random = np.random.default_rng(2)
    samples = [random.normal(0, spread, size) for spread, size in ((1, 8), (3, 12), (2, 30))]
    variances = np.array([x.var(ddof=1) / x.size for x in samples])
    degrees = np.array([x.size - 1.0 for x in samples])
    means = np.array([x.mean() for x in samples])
    *_, p = quadratic_test(means, variances, degrees=degrees, correlation=np.eye(3))
    assert p == pytest.approx(f_oneway(*samples, equal_var=False).pvalue)


def test_dispersion_is_the_variance_of_rates_less_what_chance_adds():
    found = dispersion([_value(0.1, 0.0004), _value(0.2, 0.0001), _value(0.3, 0.0004)])
    assert found.value == pytest.approx(math.sqrt(0.01 - (0.0004 + 0.0001 + 0.0004) / 3))


def test_dispersion_below_what_chance_adds_is_nothing():
    found = dispersion([_value(0.10, 0.01), _value(0.12, 0.01)])
    assert (found.value, found.limits(0.95)[0]) == (0, 0)


def test_the_limits_of_dispersion_are_where_q_is_at_its_quantiles():
    low, high = dispersion([_value(0.1, 0.001), _value(0.3, 0.001)]).limits(0.95)
    assert 0.02 / (0.001 + low**2) == pytest.approx(5.0239, rel=1e-4)
    assert 0.02 / (0.001 + high**2) == pytest.approx(0.000982, rel=1e-3)


@pytest.mark.parametrize(("values", "most"), [((0.1, 0.3), math.sqrt(1 / 2)), ((0.1, 0.1, 0.3), math.sqrt(1 / 3))])
def test_shares_are_not_said_to_spread_more_than_shares_can(values: tuple[float, ...], most: float):
    outcomes = [_value(value, 0.001) for value in values]
    assert dispersion(outcomes, is_rate=True).limits(0.999)[1] == pytest.approx(most)
    assert dispersion(outcomes).limits(0.999)[1] > most


def test_holm_multiplies_the_smallest_by_the_size_of_the_family():
    adjusted = holm(np.array([0.03, np.nan, 0.01, 0.04]))
    assert adjusted == pytest.approx([2 * 0.03, np.nan, 3 * 0.01, 2 * 0.03], nan_ok=True)


def test_benjamini_hochberg_agrees_with_scipy():
    p = np.random.default_rng(1).uniform(0, 0.2, 30)
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p))


def test_exchanges_stop_once_it_is_clear_that_groups_are_alike():
    p = permutation_test(_segments([(2, 20), (2, 20)]), seed=1).p_value
    assert p == 1
