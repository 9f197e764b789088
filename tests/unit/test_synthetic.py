"""Invented families hang together, are written as a case system would, and are the same for the same seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.synthetic import simulate
from features.synthetic.calendar import months_until
from features.synthetic.cells import Case
from features.synthetic.population import live_block, world_of
from features.synthetic.profiles import PROFILES
from features.synthetic.record_protection import record_protection
from features.synthetic.record_referrals import refer
from features.tables.load import load_records
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from pathlib import Path

SINCE, UNTIL = date(2021, 3, 1), date(2024, 2, 14)
CHILDREN = 400
TABLES = {
    "ext_deprivation", "ext_family_assessments", "ext_family_views", "ext_population", "ext_school_attendance",
    "ext_services", "ssd_address", "ssd_assessment_factors", "ssd_care_leavers", "ssd_cin_assessments",
    "ssd_cin_episodes", "ssd_cin_plans", "ssd_cin_visits", "ssd_cla_episodes", "ssd_cla_placement", "ssd_cla_reviews",
    "ssd_contacts", "ssd_cp_plans", "ssd_cp_reviews", "ssd_cp_visits", "ssd_disability", "ssd_early_help_episodes",
    "ssd_family", "ssd_immigration_status", "ssd_initial_cp_conference", "ssd_legal_status", "ssd_missing",
    "ssd_mother", "ssd_person", "ssd_s47_enquiry", "ssd_sdq_scores",
}  # fmt: skip
# Spans whose columns are not called start and end.
SPANS = [("cine_referral_date", "cine_close_date"), ("cina_assessment_start_date", "cina_assessment_auth_date")]


def make(out: Path, **changes: object) -> Path:
    wanted = {"children": CHILDREN, "seed": 3, "profile": "england", "out": out, "until": UNTIL, "years": 3, **changes}
    simulate(**wanted)  # type: ignore[arg-type]  # one call for every test's changes
    return out


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("synthetic") / "place")


def read(place: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(place / "records" / f"{name}.csv", infer_schema=False, null_values=[""])


def as_day(name: str) -> pl.Expr:
    return pl.col(name).str.slice(0, 10).str.to_date("%Y-%m-%d")


def content(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(place: Path, tmp_path: Path) -> None:
    assert content(make(tmp_path / "again")) == content(place)


def test_another_seed_gives_other_children(place: Path, tmp_path: Path) -> None:
    assert not read(make(tmp_path / "other", seed=4), "ssd_person").equals(read(place, "ssd_person"))


def test_as_many_children_as_asked_for_are_known(place: Path) -> None:
    persons = read(place, "ssd_person")
    assert persons.filter(pl.col("pers_is_mother") == "N").height == CHILDREN
    assert persons["pers_person_id"].is_unique().all()


def test_ids_are_eight_digits_with_leading_zeros(place: Path) -> None:
    assert read(place, "ssd_person")["pers_person_id"].str.contains(r"^0\d{7}$").all()


def test_no_table_has_a_column_for_a_persons_name(place: Path) -> None:
    columns = [column for name in TABLES for column in read(place, name).columns]
    # What a service is called is nobody's name.
    named = [column for column in columns if "name" in column and column != "serv_service_name"]
    assert named == []
    assert not {"pers_upn", "pers_common_child_id", "pers_legacy_id"} & set(columns)


def test_the_tables_of_an_export_are_written_and_no_others(place: Path) -> None:
    assert {path.name for path in (place / "records").iterdir()} == {f"{name}.csv" for name in TABLES}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_row_has_a_key_of_its_own(place: Path, name: str) -> None:
    key = read(place, name).to_series(0)
    assert key.null_count() == 0
    assert key.is_unique().all()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_person_who_is_mentioned_is_there(authority: Path, name: str) -> None:
    persons = read(authority.parent, "ssd_person")["pers_person_id"].implode()
    table = read(authority.parent, name)
    for column in (c for c in table.columns if c.endswith("_person_id")):
        assert table.filter(~pl.col(column).is_in(persons)).is_empty()


def test_parquet_holds_the_same_cells(place: Path, tmp_path: Path) -> None:
    folder = make(tmp_path / "parquet", file_format="parquet") / "records"
    assert {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in TABLES}
    assert all(pl.read_parquet(folder / f"{name}.parquet").equals(read(place, name)) for name in TABLES)


@pytest.mark.parametrize(("years", "first"), [(1, date(2023, 3, 1)), (3, SINCE)])
def test_contacts_are_of_as_many_years_as_asked_for(tmp_path: Path, years: int, first: date) -> None:
    contacts = read(make(tmp_path / "years", years=years, children=200), "ssd_contacts")
    earliest = contacts.select(as_day("cont_contact_date").min()).item()
    assert first <= earliest < first + timedelta(days=60)


def test_siblings_share_a_mother_and_a_family(place: Path) -> None:
    mothers, families = read(place, "ssd_mother"), read(place, "ssd_family")
    both = mothers.join(families, left_on="moth_childs_person_id", right_on="fami_person_id")
    per_mother = both.group_by("moth_person_id").agg(pl.col("fami_family_id").n_unique())
    per_family = both.group_by("fami_family_id").agg(pl.col("moth_person_id").n_unique())
    assert per_mother["fami_family_id"].unique().to_list() == [1]
    assert per_family["moth_person_id"].unique().to_list() == [1]
    assert both.group_by("moth_person_id").len()["len"].max() > 1


def test_mothers_are_grown_women_when_their_children_are_born(place: Path) -> None:
    persons = read(place, "ssd_person").select("pers_person_id", "pers_sex", birth=as_day("pers_dob"))
    both = read(place, "ssd_mother").join(persons, left_on="moth_person_id", right_on="pers_person_id")
    age = both.select((as_day("moth_childs_dob") - pl.col("birth")).dt.total_days() / 365.25).to_series()
    assert both["pers_sex"].unique().to_list() == ["F"]
    assert 16 < age.min() < age.max() < 56


@pytest.mark.parametrize(
    ("table", "person", "event"),
    [
        ("ssd_contacts", "cont_person_id", "cont_contact_date"),
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date"),
        ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date"),
        ("ssd_cin_visits", "cinv_person_id", "cinv_cin_visit_date"),
    ],
)
def test_nothing_happens_before_birth_but_in_the_months_before_it(
    place: Path, table: str, person: str, event: str
) -> None:
    births = read(place, "ssd_person").select("pers_person_id", birth=as_day("pers_dob"))
    rows = read(place, table).join(births, left_on=person, right_on="pers_person_id").drop_nulls("birth")
    early = rows.select((pl.col("birth") - as_day(event)).dt.total_days()).to_series()
    # Services hear of an unborn child about five months before; nobody is in care or visited before birth.
    assert early.max() < (155 if table in ("ssd_contacts", "ssd_cin_episodes") else 1)


def test_nobody_is_in_two_care_episodes_at_once(place: Path) -> None:
    spans = read(place, "ssd_cla_episodes").select(
        "clae_person_id",
        start=as_day("clae_cla_episode_start_date"),
        end=as_day("clae_cla_episode_ceased_date").fill_null(UNTIL),
    )
    following = spans.sort("clae_person_id", "start").with_columns(
        before=pl.col("end").shift().over("clae_person_id"), was_open=pl.col("start").shift().over("clae_person_id")
    )
    assert following.filter(pl.col("start") < pl.col("before")).height == 0
    assert spans.filter(pl.col("start") >= pl.col("end")).height == 0


def test_every_assessment_stands_on_its_referral(place: Path) -> None:
    referrals = read(place, "ssd_cin_episodes").select(
        "cine_referral_id", "cine_person_id", day=as_day("cine_referral_date")
    )
    rows = read(place, "ssd_cin_assessments").join(referrals, left_on="cina_referral_id", right_on="cine_referral_id")
    assert rows.height == read(place, "ssd_cin_assessments").height
    assert (rows["cina_person_id"] == rows["cine_person_id"]).all()
    assert (rows.select(as_day("cina_assessment_start_date")).to_series() >= rows["day"]).all()


def test_nothing_is_dated_after_the_last_day_but_what_is_due(place: Path) -> None:
    due = {"pers_expected_dob", "icpc_icpc_target_date"}
    for path in (place / "records").glob("*.csv"):
        table = read(place, path.stem)
        dated = [name for name in table.columns if name.endswith(("_date", "_dob")) and name not in due]
        latest = [table.select(as_day(name).max()).item() for name in dated]
        assert all(day is None or day <= UNTIL for day in latest), path.stem


def test_clean_records_validate_with_nothing_set_aside(place: Path) -> None:
    records = load_records(place / "records", extract_day=UNTIL)
    assert records.set_aside.is_empty()
    assert set(records.tables) == {file.stem for file in (place / "records").iterdir()}


def test_days_of_entry_change_nothing_else(place: Path, tmp_path: Path) -> None:
    entered = make(tmp_path / "entered", recorded_on=True)
    contacts = read(entered, "ssd_contacts")
    assert contacts.drop("recorded_on").equals(read(place, "ssd_contacts"))
    assert contacts.filter(as_day("recorded_on") < as_day("cont_contact_date")).height == 0
    assert "recorded_on" not in read(entered, "ssd_person").columns


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUsageError, match="not empty"):
        make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_is_left_beside_the_folder(place: Path) -> None:
    assert [path.name for path in place.parent.iterdir()] == ["place"]
    assert sorted(path.name for path in place.iterdir()) == ["records", "truth"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"profile": "atlantis"}, "no profile"),
        ({"children": 5}, "out of range"),
        ({"dirt": 0.9}, "out of range"),
        ({"years": 0}, "out of range"),
        ({"years": 19}, "out of range"),
        ({"until": date(1969, 12, 31)}, "out of range"),
    ],
)
def test_what_cannot_be_simulated_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        make(tmp_path / "never", **changes)
    assert not (tmp_path / "never").exists()


@pytest.fixture(scope="module", params=["england", "wales", "newport"])
def anywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("anywhere") / request.param, profile=request.param)


def test_every_authority_can_be_invented(anywhere: Path) -> None:
    assert load_records(anywhere / "records", extract_day=UNTIL).set_aside.is_empty()


def spans_in(table: pl.DataFrame) -> list[tuple[str, str]]:
    """Give the columns of a table that begin and end a span."""
    ends = [(c, c.replace("start_date", end)) for c in table.columns for end in ("end_date", "ceased_date")]
    return [both for both in (*ends, *SPANS) if both[0] != both[1] and set(both) <= set(table.columns)]


def test_no_span_ends_before_it_begins(anywhere: Path) -> None:
    tables = [read(anywhere, name) for name in sorted(TABLES)]
    backwards = [
        start for table in tables for start, end in spans_in(table) if table.filter(as_day(start) > as_day(end)).height
    ]
    assert sum(len(spans_in(table)) for table in tables) == 14
    assert backwards == []


def test_no_enquiry_ends_before_it_begins_however_soon_the_conference() -> None:
    wales = PROFILES["wales"]
    # Nearly every enquiry reaches a conference: those are the ones that are over days before it.
    busy = replace(wales, enquiry=3 * wales.enquiry, conference=6.0)
    world, found = world_of(3, busy, months_until(UNTIL, 6)), []
    for number in range(6):
        block = live_block(world, number)
        person_ids = pl.Series(np.arange(block.people.n + block.people.n_families)).cast(pl.String)
        case = Case(3, block.people, block.lives, world.months, busy, person_ids)
        found.append(record_protection(case, refer(case))["ssd_s47_enquiry"])
    enquiries = pl.concat(found)
    assert enquiries.height > 1000
    assert enquiries.filter(pl.col("s47e_s47_start_date") > pl.col("s47e_s47_end_date")).is_empty()


def population(place: Path) -> pl.DataFrame:
    counted = read(place, "ext_population").with_columns(day=as_day("popu_date"))
    return counted.with_columns(pl.col("popu_age", "popu_children").cast(pl.Int64))


def test_the_population_is_counted_on_each_31_march_at_every_age_and_of_both_sexes(authority: Path) -> None:
    counted = population(authority.parent)
    days = [date(year, 3, 31) for year in range(2020, 2026)]
    cells = counted.select("day", "popu_age", "popu_sex").unique().sort(pl.all())
    assert cells.rows() == [(day, age, sex) for day in days for age in range(18) for sex in ("F", "M")]
    assert (counted["popu_children"] > 0).all()


def test_every_known_child_who_lives_there_is_counted_in_the_population(authority: Path) -> None:
    truth, cell = authority.parent / "truth", ["day", "age", "sex", "ethnicity", "decile"]
    births = read(authority.parent, "ssd_person").select(child_id="pers_person_id", birth=as_day("pers_dob"))
    people = pl.read_parquet(truth / "people.parquet").filter(~pl.col("is_unaccompanied")).join(births, on="child_id")
    sexes = read(authority.parent, "ssd_person").select(child_id="pers_person_id", sex="pers_sex")
    here = pl.read_parquet(truth / "latent.parquet").join(people.join(sexes, on="child_id"), on="child_id")
    years = ((pl.col("as_of") - pl.col("birth")).dt.total_days() / 365.25).floor().cast(pl.Int64)
    young = here.with_columns(age=years, day="as_of", decile=(11 - pl.col("deprivation_decile")).cast(pl.String))
    young = young.filter(pl.col("age").is_between(0, 17), pl.col("day").dt.month() == 3, pl.col("sex") != "U")
    known = young.group_by(cell).agg(known=pl.len())
    counted = population(authority.parent).rename(lambda name: name.removeprefix("popu_").removeprefix("deprivation_"))
    assert known["known"].sum() > 6000
    assert known.join(counted, on=cell, how="left").filter(pl.col("known") > pl.col("children").fill_null(0)).is_empty()


@pytest.mark.parametrize(
    ("table", "person"), [("ssd_mother", "moth_childs_person_id"), ("ssd_family", "fami_person_id")]
)
def test_nothing_is_known_of_the_family_of_those_who_arrive_alone(authority: Path, table: str, person: str) -> None:
    people = pl.read_parquet(authority.parent / "truth" / "people.parquet")
    alone = people.filter("is_unaccompanied")["child_id"]
    assert len(alone) > 0
    assert read(authority.parent, table).filter(pl.col(person).is_in(alone.implode())).is_empty()
