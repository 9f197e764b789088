"""The only door: what was known at the end of a day, row by row and cell by cell."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from features.as_of import as_extracted_columns, view_as_of
from features.days import date_of, day_number
from tests.drawing import records


def known(table: str, column: str, *, as_of: str, **drawings: str) -> list[object]:
    """Give a column of a table as it was known on a day."""
    people = "pers_person_id | pers_dob\nC1 | 2015-01-01"
    view = view_as_of(records(**{"ssd_person": people, **drawings}), as_of=date.fromisoformat(as_of))
    return pl.DataFrame(view.tables[table].collect().to_native())[column].to_list()


EPISODE = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-03-01              | 2025-05-02            | Outcomes met
"""
ENTERED_LATE = """
    cont_person_id | cont_contact_date | recorded_on
    ---------------|-------------------|------------
    C1             | 2025-03-01        | 2025-03-20
"""


@pytest.mark.parametrize(("as_of", "n_rows"), [("2025-02-28", 0), ("2025-03-01", 1)])
def test_a_row_is_known_from_the_end_of_its_own_day(as_of: str, n_rows: int) -> None:
    found = known("ssd_early_help_episodes", "earl_person_id", as_of=as_of, ssd_early_help_episodes=EPISODE)
    assert len(found) == n_rows


@pytest.mark.parametrize(("as_of", "end"), [("2025-05-01", None), ("2025-05-02", date(2025, 5, 2))])
def test_an_episode_that_ended_later_is_still_open_on_the_day(as_of: str, end: date | None) -> None:
    found = known("ssd_early_help_episodes", "earl_episode_end_date", as_of=as_of, ssd_early_help_episodes=EPISODE)
    assert found == [end]


@pytest.mark.parametrize(("as_of", "day"), [("2025-05-01", None), ("2025-05-02", day_number(date(2025, 5, 2)))])
def test_the_number_of_a_day_is_hidden_with_its_date(as_of: str, day: int | None) -> None:
    found = known("ssd_early_help_episodes", "earl_episode_end_date_day", as_of=as_of, ssd_early_help_episodes=EPISODE)
    assert found == [day]


@pytest.mark.parametrize(("as_of", "reason"), [("2025-05-01", None), ("2025-05-02", "outcomes met")])
def test_why_it_ended_is_known_when_it_ends(as_of: str, reason: str | None) -> None:
    found = known("ssd_early_help_episodes", "earl_episode_end_reason", as_of=as_of, ssd_early_help_episodes=EPISODE)
    assert found == [reason]


@pytest.mark.parametrize(("as_of", "outcome"), [("2025-03-03", None), ("2025-03-04", "|NFA_FLAG|")])
def test_a_lag_is_counted_from_the_rows_own_day(as_of: str, outcome: str | None) -> None:
    contact = 'cont_person_id | cont_contact_date | cont_contact_outcome_json\nC1 | 2025-03-01 | {"NFA_FLAG": "Y"}'
    assert known("ssd_contacts", "cont_contact_outcome_json", as_of=as_of, ssd_contacts=contact) == [outcome]


@pytest.mark.parametrize(("as_of", "accepted"), [("2025-03-12", None), ("2025-03-13", 1)])
def test_a_lag_is_counted_from_the_day_that_makes_the_cell_known(as_of: str, accepted: int | None) -> None:
    missing = """
        miss_person_id | miss_missing_episode_start_date | miss_missing_episode_end_date | miss_missing_rhi_accepted
        C1             | 2025-03-01                      | 2025-03-10                    | Y
    """
    assert known("ssd_missing", "miss_missing_rhi_accepted", as_of=as_of, ssd_missing=missing) == [accepted]


@pytest.mark.parametrize(("as_of", "n_rows"), [("2025-03-19", 0), ("2025-03-20", 1)])
def test_the_day_of_entry_decides_where_the_source_has_it(as_of: str, n_rows: int) -> None:
    assert len(known("ssd_contacts", "cont_person_id", as_of=as_of, ssd_contacts=ENTERED_LATE)) == n_rows


@pytest.mark.parametrize(("as_of", "n_rows"), [("2025-02-28", 0), ("2025-03-01", 1)])
def test_an_entry_made_beforehand_is_not_known_before_its_event(as_of: str, n_rows: int) -> None:
    planned = "cont_person_id | cont_contact_date | recorded_on\nC1 | 2025-03-01 | 2025-02-01"
    assert len(known("ssd_contacts", "cont_person_id", as_of=as_of, ssd_contacts=planned)) == n_rows


