"""`access.json` is what its published schema says; its page and its CSV tell the same, and the same input the same."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import earlyhelp
import training.audit
from features.cohort import CohortRule
from tests.schema_check import problems
from training.access import Asked, access_of
from training.audit.report.access import render
from training.audit.report.access_files import FILES, to_csv, to_json, write_access

if TYPE_CHECKING:
    from features.tables.records import Records

SCHEMA = json.loads((Path(training.audit.__file__).parent / "access.schema.json").read_text(encoding="utf-8"))
RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
NEVER = ("unfair", "discriminat", "high-risk", "risk score", "red flag", "protected by", "danger")


@pytest.fixture(scope="module")
def asked() -> Asked:
    first, last = date(2024, 1, 1), date(2024, 6, 30)
    return Asked(first, last, disclosure="published", reference={"sex": "male"}, rule=RULE)


@pytest.fixture(scope="module")
def content(authority_records: Records, asked: Asked) -> dict[str, Any]:
    return access_of(authority_records, asked)


@pytest.fixture(scope="module")
def page(content: dict[str, Any]) -> str:
    return render(content)


def test_access_json_holds_to_its_schema(content: dict[str, Any]) -> None:
    assert problems(json.loads(to_json(content)), SCHEMA) == []


def test_the_schema_would_see_a_number_that_is_none(content: dict[str, Any]) -> None:
    broken = json.loads(to_json(content))
    broken["paths"][0]["entries"][0]["share"] = {"value": "a third"}
    assert problems(broken, SCHEMA) != []


def test_every_group_of_a_characteristic_is_there_at_every_step_with_who_is_not_recorded(
    content: dict[str, Any],
) -> None:
    requests = next(path for path in content["paths"] if path["name"] == "requests")
    by_step = {
        step["name"]: {
            (each["attribute"], each["group"]) for each in requests["entries"] if each["measure"] == step["name"]
        }
        for step in requests["steps"]
    }
    assert ("ethnic_group", None) in by_step["offered"]
    assert all(groups == by_step["referred"] for groups in by_step.values())


def test_in_print_every_share_comes_of_rounded_counts(content: dict[str, Any]) -> None:
    shares = [entry["share"] for path in content["paths"] for entry in path["entries"] if "value" in entry["share"]]
    assert len(shares) > 10
    assert all(share["k"] % 5 == share["n"] % 5 == 0 for share in shares)
    assert all(share["value"] == round(share["k"] / share["n"], 2) for share in shares)


def test_the_csv_has_a_line_for_every_figure_and_no_more_than_the_json(content: dict[str, Any]) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(content))))
    told = to_json(content)
    assert len(lines) == told.count('"suppressed"') + told.count('"undefined"') + told.count('"value"')
    assert all(line["value"] == line["k"] == "" for line in lines if line["why_there_is_none"])


def test_the_page_is_self_contained_and_without_script(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page)


def test_every_table_has_a_caption_and_every_heading_a_scope(page: str) -> None:
    assert page.count("<table>") == page.count("<caption>") > 5
    assert all("scope=" in heading for heading in re.findall(r"<th[ >][^>]*>?", page))


def test_every_chart_has_words_for_who_cannot_see_it(page: str) -> None:
    charts = re.findall(r"<svg [^>]*>", page)
    assert len(charts) > 1
    assert all('role="img"' in chart and re.search(r'aria-label="[^"]{20,}"', chart) for chart in charts)


def test_plain_words_come_first_and_say_what_this_does_not_tell(page: str) -> None:
    first = page[: page.index('<h2 id="where">')]
    assert "What stands out" in first
    assert "True need is not in the records" in first
    assert "<table" not in first


def test_the_page_never_judges(page: str) -> None:
    assert [word for word in NEVER if word in page.lower()] == []


def test_the_same_records_give_the_same_bytes(
    authority_records: Records, asked: Asked, content: dict[str, Any], tmp_path: Path
) -> None:
    again = access_of(authority_records, asked)
    write_access(content, tmp_path / "one")
    write_access(again, tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(FILES)
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in FILES)


TABLES = {
    "ssd_person": ("pers_person_id,pers_dob,pers_ethnicity", "C1,2015-01-01,WBRI", "C2,2016-01-01,ABAN"),
    "ssd_contacts": ("cont_contact_id,cont_person_id,cont_contact_date,cont_contact_outcome_json", "1,C1,2024-03-01,"),
    "ssd_cin_episodes": ("cine_referral_id,cine_person_id,cine_referral_date,cine_close_date", "1,C2,2024-06-01,"),
    "ssd_early_help_episodes": (
        "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_date",
        "1,C1,2024-04-01,",
    ),
}


@pytest.fixture
def few(tmp_path: Path) -> Path:
    for name, lines in TABLES.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


PERIOD = ["--from", "2024-01-01", "--until", "2024-05-31"]


def test_of_very_few_children_the_command_writes_three_files_that_tell_nothing(few: Path, session_home: Path) -> None:
    assert earlyhelp.run(["access", str(few), *PERIOD, "--out", str(few / "out")]) == 0
    assert sorted(path.name for path in (few / "out").iterdir()) == sorted(FILES)
    assert '"value"' not in (few / "out" / "access.json").read_text(encoding="utf-8")


def test_the_command_says_where_the_page_is(few: Path, session_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert earlyhelp.run(["access", str(few), *PERIOD, "--out", str(few / "out")]) == 0
    assert capsys.readouterr().out == f"Written: {few / 'out' / 'access.html'}\n"


def test_a_reference_that_is_no_characteristic_is_wrong_usage(few: Path, session_home: Path) -> None:
    assert earlyhelp.run(["access", str(few), *PERIOD, "--out", str(few / "out"), "--reference", "team=MASH"]) == 64
    assert not (few / "out").exists()
