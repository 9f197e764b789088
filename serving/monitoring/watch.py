"""Watches the service with the code that decided on the release: people in the loop, and what came true and for whom.

Path: `shown_rows` reads what was shown and decided; here each row gets its group, its household and what happened
after, as the records say; `training.audit` counts. Characteristics are those known on the day of the list. Nothing here
decides, and no answer holds a child, a family, a score's id or a name.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from features.as_of import view_as_of
from features.families import family_of
from features.groups import characteristics_of
from features.outcomes import outcome_after
from serving.monitoring.shown_rows import near_the_top
from training.audit import audit_table
from training.audit.disclosure.shares import shown_shares
from training.audit.practice.decisions_counted import Counting
from training.audit.practice.people import people_in_the_loop, shares_by_group, with_clusters

if TYPE_CHECKING:
    from features.tables.records import Records
    from training.audit import AuditSettings
    from training.registry.bundle import Bundle
    from training.registry.plan import Plan

# Each day of the list costs a tenth of a second for 30,000 children, and a page is waited for.
MOST_DAYS: Final = 100

KNOWN: Final = Counting(
    pl.lit(True), pl.col("escalated").is_not_null(), "Of scores whose horizon is over, what happened can be seen"
)
LIMITS: Final = (
    "These are scores that somebody was shown, each child once a day of the list, and not the whole list. Near the top "
    "are as many of them as had a place near the top of their day's list. People acted on these scores, and help may "
    "have kept a child from moving up the ladder: fewer than the scores said may be a success."
)
TOO_FEW: Final = "Fewer children than may be shown: the numbers cannot tell."


class Watched(BaseModel):
    """Base of what watching says: until when the records speak, and in sentences what the figures do not tell."""

    model_config = ConfigDict(frozen=True)

    stated: list[str] = Field(description="Why there are no figures, or what they do not tell")
    n_days: int = Field(description="Days of the list that are looked at")
    first_day: date | None
    last_day: date | None


class PeopleAnswer(Watched):
    """How decisions stand to what the score alone would have done, by group and by role; small groups withheld."""

    records_until: date
    words: dict[str, str] = Field(description="By measure, what it says")
    shares: list[dict[str, Any]] = Field(description="Attribute, group, measure, share with its interval, and gaps")
    override_reasons: list[dict[str, Any]]
    afterwards: list[dict[str, Any]]


class ModelWatched(Watched):
    """One model's scores that were shown at least a horizon ago."""

    model_version: str
    followed_up: list[dict[str, Any]] = Field(description="For whom it can be seen what happened, by group")
    audit: dict[str, Any] | None = Field(description="As audit.json; null where `stated` says why")


class WatchAnswer(Watched):
    """Whether scores that were shown came true, and for whom: an audit of each model that was in service."""

    records_until: date
    horizon_days: int
    models: list[ModelWatched]


def people(rows: pl.DataFrame, records: Records, bundle: Bundle) -> PeopleAnswer:
    """Count people's decisions beside the score, on the newest days of the list.

    Parameters
    ----------
    rows
        As `serving.monitoring.shown_rows.shown_rows` gives them.
    records
        The records that are served.
    bundle
        The released model; its plan says how many places there are.
    """
    newest = _newest(rows, rows["as_of"].unique())
    plan = bundle.manifest.plan
    table = _told(newest, records, plan).with_columns(near_the_top(bundle))
    counted = people_in_the_loop(table, plan.audit.characteristics)
    stated = [*counted.pop("stated"), *_left_out(rows, newest)]
    return PeopleAnswer(records_until=records.extract_day, stated=stated, **counted, **_days(newest))


def came_true(rows: pl.DataFrame, records: Records, bundle: Bundle) -> WatchAnswer:
    """Audit the scores that were shown at least a horizon before the records' last day, each model by itself.

    Parameters
    ----------
    rows, records, bundle
        See `people`.
    """
    plan = bundle.manifest.plan
    due = rows.filter(pl.col("as_of") <= records.extract_day - timedelta(days=plan.outcome.horizon_days))
    newest = _newest(due, due["as_of"].unique())
    told = _told(newest, records, plan).with_columns(near_the_top(bundle))
    models = [_model_watched(told.filter(pl.col("model_version") == name), bundle) for name in _versions(told)]
    return WatchAnswer(
        records_until=records.extract_day,
        horizon_days=plan.outcome.horizon_days,
        stated=_why_none(rows, due, plan) or [LIMITS, *_left_out(due, newest)],
        models=models,
        **_days(newest),
    )


