"""The household of a child as it was known on a day: siblings, the mother, other adults of the family.

A child is never a member of their own household, so nothing of their own is counted twice. A group of more
people than `LARGEST_FAMILY` is a placeholder id, not a family, and is left out. This file knows who belongs
together; it must know nothing of what happened to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from features.ages import age_in_years

if TYPE_CHECKING:
    from features.as_of import Frame, View

# An id shared by more people than this stands for "unknown" in real builds, not for a family.
LARGEST_FAMILY = 20

ADULT_FROM_YEARS = 18

# The records do not say when a person was entered: nobody can have heard of a child before the pregnancy.
PREGNANCY_DAYS = 280


def family_of(view: View) -> Frame | None:
    """Give each child's family; of several, the one whose id sorts first.

    Returns
    -------
    LazyFrame or None
        `child_id`, `family_id`, one row a child. None when the source has no `ssd_family`. A child without
        a family on record, or in a placeholder group, has no row.
    """
    groups = _groups(view, "ssd_family", person="fami_person_id", group="fami_family_id")
    if groups is None:
        return None
    return groups.group_by("child_id").agg(nw.col("group_id").min().alias("family_id"))


def members(view: View) -> Frame | None:
    """Give the other people of each child's household.

    Siblings share a family or a mother and are under 18 on the day, or expected within a pregnancy; grown-up
    members of the family who are not the mother are `adult`: the records do not say who they are. A member
    without a birth on or before the day is left out: the extract may hold them because they were born since.

    Returns
    -------
    LazyFrame or None
        `child_id`, `member_id`, `relation` (`sibling`, `mother` or `adult`), each pair once. None when the
        source has neither `ssd_family` nor `ssd_mother`.
    """
    families = _groups(view, "ssd_family", person="fami_person_id", group="fami_family_id")
    mothers = _groups(view, "ssd_mother", person="moth_childs_person_id", group="moth_person_id")
    together = [_pairs(groups) for groups in (families, mothers) if groups is not None]
    if not together:
        return None
    pairs = nw.concat(together).unique(["child_id", "member_id"]) if len(together) > 1 else together[0]
    if mothers is None:
        return _siblings_and_adults(view, pairs)
    of_mother = mothers.select("child_id", nw.col("group_id").alias("member_id"))
    others = _without_mother_and_own_children(pairs, of_mother)
    mother = of_mother.filter(nw.col("child_id") != nw.col("member_id")).with_columns(
        nw.lit("mother").alias("relation")
    )
    return nw.concat([_siblings_and_adults(view, others), mother])


def _groups(view: View, table: str, *, person: str, group: str) -> Frame | None:
    if table not in view.tables:
        return None
    belongs = (
        view.tables[table]
        .select(nw.col(person).alias("child_id"), nw.col(group).alias("group_id"))
        .filter(~nw.col("child_id").is_null(), ~nw.col("group_id").is_null())
        .unique(["child_id", "group_id"])
    )
    small = (
        belongs.group_by("group_id")
        .agg(nw.len().alias("n_people"))
        .filter(nw.col("n_people") <= LARGEST_FAMILY)
        .select("group_id")
    )
    return belongs.join(small, on="group_id", how="semi")


def _pairs(groups: Frame) -> Frame:
    other = groups.select("group_id", nw.col("child_id").alias("member_id"))
    return (
        groups.join(other, on="group_id", how="inner")
        .filter(nw.col("child_id") != nw.col("member_id"))
        .select("child_id", "member_id")
        .unique(["child_id", "member_id"])
    )


def _without_mother_and_own_children(pairs: Frame, of_mother: Frame) -> Frame:
    both = ["child_id", "member_id"]
    turned_round = of_mother.select(nw.col("member_id").alias("child_id"), nw.col("child_id").alias("member_id"))
    return pairs.join(of_mother, on=both, how="anti").join(turned_round, on=both, how="anti")


def _siblings_and_adults(view: View, pairs: Frame) -> Frame:
    age = age_in_years(nw.col("pers_dob"), on=view.as_of)
    is_expected = nw.col("pers_expected_dob_day") <= view.day + PREGNANCY_DAYS
    people = view.tables["ssd_person"].select(
        nw.col("pers_person_id").alias("member_id"),
        nw.when(age >= ADULT_FROM_YEARS)
        .then(nw.lit("adult"))
        .otherwise(nw.when(~age.is_null() | is_expected).then(nw.lit("sibling")))
        .alias("relation"),
    )
    return pairs.join(people.filter(~nw.col("relation").is_null()), on="member_id", how="inner")
