"""Golden rows: invented, shaped like real ones, and never one of them."""

from __future__ import annotations

import polars as pl

from tests.drawn_models import INDICATORS, fitted, matrix
from training.registry.golden import golden, synthetic_rows, worst_difference

FLAGS = pl.DataFrame({"is_one": [0, 1, 0, 1] * 50, "is_other": [0, 0, 1, 1] * 50}, schema_overrides={"is_one": pl.Int8})


def test_a_drawn_row_that_equals_a_real_one_is_thrown_away() -> None:
    invented = synthetic_rows(FLAGS, ("is_one", "is_other"), seed=1)
    assert invented.height > 0
    assert set(invented.rows()).isdisjoint(FLAGS.rows())


def test_rows_are_invented_in_the_matrixs_types_and_the_same_again() -> None:
    invented = synthetic_rows(matrix(), INDICATORS, seed=3)
    assert invented.schema == matrix().select(INDICATORS).schema
    assert invented.equals(synthetic_rows(matrix(), INDICATORS, seed=3))
    assert not invented.equals(synthetic_rows(matrix(), INDICATORS, seed=4))


def test_a_value_that_few_children_have_is_not_taken_over() -> None:
    rare = matrix().with_columns(pl.when(pl.col("child_id") == "C00007").then(99).otherwise(1).alias(INDICATORS[0]))
    assert 99 not in synthetic_rows(rare, INDICATORS, seed=1, rows=200)[INDICATORS[0]]


def test_a_column_that_is_missing_throughout_stays_missing() -> None:
    empty = matrix().with_columns(pl.lit(None, pl.Int16).alias(INDICATORS[2]))
    assert synthetic_rows(empty, INDICATORS, seed=1)[INDICATORS[2]].null_count() == 20


def test_rows_of_another_models_indicators_do_not_come_out() -> None:
    one = fitted("logistic")
    stored = golden(one.model, one.calibrator, synthetic_rows(matrix(), INDICATORS, seed=1))
    assert worst_difference(one.model, one.calibrator, stored) == 0
    assert worst_difference(one.model, one.calibrator, stored | {"indicators": ["other"]}) == float("inf")
