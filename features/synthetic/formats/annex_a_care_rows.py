"""The rows of lists 8 to 10 of an Annex A workbook: periods of care, care leavers, adoption.

As `annex_a_rows`. A period of care is one row, whatever episodes it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.annex_a.children import UASC
from features.sources.days import day_of
from features.synthetic.formats.annex_a_said import FLAGS, IN_TOUCH, SUITABILITY, latest, lettered, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.synthetic.formats.annex_a_said import Authority

# Ceased only to begin anew on the same day: the period goes on.
GOES_ON = "X1"


def periods_of_care(of: Authority) -> pl.DataFrame:
    """Give the periods of care that lasted into the six months, with the latest of all that belongs to each."""
    columns = {
        "care": "clae_cla_id",
        "child": "clae_person_id",
        "episode_start": "clae_cla_episode_start_date",
        "start": "clae_entered_care_date",
        "need": "clae_cla_primary_need_code",
        "ceased": "clae_cla_episode_ceased_date",
        "reason": "clae_cla_episode_ceased_reason",
        "iro": "clae_cla_last_iro_contact_date",
    }
    episodes = of.take("ssd_cla_episodes", columns).with_columns(pl.coalesce("start", "episode_start").alias("start"))
    rows = latest(episodes, "care", "episode_start").drop("episode_start")
    goes_on = (pl.col("reason") == GOES_ON).fill_null(False)
    rows = rows.with_columns(pl.when(~goes_on).then(name).alias(name) for name in ("ceased", "reason"))
    rows = rows.filter(of.lasted("start", "ceased"))
    for last in (_placements(of), _reviews(of), _visits(of), _statuses(of, rows)):
        rows = rows.join(last, on="care", how="left", maintain_order="left")
    for last in (_checks(of, "Health"), _checks(of, "Dental"), _asylum(of)):
        rows = rows.join(last, on="child", how="left", maintain_order="left")
    return rows.with_columns(
        said("need", lettered("primary_need")),
        said("reason", lettered("cla_reason_episode_ceased")),
        pl.col("uasc").fill_null(FLAGS["N"]),
    ).drop("care")


def _placements(of: Authority) -> pl.DataFrame:
    columns = {
        "care": "clap_cla_id",
        "placed": "clap_cla_placement_start_date",
        "placement": "clap_cla_placement_type",
        "provider": "clap_cla_placement_provider",
        "postcode": "clap_cla_placement_postcode",
        "urn": "clap_cla_placement_urn",
    }
    return latest(of.take("ssd_cla_placement", columns), "care", "placed")


def _reviews(of: Authority) -> pl.DataFrame:
    rows = of.take("ssd_cla_reviews", {"care": "clar_cla_id", "review": "clar_cla_review_date"})
    return latest(rows.filter(of.is_past("review")), "care", "review")


def _visits(of: Authority) -> pl.DataFrame:
    rows = of.take("ssd_cla_visits", {"care": "clav_cla_id", "visit": "clav_cla_visit_date"})
    return latest(rows.filter(of.is_past("visit")), "care", "visit")


def _statuses(of: Authority, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the last legal status that a child had in each period of care."""
    columns = {
        "child": "lega_person_id",
        "status": "lega_legal_status",
        "status_start": "lega_legal_status_start_date",
    }
    days = periods.select("care", "child", first=day_of(pl.col("start")), last=day_of(pl.col("ceased")))
    rows = of.take("ssd_legal_status", columns).join(days, on="child", how="inner", maintain_order="left")
    day = day_of(pl.col("status_start"))
    during = (day >= pl.col("first")).fill_null(True) & (day <= pl.col("last")).fill_null(True)
    return latest(rows.filter(during).drop("child", "first", "last"), "care", "status_start")


def _checks(of: Authority, kind: str) -> pl.DataFrame:
    name = kind.lower()
    rows = of.take(
        "ssd_cla_health", {"child": "clah_person_id", "kind": "clah_health_check_type", name: "clah_health_check_date"}
    )
    rows = rows.filter(pl.col("kind").str.starts_with(kind), of.is_past(name)).drop("kind")
    return latest(rows, "child", name)


def _asylum(of: Authority) -> pl.DataFrame:
    rows = of.take("ssd_immigration_status", {"child": "immi_person_id", "status": "immi_immigration_status"})
    alone = rows.filter(pl.col("status") == UASC).select("child").unique(maintain_order=True)
    return alone.with_columns(uasc=pl.lit(FLAGS["Y"]))


def care_leavers(of: Authority) -> pl.DataFrame:
    """Give every young person who left care and is supported."""
    columns = {
        "child": "clea_person_id",
        "team": "clea_care_leaver_allocated_team",
        "worker": "clea_care_leaver_worker_id",
        "advisor": "clea_care_leaver_personal_advisor",
        "eligibility": "clea_care_leaver_eligibility",
        "pathway": "clea_pathway_plan_review_date",
        "in_touch": "clea_care_leaver_in_touch",
        "contact": "clea_care_leaver_latest_contact",
        "home": "clea_care_leaver_accommodation",
        "suitable": "clea_care_leaver_accom_suitable",
        "activity": "clea_care_leaver_activity",
    }
    rows = of.take("ssd_care_leavers", columns).join(_asylum(of), on="child", how="left", maintain_order="left")
    return rows.with_columns(
        said("in_touch", IN_TOUCH), said("suitable", SUITABILITY), pl.col("uasc").fill_null(FLAGS["N"])
    )


def adoptions(of: Authority) -> pl.DataFrame:
    """Give every child of whom adoption was decided, with the family they belong to."""
    columns = {
        "child": "perm_person_id",
        "decided": "perm_adm_decision_date",
        "order": "perm_placement_order_date",
        "matched": "perm_matched_date",
        "placed": "perm_placed_for_adoption_date",
        "adopted": "perm_permanence_order_date",
        "reversed": "perm_decision_reversed_date",
        "reason": "perm_decision_reversed_reason",
        "fostered": "perm_placed_ffa_cp_date",
    }
    families = of.take("ssd_family", {"child": "fami_person_id", "family": "fami_family_id"})
    rows = of.take("ssd_permanence", columns)
    return rows.join(families.unique("child", keep="first"), on="child", how="left", maintain_order="left")


CARE_ROWS: Mapping[int, Callable[[Authority], pl.DataFrame]] = {8: periods_of_care, 9: care_leavers, 10: adoptions}
"""What makes each list's rows."""
