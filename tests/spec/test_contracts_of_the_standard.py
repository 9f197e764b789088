"""What the contracts promise of the whole standard, and the meanings in them that are easily got wrong."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest

from features.as_of import view_as_of
from features.tables import CONTRACTS, NEVER_NEEDED, columns_of
from features.tables.validate import validate
from features.vocabulary.codes import codelist
from tests.drawing import raw, records

FILLED = """
    ssd_person ssd_family ssd_address ssd_disability ssd_immigration_status ssd_mother ssd_legal_status ssd_contacts
    ssd_early_help_episodes ssd_cin_episodes ssd_cin_assessments ssd_assessment_factors ssd_cin_plans ssd_cin_visits
    ssd_s47_enquiry ssd_initial_cp_conference ssd_cp_plans ssd_cp_visits ssd_cp_reviews ssd_cla_episodes
    ssd_cla_convictions ssd_cla_health ssd_cla_immunisations ssd_cla_substance_misuse ssd_cla_placement ssd_cla_reviews
    ssd_cla_visits ssd_cla_previous_permanence ssd_cla_care_plan ssd_sdq_scores ssd_missing ssd_care_leavers
    ssd_permanence ssd_involvements ssd_professionals ssd_sen_need ssd_linked_identifiers ssd_department
"""
OPTIONAL = [
    *("ext_school_attendance", "ext_services", "ext_family_assessments", "ext_family_views"),
    *("ext_population", "ext_deprivation"),
]
NOT_NEEDED = """
    ssd_send ssd_ehcp_requests ssd_ehcp_assessment ssd_ehcp_named_plan ssd_ehcp_active_plans ssd_pre_proceedings
    ssd_voice_of_child ssd_s251_finance ssd_version_log ssd_api_data_staging
