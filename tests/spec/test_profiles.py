"""How a child stands among children of the same age and rung."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.cohort import CohortRule
from features.indicators.catalogue import CATALOGUE, by_name
from features.indicators.matrix import matrix_as_of
from features.indicators.profiles import profiles

if TYPE_CHECKING:
    from features.tables.records import Records

RISKS = [by_name("contacts_last_12_months"), by_name("referrals_last_12_months")]
CALM = by_name("days_since_latest_step_up")
USUAL = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))


def standings(*rows: tuple[str, int, int, int | None, int | None], indicators: list = RISKS) -> dict[str, float | None]:  # type: ignore[type-arg]
    """Give the standing for risk in the services, by child, of rows `child, age, rung, contacts, referrals`."""
    names = ["child_id", "age_years", "rung", "contacts_last_12_months", "referrals_last_12_months"]
    drawn = pl.DataFrame(rows, schema=names, orient="row").with_columns(as_of=pl.lit(date(2025, 3, 31)))
    found = profiles(drawn.drop("rung"), drawn.select("child_id", "rung"), indicators=indicators)
    return dict(found.select("child_id", "standing").iter_rows())


def twenty(*, age: int = 7, rung: int = 1) -> list[tuple[str, int, int, int, int]]:
    """Draw twenty children with 0 to 19 contacts, and as many referrals."""
    return [(f"C{n:02}-{age}-{rung}", age, rung, n, n) for n in range(20)]


def test_the_standing_is_the_share_with_less_and_half_of_those_alike() -> None:
    found = standings(*twenty())
    assert found["C00-7-1"] == pytest.approx((0 + 0.5) / 20)
    assert found["C19-7-1"] == pytest.approx((19 + 0.5) / 20)


def test_children_alike_stand_alike() -> None:
    found = standings(*[(f"C{n}", 7, 1, 3, 1) for n in range(25)])
    assert set(found.values()) == {0.5}


def test_children_are_compared_with_their_own_age_and_rung_alone() -> None:
    together = standings(*twenty(), *twenty(age=12), *twenty(rung=2))
    assert together["C10-7-1"] == together["C10-12-1"] == together["C10-7-2"] == standings(*twenty())["C10-7-1"]


def test_an_infant_is_not_compared_with_a_child_of_four() -> None:
    infants, others = twenty(age=0), [(f"O{n}", 4, 1, 50, 50) for n in range(20)]
    assert standings(*infants, *others)["C19-0-1"] == pytest.approx(19.5 / 20)


def test_fewer_than_twenty_others_say_nothing() -> None:
    assert standings(*twenty()[1:])["C19-7-1"] is None


def test_what_is_not_told_counts_neither_way() -> None:
    found = standings(*twenty(), ("half", 7, 1, 30, None), ("none", 7, 1, None, None))
    assert found["half"] == pytest.approx((20 + 0.5) / 21)
    assert found["none"] is None


def test_risk_and_resilience_are_never_set_off_against_each_other() -> None:
    drawn = pl.DataFrame({
        "child_id": [f"C{n}" for n in range(30)], "age_years": [7] * 30, "as_of": [date(2025, 3, 31)] * 30,
        "contacts_last_12_months": range(30), CALM.name: range(30),
    })  # fmt: skip
    found = profiles(drawn, drawn.select("child_id", rung=pl.lit(1)), indicators=[*RISKS[:1], CALM])
    assert found.filter(child_id="C29")["polarity"].to_list() == ["risk", "resilience"]
    assert found.filter(child_id="C29")["standing"].to_list() == pytest.approx([29.5 / 30, 29.5 / 30])


def test_every_child_of_an_authority_has_a_line_a_domain_and_the_same_bytes_each_time(
    authority_records: Records,
) -> None:
    matrix, cohort = matrix_as_of(authority_records, as_of=date(2024, 3, 31), rule=USUAL)
    found = profiles(matrix, cohort)
    lines = {(one.domain, one.polarity) for one in CATALOGUE if one.monotone and not one.not_scored}
    assert found.height == matrix.height * len(lines)
    assert found["standing"].drop_nulls().is_between(0, 1).all()
    assert_frame_equal(found, profiles(matrix.reverse(), cohort))
