"""Access to help: shares along a path, each held against what was to be expected at equal recorded need."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from training.audit.practice.access import access_entries
from training.audit.practice.access_intervals import median_of, standing_out
from training.audit.practice.access_path import AccessSettings, Step
from training.audit.practice.standardise import alike, expected, share_of
from training.audit.statistics.estimate import Estimate, Outcome, Undefined
from training.audit.statistics.ratios import degrees_of, gap_of, ratio_of

OFFERED = Step("offered", "were offered help", "practice")
TAKEN = Step("taken", "took it up", "practice", after="offered")


def rows(*cells: tuple[str | None, str | None, int, int]) -> pl.DataFrame:
    """Draw children: group, need, how many of them, and to how many of those help was offered."""
    parts = [
        pl.DataFrame({"group": [group] * n, "need": [need] * n, "offered": [1] * k + [0] * (n - k)})
        for group, need, n, k in cells
    ]
    table = pl.concat(parts, how="vertical_relaxed").with_columns(
        pl.col("group", "need").cast(pl.String), pl.col("offered").cast(pl.Int8), age=pl.lit(7), tenth=pl.lit(5)
    )
    child = pl.format("C{}", pl.int_range(pl.len()))
    return table.with_columns(child_id=child, cluster=child)


def look(table: pl.DataFrame, **changes: Any) -> dict[tuple[str | None, str], dict[str, Any]]:
    usual = {"steps": (OFFERED,), "groups": ("group",), "main": ("offered", ("group",)), "need": ("need",)}
    settings = AccessSettings(**{**usual, "deprivation": "tenth", **changes})
    found = access_entries(table, settings)
    return {("everybody" if each["attribute"] is None else each["group"], each["measure"]): each for each in found}


def ratio(entry: dict[str, Any], column: str, against: str = "everyone_else") -> float:
    return entry[against][column]["ratio"]["value"]


CONFOUNDED = rows(("A", "high", 600, 300), ("A", "low", 400, 40), ("B", "high", 400, 200), ("B", "low", 600, 60))


def test_a_gap_that_recorded_need_explains_is_gone_at_equal_recorded_need() -> None:
    found = look(CONFOUNDED)["A", "offered"]
    assert ratio(found, "raw") == pytest.approx((340 / 1000) / (260 / 1000))
    assert ratio(found, "need") == pytest.approx(1.0, abs=0.002)


def test_the_share_to_be_expected_is_that_of_the_others_for_the_children_of_the_group() -> None:
    table = rows(("A", "high", 60, 30), ("A", "low", 40, 4), ("B", "high", 400, 200), ("B", "low", 1000, 100))
    wanted = look(table)["A", "offered"]["everyone_else"]["need"]["expected"]
    assert wanted["value"] == pytest.approx(0.6 * 200 / 400 + 0.4 * 100 / 1000, abs=0.001)


def test_a_gap_at_equal_need_is_found_and_stands_out() -> None:
    table = rows(("A", "high", 600, 180), ("A", "low", 400, 24), ("B", "high", 400, 200), ("B", "low", 600, 60))
    found = look(table)["A", "offered"]
    assert ratio(found, "need") == pytest.approx(0.6, abs=0.005)
    assert found["stands_out"] is True


def test_missing_need_is_a_category_of_its_own() -> None:
    table = rows(("A", None, 100, 30), ("A", "low", 100, 10), ("B", None, 300, 90), ("B", "low", 900, 90))
    assert ratio(look(table)["A", "offered"], "need") == pytest.approx(1.0, abs=0.005)


def test_who_has_no_group_on_record_is_a_group_and_is_among_everyone_else() -> None:
    found = look(rows(("A", "low", 100, 20), ("B", "low", 100, 10), (None, "low", 100, 30)))
    assert found[None, "offered"]["share"]["k"] == 30
    assert ratio(found["A", "offered"], "raw") == pytest.approx(0.20 / ((10 + 30) / 200))


def test_where_missing_is_counted_otherwise_it_is_not_among_everyone_else() -> None:
    table = rows(("A", "low", 100, 20), ("B", "low", 100, 10), (None, "low", 100, 30))
    assert ratio(look(table, compares_missing=False)["A", "offered"], "raw") == pytest.approx(0.20 / 0.10)


def test_the_reference_is_compared_with_nobody_but_everyone_else() -> None:
    found = look(rows(("A", "low", 100, 20), ("B", "low", 100, 10)), reference={"group": "B"})
    assert ratio(found["A", "offered"], "raw", "reference") == pytest.approx(0.20 / 0.10)
    assert found["B", "offered"]["reference"] is None


def test_who_was_not_open_to_a_step_is_in_no_denominator() -> None:
    table = rows(("A", "low", 100, 20), ("B", "low", 100, 10)).with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then("offered").alias("offered")
    )
    found = look(table)
    assert (found["A", "offered"]["share"]["k"], found["A", "offered"]["share"]["n"]) == (10, 50)


def test_age_is_not_held_equal_between_age_bands() -> None:
    settings = AccessSettings(steps=(OFFERED,), groups=("age_band",), main=("", ()), need=("need",))
    assert settings.held_equal("age", "age_band") == ()
    assert settings.held_equal("need", "age_band") == ("need", "deprivation")
    assert settings.held_equal("need", "sex") == ("age", "need", "deprivation")


def test_bands_of_age_stand_in_the_order_of_age() -> None:
    bands = rows(("11-15", "low", 40, 8), ("5-10", "low", 40, 8), ("0", "low", 40, 8))
    assert [group for group, _ in look(bands)] == ["everybody", "0", "5-10", "11-15"]


def test_the_rung_is_a_column_only_where_one_is_named() -> None:
    table = CONFOUNDED.with_columns(rung=pl.lit(1))
    assert "rung" not in look(table)["A", "offered"]["everyone_else"]
    assert "rung" in look(table, rung="rung")["A", "offered"]["everyone_else"]


STEPS = {"steps": (OFFERED, TAKEN), "disclosure": "published"}


def taken(table: pl.DataFrame) -> pl.DataFrame:
    """Say that everybody who was offered help took it up, but every third."""
    third = (pl.col("offered").cum_sum() % 3 != 0).cast(pl.Int8)
    return table.with_columns(taken=pl.when(pl.col("offered") == 1).then(third))


def test_what_is_withheld_at_a_step_is_withheld_at_the_steps_that_follow() -> None:
    # Of A all but 5 were offered help: whoever sees how many could take it up knows the 5.
    table = rows(("A", "low", 300, 295), ("B", "low", 300, 60), ("C", "low", 900, 300))
    found = look(taken(table), **STEPS)
    assert found["A", "offered"]["share"] == found["A", "taken"]["share"] == {"suppressed": True}
    assert found["B", "taken"]["share"] == found["B", "taken"]["everyone_else"]["raw"]["ratio"] == {"suppressed": True}
    assert "value" in found["C", "taken"]["share"]


def test_a_ratio_to_a_reference_that_is_withheld_is_withheld() -> None:
    table = rows(("A", "low", 300, 9), ("B", "low", 300, 60), ("C", "low", 900, 300))
    found = look(table, reference={"group": "A"}, disclosure="published")["C", "offered"]
    assert found["reference"]["raw"]["ratio"] == {"suppressed": True}
    assert "value" in found["everyone_else"]["raw"]["ratio"]


def test_everyone_else_without_the_missing_gives_no_withheld_group_back() -> None:
    table = rows(("A", "low", 300, 9), ("B", "low", 300, 60), ("C", "low", 900, 300), (None, "low", 100, 11))
    found = look(table, compares_missing=False, disclosure="published")
    assert found["A", "offered"]["share"] == {"suppressed": True}
    told = [entry["everyone_else"] for who, entry in found.items() if who[0] != "everybody"]
    assert all(each["raw"]["expected"] == {"suppressed": True} for each in told)


@pytest.mark.parametrize("seed", range(6))
def test_no_subtraction_gives_a_withheld_count_back(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = [int(size) for size in random.choice([6, 14, 40, 300], 5)]
    table = taken(rows(*((name, "low", n, n // 3) for name, n in zip("ABCDE", sizes, strict=True))))
    found = look(table, **STEPS)
    true = {name: dict(zip(("n", "k"), counts, strict=True)) for name, counts in counts_of(table).items()}
    for step in ("offered", "taken"):
        hidden = [name for name in "ABCDE" if "suppressed" in found[name, step]["share"]]
        if hidden and "value" in found["everybody", step]["share"]:
            n, k = (sum(true[name, step][count] for name in hidden) for count in ("n", "k"))
            assert len(hidden) > 1
            assert min(n, k, n - k) >= 10
    assert {g for g, step in found if step == "offered" and "suppressed" in found[g, step]["share"]} <= {
        g for g, step in found if step == "taken" and "suppressed" in found[g, step]["share"]
    }


def counts_of(table: pl.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Count what was withheld: by group and step, who was open to it and who took it."""
    return {
        (name, step): (of_one[step].count(), int(of_one[step].sum()))
        for name in "ABCDE"
        for step in ("offered", "taken")
        for of_one in [table.filter(pl.col("group") == name)]
    }


