"""Turns declarations into one aggregation per table, however many indicators speak of it.

A stream is a table with the child whose row it is. For the household, each row of another member is joined
to each child of that household, with the member's `relation`; a child is not a member of their own
household. Columns that may never be scored are taken off every stream, so that a declaration that reads one
does not compile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from features.families import members
from features.indicators.declaration import DTYPES, About, Indicator
from features.rungs import spans_of_rungs
from features.vocabulary.characteristics import NEVER_SCORED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from features.as_of import Frame, View

SPANS = "spans of rungs"
"""The stream of `features.rungs.spans_of_rungs`: what each rung of the ladder was held, from when to when."""

PERSON_OF: dict[str, str] = {
    "ssd_person": "pers_person_id",
    "ssd_address": "addr_person_id",
    "ssd_disability": "disa_person_id",
    "ssd_contacts": "cont_person_id",
    "ssd_early_help_episodes": "earl_person_id",
    "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_person_id",
    "ssd_assessment_factors": "cinf_person_id",
    "ssd_cin_plans": "cinp_person_id",
    "ssd_cin_visits": "cinv_person_id",
    "ssd_s47_enquiry": "s47e_person_id",
    "ssd_initial_cp_conference": "icpc_person_id",
    "ssd_cp_plans": "cppl_person_id",
    "ssd_cp_reviews": "cppr_person_id",
    "ssd_cla_episodes": "clae_person_id",
    "ssd_missing": "miss_person_id",
    "ssd_sdq_scores": "csdq_person_id",
    SPANS: "child_id",
}
"""The column that says whose row it is, by table."""

_PER = "__per"


@dataclass(frozen=True)
class Pass:
    """All indicators that one aggregation of one stream gives."""

    table: str
    about: About
    indicators: tuple[Indicator, ...]


def passes(indicators: Iterable[Indicator]) -> list[Pass]:
    """Group indicators by the stream they are counted on, in the order in which the streams first appear."""
    grouped: dict[tuple[str, About], list[Indicator]] = {}
    for indicator in indicators:
        grouped.setdefault((indicator.table, indicator.about), []).append(indicator)
    return [Pass(table, about, tuple(group)) for (table, about), group in grouped.items()]


def household_of(view: View, children: Frame) -> Frame | None:
    """Give the household of the children to be scored, worked out once for all passes."""
    everyone = members(view)
    if everyone is None:
        return None
    return everyone.join(children, on="child_id", how="semi").collect(backend="polars").lazy()


def aggregate(view: View, one: Pass, *, children: Frame, household: Frame | None) -> Frame | None:
    """Run one pass.

    Parameters
    ----------
    view
        What was known on the day.
    one
        What to aggregate.
    children
        `child_id` of the children to be scored.
    household
        `child_id`, `member_id`, `relation`; None where the source does not say who belongs together.

    Returns
    -------
    LazyFrame or None
        `child_id` and one column an indicator, not yet filled; no row for a child without rows. None where
        the source lacks the table.
    """
    rows = _stream(view, one, children=children, household=household)
    if rows is None:
        return None
    aggregated = rows.group_by("child_id").agg(*_aggregations(one.indicators, view.day))
    return aggregated.select("child_id", *(_finished(indicator) for indicator in one.indicators))


def _stream(view: View, one: Pass, *, children: Frame, household: Frame | None) -> Frame | None:
    person = PERSON_OF[one.table]
    if one.table == SPANS:
        table = spans_of_rungs(view)
    elif one.table in view.tables:
        table = view.tables[one.table]
    else:
        return None
    readable = [name for name in table.collect_schema().names() if name not in NEVER_SCORED_COLUMNS]
    rows = table.select(*readable).with_columns(nw.col(person).alias("person_id"))
    if one.about == "child":
        own = rows.with_columns(nw.col("person_id").alias("child_id"))
        return own.join(children, on="child_id", how="semi")
    return (
        None
        if household is None
        else household.join(rows.drop("child_id", strict=False), left_on="member_id", right_on="person_id", how="inner")
    )


def _aggregations(indicators: tuple[Indicator, ...], day: int) -> Iterator[nw.Expr]:
    for indicator in indicators:
        yield indicator.expression(day).alias(indicator.name)
        if indicator.per is not None:
            yield indicator.per(day).alias(indicator.name + _PER)


def _finished(indicator: Indicator) -> nw.Expr:
    value = nw.col(indicator.name)
    if indicator.per is not None:
        whole = nw.col(indicator.name + _PER)
        value = nw.when(whole > 0).then(value.cast(nw.Float64) / whole.cast(nw.Float64))
    return value.cast(DTYPES[indicator.unit]).alias(indicator.name)
