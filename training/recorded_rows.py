"""From records to the tables that ask how well children are recorded: one row a child, or a home, or an assessment.

Siblings serve here to *watch* the recording: a child whose brother's ethnic group is on record belongs to a family of
that group, and families can be compared. Nothing of a sibling is ever written for a child, in these tables or in any
other. The audit that reads the tables knows neither records nor families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from features.as_of import view_as_of
from features.families import family_of, members
from features.groups import characteristics_of
from features.rungs import spans_of_rungs
from features.vocabulary.status import LADDER
from training.audit.recording import RecordingColumns

if TYPE_CHECKING:
    from datetime import date

    from features.as_of import Known, View
    from features.engines.engine import Frame

CLUSTER = "cluster"
"""The family, as in `training.splits`; a child without one is a cluster of one."""

OF_SIBLINGS = "ethnic_group_of_siblings"
"""The one ethnic group on record for a child's brothers and sisters; missing where none is, or more than one."""

RECORDED = RecordingColumns(
    characteristics=("ethnic_group", "sex", "age_band", "disability"),
    cluster=CLUSTER,
    compared="ethnic_group",
    known_by=OF_SIBLINGS,
)
"""How `training.audit.recording` reads `recording_rows`."""

NO_HELP_YET = "no help on record"

# Whoever has a row in one of these is known to services; the team is that of the latest row that names one.
_EVENTS: tuple[tuple[str, str, str, str | None], ...] = (
    ("ssd_contacts", "cont_person_id", "cont_contact_date_day", None),
    ("ssd_early_help_episodes", "earl_person_id", "earl_episode_start_date_day", None),
    ("ssd_cin_episodes", "cine_person_id", "cine_referral_date_day", "cine_referral_team"),
    ("ssd_cin_assessments", "cina_person_id", "cina_assessment_start_date_day", "cina_assessment_team"),
    ("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_start_date_day", "cinp_cin_plan_team"),
    ("ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date_day", "s47e_s47_completed_by_team"),
    ("ssd_initial_cp_conference", "icpc_person_id", "icpc_icpc_date_day", "icpc_icpc_team"),
    ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date_day", None),
    ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date_day", None),
    ("ssd_involvements", "invo_person_id", "invo_involvement_start_date_day", "invo_professional_team"),
)


def recording_rows(records: Known, *, as_of: date) -> pl.DataFrame:
    """Give every child whom services knew by a day, with what is recorded of who they are.

    Parameters
    ----------
    records
        Validated records of one authority. Ethnic group and sex count as extracted: they have no day.
    as_of
        The day; it decides who was known, stages and teams.

    Returns
    -------
    DataFrame
        `child`, `cluster`, `ethnic_group`, `sex`, `age_band`, `disability`, `team` (of the latest event that names
        one), `stage` (the highest rung ever held by then), `year` (of the first event) and `ethnic_group_of_siblings`;
        text, missing where not known; sorted by `child`.
    """
    view = view_as_of(records, as_of=as_of)
    known = _first_and_team(view)
    groups = characteristics_of(view, known["child"]).rename({"child_id": "child"})
    rows = (
        known.join(groups, on="child", how="left")
        .join(_cluster_of(view), on="child", how="left")
        .join(_stage_of(view), on="child", how="left")
        .join(_of_siblings(view, groups), on="child", how="left")
    )
    order = ("child", CLUSTER, "ethnic_group", "sex", "age_band", "disability", "team", "stage", "year", OF_SIBLINGS)
    return (
        rows.with_columns(pl.col(CLUSTER).fill_null(pl.col("child")), pl.col("stage").fill_null(NO_HELP_YET))
        .select(order)
        .sort("child")
    )


def _first_and_team(view: View) -> pl.DataFrame:
    """Give each child's first year and latest team."""
    events = [
        view.tables[table].select(
            nw.col(person).alias("child"),
            nw.col(day).alias("day"),
            (nw.lit(None, dtype=nw.String) if team is None else nw.col(team)).alias("team"),
        )
        for table, person, day, team in _EVENTS
        if table in view.tables
    ]
    every = _collected(nw.concat(events)).drop_nulls(["child", "day"]).sort("child", "day", "team")
    year = pl.col("day").cast(pl.Date).dt.year().cast(pl.String)
    return every.group_by("child", maintain_order=True).agg(
        year.first().alias("year"), pl.col("team").drop_nulls().last()
    )


def _cluster_of(view: View) -> pl.DataFrame:
    families = family_of(view)
    if families is None:
        return pl.DataFrame(schema={"child": pl.String, CLUSTER: pl.String})
    return _collected(families).select(child="child_id", **{CLUSTER: "family_id"})


def _stage_of(view: View) -> pl.DataFrame:
    names = {int(each.rung): each.english for each in LADDER}
    highest = _collected(spans_of_rungs(view)).group_by(pl.col("child_id").alias("child")).agg(pl.col("rung").max())
    stage = pl.col("rung").cast(pl.Int64).replace_strict(names, return_dtype=pl.String)
    return highest.select("child", stage=stage)


def _of_siblings(view: View, groups: pl.DataFrame) -> pl.DataFrame:
    """Give the group that a child's brothers and sisters have on record, grown-up ones too; never the child's own."""
    pairs = members(view)
    if pairs is None:
        return pl.DataFrame(schema={"child": pl.String, OF_SIBLINGS: pl.String})
    kin = _collected(pairs).filter(pl.col("relation").is_in(["sibling", "adult"]))
    # A grown-up counts where services knew them as a child themselves: parents are no rows here.
    theirs = kin.join(groups.select(member_id="child", theirs="ethnic_group"), on="member_id").drop_nulls("theirs")
    agreed = pl.when(pl.col("theirs").n_unique() == 1).then(pl.col("theirs").first())
    return theirs.group_by(pl.col("child_id").alias("child")).agg(agreed.alias(OF_SIBLINGS))


def _collected(frame: Frame) -> pl.DataFrame:
    return pl.DataFrame(frame.collect(backend="polars").to_native())
