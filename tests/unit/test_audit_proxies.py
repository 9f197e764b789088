"""How well columns tell a group: alone, together, and by where homes lie; on invented columns with known answers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.rates_of_rows import gap_of
from training.audit.trial.concentration import concentration
from training.audit.trial.proxies import (
    ProxyColumns,
    auc_of,
    auc_together,
    beyond_chance,
    numbers_of,
    proxy_section,
    told_by_numbers,
)
from training.audit.trial.telling import folds_of, told_together

ROWS = 400
IS_IN = np.arange(ROWS) % 4 == 0
NOISE = np.random.default_rng(11).normal(size=(ROWS, 12))
COLUMNS = ProxyColumns(characteristics=("group",), numbers=("plain", "noisy"), always={"noisy": "not looked at yet"})


def _sure(outcome: Outcome) -> Estimate:
    assert isinstance(outcome, Estimate)
    return outcome


def _table() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "group": np.where(IS_IN, "A", "B"),
            "plain": NOISE[:, 0] + 2.0 * IS_IN,
            "noisy": NOISE[:, 1],
            "cluster": [f"F{at // 2}" for at in range(ROWS)],
        }
    )


def test_a_column_alone_is_the_share_of_pairs_in_which_the_group_lies_above() -> None:
    values = np.array([3.0, 1.0] * 10 + [2.0, 0.0] * 10)
    is_in = np.arange(40) < 20
    # Of the pairs of 3, 1 with 2, 0 three of four are above.
    assert _sure(auc_of(values, is_in, np.arange(40))).value == pytest.approx(3 / 4)


def test_rows_without_a_value_are_left_out_of_a_column() -> None:
    values = np.array([3.0, 1.0] * 10 + [2.0, 0.0] * 10 + [math.nan] * 10)
    found = _sure(auc_of(values, np.arange(50) < 20, np.arange(50)))
    assert (found.value, found.n) == (pytest.approx(3 / 4), 40)


def test_a_column_without_any_value_tells_nothing() -> None:
    assert auc_of(np.full(40, math.nan), IS_IN[:40], np.arange(40)) == Undefined("no row has a value")


def test_what_chance_alone_gives_is_not_beyond_chance() -> None:
    told = NOISE.copy()
    told[:, 3] -= 1.5 * IS_IN
    beyond = beyond_chance(told, np.column_stack([IS_IN]))[:, 0]
    assert int(beyond.argmax()) == 3
    assert (beyond[np.arange(12) != 3] == 0).mean() >= 0.75


def test_a_family_is_never_learnt_from_and_tried_on_at_once() -> None:
    cluster = np.random.default_rng(12).integers(0, 90, ROWS)
    fold = folds_of(cluster)
    assert all(np.unique(fold[cluster == family]).size == 1 for family in np.unique(cluster))
    assert np.bincount(fold).min() > ROWS / 5 / 2


def test_columns_together_tell_what_each_tells_little_of() -> None:
    values = NOISE + 0.7 * IS_IN[:, None]
    together = told_together(values, np.column_stack([IS_IN]), np.arange(ROWS))[:, 0]
    # Twelve columns a distance of 0.7 apart are 0.7 x 12^0.5 apart together: an AUC of Phi(2.42 / 2^0.5), 0.96.
    assert _sure(auc_of(together, IS_IN, np.arange(ROWS))).value > 0.9


def test_columns_of_noise_do_not_tell_the_group_on_other_families() -> None:
    wide = np.random.default_rng(13).normal(size=(ROWS, 80))
    together = told_together(wide, np.column_stack([IS_IN]), np.arange(ROWS))[:, 0]
    low, high = _sure(auc_of(together, IS_IN, np.arange(ROWS))).limits(0.99)
    assert low < 0.5 < high


def test_what_was_learnt_is_tried_with_twice_the_variance() -> None:
    together = told_together(NOISE, np.column_stack([IS_IN]), np.arange(ROWS))[:, 0]
    learnt, plain = (of(together, IS_IN, np.arange(ROWS)) for of in (auc_together, auc_of))
    assert _sure(learnt).variance == pytest.approx(2 * _sure(plain).variance)
    wide, narrow = (np.diff([math.log(p / (1 - p)) for p in _sure(one).limits(0.95)]) for one in (learnt, plain))
    assert wide / narrow == pytest.approx(math.sqrt(2))


def test_that_a_value_is_missing_tells_a_group_too() -> None:
    values = NOISE.copy()
    values[IS_IN & (np.arange(ROWS) % 8 == 0), 0] = math.nan
    together = told_together(values, np.column_stack([IS_IN]), np.arange(ROWS))[:, 0]
    assert _sure(auc_of(together, IS_IN, np.arange(ROWS))).value > 0.65


def test_the_same_rows_give_the_same_places() -> None:
    groups = np.column_stack([IS_IN, ~IS_IN])
    first, again = (told_together(NOISE, groups, np.arange(ROWS)) for _ in range(2))
    assert np.array_equal(first, again)


def test_the_best_columns_are_named_and_those_asked_for_always() -> None:
    shares = told_by_numbers(_table(), COLUMNS)
    assert [each.group for each in shares] == [None, "A", "B"]
    assert list(shares[1].beside) == ["auc", "auc of plain", "auc of noisy"]
    assert _sure(shares[1].beside["auc of plain"]).value > 0.85
    assert _sure(shares[1].beside["auc"]).value > 0.85


def test_everybody_guessed_is_the_sum_of_the_groups_guessed() -> None:
    everybody, *groups = told_by_numbers(_table(), COLUMNS)
    assert everybody.counted == sum(each.counted for each in groups)
    assert everybody.children == sum(each.children for each in groups) == ROWS


def test_truth_values_and_missing_ones_are_numbers() -> None:
    table = pl.DataFrame({"a": [True, False, None], "b": [2, None, 1]})
    assert np.array_equal(numbers_of(table, ["a", "b"]), [[1, 2], [0, math.nan], [math.nan, 1]], equal_nan=True)


def _homes(*, share: float, n: int = 1500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw homes in thirty sectors: of a quarter of families a share lies in three of them, of others a tenth."""
    random = np.random.default_rng(3)
    family = np.arange(n) // 2
    is_in = family % 4 == 0
    own = random.random(n) < np.where(is_in, share, 0.1)
    return np.where(own, random.integers(0, 3, n), random.integers(3, 30, n)), is_in, family


