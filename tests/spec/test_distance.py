"""Distance travelled, as of 2025-03-31: for every scale first, latest and change, by child and by family."""

from __future__ import annotations

import math

import polars as pl
import pytest

from features.indicators.distance import distance_travelled, scales_of_children
from tests.indicator_values import FAMILY, view_of

USES = """
    fama_person_id | fama_family_id | fama_assessment_date | fama_tool   | fama_scale       | fama_score | fama_direction
    ---------------|----------------|----------------------|-------------|------------------|------------|-----------------
    C1             |                | 2024-01-10           | Risk scale  | Supervision      | 8          | lower is better
    C1             |                | 2024-06-10           | Risk scale  | Supervision      | 9          | lower is better
    C1             |                | 2025-03-31           | Risk scale  | Supervision      | 6          | lower is better
    C1             |                | 2025-04-01           | Risk scale  | Supervision      | 1          | lower is better
                   | F1             | 2024-01-10           | Family Star | Home and money   | 4          | higher is better
                   | F1             | 2025-01-10           | Family Star | Home and money   | 7          | higher is better
    C1             |                | 2024-02-01           | Risk scale  | Home safety      | 5          | lower is better
    C1             |                | 2024-02-01           | Risk scale  | Home safety      | 3          | lower is better
    C1             |                | 2025-02-01           | Risk scale  | Home safety      | 2          | lower is better
    C1             |                | 2025-02-01           | Risk scale  | Home safety      | 4          | lower is better
                   | F1             | 2024-02-01           | Family Star | Social networks  | 8          | higher is better
                   | F1             | 2024-02-01           | Family Star | Social networks  | 6          | higher is better
                   | F1             | 2025-02-01           | Family Star | Social networks  | 5          | higher is better
    C1             |                | 2024-03-01           | Risk scale  | Substance use    | 0          | lower is better
    C1             |                | 2025-03-01           | Risk scale  | Substance use    | 2          | lower is better
                   | F1             | 2024-03-01           | Family Star | Progress to work | 0          | higher is better
                   | F1             | 2025-03-01           | Family Star | Progress to work | 0          | higher is better
    S1             |                | 2025-03-01           | SDQ         |                  | 14         | lower is better
    C1             | F1             | 2024-05-01           | Wellbeing   |                  | 1.2        | lower is better
    C1             | F1             | 2025-03-01           | Wellbeing   |                  | 0.9        | lower is better
    C1             |                | 2024-05-01           | Risk scale  | Domestic abuse   |            | lower is better
    C1             |                | 2025-03-01           | Risk scale  | Domestic abuse   | 3          | lower is better
    C1             |                | 2024-05-01           | Goals       |                  | 3          |
                   |                | 2024-05-01           | Goals       |                  | 3          | higher is better
"""  # noqa: E501 - a drawn table is as wide as its names
# By whose scale it is: first, latest, change in points, percent of the first, uses; better, worse, by a quarter.
TRAVELLED = {
    ("C1", "supervision"): (8, 6, 6 - 8, 100 * (6 - 8) / 8, 1 + 1 + 1, 1, 0, 1),  # the score after the day is not known
    ("F1", "home and money"): (4, 7, 7 - 4, 100 * (7 - 4) / 4, 1 + 1, 1, 0, 1),
    ("C1", "home safety"): (5, 4, 4 - 5, 100 * (4 - 5) / 5, 1 + 1, 1, 0, 0),  # of a day the higher, for that is worse
    ("F1", "social networks"): (6, 5, 5 - 6, 100 * (5 - 6) / 6, 1 + 1, 0, 1, 0),  # of a day the lower, that is worse
    ("C1", "substance use"): (0, 2, 2 - 0, None, 1 + 1, 0, 1, None),  # no percentage of nought
    ("F1", "progress to work"): (0, 0, 0 - 0, None, 1 + 1, 0, 0, None),
    ("S1", ""): (14, 14, 14 - 14, 0, 1, None, None, None),  # used once: nothing was travelled
    ("C1", ""): (1.2, 0.9, 0.9 - 1.2, -100 / 4, 1 + 1, 1, 0, 1),  # a child's own, though the family is named
    ("C1", "domestic abuse"): (3, 3, 3 - 3, 0, 1, None, None, None),  # without a score it was not used
}
COLUMNS = (
    "first",
    "latest",
    "change",
    "percentage_change",
    "n_uses",
    "is_better",
    "is_worse",
    "is_better_by_a_quarter",
)