def _newest(rows: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """Keep the newest days of the list."""
    return rows.filter(pl.col("as_of").is_in(days.sort(descending=True).head(MOST_DAYS).implode()))


def _left_out(rows: pl.DataFrame, kept: pl.DataFrame) -> list[str]:
    is_whole = rows.height == kept.height
    return (
        [] if is_whole else [f"Only the newest {MOST_DAYS} days of the list are looked at; earlier ones are left out."]
    )


def _days(rows: pl.DataFrame) -> dict[str, Any]:
    days = rows["as_of"]
    return {"n_days": days.n_unique(), "first_day": days.min(), "last_day": days.max()}


def _versions(rows: pl.DataFrame) -> list[str]:
    """Give the models, the one shown first standing first."""
    return rows.sort("as_of", "model_version")["model_version"].unique(maintain_order=True).to_list()


def _why_none(rows: pl.DataFrame, due: pl.DataFrame, plan: Plan) -> list[str]:
    """Say why nothing can have come true yet."""
    if rows.height == 0:
        return ["No score has been shown to anybody yet."]
    if due.height == 0:
        return [
            f"Every score was shown less than {plan.outcome.horizon_days} days before the records end: what happened "
            "after cannot be known yet."
        ]
    return []


def _told(rows: pl.DataFrame, records: Records, plan: Plan) -> pl.DataFrame:
    """Add to each row its characteristics as known on the day, its family, and what happened after."""
    parts = [_of_day(part, records, plan) for (_,), part in rows.group_by("as_of", maintain_order=True)]
    family = _families(records)
    known = pl.concat(parts) if parts else _of_day(rows, records, plan)
    return known.join(family, on="child", how="left", maintain_order="left")


def _families(records: Records) -> pl.DataFrame:
    """Give each person's family as it is known today: who is not independent does not hang on when that was heard."""
    view = view_as_of(records, as_of=records.extract_day)
    found = family_of(view)
    if found is None:
        return pl.DataFrame(schema={"child": pl.String, "cluster": pl.String})
    return view.engine.collect(found).select(pl.col("child_id").alias("child"), pl.col("family_id").alias("cluster"))


def _of_day(rows: pl.DataFrame, records: Records, plan: Plan) -> pl.DataFrame:
    """Tell the rows of one day; `escalated` is missing where the horizon is not over or the outcome cannot be seen."""
    day: date = rows["as_of"].max() if rows.height else records.extract_day  # type: ignore[assignment]  # a column of dates
    groups = characteristics_of(view_as_of(records, as_of=day), rows["child"]).select(
        "child_id", *plan.audit.characteristics
    )
    nothing = pl.DataFrame(schema={"child_id": pl.String, "escalated": pl.Int8})
    is_due = day + timedelta(days=plan.outcome.horizon_days) <= records.extract_day
    seen = _outcomes(groups, records, plan, day=day) if is_due else nothing
    told = groups.join(seen, on="child_id", how="left").rename({"child_id": "child"})
    return rows.join(told, on="child", how="left", maintain_order="left")


def _outcomes(children: pl.DataFrame, records: Records, plan: Plan, *, day: date) -> pl.DataFrame:
    """Give what happened to the children who are still in the records: of others nothing can be said."""
    people_known = records.tables["ssd_person"]["pers_person_id"]
    found = children.filter(pl.col("child_id").is_in(people_known.implode()))
    seen = outcome_after(records, found, as_of=day, known_on=records.extract_day, rule=plan.outcome)
    return seen.select("child_id", pl.col("outcome").alias("escalated"))


def _model_watched(rows: pl.DataFrame, bundle: Bundle) -> ModelWatched:
    """Audit one model's scores, with the settings of the plan's own audit."""
    learnt_until = bundle.manifest.as_of.labels_known_on
    is_this = rows["model_version"][0] == bundle.manifest.model_version
    new = rows.filter(pl.col("as_of") >= learnt_until) if is_this else rows
    plan = bundle.manifest.plan
    judged = new.filter(pl.col("escalated").is_not_null())
    audit = audit_table(judged, _settings(judged, plan)).as_json() if judged.height else None
    followed = shares_by_group(with_clusters(new), "outcome_known", KNOWN, plan.audit.characteristics)
    stated = []
    if new.height < rows.height:
        stated.append(f"Scores of days before {learnt_until} are left out: this model learnt from what happened then.")
    if audit is None or audit["overall"]["n"] is None:
        stated.append(TOO_FEW)
    return ModelWatched(
        model_version=rows["model_version"][0],
        stated=stated,
        followed_up=shown_shares(followed if new.height else [], "internal"),
        audit=audit,
        **_days(new),
    )


def _settings(judged: pl.DataFrame, plan: Plan) -> AuditSettings:
    """Ask what the plan's audit asks; the cut-off gives as many as stood near the top of their day's list."""
    share = float(judged["is_near_top"].sum()) / judged.height
    capacity = share or plan.audit.capacity
    return plan.audit.settings_on(judged, outcome="escalated", child="child", capacity=capacity)
