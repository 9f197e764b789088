"""What is recorded of intensive services and of the service for care leavers.

Only families for whom intensive help exists in the mechanism (`People.is_intensive`, hence `chain.help_kind_of`) are
ever given Rapid Response, the Therapy Team, Integrated Family Support or Edge of Care. In the other families help does
what plans and early help do, and no more: this is what makes the effect of the services known. A service is written
down for most of what such a family goes through, not for all of it, and its dates change nothing in the mechanism.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from features.synthetic.cells import Case, Spans, chosen, dates, ending_move, ids, spans_of, stays_in
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS, Flags, Ints
from features.synthetic.states import IN_NEED_PLAN, LEAVERS, ON_A_PLAN, Move, State

# Where a family is worked with at home by social care.
AT_HOME = (*IN_NEED_PLAN, *ON_A_PLAN)
EDGE_OF_CARE_AGE, EDGE_OF_CARE_NEED = 10, 4
REASONS = ("Completed as agreed", "Ended early", "Moved on", "Stepped up")
# A span that ended so ended its service so; every other ending is the family's and the worker's.
STEPPED_UP = (Move.STEPPED_UP, Move.REFERRED, Move.INTO_CARE)
MOVED_ON = (Move.MOVED_AWAY, Move.TO_ANOTHER_AUTHORITY, Move.TURNED_18, Move.TURNED_22)
# Odds that a service is completed as agreed, by strengths: ours, no figure is held.
COMPLETED, COMPLETED_BY_STRENGTH = 0.2, 0.55
# A reason is left out of few endings: ours.
REASON_MISSING = 0.05


@dataclass(frozen=True)
class Service:
    """How a service is given. The numbers are ours: they follow what such services say of themselves.

    Parameters
    ----------
    share
        Share of those who could have it that do.
    wait_days
        Mean days from what it answers to its start.
    length_days
        Median days that it lasts when nothing ends it before.
    """

    share: float
    wait_days: float
    length_days: float


RAPID, THERAPY = Service(0.65, 4, 42), Service(0.55, 30, 170)
FAMILY_SUPPORT, EDGE, LEAVING = Service(0.8, 12, 200), Service(0.7, 8, 120), Service(0.95, 10, 1100)


@dataclass(frozen=True)
class Given:
    """What a service answers, one entry each: the span it stands in, and the day it is called on.

    Parameters
    ----------
    spans
        Of whom it is, and until when at most.
    day
        Not before the span's start.
    """

    spans: Spans
    day: Ints

    def take(self, which: Flags) -> Given:
        """Keep some."""
        return Given(self.spans.take(which), self.day[which])

    def plus(self, other: Given) -> Given:
        """Add others behind."""
        pairs = [(getattr(self.spans, f), getattr(other.spans, f)) for f in Spans.__dataclass_fields__]
        return Given(Spans(*map(np.concatenate, pairs)), np.concatenate([self.day, other.day]))


def enclosing(case: Case, spans: Spans, child: Ints, month: Ints) -> Ints:
    """Give the row of the span that each child stands in at the end of each month.

    Parameters
    ----------
    case
        Everything there is.
    spans
        Ordered by child and time.
    child, month
        Of what is looked up.

    Returns
    -------
    array of int64
        -1 where no span holds.
    """
    width = case.months.n + 1
    row = np.searchsorted(spans.child * width + spans.start_month, child * width + month, side="right") - 1
    if not spans.n:
        return row
    holds = (row >= 0) & (spans.child[row] == child) & (month < spans.end_month[row])
    return np.where(holds, row, -1)


def has_closed(case: Case, spans: Spans) -> Flags:
    """Say where a last word could be had: the help has ended, and not because the child died."""
    closed: Flags = ~spans.is_open & (ending_move(case, spans) != Move.DIED)
    return closed


def _calls(case: Case, spans: Spans, starts: Spans) -> Given:
    """Call on the day that some spans start, within spans that enclose them."""
    row = enclosing(case, spans, starts.child, starts.start_month)
    return Given(spans.take(row[row >= 0]), starts.start_day[row >= 0])


def _problem(case: Case, child: Ints, *names: str) -> Flags:
    """Say which children have any of some problems, of their own or of the family."""
    every, has = [*FAMILY_PROBLEMS, *CHILD_PROBLEMS], np.zeros(len(child), bool)
    both = np.concatenate([case.people.family_problems, case.people.child_problems], axis=1)
    for name in names:
        has |= both[child, every.index(name)]
    return has


def _rapid_response(case: Case, home: Spans) -> Given:
    """Answer each enquiry and each new need, once where the two are one."""
    enquiries = _calls(case, home, spans_of(case, [State.ENQUIRY]))
    return Given(home, home.start_day).plus(enquiries.take(enquiries.day > enquiries.spans.start_day))


def _therapy_team(case: Case, home: Spans) -> Given:
    """Answer mental ill health of the child, domestic abuse and neglect, in early help and social care."""
    early = spans_of(case, [State.EARLY_HELP])
    calls = Given(early, early.start_day).plus(Given(home, home.start_day))
    return calls.take(_problem(case, calls.spans.child, "child_mental_health", "domestic_abuse", "neglect"))


def _family_support(case: Case) -> Given:
    """Answer parents' drugs or alcohol on a plan, in pre-proceedings too."""
    plans = spans_of(case, ON_A_PLAN)
    return Given(plans, plans.start_day).take(_problem(case, plans.child, "parent_drugs", "parent_alcohol"))


