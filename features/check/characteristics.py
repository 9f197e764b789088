"""For whom a characteristic is not recorded, by collection year, stage and team: the audit cannot see them as a group.

Counts of children alone, small ones withheld. A team's name is an authority's own word, so the report numbers teams and
the key goes to the quarantine. A year's line by stage and its line by team are each protected for itself: who knows
which teams work at which stage could hold one against the other, so a report must not leave the authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.small_numbers import SMALLEST_COUNT, WITHHELD, is_small, share_of, withheld
from features.check.stages import STAGES, stages_by_year, teams_by_year
from features.check.years import first_year_shown, year_label
from features.vocabulary.collection_years import FIRST_MONTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.tables.records import Records

ADULT_YEARS = 18

# Asked and not answered, and not asked: neither says what a child's ethnicity is.
NOT_OBTAINED = "NOBT"
NO_ETHNICITY = ("REFU", NOT_OBTAINED)

# Teams beyond the largest are told together: a page with more rows is not read.
MOST_TEAMS = 40

OTHER_TEAMS, NO_TEAM = "smaller teams together", "no team recorded"


@dataclass(frozen=True)
class Characteristic:
    """One characteristic, and when it counts as not recorded."""

    name: str
    table: str
    is_missing: pl.Expr


def _is_null(*columns: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(*columns).is_null())


CHARACTERISTICS: tuple[Characteristic, ...] = (
    Characteristic(
        "ethnicity", "ssd_person", _is_null("pers_ethnicity") | pl.col("pers_ethnicity").is_in(NO_ETHNICITY)
    ),
    Characteristic("sex", "ssd_person", _is_null("pers_sex") | (pl.col("pers_sex") == "U")),
    Characteristic("date of birth, or expected", "ssd_person", _is_null("pers_dob", "pers_expected_dob")),
    Characteristic("postcode", "ssd_address", ~pl.col("__has_postcode")),
    Characteristic("disability, or that there is none", "ssd_disability", ~pl.col("__has_disability")),
    Characteristic("gender", "ssd_person", _is_null("pers_gender") | (pl.col("pers_gender") == "00")),
    Characteristic("nationality", "ssd_person", _is_null("pers_nationality")),
)
"""In the report's order. What a child without a row of `ssd_disability` has is not known; the audit counts no row as
no disability."""

NOT_IN_THE_STANDARD = ("religion",)


@dataclass(frozen=True)
class Missing:
    """What is not recorded, fit for the report; and the key of its teams, fit for the quarantine alone."""

    report: dict[str, Any]
    team_key: pl.DataFrame


def missing_characteristics(records: Records, *, has_day: bool = True) -> Missing:
    """Count the children for whom a characteristic is not recorded.

    Parameters
    ----------
    records
        As far as they could be read.
    has_day
        Whether the records' last day is known; without it nobody's age is, and nobody is counted.

    Returns
    -------
    Missing
        `report` has `now` (children under 18 on the extract's day), `by_year`, `by_stage` and `by_team` (children who
        were under 18 when the year began and had a contact or more in it; each counted once a year, at the highest
        stage and with the team that began last), `not_told` and `not_in_the_standard`. `team_key` has `team`, as the
        report calls it, and `team_id`.
    """
    told = [one for one in CHARACTERISTICS if has_day and one.table in records.tables]
    people = _people(records, told)
    children = _children_by_year(records, people)
    children, key = _with_numbered_teams(children, teams_by_year(records))
    total = _counts(children, [], told)
    report = {
        "now": list(_now(records, people, told)),
        "by_year": list(_lines(total, told, first_year_shown(records), group=None)),
        "by_stage": list(_lines(_counts(children, ["stage"], told), told, first_year_shown(records), group="stage")),
        "by_team": list(_lines(_counts(children, ["team"], told), told, first_year_shown(records), group="team")),
        "not_told": [{"characteristic": c.name, "absent_table": c.table} for c in CHARACTERISTICS if c not in told],
        "not_in_the_standard": list(NOT_IN_THE_STANDARD),
    }
    return Missing(report, key)


def _people(records: Records, told: list[Characteristic]) -> pl.DataFrame:
    """Give everyone with a flag for each characteristic that is missing."""
    if "ssd_person" not in records.tables:
        return pl.DataFrame(schema={"child_id": pl.String, "pers_dob": pl.Date, **{c.name: pl.Boolean for c in told}})
    is_in = {"__has_postcode": _with_postcode(records), "__has_disability": _with_disability(records)}
    known = {name: pl.col("pers_person_id").is_in(ids.implode()) for name, ids in is_in.items()}
    flags = [one.is_missing.fill_null(False).alias(one.name) for one in told]
    people = records.tables["ssd_person"].lazy().with_columns(**known)
    return people.select(pl.col("pers_person_id").alias("child_id"), "pers_dob", *flags).collect()


def _with_postcode(records: Records) -> pl.Series:
    if "ssd_address" not in records.tables:
        return pl.Series("id", [], pl.String)
    homes = records.tables["ssd_address"]
    return homes.filter(pl.col("addr_address_postcode").is_not_null())["addr_person_id"].unique()


def _with_disability(records: Records) -> pl.Series:
    if "ssd_disability" not in records.tables:
        return pl.Series("id", [], pl.String)
    told = records.tables["ssd_disability"].filter(pl.col("disa_disability_code").ne_missing(NOT_OBTAINED))
    return told["disa_person_id"].unique()


def _now(records: Records, people: pl.DataFrame, told: list[Characteristic]) -> Iterator[dict[str, Any]]:
    children = people.filter(is_child_on(pl.lit(records.extract_day)))
    for one in told:
        yield {"characteristic": one.name, **share_of(int(children[one.name].sum()), children.height)}


def is_child_on(day: pl.Expr) -> pl.Expr:
    """Whether a person is under 18 on a day; who has no day of birth counts as a child, for they may be one."""
    return ~(pl.col("pers_dob").dt.offset_by(f"{ADULT_YEARS}y") <= day).fill_null(False)


def _children_by_year(records: Records, people: pl.DataFrame) -> pl.DataFrame:
    began = pl.date(pl.col("year"), FIRST_MONTH, 1)
    return stages_by_year(records).join(people, on="child_id").filter(is_child_on(began))


def _with_numbered_teams(children: pl.DataFrame, teams: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Call each team by a number, the largest first, and give the key to the numbers."""
    joined = children.join(teams, on=["child_id", "year"], how="left")
    sizes = joined.drop_nulls("team").group_by("team").agg(n=pl.col("child_id").n_unique())
    ranked = sizes.sort("n", "team", descending=[True, False]).with_row_index("number", offset=1)
    number = pl.format("team {}", "number")
    called = pl.when(pl.col("number") <= MOST_TEAMS).then(number).otherwise(pl.lit(OTHER_TEAMS))
    key = ranked.select(called.alias("called"), pl.col("team"))
    numbered = joined.join(key, on="team", how="left").with_columns(team=pl.col("called").fill_null(NO_TEAM))
    return numbered.drop("called"), key.rename({"team": "team_id", "called": "team"})


