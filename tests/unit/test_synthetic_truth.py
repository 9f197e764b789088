"""The truth that no extract tells agrees with what happened, and with what the records say happened."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.as_of import view_as_of
from features.cohort import CohortRule, cohort
from features.outcomes import OutcomeRule, outcome_after
from features.synthetic import needs, simulate
from features.synthetic.calendar import months_until
from features.synthetic.ceiling import auc, average_precision
from features.synthetic.cells import Case
from features.synthetic.chain import BANDS, KINDS, LANDS, Chain, band_of, chain_of, help_kind_of, steps_of_needs
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS, People, invent
from features.synthetic.lives import UNBORN_MONTHS, Lives, cells, live, months_old, pick
from features.synthetic.outcomes import CHILD_OUTCOMES, LEAVER_OUTCOMES, Told, tell
from features.synthetic.planted import KINDS as PLANTS
from features.synthetic.population import KNOWN_A_BLOCK, WORTH_A_PROCESS
from features.synthetic.profiles import PROFILES
from features.synthetic.record_factors import SAYS
from features.synthetic.states import LEAVERS, Move, State
from features.synthetic.streams import stream
from features.synthetic.values import (
    CHILD_STATES,
    HORIZON_MONTHS,
    PLAN,
    Combinations,
    Tables,
    carry_needs,
    carry_services,
    path_of,
    values_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from features.synthetic.calendar import Months
    from features.tables.records import Records

ROOT = Path(__file__).parents[2]
AS_OF, LAST_DAY = date(2023, 12, 31), date(2025, 3, 31)
OUTCOMES = (*CHILD_OUTCOMES, *LEAVER_OUTCOMES)
ESCALATION = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=())
EVERYONE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
EARLY_HELP = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help",))
WALES = Tables.of(PROFILES["wales"])
N = 200_000
each_state = pytest.mark.parametrize("state", [state for state in State if state is not State.GONE])


def truth(authority: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(authority.parent / "truth" / f"{name}.parquet")


@pytest.fixture(scope="module")
def escalation(authority: Path) -> pl.DataFrame:
    return truth(authority, "chances").filter(outcome="escalation")


def states_like(state: State) -> tuple[State, ...]:
    return LEAVERS if state in LEAVERS else CHILD_STATES


def every_combination(*columns: int) -> Combinations:
    """Give each combination of base, base of strengths, help, kind and band, so many of each; none changes its band."""
    grid = np.stack([axis.ravel() for axis in np.indices(columns)], axis=1)
    return Combinations.of(np.column_stack([grid, grid[:, -1], np.full(len(grid), HORIZON_MONTHS + 1)]))


def agree(drawn: NDArray[np.float64], carried: NDArray[np.float64]) -> bool:
    """Say whether what was drawn is on average what was carried back, also where that is high: within 4 errors."""
    rest = drawn - carried
    parts = [rest, rest * (carried - carried.mean())]
    return all(abs(part.mean()) < 4 * part.std() / np.sqrt(len(rest)) for part in parts)


@each_state
def test_values_are_carried_back_over_needs_as_the_lives_drew_them(strangers: Strangers, state: State) -> None:
    people, lives, months = strangers.people, strangers.lives, strangers.months
    some, states = every_combination(needs.NEED_LEVELS, needs.STRENGTH_LEVELS, 3, 1, 1), states_like(state)
    shape = (1, len(states), needs.NEED_LEVELS, needs.STRENGTH_LEVELS, len(some.kind))
    combination = (people.base * needs.STRENGTH_LEVELS + people.base_strength) * 3 + help_kind_of(people)
    # A month of the records in which the child was in this state, born or expected soon.
    ages = months_old(people, months, months.burn_in)[:, None] + np.arange(months.n - months.burn_in)
    is_here = (lives.state[:, months.burn_in - 1 : -1] == state) & (ages >= -UNBORN_MONTHS)
    child, month = np.nonzero(is_here & (people.arrives[:, None] < 0))
    before = months.burn_in - 1 + month
    for worth in (np.arange(7)[:, None, None], np.arange(4)[:, None], np.random.default_rng(1).random(shape) ** 4):
        values = np.broadcast_to(worth, shape).astype(float)
        carried = carry_needs(values, states, some, steps_of_needs())[0, states.index(state)]
        now, later = ((lives.need[child, t], lives.strength[child, t]) for t in (before, before + 1))
        assert agree(values[0, states.index(state)][(*later, combination[child])], carried[(*now, combination[child])])


@each_state
def test_values_are_carried_back_over_moves_as_the_lives_draw_them(state: State) -> None:
    rng, states, some = np.random.default_rng(2), states_like(state), every_combination(1, 1, 1, KINDS, len(BANDS))
    shape = (needs.NEED_LEVELS, needs.STRENGTH_LEVELS, len(some.kind))
    values = rng.random((1, len(states), *shape)) ** 4
    chances = {s: np.moveaxis(c.reshape(len(c), -1, *shape[:2]), 1, -1) for s, c in WALES.chain.chances.items()}
    need, strength, k = (rng.integers(0, n, N) for n in shape)
    carried = carry_services(values, states, chances, WALES, reaching=False)[0, states.index(state), need, strength, k]
    cell = cells(some.kind[k], some.band[k], need, strength)
    lands = LANDS[state, pick(WALES.chain, np.full(N, state, np.int8), cell, rng.random(N))]
    # A child who has gone reaches nothing any more.
    worth = np.concatenate([values[0], np.zeros((len(State), *shape))])
    assert agree(worth[lands - states[0], need, strength, k] * np.isin(lands, states), carried)


def test_a_childs_band_of_age_in_each_month_ahead_follows_from_its_path() -> None:
    age, ahead = np.arange(-4, 22 * 12), np.arange(1, HORIZON_MONTHS + 1)
    first, later, turn = (part[:, None] for part in path_of(age))
    assert np.array_equal(np.where(ahead < turn, first, later), band_of(age[:, None] + ahead))


@pytest.mark.parametrize("turn", [2, 7, 12])
def test_chances_are_those_of_the_age_that_the_child_has_in_each_month(turn: int) -> None:
    some = Combinations.of(np.array([[3, 1, 1, 0, 1, 2, turn]]))
    values = np.zeros((5, len(CHILD_STATES), needs.NEED_LEVELS, needs.STRENGTH_LEVELS, 1))
    shape = (-1, needs.NEED_LEVELS, needs.STRENGTH_LEVELS, 1)
    for month in range(HORIZON_MONTHS, 0, -1):
        band = 2 if month >= turn else 1
        chances = {state: chance[:, 0, band].reshape(shape) for state, chance in WALES.chain.chances.items()}
        values = carry_services(values, CHILD_STATES, chances, WALES, reaching=True)
        values = carry_needs(values, CHILD_STATES, some, WALES.steps)
    assert np.allclose(values_of(WALES, some, leavers=False), values, rtol=1e-12)


@dataclass(frozen=True)
class Strangers:
    """Children who share no family, their lives, and the chances told on two days a year apart."""

    people: People
    lives: Lives
    months: Months
    told: list[Told]


@pytest.fixture(scope="module")
def strangers() -> Strangers:
    """Let many children live who share no family, in hardship, where contacts are frequent and care short.

    The second year begins where the first ends, so the same child's two outcomes hang together by nothing but its
    chances.
    """
    england, months = PROFILES["england"], months_until(LAST_DAY, 3)
    busy = replace(england, contact=3 * england.contact, care=8 * england.care, leaving=4 * england.leaving)
    everyone = invent(stream(12, "families"), months, busy, families=40_000)
    people = everyone.take(np.unique(everyone.family, return_index=True)[1])
    people = replace(people, base=stream(12, "hardship").integers(0, 6, people.n))
    lives = live(stream(12, "lives"), people, months, chain_of(busy), steps_of_needs())
    last_two = replace(months, burn_in=months.n - 2 * HORIZON_MONTHS - 1)
    told = tell(Case(12, people, lives, last_two, busy, pl.Series(dtype=pl.String)), processes=2)
    apart = [one for one in told if (months.n - 1 - one.month) in (HORIZON_MONTHS, 2 * HORIZON_MONTHS)]
    return Strangers(people, lives, months, apart)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_as_many_meet_an_outcome_as_the_chances_say_at_every_level_of_chance(
    strangers: Strangers, outcome: str
) -> None:
    told = [one for one in strangers.told if one.outcome == outcome]
    chance = np.concatenate([one.chance[one.is_seen] for one in told])
    happened = np.concatenate([one.happened[one.is_seen] for one in told])
    bins = [(chance >= low) & (chance < high) for low, high in ((0, 0.05), (0.05, 0.1), (0.1, 0.3), (0.3, 1), (0, 1))]
    told_of = [here for here in bins if chance[here].sum() > 5]
    assert len(told_of) >= 3
    for here in told_of:
        # Independent, so three standard deviations are rarely passed.
        spread = np.sqrt((chance[here] * (1 - chance[here])).sum())
        assert abs(happened[here].sum() - chance[here].sum()) < 3 * spread


@pytest.mark.parametrize("rule", [EVERYONE, EARLY_HELP], ids=["everyone", "early help"])
def test_the_records_tell_the_outcome_that_happened(
    escalation: pl.DataFrame, authority_records: Records, rule: CohortRule
) -> None:
    known = cohort(view_as_of(authority_records, as_of=AS_OF), rule)
    told = outcome_after(authority_records, known, as_of=AS_OF, known_on=LAST_DAY, rule=ESCALATION)
    both = told.join(escalation.filter(as_of=AS_OF), on="child_id").drop_nulls(["outcome", "happened"])
    assert both.height > 0.9 * told["outcome"].count()
    assert (both["outcome"] == both["happened"]).mean() > 0.99


def test_the_truth_tells_of_the_children_whom_the_records_find(
    escalation: pl.DataFrame, authority_records: Records
) -> None:
    told = set(escalation.filter(as_of=AS_OF)["child_id"])
    found = set(cohort(view_as_of(authority_records, as_of=AS_OF), EVERYONE)["child_id"])
    assert len(told & found) > 0.9 * len(told | found)


def test_every_child_whose_case_is_open_is_told_of_at_every_quarter_end(
    authority: Path, escalation: pl.DataFrame
) -> None:
    is_open = [s.name.lower() for s in State if State.ASSESSMENT <= s < State.CARE or s is State.EARLY_HELP]
    here = truth(authority, "latent").filter(pl.col("state").is_in(is_open))
    assert here.height > 1000
    assert here.join(escalation, on=["child_id", "as_of"], how="anti").is_empty()


def test_chances_are_told_of_every_outcome_at_every_quarter_end(authority: Path) -> None:
    chances = truth(authority, "chances")
    days = dict(chances.group_by("outcome").agg(pl.col("as_of").n_unique()).iter_rows())
    assert set(days) == set(OUTCOMES)
    # So few children return home that on some days there may be nobody to ask this of.
    assert {outcome: n for outcome, n in days.items() if outcome != "re_entry"} == dict.fromkeys(
        (outcome for outcome in OUTCOMES if outcome != "re_entry"), 24
    )


def test_chances_are_probabilities_of_one_child_once_a_day(authority: Path) -> None:
    chances = truth(authority, "chances")
    assert chances["chance"].is_between(0, 1).all()
    assert not chances.select("child_id", "as_of", "outcome").is_duplicated().any()


def test_what_happens_after_the_last_day_is_not_told(authority: Path) -> None:
    chances = truth(authority, "chances")
    is_over = pl.col("as_of") <= date(2024, 3, 31)
    assert chances.filter(~is_over)["happened"].null_count() == chances.filter(~is_over).height
    assert chances.filter(is_over)["happened"].null_count() < 0.2 * chances.filter(is_over).height


def ceilings(authority: Path) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    told = json.loads((authority.parent / "truth" / "ceiling.json").read_text())["outcomes"]
    return {outcome: found["pooled"] for outcome, found in told.items()}


def test_the_ceiling_leaves_room_and_is_not_too_good(authority: Path) -> None:
    found = ceilings(authority)["escalation"]["auc"]
    assert 0.74 < found["value"] < 0.90
    assert found["low"] < found["value"] < found["high"]


def test_every_outcome_has_a_ceiling(authority: Path) -> None:
    found = ceilings(authority)
    assert set(found) == set(OUTCOMES)
    for outcome in ("escalation", "protection_plan", "care_entry", "re_referral"):
        for measure in ("auc", "average_precision"):
            assert found[outcome][measure]["low"] < found[outcome][measure]["value"] < found[outcome][measure]["high"]


def test_the_ceiling_is_of_the_chances_told(authority: Path, escalation: pl.DataFrame) -> None:
    seen, found = escalation.drop_nulls(), ceilings(authority)["escalation"]
    chance, happened = seen["chance"].to_numpy(), seen["happened"].to_numpy() == 1
    assert found["auc"]["value"] == pytest.approx(auc(chance, happened), abs=1e-12)
    assert found["average_precision"]["value"] == pytest.approx(average_precision(chance, happened), abs=1e-12)


def test_needs_and_strengths_are_told_for_every_quarter_end(authority: Path) -> None:
    latent = truth(authority, "latent")
    assert latent["as_of"].n_unique() == 24
    assert latent["need"].is_between(0, 6).all()
    assert latent["strength"].is_between(0, 3).all()


def test_given_need_nothing_that_happens_depends_on_ethnicity_sex_or_deprivation() -> None:
    england, months = PROFILES["england"], months_until(LAST_DAY, 1)
    people = invent(stream(4, "families"), months, england, families=300)
    swapped = replace(
        people, ethnicity=people.ethnicity[::-1], is_male=~people.is_male, deprivation=11 - people.deprivation
    )
    one, other = (live(stream(4, "lives"), p, months, chain_of(england), steps_of_needs()) for p in (people, swapped))
    assert (one.move != Move.NOTHING).sum() > 100
    assert all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


# The plants that chances of a month depend on, from end to end; the others are of what is written down.
ENDS = {name: (PLANTS[name].lowest, PLANTS[name].highest) for name in ("surveillance", "access", "label")}
LEANINGS = [{}, *(dict(zip(ENDS, sizes, strict=True)) for sizes in product(*ENDS.values()))]


@cache
def leaning_chains(profile: str) -> tuple[Chain, ...]:
    """Lay out an authority's chances with nothing planted and with each planted at either end."""
    return tuple(chain_of(replace(PROFILES[profile], planted=planted)) for planted in LEANINGS)


