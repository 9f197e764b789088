"""The truth that no extract tells agrees with what happened, and with what the records say happened."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.as_of import view_as_of
from features.cohort import CohortRule, cohort
from features.outcomes import OutcomeRule, outcome_after
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS
from features.synthetic.profiles import PROFILES
from features.synthetic.record_factors import SAYS
from features.synthetic.services import Situation, exits
from features.synthetic.states import State
from features.synthetic.truth import auc

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records

AS_OF, LAST_DAY = date(2024, 3, 31), date(2025, 3, 31)
EVERYONE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
ESCALATION = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need")


@pytest.fixture(scope="module")
def truth(authority: Path) -> pl.DataFrame:
    return pl.read_parquet(authority.parent / "truth" / "escalation.parquet")


def test_as_many_escalate_as_the_chances_say(truth: pl.DataFrame) -> None:
    seen = truth.drop_nulls("escalated")
    # Siblings move together, so the sum varies about twice as much as that of strangers.
    spread = 2 * float((seen["chance"] * (1 - seen["chance"])).sum()) ** 0.5
    assert abs(seen["escalated"].sum() - seen["chance"].sum()) < 2.5 * spread


def test_the_records_tell_the_outcome_that_happened(truth: pl.DataFrame, authority_records: Records) -> None:
    known = cohort(view_as_of(authority_records, as_of=AS_OF), EVERYONE)
    told = outcome_after(authority_records, known, as_of=AS_OF, known_on=LAST_DAY, rule=ESCALATION)
    both = told.join(truth.filter(as_of=AS_OF), on="child_id").drop_nulls(["outcome", "escalated"])
    assert both.height > 0.9 * told["outcome"].count()
    assert (both["outcome"] == both["escalated"]).mean() > 0.99


def test_chances_are_told_for_the_days_that_plans_test_on(truth: pl.DataFrame) -> None:
    assert truth["as_of"].unique().sort().to_list() == [date(2023, 3, 31), AS_OF, LAST_DAY]
    assert truth.filter(as_of=LAST_DAY)["escalated"].null_count() == truth.filter(as_of=LAST_DAY).height
    assert truth["chance"].is_between(0, 1).all()


def test_the_ceiling_leaves_room_and_is_not_too_good(authority: Path) -> None:
    ceiling = json.loads((authority.parent / "truth" / "ceiling.json").read_text())["escalation"]["pooled"]
    assert 0.74 < ceiling["auc"] < 0.90
    assert ceiling["low"] < ceiling["auc"] < ceiling["high"]


def test_needs_and_strengths_are_told_for_every_quarter_end(authority: Path) -> None:
    latent = pl.read_parquet(authority.parent / "truth" / "latent.parquet")
    assert latent["as_of"].n_unique() == 24
    assert latent["need"].is_between(0, 6).all()
    assert latent["strength"].is_between(0, 3).all()


def test_given_need_nothing_depends_on_ethnicity_sex_or_deprivation() -> None:
    decides = {f.name for f in fields(Situation)}
    assert not decides & {"ethnicity", "is_male", "sex", "deprivation"}


@pytest.mark.parametrize("state", [state for state in State if state is not State.GONE])
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_what_may_happen_in_a_month_never_sums_to_more_than_one(state: State, profile: str) -> None:
    need, strength, age = np.meshgrid(np.arange(7), np.arange(4), np.arange(-4, 216, 4))
    at = Situation(need, strength, age, *(np.array(flag) for flag in (0, 1, 1, 1, 1)))
    chances = [np.broadcast_to(chance, need.shape) for _, chance in exits(state, at, PROFILES[profile])]
    assert all((chance >= 0).all() for chance in chances)
    assert (np.sum(chances, axis=0) <= 1 + 1e-12).all()


def test_more_need_makes_a_plan_likelier_and_finished_help_rarer() -> None:
    low, high = (Situation(np.array([n]), np.array([1]), np.array([100]), 0, 0, 0, 0, 0) for n in (1, 5))
    for state in (State.UNIVERSAL, State.EARLY_HELP, State.IN_NEED, State.ENQUIRY):
        before, after = dict(exits(state, low, PROFILES["england"])), dict(exits(state, high, PROFILES["england"]))
        assert all(after[m] >= before[m] for m in before if m.name.endswith(("INTO_CARE", "REFERRED", "STEPPED_UP")))
        assert all(after[m] <= before[m] for m in before if m.name in ("HELP_COMPLETED", "NEED_MET"))


def test_every_problem_has_factors_that_say_so() -> None:
    assert list(SAYS) == [*FAMILY_PROBLEMS, *CHILD_PROBLEMS]


def test_the_area_under_the_curve_counts_ties_half() -> None:
    # Pairs of one that moved up and one that did not: (3, 1) (3, 2) (2, 1) right, (2, 2) tied: 3.5 of 4.
    assert auc(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False])) == 3.5 / 4
