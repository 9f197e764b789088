"""Contact with services, as of 2025-03-31. A window's first day counts, the day before it does not."""

from __future__ import annotations

import pytest

from features.indicators.catalogue import by_name
from tests.indicator_values import value_of

CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code | cont_contact_outcome_json
    ---------------|-------------------|--------------------------|-------------------------------
    C1             | 2025-03-31        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2025-03-28        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2024-12-31        | 2A                       | {"NFA_FLAG": "N"}
    C1             | 2024-12-30        | 3E                       | {"NFA_FLAG": "Y"}
    C1             | 2024-09-30        | 2B                       | {"ADVICE_FLAG": "Y"}
    C1             | 2024-04-01        | 9                        | {"NFA_FLAG": "Y"}
    C1             | 2024-03-31        | 6                        | {"NFA_FLAG": "Y"}
    C1             | 2025-04-01        | 6                        | {"NFA_FLAG": "Y"}
    S1             | 2025-03-01        | 6                        | {"NFA_FLAG": "Y"}
"""
REFERRALS = """
    cine_person_id | cine_referral_date | cine_referral_nfa | cine_close_date | cine_close_reason
    ---------------|--------------------|-------------------|-----------------|------------------
    C1             | 2025-03-30         | 1                 |                 |
    C1             | 2024-04-01         | 1                 | 2024-04-02      | RC8
    C1             | 2024-03-31         | 0                 | 2025-04-01      | RC7
    C1             | 2023-04-02         | 0                 | 2023-04-02      | RC7
    C1             | 2023-04-01         | 1                 | 2023-05-01      | RC7
    C1             | 2022-01-01         | 0                 | 2023-06-01      | RC9
    S1             | 2025-01-01         | 1                 |                 |
"""
WHO_REFERRED = """
    cine_person_id | cine_referral_date | cine_referral_source_code
    ---------------|--------------------|--------------------------
    C1             | 2025-03-30         | 6
    C1             | 2023-04-02         | 6
    C1             | 2023-04-01         | 6
    C1             | 2024-04-01         | 2A
    C1             | 2024-05-01         | 3A
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
        ("emergency_department_contacts_last_12_months", 1),
        ("contacts_from_the_public_last_12_months", 1),
        ("kinds_of_source_of_contacts_last_12_months", 1 + 1 + 1 + 1),  # police, school, health, the public
        ("contacts_closed_without_action_last_12_months", 4 - 1),  # of 31 March it is not decided yet
        ("contacts_closed_with_advice_last_12_months", 1),
        ("share_of_contacts_closed_without_action_last_24_months", 4 / 6),  # of six that were decided
    ],
)
def test_contacts(name: str, expected: float) -> None:
    assert value_of(name, ssd_contacts=CONTACTS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("referrals_last_12_months", 1 + 1),  # 30 March, 1 April
        ("referrals_last_24_months", 2 + 2),  # and 31 March, 2 April of the year before
        ("referrals_closed_without_action_last_24_months", 2 - 1),  # of 30 March it is not decided yet
        ("cases_closed_no_longer_in_need_last_24_months", 1 + 1),  # one closes tomorrow
        ("cases_closed_after_assessment_last_24_months", 1),
        ("cases_closed_to_early_help_last_24_months", 1),
        ("has_open_referral_now", 1),
    ],
)
def test_referrals(name: str, expected: int) -> None:
    assert value_of(name, ssd_cin_episodes=REFERRALS) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("police_referrals_last_24_months", 1 + 1),
        ("school_referrals_last_24_months", 1),
        ("health_referrals_last_24_months", 1),
    ],
)
def test_who_referred(name: str, expected: int) -> None:
    assert value_of(name, ssd_cin_episodes=WHO_REFERRED) == expected


@pytest.mark.parametrize(
    ("came", "nfa", "closed", "expected"),
    [
        ("2025-03-01", "0", "", 1),
        ("2025-03-01", "", "", 1),
        ("2025-03-01", "0", "2025-03-31", 0),
        ("2025-03-01", "1", "", 0),  # closed as it came, whatever day is missing
        ("2025-03-28", "1", "", 0),  # decided after three days
        ("2025-03-29", "1", "", 1),  # not decided yet
    ],
)
def test_a_referral_closed_without_action_is_not_open(came: str, nfa: str, closed: str, expected: int) -> None:
    referral = f"""
        cine_person_id | cine_referral_date | cine_referral_nfa | cine_close_date
        C1             | {came}             | {nfa}             | {closed}
    """
    assert value_of("has_open_referral_now", ssd_cin_episodes=referral) == expected


def test_an_open_referral_and_help_in_need_read_as_different_things() -> None:
    said = [by_name(name).describe(1) for name in ("has_open_referral_now", "is_child_in_need_now")]
    assert said == [
        "a referral to social care is still open, whether or not need was found",
        "social care has found need and helps the child as a child in need",
    ]


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ("2023-01-01 | 2024-03-15 | 0", 1),  # 365 days before
        ("2023-01-01 | 2024-03-14 | 0", 0),
        ("2023-01-01 | 2025-03-15 | 0", 0),  # closed on the day that the next came
        ("2024-06-01 |            | 1", 1),  # closed as it came
        ("2024-06-01 |            | 0", 0),  # still open
        ("2024-06-01 | 2025-04-01 | 0", 0),  # not yet known to be closed
    ],
)
def test_a_re_referral_comes_within_a_year_of_a_closing(earlier: str, expected: int) -> None:
    referrals = f"""
        cine_person_id | cine_referral_date | cine_close_date | cine_referral_nfa
        C1             | {earlier}
        C1             | 2025-03-15         |                 | 0
    """
    assert value_of("re_referrals_within_a_year_last_24_months", ssd_cin_episodes=referrals) == expected


def test_contacts_from_housing_and_those_that_became_referrals() -> None:
    contacts = """
        cont_person_id | cont_contact_date | cont_contact_source_code | cont_contact_outcome_json
        C1             | 2024-04-01        | 4                        | {"NEW_REFERRAL_FLAG": "Y"}
        C1             | 2024-03-31        | 4                        | {"NEW_REFERRAL_FLAG": "Y"}
    """
    names = ("housing_contacts_last_12_months", "contacts_that_became_referrals_last_12_months")
    assert [value_of(name, ssd_contacts=contacts) for name in names] == [1, 1]


def test_a_rise_is_below_zero_where_contacts_became_fewer() -> None:
    contacts = """
        cont_person_id | cont_contact_date
        C1             | 2024-05-01
        C1             | 2024-06-01
    """
    assert value_of("rise_in_contacts_last_6_months", ssd_contacts=contacts) == 0 - 2


def test_a_child_of_whom_nothing_is_recorded_has_no_contact() -> None:
    assert value_of("contacts_last_12_months") == 0


def test_without_a_decided_contact_there_is_no_share_of_them() -> None:
    assert value_of("share_of_contacts_closed_without_action_last_24_months") is None
