"""Verdicts: which measures are judged, at which level, and how surprising a gap is among many."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from features.vocabulary.errors import WrongUsageError
from training.audit import AuditSettings, audit_table

Counts = tuple[int, int, int, int]


def _table(column: str, of: dict[str, Counts]) -> pl.DataFrame:
    """Draw rows: by group, with the outcome and flagged, without it and flagged, with it and not, and neither."""
    rows: list[dict[str, Any]] = []
    for group, counts in of.items():
        for (outcome, score), count in zip(((1, 0.9), (0, 0.8), (1, 0.2), (0, 0.1)), counts, strict=True):
            rows += [{column: group, "outcome": outcome, "score": score}] * count
    return pl.DataFrame(rows)


def _verdicts(table: pl.DataFrame, tolerance: dict[str, float], **asked: Any) -> list[dict[str, Any]]:
    groups = tuple(name for name in table.columns if name not in ("outcome", "score"))
    settings = AuditSettings("outcome", "score", groups, threshold=0.5, tolerance=tolerance, **asked)
    return list(audit_table(table, settings).as_json()["verdicts"])


FALSE_ALARMS = _table("shape", {"o": (50, 150, 50, 50), "x": (50, 20, 50, 180)})
"""Of 200 without the outcome 150 are flagged of o, and 20 of x."""


def test_a_measure_that_has_a_tolerance_gets_a_verdict():
    fpr = [each for each in _verdicts(FALSE_ALARMS, {"fpr": 0.05}) if each["measure"] == "fpr"]
    assert [each["verdict"] for each in fpr] == ["outside", "outside"]
    assert fpr[0]["gap"]["value"] == pytest.approx(150 / 200 - 20 / 200)


def test_a_measure_without_a_tolerance_widens_nobodys_interval():
    alone = _verdicts(FALSE_ALARMS, {"tpr": 0.1}, gated=("tpr",))
    beside = _verdicts(FALSE_ALARMS, {"tpr": 0.1}, gated=("calibration_intercept", "tpr"))
    assert {each["level"] for each in (*alone, *beside)} == {0.95}


@pytest.mark.parametrize("size", [1, 10])
def test_a_tolerance_of_a_rate_that_no_gap_can_exceed_is_refused(size: float):
    with pytest.raises(WrongUsageError, match=r"the tolerance of 'fpr' must be below 1"):
        _verdicts(FALSE_ALARMS, {"fpr": size})


def test_the_two_groups_of_a_characteristic_are_one_comparison_to_holm():
    table = _table("shape", {"o": (80, 20, 20, 80), "x": (70, 20, 30, 80)})
    o, x = (each for each in _verdicts(table, {"tpr": 0.1}) if each["measure"] == "tpr")
    assert o["p_holm"] == x["p_holm"] == o["p"] == pytest.approx(x["p"])


THREE = {"a": (80, 20, 20, 80), "b": (50, 20, 50, 80), "c": (60, 20, 40, 80)}


def test_holm_multiplies_by_as_many_as_the_level_counts():
    judged = [each for each in _verdicts(_table("shape", THREE), {"tpr": 0.1}) if each["measure"] == "tpr"]
    least = min(judged, key=lambda each: each["p"])
    assert least["p_holm"] == pytest.approx(3 * least["p"])
    assert least["level"] == pytest.approx(1 - 0.05 / 3)


def test_what_is_withheld_makes_nothing_more_surprising():
    table = _table("shape", THREE | {"d": (1, 1, 1, 1), "e": (6, 6, 6, 6)})
    judged = [each for each in _verdicts(table, {"tpr": 0.1}) if each["measure"] == "tpr"]
    assert sum(each["p"] is None for each in judged) == 2
    least = min((each for each in judged if each["p"]), key=lambda each: each["p"])
    assert least["p_holm"] == pytest.approx(5 * least["p"])
    assert least["level"] == pytest.approx(1 - 0.05 / 5)


@pytest.mark.parametrize(
    ("rare", "others"), [((0, 1, 0, 999), (20, 1979, 0, 97001)), ((0, 0, 4, 900), (1, 3, 60, 2600))]
)
def test_where_nearly_nobody_is_flagged_a_ratio_has_limits(rare: Counts, others: Counts):
    settings = AuditSettings("outcome", "score", ("shape",), threshold=0.5)
    audit = audit_table(_table("shape", {"o": rare, "x": others}), settings).as_json()
    ratios = [each["ratio"] for each in audit["differences"] if each["ratio"] and "value" in each["ratio"]]
    assert len(ratios) > 4
    assert all(each["low"] <= each["value"] <= (each["high"] or float("inf")) for each in ratios)
