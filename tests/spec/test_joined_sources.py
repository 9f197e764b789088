"""Several sources of one authority, joined by child: who wins, what is filled, what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from features.sources.raw import Kind, RawTables
from features.tables.join import join_sources
from tests.drawing import table

ANNEX_A = RawTables(
    Kind.annex_a,
    {
        "ssd_person": table("""
            pers_person_id | pers_sex | pers_dob   | pers_ethnicity
            001            | F        | 01/06/2015 | SSD_PH
            002            | M        | 02/06/2015 | WBRI
        """),
        "ssd_cin_episodes": table("""
            cine_referral_id | cine_person_id | cine_referral_date
            001-r1           | 001            | 05/01/2024
            002-r1           | 002            | 06/01/2024
        """),
    },
    can_hold=frozenset({"ssd_person", "ssd_cin_episodes", "ssd_contacts"}),
)
CENSUS = RawTables(
    Kind.cin_census,
    {
        "ssd_person": table("""
            pers_person_id | pers_sex | pers_dob   | pers_ethnicity
            001            | 2        | 2015-06-01 | BCRB
            002            | M        | 2015-06-03 | WBRI
            003            | M        | 2016-06-03 | WBRI
        """),
        "ssd_cin_episodes": table("""
            cine_referral_id | cine_person_id | cine_referral_date
            A                | 001            | 2024-01-05
            B                | 003            | 2024-02-06
        """),
        "ssd_cin_assessments": table("""
            cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_start_date
            P                  | 001            | A                | 2024-01-06
        """),
    },
    can_hold=frozenset({"ssd_person", "ssd_cin_episodes", "ssd_cin_assessments"}),
)


def test_persons_are_completed_from_one_source_after_the_other() -> None:
    persons = join_sources([CENSUS, ANNEX_A]).tables["ssd_person"]
    assert persons.select("pers_person_id", "pers_dob", "pers_ethnicity").rows() == [
        ("001", "01/06/2015", "BCRB"),
        ("002", "02/06/2015", "WBRI"),
        ("003", "2016-06-03", "WBRI"),
    ]


def test_a_table_comes_whole_from_the_first_source_that_has_a_row_in_it() -> None:
    joined = join_sources([ANNEX_A, CENSUS])
    assert joined.tables["ssd_cin_episodes"]["cine_referral_id"].to_list() == ["001-r1", "002-r1"]


def test_the_plan_says_who_wins() -> None:
    joined = join_sources([ANNEX_A, CENSUS], first_wins=[Kind.cin_census])
    assert joined.kind is Kind.cin_census
    assert joined.tables["ssd_cin_episodes"]["cine_referral_id"].to_list() == ["A", "B"]
    assert joined.tables["ssd_person"]["pers_dob"].to_list() == ["2015-06-01", "2015-06-03", "2016-06-03"]


def test_a_clash_is_counted_and_another_way_of_writing_is_none() -> None:
    told = join_sources([ANNEX_A, CENSUS]).told
    clashes = [said for said in told if said.startswith("ssd_person")]
    assert clashes == [
        "ssd_person.pers_dob: cin_census says otherwise than annex_a of fewer than 5 children; annex_a was used"
    ]


def test_rows_that_only_the_other_source_has_are_counted() -> None:
    (said,) = [said for said in join_sources([ANNEX_A, CENSUS]).told if said.startswith("ssd_cin_episodes")]
    assert said == (
        "ssd_cin_episodes: taken from annex_a; of the 2 rows of cin_census, 1 have a child and a day that annex_a "
        "has not"
    )


def test_ids_of_one_source_do_not_point_into_another() -> None:
    joined = join_sources([ANNEX_A, CENSUS])
    assert joined.tables["ssd_cin_assessments"]["cina_referral_id"].to_list() == [None]


def test_rows_that_belong_to_rows_of_another_source_are_left_out_and_that_is_said() -> None:
    factors = table("""
        cinf_assessment_id | cinf_assessment_factors_json
        P                  | ["1A"]
    """)
    assessments = CENSUS.tables["ssd_cin_assessments"].select("cina_person_id", "cina_assessment_start_date")
    theirs = RawTables(Kind.annex_a, {"ssd_cin_assessments": assessments})
    ours = RawTables(Kind.cin_census, {**CENSUS.tables, "ssd_assessment_factors": factors})
    joined = join_sources([theirs, ours])
    assert "ssd_assessment_factors" not in joined.tables
    assert any(said.startswith("ssd_assessment_factors: left out") for said in joined.told)


@pytest.mark.parametrize("order", [[ANNEX_A, CENSUS], [CENSUS, ANNEX_A]])
def test_the_order_in_which_sources_were_found_does_not_matter(order: list[RawTables]) -> None:
    joined = join_sources(order)
    assert joined.can_hold == ANNEX_A.can_hold | CENSUS.can_hold  # type: ignore[operator]  # both are given above
    assert joined.tables["ssd_person"].equals(join_sources([ANNEX_A, CENSUS]).tables["ssd_person"])


def test_rows_of_children_whom_no_source_of_persons_knows_are_left_out_and_counted() -> None:
    services = table("""
        serv_table_id | serv_person_id | serv_service_name | serv_start_date
        1             | 001            | Therapy Team      | 2024-02-01
        2             | 999            | Therapy Team      | 2024-02-01
    """)
    joined = join_sources([ANNEX_A, RawTables(Kind.ssd, {"ext_services": services}, can_hold=frozenset())])
    assert joined.tables["ext_services"]["serv_person_id"].to_list() == ["001"]
    assert "ext_services: 1 of 2 rows are of children whom no source of persons knows" in joined.told


def test_persons_without_ids_are_left_for_validation_to_name() -> None:
    nameless = RawTables(Kind.ssd, {"ssd_person": ANNEX_A.tables["ssd_person"].drop("pers_person_id")})
    assert "pers_person_id" not in join_sources([nameless, CENSUS]).tables["ssd_person"].columns


def test_rows_that_repeat_a_child_in_a_later_source_are_counted() -> None:
    twice = replace(CENSUS, tables={"ssd_person": pl.concat([CENSUS.tables["ssd_person"]] * 2)})
    assert (
        "ssd_person: 3 rows of cin_census repeat a child; the first of each was used"
        in join_sources([ANNEX_A, twice]).told
    )


def test_the_last_day_is_that_of_the_source_that_wins() -> None:
    census = replace(CENSUS, extract_day=date(2024, 3, 31))
    assert join_sources([ANNEX_A, census]).extract_day is None
    assert join_sources([ANNEX_A, census], first_wins=[Kind.cin_census]).extract_day == date(2024, 3, 31)


def test_optional_tables_beside_a_source_leave_it_its_last_day() -> None:
    census = replace(CENSUS, extract_day=date(2024, 3, 31))
    views = table("famv_person_id | famv_view_date\n 001 | 2024-01-05")
    assert join_sources([RawTables(Kind.ssd, {"ext_family_views": views}), census]).extract_day == date(2024, 3, 31)
