"""Base rates that jump near the end of the data, as they do where the time to see an outcome was cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.audit.disclosure.shares import shown_shares
from training.audit.trial.followup import AFTER, BEFORE, JUMP, cut_short, shares_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.audit.statistics.estimate import BoolArray, IntArray


def _rows(per_hundred: Sequence[int], *, rows: int = 100) -> tuple[IntArray, BoolArray]:
    """Draw months of as many rows each, of which so many in a hundred have the outcome."""
    month = np.repeat(np.arange(len(per_hundred)), rows)
    at = np.tile(np.arange(rows), len(per_hundred))
    return month, at * 100 < np.array(per_hundred)[month] * rows


def _alone(month: IntArray) -> IntArray:
    return np.arange(month.size)


def test_months_in_which_nobody_has_the_outcome_yet_are_found():
    month, outcome = _rows([20] * 12 + [0] * 3)
    found = cut_short(month, outcome, cluster=_alone(month))
    assert (found.first_moment, found.n_periods, found.ratio) == (12, 3, 0)
    assert (found.earlier.value, found.last.value) == (0.2, 0)
    assert "may have been cut short" in found.reason


def test_months_in_which_only_those_with_the_outcome_are_kept_are_found():
    month, outcome = _rows([20] * 12 + [90] * 2)
    found = cut_short(month, outcome, cluster=_alone(month))
    assert (found.first_moment, found.n_periods) == (12, 2)
    assert found.ratio == pytest.approx(90 / 20, rel=0.01)
    assert "may not be there yet" in found.reason


def test_a_share_that_falls_month_by_month_to_the_end_is_found():
    month, outcome = _rows([20] * 12 + [18, 15, 12, 9, 6, 3])
    found = cut_short(month, outcome, cluster=_alone(month))
    assert found.ratio < 1 / JUMP
    assert found.first_moment in (13, 14, 15)


def test_a_steady_trend_is_no_jump():
    month, outcome = _rows([10 + at for at in range(18)], rows=1000)
    assert cut_short(month, outcome, cluster=_alone(month)) is None


def test_a_rise_such_as_a_season_brings_is_no_jump_however_many_rows_there_are():
    month, outcome = _rows([20] * 12 + [23] * 3, rows=5000)
    assert cut_short(month, outcome, cluster=_alone(month)) is None


def test_months_that_differ_as_much_before_are_no_jump():
    month, outcome = _rows([10, 30, 20, 35, 8, 25, 12, 33, 21, 9, 28, 34], rows=1000)
    assert cut_short(month, outcome, cluster=_alone(month)) is None


def test_few_families_of_many_children_are_no_surprise():
    month, outcome = _rows([20] * 8 + [0])
    assert cut_short(month, outcome, cluster=_alone(month)) is not None
    assert cut_short(month, outcome, cluster=np.arange(month.size) // 10 * 10) is None


def test_what_few_families_before_lead_to_expect_is_itself_unsure():
    month, row = np.repeat([0, 1], [200, 300]), np.arange(500)
    families = np.where(month == 0, row // 10, row)
    outcome = np.where(month == 0, families % 2 == 0, row % 10 < 3)
    assert cut_short(month, outcome, cluster=np.arange(500)) is not None
    assert cut_short(month, outcome, cluster=families) is None


def test_a_jump_lies_where_it_explains_most_not_where_it_is_most_surprising():
    month, outcome = _rows([20] * 6 + [0] * 3)
    assert cut_short(month, outcome, cluster=_alone(month)).first_moment == 6


def test_fewer_than_ten_families_after_the_jump_say_nothing():
    month, outcome = _rows([50] * 10, rows=9)
    assert cut_short(month, outcome & (month < 9), cluster=_alone(month)) is None


def test_one_month_no_rows_and_nobody_with_the_outcome_give_nothing():
    month, outcome = _rows([20])
    assert cut_short(month, outcome, cluster=_alone(month)) is None
    assert cut_short(month[:0], outcome[:0], cluster=month[:0]) is None
    month, outcome = _rows([0] * 6)
    assert cut_short(month, outcome, cluster=_alone(month)) is None


def test_days_are_put_into_periods_that_end_with_the_last_day():
    month, outcome = _rows([20] * 12 + [0] * 3)
    day = 1000 + month * 30 + np.random.default_rng(1).integers(0, 30, month.size)
    found = cut_short(day, outcome, cluster=_alone(month))
    assert found.ratio == pytest.approx(0, abs=0.1)
    assert abs(found.first_moment - (1000 + 12 * 30)) < 20


def test_both_parts_leave_through_the_gate_with_their_children():
    month, outcome = _rows([20] * 12 + [0] * 3)
    child = _alone(month) // 2
    found = cut_short(month, outcome, cluster=child)
    shown = shown_shares(shares_around(found, month, outcome, cluster=child, child=child), "internal")
    assert [each["group"] for each in shown] == [None, BEFORE, AFTER]
    assert [each["share"]["n"] for each in shown] == [1500, 1200, 300]
