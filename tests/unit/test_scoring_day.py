"""A day's list: who is on it, in which rank and band, and what is written of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.indicators.shown_only import SHOWN_ONLY
from features.vocabulary.errors import WrongUsageError
from serving.scoring.answers import meaning
from serving.scoring.day import SCORE_COLUMNS, rank_scores, score_day, write_scores
from tests.serving_fixtures import LAST_DAY
from training.registry.plan import Bands

if TYPE_CHECKING:
    from pathlib import Path

    from features.tables.records import Records
    from training.registry.bundle import Bundle

BANDS = Bands(capacity=0.5, names=("first", "next", "others"), shares=(0.5, 1.0))


def scored(**scores: float) -> pl.DataFrame:
    return pl.DataFrame({"child_id": list(scores), "score": list(scores.values())})


def test_rank_one_is_the_highest_score() -> None:
    ranked = rank_scores(scored(a=0.1, b=0.9, c=0.5, d=0.2), BANDS)
    assert dict(ranked.select("child_id", "rank").iter_rows()) == {"b": 1, "c": 2, "d": 3, "a": 4}


def test_equal_scores_stand_in_the_order_of_their_ids() -> None:
    ranked = rank_scores(scored(z=0.5, a=0.5, m=0.5, b=0.1), BANDS)
    assert dict(ranked.select("child_id", "rank").iter_rows()) == {"a": 1, "m": 2, "z": 3, "b": 4}


def test_bands_are_shares_of_the_places_there_are() -> None:
    ranked = rank_scores(scored(a=0.8, b=0.7, c=0.6, d=0.5, e=0.4, f=0.3, g=0.2, h=0.1), BANDS)
    # 8 children, half of them places: 0.5 * 0.5 * 8 = 2 in the first band, 1.0 * 0.5 * 8 = 4 in the first two
    assert ranked["band"].to_list() == ["first", "first", "next", "next", *["others"] * 4]


def test_children_with_the_same_score_have_the_same_band() -> None:
    ranked = rank_scores(scored(a=0.8, b=0.7, c=0.7, d=0.5, e=0.5, f=0.5, g=0.2, h=0.1), BANDS)
    # 2 places in the first band, 4 in the first two; b and c share rank 2, d, e and f share rank 4
    assert ranked["band"].to_list() == [*["first"] * 3, *["next"] * 3, "others", "others"]


def test_an_empty_list_has_no_rank_and_no_band() -> None:
    empty = rank_scores(pl.DataFrame(schema={"child_id": pl.String, "score": pl.Float64}), BANDS)
    assert (empty.height, empty.schema["rank"], empty.schema["band"]) == (0, pl.Int32, pl.String)


def test_a_day_lists_children_with_a_contact_lately_and_nobody_else(families: Records, drawn_bundle: Bundle) -> None:
    day = score_day(families, drawn_bundle, as_of=LAST_DAY)
    assert day.scores["child_id"].to_list() == ["C-ALONE", "C-LILY", "C-TOMOS"]


def test_scores_matrix_and_cohort_stand_in_the_same_order(families: Records, drawn_bundle: Bundle) -> None:
    day = score_day(families, drawn_bundle, as_of=LAST_DAY)
    assert day.scores["child_id"].equals(day.matrix["child_id"])
    assert day.scores["child_id"].equals(day.cohort["child_id"])
    assert day.scores["child_id"].equals(day.only_shown["child_id"])


def test_what_is_only_shown_stands_beside_the_matrix_and_never_in_it(families: Records, drawn_bundle: Bundle) -> None:
    day = score_day(families, drawn_bundle, as_of=LAST_DAY)
    shown = [one.name for one in SHOWN_ONLY]
    assert set(shown) <= set(day.only_shown.columns)
    assert set(shown).isdisjoint((*day.matrix.columns, *day.scores.columns))


def test_a_day_after_the_records_end_is_refused(families: Records, drawn_bundle: Bundle) -> None:
    with pytest.raises(WrongUsageError, match="after the records' last day, 2025-03-31"):
        score_day(families, drawn_bundle, as_of=date(2025, 4, 1))


def test_a_day_before_any_contact_has_an_empty_list(families: Records, drawn_bundle: Bundle) -> None:
    assert score_day(families, drawn_bundle, as_of=date(2019, 1, 1)).scores.height == 0


def test_scores_are_written_without_reasons_unless_asked(
    families: Records, drawn_bundle: Bundle, tmp_path: Path
) -> None:
    day = score_day(families, drawn_bundle, as_of=LAST_DAY)
    write_scores(day, tmp_path / "plain.parquet", is_explained=False)
    write_scores(day, tmp_path / "explained.parquet", is_explained=True)
    given = [f"contribution_{name}" for name in drawn_bundle.model.indicators]
    assert pl.read_parquet(tmp_path / "plain.parquet").columns == [*SCORE_COLUMNS]
    assert pl.read_parquet(tmp_path / "explained.parquet").columns == [*SCORE_COLUMNS, "base", *given]


def test_nothing_half_written_is_left_where_scores_cannot_be_written(
    families: Records, drawn_bundle: Bundle, tmp_path: Path
) -> None:
    (tmp_path / "scores.parquet").mkdir()
    day = score_day(families, drawn_bundle, as_of=LAST_DAY)
    with pytest.raises(WrongUsageError, match="is a folder, not a file"):
        write_scores(day, tmp_path / "scores.parquet", is_explained=False)
    assert [p.name for p in tmp_path.iterdir()] == ["scores.parquet"]


def test_an_interval_beside_the_score_is_said_apart() -> None:
    assert meaning(0.124, 0.081, 0.17).endswith("about 12 moved up the ladder within twelve months (between 8 and 17).")
    assert "within twelve months. Among children with the nearest scores" in meaning(0.26, 0.09, 0.19)


def test_no_score_says_none_or_all_of_a_hundred_children() -> None:
    assert "about 1 moved" in meaning(0.0001, 0.0, 0.02)
    assert "about 99 moved" in meaning(0.9999, 0.9, 1.0)
