"""No suppressed count can be worked out: each count that an audit writes is an equation, and none solves for one.

What a reader has is read from `audit.csv`, `audit.json` and `cells.parquet`. Each shown count is a sum of cells of the
full cross-classification; a hidden count is safe when no combination of the shown ones gives it. What is listed nowhere
is known to be nobody, and counts are whole numbers: with these in hand too, five numbers must remain possible.
"""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from training.audit import Audit, AuditSettings, CellsAsked, audit_table
from training.audit.audit import audit_cells
from training.audit.counts.cells_in import settings_of
from training.audit.disclosure.figures_csv import to_csv
from training.audit.disclosure.suppression import LEAST

GROUPS = ("colour", "shape", "size")
PARTS = {"prevalence": "outcome", "selection_rate": "flagged", "tpr": "cells", "fpr": "cells"}


@cache
def _table(seed: int, more: int = 0) -> pl.DataFrame:
    random, rows = np.random.default_rng(seed), 700
    colour = random.choice(["red", "blue", "green"], rows, p=[0.6, 0.3, 0.1])
    shape, size = random.choice(["o", "x"], rows, p=[0.7, 0.3]), random.choice(["s", "l"], rows)
    colour[:3], shape[2:4] = "rare", ""
    first = pl.DataFrame({"colour": colour, "shape": shape, "size": size, "score": random.random(rows)})
    later = pl.DataFrame({"colour": ["green"], "shape": ["x"], "size": ["s"], "score": [0.9]})
    table = pl.concat([first, *[later] * more])
    return table.with_columns(outcome=pl.Series(random.random(rows + more)) < pl.col("score") / 2)


def _audit(table: pl.DataFrame, disclosure: str, *, last: dict[str, Any] | None = None, crossed: int = 2) -> Audit:
    asked = AuditSettings("outcome", "score", GROUPS, capacity=0.2, intersections=crossed, disclosure=disclosure)
    return audit_table(table, asked, last=last)


def _leaves() -> list[tuple[str | None, ...]]:
    return list(product(["red", "blue", "green", "rare"], ["o", "x", None], ["s", "l"]))


def _equation(attributes: list[str], values: list[str | None]) -> np.ndarray:
    where = [GROUPS.index(name) for name in attributes]
    return np.array([float([leaf[at] for at in where] == values) for leaf in _leaves()])


def _shown(content: dict[str, Any], measure: str) -> list[np.ndarray]:
    """Give an equation for each group of which a count behind a measure is shown."""
    named = [(entry, [], []) for entry in [content["overall"]]]
    named += [(entry, [entry["attribute"]], [entry["group"]]) for entry in content["groups"]]
    named += [(entry, entry["attributes"], entry["values"]) for entry in content["intersections"]]
    found = [_equation(attributes, values) for entry, attributes, values in named if "k" in entry[measure]]
    for entry in content["together"]:
        if "k" in entry[measure]:
            found.append(sum(_equation([entry["attribute"]], [group]) for group in entry["groups"]))
    return found


def _hidden(content: dict[str, Any], measure: str) -> list[np.ndarray]:
    singles = [
        ([entry["attribute"]], [entry["group"]]) for entry in content["groups"] if "suppressed" in entry[measure]
    ]
    crossed = [
        (each["attributes"], each["values"]) for each in content["intersections"] if "suppressed" in each[measure]
    ]
    return [_equation(attributes, values) for attributes, values in singles + crossed]


def _is_solved(target: np.ndarray, equations: list[np.ndarray]) -> bool:
    system = np.array(equations).T
    weights = np.linalg.lstsq(system, target, rcond=None)[0]
    return bool(np.allclose(system @ weights, target, atol=1e-7))


@pytest.mark.parametrize("crossed", [2, 3])
@pytest.mark.parametrize("disclosure", ["internal", "published"])
@pytest.mark.parametrize("seed", range(4))
def test_no_combination_of_shown_counts_gives_a_hidden_one(seed: int, disclosure: str, crossed: int):
    content = json.loads(_audit(_table(seed), disclosure, crossed=crossed).to_json())
    for measure in PARTS:
        hidden, shown = _hidden(content, measure), _shown(content, measure)
        assert hidden
        assert shown
        assert not any(_is_solved(target, shown) for target in hidden)


def _skewed(seed: int, rows: int) -> pl.DataFrame:
    """Draw a table in which most of what is crossed is small, or does not occur."""
    random = np.random.default_rng(seed)
    drawn = {
        name: random.choice(values, rows, p=random.dirichlet(np.full(len(values), 0.5)))
        for name, values in zip(GROUPS, (["red", "blue", "green", "rare"], ["o", "x", ""], ["s", "l"]), strict=True)
    }
    return pl.DataFrame({**drawn, "score": random.random(rows), "outcome": random.random(rows) < 0.5})


