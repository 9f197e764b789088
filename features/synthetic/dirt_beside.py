"""What a trap needs to know of other tables: whose row it is, when that child was born, what day another row tells.

Reads clean tables; changes none. Fails on no table that is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.synthetic.dirt_columns import Columns, columns_of, holds, keys_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

# Beside each row: its number drawn, whether a trap may fall on it, its child's birth, and the day of another row.
DRAW, FREE, BIRTH, KNOWN = "__draw", "__free", "__birth", "__known"

PERSON, EARLY_HELP = "ssd_person", "ssd_early_help_episodes"
# A child with a row in one of these is known beyond early help.
BEYOND_EARLY_HELP = ("ssd_contacts", "ssd_cin_episodes")
# What is counted or published of a place, not recorded of persons.
LEFT_ALONE = ("ext_population", "ext_deprivation")
NOBODY = pl.Series([], dtype=pl.String)


class Tables:
    """Clean tables and what their columns hold.

    Parameters
    ----------
    tables
        By name, the key first; what is not text yet is written as text.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.frames = {name: table.cast(pl.String) for name, table in tables.items() if _may_be_soiled(name, table)}
        keys = keys_of(self.frames)
        self.columns: dict[str, Columns] = {name: columns_of(table, keys) for name, table in self.frames.items()}

    def persons_in(self, names: Sequence[str]) -> pl.Series:
        """Give every person to whom a row of some tables belongs."""
        held = [name for name in names if name in self.frames]
        owners = [self.frames[name][owner].alias("") for name in held for owner in self.columns[name].persons]
        return pl.concat([NOBODY, *owners]).drop_nulls().unique()

    def with_early_help_alone(self) -> pl.Series:
        """Give the persons who have early help and neither a contact nor a referral, in their table's order."""
        if PERSON not in self.frames:
            return NOBODY
        persons = self.frames[PERSON][self.columns[PERSON].key]
        helped, beyond = self.persons_in((EARLY_HELP,)), self.persons_in(BEYOND_EARLY_HELP)
        return persons.filter(persons.is_in(helped.implode()) & ~persons.is_in(beyond.implode()))

    def births(self, doubted: pl.Series) -> pl.DataFrame:
        """Give the day of birth, or the expected one, of every person but those whose row is doubted."""
        if PERSON not in self.frames:
            return _by_key(pl.DataFrame(schema={"key": pl.String, BIRTH: pl.String}), BIRTH)
        columns = self.columns[PERSON]
        days = [pl.when(holds(day)).then(day) for day in ("pers_dob", "pers_expected_dob") if day in columns.dates]
        born = self.frames[PERSON].select(pl.col(columns.key).alias("key"), pl.coalesce(*days, None).alias(BIRTH))
        return _by_key(born.filter(~pl.col("key").is_in(doubted.implode())), BIRTH)

    def days_known(self, name: str) -> pl.DataFrame:
        """Give the day on which each row's span ended, by its key; nothing for a table without spans."""
        span = self.columns[name].span
        known = pl.lit(None, pl.String) if span is None else pl.col(span[1])
        return _by_key(self.frames[name].select(pl.col(self.columns[name].key).alias("key"), known.alias(KNOWN)), KNOWN)

    def rows(self, name: str, *, absent: pl.Series, births: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
        """Give a table's rows with what a trap needs to know beside them.

        Parameters
        ----------
        name
            The table.
        absent
            Persons who are left out of their own table; no trap may fall on a row of theirs besides.
        births
            See `births`.
        rng
            Draws a number for each row.

        Returns
        -------
        polars.DataFrame
            In the same order, with `FREE`, `DRAW`, `BIRTH` and `KNOWN` (of factors: the day of what they point to).
        """
        table, columns = self.frames[name], self.columns[name]
        owner = next(iter(columns.persons), None)
        other = next(iter(columns.links), None) if columns.arrays else None
        if name == PERSON:
            table = table.filter(~pl.col(columns.key).is_in(absent.implode()).fill_null(False))
        away = [pl.col(person).is_in(absent.implode()).fill_null(False) for person in columns.persons]
        free = pl.col(columns.key).is_not_null() & ~pl.any_horizontal(pl.lit(False), *away)
        drawn = pl.Series(DRAW, rng.integers(0, 2**31, table.height))
        rows = _joined(table.with_columns(drawn, free.alias(FREE)), owner, births, what=BIRTH)
        return _joined(rows, other, self.days_known(columns.links[other]) if other else births, what=KNOWN)


def _may_be_soiled(name: str, table: pl.DataFrame) -> bool:
    return name not in LEFT_ALONE and table.width > 0 and not any(dtype.is_nested() for dtype in table.dtypes)


def _by_key(frame: pl.DataFrame, what: str) -> pl.DataFrame:
    return frame.drop_nulls().unique("key", keep="first", maintain_order=True).select("key", what)


def _joined(table: pl.DataFrame, column: str | None, frame: pl.DataFrame, *, what: str) -> pl.DataFrame:
    if column is None:
        return table.with_columns(pl.lit(None, pl.String).alias(what))
    return table.join(frame, left_on=column, right_on="key", how="left", maintain_order="left")
