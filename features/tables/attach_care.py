"""What validation attaches to tables of looked-after children.

A review of an older build names a period of care and no child. What a child had before care was asked when care began.
The way to adoption is known from its first day. A distance that nobody could measure is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.tables.placements import DISTANCE_NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.tables.draft import Draft

    Accepted = Mapping[str, pl.DataFrame]

EPISODES = "ssd_cla_episodes"


def whose_period(draft: Draft, accepted: Accepted) -> None:
    """Fill in whose review it was from the period of care, where the row names no child."""
    if EPISODES not in accepted:
        return
    periods = accepted[EPISODES].select(clar_cla_id="clae_cla_id", __person="clae_person_id").drop_nulls()
    # A period that two children share is nobody's: its id was typed wrong.
    of_one = periods.unique().filter(pl.len().over("clar_cla_id") == 1)
    joined = draft.frame.join(of_one, on="clar_cla_id", how="left", maintain_order="left")
    filled = joined.with_columns(clar_cla_person_id=pl.coalesce("clar_cla_person_id", "__person"))
    draft.frame = filled.drop("__person")


def came_into_care(draft: Draft, accepted: Accepted) -> None:
    """Give each row the day on which its child last came into care."""
    if EPISODES not in accepted:
        return
    began = pl.coalesce("clae_entered_care_date", "clae_cla_episode_start_date")
    last = accepted[EPISODES].group_by(lapp_person_id="clae_person_id").agg(began.max().alias("__known"))
    joined = draft.frame.join(last, on="lapp_person_id", how="left", maintain_order="left")
    draft.frame = joined.with_columns(lapp_known_date=pl.col("__known")).drop("__known")


def first_decision(draft: Draft, accepted: Accepted) -> None:
    """Give each row the first of its days."""
    del accepted  # the row's own days say it
    own = [name for name, column in draft.columns.items() if column.kind == "date" and not column.is_derived]
    draft.frame = draft.frame.with_columns(perm_known_date=pl.min_horizontal(own))


def distance_where_measured(draft: Draft, accepted: Accepted) -> None:
    """Leave out the number of miles that stands for not known, before anybody takes it for a long way."""
    del accepted  # the cell itself says it
    miles = pl.col("clap_cla_placement_distance")
    draft.frame = draft.frame.with_columns(pl.when(miles != DISTANCE_NOT_KNOWN).then(miles))
