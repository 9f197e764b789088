"""What happened within 365 days after 2024-03-31, read on 2025-12-31. Day 365 is 2025-03-31."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from features.days import day_number
from features.outcomes import OutcomeRule, outcome_after
from features.vocabulary.errors import WrongUsageError
from tests.drawing import records

AS_OF, KNOWN_ON = date(2024, 3, 31), date(2025, 12, 31)
RULE = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=())
CHILD = "pers_person_id | pers_dob\nC1 | 2015-01-01"
COHORT = pl.DataFrame({"child_id": ["C1"]})

EARLY_HELP = "earl_person_id | earl_episode_start_date\nC1 | 2024-01-01"
CIN_PLAN = "cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date\nC1 | {start} | {end}"
CP_PLAN = "cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date\nC1 | {start} | {end}"
CARE = "clae_person_id | clae_cla_episode_start_date\nC1 | {start}"


def answer(*, rule: OutcomeRule = RULE, known_on: date = KNOWN_ON, **drawings: str) -> tuple[object, ...]:
    """Give outcome, reason for censoring and day of escalation of C1."""
    drawn = records(**{"ssd_person": CHILD, **drawings})
    return outcome_after(drawn, COHORT, as_of=AS_OF, known_on=known_on, rule=rule).row(0)[1:]


def outcome(**drawings: str) -> object:
    return answer(**drawings)[0]


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2024-03-31", 0), ("2024-04-01", 1), ("2025-03-31", 1), ("2025-04-01", 0)],
)
def test_a_plan_escalates_from_the_day_after_to_day_365(start: str, expected: int) -> None:
    assert outcome(ssd_cin_plans=CIN_PLAN.format(start=start, end="")) == expected


def test_the_day_of_escalation_is_the_first() -> None:
    plans = CIN_PLAN.format(start="2024-06-01", end="2024-07-01") + "\nC1 | 2024-05-01 | 2024-05-20"
    assert answer(ssd_cin_plans=plans) == (1, None, day_number(date(2024, 5, 1)))


def test_a_child_of_whom_nothing_more_is_recorded_did_not_escalate() -> None:
    assert answer() == (0, None, None)


def test_starting_early_help_is_never_escalation() -> None:
    assert outcome(ssd_early_help_episodes=EARLY_HELP.replace("2024-01-01", "2024-06-01")) == 0


def test_an_enquiry_alone_is_not_escalation() -> None:
    assert outcome(ssd_s47_enquiry="s47e_person_id | s47e_s47_start_date\nC1 | 2024-06-01") == 0


@pytest.mark.parametrize(
    ("nfa", "close_reason", "expected"), [("N", "RC7", 1), ("Y", "RC7", 0), ("N", "RC9", 0), ("N", "RC8", 0)]
)
def test_need_found_by_an_assessment_is_escalation(nfa: str, close_reason: str, expected: int) -> None:
    referral = f"""
        cine_referral_id | cine_person_id | cine_referral_date | cine_close_date | cine_close_reason
        R1               | C1             | 2024-05-01         | 2024-09-01      | {close_reason}
    """
    assessment = f"""
        cina_person_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date | cina_assessment_outcome_nfa
        C1             | R1               | 2024-05-02                 | 2024-06-01                | {nfa}
    """  # noqa: E501 - a drawn table is as wide as its names
    assert outcome(ssd_cin_episodes=referral, ssd_cin_assessments=assessment) == expected


def test_an_assessment_that_is_not_authorised_is_not_escalation() -> None:
    referral = "cine_referral_id | cine_person_id | cine_referral_date\nR1 | C1 | 2024-05-01"
    assessment = "cina_person_id | cina_referral_id | cina_assessment_start_date\nC1 | R1 | 2024-05-02"
    assert outcome(ssd_cin_episodes=referral, ssd_cin_assessments=assessment) == 0


def test_a_child_in_need_escalates_only_above_that_rung() -> None:
    held = CIN_PLAN.format(start="2024-01-01", end="2024-05-01")
    assert outcome(ssd_cin_plans=held + "\nC1 | 2024-09-01 |") == 0
    assert outcome(ssd_cin_plans=held, ssd_cp_plans=CP_PLAN.format(start="2024-06-01", end="")) == 1


def test_a_child_with_a_protection_plan_escalates_only_into_care() -> None:
    plans = CP_PLAN.format(start="2024-01-01", end="2024-05-01") + "\nC1 | 2024-09-01 |"
    assert outcome(ssd_cp_plans=plans) == 0
    assert outcome(ssd_cp_plans=plans, ssd_cla_episodes=CARE.format(start="2024-10-01")) == 1


def test_a_plan_that_ended_on_the_day_is_no_longer_held() -> None:
    plans = CP_PLAN.format(start="2024-01-01", end="2024-03-31") + "\nC1 | 2024-09-01 |"
    assert outcome(ssd_cp_plans=plans) == 1


def test_a_plan_that_ended_on_the_day_it_began_was_never_held() -> None:
    assert outcome(ssd_cp_plans=CP_PLAN.format(start="2024-06-01", end="2024-06-01")) == 0


@pytest.mark.parametrize(("merge", "expected"), [((), 1), ((("early_help", "child_in_need"),), 0)])
def test_rungs_that_an_authority_merges_are_one(merge: tuple[tuple[str, str], ...], expected: int) -> None:
    rule = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=merge)  # type: ignore[arg-type]
    plan = CIN_PLAN.format(start="2024-06-01", end="")
    assert answer(rule=rule, ssd_early_help_episodes=EARLY_HELP, ssd_cin_plans=plan)[0] == expected


def test_above_merged_rungs_a_child_still_escalates() -> None:
    rule = RULE.model_copy(update={"merge": (("early_help", "child_in_need"),)})
    plan = CP_PLAN.format(start="2024-06-01", end="")
    assert answer(rule=rule, ssd_early_help_episodes=EARLY_HELP, ssd_cp_plans=plan)[0] == 1


def test_a_higher_lowest_rung_leaves_lower_ones_out() -> None:
    rule = RULE.model_copy(update={"lowest_rung": "child_protection"})
    assert answer(rule=rule, ssd_cin_plans=CIN_PLAN.format(start="2024-06-01", end=""))[0] == 0


@pytest.mark.parametrize(("born", "censored"), [("2007-03-31", "turned_18"), ("2007-04-01", None)])
def test_turning_18_by_day_365_is_censoring(born: str, censored: str | None) -> None:
    assert answer(ssd_person=f"pers_person_id | pers_dob\nC1 | {born}")[1] == censored


def test_who_is_censored_has_no_outcome_though_they_escalated() -> None:
    plan = CIN_PLAN.format(start="2024-06-01", end="")
    assert answer(ssd_person="pers_person_id | pers_dob\nC1 | 2006-09-01", ssd_cin_plans=plan) == (
        None,
        "turned_18",
        None,
    )


@pytest.mark.parametrize(("died", "censored"), [("2025-03-31", "died"), ("2025-04-01", None)])
def test_a_death_by_day_365_is_censoring(died: str, censored: str | None) -> None:
    people = f"pers_person_id | pers_dob | pers_death_date\nC1 | 2015-01-01 | {died}"
    assert answer(ssd_person=people)[1] == censored


@pytest.mark.parametrize(
    ("closed", "reason", "censored"),
    [
        ("2024-04-01", "RC1", "adopted"),
        ("2025-03-31", "RC5", "moved_away"),
        ("2025-04-01", "RC5", None),
        ("2024-03-31", "RC5", None),
        ("2024-06-01", "RC7", None),
    ],
)
def test_adoption_and_moving_away_close_a_referral(closed: str, reason: str, censored: str | None) -> None:
    referral = f"""
        cine_person_id | cine_referral_date | cine_close_date | cine_close_reason
        C1             | 2024-01-01         | {closed}        | {reason}
    """
    assert answer(ssd_cin_episodes=referral)[1] == censored


@pytest.mark.parametrize(("reason", "censored"), [("E11", "adopted"), ("E3", "moved_away"), ("E4A", None)])
def test_adoption_and_moving_away_end_time_in_care(reason: str, censored: str | None) -> None:
    care = f"""
        clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
        C1             | 2024-05-01                  | 2024-09-01                   | {reason}
    """
    assert answer(ssd_cla_episodes=care)[1] == censored


@pytest.mark.parametrize(("reason", "censored"), [("Family moved out of area", "moved_away"), ("Outcomes met", None)])
def test_early_help_that_ended_as_the_family_moved_away(reason: str, censored: str | None) -> None:
    episode = f"""
        earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_end_reason
        C1             | 2024-01-01              | 2024-09-01            | {reason}
    """
    assert answer(ssd_early_help_episodes=episode)[1] == censored


def test_a_child_whose_time_in_care_was_recorded_late_is_censored() -> None:
    assert answer(ssd_cla_episodes=CARE.format(start="2024-03-01"))[1] == "already_looked_after"


def test_what_is_recorded_after_the_training_day_is_not_read() -> None:
    plan = "cinp_person_id | cinp_cin_plan_start_date | recorded_on\nC1 | 2025-03-01 | 2025-06-01"
    assert answer(ssd_cin_plans=plan, known_on=date(2025, 5, 31))[0] == 0
    assert answer(ssd_cin_plans=plan, known_on=date(2025, 6, 1))[0] == 1


def test_a_horizon_that_is_not_over_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="horizon ends on 2025-03-31"):
        answer(known_on=date(2025, 3, 30))


def test_a_horizon_beyond_the_records_is_refused() -> None:
    drawn = records(ssd_person=CHILD, extract_day=date(2025, 2, 27))
    with pytest.raises(WrongUsageError, match="records end on 2025-02-27"):
        outcome_after(drawn, COHORT, as_of=AS_OF, known_on=KNOWN_ON, rule=RULE)


def test_the_columns_have_their_types() -> None:
    found = outcome_after(records(ssd_person=CHILD), COHORT, as_of=AS_OF, known_on=KNOWN_ON, rule=RULE)
    assert found.schema == {"child_id": pl.String, "outcome": pl.Int8, "censored": pl.String, "escalated_day": pl.Int32}
