"""Turns declarations into one aggregation per table, however many indicators speak of it and as of however many days.

A table of the standard is read once for all days: each indicator is aggregated once a day, over what was known on that
day (`features.moment`). A stream that is worked out as of a day, and what concerns the household, is aggregated day by
day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from features.indicators.declaration import DTYPES, About, Indicator
from features.indicators.streams import STREAMS, of_persons, rows_of
from features.moment import Moment, on_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from features.as_of import View, Views
    from features.engines.engine import Frame


@dataclass(frozen=True)
class Pass:
    """All indicators that one aggregation of one stream gives."""

    table: str
    about: About
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Scored:
    """Who is scored on which day, and with whom they live.

    Parameters
    ----------
    children
        `child_id` of the children who are scored on any of the days.
    households
        For each day `child_id`, `member_id`, `relation`; None where nobody asks, or the source does not say who belongs
        together.
    """

    children: Frame
    households: Sequence[Frame | None]


def passes(indicators: Iterable[Indicator]) -> list[Pass]:
    """Group indicators by the stream they are counted on, in the order in which the streams first appear."""
    grouped: dict[tuple[str, About], list[Indicator]] = {}
    for indicator in indicators:
        grouped.setdefault((indicator.table, indicator.about), []).append(indicator)
    return [Pass(table, about, tuple(group)) for (table, about), group in grouped.items()]


def aggregate(views: Views, one: Pass, scored: Scored) -> list[Frame]:
    """Run one pass.

    Parameters
    ----------
    views
        What was known on each day.
    one
        What to aggregate.
    scored
        Over whose rows.

    Returns
    -------
    list of LazyFrame
        `child_id` and columns named for an indicator and a day (`features.moment.on_day`), not yet filled; no row for a
        child without rows. One frame for all days or one a day; none where the source lacks the table.
    """
    if one.about == "child" and one.table not in STREAMS:
        if one.table not in views.tables:
            return []
        rows = _own(of_persons(views.tables[one.table], one.table), scored.children)
        return [_aggregated(rows, one.indicators, views.moments(one.table))]
    days = zip(views.each, scored.households, strict=True)
    streams = [(view, _rows_on_a_day(view, one, children=scored.children, household=home)) for view, home in days]
    return [_aggregated(rows, one.indicators, [Moment(view.day)]) for view, rows in streams if rows is not None]


def _rows_on_a_day(view: View, one: Pass, *, children: Frame, household: Frame | None) -> Frame | None:
    rows = rows_of(view, one.table)
    if rows is None or one.about == "child":
        return None if rows is None else _own(rows, children)
    if household is None:
        return None
    return household.join(rows.drop("child_id", strict=False), left_on="member_id", right_on="person_id", how="inner")


def _own(rows: Frame, children: Frame) -> Frame:
    return rows.with_columns(nw.col("person_id").alias("child_id")).join(children, on="child_id", how="semi")


def _aggregated(rows: Frame, indicators: tuple[Indicator, ...], moments: list[Moment]) -> Frame:
    return rows.group_by("child_id").agg(*(_value(indicator, on) for on in moments for indicator in indicators))


def _value(indicator: Indicator, on: Moment) -> nw.Expr:
    value = indicator.expression(on)
    if indicator.per is not None:
        whole = indicator.per(on)
        value = nw.when(whole > 0).then(value.cast(nw.Float64) / whole.cast(nw.Float64))
    elif not (on.is_alone or indicator.zero_when_no_row):
        # A child whose rows another day knows has none on this one, and what is not known is not nought.
        value = nw.when(on.rows(on.is_known) > 0).then(value)
    return value.cast(DTYPES[indicator.unit]).alias(on_day(indicator.name, on.day))
