"""The order of the worklist: families, by the band of the child concerned, then by who waits longest."""

from __future__ import annotations

from datetime import date

import polars as pl

from serving.scoring.day import DayScores
from serving.scoring.worklist import families_of
from tests.drawing import table

BANDS = ("first", "next", "others")


def day(drawing: str) -> DayScores:
    """Draw a day: `child | family | band | rank | waiting`."""
    drawn = table(drawing).with_columns(pl.col("rank", "waiting").cast(pl.Int32)).rename({"child": "child_id"})
    scores = drawn.select("child_id", "band", "rank")
    cohort = drawn.select("child_id", pl.col("family").alias("family_id"), pl.col("waiting").alias("waiting_days"))
    return DayScores(date(2025, 3, 31), scores, drawn, drawn, cohort)


def order(drawing: str) -> list[list[str]]:
    return families_of(day(drawing), bands=BANDS)["child_ids"].to_list()


def test_siblings_are_one_entry_each_by_rank() -> None:
    drawing = """
        child | family | band   | rank | waiting
        ------|--------|--------|------|--------
        a     | F1     | others | 3    | 5
        b     | F1     | first  | 1    | 5
        c     | F2     | next   | 2    | 5
    """
    assert order(drawing) == [["b", "a"], ["c"]]


def test_families_of_the_same_band_stand_by_days_waiting_not_by_score() -> None:
    drawing = """
        child | family | band  | rank | waiting
        ------|--------|-------|------|--------
        a     | F1     | first | 1    | 5
        b     | F2     | first | 2    | 50
    """
    assert order(drawing) == [["b"], ["a"]]


def test_a_family_of_whom_nobody_asked_lately_comes_after_those_who_wait() -> None:
    drawing = """
        child | family | band  | rank | waiting
        ------|--------|-------|------|--------
        a     | F1     | first | 1    |
        b     | F2     | first | 2    | 0
    """
    assert order(drawing) == [["b"], ["a"]]


def test_the_band_of_the_child_concerned_comes_before_any_wait() -> None:
    drawing = """
        child | family | band  | rank | waiting
        ------|--------|-------|------|--------
        a     | F1     | first | 1    | 0
        b     | F2     | next  | 2    | 365
    """
    assert order(drawing) == [["a"], ["b"]]


def test_a_sibling_in_a_later_band_does_not_make_the_wait_longer() -> None:
    drawing = """
        child | family | band   | rank | waiting
        ------|--------|--------|------|--------
        a     | F1     | first  | 1    | 3
        b     | F1     | others | 4    | 300
        c     | F2     | first  | 2    | 10
    """
    assert order(drawing) == [["c"], ["a", "b"]]
    assert families_of(day(drawing), bands=BANDS)["waiting_days"].to_list() == [10, 3]


def test_children_without_a_recorded_family_stand_alone() -> None:
    drawing = """
        child | family | band  | rank | waiting
        ------|--------|-------|------|--------
        a     |        | first | 1    | 9
        b     |        | first | 2    | 8
        c     | a      | first | 3    | 7
    """
    assert order(drawing) == [["a"], ["b"], ["c"]]


def test_an_entry_has_no_score() -> None:
    drawing = """
        child | family | band  | rank | waiting
        ------|--------|-------|------|--------
        a     | F1     | first | 1    | 0
    """
    entry = families_of(day(drawing), bands=BANDS)
    assert entry.columns == ["family_ref", "band", "waiting_days", "child_ids"]
