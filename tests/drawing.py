"""Records drawn as tables of text, so that a test reads like a specification."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from features.tables.validate import validate

if TYPE_CHECKING:
    from features.tables.records import Records

PERSON = "ssd_person"


def table(drawing: str) -> pl.DataFrame:
    """Read a drawn table: a header, an optional rule of dashes, then rows; empty and `null` are missing."""
    lines = [line.strip() for line in drawing.strip().splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if set(line) - set("-| :")]
    header, *body = rows
    cells = [[None if cell in ("", "null") else cell for cell in row] for row in body]
    return pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")


def _with_contract_columns(name: str, drawn: pl.DataFrame) -> pl.DataFrame:
    """Add the contract's columns that a drawing leaves out: keys numbered from 1, everything else missing."""
    from features.tables import CONTRACTS, columns_of

    contract = CONTRACTS[name]
    key = [n for n, column in contract.to_schema().columns.items() if column.unique]
    for column in columns_of(contract):
        if column in drawn.columns:
            continue
        value = pl.int_range(1, pl.len() + 1).cast(pl.String) if column in key else pl.lit(None, pl.String)
        drawn = drawn.with_columns(value.alias(column))
    return drawn


def raw(**drawings: str) -> dict[str, pl.DataFrame]:
    """Draw raw tables as a source gives them: everything still text."""
    return {name: _with_contract_columns(name, table(drawing)) for name, drawing in drawings.items()}


def records(*, extract_day: date = date(2026, 3, 31), **drawings: str) -> Records:
    """Draw validated records; the tables that every source must have are added empty where they are not drawn."""
    required = {
        "ssd_person": "pers_person_id",
        "ssd_contacts": "cont_contact_id",
        "ssd_cin_episodes": "cine_referral_id",
        "ssd_early_help_episodes": "earl_episode_id",
    }
    return validate(raw(**{**required, **drawings}), extract_day=extract_day)
