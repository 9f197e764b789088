"""The records of the session's authority on trial, and rows drawn by hand for what is counted in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from features.as_of import view_as_of
from features.days import day_number
from tests.drawing import records
from tests.kept_trial import kept_trial
from training.audit.report.trial_choice import apart_in_writing, measure_name, without_mirrors
from training.on_trial import _with_an_end
from training.recorded_rows import PROXIES
from training.registry.tracking import in_reach
from training.trial_looking import NO_CONTACTS, NO_POPULATION, looking_section
from training.trial_rows import Looked, _help_around, looked_at

if TYPE_CHECKING:
    from features.tables.records import Records


@pytest.fixture(scope="module")
def on_trial(trained: str) -> dict[str, Any]:
    return kept_trial(trained)


PEOPLE = """
    pers_person_id | pers_ethnicity | pers_sex | pers_dob
    ---------------|----------------|----------|-----------
    C1             | WBRI           | F        | 2015-01-01
    C2             | ABAN           | M        | 2016-01-01
    C3             |                | M        | 2000-01-01
"""
CONTACTS = """
    cont_contact_id | cont_person_id | cont_contact_date
    ----------------|----------------|------------------
    1               | C1             | 2022-01-01
    2               | C1             | 2023-12-01
    3               | C1             | 2024-03-01
    4               | C2             | 2024-03-01
    5               | C2             | 2024-05-01
    6               | C2             | 2025-03-01
    7               | C3             | 2024-05-01
"""
PLANS = """
    cinp_cin_plan_id | cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
    -----------------|----------------|--------------------------|-----------------------
    P1               | C2             | 2024-04-01               | 2024-12-01
"""
POPULATION = """
    popu_table_id | popu_date  | popu_age | popu_sex | popu_ethnicity | popu_deprivation_decile | popu_children
    --------------|------------|----------|----------|----------------|-------------------------|--------------
    1             | 2023-06-30 | 9        | F        | WBRI           | 5                       | 100
    2             | 2024-06-30 | 9        | F        | WBRI           | 5                       | 40
    3             | 2024-06-30 | 9        | M        | ABAN           | 5                       | 20
    4             | 2024-06-30 | 18       | M        | ABAN           | 5                       | 30
