"""What is not known and how old what is known is, as of 2025-03-31."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from features.indicators.recording import RECORDING
from tests.indicator_values import FAMILY, MOTHER, value_of

if TYPE_CHECKING:
    from features.indicators.declaration import Indicator

ASSESSMENTS = """
    cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
    -------------------|----------------|----------------------------|--------------------------
    A1                 | C1             | 2025-01-01                 | 2025-01-31
    A2                 | C1             | 2025-01-01                 | 2025-03-01
    A3                 | C1             | 2023-01-01                 | 2023-04-02
    A4                 | C1             | 2023-01-01                 | 2023-04-01
    A5                 | C1             | 2025-03-01                 | 2025-04-01
"""
FACTORS = """
    cinf_assessment_id | cinf_assessment_factors_json
    -------------------|-----------------------------
    A1                 | ["4B"]
"""
TOOLS = """
    fama_person_id | fama_assessment_date | fama_tool        | fama_score | fama_direction
    ---------------|----------------------|------------------|------------|----------------
    C1             | 2025-03-21           | Local risk scale | 4          | lower is better
    C1             | 2025-04-01           | Local risk scale | 4          | lower is better
"""
VIEWS = """
    famv_person_id | famv_view_date | famv_said_by | famv_view
    ---------------|----------------|--------------|----------
    C1             | 2025-03-01     | mother       | mixed
    C1             | 2025-01-31     | child        | negative
"""
TERMS = """
    scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible | scho_sessions_attended
    ---------------|------------------------|----------------------|------------------------|-----------------------
    C1             | 2024-09-02             | 2024-12-20           | 140                    | 130
    C1             | 2025-01-06             | 2025-03-28           | 110                    |
"""
LEAVERS = "clea_person_id | clea_care_leaver_latest_contact\nC1 | 2025-03-21"
ADDRESSES = """
    addr_person_id | addr_address_start_date | addr_address_postcode
    ---------------|-------------------------|----------------------
    C1             | 2025-01-01              |
    C1             | 2024-01-01              | AB1 1AA
    S1             | 2025-01-01              | AB1 1AA
    S1             | 2024-01-01              |
"""
DISABILITIES = """
    disa_person_id | disa_disability_code
    ---------------|---------------------
    C1             | NONE
    S1             | NOBT
"""
CONTACTS = """
    cont_person_id | cont_contact_date | cont_contact_source_code
    ---------------|-------------------|-------------------------
    C1             | 2024-04-01        | 10
    C1             | 2025-01-01        |
    C1             | 2025-03-31        | 9
    C1             | 2024-03-31        | 10
"""
CASES = """
    cine_person_id | cine_referral_date | cine_referral_source_code | cine_cin_primary_need_code | cine_close_date | cine_close_reason
    ---------------|--------------------|---------------------------|----------------------------|-----------------|------------------
    C1             | 2023-04-02         | 10                        | N0                         | 2023-06-01      | RC7
    C1             | 2024-01-01         |                           | N1                         | 2024-02-01      |
    C1             | 2025-03-31         | 6                         |                            | 2025-04-01      |
    C1             | 2025-01-01         | 2A                        | N5                         |                 |
    C1             | 2023-04-01         | 10                        | N0                         | 2023-04-01      |
"""  # noqa: E501 - a drawn table is as wide as its names
HELP = """
    earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
    ---------------|-------------------------|-----------------------|------------------------
    C1             | 2023-01-01              | 2023-04-02            |
    C1             | 2024-01-01              | 2024-02-01            | Disengaged
    C1             | 2023-01-01              | 2023-04-01            |
    C1             | 2025-01-01              |                       |
"""
VISITS = """
    cinv_person_id | cinv_cin_visit_date | cinv_cin_visit_seen
    ---------------|---------------------|--------------------
    C1             | 2024-04-01          |
    C1             | 2025-01-01          | N
    C1             | 2025-02-01          | Y
    C1             | 2024-03-31          |
"""
DRAWN = {
    "ssd_cin_assessments": ASSESSMENTS,
    "ssd_assessment_factors": FACTORS,
    "ext_family_assessments": TOOLS,
    "ext_family_views": VIEWS,
    "ext_school_attendance": TERMS,
    "ssd_care_leavers": LEAVERS,
    "ssd_address": ADDRESSES,
    "ssd_family": FAMILY.replace("F1             | S2", "F1             | M1"),
    "ssd_mother": MOTHER,
    "ssd_disability": DISABILITIES,
    "ssd_contacts": CONTACTS,
    "ssd_cin_episodes": CASES,
    "ssd_early_help_episodes": HELP,
    "ssd_cin_visits": VISITS,
}
AGES = [
    ("days_since_latest_assessment", 31 - 1),
    ("days_since_needs_last_recorded", 28 + 31),
    ("days_since_latest_tool_used", 31 - 21),
    ("days_since_latest_view_of_child", 28 + 31),
    ("days_since_latest_view_of_family", 31 - 1),
    ("days_since_attendance_last_known", (31 - 20) + 31 + 28 + 31),
    ("days_since_latest_word_of_care_leaver", 31 - 21),
]
SILENT = [
    ("share_of_contacts_with_unknown_source_last_12_months", (1 + 1) / (2 + 1)),
    ("share_of_referrals_with_unknown_source_last_24_months", (1 + 1) / (2 + 2)),
    ("share_of_referrals_without_stated_need_last_24_months", (1 + 1) / (2 + 2)),
    ("share_of_cases_closed_without_reason_last_24_months", 1 / (1 + 1)),
    ("share_of_early_help_ended_without_reason_last_24_months", 1 / (1 + 1)),
    ("share_of_visits_silent_on_child_seen_last_12_months", 1 / (1 + 2)),
]


@pytest.mark.parametrize(("name", "expected"), [*AGES, *SILENT, ("assessments_without_factors_last_24_months", 1 + 1)])
def test_how_old_and_how_much(name: str, expected: float) -> None:
    assert value_of(name, **DRAWN) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("name", [name for name, _ in (*AGES, *SILENT)])
def test_of_whom_nothing_is_recorded_nothing_can_be_old_or_silent(name: str) -> None:
    assert value_of(name, child="S2", **DRAWN) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("is_address_known", (1, 1, 0)),
        ("is_latest_address_without_postcode", (1, 0, None)),
        ("is_family_group_known", (1, 1, 0)),
        ("is_mother_known", (1, 1, 0)),
        ("is_school_attendance_known_last_12_months", (1, 0, 0)),
        ("is_disability_recorded_either_way", (1, 0, 0)),
    ],
)
def test_what_is_known_of_each_child(name: str, expected: tuple[int | None, ...]) -> None:
    assert tuple(value_of(name, child=child, **DRAWN) for child in ("C1", "S1", "S2")) == expected


def test_attendance_of_the_day_before_the_year_is_not_attendance_of_the_year() -> None:
    ended = TERMS.replace("2024-12-20", "2024-03-31").replace("2024-09-02", "2024-01-08")
    assert value_of("is_school_attendance_known_last_12_months", ext_school_attendance=ended) == 0


@pytest.mark.parametrize("indicator", RECORDING, ids=lambda indicator: indicator.name)
def test_what_is_not_known_points_neither_way(indicator: Indicator) -> None:
    assert indicator.monotone == 0
