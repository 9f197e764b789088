"""Contracts of who works with a child: involvements, workers and teams.

Workers' names, staff and registration numbers are not read: nothing here needs them (data minimisation, UK GDPR art.
5(1)(c)). Worker and team ids point nowhere here, nor in any other table: many case systems write a team's name, or the
id of somebody who left, and such a cell is worth keeping.
"""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key


class SsdProfessionals(Contract, table="ssd_professionals"):
    """A worker, at any time: how many children they work with and whether an agency sends them, as extracted."""

    prof_professional_id: pl.String = key()
    prof_professional_job_title: pl.String = field("text")
    prof_professional_caseload: pl.Float64 = field("number", lowest=0)
    prof_professional_department: pl.String = field("text")
    prof_full_time_equivalency: pl.Float64 = field("number", lowest=0)
    prof_agency_worker_flag: pl.Int8 = field("flag")


class SsdDepartment(Contract, table="ssd_department"):
    """A team and the one above it, as extracted; the team above may be left out of the table."""

    dept_team_id: pl.String = key()
    dept_team_name: pl.String = field("text")
    dept_team_parent_id: pl.String = field("id")


class SsdInvolvements(Contract, table="ssd_involvements", row_known_from="invo_involvement_start_date"):
    """A time for which a worker or team worked with a child."""

    invo_involvements_id: pl.String = key()
    invo_professional_id: pl.String = field("id")
    invo_professional_role_id: pl.String = field("text")
    invo_professional_team: pl.String = field("id")
    invo_involvement_start_date: pl.Date = event()
    invo_involvement_end_date: pl.Date = ending("invo_involvement_start_date")
    invo_worker_change_reason: pl.String = field(
        "code",
        codelist="social_worker_change_reason",
        known_from="invo_involvement_end_date",
        reason="systems write it at the beginning or at the end; by the end it is there",
    )
    # Older builds of the standard name no person here: such a row counts for nobody.
    invo_person_id: pl.String = field("id", references="ssd_person.pers_person_id")
    invo_referral_id: pl.String = field("id", references="ssd_cin_episodes.cine_referral_id")
