"""What validation attaches to a table from tables accepted before it.

An assessment's factors say neither whose they are nor when they were known: both come from the assessment. A child's
day of birth that a mother's row lacks comes from the child.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.tables.attach_care import came_into_care, distance_where_measured, first_decision, whose_period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.tables.draft import Draft

    Accepted = Mapping[str, pl.DataFrame]


def attach(draft: Draft, accepted: Accepted) -> None:
    """Fill a table's derived columns where it has any.

    Parameters
    ----------
    draft
        The table; its frame is replaced.
    accepted
        The tables settled before it. Where one is absent, what it would give stays missing.
    """
    means = _MEANS.get(draft.contract.table)
    if means is not None:
        means(draft, accepted)


def _whose_assessment(draft: Draft, accepted: Accepted) -> None:
    if "ssd_cin_assessments" not in accepted:
        return
    found = accepted["ssd_cin_assessments"]
    authorised = pl.col("cina_assessment_auth_date")
    # An assessment entered after it was authorised tells nothing before its entry, so neither do its factors.
    entered = pl.col("recorded_on") if "recorded_on" in found.columns else authorised
    assessments = found.select(
        pl.col("cina_assessment_id").alias("cinf_assessment_id"),
        pl.col("cina_person_id").alias("__person"),
        pl.when(authorised.is_not_null()).then(pl.max_horizontal(authorised, entered)).alias("__known"),
    )
    joined = draft.frame.join(assessments, on="cinf_assessment_id", how="left", maintain_order="left")
    attached = joined.with_columns(cinf_person_id=pl.col("__person"), cinf_known_date=pl.col("__known"))
    draft.frame = attached.drop("__person", "__known")


def _births(draft: Draft, accepted: Accepted) -> None:
    if "ssd_person" not in accepted:
        return
    births = accepted["ssd_person"].select(
        pl.col("pers_person_id").alias("moth_childs_person_id"), pl.col("pers_dob").alias("__dob")
    )
    joined = draft.frame.join(births, on="moth_childs_person_id", how="left", maintain_order="left")
    filled = joined.with_columns(moth_childs_dob=pl.coalesce("moth_childs_dob", "__dob"))
    draft.frame = filled.drop("__dob")


_MEANS: dict[str, Callable[[Draft, Accepted], None]] = {
    "ssd_assessment_factors": _whose_assessment,
    "ssd_mother": _births,
    "ssd_cla_placement": distance_where_measured,
    "ssd_cla_reviews": whose_period,
    "ssd_cla_previous_permanence": came_into_care,
    "ssd_permanence": first_decision,
}
