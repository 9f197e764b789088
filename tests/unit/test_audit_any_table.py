"""Whatever a table holds, an audit is given or refused with a reason: no traceback, and no number that is none."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit import AuditSettings, CellsAsked, audit_table
from training.audit.audit import audit_cells
from training.audit.counts.cells_in import settings_of


def _drawn(seed: int) -> tuple[pl.DataFrame, AuditSettings]:
    """Draw a table that nobody would choose, and settings that do not fit it well."""
    random = np.random.default_rng(seed)
    rows = int(random.choice([1, 2, 3, 8, 15, 40, 120, 400]))
    child = random.integers(0, max(1, rows // int(random.integers(1, 4))), rows)
    scores = [random.random(rows), random.random(rows).round(1), random.integers(0, 2, rows), np.full(rows, 0.3)]
    score = [*scores, random.normal(0, 10, rows)][int(random.integers(0, 5))].astype(float)
    outcome = random.random(rows) < random.choice([0, 0.05, 0.3, 0.9, 1])
    names = [f"g{place}" for place in range(int(random.integers(1, 4)))]
    chances = random.dirichlet(np.full(5, 0.7))
    groups = {name: pl.Series(random.choice(list("abcd "), rows, p=chances).tolist()) for name in names}
    home = child // 2 if random.random() < 0.5 else np.zeros(rows, dtype=int)
    if random.random() < 0.2:
        outcome = score > np.median(score)
    at: dict[str, Any] = {"capacity": float(random.choice([0.01, 0.2, 1]))}
    if random.random() < 0.3:
        at = {"threshold": float(random.choice([-100, 0, 0.3, 1, 100]))}
    asked = AuditSettings(
        "outcome", "score", tuple(names), child="child", cluster="home" if random.random() < 0.6 else None,
        tolerance={"tpr": 0.1, "calibration_intercept": 0.3}, intersections=None if len(names) < 2 else len(names),
        disclosure="internal" if seed % 2 else "published", **at,
    )  # fmt: skip
    return pl.DataFrame({"child": child, "home": home, "score": score, "outcome": outcome, **groups}), asked


@pytest.mark.parametrize("seed", [*range(12), 16, 28, 52])
def test_any_table_gives_an_audit_or_a_reason(seed: int):
    table, asked = _drawn(seed)
    try:
        audit = audit_table(table, asked)
    except (UnusableRecordsError, WrongUsageError) as refusal:
        assert "Hint" in str(refusal)  # noqa: PT017 - most tables are audited; a refusal must say what to do
        return
    last = json.loads(audit.to_json())
    assert "<h1>" in audit_table(table, asked, last=last).to_html()
    if asked.disclosure == "internal":
        wanted = CellsAsked(tolerance=asked.tolerance, disclosure="published")
        again = audit_cells(audit.cells.lines, audit.cells.about, settings_of(audit.cells.about, wanted))
        assert "<h1>" in again.to_html()