def test_a_row_without_a_day_of_entry_is_known_from_its_event() -> None:
    unsaid = "cont_person_id | cont_contact_date | recorded_on\nC1 | 2025-03-01 |"
    assert known("ssd_contacts", "cont_person_id", as_of="2025-03-01", ssd_contacts=unsaid) == ["C1"]


@pytest.mark.parametrize(("as_of", "outcome"), [("2025-03-22", None), ("2025-03-23", "|NFA_FLAG|")])
def test_a_lag_is_counted_from_the_day_of_entry_too(as_of: str, outcome: str | None) -> None:
    late = """
        cont_person_id | cont_contact_date | cont_contact_outcome_json | recorded_on
        C1             | 2025-03-01        | {"NFA_FLAG": "Y"}         | 2025-03-20
    """
    assert known("ssd_contacts", "cont_contact_outcome_json", as_of=as_of, ssd_contacts=late) == [outcome]


def test_an_entry_says_nothing_of_cells_that_were_filled_in_later() -> None:
    episode = """
        earl_person_id | earl_episode_start_date | earl_episode_end_date | recorded_on
        C1             | 2025-03-01              | 2025-05-02            | 2025-03-02
    """
    found = known(
        "ssd_early_help_episodes", "earl_episode_end_date", as_of="2025-04-30", ssd_early_help_episodes=episode
    )
    assert found == [None]


def test_an_undated_row_with_a_day_of_entry_is_known_from_it() -> None:
    family = "fami_family_id | fami_person_id | recorded_on\nF1 | C1 | 2025-03-20"
    assert known("ssd_family", "fami_person_id", as_of="2025-03-19", ssd_family=family) == []


def test_an_undated_row_counts_as_extracted() -> None:
    family = "fami_family_id | fami_person_id\nF1 | C1"
    assert known("ssd_family", "fami_person_id", as_of="2020-01-01", ssd_family=family) == ["C1"]


def test_factors_of_an_assessment_that_was_never_authorised_are_never_known() -> None:
    assessment = "cina_assessment_id | cina_person_id | cina_assessment_start_date\nA1 | C1 | 2025-01-01"
    factors = 'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["16A"]'
    drawn = {"ssd_cin_assessments": assessment, "ssd_assessment_factors": factors}
    assert known("ssd_assessment_factors", "cinf_person_id", as_of="2026-01-01", **drawn) == []


@pytest.mark.parametrize(("as_of", "n_rows"), [("2025-03-19", 0), ("2025-03-20", 1)])
def test_factors_are_not_known_before_their_assessment_was_entered(as_of: str, n_rows: int) -> None:
    assessment = """
        cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date | recorded_on
        A1                 | C1             | 2025-01-01                 | 2025-02-01                | 2025-03-20
    """
    drawn = {
        "ssd_cin_assessments": assessment,
        "ssd_assessment_factors": 'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["16A"]',
    }
    assert len(known("ssd_assessment_factors", "cinf_person_id", as_of=as_of, **drawn)) == n_rows


@pytest.mark.parametrize(("as_of", "born"), [("2014-12-31", None), ("2015-01-01", date(2015, 1, 1))])
def test_a_birth_is_known_when_it_happens(as_of: str, born: date | None) -> None:
    assert known("ssd_person", "pers_dob", as_of=as_of) == [born]


def test_the_day_of_entry_is_not_part_of_what_was_known() -> None:
    view = view_as_of(records(ssd_person="pers_person_id\nC1", ssd_contacts=ENTERED_LATE), as_of=date(2025, 3, 31))
    assert not {"recorded_on", "recorded_on_day"} & set(view.tables["ssd_contacts"].collect_schema().names())


def test_a_table_that_the_source_lacks_is_absent() -> None:
    view = view_as_of(records(ssd_person="pers_person_id\nC1"), as_of=date(2025, 3, 31))
    assert "ssd_cp_plans" not in view.tables


def test_the_columns_that_count_as_extracted_are_named() -> None:
    named = as_extracted_columns({"ssd_person", "ssd_family", "ssd_contacts"})
    assert "ssd_family.fami_family_id" in named
    assert not {"ssd_person.pers_dob", "ssd_contacts.cont_contact_date"} & set(named)


def test_a_table_that_nothing_reads_is_not_said_to_leak() -> None:
    assert as_extracted_columns({"ssd_contacts"}) == []


def test_day_numbers_and_dates_are_inverse() -> None:
    assert date_of(day_number(date(2024, 2, 29))) == date(2024, 2, 29)
