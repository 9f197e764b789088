"""The catalogue: every indicator declared once, in words, with a polarity that its unit bears out."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from features.indicators.catalogue import (
    CATALOGUE,
    SHOWN_ONLY,
    by_name,
    catalogue_json,
    catalogue_lines,
    catalogue_text,
)
from features.indicators.catalogue_page import PAGE, catalogue_page
from features.indicators.compiler import passes
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.streams import HOMES, PERSON_OF
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.theory_of_change import Aim

SPEC = Path(__file__).parents[1] / "spec"
SAID = re.compile(r"red flag|high-risk|danger|protected by|risk score", re.IGNORECASE)
ALL = pytest.mark.parametrize("indicator", CATALOGUE, ids=lambda indicator: indicator.name)


def test_there_are_enough_indicators_and_enough_that_speak_of_resilience() -> None:
    resilience = [indicator for indicator in CATALOGUE if indicator.polarity == Polarity.RESILIENCE]
    assert (len(CATALOGUE) >= 150, len(resilience) >= 30) == (True, True)


def test_every_domain_of_family_life_is_spoken_of() -> None:
    assert {indicator.domain for indicator in CATALOGUE} == set(Domain)


def test_every_indicator_has_its_specification() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in SPEC.glob("test_*.py"))
    assert [i.name for i in CATALOGUE if f'"{i.name}"' not in written] == []


@ALL
def test_its_window_stands_in_its_name(indicator: Indicator) -> None:
    months = {91: "3_months", 182: "6_months", 365: "12_months", 730: "24_months"}
    names = {364: "6_months", **months}
    assert indicator.window_days is None or indicator.name.endswith(names[indicator.window_days])


@ALL
def test_it_says_every_value_in_words(indicator: Indicator) -> None:
    words = [indicator.describe(value) for value in (None, 0, 1, 3)]
    assert all(words)
    assert not any(re.search(r"[\[\]{}|]|\.$", said) or SAID.search(said) for said in words)


@ALL
def test_it_reads_a_stream_that_is_known(indicator: Indicator) -> None:
    assert indicator.table in PERSON_OF


@ALL
def test_it_tells_families_what_was_looked_at_or_says_why_not(indicator: Indicator) -> None:
    assert re.match(r"((in|of|for|on|at|about) )?(how|whether|when|what|which)\b", indicator.for_families)
    assert not SAID.search(indicator.for_families)
    assert not re.search(r"[\[\]{}|]|\.$", indicator.for_families)
    if indicator.not_for_families:
        assert indicator.not_for_families.startswith("it ")
        with pytest.raises(ValueError, match="not for families"):
            indicator.tell_families(1)
    else:
        assert indicator.tell_families(None) == f"{indicator.for_families}: not in our records"


@ALL
def test_it_says_where_it_comes_from_and_what_it_is_for(indicator: Indicator) -> None:
    assert indicator.evidence
    assert indicator.aim in Aim


def test_no_two_indicators_say_the_same() -> None:
    said = Counter(indicator.describe(3) for indicator in CATALOGUE if indicator.unit != "flag")
    said |= Counter(indicator.describe(1) for indicator in CATALOGUE if indicator.unit == "flag")
    assert [words for words, times in said.items() if times > 1] == []


def test_what_tells_of_others_is_never_told_to_a_family() -> None:
    assert [i.name for i in CATALOGUE if i.about == "household" and not i.not_for_families] == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("contacts_last_12_months", 2, "2"),
        ("days_of_early_help_last_12_months", 1, "1 day"),
        ("days_of_early_help_last_12_months", 90, "90 days"),
        ("has_early_help_now", 1, "yes"),
        ("has_early_help_now", 0, "no"),
        ("share_of_visits_child_seen_last_12_months", 0.5, "50%"),
    ],
)
def test_a_value_in_words_for_the_family(name: str, value: float, told: str) -> None:
    assert by_name(name).tell_families(value).endswith(f": {told}")


def test_the_page_of_every_indicator_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue_page(), "run make catalogue"


def test_the_page_says_each_indicator_once() -> None:
    page = catalogue_page()
    assert [one.name for one in (*CATALOGUE, *SHOWN_ONLY) if page.count(f"| `{one.name}`<br>") != 1] == []


def test_days_since_are_never_a_risk() -> None:
    assert [i.name for i in CATALOGUE if i.name.startswith("days_since") and i.polarity == Polarity.RISK] == []


def test_what_is_in_place_on_the_day_is_context() -> None:
    own = [i for i in CATALOGUE if i.name.endswith("_now") and i.about == "child"]
    assert {indicator.monotone for indicator in own} == {0}


def test_each_table_is_read_in_one_pass() -> None:
    streams = [(one.table, one.about) for one in passes(CATALOGUE)]
    assert len(streams) == len(set(streams))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "contacts are not recorded here"),
        (0, "no contact in the last 12 months"),
        (1, "1 contact in the last 12 months"),
        (12, "12 contacts in the last 12 months"),
    ],
)
def test_a_count_in_words(value: float | None, words: str) -> None:
    assert by_name("contacts_last_12_months").describe(value) == words


def test_a_ratio_is_said_as_a_percentage() -> None:
    said = by_name("share_of_visits_child_seen_last_12_months").describe(2 / 3)
    assert said == "the child was seen in 67% of visits in the last 12 months"


def test_an_indicator_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="catalogue does not have"):
        by_name("deprivation")


def test_only_a_ratio_is_divided() -> None:
    with pytest.raises(ValueError, match="only a ratio"):
        replace(by_name("contacts_last_12_months"), unit="ratio")


def test_the_catalogue_is_printed_by_domain_with_every_name() -> None:
    lines = catalogue_lines()
    assert [line for line in lines if line in set(Domain)] == list(Domain)
    named = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert sorted(named) == sorted(one.name for one in (*CATALOGUE, *SHOWN_ONLY))


def test_the_catalogue_as_json_holds_every_declaration() -> None:
    read = json.loads(catalogue_text())
    assert read == catalogue_json()
    assert [one["name"] for one in read] == [indicator.name for indicator in (*CATALOGUE, *SHOWN_ONLY)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "1 day ago"),
        (60, "60 days ago"),
        (61, "about 2 months ago"),
        (729, "about 24 months ago"),
        (1826, "about 5 years ago"),
    ],
)
def test_a_number_of_days_is_said_as_a_time_ago(days: int, words: str) -> None:
    assert by_name("days_since_latest_contact").describe(days) == f"latest contact {words}"


@pytest.mark.parametrize("table", ["ssd_address", HOMES, "ssd_care_leavers"])
def test_where_a_child_moved_and_how_a_care_leaver_lives_is_never_told_to_a_family(table: str) -> None:
    told = {one.name for one in CATALOGUE if one.table == table and not one.not_for_families}
    assert told <= {"is_address_known"}


def test_what_says_where_a_contact_came_from_is_never_told_to_a_family() -> None:
    who_came = [one for one in CATALOGUE if one.table == "ssd_contacts" and re.search(r"\bfrom\b", one.sentence)]
    assert len(who_came) >= 8
    assert [one.name for one in who_came if not one.not_for_families] == []
