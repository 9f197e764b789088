"""Intervals of rates and differences, with the arithmetic visible."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.gaps import smallest_gap
from training.audit.statistics.intervals import correlation, difference, normal_quantile, rate, t_quantile, wilson

Z = normal_quantile(0.95)


def _rate(k: list[int], n: list[int], ids: list[int] | None = None) -> Estimate:
    places = np.arange(len(k)) if ids is None else np.array(ids)
    found = rate(np.array(k, dtype=float), np.array(n, dtype=float), places)
    assert isinstance(found, Estimate)
    return found


def test_wilson_of_10_in_100_is_the_published_interval():
    assert wilson(10, 100, Z) == pytest.approx((0.0552, 0.1744), abs=5e-5)


def test_wilson_follows_its_formula():
    p, n = 3 / 20, 20
    centre, half = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    assert wilson(3, 20, Z) == pytest.approx(((centre - half) / (1 + Z**2 / n), (centre + half) / (1 + Z**2 / n)))


@pytest.mark.parametrize(("k", "limit"), [(0, 0.0), (20, 1.0)])
def test_nobody_or_everybody_still_has_an_interval(k: int, limit: float):
    low, high = wilson(k, 20, Z)
    assert limit in (low, high)
    assert high - low == pytest.approx(Z**2 / (20 + Z**2))


def test_rows_in_clusters_of_one_get_the_plain_interval():
    found = _rate([1] * 3 + [0] * 9, [1] * 12)
    assert found.limits(0.95) == wilson(3, 12, Z)
    assert found.design_effect == 1


def test_a_design_effect_is_the_clustered_variance_over_the_binomial_one():
    k, n = [4] * 5 + [0] * 5, [4] * 10
    clustered = 10 / 9 * sum((k_c - 0.5 * 4) ** 2 for k_c in k) / 40**2
    assert _rate(k, n).design_effect == pytest.approx(clustered / (0.5 * 0.5 / 40))


def test_few_effective_clusters_widen_the_interval_as_students_t_says():
    found = _rate([4] * 5 + [0] * 5, [4] * 10)
    effective = 20**2 / (5 * 4**2)  # those with the outcome lie in five equal clusters, and so do the others
    divisor = found.design_effect * (t_quantile(0.95, round(8 * effective)) / Z) ** 2
    assert found.limits(0.95) == pytest.approx(wilson(20 / divisor, 40 / divisor, Z))


def test_a_design_effect_is_never_below_one():
    assert _rate([2] * 10, [4] * 10).design_effect == 1


def test_an_effect_below_one_is_widened_before_it_is_held_at_one():
    assert _rate([2] * 10, [4] * 10).limits(0.95) == pytest.approx(wilson(20, 40, Z))


def test_without_any_event_the_clusters_are_the_sample():
    found = _rate([0] * 12, [6] * 12)
    assert found.limits(0.95) == wilson(0, 12, Z)


@pytest.mark.parametrize("counted", [1, 71], ids=["one", "all but one"])
def test_a_single_row_shows_no_likeness_so_that_the_clusters_are_at_most_the_sample(counted: int):
    rows = np.full(12, 6)
    one = np.array([1] + [0] * 11)
    found = _rate(list(one if counted == 1 else rows - one), list(rows))
    assert found.design_effect == 72 / 12


def test_rows_in_fewer_than_ten_clusters_give_no_rate():
    assert rate(np.array([1.0] * 9), np.array([2.0] * 9), np.arange(9)) == Undefined("fewer than 10 clusters")


def test_an_empty_denominator_gives_no_rate():
    assert rate(np.zeros(3), np.zeros(3), np.arange(3)) == Undefined("nobody is in the denominator")


def test_a_cluster_outside_the_denominator_does_not_count():
    assert _rate([1, 0, 0], [1, 1, 0]).clusters == 2


def test_a_difference_without_shared_clusters_is_newcombes():
    first, second = _rate([1] * 56 + [0] * 14, [1] * 70), _rate([1] * 48 + [0] * 32, [1] * 80, list(range(70, 150)))
    assert difference(first, second, 0.95) == pytest.approx((0.2000, 0.0524, 0.3339), abs=5e-5)


def test_siblings_on_both_sides_make_a_difference_surer():
    first = _rate([1] * 20 + [0] * 20, [1] * 40)
    alike, strangers = _rate([1] * 18 + [0] * 22, [1] * 40), _rate([1] * 18 + [0] * 22, [1] * 40, list(range(40, 80)))
    assert correlation(first, alike) > 0.8
    assert difference(first, alike, 0.95)[2] < difference(first, strangers, 0.95)[2] - 0.1


def test_the_smallest_gap_follows_its_formula():
    first, second = _rate([1] * 10 + [0] * 10, [1] * 20), _rate([1] * 30 + [0] * 50, [1] * 80)
    expected = (Z + normal_quantile(0.6)) * math.sqrt(0.4 * 0.6 * (1 / 20 + 1 / 80))
    assert smallest_gap(first, second, level=0.95, is_rate=True) == pytest.approx(expected)
