"""Writes simulated tables as the two Welsh returns in our own layout.

A return in truth is one year's; these hold the whole extract. A row of the care and support return holds a referral
with up to one plan, one time on the register and one assessment; where a referral had more, further rows repeat it.
Cells are written as they are, days as dd/mm/yyyy where they are days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.wales.layout import CARE_AND_SUPPORT, CHILD, LOOKED_AFTER, layout
from features.synthetic.formats.return_care import cut_episodes, day, part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

REFERRAL = "cine_referral_id"
FACTORS = "cinf_assessment_factors_json"
WITHIN = {
    "ssd_cin_plans": ("cinp_person_id", "cinp_referral_id"),
    "ssd_cp_plans": ("cppl_person_id", "cppl_referral_id"),
    "ssd_cin_assessments": ("cina_person_id", "cina_referral_id"),
}
"""Tables whose rows lie within a referral: whose row it is, and which referral's."""


def write_wales(tables: Mapping[str, pl.DataFrame], folder: Path, *, until: date) -> None:
    """Write `care_and_support.csv` and `looked_after.csv`.

    Parameters
    ----------
    tables
        The simulator's tables, all text.
    folder
        Made where it is not there.
    until
        The last day; the returns say nothing of it.
    """
    del until  # neither return has a cell that hangs on it
    folder.mkdir(parents=True, exist_ok=True)
    _written(_care_and_support(tables), tables, CARE_AND_SUPPORT).write_csv(folder / "care_and_support.csv")
    _written(_looked_after(tables), tables, LOOKED_AFTER).write_csv(folder / "looked_after.csv")


def _written(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame], kind: str) -> pl.DataFrame:
    """Put who a child is beside each row and give the layout's columns, missing where nothing is known of one."""
    named = {asked.ssd_column: asked.name for asked in layout()[kind] if asked.table == "ssd_person"}
    people = part(tables, "ssd_person", list(named)).rename(named).unique(CHILD, keep="first", maintain_order=True)
    joined = rows.join(people, on=CHILD, how="left", maintain_order="left")
    lacking = [asked.name for asked in layout()[kind] if asked.name not in joined.columns]
    whole = joined.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    return whole.select(_as_day(asked.name) for asked in layout()[kind])


def _as_day(name: str) -> pl.Expr:
    return day(pl.col(name)).alias(name) if "date" in name else pl.col(name)


def _asked(kind: str, table: str) -> dict[str, str]:
    return {asked.ssd_column: asked.name for asked in layout()[kind] if asked.table == table}


def _care_and_support(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = _asked(CARE_AND_SUPPORT, "ssd_cin_episodes")
    referrals = part(tables, "ssd_cin_episodes", [REFERRAL, "cine_person_id", *columns]).rename(columns)
    rows = _nth(referrals.rename({"cine_person_id": CHILD}), REFERRAL)
    for table, (person, referral) in WITHIN.items():
        rows = rows.join(
            _of_referral(tables, table, (person, referral)),
            on=[REFERRAL, CHILD, "nth"],
            how="full",
            coalesce=True,
            maintain_order="left_right",
        )
    shared = list(columns.values())
    # A further row repeats its referral; a row of no referral that is there has none to repeat.
    repeated = rows.with_columns(pl.col(shared).first().over(REFERRAL, CHILD, order_by="nth"))
    answered = _with_answers(repeated)
    return answered.join(_disabilities(tables), on=CHILD, how="left", maintain_order="left")


def _nth(rows: pl.DataFrame, referral: str) -> pl.DataFrame:
    return rows.with_columns(nth=pl.int_range(pl.len()).over(referral))


def _of_referral(tables: Mapping[str, pl.DataFrame], table: str, whose: Sequence[str]) -> pl.DataFrame:
    """Give a table's rows under the layout's names, counted within their referral."""
    person, referral = whose
    columns = _asked(CARE_AND_SUPPORT, table)
    key = ["cina_assessment_id"] if table == "ssd_cin_assessments" else []
    rows = part(tables, table, [person, referral, *key, *columns]).rename(columns)
    if key:
        factors = part(tables, "ssd_assessment_factors", ["cinf_assessment_id", FACTORS])
        factors = factors.unique("cinf_assessment_id", keep="first", maintain_order=True)
        rows = rows.join(
            factors, left_on="cina_assessment_id", right_on="cinf_assessment_id", how="left", maintain_order="left"
        ).drop(key)
    return _nth(rows.rename({person: CHILD, referral: REFERRAL}), REFERRAL)


def _with_answers(rows: pl.DataFrame) -> pl.DataFrame:
    """Answer each difficulty yes or no where the assessment has factors; leave it out where it has none."""
    asked = [asked for asked in layout()[CARE_AND_SUPPORT] if asked.ssd_column == FACTORS]
    answers = [
        pl.col(FACTORS)
        .str.contains(rf"\b{next(iter(one.values.values()))}\b")
        .replace_strict({True: "yes", False: "no"}, default=None, return_dtype=pl.String)
        .alias(one.name)
        for one in asked
    ]
    return rows.with_columns(answers)


def _disabilities(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = part(tables, "ssd_disability", ["disa_person_id", "disa_disability_code"]).drop_nulls("disa_person_id")
    return rows.group_by("disa_person_id", maintain_order=True).agg(
        disability=pl.col("disa_disability_code").fill_null("yes").str.join(";")
    ).rename({"disa_person_id": CHILD})  # fmt: skip


def _looked_after(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    episodes = cut_episodes(tables)
    columns = {
        column: name
        for table in ("ssd_cla_episodes", "ssd_cla_placement", "ssd_legal_status")
        for column, name in _asked(LOOKED_AFTER, table).items()
    }
    alone = part(tables, "ssd_immigration_status", ["immi_person_id", "immi_immigration_status"])
    who = alone.filter(pl.col("immi_immigration_status").str.contains("(?i)unaccompanied"))["immi_person_id"]
    is_alone = pl.col("clae_person_id").is_in(who.drop_nulls().unique().implode())
    return episodes.select(
        pl.col("clae_person_id").alias(CHILD),
        *(pl.col(column).alias(name) for column, name in columns.items()),
        unaccompanied_asylum_seeking=pl.when(is_alone).then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
