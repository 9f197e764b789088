"""Whatever stands in the cells: every row read is used or set aside, and nothing breaks."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from features.tables import CONTRACTS, columns_of
from features.tables.validate import validate

SPOILT = st.sampled_from(
    [
        "",
        "-1",
        "SSD_PH",
        "C1",
        "C2",
        "2024-02-30",
        "30/01/2024",
        "45382",
        "99999",
        "[",
        '{"1A":"Yes"}',
        '["1A",{}]',
        "Y",
    ]
)
NEEDED = ("ssd_person", "ssd_contacts", "ssd_cin_episodes", "ssd_cin_plans")
CELLS = st.one_of(st.none(), SPOILT, st.text(max_size=12))


@st.composite
def tables(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Draw every table with a few rows of anything, and two people who can be used."""
    drawn: dict[str, pl.DataFrame] = {}
    for name in ("ssd_person", "ssd_contacts", "ssd_cin_episodes", "ssd_cin_assessments", "ssd_assessment_factors"):
        columns = [*columns_of(CONTRACTS[name]), "recorded_on"]
        rows = draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=3))
        drawn[name] = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return drawn


@settings(max_examples=40, deadline=None)
@given(tables())
def test_accepted_and_set_aside_rows_are_the_rows_read(drawn: dict[str, pl.DataFrame]) -> None:
    drawn["ssd_cin_plans"] = pl.DataFrame(schema=dict.fromkeys(columns_of(CONTRACTS["ssd_cin_plans"]), pl.String))
    found = validate(drawn, extract_day=date(2025, 3, 31))
    for name, frame in drawn.items():
        rows = found.set_aside.filter((pl.col("table") == name) & pl.col("column").is_null())
        assert found.tables[name].height + rows.height == frame.height
        assert rows["row"].is_unique().all()


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_a_reason_never_repeats_a_cell(text: str) -> None:
    cell = f"\u2603{text}"
    columns = columns_of(CONTRACTS["ssd_person"])
    frame = pl.DataFrame({name: [cell] for name in columns})
    empty = {n: pl.DataFrame(schema=dict.fromkeys(columns_of(CONTRACTS[n]), pl.String)) for n in NEEDED}
    found = validate({**empty, "ssd_person": frame}, extract_day=date(2025, 3, 31))
    said = found.set_aside.select(pl.exclude("row")).cast(pl.String).to_numpy().flatten().tolist()
    assert len(said) > 0
    assert not any(cell in str(word) for word in said)