@each_state
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_what_may_happen_in_a_month_never_sums_to_more_than_one(state: State, profile: str) -> None:
    for tables in leaning_chains(profile):
        assert tables.total[state].max() <= 1 + 1e-12
        assert tables.chances[state].min() >= 0


@pytest.mark.parametrize("state", [State.UNIVERSAL, State.EARLY_HELP, State.ASSESSMENT, State.IN_NEED, State.ENQUIRY])
def test_more_need_makes_a_plan_within_a_year_likelier(state: State) -> None:
    usual = every_combination(4, 3, 2, 1, len(BANDS))
    by_need = values_of(WALES, usual, leavers=False)[PLAN, CHILD_STATES.index(state)]
    assert (by_need[5] > by_need[1]).all()


@pytest.mark.parametrize(
    ("state", "move"), [(State.EARLY_HELP, Move.HELP_COMPLETED), (State.IN_NEED_LASTING, Move.NEED_MET)]
)
def test_more_need_makes_finished_help_rarer(state: State, move: Move) -> None:
    chance = WALES.chain.chances[state][WALES.chain.moves[state].index(move)]
    by_need = chance.reshape(KINDS, len(BANDS), needs.NEED_LEVELS, needs.STRENGTH_LEVELS)
    assert (by_need[:, :, 5] < by_need[:, :, 1]).all()


