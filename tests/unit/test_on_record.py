"""What is on record and never part of a score, in words."""

from __future__ import annotations

import math
from dataclasses import replace

from features.indicators.catalogue import SCORED, by_name
from features.indicators.shown_only import SHOWN_ONLY
from features.indicators.streams import tables_of
from serving.explanations import ONLY_SHOWN, also_on_record

DECLARED = [
    replace(by_name("contacts_last_12_months"), not_scored="drawn"),
    replace(by_name("is_under_one"), not_scored="drawn"),
]


def said(**values: float | None) -> tuple[str, ...]:
    return also_on_record({"contacts_last_12_months": 0, "is_under_one": 0, **values}, declarations=DECLARED)


def test_what_is_on_record_is_said_in_the_order_of_its_declarations() -> None:
    told = said(is_under_one=1, contacts_last_12_months=2)
    assert told == (DECLARED[0].describe(2), DECLARED[1].describe(1))


def test_nought_and_what_is_missing_are_not_said() -> None:
    assert said(contacts_last_12_months=None, is_under_one=math.nan) == ()
    assert said() == ()


def test_a_wording_is_said_once() -> None:
    twice = [DECLARED[1], replace(DECLARED[1], name="is_under_one_too")]
    assert len(also_on_record({"is_under_one": 1, "is_under_one_too": 1}, declarations=twice)) == 1


def test_what_no_model_may_read_is_shown_and_what_models_may_read_is_not() -> None:
    shown = {one.name for one in ONLY_SHOWN}
    assert shown >= {one.name for one in SHOWN_ONLY}
    assert shown.isdisjoint(one.name for one in SCORED)


def test_how_deprived_a_home_is_is_said_in_one_line() -> None:
    assert len([one for one in ONLY_SHOWN if "ext_deprivation" in tables_of(one.table)]) == 1
