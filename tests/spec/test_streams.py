"""Streams that join a child's rows with each other, as of 2025-03-31: two of one day are two."""

from __future__ import annotations

import polars as pl

from features.indicators.streams import RETURNED, rows_of
from tests.indicator_values import view_of


def stream(name: str, **drawings: str) -> pl.DataFrame:
    view = view_of(**drawings)
    rows = rows_of(view, name)
    assert rows is not None
    return view.engine.collect(rows)


def test_each_of_two_referrals_of_a_day_has_the_latest_closing_before_it() -> None:
    found = stream(
        RETURNED,
        ssd_cin_episodes="""
            cine_referral_id | cine_person_id | cine_referral_date | cine_close_date
            R1               | C1             | 2024-01-01         | 2024-02-01
            R2               | C1             | 2024-03-01         | 2024-04-01
            R3               | C1             | 2024-06-01         | 2024-06-01
            R4               | C1             | 2024-06-01         |
            R5               | S1             | 2024-06-01         |
        """,
    )
    closed = found.select("cine_referral_id", pl.col("closed_day").cast(pl.Date).cast(pl.String)).sort(
        "cine_referral_id"
    )
    assert closed.rows() == [("R2", "2024-02-01"), ("R3", "2024-04-01"), ("R4", "2024-04-01")]
