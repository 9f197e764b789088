"""What an auditor who distrusts the program found: each a table that was once read wrongly."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from features.vocabulary.errors import UnusableRecordsError
from training.audit import audit_table
from training.audit.intake import Sample, take_in
from training.audit.settings import AuditSettings


def _taken_in(**asked: str) -> Sample:
    """Take in four rows whose ids and groups are floats, as Parquet holds them; the last two are not recorded."""
    recorded = [1.0, 2.0, math.nan, math.nan]
    table = pl.DataFrame({"who": recorded, "home": recorded, "band": recorded, "score": [0.1, 0.2, 0.3, 0.4]})
    settings = AuditSettings("outcome", "score", ("band",), capacity=0.5, cluster="home", **asked)
    return take_in(table.with_columns(outcome=pl.Series([0, 1, 0, 1])), settings)


def test_rows_whose_household_is_no_number_are_not_one_household() -> None:
    assert len(set(_taken_in().cluster.tolist())) == 4


def test_rows_whose_child_is_no_number_are_rows_without_a_child() -> None:
    with pytest.raises(UnusableRecordsError, match="2 of 4 rows have no child in 'who'"):
        _taken_in(child="who")


def test_a_group_that_is_no_number_is_a_missing_group() -> None:
    assert _taken_in().groups["band"].values == ("1.0", "2.0", None)


def test_in_print_the_share_of_a_period_in_which_nobody_has_the_outcome_is_withheld() -> None:
    days = [f"2024-{month:02}-01" for month in range(1, 13) for _ in range(100)]
    outcome = [int(month < 10 and row < 20) for month in range(12) for row in range(100)]
    table = pl.DataFrame({"day": days, "outcome": outcome, "score": [row / 1200 for row in range(1200)]})
    asked = AuditSettings("outcome", "score", ("band",), capacity=0.5, day="day", disclosure="published")
    audit = audit_table(table.with_columns(band=pl.Series(["a", "b"] * 600)), asked)
    followup = audit.as_json()["followup"]
    assert (followup["last"], followup["ratio"]) == ({"suppressed": True}, None)
    assert audit.as_json()["settings"]["clipped_scores"] is None
    assert audit.to_html()


def _in_print(cells: dict[str, tuple[int, int, int, int]]) -> dict[str, Any]:
    """Audit groups of so many flagged and others with the outcome, flagged and others without it."""
    kinds = ((1, 0.9), (1, 0.1), (0, 0.9), (0, 0.1))
    rows = [
        (*kind, band)
        for band, sizes in cells.items()
        for kind, size in zip(kinds, sizes, strict=True)
        for _ in range(size)
    ]
    table = pl.DataFrame(rows, schema=["outcome", "score", "band"], orient="row")
    asked = AuditSettings("outcome", "score", ("band",), threshold=0.5, disclosure="published")
    return audit_table(table, asked).as_json()


@pytest.mark.parametrize(
    ("section", "measure"), [("label", "prevalence"), ("missing", "prevalence"), ("missing", "selection_rate")]
)
def test_what_could_overturn_a_share_in_print_tells_nothing_of_the_cells_behind_it(section: str, measure: str) -> None:
    def said(flagged: int) -> list[dict[str, Any]]:
        """Give what is said where so many of 19 with the outcome, and of 12 flagged, are both."""
        few, rest = (flagged, 19 - flagged, 12 - flagged, 59 + flagged), (80, 80, 80, 80)
        audit = _in_print({"few": few, "also": few, "most": rest, "": few})
        return [entry for entry in audit[section] if entry["measure"] == measure]

    assert said(3) == said(2)
