"""Stability of home and workers, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

ADDRESSES = """
    addr_person_id | addr_address_start_date | addr_address_end_date
    ---------------|-------------------------|----------------------
    C1             | 2025-03-01              |
    C1             | 2024-10-01              | 2025-03-01
    C1             | 2024-09-30              | 2024-10-01
    C1             | 2024-04-01              | 2024-09-30
    C1             | 2024-03-31              | 2024-04-01
    C1             | 2023-04-01              | 2024-03-31
    C1             | 2025-04-01              |
"""
CONTACTS = """
    cont_person_id | cont_contact_date
    ---------------|------------------
    C1             | 2025-03-21
    C1             | 2020-01-01
    C1             | 2025-04-01
"""
WORKERS = """
    invo_person_id | invo_involvement_start_date | invo_involvement_end_date | invo_worker_change_reason
    ---------------|-----------------------------|---------------------------|--------------------------
    C1             | 2025-03-01                  |                           |
    C1             | 2024-04-01                  | 2025-03-01                | LEFTRL
    C1             | 2024-03-31                  | 2024-04-01                | ORGRST
    C1             | 2023-04-02                  | 2024-03-31                | CHCHAN
    C1             | 2022-01-01                  | 2023-04-02                | PCCHAN
    C1             | 2021-01-01                  | 2023-04-01                | LEFTRL
    C1             | 2020-01-01                  | 2025-04-01                | LEFTRL
"""
PLACEMENTS = """
    clap_person_id | clap_cla_placement_start_date | clap_cla_placement_end_date | clap_cla_placement_change_reason
    ---------------|-------------------------------|-----------------------------|---------------------------------
    C1             | 2024-09-01                    | 2024-12-01                  |
    C1             | 2024-06-01                    | 2024-09-01                  | CREQB
    C1             | 2023-04-02                    | 2024-06-01                  | CARPL
    C1             | 2023-04-01                    | 2023-04-02                  | CLOSE
    C1             | 2023-01-01                    | 2023-04-01                  | ALLEG
"""
DISTANCES = """
    clap_person_id | clap_cla_placement_start_date | clap_cla_placement_distance
    ---------------|-------------------------------|----------------------------
    C1             | 2024-09-01                    | 20
    C1             | 2024-06-01                    | 19.9
    C1             | 2024-05-01                    |
    C1             | 2023-04-02                    | 35.5
    C1             | 2023-04-01                    | 80
"""
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_start_reason
    ---------------|-----------------------------|------------------------------
    C1             | 2024-06-01                  | P
    C1             | 2023-04-02                  | S
    C1             | 2023-04-01                  | S
"""
REFERRALS = """
    cine_person_id | cine_referral_date | cine_close_date
    ---------------|--------------------|----------------
    C1             | 2025-01-31         | 2025-04-01
    C1             | 2025-01-01         | 2025-03-01
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("addresses_begun_last_6_months", 1 + 1),
        ("addresses_begun_last_12_months", 3 + 1),
        ("addresses_begun_last_24_months", 4 + 1),
        ("short_stays_at_an_address_last_24_months", 3 + 1),
    ],
)
def test_moves(name: str, expected: int) -> None:
    assert value_of(name, ssd_address=ADDRESSES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("workers_begun_last_12_months", 1 + 1),
        ("worker_changes_made_by_services_last_24_months", 1 + 1),
        ("worker_changes_asked_for_by_family_last_24_months", 1 + 1),
        ("workers_involved_now", 1 + 1),
        ("days_with_latest_worker_now", 31 - 1),
    ],
)
def test_who_works_with_the_child(name: str, expected: int) -> None:
    assert value_of(name, ssd_involvements=WORKERS) == expected


def test_who_has_no_worker_now_has_no_days_with_one() -> None:
    ended = """
        invo_person_id | invo_involvement_start_date | invo_involvement_end_date
        C1             | 2025-03-01                  | 2025-03-31
    """
    assert value_of("days_with_latest_worker_now", ssd_involvements=ended) is None


def test_where_workers_are_not_recorded_their_number_is_missing() -> None:
    assert value_of("workers_involved_now") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("placements_begun_last_24_months", 2 + 1),
        ("placements_that_could_not_go_on_last_24_months", 1 + 1),
        ("short_placements_last_24_months", 1 + 1),
        ("times_care_began_last_24_months", 1),
    ],
)
def test_homes_in_past_care(name: str, expected: int) -> None:
    assert value_of(name, ssd_cla_placement=PLACEMENTS, ssd_cla_episodes=CARE) == expected


def test_homes_in_care_far_from_home() -> None:
    assert value_of("placements_far_from_home_last_24_months", ssd_cla_placement=DISTANCES) == 1 + 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("days_since_latest_contact", 31 - 21),
        ("days_since_first_contact_at_most_24_months", 730),
        ("days_since_latest_referral", 28 + 31),
        ("days_since_first_referral_at_most_24_months", 30 + 28 + 31),
        ("days_since_latest_case_closed", 31 - 1),
    ],
)
def test_time_known_to_services(name: str, expected: int) -> None:
    assert value_of(name, ssd_contacts=CONTACTS, ssd_cin_episodes=REFERRALS) == expected


def test_days_since_the_first_contact_within_two_years() -> None:
    contacts = "cont_person_id | cont_contact_date\nC1 | 2025-03-01\nC1 | 2025-03-21"
    assert value_of("days_since_first_contact_at_most_24_months", ssd_contacts=contacts) == 31 - 1


def test_days_at_the_latest_address_and_of_quiet_since() -> None:
    missing = "miss_person_id | miss_missing_episode_start_date\nC1 | 2025-03-21\nC1 | 2024-04-01"
    police = "cont_person_id | cont_contact_date | cont_contact_source_code\nC1 | 2025-03-01 | 6\nC1 | 2025-03-09 | 1A"
    assert value_of("days_at_latest_address", ssd_address=ADDRESSES) == 31 - 1
    assert value_of("days_since_latest_missing_episode", ssd_missing=missing) == 31 - 21
    assert value_of("days_since_latest_police_contact", ssd_contacts=police) == 31 - 1


@pytest.mark.parametrize(
    "name", ["days_since_latest_contact", "days_since_latest_referral", "days_since_latest_case_closed"]
)
def test_what_never_was_has_no_days_since(name: str) -> None:
    assert value_of(name) is None


def test_a_span_longer_than_the_column_holds_stays_a_large_number() -> None:
    people = "pers_person_id | pers_dob\nC1 | 1905-01-01"
    contact = "cont_person_id | cont_contact_date\nC1 | 1920-01-01"
    assert value_of("days_since_latest_contact", ssd_person=people, ssd_contacts=contact) == 2**15 - 1
