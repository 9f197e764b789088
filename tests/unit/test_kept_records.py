"""Validated records kept as Parquet: read back equal, and the same matrix on either way of running Polars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal

from features.cohort import CohortRule
from features.engines.polars_engine import IN_MEMORY, STREAMING, PolarsEngine
from features.indicators.matrix import matrix_as_of
from features.tables.kept import KeptRecords, keep_records, open_kept

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records

RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
DAY = date(2024, 3, 31)


@pytest.fixture(scope="module")
def kept(authority_records: Records, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "tables"
    keep_records(authority_records, folder)
    return folder


def opened(folder: Path, records: Records, engine: PolarsEngine) -> KeptRecords:
    return open_kept(folder, engine=engine, extract_day=records.extract_day)


@pytest.mark.parametrize("engine", [IN_MEMORY, STREAMING])
def test_what_is_kept_is_read_back_equal(kept: Path, authority_records: Records, engine: PolarsEngine) -> None:
    read = opened(kept, authority_records, engine)
    assert set(read.tables) == set(authority_records.tables)
    for name, frame in authority_records.tables.items():
        assert_frame_equal(engine.collect(read.tables[name]), frame)


@pytest.mark.parametrize("engine", [IN_MEMORY, STREAMING])
def test_kept_records_give_the_matrix_of_those_in_memory(
    kept: Path, authority_records: Records, engine: PolarsEngine
) -> None:
    matrix, _ = matrix_as_of(opened(kept, authority_records, engine), as_of=DAY, rule=RULE)
    assert_frame_equal(matrix, matrix_as_of(authority_records, as_of=DAY, rule=RULE)[0])
