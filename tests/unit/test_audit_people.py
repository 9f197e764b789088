"""People in the loop: agreement and override by group and role, and where people move the score's gap."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit.practice.people import less, people_in_the_loop
from training.audit.statistics.intervals import rate

# Of 100 children of group A 40 are near the top and 20 are offered help, of 100 of group B 10 and 12.
MADE = """
    group | near | decision              | reason | times | escalated
    A     | 1    | offer_early_help      | a      | 15    | 4
    A     | 1    | keep_current_help     | a      | 3     | 0
    A     | 1    | no_further_action     | b      | 17    | 5
    A     | 1    | need_more_information | a      | 5     | 0
    A     | 0    | refer_to_social_care  | c      | 2     | 1
    A     | 0    | no_further_action     | a      | 58    | 3
    B     | 1    | offer_early_help      | a      | 6     | 2
    B     | 1    | no_further_action     | b      | 4     | 1
    B     | 0    | offer_early_help      | b      | 6     | 2
    B     | 0    | no_further_action     | a      | 84    | 4
"""


def decisions(drawing: str = MADE, **changes: Any) -> pl.DataFrame:
    """One decision a child: each line so many times, the first of them escalated."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()[1:]]
    rows = [
        {
            "group": group,
            "is_near_top": near == "1",
            "decision": decision or None,
            "reason": reason,
            "escalated": n < int(up),
        }
        for group, near, decision, reason, times, up in lines
        for n in range(int(times))
    ]
    children = [f"C{number}" for number in range(len(rows))]
    drawn = pl.DataFrame(rows).with_columns(pl.Series("child", children), pl.lit("triage").alias("role"))
    return drawn.with_columns(pl.lit(None, pl.String).alias("cluster")).with_columns(**changes)


def counts(found: dict[str, Any], part: str = "shares") -> dict[tuple[str, str | None], tuple[int, int] | str]:
    """By measure and group, k and n, or that it is withheld."""
    return {
        (each["measure"], each["group"]): (each["share"]["k"], each["share"]["n"])
        if "k" in each["share"]
        else "withheld"
        for each in found[part]
    }


AGREED = ("agreement", "group")
FOUND = people_in_the_loop(decisions(), ("group",))


def shown(measure: str, group: str | None, beside: str = "share", found: dict[str, Any] = FOUND) -> dict[str, Any]:
    return next(e[beside] for e in found["shares"] if (e["measure"], e["group"]) == (measure, group))


def test_a_decision_agrees_with_help_near_the_top_and_with_none_elsewhere() -> None:
    assert counts(FOUND)["agreement", "A"] == (15 + 3 + 58, 100)
    assert counts(FOUND)["agreement", None] == (15 + 3 + 58 + 6 + 84, 200)


def test_an_override_has_its_own_denominator() -> None:
    assert counts(FOUND)["override_up", "B"] == (6, 6 + 84)
    assert counts(FOUND)["override_down", "A"] == (17, 15 + 3 + 17 + 5)


def test_asking_for_more_information_is_neither_agreement_nor_override() -> None:
    told = counts(FOUND)
    n_overrides = told["override_up", "A"][0] + told["override_down", "A"][0]
    assert told["more_information", "A"] == (5, 100)
    assert told["agreement", "A"][0] + n_overrides + 5 == 100


def test_what_people_did_to_the_scores_gap_is_said_with_its_interval() -> None:
    assert shown("near_the_top", "A", "gap")["value"] == pytest.approx(0.40 - 0.10)
    assert shown("offered", "A", "gap")["value"] == pytest.approx(0.20 - 0.12)
    beyond = shown("offered", "A", "gap_beyond_the_score")
    assert beyond["value"] == pytest.approx((0.20 - 0.12) - (0.40 - 0.10))
    assert beyond["low"] < beyond["value"] < beyond["high"] < 0


def test_the_interval_knows_that_both_shares_are_of_the_same_children() -> None:
    one, ids = np.ones(100), np.arange(100)
    score, people = rate(np.repeat([1.0, 0.0], [40, 60]), one, ids), rate(np.repeat([1.0, 0.0], [38, 62]), one, ids)
    elsewhere = rate(np.repeat([1.0, 0.0], [38, 62]), one, ids + 100)
    low, high = less(people, score).limits(0.95)
    widest_low, widest_high = less(people, elsewhere).limits(0.95)
    assert high - low < 0.4 * (widest_high - widest_low)


def test_overrides_are_counted_by_reason() -> None:
    told = counts(FOUND, "override_reasons")
    assert told["override_was_up", None] == (2 + 6, 17 + 2 + 4 + 6)
    assert told["override_was_up", "b"] == told["override_was_up", "c"] == "withheld"


