"""Tallies hold what the rows say: every rate, interval and correlation at every threshold, against counting by hand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from training.audit import AuditSettings
from training.audit.counts.measures import DENOMINATORS, NUMERATORS, rates_of
from training.audit.intake import Sample, take_in
from training.audit.measuring import measure_groups
from training.audit.settings import RATES
from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.gaps import p_value, ratio
from training.audit.statistics.intervals import correlation, difference, rate

if TYPE_CHECKING:
    from training.audit.groups import Group, Measured

ASKED = AuditSettings(
    "outcome", "score", ("fixed", "moving"), capacity=0.3, child="child", cluster="home", reference={"moving": "b"},
    intersections=2,
)  # fmt: skip


@cache
def _measured(rows: int = 900) -> tuple[Sample, Measured]:
    random = np.random.default_rng(3)
    child = random.integers(0, rows // 4, rows)
    fixed = random.choice(["x", "y", "z"], rows // 4)[child]
    drawn = {"child": child, "home": child // 3, "fixed": fixed, "moving": random.choice(["a", "b", "c"], rows)}
    table = pl.DataFrame(drawn | {"score": random.random(rows).round(2), "outcome": random.random(rows) < 0.3})
    sample = take_in(table, ASKED)
    return sample, measure_groups(sample, ASKED)


def _by_hand(chosen: np.ndarray, measure: str, at: int) -> Outcome:
    sample, _ = _measured()
    flagged = sample.score >= sample.thresholds[at]
    cell = np.where(flagged, np.where(sample.outcome, "tp", "fp"), np.where(sample.outcome, "fn", "tn"))
    counted = [chosen & np.isin(cell, cells[measure]) for cells in (NUMERATORS, DENOMINATORS)]
    return rate(*[np.bincount(sample.cluster, rows) for rows in counted], np.arange(sample.n_clusters))


def _chosen(group: Group) -> np.ndarray:
    sample, _ = _measured()
    chosen = np.ones(sample.outcome.size, dtype=bool)
    for name, value in zip(group.attributes, group.values, strict=True):
        chosen &= sample.groups[name].codes == sample.groups[name].values.index(value)
    return chosen


@pytest.mark.parametrize("measure", RATES)
def test_every_group_at_every_threshold_has_the_rates_and_intervals_of_its_rows(measure: str):
    sample, measured = _measured()
    for group in measured.every:
        assert group.counts is not None
        for at in range(sample.thresholds.size):
            found, mine = rates_of(group.counts, measure).outcome(0, at), _by_hand(_chosen(group), measure, at)
            if isinstance(mine, Undefined) or isinstance(found, Undefined):
                assert found == mine
            else:
                assert (found.k, found.n, found.clusters) == (mine.k, mine.n, mine.clusters)
                assert found.limits(0.95) == pytest.approx(mine.limits(0.95), abs=1e-12)


@pytest.mark.parametrize("measure", RATES)
def test_others_and_the_clusters_shared_with_them_are_those_of_the_rows(measure: str):
    sample, measured = _measured()
    for group in measured.singles:
        for against in group.against:
            others = ~_chosen(group) if against.reference is None else sample.groups["moving"].codes == 1
            mine, theirs = (_by_hand(chosen, measure, sample.main) for chosen in (_chosen(group), others))
            found = against.measures[measure]
            if isinstance(found, Undefined) or isinstance(theirs, Undefined) or isinstance(mine, Undefined):
                assert found == theirs or isinstance(mine, Undefined)
                continue
            assert found.limits(0.95) == pytest.approx(theirs.limits(0.95), abs=1e-12)
            assert against.together[measure] == pytest.approx(correlation(mine, theirs), abs=1e-9)


@pytest.mark.parametrize("measure", RATES)
def test_all_at_once_are_the_same_figures(measure: str):
    sample, measured = _measured()
    for group in measured.singles:
        assert group.counts is not None
        rates = rates_of(group.counts, measure)
        value, low, high = (part[0] for part in rates.figures(0.95))
        for at in range(sample.thresholds.size):
            one = rates.outcome(0, at)
            if isinstance(one, Undefined):
                assert np.isnan(value[at])
            else:
                assert (low[at], high[at]) == pytest.approx(one.limits(0.95), abs=1e-12)


def test_distinct_children_are_counted_in_each_cell():
    sample, measured = _measured()
    for group in measured.singles:
        flagged = sample.score >= sample.cut_off
        chosen = _chosen(group) & flagged & sample.outcome
        assert group.cells["tp"] == len(set(sample.child[chosen].tolist()))
        assert group.children == len(set(sample.child[_chosen(group)].tolist()))


def test_blocks_of_clusters_add_up_to_the_same(monkeypatch: pytest.MonkeyPatch):
    sample, measured = _measured()
    monkeypatch.setattr("training.audit.counts.counting.ROWS_AT_A_TIME", 50)
    again = measure_groups(sample, ASKED)
    for one, other in zip(measured.every, again.every, strict=True):
        assert one.counts is not None
        assert other.counts is not None
        assert all(np.array_equal(getattr(one.counts, name), getattr(other.counts, name)) for name in vars(one.counts))


def _share(k: int, n: int) -> Estimate:
    found = rate(np.repeat([1.0, 0.0], [k, n - k]), np.ones(n), np.arange(n))
    assert isinstance(found, Estimate)
    return found


def test_a_ratio_of_small_counts_has_koopmans_interval(monkeypatch: pytest.MonkeyPatch):
    # why: Koopman's own example of 1984 has large counts, for which the log method stands otherwise
    monkeypatch.setattr("training.audit.statistics.gaps.FEW", 100)
    found = ratio(_share(36, 40), _share(16, 80), 0.95, together=0.0)
    assert found == pytest.approx((4.5, 2.94, 7.15), abs=0.005)


def test_a_ratio_of_large_counts_has_the_log_methods_interval():
    error = np.sqrt(0.5 / 20 + 0.8 / 16)  # (1 - p) / k of 20 of 40 and 16 of 80
    assert ratio(_share(20, 40), _share(16, 80), 0.95, together=0.0) == pytest.approx(
        (2.5, 2.5 * np.exp(-1.959964 * error), 2.5 * np.exp(1.959964 * error)), abs=1e-6
    )


def test_a_ratio_to_nobody_is_none_and_one_of_nobody_begins_at_nought():
    assert ratio(_share(3, 20), _share(0, 20), 0.95, together=0.0) is None
    found = ratio(_share(0, 20), _share(10, 40), 0.95, together=0.0)
    assert found is not None
    assert found[:2] == (0.0, 0.0)


def test_a_gap_is_as_surprising_as_the_level_at_which_its_interval_reaches_nought():
    first, second = _share(9, 20), _share(15, 20)
    p = p_value(first, second, together=0.0, is_rate=True)
    assert difference(first, second, 1 - p, together=0.0)[2] == pytest.approx(0, abs=1e-9)
    assert p_value(first, first, together=0.0, is_rate=True) == 1.0