def test_a_group_that_is_withheld_is_not_said_to_stand_out() -> None:
    table = rows(("A", "low", 3, 3), ("B", "low", 300, 30), ("C", "low", 900, 300))
    found = look(table)
    assert found["A", "offered"]["stands_out"] is None
    assert found["C", "offered"]["stands_out"] is True


def arrays(k_1: int, n_1: int, k_2: int, n_2: int, *, each: int = 1) -> tuple[Outcome, Outcome]:
    """Give two shares, in families of so many rows that all fare alike."""
    happened = np.repeat([1.0] * k_1 + [0.0] * (n_1 - k_1) + [1.0] * k_2 + [0.0] * (n_2 - k_2), each)
    is_first = np.repeat([True] * n_1 + [False] * n_2, each)
    cluster = np.repeat(np.arange(n_1 + n_2), each)
    wanted = expected(happened, alike(pl.DataFrame({"one": happened}), ()), cluster, group=is_first, others=~is_first)
    return share_of(happened, cluster, is_first), wanted


def test_in_large_samples_a_ratio_has_the_interval_of_the_log_method() -> None:
    low, high = ratio_of(*arrays(600, 4000, 1000, 4000)).limits(0.95)  # type: ignore[union-attr]
    error = math.sqrt(1 / 600 - 1 / 4000 + 1 / 1000 - 1 / 4000)
    assert math.log(high / low) == pytest.approx(2 * 1.96 * error, rel=0.01)


