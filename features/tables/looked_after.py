"""Contracts of children looked after (Children Act 1989 s.22), going missing, and the strengths questionnaire."""

import polars as pl

from features.tables.contract import SELF, Contract, ending, event, field, key, person

OFFERED = "a return interview is offered within 72 hours (statutory guidance on missing children, 2014)"


class SsdClaEpisodes(Contract, table="ssd_cla_episodes", row_known_from="clae_cla_episode_start_date"):
    """An episode of care; several make one period of being looked after."""

    clae_cla_episode_id: pl.String = key()
    clae_person_id: pl.String = person()
    clae_cla_episode_start_date: pl.Date = event()
    clae_cla_episode_start_reason: pl.String = field("code", codelist="cla_reason_for_new_episode")
    clae_cla_primary_need_code: pl.String = field("code", codelist="primary_need")
    clae_cla_episode_ceased_date: pl.Date = ending("clae_cla_episode_start_date")
    clae_cla_episode_ceased_reason: pl.String = field(
        "code",
        codelist="cla_reason_episode_ceased",
        known_from="clae_cla_episode_ceased_date",
        reason="why it ceased is known when it ceases",
    )
    clae_cla_id: pl.String = field("id")
    clae_referral_id: pl.String = field("id", references="ssd_cin_episodes.cine_referral_id")
    clae_cla_placement_id: pl.String = field("id")
    clae_entered_care_date: pl.Date = field("date")
    clae_cla_last_iro_contact_date: pl.Date = field("date", known_from=SELF, reason="a visit is known when it is made")


class SsdMissing(Contract, table="ssd_missing", row_known_from="miss_missing_episode_start_date"):
    """A time when a child was missing, or away from placement without leave; also of children not looked after."""

    miss_table_id: pl.String = key(is_required=False)
    miss_person_id: pl.String = person()
    miss_missing_episode_start_date: pl.Date = event()
    miss_missing_episode_type: pl.String = field("code", codelist="missing_type")
    miss_missing_episode_end_date: pl.Date = ending("miss_missing_episode_start_date")
    miss_missing_rhi_offered: pl.Int8 = field(
        "flag", known_from="miss_missing_episode_end_date", lag_days=3, reason=OFFERED
    )
    miss_missing_rhi_accepted: pl.Int8 = field(
        "flag", known_from="miss_missing_episode_end_date", lag_days=3, reason=OFFERED
    )


class SsdSdqScores(Contract, table="ssd_sdq_scores", row_known_from="csdq_sdq_completed_date"):
    """A Strengths and Difficulties score, 0 to 40: more difficulty is higher. Exists for looked-after children only."""

    csdq_table_id: pl.String = key(is_required=False)
    csdq_person_id: pl.String = person()
    csdq_sdq_completed_date: pl.Date = field("date", is_required=True)
    csdq_sdq_reason: pl.String = field("code", codelist="sdq_reason")
    csdq_sdq_score: pl.Float64 = field("number", is_required=True, lowest=0, highest=40)
