"""Whether children with early help alone were left out of an extract, as most case systems do unless told otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.tables.left_out import BEYOND_EARLY_HELP, EARLY_HELP

if TYPE_CHECKING:
    from features.tables.records import Records

# A few orphans are typing errors; one row in twenty is a way of extracting.
MANY_ORPHANS = 0.05

LEFT_OUT = "early_help_child_left_out"

EARLY_HELP_ONLY = (
    "Every child with early help also has a contact or a referral. Case systems often leave children who had early "
    "help alone out of ssd_person: ask whether they were switched on for this extract."
)
EARLY_HELP_ORPHANS = (
    "Early help rows were set aside because their person is not in ssd_person: ask for children who had early help "
    "alone to be included in the extract."
)

_OWNERS = {"ssd_contacts": "cont_person_id", "ssd_cin_episodes": "cine_person_id"}


def early_help_hints(records: Records) -> list[str]:
    """Say what is worth asking about early help; empty where nothing is.

    Of children with early help alone none was accepted, or a large part of early help is of people who are not there.
    """
    helped = records.tables.get(EARLY_HELP)
    if helped is None:
        return []
    is_orphan = (
        (pl.col("table") == EARLY_HELP) & pl.col("kind").is_in(("orphan", LEFT_OUT)) & pl.col("column").is_null()
    )
    n_orphans = records.set_aside.filter(is_orphan).height
    hints = [EARLY_HELP_ORPHANS] if n_orphans > MANY_ORPHANS * records.rows_read[EARLY_HELP] else []
    if not helped.is_empty() and helped.filter(~pl.col("earl_person_id").is_in(_referred(records))).is_empty():
        hints.append(EARLY_HELP_ONLY)
    return hints


def _referred(records: Records) -> pl.Series:
    """Give everyone with a contact or a referral, as one list."""
    found = [records.tables[table][_OWNERS[table]] for table in BEYOND_EARLY_HELP if table in records.tables]
    everyone = pl.concat([pl.Series("id", [], pl.String), *(series.alias("id") for series in found)])
    return everyone.unique().implode()