def test_rows_of_one_family_make_an_interval_no_narrower() -> None:
    alone, together = ratio_of(*arrays(60, 400, 100, 400)), ratio_of(*arrays(60, 400, 100, 400, each=3))
    assert alone.value == pytest.approx(together.value)  # type: ignore[union-attr]
    low, high = together.limits(0.95)  # type: ignore[union-attr]
    assert low <= alone.limits(0.95)[0]  # type: ignore[union-attr]
    assert high >= alone.limits(0.95)[1]  # type: ignore[union-attr]
    assert (low, high) == pytest.approx(alone.limits(0.95), rel=0.03)  # type: ignore[union-attr]


def test_a_variance_is_as_unsure_as_the_few_families_it_comes_from() -> None:
    # Five families of a hundred bear it all: 2 / (1 / 5 - 1 / 100) is about 11.
    assert degrees_of(np.array([1.0] * 5 + [0.0] * 95)) == 11
    assert degrees_of(np.ones(100)) == 99


def test_a_group_to_whom_it_never_happened_has_a_ratio_of_0_with_an_upper_limit() -> None:
    found = ratio_of(*arrays(0, 40, 100, 400))
    assert isinstance(found, Estimate)
    assert (found.value, found.limits(0.95)[0]) == (0.0, 0.0)
    assert 0.1 < found.limits(0.95)[1] < 1


def test_a_difference_is_the_share_less_the_share_to_be_expected() -> None:
    found = gap_of(*arrays(60, 400, 100, 400))
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(60 / 400 - 100 / 400)


@pytest.mark.parametrize("k", [9, 391])
def test_too_few_of_the_others_of_either_kind_give_no_number(k: int) -> None:
    found = ratio_of(*arrays(60, 400, k, 400))
    assert isinstance(found, Undefined)
    assert "fewer than 10 of the others" in found.reason


def test_a_median_stands_with_the_days_that_leave_it_inside() -> None:
    days = np.arange(1.0, 102.0)
    found = median_of(days, np.arange(101))
    assert isinstance(found, Estimate)
    assert found.value == 51
    low, high = found.limits(0.95)
    assert 40 <= low <= 42
    assert 60 <= high <= 62


def test_a_median_of_fewer_than_ten_is_no_number() -> None:
    assert isinstance(median_of(np.arange(9.0), np.arange(9)), Undefined)


def test_holm_asks_more_of_the_first_than_of_the_last() -> None:
    # Alone the second leaves out 1 (at 97%); beside two others it is asked for 97.5%.
    strong, fair = ratio_of(*arrays(60, 400, 130, 400)), ratio_of(*arrays(60, 400, 84, 400))
    none = ratio_of(*arrays(60, 400, 60, 400))
    assert standing_out([fair]) == [True]  # type: ignore[list-item]
    assert standing_out([none, fair, strong]) == [False, False, True]  # type: ignore[list-item]
