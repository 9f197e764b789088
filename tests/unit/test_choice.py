"""The simplest learner that does as well is chosen; the burden of proof lies on the more complicated one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.choice import choose, redrawn, weighted_average_precision
from training.registry.plan import ChoiceRule

if TYPE_CHECKING:
    from training.registry.released import Floats

RULE = ChoiceRule(least_gain=0.01, draws=200, seed=1)
DRAW = np.random.default_rng(5)
OUTCOMES = (DRAW.random(2_000) < 0.15).astype(np.float64)
HOUSEHOLDS = np.arange(2_000, dtype=np.int64) // 2


def margin(strength: float, seed: int = 9) -> Floats:
    """A margin that tells the outcome apart by so many standard deviations."""
    return np.asarray(np.random.default_rng(seed).normal(size=2_000) + strength * OUTCOMES)


def test_a_learner_that_does_clearly_better_is_taken() -> None:
    choice = choose({"rule": margin(0.3), "logistic": margin(1.2), "lightgbm": margin(2.0)}, OUTCOMES, HOUSEHOLDS, RULE)
    assert (choice.kind, [step["is_taken"] for step in choice.steps]) == ("lightgbm", [True, True])


def test_learners_that_do_as_well_leave_the_simplest() -> None:
    choice = choose({"rule": margin(1), "logistic": margin(1), "lightgbm": margin(1)}, OUTCOMES, HOUSEHOLDS, RULE)
    assert choice.kind == "rule"


def test_a_gain_too_small_to_be_worth_it_is_not_taken() -> None:
    wanting = RULE.model_copy(update={"least_gain": 0.9})
    choice = choose({"rule": margin(0.3), "logistic": margin(2), "lightgbm": margin(2)}, OUTCOMES, HOUSEHOLDS, wanting)
    assert choice.kind == "rule"


def test_a_gain_that_chance_could_have_made_is_not_taken() -> None:
    few = {"rule": margin(0.5), "logistic": margin(0.5, seed=10), "lightgbm": margin(0.5)}
    choice = choose({kind: drawn[:200] for kind, drawn in few.items()}, OUTCOMES[:200], HOUSEHOLDS[:200], RULE)
    step = choice.steps[0]
    assert step["gain"] >= RULE.least_gain
    assert (step["low"] <= 0, step["is_taken"]) == (True, False)


def test_the_most_complicated_is_held_against_the_one_chosen_so_far() -> None:
    choice = choose({"rule": margin(0.3), "logistic": margin(1.5), "lightgbm": margin(1.5)}, OUTCOMES, HOUSEHOLDS, RULE)
    assert (choice.kind, choice.steps[1]["from"]) == ("logistic", "logistic")


def test_average_precision_is_the_mean_precision_at_each_child_found() -> None:
    found = weighted_average_precision(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 0, 1, 0]), np.ones((1, 4)))
    assert found[0] == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_tied_scores_stand_together() -> None:
    found = weighted_average_precision(np.array([0.5, 0.5, 0.1]), np.array([1.0, 0, 0]), np.ones((1, 3)))
    assert found[0] == pytest.approx(1 / 2)


def test_weights_count_rows_as_often() -> None:
    once = weighted_average_precision(np.array([3.0, 2, 2, 1]), np.array([0.0, 1, 1, 0]), np.ones((1, 4)))
    assert weighted_average_precision(np.array([3.0, 2, 1]), np.array([0.0, 1, 0]), np.array([[1.0, 2, 1]])) == once


def test_children_of_one_household_are_redrawn_together() -> None:
    weights = redrawn(HOUSEHOLDS, RULE)
    assert (weights[:, 0::2] == weights[:, 1::2]).all()
