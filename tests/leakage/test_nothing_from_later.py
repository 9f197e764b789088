"""Nothing that was recorded, or became known, after a day changes what is computed as of that day.

Every case draws rows for all tables around the day, for families of a child, a sibling and their mother. What is
*later* is worked out here from `KNOWN_FROM`, written out a second time and apart from the contracts, so that a contract
that lets a cell through too early is caught as well as a door that does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from polars.testing import assert_frame_equal

from features.as_of import view_as_of
from features.cohort import CohortRule, cohort
from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import build_matrix
from features.days import day_number
from features.outcomes import OutcomeRule, outcome_after
from features.tables import CONTRACTS, columns_of
from features.tables.contract import DTYPES
from features.tables.records import SET_ASIDE_SCHEMA, Records

if TYPE_CHECKING:
    from collections.abc import Callable

    Row = dict[str, Any]
    Tables = dict[str, list[Row]]
    Seed = tuple[int, int, bool]

AS_OF = date(2025, 3, 31)
RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
OUTCOME = OutcomeRule(name="escalation", horizon_days=365, lowest_rung="child_in_need", merge=())

# Each table's own day, and each cell that is known later than its row: from which date, and how many days after it.
KNOWN_FROM: dict[str, tuple[str, dict[str, tuple[str, int]]]] = {
    "ssd_address": ("addr_address_start_date", {"addr_address_end_date": ("addr_address_end_date", 0)}),
    "ssd_contacts": ("cont_contact_date", {"cont_contact_outcome_json": ("cont_contact_date", 3)}),
    "ssd_early_help_episodes": (
        "earl_episode_start_date",
        {
            "earl_episode_end_date": ("earl_episode_end_date", 0),
            "earl_episode_end_reason": ("earl_episode_end_date", 0),
        },
    ),
    "ssd_cin_episodes": (
        "cine_referral_date",
        {
            "cine_referral_outcome_json": ("cine_referral_date", 3),
            "cine_referral_nfa": ("cine_referral_date", 3),
            "cine_close_date": ("cine_close_date", 0),
            "cine_close_reason": ("cine_close_date", 0),
        },
    ),
    "ssd_cin_assessments": (
        "cina_assessment_start_date",
        {
            "cina_assessment_auth_date": ("cina_assessment_auth_date", 0),
            "cina_assessment_child_seen": ("cina_assessment_auth_date", 0),
            "cina_assessment_outcome_json": ("cina_assessment_auth_date", 0),
            "cina_assessment_outcome_nfa": ("cina_assessment_auth_date", 0),
        },
    ),
    "ssd_assessment_factors": ("cinf_known_date", {}),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", {"cinp_cin_plan_end_date": ("cinp_cin_plan_end_date", 0)}),
    "ssd_cin_visits": ("cinv_cin_visit_date", {}),
    "ssd_s47_enquiry": (
        "s47e_s47_start_date",
        {
            "s47e_s47_end_date": ("s47e_s47_end_date", 0),
            "s47e_s47_nfa": ("s47e_s47_end_date", 0),
            "s47e_s47_outcome_json": ("s47e_s47_end_date", 0),
        },
    ),
    "ssd_initial_cp_conference": ("icpc_icpc_date", {}),
    "ssd_cp_plans": (
        "cppl_cp_plan_start_date",
        {
            "cppl_cp_plan_end_date": ("cppl_cp_plan_end_date", 0),
            "cppl_cp_plan_latest_category": ("cppl_cp_plan_end_date", 0),
        },
    ),
    "ssd_cp_reviews": ("cppr_cp_review_date", {}),
    "ssd_cla_episodes": (
        "clae_cla_episode_start_date",
        {
            "clae_cla_episode_ceased_date": ("clae_cla_episode_ceased_date", 0),
            "clae_cla_episode_ceased_reason": ("clae_cla_episode_ceased_date", 0),
            "clae_cla_last_iro_contact_date": ("clae_cla_last_iro_contact_date", 0),
        },
    ),
    "ssd_missing": (
        "miss_missing_episode_start_date",
        {
            "miss_missing_episode_end_date": ("miss_missing_episode_end_date", 0),
            "miss_missing_rhi_offered": ("miss_missing_episode_end_date", 3),
            "miss_missing_rhi_accepted": ("miss_missing_episode_end_date", 3),
        },
    ),
    "ssd_sdq_scores": ("csdq_sdq_completed_date", {}),
}

# Codes that indicators ask for, by column; any other text column gets a word.
CODES = {
    "cont_contact_source_code": ("6", "2A", "3A", "1A"),
    "cont_contact_outcome_json": ("|NFA_FLAG|", "||"),
    "earl_episode_end_reason": ("outcomes met", "step up", "moved away"),
    "cine_close_reason": ("RC1", "RC5", "RC7", "RC9"),
    "cina_assessment_outcome_json": ("|PROV_OF_SERVICES_FLAG|", "|NFA_FLAG|"),
    "cinf_assessment_factors_json": (
        "|1A|1B|2B|3B|4A|4B|5A|5B|6A|6B|",
        "|7A|11A|14A|15A|16A|17A|18B|19C|",
        "|21|",
    ),
    "cppr_cp_review_participation": ("PN1", "PN7"),
    "clae_cla_episode_ceased_reason": ("E4A", "E4B", "E45", "E11", "E3"),
}
VALUES: dict[str, tuple[Any, ...]] = {
    "flag": (0, 1, None),
    "number": (3.0, 22.0, None),
    "address": (*(f"{home:016x}" for home in range(12)), None),
}
EVENTS = (-700, -380, -200, -100, -40, -4, -3, -2, -1, 0, 1, 2, 30)
LENGTHS = (None, 1, 2, 3, 30, 200, 700)
DELAYS = (None, -5, 0, 1, 3, 40, 400)


@dataclass(frozen=True)
class Case:
    """Families with rows in every table, and whether the source says when each row was entered."""

    n_families: int
    tables: Tables
    says_when_entered: bool


def draw_case(seed: int, n_families: int, says_when_entered: bool) -> Case:
    chance = Random(seed)  # noqa: S311 - draws invented rows, keeps no secret
    tables = {
        table: [
            draw_row(chance, table, family=family, number=number, says_when_entered=says_when_entered)
            for family in range(n_families)
            for number in range(chance.randint(0, 4))
        ]
        for table in KNOWN_FROM
    }
    return Case(n_families, tables, says_when_entered)


# Drawn by their seed: the whole rows would fill pages wherever a case is printed.
seeds = st.tuples(st.integers(0, 10**6), st.integers(1, 60), st.booleans())


def draw_row(chance: Random, table: str, *, family: int, number: int, says_when_entered: bool) -> Row:
    """Draw a row of one of a family's three people, whose dates lie around the day."""
    event, cells = KNOWN_FROM[table]
    start = AS_OF + timedelta(chance.choice(EVENTS))
    row: Row = {}
    for name, column in columns_of(CONTRACTS[table]).items():
        if name == event:
            row[name] = start
        elif column.kind == "date":
            length = chance.choice(LENGTHS) if name in cells else None
            row[name] = None if length is None else start + timedelta(length)
        else:
            row[name] = chance.choice(VALUES.get(column.kind) or (*CODES.get(name, ("some words",)), None))
    keys = {"referral_id": f"R{family}-{number}", "assessment_id": f"A{family}-{number}"}
    row |= {name: key for name in row for ending, key in keys.items() if name.endswith(ending)}
    row[next(name for name in row if name.endswith("_person_id"))] = f"{chance.choice('CSM')}{family}"
    if says_when_entered:
        delay = chance.choice(DELAYS)
        row["recorded_on"] = None if delay is None else start + timedelta(delay)
    return row


