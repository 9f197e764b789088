"""What a check writes and says, and what stops it: the command behind `earlyhelp check`."""

from __future__ import annotations

import csv
import json
import stat
from typing import TYPE_CHECKING

import pytest

from features.check.check import check
from features.tables.load import load_records
from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from tests.drawing import raw
from tests.drawn_reports import report_of_folder

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = ("kitten-7", "32/13/2024", "Q9 nobody")
PEOPLE = "pers_person_id | pers_dob | pers_ethnicity\n" + "\n".join(
    f"C{i} | 2015-01-01 | {'WBRI' if i < 8 else 'NOBT'}" for i in range(14)
)
CONTACTS = f"""
    cont_contact_id | cont_person_id | cont_contact_date | cont_contact_source_code
    1               | C1             | 2024-01-01        | {SECRETS[2]}
    2               | {SECRETS[0]}   | 2024-01-01        | 2A
    3               | C2             | {SECRETS[1]}      | 2A
    4               | C2             | 2024-01-02        | 2A
"""
REFERRALS = """
    cine_referral_id | cine_person_id | cine_referral_date | cine_referral_team
    1                | C1             | 2024-01-02         | Moonlight Row
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of records with one bad code, one orphan and one bad date."""
    folder = tmp_path / "source"
    folder.mkdir()
    drawn = raw(ssd_person=PEOPLE, ssd_contacts=CONTACTS, ssd_cin_episodes=REFERRALS, ssd_cin_plans="cinp_cin_plan_id")
    for name, frame in drawn.items():
        frame.write_csv(folder / f"{name}.csv")
    return folder


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own."""
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_was_set_aside_is_counted_by_its_place_and_kind(source: Path, own_home: Path, tmp_path: Path) -> None:
    check(source, json_out=tmp_path / "r.json", say=len)
    report = json.loads((tmp_path / "r.json").read_text())
    aside = [f for f in report["findings"] if f["severity"] == "sets_aside"]
    assert {(f["table"], f["column"], f["kind"]): f["n"] for f in aside} == {
        ("ssd_contacts", None, "orphan"): 1,
        ("ssd_contacts", None, "unparsable_date"): 1,
        ("ssd_contacts", "cont_contact_source_code", "unknown_code"): 1,
    }


def test_every_row_read_is_accepted_or_set_aside(source: Path) -> None:
    tables = {t["table"]: t for t in report_of_folder(source)["tables"]}
    contacts = tables["ssd_contacts"]
    assert (contacts["rows_read"], contacts["rows_accepted"], contacts["rows_set_aside"]) == (4, 2, 2)


def test_the_report_as_json_says_which_form_it_has(source: Path, own_home: Path, tmp_path: Path) -> None:
    check(source, json_out=tmp_path / "r.json", say=len)
    assert json.loads((tmp_path / "r.json").read_text())["schema_version"] == 2


def test_no_value_is_said_or_written_outside_the_quarantine(source: Path, own_home: Path, tmp_path: Path) -> None:
    said: list[str] = []
    check(source, json_out=tmp_path / "r.json", html_out=tmp_path / "r.html", say=said.append)
    written = [tmp_path / "r.json", tmp_path / "r.html"]
    everything = "\n".join([*said, *(file.read_text() for file in written)]).lower()
    assert [secret for secret in (*SECRETS, "moonlight") if secret.lower() in everything] == []


def test_the_quarantine_is_for_its_owner_alone_and_replaces_the_last_one(source: Path, own_home: Path) -> None:
    for _ in range(2):
        check(source, say=len)
    files = [file for file in own_home.rglob("*") if file.is_file()]
    assert own_home / "quarantine" / "ssd_contacts.csv" in files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((own_home / "quarantine").stat().st_mode) == 0o700
    assert [f.name for f in own_home.iterdir()] == ["quarantine"]


def test_the_quarantine_says_which_team_a_number_is(source: Path, own_home: Path) -> None:
    check(source, say=len)
    key = list(csv.DictReader((own_home / "quarantine" / "teams.csv").read_text().splitlines()))
    assert key == [{"team": "team 1", "team_id": "Moonlight Row"}]


def test_records_that_cannot_be_used_still_leave_a_report(source: Path, own_home: Path, tmp_path: Path) -> None:
    (source / "ssd_person.csv").unlink()
    with pytest.raises(UnusableRecordsError, match="ssd_person: the table is missing"):
        check(source, json_out=tmp_path / "r.json", html_out=tmp_path / "r.html", say=len)
    report = json.loads((tmp_path / "r.json").read_text())
    assert not report["usable"]
    assert report["verdict"] == "These records cannot be used yet: 1 thing stands in the way."
    assert (own_home / "quarantine" / "ssd_contacts.csv").exists()


def test_a_report_that_cannot_be_written_is_said_before_anything_is(
    source: Path, own_home: Path, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsageError, match=r"folder for r\.json does not exist"):
        check(source, json_out=tmp_path / "nowhere" / "r.json", say=len)
    assert not own_home.exists()


def test_a_files_own_name_is_never_repeated(source: Path, own_home: Path, tmp_path: Path) -> None:
    (source / "jane kitten.csv").write_text("colour,taste\nred,sweet\n")
    (source / "kitten 00123.parquet").write_bytes(b"no parquet")
    said: list[str] = []
    with pytest.raises(UnusableRecordsError, match="a file that is not named as a table: the file") as refused:
        check(source, json_out=tmp_path / "r.json", html_out=tmp_path / "r.html", say=said.append)
    written = [(tmp_path / name).read_text() for name in ("r.json", "r.html")]
    assert "kitten" not in "\n".join([str(refused.value), *said, *written])
    assert "Left alone: 1 file that holds no table needed here." in said


def test_more_set_aside_than_allowed_stops(source: Path) -> None:
    with pytest.raises(UnusableRecordsError, match=r"ssd_contacts: 2 of 4 rows were set aside; at most 49\.0% may be"):
        load_records(source, max_set_aside=0.49)


def test_as_much_set_aside_as_allowed_is_used(source: Path) -> None:
    assert load_records(source, max_set_aside=0.5).tables["ssd_contacts"].height == 2


def test_an_extract_without_a_person_cannot_be_used(source: Path) -> None:
    head = (source / "ssd_person.csv").read_text().splitlines()[0]
    (source / "ssd_person.csv").write_text(head + "\n")
    with pytest.raises(UnusableRecordsError, match="ssd_person: the table has no row"):
        load_records(source)
