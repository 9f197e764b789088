"""Invented families hang together, are written as a case system would, and are the same for the same seed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.tables.load import load_records
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from pathlib import Path

UNTIL = date(2024, 2, 14)
CHILDREN = 400


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


def test_ids_keep_leading_zeros_and_nobody_has_a_name(place: Path) -> None:
    persons = read(place, "ssd_person")
    assert persons["pers_person_id"].str.starts_with("0").all()
    assert not {"pers_forename", "pers_surname", "pers_upn", "pers_common_child_id"} & set(persons.columns)


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
    assert len(records.tables) == 19


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
    [({"profile": "atlantis"}, "no profile"), ({"children": 5}, "out of range"), ({"dirt": 0.9}, "out of range")],
)
def test_what_cannot_be_simulated_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        make(tmp_path / "never", **changes)
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("profile", ["wales", "newport"])
def test_other_authorities_can_be_invented(tmp_path: Path, profile: str) -> None:
    place = make(tmp_path / profile, profile=profile)
    assert load_records(place / "records", extract_day=UNTIL).set_aside.is_empty()
