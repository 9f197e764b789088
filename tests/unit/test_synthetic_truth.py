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
from features.synthetic import needs
from features.synthetic.calendar import months_until
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS, People, invent
from features.synthetic.lives import live, pick, situation
from features.synthetic.profiles import PROFILES
from features.synthetic.record_factors import SAYS
from features.synthetic.services import Situation, exits
from features.synthetic.states import HELP_GIVEN, LEADS_TO, RUNGS, Move, State
from features.synthetic.streams import stream
from features.synthetic.truth import Chances, auc, carry_needs, carry_services, chances
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records

AS_OF, LAST_DAY = date(2023, 12, 31), date(2025, 3, 31)
EVERYONE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
ESCALATION = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=())


@pytest.fixture(scope="module")
def truth(authority: Path) -> pl.DataFrame:
    return pl.read_parquet(authority.parent / "truth" / "escalation.parquet")


N = 60_000


def one_child_many_times(n: int) -> People:
    """Take one child with a little of everything, many times, each in a family of its own."""
    flags = np.ones((n, 1), bool)
    return People(
        family=np.arange(n), birth_day=np.zeros(n, int), ethnicity=np.zeros(n, int), is_male=flags[:, 0],
        is_disabled=~flags[:, 0], base=np.full(n, 2), base_strength=np.full(n, 1), help_works=flags[:, 0],
        family_problems=flags * [True, False, True, False, False, False, True],
        child_problems=flags * [False, False, True], mother_birth_day=np.zeros(n, int), deprivation=np.ones(n, int),
    )  # fmt: skip


def test_the_chances_carry_need_and_strengths_forward_as_the_lives_draw_them() -> None:
    rng, one = np.random.default_rng(1), one_child_many_times(1)
    mass = np.zeros((1, 7, 4))
    mass[0, 4, 2] = 1.0
    carried = carry_needs(mass, one, State.EARLY_HELP)
    need, strength = np.full(N, 4), np.full(N, 2)
    helped = HELP_GIVEN[State.EARLY_HELP]
    firmer = needs.step_strength(strength, needs.strength_steps(strength, 1, helped), rng.random(N))
    need = needs.step_need(need, needs.need_steps(need, 2, strength, helped), rng.random(N))
    shares = np.bincount(need * 4 + firmer, minlength=28).reshape(7, 4) / N
    assert np.abs(shares - carried[0]).max() < 4 * 0.5 / np.sqrt(N)
    assert carried.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("state", [state for state in State if state < State.CARE])
def test_the_chances_let_moves_happen_as_the_lives_draw_them(state: State) -> None:
    rng, one, many = np.random.default_rng(2), one_child_many_times(1), one_child_many_times(N)
    mass = {s: np.zeros((1, 7, 4)) for s in State if s < State.CARE}
    mass[state][0, 5, 1] = 1.0
    after, reached = carry_services(mass, one, np.array([150]), np.array([RUNGS[state]]), PROFILES["wales"])
    at = situation(many, np.full(N, 5), np.full(N, 1), np.full(N, 150))
    move = pick(np.full(N, state), at, rng.random(N), PROFILES["wales"])
    lands = np.array([LEADS_TO.get(Move(m), state) for m in range(len(Move))])[move]
    is_up = np.isin(lands, [s for s in State if max(RUNGS[state], Rung.EARLY_HELP) < RUNGS[s]])
    assert is_up.mean() == pytest.approx(reached[0], abs=4 * 0.5 / np.sqrt(N))
    for s, left in after.items():
        assert ((lands == s) & ~is_up).mean() == pytest.approx(left.sum(), abs=4 * 0.5 / np.sqrt(N))


def strangers(seed: int) -> tuple[Chances, ...]:
    """Let many children live who share no family, and work out their chances on three days."""
    months, england = months_until(LAST_DAY, 1), PROFILES["england"]
    everyone = invent(stream(seed, "families"), months, england, families=9_000)
    people = everyone.take(np.unique(everyone.family, return_index=True)[1])
    lives = live(stream(seed, "lives"), people, months, england)
    return tuple(chances(lives, people, months, england, month=month) for month in (20, 33, 46))


def test_as_many_escalate_as_the_chances_say_at_every_level_of_chance() -> None:
    told = strangers(seed=11)
    chance = np.concatenate([days.chance[days.is_seen] for days in told])
    happened = np.concatenate([days.escalated[days.is_seen] for days in told])
    for low, high in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.3), (0.3, 1.0), (0.0, 1.0)):
        here = (chance >= low) & (chance < high)
        # Independent, so three standard deviations are rarely passed.
        spread = np.sqrt((chance[here] * (1 - chance[here])).sum())
        assert abs(happened[here].sum() - chance[here].sum()) < 3 * spread


def test_the_records_tell_the_outcome_that_happened(truth: pl.DataFrame, authority_records: Records) -> None:
    known = cohort(view_as_of(authority_records, as_of=AS_OF), EVERYONE)
    told = outcome_after(authority_records, known, as_of=AS_OF, known_on=LAST_DAY, rule=ESCALATION)
    both = told.join(truth.filter(as_of=AS_OF), on="child_id").drop_nulls(["outcome", "escalated"])
    assert both.height > 0.9 * told["outcome"].count()
    assert (both["outcome"] == both["escalated"]).mean() > 0.99


def test_chances_are_told_for_the_days_that_plans_test_on(truth: pl.DataFrame) -> None:
    assert truth["as_of"].unique().sort().to_list() == [date(2022, 12, 31), AS_OF, LAST_DAY]
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
