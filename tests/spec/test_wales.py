"""What the Welsh returns give in our own layout: referrals, plans, the register, coarse factors, episodes of care."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.care_episodes import READ
from features.sources.wales.layout import layout
from features.sources.wales.reading import CAN_HOLD, from_returns, recognise_return
from features.tables import CONTRACTS, columns_of
from features.tables.validate import examine
from features.vocabulary.codes import codelist
from tests.drawing import table

SUPPORT = """
    child_id | date_of_birth | referral_date | case_closed_date | plan_start_date | plan_end_date | register_start_date | register_end_date | register_category
    A        | 02/02/2015    | 01/05/2023    | 01/02/2024       | 10/06/2023      | 01/09/2023    | 01/09/2023          | 20/12/2023        | several
    A        | 02/02/2015    | 01/05/2023    | 01/02/2024       | 20/12/2023      | 01/02/2024    |                     |                   |
    A        | 02/02/2015    | 03/03/2024    |                  |                 |               |                     |                   |
    B        | 03/03/2010    | 01/05/2023    |                  | 02/06/2023      |               |                     |                   |
"""  # noqa: E501 - a row of the return is as long as it is
CARE = """
    child_id | date_of_birth | became_looked_after_date | episode_start_date | episode_start_reason | episode_end_date | legal_status | placement_type | unaccompanied_asylum_seeking
    C        | 02/02/2012    | 01/05/2023               | 01/05/2023         | S                    | 01/08/2023       | Section 76   | U6             | no
    C        | 02/02/2012    | 01/05/2023               | 01/08/2023         | L                    |                  | C2           | U6             | no
    D        | 03/03/2008    | 03/06/2019               | 01/02/2021         | P                    |                  | V2           | K2             | oes