def _counts(children: pl.DataFrame, groups: list[str], told: list[Characteristic]) -> pl.DataFrame:
    missing = [pl.col(one.name).sum().cast(pl.Int64) for one in told]
    counted = children.group_by("year", *groups).agg(pl.len().cast(pl.Int64).alias("n"), *missing)
    return counted.sort(["year", "n", *groups], descending=[False, True, *[False] * len(groups)])


def _lines(
    counted: pl.DataFrame, told: list[Characteristic], first: int, *, group: str | None
) -> Iterator[dict[str, Any]]:
    """Give one entry for each characteristic, year and group; small ones are withheld along each year's line."""
    lines = [line.to_dicts() for line in counted.partition_by("year", maintain_order=True)]
    for one in told:
        for line in lines:
            sizes = [(row["n"],) for row in line]
            no_size = withheld(sizes) if group else frozenset(p for p, (n,) in enumerate(sizes) if is_small(n))
            parts = [(row[one.name], row["n"] - row[one.name]) for row in line]
            hidden = withheld(parts, already=no_size) if group else no_size
            for place in _order(line, group):
                row = line[place]
                entry = {"characteristic": one.name, "year": year_label(row["year"], first=first)}
                entry |= {group: _called(row[group], group)} if group else {}
                yield entry | _cell(row[one.name], row["n"], is_hidden=place in hidden, is_sized=place not in no_size)


def _order(line: list[dict[str, Any]], group: str | None) -> list[int]:
    """Put stages in the ladder's order and teams by their numbers; a line's own order is by size."""
    if group is None:
        return list(range(len(line)))
    return sorted(range(len(line)), key=lambda place: _rank(line[place][group]))


def _rank(group: int | str) -> tuple[int, str]:
    if isinstance(group, int):
        return group, ""
    number = group.removeprefix("team ")
    return (int(number), "") if number.isdigit() else (MOST_TEAMS + 1, group)


def _called(group: int | str, kind: str) -> str:
    return STAGES[int(group)].label if kind == "stage" else str(group)


def _cell(part: int, whole: int, *, is_hidden: bool, is_sized: bool) -> dict[str, Any]:
    if not is_hidden:
        return share_of(part, whole)
    return {**WITHHELD, "n_children": whole} if is_sized and whole >= SMALLEST_COUNT else dict(WITHHELD)
