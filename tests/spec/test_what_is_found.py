"""The edges of what is found: when a code is out of its years, how far a plan may lie ahead, whose a row is."""

from __future__ import annotations

import polars as pl
import pytest

from features.tables.validate import examine
from tests.drawing import raw

CHILDREN = "pers_person_id\nC1\nC2"
DAY = "cont_person_id | cont_contact_date\nC1 | 2026-03-31"


def kinds(table: str, **drawings: str) -> list[str]:
    """Name what is found in one drawn table."""
    drawn = {"ssd_person": CHILDREN, "ssd_contacts": DAY, **drawings}
    return examine(raw(**drawn)).findings.filter(pl.col("table") == table)["kind"].to_list()


@pytest.mark.parametrize(
    ("start", "code", "found"),
    [
        ("2024-03-31", "H5", []),
        ("2024-04-01", "H5", ["code_retired"]),
        ("2024-03-31", "K3", ["code_not_yet_valid"]),
        ("2024-04-01", "K3", []),
    ],
)
def test_a_code_is_out_of_its_years_by_the_collection_year_that_ends_in_march(
    start: str, code: str, found: list[str]
) -> None:
    home = f"clap_person_id | clap_cla_placement_start_date | clap_cla_placement_type\nC1 | {start} | {code}"
    assert kinds("ssd_cla_placement", ssd_cla_placement=home) == found


@pytest.mark.parametrize(
    ("authorised", "code", "found"),
    [
        ("2021-03-31", "18A", []),
        ("2021-04-01", "18A", ["code_retired"]),
        ("2021-03-31", "24A", ["code_not_yet_valid"]),
        ("2021-04-01", "24A", []),
    ],
)
def test_a_factor_is_of_the_year_in_which_its_assessment_was_authorised(
    authorised: str, code: str, found: list[str]
) -> None:
    assessments = f"""cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date
    A1 | C1 | 2021-03-01 | {authorised}"""
    factors = f'cinf_assessment_id | cinf_assessment_factors_json\nA1 | ["{code}"]'
    drawn = {"ssd_cin_assessments": assessments, "ssd_assessment_factors": factors}
    assert kinds("ssd_assessment_factors", **drawn) == found


@pytest.mark.parametrize(("due", "found"), [("2028-03-30", []), ("2028-03-31", ["date_after_extract"])])
def test_what_is_planned_may_lie_two_years_ahead(due: str, found: list[str]) -> None:
    review = f"cppr_person_id | cppr_cp_review_due\nC1 | {due}"
    assert kinds("ssd_cp_reviews", ssd_cp_reviews=review) == found


def test_a_review_of_a_period_that_two_children_share_is_nobodys() -> None:
    care = """clae_person_id | clae_cla_episode_start_date | clae_cla_id
    C1 | 2025-01-10 | P1
    C2 | 2025-01-10 | P1"""
    reviews = "clar_cla_id | clar_cla_review_date\nP1 | 2025-02-05"
    drawn = raw(ssd_person=CHILDREN, ssd_contacts=DAY, ssd_cla_episodes=care, ssd_cla_reviews=reviews)
    assert examine(drawn).records.tables["ssd_cla_reviews"]["clar_cla_person_id"].to_list() == [None]


HELPED = "earl_person_id | earl_episode_start_date\nX1 | 2025-01-10"
VISITED = "cinv_person_id | cinv_cin_visit_date\nX1 | 2025-01-20"


@pytest.mark.parametrize(
    ("beyond", "found"),
    [
        ({}, "early_help_child_left_out"),
        ({"ssd_contacts": f"{DAY}\nX1 | 2025-01-11"}, "orphan"),
        ({"ssd_cin_episodes": "cine_person_id | cine_referral_date\nX1 | 2025-01-11"}, "orphan"),
    ],
)
def test_a_child_who_is_not_there_is_left_out_where_there_was_early_help_alone(
    beyond: dict[str, str], found: str
) -> None:
    drawn = {"ssd_early_help_episodes": HELPED, "ssd_cin_visits": VISITED, **beyond}
    assert kinds("ssd_early_help_episodes", **drawn) == [found]
