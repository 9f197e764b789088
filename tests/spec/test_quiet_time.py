"""Quiet time, as of 2025-03-31: days since something last happened; what never happened has no latest time."""

from __future__ import annotations

import pytest

from tests.indicator_values import FAMILY, value_of

CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
    ---------------|-----------------------------|------------------------------|-------------------------------
    C1             | 2023-01-01                  | 2023-04-02                   | E4A
    C1             | 2024-01-01                  | 2024-02-01                   | E45
    C1             | 2024-03-01                  | 2024-03-02                   | X1
    S1             | 2025-03-01                  |                              |
"""
CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code
    ---------------|-------------------|-------------------------
    C1             | 2025-03-30        | 2A
    C1             | 2025-03-01        | 6
    C1             | 2025-04-01        | 6
"""
ENQUIRIES = """
    s47e_person_id | s47e_s47_start_date
    ---------------|--------------------
    C1             | 2025-01-31
    C1             | 2024-01-31
    C1             | 2025-04-01
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    C1             | 2023-06-01              | 2023-12-31
    C1             | 2023-10-01              | 2025-04-01
"""
MISSING = """
    miss_person_id | miss_missing_episode_start_date
    ---------------|--------------------------------
    C1             | 2025-03-28
    C1             | 2024-01-01
"""
TERMS = """
    scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible | scho_sessions_attended | scho_suspensions
    ---------------|------------------------|----------------------|------------------------|------------------------|-----------------
    C1             | 2025-01-06             | 2025-03-28           | 110                    | 110                    | 0
    C1             | 2024-09-02             | 2024-12-20           | 140                    | 130                    | 2
    C1             | 2024-04-15             | 2024-07-19           | 120                    | 120                    | 1
"""  # noqa: E501 - a drawn table is as wide as its names
ADDRESSES = """
    addr_person_id | addr_address_start_date | addr_address_end_date
    ---------------|-------------------------|----------------------
    C1             | 2024-12-31              |
    C1             | 2020-01-01              | 2024-12-31
    C1             | 2025-04-01              |
"""
DRAWN = {
    "ssd_cla_episodes": CARE,
    "ssd_contacts": CONTACTS,
    "ssd_s47_enquiry": ENQUIRIES,
    "ssd_cp_plans": PLANS,
    "ssd_missing": MISSING,
    "ext_school_attendance": TERMS,
    "ssd_address": ADDRESSES,
    "ssd_family": FAMILY,
}
TIMES = [
    ("days_since_latest_step_up", 365 + 30),  # care began on 1 March 2024
    ("days_since_latest_step_up_of_sibling", 31 - 1),
    ("days_since_latest_enquiry", 28 + 31),
    ("days_since_latest_protection_plan_ended", 366 + 31 + 28 + 31),
    ("days_since_care_last_ended", (29 - 1) + 31 + 365),  # on 2 March 2024 another episode began
    ("days_since_latest_missing_episode", 31 - 28),
    ("days_since_latest_police_contact", 31 - 1),
    ("days_since_latest_suspension", (31 - 20) + 31 + 28 + 31),
    ("days_at_latest_address", 31 + 28 + 31),
]


@pytest.mark.parametrize(("name", "expected"), TIMES)
def test_days_since(name: str, expected: int) -> None:
    assert value_of(name, **DRAWN) == expected


@pytest.mark.parametrize("name", [name for name, _ in TIMES])
def test_a_quiet_time_without_a_beginning_is_missing(name: str) -> None:
    assert value_of(name, child="S2", **{**DRAWN, "ssd_family": "fami_family_id | fami_person_id\nF2 | S2"}) is None


def test_an_episode_of_care_that_lasts_has_not_ended() -> None:
    assert value_of("days_since_care_last_ended", child="S1", **DRAWN) is None
