"""What is withheld, and that no subtraction gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from training.audit import AuditSettings
from training.audit.disclosure.suppression import BLOCKS, Block, Withheld, counts_of, withhold
from training.audit.groups import Group
from training.audit.intake import take_in
from training.audit.measuring import measure_groups

if TYPE_CHECKING:
    from training.audit.settings import Disclosure


def _group(name: str | None, children: int, *, hits: int = 100) -> Group:
    cells = {"tp": hits, "fp": 100, "fn": 100, "tn": children}
    values = () if name is None else (name,)
    among = {"outcome": hits + 100, "no outcome": 100 + children, "flagged": hits + 100, "not flagged": 100 + children}
    return Group(("sex",)[: len(values)], values, children, children, cells, among, {})


def _names(withheld: Withheld, block: Block = "size") -> dict[str, str]:
    return {key[1][0] or "": blocks[block] for key, blocks in withheld.items() if key[0] and block in blocks}


def test_within_the_authority_a_group_under_five_children_is_withheld_whole_and_another_protects_it():
    withheld = withhold([_group(None, 900), _group("F", 450), _group("M", 446), _group("U", 4)], "internal")
    assert withheld == {
        (("sex",), ("U",)): dict.fromkeys(BLOCKS, "small"),
        (("sex",), ("M",)): dict.fromkeys(BLOCKS, "protects"),
    }


def test_five_children_are_shown_within_the_authority_and_withheld_in_print():
    groups = [_group(None, 905), _group("F", 450), _group("M", 450), _group("U", 5)]
    assert withhold(groups, "internal") == {}
    assert _names(withhold(groups, "published")) == {"U": "small", "F": "protects"}


def test_what_the_last_audit_withheld_stays_withheld():
    groups = [_group(None, 905), _group("F", 450), _group("M", 435), _group("U", 20)]
    withheld = withhold(groups, "internal", before={(("sex",), ("U",)): ["size"]})
    assert _names(withheld) == {"U": "protects", "M": "protects"}


def test_in_print_the_next_smallest_group_protects_a_small_one():
    groups = [_group(None, 900), _group("F", 500), _group("M", 300), _group("I", 93), _group("U", 7)]
    assert _names(withhold(groups, "published")) == {"U": "small", "I": "protects"}


def test_small_groups_that_are_small_together_need_another():
    groups = [_group(None, 900), _group("F", 500), _group("M", 393), _group("I", 3), _group("U", 4)]
    assert _names(withhold(groups, "published")) == {"I": "small", "U": "small", "M": "protects"}


def test_in_print_a_small_count_inside_a_large_group_is_withheld_with_all_that_gives_it_back():
    groups = [_group(None, 900, hits=306), _group("F", 400, hits=200), _group("M", 300), _group("I", 200, hits=6)]
    withheld = withhold(groups, "published")
    assert _names(withheld) == {}
    assert _names(withheld, "cells") == {"I": "small", "M": "protects"}


def _sample_groups(seed: int) -> list[Group]:
    random, rows = np.random.default_rng(seed), 1500
    drawn = pl.DataFrame(
        {
            "outcome": random.random(rows) < 0.2,
            "score": random.random(rows),
            "one": random.choice(list("ABCD"), rows, p=[0.6, 0.3, 0.095, 0.005]),
            "two": random.choice(list("abc"), rows, p=[0.8, 0.18, 0.02]),
        }
    )
    asked = AuditSettings(outcome="outcome", score="score", groups=("one", "two"), capacity=0.2, intersections=2)
    return list(measure_groups(take_in(drawn, asked), asked).every)


def _determined(groups: list[Group], withheld: Withheld, block: Block) -> list[str]:
    """Solve the sums of every line for what is withheld, and give the small groups that come out."""
    hidden = [group.key for group in groups if block in withheld.get(group.key, {})]
    lines: dict[object, list[float]] = {}
    for group in groups:
        for place in range(len(group.attributes)):
            total = tuple(part[:place] + part[place + 1 :] for part in group.key)
            line = lines.setdefault((total, group.attributes), [0.0] * len(hidden))
            for key, sign in ((group.key, 1.0), (total, -1.0)):
                if key in hidden:
                    line[hidden.index(key)] = sign
    _, sizes, directions = np.linalg.svd(np.array([*lines.values(), [0.0] * len(hidden)]))
    free = directions[(sizes > 1e-9).sum() :]
    fixed = [key for place, key in enumerate(hidden) if np.abs(free[:, place]).max(initial=0) < 1e-9]
    return [str(key) for key in fixed if withheld[key][block] == "small"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("disclosure", ["internal", "published"])
def test_no_small_group_can_be_solved_for_from_what_is_shown(seed: int, disclosure: Disclosure):
    groups = _sample_groups(seed)
    withheld = withhold(groups, disclosure)
    assert any(blocks["cells"] == "small" for blocks in withheld.values() if "cells" in blocks)
    assert [_determined(groups, withheld, block) for block in BLOCKS] == [[], [], [], []]


def test_a_group_that_is_shown_has_no_small_count():
    groups = _sample_groups(3)
    withheld = withhold(groups, "published")
    shown = [(group, block) for group in groups for block in BLOCKS if block not in withheld.get(group.key, {})]
    assert min(min(counts_of(group, block)) for group, block in shown) >= 10
