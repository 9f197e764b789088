"""Whether things are written down equally, and what a ratio can and cannot say, with the arithmetic shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.trial.measurement import (
    Bounded,
    MeasurementColumns,
    bounded,
    measurement_section,
    recorded_equally,
    scaled,
    written_ratio,
)

if TYPE_CHECKING:
    from training.audit.disclosure.shares import Share

COLUMNS = MeasurementColumns(characteristics=("group",), indicators=("abuse",))


def _rows(*cells: tuple[str, str, int, int], without_value: int = 0) -> pl.DataFrame:
    """Draw children: the group, the stage, how many, and of how many the factor is written."""
    rows = [
        {"group": group, "stage": stage, "abuse": int(at < n_written)}
        for group, stage, n, n_written in cells
        for at in range(n)
    ]
    rows += [{"group": "A", "stage": "low", "abuse": None}] * without_value
    table = pl.DataFrame(rows, schema={"group": pl.String, "stage": pl.String, "abuse": pl.Int64})
    return table.with_row_index("cluster").with_columns(pl.col("cluster").cast(pl.String))


EQUAL_STAGES = _rows(("A", "low", 100, 10), ("B", "low", 100, 20), ("A", "high", 50, 20), ("B", "high", 200, 160))


def _sure(outcome: Outcome) -> Estimate:
    assert isinstance(outcome, Estimate)
    return outcome


def _line(shares: list[Share], measure: str, group: str | None) -> Share:
    (found,) = [each for each in shares if each.measure == measure and each.group == group and each.attribute]
    return found


def test_how_often_a_factor_is_written_is_compared_at_an_equal_stage() -> None:
    line = _line(recorded_equally(EQUAL_STAGES, COLUMNS), "abuse: above 0, by group", "A")
    assert (line.counted, line.children) == (30, 150)
    # Half as often at either stage; the bare ratio would be (30 / 150) / (180 / 300), a third.
    assert _sure(line.beside["ratio"]).value == pytest.approx(0.5)


def test_a_value_that_is_missing_is_not_one_that_was_not_written() -> None:
    shares = recorded_equally(_rows(("A", "low", 40, 10), ("B", "low", 50, 20), without_value=10), COLUMNS)
    has_value, written = (_line(shares, f"abuse: {what}, by group", "A") for what in ("has a value", "above 0"))
    assert (has_value.counted, has_value.children) == (40, 50)
    assert (written.counted, written.children) == (10, 40)


def test_where_every_row_has_a_value_that_is_not_said_of_each_group() -> None:
    assert {each.measure for each in recorded_equally(EQUAL_STAGES, COLUMNS)} == {"abuse: above 0, by group"}


def test_a_number_of_which_nought_means_something_is_not_asked_whether_it_was_written() -> None:
    table = _rows(("A", "low", 40, 10), ("B", "low", 50, 20), without_value=10)
    measures = {each.measure for each in recorded_equally(table, replace(COLUMNS, written=()))}
    assert measures == {"abuse: has a value, by group"}


def test_groups_add_up_to_everybody() -> None:
    everybody, *groups = recorded_equally(EQUAL_STAGES, COLUMNS)
    assert everybody.counted == sum(each.counted for each in groups)
    assert everybody.children == sum(each.children for each in groups)


def test_two_assessments_of_a_child_are_one_child() -> None:
    table = EQUAL_STAGES.with_columns(child=(pl.int_range(pl.len()) // 2).cast(pl.String))
    line = _line(recorded_equally(table, replace(COLUMNS, child="child")), "abuse: above 0, by group", "A")
    assert (line.children, _sure(line.outcome).n) == (75, 150)


def test_recording_lies_between_the_ratio_over_and_times_the_largest_ratio_of_need() -> None:
    line = _line(recorded_equally(EQUAL_STAGES, COLUMNS, need_ratio=1.25), "abuse: above 0, by group", "A")
    assert _sure(line.beside["recording_at_least"]).value == pytest.approx(0.5 / 1.25)
    assert _sure(line.beside["recording_at_most"]).value == pytest.approx(0.5 * 1.25)


def test_bounds_take_the_ends_of_the_ratios_interval_with_them() -> None:
    ratio = _sure(written_ratio(EQUAL_STAGES, COLUMNS, first=(EQUAL_STAGES["group"] == "A").to_numpy()))
    low, high = ratio.limits(0.95)
    found = bounded(ratio, 1.5)
    assert isinstance(found, Bounded)
    assert (found.low_limit, found.high_limit) == pytest.approx((low / 1.5, high * 1.5))
    assert scaled(ratio, 2.0).limits(0.95) == pytest.approx((2 * low, 2 * high))  # type: ignore[union-attr]  # an estimate


def test_several_factors_are_pooled_each_at_its_own_stage() -> None:
    table = EQUAL_STAGES.with_columns(never=pl.lit(0), always=pl.lit(1))
    is_a = (table["group"] == "A").to_numpy()
    pooled = _sure(written_ratio(table, replace(COLUMNS, indicators=("abuse", "always")), first=is_a))
    low, high = (n_a * n_b / (n_a + n_b) for n_a, n_b in ((100, 100), (50, 200)))
    top, bottom = 0.1 * low + 0.4 * high + low + high, 0.2 * low + 0.8 * high + low + high
    assert pooled.value == pytest.approx(top / bottom)
    with_never = _sure(written_ratio(table, replace(COLUMNS, indicators=("abuse", "never")), first=is_a))
    assert with_never.value == pytest.approx(0.5)


def test_nothing_written_gives_no_bounds() -> None:
    table = _rows(("A", "low", 40, 0), ("B", "low", 50, 0))
    found = bounded(written_ratio(table, COLUMNS, first=(table["group"] == "A").to_numpy()))
    assert found == Undefined("nobody of one of the two groups is counted")


def test_of_ratios_that_are_all_one_about_none_stands_out() -> None:
    random = np.random.default_rng(6)
    names = [f"factor {at}" for at in range(40)]
    drawn = {name: random.random(400) < 0.3 for name in names} | {"written less": random.random(400) < 0.3}
    table = pl.DataFrame(drawn).with_columns(
        pl.Series("group", ["A", "B"] * 200), pl.lit("low").alias("stage"), cluster=pl.int_range(400).cast(pl.String)
    )
    table = table.with_columns(pl.col("written less") | (pl.col("group") == "B"))
    columns = MeasurementColumns(characteristics=("group",), indicators=(*names, "written less"))
    lines = measurement_section(table, columns, "internal")["shares"]
    assert {each["measure"] for each in lines if each.get("stands_out")} == {"written less: above 0, by group"}


@pytest.mark.parametrize(("families", "is_named"), [(6, False), (12, True)])
def test_a_group_of_fewer_than_ten_families_does_not_stand_out(families: int, *, is_named: bool) -> None:
    family = pl.col("cluster").cast(pl.Int64) % families
    of_c = _rows(("C", "low", 24, 24)).with_columns(cluster="x" + family.cast(pl.String))
    lines = measurement_section(pl.concat([EQUAL_STAGES, of_c]), COLUMNS, "internal")["shares"]
    (found,) = [each for each in lines if each["group"] == "C"]
    assert found["ratio"]["low"] > 1
    assert found["stands_out"] is is_named


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_a_small_group_is_withheld_with_its_bounds(disclosure: str) -> None:
    table = pl.concat([EQUAL_STAGES, _rows(("C", "low", 4, 2)).with_columns(pl.col("cluster") + "x")])
    lines = measurement_section(table, COLUMNS, disclosure)["shares"]  # type: ignore[arg-type]  # a parameter is text
    (few,) = [each for each in lines if each["group"] == "C"]
    assert few["share"] == few["recording_at_most"] == {"suppressed": True}
    assert "stands_out" not in few


def test_the_words_say_that_the_size_cannot_be_told_from_records() -> None:
    words = " ".join(measurement_section(EQUAL_STAGES, COLUMNS, "internal")["words"])
    assert "cannot be told from records" in words
    assert "an assumption, not a finding" in words
