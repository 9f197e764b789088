"""What is simulated, written as an SSDA903 set or as Welsh returns, is read back the same as far as they carry it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.sources.ssda903.reading import from_903
from features.sources.text_files import read_table
from features.sources.wales.layout import layout
from features.sources.wales.reading import from_returns
from features.synthetic import simulate
from features.synthetic.formats.ssda903 import write_ssda903
from features.synthetic.formats.wales import write_wales
from features.tables.validate import Examination, examine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from features.sources.raw import RawTables

Tables = dict[str, pl.DataFrame]

UNTIL = date(2025, 3, 31)
YEAR_BEGAN = date(2024, 4, 1)

EPISODE = ("clae_person_id", "clae_cla_episode_start_date", "clae_cla_primary_need_code")
PLACEMENT = (
    "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date", "clap_cla_placement_type",
    "clap_cla_placement_provider", "clap_cla_placement_change_reason",
)  # fmt: skip
STATUS = ("lega_person_id", "lega_legal_status", "lega_legal_status_end_date")
CARE_CARRIED = {
    "ssd_cla_placement": PLACEMENT,
    "ssd_legal_status": STATUS,
    "ssd_immigration_status": ("immi_person_id", "immi_immigration_status", "immi_immigration_status_end_date"),
}
BY_903 = CARE_CARRIED | {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_upn_unknown", "pers_is_mother"),
    "ssd_cla_placement": (*PLACEMENT, "clap_cla_placement_distance"),
    "ssd_cla_reviews": ("clar_cla_person_id", "clar_cla_review_date", "clar_cla_review_participation"),
    "ssd_sdq_scores": ("csdq_person_id", "csdq_sdq_score", "csdq_sdq_reason"),
    "ssd_missing": (
        "miss_person_id", "miss_missing_episode_start_date", "miss_missing_episode_end_date",
        "miss_missing_episode_type",
    ),
    "ssd_care_leavers": (
        "clea_person_id", "clea_care_leaver_in_touch", "clea_care_leaver_accommodation",
        "clea_care_leaver_accom_suitable", "clea_care_leaver_activity",
    ),
}  # fmt: skip
"""What an SSDA903 set carries: by table, the columns. Keys are not carried; episodes have tests of their own."""

BY_WALES = CARE_CARRIED | {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_expected_dob"),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
    "ssd_cin_episodes": (
        "cine_person_id", "cine_referral_date", "cine_referral_source_code", "cine_cin_primary_need_code",
        "cine_close_date", "cine_close_reason",
    ),
    "ssd_cin_plans": ("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date", "referred"),
    "ssd_cp_plans": (
        "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_initial_category",
        "referred",
    ),
    "ssd_cin_assessments": (
        "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date", "cina_assessment_child_seen",
        "referred",
    ),
    "ssd_assessment_factors": ("cinf_person_id", "cinf_known_date", "asked"),
}  # fmt: skip
"""What our layout of the Welsh returns carries; `referred` is the day of the referral that a row points to."""
REFERRAL = {
    "ssd_cin_plans": "cinp_referral_id",
    "ssd_cp_plans": "cppl_referral_id",
    "ssd_cin_assessments": "cina_referral_id",
}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    out = tmp_path_factory.mktemp("returns") / "invented"
    simulate(children=6_000, seed=5, profile="wales", out=out, until=UNTIL, processes=1)
    return {file.stem: pl.read_csv(file, infer_schema=False) for file in (out / "records").glob("*.csv")}


@pytest.fixture(scope="module")
def original(simulated: Tables) -> Tables:
    return dict(examine(simulated, extract_day=UNTIL).records.tables)


def read_back(folder: Path, reader: Callable[[Mapping[str, pl.DataFrame]], RawTables]) -> tuple[RawTables, Examination]:
    raw = reader({file.name: read_table(file, file.read_bytes())[0] for file in sorted(folder.glob("*.csv"))})
    return raw, examine(raw.tables, extract_day=raw.extract_day or UNTIL, can_hold=raw.can_hold)


@pytest.fixture(scope="module")
def by_903(simulated: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[RawTables, Examination]:
    folder = tmp_path_factory.mktemp("ssda903")
    write_ssda903(simulated, folder, until=UNTIL)
    return read_back(folder, from_903)


@pytest.fixture(scope="module")
def by_wales(simulated: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[RawTables, Examination]:
    folder = tmp_path_factory.mktemp("wales")
    write_wales(simulated, folder, until=UNTIL)
    return read_back(folder, from_returns)


def rows_of(table: pl.DataFrame, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    rows = table.select(columns)
    return rows.sort(rows.columns, nulls_last=True).rows()


def of_children(table: pl.DataFrame, person: str, children: pl.Series) -> pl.DataFrame:
    return table.filter(pl.col(person).is_in(children.unique().implode()))


def asked_of(table: str, original: Tables) -> pl.DataFrame:
    """The rows that the returns ask for: of children who were looked after, yearly answers of the last year alone."""
    rows, cared_for = original[table], original["ssd_cla_episodes"]["clae_person_id"]
    if table == "ssd_person":
        return of_children(
            rows, "pers_person_id", pl.concat([cared_for, original["ssd_care_leavers"]["clea_person_id"]])
        )
    if table == "ssd_missing":
        return of_children(rows, "miss_person_id", cared_for)
    if table == "ssd_immigration_status":
        return of_children(rows, "immi_person_id", cared_for)
    if table == "ssd_sdq_scores":
        of_year = rows.filter(pl.col("csdq_sdq_completed_date") >= YEAR_BEGAN).sort("csdq_sdq_completed_date")
        return of_year.unique("csdq_person_id", keep="last")
    return rows


def asked_by_wales(table: str, original: Tables) -> pl.DataFrame:
    """The rows that the Welsh returns ask for: of children who were referred or looked after."""
    referred, cared_for = original["ssd_cin_episodes"]["cine_person_id"], original["ssd_cla_episodes"]["clae_person_id"]
    rows = with_referral(table, original)
    if table == "ssd_person":
        return of_children(rows, "pers_person_id", pl.concat([referred, cared_for]))
    if table == "ssd_disability":
        return of_children(rows, "disa_person_id", referred)
    return asked_of(table, original) if table in CARE_CARRIED else rows


def with_referral(table: str, tables: Tables) -> pl.DataFrame:
    """Name the referral that a row points to by its day, and of factors those that the return asks for."""
    rows = tables[table]
    if table in REFERRAL:
        referrals = tables["ssd_cin_episodes"].select("cine_referral_id", referred="cine_referral_date")
        return rows.join(referrals, left_on=REFERRAL[table], right_on="cine_referral_id", how="left")
    if table == "ssd_assessment_factors":
        factors = [one for one in layout()["care_and_support"] if one.table == table]
        codes = [code for one in factors for code in one.values.values()]
        named = pl.col("cinf_assessment_factors_json").str.extract_all(r"\w+").list.set_intersection(codes)
        return rows.with_columns(asked=named.list.sort().list.join("|")).drop_nulls("asked")
    return rows


def n_aside(examined: Examination) -> int:
    return examined.findings.filter(pl.col("severity").is_in(["stops", "sets_aside"])).height


@pytest.mark.parametrize("table", BY_903)
def test_a_set_carries_a_table(table: str, original: Tables, by_903: tuple[RawTables, Examination]) -> None:
    back = by_903[1].records.tables[table]
    assert back.height > 10
    assert rows_of(back, BY_903[table]) == rows_of(asked_of(table, original), BY_903[table])


@pytest.mark.parametrize("table", BY_WALES)
def test_the_welsh_returns_carry_a_table(table: str, original: Tables, by_wales: tuple[RawTables, Examination]) -> None:
    back = with_referral(table, dict(by_wales[1].records.tables))
    assert back.height > 10
    assert rows_of(back, BY_WALES[table]) == rows_of(asked_by_wales(table, original), BY_WALES[table])


@pytest.mark.parametrize("source", ["by_903", "by_wales"])
def test_episodes_are_the_same_but_for_cuts_where_the_legal_status_changed(
    source: str, original: Tables, request: pytest.FixtureRequest
) -> None:
    episodes = request.getfixturevalue(source)[1].records.tables["ssd_cla_episodes"]
    home = pl.coalesce("clae_cla_placement_id", "clae_cla_episode_id").alias("home")
    by_home = episodes.sort("clae_cla_episode_start_date").group_by(home)
    whole = by_home.agg(
        pl.col(*EPISODE, "clae_cla_episode_start_reason").first(),
        pl.col("clae_cla_episode_ceased_date", "clae_cla_episode_ceased_reason").last(),
    )
    columns = tuple(name for name in whole.columns if name != "home")
    assert episodes.height > whole.height
    assert rows_of(whole, columns) == rows_of(original["ssd_cla_episodes"], columns)


@pytest.mark.parametrize("source", ["by_903", "by_wales"])
def test_periods_of_care_are_the_same_and_begin_on_the_same_day_where_that_is_said(
    source: str, original: Tables, request: pytest.FixtureRequest
) -> None:
    def periods(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        by_period = tables["ssd_cla_episodes"].group_by("clae_cla_id", "clae_person_id")
        return by_period.agg(
            pl.col("clae_cla_episode_start_date").min().alias("first"), pl.col("clae_entered_care_date").first()
        )

    back, whole = periods(request.getfixturevalue(source)[1].records.tables), periods(original)
    begun = pl.col("clae_entered_care_date") == pl.col("first")
    expected = whole.with_columns(pl.when(begun | pl.lit(source == "by_wales")).then("clae_entered_care_date"))
    columns = ("clae_person_id", "first", "clae_entered_care_date")
    assert rows_of(back, columns) == rows_of(expected, columns)


def test_each_review_stands_in_the_same_period_of_care(original: Tables, by_903: tuple[RawTables, Examination]) -> None:
    def reviewed(tables: Mapping[str, pl.DataFrame]) -> list[tuple[object, ...]]:
        periods = tables["ssd_cla_episodes"].group_by("clae_cla_id").agg(pl.col("clae_cla_episode_start_date").min())
        joined = tables["ssd_cla_reviews"].join(periods, left_on="clar_cla_id", right_on="clae_cla_id", how="left")
        return rows_of(joined, ("clar_cla_person_id", "clar_cla_review_date", "clae_cla_episode_start_date"))

    assert reviewed(by_903[1].records.tables) == reviewed(original)


@pytest.mark.parametrize("source", ["by_903", "by_wales"])
def test_a_legal_status_begins_on_the_same_day_or_with_the_first_episode_there_is(
    source: str, original: Tables, request: pytest.FixtureRequest
) -> None:
    start = "lega_legal_status_start_date"
    back = request.getfixturevalue(source)[1].records.tables["ssd_legal_status"]
    first = original["ssd_cla_episodes"].select(lega_person_id="clae_person_id", first="clae_cla_episode_start_date")
    joined = original["ssd_legal_status"].join(first, on="lega_person_id")
    seen = joined.filter(
        pl.col("lega_legal_status_end_date").is_null() | (pl.col("first") < pl.col("lega_legal_status_end_date"))
    )
    of_row = seen.group_by("lega_legal_status_id", *STATUS, start).agg(pl.col("first").min())
    expected = of_row.with_columns(pl.max_horizontal(start, "first").alias(start))
    assert rows_of(back, (*STATUS, start)) == rows_of(expected, (*STATUS, start))


@pytest.mark.parametrize("source", ["by_903", "by_wales"])
def test_nothing_clean_is_set_aside(source: str, request: pytest.FixtureRequest) -> None:
    raw, examined = request.getfixturevalue(source)
    assert (n_aside(examined), examined.problems, raw.problems, raw.unread) == (0, (), (), ())


@pytest.mark.parametrize("source", ["by_903", "by_wales"])
def test_tables_are_those_that_the_format_has_a_place_for(source: str, request: pytest.FixtureRequest) -> None:
    raw, _ = request.getfixturevalue(source)
    assert set(raw.tables) <= raw.can_hold


def test_the_year_is_told_from_the_days(by_903: tuple[RawTables, Examination]) -> None:
    assert by_903[0].extract_day == UNTIL
