"""The measures of the calibration on small drawn authorities, its figures, and its report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from experiments.e001_calibration.authority import Authority, authority
from experiments.e001_calibration.figures import allowed, figures, is_met, plan, whys
from experiments.e001_calibration.measures import MEASURES
from experiments.e001_calibration.numbers import CannotMeasureError, odds_ratio, rate, ratio_per_step, share
from experiments.e001_calibration.report import as_json, as_markdown, measured
from tests.drawing import table

DAY = date(2025, 3, 31)
PROFILES = ("england", "wales", "newport")
POPULATION = """
    popu_date  | popu_deprivation_decile | popu_children
    2023-03-31 | 1 | 1000
    2024-03-31 | 1 | 1000
    2025-03-31 | 1 | 600
    2025-03-31 | 2 | 400
"""
REFERRALS = """
    cine_referral_id | cine_person_id | cine_referral_date | cine_close_date | cine_close_reason | cine_referral_nfa
    R1 | C1 | 2023-01-10 | 2023-02-10 | RC8 | N
    R2 | C1 | 2024-05-01 | 2024-05-03 |     | Y
    R3 | C1 | 2024-12-01 |            |     | N
    R4 | C2 | 2024-06-01 | 2024-07-01 | RC8 | N
    R5 | C3 | 2021-04-01 | 2024-09-01 | RC7 | N
    R6 | C4 | 2022-03-31 | 2025-03-31 | RC7 | N
"""
EPISODE_COLUMNS = (
    "clae_cla_id|clae_cla_episode_id|clae_person_id|clae_cla_episode_start_date|clae_cla_episode_ceased_date|"
    "clae_cla_episode_ceased_reason|clae_cla_primary_need_code"
)
EPISODES = f"""
    {EPISODE_COLUMNS}
    P1 | 1 | C1 | 2022-01-01 | 2022-06-01 | X1  | N1
    P1 | 2 | C1 | 2022-06-01 | 2023-06-01 | E4A | N1
    P2 | 3 | C1 | 2024-01-01 |            |     | N5
    P3 | 4 | C2 | 2023-02-01 |            |     | N1
    P4 | 5 | C3 | 2024-04-01 | 2025-03-31 | E11 | N8
"""
PEOPLE = """
    pers_person_id | pers_dob   | pers_sex | pers_ethnicity
    C1             | 2010-03-31 | M        | WBRI
    C2             | 2024-06-01 | F        | WOTH
    C3             | 2009-04-01 | M        | REFU
    C4             |            | U        |
