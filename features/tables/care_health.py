"""Contracts of the health of looked-after children, and of convictions, as the yearly return asks for them.

Of an offence and of a substance nothing is read but that there was one: nothing here needs more (data minimisation,
UK GDPR art. 5(1)(c); convictions art. 10).
"""

import polars as pl

from features.tables.contract import Contract, event, field, key, person

# The SSDA903 return asks once a year, for the year that has passed; no day is written beside the answer.
ASKED_ONCE_A_YEAR = 365
ANSWERED = "asked for once a year, no day stands beside the answer; after a year it was there"


class SsdClaHealth(Contract, table="ssd_cla_health", row_known_from="clah_health_check_date"):
    """A health or dental check of a looked-after child. One that is planned is known when its day has come."""

    clah_health_check_id: pl.String = key()
    clah_person_id: pl.String = person()
    clah_health_check_type: pl.String = field("text")
    clah_health_check_date: pl.Date = field("date", is_required=True, is_planned=True)
    clah_health_check_status: pl.String = field("code", codelist="health_check_status")


class SsdClaImmunisations(Contract, table="ssd_cla_immunisations", row_known_from="clai_immunisations_status_date"):
    """Whether a looked-after child's immunisations are up to date: one row a child, the last answer alone.

    Known from the day of that answer. What was answered before is written over; without a day it is never known.
    """

    clai_person_id: pl.String = field(
        "id", unique=True, is_required=True, may_be_missing=False, references="ssd_person.pers_person_id"
    )
    clai_immunisations_status: pl.Int8 = field("flag")
    clai_immunisations_status_date: pl.Date = field("date", is_required=True)


class SsdClaSubstanceMisuse(Contract, table="ssd_cla_substance_misuse", row_known_from="clas_substance_misuse_date"):
    """That a looked-after child was found to misuse a substance, whichever it was."""

    clas_substance_misuse_id: pl.String = key()
    clas_person_id: pl.String = person()
    clas_substance_misuse_date: pl.Date = event()
    clas_intervention_received: pl.Int8 = field("flag", lag_days=ASKED_ONCE_A_YEAR, reason=ANSWERED)


class SsdClaConvictions(Contract, table="ssd_cla_convictions", row_known_from="clac_cla_conviction_date"):
    """That a looked-after child was convicted, or cautioned, of an offence, whatever it was.

    The day is that of the offence. Whether it would end in a conviction was open then, so the row is taken as known a
    year later.
    """

    clac_cla_conviction_id: pl.String = key()
    clac_person_id: pl.String = person()
    clac_cla_conviction_date: pl.Date = field(
        "date",
        is_required=True,
        may_be_missing=False,
        lag_days=ASKED_ONCE_A_YEAR,
        reason="the offence's day; a conviction follows months later, on a day that is not recorded",
    )
