"""What no model may read: sex, gender, ethnicity, religion, nationality, immigration status; what stands for them."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl
import pytest

from features.as_of import View
from features.days import day_number
from features.indicators.catalogue import CATALOGUE, SCORED, SHOWN_ONLY
from features.indicators.conditions import factor_column
from features.indicators.streams import PERSON_OF, STREAMS, rows_of, tables_of
from features.moment import Moment
from features.tables import CONTRACTS, columns_of
from features.tables.contract import DTYPES
from features.vocabulary.characteristics import NEVER_SCORED_COLUMNS, NEVER_SCORED_FACTORS, NEVER_SCORED_TABLES

if TYPE_CHECKING:
    from features.indicators.declaration import Indicator

DAY = date(2025, 3, 31)
# Lists whose codes say one of the characteristics, and words of column names that would.
LISTS = {"sex", "gender", "ethnicity", "immigration_status", "linked_identifier_type"}
WORDS = re.compile(r"sex|gender|ethnic|nationalit|religio|faith|immigration|asylum|language", re.IGNORECASE)

ASK_WHETHER_FACTORS_ARE_THERE = {
    "days_since_needs_last_recorded",
    "different_needs_found_last_24_months",
    "needs_found_more_than_once_last_24_months",
    "needs_no_longer_found_last_12_months",
    "new_needs_found_last_12_months",
}


@cache
def empty_view() -> View:
    """Give a view of every table, without rows."""
    return View(
        DAY, day_number(DAY), {table: nw.from_native(pl.LazyFrame(schema=schema(table))) for table in CONTRACTS}
    )


def schema(table: str) -> dict[str, pl.DataType]:
    columns = columns_of(CONTRACTS[table]).items()
    dated = {f"{name}_day": pl.Int32() for name, column in columns if column.kind == "date"}
    return {**{name: DTYPES[column.kind] for name, column in columns}, **dated}


def compiles(indicator: Indicator, *, without: list[str]) -> bool:
    """Whether an indicator can be computed on its stream once columns are taken away."""
    rows = rows_of(empty_view(), indicator.table)
    assert rows is not None
    frame = rows.drop(without, strict=False).with_columns(nw.lit("sibling").alias("relation"))
    measures = [indicator.expression, *([indicator.per] if indicator.per else [])]
    chosen = [measure(Moment(day_number(DAY))).alias(str(at)) for at, measure in enumerate(measures)]
    try:
        frame.select(*chosen).collect_schema()
    except (nw.exceptions.ColumnNotFoundError, pl.exceptions.ColumnNotFoundError):
        return False
    return True


def test_every_column_that_says_a_characteristic_is_named_or_in_a_table_never_counted() -> None:
    says = {
        (table, name)
        for table, contract in CONTRACTS.items()
        for name, column in columns_of(contract).items()
        if column.codelist in LISTS or WORDS.search(name)
    }
    assert says
    assert [one for one in says if one[0] not in NEVER_SCORED_TABLES and one[1] not in NEVER_SCORED_COLUMNS] == []


def test_no_stream_is_made_of_a_table_that_is_never_counted() -> None:
    read = {table for name in PERSON_OF for table in tables_of(name)}
    assert read & NEVER_SCORED_TABLES == set()


@pytest.mark.parametrize("stream", sorted({*PERSON_OF, *STREAMS}))
def test_no_stream_holds_a_column_that_is_never_scored(stream: str) -> None:
    rows = rows_of(empty_view(), stream)
    assert rows is not None
    assert NEVER_SCORED_COLUMNS.intersection(rows.collect_schema().names()) == set()


def test_no_indicator_in_the_matrix_reads_a_factor_that_is_only_shown() -> None:
    flags = [factor_column(factor) for factor in NEVER_SCORED_FACTORS]
    assert [one.name for one in CATALOGUE if not compiles(one, without=flags)] == []


def test_the_text_of_all_factors_is_read_by_none_but_who_asks_whether_it_is_there() -> None:
    reading = {one.name for one in CATALOGUE if not compiles(one, without=["cinf_assessment_factors_json"])}
    assert reading == ASK_WHETHER_FACTORS_ARE_THERE


def test_each_factor_that_is_only_shown_is_shown_and_says_why() -> None:
    flags = {factor: [factor_column(factor)] for factor in NEVER_SCORED_FACTORS}
    reading = {factor: [one for one in SHOWN_ONLY if not compiles(one, without=flag)] for factor, flag in flags.items()}
    assert {factor: len(found) for factor, found in reading.items()} == dict.fromkeys(NEVER_SCORED_FACTORS, 1)
    assert all(one.not_scored for one in SHOWN_ONLY)


def test_what_is_only_shown_stands_in_no_matrix_and_what_is_not_scored_is_offered_to_no_model() -> None:
    assert {one.name for one in SHOWN_ONLY} & {one.name for one in CATALOGUE} == set()
    assert [one.name for one in SCORED if one.not_scored] == []


def test_deprivation_waits_for_its_proxy_test() -> None:
    of_place = [one for one in CATALOGUE if "ext_deprivation" in tables_of(one.table)]
    assert of_place
    assert [one.name for one in of_place if not one.not_scored] == []


def test_age_and_disability_are_scored() -> None:
    scored = {one.name for one in SCORED}
    assert {"age_years", "has_disability"} <= scored
