"""Contracts of children looked after (Children Act 1989 s.22): care, its reviews and visits, going missing, SDQ."""

import polars as pl

from features.tables.contract import SELF, Contract, ending, event, field, key, person

PERIOD = "ssd_cla_episodes.clae_cla_id"
OFFERED = "a return interview is offered within 72 hours (statutory guidance on missing children, 2014)"


class SsdClaEpisodes(Contract, table="ssd_cla_episodes", row_known_from="clae_cla_episode_start_date"):
    """An episode of care; several make one period of being looked after, `clae_cla_id`."""

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
    # A placement points to the period it stands in, and an episode to its placement: one of the two to a later table.
    clae_cla_placement_id: pl.String = field("id", references="ssd_cla_placement.clap_cla_placement_id")
    clae_entered_care_date: pl.Date = field("date")
    clae_cla_last_iro_contact_date: pl.Date = field("date", known_from=SELF, reason="a visit is known when it is made")


class SsdClaReviews(Contract, table="ssd_cla_reviews", row_known_from="clar_cla_review_date"):
    """A review of a looked-after child's care and how the child took part. One only due has no date: never known.

    Builds of the standard before 2026 name the period of care and not the child, whom validation attaches then.
    """

    clar_cla_review_id: pl.String = key()
    clar_cla_id: pl.String = field("id", references=PERIOD)
    clar_cla_review_due_date: pl.Date = field("date", is_planned=True)
    clar_cla_review_date: pl.Date = field("date", is_required=True)
    clar_cla_review_cancelled: pl.Int8 = field("flag")
    clar_cla_review_participation: pl.String = field("code", codelist="review_participation")
    clar_cla_person_id: pl.String = field("id", references="ssd_person.pers_person_id")


class SsdClaVisits(Contract, table="ssd_cla_visits", row_known_from="clav_cla_visit_date"):
    """A visit to a looked-after child."""

    clav_cla_visit_id: pl.String = key()
    clav_cla_id: pl.String = field("id", references=PERIOD)
    clav_person_id: pl.String = person()
    clav_cla_visit_date: pl.Date = event()
    clav_cla_visit_seen: pl.Int8 = field("flag")
    clav_cla_visit_seen_alone: pl.Int8 = field("flag")


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
