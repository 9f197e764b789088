"""`records_on_trial.json` is what its published schema says, and its page tells the same, in plain words first."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import training.audit
from tests.kept_trial import kept_trial
from tests.schema_check import problems
from training.audit.report.access_files import to_json
from training.audit.report.trial import render

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = json.loads((Path(training.audit.__file__).parent / "trial.schema.json").read_text(encoding="utf-8"))
PARTS = ("recording", "proxies", "measurement", "helped", "surveillance", "followup")
NEVER = ("unfair", "discriminat", "high-risk", "risk score", "red flag", "protected by", "danger")


@pytest.fixture(scope="module")
def on_trial(trained: str) -> dict[str, Any]:
    return kept_trial(trained)


@pytest.fixture(scope="module")
def page(on_trial: dict[str, Any]) -> str:
    return render(on_trial)


def _of_parts(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    """Hold what a list or an object holds."""
    if isinstance(value, list):
        for item in value:
            yield from problems(item, schema["items"], f"{where}[]")
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema["additionalProperties"]
        yield from (f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value)
        for name, part in value.items():
            if name not in known and others is False:
                yield f"{where}: {name} is unknown"
            else:
                yield from problems(part, known.get(name, others), f"{where}.{name}")


def test_records_on_trial_json_holds_to_its_schema(on_trial: dict[str, Any]) -> None:
    assert problems(json.loads(to_json(on_trial)), SCHEMA) == []


def test_the_schema_would_see_a_number_that_is_none(on_trial: dict[str, Any]) -> None:
    broken = json.loads(to_json(on_trial))
    broken["recording"]["not_recorded"][0]["share"] = {"value": "a third"}
    assert problems(broken, SCHEMA) != []


def test_a_part_without_lines_says_why(on_trial: dict[str, Any]) -> None:
    empty = {
        part: name
        for part in PARTS
        for name, lines in on_trial[part].items()
        if lines == [] and name not in ("not_looked_at", "around") and not on_trial[part]["not_looked_at"]
    }
    assert empty == {}


def test_the_page_is_self_contained_and_without_script(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#)', page)


def test_every_table_has_a_caption_and_every_heading_a_scope(page: str) -> None:
    assert page.count("<table>") == page.count("<caption>") > 10
    assert all("scope=" in heading for heading in re.findall(r"<th[ >][^>]*>?", page))


def test_plain_words_come_first_and_say_what_records_cannot_tell(page: str) -> None:
    first = page[: page.index('<h2 id="recording">')]
    assert "What stands out" in first
    assert "The size of unequal recording, looking and deciding cannot be told from records." in first
    assert "<table" not in first


def test_the_page_never_judges(page: str) -> None:
    assert [word for word in NEVER if word in page.lower()] == []


def test_what_is_withheld_in_the_file_is_withheld_on_the_page(on_trial: dict[str, Any], page: str) -> None:
    assert '"suppressed": true' in to_json(on_trial)
    assert "[c]" in page
    assert page == render(json.loads(to_json(on_trial)))
