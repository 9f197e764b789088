"""Contact with services, as of 2025-03-31. A window's first day counts, the day before it does not."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code | cont_contact_outcome_json
    ---------------|-------------------|--------------------------|-------------------------------
    C1             | 2025-03-31        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2025-03-28        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2024-12-31        | 2A                       | {"NFA_FLAG": "N"}
    C1             | 2024-12-30        | 3B                       | {"NFA_FLAG": "Y"}
    C1             | 2024-09-30        | 2B                       | {"ADVICE_FLAG": "Y"}
    C1             | 2024-04-01        | 1A                       | {"NFA_FLAG": "Y"}
    C1             | 2024-03-31        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2025-04-01        | 6                        | {"NFA_FLAG": "Y"}
    S1             | 2025-03-01        | 6                        | {"NFA_FLAG": "Y"}
"""
REFERRALS = """
    cine_referral_id | cine_person_id | cine_referral_date | cine_referral_nfa | cine_close_date | cine_close_reason
    -----------------|----------------|--------------------|-------------------|-----------------|------------------
    R1               | C1             | 2025-03-30         | 1                 |                 |
    R2               | C1             | 2024-04-01         | 1                 | 2024-04-02      | RC8
    R3               | C1             | 2024-03-31         | 0                 | 2025-04-01      | RC7
    R4               | C1             | 2023-04-02         | 0                 | 2023-04-02      | RC7
    R5               | C1             | 2023-04-01         | 1                 | 2023-05-01      | RC7
    R6               | S1             | 2025-01-01         | 1                 |                 |
"""
HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-03-01              |                       |
    C1             | 2024-02-01              | 2024-06-01            | Step-up to social care
    C1             | 2023-04-02              | 2023-04-12            | Escalated
    C1             | 2023-03-01              | 2023-04-01            | Stepped up
    C1             | 2022-01-01              | 2025-04-01            | Outcomes met
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contacts_last_3_months", 1 + 1 + 1),  # 31 March, 28 March, 31 December
        ("contacts_last_12_months", 3 + 3),  # and 30 December, 30 September, 1 April
        ("rise_in_contacts_last_6_months", 4 - 1),  # from 1 October; from 2 April to 30 September
        ("police_contacts_last_12_months", 1 + 1),
        ("school_contacts_last_12_months", 1 + 1),  # 2A and 2B
        ("health_contacts_last_12_months", 1),
        ("contacts_closed_without_action_last_12_months", 4 - 1),  # of 31 March it is not decided yet
    ],
)
def test_contacts(name: str, expected: int) -> None:
    assert value_of(name, ssd_contacts=CONTACTS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("referrals_last_12_months", 1 + 1),  # R1, R2
        ("referrals_last_24_months", 2 + 2),  # and R3, R4
        ("referrals_closed_without_action_last_24_months", 2 - 1),  # R2; of R1 it is not decided yet
        ("cases_closed_no_longer_in_need_last_24_months", 1 + 1),  # R4 and R5; R3 closes tomorrow
        ("has_open_referral", 1),
    ],
)
def test_referrals(name: str, expected: int) -> None:
    assert value_of(name, ssd_cin_episodes=REFERRALS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("early_help_episodes_last_24_months", 1 + 1 + 1),
        ("early_help_stepped_up_last_24_months", 1 + 1),
        ("days_of_early_help_last_12_months", 30 + 62 + 365),  # overlapping help counts twice
        ("has_early_help_now", 1),
    ],
)
def test_early_help(name: str, expected: int) -> None:
    assert value_of(name, ssd_early_help_episodes=HELP) == expected


@pytest.mark.parametrize(("end", "expected"), [("2025-03-31", 0), ("2025-04-01", 1), ("", 1)])
def test_a_child_in_need_plan_is_in_place_until_the_day_before_its_end(end: str, expected: int) -> None:
    plan = f"""
        cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        C1             | 2025-03-01               | {end}
    """
    assert value_of("is_child_in_need_now", ssd_cin_plans=plan) == expected


@pytest.mark.parametrize(("end", "expected"), [("2025-03-31", 0), ("2025-04-01", 1)])
def test_a_protection_plan_is_in_place_until_the_day_before_its_end(end: str, expected: int) -> None:
    plan = f"""
        cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
        C1             | 2025-03-01              | {end}
    """
    assert value_of("has_child_protection_plan_now", ssd_cp_plans=plan) == expected


def test_a_rise_is_below_zero_where_contacts_became_fewer() -> None:
    contacts = """
        cont_person_id | cont_contact_date
        C1             | 2024-05-01
        C1             | 2024-06-01
    """
    assert value_of("rise_in_contacts_last_6_months", ssd_contacts=contacts) == 0 - 2


def test_a_child_of_whom_nothing_is_recorded_has_no_contact() -> None:
    assert value_of("contacts_last_12_months") == 0
