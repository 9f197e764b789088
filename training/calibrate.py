"""Make scores mean frequencies: of the children scored 0.2, a fifth should escalate.

What is released is affine on the margin with a slope above zero: it keeps the order, and contributions still add up.
Beta and isotonic calibration are compared in the report and never released: isotonic gives whole steps of children
the same score, and neither keeps contributions adding up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.isotonic import IsotonicRegression

from training.registry.released import Calibrator, Floats, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_SLOPE = 1e-6
"""Where the data would turn the order round, the likeliest map that keeps it says the base rate to everyone."""

STEPS, CLOSE_ENOUGH = 100, 1e-12
RIDGE = 1e-9
"""Keeps Newton's step finite where outcomes are separated whole."""

SMALLEST = 1e-6
"""Shares are kept this far from 0 and 1 before a logarithm is taken."""


def _newton(design: Floats, outcomes: Floats) -> Floats:
    """Coefficients of an unpenalised logistic regression; the first column is the intercept's."""
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        expected = sigmoid(design @ weights)
        gradient = design.T @ (outcomes - expected) - RIDGE * weights
        curvature = (design * (expected * (1 - expected))[:, None]).T @ design + RIDGE * np.eye(design.shape[1])
        step = np.linalg.solve(curvature, gradient)
        size = float(np.abs(step).max())
        weights = weights + step / max(1.0, size / 2)  # a bounded step cannot run away from separated data
        if size < CLOSE_ENOUGH:
            break
    return np.asarray(weights)


def fit_affine(margin: Floats, outcomes: Floats) -> Calibrator:
    """Fit the calibrator that is released.

    Parameters
    ----------
    margin
        Of children whom the model was not fitted on.
    outcomes
        0 or 1, both present.

    Returns
    -------
    Calibrator
        Maximum likelihood; where its slope would not be above zero, the nearest that is.
    """
    centre, spread = float(margin.mean()), float(margin.std()) or 1.0
    standard = (margin - centre) / spread
    intercept, slope = _newton(np.column_stack([np.ones_like(standard), standard]), outcomes)
    if slope / spread <= LEAST_SLOPE:
        share = float(outcomes.mean())
        return Calibrator(LEAST_SLOPE, float(np.log(share / (1 - share))) - LEAST_SLOPE * centre)
    return Calibrator(float(slope / spread), float(intercept - slope * centre / spread))


def _logarithms(scores: Floats) -> Floats:
    kept = np.clip(scores, SMALLEST, 1 - SMALLEST)
    return np.column_stack([np.ones_like(kept), np.log(kept), -np.log1p(-kept)])


def beta_calibrated(scores: Floats, outcomes: Floats, new_scores: Floats) -> Floats:
    """Give new scores under beta calibration, for comparison only.

    References
    ----------
    Kull, Silva Filho and Flach (2017), Beta calibration.
    """
    return sigmoid(_logarithms(new_scores) @ _newton(_logarithms(scores), outcomes))


def isotonic_calibrated(scores: Floats, outcomes: Floats, new_scores: Floats) -> Floats:
    """Give new scores under isotonic calibration, for comparison only."""
    fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, outcomes)
    return np.asarray(fitted.predict(new_scores), dtype=np.float64)


def row_losses(scores: Floats, outcomes: Floats) -> Floats:
    """Give each row's negative log-likelihood; scores are kept off 0 and 1."""
    kept = np.clip(scores, SMALLEST, 1 - SMALLEST)
    return np.asarray(-(outcomes * np.log(kept) + (1 - outcomes) * np.log1p(-kept)))


def compare(
    calibrator: Calibrator,
    calibrate: tuple[Floats, Floats],
    test: tuple[Floats, Floats],
) -> dict[str, dict[str, float]]:
    """Compare what is released with beta and isotonic calibration, on the test day.

    Parameters
    ----------
    calibrator
        The affine one.
    calibrate, test
        Margins and outcomes.

    Returns
    -------
    dict
        By calibration: `brier`, `log_loss`, and `distinct_scores`, the number of different scores.
    """
    before, tried = calibrator.score(calibrate[0]), calibrator.score(test[0])
    candidates: dict[str, NDArray[np.float64]] = {
        "affine": tried,
        "beta": beta_calibrated(before, calibrate[1], tried),
        "isotonic": isotonic_calibrated(before, calibrate[1], tried),
    }
    return {
        name: {
            "brier": float(((scores - test[1]) ** 2).mean()),
            "log_loss": float(row_losses(scores, test[1]).mean()),
            "distinct_scores": float(len(np.unique(scores))),
        }
        for name, scores in candidates.items()
    }