def records_of(case: Case) -> Records:
    """Make typed records of a case: in each family a child, a sibling and their mother."""
    tables = {table: typed(table, rows, case.says_when_entered) for table, rows in case.tables.items()}
    born = {"C": date(2015, 1, 1), "S": date(2021, 1, 1), "M": date(1990, 1, 1)}
    people = [(f"{who}{n}", f"F{n}", day) for n in range(case.n_families) for who, day in born.items()]
    undated: Tables = {
        "ssd_person": [{"pers_person_id": person, "pers_dob": day} for person, _, day in people],
        "ssd_family": [{"fami_person_id": person, "fami_family_id": family} for person, family, _ in people],
        "ssd_mother": [
            {"moth_person_id": f"M{person[1:]}", "moth_childs_person_id": person, "moth_childs_dob": day}
            for person, _, day in people
            if person[0] != "M"
        ],
        "ssd_disability": [{"disa_person_id": "C0", "disa_disability_code": "AUT"}],
    }
    tables |= {table: typed(table, rows, False) for table, rows in undated.items()}
    return Records(tables, pl.DataFrame(schema=SET_ASIDE_SCHEMA), {}, date(2026, 3, 31), {})


def children_of(case: Case) -> pl.DataFrame:
    listed = [(f"{who}{n}", f"F{n}") for n in range(case.n_families) for who in "CS"]
    return pl.DataFrame(listed, schema=["child_id", "family_id"], orient="row")


