"""Nothing that was recorded, or became known, after a day changes what is computed as of that day.

Every case draws rows for all tables around the day, for families of a child, a sibling and their mother
(`tests.drawn_cases`). What is *later* is worked out from `tests.known_from`, written out a second time and apart from
the contracts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features.as_of import view_as_of, views_as_of
from features.cohort import CohortRule, cohort
from features.days import day_number
from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import build_matrices, build_matrix
from features.outcomes import OutcomeRule, outcome_after
from features.tables import CONTRACTS, columns_of
from tests.drawn_cases import AS_OF, Case, children_of, draw_case, records_of, without_later_cells, without_later_rows
from tests.known_from import KNOWN_FROM, ROW_LAG, UNDATED

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    Seed = tuple[int, int, bool]

RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
OUTCOME = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=())

# Drawn by their seed: the whole rows would fill pages wherever a case is printed.
seeds = st.tuples(st.integers(0, 10**6), st.integers(10, 60), st.booleans())


def computed(case: Case, *, door_open_for: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give everything that is computed from a view: the cohort with the rungs held, and the matrix.

    `door_open_for` breaks the door on purpose: it lets through what becomes known in so many more days.
    """
    generous = view_as_of(records_of(case), as_of=AS_OF + timedelta(door_open_for))
    view = replace(generous, as_of=AS_OF, day=day_number(AS_OF))
    return cohort(view, RULE), build_matrix(view, children_of(case))


def on_three_days(case: Case) -> list[pl.DataFrame]:
    """Give the matrices of three days that share a scan, the last of them the day of the case."""
    days = [AS_OF - timedelta(200), AS_OF - timedelta(1), AS_OF]
    return build_matrices(views_as_of(records_of(case), days), [children_of(case)] * 3)


def assert_same(one: Case, other: Case) -> None:
    for left, right in zip(computed(one), computed(other), strict=True):
        assert_frame_equal(left, right)


PROPERTY = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SEARCH = settings(PROPERTY, database=None, phases=[Phase.generate])


def test_every_column_of_every_dated_table_is_written_down_here_as_well() -> None:
    later = {
        table: {name for name, column in columns_of(contract).items() if column.known_from or column.lag_days}
        for table, contract in CONTRACTS.items()
        if contract.row_known_from is not None
    }
    ours = {
        table: set(cells) | ({event} if table in ROW_LAG else set()) for table, (event, cells) in KNOWN_FROM.items()
    }
    assert later == ours
    assert set(CONTRACTS) == {*KNOWN_FROM, *UNDATED}


@PROPERTY
@given(seeds)
def test_days_that_share_a_scan_give_what_each_gives_alone(seed: Seed) -> None:
    case = draw_case(*seed)
    shared = on_three_days(case)
    for matrix in shared:
        alone = build_matrix(view_as_of(records_of(case), as_of=matrix["as_of"][0]), children_of(case))
        assert_frame_equal(matrix, alone)


@PROPERTY
@given(seeds)
def test_on_days_that_share_a_scan_what_is_known_later_changes_nothing(seed: Seed) -> None:
    case = draw_case(*seed)
    known = without_later_cells(without_later_rows(case, than=AS_OF), than=AS_OF)
    for left, right in zip(on_three_days(case), on_three_days(known), strict=True):
        assert_frame_equal(left, right)


@PROPERTY
@given(seeds)
def test_rows_recorded_later_change_nothing(seed: Seed) -> None:
    case = draw_case(*seed)
    assert_same(case, without_later_rows(case, than=AS_OF))


@PROPERTY
@given(seeds)
def test_values_known_later_change_nothing(seed: Seed) -> None:
    case = draw_case(*seed)
    assert_same(case, without_later_cells(case, than=AS_OF))


@PROPERTY
@given(seeds)
def test_outcomes_read_nothing_from_after_the_training_day(seed: Seed) -> None:
    case = draw_case(*seed)
    as_of, known_on = AS_OF - timedelta(365), AS_OF
    known = without_later_cells(without_later_rows(case, than=known_on), than=known_on)
    children = children_of(case)
    answers = [
        outcome_after(records_of(c), children, as_of=as_of, known_on=known_on, rule=OUTCOME) for c in (case, known)
    ]
    assert_frame_equal(*answers)


@pytest.mark.parametrize("later", [without_later_rows, without_later_cells])
def test_a_door_one_day_too_generous_is_caught(later: Callable[..., Case]) -> None:
    def leaks(seed: Seed) -> bool:
        case = draw_case(*seed)
        pairs = zip(computed(case, door_open_for=1), computed(later(case, than=AS_OF), door_open_for=1), strict=True)
        return any(not one.equals(other) for one, other in pairs)

    assert leaks(find(seeds, leaks, settings=SEARCH))


# Counted on tables without dates, or on births alone: nothing of them can be recorded later.
NEVER_RECORDED_LATER = {
    "age_years",
    "is_under_one",
    "has_no_birth_date_yet",
    "has_disability",
    "kinds_of_disability_recorded",
    "has_learning_disability",
    "has_autism",
    "has_disability_of_behaviour",
    "has_physical_disability",
    "has_disability_of_senses_or_speech",
    "has_special_educational_needs",
    "has_no_pupil_number",
    "is_family_group_known",
    "is_mother_known",
    "is_disability_recorded_either_way",
    "adults_on_record",
    "has_sibling_with_disability",
    "has_new_baby_in_family_last_12_months",
    "is_sibling_expected_now",
    "mother_was_under_20_at_birth",
    "has_death_in_family_last_24_months",
    "siblings_on_record",
    "siblings_under_five",
}


def test_without_a_door_every_dated_indicator_would_have_leaked() -> None:
    silent = {indicator.name for indicator in CATALOGUE} - NEVER_RECORDED_LATER
    # The rarest, help that held for six months, leaks in one case of ten.
    for seed in range(20):
        case = draw_case(seed, 60, says_when_entered=seed % 3 > 0)
        open_door, honest = computed(case, door_open_for=1_000)[1], computed(case)[1]
        silent.difference_update([name for name in silent if not open_door[name].equals(honest[name])])
        if not silent:
            break
    assert silent == set()
