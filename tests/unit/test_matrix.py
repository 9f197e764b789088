"""The matrix: its columns, types and order, what it never reads, and how it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.as_of import view_as_of
from features.cohort import CohortRule
from features.indicators.catalogue import CATALOGUE, by_name
from features.indicators.matrix import build_matrix, matrices_as_of, matrix_as_of, write_matrix
from features.vocabulary.characteristics import NEVER_SCORED_COLUMNS, NEVER_SCORED_FACTORS
from features.vocabulary.errors import WrongUsageError
from tests.drawing import records

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records

AS_OF = date(2024, 3, 31)
RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
TYPES = {"count": pl.Int32, "days": pl.Int16, "years": pl.Int16, "flag": pl.Int8, "ratio": pl.Float32}


@pytest.fixture(scope="module")
def drawn() -> Records:
    return records(
        ssd_person="""
            pers_person_id | pers_dob   | pers_sex | pers_ethnicity
            C1             | 2015-01-01 | F        | WBRI
            C2             | 2016-01-01 | M        | BAFR
        """,
        ssd_family="fami_family_id | fami_person_id\nF1 | C1\nF1 | C2",
        ssd_contacts="""
            cont_person_id | cont_contact_date | cont_contact_source_code
            C2             | 2024-03-01        | 6
            C1             | 2024-03-01        | 1A
        """,
        ssd_cin_assessments="""
            cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
            A1                 | C1             | 2024-01-01                 | 2024-02-01
        """,
        ssd_assessment_factors='cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["16A"]',
    )


def test_the_columns_are_the_keys_and_then_the_catalogue(drawn: Records) -> None:
    matrix, _ = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    assert matrix.columns == ["child_id", "as_of", "family_id", *(indicator.name for indicator in CATALOGUE)]


def test_the_types_are_those_of_the_units(drawn: Records) -> None:
    matrix, _ = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    assert {i.name: matrix.schema[i.name] for i in CATALOGUE} == {i.name: TYPES[i.unit] for i in CATALOGUE}


def test_the_rows_are_the_cohorts_in_order(drawn: Records) -> None:
    matrix, cohort = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    assert matrix["child_id"].to_list() == cohort["child_id"].to_list() == ["C1", "C2"]


def test_an_empty_cohort_gives_an_empty_matrix_with_every_column(drawn: Records) -> None:
    matrix, _ = matrix_as_of(drawn, as_of=date(2019, 3, 31), rule=RULE)
    assert matrix.shape == (0, 3 + len(CATALOGUE))


def test_columns_that_are_never_scored_change_nothing(drawn: Records) -> None:
    person = drawn.tables["ssd_person"]
    blank = [pl.lit(None, person.schema[name]).alias(name) for name in NEVER_SCORED_COLUMNS if name in person.columns]
    without = replace(drawn, tables={**drawn.tables, "ssd_person": person.with_columns(blank)})
    assert_frame_equal(*(matrix_as_of(r, as_of=AS_OF, rule=RULE)[0] for r in (drawn, without)))


def test_factors_that_are_never_scored_change_nothing(drawn: Records) -> None:
    codes = "|16A|" + "".join(f"{code}|" for code in sorted(NEVER_SCORED_FACTORS))
    factors = drawn.tables["ssd_assessment_factors"].with_columns(cinf_assessment_factors_json=pl.lit(codes))
    with_them = replace(drawn, tables={**drawn.tables, "ssd_assessment_factors": factors})
    assert_frame_equal(*(matrix_as_of(r, as_of=AS_OF, rule=RULE)[0] for r in (drawn, with_them)))


@pytest.mark.parametrize("column", sorted({"pers_sex", "pers_ethnicity"}))
def test_a_declaration_that_reads_a_column_never_scored_does_not_run(drawn: Records, column: str) -> None:
    reads_it = replace(by_name("is_under_one"), expression=lambda on: on.col(column).is_null().cast(nw.Int8).max())
    view = view_as_of(drawn, as_of=AS_OF)
    with pytest.raises(Exception, match=column):
        build_matrix(view, pl.DataFrame({"child_id": ["C1"], "family_id": ["F1"]}), indicators=[reads_it])


def test_the_order_of_the_records_changes_no_byte(drawn: Records, tmp_path: Path) -> None:
    turned = replace(drawn, tables={name: frame.reverse() for name, frame in drawn.tables.items()})
    for name, source in (("one", drawn), ("other", turned)):
        write_matrix(matrix_as_of(source, as_of=AS_OF, rule=RULE)[0], tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_matrix_that_cannot_be_written_leaves_nothing_behind(drawn: Records, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    matrix, _ = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    with pytest.raises(WrongUsageError, match="taken is a folder"):
        write_matrix(matrix, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_table_that_the_source_lacks_gives_missing_and_never_nought(drawn: Records) -> None:
    matrix, _ = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    assert matrix["s47_enquiries_last_12_months"].to_list() == [None, None]


def test_a_day_after_the_records_last_is_refused_among_others(drawn: Records) -> None:
    with pytest.raises(WrongUsageError, match="lies after the records' last day"):
        list(matrices_as_of(drawn, days=[AS_OF, date(2099, 1, 1)], rule=RULE))


def test_days_come_in_the_order_asked_for(drawn: Records) -> None:
    days = [AS_OF, date(2024, 3, 1), date(2024, 3, 15)]
    assert [matrix["as_of"][0] for matrix, _ in matrices_as_of(drawn, days=days, rule=RULE)] == days


def test_a_year_of_days_gives_the_same_bytes_as_each_day_alone(authority_records: Records) -> None:
    days = [date(2023, 3, 31), date(2023, 12, 31), date(2024, 3, 31)]
    for day, (matrix, _) in zip(days, matrices_as_of(authority_records, days=days, rule=RULE), strict=True):
        assert_frame_equal(matrix, matrix_as_of(authority_records, as_of=day, rule=RULE)[0])


def test_a_day_asked_for_twice_is_refused(drawn: Records) -> None:
    with pytest.raises(WrongUsageError, match="A day is asked for more than once"):
        list(matrices_as_of(drawn, days=[AS_OF, AS_OF], rule=RULE))


def test_no_days_give_no_matrices(drawn: Records) -> None:
    assert list(matrices_as_of(drawn, days=[], rule=RULE)) == []


def test_without_a_table_of_plans_nobody_is_said_to_have_none(drawn: Records) -> None:
    matrix, _ = matrix_as_of(drawn, as_of=AS_OF, rule=RULE)
    assert matrix["has_child_protection_plan_now"].to_list() == [None, None]