"""


def drawn(truth: dict[str, Any] | None = None, **drawings: str) -> Authority:
    return authority({name: table(text) for name, text in drawings.items()}, truth or {}, DAY)


def rows(header: str, *lines: str) -> str:
    return "\n".join([header, *lines])


def value_of(figure: str, truth: dict[str, Any] | None = None, **drawings: str) -> float:
    return MEASURES[figure](drawn(truth, **drawings)).value


def test_a_child_is_in_need_while_the_referral_is_open_and_not_on_its_last_day() -> None:
    assert value_of("need_rate", ssd_cin_episodes=REFERRALS, ext_population=POPULATION) == 1 / 1000 * 10_000


def test_a_referral_counts_in_the_year_that_ends_on_the_day() -> None:
    assert value_of("referral_rate", ssd_cin_episodes=REFERRALS, ext_population=POPULATION) == 3 / 1000 * 10_000


def test_a_child_referred_twice_is_one_child_referred() -> None:
    assert value_of("children_referred_rate", ssd_cin_episodes=REFERRALS, ext_population=POPULATION) == 20


def test_a_referral_within_a_year_of_another_of_the_child_is_a_re_referral() -> None:
    assert value_of("re_referral_share", ssd_cin_episodes=REFERRALS) == pytest.approx(1 / 3 * 100)


def test_an_episode_of_need_is_neither_closed_at_once_nor_found_without_need() -> None:
    assert value_of("need_starts_rate", ssd_cin_episodes=REFERRALS, ext_population=POPULATION) == 1 / 1000 * 10_000


def test_an_episode_of_need_is_as_long_as_its_referral_was_open() -> None:
    assert value_of("need_ended_over_2y_share", ssd_cin_episodes=REFERRALS) == 2 / 2 * 100


def test_no_code_of_source_is_nobody_s_source() -> None:
    sources = """
        cine_referral_date | cine_referral_source_code
        2024-05-01 | 6
        2024-05-02 | 3A
        2024-05-03 | 3F
        2024-05-04 |
    """
    assert value_of("source_health_share", ssd_cin_episodes=sources) == 2 / 4 * 100
    assert value_of("source_police_share", ssd_cin_episodes=sources) == 1 / 4 * 100


def test_refused_ethnicity_is_not_known_and_counts_in_no_group() -> None:
    columns = "cine_referral_id|cine_person_id|cine_referral_date|cine_close_date"
    referrals = rows(columns, *(f"R{k}|C{k}|2024-05-01|" for k in (1, 2, 3, 4)))
    records = {"ssd_cin_episodes": referrals, "ssd_person": PEOPLE}
    assert value_of("need_ethnicity_missing_share", **records) == 2 / 4 * 100
    assert value_of("need_white_share", **records) == 2 / 2 * 100


def test_a_change_of_placement_neither_ends_nor_starts_being_looked_after() -> None:
    records = {"ssd_cla_episodes": EPISODES, "ext_population": POPULATION}
    assert value_of("care_rate", **records) == 2 / 1000 * 10_000
    assert value_of("care_starts_rate", **records) == pytest.approx(3 / 3 / 1000 * 10_000)


def test_age_at_the_start_is_counted_in_birthdays_reached() -> None:
    records = {"ssd_cla_episodes": EPISODES, "ssd_person": PEOPLE}
    assert value_of("care_start_10_15_share", **records) == pytest.approx(2 / 3 * 100)
    assert value_of("care_10_15_share", **records) == 3 / 6 * 100


def test_a_child_who_came_back_within_a_year_of_going_home_re_entered() -> None:
    assert value_of("re_entry_share", ssd_cla_episodes=EPISODES) == 1 / 1 * 100


def test_an_unaccompanied_child_is_one_whose_status_held_on_the_day() -> None:
    status = """
        immi_person_id | immi_immigration_status | immi_immigration_status_start_date | immi_immigration_status_end_date
        C1 | Unaccompanied Asylum Seeking Child | 2024-01-03 | 2024-06-01
        C2 | Unaccompanied Asylum Seeking Child | 2023-02-01 |
    """
    records = {"ssd_cla_episodes": EPISODES, "ssd_immigration_status": status}
    assert value_of("care_unaccompanied_share", **records) == pytest.approx((1 + 3) / (3 + 3) * 100)
    assert value_of("care_start_unaccompanied_share", **records) == pytest.approx(2 / 3 * 100)


def test_the_legal_status_at_the_start_is_the_one_of_that_day() -> None:
    status = """
        lega_legal_status_id | lega_person_id | lega_legal_status | lega_legal_status_start_date | \
lega_legal_status_end_date
        1 | C1 | V2 | 2024-01-01 | 2024-03-01
        2 | C1 | C1 | 2024-03-01 |
        3 | C2 | C1 | 2023-02-01 | 2024-02-01
        4 | C2 | C2 | 2024-02-01 |
    """
    records = {"ssd_cla_episodes": EPISODES, "ssd_legal_status": status}
    assert value_of("care_start_voluntary_share", **records) == 1 / 2 * 100
    assert value_of("care_order_share", **records) == 5 / 5 * 100
    assert value_of("care_full_order_share", **records) == 2 / 5 * 100


PLACEMENTS = """
    clap_cla_placement_id | clap_person_id | clap_cla_placement_start_date | clap_cla_placement_end_date | \
clap_cla_placement_type | clap_cla_placement_distance | clap_cla_placement_postcode
    1 | C1 | 2024-01-01 | 2024-05-01 | U4 | 3.0  | QE11AA
    2 | C1 | 2024-05-01 | 2024-05-04 | T3 | 1.0  | QE11AA
    3 | C1 | 2024-05-04 | 2024-08-01 | U4 | 3.0  | QE11AA
    4 | C1 | 2024-08-01 |            | U1 | 2.0  | QE11AB
    5 | C2 | 2023-02-01 |            | K2 | 31.5 | QX11AA
"""
HOMES = """
    addr_address_type | addr_address_postcode
    Home | QE21AA
    Home | QE21AB
    Home | QX99ZZ
