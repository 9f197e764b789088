"""Simulated records as a census and as the API's JSON, read back: equal in every column that the format carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.cin_census.reading import looks_like_cin_census, read_cin_census
from features.sources.dfe_api.reading import looks_like_dfe_api, read_dfe_api
from features.sources.recognise import read_source
from features.synthetic.formats.cin_census import write_cin_census
from features.synthetic.formats.dfe_api import write_dfe_api
from features.synthetic.simulate import UNTIL
from features.tables.validate import Examination, examine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from features.sources.raw import RawTables

    Tables = Mapping[str, pl.DataFrame]

EPISODE = ("cine_person_id", "cine_referral_date", "cine_referral_source_code", "cine_referral_nfa", "cine_close_date")
ASSESSMENT = ("cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date")
PLAN = ("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date")
ENQUIRY = ("s47e_person_id", "s47e_s47_start_date")
PROTECTION = ("cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
PERSON = ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_expected_dob", "pers_upn_unknown")

BY_THE_CENSUS = {
    "ssd_person": (*PERSON, "pers_death_date"),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
    "ssd_cin_episodes": (*EPISODE, "cine_close_reason", "cine_cin_primary_need_code"),
    "ssd_cin_assessments": (*ASSESSMENT, "of"),
    "ssd_assessment_factors": ("cinf_person_id", "cinf_known_date", "cinf_assessment_factors_json", "of"),
    "ssd_cin_plans": (*PLAN, "of"),
    "ssd_s47_enquiry": (*ENQUIRY, "of"),
    "ssd_initial_cp_conference": ("icpc_person_id", "icpc_icpc_date", "icpc_icpc_target_date", "of"),
    "ssd_cp_plans": (*PROTECTION, "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category", "of"),
    "ssd_cp_reviews": ("cppr_person_id", "cppr_cp_review_date", "of"),
}
"""The columns that a census carries; `of` is the day of what the row belongs to, since a census has no ids."""

BY_THE_API = {
    "ssd_person": PERSON,
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
    "ssd_sdq_scores": ("csdq_person_id", "csdq_sdq_completed_date", "csdq_sdq_score"),
    "ssd_cin_episodes": (*EPISODE, "cine_referral_id", "cine_close_reason"),
    "ssd_cin_assessments": (*ASSESSMENT, "cina_assessment_id", "cina_referral_id"),
    "ssd_assessment_factors": ("cinf_assessment_id", "cinf_person_id", "cinf_assessment_factors_json"),
    "ssd_cin_plans": (*PLAN, "cinp_cin_plan_id", "cinp_referral_id"),
    "ssd_s47_enquiry": (*ENQUIRY, "s47e_s47_enquiry_id", "s47e_referral_id", "s47e_s47_end_date"),
    "ssd_initial_cp_conference": ("icpc_person_id", "icpc_s47_enquiry_id", "icpc_referral_id", "icpc_icpc_date"),
    "ssd_cp_plans": (*PROTECTION, "cppl_cp_plan_id", "cppl_referral_id"),
    "ssd_cla_episodes": (
        "clae_person_id", "clae_cla_placement_id", "clae_referral_id", "clae_cla_episode_start_date",
        "clae_cla_episode_start_reason", "clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason",
    ),
    "ssd_cla_placement": (
        "clap_cla_placement_id", "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_type",
        "clap_cla_placement_end_date", "clap_cla_placement_change_reason",
    ),
    "ssd_care_leavers": (
        "clea_person_id", "clea_care_leaver_latest_contact", "clea_care_leaver_activity",
        "clea_care_leaver_accommodation",
    ),
}  # fmt: skip
"""The columns that the API carries, ids among them."""

OF = {
    "ssd_cin_assessments": ("cina_referral_id", "ssd_cin_episodes", "cine_referral_id", "cine_referral_date"),
    "ssd_cin_plans": ("cinp_referral_id", "ssd_cin_episodes", "cine_referral_id", "cine_referral_date"),
    "ssd_s47_enquiry": ("s47e_referral_id", "ssd_cin_episodes", "cine_referral_id", "cine_referral_date"),
    "ssd_cp_plans": ("cppl_referral_id", "ssd_cin_episodes", "cine_referral_id", "cine_referral_date"),
    "ssd_assessment_factors": (
        "cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id", "cina_assessment_start_date",
    ),
    "ssd_initial_cp_conference": (
        "icpc_s47_enquiry_id", "ssd_s47_enquiry", "s47e_s47_enquiry_id", "s47e_s47_start_date",
    ),
    "ssd_cp_reviews": ("cppr_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id", "cppl_cp_plan_start_date"),
}  # fmt: skip
"""What a row belongs to: its own column, the other table, that table's key, and the day that tells it."""


@pytest.fixture(scope="module")
def raw(authority: Path) -> Tables:
    (read,) = read_source(authority, columns={})
    return read.tables


