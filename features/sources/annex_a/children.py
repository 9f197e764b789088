"""The children of an Annex A workbook: each list repeats who they are, and the lists may disagree.

The first list that has a value wins; disagreement is counted. Knows the lists' names for these columns and nothing of
what happened to a child.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.annex_a.cases import said_no, said_yes
from features.sources.days import day_of
from features.sources.raw import few

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PERSON = {"pers_person_id": "child", "pers_sex": "sex", "pers_ethnicity": "ethnicity", "pers_dob": "birth"}
"""Columns of `ssd_person` and what the lists call them.

What Annex A calls gender is the item that the censuses collected under that name until 2024 and call sex since: male,
female, not stated or neither. So it fills `pers_sex`, and what a person calls themselves stays unknown.
"""

IN_CARE, LEFT_CARE, ADOPTION = 8, 9, 10
UASC = "Unaccompanied Asylum Seeking Child"

_SAID = {"sex": "gender", "ethnicity": "ethnicity", "birth": "date of birth", "disability": "disability"}
_ASKED = ("child", "sex", "ethnicity", "birth", "disability", "family")
_NOT_KNOWN = r"(?i)^(?:[a-z]\)\s*)?(?:u|unknown|nobt|not (?:known|obtained|yet obtained|recorded|stated))\b"


def gather_children(lists: Mapping[int, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], tuple[str, ...]]:
    """Bring together what the lists say of each child.

    Parameters
    ----------
    lists
        By number.

    Returns
    -------
    tuple of (dict of str to pl.DataFrame, tuple of str)
        `ssd_person`, `ssd_disability`, and `ssd_immigration_status` and `ssd_family` where a list for them is there;
        and what was noticed: how many children are said to be two things.
    """
    rows = pl.concat([_asked_of(lists[number]) for number in sorted(lists)])
    rows = rows.filter(pl.col("child").is_not_null())
    known = pl.when(~pl.col("disability").str.contains(_NOT_KNOWN)).then("disability")
    rows = rows.with_columns(disability=known)
    first = rows.group_by("child", maintain_order=True).agg(
        pl.col(name).drop_nulls().first() for name in _ASKED if name != "child"
    )
    tables = {"ssd_person": first.select(pl.col(ours).alias(theirs) for theirs, ours in PERSON.items())}
    tables["ssd_disability"] = _disabilities(first)
    if IN_CARE in lists:
        tables["ssd_immigration_status"] = _asylum(lists[IN_CARE])
    if ADOPTION in lists:
        tables["ssd_family"] = _families(rows)
    return tables, (*_clashes(rows), *_undated(lists))


def _asked_of(frame: pl.DataFrame) -> pl.DataFrame:
    here = [pl.col(n) if n in frame.columns else pl.lit(None, pl.String).alias(n) for n in _ASKED]
    return frame.select(here)


def _disabilities(children: pl.DataFrame) -> pl.DataFrame:
    """Give one row per child of whom it is known: `NONE` for no, and a disability of unknown kind for yes.

    Where a cell holds more than yes or no, such as the name of a disability, it is left as it is.
    """
    cell = pl.col("disability")
    kind = pl.when(said_no(cell)).then(pl.lit("NONE")).when(~said_yes(cell)).then(cell)
    return children.filter(cell.is_not_null()).select(
        disa_table_id=pl.format("{}-disability", "child"),
        disa_person_id="child",
        disa_disability_code=kind,
    )


def _asylum(cared_for: pl.DataFrame) -> pl.DataFrame:
    """Give one row per child in care who came alone to seek asylum, known at the latest from when care began."""
    children = cared_for.filter(said_yes(pl.col("uasc"))).unique("child", keep="first", maintain_order=True)
    return children.select(
        immi_immigration_status_id=pl.format("{}-asylum", "child"),
        immi_person_id="child",
        immi_immigration_status=pl.lit(UASC),
        immi_immigration_status_start_date="start",
        immi_immigration_status_end_date=pl.lit(None, pl.String),
    )


def _families(rows: pl.DataFrame) -> pl.DataFrame:
    pairs = rows.filter(pl.col("family").is_not_null()).select("child", "family").unique(maintain_order=True)
    return pairs.select(
        fami_table_id=pl.format("{}-family{}", "child", pl.int_range(1, pl.len() + 1).over("child")),
        fami_family_id="family",
        fami_person_id="child",
    )


def _clashes(rows: pl.DataFrame) -> Iterator[str]:
    """Count the children of whom the lists say two things, however each spells them."""
    gists = rows.select("child", *(_gist(name).alias(name) for name in _SAID))
    said = gists.group_by("child").agg(pl.col(name).drop_nulls().n_unique() for name in _SAID)
    for name, words in _SAID.items():
        n = said.filter(pl.col(name) > 1).height
        if n:
            yield f"children with more than one {words} in the lists: {few(n)}; the first list that has one wins"


def _undated(lists: Mapping[int, pl.DataFrame]) -> Iterator[str]:
    """Count the care leavers who once came alone to seek asylum: list 9 has no day from which that was known."""
    if LEFT_CARE in lists:
        n = lists[LEFT_CARE].filter(said_yes(pl.col("uasc"))).height
        if n:
            yield f"care leavers who came alone to seek asylum: {few(n)}; list 9 gives no day, so it is not read"


def _gist(name: str) -> pl.Expr:
    """Bring a cell to what it says: a day, or the first word behind a letter; of sex only its first letter."""
    word = pl.col(name).str.to_uppercase().str.replace(r"^[A-Z]{1,2}\)\s*", "").str.extract(r"^(\w+)")
    if name == "birth":
        return day_of(pl.col(name))
    return word.str.slice(0, 1) if name in ("sex", "disability") else word
