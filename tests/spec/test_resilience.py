"""Strengths and engagement, as of 2025-03-31. Nothing over nothing is missing, not zero."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-01-01              | 2025-03-31            | Outcomes met
    C1             | 2023-01-01              | 2023-04-02            | Completed
    C1             | 2023-01-01              | 2023-04-01            | Outcomes met
    C1             | 2024-01-01              | 2024-04-02            | Step up
    C1             | 2024-01-01              | 2025-04-01            | Outcomes met
"""
CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code
    ---------------|-------------------|-------------------------
    C1             | 2025-03-31        | 1A
    C1             | 2025-01-01        | 1C
    C1             | 2024-04-01        | 6
    C1             | 2024-05-01        | 2A
    C1             | 2024-03-31        | 1A
    C1             | 2024-06-01        |
"""
VISITS = """
    cinv_person_id | cinv_cin_visit_date | cinv_cin_visit_seen | cinv_cin_visit_seen_alone
    ---------------|---------------------|---------------------|--------------------------
    C1             | 2025-03-31          | Y                   | Y
    C1             | 2025-01-01          | Y                   | N
    C1             | 2024-05-01          | N                   | N
    C1             | 2024-04-01          | Y                   |
    C1             | 2024-06-01          |                     | N
    C1             | 2024-03-31          | Y                   | Y
"""
ASSESSMENTS = """
    cina_person_id | cina_assessment_start_date | cina_assessment_auth_date | cina_assessment_child_seen
    ---------------|----------------------------|---------------------------|---------------------------
    C1             | 2025-01-01                 | 2025-03-31                | Y
    C1             | 2023-03-01                 | 2023-04-02                | N
    C1             | 2023-03-01                 | 2023-04-01                | N
    C1             | 2025-03-01                 | 2025-04-01                | N
"""
REVIEWS = """
    cppr_person_id | cppr_cp_review_date | cppr_cp_review_participation
    ---------------|---------------------|-----------------------------
    C1             | 2025-03-31          | PN1
    C1             | 2024-10-01          | PN5
    C1             | 2024-07-01          | PN7
    C1             | 2024-05-01          | PN0
    C1             | 2023-04-01          | PN7
"""
MISSING = """
    miss_person_id | miss_missing_episode_start_date | miss_missing_episode_end_date | miss_missing_rhi_offered | miss_missing_rhi_accepted
    ---------------|---------------------------------|-------------------------------|--------------------------|--------------------------
    C1             | 2025-01-01                      | 2025-01-02                    | Y                        | Y
    C1             | 2024-01-01                      | 2024-01-02                    | Y                        | N
    C1             | 2024-02-01                      | 2024-02-02                    | N                        |
    C1             | 2025-03-28                      | 2025-03-29                    | Y                        | Y
"""  # noqa: E501 - a drawn table is as wide as its names
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
    ---------------|-----------------------------|------------------------------|-------------------------------
    C1             | 2023-01-01                  | 2023-04-02                   | E4A
    C1             | 2022-01-01                  | 2023-04-01                   | E4A
    C1             | 2024-01-01                  | 2024-02-01                   | E45
    C1             | 2024-03-01                  | 2024-03-02                   | X1
"""
DRAWN = {
    "ssd_early_help_episodes": HELP,
    "ssd_contacts": CONTACTS,
    "ssd_cin_visits": VISITS,
    "ssd_cin_assessments": ASSESSMENTS,
    "ssd_cp_reviews": REVIEWS,
    "ssd_missing": MISSING,
    "ssd_cla_episodes": CARE,
}
RATIOS = [
    ("share_of_contacts_from_family_last_12_months", (1 + 1) / (2 + 2)),
    ("share_of_visits_child_seen_last_12_months", (1 + 1 + 1) / (3 + 1)),
    ("share_of_visits_child_seen_alone_last_12_months", 1 / (1 + 3)),
    ("share_of_assessments_child_seen_last_24_months", 1 / (1 + 1)),
    ("share_of_reviews_child_took_part_last_24_months", (1 + 1) / (2 + 1)),
    ("share_of_return_interviews_accepted_last_24_months", 1 / (1 + 1)),  # of 29 March it is not known yet
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("early_help_completed_last_24_months", 1 + 1),
        ("planned_returns_home_last_24_months", 1),
        ("left_care_to_family_or_guardians_last_24_months", 1),
        ("days_since_latest_step_up", 365 + 30),  # care began on 1 March 2024
    ],
)
def test_counts_and_days(name: str, expected: int) -> None:
    assert value_of(name, **DRAWN) == expected


@pytest.mark.parametrize(("name", "expected"), RATIOS)
def test_shares(name: str, expected: float) -> None:
    assert value_of(name, **DRAWN) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("name", [name for name, _ in RATIOS])
def test_a_share_of_no_occasion_is_missing_and_not_zero(name: str) -> None:
    elsewhere = {table: drawn.replace("C1 ", "S1 ") for table, drawn in DRAWN.items()}
    assert value_of(name, **elsewhere) is None


@pytest.mark.parametrize("name", ["days_since_latest_step_up", "days_since_latest_police_contact"])
def test_a_quiet_time_without_a_beginning_is_missing(name: str) -> None:
    assert value_of(name) is None


def test_a_source_without_early_help_says_nothing_of_help_completed() -> None:
    plans = "cinp_person_id | cinp_cin_plan_start_date"
    assert value_of("planned_returns_home_last_24_months", ssd_cin_plans=plans) is None
