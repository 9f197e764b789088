"""Origins: what may be learned from on which day, and who is left out and counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from features.indicators.matrix import matrix_as_of
from features.vocabulary.errors import WrongUsageError
from tests.drawn_models import plan
from training.registry.plan import Origin, Plan
from training.splits import check_origins, lay_out, problems_of

if TYPE_CHECKING:
    from features.tables.records import Records

LAST = date(2025, 3, 31)


def standing(train: str, calibrate: str, test: str) -> Plan:
    """The committed plan with one origin on these days."""
    days = (date.fromisoformat(day) for day in (train, calibrate, test))
    first, second, third = days
    return plan().model_copy(update={"origin": (Origin(train=(first,), calibrate=second, test=third),)})


def test_days_exactly_a_horizon_apart_are_let_through() -> None:
    apart = standing("2021-04-01", "2022-04-01", "2023-04-01")
    assert problems_of(apart, extract_day=date(2024, 3, 31)) == []


@pytest.mark.parametrize(
    ("train", "calibrate", "test", "problem"),
    [
        ("2021-04-02", "2022-04-01", "2023-04-01", "calibrating stands less than a horizon after training"),
        ("2021-04-01", "2022-04-02", "2023-04-01", "testing stands less than a horizon after calibrating"),
        ("2021-04-01", "2022-04-01", "2024-04-01", "the records end before the test day's horizon does"),
    ],
)
def test_days_a_day_too_near_are_refused(train: str, calibrate: str, test: str, problem: str) -> None:
    with pytest.raises(WrongUsageError, match=problem):
        check_origins(standing(train, calibrate, test), extract_day=LAST)


def test_all_that_is_wrong_with_the_days_is_said_at_once() -> None:
    with pytest.raises(WrongUsageError, match=r"after training; origin 1: testing"):
        check_origins(standing("2021-05-01", "2022-04-01", "2023-03-01"), extract_day=LAST)


def test_the_latest_training_day_counts() -> None:
    late = standing("2021-04-01", "2022-04-01", "2023-04-01")
    origin = late.origin[0].model_copy(update={"train": (date(2021, 4, 1), date(2021, 9, 1))})
    with pytest.raises(WrongUsageError, match="after training"):
        check_origins(late.model_copy(update={"origin": (origin,)}), extract_day=LAST)


def test_origins_out_of_order_are_refused() -> None:
    turned = plan().model_copy(update={"origin": plan().origin[::-1]})
    with pytest.raises(WrongUsageError, match="order of their test days"):
        check_origins(turned, extract_day=LAST)


def test_a_snapshot_is_sorted_and_holds_nobody_whose_outcome_cannot_be_seen(authority_records: Records) -> None:
    fold = lay_out(authority_records, plan())[-1]
    for snapshot in (fold.train, fold.calibrate, fold.test):
        assert snapshot.rows.equals(snapshot.rows.sort("as_of", "child_id"))
        assert set(snapshot.rows["outcome"].unique()) == {0, 1}
        assert sum(snapshot.censored.values()) > 0


def test_a_day_laid_out_with_others_is_the_day_alone(authority_records: Records) -> None:
    test = lay_out(authority_records, plan())[-1].test
    alone, _ = matrix_as_of(authority_records, as_of=plan().origin[-1].test, rule=plan().cohort)
    told = test.rows.drop("outcome", "cluster")
    assert told.equals(alone.join(told.select("child_id"), on="child_id", how="semi"))


def test_a_child_is_tried_once_and_on_the_test_day_alone(authority_records: Records) -> None:
    fold = lay_out(authority_records, plan())[-1]
    assert fold.test.rows["child_id"].is_unique().all()
    assert fold.test.rows["as_of"].unique().to_list() == [fold.origin.test]
    assert set(fold.train.rows["as_of"].unique()) == set(fold.origin.train)


def test_a_day_on_which_nobody_was_known_is_refused(authority_records: Records) -> None:
    with pytest.raises(WrongUsageError, match="children to train on"):
        lay_out(authority_records, standing("1990-01-01", "2021-12-31", "2022-12-31"))