def test_a_reason_given_often_is_counted() -> None:
    found = people_in_the_loop(decisions(MADE.replace("| c      | 2 ", "| c      | 12")), ("group",))
    told = counts(found, "override_reasons")
    assert told["override_was_up", "b"] == (6, 17 + 4 + 6)
    assert told["override_was_up", "c"] == (12, 12)


def test_what_happened_afterwards_is_said_by_what_was_decided() -> None:
    told = counts(FOUND, "afterwards")
    assert told["escalated_override_down", None] == (5 + 1, 17 + 4)
    assert told["escalated_elsewhere_ended", "B"] == (4, 84)


def test_what_is_not_known_yet_is_said() -> None:
    found = people_in_the_loop(decisions(escalated=pl.lit(None, pl.Int8)), ("group",))
    assert found["afterwards"] == []
    assert found["stated"][-1] == "What happened after these decisions is not known yet for anybody."


def test_a_score_on_which_nobody_decided_counts_as_undecided_alone() -> None:
    found = counts(people_in_the_loop(decisions(MADE + "    A | 1 | | | 20 | 0"), ("group",)))
    assert found["decided", "A"] == (40, 60)
    assert found["agreement", "A"] == (76, 100)


def test_a_group_on_whom_nobody_decided_is_named_as_undecided() -> None:
    found = people_in_the_loop(decisions(MADE + "    C | 1 | | | 20 | 0"), ("group",))
    assert counts(found)["decided", "C"] == (0, 20)
    assert [each["measure"] for each in found["shares"] if each["group"] == "C"] == ["decided"]


def test_in_print_a_group_with_nobody_to_decide_on_is_withheld_as_any_small_one() -> None:
    found = people_in_the_loop(decisions(MADE + "    C | 0 | | | 20 | 0"), ("group",), disclosure="published")
    assert counts(found)["override_down", "C"] == counts(found)["decided", "C"] == "withheld"


@pytest.mark.parametrize(
    ("rows", "words"), [(0, "has been shown to anybody"), (30, "no decision on them is in the log")]
)
def test_where_nothing_was_decided_that_is_said(rows: int, words: str) -> None:
    found = people_in_the_loop(decisions(decision=pl.lit(None, pl.String)).head(rows), ("group",))
    assert words in found["stated"][0]
    assert {each["measure"] for each in found["shares"]} == ({"decided"} if rows else set())


def test_a_characteristic_that_is_not_recorded_is_a_group_of_its_own() -> None:
    is_gap = pl.int_range(pl.len()) % 2 == 0
    found = people_in_the_loop(decisions(group=pl.when(is_gap).then(None).otherwise("group")), ("group",))
    told = {e["group"]: e["share"]["n"] for e in found["shares"] if (e["measure"], e["attribute"]) == AGREED}
    assert told == {"A": 50, "B": 50, None: 100}


def test_a_role_with_fewer_than_five_children_is_withheld() -> None:
    place = pl.int_range(pl.len())
    role = pl.when(place < 4).then(pl.lit("nurse")).when(place < 14).then(pl.lit("lead")).otherwise("role")
    found = counts(people_in_the_loop(decisions(role=role), ("group",)))
    assert found["agreement", "nurse"] == found["agreement", "lead"] == "withheld"
    assert found["agreement", "triage"] == (76 - 14 + 90, 200 - 14)


def test_in_print_two_shares_and_their_difference_are_withheld_together() -> None:
    few_near = MADE.replace("| 6     | 2", "| 2     | 0").replace("| 4     | 1", "| 1     | 0")
    found = people_in_the_loop(decisions(few_near), ("group",), disclosure="published")
    told = [each for each in found["shares"] if each["group"] == "B" and each["measure"] in ("near_the_top", "offered")]
    hidden = {"suppressed": True}
    assert [each["share"] for each in told] == [hidden, hidden]
    assert (told[0]["gap"], told[1]["gap"], told[1]["gap_beyond_the_score"]) == (hidden, hidden, hidden)


def test_no_child_and_no_household_is_in_what_is_given() -> None:
    told = json.dumps(people_in_the_loop(decisions(cluster=pl.lit("HOUSEHOLD")), ("group",)), allow_nan=False)
    assert "C1" not in told
    assert "HOUSEHOLD" not in told


def test_a_decision_that_is_not_known_is_refused_without_saying_it() -> None:
    with pytest.raises(UnusableRecordsError, match="Of 200 decisions 200 have a code that is not known"):
        people_in_the_loop(decisions(decision=pl.lit("Mrs Jones")), ("group",))


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="has no column 'ethnic_group'"):
        people_in_the_loop(decisions(), ("ethnic_group",))
