"""A plan: every value is stated, every unknown word refused, and all problems are said at once."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from features.indicators import catalogue
from features.vocabulary.errors import WrongUsageError
from tests.drawn_models import PLAN_FILE, plan
from training.registry.plan import Bands, Plan, parse_plan, read_plan

if TYPE_CHECKING:
    from pathlib import Path


def content() -> dict[str, Any]:
    """The committed plan as TOML gives it."""
    return tomllib.loads(PLAN_FILE.read_text(encoding="utf-8"))


def test_a_plan_comes_back_from_json_as_it_was() -> None:
    assert Plan.model_validate_json(plan().model_dump_json()) == plan()


@pytest.mark.parametrize("part", sorted(content()))
def test_no_part_has_a_default(part: str) -> None:
    without = {name: value for name, value in content().items() if name != part}
    with pytest.raises(WrongUsageError, match=f"{part}: Field required"):
        parse_plan(without)


def test_an_unknown_word_is_refused() -> None:
    told = content()
    told["lightgbm"]["trees"] = 100
    with pytest.raises(WrongUsageError, match=r"lightgbm\.trees: Extra inputs are not permitted"):
        parse_plan(told)


def test_all_problems_are_said_at_once() -> None:
    told = content()
    told["bands"]["capacity"] = 1.5
    del told["logistic"]["penalty"]
    with pytest.raises(WrongUsageError, match=r"2 problem\(s\).*logistic\.penalty.*bands\.capacity"):
        parse_plan(told)


def test_a_gated_measure_without_a_tolerance_is_refused() -> None:
    told = content()
    del told["audit"]["tolerance"]["tpr"]
    with pytest.raises(WrongUsageError, match="every gated measure needs a tolerance"):
        parse_plan(told)


@pytest.mark.parametrize("nothing", ["primary", "gated", "characteristics"])
def test_a_plan_whose_audit_could_refuse_nothing_is_refused(nothing: str) -> None:
    told = content()
    told["audit"][nothing] = []
    with pytest.raises(WrongUsageError, match=rf"audit\.{nothing}: Tuple should have at least 1 item"):
        parse_plan(told)


def test_an_indicator_that_the_catalogue_lacks_is_refused(tmp_path: Path) -> None:
    text = PLAN_FILE.read_text(encoding="utf-8").replace("leave_out = []", 'leave_out = ["shoe_size"]')
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match="does not have: shoe_size"):
        read_plan(tmp_path / "plan.toml")


def test_a_rule_of_thumb_gives_no_points_to_what_no_model_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    scored = tuple(one for one in catalogue.SCORED if one.name != "is_under_one")
    monkeypatch.setattr(catalogue, "SCORED", scored)
    with pytest.raises(WrongUsageError, match="gives points to indicators that no model may read: is_under_one"):
        read_plan(PLAN_FILE)


@pytest.mark.parametrize("text", ["[plan", "\x00", None])
def test_a_file_that_is_no_plan_is_wrong_usage(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match="could not be read"):
        read_plan(tmp_path / "plan.toml")


def test_bands_end_at_shares_of_the_places_there_are() -> None:
    bands = Bands(capacity=0.2, names=("first", "next", "others"), shares=(0.5, 1.0))
    assert bands.last_ranks(110) == (11, 22)
    assert bands.last_ranks(1) == (1, 1)


@pytest.mark.parametrize("shares", [(1.0, 0.5), (0.5,), (0.5, 6.0)])
def test_bands_that_do_not_fit_together_are_refused(shares: tuple[float, ...]) -> None:
    told = content()
    told["bands"]["shares"] = list(shares)
    with pytest.raises(WrongUsageError, match="bands: Value error"):
        parse_plan(told)
