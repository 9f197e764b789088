"""What an SSDA903 set gives: files told by their headers, rows of the standard's tables, and what cannot be told."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.ssda903.files import CAN_HOLD, FILES
from features.sources.ssda903.reading import from_903, recognise_903
from features.tables.validate import examine
from tests.drawing import table

EPISODES = """
    child | decom      | rne | ls | cin | place | place_provider | dec        | rec | reason_place_change
    A     | 01/05/2023 | S   | V2 | N1  | U6    | PR1            | 01/08/2023 | X1  |
    A     | 01/08/2023 | L   | C1 | N1  | U6    | PR1            | 10/01/2024 | X1  | CREQB
    A     | 10/01/2024 | P   | C1 | N1  | K2    | PR4            | 20/03/2024 | E4A |
    B     | 03/06/2019 | P   | C2 | N1  | U4    | PR1            |            |     |
"""
HEADERS = {
    "header of 2019": ("header", "child sex dob ethnic upn mother mc_dob"),
    "header with gender": ("header", "child gender dob ethnic"),
    "header of 2026": ("header", "child sex dob ethnic upn"),
    "episodes of 2019": (
        "episodes",
        "child decom rne ls cin place place_provider dec rec reason_place_change home_post pl_post urn",
    ),
    "episodes with distances": (
        "episodes",
        "child decom rne ls cin place pl_location pl_distance dec rec urn la year",
    ),
    "reviews": ("reviews", "child dob review review_code"),
    "uasc": ("uasc", "child sex dob duc"),
    "oc2": ("oc2", "child dob sdq_score sdq_reason convicted health_check immunisations teeth_check"),
    "oc3": ("oc3", "child dob in_touch activ accom"),
    "ad1": ("ad1", "child dob date_int date_match foster_care nb_adoptr sex_adoptr ls_adoptr"),
    "placed for adoption": ("placed_adoption", "child dob date_placed date_placed_ceased reason_placed_ceased"),
    "previous permanence": ("prev_perm", "child dob prev_perm la_perm date_perm"),
    "missing": ("missing", "child dob missing mis_start mis_end"),
    "workers, from 2024": ("social_worker", "child dob sw_id sw_decom sw_dec sw_reason"),
    "deprivation of liberty": ("dolo", "child dob dolo_start dolo_end"),
    "a table of the standard": (None, "clae_person_id clae_cla_episode_start_date"),
    "a stranger": (None, "id name review stars"),
    "nothing": (None, ""),
}


def drawn(**files: str) -> dict[str, pl.DataFrame]:
    return {f"{name}.csv": table(drawing) for name, drawing in files.items()}


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[str | None, ...]]:
    return frame.select(columns).rows()


@pytest.mark.parametrize("which", HEADERS)
def test_a_file_is_told_by_its_headers(which: str) -> None:
    kind, headers = HEADERS[which]
    assert recognise_903(headers.split()) == kind


def test_a_period_goes_on_where_one_episode_ends_and_the_next_begins() -> None:
    care = from_903(drawn(episodes=EPISODES)).tables["ssd_cla_episodes"]
    assert rows(care, "clae_cla_episode_id", "clae_cla_id", "clae_entered_care_date") == [
        ("A-e1", "A-p1", "01/05/2023"),
        ("A-e2", "A-p1", "01/05/2023"),
        ("A-e3", "A-p1", "01/05/2023"),
        ("B-e1", "B-p1", None),
    ]


def test_a_child_who_comes_back_begins_a_new_period() -> None:
    care = from_903(
        drawn(
            episodes="""
            child | decom      | rne | ls | place | dec
            A     | 01/05/2023 | S   | V2 | U6    | 01/08/2023
            A     | 05/08/2023 | P   | V2 | U6    | 10/09/2023
            A     | 10/09/2023 | S   | V2 | U6    |
            """
        )
    ).tables["ssd_cla_episodes"]
    assert rows(care, "clae_cla_id", "clae_entered_care_date") == [
        ("A-p1", "01/05/2023"),
        ("A-p2", None),
        ("A-p3", "10/09/2023"),
    ]


def test_a_placement_lasts_while_the_legal_status_alone_changes() -> None:
    homes = from_903(drawn(episodes=EPISODES)).tables["ssd_cla_placement"]
    name = "clap_cla_placement"
    columns = ("id", "type", "start_date", "end_date", "change_reason")
    assert rows(homes, *(f"{name}_{column}" for column in columns)) == [
        ("A-h1", "U6", "01/05/2023", "10/01/2024", "CREQB"),
        ("A-h2", "K2", "10/01/2024", "20/03/2024", None),
        ("B-h1", "U4", "03/06/2019", None, None),
    ]


def test_a_home_of_another_type_is_another_placement_whatever_the_reason() -> None:
    files = drawn(
        episodes="""
        child | decom      | rne | ls | place | dec
        A     | 01/05/2023 | S   | V2 | U6    | 01/08/2023
        A     | 01/08/2023 | L   | C1 | K2    |
        """
    )
    assert from_903(files).tables["ssd_cla_placement"]["clap_cla_placement_type"].to_list() == ["U6", "K2"]


def test_a_legal_status_lasts_until_another_begins() -> None:
    statuses = from_903(drawn(episodes=EPISODES)).tables["ssd_legal_status"]
    span = ("lega_legal_status", "lega_legal_status_start_date", "lega_legal_status_end_date")
    assert rows(statuses, *span) == [
        ("V2", "01/05/2023", "01/08/2023"),
        ("C1", "01/08/2023", "20/03/2024"),
        ("C2", "03/06/2019", None),
    ]


def test_episodes_may_stand_in_any_order() -> None:
    files = drawn(episodes=EPISODES)
    turned = {name: frame.reverse() for name, frame in files.items()}
    there, back = (from_903(each).tables["ssd_cla_placement"] for each in (files, turned))
    assert there.equals(back)


def test_a_review_stands_in_the_period_in_which_it_was_held() -> None:
    reviews = """
        child | dob        | review     | review_code
        A     | 02/02/2012 | 20/05/2023 | PN1
        A     | 02/02/2012 | 30/03/2024 | PN7
        B     | 03/03/2010 | 2023-11-01 | PN2
    """
    told = from_903(drawn(episodes=EPISODES, reviews=reviews)).tables["ssd_cla_reviews"]
    assert rows(told, "clar_cla_review_id", "clar_cla_id", "clar_cla_review_participation") == [
        ("A-r1", "A-p1", "PN1"),
        ("A-r2", None, "PN7"),
        ("B-r1", "B-p1", "PN2"),
    ]


@pytest.mark.parametrize("sex", ["sex", "gender"])
def test_children_come_from_the_header_and_where_it_lacks_one_from_other_files(sex: str) -> None:
    header = f"""
        child | {sex} | dob        | ethnic | upn           | mother
        A     | 1     | 02/02/2012 | WBRI   | UN4           | 0
        B     | F     | 03/03/2010 | BAFR   | A123456789012 | 1
    """
    reviews = "child | dob | review | review_code\n C | 04/04/2011 | 01/02/2024 | PN1"
    people = from_903(drawn(header=header, episodes=EPISODES, reviews=reviews))
    columns = ("pers_person_id", "pers_sex", "pers_dob", "pers_upn_unknown", "pers_is_mother")
    assert rows(people.tables["ssd_person"], *columns) == [
        ("A", "1", "02/02/2012", "UN4", "0"),
        ("B", "F", "03/03/2010", None, "1"),
        ("C", None, "04/04/2011", None, None),
    ]
    assert any("fewer than 5 children are not in `header`" in said for said in people.told)


def test_two_days_of_birth_of_one_child_are_counted() -> None:
    header = "child | sex | dob | ethnic\n A | F | 02/02/2012 | WBRI\n B | F | 2010-03-03 | WBRI"
    reviews = (
        "child | dob | review | review_code\n A | 02/03/2012 | 01/02/2024 | PN1\n B | 03/03/2010 | 01/02/2024 | PN1"
    )
    told = from_903(drawn(header=header, reviews=reviews)).told
    assert next(said for said in told if "different days of birth" in said).startswith("fewer than 5 children")


YEARLY = """
    child | dob        | sdq_score | sdq_reason | convicted | health_check | immunisations | teeth_check | health_assessment | substance_misuse | intervention_received
    A     | 02/02/2012 | 17        |            | 0         |              | 1             | 1           | 1                 | 1                | 1
    B     | 03/03/2010 |           | SDQ2       | 1         |              | 0             | 0           | 0                 | 0                |
    C     | 04/04/2021 |           |            |           | 1            |               |             | maybe             |                  |
