"""Contracts of what the standard has no place for: services given, outcome tools used, and what families said.

Each table is optional: everything works without it, and no row is never a zero.
"""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key, person

# No scale of an outcome tool goes so far; a number beyond is a telephone number or an id in the wrong column.
FARTHEST_SCORE = 10_000


class ExtServices(Contract, table="ext_services", row_known_from="serv_start_date"):
    """A time for which a child's family was given a service, such as Rapid Response or a therapy team."""

    serv_table_id: pl.String = key(is_required=False)
    serv_person_id: pl.String = person()
    serv_service_name: pl.String = field("text", is_required=True, may_be_missing=False)
    serv_start_date: pl.Date = event()
    serv_end_date: pl.Date = ending("serv_start_date")
    serv_end_reason: pl.String = field(
        "text", known_from="serv_end_date", reason="how a service ended is known when it ends"
    )


class ExtFamilyAssessments(Contract, table="ext_family_assessments", row_known_from="fama_assessment_date"):
    """A score on one scale of an outcome tool, of a child or of a whole family.

    Of the two ids one at least is needed to tell whom it speaks of. Scores of different scales are never compared;
    `fama_direction` says which end is the better one.
    """

    fama_table_id: pl.String = key(is_required=False)
    fama_person_id: pl.String = field("id", references="ssd_person.pers_person_id")
    # Families stand in `ssd_family` only where an authority groups them; a tool's family id is kept all the same.
    fama_family_id: pl.String = field("id")
    fama_assessment_date: pl.Date = event()
    fama_tool: pl.String = field("text", is_required=True, may_be_missing=False)
    fama_scale: pl.String = field("text")
    fama_score: pl.Float64 = field("number", is_required=True, lowest=-FARTHEST_SCORE, highest=FARTHEST_SCORE)
    fama_direction: pl.String = field("code", codelist="scale_direction", is_required=True)


class ExtFamilyViews(Contract, table="ext_family_views", row_known_from="famv_view_date"):
    """What a child or somebody of the family said of one topic: a good word, a bad one, or both.

    The words themselves have no place here. That no view is recorded does not say that nobody was asked.
    """

    famv_table_id: pl.String = key(is_required=False)
    famv_person_id: pl.String = person()
    famv_view_date: pl.Date = event()
    famv_said_by: pl.String = field("code", codelist="said_by", is_required=True)
    famv_topic: pl.String = field("text")
    famv_view: pl.String = field("code", codelist="view_said", is_required=True)
