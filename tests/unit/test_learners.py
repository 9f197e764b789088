"""The learners: what each may learn, and that it learns the same twice."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from tests.drawn_models import INDICATORS, fitted, matrix, plan
from training.learners import directions, fit_all, fit_lightgbm, fit_logistic, fit_rule, held_to, least_cost
from training.registry.released import KINDS, Kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_and_plan_give_the_same_bytes(kind: Kind) -> None:
    first, second = (fit_all(matrix(), INDICATORS, plan())[kind] for _ in range(2))
    assert first.to_json() == second.to_json()


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_add_up_to_the_margin(kind: Kind) -> None:
    model = fitted(kind).model
    base, given = model.contributions(matrix())
    assert np.abs(base + given.sum(axis=1) - model.margin(matrix())).max() < 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_reads_what_can_move_it_and_nothing_else(kind: Kind) -> None:
    constant = matrix().with_columns(pl.lit(1, pl.Int16).alias(INDICATORS[1]))
    model = fit_all(constant, INDICATORS, plan())[kind]
    _, given = model.contributions(matrix())
    moved = {name for name, amounts in zip(INDICATORS, given.T, strict=True) if np.abs(amounts).max() > 0}
    assert model.read == moved
    assert INDICATORS[1] not in model.read


def test_both_fits_are_said_to_be_held_to_directions_and_a_rule_of_thumb_is_not() -> None:
    assert any(directions(INDICATORS))
    assert held_to("lightgbm", INDICATORS) == held_to("logistic", INDICATORS) == directions(INDICATORS)
    assert not any(held_to("rule", INDICATORS))


def test_where_nothing_is_held_the_logistic_regression_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    values, outcome = rng.normal(size=(400, 4)), (rng.random(400) < 0.3).astype(float)
    rule = plan().logistic
    intercept, weights = least_cost(values, outcome, (0, 0, 0, 0), rule)
    peer = LogisticRegression(C=1 / (2 * rule.penalty), tol=1e-10, max_iter=10_000).fit(values, outcome)
    assert [intercept, *weights] == pytest.approx([peer.intercept_[0], *peer.coef_[0]], abs=1e-5)


def test_a_weight_that_would_point_the_wrong_way_is_nothing() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=(2_000, 2))
    outcome = (rng.random(2_000) < 1 / (1 + np.exp(-values @ [1.0, -1.0]))).astype(float)
    _, weights = least_cost(values, outcome, (1, 1), plan().logistic)
    assert weights[0] > 0.5
    assert weights[1] == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_one_child_is_scored_as_among_many(kind: Kind) -> None:
    model = fitted(kind).model
    assert model.margin(matrix().slice(7, 1))[0] == model.margin(matrix())[7]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_has_no_margin_and_the_same_base(kind: Kind) -> None:
    model = fitted(kind).model
    base, given = model.contributions(matrix().head(0))
    assert (base, given.shape) == (model.contributions(matrix())[0], (0, len(INDICATORS)))
    assert model.margin(matrix().head(0)).shape == (0,)


def test_more_of_a_risk_never_lowers_the_trees_margin() -> None:
    model = fit_lightgbm(matrix(), INDICATORS, plan())
    ladder = pl.concat([matrix().head(50).with_columns(pl.lit(n, pl.Int32).alias(INDICATORS[0])) for n in range(8)])
    steps = np.diff(model.margin(ladder).reshape(8, 50), axis=0)
    assert steps.min() >= 0
    assert steps.max() > 0


def test_more_of_a_strength_never_raises_the_trees_margin() -> None:
    model = fit_lightgbm(matrix(), INDICATORS, plan())
    days = [50, 200, 400, 690]
    ladder = pl.concat([matrix().head(50).with_columns(pl.lit(n, pl.Int16).alias(INDICATORS[2])) for n in days])
    steps = np.diff(model.margin(ladder).reshape(4, 50), axis=0)
    assert steps.max() <= 0
    assert steps.min() < 0


def test_the_rule_gives_its_points_from_one_upwards_and_none_for_a_missing_value() -> None:
    points = plan().model_copy(
        update={
            "rule_of_thumb": plan().rule_of_thumb.model_copy(update={"points": {INDICATORS[0]: 2, INDICATORS[2]: 3}})
        }
    )
    model = fit_rule(matrix(), INDICATORS, points)
    drawn = pl.DataFrame(
        {INDICATORS[0]: [0, 1, 5], INDICATORS[1]: [9, 9, 9], INDICATORS[2]: [None, 60, 0], INDICATORS[3]: [0.5] * 3}
    )
    assert model.margin(drawn) == pytest.approx([0, 2 + 3, 2])


def test_a_missing_value_gives_nothing_in_the_logistic_regression() -> None:
    model = fit_logistic(matrix(), INDICATORS, plan())
    _, given = model.contributions(matrix().head(3).with_columns(pl.lit(None, pl.Int16).alias(INDICATORS[2])))
    assert given[:, 2].tolist() == [0.0, 0.0, 0.0]


def test_an_indicator_that_is_missing_throughout_can_be_learned_from() -> None:
    empty = matrix().with_columns(pl.lit(None, pl.Float32).alias(INDICATORS[3]))
    for model in fit_all(empty, INDICATORS, plan()).values():
        assert np.isfinite(model.margin(empty)).all()


def test_the_logistic_regression_does_not_depend_on_how_many_threads_there_are() -> None:
    rng = np.random.default_rng(5)
    values, outcome = rng.normal(size=(20_000, 60)), (rng.random(20_000) < 0.2).astype(float)
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(least_cost(values, outcome, (0,) * 60, plan().logistic))
    assert found[0][0] == found[1][0]
    assert found[0][1].tolist() == found[1][1].tolist()
