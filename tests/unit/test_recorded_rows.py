"""From drawn records to the tables that ask how well children are recorded."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from features.cohort import CohortRule
from tests.drawing import records
from training.recorded_rows import (
    FACTORS_WRITTEN,
    NO_HELP_YET,
    OF_SIBLINGS,
    PROXIES,
    RECORDED,
    WRITTEN,
    assessment_rows,
    home_rows,
    proxy_rows,
    recording_rows,
)

if TYPE_CHECKING:
    from features.tables.records import Records

DAY = date(2025, 3, 31)

PEOPLE = """
    pers_person_id | pers_ethnicity | pers_sex | pers_dob
    ---------------|----------------|----------|-----------
    C1             | NOBT           | F        | 2015-01-01
    C2             | BCRB           | M        | 2017-01-01
    C3             | WBRI           | F        | 2012-01-01
    C4             |                | F        | 2013-01-01
    C5             | AIND           | F        | 2014-01-01
    C6             | WBRI           | M        | 2004-01-01
    M1             | BAFR           | F        | 1985-01-01
"""
FAMILIES = """
    fami_family_id | fami_person_id
    ---------------|---------------
    F1             | C1
    F1             | C2
    F2             | C3
    F2             | C4
    F2             | C5
    F3             | C6
"""
MOTHERS = """
    moth_person_id | moth_childs_person_id | moth_childs_dob
    ---------------|-----------------------|----------------
    M1             | C1                    | 2015-01-01
    M1             | C2                    | 2017-01-01
"""
CONTACTS = """
    cont_contact_id | cont_person_id | cont_contact_date
    ----------------|----------------|------------------
    1               | C1             | 2023-05-01
    2               | C1             | 2024-05-01
    3               | C2             | 2024-05-01
    4               | C3             | 2024-05-01
    5               | C4             | 2025-02-01
    6               | C5             | 2025-04-01
    7               | C6             | 2020-05-01
"""
REFERRALS = """
    cine_referral_id | cine_person_id | cine_referral_date | cine_referral_team
    -----------------|----------------|--------------------|-------------------
    R1               | C1             | 2023-06-01         | East
    R2               | C1             | 2024-06-01         | West
    R3               | C1             | 2024-07-01         |
    R4               | C1             | 2025-04-02         | North
"""
PLANS = """
    cppl_cp_plan_id | cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ----------------|----------------|-------------------------|----------------------
    P1              | C1             | 2023-07-01              | 2023-12-01
"""


def _records(**more: str) -> Records:
    known = {
        "ssd_person": PEOPLE,
        "ssd_family": FAMILIES,
        "ssd_mother": MOTHERS,
        "ssd_contacts": CONTACTS,
        "ssd_cin_episodes": REFERRALS,
        "ssd_cp_plans": PLANS,
    }
    return records(**{**known, **more})


@cache
def _rows(as_of: date) -> pl.DataFrame:
    return recording_rows(_records(), as_of=as_of)


def _child(name: str, *, as_of: date = DAY) -> dict[str, Any]:
    return _rows(as_of).row(by_predicate=pl.col("child") == name, named=True)


def test_whoever_services_knew_by_the_day_has_one_row() -> None:
    assert _rows(DAY)["child"].to_list() == ["C1", "C2", "C3", "C4", "C6"]


def test_the_team_is_the_latest_that_is_named_and_known_on_the_day() -> None:
    assert _child("C1")["team"] == "West"
    assert _child("C1", as_of=date(2024, 1, 31))["team"] == "East"
    assert _child("C2")["team"] is None


def test_the_stage_is_the_highest_rung_ever_held_and_the_year_that_of_the_first_event() -> None:
    assert (_child("C1")["stage"], _child("C1")["year"]) == ("child protection plan", "2023")
    assert (_child("C2")["stage"], _child("C2")["year"]) == (NO_HELP_YET, "2024")


def test_a_child_stands_with_the_group_of_brothers_and_sisters_and_keeps_its_own() -> None:
    assert (_child("C1")["ethnic_group"], _child("C1")[OF_SIBLINGS]) == (None, "Black")


def test_a_childs_own_record_and_the_mothers_tell_nothing_of_the_siblings() -> None:
    assert (_child("C2")["ethnic_group"], _child("C2")[OF_SIBLINGS]) == ("Black", None)
    assert _child("C6")[OF_SIBLINGS] is None


def test_siblings_of_two_groups_tell_nothing() -> None:
    # The fifth child, another group's, is known from April on.
    assert _child("C4")[OF_SIBLINGS] == "White British"
    assert _child("C4", as_of=date(2025, 4, 30))[OF_SIBLINGS] is None


def test_children_of_one_family_are_one_cluster_and_who_has_none_is_alone() -> None:
    assert _child("C1")["cluster"] == _child("C2")["cluster"] == "F1"
    alone = recording_rows(records(ssd_person=PEOPLE, ssd_contacts=CONTACTS), as_of=DAY)
    assert alone["cluster"].to_list() == alone["child"].to_list()


HOMES = """
    addr_table_id | addr_person_id | addr_address_json | addr_address_start_date | addr_address_postcode
    --------------|----------------|-------------------|-------------------------|----------------------
    1             | C1             | 1 Elm Row         | 2020-01-01              | ZZ1 9AB
    2             | C2             | 1 Elm Row         | 2020-01-01              | ZZ1 9AB
    3             | C1             | 2 Elm Row         | 2022-01-01              | ZZ1 9AC
    4             | C3             | 3 Oak Row         | 2021-01-01              | ZZ2 1AB
    5             | C4             | 9 Oak Row         | 2025-06-01              | ZZ2 2AB
    6             | C6             |                   | 2021-01-01              |
