"""Works traps into clean records and keeps a ledger of each, so that checking can be checked.

At most one trap a row, so that each line of the ledger stands alone. A careful reader *reads through* some traps to the
value that stood there before; others only let him *set aside* a cell or a row; a few he can only *know of*.

=========================  ==========================================  ==========================================
kind                       what stands in the cell                     a careful reader
=========================  ==========================================  ==========================================
date_day_first             31/03/2024                                  reads through
date_day_first_with_time   31/03/2024 09:30                            reads through
date_without_time          2024-03-31, where others have a time        reads through
date_excel_serial          45382                                       reads through
unparsable_date            31/02/2021                                  sets aside
date_after_extract         2099-01-01, 9999-12-31                      sets aside
end_before_start           an end before its start                     sets aside the end
date_before_birth          a day more than a year before birth         sets aside
born_and_unborn            an expected day beside the day of birth     reads through: the child is born
flag_in_words              a) Yes, b) No                               reads through
flag_as_number             1, 0                                        reads through
flag_as_true_false         true, false                                 reads through
code_prefixed              a) WBRI; f) 6: Police; N1 - Abuse           reads through
unknown_code               a code that is in no list                   sets aside, or reads what describes it
code_cut                   a local word cut to 4 characters            sets aside
code_as_lookup_id          a number; the description beside it tells   reads through where the description is known
code_retired               a code after its last year                  knows of, by the day of the row
code_not_yet_valid         a code before its first year                knows of, by the day of the row
chinese_otherwise          CNHE, ACHN                                  reads through
sex_in_numbers             1, 2, 0, 9                                  reads through
category_as_text           Neglect; Multiple: Neglect, Emotional       reads through
factors_as_flags           {"1A": "Yes"}                               reads through
factors_as_pairs           [{"key": "1A", "val": "Yes"}]               reads through
outcome_broken_by_comment  JSON with a comment that has quotes in it   reads through
placeholder                SSD_PH, PLACEHOLDER_DATA, -1                takes as missing; the value is lost
orphan                     an id that is nobody's                      sets aside
zeros_lost                 14627 for 0014627, in a link                sets aside, or finds the one id that fits
repeated_key               the row once more, at the table's end       sets aside
early_help_child_left_out  a person's row that is not there            knows of: nobody has early help alone
columns_in_upper_case      headers                                     reads through
columns_reordered          headers and cells                           reads through
=========================  ==========================================  ==========================================

An unborn child, with an expected day and no day of birth, is as it should be and no trap. A row that is set aside makes
orphans of the rows that point to it; the ledger names the cause alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.dirt_beside import FREE, PERSON, Tables
from features.synthetic.dirt_traps import REPEATED, traps_of
from features.synthetic.streams import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from features.synthetic.dirt_traps import Trap

    Ints = NDArray[np.int64]

LEDGER_SCHEMA = {"table": pl.String, "row_key": pl.String, "column": pl.String, "kind": pl.String}

# Authorities leave out all children with early help alone, or none. Here so many times the rate, to be seen at all.
LEFT_OUT, LEFT_OUT_TIMES = "early_help_child_left_out", 10
SHARE_IN_UPPER_CASE, SHARE_REORDERED = 0.2, 0.2


def soil(tables: Mapping[str, pl.DataFrame], *, rate: float, seed: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Work traps into records.

    Parameters
    ----------
    tables
        By table name, all text, the key first.
    rate
        Share of each table's rows that get one trap, from 0 to 1; a trap that would fall on an empty cell is left out.
        Of the children with early help alone ten times this share, at most all, is left out of `ssd_person`. At 0
        nothing is done.
    seed
        Of the whole simulation.

    Returns
    -------
    tuple of dict and polars.DataFrame
        The tables, in which repeated keys are further rows at the end; and the ledger with `table`, `row_key` (as it
        stands in the records), `column` (in lower case) and `kind`. A line about a table's headers has neither key nor
        column.
    """
    finished, ledgers = dict(tables), [pl.DataFrame(schema=LEDGER_SCHEMA)]
    if not rate:
        return finished, ledgers[0]
    clean = Tables(tables)
    alone = clean.with_early_help_alone()
    absent = alone.filter(pl.Series(stream(seed, "dirt left out").random(len(alone)) < LEFT_OUT_TIMES * rate))
    births = clean.births(doubted=absent)
    # Persons come first: whose birth stands in a row with a trap gets no event before it.
    for name in sorted(clean.frames, key=lambda name: name != PERSON):
        columns, rng = clean.columns[name], stream(seed, f"dirt {name}")
        rows = clean.rows(name, absent=absent, births=births, rng=rng)
        soiled, changes = _soil(rows, traps_of(columns), rate=rate, rng=rng)
        ledgers.append(changes.select(pl.lit(name).alias("table"), "row_key", "column", "kind"))
        if name == PERSON:
            births = clean.births(doubted=pl.concat([absent, changes["row_key"]]))
            ledgers.append(_lines(name, absent, column=columns.key, kind=LEFT_OUT))
        finished[name], kinds = _with_other_headers(soiled.select(columns.names), rng)
        ledgers += [_lines(name, pl.Series([None], dtype=pl.String), column=None, kind=kind) for kind in kinds]
    return finished, pl.concat(ledgers)