"""
COLUMNS = [(table, name, column) for table, stated in CONTRACTS.items() for name, column in columns_of(stated).items()]
IN_CARE = "clae_cla_episode_id | clae_person_id | clae_cla_episode_start_date | clae_cla_id\nE1 | C1 | 2025-01-10 | P1"
ONE_CHILD = "pers_person_id\nC1"


def known(table: str, as_of: str, drawing: str, **beside: str) -> list[tuple[object, ...]]:
    """Give the rows of a drawn table that were known on a day, of the columns that were drawn."""
    drawn = {"ssd_person": ONE_CHILD, **beside, table: drawing}
    view = view_as_of(records(**drawn), as_of=date.fromisoformat(as_of))
    frame = view.tables[table].collect(backend="polars").to_native()
    return frame.select(raw(**{table: drawing})[table].columns[: drawing.split("\n")[0].count("|") + 1]).rows()


def test_every_filled_table_of_the_standard_has_a_contract_and_so_have_the_optional_ones() -> None:
    assert len(FILLED.split()) == 38
    assert set(CONTRACTS) == {*FILLED.split(), *OPTIONAL}


def test_every_other_table_of_the_standard_is_known_and_not_needed() -> None:
    assert set(NEVER_NEEDED) == set(NOT_NEEDED.split())
    assert all(NEVER_NEEDED.values())


def test_every_code_has_a_list_whose_every_code_has_a_meaning() -> None:
    lists = {str(column.codelist) for _, _, column in COLUMNS if column.kind in ("code", "codes")}
    assert [name for name in lists if not all(code.meaning for code in codelist(name).values())] == []


def test_every_list_of_codes_is_some_columns() -> None:
    kept = {file.name for file in (files("features.vocabulary") / "codelists").iterdir()} - {"said_otherwise.csv"}
    assert kept == {f"{column.codelist}.csv" for _, _, column in COLUMNS if column.codelist}


def test_every_reference_finds_its_column() -> None:
    pointing = [column.references.split(".") for _, _, column in COLUMNS if column.references is not None]
    assert [(table, name) for table, name in pointing if name not in columns_of(CONTRACTS[table])] == []


def test_only_cells_refer_to_a_table_that_comes_later() -> None:
    order = list(CONTRACTS)
    later = {
        name: column.may_be_missing
        for table, name, column in COLUMNS
        if column.references is not None and order.index(table) <= order.index(column.references.split(".")[0])
    }
    assert later == {"icpc_cp_plan_id": True, "clae_cla_placement_id": True}


def test_every_day_from_which_something_is_known_is_a_date_of_its_table() -> None:
    sources = [(table, column.known_from) for table, _, column in COLUMNS if column.known_from is not None]
    assert {columns_of(CONTRACTS[table])[name].kind for table, name in sources} == {"date"}


def test_a_column_that_may_not_be_missing_is_asked_for_or_made() -> None:
    needed = [(t, n) for t, n, c in COLUMNS if not c.may_be_missing and not (c.is_required or c.is_derived)]
    keys = {name for stated in CONTRACTS.values() for name, c in stated.to_schema().columns.items() if c.unique}
    assert [(table, name) for table, name in needed if name not in keys] == []


@pytest.mark.parametrize(("as_of", "n_known"), [("2025-03-30", 0), ("2025-03-31", 1)])
def test_attendance_is_known_only_when_its_term_has_ended(as_of: str, n_known: int) -> None:
    term = """scho_person_id | scho_period_start_date | scho_period_end_date | scho_sessions_attended
    C1 | 2025-01-05 | 2025-03-31 | 98"""
    assert len(known("ext_school_attendance", as_of, term)) == n_known


def test_a_term_that_still_runs_is_kept_and_does_not_say_how_far_the_records_reach() -> None:
    term = "scho_person_id | scho_period_start_date | scho_period_end_date\nC1 | 2025-04-15 | 2025-07-21"
    contact = "cont_person_id | cont_contact_date\nC1 | 2025-05-02"
    drawn = {"ssd_person": ONE_CHILD, "ssd_contacts": contact, "ext_school_attendance": term}
    required = {"ssd_cin_episodes": "cine_referral_id", "ssd_early_help_episodes": "earl_episode_id"}
    found = validate(raw(**drawn, **required))
    assert found.extract_day == date(2025, 5, 2)
    assert found.tables["ext_school_attendance"].height == 1


TOLD_LATER = re.compile(r"(_end|_ceased|close|_change|_reversed)_reason$|_latest_|_outcome|_nfa$")
TOLD_AT_ONCE = {
    "icpc_icpc_outcome_cp_flag",  # what a meeting decided is known when it is held, and so is its row
    "icpc_icpc_outcome_json",
    "cppr_cp_review_outcome_continue_cp",
    "clea_care_leaver_latest_contact",  # the day from which its row is known
}


def test_what_comes_of_something_is_not_known_with_its_beginning() -> None:
    later = {name: column for _, name, column in COLUMNS if TOLD_LATER.search(name)}
    at_once = {name for name, column in later.items() if column.known_from is None and not column.lag_days}
    assert at_once == TOLD_AT_ONCE


@pytest.mark.parametrize(("as_of", "latest"), [("2025-05-01", None), ("2025-05-02", "EMO")])
def test_a_plans_latest_category_is_known_when_the_plan_ends(as_of: str, latest: str | None) -> None:
    plan = """cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date | cppl_cp_plan_latest_category
    C1 | 2025-01-10 | 2025-05-02 | EMO"""
    (row,) = known("ssd_cp_plans", as_of, plan)
    assert row[3] == latest


def test_leave_to_remain_that_ends_next_year_is_kept_and_has_not_ended_yet() -> None:
    leave = """immi_person_id | immi_immigration_status_start_date | immi_immigration_status_end_date
    C1 | 2025-01-10 | 2026-07-09"""
    assert records(ssd_person=ONE_CHILD, ssd_immigration_status=leave).set_aside.is_empty()
    assert known("ssd_immigration_status", "2025-05-02", leave) == [("C1", date(2025, 1, 10), None)]


def test_a_term_that_ends_before_it_begins_is_set_aside() -> None:
    term = "scho_person_id | scho_period_start_date | scho_period_end_date\nC1 | 2025-03-31 | 2025-01-05"
    aside = records(ssd_person=ONE_CHILD, ext_school_attendance=term).set_aside
    assert aside.select("table", "kind").rows() == [("ext_school_attendance", "end_before_start")]


@pytest.mark.parametrize(
    ("as_of", "end", "why"),
    [("2025-05-01", None, None), ("2025-05-02", date(2025, 5, 2), "CREQB")],
)
def test_why_a_placement_ended_is_known_when_it_ended(as_of: str, end: date | None, why: str | None) -> None:
    columns = ("start_date", "end_date", "change_reason")
    header = " | ".join(f"clap_cla_placement_{column}" for column in columns)
    home = f"""{header} | clap_person_id
    2025-01-10 | 2025-05-02 | CREQB | C1"""
    assert known("ssd_cla_placement", as_of, home) == [(date(2025, 1, 10), end, why, "C1")]


def test_miles_that_nobody_could_measure_are_missing() -> None:
    homes = """clap_person_id | clap_cla_placement_start_date | clap_cla_placement_distance
    C1 | 2025-01-10 | 12.5
    C1 | 2025-02-10 | 999.9"""
    assert [row[2] for row in known("ssd_cla_placement", "2025-03-31", homes)] == [12.5, None]


def test_a_placement_and_its_episode_point_to_each_other_and_neither_is_lost() -> None:
    episode = IN_CARE.replace("clae_cla_id", "clae_cla_id | clae_cla_placement_id").replace("P1", "P1 | H1")
    home = """clap_cla_placement_id | clap_person_id | clap_cla_id | clap_cla_placement_start_date
    H1 | C1 | P1 | 2025-01-10"""
    found = records(ssd_person=ONE_CHILD, ssd_cla_episodes=episode, ssd_cla_placement=home)
    assert found.set_aside.is_empty()


def test_a_placement_of_an_unknown_period_keeps_its_row() -> None:
    home = "clap_person_id | clap_cla_id | clap_cla_placement_start_date\nC1 | P9 | 2025-01-10"
    found = known("ssd_cla_placement", "2025-03-31", home, ssd_cla_episodes=IN_CARE)
    assert found == [("C1", None, date(2025, 1, 10))]


def test_a_review_that_names_no_child_is_of_the_child_whose_care_it_was() -> None:
    reviews = """clar_cla_id | clar_cla_person_id | clar_cla_review_date
    P1 | | 2025-02-05
    P9 | | 2025-02-06"""
    found = known("ssd_cla_reviews", "2025-03-31", reviews, ssd_cla_episodes=IN_CARE)
    assert [row[1] for row in found] == ["C1", None]


@pytest.mark.parametrize(("as_of", "found"), [("2025-02-21", []), ("2025-02-22", [("C1", "YES", date(2025, 2, 22))])])
def test_nothing_of_a_care_leaver_is_known_before_the_latest_contact(
    as_of: str, found: list[tuple[object, ...]]
) -> None:
    leaver = """clea_person_id | clea_care_leaver_in_touch | clea_care_leaver_latest_contact
    C1 | in touch | 2025-02-22"""
    assert known("ssd_care_leavers", as_of, leaver) == found


def test_a_pathway_plan_reviewed_after_the_latest_contact_is_known_when_it_is_reviewed() -> None:
    leaver = """clea_person_id | clea_care_leaver_latest_contact | clea_pathway_plan_review_date
    C1 | 2025-02-22 | 2025-03-10"""
    assert known("ssd_care_leavers", "2025-03-09", leaver) == [("C1", date(2025, 2, 22), None)]


@pytest.mark.parametrize(("as_of", "n_known"), [("2025-01-09", 0), ("2025-01-10", 1)])
def test_what_a_child_had_before_care_is_known_when_they_come_into_care(as_of: str, n_known: int) -> None:
    before = "lapp_person_id | lapp_previous_permanence_option\nC1 | P2"
    assert len(known("ssd_cla_previous_permanence", as_of, before, ssd_cla_episodes=IN_CARE)) == n_known


def test_what_a_child_had_before_care_may_have_been_asked_when_they_last_came_back() -> None:
    before = "lapp_person_id | lapp_previous_permanence_option\nC1 | P2"
    twice = f"{IN_CARE}\nE2 | C1 | 2025-06-01 | P2"
    assert known("ssd_cla_previous_permanence", "2025-05-31", before, ssd_cla_episodes=twice) == []


def test_what_a_child_had_before_a_care_that_is_not_recorded_is_never_known() -> None:
    before = "lapp_person_id | lapp_previous_permanence_option\nC1 | P2"
    assert known("ssd_cla_previous_permanence", "2026-03-31", before) == []


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2024-05-31", []),
        ("2024-06-01", [("C1", date(2024, 6, 1), None, None)]),
        ("2025-02-01", [("C1", date(2024, 6, 1), date(2025, 2, 1), "Adoption")]),
    ],
)
def test_the_way_to_adoption_is_known_step_by_step(as_of: str, found: list[tuple[object, ...]]) -> None:
    way = """perm_person_id | perm_adm_decision_date | perm_permanence_order_date | perm_permanence_order_type
    C1 | 2024-06-01 | 2025-02-01 | Adoption"""
    assert known("ssd_permanence", as_of, way) == found


@pytest.mark.parametrize(("as_of", "n_known"), [("2025-02-28", 0), ("2025-03-01", 1)])
def test_a_conviction_is_known_a_year_after_its_offence(as_of: str, n_known: int) -> None:
    conviction = "clac_person_id | clac_cla_conviction_date\nC1 | 2024-03-01"
    assert len(known("ssd_cla_convictions", as_of, conviction)) == n_known


def test_a_health_check_that_is_planned_is_kept_and_not_known_yet() -> None:
    check = "clah_person_id | clah_health_check_date | clah_health_check_status\nC1 | 2026-05-01 | Planned"
    assert known("ssd_cla_health", "2026-03-31", check) == []
    assert records(ssd_person=ONE_CHILD, ssd_cla_health=check).set_aside.is_empty()


def test_how_a_service_ended_is_known_when_it_ended() -> None:
    service = """serv_person_id | serv_service_name | serv_start_date | serv_end_date | serv_end_reason
    C1 | Rapid Response | 2025-01-10 | 2025-03-01 | Completed as agreed"""
    before = known("ext_services", "2025-02-28", service)
    assert before == [("C1", "rapid response", date(2025, 1, 10), None, None)]


@pytest.mark.parametrize(("person", "family"), [("C1", ""), ("", "F7"), ("C1", "F7"), ("", "")])
def test_an_outcome_tool_is_used_with_a_child_or_a_family(person: str, family: str) -> None:
    used = f"""fama_person_id | fama_family_id | fama_assessment_date | fama_tool | fama_score | fama_direction
    {person} | {family} | 2025-01-10 | SDQ | 14 | lower is better"""
    found = known("ext_family_assessments", "2025-01-10", used)
    assert found == [(person or None, family or None, date(2025, 1, 10), "sdq", 14.0, "lower is better")]


def test_a_worker_or_team_that_is_in_no_table_is_kept() -> None:
    involved = """invo_person_id | invo_professional_id | invo_professional_team | invo_involvement_start_date
    C1 | W9 | Assessment East | 2025-01-10"""
    worker = "prof_professional_id\nW1"
    found = known("ssd_involvements", "2025-03-31", involved, ssd_professionals=worker)
    assert found == [("C1", "W9", "Assessment East", date(2025, 1, 10))]


def test_whether_a_review_was_quorate_is_a_yes_or_a_no() -> None:
    held = "cppr_person_id | cppr_cp_review_date | cppr_cp_review_quorate\nC1 | 2025-01-10 | Y\nC1 | 2025-02-10 | N"
    assert [row[2] for row in known("ssd_cp_reviews", "2025-03-31", held)] == [1, 0]


def test_the_population_is_of_no_person() -> None:
    drawn = "popu_date | popu_age | popu_children\n2025-03-31 | 4 | 120"
    assert known("ext_population", "2025-03-31", drawn) == [(date(2025, 3, 31), 4.0, 120.0)]
    assert not [name for name in columns_of(CONTRACTS["ext_population"]) if "person" in name]


def test_the_deprivation_of_a_postcode_is_of_no_person_and_known_as_extracted() -> None:
    drawn = "depr_postcode | depr_decile\nqe1 1aa | 1\nQE2 1AB | 10"
    assert known("ext_deprivation", "2025-03-31", drawn) == [("QE11AA", 1.0), ("QE21AB", 10.0)]
    assert CONTRACTS["ext_deprivation"].row_known_from is None
    assert not [name for name in columns_of(CONTRACTS["ext_deprivation"]) if "person" in name]


@pytest.mark.parametrize(
    ("row", "kept"),
    [("QE1 1AA | 0", ("QE11AA", None)), ("QE1 1AA | 11", ("QE11AA", None)), ("nowhere | 3", None), (" | 3", None)],
)
def test_a_tenth_is_from_one_to_ten_and_has_a_postcode(row: str, kept: tuple[str, float | None] | None) -> None:
    found = known("ext_deprivation", "2025-03-31", f"depr_postcode | depr_decile\n{row}")
    assert found == ([] if kept is None else [kept])


def test_a_postcode_has_one_tenth_however_it_is_written() -> None:
    drawn = "depr_postcode | depr_decile\nQE1 1AA | 4\nqe11aa | 9"
    assert known("ext_deprivation", "2025-03-31", drawn) == [("QE11AA", 4.0)]


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [
        ("ext_school_attendance", "scho_sessions_possible", "C1 | 2025-03-31 | 733"),
        ("ext_school_attendance", "scho_sessions_attended", "C1 | 2025-03-31 | 3000000000"),
        ("ext_school_attendance", "scho_suspensions", "C1 | 2025-03-31 | 1e12"),
        ("ext_family_assessments", "fama_score", "C1 | 2025-03-31 | 1e308"),
    ],
)
def test_a_number_that_nothing_can_be_is_no_number_and_adds_up_to_nothing(table: str, column: str, row: str) -> None:
    day = "scho_period_end_date" if table == "ext_school_attendance" else "fama_assessment_date"
    tool = " | fama_tool\n" if table == "ext_family_assessments" else "\n"
    drawn = f"{day[:4]}_person_id | {day} | {column}{tool}{row}" + (" | Goals" if "tool" in tool else "")
    assert records(ssd_person=ONE_CHILD, **{table: drawn}).tables[table][column].to_list() == [None]
