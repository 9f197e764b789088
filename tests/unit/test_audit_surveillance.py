"""Contacts and need: what a ratio of contacts leaves open, and how often need is found after one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from features.vocabulary.errors import WrongUsageError
from training.audit.disclosure.shares import shown_shares
from training.audit.intake import GroupColumn
from training.audit.statistics.estimate import LEVEL, Estimate, Undefined
from training.audit.statistics.intervals import normal_quantile, t_quantile
from training.audit.trial.surveillance import (
    Followed,
    hit_rates,
    rate_in_population,
    rate_of_events,
    surveillance,
)


def _rate(events: list[float], children: list[float], begin: int = 0) -> Estimate:
    found = rate_of_events(np.array(events), np.array(children), np.arange(begin, begin + len(events)))
    assert isinstance(found, Estimate)
    return found


GROUP = _rate([2.0] * 10 + [0.0] * 30, [2.0] * 40)
REST = _rate([1.0] * 40 + [0.0] * 160, [2.0] * 200, begin=40)


def test_contacts_per_child_have_the_score_interval_of_their_number():
    found = _rate([1.0] * 20 + [0.0] * 80, [1.0] * 100)
    z = normal_quantile(LEVEL)
    scale = (t_quantile(LEVEL, 99) / z) ** 2
    k, n = 20 / scale, 100 / scale
    half = z * math.sqrt(k + z**2 / 4)
    assert found.value == 20 / 100
    assert found.limits(LEVEL) == pytest.approx(((k + z**2 / 2 - half) / n, (k + z**2 / 2 + half) / n))


def test_contacts_of_siblings_are_not_separate_evidence():
    variance = 40 / 39 * sum((events - 0.25 * 2) ** 2 for events in [2.0] * 10 + [0.0] * 30) / 80**2
    assert GROUP.design_effect == pytest.approx(variance / (20 / 80**2))


def test_a_child_may_have_more_than_one_contact():
    found = _rate([3.0, 1.0] * 10, [1.0] * 20)
    assert found.value == 2
    assert found.limits(LEVEL)[0] > 1


def test_without_a_contact_there_is_still_an_upper_limit():
    low, high = _rate([0.0] * 50, [1.0] * 50).limits(LEVEL)
    assert low == 0
    assert high == pytest.approx(t_quantile(LEVEL, 49) ** 2 / 50)


def test_families_without_a_contact_need_not_be_in_the_records():
    everybody = _rate([2.0] * 10 + [1.0] * 10 + [0.0] * 4980, [1.0] * 5000)
    found = rate_in_population(np.array([2.0] * 10 + [1.0] * 10), np.arange(20), children=5000)
    assert isinstance(found, Estimate)
    assert found.value == everybody.value == 30 / 5000
    assert found.variance == pytest.approx(everybody.variance, rel=0.01)


def test_fewer_than_ten_families_or_no_population_give_no_rate():
    assert rate_of_events(np.ones(9), np.ones(9), np.arange(9)) == Undefined("fewer than 10 clusters")
    assert rate_in_population(np.ones(9), np.arange(9), children=90) == Undefined("fewer than 10 clusters")
    assert isinstance(rate_in_population(np.ones(20), np.arange(20), children=0), Undefined)


def test_surveillance_is_what_the_assumed_difference_in_need_leaves_of_the_ratio():
    found = surveillance(GROUP, REST, most_need=1.25)
    ratio = (20 / 80) / (40 / 400)
    low, high = found.ratio.limits(LEVEL)
    assert (found.low, found.high) == pytest.approx((ratio / 1.25, ratio * 1.25))
    assert (found.outer_low, found.outer_high) == pytest.approx((low / 1.25, high * 1.25))
    assert low < ratio < high


def test_if_need_differed_as_much_as_contacts_there_would_be_no_surveillance():
    ratio = surveillance(GROUP, REST).ratio.value
    assert surveillance(GROUP, REST, most_need=ratio).low == pytest.approx(1)


def test_the_range_contains_what_was_planted_where_need_differs_too():
    random = np.random.default_rng(4)
    is_marked = random.random(3000) < 0.3
    need = random.gamma(2, np.where(is_marked, 0.6, 0.5))
    contacts = random.poisson(0.3 * need * np.where(is_marked, 1.4, 1.0)).astype(float)
    group, rest = (
        rate_of_events(contacts[side], np.ones(int(side.sum())), np.flatnonzero(side))
        for side in (is_marked, ~is_marked)
    )
    found = surveillance(group, rest, most_need=1.5)
    assert found.low < 1.4 < found.high
    assert found.ratio.limits(LEVEL)[0] < 1.4 * 0.6 / 0.5 < found.ratio.limits(LEVEL)[1]


def test_nobody_elses_contacts_give_no_ratio_and_need_below_one_is_refused():
    assert isinstance(surveillance(GROUP, _rate([0.0] * 20, [1.0] * 20, begin=90)), Undefined)
    with pytest.raises(WrongUsageError, match="assumed difference in need is out of range"):
        surveillance(GROUP, REST, most_need=0.9)


def _followed() -> tuple[Followed, dict[str, GroupColumn]]:
    """Draw 200 contacts: in band 0 need is found after 2 of 10, in band 1 after 6 of 10; F has more of band 0."""
    codes = np.repeat([0, 1, 2], [90, 90, 20])
    band = np.concatenate([np.repeat([0, 1], [60, 30]), np.repeat([0, 1], [30, 60]), np.repeat([0, 1], [10, 10])])
    is_found = np.arange(200) % 10 < np.where(band == 0, 2, 6)
    columns = {"sex": GroupColumn(("F", "M", None), codes)}
    return Followed(is_found, np.arange(200) // 2, np.arange(200) // 2, band), columns


def test_need_is_found_less_often_where_more_contacts_come_from_a_lower_band_and_as_often_within_it():
    followed, columns = _followed()
    of_f = next(share for share in hit_rates(followed, columns) if share.group == "F")
    assert of_f.outcome.value == (12 + 18) / 90
    others = (6 + 36 + 2 + 6) / 110
    assert of_f.beside["gap_to_everyone_else"].value == pytest.approx(30 / 90 - others)
    assert of_f.beside["ratio_to_everyone_else"].value == pytest.approx(30 / 90 / others)
    assert of_f.beside["ratio_at_equal_band"].value == pytest.approx(1)


def test_hit_rates_count_children_and_leave_through_the_gate_with_the_missing_as_a_group():
    shown = shown_shares(hit_rates(*_followed()), "internal")
    assert [each["group"] for each in shown] == [None, "F", "M", None]
    assert [each["attribute"] for each in shown] == [None, "sex", "sex", "sex"]
    assert [each.children for each in hit_rates(*_followed())] == [100, 45, 45, 10]


def test_without_bands_there_is_no_comparison_at_an_equal_one():
    followed, columns = _followed()
    plain = hit_rates(Followed(followed.is_found, followed.child, followed.cluster), columns)
    assert "ratio_at_equal_band" not in plain[1].beside
