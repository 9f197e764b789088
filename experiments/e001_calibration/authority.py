"""One simulated authority as the measures see it: its tables, the day that stocks are counted on, who was what then.

A table that the simulation did not write is a reason, not a fault: a measure that needs it cannot be taken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.e001_calibration.numbers import CannotMeasureError
from features.vocabulary.characteristics import ETHNIC_GROUP_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

# Contacts and referrals come in every week: records that stop this close to 31 March reach it.
SLACK_DAYS = 14
NOT_KNOWN = "not known"
# The figures tell White British from other White groups nowhere.
GROUPS = {code: group.split()[0] for code, group in ETHNIC_GROUP_OF.items()}
# What few children do or are is counted over this many years, or on so many 31 Marches.
YEARS = 3
UNACCOMPANIED = "Unaccompanied Asylum Seeking Child"


@dataclass(frozen=True)
class Authority:
    """A simulation that is measured.

    Parameters
    ----------
    tables
        Records by table name, texts, except dates.
    truth
        What no extract tells, by the name of its file; frames and mappings.
    day
        The 31 March on which stocks are counted; the year is the twelve months to it.
    """

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, Any]
    day: date
    kept: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """Give a table of the records."""
        if name not in self.tables:
            raise CannotMeasureError(f"table absent: {name}")
        return self.tables[name]

    def known(self, name: str) -> Any:
        """Give a part of the truth."""
        if name not in self.truth:
            raise CannotMeasureError(f"table absent: truth/{name}")
        return self.truth[name]

    def population(self, on: date | None = None) -> int:
        """Count the children of the authority on a 31 March."""
        of = self.table("ext_population").filter(pl.col("popu_date") == (on or self.day))
        if of.is_empty():
            raise CannotMeasureError("no population for that day")
        return int(of["popu_children"].cast(pl.Int64).sum())

    def mean_population(self, years: int) -> float:
        """Give the mean population of the last years."""
        return sum(self.population(day) for day in self.days(years)) / years

    def days(self, years: int) -> list[date]:
        """Give the last years' 31 Marches, the latest first."""
        return [years_before(self.day, k) for k in range(years)]

    def since(self, years: int) -> date:
        """Give the 31 March after which the last years began."""
        return years_before(self.day, years)


def years_before(day: date, years: int) -> date:
    """Give the same day some years before; the day is a 31 March."""
    return day.replace(year=day.year - years)


def _dated(table: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in table.columns if name.endswith(("_date", "_dob", "_contact"))]
    return table.with_columns(pl.col(columns).cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))


def _last_march(tables: Mapping[str, pl.DataFrame]) -> date:
    latest = max(
        tables[name][column].max()
        for name, column in (("ssd_contacts", "cont_contact_date"), ("ssd_cin_episodes", "cine_referral_date"))
        if name in tables
    ) + timedelta(days=SLACK_DAYS)
    march = date(latest.year, 3, 31)
    return march if march <= latest else march.replace(year=latest.year - 1)


def authority(tables: Mapping[str, pl.DataFrame], truth: Mapping[str, Any], day: date | None = None) -> Authority:
    """Make an authority of raw tables, all text."""
    dated = {name: _dated(table) for name, table in tables.items()}
    return Authority(dated, truth, day or _last_march(dated))


def read(folder: Path) -> Authority:
    """Read a simulation: a folder that holds `records/` and `truth/`."""
    tables = {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted((folder / "records").glob("*.csv"))}
    tables |= {path.stem: pl.read_parquet(path) for path in sorted((folder / "records").glob("*.parquet"))}
    if not tables:
        raise SystemExit("No records in that folder. Hint: give the folder that holds records/ and truth/.")
    truth: dict[str, Any] = {}
    for name in ("plan_number", "people"):
        if (path := folder / "truth" / f"{name}.parquet").exists():
            truth[name] = pl.read_parquet(path)
    if (path := folder / "truth" / "ever.json").exists():
        truth["ever"] = json.loads(path.read_text(encoding="utf-8"))
    return authority(tables, truth)


def open_on(start: str, end: str, day: date) -> pl.Expr:
    """Say which spans hold on a day; a span does not hold on its last day."""
    return (pl.col(start) <= day) & (pl.col(end).is_null() | (pl.col(end) > day))


def in_years(column: str, a: Authority, years: int = 1) -> pl.Expr:
    """Say which dates lie in the last years."""
    return (pl.col(column) > a.since(years)) & (pl.col(column) <= a.day)


def age(on: date | pl.Expr, born: str = "pers_dob") -> pl.Expr:
    """Count whole years of age on a day."""
    at = on if isinstance(on, pl.Expr) else pl.lit(on)
    birthday = pl.col(born).dt.month().cast(pl.Int32) * 100 + pl.col(born).dt.day()
    this = at.dt.month().cast(pl.Int32) * 100 + at.dt.day()
    return at.dt.year() - pl.col(born).dt.year() - (birthday > this).cast(pl.Int32)