def content(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def seconds_of_others(place: Path, processes: int) -> tuple[float, float]:
    """Simulate as few children as are shared out; give the seconds that other processes spent on lives and on truth."""
    children, spent = (WORTH_A_PROCESS - 1) * KNOWN_A_BLOCK + 1, []

    def say(_: str) -> None:
        spent.append(getrusage(RUSAGE_CHILDREN).ru_utime)

    simulate(
        children=children, seed=2, profile="england", out=place, processes=processes, file_format="parquet", say=say
    )
    say("done")
    return spent[1] - spent[0], spent[-1] - spent[-2]


def test_the_bytes_do_not_hang_on_the_number_of_processes(tmp_path: Path) -> None:
    assert seconds_of_others(tmp_path / "one", processes=1) == (0, 0)
    assert min(seconds_of_others(tmp_path / "two", processes=2)) > 0
    assert content(tmp_path / "one") == content(tmp_path / "two")


@cache
def texts_of(file: Path) -> tuple[str, ...]:
    """Give the texts that a module's code holds: paths and names of files, but no docstrings."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said]
    return tuple(str(node.value) for node in texts)


def mentions_truth(file: Path, *written: str) -> bool:
    """Say whether code names the folder `truth`, or a file that stands in it."""
    return any(re.search(r"(^|/)truth(/[^ ]|$)", text) or text in written for text in texts_of(file))


def test_nothing_that_serves_or_trains_reads_the_truth(authority: Path) -> None:
    written = [path.name for path in (authority.parent / "truth").iterdir()]
    files = [
        ROOT / "earlyhelp.py",
        *(f for part in ("features", "training", "serving") for f in (ROOT / part).rglob("*.py")),
    ]
    inside = ROOT / "features" / "synthetic"
    readers = [f for f in files if mentions_truth(f, *written)]
    assert {f.name for f in readers if f.is_relative_to(inside)} == {"simulate.py", "write_truth.py"}
    assert [f.name for f in readers if not f.is_relative_to(inside)] == []


def test_every_problem_has_factors_that_say_so() -> None:
    assert list(SAYS) == [*FAMILY_PROBLEMS, *CHILD_PROBLEMS]


def test_the_area_under_the_curve_counts_ties_half() -> None:
    # Pairs of one that moved up and one that did not: (3, 1) (3, 2) (2, 1) right, (2, 2) tied: 3.5 of 4.
    assert auc(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False])) == 3.5 / 4


def test_average_precision_takes_ties_together() -> None:
    # Of those at 3, one of one moved up; of those at 2 or more, two of three: the mean over the two that did.
    found = average_precision(np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False]))
    assert found == pytest.approx((1 / 1 + 2 / 3) / 2)
