"""Help in time, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

REFERRALS = """
    cine_referral_id | cine_person_id | cine_referral_date | cine_close_date | cine_referral_nfa
    -----------------|----------------|--------------------|-----------------|------------------
    R1               | C1             | 2025-03-01         |                 | N
    R2               | C1             | 2025-03-21         | 2025-04-01      |
    R3               | C1             | 2025-01-01         |                 | Y
    R4               | C1             | 2024-04-01         | 2025-03-31      | N
    R5               | C1             | 2024-09-01         |                 | N
    R6               | C1             | 2024-03-31         | 2024-06-01      | N
"""
ASSESSMENTS = """
    cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date
    -------------------|----------------|------------------|----------------------------|--------------------------
    A1                 | C1             | R5               | 2024-09-11                 | 2024-11-13
    A2                 | C1             | R5               | 2024-10-01                 | 2024-12-04
    A3                 | C1             | R4               | 2025-01-26                 |
    A4                 | C1             | R4               | 2025-01-27                 | 2025-04-01
    A5                 | C1             | R6               | 2023-04-01                 | 2023-04-02
"""
ENQUIRIES = """
    s47e_s47_enquiry_id | s47e_person_id | s47e_s47_start_date
    --------------------|----------------|--------------------
    E1                  | C1             | 2025-01-01
    E2                  | C1             | 2024-01-01
    E3                  | C1             | 2024-06-01
    E4                  | C1             | 2023-03-20
"""
HELD = """
    icpc_s47_enquiry_id | icpc_person_id | icpc_icpc_date
    --------------------|----------------|---------------
    E1                  | C1             | 2025-01-23
    E2                  | C1             | 2024-01-22
    E3                  | C1             | 2024-05-31
    E4                  | C1             | 2023-04-01
                        | C1             | 2025-03-01
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
    ---------------|-------------------------|----------------------
    C1             | 2024-12-01              |
    C1             | 2023-01-01              | 2024-01-01
"""
REVIEWS = """
    cppr_person_id | cppr_cp_review_date | cppr_cp_review_due
    ---------------|---------------------|-------------------
    C1             | 2024-11-30          | 2024-11-30
    C1             | 2024-03-02          | 2024-03-01
    C1             | 2023-12-01          |
    C1             | 2023-04-01          | 2023-04-01
"""
VISITS = """
    cppv_person_id | cppv_cp_visit_date
    ---------------|-------------------
    C1             | 2025-02-18
    C1             | 2024-12-31
    C1             | 2024-12-30
    C1             | 2025-04-01
