"""Contracts of the front door: contacts, and early help."""

import polars as pl

from features.tables.contract import Contract, ending, event, field, key, person


class SsdContacts(Contract, table="ssd_contacts", row_known_from="cont_contact_date"):
    """A contact about a child; most lead to advice or to nothing further, so a contact is not a concern proved."""

    cont_contact_id: pl.String = key()
    cont_person_id: pl.String = person()
    cont_contact_date: pl.Date = event()
    cont_contact_source_code: pl.String = field(
        "code", codelist="referral_source", described_by="cont_contact_source_desc"
    )
    cont_contact_source_desc: pl.String = field("text")
    cont_contact_outcome_json: pl.String = field(
        "codes",
        codelist="json_contact_outcome_keys",
        lag_days=3,
        reason="decided within one working day; three days cover a weekend",
    )


class SsdEarlyHelpEpisodes(Contract, table="ssd_early_help_episodes", row_known_from="earl_episode_start_date"):
    """A span of early help. Reasons are an authority's own words; no national list exists."""

    earl_episode_id: pl.String = key()
    earl_person_id: pl.String = person()
    earl_episode_start_date: pl.Date = event()
    earl_episode_end_date: pl.Date = ending("earl_episode_start_date")
    earl_episode_reason: pl.String = field("text")
    earl_episode_end_reason: pl.String = field(
        "text", known_from="earl_episode_end_date", reason="why it ended is known when it ends"
    )
    earl_episode_organisation: pl.String = field("text")
    earl_episode_worker_id: pl.String = field("id")