def typed(table: str, rows: list[Row], says_when_entered: bool) -> pl.DataFrame:
    schema = {name: DTYPES[column.kind] for name, column in columns_of(CONTRACTS[table]).items()}
    if says_when_entered:
        schema["recorded_on"] = pl.Date
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    dates = [name for name, dtype in schema.items() if dtype == pl.Date]
    return frame.with_columns(pl.col(name).to_physical().cast(pl.Int32).alias(f"{name}_day") for name in dates)


def is_later(day: date | None, *, than: date) -> bool:
    """Whether something of that day is not known yet; what has no day is never known."""
    return day is None or day > than


def row_is_later(table: str, row: Row, *, than: date, lag: int = 0) -> bool:
    days = [row[KNOWN_FROM[table][0]], *([row["recorded_on"]] if row.get("recorded_on") else [])]
    return any(is_later(day and day + timedelta(lag), than=than) for day in days)


def without_later_rows(case: Case, *, than: date) -> Case:
    kept = {
        table: [row for row in rows if not row_is_later(table, row, than=than)] for table, rows in case.tables.items()
    }
    return replace(case, tables=kept)


def without_later_cells(case: Case, *, than: date) -> Case:
    """Blank every cell of a known row that was not known itself."""
    blanked = {
        table: [{**row, **dict.fromkeys(later_cells(table, row, than=than))} for row in rows]
        for table, rows in case.tables.items()
    }
    return replace(case, tables=blanked)


def later_cells(table: str, row: Row, *, than: date) -> list[str]:
    event, cells = KNOWN_FROM[table]
    return [
        name
        for name, (source, lag) in cells.items()
        if (
            row_is_later(table, row, than=than, lag=lag)
            if source == event
            else is_later(row[source] and row[source] + timedelta(lag), than=than)
        )
    ]


def computed(case: Case, *, door_open_for: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give everything that is computed from a view: the cohort with the rungs held, and the matrix.

    `door_open_for` breaks the door on purpose: it lets through what becomes known in so many more days.
    """
    generous = view_as_of(records_of(case), as_of=AS_OF + timedelta(door_open_for))
    view = replace(generous, as_of=AS_OF, day=day_number(AS_OF))
    return cohort(view, RULE), build_matrix(view, children_of(case))


def assert_same(one: Case, other: Case) -> None:
    for left, right in zip(computed(one), computed(other), strict=True):
        assert_frame_equal(left, right)


PROPERTY = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
SEARCH = settings(PROPERTY, database=None, phases=[Phase.generate])


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
UNDATED = {
    "age_years",
    "is_under_one",
    "has_no_birth_date_yet",
    "has_disability",
    "siblings_on_record",
    "siblings_under_five",
}


def test_without_a_door_every_dated_indicator_would_have_leaked() -> None:
    silent = {indicator.name for indicator in CATALOGUE} - UNDATED

    def every_one_has_leaked(seed: Seed) -> bool:
        case = draw_case(*seed)
        open_door, honest = computed(case, door_open_for=1_000)[1], computed(case)[1]
        silent.difference_update([name for name in silent if not open_door[name].equals(honest[name])])
        return not silent

    with suppress(NoSuchExample):
        find(seeds, every_one_has_leaked, settings=settings(SEARCH, max_examples=20))
    assert silent == set()
