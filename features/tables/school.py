"""Contracts of school: what children need there, and how much of it they had."""

import polars as pl

from features.tables.contract import Contract, field, key, person

# Two half-days on each day of a leap year; schools are open on about 190 days.
MOST_SESSIONS = 732


class SsdSenNeed(Contract, table="ssd_sen_need"):
    """A special educational need named in a plan.

    Real builds leave the table empty, and it says whose need it is only through a table of plans that is empty too, so
    nothing is counted of it.
    """

    senn_table_id: pl.String = key(is_required=False)
    senn_active_ehcp_id: pl.String = field("id")
    senn_active_ehcp_need_type: pl.String = field("code", codelist="sen_need_type")
    senn_active_ehcp_need_rank: pl.Float64 = field("number", lowest=1)


class ExtSchoolAttendance(Contract, table="ext_school_attendance", row_known_from="scho_period_end_date"):
    """How many half-days of a term, or week, a child could go to school, and how many they went.

    What is counted is known when the period has ended, the whole row with it; a term that still runs when the extract
    is made may be there and is not known yet. A period that is absent says nothing of attendance, least of all that
    there was none.
    """

    scho_table_id: pl.String = key(is_required=False)
    scho_person_id: pl.String = person()
    scho_period_start_date: pl.Date = field("date", is_required=True)
    scho_period_end_date: pl.Date = field(
        "date", is_required=True, may_be_missing=False, is_planned=True, not_before="scho_period_start_date"
    )
    scho_sessions_possible: pl.Float64 = field("number", is_required=True, lowest=0, highest=MOST_SESSIONS)
    scho_sessions_attended: pl.Float64 = field("number", is_required=True, lowest=0, highest=MOST_SESSIONS)
    scho_suspensions: pl.Float64 = field("number", lowest=0, highest=MOST_SESSIONS)
