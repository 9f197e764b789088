"""Joining the referrals of list 3 and the cases of list 6, which tell of the same episode and share no id.

A case belongs to the child's nearest referral on or before its start; an assessment to the nearest referral or case.
Referrals with no further action opened no case. Knows the names of `lists` and no workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERRALS, ASSESSMENTS, CASES = 3, 4, 6
EPISODES = {
    "cine_referral_id": "referral",
    "cine_person_id": "child",
    "cine_referral_date": "start",
    "cine_referral_source_code": "source",
    "cine_referral_nfa": "nfa",
    "cine_cin_primary_need_code": "need",
    "cine_close_date": "closed",
    "cine_close_reason": "reason",
    "cine_referral_team": "team",
    "cine_referral_worker_id": "worker",
}
"""Columns of `ssd_cin_episodes`, and the columns of lists 3 and 6 that fill them."""

_FROM_CASES = ("need", "closed", "reason")
_YES = r"(?i)^(?:a\)\s*)?(?:y|yes|true|1)\b"
_NO = r"(?i)^(?:b\)\s*)?(?:n|no|false|0|none)\b"
_HAS_PLAN = r"(?i)\bchild(ren)? in need\b|\bcin\b"


def said_yes(cell: pl.Expr) -> pl.Expr:
    """Say whether a cell says yes, as in `a) Yes`, `Y`, `1 - Yes`; null where it is empty."""
    return cell.str.contains(_YES)


def said_no(cell: pl.Expr) -> pl.Expr:
    """Say whether a cell says no, as in `b) No`, `N`, `0 - No`; null where it is empty."""
    return cell.str.contains(_NO)


def has_plan(status: pl.Expr) -> pl.Expr:
    """Say whether a case's status is that of a child in need plan."""
    return status.str.contains(_HAS_PLAN)


def key(word: str) -> pl.Expr:
    """Make an id of a child's id, a word and which row of the child it is."""
    return pl.format("{}-{}{}", "child", pl.lit(word), "nth")


def join_cases(lists: Mapping[int, pl.DataFrame]) -> tuple[dict[int, pl.DataFrame], pl.DataFrame | None]:
    """Say of each assessment and case which episode it belongs to, and give the episodes.

    Parameters
    ----------
    lists
        By number, with `nth`: which row of its child each row is.

    Returns
    -------
    tuple of (dict of int to pl.DataFrame, pl.DataFrame or None)
        The lists, `referral` added to lists 4 and 6; and `ssd_cin_episodes`, None where lists 3 and 6 are both absent.
    """
    joined = dict(lists)
    if REFERRALS not in lists and CASES not in lists:
        if ASSESSMENTS in joined:
            joined[ASSESSMENTS] = joined[ASSESSMENTS].with_columns(referral=pl.lit(None, pl.String))
        return joined, None
    referrals = _with_all(lists.get(REFERRALS)).with_columns(referral=key("referral"))
    cases = _with_all(lists.get(CASES))
    cases = cases.with_columns(referral=_one_each(cases, _nearest(cases, _that_opened(referrals))))
    completed = cases.filter(pl.col("referral").is_not_null()).select("referral", *_FROM_CASES)
    alone = cases.filter(pl.col("referral").is_null()).with_columns(referral=key("case"))
    referrals = referrals.drop(_FROM_CASES).join(completed, on="referral", how="left", maintain_order="left")
    both = [frame.select(_episode_columns()) for frame in (referrals, alone)]
    if CASES in joined:
        joined[CASES] = cases.with_columns(referral=pl.coalesce("referral", key("case")))
    if ASSESSMENTS in joined:
        known = pl.concat([_that_opened(referrals), alone.select("child", "start", "referral")])
        joined[ASSESSMENTS] = joined[ASSESSMENTS].with_columns(
            referral=_nearest(joined[ASSESSMENTS], known)["referral"]
        )
    return joined, pl.concat(both)


def _episode_columns() -> list[pl.Expr]:
    return [pl.col(ours).alias(theirs) for theirs, ours in EPISODES.items()]


def _with_all(frame: pl.DataFrame | None) -> pl.DataFrame:
    """Give a list every column that an episode has, null where the list lacks it; no rows where the list is absent."""
    names = [*(name for name in EPISODES.values() if name != "referral"), "status"]
    if frame is None:
        return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), "nth": pl.UInt32})
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in names if name not in frame.columns)


def _that_opened(referrals: pl.DataFrame) -> pl.DataFrame:
    may_have = ~said_yes(pl.col("nfa")).fill_null(False)
    return referrals.filter(may_have).select("child", "start", "referral")


def _nearest(rows: pl.DataFrame, referrals: pl.DataFrame) -> pl.DataFrame:
    """Find for each row the child's nearest referral on or before the row's start: `referral`, and `gap` in days."""
    days = rows.select(pl.int_range(pl.len()).alias("row"), "child", day_of(pl.col("start")).alias("day"))
    offered = referrals.select("child", "referral", day_of(pl.col("start")).alias("day"))
    found = (
        days.drop_nulls()
        .sort("day", "row")
        .join_asof(
            offered.drop_nulls().sort("day").with_columns(since="day"), on="day", by="child", check_sortedness=False
        )
    )
    gaps = found.select("row", "referral", gap=(pl.col("day") - pl.col("since")).dt.total_days())
    return days.join(gaps, on="row", how="left", maintain_order="left").select("row", "referral", "gap")


def _one_each(cases: pl.DataFrame, nearest: pl.DataFrame) -> pl.Series:
    """Leave each referral to the nearest of the cases that claim it, so that no referral is two episodes."""
    claimed = nearest.drop_nulls("referral").sort("gap", "row").unique("referral", keep="first", maintain_order=True)
    rows = pl.int_range(cases.height, eager=True).alias("row").to_frame()
    return rows.join(claimed, on="row", how="left", maintain_order="left")["referral"]