def test_a_group_that_lives_apart_is_found_there_and_the_share_is_not_flattered() -> None:
    there = concentration(*_homes(share=0.6))
    low, high = _sure(there.inside).limits(0.95)
    assert low < 0.6 < high
    assert _sure(there.others).value == pytest.approx(0.1, abs=0.03)
    assert there.n_categories == 3


def test_a_group_that_lives_like_others_is_found_nowhere_more_often() -> None:
    low, high = _sure(concentration(*_homes(share=0.1)).gap).limits(0.95)
    assert low < 0 < high


def test_where_categories_are_chosen_by_chance_the_interval_of_the_gap_says_so() -> None:
    sector, _, family = _homes(share=0.1)
    is_in = np.random.default_rng(8).random(750)[family] < 0.25
    there = concentration(sector, is_in, family)
    plain = gap_of(there.inside, there.others)
    assert _sure(there.gap).variance > 1.5 * _sure(plain).variance
    assert _sure(there.gap).value == _sure(plain).value


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_few_families_are_withheld_however_many_homes_they_had(disclosure: str) -> None:
    sector, is_in, family = _homes(share=0.6)
    few = family < 3
    homes = pl.DataFrame(
        {
            "group": np.where(few, "A", np.where(is_in, "B", "C")),
            "sector": [f"S{at}" for at in sector],
            "cluster": [f"F{at}" for at in family],
        }
    )
    asked = replace(COLUMNS, numbers=(), categories=("sector",), always={})
    section = proxy_section(homes, asked, disclosure)  # type: ignore[arg-type]  # a parameter is plain text
    of_few = [each for each in section["categories"] if each["group"] == "A"]
    assert len(of_few) == 3
    assert all(
        figure == {"suppressed": True} for each in of_few for figure in (each["share"], each.get("gap")) if figure
    )
