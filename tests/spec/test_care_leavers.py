"""After care, as of 2025-03-31: where a care leaver stands, kin, and health looked after in care."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

LEAVERS = """
    clea_person_id | clea_care_leaver_latest_contact | clea_care_leaver_in_touch | clea_care_leaver_accommodation | clea_care_leaver_accom_suitable | clea_care_leaver_activity | clea_pathway_plan_review_date
    ---------------|---------------------------------|---------------------------|--------------------------------|---------------------------------|---------------------------|------------------------------
    C1             | 2025-03-31                      | YES                       | Z                              | 1                               | P4                        | 2024-10-01
    S1             | 2025-03-01                      | REFU                      | U                              | 2                               | G5                        | 2024-09-30
    S2             | 2025-04-01                      | YES                       | B                              | 1                               | F1                        | 2025-03-01
"""  # noqa: E501 - a drawn table is as wide as its names
CARE = """
    clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
    ---------------|-----------------------------|------------------------------|-------------------------------
    C1             | 2023-01-01                  | 2023-04-02                   | E4A
    C1             | 2022-01-01                  | 2023-04-01                   | E4A
    C1             | 2024-01-01                  | 2024-02-01                   | E45
    C1             | 2024-03-01                  | 2024-03-02                   | X1
"""
PLACEMENTS = """
    clap_person_id | clap_cla_placement_start_date | clap_cla_placement_end_date | clap_cla_placement_type
    ---------------|-------------------------------|-----------------------------|------------------------
    C1             | 2023-01-01                    | 2023-04-03                  | U3
    C1             | 2023-04-03                    | 2023-05-03                  | U6
    S1             | 2023-01-01                    | 2023-04-02                  | U3
    S1             | 2023-04-02                    | 2023-05-03                  | K2
    S2             | 2023-01-01                    | 2023-04-02                  | U3
"""
CASES = """
    cine_person_id | cine_referral_date | cine_close_date | cine_close_reason
    ---------------|--------------------|-----------------|------------------
    C1             | 2023-01-01         | 2023-04-02      | RC4
    C1             | 2024-01-01         | 2024-04-02      | RC3
    C1             | 2024-05-01         | 2024-05-02      | RC7
    C1             | 2022-01-01         | 2023-04-01      | RC4
"""
ORDERS = """
    perm_person_id | perm_permanence_order_date | perm_permanence_order_type
    ---------------|----------------------------|---------------------------
    C1             | 2025-03-31                 | Special Guardianship
    S1             | 2024-01-01                 | Adoption
    S2             | 2025-04-01                 | Special Guardianship
"""
IMMUNISATIONS = """
    clai_person_id | clai_immunisations_status | clai_immunisations_status_date
    ---------------|---------------------------|-------------------------------
    C1             | Y                         | 2025-03-31
    S1             | N                         | 2024-01-01
    S2             | Y                         | 2025-04-01
"""
CHECKS = """
    clah_person_id | clah_health_check_type | clah_health_check_date | clah_health_check_status
    ---------------|------------------------|------------------------|-------------------------
    C1             | Dental Check           | 2023-04-02             | Completed
    C1             | Health Assessment      | 2024-01-01             | Refused
    C1             | Health Assessment      | 2024-02-01             | Completed
    C1             | Health Assessment      | 2024-03-01             | Planned
    C1             | Health Assessment      | 2023-04-01             | Cancelled
    S1             | Dental Check           | 2024-01-01             | Refused
    S2             | Dental Check           | 2023-04-01             | Completed
"""
DRAWN = {
    "ssd_care_leavers": LEAVERS,
    "ssd_cla_episodes": CARE,
    "ssd_cla_placement": PLACEMENTS,
    "ssd_cin_episodes": CASES,
    "ssd_permanence": ORDERS,
    "ssd_cla_immunisations": IMMUNISATIONS,
    "ssd_cla_health": CHECKS,
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("is_in_touch_after_leaving_care", (1, 0, None)),
        ("has_suitable_home_after_leaving_care", (1, 0, None)),
        ("is_in_education_work_or_training_after_leaving_care", (1, 0, None)),
        ("is_with_family_or_former_carer_after_leaving_care", (1, 0, None)),
        ("was_pathway_plan_reviewed_last_6_months", (1, 0, None)),
        ("was_placed_with_family_or_friends_last_24_months", (1, 0, None)),
        ("has_guardianship_or_arrangements_order", (1, 0, None)),
        ("has_immunisations_up_to_date_as_last_asked_in_care", (1, 0, None)),
        ("has_dental_check_done_in_care_last_24_months", (1, 0, None)),
    ],
)
def test_one_who_has_it_one_who_has_not_and_one_of_whom_it_is_not_known_yet(
    name: str, expected: tuple[int | None, ...]
) -> None:
    assert tuple(value_of(name, child=child, **DRAWN) for child in ("C1", "S1", "S2")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("planned_returns_home_last_24_months", 1),
        ("left_care_to_family_or_guardians_last_24_months", 1),
        ("cases_closed_by_order_for_guardian_or_relative_last_24_months", 1 + 1),
        ("share_of_health_checks_done_in_care_last_24_months", (1 + 1) / (2 + 1)),
    ],
)
def test_counts_and_shares(name: str, expected: float) -> None:
    assert value_of(name, **DRAWN) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("in_touch", ["NREQ", "RHOM", "DIED"])
def test_who_needs_no_more_contact_is_neither_in_touch_nor_out_of_it(in_touch: str) -> None:
    drawn = LEAVERS.replace("YES ", in_touch.ljust(4))
    assert value_of("is_in_touch_after_leaving_care", ssd_care_leavers=drawn) is None


def test_a_source_without_time_in_care_says_nothing_of_returns_home() -> None:
    plans = "cinp_person_id | cinp_cin_plan_start_date"
    assert value_of("planned_returns_home_last_24_months", ssd_cin_plans=plans) is None
