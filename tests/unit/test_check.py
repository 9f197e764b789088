"""What a data manager is told of an extract, and what is left beside it: counts and reasons, never a value."""

from __future__ import annotations

import csv
import json
import stat
from typing import TYPE_CHECKING

import pytest

from features.check.check import check, write_quarantine
from features.check.report import (
    EARLY_HELP_ONLY,
    EARLY_HELP_ORPHANS,
    MOST_LINES,
    check_report,
    report_lines,
    report_page,
)
from features.tables.load import load_records
from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from tests.drawing import raw, records

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


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of records with one bad code, one orphan and one bad date."""
    folder = tmp_path / "source"
    folder.mkdir()
    drawn = raw(
        ssd_person=PEOPLE,
        ssd_contacts=CONTACTS,
        ssd_cin_episodes="cine_referral_id | cine_person_id | cine_referral_date\n1 | C1 | 2024-01-02",
        ssd_cin_plans="cinp_cin_plan_id",
    )
    for name, frame in drawn.items():
        frame.write_csv(folder / f"{name}.csv")
    return folder


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own."""
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_was_set_aside_is_counted_by_its_reason(source: Path, own_home: Path, tmp_path: Path) -> None:
    check(source, json_out=tmp_path / "r.json", say=len)
    report = json.loads((tmp_path / "r.json").read_text())
    counted = {(r["table"], r["column"], r["kind"]): r["n"] for r in report["set_aside"]}
    assert counted == {
        ("ssd_contacts", None, "orphan"): 1,
        ("ssd_contacts", None, "unparsable_date"): 1,
        ("ssd_contacts", "cont_contact_source_code", "unknown_code"): 1,
    }


def test_every_row_read_is_accepted_or_set_aside(source: Path) -> None:
    tables = {t["table"]: t for t in check_report(load_records(source))["tables"]}
    contacts = tables["ssd_contacts"]
    assert (contacts["rows_read"], contacts["rows_accepted"], contacts["rows_set_aside"]) == (4, 2, 2)


def test_no_value_is_said_or_written_anywhere(source: Path, own_home: Path, tmp_path: Path) -> None:
    said: list[str] = []
    check(source, json_out=tmp_path / "r.json", html_out=tmp_path / "r.html", say=said.append)
    written = [tmp_path / "r.json", tmp_path / "r.html", *own_home.rglob("*.csv")]
    everything = "\n".join([*said, *(file.read_text() for file in written)])
    assert len(written) == 3
    assert [secret for secret in SECRETS if secret in everything] == []


def test_the_quarantine_is_for_its_owner_alone_and_replaces_the_last_one(source: Path, own_home: Path) -> None:
    for _ in range(2):
        check(source, say=len)
    (file,) = own_home.rglob("*.csv")
    assert file == own_home / "quarantine" / "ssd_contacts.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [f.name for f in own_home.iterdir()] == ["quarantine"]


def test_the_quarantine_says_which_row_and_why(source: Path, tmp_path: Path) -> None:
    write_quarantine(load_records(source), tmp_path / "q")
    lines = list(csv.DictReader((tmp_path / "q" / "ssd_contacts.csv").read_text().splitlines()))
    assert [(line["row"], line["column"], line["kind"]) for line in lines] == [
        ("1", "cont_contact_source_code", "unknown_code"),
        ("2", "", "orphan"),
        ("3", "", "unparsable_date"),
    ]


def test_records_that_cannot_be_used_still_leave_a_report(source: Path, own_home: Path, tmp_path: Path) -> None:
    (source / "ssd_person.csv").unlink()
    with pytest.raises(UnusableRecordsError, match="ssd_person: the table is missing"):
        check(source, json_out=tmp_path / "r.json", say=len)
    report = json.loads((tmp_path / "r.json").read_text())
    assert not report["usable"]
    assert (own_home / "quarantine" / "ssd_contacts.csv").exists()


def test_a_report_that_cannot_be_written_is_said_before_anything_is(
    source: Path, own_home: Path, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsageError, match=r"folder for r\.json does not exist"):
        check(source, json_out=tmp_path / "nowhere" / "r.json", say=len)
    assert not own_home.exists()


def test_missing_ethnicity_is_told_with_its_count(source: Path) -> None:
    (ethnicity, *_) = check_report(load_records(source))["not_recorded"]
    assert ethnicity == {"characteristic": "ethnicity", "n_missing": 6, "n_children": 14, "share": round(6 / 14, 4)}


@pytest.mark.parametrize(("n_known", "n_missing"), [(10, 4), (4, 10), (10, 1)])
def test_fewer_than_five_children_are_not_told_apart(n_known: int, n_missing: int) -> None:
    known = [f"K{i} | 2015-01-01 | WBRI" for i in range(n_known)]
    missing = [f"M{i} | 2015-01-01 | REFU" for i in range(n_missing)]
    found = records(ssd_person="\n".join(["pers_person_id | pers_dob | pers_ethnicity", *known, *missing]))
    assert check_report(found)["not_recorded"][0] == {"characteristic": "ethnicity", "suppressed": True}


def test_grown_ups_are_not_counted_as_children() -> None:
    people = [f"C{i} | 2015-01-01" for i in range(6)] + [f"A{i} | 1990-01-01" for i in range(7)]
    found = records(ssd_person="\n".join(["pers_person_id | pers_dob", *people]))
    assert check_report(found)["not_recorded"][0]["n_children"] == 6


@pytest.mark.parametrize(("helped", "hinted"), [("C1", True), ("C2", False)])
def test_early_help_without_a_contact_or_referral_shows_that_such_children_are_there(helped: str, hinted: bool) -> None:
    found = records(
        ssd_person="pers_person_id\nC1\nC2",
        ssd_contacts="cont_contact_id | cont_person_id | cont_contact_date\n1 | C1 | 2024-01-01",
        ssd_early_help_episodes=f"earl_person_id | earl_episode_start_date\nC1 | 2024-01-01\n{helped} | 2024-02-01",
    )
    hints = check_report(found)["hints"]
    assert hints == ([EARLY_HELP_ONLY] if hinted else [])


@pytest.mark.parametrize(("n_known", "hinted"), [(18, True), (19, False)])
def test_early_help_of_people_who_are_not_there_is_worth_asking_about(n_known: int, hinted: bool) -> None:
    rows = ["earl_person_id | earl_episode_start_date", *["C2 | 2024-01-01"] * n_known, "gone | 2024-01-01"]
    found = records(ssd_person="pers_person_id\nC2", ssd_early_help_episodes="\n".join(rows))
    assert check_report(found)["hints"] == ([EARLY_HELP_ORPHANS] if hinted else [])


def test_a_terminal_shows_the_most_frequent_reasons_and_how_many_more_there_are(source: Path) -> None:
    report = check_report(load_records(source))
    lines = report_lines({**report, "set_aside": report["set_aside"][:1] * (MOST_LINES + 2)})
    assert len([line for line in lines if " x ssd_" in line]) == MOST_LINES
    assert "  and 2 more kinds: write the report with --json or --html to see them" in lines


def test_a_page_needs_nothing_beside_it(source: Path) -> None:
    page = report_page(check_report(load_records(source), problems=["<b>odd</b>"]))
    assert "&lt;b&gt;odd" in page
    assert not any(outside in page for outside in ("http:", "https:", "<script", "src="))


def test_the_lines_for_a_terminal_begin_with_the_sum(source: Path) -> None:
    first, second, *_ = report_lines(check_report(load_records(source)))
    assert first == "4 tables until 2024-01-02: 19 rows read, 17 accepted."
    assert second == "Set aside: 3 (2 rows, 1 cells)."


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
