"""How well children are recorded, and what siblings can tell of whom it happens more often, in visible arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.stratified import ratio_at_equal_stage
from training.audit.trial.recording import (
    RecordingColumns,
    compared,
    likeness_of_siblings,
    not_recorded,
    recording_ratio,
    recording_section,
)

COLUMNS = RecordingColumns(characteristics=("ethnic_group",), compared="ethnic_group", known_by="of_siblings")


def _children(*cells: tuple[str | None, str, int, int]) -> pl.DataFrame:
    """Draw children: the siblings' group, the stage, how many, and of how many the group is not recorded."""
    rows = [
        {"of_siblings": group, "stage": stage, "ethnic_group": None if at < n_missing else "Any"}
        for group, stage, n, n_missing in cells
        for at in range(n)
    ]
    texts = dict.fromkeys(rows[0], pl.String)
    return pl.DataFrame(rows, schema=texts).with_row_index("cluster").with_columns(pl.col("cluster").cast(pl.String))


def _sure(outcome: Outcome) -> Estimate:
    assert isinstance(outcome, Estimate)
    return outcome


def test_the_share_not_recorded_is_given_of_all_and_of_each_place() -> None:
    children = _children(("A", "early help", 20, 4), ("A", "child in need", 30, 3))
    shares = not_recorded(children, COLUMNS)
    assert [(each.attribute, each.group, each.counted, each.children) for each in shares] == [
        (None, None, 7, 50),
        ("stage", "child in need", 3, 30),
        ("stage", "early help", 4, 20),
    ]


def test_each_place_is_held_against_everywhere_else() -> None:
    shares = not_recorded(_children(("A", "early help", 20, 4), ("A", "child in need", 30, 3)), COLUMNS)
    assert _sure(shares[2].beside["gap"]).value == pytest.approx(4 / 20 - 3 / 30)


def test_a_place_that_is_not_recorded_is_a_place_of_its_own() -> None:
    children = _children(("A", "early help", 20, 4)).with_columns(team=pl.Series(["East", None] * 10))
    shares = not_recorded(children, replace(COLUMNS, where=("team",)))
    assert [(each.group, each.children) for each in shares[1:]] == [("East", 10), (None, 10)]


def test_the_ratio_is_taken_at_an_equal_stage() -> None:
    children = _children(("A", "low", 100, 40), ("B", "low", 300, 60), ("A", "high", 200, 8), ("B", "high", 100, 2))
    found = _sure(recording_ratio(children, COLUMNS, first=["A"]))
    # Mantel and Haenszel: the bare ratio would be (48 / 300) / (62 / 400), 1.03.
    top = 40 * 300 / 400 + 8 * 100 / 300
    bottom = 60 * 100 / 400 + 2 * 200 / 300
    assert found.value == pytest.approx(top / bottom)


def test_the_interval_of_one_stage_is_the_log_methods() -> None:
    found = _sure(recording_ratio(_children(("A", "low", 400, 120), ("B", "low", 800, 80)), COLUMNS, first=["A"]))
    error = math.sqrt(1 / 120 - 1 / 400 + 1 / 80 - 1 / 800)
    low, high = found.limits(0.95)
    assert math.log(high / low) / 2 / error == pytest.approx(1.96, rel=0.02)


def test_few_who_are_counted_widen_the_interval_as_students_t_says() -> None:
    found = _sure(recording_ratio(_children(("A", "low", 400, 3), ("B", "low", 800, 80)), COLUMNS, first=["A"]))
    low, high = found.limits(0.95)
    # Three families with somebody counted leave two degrees of freedom: 4.303 standard errors.
    assert math.log(high / low) / 2 == pytest.approx(4.303 * math.sqrt(found.variance) / found.value, rel=1e-3)


def test_rows_of_one_family_count_as_one_piece_of_evidence() -> None:
    once = _children(("A", "low", 100, 40), ("B", "low", 100, 20))
    twice = _sure(recording_ratio(pl.concat([once, once]), COLUMNS, first=["A"]))
    assert twice.limits(0.95) == pytest.approx(_sure(recording_ratio(once, COLUMNS, first=["A"])).limits(0.95))
    assert twice.design_effect == pytest.approx(2, rel=0.02)


def test_a_child_whose_siblings_tell_nothing_takes_no_part_in_the_ratio() -> None:
    known = _children(("A", "low", 100, 40), ("B", "low", 100, 20))
    more = pl.concat([known, _children((None, "low", 50, 50)).with_columns(pl.col("cluster") + "x")])
    assert _sure(recording_ratio(more, COLUMNS, first=["A"])).value == 2.0


def test_groups_lie_beside_everybody_with_those_of_whom_nothing_is_known() -> None:
    children = _children(("A", "low", 30, 9), ("B", "low", 60, 6), (None, "low", 10, 5))
    shares = compared(children, replace(COLUMNS, reference="B"))
    assert [(each.group, each.counted, each.children) for each in shares] == [
        (None, 20, 100),
        ("A", 9, 30),
        ("B", 6, 60),
        (None, 5, 10),
    ]
    assert _sure(shares[1].beside["ratio_to_reference"]).value == pytest.approx((9 / 30) / (6 / 60))
    assert shares[3].beside == {}


def test_families_that_are_asked_once_for_all_children_are_seen_to_be() -> None:
    # Of a hundred families of two children twenty are not recorded at all, five of one child.
    missing = [True] * 40 + [True, False] * 5 + [False] * 150
    children = pl.DataFrame(
        {
            "cluster": [f"F{at // 2}" for at in range(200)],
            "ethnic_group": [None if is_missing else "Any" for is_missing in missing],
        }
    )
    assert _sure(likeness_of_siblings(children, COLUMNS)).value == pytest.approx((40 / 45) / (5 / 155))


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_a_group_of_few_children_is_withheld_with_its_ratio(disclosure: str) -> None:
    children = _children(("A", "low", 4, 2), ("B", "low", 60, 20), (None, "low", 40, 15))
    section = recording_section(children, COLUMNS, disclosure)  # type: ignore[arg-type]  # a parameter is plain text
    (few,) = [each for each in section["compared"] if each["group"] == "A"]
    assert few["share"] == few["ratio"] == {"suppressed": True}


def test_without_anybody_counted_in_one_group_there_is_no_ratio() -> None:
    found = recording_ratio(_children(("A", "low", 30, 3), ("B", "low", 30, 0)), COLUMNS, first=["A"])
    assert found == Undefined("nobody of one of the two groups is counted")


def test_fewer_than_ten_families_give_no_ratio() -> None:
    zeros = np.zeros(8, np.int64)
    counted, is_first = np.tile([True, False], 4), np.repeat([True, False], 4)
    found = ratio_at_equal_stage(counted, is_first, stage=zeros, cluster=np.arange(8))
    assert found == Undefined("fewer than 10 clusters")
