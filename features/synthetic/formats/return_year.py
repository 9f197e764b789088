"""The answers that an SSDA903 return asks for once a year: questionnaire, health, substance misuse, convictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of
from features.synthetic.formats.return_care import in_return, part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

FLAG = {"Y": "1", "N": "0"}
# A row of the table means a yes; of health checks, one whose type holds the word.
ASKED = {
    "CONVICTED": ("ssd_cla_convictions", "clac_person_id", "clac_cla_conviction_date", ""),
    "HEALTH_CHECK": ("ssd_cla_health", "clah_person_id", "clah_health_check_date", "surveillance"),
    "IMMUNISATIONS": ("ssd_cla_immunisations", "clai_person_id", "clai_immunisations_status_date", ""),
    "TEETH_CHECK": ("ssd_cla_health", "clah_person_id", "clah_health_check_date", "dental"),
    "HEALTH_ASSESSMENT": ("ssd_cla_health", "clah_person_id", "clah_health_check_date", "assessment"),
    "SUBSTANCE_MISUSE": ("ssd_cla_substance_misuse", "clas_person_id", "clas_substance_misuse_date", ""),
    "INTERVENTION_RECEIVED": ("ssd_cla_substance_misuse", "clas_person_id", "clas_substance_misuse_date", ""),
}
SAID_BY = {"IMMUNISATIONS": "clai_immunisations_status", "INTERVENTION_RECEIVED": "clas_intervention_received"}


def yearly_answers(tables: Mapping[str, pl.DataFrame], children: pl.Series, *, until: date) -> pl.DataFrame:
    """Give one row for each child of whom the last year has an answer, by child.

    Parameters
    ----------
    tables
        The simulator's tables, all text.
    children
        Who is in the return.
    until
        The year's last day.

    Returns
    -------
    pl.DataFrame
        `CHILD` and the return's columns; what was not answered is missing.
    """
    asked = [_questionnaire(tables, until), *(_answer(tables, name, until) for name in ASKED)]
    named = pl.concat([frame.select("CHILD") for frame in asked]).drop_nulls().unique().sort("CHILD")
    answers = in_return(named, "CHILD", children)
    for frame in asked:
        answers = answers.join(frame, on="CHILD", how="left", maintain_order="left")
    return answers


def _questionnaire(tables: Mapping[str, pl.DataFrame], until: date) -> pl.DataFrame:
    columns = ["csdq_person_id", "csdq_sdq_completed_date", "csdq_sdq_score", "csdq_sdq_reason"]
    last = _last_of_year(tables, ("ssd_sdq_scores", columns[0], columns[1]), columns, until=until)
    return last.select(CHILD="csdq_person_id", SDQ_SCORE="csdq_sdq_score", SDQ_REASON="csdq_sdq_reason")


def _answer(tables: Mapping[str, pl.DataFrame], name: str, until: date) -> pl.DataFrame:
    table, person, when, word = ASKED[name]
    said = SAID_BY.get(name, person)
    kind = ["clah_health_check_type", "clah_health_check_status"] if word else []
    columns = list(dict.fromkeys([person, when, said, *kind]))
    rows = _last_of_year(tables, (table, person, when), columns, until=until, word=word)
    answer = pl.col(said).replace(FLAG) if name in SAID_BY else pl.lit("1")
    return rows.select(pl.col(person).alias("CHILD"), answer.alias(name))


def _last_of_year(
    tables: Mapping[str, pl.DataFrame],
    source: tuple[str, str, str],
    columns: Sequence[str],
    *,
    until: date,
    word: str = "",
) -> pl.DataFrame:
    """Give each child's last row of the year; of health checks, of those of a kind that were done."""
    table, person, when = source
    day = day_of(pl.col(when))
    began = pl.lit(until).dt.offset_by("-1y")
    rows = part(tables, table, columns).filter((day > began) & (day <= until))
    if word:
        is_done = pl.col("clah_health_check_status").str.contains("(?i)^complete")
        rows = rows.filter(pl.col("clah_health_check_type").str.contains(f"(?i){word}") & is_done)
    return rows.sort(day, maintain_order=True).unique(person, keep="last", maintain_order=True)