"""


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("placed_foster_share", 2 / 6 * 100),
        ("placed_homes_share", 3 / 6 * 100),
        ("foster_kin_share", 1 / 2 * 100),
        ("placed_far_share", 3 / 6 * 100),
        ("placed_outside_share", 3 / 5 * 100),
        ("three_placements_share", 1 / 6 * 100),
    ],
)
def test_each_of_three_days_has_its_placement_and_a_short_absence_is_no_move(figure: str, expected: float) -> None:
    records = {"ssd_cla_episodes": EPISODES, "ssd_cla_placement": PLACEMENTS, "ssd_address": HOMES}
    assert value_of(figure, **records) == pytest.approx(expected)


def test_a_count_of_newport_is_of_a_newport_of_thirty_six_thousand() -> None:
    records = {"ssd_cla_episodes": EPISODES, "ext_population": POPULATION}
    assert value_of("care_children", **records) == pytest.approx(2 / 1000 * 36_000)


def test_plans_before_the_records_began_make_a_plan_a_second_one() -> None:
    plans = """
        cppl_cp_plan_id | cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
        01 | C1 | 2024-05-01 |
        02 | C2 | 2024-06-01 |
    """
    number = table("""
        cppl_cp_plan_id | n_before
        01 | 1
        02 | 0
    """).cast({"n_before": int})
    assert value_of("second_plan_share", {"plan_number": number}, ssd_cp_plans=plans) == 1 / 2 * 100


def test_working_days_leave_out_the_weekend() -> None:
    enquiries = "s47e_s47_enquiry_id|s47e_person_id|s47e_s47_start_date\nE1|C1|2025-01-03"
    conferences = "icpc_s47_enquiry_id|icpc_icpc_date|icpc_icpc_transfer_in\nE1|2025-01-13|N"
    records = {"ssd_s47_enquiry": enquiries, "ssd_initial_cp_conference": conferences}
    assert value_of("enquiry_to_conference_days", **records) == 6


def test_a_factor_counts_once_for_an_episode_assessed_twice() -> None:
    assessments = """
        cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_auth_date
        A1 | C1 | R1 | 2024-06-01
        A2 | C1 | R1 | 2024-09-01
        A3 | C2 | R2 | 2024-10-01
    """
    factors = """
        cinf_assessment_id | cinf_assessment_factors_json
        A1 | ["4B", "16A"]
        A2 | ["4B"]
        A3 | ["21"]
    """
    records = {"ssd_cin_assessments": assessments, "ssd_assessment_factors": factors}
    assert value_of("factor_mental_health_parent_share", **records) == 1 / 2 * 100
    assert value_of("factor_neglect_share", **records) == 1 / 2 * 100


def test_a_tenth_of_sessions_missed_in_the_last_whole_school_year_is_persistent_absence() -> None:
    terms = """
        scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_possible | \
scho_sessions_attended | scho_suspensions
        C1 | 2023-09-01 | 2023-12-20 | 100 | 100 | 0
        C1 | 2024-01-08 | 2024-03-28 | 100 | 80  | 1
        C2 | 2023-09-01 | 2023-12-20 | 100 | 100 | 0
        C1 | 2024-09-02 | 2024-12-20 | 100 | 0   | 0
    """
    columns = "cppl_cp_plan_id|cppl_person_id|cppl_cp_plan_start_date|cppl_cp_plan_end_date"
    plans = rows(columns, *(f"{k}|C{k}|2024-03-01|2024-08-01" for k in (1, 2)))
    records = {"ext_school_attendance": terms, "ssd_cp_plans": plans, "ssd_cla_episodes": EPISODES.replace("C", "K")}
    assert value_of("plan_persistent_share", **records) == 1 / 2 * 100
    assert value_of("plan_absence_share", **records) == pytest.approx(20 / 300 * 100)


def test_a_questionnaire_is_asked_of_children_looked_after_for_a_year() -> None:
    scores = """
        csdq_person_id | csdq_sdq_completed_date | csdq_sdq_score
        C1 | 2024-05-01 | 10
        C1 | 2025-02-01 | 17
        C2 | 2025-02-01 | 3
    """
    records = {"ssd_cla_episodes": EPISODES, "ssd_person": PEOPLE, "ssd_sdq_scores": scores}
    assert value_of("sdq_mean", **records) == 17
    assert value_of("sdq_concern_share", **records) == 1 / 1 * 100
    assert value_of("sdq_coverage_share", **records) == 1 / 2 * 100


def test_an_incident_counts_only_while_the_child_was_looked_after() -> None:
    incidents = """
        miss_table_id | miss_person_id | miss_missing_episode_start_date | miss_missing_episode_end_date | \
