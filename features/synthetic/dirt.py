"""Works traps into clean records and keeps a ledger of each, so that checking can be checked.

Some traps a careful reader reads through (a date the other way round, a code with its prefix); others can only be set
aside. One trap a row at most.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.streams import stream

if TYPE_CHECKING:
    from collections.abc import Mapping

LEDGER_SCHEMA = {"table": pl.String, "row_key": pl.String, "column": pl.String, "kind": pl.String}

# Code columns, with a prefix as some case systems write it.
CODES = {
    "pers_ethnicity": "a) {}",
    "pers_sex": "a) {}",
    "cont_contact_source_code": "q) {}: Source",
    "cine_cin_primary_need_code": "{} - Primary need",
    "cine_close_reason": "{} - Closed",
    "cppl_cp_plan_initial_category": "c) {}",
    "clae_cla_episode_ceased_reason": "{} - Ceased",
    "disa_disability_code": "d) {}",
}
FLAGS = {
    "cine_referral_nfa", "cina_assessment_child_seen", "cina_assessment_outcome_nfa", "s47e_s47_nfa",
    "icpc_icpc_outcome_cp_flag", "cinv_cin_visit_seen", "cppr_cp_review_quorate",
}  # fmt: skip
PERSON_LINKS = ("_person_id", "_childs_person_id")
NO_SUCH_PERSON = "9999999"
IMPOSSIBLE_DATES = ("31/02/2021", "2022-13-45", "00/00/0000")
FAR_FUTURE = date(2099, 1, 1)
PLACEHOLDERS = ("SSD_PH", "PLACEHOLDER_DATA", "-1")


def _kinds(name: str, column: str, key: str) -> list[str]:
    """Say which traps fit a column."""
    if column == key:
        return ["repeated_key"]
    if column.endswith(("_date", "_dob")):
        return ["date_day_first", "date_impossible", "date_far_future"]
    if column in CODES:
        return ["code_unknown", "code_prefixed", "placeholder"]
    if column in FLAGS:
        return ["flag_in_words"]
    if column.endswith(PERSON_LINKS) and name != "ssd_person":
        return ["orphan"]
    return []


def _day_first(cells: pl.Series) -> pl.Series:
    return cells.str.slice(0, 10).str.to_date("%Y-%m-%d").dt.strftime("%d/%m/%Y")


def _soiled(kind: str, column: str, cells: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Write what stands in the cells instead."""
    options: Mapping[str, tuple[str, ...]] = {
        "date_impossible": IMPOSSIBLE_DATES,
        "date_far_future": (f"{FAR_FUTURE} 00:00:00",),
        "code_unknown": ("ZZ9Z", "Q7Q7"),
        "placeholder": PLACEHOLDERS,
        "orphan": (NO_SUCH_PERSON,),
    }
    if kind == "date_day_first":
        return _day_first(cells)
    if kind == "code_prefixed":
        return pl.Series([CODES[column].format(cell) for cell in cells.to_list()], dtype=pl.String)
    if kind == "flag_in_words":
        return cells.replace({"Y": "a) Yes", "N": "b) No"})
    return pl.Series(options[kind], dtype=pl.String).gather(rng.integers(0, len(options[kind]), len(cells)))


def _soil(name: str, table: pl.DataFrame, rate: float, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng, key = stream(seed, f"dirt {name}"), table.columns[0]
    traps = [(column, kind) for column in table.columns for kind in _kinds(name, column, key)]
    rows = np.sort(rng.permutation(table.height)[: round(rate * table.height)])
    which = rng.integers(0, len(traps), len(rows))
    ledger = [pl.DataFrame(schema=LEDGER_SCHEMA)]
    repeats = []
    for trap, (column, kind) in enumerate(traps):
        here = rows[which == trap]
        here = here[table[column].gather(here).is_not_null().to_numpy()]
        if not len(here):
            continue
        cells = table[column].gather(here)
        if kind == "repeated_key":
            repeats.append(table[here])
        else:
            table = table.with_columns(table[column].scatter(here, _soiled(kind, column, cells, rng)))
        keys = table[key].gather(here)
        ledger.append(pl.select(table=pl.lit(name), row_key=keys, column=pl.lit(column), kind=pl.lit(kind)))
    return pl.concat([table, *repeats]), pl.concat(ledger)


def soil(tables: Mapping[str, pl.DataFrame], *, rate: float, seed: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Work traps into records.

    Parameters
    ----------
    tables
        By table name, all text, the key first.
    rate
        Share of each table's rows that get one trap, from 0 to 1; a trap that falls on an empty cell is left out.
    seed
        Of the whole simulation.

    Returns
    -------
    tuple of dict and polars.DataFrame
        The tables, in which repeated keys are further rows at the end; and the ledger with `table`, `row_key` (as it
        stands in the records), `column` and `kind`.
    """
    soiled = {name: _soil(name, table, rate, seed) for name, table in tables.items()}
    ledger = pl.concat([entry for _, entry in soiled.values()] or [pl.DataFrame(schema=LEDGER_SCHEMA)])
    return {name: table for name, (table, _) in soiled.items()}, ledger
