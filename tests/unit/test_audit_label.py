"""How wrong the outcome would have to be: bounds, tipping points and odds, with the arithmetic visible."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import expit, logit

from features.vocabulary.errors import WrongUsageError
from training.audit.statistics import calibration
from training.audit.statistics.estimate import LEVEL, Estimate, Undefined
from training.audit.trial.label import Bound, Recorded, bounds
from training.audit.trial.label_odds import tipping_odds, true_share
from training.audit.trial.label_tipping import Assumed, tipping

GROUP = Recorded(tp=30, fp=20, fn=20, tn=130)
REST = Recorded(tp=300, fp=150, fn=100, tn=1450)


def _bound(rows: Recorded, measure: str, alpha: float, **asked: str) -> Bound:
    found = bounds(rows, measure, alphas=[alpha], **asked)
    assert isinstance(found, list)
    return found[0]


def test_the_false_positive_rate_lies_where_the_specification_says():
    hidden = 0.2 * 150
    found = _bound(GROUP, "fpr", 0.2)
    assert (found.low, found.high) == pytest.approx((max(0, 20 - hidden) / (150 - hidden), 20 / (150 - hidden)))


def test_hidden_positives_flagged_or_not_bound_the_true_positive_rate():
    found = _bound(GROUP, "tpr", 0.1)
    assert (found.low, found.high) == pytest.approx((30 / (50 + 15), (30 + 15) / (50 + 15)))


def test_when_there_are_more_hidden_positives_than_unflagged_negatives_some_are_flagged():
    found = _bound(GROUP, "tpr", 0.9)
    assert (found.low, found.high) == pytest.approx(((30 + 135 - 130) / (50 + 135), (30 + 20) / (50 + 135)))


def test_hidden_positives_seen_as_recorded_ones_leave_the_true_positive_rate_and_lower_the_false():
    asked = {"placement": "as_positives"}
    assert _bound(GROUP, "tpr", 0.1, **asked).low == pytest.approx(30 / 50)
    assert _bound(GROUP, "fpr", 0.1, **asked).low == pytest.approx((20 - 15 * 30 / 50) / (150 - 15))


def test_hidden_positives_unseen_by_the_score_leave_the_false_positive_rate_and_lower_the_true():
    asked = {"placement": "as_negatives"}
    assert _bound(GROUP, "fpr", 0.1, **asked).high == pytest.approx(20 / 150)
    assert _bound(GROUP, "tpr", 0.1, **asked).high == pytest.approx((30 + 15 * 20 / 150) / (50 + 15))


def test_observed_over_expected_counts_hidden_positives_as_observed():
    rows = Recorded(tp=30, fp=20, fn=20, tn=130, score=np.full(200, 0.25))
    assert _bound(rows, "observed_over_expected", 0.1).low == pytest.approx((50 + 15) / (200 * 0.25))


def test_a_calibration_intercept_is_that_of_the_outcomes_with_the_hidden_ones():
    rows = Recorded(tp=30, fp=20, fn=20, tn=130, score=np.full(200, 0.25))
    assert _bound(rows, "calibration_intercept", 0.1).low == pytest.approx(logit(65 / 200) - logit(0.25))


@pytest.mark.parametrize("measure", ["tpr", "fpr", "precision", "prevalence"])
def test_the_bounds_contain_the_truth_wherever_the_hidden_positives_are(measure: str):
    random = np.random.default_rng(3)
    is_flagged, needs = random.random(400) < 0.3, random.random(400) < 0.4
    is_recorded = needs & (random.random(400) < np.where(is_flagged, 0.5, 0.9))
    at = [(int((is_flagged & y).sum()), int((is_flagged & ~y).sum())) for y in (is_recorded, needs)]
    off = [(int((~is_flagged & y).sum()), int((~is_flagged & ~y).sum())) for y in (is_recorded, needs)]
    recorded, truth = (Recorded(on[0], on[1], out[0], out[1]) for on, out in zip(at, off, strict=True))
    found = _bound(recorded, measure, 1 - truth.negatives / recorded.negatives)
    assert found.low - 1e-12 <= _bound(truth, measure, 0.0).low <= found.high + 1e-12
    assert found.outer_low < found.low <= found.high < found.outer_high


def test_without_scores_that_are_probabilities_there_is_no_calibration():
    assert bounds(GROUP, "calibration_intercept") == Undefined("needs scores that are probabilities; these are points")


def test_a_gap_in_the_share_with_the_outcome_turns_when_as_many_are_hidden_as_it_is_wide():
    found = tipping(GROUP, REST, measure="prevalence")
    assert found.in_group is None
    assert found.in_rest == pytest.approx((50 / 200 - 400 / 2000) * 2000 / 1600)


def test_a_gap_in_the_true_positive_rate_turns_where_the_worst_placement_closes_it():
    found = tipping(GROUP, REST, measure="tpr")
    assert 300 / (400 + 1600 * found.in_rest) == pytest.approx(30 / 50)
    assert (30 + 20) / (50 + 20) < 300 / 400
    assert found.in_group is None


def test_a_gap_leaves_and_enters_its_tolerance_before_and_after_it_turns():
    enters = tipping(GROUP, REST, measure="tpr", tolerance=0.05).in_rest
    assert 30 / 50 - 300 / (400 + 1600 * enters) == pytest.approx(-0.05)
    leaves = tipping(GROUP, REST, measure="tpr", tolerance=0.2).in_group
    assert 30 / (50 + 150 * leaves) - 300 / 400 == pytest.approx(-0.2)


def test_with_an_interval_around_the_gap_fewer_hidden_positives_make_it_unsure():
    unsure = tipping(GROUP, REST, measure="tpr", assumed=Assumed(slack=0.1)).in_rest
    assert 30 / 50 - 300 / (400 + 1600 * unsure) == pytest.approx(-0.1)


def test_from_a_base_on_each_side_stands_at_its_worst():
    closes = (300 / ((30 + 3) / (50 + 3)) - 400) / 1600
    assumed = Assumed(base=0.02)
    assert tipping(GROUP, REST, measure="tpr", assumed=assumed).in_rest == pytest.approx(closes)
    assert tipping(REST, GROUP, measure="tpr", assumed=assumed).in_group == pytest.approx(closes)


def test_a_gap_within_its_tolerance_becomes_unsure_when_its_interval_touches_the_edge():
    found = tipping(GROUP, REST, measure="prevalence", tolerance=0.1, assumed=Assumed(slack=0.02))
    assert (50 + 150 * found.in_group) / 200 - 0.2 == pytest.approx(0.1 - 0.02)


def test_where_hidden_positives_lie_can_be_enough():
    found = tipping(GROUP, REST, measure="tpr", assumed=Assumed(base=0.2))
    assert (found.in_group, found.in_rest) == (0.2, 0.2)


def test_a_tipping_point_of_the_calibration_intercept_makes_both_intercepts_equal():
    random = np.random.default_rng(5)
    group, rest = (Recorded(r.tp, r.fp, r.fn, r.tn, random.beta(2, 6, round(r.n))) for r in (REST, GROUP))
    found = tipping(group, rest, measure="calibration_intercept")
    side, alpha = (group, found.in_group) if found.in_group is not None else (rest, found.in_rest)
    other = rest if side is group else group
    closed = _bound(side, "calibration_intercept", alpha).low
    assert closed == pytest.approx(_bound(other, "calibration_intercept", 0.0).low)


def test_what_no_share_turns_is_said_to_be_turned_by_none():
    found = tipping(GROUP, REST, measure="prevalence")
    assert found.in_group is None
    assert found.in_rest == pytest.approx(0.05 * 2000 / 1600)


def test_a_group_without_recorded_negatives_can_hide_nobody():
    assert tipping(Recorded(5, 0, 5, 0), REST, measure="tpr").in_group is None


def _intercepts(theta: float, rows: int = 4000) -> tuple[Estimate, Estimate]:
    """Score needs that are equal in both groups, of which the first is found `theta` times the odds as readily."""
    random, found = np.random.default_rng(11), []
    for place, factor in enumerate((theta, 1.0)):
        score = random.beta(2, 6, rows)
        outcome = random.random(rows) < expit(logit(score) + math.log(factor))
        found.append(
            calibration.intercept(calibration.log_odds(score), outcome, np.arange(rows), np.arange(rows) + place * rows)
        )
    return found[0], found[1]


def test_the_odds_that_would_explain_a_calibration_gap_are_those_that_were_planted():
    found = tipping_odds(*_intercepts(1.6))
    low, high = found.limits(LEVEL)
    assert low < 1.6 < high
    assert high / low < 1.3


def test_a_factor_on_each_childs_odds_moves_the_share_by_no_more_than_the_factor():
    need = np.random.default_rng(2).beta(0.6, 1.4, 5000)
    recorded = float(expit(logit(need) + math.log(1.6)).mean())
    low, high = true_share((recorded, recorded), most=1.6)
    assert low <= need.mean() <= high
    assert low == pytest.approx(expit(logit(recorded) - math.log(1.6)))


def test_an_assumed_size_below_one_is_refused():
    with pytest.raises(WrongUsageError, match="assumed size of label bias is out of range"):
        true_share((0.2, 0.3), most=0.5)