"""


def _looked(**more: Any) -> Looked:
    known = records(ssd_person=PEOPLE, ssd_contacts=CONTACTS, ssd_cin_plans=PLANS, **more)
    found = looked_at(replace(known, extract_day=date(2025, 3, 31)), pl.Series(["C1", "C2", "C3"]))
    assert found is not None
    return found


def test_contacts_of_two_years_are_counted_of_children_not_grown_up() -> None:
    assert _looked().children.select("child_id", "contacts").rows() == [("C1", 2), ("C2", 3)]


def test_a_contact_about_a_child_in_need_already_or_too_late_to_be_followed_is_not_asked_what_it_found() -> None:
    followed = _looked().contacts.select("child_id", "is_found", "band").rows()
    assert followed == [("C1", False, 0), ("C1", False, 1), ("C2", True, 0)]


def test_the_population_is_that_of_the_latest_day_under_18() -> None:
    counted = {"ethnic_group": {"Asian": 20.0, "White British": 40.0}, "sex": {"female": 40.0, "male": 20.0}}
    assert _looked(ext_population=POPULATION).population == counted
    assert _looked().population == {}


def _many(missing: int) -> Looked:
    """Twelve recorded children of each of two groups, and so many of none, each with one contact."""
    groups = ["Asian"] * 12 + ["White British"] * 12 + [None] * missing
    rows = pl.DataFrame(
        {"child_id": [str(at) for at in range(len(groups))], "ethnic_group": groups, "contacts": 1},
        schema_overrides={"ethnic_group": pl.String, "contacts": pl.Int64},
    ).with_columns(
        pl.col("child_id").alias("cluster"), *(pl.lit("one").alias(n) for n in ("sex", "age_band", "disability"))
    )
    followed = rows.with_columns(pl.lit(value=False).alias("is_found"), pl.lit(0, pl.Int64).alias("band"))
    return Looked(rows, followed, {"ethnic_group": {"Asian": 24.0, "White British": 48.0}})


def _asian(part: dict[str, Any]) -> dict[str, Any]:
    return next(line for line in part["population"] if line["group"] == "Asian")


def test_everyone_else_of_a_population_are_the_recorded_children_of_other_groups() -> None:
    found = _asian(looking_section(_many(12), "internal"))
    assert found["share"]["value"] == 12 / 24
    assert found["ratio"]["value"] == pytest.approx((12 / 24) / (12 / 48))
    assert found["looking_at_least"]["value"] == pytest.approx(2 / 1.5)


def test_few_children_who_are_not_recorded_cannot_be_worked_out_from_a_comparison() -> None:
    part = looking_section(_many(3), "internal")
    assert all(line.get("ratio", {"suppressed": True}) == {"suppressed": True} for line in part["population"])
    assert part["population"][-1]["share"] == {"suppressed": True}


def test_records_without_contacts_or_population_say_so() -> None:
    assert looking_section(None, "internal")["not_looked_at"] == [NO_CONTACTS]
    assert looking_section(replace(_many(12), population={}), "internal")["not_looked_at"] == [NO_POPULATION]


def test_an_interval_without_an_end_is_no_number() -> None:
    assert _with_an_end([{"ratio": {"value": 1.0, "low": 0.0, "high": float("inf")}}])[0]["ratio"].keys() == {
        "undefined"
    }


def test_what_may_not_be_scored_is_tested_in_every_run(on_trial: dict[str, Any]) -> None:
    groups = [line for line in on_trial["proxies"]["numbers"] if line["attribute"] is not None]
    assert set(on_trial["proxies"]["always"]) == set(PROXIES.always)
    assert all(f"auc of {name}" in line for line in groups for name in PROXIES.always)


def test_help_is_counted_among_the_children_of_the_test_day(on_trial: dict[str, Any]) -> None:
    helped = next(line for line in on_trial["helped"]["helped"] if line["measure"] == "helped")
    tried = on_trial["followup"]["by_day"][-1]
    assert helped["share"]["n"] == tried["share"]["n"]
    assert tried["group"] == on_trial["settings"]["as_of"]


def test_children_without_help_and_helped_add_up(on_trial: dict[str, Any]) -> None:
    helped = next(line for line in on_trial["helped"]["helped"] if line["measure"] == "helped")
    free = on_trial["helped"]["without_help"][0]
    assert helped["share"]["n"] - helped["share"]["k"] == free["share"]["n"]


def test_a_run_keeps_the_trial_access_and_the_audits_table_beside_its_bundle(trained: str) -> None:
    with in_reach() as mlflow:
        kept = {each.path for each in mlflow.MlflowClient().list_artifacts(trained)}
    assert {"records_on_trial.json", "records_on_trial.html", "access.json", "access.html", "audit.csv"} <= kept


def _line(group: str, n: int, ratio: float, **more: Any) -> dict[str, Any]:
    known = {"attribute": "sex", "group": group, "measure": "factor 16A: above 0, by sex", "stands_out": True}
    figure = {"value": ratio, "low": ratio * 0.9, "high": ratio * 1.1}
    return known | {"share": {"value": 0.5, "n": n}, "ratio": figure} | more


def test_of_two_groups_one_is_named_and_a_disability_is_not_told_by_itself() -> None:
    both = [_line("male", 60, 2.0), _line("female", 40, 0.5)]
    assert [each["group"] for each in without_mirrors(both)] == ["female"]
    by_nature = _line("yes", 10, 9.0, attribute="disability", measure="factor 6A: above 0, by disability")
    assert apart_in_writing([by_nature, *both]) == [both[1]]
    assert measure_name("factor 16A: above 0, by sex") == "Factor 16A, neglect"


def test_without_contacts_nobody_is_said_to_be_looked_at(authority_records: Records) -> None:
    tables = {name: table for name, table in authority_records.tables.items() if name != "ssd_contacts"}
    assert looked_at(replace(authority_records, tables=tables), pl.Series(["C1"])) is None


HELP = """
    earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date
    ----------------|----------------|-------------------------|----------------------
    E1              | C1             | 2024-01-01              | 2024-03-31
    E2              | C1             | 2024-06-29              | 2024-12-01
    E3              | C2             | 2024-03-01              |
    E4              | C2             | 2024-06-30              |
"""


def test_help_is_what_began_within_90_days_after_the_day_and_open_help_is_not_ended_on_it() -> None:
    seen = view_as_of(records(ssd_person=PEOPLE, ssd_early_help_episodes=HELP), as_of=date(2024, 12, 31))
    found = _help_around(seen, day_number(date(2024, 3, 31))).sort("child_id")
    assert found.rows() == [("C1", day_number(date(2024, 3, 31)) + 90, False), ("C2", None, True)]
