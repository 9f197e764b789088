"""Planted unfairness moves its own quantity by its declared size and no other; nothing is there when not asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from features.synthetic import simulate
from features.synthetic.chain import FLAGS, Chain, chain_of
from features.synthetic.planted import KINDS, read_planted
from features.synthetic.profiles import PROFILES
from features.synthetic.record_people import MARKED_SECTOR
from features.synthetic.states import Move, State
from features.vocabulary.errors import WrongUsageError
from tests.planted_quantities import CONTACTED, QUANTITIES, Measured

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

# One of what happens and one of what is written down at a time: what is written changes nothing that happens.
PLANTED = {
    "nothing": {},
    "surveillance and recording": {"surveillance": 2.0, "recording": 3.0},
    "access and proxy": {"access": 0.4, "proxy": 0.6},
    "label and measurement": {"label": 3.0, "measurement": 0.5},
}
UNPLANTED = [(world, name) for world, planted in PLANTED.items() for name in QUANTITIES if name not in planted]
each_planted = pytest.mark.parametrize(
    ("world", "name"), [(world, name) for world, planted in PLANTED.items() for name in planted]
)


def make(out: Path, **changes: object) -> Path:
    wanted = {"children": 10_000, "seed": 5, "profile": "england", "out": out, "file_format": "parquet", **changes}
    simulate(**wanted)  # type: ignore[arg-type]  # one call for every test's changes
    return out


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Simulate each world once."""
    home = tmp_path_factory.mktemp("planted")
    return cache(lambda world: make(home / world, planted=PLANTED[world]))


@pytest.fixture(scope="module")
def measured(place: Callable[[str], Path]) -> Callable[[str, str], Measured]:
    return cache(lambda world, name: QUANTITIES[name](place(world)))


def expected(world: str, name: str) -> float:
    """Give the ratio of the marked to the others; a home of the others lies in any of the sectors."""
    return PLANTED[world][name] * (MARKED_SECTOR if name == "proxy" else 1)


@each_planted
def test_what_is_planted_moves_its_quantity_by_its_size(
    measured: Callable[[str, str], Measured], world: str, name: str
) -> None:
    assert measured(world, name).lies_at(expected(world, name))


@each_planted
def test_what_is_planted_is_seen(measured: Callable[[str, str], Measured], world: str, name: str) -> None:
    assert not measured(world, name).lies_at(1.0)


@pytest.mark.parametrize(("world", "name"), UNPLANTED)
def test_what_is_not_planted_is_equal_for_marked_and_others(
    measured: Callable[[str, str], Measured], world: str, name: str
) -> None:
    assert measured(world, name).lies_at(1.0)


@each_planted
def test_the_truth_tells_what_was_planted_in_whom_and_of_what_size(
    place: Callable[[str], Path], world: str, name: str
) -> None:
    told = json.loads((place(world) / "truth" / "planted.json").read_text())
    people = pl.read_parquet(place(world) / "truth" / "people.parquet").filter("is_marked")
    assert set(told) == set(PLANTED[world])
    assert told[name]["size"] == PLANTED[world][name]
    assert told[name]["in_whom"]["ethnicity"] == people["ethnicity"].unique().sort().to_list()
    assert told[name]["in_whom"]["known_children"] == people.height


def test_the_truth_tells_of_nothing_where_nothing_was_planted(place: Callable[[str], Path]) -> None:
    assert json.loads((place("nothing") / "truth" / "planted.json").read_text()) == {}


def test_to_plant_nothing_changes_no_byte(tmp_path: Path) -> None:
    few = {"children": 200, "years": 1, "processes": 1}
    folders = [make(tmp_path / "none", planted=None, **few), make(tmp_path / "empty", planted={}, **few)]
    one, other = ({f.relative_to(p): f.read_bytes() for f in p.rglob("*") if f.is_file()} for p in folders)
    assert one == other


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["kindness"], "no such thing"),
        (["label", "label=2"], "planted twice"),
        (["surveillance=0.2"], "out of range"),
        (["measurement=1.1"], "out of range"),
        (["proxy=a lot"], "out of range"),
        (["access=nan"], "out of range"),
    ],
)
def test_what_cannot_be_planted_is_refused(wanted: list[str], message: str) -> None:
    with pytest.raises(WrongUsageError, match=message):
        read_planted(wanted)


