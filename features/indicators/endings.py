"""Help that ended, and when the child was next heard of: what is needed to say whether needs met stayed met.

An ending is a case that was closed, a protection plan that ended, or early help that ended; the declarations choose
which of them count. That nothing followed says that nobody came to the front door, not that all is well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from features.rungs import spans_of_rungs
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame

CASE, PLAN, EARLY_HELP = "case", "plan", "early help"

_ENDED: tuple[tuple[str, str, str, str, str | None], ...] = (
    (CASE, "ssd_cin_episodes", "cine_person_id", "cine_close_date_day", "cine_close_reason"),
    (PLAN, "ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_end_date_day", None),
    (EARLY_HELP, "ssd_early_help_episodes", "earl_person_id", "earl_episode_end_date_day", "earl_episode_end_reason"),
)
_BEGUN: tuple[tuple[str, str, str], ...] = (
    ("ssd_contacts", "cont_person_id", "cont_contact_date_day"),
    ("ssd_cin_episodes", "cine_person_id", "cine_referral_date_day"),
    ("ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date_day"),
)


def endings(view: View) -> Frame:
    """Give every ending known on a view's day, and what came next.

    What begins on the day of an ending belongs to it: a step down is no return. Help that ended while the child was
    looked after is left out, for then it was care that went on.

    Returns
    -------
    LazyFrame
        `child_id`, `kind` (`case`, `plan` or `early help`), `reason` (a code for a case, an authority's words for early
        help), `ended_day`, and `next_day`, the first day after it on which there was a contact or a referral, or an
        enquiry, help, a plan or care began: missing where there was none.
    """
    spans = view.engine.hold(spans_of_rungs(view))
    ended = view.engine.hold(_without_care(_ended(view), spans))
    days = ended.select("child_id", "ended_day").unique()
    after = days.join(_begun(view, spans), on="child_id", how="inner").filter(nw.col("day") > nw.col("ended_day"))
    following = after.group_by("child_id", "ended_day").agg(nw.col("day").min().alias("next_day"))
    return ended.join(following, on=["child_id", "ended_day"], how="left")


def _ended(view: View) -> Frame:
    found = [
        view.tables[table].select(
            nw.col(person).alias("child_id"),
            nw.lit(kind).alias("kind"),
            (nw.lit(None, dtype=nw.String) if reason is None else nw.col(reason)).alias("reason"),
            nw.col(day).alias("ended_day"),
        )
        for kind, table, person, day, reason in _ENDED
        if table in view.tables
    ]
    return nw.concat(found).filter(~nw.col("ended_day").is_null())


def _begun(view: View, spans: Frame) -> Frame:
    found = [
        view.tables[table].select(nw.col(person).alias("child_id"), nw.col(day).alias("day"))
        for table, person, day in _BEGUN
        if table in view.tables
    ]
    return nw.concat([*found, spans.select("child_id", nw.col("start_day").alias("day"))]).unique()


def _without_care(ended: Frame, spans: Frame) -> Frame:
    care = spans.filter(nw.col("rung") == int(Rung.LOOKED_AFTER)).select("child_id", "start_day", "end_day")
    ends, last = nw.col("ended_day"), nw.col("end_day")
    beside = ended.select("child_id", "ended_day").unique().join(care, on="child_id", how="inner")
    in_care = beside.filter(nw.col("start_day") <= ends, last.is_null() | (last > ends))
    return ended.join(in_care.select("child_id", "ended_day").unique(), on=["child_id", "ended_day"], how="anti")
