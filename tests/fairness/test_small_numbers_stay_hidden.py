"""A withheld group appears nowhere with a number: not in the file, not on the page, not among the cells."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from training.audit import Audit, AuditSettings, CellsAsked, audit_table
from training.audit.audit import audit_cells, audit_cells_file
from training.audit.counts.cells import CELLS_VERSION, Cells
from training.audit.counts.cells_in import settings_of
from training.audit.verdicts import WITHHELD

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = ("value", "low", "high", "k", "n", "clusters")


def _audit(disclosure: str, *, small: int = 3, rows: int = 900) -> Audit:
    random = np.random.default_rng(4)
    table = pl.DataFrame(
        {
            "child": np.arange(rows),
            "outcome": random.random(rows) < 0.3,
            "score": random.random(rows),
            "group": ["Rare"] * small + ["Common"] * 500 + ["Other"] * (rows - 500 - small),
            "sex": random.choice(["F", "M"], rows),
        }
    )
    asked = AuditSettings(
        outcome="outcome", score="score", groups=("group", "sex"), capacity=0.2, child="child",
        reference={"group": "Rare"}, tolerance={"tpr": 0.1}, intersections=2, disclosure=disclosure,
    )  # fmt: skip
    return audit_table(table, asked)


def _entries(audit: Audit, name: str) -> list[dict[str, object]]:
    content = json.loads(audit.to_json())
    listed = [*content["groups"], *content["intersections"], *content["differences"], *content["verdicts"]]
    return [each for each in listed if name in str(each["group"]).split("*") or each.get("reference") == name]


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_no_number_of_a_small_group_stands_in_the_file(disclosure: str):
    figures = [
        figure
        for entry in _entries(_audit(disclosure), "Rare")
        for figure in entry.values()
        if isinstance(figure, dict)
    ]
    assert len(figures) > 40
    assert [figure for figure in figures if set(figure) & set(FIGURES)] == []


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_a_small_group_stands_on_the_page_only_with_symbols(disclosure: str):
    rows = re.findall(r"<tr>.*?</tr>", _audit(disclosure).to_html(), flags=re.DOTALL)
    cells = [cell for row in rows if re.search(">Rare|Rare<|, Rare", row) for cell in row.split("<td")[1:]]
    assert sum("[c]" in cell for cell in cells) > 20
    assert [cell for cell in cells if " of " in cell or "%" in cell] == []


def test_of_a_small_group_the_cells_hold_only_that_it_is_withheld():
    lines = _audit("internal").cells.lines.filter(pl.col("values").list.contains("Rare"))
    numbers = lines.drop("attribute", "values", "kind", "is_withheld")
    assert lines["is_withheld"].all()
    assert numbers.select(pl.all().null_count()).row(0) == (lines.height,) * numbers.width


def test_a_published_audit_leaves_nothing_in_the_cells():
    cells = _audit("published").cells
    assert (cells.lines.height, cells.about) == (0, {"cells_version": CELLS_VERSION})


def test_an_audit_for_publication_from_cells_leaves_nothing_of_them(tmp_path: Path):
    _audit("internal").cells.write(tmp_path / "cells.parquet")
    audit_cells_file(tmp_path / "cells.parquet", CellsAsked(disclosure="published"), tmp_path / "print")
    kept = Cells(pl.read_parquet(tmp_path / "print" / "cells.parquet"), {"cells_version": CELLS_VERSION})
    assert kept.lines.height == 0
    assert (tmp_path / "print" / "cells.parquet").read_bytes() == kept.as_bytes()


def test_counts_in_print_are_rounded_and_figures_have_two_decimals():
    content = json.loads(_audit("published", small=60).to_json())
    figures = [figure for entry in content["groups"] for figure in entry.values() if isinstance(figure, dict)]
    shown = [figure for figure in figures if "value" in figure]
    assert shown
    assert all(figure[count] % 5 == 0 for figure in shown for count in ("k", "n", "clusters"))
    assert all(round(figure[name], 2) == figure[name] for figure in shown for name in ("value", "low", "high"))


def test_a_rate_in_print_is_that_of_its_rounded_counts():
    entry = json.loads(_audit("published", small=60).to_json())["overall"]["selection_rate"]
    assert (entry["k"], entry["n"], entry["value"]) == (180, 900, 0.2)


def test_children_count_and_not_rows():
    table = pl.DataFrame(
        {"child": [1, 2, 3] * 4 + list(range(4, 92)), "outcome": [0, 1] * 50, "score": [0.2, 0.8] * 50}
    )
    table = table.with_columns(group=pl.Series(["Rare"] * 12 + ["Other"] * 38 + ["Common"] * 50))
    asked = AuditSettings(outcome="outcome", score="score", groups=("group",), threshold=0.5, child="child")
    shown = {entry["group"]: entry["n"] for entry in audit_table(table, asked).groups}
    assert shown == {"Common": 50, "Other": None, "Rare": None}


def test_a_gap_made_of_a_small_count_is_said_in_print_without_its_numbers():
    random = np.random.default_rng(7)
    group, outcome = np.repeat(["A", "B"], [300, 900]), random.random(1200) < 0.3
    table = pl.DataFrame(
        {"group": group, "outcome": outcome, "score": random.random(1200) * np.where(group == "A", 0.4, 1)}
    )
    asked = AuditSettings(
        "outcome", "score", ("group",), threshold=0.38, tolerance={"tpr": 0.1}, disclosure="published"
    )
    verdict = next(each for each in audit_table(table, asked).verdicts if (each.group, each.measure) == ("A", "tpr"))
    assert (verdict.verdict, verdict.gap, verdict.smallest_gap) == ("outside", {"suppressed": True}, None)


def _share_flagged(of: dict[str, tuple[int, int]]) -> dict[str, str]:
    """Give the verdict in print on the share flagged in each group, of which so many of so many are."""
    rows = [
        {"group": group, "outcome": at % 3 == 0, "score": 0.9 if at < flagged else 0.1}
        for group, (flagged, children) in of.items()
        for at in range(children)
    ]
    asked = AuditSettings(
        "outcome", "score", ("group",), threshold=0.5, tolerance={"selection_rate": 0.1}, disclosure="published"
    )
    judged = audit_table(pl.DataFrame(rows), asked).verdicts
    return {str(each.group): each.verdict for each in judged if each.measure == "selection_rate"}


def test_a_verdict_that_one_count_alone_would_get_is_withheld_with_it():
    # Of 30 with nobody flagged the gap is outside; with a single one flagged it could not be told.
    assert _share_flagged({"A": (0, 30), "B": (14, 60), "C": (180, 600)})["A"] == "cannot tell"
    assert _share_flagged({"A": (2, 90), "B": (14, 60), "C": (180, 600)})["A"] == "outside"


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_why_one_cannot_tell_does_not_say_which_of_two_groups_is_the_small_one(disclosure: str):
    verdicts = {each.group: each for each in _audit(disclosure).verdicts if each.measure == "tpr"}
    assert (verdicts["Rare"].verdict, verdicts["Rare"].reason) == ("cannot tell", WITHHELD)
    assert (verdicts["Other"].verdict, verdicts["Other"].reason) == ("cannot tell", WITHHELD)
    assert (verdicts["Other"].gap, verdicts["Other"].smallest_gap) == ({"suppressed": True}, None)


def test_net_benefit_in_print_is_that_of_rounded_counts():
    threshold = _audit("internal", small=60).resolved["cut_off"]
    content = json.loads(_audit("published", small=60).to_json())
    tp, fp, fn, tn = (content["overall"][name]["k"] for name in ("tpr", "fpr", "fnr", "tnr"))
    odds = threshold / (1 - threshold)
    everybody = [each for each in content["curves"] if each["attribute"] is None]
    at_cut_off = next(each for each in everybody if each["selection_rate"]["k"] == tp + fp)
    assert at_cut_off["net_benefit"]["value"] == round((tp - odds * fp) / (tp + fp + fn + tn), 2)
    assert at_cut_off["net_benefit_if_all_are_flagged"]["value"] == round(
        (tp + fn - odds * (fp + tn)) / (tp + fp + fn + tn), 2
    )


def test_a_child_flagged_once_and_not_another_time_counts_once():
    """Five children with the outcome have ten rows with it, five of them flagged: in print that is five, not ten."""
    few = {"child": [*range(5)] * 2, "score": [0.9] * 5 + [0.1] * 5, "outcome": [1] * 10}
    others = {"child": [*range(5, 65)], "score": [0.9, 0.1] * 30, "outcome": [0] * 60}
    more = {"child": [*range(65, 265)], "score": [0.9, 0.1, 0.1, 0.9] * 50, "outcome": [1, 1, 0, 0] * 50}
    parts = [
        pl.DataFrame(rows).with_columns(group=pl.lit(name)) for name, rows in (("A", few), ("A", others), ("B", more))
    ]
    asked = AuditSettings("outcome", "score", ("group",), threshold=0.5, child="child", disclosure="published")
    entry = next(each for each in audit_table(pl.concat(parts), asked).groups if each["group"] == "A")
    assert entry["n"] == 70
    assert entry["prevalence"] == {"suppressed": True}


def test_curves_in_print_are_the_same_whichever_of_their_thresholds_is_the_cut_off():
    cells = _audit("internal", small=30).cells
    curves = []
    for capacity in (0.1, 0.35, 0.8):
        asked = settings_of(cells.about, CellsAsked(capacity=capacity, disclosure="published"))
        curves.append(audit_cells(cells.lines, cells.about, asked).as_json()["curves"])
    assert any("suppressed" in each["tpr"] for each in curves[0])
    assert curves[0] == curves[1] == curves[2]


def test_the_level_of_intervals_does_not_tell_what_is_withheld():
    levels = {_audit("internal", small=small).verdicts[0].level for small in (1, 2, 3, 4)}
    assert len(levels) == 1


def test_how_surprising_a_gap_is_in_print_is_that_of_rounded_counts():
    def table(hits: int) -> pl.DataFrame:
        counts = {("A", 1, 0.9): hits, ("A", 1, 0.1): 50, ("A", 0, 0.9): 50, ("A", 0, 0.1): 100}
        counts |= {("B", 1, 0.9): 90, ("B", 1, 0.1): 110, ("B", 0, 0.9): 50, ("B", 0, 0.1): 100}
        rows = [row for row, times in counts.items() for _ in range(times)]
        return pl.DataFrame(rows, schema=["group", "outcome", "score"], orient="row")

    def surprise(hits: int, disclosure: str) -> float | None:
        asked = AuditSettings("outcome", "score", ("group",), threshold=0.5, disclosure=disclosure)
        verdicts = audit_table(table(hits), asked).verdicts
        return next(each.p for each in verdicts if (each.group, each.measure) == ("A", "tpr"))

    assert round(surprise(51, "internal"), 2) != round(surprise(52, "internal"), 2)
    assert surprise(51, "published") == surprise(52, "published")
