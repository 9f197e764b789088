"""What an auditor who distrusts the program found: each a table that was once read wrongly."""

from __future__ import annotations

import math

import polars as pl
import pytest

from training.audit import audit_table
from training.audit.intake import Sample, take_in
from training.audit.settings import AuditSettings


def _taken_in() -> Sample:
    """Take in four rows whose ids and groups are floats, as Parquet holds them; the last two are not recorded."""
    recorded = [1.0, 2.0, math.nan, math.nan]
    table = pl.DataFrame({"who": recorded, "home": recorded, "band": recorded, "score": [0.1, 0.2, 0.3, 0.4]})
    asked = AuditSettings("outcome", "score", ("band",), capacity=0.5, child="who", cluster="home")
    return take_in(table.with_columns(outcome=pl.Series([0, 1, 0, 1])), asked)


@pytest.mark.parametrize("whose", ["child", "cluster"])
def test_rows_whose_id_is_no_number_are_not_one_child_nor_one_household(whose: str) -> None:
    assert len(set(getattr(_taken_in(), whose).tolist())) == 4


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