def _possible(content: dict[str, Any]) -> list[int]:
    """Count the sizes that each hidden group could have, for whoever knows all shown sizes and what occurs at all."""
    named = [([], [], content["overall"]["n"])]
    named += [([each["attribute"]], [each["group"]], each["n"]) for each in content["groups"]]
    named += [(each["attributes"], each["values"], each["n"]) for each in content["intersections"]]
    listed = {(tuple(attributes), tuple(values)) for attributes, values, _ in named}
    pairs = [(GROUPS[one], GROUPS[other], one, other) for one, other in ((0, 1), (0, 2), (1, 2))]
    occurs = [
        all(
            ((first, second), (leaf[one], leaf[other])) in listed
            for first, second, one, other in pairs
            if f"{first}*{second}" not in content["crossings_left_out"]
        )
        for leaf in _leaves()
    ]
    system = np.array([_equation(attributes, values) for attributes, values, _ in named])
    low, high = np.array([(1, np.inf) if n is None else (n, n) for *_, n in named]).T
    known = LinearConstraint(system, low, high)
    within = Bounds(0, np.where(occurs, 10_000, 0))
    ends = [
        [milp(sign * line, constraints=known, bounds=within, integrality=np.ones(len(line))).fun for sign in (1, -1)]
        for line, (*_, n) in zip(system, named, strict=True)
        if n is None
    ]
    return [round(-greatest - least) + 1 for least, greatest in ends]


@pytest.mark.parametrize("crossed", [2, 3])
def test_five_sizes_remain_possible_of_each_hidden_group_that_is_small(crossed: int):
    looked_at = 0
    for seed in range(12):
        content = json.loads(_audit(_skewed(seed, 60 + 40 * seed), "internal", crossed=crossed).to_json())
        possible = _possible(content)
        assert min(possible, default=5) >= 5
        looked_at += len(possible)
    assert looked_at > 60


def test_groups_of_one_child_each_are_not_told_by_how_many_there_are():
    table = pl.DataFrame({"group": list("abcde") + ["f"] * 40 + ["g"] * 55, "score": np.linspace(0, 1, 100)})
    asked = AuditSettings("outcome", "score", ("group",), capacity=0.2)
    audit = audit_table(table.with_columns(outcome=pl.Series([0, 1] * 50)), asked)
    assert [each["group"] for each in audit.groups if each["n"] is not None] == ["g"]


@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_two_successive_audits_together_give_no_hidden_count(disclosure: str):
    first = json.loads(_audit(_table(1), disclosure).to_json())
    second = json.loads(_audit(_table(1, more=9), disclosure, last=first).to_json())
    for measure in PARTS:
        shown = _shown(first, measure) + _shown(second, measure)
        # why: a group that was small and is not any more gives nothing back, since it stays withheld
        assert not any(_is_solved(target, shown) for target in _hidden(first, measure))


def test_without_naming_the_last_audit_two_of_them_could_be_subtracted():
    first = json.loads(_audit(_table(1), "published").to_json())
    second = json.loads(_audit(_table(1, more=60), "published").to_json())
    shown = _shown(first, "prevalence") + _shown(second, "prevalence")
    assert any(_is_solved(target, shown) for target in _hidden(first, "prevalence"))


def test_the_table_of_figures_and_the_file_of_cells_hold_no_count_that_the_audit_withholds():
    audit = _audit(_table(2), "internal")
    content = json.loads(audit.to_json())
    hidden = {(each["attribute"], each["group"]) for each in content["groups"] if each["n"] is None}
    lines = list(csv.DictReader(io.StringIO(to_csv(content))))
    of_hidden = [line for line in lines if (line["attribute"], line["group"] or None) in hidden]
    assert of_hidden
    assert [line for line in of_hidden if line["value"] or line["low"] or line["k"] or line["n"]] == []
    gone = audit.cells.lines.filter(pl.col("is_withheld"))
    assert gone.drop("attribute", "values", "kind", "is_withheld").null_count().row(0) == (gone.height,) * (
        gone.width - 4
    )


def test_an_audit_for_publication_from_cells_withholds_as_much():
    cells = _audit(_table(3), "internal").cells
    asked = settings_of(cells.about, CellsAsked(disclosure="published"))
    content = json.loads(audit_cells(cells.lines, cells.about, asked).to_json())
    for measure in PARTS:
        shown = _shown(content, measure)
        assert not any(_is_solved(target, shown) for target in _hidden(content, measure))


@pytest.mark.parametrize("seed", range(3))
def test_an_interval_in_print_gives_back_rounded_counts_at_best(seed: int):
    table = _table(seed)
    content = json.loads(_audit(table, "published").to_json())
    exact = json.loads(_audit(table, "internal").to_json())
    pairs = [
        (one[name], other[name])
        for one, other in zip(content["groups"], exact["groups"], strict=True)
        for name in PARTS
        if "k" in one[name] and "k" in other[name]
    ]
    assert pairs
    for shown, true in pairs:
        assert shown["value"] == round(shown["k"] / shown["n"], 2)
        assert min(true["k"], true["n"] - true["k"]) >= LEAST["published"]
