"""An Annex A workbook: the eleven lists that an authority keeps for inspectors, as tables of the standard.

Path: `opening` looks at the file, `workbook` finds sheets and headers, `lists` says what goes
where, `children` and `cases` bring together what several lists tell of one child. Cells stay as the
sheet has them; only keys that the lists lack are made, from the child's id and the order of its rows.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from features.sources.annex_a.cases import CASES, REFERRALS, has_plan, join_cases, key, said_no, said_yes
from features.sources.annex_a.children import gather_children
from features.sources.annex_a.lists import LISTS
from features.sources.annex_a.opening import looks_like_workbook
from features.sources.annex_a.workbook import read_sheets
from features.sources.raw import Kind, RawTables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from features.sources.annex_a.asked import AnnexAList, Gives

__all__ = ["CANNOT_GIVE", "CAN_HOLD", "looks_like_workbook", "read_annex_a"]

CAN_HOLD: frozenset[str] = frozenset(
    {"ssd_person", "ssd_disability", "ssd_immigration_status", "ssd_family", "ssd_cin_episodes"}
    | {gives.table for asked in LISTS for gives in asked.gives}
)

CANNOT_GIVE: tuple[str, ...] = (
    "The lists hold six months of contacts, early help, referrals, assessments and enquiries, and only the cases and "
    "plans that were open in them: whatever looks back further counts too little, and no model should learn from it.",
    "Outcomes of contacts, referrals and enquiries, the day an enquiry ended, and what an assessment found of alcohol, "
    "drugs, domestic abuse, mental health and other factors are not asked: those indicators stay unknown.",
    "List 2 tells of early help assessments, not of the help that followed: how long help lasted and why it ended are "
    "unknown, and help counts as ended when its assessment is completed.",
    "List 6 has one day for a case's start: a child in need plan is taken to begin with its case, and plans that had "
    "ended, or gave way to protection or care, are not seen.",
    "Only the last visit, review, placement, legal status and health check are asked: visits kept, moves between homes "
    "and earlier periods of care are not seen; times missing have a count and no days, so they are not read.",
    "Counts of the last 12 months, ages, the permanence plan, the placement's location and emergency orders have no "
    "day of their own and are not read. Days of entering care are read from list 8, not from list 10.",
    "A referral with no further action has no closing day in list 3: it counts as closed when that was decided.",
    "A disability has no kind in the lists, a mother is not named, and addresses, school and family groups other than "
    "those of adoption are not asked: siblings, homes and attendance are unknown.",
    "List 11 tells of adopters, who are not children of these records: it is not read.",
)


def read_annex_a(path: Path) -> RawTables:
    """Read a workbook.

    Parameters
    ----------
    path
        A file; whatever it holds, an answer comes back.

    Returns
    -------
    RawTables
        A list that the workbook lacks leaves its tables out, unless another list has a place for them too.
    """
    sheets = read_sheets(path)
    if not sheets.lists:
        return RawTables(Kind.annex_a, {}, problems=tuple(sheets.problems), told=tuple(sheets.told), can_hold=CAN_HOLD)
    nth = pl.int_range(1, pl.len() + 1).over("child").alias("nth")
    lists = {number: frame.with_columns(nth) for number, frame in sheets.lists.items()}
    tables, noticed = gather_children(lists)
    lists, episodes = join_cases(lists)
    if episodes is not None:
        tables["ssd_cin_episodes"] = episodes
    tables |= _rows_given(lists)
    digest = _sha256(path)
    return RawTables(
        Kind.annex_a,
        tables,
        hashes=dict.fromkeys(tables, digest),
        problems=tuple(sheets.problems),
        can_hold=CAN_HOLD,
        cannot_give=CANNOT_GIVE,
        told=(*sheets.told, *noticed, *_joined(lists)),
    )


def _rows_given(lists: Mapping[int, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Give the rows that each list's declaration promises, tables that two lists fill one below the other."""
    found: dict[str, list[pl.DataFrame]] = {}
    for asked in (asked for asked in LISTS if asked.number in lists):
        rows = _prepared(asked, lists[asked.number])
        for gives in asked.gives:
            found.setdefault(gives.table, []).append(_given(rows, gives))
    return {table: pl.concat(frames) for table, frames in found.items()}


def _prepared(asked: AnnexAList, frame: pl.DataFrame) -> pl.DataFrame:
    """Say what a list leaves to be understood.

    A conference without a strategy discussion, as of a child who moved here with a plan, had no enquiry; a case's
    status says whether it has a plan; a child in care of whose home nothing is said has none that is known; an
    adoption order has a day alone.
    """
    start = pl.col("start").is_not_null() if "start" in frame.columns else pl.lit(False)
    if asked.number == 5:
        has_enquiry = start | pl.col("conference").is_null()
        return frame.with_columns(enquiry=pl.when(has_enquiry).then(key("enquiry")))
    if asked.number == 6:
        return frame.with_columns(plan=pl.when(start & has_plan(pl.col("status"))).then(key("plan")))
    if asked.number == 8:
        has_home = pl.any_horizontal(pl.col("placed", "placement", "provider").is_not_null())
        return frame.with_columns(home=pl.when(has_home).then(key("home")))
    if asked.number == 10:
        return frame.with_columns(adoption=pl.when(pl.col("adopted").is_not_null()).then(pl.lit("Adoption")))
    return frame


def _given(frame: pl.DataFrame, gives: Gives) -> pl.DataFrame:
    """Give a table's rows; the same last visit, review or conference beside two rows of a child is one."""
    rows = frame
    if gives.needs:
        there = frame.filter(pl.any_horizontal(pl.col(gives.needs).is_not_null()))
        rows = there.unique(["child", *gives.needs], keep="first", maintain_order=True)
    return rows.select(
        *(key(word).alias(column) for column, word in gives.keys.items()),
        *(pl.col(ours).alias(column) for column, ours in gives.columns.items()),
        *(_opposite(pl.col(ours)).alias(column) for column, ours in gives.opposite.items()),
        *(pl.lit(value).alias(column) for column, value in gives.always.items()),
        *(pl.lit(None, pl.String).alias(column) for column in gives.missing),
    )


def _opposite(cell: pl.Expr) -> pl.Expr:
    """Turn a cell that says yes into `N` and any other than empty and unknown into `Y`."""
    return pl.when(said_yes(cell)).then(pl.lit("N")).when(said_no(cell)).then(pl.lit("Y")).otherwise(cell)


def _joined(lists: Mapping[int, pl.DataFrame]) -> Iterator[str]:
    if CASES in lists and REFERRALS in lists:
        alone = lists[CASES].filter(pl.col("referral").str.contains(r"-case\d+$"))
        yield (
            f"cases of list 6 without a referral in list 3: {alone.height} of {lists[CASES].height}; each counts as "
            "referred on the day it began"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
