"""Who belongs together, as it was known on a day: the family of each child and the people of their household.

The rule stands here alone. Three sources say something, and the first that does is heard:

1. *Family groups* (`ssd_family`), as the authority keeps them.
2. *Mothers* (`ssd_mother`): children of one mother belong together, also across family groups (half brothers and
   sisters).
3. *Homes* (`ssd_address`): people whose spans at one address are open on the day. Where no fingerprint of an address is
   known nothing is joined, for a postcode is some fifteen homes; `features.homes` says which addresses are no home.

A home never joins two people whom `ssd_family` puts in different families, nor two who have different mothers on
record; it says who lives together, and makes nobody a brother or sister. A group of more people than `LARGEST_FAMILY`
is a placeholder and is left out, also where only its parts together are so many.

A child is never a member of their own household, so nothing of their own is counted twice. This file knows who belongs
together; it must know nothing of what happened to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from features.ages import age_in_years
from features.homes import homes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from features.as_of import View
    from features.engines.engine import Frame

    Hold: TypeAlias = Callable[[Frame], Frame]

# An id shared by more people than this stands for "unknown" in real builds, not for a family.
LARGEST_FAMILY = 20

ADULT_FROM_YEARS = 18

# The records do not say when a person was entered: nobody can have heard of a child before the pregnancy.
PREGNANCY_DAYS = 280

# An id of `ssd_family` stays as it is; one that is made here says of what, and holds the id of a person, never a home.
BY_MOTHER, BY_HOME = "mother ", "home "


def family_of(view: View) -> Frame | None:
    """Give each person's family.

    It is their own family group; else that of the mother's other children or of the mother herself; else the mother
    and her children; else the family of the people at home, where those are of one family; else, where nobody there has
    one, the people at home. Of several the one whose id sorts first.

    Returns
    -------
    LazyFrame or None
        `child_id`, `family_id`, one row a person, in families of `LARGEST_FAMILY` people at most. None when the source
        has none of `ssd_family`, `ssd_mother` and `ssd_address`. A person who belongs to nobody on record has no row.
    """
    families, mothers = _family_groups(view), _mother_groups(view)
    own = None if families is None else view.engine.hold(_smallest(families, "family_id"))
    homes = homes_on(view, families=own)
    found = own if mothers is None else _with_mothers(own, mothers, hold=view.engine.hold)
    return found if homes is None else _with_homes(found, homes, hold=view.engine.hold)


def members(view: View) -> Frame | None:
    """Give the other people of each child's household.

    Siblings share a family or a mother and are under 18 on the day, or expected within a pregnancy; grown-up
    members of the family who are not the mother are `adult`: the records do not say who they are. Whoever shares
    nothing but the home is `child_at_home` or `adult_at_home`. A member without a birth on or before the day is left
    out: the extract may hold them because they were born since.

    Returns
    -------
    LazyFrame or None
        `child_id`, `member_id`, `relation` (`sibling`, `mother`, `adult`, `child_at_home` or `adult_at_home`), each
        pair once. None when the source has neither `ssd_family` nor `ssd_mother`: without them nobody can say that a
        child has no brothers or sisters, and homes alone would look as if somebody did.
    """
    families, mothers = _family_groups(view), _mother_groups(view)
    together = [_pairs(groups) for groups in (families, mothers) if groups is not None]
    if not together:
        return None
    pairs = nw.concat(together).unique(["child_id", "member_id"]) if len(together) > 1 else together[0]
    pairs = view.engine.hold(pairs)
    at_home = _pairs_at_home(view, families, mothers)
    if at_home is not None:
        at_home = at_home.join(pairs, on=["child_id", "member_id"], how="anti")
    found = []
    if mothers is not None:
        of_mother = mothers.select("child_id", nw.col("group_id").alias("member_id"))
        pairs = _without_mother_and_own_children(pairs, of_mother)
        at_home = None if at_home is None else _without_mother_and_own_children(at_home, of_mother)
        others = of_mother.filter(nw.col("child_id") != nw.col("member_id"))
        found.append(others.with_columns(nw.lit("mother").alias("relation")))
    found.append(_by_age(view, pairs, child="sibling", adult="adult"))
    if at_home is not None:
        found.append(_by_age(view, at_home, child="child_at_home", adult="adult_at_home"))
    return nw.concat(found)


def _family_groups(view: View) -> Frame | None:
    groups = _groups(view, "ssd_family", person="fami_person_id", group="fami_family_id")
    return None if groups is None else view.engine.hold(groups)


def _mother_groups(view: View) -> Frame | None:
    groups = _groups(view, "ssd_mother", person="moth_childs_person_id", group="moth_person_id")
    return None if groups is None else view.engine.hold(groups)


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


def _by_age(view: View, pairs: Frame, *, child: str, adult: str) -> Frame:
    age = age_in_years(nw.col("pers_dob"), on=view.as_of)
    is_expected = nw.col("pers_expected_dob_day") <= view.day + PREGNANCY_DAYS
    people = view.tables["ssd_person"].select(
        nw.col("pers_person_id").alias("member_id"),
        nw.when(age >= ADULT_FROM_YEARS)
        .then(nw.lit(adult))
        .otherwise(nw.when(~age.is_null() | is_expected).then(nw.lit(child)))
        .alias("relation"),
    )
    return pairs.join(people.filter(~nw.col("relation").is_null()), on="member_id", how="inner")


def _pairs_at_home(view: View, families: Frame | None, mothers: Frame | None) -> Frame | None:
    """Pair the people of each home, but those whom the records put in different families or under different mothers."""
    own = None if families is None else view.engine.hold(_smallest(families, "family_id"))
    homes = homes_on(view, families=own)
    if homes is None:
        return None
    people = _beside(_with_somebody_left(view.engine.hold(homes), own), own, "family_id")
    people = _beside(people, None if mothers is None else _smallest(mothers, "mother_id"), "mother_id")
    people = view.engine.hold(people)
    others = people.rename({"child_id": "member_id", "family_id": "its_family", "mother_id": "its_mother"})
    joined = people.join(others, on="group_id", how="inner").filter(
        nw.col("child_id") != nw.col("member_id"),
        nw.col("family_id").is_null() | nw.col("its_family").is_null(),
        nw.col("mother_id").is_null() | nw.col("its_mother").is_null(),
    )
    return joined.select("child_id", "member_id").unique(["child_id", "member_id"])


def _with_mothers(own: Frame | None, mothers: Frame, *, hold: Hold) -> Frame:
    """Place who has no family group with the mother's other children or the mother, else with the mother alone."""
    herself = mothers.select(nw.col("group_id").alias("child_id"), "group_id").unique(["child_id", "group_id"])
    kin = hold(nw.concat([mothers, herself]).unique(["child_id", "group_id"]))
    kin = _beside(_with_somebody_left(kin, own), own, "family_id")
    kin = kin.with_columns(nw.col("family_id").min().over("group_id").alias("of_others"))
    left = hold(kin.filter(nw.col("family_id").is_null()))
    placed = _smallest(left.filter(~nw.col("of_others").is_null()), "family_id", of="of_others")
    made = _smallest(left, "mother_id").select("child_id", _made(BY_MOTHER, "mother_id"))
    return _with_the_first_of(own, [placed, made], hold=hold)


