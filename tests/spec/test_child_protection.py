"""Assessments, enquiries, conferences, plans and care, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

ENQUIRIES = """
    s47e_person_id | s47e_s47_start_date
    ---------------|--------------------
    C1             | 2025-03-31
    C1             | 2024-04-01
    C1             | 2024-03-31
    C1             | 2023-04-02
    C1             | 2023-04-01
    S1             | 2025-01-01
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    C1             | 2025-03-21              |
    C1             | 2024-01-01              | 2024-01-31
    C1             | 2023-01-01              | 2023-04-02
    C1             | 2022-01-01              | 2023-04-01
"""
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
    ---------------|-----------------------------|------------------------------|-------------------------------
    C1             | 2024-01-01                  | 2024-01-11                   | X1
    C1             | 2024-01-11                  | 2024-02-10                   | E4B
    C1             | 2022-01-01                  | 2023-04-01                   | E4B
"""


def test_assessments_are_counted_from_the_day_they_began() -> None:
    assessments = """
        cina_person_id | cina_assessment_start_date
        C1             | 2025-03-31
        C1             | 2023-04-02
        C1             | 2023-04-01
    """
    assert value_of("assessments_last_24_months", ssd_cin_assessments=assessments) == 1 + 1


@pytest.mark.parametrize(
    ("name", "expected"), [("s47_enquiries_last_12_months", 1 + 1), ("s47_enquiries_last_24_months", 2 + 2)]
)
def test_enquiries(name: str, expected: int) -> None:
    assert value_of(name, ssd_s47_enquiry=ENQUIRIES) == expected


def test_conferences_count_where_they_made_no_plan() -> None:
    conferences = """
        icpc_person_id | icpc_icpc_date | icpc_icpc_outcome_cp_flag
        C1             | 2025-03-31     | N
        C1             | 2024-03-31     | Y
        C1             | 2024-02-01     |
        C1             | 2023-04-01     | N
    """
    assert value_of("conferences_without_plan_last_24_months", ssd_initial_cp_conference=conferences) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("child_protection_plans_ended_last_24_months", 1 + 1),
        ("days_on_child_protection_plan_last_24_months", 10 + 30 + 1),
    ],
)
def test_protection_plans(name: str, expected: int) -> None:
    assert value_of(name, ssd_cp_plans=PLANS) == expected


def test_days_on_a_child_in_need_plan() -> None:
    plans = """
        cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        C1             | 2025-03-21               | 2025-06-01
        C1             | 2024-01-01               | 2024-01-31
    """
    assert value_of("days_on_child_in_need_plan_last_24_months", ssd_cin_plans=plans) == 10 + 30


@pytest.mark.parametrize(
    ("name", "expected"),
    [("days_looked_after_last_24_months", 10 + 30), ("unplanned_returns_home_last_24_months", 1)],
)
def test_care(name: str, expected: int) -> None:
    assert value_of(name, ssd_cla_episodes=CARE) == expected


def test_a_source_without_protection_plans_has_no_value_for_them() -> None:
    assert value_of("child_protection_plans_ended_last_24_months") is None
