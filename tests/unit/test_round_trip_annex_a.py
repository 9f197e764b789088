"""An invented authority, written as an Annex A workbook and read back: equal wherever the lists have a place."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.sources.annex_a.lists import LISTS
from features.sources.annex_a.reading import read_annex_a
from features.sources.raw import RawTables
from features.synthetic.formats import annex_a as writing
from features.synthetic.formats.annex_a import NAME, write_annex_a
from features.synthetic.simulate import simulate
from features.tables.validate import Examination, examine
from features.vocabulary.errors import WrongUsageError
from tests.drawing import table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SINCE, UNTIL = date(2024, 9, 30), date(2025, 3, 31)

CARRIED: dict[str, tuple[str, ...]] = {
    "contacts": ("cont_person_id", "cont_contact_date", "cont_contact_source_code"),
    "early help": (
        "earl_person_id",
        "earl_episode_start_date",
        "earl_episode_end_date",
        "earl_episode_organisation",
    ),
    "referrals": (
        "cine_person_id",
        "cine_referral_date",
        "cine_referral_source_code",
        "cine_referral_nfa",
        "cine_referral_team",
        "cine_referral_worker_id",
    ),
    "cases": (
        "cine_person_id",
        "cine_referral_date",
        "cine_cin_primary_need_code",
        "cine_close_date",
        "cine_close_reason",
    ),
    "assessments": (
        "cina_person_id",
        "cina_assessment_start_date",
        "cina_assessment_child_seen",
        "cina_assessment_auth_date",
        "cina_assessment_outcome_nfa",
        "cina_assessment_team",
        "cina_assessment_worker_id",
    ),
    "enquiries": ("s47e_person_id", "s47e_s47_start_date", "s47e_s47_nfa"),
    "conferences": (
        "icpc_person_id",
        "icpc_icpc_date",
        "icpc_icpc_outcome_cp_flag",
        "icpc_icpc_team",
        "icpc_icpc_worker_id",
    ),
    "protection plans": (
        "cppl_person_id",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date",
        "cppl_cp_plan_initial_category",
        "cppl_cp_plan_latest_category",
    ),
    "protection reviews": ("cppr_person_id", "cppr_cp_review_date"),
    "protection visits": ("cppv_person_id", "cppv_cp_visit_date", "cppv_cp_visit_seen_alone"),
    "care": (
        "clae_person_id",
        "clae_entered_care_date",
        "clae_cla_primary_need_code",
        "clae_cla_episode_ceased_date",
        "clae_cla_episode_ceased_reason",
        "clae_cla_last_iro_contact_date",
    ),
    "placements": (
        "clap_person_id",
        "clap_cla_placement_start_date",
        "clap_cla_placement_type",
        "clap_cla_placement_provider",
    ),
    "legal statuses": ("lega_person_id", "lega_legal_status", "lega_legal_status_start_date"),
    "care reviews": ("clar_cla_person_id", "clar_cla_review_date"),
    "care leavers": (
        "clea_person_id",
        "clea_care_leaver_eligibility",
        "clea_care_leaver_in_touch",
        "clea_care_leaver_latest_contact",
        "clea_care_leaver_accommodation",
        "clea_care_leaver_accom_suitable",
        "clea_care_leaver_activity",
        "clea_pathway_plan_review_date",
        "clea_care_leaver_allocated_team",
        "clea_care_leaver_worker_id",
    ),
    "asylum": ("immi_person_id", "immi_immigration_status", "immi_immigration_status_start_date"),
}
"""Every column that the lists carry, and must give back as it was."""


def in_window(event: str) -> pl.Expr:
    return pl.col(event).is_between(SINCE, UNTIL)


def open_in_window(start: str, end: str) -> pl.Expr:
    return (pl.col(start) <= UNTIL) & (pl.col(end).is_null() | (pl.col(end) >= SINCE))


def last(rows: pl.DataFrame, of: str, event: str) -> pl.DataFrame:
    return rows.filter(pl.col(event) <= UNTIL).sort(event, maintain_order=True).unique(of, keep="last")


def led_on() -> pl.Expr:
    return pl.col("cine_referral_nfa") == 0


def enquiries_listed(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give enquiries of the window with their conference, and those whose conference fell in it."""
    both = tables["ssd_s47_enquiry"].join(
        tables["ssd_initial_cp_conference"], left_on="s47e_s47_enquiry_id", right_on="icpc_s47_enquiry_id", how="left"
    )
    is_listed = in_window("s47e_s47_start_date") | in_window("icpc_icpc_date").fill_null(False)
    return both.filter(is_listed).with_columns(icpc_person_id="s47e_person_id")