miss_missing_episode_type
        1 | C3 | 2024-05-01 | 2024-05-03 | M
        2 | C3 | 2024-06-01 | 2024-06-09 | M
        3 | C3 | 2024-07-01 | 2024-07-02 | A
        4 | C9 | 2024-05-01 | 2024-05-02 | M
    """
    records = {"ssd_cla_episodes": EPISODES, "ssd_missing": incidents}
    assert value_of("missing_share", **records) == pytest.approx(1 / (3 + 2 + 2) * 100)
    assert value_of("missing_incidents_mean", **records) == 2 / 1
    assert value_of("missing_short_share", **records) == 1 / 2 * 100


def test_a_care_leaver_of_whom_nothing_is_known_counts_among_all() -> None:
    leavers = """
        clea_person_id | clea_care_leaver_accom_suitable | clea_care_leaver_activity
        L1 | 1 | F1
        L2 | 2 | G5
        L3 |   |
        L4 | 1 | P2
    """
    births = {"L1": "2004-05-01", "L2": "2005-05-01", "L3": "2006-03-31", "L4": "2007-05-01"}
    columns = "pers_person_id|pers_dob|pers_sex|pers_ethnicity"
    people = rows(columns, *(f"{person}|{born}|F|WBRI" for person, born in births.items()))
    records = {"ssd_care_leavers": leavers, "ssd_person": people}
    assert value_of("leavers_19_21_suitable_share", **records) == pytest.approx(1 / 3 * 100)
    assert value_of("leavers_19_21_occupied_share", **records) == pytest.approx(1 / 3 * 100)
    assert value_of("leavers_17_18_occupied_share", **records) == 1 / 1 * 100


def test_siblings_in_care_are_those_of_one_family_on_the_day() -> None:
    family = "fami_person_id|fami_family_id\nC1|F1\nC2|F1\nC3|F1"
    records = {"ssd_cla_episodes": EPISODES, "ssd_family": family}
    assert value_of("sibling_group_mean", **records) == 2 / 1
    assert value_of("in_sibling_group_share", **records) == 6 / 6 * 100


def test_a_rate_in_care_twice_as_high_in_each_next_decile_has_a_gradient_of_two() -> None:
    years, people = (2023, 2024, 2025), {1: 40, 2: 20, 3: 10}
    population = [f"{year}-03-31|{11 - decile}|{n}" for year in years for decile, n in people.items()]
    records = {
        "ext_population": rows("popu_date|popu_deprivation_decile|popu_children", *population),
        "ssd_cla_episodes": rows(EPISODE_COLUMNS, *(f"P{k}|{k}|C{k}|2022-01-01|||N1" for k in people)),
    }
    deciles = table(rows("child_id|deprivation_decile", *(f"C{k}|{k}" for k in people)))
    assert value_of("care_deprivation_ratio", {"people": deciles}, **records) == pytest.approx(2)


SUPPORT = {
    "ssd_cin_plans": """
        cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        C5 | 2024-10-01 | 2025-02-01
        C6 | 2025-02-01 |
        C7 | 2024-06-01 |
    """,
    "ssd_cp_plans": """
        cppl_cp_plan_id | cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
        1 | C5 | 2025-02-03 |
    """,
    "ssd_cla_episodes": EPISODES,
}


def test_one_plan_after_another_is_one_support_and_three_months_are_needed() -> None:
    assert value_of("support_rate", ext_population=POPULATION, **SUPPORT) == 4 / 1000 * 10_000


@pytest.mark.parametrize(("status", "children"), [("care", 2), ("register", 1), ("neither", 1)])
def test_a_child_with_support_is_in_care_else_on_the_register_else_neither(status: str, children: int) -> None:
    assert value_of(f"support_{status}_share", **SUPPORT) == children / 4 * 100


DISABLED = {
    "ssd_cla_episodes": rows(EPISODE_COLUMNS, *(f"P{k}|{k}|D{k}|2023-01-01|||N1" for k in (1, 2, 4))),
    "ssd_cin_plans": rows(
        "cinp_person_id|cinp_cin_plan_start_date|cinp_cin_plan_end_date", *(f"D{k}|2023-01-01|" for k in (3, 5, 6))
    ),
    "ssd_cp_plans": "cppl_cp_plan_id|cppl_person_id|cppl_cp_plan_start_date|cppl_cp_plan_end_date",
    "ssd_disability": rows("disa_person_id", *(f"D{k}" for k in range(1, 7))),
    "ssd_person": "pers_person_id|pers_dob|pers_sex|pers_ethnicity",
    "ssd_cin_assessments": rows(
        "cina_assessment_id|cina_person_id|cina_referral_id|cina_assessment_auth_date",
        *(f"A{k}|D{k}|R{k}|2024-01-01" for k in (1, 2, 3)),
    ),
    "ssd_assessment_factors": rows(
        "cinf_assessment_id|cinf_assessment_factors_json", *(f'A{k}|["4B"]' for k in (1, 2, 3))
    ),
}


def test_odds_of_care_are_of_disabled_children_with_the_factor_against_those_without() -> None:
    assert value_of("odds_care_parent_mental_health", **DISABLED) == pytest.approx((2 / 1) / (1 / 2))


def test_what_the_truth_says_of_whole_lives_is_taken_as_it_is() -> None:
    assert value_of("ever_referred_share", {"ever": {"referred": 35.1}}) == 35.1
    assert value_of("ever_referred_share", {"ever": {"referred": 35.0, "turned_18": 200}}) == 70 / 200 * 100


def test_a_table_that_is_not_there_is_a_reason_and_not_a_fault() -> None:
    with pytest.raises(CannotMeasureError, match="table absent: ssd_cla_placement"):
        value_of("placed_foster_share", ssd_cla_episodes=EPISODES)


def test_a_share_of_nobody_cannot_be_measured() -> None:
    with pytest.raises(CannotMeasureError, match="nobody"):
        share(0, 0)


def test_intervals_are_those_of_the_textbook() -> None:
    wilson, byar = share(10, 100), rate(100, 10_000)
    assert (wilson.low, wilson.high) == (pytest.approx(5.52, abs=0.01), pytest.approx(17.44, abs=0.01))
    assert (byar.low, byar.high) == (pytest.approx(81.36, abs=0.01), pytest.approx(121.63, abs=0.01))


def test_odds_of_the_exposed_stand_over_those_of_the_others() -> None:
    both = table("exposed|ill\n" + "1|1\n" * 6 + "1|0\n" * 4 + "0|1\n" * 2 + "0|0\n" * 8) == "1"
    assert odds_ratio(both["exposed"], both["ill"]).value == pytest.approx((6 * 8) / (4 * 2))


def test_a_rate_that_doubles_with_each_step_has_a_ratio_of_two() -> None:
    steps = table("step|events|people\n1|10|1000\n2|20|1000\n3|40|1000").cast(int)
    assert ratio_per_step(steps["step"], steps["events"], steps["people"]).value == pytest.approx(2)


def test_every_figure_has_a_measure_or_a_reason_and_every_measure_a_figure() -> None:
    to_measure = {figure.id for figure in figures() if not figure.reason}
    assert to_measure == set(MEASURES)
    assert not {figure.id for figure in figures() if figure.reason} & to_measure


def test_a_figure_stands_once_for_a_profile_with_its_source() -> None:
    pairs = [(figure.profile, figure.id) for figure in figures()]
    assert len(pairs) == len(set(pairs))
    assert all(figure.source and figure.year and figure.unit and figure.published_as for figure in figures())


def test_a_figure_that_is_derived_is_what_its_derivation_gives() -> None:
    derived = [f for f in figures() if f.derivation and not f.derivation.startswith("as printed")]
    for figure in derived:
        assert set(figure.derivation) <= set("0123456789.+-*/() "), figure.id
        decimals = len(figure.value.partition(".")[2])
        assert round(eval(figure.derivation), decimals) == pytest.approx(figure.number), figure.id  # noqa: S307 - digits only
    assert len(derived) > 10


def test_a_figure_has_the_tolerance_of_its_kind_of_number() -> None:
    classes = plan()["tolerance"]
    for figure in (f for f in figures() if not f.reason):
        assert classes[figure.tolerance]["why"]
        if figure.tolerance in ("share", "share_under_10", "share_under_4"):
            size = "share_under_4" if figure.number < 4 else "share_under_10"
            assert figure.tolerance == (size if figure.number < 10 or figure.number > 90 else "share"), figure.id
        if figure.tolerance in ("rate", "rare_rate"):
            assert figure.tolerance == ("rate" if figure.number >= 15 else "rare_rate"), figure.id


@pytest.mark.parametrize("profile", PROFILES)
def test_what_explains_a_miss_names_a_figure_of_the_profile(profile: str) -> None:
    assert set(whys(profile)) <= {figure.id for figure in figures(profile) if not figure.reason}


def test_the_end_of_what_is_allowed_is_within_it() -> None:
    figure = next(f for f in figures("england") if f.id == "re_referral_share")
    assert is_met(26.6, allowed(figure, plan()["tolerance"]))
    assert not is_met(26.7, allowed(figure, plan()["tolerance"]))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_report_is_the_same_bytes_twice(profile: str) -> None:
    def report() -> tuple[str, str]:
        lines = measured(drawn(ssd_cin_episodes=REFERRALS, ext_population=POPULATION, ssd_person=PEOPLE), profile)
        return as_markdown(lines, profile, 4), as_json(lines, profile, 4)

    assert report() == report()


def test_the_report_names_every_figure_of_the_profile() -> None:
    text = as_markdown(measured(drawn(ssd_cin_episodes=REFERRALS), "newport"), "newport", 4)
    assert all(figure.words in text for figure in figures("newport"))
    assert "cannot be measured: table absent: ssd_cla_episodes" in text