"""  # noqa: E501 - as above


def drawn(**files: str) -> dict[str, pl.DataFrame]:
    return {f"{name}.csv": table(drawing) for name, drawing in files.items()}


def answered(**answers: str | None) -> dict[str, pl.DataFrame]:
    """A return of one child, with these answers beside an assessment."""
    one = table(SUPPORT).head(1).with_columns(assessment_start_date=pl.lit("02/05/2023"))
    return {"support.csv": one.with_columns(pl.lit(said, pl.String).alias(name) for name, said in answers.items())}


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[str | None, ...]]:
    return frame.select(columns).rows()


def factors(**answers: str | None) -> list[str]:
    return from_returns(answered(**answers)).tables["ssd_assessment_factors"]["cinf_assessment_factors_json"].to_list()


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["child_id", "referral_date", "plan_start_date"], "care_and_support"),
        (["child id", "episode start date", "legal status"], "looked_after"),
        (["child_id", "sex", "date_of_birth", "category_of_need"], None),
        (["child", "decom", "rne", "ls"], None),
        ([], None),
    ],
)
def test_a_return_is_told_by_its_headers(headers: list[str], kind: str | None) -> None:
    assert recognise_return(headers) == kind


def test_rows_with_the_same_referral_day_are_one_referral() -> None:
    referrals = from_returns(drawn(support=SUPPORT)).tables["ssd_cin_episodes"]
    assert rows(referrals, "cine_referral_id", "cine_referral_date", "cine_close_date") == [
        ("A-r1", "01/05/2023", "01/02/2024"),
        ("A-r2", "03/03/2024", None),
        ("B-r1", "01/05/2023", None),
    ]


def test_a_further_row_may_leave_empty_what_the_referral_told() -> None:
    support = (
        table(SUPPORT)
        .head(2)
        .with_columns(case_closed_date=pl.Series([None, "01/02/2024"]), referral_source=pl.Series(["2A", None]))
    )
    referrals = from_returns({"support.csv": support}).tables["ssd_cin_episodes"]
    assert rows(referrals, "cine_referral_source_code", "cine_close_date") == [("2A", "01/02/2024")]


def test_rows_that_tell_a_referral_differently_both_stay_to_be_told() -> None:
    support = table(SUPPORT).head(2).with_columns(referral_source=pl.Series(["2A", "6"]))
    referrals = from_returns({"support.csv": support}).tables["ssd_cin_episodes"]
    assert referrals["cine_referral_id"].to_list() == ["A-r1", "A-r1"]


def test_plans_and_times_on_the_register_name_their_referral() -> None:
    tables = from_returns(drawn(support=SUPPORT)).tables
    plans, register = tables["ssd_cin_plans"], tables["ssd_cp_plans"]
    assert rows(plans, "cinp_cin_plan_id", "cinp_referral_id") == [
        ("A-p1", "A-r1"),
        ("A-p2", "A-r1"),
        ("B-p1", "B-r1"),
    ]
    assert rows(register, "cppl_cp_plan_id", "cppl_referral_id", "cppl_cp_plan_initial_category") == [
        ("A-g1", "A-r1", "MUL")
    ]


def test_a_plan_without_a_referral_day_stands_alone() -> None:
    support = table(SUPPORT).tail(1).with_columns(referral_date=pl.lit(None, pl.String))
    tables = from_returns({"support.csv": support}).tables
    assert tables["ssd_cin_episodes"].is_empty()
    assert tables["ssd_cin_plans"]["cinp_referral_id"].to_list() == [None]


def test_a_referral_whose_day_is_missing_keeps_its_row() -> None:
    support = table(SUPPORT).tail(1).with_columns(referral_date=pl.lit(None, pl.String), referral_source=pl.lit("2A"))
    referrals = from_returns({"support.csv": support}).tables["ssd_cin_episodes"]
    assert rows(referrals, "cine_referral_id", "cine_referral_source_code") == [("B-r1", "2A")]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("parental_mental_ill_health", "4B"),
        ("domestic_abuse", "3B"),
        ("parental_alcohol_misuse", "1B"),
        ("parental_drug_misuse", "2B"),
        ("parental_learning_disability", "5B"),
        ("parental_physical_ill_health", "6B"),
        ("child_mental_health_problem", "4A"),
    ],
)
@pytest.mark.parametrize("yes", ["yes", "Y", "1", "oes"])
def test_an_item_that_means_the_same_is_a_factor(asked: str, code: str, yes: str) -> None:
    assert factors(**{asked: yes}) == [f'["{code}"]']


@pytest.mark.parametrize("asked", ["parental_substance_or_alcohol_misuse", "child_substance_misuse"])
def test_a_yes_that_may_be_either_of_two_factors_is_counted_and_not_read(asked: str) -> None:
    raw = from_returns(answered(**{asked: "yes"}))
    assert raw.tables["ssd_assessment_factors"].is_empty()
    assert f"{asked}: 1 rows say yes, which may be either of two factors; it is not read" in raw.told


def test_all_answers_no_is_a_list_of_none_and_no_answer_is_no_list() -> None:
    assert factors(domestic_abuse="no", parental_drug_misuse="nac oes") == ["[]"]
    assert factors(domestic_abuse=None) == []


def test_an_answer_that_is_neither_yes_nor_no_is_counted() -> None:
    told = from_returns(answered(domestic_abuse="perhaps")).told
    assert told == ("1 answers about difficulties are neither yes nor no and count for nothing",)


def test_the_coarse_items_point_to_codes_of_the_english_list() -> None:
    asked = [one for one in layout()["care_and_support"] if one.table == "ssd_assessment_factors"]
    assert {code for one in asked for code in one.values.values()} <= set(codelist("assessment_factor"))


@pytest.mark.parametrize("kind", ["care_and_support", "looked_after"])
def test_every_column_of_the_layout_goes_to_one_that_is_read(kind: str) -> None:
    goes_to = {(one.table, one.ssd_column) for one in layout()[kind] if one.table}
    assert {table for table, _ in goes_to} <= CAN_HOLD
    assert {(table, name) for table, name in goes_to if name not in columns_of(CONTRACTS[table])} == set()
    assert {name for table, name in goes_to if table == "ssd_cla_episodes"} <= set(READ)


def test_disabilities_stand_with_semicolons_between_and_a_bare_yes_has_no_kind() -> None:
    support = table(SUPPORT).with_columns(disability=pl.Series(["MOB;LD", "MOB; LD", "no", "yes"]))
    told = from_returns({"support.csv": support}).tables["ssd_disability"]
    assert rows(told, "disa_person_id", "disa_disability_code") == [
        ("A", "MOB"),
        ("A", "LD"),
        ("A", "NONE"),
        ("B", None),
    ]


@pytest.mark.parametrize(("said", "code"), [("na", "NONE"), ("Nac oes", "NONE"), ("0", "NONE"), ("oes", None)])
def test_a_disability_answered_in_welsh_is_read(said: str, code: str | None) -> None:
    support = table(SUPPORT).tail(1).with_columns(disability=pl.lit(said))
    told = from_returns({"support.csv": support}).tables["ssd_disability"]
    assert told["disa_disability_code"].to_list() == [code]


def test_a_child_in_both_returns_is_one_person_and_two_births_are_counted() -> None:
    care = CARE.replace("C        | 02/02/2012", "A        | 02/02/2016")
    raw = from_returns(drawn(support=SUPPORT, care=care))
    assert rows(raw.tables["ssd_person"], "pers_person_id", "pers_dob") == [
        ("A", "02/02/2015"),
        ("B", "03/03/2010"),
        ("D", "03/03/2008"),
    ]
    assert "fewer than 5 children have more than one day of birth; the first that is written is kept" in raw.told


def test_episodes_of_care_become_periods_homes_and_legal_statuses() -> None:
    tables = from_returns(drawn(care=CARE)).tables
    care, homes, statuses = (tables[f"ssd_{name}"] for name in ("cla_episodes", "cla_placement", "legal_status"))
    assert rows(care, "clae_cla_id", "clae_entered_care_date") == [
        ("C-p1", "01/05/2023"),
        ("C-p1", "01/05/2023"),
        ("D-p1", "03/06/2019"),
    ]
    assert rows(homes, "clap_cla_placement_id", "clap_cla_placement_type") == [("C-h1", "U6"), ("D-h1", "K2")]
    assert statuses["lega_legal_status"].to_list() == ["V2", "C2", "V2"]


@pytest.mark.parametrize("yes", ["oes", "Ie", "1", "true", "Y"])
def test_an_unaccompanied_childs_status_begins_with_care(yes: str) -> None:
    care = CARE.replace("| oes", f"| {yes}")
    alone = from_returns(drawn(care=care)).tables["ssd_immigration_status"]
    assert rows(alone, "immi_person_id", "immi_immigration_status_start_date") == [("D", "03/06/2019")]


def test_a_return_that_is_not_there_leaves_its_tables_out() -> None:
    assert "ssd_cin_episodes" not in from_returns(drawn(care=CARE)).tables
    assert "ssd_cla_episodes" not in from_returns(drawn(support=SUPPORT)).tables


def test_a_return_without_a_needed_column_is_a_problem() -> None:
    raw = from_returns({"care.csv": table(CARE).drop("episode_end_date")})
    assert raw.problems == ("care.csv: the column episode_end_date is missing; `looked_after` always needs it",)


def test_two_files_of_one_return_are_a_problem() -> None:
    raw = from_returns(drawn(first=CARE, second=CARE))
    assert raw.problems == ("second.csv: holds `looked_after`, which another file holds too",)


def test_two_headers_that_differ_in_blanks_alone_are_a_problem() -> None:
    doubled = table(CARE).with_columns(pl.col("child_id").alias("child id"))
    assert from_returns({"care.csv": doubled}).problems == (
        "care.csv: two columns have the same name but for blanks and underscores",
    )


def test_no_return_at_all_is_a_problem() -> None:
    raw = from_returns(drawn(notes="text\nwhatever"))
    assert (raw.unread, len(raw.problems)) == (("notes.csv",), 1)


CELLS = st.sampled_from(
    [None, "", " ", "A", "S", "L", "yes", "no", "MUL", ";", "31/03/2024", "2024-02-30", "99999", "é"]
)


@st.composite
def returns(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    files = {}
    for number in range(draw(st.integers(0, 3))):
        asked = layout()[draw(st.sampled_from(["care_and_support", "looked_after"]))]
        needed = [one.name for one in asked if one.is_needed]
        more = draw(st.lists(st.sampled_from([*(one.name for one in asked), "child id", "x"]), unique=True))
        headers = list(dict.fromkeys([*needed[: draw(st.integers(0, len(needed)))], *more]))
        cells = [[draw(CELLS | st.text(max_size=6)) for _ in headers] for _ in range(draw(st.integers(0, 4)))]
        files[f"{number}.csv"] = pl.DataFrame(cells, schema=dict.fromkeys(headers, pl.String), orient="row")
    return files


@settings(max_examples=60, deadline=None)
@given(returns())
def test_whatever_the_returns_hold_tables_of_text_come_back(files: dict[str, pl.DataFrame]) -> None:
    raw = from_returns(files)
    assert set(raw.tables) <= CAN_HOLD
    assert all(dtype == pl.String for frame in raw.tables.values() for dtype in frame.dtypes)
    found = examine(raw.tables, extract_day=date(2024, 3, 31), can_hold=raw.can_hold | {"ssd_cin_episodes"})
    assert [said for said in found.problems if "column is missing" in said] == []
