"""Planted unfairness is found, and where nothing was planted the audit rarely says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import expit

from training.audit import Audit, AuditSettings, Verdict, audit_table
from training.audit.comparisons import compare
from training.audit.disclosure.figures import Gate
from training.audit.disclosure.suppression import withhold
from training.audit.intake import take_in
from training.audit.measuring import measure_groups
from training.audit.statistics.estimate import Estimate
from training.audit.verdicts import judge

if TYPE_CHECKING:
    from training.audit.groups import Measured

TOLERANCE = {"tpr": 0.1, "calibration_intercept": 0.3}
ASKED = AuditSettings(
    outcome="outcome",
    score="score",
    groups=("group", "other"),
    capacity=0.2,
    child="child",
    cluster="home",
    tolerance=TOLERANCE,
)


def _authority(seed: int, *, rows: int = 1500, hidden_from_a: float = 0.0, missing: float = 0.0) -> pl.DataFrame:
    """Draw children in homes; of group A, the score's log-odds are lowered by what is hidden from it."""
    random = np.random.default_rng(seed)
    home = random.integers(0, rows * 2 // 3, rows)
    group = random.choice(["A", "B", "C"], rows, p=[0.3, 0.4, 0.3])
    true = random.normal(-2, 1, rows) + random.normal(0, 0.5, rows)[home]
    score = expit(true - hidden_from_a * (group == "A"))
    is_missing = random.random(rows) < missing * (1 + (group == "A"))
    return pl.DataFrame(
        {
            "child": [f"C{place}" for place in range(rows)],
            "home": home,
            "outcome": random.random(rows) < expit(true),
            "score": score,
            "group": pl.Series(group.tolist(), dtype=pl.String).set(pl.Series(is_missing), None),
            "other": random.choice(["x", "y"], rows),
        }
    )


def _outside(audit: Audit) -> set[tuple[str | None, str]]:
    return {(each.group, each.measure) for each in audit.verdicts if each.verdict == "outside"}


def test_a_group_whose_need_the_score_does_not_see_lies_outside_on_both_gated_measures():
    found = _outside(audit_table(_authority(1, rows=6000, hidden_from_a=1.2), ASKED))
    assert {("A", "tpr"), ("A", "calibration_intercept")} <= found


def test_the_direction_of_what_was_planted_is_told():
    audit = audit_table(_authority(1, rows=6000, hidden_from_a=1.2), ASKED)
    gaps = {each.measure: each.gap["value"] for each in audit.verdicts if each.group == "A"}
    assert gaps["tpr"] < -0.1
    assert gaps["calibration_intercept"] > 0.3


def _judged(table: pl.DataFrame) -> tuple[Measured, list[Verdict]]:
    """Measure and judge, without all else that an audit says: a hundred audits are many."""
    measured = measure_groups(take_in(table, ASKED), ASKED)
    return measured, judge(compare(measured.singles), ASKED, Gate(withhold(measured.every, "internal"), "internal"))


def test_what_is_judged_here_is_what_an_audit_says():
    table = _authority(3, rows=700)
    assert [each.as_json() for each in _judged(table)[1]] == [
        each.as_json() for each in audit_table(table, ASKED).verdicts
    ]


def test_where_nothing_was_planted_few_audits_find_anything_outside():
    verdicts = [_judged(_authority(seed, rows=700))[1] for seed in range(100)]
    assert sum(any(each.verdict == "outside" for each in found) for found in verdicts) <= 5


def test_intervals_of_the_planted_miscalibration_hold_it():
    held = 0
    for seed in range(40):
        measured, _ = _judged(_authority(seed, rows=700, hidden_from_a=0.8))
        intercept = next(each for each in measured.singles if each.values == ("A",)).measures["calibration_intercept"]
        assert isinstance(intercept, Estimate)
        low, high = intercept.limits(0.95)
        held += low <= 0.8 <= high
    assert 36 <= held <= 40


def test_few_children_cannot_tell_and_say_which_gap_they_would_have_found():
    audit = audit_table(_authority(1, rows=300), ASKED)
    verdicts = [each for each in audit.verdicts if each.measure == "tpr"]
    assert {each.verdict for each in verdicts} == {"cannot tell"}
    assert all(each.smallest_gap > TOLERANCE["tpr"] for each in verdicts)


def test_many_children_and_nothing_planted_lie_within():
    audit = audit_table(_authority(1, rows=40_000), ASKED)
    assert {each.verdict for each in audit.verdicts} == {"within"}


def test_characteristics_outside_the_primary_family_neither_decide_nor_widen():
    audit = audit_table(_authority(1), replace(ASKED, primary=("other",)))
    assert {each.attribute: each.is_primary for each in audit.verdicts} == {"group": False, "other": True}
    # why: one characteristic with two groups makes one comparison for each of the two gated measures
    assert {each.level for each in audit.verdicts} == {1 - 0.05 / 2}


def test_without_a_tolerance_nothing_is_judged():
    asked = AuditSettings(outcome="outcome", score="score", groups=("group",), capacity=0.2)
    audit = audit_table(_authority(1, hidden_from_a=3), asked)
    assert {each.reason for each in audit.verdicts} == {"no tolerance was set beforehand"}
    assert "no tolerance was set before the audit" in audit.to_html()


def test_missing_characteristics_are_a_group_of_their_own_with_every_measure_and_a_verdict():
    audit = audit_table(_authority(1, rows=6000, missing=0.2), ASKED)
    entry = next(each for each in audit.groups if each["attribute"] == "group" and each["group"] is None)
    assert entry["tpr"]["n"] == entry["prevalence"]["k"] > 100
    assert sum(each["n"] for each in audit.groups if each["attribute"] == "group") == 6000
    assert [each.measure for each in audit.verdicts if each.group is None] == ["calibration_intercept", "tpr"]


def test_points_get_no_calibration_and_a_verdict_that_cannot_tell():
    table = _authority(1).with_columns(score=pl.col("score") * 40)
    audit = audit_table(table, ASKED)
    assert audit.overall["brier"] == {"undefined": "needs scores that are probabilities; these are points"}
    reasons = {each.reason for each in audit.verdicts if each.measure == "calibration_intercept"}
    assert reasons == {"in this group: needs scores that are probabilities; these are points"}


def test_each_group_stands_against_everyone_else_and_against_the_reference():
    asked = AuditSettings(outcome="outcome", score="score", groups=("group",), capacity=0.2, reference={"group": "B"})
    found = {
        (each["group"], each["against"], each["reference"]) for each in audit_table(_authority(1), asked).differences
    }
    everyone = {(group, "everyone else", None) for group in "ABC"}
    assert found == everyone | {("A", "reference", "B"), ("C", "reference", "B")}


def test_one_group_alone_has_nobody_to_be_compared_with():
    asked = AuditSettings(outcome="outcome", score="score", groups=("one",), capacity=0.2, tolerance=TOLERANCE)
    audit = audit_table(_authority(1).with_columns(one=pl.lit("same")), asked)
    assert audit.verdicts[1].reason == "among everyone else: nobody is in the denominator"


def test_an_outcome_that_came_true_for_nobody_is_answered_with_reasons():
    audit = audit_table(_authority(1).with_columns(outcome=pl.lit(0)), ASKED)
    assert audit.overall["tpr"] == {"undefined": "nobody is in the denominator"}
    assert audit.overall["prevalence"]["value"] == 0
    assert "[z]" in audit.to_html()


def test_each_measure_has_its_own_denominator():
    table = pl.DataFrame(
        {"outcome": [1] * 30 + [0] * 70, "score": [0.9] * 20 + [0.1] * 50 + [0.9] * 30, "g": ["a"] * 100}
    )
    asked = AuditSettings(outcome="outcome", score="score", groups=("g",), threshold=0.5)
    overall = audit_table(table, asked).overall
    found = {
        name: (overall[name]["k"], overall[name]["n"]) for name in ("tpr", "fpr", "precision", "npv", "fnr", "tnr")
    }
    assert found == {
        "tpr": (20, 30), "fpr": (30, 70), "precision": (20, 50), "npv": (40, 50), "fnr": (10, 30), "tnr": (40, 70)
    }  # fmt: skip
