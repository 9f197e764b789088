"""Each child on a day, and all children of the authority: who is known, could be scored, stood near the top.

What a score says is read from a file of scores; this file knows no model. It computes no share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.as_of import view_as_of
from features.cohort import CohortRule, cohort
from features.days import day_number
from features.rungs import highest_rung_on, spans_of_rungs
from features.vocabulary.characteristics import ETHNIC_GROUP_OF
from features.vocabulary.errors import WrongUsageError
from training.access_people import CHILD, DAY, DEPRIVATION, age_band, with_need, with_people
from training.access_rows import ADULT_FROM_YEARS, Seen, requests_of

if TYPE_CHECKING:
    from datetime import date

    from features.as_of import View
    from features.tables.records import Records

# Two years of silence, and a child is no longer somebody whom services know.
KNOWN_FOR = 730
SEX_OF = {"M": "male", "F": "female"}
POPULATION = "ext_population"


def children_on(
    records: Records, seen: Seen, *, first: date, last: date, rule: CohortRule, scores: pl.DataFrame | None
) -> pl.DataFrame:
    """Give each child known on a day, whether they could be scored, and whether help was offered by a later day.

    Known is who had a contact, a referral or help in the two years to the day. Help offered is an offer at the front
    door, or early help that began.

    Parameters
    ----------
    records
        Validated records.
    seen
        As `training.access_rows.look` gives it.
    first, last
        The day, and the last on which an offer counts.
    rule
        Who could be scored, from a plan.
    scores
        `child_id` and `band`, `rank` of the first day, as `earlyhelp score` writes them; None: no score is looked at.

    Returns
    -------
    DataFrame
        As `training.access_rows.requests_between`, with `rung` (of the day) and the steps `in_cohort`, and with scores
        `scored`, `near_top` (in any band but the last), `offered_near_top` and `offered_elsewhere`, which are open to
        children without a service on the day; sorted by `child_id`.
    """
    then = view_as_of(records, as_of=first)
    known = _known_on(then).with_columns(pl.lit(then.day, pl.Int32).alias(DAY))
    people = with_people(known, seen.view).filter(pl.col("age").is_null() | (pl.col("age") < ADULT_FROM_YEARS))
    listed = cohort(then, rule).select(CHILD, pl.lit(1, pl.Int8).alias("in_cohort"))
    held = then.engine.collect(highest_rung_on(spans_of_rungs(then), then.day))
    rows = people.join(listed, on=CHILD, how="left").join(held, on=CHILD, how="left")
    rows = rows.with_columns(pl.col("in_cohort", "rung").fill_null(0))
    if scores is not None:
        rows = _with_scores(rows, scores, offered=_offered(seen, after=then.day, until=day_number(last)))
    return with_need(rows, records).sort(CHILD)


def _known_on(view: View) -> pl.DataFrame:
    """Find the children with a contact, a referral or help in the two years to a view's day."""
    found = [
        view.engine.collect(spans_of_rungs(view)).select(CHILD, pl.coalesce("end_day", pl.lit(view.day)).alias(DAY))
    ]
    for table, person, day in (
        ("ssd_contacts", "cont_person_id", "cont_contact_date_day"),
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date_day"),
    ):
        rows = view.engine.collect(view.tables[table].select(person, day))
        found.append(rows.rename({person: CHILD, day: DAY}))
    recent = pl.concat(found).filter(pl.col(DAY) > view.day - KNOWN_FOR)
    return recent.select(CHILD).unique().sort(CHILD)


def _offered(seen: Seen, *, after: int, until: int) -> pl.DataFrame:
    """Find the children who were offered help between two days."""
    offers = requests_of(seen).filter(pl.col("is_offered")).select(CHILD, DAY)
    days = pl.concat([offers, seen.help.select(CHILD, pl.col("start_day").alias(DAY))])
    within = days.filter((pl.col(DAY) > after) & (pl.col(DAY) <= until))
    return within.select(CHILD, pl.lit(1, pl.Int8).alias("is_helped")).unique()


def _with_scores(rows: pl.DataFrame, scores: pl.DataFrame, *, offered: pl.DataFrame) -> pl.DataFrame:
    has_columns = {CHILD, "band", "rank"} <= set(scores.columns)
    # why: a CSV gives text, in which 10 stands before 9
    ranked = scores.with_columns(pl.col("rank").cast(pl.Float64, strict=False)) if has_columns else scores.clear()
    if not ranked.height or ranked[CHILD, "band", "rank"].null_count().sum_horizontal().item():
        raise WrongUsageError(
            "The file of scores lacks columns, rows or values: it must have child_id, band and rank.",
            hint="Give a file that `earlyhelp score` wrote for the day of --from.",
        )
    last_band = ranked.sort("rank")["band"][-1]
    told = ranked.unique(CHILD).select(CHILD, (pl.col("band") != last_band).cast(pl.Int8).alias("top"))
    is_scored = pl.col("scored") == 1
    is_free = is_scored & (pl.col("rung") == 0)
    return (
        rows.join(told, on=CHILD, how="left")
        .join(offered, on=CHILD, how="left")
        .with_columns(
            pl.when(pl.col("in_cohort") == 1).then(pl.col("top").is_not_null().cast(pl.Int8)).alias("scored"),
            pl.col("is_helped").fill_null(0),
        )
        .with_columns(
            pl.when(is_scored).then("top").alias("near_top"),
            pl.when(is_free & (pl.col("top") == 1)).then("is_helped").alias("offered_near_top"),
            pl.when(is_free & (pl.col("top") == 0)).then("is_helped").alias("offered_elsewhere"),
        )
        .drop("top", "is_helped")
    )