@pytest.fixture(scope="module")
def written(raw: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_cin_census(raw, folder, until=UNTIL)
    write_dfe_api(raw, folder, until=UNTIL)
    return folder


@pytest.fixture(scope="module")
def original(raw: Tables) -> Tables:
    """Validate the records as they are, and keep the children who have a referral: neither format has others."""
    tables = dict(examine(raw, extract_day=UNTIL).records.tables)
    referred = tables["ssd_cin_episodes"]["cine_person_id"].unique().implode()
    for name, person in (("ssd_person", "pers_person_id"), ("ssd_disability", "disa_person_id")):
        tables[name] = tables[name].filter(pl.col(person).is_in(referred))
    # A row without a list of factors says nothing that either format could carry.
    tables["ssd_assessment_factors"] = tables["ssd_assessment_factors"].drop_nulls("cinf_assessment_factors_json")
    return tables


@pytest.fixture(scope="module")
def census(written: Path) -> Examination:
    return examined(read_cin_census(written / "cin_census.xml"))


@pytest.fixture(scope="module")
def api(written: Path) -> Examination:
    return examined(read_dfe_api(written / "dfe_api.jsonl"))


def examined(raw: RawTables) -> Examination:
    assert (raw.problems, raw.told) == ((), ())
    return examine(raw.tables, extract_day=UNTIL, can_hold=raw.can_hold)


def carried(tables: Tables, name: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    frame = tables[name]
    if "of" in columns:
        own, other, key, day = OF[name]
        days = tables[other].select(pl.col(key).alias(own), pl.col(day).alias("of"))
        frame = frame.join(days, on=own, how="left")
    return frame.select(columns).sort(columns).rows()


@pytest.mark.parametrize("name", BY_THE_CENSUS)
def test_a_census_gives_back_every_column_that_it_carries(original: Tables, census: Examination, name: str) -> None:
    expected = carried(original, name, BY_THE_CENSUS[name])
    assert expected != []
    assert carried(census.records.tables, name, BY_THE_CENSUS[name]) == expected


@pytest.mark.parametrize("name", BY_THE_API)
def test_the_api_gives_back_every_column_that_it_carries(original: Tables, api: Examination, name: str) -> None:
    expected = carried(original, name, BY_THE_API[name])
    assert expected != []
    assert carried(api.records.tables, name, BY_THE_API[name]) == expected


def test_the_api_gives_back_whether_an_enquiry_led_to_a_conference(original: Tables, api: Examination) -> None:
    led = pl.col("s47e_s47_outcome_json").str.contains("|CP_CONFERENCE_FLAG|", literal=True)
    before, after = (
        tables["ssd_s47_enquiry"].sort("s47e_s47_enquiry_id").select(led).to_series().to_list()
        for tables in (original, api.records.tables)
    )
    assert after == before
    assert set(before) == {True, False, None}


@pytest.mark.parametrize("source", ["census", "api"])
def test_nothing_of_clean_records_is_set_aside(source: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(source).findings
    assert found.filter(pl.col("severity").is_in(["stops", "sets_aside"])).is_empty()


def test_both_files_are_told_by_their_first_bytes(written: Path) -> None:
    heads = [(written / name).read_bytes()[:4096] for name in ("cin_census.xml", "dfe_api.jsonl")]
    assert [looks_like_cin_census(head) for head in heads] == [True, False]
    assert [looks_like_dfe_api(head) for head in heads] == [False, True]


def test_the_census_is_written_in_the_schema_of_its_year(raw: Tables, tmp_path: Path) -> None:
    write_cin_census(raw, tmp_path, until=UNTIL.replace(year=2023))
    text = (tmp_path / "cin_census.xml").read_text(encoding="utf-8")
    assert "<Year>2023</Year>" in text
    assert ("<GenderCurrent>2</GenderCurrent>" in text, "<Sex>" in text) == (True, False)


def test_dirty_text_is_written_as_it_is_and_escaped(raw: Tables, tmp_path: Path) -> None:
    dirty = 'a) <1> & "2"\x07'
    tables = {**raw, "ssd_cin_episodes": raw["ssd_cin_episodes"].with_columns(cine_close_reason=pl.lit(dirty))}
    write_cin_census(tables, tmp_path, until=UNTIL)
    write_dfe_api(tables, tmp_path, until=UNTIL)
    by_census = read_cin_census(tmp_path / "cin_census.xml").tables["ssd_cin_episodes"]
    by_api = read_dfe_api(tmp_path / "dfe_api.jsonl").tables["ssd_cin_episodes"]
    assert by_census["cine_close_reason"].unique().to_list() == [dirty.removesuffix("\x07")]
    assert by_api["cine_close_reason"].unique().to_list() == [dirty]


@pytest.fixture(scope="module")
def few(written: Path) -> dict[str, bytes]:
    """The first children of each file, whole."""
    census = (written / "cin_census.xml").read_bytes().split(b"\n")
    lines = (written / "dfe_api.jsonl").read_bytes().split(b"\n")
    return {"xml": b"\n".join([*census[:12], *census[-3:]]), "json": b"\n".join(lines[:8])}


READERS: dict[str, Callable[[Path], RawTables]] = {"xml": read_cin_census, "json": read_dfe_api}


@pytest.mark.parametrize("form", READERS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_gives_tables_or_a_problem_and_never_an_exception(
    few: dict[str, bytes], written: Path, form: str, data: st.DataObject
) -> None:
    content = bytearray(few[form])
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = written / f"damaged.{form}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    found = READERS[form](path)
    assert len(found.problems) == (0 if found.tables else 1)
