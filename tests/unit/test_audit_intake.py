"""What a table must have, what flagged means, and who counts as independent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from tests.drawing import table
from training.audit import AuditSettings, audit_file
from training.audit.counts.clusters import join
from training.audit.intake import take_in
from training.audit.table_file import read_table

if TYPE_CHECKING:
    from pathlib import Path

ASKED = AuditSettings(outcome="outcome", score="score", groups=("sex",), threshold=0.5)


def _ten(**columns: list[object]) -> pl.DataFrame:
    drawn = {"outcome": [0, 1] * 5, "score": [place / 10 for place in range(10)], "sex": ["F"] * 10}
    return pl.DataFrame(drawn | columns)


def _at_capacity(share: float, scores: list[float]) -> int:
    asked = AuditSettings(outcome="outcome", score="score", groups=("sex",), capacity=share)
    rows = len(scores)
    drawn = pl.DataFrame({"outcome": [0] * rows, "score": scores, "sex": ["F"] * rows})
    sample = take_in(drawn, asked)
    return int((sample.score >= sample.cut_off).sum())


def test_flagged_is_a_score_of_at_least_the_threshold():
    sample = take_in(_ten(), ASKED)
    assert (sample.score >= sample.cut_off).tolist() == [False] * 5 + [True] * 5


def test_capacity_rounds_up_to_whole_places():
    assert _at_capacity(0.25, [float(place) for place in range(10)]) == 3


def test_seven_per_cent_of_a_hundred_are_seven():
    assert _at_capacity(0.07, [float(place) for place in range(100)]) == 7


def test_ties_may_exceed_the_capacity():
    assert _at_capacity(0.2, [1.0] * 6 + [2.0] * 4) == 4


def test_full_capacity_flags_everybody():
    assert _at_capacity(1.0, [0.3, 0.1, 0.2]) == 3


def test_outcomes_are_read_as_numbers_words_or_truth_values():
    for written in (
        ["0", "1.0", "true", "FALSE", " 1 "] * 2,
        [0, 1, 1, 0, 1] * 2,
        [False, True, True, False, True] * 2,
    ):
        assert take_in(_ten(outcome=written), ASKED).outcome.sum() == 6


def test_a_missing_group_is_a_group_and_only_null_or_empty_is_missing():
    drawn = _ten(sex=["F", "", None, "Unknown", "null", "F", "F", "F", "F", "F"])
    column = take_in(drawn, ASKED).groups["sex"]
    assert column.values == ("F", "Unknown", "null", None)
    assert np.bincount(column.codes).tolist() == [6, 1, 1, 2]


def test_missing_and_unreadable_values_end_the_audit_with_counts_and_no_value():
    drawn = _ten(outcome=["0", "perhaps", None, *["1"] * 7], score=["0.1", "n/k", "inf", "", *["0.2"] * 6])
    with pytest.raises(UnusableRecordsError, match=r"1 of 10 outcomes .*; 2 of 10 scores") as raised:
        take_in(drawn, ASKED)
    assert "perhaps" not in str(raised.value)


def test_a_table_without_rows_is_refused():
    with pytest.raises(UnusableRecordsError, match="no rows"):
        take_in(_ten().clear(), ASKED)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"score": "points"}, "no column 'points'"),
        ({"groups": ("sex", "faith")}, "no column 'faith'"),
        ({"cluster": "home"}, "no column 'home'"),
        ({"capacity": 0.2}, "either a threshold or a capacity"),
        ({"threshold": None, "capacity": 1.2}, "capacity must be a share"),
        ({"gated": ("precision",)}, "'precision' cannot be gated"),
        ({"tolerance": {"tpr": 0.0}}, "tolerance of 'tpr' must be above 0"),
        ({"reference": {"faith": "x"}}, "not among the groups"),
        ({"reference": {"sex": "X"}}, "a group that no row has"),
        ({"intersections": 4}, "intersections must be 2 or 3"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(change: dict[str, object], words: str):
    asked = {"outcome": "outcome", "score": "score", "groups": ("sex",), "threshold": 0.5}
    with pytest.raises(WrongUsageError, match=words):
        take_in(_ten(), AuditSettings(**(asked | change)))


@pytest.mark.parametrize("cell", [["F", "M"], {"code": "F"}, b"F"])
@pytest.mark.parametrize("column", ["sex", "outcome", "score"])
def test_a_cell_of_many_values_is_wrong_usage(column: str, cell: object):
    with pytest.raises(WrongUsageError, match=f"hold lists, records or bytes: '{column}'"):
        take_in(_ten(**{column: [cell] * 10}), ASKED)


def test_an_identifier_is_no_characteristic():
    drawn = pl.DataFrame({"outcome": [0, 1] * 150, "score": [0.1] * 300, "sex": [f"C{place}" for place in range(300)]})
    with pytest.raises(WrongUsageError, match="300 values"):
        take_in(drawn, ASKED)


def test_scores_called_probabilities_must_be():
    asked = AuditSettings(outcome="outcome", score="score", groups=("sex",), threshold=5, score_kind="probability")
    with pytest.raises(WrongUsageError, match="outside 0 to 1"):
        take_in(_ten(score=list(range(10))), asked)


def test_child_and_household_join_rows_through_each_other():
    drawn = table("""
        child | home
        ------|-----
        A     | 1
        A     | 2
        B     | 2
        C     | 3
    """)
    child, home = (drawn[name].rank("dense").to_numpy().astype(int) - 1 for name in ("child", "home"))
    assert join(child, home)[0].tolist() == [0, 0, 0, 1]


def test_a_home_of_too_many_children_joins_nobody():
    child = np.arange(60)
    home = np.concatenate([np.zeros(30, dtype=int), np.arange(1, 31)])
    cluster, left_out = join(child, home)
    assert (np.unique(cluster).size, left_out) == (60, 1)


def test_a_missing_household_joins_nobody():
    asked = AuditSettings(outcome="outcome", score="score", groups=("sex",), threshold=0.5, cluster="home")
    assert take_in(_ten(home=[None, None, *["H"] * 8]), asked).n_clusters == 3


def test_csv_and_parquet_give_the_same_audit(tmp_path: Path):
    drawn = _ten(sex=["F", None] * 5)
    drawn.write_csv(tmp_path / "table.csv")
    drawn.write_parquet(tmp_path / "table.data")
    of_csv = audit_file(tmp_path / "table.csv", ASKED, tmp_path / "a")
    of_parquet = audit_file(tmp_path / "table.data", ASKED, tmp_path / "b")
    assert of_csv.to_json() == of_parquet.to_json()
    written = ["audit.csv", "audit.html", "audit.json", "cells.parquet"]
    assert sorted(file.name for file in (tmp_path / "a").iterdir()) == written


def test_a_file_that_does_not_exist_is_wrong_usage(tmp_path: Path):
    with pytest.raises(WrongUsageError, match="does not exist"):
        read_table(tmp_path / "none.csv")


def test_a_file_that_parses_as_nothing_is_unusable(tmp_path: Path):
    (tmp_path / "broken").write_bytes(b"PAR1 but no more")
    with pytest.raises(UnusableRecordsError, match="begins as a Parquet file"):
        read_table(tmp_path / "broken")
