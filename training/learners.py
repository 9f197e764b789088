"""The learners that are permitted: a rule of thumb, a logistic regression, and trees.

Both fits hold to the declared directions: what is declared a risk never lowers a score, and what is declared a strength
never raises one. Otherwise two counts of the same thing would be told as one raising and the other lowering.

Each learner is fitted on a snapshot and gives a `ReleasedModel`, so what is measured is what would be released. Rows
are sorted before they come here; the same rows and plan give the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from features.indicators.catalogue import by_name
from training.registry.released import KINDS, Floats, Kind, ReleasedModel, points_given, values_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from training.registry.plan import LogisticRule, Plan


_BOUNDS: dict[int, tuple[float | None, float | None]] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
_TOLERANCE = 1e-10


def directions(indicators: tuple[str, ...]) -> tuple[int, ...]:
    """Give the direction that each indicator is held to: 1 raises, -1 lowers, 0 may do either."""
    return tuple(by_name(name).monotone for name in indicators)


def held_to(kind: Kind, indicators: tuple[str, ...]) -> tuple[int, ...]:
    """Give the direction that a learner of a kind holds each indicator to: a rule of thumb is held to none."""
    return (0,) * len(indicators) if kind == "rule" else directions(indicators)


def fit_rule(rows: pl.DataFrame, indicators: tuple[str, ...], plan: Plan) -> ReleasedModel:
    """Write down the rule of thumb; only the mean points, against which contributions are told, are learned."""
    points = np.array([plan.rule_of_thumb.points.get(name, 0) for name in indicators], dtype=np.float64)
    given = points_given(values_of(rows, indicators), points)
    return ReleasedModel("rule", indicators, {"points": points.tolist(), "means": _means(given)})


def _means(values: Floats) -> list[float]:
    """Mean of each column over its known values; 0 for a column that is missing throughout."""
    known = ~np.isnan(values)
    totals, counts = np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0)
    return [float(mean) for mean in totals / np.maximum(counts, 1)]


def fit_logistic(rows: pl.DataFrame, indicators: tuple[str, ...], plan: Plan) -> ReleasedModel:
    """Fit a logistic regression on centred, filled and scaled indicators, each coefficient held to its direction.

    A missing value is filled with the centre. The penalty acts on standardised indicators, so that days and counts
    are shrunk alike; coefficients are stored in the indicators' own units.
    """
    values = values_of(rows, indicators)
    centres = _means(values)
    centred = np.where(np.isnan(values), 0.0, values - np.array(centres))
    spread = np.sqrt((centred**2).mean(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    outcome = rows["outcome"].to_numpy().astype(np.float64)
    intercept, weights = least_cost(centred / spread, outcome, directions(indicators), plan.logistic)
    coefficients = [float(weight) for weight in weights / spread]
    return ReleasedModel(
        "logistic", indicators, {"intercept": intercept, "coefficients": coefficients, "centres": centres}
    )


def least_cost(values: Floats, outcome: Floats, held: tuple[int, ...], rule: LogisticRule) -> tuple[float, Floats]:
    """Find the intercept and the weights of least penalised log loss, each weight within its direction.

    The cost is that of scikit-learn's logistic regression (C = 1 / (2 penalty)), which knows no bounds; a test holds
    both to the same answer where nothing is held.

    Parameters
    ----------
    values
        Rows by indicators, centred and scaled, nothing missing.
    outcome
        0 or 1, one a row.
    held
        Direction of each indicator, as `directions` gives it.
    rule
        Penalty and the most iterations.
    """

    def cost(found: Floats) -> tuple[float, Floats]:
        # einsum, not `@`: the linear algebra library's sums depend on how many threads it was given.
        weights = found[1:]
        margin = np.einsum("ij,j->i", values, weights) + found[0]
        surplus = expit(margin) - outcome
        loss = (np.logaddexp(0.0, margin) - outcome * margin).sum() + rule.penalty * (weights**2).sum()
        slope = np.einsum("ij,i->j", values, surplus) + 2 * rule.penalty * weights
        return float(loss), np.concatenate([[surplus.sum()], slope])

    bounds = [(None, None), *(_BOUNDS[direction] for direction in held)]
    options = {"maxiter": rule.max_iterations, "ftol": _TOLERANCE, "gtol": _TOLERANCE}
    start = np.zeros(values.shape[1] + 1)
    found: Floats = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    return float(found[0]), found[1:]


def fit_lightgbm(rows: pl.DataFrame, indicators: tuple[str, ...], plan: Plan) -> ReleasedModel:
    """Grow trees with LightGBM, each indicator held to its declared direction."""
    rule = plan.lightgbm
    parameters = {
        "objective": "binary",
        "learning_rate": rule.learning_rate,
        "num_leaves": rule.leaves,
        "max_depth": rule.depth,
        "min_data_in_leaf": rule.min_rows_in_leaf,
        "lambda_l2": rule.l2,
        "feature_fraction": rule.share_of_indicators,
        "bagging_fraction": rule.share_of_rows,
        "bagging_freq": 1,
        "monotone_constraints": list(directions(indicators)),
        "monotone_constraints_method": "intermediate",
        "seed": rule.seed,
        "num_threads": rule.threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(
        values_of(rows, indicators), rows["outcome"].to_numpy().astype(np.float64), feature_name=list(indicators)
    )
    booster = lightgbm.train(parameters, data, num_boost_round=rule.rounds)
    return ReleasedModel("lightgbm", indicators, {"text": booster.model_to_string()})


_FITS: dict[Kind, Callable[[pl.DataFrame, tuple[str, ...], Plan], ReleasedModel]] = {
    "rule": fit_rule,
    "logistic": fit_logistic,
    "lightgbm": fit_lightgbm,
}


def fit_all(rows: pl.DataFrame, indicators: tuple[str, ...], plan: Plan) -> dict[Kind, ReleasedModel]:
    """Fit every permitted learner on the same rows, from the simplest to the most complicated."""
    return {kind: _FITS[kind](rows, indicators, plan) for kind in KINDS}
