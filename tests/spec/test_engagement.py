"""Engagement, as of 2025-03-31: being seen, taking part. Nothing over nothing is missing, not zero."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

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
    C1             | 2024-12-30          | Y                   |
"""
PROTECTION_VISITS = """
    cppv_person_id | cppv_cp_visit_date | cppv_cp_visit_seen | cppv_cp_visit_seen_alone
    ---------------|--------------------|--------------------|-------------------------
    C1             | 2025-03-31         | Y                  | Y
    C1             | 2024-04-01         | N                  | N
    C1             | 2024-05-01         | Y                  | N
    C1             | 2024-06-01         |                    |
    C1             | 2024-03-31         | N                  | Y
"""
CARE_VISITS = """
    clav_person_id | clav_cla_visit_date | clav_cla_visit_seen
    ---------------|---------------------|--------------------
    C1             | 2023-04-02          | Y
    C1             | 2024-01-01          | N
    C1             | 2024-02-01          |
    C1             | 2023-04-01          | Y
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
CARE_REVIEWS = """
    clar_cla_person_id | clar_cla_review_date | clar_cla_review_participation
    -------------------|----------------------|------------------------------
    C1                 | 2023-04-02           | PN6
    C1                 | 2024-01-01           | PN4
    C1                 | 2024-02-01           | PN7
    C1                 | 2024-03-01           | PN0
    C1                 | 2023-04-01           | PN1
"""
MISSING = """
    miss_person_id | miss_missing_episode_start_date | miss_missing_episode_end_date | miss_missing_rhi_offered | miss_missing_rhi_accepted
    ---------------|---------------------------------|-------------------------------|--------------------------|--------------------------
    C1             | 2025-01-01                      | 2025-01-02                    | Y                        | Y
    C1             | 2024-01-01                      | 2024-01-02                    | Y                        | N
    C1             | 2024-02-01                      | 2024-02-02                    | N                        |
    C1             | 2025-03-28                      | 2025-03-29                    | Y                        | Y
"""  # noqa: E501 - a drawn table is as wide as its names
DRAWN = {
    "ssd_contacts": CONTACTS,
    "ssd_cin_visits": VISITS,
    "ssd_cp_visits": PROTECTION_VISITS,
    "ssd_cla_visits": CARE_VISITS,
    "ssd_cin_assessments": ASSESSMENTS,
    "ssd_cp_reviews": REVIEWS,
    "ssd_cla_reviews": CARE_REVIEWS,
    "ssd_missing": MISSING,
}
RATIOS = [
    ("share_of_contacts_from_family_last_12_months", (1 + 1) / (2 + 2)),
    ("share_of_visits_child_seen_last_12_months", (1 + 1 + 1 + 1) / (4 + 1)),
    ("share_of_visits_child_seen_alone_last_12_months", 1 / (1 + 3)),
    ("share_of_protection_visits_child_seen_last_12_months", (1 + 1) / (2 + 1)),
    ("share_of_protection_visits_child_seen_alone_last_12_months", 1 / (1 + 2)),
    ("share_of_care_visits_child_seen_last_24_months", 1 / (1 + 1)),
    ("share_of_assessments_child_seen_last_24_months", 1 / (1 + 1)),
    ("share_of_reviews_child_took_part_last_24_months", (1 + 1) / (2 + 1)),
    ("share_of_care_reviews_child_took_part_last_24_months", 1 / (1 + 2)),
    ("share_of_return_interviews_accepted_last_24_months", 1 / (1 + 1)),  # of 29 March it is not known yet
]


@pytest.mark.parametrize(("name", "expected"), RATIOS)
def test_shares(name: str, expected: float) -> None:
    assert value_of(name, **DRAWN) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("name", [name for name, _ in RATIOS])
def test_a_share_of_no_occasion_is_missing_and_not_zero(name: str) -> None:
    elsewhere = {table: drawn.replace("C1 ", "S1 ") for table, drawn in DRAWN.items()}
    assert value_of(name, **elsewhere) is None


def test_visits_on_which_the_child_was_seen_count_from_the_first_day_of_the_window() -> None:
    assert value_of("visits_child_seen_last_3_months", ssd_cin_visits=VISITS) == 1 + 1
    first_day = VISITS.replace("2024-12-30", "2024-12-31")
    assert value_of("visits_child_seen_last_3_months", ssd_cin_visits=first_day) == 1 + 1 + 1
