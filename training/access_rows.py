"""Rows for the question who is offered help: each time somebody asked about a child, and each child on a day.

Need is as it was known before the day that somebody asked; what came of it is read afterwards. A row says what is on
record: that help was offered, not that it was needed, and what nobody wrote down is not here. This file reads records
through the only door; it computes no share (`training.audit.practice.access` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.as_of import view_as_of
from features.days import day_number
from features.indicators.help_that_worked import COMPLETED, NOT_COMPLETED
from features.rungs import spans_of_rungs
from features.vocabulary.errors import WrongUsageError
from features.vocabulary.status import Rung
from training.access_people import CHILD, DAY, with_need, with_people

if TYPE_CHECKING:
    from datetime import date

    from features.as_of import View
    from features.tables.records import Records

ADULT_FROM_YEARS = 18
# A decision on a contact is due in one working day (Working Together to Safeguard Children); ten days are generous.
REFERRED_WITHIN = 10
# Help that begins so soon after somebody asked, and after no later request, was offered then.
FOLLOWS_WITHIN = 90
# Days for which an offer is taken to stand; whoever asks meanwhile is not offered help anew.
OFFER_STANDS = 90
TAKEN_UP_WITHIN = 180
# A common local standard for the start of early help; ours.
PROMPT_WITHIN = 30
COMPLETED_WITHIN = 365
HELD_FOR = 182

REFERRED_ON = r"\|NEW_REFERRAL_FLAG\|"
OFFERED = r"\|OTHER_OUTCOMES_EXIST_FLAG\|"
ENDED_OTHERWISE = r"moved|left the area|out of area|another (local )?authority|died|turned 18|18th birthday"


@dataclass(frozen=True)
class Seen:
    """What the records show by their last day, as plain frames of day numbers.

    Parameters
    ----------
    view
        What was known on the last day.
    contacts, referrals
        `child_id` and a day; contacts with what came of them, referrals with the day their case was closed.
    help
        Early help: `child_id`, `start_day`, `end_day`, `reason`.
    spans
        As `features.rungs.spans_of_rungs` gives them.
    """

    view: View
    contacts: pl.DataFrame
    referrals: pl.DataFrame
    help: pl.DataFrame
    spans: pl.DataFrame


def look(records: Records) -> Seen:
    """Read what requests and what came of them are made of."""
    view = view_as_of(records, as_of=records.extract_day)
    contacts = _read(view, "ssd_contacts", "cont_person_id", "cont_contact_date_day", "cont_contact_outcome_json")
    referrals = _read(
        view, "ssd_cin_episodes", "cine_person_id", "cine_referral_date_day", "cine_close_date_day", "cine_referral_nfa"
    )
    episodes = _read(
        view,
        "ssd_early_help_episodes",
        "earl_person_id",
        "earl_episode_start_date_day",
        "earl_episode_end_date_day",
        "earl_episode_end_reason",
    )
    return Seen(
        view=view,
        contacts=contacts.rename(dict(zip(contacts.columns, (CHILD, DAY, "outcome"), strict=True))),
        referrals=referrals.rename(
            dict(zip(referrals.columns, (CHILD, "referred_day", "closed_day", "nfa"), strict=True))
        ),
        help=episodes.rename(dict(zip(episodes.columns, (CHILD, "start_day", "end_day", "reason"), strict=True))),
        spans=view.engine.collect(spans_of_rungs(view)),
    )


def _read(view: View, table: str, *columns: str) -> pl.DataFrame:
    if table not in view.tables:
        raise WrongUsageError(
            f"The records hold no {table}, so nobody can say who was offered help.",
            hint="Give records with contacts, referrals and early help.",
        )
    return view.engine.collect(view.tables[table].select(*columns))


def requests_between(records: Records, seen: Seen, *, first: date, last: date) -> pl.DataFrame:
    """Give each time in a period that somebody asked about a child without a service, and what came of it.

    A request is a contact, or a referral that no contact of the days before announces. Who had early help, a plan, an
    open case or a standing offer on the day before is left out: for them nothing new was to be offered.

    Parameters
    ----------
    records
        Validated records.
    seen
        As `look` gives it.
    first, last
        The period, both days in it; within the records.

    Returns
    -------
    DataFrame
        One row a request: `child_id`, `cluster` (the family, else the child), `asked_day` (Int32, days since
        1970-01-01), `ethnic_group`, `sex`, `disability`, `age_band` (String, missing where not recorded),
        `age` (years), the indicators of `NEED` and `DEPRIVATION` as known at the end of the month before, and the
        steps (Int8: 1, 0, missing where the step was not open to the child or its time is not over): `referred`,
        `offered`, `prompt`, `taken_up`, `completed`, `stepped_down`; `days_to_help`. Sorted by `child_id` and day.

    Raises
    ------
    WrongUsageError
        When the period is empty or lies outside the records.
    """
    if not first <= last <= records.extract_day:
        raise WrongUsageError(
            f"The period does not lie within the records, which end on {records.extract_day}.",
            hint="Give --from and --until so that --from is not later, and --until not after that day.",
        )
    asked = _without_service(requests_of(seen), seen)
    asked = asked.filter(pl.col(DAY).is_between(day_number(first), day_number(last)))
    about = with_people(asked, seen.view)
    young = about.filter(pl.col("age").is_null() | (pl.col("age") < ADULT_FROM_YEARS))
    rows = with_need(_with_steps(young, seen, until=day_number(records.extract_day)), records)
    return rows.sort(CHILD, DAY)


def requests_of(seen: Seen) -> pl.DataFrame:
    """Give each day on which somebody asked about a child, whether it was referred on, and whether help was offered."""
    contacts = seen.contacts.group_by(CHILD, DAY).agg(
        pl.col("outcome").str.contains(REFERRED_ON).fill_null(False).any().alias("is_referred"),
        pl.col("outcome").str.contains(OFFERED).fill_null(False).any().alias("is_offered"),
    )
    referrals = seen.referrals.select(CHILD, "referred_day").unique()
    lag = pl.col("referred_day") - pl.col(DAY)
    announced = contacts.join(referrals, on=CHILD).filter(lag.is_between(0, REFERRED_WITHIN))
    alone = referrals.join(announced.select(CHILD, "referred_day"), on=[CHILD, "referred_day"], how="anti")
    followed = announced.select(CHILD, DAY, pl.lit(True).alias("is_followed")).unique()
    contacts = contacts.join(followed, on=[CHILD, DAY], how="left").select(
        CHILD, DAY, pl.col("is_referred") | pl.col("is_followed").fill_null(False), "is_offered"
    )
    rest = alone.select(
        CHILD, pl.col("referred_day").alias(DAY), pl.lit(True).alias("is_referred"), pl.lit(False).alias("is_offered")
    )
    return pl.concat([contacts, rest]).sort(CHILD, DAY)


def _without_service(asked: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Leave out requests about children who had a service, an open case or a standing offer on the day before."""
    cases = seen.referrals.filter(pl.col("nfa").is_null() | (pl.col("nfa") != 1))
    held = pl.concat(
        [
            seen.spans.select(CHILD, "start_day", "end_day"),
            cases.select(CHILD, pl.col("referred_day").alias("start_day"), pl.col("closed_day").alias("end_day")),
            asked.filter("is_offered").select(
                CHILD, pl.col(DAY).alias("start_day"), (pl.col(DAY) + OFFER_STANDS).alias("end_day")
            ),
        ]
    )
    is_held = (pl.col("start_day") < pl.col(DAY)) & (pl.col("end_day").is_null() | (pl.col("end_day") >= pl.col(DAY)))
    served = asked.select(CHILD, DAY).join(held, on=CHILD).filter(is_held)
    return asked.join(served, on=[CHILD, DAY], how="anti")


