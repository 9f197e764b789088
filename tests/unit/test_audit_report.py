"""The audit's page says every section in words and tables, the plain words first, and keeps what is withheld."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.drawn_audits import ASKED, drawn_table
from training.audit import CellsAsked, audit_table
from training.audit.audit import audit_cells
from training.audit.counts.cells_in import settings_of


@cache
def _page(**asked: Any) -> str:
    return audit_table(drawn_table(), replace(ASKED, **asked)).to_html()


def _headings(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<h[123][^>]*>.*?</h[123]>", page, flags=re.DOTALL)]


def test_plain_words_come_before_any_figure():
    found = _headings(_page())
    order = ["What was looked at", "What stands out", "How sure this is", "What it does not tell", "Verdicts"]
    assert found[1:6] == order
    assert _page().index("What it does not tell") < _page().index("<table")


@pytest.mark.parametrize(
    "heading",
    [
        "Verdicts",
        "Everybody",
        "Colour: differences and ratios",
        "Colour: are the groups alike?",
        "Colour: at every cut-off",
        "Colour: what of a gap is base rate, and what is error",
        "Colour: ranking across groups",
        "Not recorded",
        "The outcome on trial",
        "Intersections",
        "How to read and check this",
    ],
)
def test_every_part_of_the_audit_has_its_place(heading: str):
    assert heading in _headings(_page())


def test_every_chart_has_a_name_and_every_table_a_caption():
    page = _page()
    nested = page.count("<svg width=")
    assert page.count("<svg") - nested == page.count('<svg role="img" aria-label="') > 3
    assert page.count("<table") == page.count("<caption") > 20


def test_changes_since_the_last_audit_are_among_the_plain_words():
    last = audit_table(drawn_table(), replace(ASKED, capacity=0.4)).as_json()
    page = audit_table(drawn_table(), ASKED, last=last).to_html()
    assert "last audit" in page[: page.index("Verdicts</h2>")]
    assert (
        "The last audit was asked otherwise in its capacity: figures or verdicts may differ for that reason alone."
        in page
    )
    assert "last audit" not in _page()[: _page().index("Verdicts</h2>")]


def test_of_an_audit_that_was_asked_the_same_nothing_is_said_to_be_asked_otherwise():
    last = audit_table(drawn_table(), ASKED).as_json()
    audit = audit_table(drawn_table(), ASKED, last=last)
    assert audit.as_json()["changes"]["asked_otherwise"] == []
    assert "asked otherwise" not in audit.to_html()


def test_what_a_file_of_cells_cannot_tell_is_said():
    cells = audit_table(drawn_table(), ASKED).cells
    page = audit_cells(cells.lines, cells.about, settings_of(cells.about, CellsAsked(tolerance={"tpr": 0.1}))).to_html()
    assert "score bins" in page
    assert "<script" not in page


def test_a_measure_without_a_tolerance_is_not_counted_among_those_that_cannot_be_told():
    counts = "Of 7 comparisons: 0 outside the tolerance"
    assert counts in _page()
    assert "Not judged, because no tolerance was set before the audit: calibration intercept." in _page()
    assert "Not judged, because" not in _page(gated=("tpr",))


def test_a_report_for_publication_is_not_called_internal():
    assert "This is an internal report" in _page()
    assert "This is an internal report" not in _page(disclosure="published")


def test_the_same_figures_give_the_same_page():
    assert audit_table(drawn_table(), ASKED).to_html() == _page()


def test_nothing_that_never_harms_is_promised():
    words = re.sub(r"<[^>]+>", " ", _page()).lower()
    assert [word for word in ("unfair", "significant", "high-risk", "red flag", "debias") if word in words] == []