def _lines(table: str, row_keys: pl.Series, *, column: str | None, kind: str) -> pl.DataFrame:
    lines = pl.DataFrame({"row_key": row_keys}, schema={"row_key": pl.String})
    stated = lines.with_columns(table=pl.lit(table), column=pl.lit(column, pl.String), kind=pl.lit(kind))
    return stated.select(LEDGER_SCHEMA.keys())


def _soil(
    rows: pl.DataFrame, traps: Sequence[Trap], *, rate: float, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Work traps into a table; give it with its repeated rows, and what was changed where."""
    found = [_written(rows, trap, places=places) for trap, places in _placed(rows, traps, rate=rate, rng=rng)]
    changes = pl.concat(found)
    is_repeat = changes["kind"] == REPEATED
    repeats = changes.filter(is_repeat)["place"]
    for part in changes.filter(~is_repeat).sort("place").partition_by("column", maintain_order=True):
        name = part["column"][0]
        rows = rows.with_columns(rows[name].scatter(part["place"], part["new"]))
    return pl.concat([rows, rows[repeats]]), changes


def _written(rows: pl.DataFrame, trap: Trap, *, places: Ints) -> pl.DataFrame:
    """Write one trap in some rows, but those where the cell would stay as it is."""
    cells = rows[places].select(row_key=rows.columns[0], old=trap.column, new=trap.written)
    stated = cells.with_columns(column=pl.lit(trap.column), kind=pl.lit(trap.kind), place=pl.Series(places))
    is_other = pl.col("new").is_not_null() & pl.col("new").ne_missing(pl.col("old"))
    return stated.filter(is_other | (pl.col("kind") == REPEATED))


def _placed(
    rows: pl.DataFrame, traps: Sequence[Trap], *, rate: float, rng: np.random.Generator
) -> Iterator[tuple[Trap, Ints]]:
    """Choose rows for each trap, no row twice; the traps with the least room choose first."""
    fits = rows.select((trap.fits & pl.col(FREE)).fill_null(False).alias(f"{k}") for k, trap in enumerate(traps))
    room = np.array([cells.sum() for cells in fits], np.int64)
    kinds = [trap.kind for trap in traps]
    share = np.array([1 / kinds.count(kind) for kind in kinds])
    wanted = _allotted(int(rate * rows.height + rng.random()), room, share=share, rng=rng)
    is_free = np.ones(rows.height, bool)
    for k in np.argsort(room, kind="stable"):
        here = np.flatnonzero(fits[f"{k}"].to_numpy() & is_free) if wanted[k] else np.array([], np.int64)
        places = np.sort(rng.choice(here, min(wanted[k], len(here)), replace=False))
        is_free[places] = False
        yield traps[k], places


def _allotted(n: int, room: Ints, *, share: NDArray[np.float64], rng: np.random.Generator) -> Ints:
    """Part a number of rows among traps, every kind the same as far as it has room, and round by chance.

    Returns
    -------
    numpy.ndarray
        How many each trap gets; together `n`, or less where there is not room enough.
    """
    exact, left = np.zeros(len(room)), float(n)
    tightest_first = np.argsort(room / share, kind="stable")
    shares_to_come = np.cumsum(share[tightest_first][::-1])[::-1]
    for k, shares in zip(tightest_first, shares_to_come, strict=True):
        exact[k] = min(room[k], left * share[k] / shares)
        left -= exact[k]
    order = rng.permutation(len(room))
    bounds = np.floor(np.append(0, np.cumsum(exact[order])) + rng.random())
    wanted = np.zeros(len(room), np.int64)
    wanted[order] = np.diff(bounds).astype(np.int64)
    return wanted


def _with_other_headers(table: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, list[str]]:
    """Write a few tables' headers in upper case or put the columns in another order; one or the other."""
    drawn, turn = rng.random(), int(rng.integers(1, max(table.width, 2)))
    if drawn < SHARE_IN_UPPER_CASE:
        return table.rename(str.upper), ["columns_in_upper_case"]
    if drawn < SHARE_IN_UPPER_CASE + SHARE_REORDERED and table.width > 1:
        return table.select(table.columns[turn:] + table.columns[:turn]), ["columns_reordered"]
    return table, []