def _edge_of_care(case: Case, home: Spans) -> Given:
    """Answer great need of children of 10 and older, first in each span, and their return home."""
    child, month = stays_in(case, AT_HOME)
    pressing = case.lives.need[child, month] >= EDGE_OF_CARE_NEED
    child, month = child[pressing], month[pressing]
    row, first = np.unique(enclosing(case, home, child, month), return_index=True)
    first = first[row >= 0]
    pressed = Given(home.take(row[row >= 0]), case.months.first_days[month[first]].astype(np.int64))
    back = _calls(case, home, spans_of(case, [State.RETURNED_HOME]))
    calls = pressed.plus(back)
    return calls.take(calls.day - case.people.birth_day[calls.spans.child] >= EDGE_OF_CARE_AGE * 365.25)


def _end_reason(case: Case, given: Given, end: Ints, rng: np.random.Generator) -> pl.Series:
    """Say why each service ended: as its span did when both ended together, else by what the family can build on."""
    n, move = given.spans.n, ending_move(case, given.spans)
    month = case.months.month_of(np.minimum(end, case.months.until).astype(np.int32))
    with_span = end == given.spans.end_day
    odds = COMPLETED + COMPLETED_BY_STRENGTH * (case.lives.strength[given.spans.child, month] - 1.0)
    ended_early = rng.random(n) >= 1 / (1 + np.exp(-odds))
    how = np.select([with_span & np.isin(move, STEPPED_UP), with_span & np.isin(move, MOVED_ON)], [3, 2], ended_early)
    is_missing = (with_span & ~has_closed(case, given.spans)) | (rng.random(n) < REASON_MISSING)
    return chosen([*REASONS, None], np.where(is_missing, len(REASONS), how))


def _written(case: Case, name: str, service: Service, calls: Given, rng: np.random.Generator) -> pl.DataFrame:
    """Write one service: it starts some days after the call and ends with the span or before."""
    given = calls.take(rng.random(calls.spans.n) < service.share)
    n, last = given.spans.n, np.minimum(given.spans.end_day, case.months.until + 1)
    called = np.maximum(given.day, case.people.birth_day[given.spans.child])
    start = called + 1 + np.floor(rng.exponential(service.wait_days, n)).astype(np.int64)
    planned = start + 7 + np.floor(service.length_days * np.exp(rng.normal(0, 0.4, n))).astype(np.int64)
    end = np.where(planned <= np.minimum(last, case.months.until), planned, given.spans.end_day)
    is_written = (start < last) & (end >= case.months.start)
    given, start, end = given.take(is_written), start[is_written], end[is_written]
    return pl.DataFrame(
        {
            "child": given.spans.child,
            "serv_person_id": case.persons(given.spans.child),
            "serv_service_name": pl.Series([name] * given.spans.n, dtype=pl.String),
            "serv_start_date": dates(start),
            "serv_end_date": dates(end),
            "serv_end_reason": _end_reason(case, given, end, rng),
        }
    )


def _once_at_a_time(table: pl.DataFrame) -> pl.DataFrame:
    """Leave out a service that would start before the same service has ended."""
    whose = ["child", "serv_service_name"]
    ordered = table.sort("child", "serv_start_date", "serv_service_name", maintain_order=True)
    ends = pl.col("serv_end_date").fill_null(pl.date(9999, 1, 1))
    before = ends.cum_max().shift().over(whose)
    return ordered.filter(before.is_null() | (pl.col("serv_start_date") > before))


def record_services(case: Case) -> dict[str, pl.DataFrame]:
    """Write the services that families and care leavers were given.

    Parameters
    ----------
    case
        Everything there is.

    Returns
    -------
    dict of str to polars.DataFrame
        `ext_services`, ordered by child and start. An empty end is a service that goes on. The first four services
        are only ever given where `is_intensive`; a family without a row may still have been helped by others.
    """
    rng, home = case.draws("record services"), spans_of(case, AT_HOME)
    offers = {
        "Rapid Response": (RAPID, _rapid_response(case, home)),
        "Therapy Team": (THERAPY, _therapy_team(case, home)),
        "Integrated Family Support": (FAMILY_SUPPORT, _family_support(case)),
        "Edge of Care": (EDGE, _edge_of_care(case, home)),
    }
    written = [
        _written(case, name, service, calls.take(case.people.is_intensive[calls.spans.child]), rng)
        for name, (service, calls) in offers.items()
    ]
    left = spans_of(case, LEAVERS)
    written.append(_written(case, "Care Leavers Service", LEAVING, Given(left, left.start_day), rng))
    table = _once_at_a_time(pl.concat(written)).drop("child")
    return {"ext_services": table.select(ids(table.height, first=1).alias("serv_table_id"), *table.columns)}