def test_a_name_alone_plants_the_usual_size() -> None:
    assert read_planted([name for name in KINDS if name != "proxy"] + ["proxy=0.25"]) == {
        name: 0.25 if name == "proxy" else kind.usual for name, kind in KINDS.items()
    }


def chain(**planted: float) -> Chain:
    return chain_of(replace(PROFILES["england"], planted=planted))


def moved(tables: Chain, state: State, *moves: Move, marked: bool) -> NDArray[np.float64]:
    """Give the chance of some moves for marked or other children; shape (kinds, bands, need, strengths)."""
    rows = [tables.moves[state].index(move) for move in moves]
    is_marked = (np.arange(tables.chances[state].shape[1]) >> FLAGS.index("is_marked")) & 1
    chance = tables.chances[state][rows].sum(axis=0)[is_marked == marked]
    return chance.reshape(*chance.shape[:2], 7, 4)


@pytest.mark.parametrize("state", [state for state in State if state is not State.GONE])
def test_no_chance_hangs_on_who_is_marked_where_nothing_was_planted(state: State) -> None:
    tables = chain()
    for move in tables.moves[state]:
        assert np.array_equal(moved(tables, state, move, marked=True), moved(tables, state, move, marked=False))


@pytest.mark.parametrize("state", [State.UNIVERSAL, State.KNOWN_BEFORE])
@pytest.mark.parametrize("move", [Move[name.upper()] for name in CONTACTED])
def test_surveillance_multiplies_every_chance_that_begins_with_a_contact(state: State, move: Move) -> None:
    tables = chain(surveillance=1.5)
    marked, others = (moved(tables, state, move, marked=m) for m in (True, False))
    assert np.allclose(marked, 1.5 * others, rtol=1e-9)


@pytest.mark.parametrize("state", [State.UNIVERSAL, State.KNOWN_BEFORE])
def test_access_multiplies_the_chance_of_an_offer_and_leaves_contacts_as_many(state: State) -> None:
    tables, both = chain(access=0.5), (Move.CONTACT, Move.HELP_OFFERED)
    offered, usual = (moved(tables, state, Move.HELP_OFFERED, marked=m) for m in (True, False))
    assert np.allclose(offered, 0.5 * usual, rtol=1e-9)
    assert np.allclose(moved(tables, state, *both, marked=True), moved(tables, state, *both, marked=False), rtol=1e-9)


@pytest.mark.parametrize(
    ("state", "found", "not_found"),
    [
        (State.ASSESSMENT, (Move.NEED_FOUND, Move.NEED_FOUND_URGENT), (Move.NO_NEED_FOUND, Move.TO_EARLY_HELP)),
        (State.UNIVERSAL, (Move.NEED_FOUND_QUICKLY,), (Move.NO_NEED_FOUND_QUICKLY,)),
        (State.KNOWN_BEFORE, (Move.NEED_FOUND_QUICKLY,), (Move.NO_NEED_FOUND_QUICKLY,)),
    ],
)
def test_label_multiplies_the_odds_that_need_is_found(
    state: State, found: tuple[Move, ...], not_found: tuple[Move, ...]
) -> None:
    tables = chain(label=2.0)
    marked, others = (
        moved(tables, state, *found, marked=m) / moved(tables, state, *not_found, marked=m) for m in (1, 0)
    )
    assert np.allclose(marked, 2.0 * others, rtol=1e-9)


READ_BY = {
    "surveillance": {State.UNIVERSAL, State.KNOWN_BEFORE, State.WAITING, State.EARLY_HELP},
    "access": {State.UNIVERSAL, State.KNOWN_BEFORE},
    "label": {State.UNIVERSAL, State.KNOWN_BEFORE, State.ASSESSMENT},
    "recording": set(),
    "measurement": set(),
    "proxy": set(),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_planted_changes_chances_only_where_it_is_meant(name: str) -> None:
    tables = chain(**{name: 0.5})
    differs = {
        state
        for state, moves in tables.moves.items()
        if any(
            not np.array_equal(moved(tables, state, m, marked=True), moved(tables, state, m, marked=False))
            for m in moves
        )
    }
    assert differs == READ_BY[name]