"""  # noqa: E501 - a row of the file is as long as it is


def test_yearly_answers_count_from_the_years_last_day() -> None:
    raw = from_903(drawn(episodes=EPISODES, oc2=YEARLY))
    score = ("csdq_person_id", "csdq_sdq_completed_date", "csdq_sdq_score", "csdq_sdq_reason")
    assert rows(raw.tables["ssd_sdq_scores"], *score) == [
        ("A", "2024-03-31", "17", None),
        ("B", "2024-03-31", None, "SDQ2"),
    ]
    assert raw.extract_day == date(2024, 3, 31)
    assert any("have no day" in said and "31 March 2024" in said for said in raw.told)


def test_a_yes_alone_gives_a_row_of_health_substances_and_convictions() -> None:
    tables = from_903(drawn(episodes=EPISODES, oc2=YEARLY)).tables
    assert rows(tables["ssd_cla_health"], "clah_person_id", "clah_health_check_type") == [
        ("A", "Health Assessment"),
        ("A", "Dental Check"),
        ("C", "Health Surveillance Check"),
    ]
    assert tables["ssd_cla_substance_misuse"]["clas_person_id"].to_list() == ["A"]
    assert tables["ssd_cla_convictions"]["clac_person_id"].to_list() == ["B"]


def test_immunisations_say_no_as_well() -> None:
    immunised = from_903(drawn(episodes=EPISODES, oc2=YEARLY)).tables["ssd_cla_immunisations"]
    assert rows(immunised, "clai_person_id", "clai_immunisations_status") == [("A", "1"), ("B", "0")]


def test_an_answer_that_is_neither_yes_nor_no_is_counted() -> None:
    told = from_903(drawn(episodes=EPISODES, oc2=YEARLY)).told
    assert any(said.startswith("1 answers in `oc2` say neither") for said in told)


def test_a_set_that_stops_within_the_year_does_not_say_its_last_day() -> None:
    files = drawn(episodes="child | decom | rne | ls | place | dec\n A | 01/05/2023 | S | V2 | U6 | 01/08/2023")
    raw = from_903(files)
    assert raw.extract_day is None
    assert any("within the year to 31 March 2024" in said for said in raw.told)


@pytest.mark.parametrize(("day", "year"), [("31/03/2024", 2024), ("01/04/2024", 2025)])
def test_a_year_begins_on_the_first_of_april(day: str, year: int) -> None:
    oc2 = "child | dob | sdq_score\n A | 02/02/2012 | 17"
    files = drawn(episodes=f"child | decom | rne | ls | place | dec\n A | {day} | S | V2 | U6 | ", oc2=oc2)
    assert from_903(files).extract_day == date(year, 3, 31)


def test_one_day_typed_years_ahead_does_not_move_the_year() -> None:
    many = "\n".join(f"A | {1 + n % 28:02}/0{1 + n % 3}/2024 | S | V2 | U6 | " for n in range(80))
    files = drawn(episodes=f"child | decom | rne | ls | place | dec\n{many}\n B | 01/05/2032 | S | V2 | U6 | ")
    assert from_903(files).extract_day == date(2024, 3, 31)


def test_a_leavers_home_is_told_from_whether_it_is_suitable() -> None:
    oc3 = """
        child | dob        | in_touch | activ | accom
        A     | 02/02/2005 | YES      | F2    | B1
        B     | 03/03/2004 | YES      | G5    | X2
        C     | 04/04/2004 | NO       | 0     | 0
    """
    leavers = from_903(drawn(episodes=EPISODES, oc3=oc3)).tables["ssd_care_leavers"]
    columns = ("accommodation", "accom_suitable", "activity", "latest_contact")
    assert rows(leavers, *(f"clea_care_leaver_{column}" for column in columns)) == [
        ("B", "1", "F2", "2024-03-31"),
        ("X", "2", "G5", "2024-03-31"),
        (None, None, None, None),
    ]


def test_an_unaccompanied_childs_status_begins_with_care() -> None:
    uasc = "child | sex | dob | duc\n A | M | 02/02/2007 | 01/02/2024\n Z | M | 03/03/2007 | "
    raw = from_903(drawn(episodes=EPISODES, uasc=uasc))
    span = ("immi_person_id", "immi_immigration_status_start_date", "immi_immigration_status_end_date")
    assert rows(raw.tables["ssd_immigration_status"], *span) == [("A", "01/05/2023", "01/02/2024"), ("Z", None, None)]
    assert any(said.startswith("1 of them have no episode") for said in raw.told)


def test_the_files_on_adoption_are_joined_at_the_last_placement() -> None:
    placed = """
        child | dob        | date_placed | date_placed_ceased | reason_placed_ceased
        A     | 02/02/2020 | 01/06/2023  | 01/07/2023         | RD4
        A     | 02/02/2020 | 01/10/2023  |                    |
    """
    ad1 = "child | dob | date_int | date_match | foster_care\n A | 02/02/2020 | 01/05/2023 | 01/09/2023 | 0"
    ways = from_903(drawn(placed_adoption=placed, ad1=ad1)).tables["ssd_permanence"]
    columns = ("perm_placed_for_adoption_date", "perm_decision_reversed_reason", "perm_matched_date")
    assert sorted(rows(ways, *columns)) == [("01/06/2023", "RD4", None), ("01/10/2023", None, "01/09/2023")]


def test_missing_times_workers_and_earlier_permanence_keep_their_cells() -> None:
    files = drawn(
        missing="child | dob | missing | mis_start | mis_end\n A | 02/02/2010 | M | 01/02/2024 | 03/02/2024",
        prev_perm="child | dob | prev_perm | la_perm | date_perm\n A | 02/02/2010 | P2 | 301 | zz/05/2020",
        social_worker="child | dob | sw_id | sw_decom | sw_reason\n A | 02/02/2010 | W1 | 01/02/2024 | MANAGE",
    )
    tables = from_903(files).tables
    assert rows(tables["ssd_missing"], "miss_table_id", "miss_missing_episode_end_date") == [("A-m1", "03/02/2024")]
    assert tables["ssd_cla_previous_permanence"]["lapp_previous_permanence_option"].to_list() == ["P2"]
    assert rows(tables["ssd_involvements"], "invo_professional_id", "invo_involvement_end_date") == [("W1", None)]


def test_deprivation_of_liberty_is_counted_and_not_read() -> None:
    raw = from_903(
        drawn(episodes=EPISODES, dolo="child | dob | dolo_start | dolo_end\n A | 02/02/2010 | 01/02/2024 | ")
    )
    assert any(said.startswith("1 rows of `dolo`") for said in raw.told)


def test_a_file_without_a_needed_column_is_a_problem() -> None:
    raw = from_903(drawn(episodes="child | decom | rne | ls | place\n A | 01/05/2023 | S | V2 | U6"))
    assert raw.problems == ("episodes.csv: the column DEC is missing; `episodes` always needs it",)
    assert "ssd_cla_episodes" not in raw.tables


def test_a_move_to_a_home_of_the_same_type_is_a_move() -> None:
    moved = EPISODES.replace("A     | 01/08/2023 | L", "A     | 01/08/2023 | P")
    homes = from_903(drawn(episodes=moved)).tables["ssd_cla_placement"].filter(pl.col("clap_person_id") == "A")
    assert homes["clap_cla_placement_start_date"].to_list() == ["01/05/2023", "01/08/2023", "10/01/2024"]


def test_two_files_of_one_kind_are_a_problem() -> None:
    one, other = drawn(first=EPISODES, second=EPISODES).items()
    raw = from_903(dict([one, other]))
    assert raw.problems == ("second.csv: holds `episodes`, which another file of the set holds too",)


def test_no_file_of_a_set_is_a_problem_and_strangers_are_named() -> None:
    raw = from_903(drawn(notes="text\nwhatever"))
    assert raw.unread == ("notes.csv",)
    assert raw.problems == ("no file of an SSDA903 set was recognised among these files by its headers",)


CELLS = st.sampled_from(
    [None, "", " ", "A", "S", "L", "1", "0", "B1", "31/03/2024", "2024-02-30", "99999", "é", '"', "-1"]
)


@st.composite
def sets(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    files = {}
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(sorted(FILES)))
        known = sorted(FILES[kind].columns)
        more = draw(st.lists(st.sampled_from([*known, "la", "x y"]), unique=True))
        needed = draw(st.sampled_from([(), ("child", *FILES[kind].needed)]))
        headers = list(dict.fromkeys([*needed, *more]))
        cells = [[draw(CELLS | st.text(max_size=6)) for _ in headers] for _ in range(draw(st.integers(0, 4)))]
        files[f"{number}.csv"] = pl.DataFrame(cells, schema=dict.fromkeys(headers, pl.String), orient="row")
    return files


@settings(max_examples=60, deadline=None)
@given(sets())
def test_whatever_the_files_hold_tables_of_text_come_back(files: dict[str, pl.DataFrame]) -> None:
    raw = from_903(files)
    assert set(raw.tables) <= CAN_HOLD
    assert all(dtype == pl.String for frame in raw.tables.values() for dtype in frame.dtypes)
    found = examine(raw.tables, extract_day=date(2024, 3, 31), can_hold=raw.can_hold)
    assert [said for said in found.problems if "column is missing" in said] == []
