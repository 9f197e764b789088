"""Assessments, enquiries, conferences, plans and visits, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.indicator_values import value_of

ENQUIRIES = """
    s47e_person_id | s47e_s47_start_date | s47e_s47_end_date | s47e_s47_nfa | s47e_s47_outcome_json
    ---------------|---------------------|-------------------|--------------|---------------------------
    C1             | 2025-03-31          | 2025-04-01        | 0            | {"CP_CONFERENCE_FLAG": "Y"}
    C1             | 2024-04-01          | 2024-04-10        | 0            | {"CP_CONFERENCE_FLAG": "Y"}
    C1             | 2024-03-31          | 2024-04-10        | 1            | {"NFA_FLAG": "Y"}
    C1             | 2023-04-02          | 2023-04-10        | 1            | {"NFA_FLAG": "Y"}
    C1             | 2023-03-01          | 2023-04-01        | 0            | {"CP_CONFERENCE_FLAG": "Y"}
    S1             | 2025-01-01          |                   |              |
"""
PLANS = """
    cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date | cppl_cp_plan_initial_category
    ---------------|-------------------------|-----------------------|------------------------------
    C1             | 2025-03-21              |                       | NEG
    C1             | 2024-01-01              | 2024-01-31            | EMO
    C1             | 2023-01-01              | 2023-04-02            | PHY
    C1             | 2022-01-01              | 2023-04-01            | SAB
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
    ("name", "expected"),
    [
        ("s47_enquiries_last_12_months", 1 + 1),
        ("s47_enquiries_last_24_months", 2 + 2),
        ("has_repeat_s47_enquiry_last_24_months", 1),
        ("s47_enquiries_without_further_action_last_24_months", 1 + 1),
        ("has_open_s47_enquiry_now", 1),  # it ends tomorrow
    ],
)
def test_enquiries(name: str, expected: int) -> None:
    assert value_of(name, ssd_s47_enquiry=ENQUIRIES) == expected


def test_one_enquiry_is_no_repeat() -> None:
    one = "s47e_person_id | s47e_s47_start_date\nC1 | 2025-03-01\nC1 | 2023-04-01"
    assert value_of("has_repeat_s47_enquiry_last_24_months", ssd_s47_enquiry=one) == 0


@pytest.mark.parametrize(
    ("began", "authorised", "nfa", "is_open", "without_action"),
    [
        ("2025-03-01", "", "", 1, 0),
        ("2025-03-01", "2025-04-01", "1", 1, 0),  # signed tomorrow
        ("2025-03-01", "2025-03-31", "1", 0, 1),
        ("2023-03-01", "2023-04-02", "1", 0, 1),
        ("2023-03-01", "2023-04-01", "1", 0, 0),
    ],
)
def test_assessments_under_way_and_without_action(
    began: str, authorised: str, nfa: str, is_open: int, without_action: int
) -> None:
    assessments = f"""
        cina_person_id | cina_assessment_start_date | cina_assessment_auth_date | cina_assessment_outcome_nfa
        C1             | {began}                    | {authorised}              | {nfa}
    """
    names = ("has_open_assessment_now", "assessments_without_further_action_last_24_months")
    assert [value_of(name, ssd_cin_assessments=assessments) for name in names] == [is_open, without_action]


def test_conferences_count_where_they_made_no_plan() -> None:
    conferences = """
        icpc_person_id | icpc_icpc_date | icpc_icpc_outcome_cp_flag
        C1             | 2025-03-31     | N
        C1             | 2024-03-31     | Y
        C1             | 2024-02-01     |
        C1             | 2023-04-01     | N
    """
    assert value_of("conferences_without_plan_last_24_months", ssd_initial_cp_conference=conferences) == 1
    assert value_of("initial_conferences_last_24_months", ssd_initial_cp_conference=conferences) == 1 + 1 + 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("child_protection_plans_on_record", 2 + 2),
        ("has_had_second_child_protection_plan", 1),
        ("child_protection_plans_ended_last_24_months", 1 + 1),
        ("days_on_child_protection_plan_last_24_months", 10 + 30 + 1),
        ("has_had_plan_for_neglect_last_24_months", 1),
        ("has_had_plan_for_emotional_abuse_last_24_months", 1),
        ("has_had_plan_for_physical_abuse_last_24_months", 0),  # held no more on the window's first day
        ("has_had_plan_for_sexual_abuse_last_24_months", 0),
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
    ("code", "name"),
    [
        ("PHY", "has_had_plan_for_physical_abuse_last_24_months"),
        ("SAB", "has_had_plan_for_sexual_abuse_last_24_months"),
    ],
)
def test_a_plan_held_on_the_first_day_of_the_window_counts(code: str, name: str) -> None:
    plan = f"""
        cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date | cppl_cp_plan_initial_category
        C1             | 2022-01-01              | 2023-04-03            | {code}
    """
    assert value_of(name, ssd_cp_plans=plan) == 1


def test_visits_under_a_plan_and_in_need() -> None:
    protection = "cppv_person_id | cppv_cp_visit_date\nC1 | 2025-03-31\nC1 | 2023-04-02\nC1 | 2023-04-01"
    in_need = "cinv_person_id | cinv_cin_visit_date\nC1 | 2025-03-31\nC1 | 2024-04-01\nC1 | 2024-03-31"
    assert value_of("protection_visits_last_24_months", ssd_cp_visits=protection) == 1 + 1
    assert value_of("visits_in_need_last_12_months", ssd_cin_visits=in_need) == 1 + 1


def test_a_first_plan_is_no_second_one() -> None:
    plan = "cppl_person_id | cppl_cp_plan_start_date\nC1 | 2025-03-01"
    assert value_of("has_had_second_child_protection_plan", ssd_cp_plans=plan) == 0


def test_a_source_without_protection_plans_has_no_value_for_them() -> None:
    assert value_of("child_protection_plans_ended_last_24_months") is None