def everybody_on(records: Records, seen: Seen, *, first: date, last: date) -> pl.DataFrame | None:
    """Give every child of the authority, known or not, as the table of the population counts them.

    Parameters
    ----------
    records
        Validated records.
    seen
        As `training.access_rows.look` gives it.
    first, last
        Known is who had a contact, a referral or help in this period.

    Returns
    -------
    DataFrame or None
        One row a child: `child_id` and `cluster` (made up where a child is not known), `ethnic_group`, `sex`,
        `age_band`, `age`, `DEPRIVATION` and `known`; None where the records hold no population. The population holds no
        child whose characteristic is not recorded, so for these there is no share.
    """
    counted = _population(seen.view, last)
    if counted is None:
        return None
    known = _known_between(records, seen, first=first, last=last)
    return _with_the_rest(known, counted)


def _population(view: View, last: date) -> pl.DataFrame | None:
    """Give the population on its latest day up to the end of the period, cell by cell."""
    if POPULATION not in view.tables:
        return None
    table = view.engine.collect(view.tables[POPULATION])
    table = table.filter((pl.col("popu_date") <= last) & (pl.col("popu_age") < ADULT_FROM_YEARS))
    table = table.filter(pl.col("popu_date") == pl.col("popu_date").max())
    if not table.height:
        return None
    return (
        table.select(
            _named("popu_ethnicity", ETHNIC_GROUP_OF).alias("ethnic_group"),
            _named("popu_sex", SEX_OF).alias("sex"),
            pl.col("popu_age").cast(pl.Int16).alias("age"),
            (11 - pl.col("popu_deprivation_decile")).cast(pl.Int32).alias(DEPRIVATION),
            pl.col("popu_children").cast(pl.Int64).alias("children"),
        )
        .group_by("ethnic_group", "sex", "age", DEPRIVATION)
        .agg(pl.col("children").sum())
    )


def _named(column: str, names: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)


def _known_between(records: Records, seen: Seen, *, first: date, last: date) -> pl.DataFrame:
    """Give the children known in the period, as old as they were at its end."""
    begin, end = day_number(first), day_number(last)
    spans = seen.spans.filter(pl.col("end_day").is_null() | (pl.col("end_day") >= begin)).select(
        CHILD, pl.max_horizontal("start_day", pl.lit(begin)).alias(DAY)
    )
    days = pl.concat([requests_of(seen).select(CHILD, DAY), spans.select(CHILD, pl.col(DAY).cast(pl.Int32))])
    children = days.filter(pl.col(DAY).is_between(begin, end)).select(CHILD).unique().sort(CHILD)
    about = with_people(children.with_columns(pl.lit(end, pl.Int32).alias(DAY)), seen.view)
    young = about.filter(pl.col("age").is_null() | (pl.col("age") < ADULT_FROM_YEARS))
    return with_need(young, records, indicators=(DEPRIVATION,)).with_columns(pl.lit(1, pl.Int8).alias("known"))


def _with_the_rest(known: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Add a row for every child of the population who is not known: its count less the known, cell by cell."""
    cell = ["ethnic_group", "sex", "age", DEPRIVATION]
    placed = known.group_by(cell).len()
    left = counted.join(placed, on=cell, how="left", nulls_equal=True).with_columns(
        (pl.col("children") - pl.col("len").fill_null(0).cast(pl.Int64)).clip(lower_bound=0).alias("left")
    )
    rest = left.sort(cell).select(*cell, pl.int_ranges(0, pl.col("left")).alias("one")).explode("one").drop_nulls("one")
    wanted = int(counted["children"].sum()) - known.height
    # why: who cannot be placed, for something is not recorded, is taken from all cells alike, so that the total holds
    if 0 < wanted < rest.height:
        rest = rest.filter(
            (pl.int_range(pl.len()) * wanted // rest.height) != ((pl.int_range(pl.len()) + 1) * wanted // rest.height)
        )
    made_up = pl.format("not known {}", pl.int_range(pl.len()))
    rest = rest.select(
        made_up.alias(CHILD),
        made_up.alias("cluster"),
        "ethnic_group",
        "sex",
        age_band(pl.col("age")).alias("age_band"),
        "age",
        DEPRIVATION,
        pl.lit(0, pl.Int8).alias("known"),
    )
    return pl.concat([known.select(rest.columns), rest])