"""


def test_each_home_of_a_family_is_one_row_whoever_of_it_lived_there() -> None:
    homes = home_rows(_records(ssd_address=HOMES), as_of=DAY)
    assert homes.rows() == [
        ("F1", "ZZ19", "ZZ1", "Black"),
        ("F1", "ZZ19", "ZZ1", "Black"),
        ("F2", "ZZ21", "ZZ2", "White British"),
    ]


def test_a_family_of_two_groups_has_none_for_its_home() -> None:
    # The fifth child, another group's, is known from April on.
    homes = home_rows(_records(ssd_address=HOMES), as_of=date(2025, 4, 30))
    assert homes.row(2) == ("F2", "ZZ21", "ZZ2", None)


def test_an_address_of_three_families_is_nobodys_home() -> None:
    shared = "\n".join(
        ["addr_table_id | addr_person_id | addr_address_json | addr_address_start_date | addr_address_postcode"]
        + [f"{at} | {who} | 7 Elm Row | 2021-01-01 | ZZ1 9AB" for at, who in enumerate(("C1", "C3", "C6"))]
    )
    assert home_rows(_records(ssd_address=shared), as_of=DAY).is_empty()


def test_a_source_without_addresses_has_no_homes() -> None:
    assert home_rows(_records(), as_of=DAY).columns == ["cluster", "sector", "district", "ethnic_group"]


ASSESSED = {
    "ssd_cin_assessments": """
        cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date
        -------------------|----------------|------------------|----------------------------|--------------------------
        A1                 | C1             | R1               | 2023-06-02                 | 2023-06-20
        A2                 | C1             | R2               | 2024-06-02                 | 2025-04-20
    """,
    "ssd_assessment_factors": """
        cinf_assessment_id | cinf_assessment_factors_json
        -------------------|-----------------------------
        A1                 | ["3B", "4A"]
        A2                 | ["16A"]
    """,
}


def test_what_an_assessment_wrote_is_known_from_its_day() -> None:
    (row,) = assessment_rows(_records(**ASSESSED), as_of=DAY).to_dicts()
    assert (row["child"], row["stage"]) == ("C1", "child protection plan")
    assert [name for name in FACTORS_WRITTEN if row[name]] == ["factor 3B", "factor 4A"]


def test_factors_that_stand_for_ethnicity_or_status_are_not_compared() -> None:
    assert not {"factor 8B", "factor 8C", "factor 9A", "factor 22A", "factor 23A", "factor 21"} & set(FACTORS_WRITTEN)


def test_what_a_model_may_not_read_is_always_printed_with_its_reason() -> None:
    assert "tenth_of_deprivation_of_latest_home" in PROXIES.always
    assert all(PROXIES.always.values())
    assert set(PROXIES.always) < set(PROXIES.numbers)


@pytest.mark.parametrize("build", [recording_rows, assessment_rows])
def test_tables_have_the_columns_that_the_audit_reads(build: Any) -> None:
    asked = RECORDED if build is recording_rows else WRITTEN
    named = {*asked.characteristics, asked.cluster, "stage"}
    assert named <= set(build(_records(**ASSESSED), as_of=DAY).columns)


def test_the_matrix_stands_beside_the_characteristics_for_the_audit() -> None:
    rule = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help",))
    rows = proxy_rows(_records(), as_of=DAY, rule=rule)
    assert rows["child"].to_list() == ["C4"]
    assert rows.columns == ["child", "cluster", "stage", *PROXIES.characteristics, *PROXIES.numbers]