def age_band(on: date | pl.Expr) -> pl.Expr:
    """Give the bands in which the Department for Education publishes ages; a child not yet born has their own."""
    years = age(on)
    return (
        pl.when(years.is_null() | (years < 0)).then(pl.lit("unborn"))
        .when(years < 1).then(pl.lit("under 1"))
        .when(years < 5).then(pl.lit("1-4"))
        .when(years < 10).then(pl.lit("5-9"))
        .when(years < 16).then(pl.lit("10-15"))
        .otherwise(pl.lit("16 and over"))
    )  # fmt: skip


def with_person(a: Authority, frame: pl.DataFrame, person: str) -> pl.DataFrame:
    """Put birth, sex and ethnicity beside each row."""
    columns = ["pers_person_id", "pers_dob", "pers_sex", "pers_ethnicity"]
    people = a.table("ssd_person").select(columns)
    return frame.join(people, left_on=person, right_on="pers_person_id", how="left", maintain_order="left")


def ethnic_group(column: str = "pers_ethnicity") -> pl.Expr:
    """Give the broad group of a code of the census list; missing, refused, not obtained and others are `not known`."""
    return pl.col(column).replace_strict(GROUPS, default=NOT_KNOWN, return_dtype=pl.String)


def in_need(a: Authority, day: date | None = None) -> pl.DataFrame:
    """Give the children with an open referral, one row each, the latest referral."""
    return (
        a.table("ssd_cin_episodes")
        .filter(open_on("cine_referral_date", "cine_close_date", day or a.day))
        .sort("cine_referral_date", "cine_referral_id")
        .unique("cine_person_id", keep="last", maintain_order=True)
        .rename({"cine_person_id": "person"})
    )


def with_plan(a: Authority, day: date | None = None) -> pl.DataFrame:
    """Give the children with a child protection plan (in Wales on the register), one row each."""
    return (
        a.table("ssd_cp_plans")
        .filter(open_on("cppl_cp_plan_start_date", "cppl_cp_plan_end_date", day or a.day))
        .sort("cppl_cp_plan_start_date", "cppl_cp_plan_id")
        .unique("cppl_person_id", keep="last", maintain_order=True)
        .rename({"cppl_person_id": "person"})
    )


def stays(a: Authority) -> pl.DataFrame:
    """Give the periods of being looked after: person, start, end, why it ended, the need it began with.

    Episodes of one period share an id; a period that lasts has an episode without an end.
    """
    if "stays" not in a.kept:
        last = pl.col("clae_cla_episode_ceased_date")
        a.kept["stays"] = (
            a.table("ssd_cla_episodes")
            .sort("clae_cla_episode_start_date", "clae_cla_episode_id")
            .group_by("clae_cla_id", maintain_order=True)
            .agg(
                person=pl.col("clae_person_id").first(),
                start=pl.col("clae_cla_episode_start_date").min(),
                end=pl.when(last.is_null().any()).then(None).otherwise(last.max()),
                reason=pl.col("clae_cla_episode_ceased_reason").last(),
                need=pl.col("clae_cla_primary_need_code").first(),
            )
            .sort("start", "clae_cla_id")
        )
    return a.kept["stays"]


def looked_after(a: Authority, day: date | None = None) -> pl.DataFrame:
    """Give the children looked after, one row each, as `stays` does."""
    return stays(a).filter(open_on("start", "end", day or a.day)).unique("person", keep="last", maintain_order=True)


def over_days(a: Authority, of: Callable[[Authority, date], pl.DataFrame]) -> pl.DataFrame:
    """Give those who were something on one of the last three 31 Marches, once for each `day`."""
    return pl.concat([of(a, day).with_columns(day=pl.lit(day)) for day in a.days(YEARS)])


def starts(a: Authority, years: int = YEARS) -> pl.DataFrame:
    """Give the children who started to be looked after, once a year each, as `stays` does."""
    return _once_a_year(stays(a).filter(in_years("start", a, years)), "start", keep="first")


def ceased(a: Authority, years: int = YEARS) -> pl.DataFrame:
    """Give the children who ceased to be looked after, once a year each, as `stays` does."""
    return _once_a_year(stays(a).filter(in_years("end", a, years)).sort("end"), "end", keep="last")


def _once_a_year(found: pl.DataFrame, column: str, *, keep: Any) -> pl.DataFrame:
    year = pl.col(column).dt.year() + (pl.col(column).dt.month() > 3).cast(pl.Int32)
    return found.with_columns(year=year).unique(["person", "year"], keep=keep, maintain_order=True)


def is_unaccompanied(a: Authority, frame: pl.DataFrame, on: pl.Expr) -> pl.Series:
    """Say who was an unaccompanied child seeking asylum on the day of each row; a week's delay is let pass."""
    status = a.table("ssd_immigration_status").filter(pl.col("immi_immigration_status") == UNACCOMPANIED)
    status = status.select(
        person="immi_person_id", since="immi_immigration_status_start_date", to="immi_immigration_status_end_date"
    )
    rows = frame.select("person", at=on).with_row_index("row")
    found = rows.join(status, on="person").filter(
        pl.col("since") <= pl.col("at") + pl.duration(days=7),
        pl.col("to").is_null() | (pl.col("to") > pl.col("at")),
    )
    return rows["row"].is_in(found["row"].implode())