"""
SOCIAL_CARE = {"ssd_cin_episodes": REFERRALS, "ssd_cin_assessments": ASSESSMENTS}
CONFERENCES = {"ssd_s47_enquiry": ENQUIRIES, "ssd_initial_cp_conference": HELD}
PROTECTION = {"ssd_cp_plans": PLANS, "ssd_cp_reviews": REVIEWS, "ssd_cp_visits": VISITS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("share_of_referrals_assessed_last_12_months", 2 / 4),
        ("referrals_waiting_for_assessment_now", 1 + 1),
        ("longest_wait_for_assessment_now", 31 - 1),
        ("days_from_referral_to_assessment_last_24_months", 275 + 25),
        ("days_of_latest_assessment_last_24_months", 30 + 31 + 3),
        ("share_of_assessments_in_45_working_days_last_24_months", 1 / 3),
        ("assessments_open_beyond_45_working_days_now", 1),
    ],
)
def test_referrals_and_assessments(name: str, expected: float) -> None:
    assert value_of(name, **SOCIAL_CARE) == pytest.approx(expected)


def test_an_assessment_dated_before_its_referral_says_nothing_of_the_time_between() -> None:
    referral = "cine_referral_id | cine_person_id | cine_referral_date\nR1 | C1 | 2025-03-02"
    assessment = (
        "cina_person_id | cina_referral_id | cina_assessment_start_date\nC1             | R1               | 2025-03-01"
    )
    name = "days_from_referral_to_assessment_last_24_months"
    assert value_of(name, ssd_cin_episodes=referral, ssd_cin_assessments=assessment) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("share_of_conferences_in_15_working_days_last_24_months", 1 / 2),
        ("days_from_enquiry_to_conference_last_24_months", 22),
    ],
)
def test_conferences_after_enquiries(name: str, expected: float) -> None:
    assert value_of(name, **CONFERENCES) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("share_of_protection_reviews_in_time_last_24_months", 1 / 2),
        ("is_protection_review_overdue_now", 1),
        ("protection_visits_last_3_months", 1 + 1),
        ("has_protection_visit_within_six_weeks_now", 1),
        ("days_without_protection_visit_now", 10 + 31),
    ],
)
def test_reviews_and_visits_under_a_protection_plan(name: str, expected: float) -> None:
    assert value_of(name, **PROTECTION) == expected


@pytest.mark.parametrize(("began", "expected"), [("2024-12-29", 0), ("2024-12-28", 1)])
def test_a_first_review_is_overdue_after_three_months(began: str, expected: int) -> None:
    plans = f"cppl_person_id | cppl_cp_plan_start_date\nC1 | {began}"
    reviews = "cppr_person_id | cppr_cp_review_date\nC1 | 2024-12-27"
    assert value_of("is_protection_review_overdue_now", ssd_cp_plans=plans, ssd_cp_reviews=reviews) == expected


@pytest.mark.parametrize(("held", "expected"), [("2024-09-28", 0), ("2024-09-27", 1)])
def test_a_next_review_is_overdue_after_six_months(held: str, expected: int) -> None:
    plans = "cppl_person_id | cppl_cp_plan_start_date\nC1 | 2024-01-01"
    reviews = f"cppr_person_id | cppr_cp_review_date\nC1 | {held}"
    assert value_of("is_protection_review_overdue_now", ssd_cp_plans=plans, ssd_cp_reviews=reviews) == expected


def test_a_plan_without_a_visit_has_waited_since_it_began() -> None:
    plans = "cppl_person_id | cppl_cp_plan_start_date\nC1 | 2025-03-01"
    visits = "cppv_person_id | cppv_cp_visit_date\nC1 | 2025-02-28"
    unvisited = {"ssd_cp_plans": plans, "ssd_cp_visits": visits}
    assert value_of("days_without_protection_visit_now", **unvisited) == 31 - 1
    assert value_of("has_protection_visit_within_six_weeks_now", **unvisited) == 0


def test_visits_to_a_child_in_need() -> None:
    visits = "cinv_person_id | cinv_cin_visit_date\nC1 | 2025-03-01\nC1 | 2025-01-01\nC1 | 2025-04-01"
    assert value_of("days_since_latest_visit_in_need", ssd_cin_visits=visits) == 31 - 1


def test_the_wait_for_the_latest_early_help() -> None:
    contacts = "cont_person_id | cont_contact_date\nC1 | 2025-01-01\nC1 | 2025-02-01\nC1 | 2025-03-15"
    help_given = "earl_person_id | earl_episode_start_date\nC1 | 2025-03-01\nC1 | 2023-05-01"
    waited = value_of(
        "days_waited_for_early_help_last_24_months", ssd_contacts=contacts, ssd_early_help_episodes=help_given
    )
    assert waited == 28


@pytest.mark.parametrize(
    "name",
    [
        "share_of_referrals_assessed_last_12_months",
        "longest_wait_for_assessment_now",
        "share_of_assessments_in_45_working_days_last_24_months",
        "days_of_latest_assessment_last_24_months",
    ],
)
def test_where_nothing_was_to_be_in_time_there_is_no_value(name: str) -> None:
    none = "cina_assessment_id | cina_person_id | cina_assessment_start_date"
    assert value_of(name, ssd_cin_assessments=none) is None