def _with_steps(asked: pl.DataFrame, seen: Seen, *, until: int) -> pl.DataFrame:
    """Add what came of each request; missing where a step was not open, or its time is not over on the last day."""
    everything = requests_of(seen).select(CHILD, DAY, next_day=pl.col(DAY).shift(-1).over(CHILD))
    starts = seen.help.sort("start_day").unique([CHILD, "start_day"], keep="first", maintain_order=True)
    rows = (
        asked.join(everything, on=[CHILD, DAY], how="left")
        .sort(DAY)
        .join_asof(
            starts.sort("start_day"), left_on=DAY, right_on="start_day", by=CHILD, strategy="forward",
            check_sortedness=False,
        )
    )  # fmt: skip
    days = pl.col("start_day") - pl.col(DAY)
    follows = (days <= FOLLOWS_WITHIN) & (pl.col("next_day").is_null() | (pl.col("next_day") > pl.col("start_day")))
    # why: what became of a contact of the last days is not written yet
    is_told = pl.col(DAY) + REFERRED_WITHIN <= until
    rows = rows.with_columns(
        pl.when(is_told).then(_flag(pl.col("is_referred"))).alias("referred"),
        pl.when(is_told & ~pl.col("is_referred"))
        .then(_flag(pl.col("is_offered") | follows.fill_null(False)))
        .alias("offered"),
    )
    is_offered = pl.col("offered") == 1
    rows = rows.with_columns(
        pl.when(is_offered & (pl.col(DAY) + PROMPT_WITHIN <= until)).then(_flag(days <= PROMPT_WITHIN)).alias("prompt"),
        pl.when(is_offered & (pl.col(DAY) + TAKEN_UP_WITHIN <= until))
        .then(_flag(days <= TAKEN_UP_WITHIN))
        .alias("taken_up"),
    )
    return _with_endings(rows, seen, until=until).drop("is_referred", "is_offered", "next_day", "reason")


