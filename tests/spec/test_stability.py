"""Time and stability, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

ADDRESSES = """
    addr_person_id | addr_address_start_date | addr_address_end_date
    ---------------|-------------------------|----------------------
    C1             | 2025-03-01              |
    C1             | 2024-04-01              | 2025-03-01
    C1             | 2024-03-31              | 2024-04-01
    C1             | 2023-04-01              | 2024-03-31
    C1             | 2025-04-01              |
"""
MISSING = """
    miss_person_id | miss_missing_episode_start_date
    ---------------|--------------------------------
    C1             | 2025-03-21
    C1             | 2024-04-01
    C1             | 2024-03-31
"""
CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code
    ---------------|-------------------|-------------------------
    C1             | 2025-03-21        | 1A
    C1             | 2025-03-01        | 6
    C1             | 2020-01-01        | 6
    C1             | 2025-04-01        | 6
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("addresses_begun_last_12_months", 1 + 1),
        ("addresses_begun_last_24_months", 2 + 1),
        ("days_at_latest_address", 31 - 1),
        ("missing_episodes_last_12_months", 1 + 1),
        ("days_since_latest_missing_episode", 31 - 21),
        ("days_since_latest_contact", 31 - 21),
        ("days_since_latest_police_contact", 31 - 1),
        ("days_since_first_contact_at_most_24_months", 730),
    ],
)
def test_moves_absences_and_quiet_time(name: str, expected: int) -> None:
    assert value_of(name, ssd_address=ADDRESSES, ssd_missing=MISSING, ssd_contacts=CONTACTS) == expected


def test_days_since_the_first_contact_within_two_years() -> None:
    contacts = "cont_person_id | cont_contact_date\nC1 | 2025-03-01\nC1 | 2025-03-21"
    assert value_of("days_since_first_contact_at_most_24_months", ssd_contacts=contacts) == 31 - 1


def test_days_since_the_latest_referral() -> None:
    referrals = "cine_person_id | cine_referral_date\nC1 | 2025-01-31\nC1 | 2025-01-01"
    assert value_of("days_since_latest_referral", ssd_cin_episodes=referrals) == 28 + 31


@pytest.mark.parametrize("name", ["days_since_latest_contact", "days_since_latest_referral"])
def test_what_never_was_has_no_days_since(name: str) -> None:
    assert value_of(name) is None


def test_a_span_longer_than_the_column_holds_stays_a_large_number() -> None:
    people = "pers_person_id | pers_dob\nC1 | 1905-01-01"
    contact = "cont_person_id | cont_contact_date\nC1 | 1920-01-01"
    assert value_of("days_since_latest_contact", ssd_person=people, ssd_contacts=contact) == 2**15 - 1
