"""Time in care that is over, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
    ---------------|-----------------------------|------------------------------|-------------------------------
    C1             | 2024-01-01                  | 2024-01-11                   | X1
    C1             | 2024-01-11                  | 2024-02-10                   | E4B
    C1             | 2022-01-01                  | 2023-04-01                   | E4B
"""
STATUSES = """
    lega_person_id | lega_legal_status | lega_legal_status_start_date | lega_legal_status_end_date
    ---------------|-------------------|------------------------------|---------------------------
    C1             | V2                | 2022-01-01                   | 2023-04-03
    C1             | E1                | 2024-01-01                   | 2024-02-01
    C1             | L2                | 2023-04-02                   | 2023-04-05
    C1             | J1                | 2025-03-31                   |
"""
OLDER = """
    lega_person_id | lega_legal_status | lega_legal_status_start_date | lega_legal_status_end_date
    ---------------|-------------------|------------------------------|---------------------------
    C1             | V2                | 2022-01-01                   | 2023-04-02
    C1             | C2                | 2022-01-01                   | 2023-04-02
    C1             | L1                | 2023-04-01                   | 2023-04-02
    C1             | J1                | 2025-04-01                   |
"""
BY_STATUS = (
    "was_looked_after_by_agreement_last_24_months",
    "was_under_care_or_placement_order_last_24_months",
    "was_under_emergency_protection_last_24_months",
    "was_looked_after_through_youth_justice_last_24_months",
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("has_been_looked_after", 1),
        ("days_looked_after_last_24_months", 10 + 30),
        ("unplanned_returns_home_last_24_months", 1),
    ],
)
def test_care(name: str, expected: int) -> None:
    assert value_of(name, ssd_cla_episodes=CARE) == expected


@pytest.mark.parametrize("name", BY_STATUS)
def test_under_which_law_a_child_was_in_care_on_a_day_of_the_window(name: str) -> None:
    assert [value_of(name, ssd_legal_status=drawn) for drawn in (STATUSES, OLDER)] == [1, 0]


def test_a_child_never_in_care_has_not_been_looked_after() -> None:
    assert value_of("has_been_looked_after", ssd_cla_episodes="clae_person_id | clae_cla_episode_start_date") == 0


def test_where_care_is_not_recorded_nothing_is_known_of_it() -> None:
    assert value_of("has_been_looked_after") is None
