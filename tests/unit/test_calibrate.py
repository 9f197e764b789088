"""Calibration: scores mean frequencies, the order stays, and only the affine map is released."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibrate import LEAST_SLOPE, beta_calibrated, compare, fit_affine, isotonic_calibrated
from training.registry.released import Calibrator, Floats, sigmoid


def drawn(slope: float, intercept: float, rows: int = 20_000) -> tuple[Floats, Floats]:
    """Margins, and outcomes that an affine map of them explains."""
    draw = np.random.default_rng(3)
    margin = draw.normal(size=rows)
    return margin, (draw.random(rows) < sigmoid(slope * margin + intercept)).astype(np.float64)


def test_the_map_that_made_the_outcomes_is_found() -> None:
    calibrator = fit_affine(*drawn(1.7, -2.0))
    assert (calibrator.slope, calibrator.intercept) == (pytest.approx(1.7, abs=0.1), pytest.approx(-2.0, abs=0.1))


def test_scores_add_up_to_what_happened() -> None:
    margin, outcomes = drawn(0.5, -1.0)
    assert fit_affine(margin, outcomes).score(margin).sum() == pytest.approx(outcomes.sum(), rel=1e-9)


def test_points_of_a_rule_are_calibrated_as_well_as_log_odds() -> None:
    margin, outcomes = drawn(1.0, -1.0)
    far = 1000 * margin + 5000
    assert fit_affine(far, outcomes).score(far) == pytest.approx(fit_affine(margin, outcomes).score(margin), abs=1e-9)


def test_an_order_that_is_wrong_way_round_is_kept_and_says_the_base_rate() -> None:
    margin, outcomes = drawn(-1.0, -1.0)
    calibrator = fit_affine(margin, outcomes)
    assert calibrator.slope == LEAST_SLOPE
    assert calibrator.score(margin) == pytest.approx(np.full(len(margin), outcomes.mean()), abs=1e-5)


def test_outcomes_that_are_separated_whole_still_give_numbers() -> None:
    margin = np.linspace(-1, 1, 50)
    calibrator = fit_affine(margin, (margin > 0).astype(np.float64))
    assert np.isfinite([calibrator.slope, calibrator.intercept]).all()


def test_a_margin_that_is_the_same_for_everyone_gives_the_base_rate() -> None:
    calibrator = fit_affine(np.full(100, 3.0), np.array([1.0] * 20 + [0.0] * 80))
    assert calibrator.score(np.array([3.0])) == pytest.approx([0.2], abs=1e-6)


def test_a_calibrator_that_turns_the_order_round_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="keeps the order"):
        Calibrator(slope=0.0, intercept=0.0)


def test_beta_calibration_leaves_calibrated_scores_as_they_are() -> None:
    margin, outcomes = drawn(1.0, 0.0)
    scores = sigmoid(margin)
    assert beta_calibrated(scores, outcomes, scores) == pytest.approx(scores, abs=0.03)


def test_isotonic_calibration_makes_few_scores_of_many() -> None:
    margin, outcomes = drawn(1.0, -1.0, rows=2_000)
    found = compare(fit_affine(margin, outcomes), (margin, outcomes), drawn(1.0, -1.0, rows=2_000))
    assert found["isotonic"]["distinct_scores"] < 100 < found["affine"]["distinct_scores"]
    assert isotonic_calibrated(sigmoid(margin), outcomes, np.array([0.0]))[0] >= 0