def _with_homes(found: Frame | None, homes: Frame, *, hold: Hold) -> Frame:
    """Place who is left with the one family at home, else with the people at home where none has a family."""
    family, home = nw.col("family_id"), "group_id"
    people = _beside(_with_somebody_left(hold(homes), found), found, "family_id").with_columns(
        family.min().over(home).alias("first"),
        family.max().over(home).alias("last"),
        nw.col("child_id").min().over(home).alias("person_id"),
    )
    left = hold(people.filter(family.is_null()))
    placed = _smallest(left.filter(nw.col("first") == nw.col("last")), "family_id", of="first")
    made = _smallest(left.filter(nw.col("first").is_null()), "person_id", of="person_id")
    made = made.select("child_id", _made(BY_HOME, "person_id"))
    return _with_the_first_of(found, [placed, made], hold=hold)


def _with_somebody_left(groups: Frame, found: Frame | None) -> Frame:
    """Keep the groups in which somebody has no family yet: few, so that what follows is quick."""
    if found is None:
        return groups
    left = groups.join(found, on="child_id", how="anti").select("group_id").unique()
    return groups.join(left, on="group_id", how="semi")


def _with_the_first_of(found: Frame | None, offers: list[Frame], *, hold: Hold) -> Frame:
    """Add to the families found the first offer to each person that makes no family too large.

    Two make a family: who would be left alone in one that is made here has none.
    """
    family, rank = "family_id", nw.col("rank")
    offered = hold(nw.concat([offer.with_columns(nw.lit(number).alias("rank")) for number, offer in enumerate(offers)]))
    there = None if found is None else hold(found.join(offered, on=family, how="semi").select("child_id", family))
    fitting = hold(_in_families_of(offered, there, least=1, most=LARGEST_FAMILY))
    chosen = fitting.with_columns(rank.min().over("child_id").alias("first")).filter(rank == nw.col("first"))
    chosen = _in_families_of(hold(chosen), there, least=2, most=LARGEST_FAMILY).select("child_id", family)
    return hold(chosen if found is None else nw.concat([found.select("child_id", family), chosen]))


def _in_families_of(offered: Frame, there: Frame | None, *, least: int, most: int) -> Frame:
    """Keep what is offered in families that would have so many people, those already there counted too."""
    people = offered.select("child_id", "family_id")
    everyone = people if there is None else nw.concat([people, there])
    sizes = everyone.unique(["child_id", "family_id"]).group_by("family_id").agg(nw.len().alias("n_people"))
    fitting = sizes.filter(nw.col("n_people") >= least, nw.col("n_people") <= most)
    return offered.join(fitting, on="family_id", how="semi")


def _smallest(groups: Frame, name: str, *, of: str = "group_id") -> Frame:
    return groups.group_by("child_id").agg(nw.col(of).min().alias(name))


def _beside(people: Frame, known: Frame | None, name: str) -> Frame:
    """Put what is known of each person beside them; missing where nothing is."""
    if known is None:
        return people.with_columns(nw.lit(None, dtype=nw.String).alias(name))
    return people.join(known, on="child_id", how="left")


def _made(prefix: str, name: str) -> nw.Expr:
    return nw.concat_str([nw.lit(prefix), nw.col(name)]).alias("family_id")
