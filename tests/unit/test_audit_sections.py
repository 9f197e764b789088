"""What an audit says beside its measures: net benefit, withheld groups together, bounds, label, changes, the table."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

import earlyhelp
from features.vocabulary.errors import UnusableRecordsError
from training.audit import AuditSettings, audit_table
from training.audit.disclosure.figures_csv import COLUMNS, to_csv

if TYPE_CHECKING:
    from pathlib import Path

ASKED = AuditSettings(
    "outcome", "score", ("group", "area"), threshold=0.5, child="child", cluster="home", tolerance={"tpr": 0.1},
    reference={"area": "n"}, intersections=2,
)  # fmt: skip


@cache
def _table(rows: int = 1200) -> pl.DataFrame:
    random = np.random.default_rng(2)
    group = random.choice(["A", "B", ""], rows, p=[0.6, 0.3, 0.1])
    group[:3] = "C"
    score = random.random(rows).round(3)
    drawn = {"child": np.arange(rows), "home": np.arange(rows) // 2, "group": group, "score": score}
    drawn |= {"area": random.choice(["n", "s"], rows), "outcome": random.random(rows) < score * 0.6}
    return pl.DataFrame(drawn)


@cache
def _content(disclosure: str = "internal") -> dict[str, Any]:
    return dict(audit_table(_table(), replace(ASKED, disclosure=disclosure)).as_json())


def _of(section: str, **wanted: Any) -> dict[str, Any]:
    return next(each for each in _content()[section] if all(each[name] == wanted[name] for name in wanted))


def test_net_benefit_weighs_false_alarms_at_the_odds_of_the_threshold():
    entry, overall = _of("curves", attribute=None, threshold=0.5), _content()["overall"]
    tp, fp, n = overall["tpr"]["k"], overall["fpr"]["k"], overall["n"]
    assert entry["net_benefit"]["value"] == pytest.approx((tp - fp * 0.5 / 0.5) / n)
    with_it = overall["prevalence"]["k"]
    assert entry["net_benefit_if_all_are_flagged"]["value"] == pytest.approx((with_it - (n - with_it)) / n)


def test_a_curve_at_the_cut_off_is_what_the_audit_measures():
    for group in ("A", None):
        entry = _of("curves", attribute="group", group=group, threshold=0.5)
        measured = next(each for each in _content()["groups"] if (each["attribute"], each["group"]) == ("group", group))
        assert {name: entry[name] for name in ("tpr", "fpr", "precision")} == {
            name: measured[name] for name in ("tpr", "fpr", "precision")
        }


def test_curves_stand_at_every_twentieth_and_at_the_cut_off():
    thresholds = {entry["threshold"] for entry in _content()["curves"]}
    assert len(thresholds) == 20
    assert 0.5 in thresholds


def test_points_have_curves_and_no_net_benefit():
    content = audit_table(_table().with_columns(pl.col("score") * 100), replace(ASKED, threshold=50.0)).as_json()
    assert "value" in content["curves"][0]["tpr"]
    assert content["curves"][0]["net_benefit"] == {
        "undefined": "needs a threshold that is a probability between 0 and 1"
    }
    assert content["calibration_error"] == {"undefined": "needs scores that are probabilities; these are points"}


def test_groups_that_are_withheld_are_shown_together():
    (entry,) = [each for each in _content()["together"] if each["attribute"] == "group"]
    assert entry["groups"] == ["C", None]
    rest = [each for each in _content()["groups"] if each["group"] in ("A", "B")]
    assert entry["tpr"]["n"] == _content()["overall"]["tpr"]["n"] - sum(each["tpr"]["n"] for each in rest)


def test_the_parts_of_a_gap_add_up_to_it():
    for entry in _content()["gaps_split"]:
        if "parts" in entry:
            parts = {name: part["value"] for name, part in entry["parts"].items() if not name.startswith("share_of")}
            assert parts.pop("gap") == pytest.approx(sum(parts.values()))


def test_a_bound_holds_every_assignment_of_those_not_recorded():
    shown = audit_table(_table().filter(pl.col("group") != "C"), ASKED).as_json()
    entries = {each["group"]: each for each in shown["groups"] if each["attribute"] == "group"}
    bound = next(each for each in shown["missing"] if (each["group"], each["measure"]) == ("A", "tpr"))
    k, n, k_lost, n_lost = (entries[group]["tpr"][part] for group in ("A", None) for part in ("k", "n"))
    assert bound["low"] == pytest.approx(k / (n + n_lost - k_lost))
    assert bound["high"] == pytest.approx((k + k_lost) / (n + k_lost))
    assert bound["flips"]


def test_a_tipping_point_of_the_label_is_said_for_each_gap():
    entry = _of("label", attribute="area", group="s", measure="prevalence")
    assert entry["turns"] == "sign"
    assert entry["in_group"] is not None or entry["in_others"] is not None
    assert entry["bounds"][0]["share"] == 0


def test_the_true_share_with_the_outcome_is_bounded_for_odds_so_many_times_wrong():
    recorded = _of("groups", attribute="area", group="s")["prevalence"]
    bounds = _of("label", attribute="area", group="s", measure="prevalence")["true_share"]
    assert [each["times"] for each in bounds] == [1.25, 1.5, 2.0]
    odds = [recorded["low"] / (1 - recorded["low"]) / 2, recorded["high"] / (1 - recorded["high"]) * 2]
    assert [bounds[-1]["low"], bounds[-1]["high"]] == pytest.approx([each / (1 + each) for each in odds], rel=0.02)


def test_whether_groups_are_alike_is_tested_over_those_that_are_shown():
    entry = _of("homogeneity", attribute="group", measure="tpr")
    assert (entry["groups"], entry["left_out"]) == (2, 2)
    assert 0 < entry["p"] <= entry["p_exploratory"] <= 1


def test_an_intersection_is_shown_as_it_is_and_as_it_is_borrowed():
    cells = [each for each in _content()["intersections"] if "value" in each["tpr"]]
    raw, borrowed = ([each["tpr"]["value"] for each in cells], [each["pooled"]["tpr"]["value"] for each in cells])
    assert np.ptp(borrowed) < np.ptp(raw)
    assert {each["measure"] for each in _content()["intersection_shares"]} >= {"tpr", "fpr"}


def test_a_ratio_stands_beside_each_difference_of_a_rate():
    entry = _of("differences", attribute="area", group="s", measure="tpr", against="reference")
    s, n = (next(each["tpr"] for each in _content()["groups"] if each["group"] == group) for group in "sn")
    assert entry["ratio"]["value"] == pytest.approx(s["value"] / n["value"])


def test_changes_since_the_last_audit_are_said_and_what_it_withheld_stays_so():
    last = json.loads(json.dumps(_content()))
    grown = pl.concat([_table(), _table().head(40).with_columns(pl.col("child", "home") + 5000, group=pl.lit("C"))])
    content = audit_table(grown, ASKED, last=last).as_json()
    assert next(each for each in content["groups"] if each["group"] == "C")["n"] is None
    change = next(each for each in content["changes"]["figures"] if (each["group"], each["measure"]) == ("A", "tpr"))
    assert change["change"]["value"] == pytest.approx(change["now"] - change["before"])
    assert change["change"]["low"] < 0 < change["change"]["high"]


def test_an_outcome_that_was_not_waited_for_is_told_by_the_days():
    day = [date(2023, 1, 15) + timedelta(days=30 * (place % 24)) for place in range(1200)]
    table = _table().with_columns(day=pl.Series(day))
    cut = table.with_columns(outcome=pl.col("outcome") & (pl.col("day") < date(2024, 9, 1)))
    asked = replace(ASKED, day="day")
    assert audit_table(table, asked).as_json()["followup"] == {"jumps": False}
    assert audit_table(cut, asked).as_json()["followup"]["jumps"]


def test_a_day_that_is_none_is_refused():
    with pytest.raises(UnusableRecordsError, match="1200 of 1200 days in 'area'"):
        audit_table(_table(), replace(ASKED, day="area"))


def test_every_figure_has_a_line_in_the_table():
    lines = list(csv.DictReader(io.StringIO(to_csv(_content()))))
    assert tuple(lines[0]) == COLUMNS
    tpr = [line for line in lines if line["section"] == "groups" and line["figure"] == "tpr"]
    shown = [each for each in _content()["groups"] if "value" in each["tpr"]]
    assert [float(line["value"]) for line in tpr if line["value"]] == [each["tpr"]["value"] for each in shown]
    assert {line["note"] for line in tpr if not line["value"]} == {"withheld"}


def test_a_bound_on_the_label_is_named_by_the_size_that_it_is_for():
    lines = list(csv.DictReader(io.StringIO(to_csv(_content()))))
    named = {line["figure"] for line in lines if line["section"] == "label" and "." in line["figure"]}
    shares = {f"bounds.share {share:g}" for share in (0, 0.01, 0.02, 0.05, 0.1, 0.2)}
    assert named == shares | {f"true_share.times {times:g}" for times in (1.25, 1.5, 2)}


def test_the_command_says_what_has_changed(tmp_path: Path):
    _table().write_csv(tmp_path / "scores.csv")
    asked = ["audit", str(tmp_path / "scores.csv"), "--outcome", "outcome", "--score", "score", "--groups", "area"]
    assert earlyhelp.run([*asked, "--threshold", "0.5", "--out", str(tmp_path / "one")]) == 0
    more = ["--threshold", "0.5", "--against", str(tmp_path / "one" / "audit.json"), "--out", str(tmp_path / "two")]
    assert earlyhelp.run([*asked, *more]) == 0
    content = json.loads((tmp_path / "two" / "audit.json").read_text())
    assert {each["change"]["value"] for each in content["changes"]["figures"]} == {0.0}


@pytest.mark.parametrize(("text", "code"), [(None, 64), ("{", 2), ('{"schema_version": 9}', 2)])
def test_what_is_no_earlier_audit_is_refused(tmp_path: Path, text: str | None, code: int):
    _table().write_csv(tmp_path / "scores.csv")
    if text is not None:
        (tmp_path / "last.json").write_text(text)
    asked = ["audit", str(tmp_path / "scores.csv"), "--outcome", "outcome", "--score", "score", "--groups", "area"]
    more = ["--threshold", "0.5", "--against", str(tmp_path / "last.json"), "--out", str(tmp_path / "out")]
    assert earlyhelp.run([*asked, *more]) == code
