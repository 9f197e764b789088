"""No drawn records make a family too large or join whom the records put apart, and no later address changes a family.

Few people, families, mothers and addresses are drawn, so that they meet often.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from features.as_of import view_as_of
from features.families import LARGEST_FAMILY, family_of, members
from tests.drawing import records

if TYPE_CHECKING:
    from features.as_of import View

    Tables = dict[str, list[tuple[str, ...]]]

AS_OF = date(2025, 3, 31)
HEADERS = {
    "ssd_person": "pers_person_id | pers_dob",
    "ssd_family": "fami_family_id | fami_person_id",
    "ssd_mother": "moth_person_id | moth_childs_person_id",
    "ssd_address": "addr_person_id | addr_address_json | addr_address_start_date | addr_address_end_date",
}
STARTS = (-900, -600, -30, -1, 0, 1, 30)
LENGTHS = (None, 1, 30, 31, 400, 900)
PROPERTY = settings(max_examples=20, deadline=None, derandomize=True)
seeds = st.tuples(st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 20))


def draw(seed: int, n_people: int, n_homes: int) -> Tables:
    """Draw people of whom some are in families, some have a mother, and most live in one of few homes."""
    chance = Random(seed)  # noqa: S311 - draws invented rows, keeps no secret
    people = [f"P{number:02d}" for number in range(n_people)]
    n_families = 1 + seed % 8
    some = [person for person in people if chance.random() < 0.4]
    born = {person: AS_OF - timedelta(chance.choice((400, 3_000, 9_000))) for person in people}
    spans = [(person, f"{chance.randrange(n_homes)} Elm Row", *span(chance)) for person in people * 2]
    mothers = [(f"P{chance.randrange(n_people):02d}", person) for person in people if chance.random() < 0.3]
    return {
        "ssd_person": [(person, str(day)) for person, day in born.items()],
        "ssd_family": [(f"F{chance.randrange(n_families)}", person) for person in some],
        "ssd_mother": [(mother, child) for mother, child in mothers if mother != child],
        "ssd_address": [row for row in spans if chance.random() < 0.6],
    }


def span(chance: Random) -> tuple[str, str]:
    start, length = AS_OF + timedelta(chance.choice(STARTS)), chance.choice(LENGTHS)
    return str(start), "" if length is None else str(start + timedelta(length))


def view_of(drawn: Tables) -> View:
    drawings = {name: "\n".join([HEADERS[name], *(" | ".join(row) for row in rows)]) for name, rows in drawn.items()}
    return view_as_of(records(**drawings), as_of=AS_OF)


def families(drawn: Tables) -> dict[str, str]:
    found = family_of(view_of(drawn))
    assert found is not None
    return dict(pl.DataFrame(found.collect().to_native()).select("child_id", "family_id").sort("child_id").iter_rows())


def pairs(drawn: Tables) -> list[tuple[str, str, str]]:
    found = members(view_of(drawn))
    assert found is not None
    rows = pl.DataFrame(found.collect().to_native()).select("child_id", "member_id", "relation")
    return sorted(rows.iter_rows())


def without_later_addresses(drawn: Tables) -> Tables:
    """Leave out spans that begin after the day, and ends that lie after it."""
    begun = [row for row in drawn["ssd_address"] if row[2] <= str(AS_OF)]
    return {**drawn, "ssd_address": [(*row[:3], row[3] if row[3] <= str(AS_OF) else "") for row in begun]}


@PROPERTY
@given(seeds)
def test_no_family_has_more_people_than_the_largest(seed: tuple[int, int, int]) -> None:
    found = list(families(draw(*seed)).values())
    assert max(map(found.count, found), default=0) <= LARGEST_FAMILY


@PROPERTY
@given(seeds)
def test_who_is_in_a_family_group_has_a_family_of_that_group(seed: tuple[int, int, int]) -> None:
    drawn = draw(*seed)
    sizes = [group for group, _ in drawn["ssd_family"]]
    own = {person: group for group, person in drawn["ssd_family"] if sizes.count(group) <= LARGEST_FAMILY}
    assert own.items() <= families(drawn).items()


@PROPERTY
@given(seeds)
def test_nobody_is_at_home_with_whom_the_records_put_elsewhere(seed: tuple[int, int, int]) -> None:
    drawn = draw(*seed)
    family = {person: group for group, person in drawn["ssd_family"]}
    mother = {child: mother for mother, child in drawn["ssd_mother"]}
    found = pairs(drawn)
    at_home = [(one, other) for one, other, relation in found if relation.endswith("_at_home")]
    assert len(found) == len({pair[:2] for pair in found})
    assert [pair for pair in at_home if all(person in family for person in pair)] == []
    assert [pair for pair in at_home if all(person in mother for person in pair)] == []


@PROPERTY
@given(seeds)
def test_nothing_of_a_later_address_changes_a_family_or_a_household(seed: tuple[int, int, int]) -> None:
    drawn = draw(*seed)
    honest = without_later_addresses(drawn)
    assert families(honest) == families(drawn)
    assert pairs(honest) == pairs(drawn)


def test_the_drawn_records_hold_what_the_rules_are_about() -> None:
    kinds: set[str] = set()
    for seed in range(8):
        drawn = draw(seed, 30, 12)
        kinds |= {relation for *_, relation in pairs(drawn)}
        kinds |= {family.partition(" ")[0] for family in families(drawn).values() if " " in family}
    assert kinds == {"sibling", "mother", "adult", "child_at_home", "adult_at_home", "home"}
