"""Help so far and in place, as of 2025-03-31. A window's first day counts, the day before it does not."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2025-03-01              |                       |
    C1             | 2024-02-01              | 2024-06-01            | Step-up to social care
    C1             | 2023-04-02              | 2023-04-12            | Escalated
    C1             | 2023-03-01              | 2023-04-01            | Stepped up
    C1             | 2022-01-01              | 2025-04-01            | Outcomes met
"""
WHO_LED = """
    earl_person_id | earl_episode_start_date | earl_episode_organisation
    ---------------|-------------------------|--------------------------
    C1             | 2025-03-31              | School
    C1             | 2023-04-02              | School
    C1             | 2023-04-01              | School
    C1             | 2025-01-01              | Health visiting
    C1             | 2024-01-01              | Voluntary sector
    C1             | 2024-02-01              | Family hub north
"""
SERVICES = """
    serv_person_id | serv_service_name   | serv_start_date | serv_end_date | serv_end_reason
    ---------------|---------------------|-----------------|---------------|--------------------
    C1             | Rapid Response      | 2025-03-01      |               |
    C1             | Therapy Team        | 2023-04-02      | 2025-03-31    | Ended early
    C1             | Therapy Team        | 2023-04-01      | 2023-04-02    | Stepped up
    C1             | Therapy Team        | 2022-01-01      | 2023-04-01    | Ended early
    C1             | Therapy Team        | 2022-02-01      | 2025-04-01    | Completed as agreed
    S1             | Rapid Response      | 2025-03-01      |               |
"""


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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("early_help_led_by_school_last_24_months", 1 + 1),
        ("early_help_led_by_health_services_last_24_months", 1),
        ("early_help_led_by_voluntary_sector_last_24_months", 1),
    ],
)
def test_who_led_early_help(name: str, expected: int) -> None:
    assert value_of(name, ssd_early_help_episodes=WHO_LED) == expected


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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("has_family_service_now", 1),
        ("services_begun_last_24_months", 1 + 1),
        ("services_ended_early_last_24_months", 1),
        ("services_stepped_up_last_24_months", 1),
    ],
)
def test_services_for_families(name: str, expected: int) -> None:
    assert value_of(name, ext_services=SERVICES) == expected


def test_where_services_are_not_recorded_none_is_known() -> None:
    assert value_of("has_family_service_now") is None


@pytest.mark.parametrize(
    ("reason", "expected"), [("Consent withdrawn", 1), ("Disengaged", 1), ("Family declined", 1), ("Outcomes met", 0)]
)
def test_help_that_the_family_did_not_go_on_with(reason: str, expected: int) -> None:
    ended = f"""
        earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
        C1             | 2023-01-01              | 2023-04-02            | {reason}
        C1             | 2023-01-01              | 2023-04-01            | {reason}
        C1             | 2023-01-01              | 2025-04-01            | {reason}
    """
    assert value_of("early_help_ended_by_family_last_24_months", ssd_early_help_episodes=ended) == expected


@pytest.mark.parametrize(
    ("began", "ended", "expected"),
    [("2025-03-01", "", 31 - 1), ("2025-03-01", "2025-03-31", None), ("2025-03-31", "", 0)],
)
def test_how_long_help_has_been_in_place(began: str, ended: str, expected: int | None) -> None:
    plan = f"""
        cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        C1             | {began}                  | {ended}
    """
    assert value_of("days_of_longest_help_in_place_now", ssd_cin_plans=plan) == expected


def test_kinds_of_help_are_counted_once_each_where_a_day_of_them_lies_in_the_window() -> None:
    plans = """
        cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        C1             | 2022-01-01               | 2023-04-03
        C1             | 2024-01-01               | 2024-02-01
    """
    care = "clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date\nC1 | 2022-01-01 | 2023-04-02"
    drawn = {"ssd_early_help_episodes": HELP, "ssd_cin_plans": plans, "ssd_cla_episodes": care}
    assert value_of("kinds_of_help_last_24_months", **drawn) == 1 + 1
