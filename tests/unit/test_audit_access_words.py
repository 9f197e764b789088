"""What the page of access to help says in words: sentences that can be read aloud, and no name of a column."""

from __future__ import annotations

from typing import Any

from training.access_people import NEED
from training.audit.report.access_words import FOUND_WORDS, NEED_WORDS, chart_sentence, does_not_tell, need_text
from training.audit.report.access_words import points_text as points
from training.audit.report.words import MINUS

STEP = {"words": "were offered early help, not having been referred on"}


def _line(label: str, *, is_apart: bool) -> dict[str, Any]:
    return {"label": label, "is_apart": is_apart}


def test_a_chart_is_named_by_its_step_and_says_what_it_shows_in_a_second_sentence() -> None:
    named = "“Were offered early help, not having been referred on”: "
    many = f"{named}how many times as often as was to be expected at equal recorded need. "
    assert chart_sentence("requests", STEP, [_line("Sex: F", is_apart=False)]) == f"{many}Every interval holds 1."
    lines = [_line("Sex: F", is_apart=True), _line("Sex: M", is_apart=True)]
    assert chart_sentence("requests", STEP, lines) == f"{many}The interval leaves out 1 for: Sex: F; Sex: M."
    assert chart_sentence("requests", STEP, []) == f"{named}no group has a number at equal recorded need."


def test_recorded_need_is_said_in_plain_words() -> None:
    assert set(NEED) == {*NEED_WORDS, *FOUND_WORDS}
    told = need_text(NEED)
    assert "child protection enquiries (section 47) in the last 24 months" in told
    assert "; and whether assessments of the last 24 months found domestic abuse in the family, abuse" in told
    assert told.endswith("at home or a need of support for the mental health of the child")
    assert "s47" not in told


def _content(columns: dict[str, Any]) -> dict[str, Any]:
    entry = {"measure": "scored", "everyone_else": columns}
    path = {"name": "children", "steps": [{"name": "scored"}], "entries": [entry]}
    return {"settings": {"disclosure": "published"}, "paths": [path]}


def test_a_rung_is_explained_once_where_one_is_held_equal() -> None:
    told = " ".join(does_not_tell(_content({"need": {}, "rung": {}})))
    assert told.count("A rung is the most intensive service that a child had on the day") == 1
    assert "early help, child in need, child protection plan" in told
    assert "rung" not in " ".join(does_not_tell(_content({"need": {}})))


def test_points_in_print_have_no_decimal_that_the_file_has_not() -> None:
    assert points({"value": 0.05, "low": -0.01, "high": 0.11}) == f"+5 ({MINUS}1 to +11)"
    assert points({"value": 0.0, "low": -0.04, "high": 0.04}) == f"0 ({MINUS}4 to +4)"
    assert points({"value": 0.05, "low": -0.0123, "high": 0.11}) == f"+5.0 ({MINUS}1.2 to +11.0)"