def periods(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give periods of care as their last episode tells them; X1 says that the period goes on."""
    ended = last(tables["ssd_cla_episodes"], "clae_cla_id", "clae_cla_episode_start_date")
    goes_on = (pl.col("clae_cla_episode_ceased_reason") == "X1").fill_null(False)
    ceased = ("clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason")
    ended = ended.with_columns(pl.when(~goes_on).then(name).alias(name) for name in ceased)
    return ended.filter(open_in_window("clae_entered_care_date", "clae_cla_episode_ceased_date"))


def statuses(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    both = periods(tables).join(tables["ssd_legal_status"], left_on="clae_person_id", right_on="lega_person_id")
    day, ceased = pl.col("lega_legal_status_start_date"), pl.col("clae_cla_episode_ceased_date")
    during = (day >= pl.col("clae_entered_care_date")) & (ceased.is_null() | (day <= ceased))
    both = both.filter(during).with_columns(lega_person_id="clae_person_id")
    return last(both, "clae_cla_id", "lega_legal_status_start_date")


def of_plans(tables: Mapping[str, pl.DataFrame], name: str, plan: str, event: str) -> pl.DataFrame:
    listed = tables["ssd_cp_plans"].filter(open_in_window("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"))
    return last(tables[name].join(listed, left_on=plan, right_on="cppl_cp_plan_id", how="semi"), plan, event)


def of_care(tables: Mapping[str, pl.DataFrame], name: str, care: str, event: str) -> pl.DataFrame:
    return last(tables[name].join(periods(tables), left_on=care, right_on="clae_cla_id", how="semi"), care, event)


def listed(tables: Mapping[str, pl.DataFrame], what: str) -> pl.DataFrame:
    """Give the rows of the original records that the lists have a place for."""
    cases = tables["ssd_cin_episodes"]
    asylum = tables["ssd_immigration_status"]
    rows = {
        "contacts": lambda: tables["ssd_contacts"].filter(in_window("cont_contact_date")),
        "early help": lambda: tables["ssd_early_help_episodes"].filter(
            open_in_window("earl_episode_start_date", "earl_episode_end_date")
        ),
        "referrals": lambda: cases.filter(in_window("cine_referral_date")),
        "cases": lambda: cases.filter(led_on() & open_in_window("cine_referral_date", "cine_close_date")),
        "assessments": lambda: tables["ssd_cin_assessments"].filter(
            open_in_window("cina_assessment_start_date", "cina_assessment_auth_date")
        ),
        "enquiries": lambda: enquiries_listed(tables),
        "conferences": lambda: enquiries_listed(tables).filter(pl.col("icpc_icpc_date").is_not_null()),
        "protection plans": lambda: tables["ssd_cp_plans"].filter(
            open_in_window("cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
        ),
        "protection reviews": lambda: of_plans(tables, "ssd_cp_reviews", "cppr_cp_plan_id", "cppr_cp_review_date"),
        "protection visits": lambda: of_plans(tables, "ssd_cp_visits", "cppv_cp_plan_id", "cppv_cp_visit_date"),
        "care": lambda: periods(tables),
        "placements": lambda: of_care(tables, "ssd_cla_placement", "clap_cla_id", "clap_cla_placement_start_date"),
        "legal statuses": lambda: statuses(tables),
        "care reviews": lambda: of_care(tables, "ssd_cla_reviews", "clar_cla_id", "clar_cla_review_date"),
        "care leavers": lambda: tables["ssd_care_leavers"],
        "asylum": lambda: asylum.join(periods(tables), left_on="immi_person_id", right_on="clae_person_id", how="semi"),
    }
    return rows[what]()


def given_back(tables: Mapping[str, pl.DataFrame], what: str) -> pl.DataFrame:
    """Give the table that was read; of episodes, those that list 3, or those that list 6, told of."""
    prefix = CARRIED[what][0].split("_", 1)[0]
    rows = next(frame for frame in tables.values() if any(c.startswith(f"{prefix}_") for c in frame.columns))
    if what == "referrals":
        return rows.filter(pl.col("cine_referral_id").str.contains("-referral"))
    return rows.filter(led_on().fill_null(True)) if what == "cases" else rows


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    out = tmp_path_factory.mktemp("simulated") / "authority"
    simulate(children=3_000, seed=11, profile="england", out=out, until=UNTIL, processes=1)
    return {f.stem: pl.read_csv(f, infer_schema=False) for f in sorted((out / "records").glob("ssd_*.csv"))}


@pytest.fixture(scope="module")
def workbook(simulated: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_annex_a(simulated, folder, until=UNTIL)
    return folder / NAME


@pytest.fixture(scope="module")
def read(workbook: Path) -> RawTables:
    return read_annex_a(workbook)


@pytest.fixture(scope="module")
def before(simulated: dict[str, pl.DataFrame]) -> Examination:
    return examine(simulated, extract_day=UNTIL)


@pytest.fixture(scope="module")
def after(read: RawTables) -> Examination:
    return examine(read.tables, extract_day=UNTIL)


def test_the_workbook_of_clean_records_is_read_without_a_problem(read: RawTables, after: Examination) -> None:
    assert (read.problems, after.problems) == ((), ())
    assert after.records.set_aside.filter(pl.col("severity") == "sets_aside").height == 0
    assert [told for told in read.told if "no column" in told or "more than one" in told] == []


@pytest.mark.parametrize("what", CARRIED)
def test_what_the_lists_carry_comes_back_as_it_was(what: str, before: Examination, after: Examination) -> None:
    columns = list(CARRIED[what])
    original = listed(before.records.tables, what).select(columns)
    returned = given_back(after.records.tables, what).select(columns)
    assert original.height > 0
    assert returned.sort(columns).rows() == original.sort(columns).rows()


def test_children_come_back_as_they_were(before: Examination, after: Examination) -> None:
    returned = after.records.tables["ssd_person"].select("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob")
    original = before.records.tables["ssd_person"].select(returned.columns)
    assert returned.height > 100
    assert returned.join(original, on=returned.columns, how="anti", nulls_equal=True).height == 0


def test_children_with_a_disability_come_back_without_its_kind(before: Examination, after: Examination) -> None:
    returned = after.records.tables["ssd_disability"]
    listed_children = after.records.tables["ssd_cin_episodes"]["cine_person_id"]
    original = before.records.tables["ssd_disability"].filter(pl.col("disa_person_id").is_in(listed_children.implode()))
    assert set(original["disa_person_id"]) <= set(returned["disa_person_id"])
    assert returned["disa_disability_code"].null_count() == returned.height > 0


def test_the_last_visit_of_a_case_is_one_that_was_made(before: Examination, after: Examination) -> None:
    columns = ["cinv_person_id", "cinv_cin_visit_date", "cinv_cin_visit_seen"]
    returned, original = (e.records.tables["ssd_cin_visits"].select(columns) for e in (after, before))
    assert returned.height > 20
    assert returned.join(original, on=columns, how="anti").height == 0


def test_a_plan_comes_back_for_whoever_has_one_and_nothing_higher(before: Examination, after: Examination) -> None:
    held = before.records.tables["ssd_cin_plans"].filter(pl.col("cinp_cin_plan_end_date").is_null())
    returned = set(after.records.tables["ssd_cin_plans"]["cinp_person_id"])
    assert returned
    assert returned <= set(held["cinp_person_id"])


def test_assessments_nearly_all_find_the_referral_that_they_followed(before: Examination, after: Examination) -> None:
    def days(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        both = tables["ssd_cin_assessments"].join(
            tables["ssd_cin_episodes"], left_on="cina_referral_id", right_on="cine_referral_id"
        )
        return both.select("cina_person_id", "cina_assessment_start_date", "cine_referral_date")

    returned, original = days(after.records.tables), days(before.records.tables)
    assert returned.height >= 0.95 * after.records.tables["ssd_cin_assessments"].height
    assert returned.join(original, on=returned.columns, how="semi").height >= 0.95 * returned.height


def test_equal_tables_give_equal_bytes(simulated: dict[str, pl.DataFrame], workbook: Path, tmp_path: Path) -> None:
    write_annex_a(simulated, tmp_path / "again", until=UNTIL)
    assert (tmp_path / "again" / NAME).read_bytes() == workbook.read_bytes()


def test_a_sheet_has_the_standards_headers_dates_as_dates_and_other_cells_as_they_are(tmp_path: Path) -> None:
    people = "pers_person_id | pers_sex | pers_ethnicity | pers_dob \n 007 | M | XXXX | 2015-05-01 00:00:00"
    made = """
        cont_person_id | cont_contact_date   | cont_contact_source_code
        007            | 2025-02-03 00:00:00 | 6
        007            | 3 Feb?              | QQ
    """
    write_annex_a({"ssd_person": table(people), "ssd_contacts": table(made)}, tmp_path, until=UNTIL)
    sheet = pl.read_excel(tmp_path / NAME, sheet_name="List 1", infer_schema_length=0)
    assert sheet.columns == [column.header for column in LISTS[0].asks]
    assert sheet.rows() == [
        ("007", "a) Male", "XXXX", "2015-05-01 00:00:00", "9", "2025-02-03 00:00:00", "q) 6: Police"),
        ("007", "a) Male", "XXXX", "2015-05-01 00:00:00", "9", "3 Feb?", "QQ"),
    ]


def test_each_period_of_care_has_the_legal_status_that_held_in_it(tmp_path: Path) -> None:
    care = """
        clae_cla_id | clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date
        a           | 1              | 2024-01-01                  | 2024-12-01
        b           | 1              | 2025-01-05                  |
    """
    orders = """
        lega_person_id | lega_legal_status | lega_legal_status_start_date
        1              | V2                | 2024-01-01
        1              | C2                | 2025-01-05
    """
    write_annex_a({"ssd_cla_episodes": table(care), "ssd_legal_status": table(orders)}, tmp_path, until=UNTIL)
    statuses = read_annex_a(tmp_path / NAME).tables["ssd_legal_status"]
    assert statuses["lega_legal_status"].to_list() == ["V2", "C2"]


def test_headers_in_capitals_are_written_as_any(tmp_path: Path) -> None:
    made = table("CONT_PERSON_ID | CONT_CONTACT_DATE \n 007 | 2025-02-03")
    write_annex_a({"ssd_contacts": made}, tmp_path, until=UNTIL)
    assert read_annex_a(tmp_path / NAME).tables["ssd_contacts"]["cont_person_id"].to_list() == ["007"]


def test_tables_that_are_not_there_leave_headers_alone(tmp_path: Path) -> None:
    write_annex_a({}, tmp_path, until=UNTIL)
    raw = read_annex_a(tmp_path / NAME)
    assert raw.problems == ()
    assert {frame.height for frame in raw.tables.values()} == {0}


def test_more_rows_than_excel_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 2)
    made = "cont_person_id | cont_contact_date \n 1 | 2025-02-03 \n 1 | 2025-02-04"
    with pytest.raises(WrongUsageError, match="more rows than Excel's 2"):
        write_annex_a({"ssd_contacts": table(made)}, tmp_path / "out", until=UNTIL)
    assert not (tmp_path / "out").exists()


FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("small")
    people = "pers_person_id | pers_sex | pers_dob \n 007 | M | 2015-05-01"
    made = "cont_person_id | cont_contact_date | cont_contact_source_code \n 007 | 2025-02-03 | 6"
    write_annex_a({"ssd_person": table(people), "ssd_contacts": table(made)}, folder, until=UNTIL)
    return (folder / NAME).read_bytes()


def flipped(content: bytes, flips: list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for place, mask in flips:
        changed[place % len(changed)] ^= mask
    return bytes(changed)


FLIPS = st.lists(st.tuples(st.integers(0, 2**31), st.integers(1, 255)), min_size=1, max_size=6)


@FUZZ
@given(kept=st.floats(0, 1), flips=FLIPS)
def test_whatever_becomes_of_its_bytes_an_answer_comes_back(
    small: bytes, tmp_path: Path, kept: float, flips: list[tuple[int, int]]
) -> None:
    path = tmp_path / "annex.xlsx"
    for content in (small[: int(len(small) * kept)], flipped(small, flips)):
        path.write_bytes(content)
        assert isinstance(read_annex_a(path), RawTables)


@FUZZ
@given(member=st.integers(0, 2**31), flips=FLIPS)
def test_whatever_becomes_of_a_member_an_answer_comes_back(
    small: bytes, tmp_path: Path, member: int, flips: list[tuple[int, int]]
) -> None:
    """Packed anew, so that no sum gives the change away and what opens workbooks must meet it."""
    path, held = tmp_path / "annex.xlsx", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small)) as old, zipfile.ZipFile(held, "w") as new:
        names = old.namelist()
        for name in names:
            changed = name == names[member % len(names)]
            new.writestr(name, flipped(old.read(name), flips) if changed else old.read(name))
    path.write_bytes(held.getvalue())
    assert isinstance(read_annex_a(path), RawTables)
