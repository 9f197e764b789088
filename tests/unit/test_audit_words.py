"""What an audit's page says in words: no more than its numbers do."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.drawn_audits import ASKED as DRAWN
from tests.drawn_audits import drawn_table
from training.audit import Audit, AuditSettings, audit_table
from training.audit.report.evidence import no_household, size_sentence, symbols_in
from training.audit.report.groups import chart_sentence
from training.audit.report.label import label_section
from training.audit.report.summary import outside_sentence
from training.audit.report.words import (
    MINUS,
    figure_text,
    gap_number,
    gap_text,
    p_text,
    share_text,
    size_number,
    value_of,
)

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


@cache
def _page(*, is_judged: bool = True, **asked: Any) -> str:
    tolerance = DRAWN.tolerance if is_judged else {}
    page = audit_table(drawn_table(), replace(DRAWN, tolerance=tolerance, **asked)).to_html()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_where_nothing_was_judged_no_gap_is_said_to_be_small() -> None:
    page = _page(is_judged=False)
    told = "Nothing was judged: no tolerance was set before the audit. Calibration intercept and true positive rate are"
    assert told in page
    assert "No gap was shown to be larger" not in page
    assert "comparisons: 0 outside" not in page


def test_verdicts_without_a_tolerance_are_counted_apart() -> None:
    page = _page()
    assert "Outside Within Cannot tell Not judged" in page
    assert "Colour Calibration intercept 0 0 0 4 " in page
    assert "Colour True positive rate 0 0 4 0 " in page


def test_a_rate_has_a_verdict_where_a_tolerance_was_set_however_that_was_done() -> None:
    assert "without a verdict unless a tolerance was set for them" in _page()


@pytest.mark.parametrize(("disclosure", "times"), [("internal", 0), ("published", 2)])
def test_in_print_figures_are_said_to_be_worked_out_from_rounded_counts(disclosure: str, times: int) -> None:
    page = _page(disclosure=disclosure)
    assert page.count("worked out from counts rounded to 5") == times
    assert page.count("erdicts were reached on the exact counts") == times


def test_a_p_value_has_no_more_decimals_than_its_file() -> None:
    internal, published = {"disclosure": "internal"}, {"disclosure": "published"}
    assert (p_text(0.0004, internal), p_text(0.0042, internal)) == ("below 0.001", "0.004")
    assert (p_text(0.0, published), p_text(0.04, published)) == ("below 0.01", "0.04")


def test_what_was_rounded_to_two_decimals_prints_none_in_per_cent() -> None:
    rounded = {"value": 0.22, "low": 0.21, "high": 0.24}
    assert (share_text(rounded), gap_text(rounded, "tpr")) == ("22% (21% to 24%)", "+22 points (+21 to +24)")
    assert share_text(rounded | {"high": 0.2412}) == "22.0% (21.0% to 24.1%)"
    assert gap_text(rounded | {"high": 0.2412}, "tpr") == "+22.0 points (+21.0 to +24.1)"
    assert figure_text(rounded, "auc") == "0.22 (0.21 to 0.24)"
    assert size_number(-0.01, "tpr") == "1 point"
    assert gap_number(-0.0001, "tpr") == "0.0"


def test_nothing_in_a_report_for_publication_has_a_decimal_of_a_per_cent() -> None:
    asked = {"disclosure": "published", "intersections": None}
    decimals = re.findall(r"\d\.\d+(?:%| points)", _page(**asked).replace("(99.29%)", ""))
    assert decimals == []


def test_where_all_groups_print_alike_nothing_runs_from_there_to_there() -> None:
    figure = {"value": 0.2, "low": 0.1, "high": 0.3}
    entries = [{"group": group, "tpr": figure} for group in ("F", "M")]
    told = chart_sentence("sex", "tpr", entries, {"tpr": figure})
    assert told.startswith("True positive rate by sex is 20% in every group that is shown; every group's")
    assert "is 20% in the one group that is shown, F; its" in chart_sentence("sex", "tpr", entries[:1], {"tpr": figure})


@pytest.mark.parametrize(("threshold", "who"), [(0.0, "everybody"), (2.0, "nobody")])
def test_where_all_are_flagged_or_none_the_numbers_are_not_called_small(threshold: float, who: str) -> None:
    page = _page(capacity=None, threshold=threshold)
    assert f"of children for whom the outcome came true {who} is flagged, in every group, so that there can be" in page
    assert "however large" not in page


def test_what_could_not_be_tested_is_not_called_alike() -> None:
    page = _page(capacity=None, threshold=0.0)
    assert "In no measure that could be tested was a difference between the groups shown." in page
    assert "could not be tested in share flagged, true positive rate and false positive rate." in page


SIZES = {"rows": 12, "children": 9, "clusters": 4, "child": "child", "cluster": "home", "households_left_out": 0}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "12 rows of 9 children. They make 4 pieces of separate evidence: rows of one child or one “home” count"),
        ({"clusters": 1}, "They make 1 piece of separate evidence: rows"),
        ({"clusters": 0}, "They make fewer than 5 pieces of separate evidence: rows"),
        ({"cluster": None}, "separate evidence: rows of one child count as one piece."),
        ({"child": None}, "separate evidence: rows of one “home” count as one piece."),
        ({"child": None, "cluster": None}, "names the child. They make 4 pieces of separate evidence."),
    ],
)
def test_what_counts_as_separate_evidence_is_said_by_the_columns_named(changed: dict[str, Any], words: str) -> None:
    assert words in size_sentence(SIZES | changed)


def test_a_placeholder_among_households_is_said_on_the_first_page_and_at_the_end() -> None:
    home = pl.when(pl.col("child") % 5 < 2).then(pl.lit("?")).otherwise(pl.col("child").cast(pl.String))
    page = audit_table(drawn_table().with_columns(home=home), replace(DRAWN, cluster="home")).to_html()
    told = "1 value of the cluster column, “home”, is shared by so many children that it cannot name one household"
    assert page.count(told) == 2
    assert page.index(told) < page.index("What it does not tell")
    assert "3 values of the cluster column, “home”, are shared" in no_household(SIZES | {"households_left_out": 3})[0]


def test_a_group_named_as_the_report_names_everybody_or_the_missing_stands_in_quotes() -> None:
    assert [value_of(name) for name in (None, "F", "not recorded", "Everybody")] == [
        "not recorded", "F", "“not recorded”", "“Everybody”",
    ]  # fmt: skip


def test_symbols_are_explained_on_the_first_page_where_they_occur() -> None:
    page = _page()
    assert page.index("Symbols: [c], withheld, so that no child can be recognised") < page.index("[c] is withheld")
    assert "[b], beside" not in page
    assert symbols_in("nothing") == []


def test_what_p_means_is_said_once() -> None:
    assert _page().count("p says how often chance alone would make a gap at least as large") == 1


@pytest.mark.parametrize(("most", "words"), [(2, "Groups of two characteristics at once"), (3, "of two or three")])
def test_intersections_are_of_as_many_characteristics_as_were_asked(most: int, words: str) -> None:
    assert words in _page(intersections=most)


def _labelled(verdict: str, gap: float) -> str:
    content = audit_table(drawn_table(), replace(DRAWN, intersections=None)).as_json()
    at = {"attribute": "colour", "group": "red", "measure": "tpr"}
    figure = {"value": gap, "low": gap - 0.01, "high": gap + 0.01}
    content["verdicts"] = [at | {"verdict": verdict}]
    content["differences"] = [at | {"against": "everyone else", "gap": figure}]
    content["label"] = [at | {"turns": "tolerance", "in_group": 0.2, "in_others": None}]
    return str(label_section(content).blocks)


@pytest.mark.parametrize(
    ("verdict", "gap", "words"),
    [
        ("outside", 0.2, "the gap could come within the tolerance"),
        ("within", 0.05, "the gap could leave the tolerance"),
        ("cannot tell", 0.2, "the best estimate could fall below the tolerance"),
        ("cannot tell", 0.05, "the best estimate could rise above the tolerance"),
    ],
)
def test_what_would_turn_a_gap_is_said_by_its_verdict(verdict: str, gap: float, words: str) -> None:
    assert f"one in 5 (20%) of this group had it unseen, {words}." in _labelled(verdict, gap)


def test_where_every_interval_includes_zero_there_is_no_finding_to_overturn() -> None:
    assert "Every interval here includes zero, so there is no finding to overturn." in _labelled("within", 0.0)


def test_what_right_scores_would_give_is_said_in_whole_sentences() -> None:
    page = _page()
    assert "If scores were exactly right, it would lie between" in page
    assert "in 95 of 100 samples like this one. It does not." in page


def test_a_printed_interval_that_reaches_across_nothing_keeps_its_signs() -> None:
    gap = {"value": -0.2, "low": -0.41, "high": 0.01}
    at = {"attribute": "sex", "group": "F", "measure": "tpr", "tolerance": 0.05, "gap": gap}
    assert f"is 20 points lower than for everyone else (between {MINUS}41 and +1; " in outside_sentence(at)


def test_where_one_comparison_decides_no_interval_is_called_wider() -> None:
    two = drawn_table().with_columns(pl.col("shape").replace("t", "o"))
    page = audit_table(two, replace(DRAWN, groups=("shape",), reference={}, intersections=None)).to_html()
    assert "Verdicts use the 95% interval, since one comparison decides" in page
    assert "uses a wider interval" in _page()
    assert "uses a wider interval" not in page


def test_why_there_is_no_calibration_error_is_said_in_a_whole_sentence() -> None:
    level = drawn_table().with_columns(score=0.5)
    page = audit_table(level, DRAWN).to_html()
    assert "The calibration error of everybody is not given: the scores do not vary." in page