def _with_endings(rows: pl.DataFrame, seen: Seen, *, until: int) -> pl.DataFrame:
    """Add how help ended, and whether it held; where a reason is not written nobody can say."""
    reason, ended = pl.col("reason"), pl.col("end_day")
    is_in_time = (ended - pl.col("start_day") <= COMPLETED_WITHIN).fill_null(False)
    met = reason.str.contains(COMPLETED) & ~reason.str.contains(NOT_COMPLETED)
    can_be_told = ~is_in_time | (reason.is_not_null() & ~reason.str.contains(ENDED_OTHERWISE))
    is_over = (pl.col("taken_up") == 1) & (pl.col("start_day") + COMPLETED_WITHIN <= until)
    rows = rows.with_columns(
        pl.when(pl.col("taken_up") == 1).then(pl.col("start_day") - pl.col(DAY)).alias("days_to_help"),
        pl.when(is_over & can_be_told).then(_flag(is_in_time & met)).alias("completed"),
    )
    more = pl.concat(
        [
            seen.spans.filter(pl.col("rung") > int(Rung.EARLY_HELP)).select(CHILD, more_day="start_day"),
            seen.referrals.select(CHILD, more_day="referred_day"),
        ]
    )
    after = pl.col("more_day") - ended
    returned = rows.select(CHILD, DAY, "end_day").join(more, on=CHILD).filter(after.is_between(1, HELD_FOR))
    is_back = returned.select(CHILD, DAY, pl.lit(True).alias("is_back")).unique()
    is_seen = (pl.col("completed") == 1) & (ended + HELD_FOR <= until)
    return (
        rows.join(is_back, on=[CHILD, DAY], how="left")
        .with_columns(pl.when(is_seen).then(_flag(~pl.col("is_back").fill_null(False))).alias("stepped_down"))
        .drop("is_back", "start_day", "end_day")
    )


def _flag(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(False).cast(pl.Int8)
