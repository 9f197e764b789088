"""Joining several sources of one authority by child id, where they agree and where they do not.

Every table but `ssd_person` is taken whole from the first source, in the order given, that has a row in it: so ids and
references stay together and nothing is counted twice. A person's missing cells are filled from later sources, and
children known to later sources alone are added. What the others hold besides is counted and said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from features.sources.raw import Kind, RawTables, few
from features.tables import CONTRACTS
from features.tables.coerce import PLACEHOLDERS, read_column
from features.tables.contract import columns_of
from features.tables.draft import PERSON, PERSON_ID, owner_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

KEY = PERSON_ID.partition(".")[2]


def join_sources(sources: Sequence[RawTables], *, first_wins: Sequence[Kind] = tuple(Kind)) -> RawTables:
    """Join the sources of one authority.

    Parameters
    ----------
    sources
        One or more, of different kinds.
    first_wins
        Which kind wins where two hold the same; kinds that are not named come last, in the order of `Kind`.

    Returns
    -------
    RawTables
        Of the kind that comes first. What each reader said, and every clash, stands in `told`.
    """
    order = [*first_wins, *(kind for kind in Kind if kind not in first_wins)]
    ranked = sorted(sources, key=lambda raw: order.index(raw.kind))
    if len(ranked) == 1:
        return ranked[0]
    givers = _givers(ranked)
    taken = {name: ranked[place].tables[name] for name, place in givers.items()}
    told = [said for raw in ranked for said in (*raw.told, *_beside(raw, ranked, givers))]
    # Without its key there is nothing to join by; validation says that it is missing.
    if PERSON in givers and KEY in taken[PERSON].columns:
        taken[PERSON], clashes = _persons(ranked)
        told += clashes
        others = [name for name in taken if givers[name] != givers[PERSON] and name != PERSON]
        told += [said for name in others for said in _keep_known_children(name, taken)]
    tables, cut = _with_references_held(taken, givers, ranked)
    return replace(
        ranked[0],
        tables={name: tables[name] for name in CONTRACTS if name in tables},
        hashes={name: ranked[givers[name]].hashes.get(name, "") for name in tables},
        headers={name: ranked[givers[name]].headers[name] for name in tables if name in ranked[givers[name]].headers},
        unread=tuple(name for raw in ranked for name in raw.unread),
        problems=tuple(problem for raw in ranked for problem in raw.problems),
        can_hold=_can_hold(ranked),
        cannot_give=tuple(f"{raw.kind}: {said}" for raw in ranked for said in raw.cannot_give),
        told=(*told, *cut),
        extract_day=_extract_day(ranked),
    )


def _extract_day(ranked: Sequence[RawTables]) -> date | None:
    """Give the last day of the source that wins: what the others say of theirs is not true of its tables.

    One with optional tables alone lies beside the others and has no say.
    """
    days = (raw.extract_day for raw in ranked if not all(name.startswith("ext_") for name in raw.tables))
    return next(days, None)


def _givers(ranked: Sequence[RawTables]) -> dict[str, int]:
    """Tell which source gives each table: the first with a row, else the first that has it at all."""
    givers: dict[str, int] = {}
    for name in dict.fromkeys(name for raw in ranked for name in raw.tables):
        holders = [place for place, raw in enumerate(ranked) if name in raw.tables]
        givers[name] = next((place for place in holders if not ranked[place].tables[name].is_empty()), holders[0])
    return givers


def _can_hold(ranked: Sequence[RawTables]) -> frozenset[str] | None:
    held = [raw.can_hold for raw in ranked]
    if any(tables is None for tables in held):
        return None
    return frozenset().union(*(tables for tables in held if tables is not None))


def _persons(ranked: Sequence[RawTables]) -> tuple[pl.DataFrame, list[str]]:
    """Complete persons from one source after the other, and say how many cells were told differently."""
    holders = [raw for raw in ranked if PERSON in raw.tables and KEY in raw.tables[PERSON].columns]
    first = holders[0]
    persons, clashes = _stripped(first.tables[PERSON]), []
    for raw in holders[1:]:
        rows = _stripped(raw.tables[PERSON])
        others = rows.unique(KEY, keep="first", maintain_order=True)
        if n_more := rows.height - others.height:
            clashes.append(f"{PERSON}: {n_more} rows of {raw.kind} repeat a child; the first of each was used")
        clashes += list(_clashes(persons, others, ours=first.kind, theirs=raw.kind))
        added = others.join(persons, on=KEY, how="anti", maintain_order="left")
        persons = pl.concat([_filled(persons, others), added], how="diagonal")
    return persons, clashes


def _keep_known_children(name: str, taken: dict[str, pl.DataFrame]) -> Iterator[str]:
    """Leave out, and count, rows of children whom the source of persons does not know: it holds fewer by its nature."""
    owner = owner_column(CONTRACTS[name]) if name in CONTRACTS else None
    if owner not in taken[name].columns:
        return
    known = taken[PERSON][KEY].drop_nulls().unique().implode()
    kept = taken[name].filter(pl.col(owner).str.strip_chars().is_in(known) | pl.col(owner).is_null())
    n_others = taken[name].height - kept.height
    if n_others:
        yield f"{name}: {n_others} of {taken[name].height} rows are of children whom no source of persons knows"
        taken[name] = kept


def _stripped(persons: pl.DataFrame) -> pl.DataFrame:
    """Take placeholders as missing, so that another source can fill them, and ids without blanks around them."""
    text = pl.all().str.strip_chars()
    return persons.select(pl.when(~text.is_in(PLACEHOLDERS)).then(text))


def _filled(persons: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    both = persons.join(others, on=KEY, how="left", maintain_order="left", suffix="__theirs")
    shared = [name for name in others.columns if name in persons.columns and name != KEY]
    filled = both.with_columns(pl.coalesce(name, f"{name}__theirs").alias(name) for name in shared)
    return filled.drop(f"{name}__theirs" for name in shared)


def _clashes(persons: pl.DataFrame, others: pl.DataFrame, *, ours: Kind, theirs: Kind) -> Iterator[str]:
    """Count, by column, the children of whom two sources say different things; forms of writing do not matter."""
    both = persons.join(others, on=KEY, how="inner", suffix="__theirs")
    for name, column in columns_of(CONTRACTS[PERSON]).items():
        if name == KEY or f"{name}__theirs" not in both.columns:
            continue
        mine, other = (read_column(both[side], column).values for side in (name, f"{name}__theirs"))
        n = int((mine != other).sum())
        if n:
            yield f"{PERSON}.{name}: {theirs} says otherwise than {ours} of {few(n)} children; {ours} was used"


def _beside(raw: RawTables, ranked: Sequence[RawTables], givers: Mapping[str, int]) -> Iterator[str]:
    """Say what a source holds of a table that was taken from another one."""
    for name, table in raw.tables.items():
        giver = ranked[givers[name]]
        if name == PERSON or giver is raw or table.is_empty() or name not in CONTRACTS:
            continue
        mine, other = _events(name, table), _events(name, giver.tables[name])
        if mine is None or other is None:
            yield f"{name}: taken from {giver.kind}; {raw.kind} holds {table.height} rows of it too"
            continue
        n_alone = mine.join(other, on=mine.columns, how="anti", nulls_equal=True).height
        yield (
            f"{name}: taken from {giver.kind}; of the {table.height} rows of {raw.kind}, {n_alone} have a child and a "
            f"day that {giver.kind} has not"
        )


def _events(name: str, table: pl.DataFrame) -> pl.DataFrame | None:
    """Give whose each row is and the day of its event, read as they are meant."""
    owner, event = owner_column(CONTRACTS[name]), CONTRACTS[name].row_known_from
    if owner not in table.columns or event not in table.columns:
        return None
    columns = columns_of(CONTRACTS[name])
    read = {column: read_column(table[column], columns[column]).values for column in (owner, str(event))}
    return pl.DataFrame(read)


def _with_references_held(
    taken: Mapping[str, pl.DataFrame], givers: Mapping[str, int], ranked: Sequence[RawTables]
) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """Empty what points from one source's table into another's, whose ids are its own; leave out what cannot do so."""
    held: dict[str, pl.DataFrame] = {}
    said: list[str] = []
    for name, table in taken.items():
        foreign = _foreign(name, givers)
        needed = [column for column in foreign if not columns_of(CONTRACTS[name])[column].may_be_missing]
        if needed:
            kind = ranked[givers[name]].kind
            said.append(f"{name}: left out, since its rows belong to rows of {kind} that were taken from elsewhere")
            continue
        there = [column for column in foreign if column in table.columns]
        held[name] = table.with_columns(pl.lit(None, pl.String).alias(column) for column in there)
    return held, said


def _foreign(name: str, givers: Mapping[str, int]) -> list[str]:
    """List the columns of a table that point to a table which another source gives."""
    columns = columns_of(CONTRACTS[name]) if name in CONTRACTS else {}
    pointing = {
        column: stated.references.partition(".")[0]
        for column, stated in columns.items()
        if stated.references is not None and stated.references != PERSON_ID
    }
    return [column for column, table in pointing.items() if givers.get(table, givers[name]) != givers[name]]