def travelled(**drawings: str) -> pl.DataFrame:
    view = view_of(**drawings)
    frame = distance_travelled(view)
    assert frame is not None
    return view.engine.collect(frame)


@pytest.mark.parametrize(("whose", "expected"), TRAVELLED.items(), ids=[f"{who} {scale}" for who, scale in TRAVELLED])
def test_a_scale(whose: tuple[str, str], expected: tuple[float | None, ...]) -> None:
    rows = travelled(ext_family_assessments=USES).filter(pl.col("subject_id") == whose[0], pl.col("scale") == whose[1])
    assert rows.height == 1
    assert rows.select(COLUMNS).row(0) == pytest.approx(expected, abs=1e-9)


def test_there_is_a_row_for_every_scale_that_was_scored_and_says_which_end_is_better() -> None:
    rows = travelled(ext_family_assessments=USES)
    assert {(who, scale) for who, scale in rows.select("subject_id", "scale").iter_rows()} == set(TRAVELLED)
    assert rows.height == len(TRAVELLED)


def test_days_of_the_first_and_the_latest_use() -> None:
    rows = travelled(ext_family_assessments=USES).filter(pl.col("scale") == "supervision")
    days = rows.select(pl.col("first_day", "latest_day").cast(pl.Date).cast(pl.String)).row(0)
    assert days == ("2024-01-10", "2025-03-31")


def test_nought_is_never_below_nought() -> None:
    rows = travelled(ext_family_assessments=USES).filter(pl.col("scale") == "progress to work")
    assert [math.copysign(1, rows[column][0]) for column in ("first", "latest", "change")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("direction", "first", "latest", "expected"),
    [
        ("lower is better", "8", "6", 1),
        ("lower is better", "8", "6.1", 0),
        ("higher is better", "8", "10", 1),
        ("higher is better", "8", "9.9", 0),
        ("lower is better", "-4", "-5", 1),
        ("lower is better", "0.4", "0.3", 1),
    ],
)
def test_a_quarter(direction: str, first: str, latest: str, expected: int) -> None:
    uses = f"""
        fama_person_id | fama_assessment_date | fama_tool | fama_score | fama_direction
        C1             | 2024-01-01           | Goals     | {first}    | {direction}
        C1             | 2025-01-01           | Goals     | {latest}   | {direction}
    """
    assert travelled(ext_family_assessments=uses)["is_better_by_a_quarter"].to_list() == [expected]


def test_a_scale_of_two_tools_is_two_scales() -> None:
    uses = """
        fama_person_id | fama_assessment_date | fama_tool   | fama_scale | fama_score | fama_direction
        C1             | 2024-01-01           | Star        | Home       | 4          | higher is better
        C1             | 2025-01-01           | Risk scale  | Home       | 8          | lower is better
    """
    assert travelled(ext_family_assessments=uses)["n_uses"].to_list() == [1, 1]


def test_a_scale_of_the_family_is_told_of_each_of_its_people_and_a_childs_own_of_the_child() -> None:
    view = view_of(ext_family_assessments=USES, ssd_family=FAMILY)
    rows = view.engine.collect(scales_of_children(view))
    told = {child: set(of["scale"]) for (child,), of in rows.group_by("child_id")}
    star = {"home and money", "social networks", "progress to work"}
    own = {"supervision", "home safety", "substance use", "domestic abuse", ""}
    assert told == {"C1": star | own, "S1": star | {""}, "S2": star, "M1": star}


def test_a_source_without_families_tells_only_of_childrens_own_scales() -> None:
    view = view_of(ext_family_assessments=USES)
    assert set(view.engine.collect(scales_of_children(view))["subject"]) == {"child"}


def test_a_source_without_tools_gives_nothing() -> None:
    assert distance_travelled(view_of()) is None


@pytest.mark.parametrize("direction", ["lower is better", "higher is better"])
def test_a_score_written_as_nought_below_nought_is_nought(direction: str) -> None:
    header = "fama_person_id | fama_assessment_date | fama_tool | fama_score | fama_direction"
    row = travelled(ext_family_assessments=f"{header}\nC1 | 2025-03-01 | Goals | -0 | {direction}")
    assert [math.copysign(1, row[column][0]) for column in ("first", "latest", "change")] == [1, 1, 1]
