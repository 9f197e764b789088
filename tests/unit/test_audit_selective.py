"""Selective labels: the outcome without help, doubly robust, on invented rows whose true figures are known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import expit, logit

from training.audit.disclosure.shares import shown_shares
from training.audit.intake import GroupColumn
from training.audit.statistics.estimate import LEVEL, Estimate, Undefined
from training.audit.trial.selective import MEASURES, MOST_GAMMA, bound, measure, vanishing_gamma
from training.audit.trial.selective_fit import (
    MOST_LIKELY_HELPED,
    Chances,
    HelpedRows,
    choose,
    estimate_chances,
    without_help,
)
from training.audit.trial.selective_shares import helped_shares, without_help_shares

if TYPE_CHECKING:
    from training.audit.statistics.estimate import BoolArray

PEOPLE = 2500


@cache
def _draw(seed: int, *, hidden_reason: float = 0.0) -> tuple[HelpedRows, BoolArray, BoolArray]:
    """Draw children in families, some helped by need, and what would have happened without help; a third is a group."""
    random = np.random.default_rng(seed)
    family = np.sort(random.integers(0, PEOPLE // 2, PEOPLE))
    in_group = (random.random(PEOPLE) < 0.3)[family]
    need = 0.7 * random.normal(size=PEOPLE)[family] + 0.7 * random.normal(size=PEOPLE) + 0.3 * in_group
    unseen = random.random(PEOPLE) < 0.5
    score = expit(-1.6 + 0.9 * need + 0.4 * random.normal(size=PEOPLE))
    is_flagged = score >= 0.3
    is_helped = random.random(PEOPLE) < expit(-0.9 + need + 0.6 * is_flagged + hidden_reason * (unseen - 0.5))
    without = random.random(PEOPLE) < expit(-1.2 + need + hidden_reason * (unseen - 0.5))
    outcome = without & (~is_helped | (random.random(PEOPLE) < 0.35))
    covariates = np.column_stack([logit(score), need, is_flagged])
    rows = HelpedRows(outcome, is_helped, is_flagged, score, covariates, family, np.arange(PEOPLE))
    return rows, in_group, without


def _chances(rows: HelpedRows, in_group: BoolArray) -> Chances:
    found = estimate_chances(rows, [in_group.astype(np.int64)])
    assert isinstance(found, Chances)
    return found


@cache
def _drawn(seed: int) -> tuple[HelpedRows, Chances, BoolArray, BoolArray]:
    rows, in_group, without = _draw(seed)
    return rows, _chances(rows, in_group), ~in_group, without


def _truth(rows: HelpedRows, without: BoolArray, chosen: BoolArray) -> dict[str, float]:
    """Measure against what would have happened, as if it were known."""
    known = replace(rows, outcome=without, is_helped=np.zeros_like(rows.is_helped))
    found = {name: measure(choose(known, _certain(known), chosen=chosen), name=name) for name in MEASURES}
    return {name: each.value for name, each in found.items() if isinstance(each, Estimate)}


def _certain(rows: HelpedRows) -> Chances:
    return Chances(np.zeros(rows.outcome.size), np.zeros(rows.outcome.size), 0)


def test_where_nobody_was_helped_every_measure_is_the_recorded_one():
    rows, in_group, without = _draw(1)
    found = _truth(rows, without, in_group)
    flagged, score = rows.is_flagged[in_group], rows.score[in_group]
    needs = without[in_group]
    assert found["tpr"] == pytest.approx(flagged[needs].mean())
    assert found["fpr"] == pytest.approx(flagged[~needs].mean())
    assert found["precision"] == pytest.approx(needs[flagged].mean())
    assert found["observed_over_expected"] == pytest.approx(needs.sum() / score.sum())
    assert expit(logit(score) + found["calibration_intercept"]).sum() == pytest.approx(needs.sum())


@pytest.mark.parametrize("name", MEASURES)
def test_intervals_cover_what_would_have_happened_and_the_recorded_ones_do_not(name: str):
    covered, covered_by_records = 0, 0
    for rows, chances, chosen, without in map(_drawn, range(6)):
        truth = _truth(rows, without, chosen)[name]
        unhelped = replace(rows, is_helped=np.zeros_like(rows.is_helped))
        found = measure(choose(rows, chances, chosen=chosen), name=name).limits(LEVEL)
        recorded = measure(choose(unhelped, _certain(rows), chosen=chosen), name=name).limits(LEVEL)
        covered += found[0] <= truth <= found[1]
        covered_by_records += recorded[0] <= truth <= recorded[1]
    assert covered >= 5
    assert covered_by_records <= 2


def test_either_model_alone_is_enough():
    rows, in_group, without = _draw(2)
    chances = _chances(rows, in_group)
    wrong_outcome = replace(chances, outcome=np.full(PEOPLE, 0.5))
    wrong_help = replace(chances, help=np.full(PEOPLE, 0.5))
    for partly in (wrong_outcome, wrong_help):
        low, high = measure(choose(rows, partly, chosen=~in_group), name="prevalence").limits(LEVEL)
        assert low <= without[~in_group].mean() <= high


def test_reasons_that_are_not_recorded_lie_within_the_range_of_their_size():
    rows, in_group, without = _draw(4, hidden_reason=1.8)
    chances = _chances(rows, in_group)
    found = bound(choose(rows, chances, chosen=~in_group), name="prevalence", gamma=2.5)
    truth = without[~in_group].mean()
    assert measure(choose(rows, chances, chosen=~in_group), name="prevalence").limits(LEVEL)[1] < truth
    assert found.low.value < truth < found.high.value


def _rows(outcome: list[bool], *, is_helped: bool) -> HelpedRows:
    places, helped = np.arange(len(outcome)), np.full(len(outcome), is_helped)
    return HelpedRows(np.array(outcome), helped, ~helped, None, np.zeros((len(outcome), 1)), places, places)


def test_the_range_at_a_gamma_is_what_odds_of_help_allow():
    rows, chances = _rows([False, False], is_helped=True), Chances(np.full(2, 0.4), np.array([0.3, 0.8]), 0)
    high, low = (without_help(rows, chances, gamma=2.0, is_high=np.full(2, is_high)) for is_high in (True, False))
    assert high == pytest.approx([2 * 0.3, 1 - 0.2 / 2])
    assert low == pytest.approx([0.3 / 2, 1 - 2 * 0.2])


def test_a_row_without_help_also_speaks_for_those_like_it_who_were_helped():
    rows, chances = _rows([True, False], is_helped=False), Chances(np.full(2, 0.4), np.full(2, 0.3), 0)
    found = without_help(rows, chances, gamma=1.0, is_high=np.full(2, True))
    assert found == pytest.approx([0.3 + (1 - 0.3) / (1 - 0.4), 0.3 + (0 - 0.3) / (1 - 0.4)])


@pytest.mark.parametrize("name", ["prevalence", "tpr", "fpr"])
def test_ranges_grow_with_gamma_around_the_estimate(name: str):
    rows, chances, rest, _ = _drawn(3)
    at = measure(choose(rows, chances, chosen=~rest), name=name).value
    narrow, wide = (bound(choose(rows, chances, chosen=~rest), name=name, gamma=gamma) for gamma in (1.2, 2.0))
    assert wide.low.value < narrow.low.value < at < narrow.high.value < wide.high.value


def test_at_the_gamma_where_a_gap_vanishes_the_two_ranges_touch():
    rows, chances, rest, _ = _drawn(3)
    sides = [choose(rows, chances, chosen=side) for side in (~rest, rest)]
    gamma = vanishing_gamma(*sides, name="tpr")
    ours, theirs = (bound(side, name="tpr", gamma=gamma) for side in sides)
    assert ours.low.value == pytest.approx(theirs.high.value, abs=1e-3)
    assert 1 < vanishing_gamma(*sides, name="tpr", is_sure=True) < gamma < MOST_GAMMA


def test_chances_come_from_other_families():
    rows, in_group, _ = _draw(5)
    family = rows.cluster == rows.cluster[~rows.is_helped][0]
    other = replace(rows, outcome=np.where(family, ~rows.outcome, rows.outcome))
    one, another = (_chances(each, in_group).outcome for each in (rows, other))
    assert one[family] == pytest.approx(another[family], abs=1e-7)
    assert np.abs(one - another).max() > 1e-4


def test_a_chance_of_help_near_one_is_held_and_counted():
    rows, in_group, _ = _draw(6)
    surely = np.where(np.arange(PEOPLE) % 50 == 0, rows.is_helped, rows.covariates[:, 1] > 0)
    chances = _chances(replace(rows, is_helped=surely), in_group)
    assert chances.help.max() == MOST_LIKELY_HELPED
    assert 0 < chances.n_held < 50


def test_a_column_that_is_not_recorded_for_some_is_used_all_the_same():
    rows, in_group, without = _draw(7)
    is_missing = np.random.default_rng(1).random(PEOPLE) < 0.2
    covariates = np.column_stack([rows.covariates, np.where(is_missing, np.nan, rows.covariates[:, 1])])
    rows = replace(rows, covariates=covariates)
    found = measure(choose(rows, _chances(rows, in_group), chosen=~in_group), name="prevalence")
    assert found.limits(LEVEL)[0] < without[~in_group].mean() < found.limits(LEVEL)[1]


def test_a_group_where_nearly_everybody_was_helped_has_no_figure():
    rows, in_group, _ = _draw(8)
    helped = replace(rows, is_helped=rows.is_helped | in_group)
    found = measure(choose(helped, _certain(rows), chosen=in_group), name="tpr")
    assert found == Undefined("fewer than 10 rows without help")


def test_where_all_were_helped_there_is_nothing_to_learn_from():
    rows, *_ = _draw(8)
    found = estimate_chances(replace(rows, is_helped=np.ones(PEOPLE, dtype=np.bool_)))
    assert found == Undefined("fewer than 10 rows without help with the outcome, or without it")


def test_scores_on_another_scale_have_no_calibration():
    rows, in_group, _ = _draw(9)
    found = measure(choose(replace(rows, score=None), _certain(rows), chosen=in_group), name="calibration_intercept")
    assert found == Undefined("needs scores that are probabilities; these are points")


def test_shares_of_groups_add_up_and_leave_through_the_gate():
    rows, in_group, _ = _draw(10)
    columns = {"sex": GroupColumn(("F", "M", None), np.where(in_group, 2, np.arange(PEOPLE) % 2))}
    codes = [columns["sex"].codes]
    shares = [*helped_shares(rows, columns), *without_help_shares(rows, estimate_chances(rows, codes), groups=columns)]
    for name in {share.measure for share in shares}:
        everybody, *others = [share for share in shares if share.measure == name]
        assert everybody.counted == sum(share.counted for share in others)
    shown = shown_shares(shares, "internal")
    missing = next(each for each in shown if each["group"] is None and each["attribute"] and "tpr" in each["measure"])
    assert missing["least_at_1.5"]["value"] < missing["estimate"]["value"] < missing["most_at_1.5"]["value"]


def test_each_share_is_of_those_without_help_and_its_gap_is_to_everyone_else():
    rows, chances, rest, _ = _drawn(3)
    columns = {"place": GroupColumn(("here", "there"), rest.astype(np.int64))}
    found = without_help_shares(rows, chances, groups=columns, gammas=[])
    here = next(share for share in found if share.group == "here" and share.measure == "tpr_without_help")
    free = ~rest & ~rows.is_helped & rows.outcome
    assert here.outcome.value == pytest.approx(rows.is_flagged[free].mean())
    sides = [choose(rows, chances, chosen=side) for side in (~rest, rest)]
    assert here.beside["gap_may_vanish_at"].value == vanishing_gamma(*sides, name="tpr")
