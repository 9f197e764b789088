"""Attendance, services, assessments and views hang together with the lives that they are read from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.synthetic.record_school import terms_of
from features.synthetic.record_tools import TOOLS
from features.tables.load import load_records

if TYPE_CHECKING:
    from pathlib import Path

FROM, UNTIL = date(2021, 3, 1), date(2024, 2, 14)
# The column of the person, and of the day, in each table.
TABLES = {
    "ext_school_attendance": ("scho_person_id", "scho_period_start_date"),
    "ext_services": ("serv_person_id", "serv_start_date"),
    "ext_family_assessments": ("fama_person_id", "fama_assessment_date"),
    "ext_family_views": ("famv_person_id", "famv_view_date"),
}
every_table = pytest.mark.parametrize("name", TABLES)


def make(out: Path, **changes: object) -> Path:
    wanted = {"children": 2000, "seed": 3, "profile": "england", "out": out, "years": 3, "until": UNTIL, **changes}
    simulate(**wanted)  # type: ignore[arg-type]  # one call for every test's changes
    return out


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("ext") / "place")


def read(place: Path, name: str) -> pl.DataFrame:
    table = pl.read_csv(place / "records" / f"{name}.csv", infer_schema=False, null_values=[""])
    dated = [column for column in table.columns if column.endswith(("_date", "_dob"))]
    return table.with_columns(pl.col(dated).str.slice(0, 10).str.to_date("%Y-%m-%d"))


def truth(place: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(place / "truth" / f"{name}.parquet")


def attendance(place: Path) -> pl.DataFrame:
    """Give attendance with its counts as numbers."""
    counts = ("scho_sessions_possible", "scho_sessions_attended", "scho_suspensions")
    return read(place, "ext_school_attendance").with_columns(pl.col(counts).cast(pl.Int64))


def changes_in(place: Path, tool: str) -> pl.DataFrame:
    """Give for each family or child assessed twice or more how the mean score changed, and whether help works."""
    people = truth(place, "people").select("child_id", "help_works")
    families = read(place, "ssd_family").join(people, left_on="fami_person_id", right_on="child_id")
    works = families.group_by("fami_family_id").agg(pl.col("help_works").first())
    found = read(place, "ext_family_assessments").filter(pl.col("fama_tool") == tool)
    whose = ["fama_family_id", "fama_person_id"]
    score = pl.col("fama_score").cast(pl.Float64).mean()
    uses = found.group_by(*whose, "fama_assessment_date").agg(score=score).sort("fama_assessment_date")
    changed = uses.group_by(whose).agg(n=pl.len(), change=pl.col("score").last() - pl.col("score").first())
    return changed.filter(pl.col("n") > 1).join(works, left_on="fama_family_id", right_on="fami_family_id")


@every_table
def test_every_table_has_rows_and_keys_of_its_own(place: Path, name: str) -> None:
    table = read(place, name)
    assert table.height > 100
    assert table.to_series(0).is_unique().all()


@every_table
def test_nothing_is_written_before_birth_or_after_the_last_day(place: Path, name: str) -> None:
    person, day = TABLES[name]
    births = read(place, "ssd_person").select("pers_person_id", "pers_dob")
    rows = read(place, name).join(births, left_on=person, right_on="pers_person_id", how="left")
    assert rows.filter(pl.col(day) < pl.col("pers_dob")).height == 0
    assert rows.drop_nulls(person)["pers_dob"].null_count() == 0
    assert rows.select(pl.col(pl.Date).max()).max_horizontal().item() <= UNTIL


@pytest.mark.parametrize("name", ["ext_school_attendance", "ext_family_assessments", "ext_family_views"])
def test_nothing_is_dated_before_the_records_begin(place: Path, name: str) -> None:
    assert read(place, name)[TABLES[name][1]].min() >= FROM


def test_terms_lie_within_the_records_and_make_whole_school_years() -> None:
    since = date(1970, 1, 1)
    terms = terms_of((date(2022, 9, 1) - since).days, (date(2023, 7, 21) - since).days)
    shorter = terms_of((date(2022, 9, 2) - since).days, (date(2023, 7, 20) - since).days)
    # 190 days, two sessions a day.
    assert terms.sessions.sum() == 2 * 190
    assert len(terms.start) - len(shorter.start) == 2
    assert set(terms.september) == {(date(2022, 9, 1) - since).days}


def test_pupils_are_between_reception_and_year_11(place: Path) -> None:
    births = read(place, "ssd_person").select("pers_person_id", "pers_dob")
    rows = read(place, "ext_school_attendance").join(births, left_on="scho_person_id", right_on="pers_person_id")
    start = pl.col("scho_period_start_date")
    september = pl.date(start.dt.year() - (start.dt.month() < 9).cast(pl.Int32), 9, 1)
    years = rows.select((september - pl.col("pers_dob")).dt.total_days() / 365.25).to_series()
    assert 4 <= years.min() < 4.1
    assert 15.9 < years.max() < 16


def test_nobody_attends_more_than_is_possible_nor_twice_in_a_term(place: Path) -> None:
    terms = attendance(place)
    assert terms.filter(pl.col("scho_sessions_attended") > pl.col("scho_sessions_possible")).height == 0
    assert terms.select(pl.col("scho_sessions_attended", "scho_suspensions").min()).min_horizontal().item() >= 0
    assert terms["scho_sessions_possible"].min() > 0
    assert terms.select("scho_person_id", "scho_period_start_date").is_duplicated().sum() == 0


def test_children_in_need_miss_more_school_than_others(place: Path) -> None:
    states = truth(place, "latent").filter(pl.col("as_of") == date(2022, 12, 31)).select("child_id", "state")
    autumn = attendance(place).filter(pl.col("scho_period_end_date") == date(2022, 12, 20))
    both = autumn.join(states, left_on="scho_person_id", right_on="child_id")
    in_need = pl.col("state").str.starts_with("in_need")
    share = 1 - pl.col("scho_sessions_attended").sum() / pl.col("scho_sessions_possible").sum()
    missed = {flag: both.filter(in_need == flag).select(share).item() for flag in (True, False)}
    assert 0.10 < missed[True] < 0.28
    assert missed[False] < 0.10


def test_older_pupils_miss_more_school_than_younger_ones(place: Path) -> None:
    births = read(place, "ssd_person").select("pers_person_id", "pers_dob")
    rows = attendance(place).join(births, left_on="scho_person_id", right_on="pers_person_id")
    is_older = (pl.col("scho_period_start_date") - pl.col("pers_dob")).dt.total_days() > 12 * 365.25
    missed = 1 - pl.col("scho_sessions_attended") / pl.col("scho_sessions_possible")
    older, younger = (rows.filter(is_older == flag).select(missed.mean()).item() for flag in (True, False))
    assert older > 1.5 * younger


def test_intensive_services_go_only_to_families_for_whom_intensive_help_exists(place: Path) -> None:
    offered = truth(place, "people").filter("is_offered_intensive_help")["child_id"]
    services = read(place, "ext_services")
    leavers = pl.col("serv_service_name") == "Care Leavers Service"
    intensive = services.filter(~leavers)
    assert intensive["serv_service_name"].n_unique() == 4
    assert intensive["serv_person_id"].is_in(offered.implode()).all()


def test_the_service_for_care_leavers_begins_at_18_or_later(place: Path) -> None:
    births = read(place, "ssd_person").select("pers_person_id", "pers_dob")
    rows = read(place, "ext_services").filter(pl.col("serv_service_name") == "Care Leavers Service")
    both = rows.join(births, left_on="serv_person_id", right_on="pers_person_id")
    age = both.select((pl.col("serv_start_date") - pl.col("pers_dob")).dt.total_days() / 365.25).to_series()
    assert len(age) > 5
    # Those who left care in the month of their birthday are seen from the birthday on.
    assert age.min() >= 17.99


def test_services_are_in_order_and_end_with_a_reason_or_go_on(place: Path) -> None:
    services = read(place, "ext_services")
    ended = pl.col("serv_end_date").is_not_null()
    assert services.filter(pl.col("serv_start_date") >= pl.col("serv_end_date")).height == 0
    assert services.filter(~ended)["serv_end_reason"].null_count() == services.filter(~ended).height
    assert services.filter(ended)["serv_end_reason"].null_count() < 0.12 * services.filter(ended).height
    assert services.filter(~ended).height > 0


def test_nobody_has_the_same_service_twice_at_once(place: Path) -> None:
    whose = ["serv_person_id", "serv_service_name"]
    ordered = read(place, "ext_services").sort(*whose, "serv_start_date")
    before = pl.col("serv_end_date").fill_null(date(9999, 1, 1)).shift().over(whose)
    assert ordered.filter(pl.col("serv_start_date") <= before).height == 0
    assert ordered.select(whose).is_duplicated().any()


def test_scores_lie_within_their_scale(place: Path) -> None:
    found = read(place, "ext_family_assessments").with_columns(pl.col("fama_score").cast(pl.Int64))
    assert set(found["fama_tool"]) == set(TOOLS)
    for name, tool in TOOLS.items():
        rows = found.filter(pl.col("fama_tool") == name)
        low, high = tool.ends
        assert low <= rows["fama_score"].min() < rows["fama_score"].max() <= high
        assert set(rows["fama_scale"]) == set(tool.scales)
        assert rows["fama_direction"].unique().to_list() == [tool.direction]


def test_an_assessment_is_of_a_child_or_of_a_whole_family(place: Path) -> None:
    found = read(place, "ext_family_assessments")
    is_star = pl.col("fama_tool") == "Family Star Plus"
    assert found.filter(is_star)["fama_person_id"].null_count() == found.filter(is_star).height
    assert found.filter(~is_star)["fama_person_id"].null_count() == 0
    once = found.select("fama_person_id", "fama_family_id", "fama_assessment_date", "fama_tool", "fama_scale")
    assert once.is_duplicated().sum() == 0


def test_a_family_is_assessed_once_when_several_of_its_children_are_helped(place: Path) -> None:
    stars = read(place, "ext_family_assessments").filter(pl.col("fama_tool") == "Family Star Plus")
    uses = (
        stars.select("fama_family_id", "fama_assessment_date").unique().sort("fama_family_id", "fama_assessment_date")
    )
    gap = pl.col("fama_assessment_date").diff().over("fama_family_id").dt.total_days()
    assert uses.select(gap.min()).item() >= 14


def test_an_assessment_names_the_family_that_the_records_know(place: Path) -> None:
    families = read(place, "ssd_family").select("fami_person_id", "fami_family_id")
    found = read(place, "ext_family_assessments").join(families, left_on="fama_person_id", right_on="fami_person_id")
    assert found.height > 100
    assert (found["fama_family_id"] == found["fami_family_id"]).all()


@pytest.mark.parametrize(("tool", "sign"), [("Family Star Plus", 1), ("Local risk scale", -1)])
def test_repeated_assessments_improve_more_where_help_works(place: Path, tool: str, sign: int) -> None:
    changed = changes_in(place, tool)
    mean = dict(changed.group_by("help_works").agg(pl.col("change").mean()).iter_rows())
    assert changed.height > 50
    assert sign * mean[True] > 0.1
    assert sign * (mean[True] - mean[False]) > 0.1


def test_views_are_kinder_where_help_works(place: Path) -> None:
    people = truth(place, "people").select("child_id", "help_works")
    views = read(place, "ext_family_views").join(people, left_on="famv_person_id", right_on="child_id")
    kind = dict(views.group_by("help_works").agg((pl.col("famv_view") == "positive").mean()).iter_rows())
    assert kind[True] > kind[False] + 0.1


def test_views_are_a_word_on_a_topic_and_only_children_in_care_speak_of_contact(place: Path) -> None:
    views = read(place, "ext_family_views")
    assert set(views["famv_view"]) == {"positive", "mixed", "negative"}
    assert set(views["famv_said_by"]) <= {"child", "mother", "father", "carer"}
    in_care = read(place, "ssd_cla_episodes")["clae_person_id"]
    about_care = views.filter((pl.col("famv_topic") == "contact with family") | (pl.col("famv_said_by") == "carer"))
    assert about_care["famv_person_id"].is_in(in_care.implode()).all()
    assert about_care.height > 0


def test_young_children_are_not_quoted(place: Path) -> None:
    births = read(place, "ssd_person").select("pers_person_id", "pers_dob")
    views = read(place, "ext_family_views").join(births, left_on="famv_person_id", right_on="pers_person_id")
    said = views.filter(pl.col("famv_said_by") == "child")
    assert said.select((pl.col("famv_view_date") - pl.col("pers_dob")).dt.total_days().min()).item() >= 4 * 365


def test_planted_measurement_leaves_out_assessments_of_the_marked_only(place: Path, tmp_path: Path) -> None:
    marked = truth(place, "people").filter("is_marked")["child_id"].implode()
    planted = make(tmp_path / "planted", planted={"measurement": 0.5})
    kept = {}
    for flag in (True, False):
        of = pl.col("fama_person_id").is_in(marked) == flag
        # Every use has one row of each scale.
        kept[flag] = [read(p, "ext_family_assessments").filter(of).height for p in (planted, place)]
    # Some sixty stretches of help are kept or left out whole: four standard errors are 0.26.
    assert 0.24 < kept[True][0] / kept[True][1] < 0.76
    assert 0.9 < kept[False][0] / kept[False][1] < 1.1


def test_the_same_seed_gives_the_same_bytes_with_one_process_or_two(place: Path, tmp_path: Path) -> None:
    again = make(tmp_path / "again", processes=1)
    for name in TABLES:
        assert (again / "records" / f"{name}.csv").read_bytes() == (place / "records" / f"{name}.csv").read_bytes()


def test_days_of_entry_follow_what_they_enter(place: Path) -> None:
    entered = truth(place, "recorded_on")
    for name, lowest in (("ext_school_attendance", 20), ("ext_services", 5), ("ext_family_views", 2)):
        key, day = (
            read(place, name).columns[0],
            TABLES[name][1].replace("start", "end" if "school" in name else "start"),
        )
        both = entered.filter(pl.col("table") == name).join(read(place, name), left_on="row_key", right_on=key)
        delay = both.select((pl.col("recorded_on") - pl.col(day)).dt.total_days()).to_series()
        assert delay.min() >= 0
        assert 0.5 * lowest - 1 <= delay.median() <= 1.5 * lowest


def test_the_tables_load_beside_the_others_with_nothing_set_aside(place: Path) -> None:
    assert load_records(place / "records", extract_day=UNTIL).set_aside.is_empty()
