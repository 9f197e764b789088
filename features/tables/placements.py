"""Contracts of where looked-after children live and under which law.

Whom a child lives with is written by the national codes alone: a home's registration number, its carer and its
postcode are not read, for nothing here needs them (data minimisation, UK GDPR art. 5(1)(c)).
"""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key, person

# Where a postcode is not known the SSDA903 guide has this written; validation takes it for missing.
DISTANCE_NOT_KNOWN = 999.9


class SsdClaPlacement(Contract, table="ssd_cla_placement", row_known_from="clap_cla_placement_start_date"):
    """A home in which a looked-after child lived, from when to when.

    `clap_cla_placement_distance` is in miles from home, missing where it could not be measured.
    """

    clap_cla_placement_id: pl.String = key()
    clap_cla_placement_start_date: pl.Date = event()
    clap_cla_placement_type: pl.String = field("code", codelist="placement_type")
    clap_cla_placement_distance: pl.Float64 = field("number", lowest=0)
    clap_cla_id: pl.String = field("id", references="ssd_cla_episodes.clae_cla_id")
    clap_cla_placement_provider: pl.String = field("code", codelist="placement_provider")
    clap_cla_placement_end_date: pl.Date = ending("clap_cla_placement_start_date")
    clap_cla_placement_change_reason: pl.String = field(
        "code",
        codelist="placement_change_reason",
        known_from="clap_cla_placement_end_date",
        reason="why a child moved is known when they move",
    )
    clap_person_id: pl.String = person()


class SsdLegalStatus(Contract, table="ssd_legal_status", row_known_from="lega_legal_status_start_date"):
    """The law under which a child was looked after, from when to when.

    A status outside the national list, such as a supervision order at home, leaves its row: of unknown kind.
    """

    lega_legal_status_id: pl.String = key()
    lega_person_id: pl.String = person()
    lega_legal_status: pl.String = field("code", codelist="cla_legal_status")
    lega_legal_status_start_date: pl.Date = event()
    lega_legal_status_end_date: pl.Date = ending("lega_legal_status_start_date")
