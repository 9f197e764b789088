"""How much of a gap follows from scores that are right, and how much is left."""

from __future__ import annotations

import numpy as np
import pytest

from training.audit.statistics.estimate import Estimate, Undefined
from training.audit.statistics.expected_gap import ScoredRows, split_by_scores


def _side(counts: dict[float, tuple[int, int]], *, first: int = 0, rows: int = 1) -> ScoredRows:
    """For each score, how many of how many have the outcome; flagged from 0.5."""
    score = np.concatenate([np.full(n, score) for score, (_, n) in counts.items()])
    outcome = np.concatenate([np.arange(n) < k for k, n in counts.values()])
    cluster = first + np.arange(score.size)
    return ScoredRows(*(np.repeat(column, rows) for column in (score, outcome, score >= 0.5, cluster)))


RIGHT_LOW = {0.1: (10, 100), 0.6: (24, 40)}
RIGHT_HIGH = {0.2: (16, 80), 0.8: (80, 100)}


def test_right_scores_leave_nothing_of_a_gap():
    found = split_by_scores(_side(RIGHT_HIGH), _side(RIGHT_LOW, first=180), "fpr")
    assert found["gap"].value == pytest.approx(20 / (20 + 64) - 16 / (16 + 90))
    assert found["from_scores"].value == pytest.approx(found["gap"].value)
    assert found["rest"].value == pytest.approx(0)


@pytest.mark.parametrize("measure", ["tpr", "fpr", "precision"])
def test_what_follows_from_scores_and_the_rest_add_up(measure):
    found = split_by_scores(_side({0.2: (30, 80), 0.8: (60, 100)}), _side(RIGHT_LOW, first=180), measure)
    assert found["from_scores"].value + found["rest"].value == pytest.approx(found["gap"].value)


def test_scores_that_are_too_high_in_one_group_show_in_the_rest():
    found = split_by_scores(_side({0.1: (10, 100), 0.6: (12, 40)}), _side(RIGHT_LOW, first=140), "precision")
    assert found["from_scores"].value == pytest.approx(0)
    assert found["rest"].value == pytest.approx(12 / 40 - 24 / 40)
    assert found["rest"].limits(0.95)[1] < 0


def test_repeated_rows_make_the_rest_no_surer():
    sides = [(_side(RIGHT_HIGH, rows=rows), _side(RIGHT_LOW, first=180, rows=rows)) for rows in (1, 3)]
    once, tripled = (split_by_scores(*pair, "tpr")["rest"] for pair in sides)
    assert isinstance(tripled, Estimate)
    assert tripled.variance == pytest.approx(once.variance, rel=0.1)


def test_nobody_flagged_has_no_precision():
    found = split_by_scores(_side({0.1: (10, 100), 0.4: (16, 40)}), _side(RIGHT_LOW, first=140), "precision")
    assert found["gap"] == Undefined("nobody is in the denominator")


def test_nine_with_the_outcome_among_the_others_say_whose_they_are():
    found = split_by_scores(_side(RIGHT_HIGH), _side({0.1: (9, 100)}, first=180), "fpr")
    assert found["rest"] == Undefined("among those compared with: fewer than 10 rows with, or without, the outcome")
