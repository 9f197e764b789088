"""What an audit's page says in words: no more than its numbers do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from training.audit import Audit, AuditSettings, audit_table

ASKED = AuditSettings(
    outcome="outcome",
    score="score",
    groups=("sex", "age"),
    capacity=0.2,
    tolerance={"tpr": 0.1, "calibration_intercept": 0.3},
)


def _audit(asked: AuditSettings = ASKED, *, rows: int = 60, overstated: float = 1.0) -> Audit:
    random = np.random.default_rng(5)
    true = random.uniform(0.1, 0.4, rows)
    drawn = {
        "outcome": random.random(rows) < true,
        "score": true * overstated,
        "sex": ["F", "M"] * (rows // 2),
        "age": ["0", *["1-4"] * 4, *["5-10"] * 5] * (rows // 10),
        "child": [f"C{place}" for place in range(rows)],
        "home": [f"H{place // 2}" for place in range(rows)],
    }
    return audit_table(pl.DataFrame(drawn), asked)


def test_a_gap_in_a_rate_larger_than_any_gap_can_be_is_none_that_would_be_found() -> None:
    audit = _audit(rows=80)
    sizes = [each.smallest_gap for each in audit.verdicts if each.measure == "tpr"]
    assert None in sizes
    assert all(size is None or size <= 1 for size in sizes)
    assert "no gap, however large, would be found four times in five" in audit.to_html()


def test_the_chance_of_a_false_alarm_is_promised_for_the_deciding_characteristics_alone() -> None:
    assert "that any is called outside is held to" in _audit().to_html()
    page = _audit(replace(ASKED, primary=("sex",))).to_html()
    assert "that any of those that decide is called outside is held to" in page


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({}, "takes every row for a child of its own"),
        ({"child": "child"}, "allows for rows of the same child, and takes children for independent"),
        ({"cluster": "home"}, "allows for rows of the same “home”, and takes every row for a child of its own"),
        ({"child": "child", "cluster": "home"}, "allows for rows of the same child or “home”"),
    ],
)
def test_the_intervals_claim_no_independence_that_no_column_tells(named: dict[str, str], words: str) -> None:
    assert words in _audit(replace(ASKED, **named)).to_html()


def test_scores_that_are_too_high_for_everybody_are_said_so_in_words() -> None:
    page = _audit(rows=600, overstated=2.0).to_html()
    assert "Over everybody, scores are too high against what happened: the calibration intercept is" in page
    assert "Over everybody, scores are too" not in _audit(rows=600).to_html()
