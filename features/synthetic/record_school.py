"""What schools tell the authority of the children it knows: attendance and suspensions, term by term.

Attendance follows a lasting propensity of each child and, around it, need, strengths, age, the child's own mental
health, exploitation, an open case and being in care. Ethnicity, sex and deprivation play no part but through need.
Nothing that happens in a child's life hangs on attendance: it is a reading, not a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.calendar import EPOCH
from features.synthetic.cells import Case, dates, ids, is_one_of
from features.synthetic.families import CHILD_PROBLEMS
from features.synthetic.states import IN_CARE, IN_NEED_PLAN, ON_A_PLAN, State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from features.synthetic.families import Flags, Floats, Ints

# First and last month and day, and half-days that schools open: 190 days a year (Education (School Day and School
# Year) (England) Regulations 1999); how they fall on the terms is ours.
TERMS = (((9, 1), (12, 20), 144), ((1, 5), (3, 31), 112), ((4, 15), (7, 21), 124))
# Reception to year 11, by age on 1 September; secondary school from 11.
FIRST_AGE, SECONDARY_AGE, LAST_AGE = 4, 11, 15
# Children at private schools, never on a roll that the authority sees, and terms off every roll: ours, 6% together.
NEVER_ON_ROLL, TERM_OFF_ROLL = 0.03, 0.03
# A pupil who joins or leaves within the term has fewer sessions: ours.
PART_TERM = 0.04

# Every pupil is ill now and then: the share of sessions that none of what follows explains, ours.
ORDINARY = 0.02
# Log-odds that a session is missed beyond that. Fitted to absence by status, England 2024/25 (DfE, Outcomes for
# children in need): 17.4% of sessions in need, 21.8% with a plan, 9.0% in care, and a tenth or half missed.
MISSED = -5.45
MISSED_BY_NEED = 0.45
MISSED_BY_STRENGTH = -0.2
MISSED_AT_SECONDARY = 1.35
MISSED_BY_PROBLEM = {"child_mental_health": 0.5, "exploitation": 0.9}
# While a case is open home life is more upset than the level of need says; care settles most children, not all.
MISSED_WITH_CASE, MISSED_WITH_PLAN = 1.65, 1.95
MISSED_IN_CARE, CARE_SPREAD = -1.8, 2.4
# How much children differ for good, in primary and secondary school, and from term to term.
SPREAD_PRIMARY, SPREAD_SECONDARY, SPREAD_OF_TERMS = 1.28, 2.15, 0.4

# Logarithm of suspensions a term. Fitted to pupils with one or more in a year: 8.87% of children in need, 11.04% of
# children looked after, 2.11% of all pupils (DfE, LAIT 2016).
SUSPENDED = -8.3
SUSPENDED_BY_NEED = 0.85
SUSPENDED_BY_YEAR = 0.18
SUSPENDED_BY_BEHAVIOUR = 1.2
SUSPENDED_WITH_CASE, SUSPENDED_IN_CARE = 0.45, -0.1
SUSPENSION_SPREAD = 1.2


@dataclass(frozen=True)
class Terms:
    """The school terms that lie within the records, one entry each, in order.

    Parameters
    ----------
    start, end
        First and last day.
    september
        The 1 September of the school year.
    sessions
        Half-days on which schools open.
    """

    start: Ints
    end: Ints
    september: Ints
    sessions: Ints


@dataclass(frozen=True)
class Pupils:
    """Terms of children who were on a roll, one entry each, ordered by child and time.

    Parameters
    ----------
    child, term
        Position of the child and of the term.
    month
        A month inside the term, of which need, strengths and state are read.
    years
        Age on 1 September of the school year.
    """

    child: Ints
    term: Ints
    month: Ints
    years: Ints


def _day(year: int, month_and_day: tuple[int, int]) -> int:
    return (date(year, *month_and_day) - EPOCH).days


def terms_of(start: int, until: int) -> Terms:
    """Lay out the terms that begin and end between two days.

    Parameters
    ----------
    start, until
        First and last day, since 1970-01-01.

    Returns
    -------
    Terms
        Three for each whole school year.
    """
    first_year, last_year = (date.fromordinal(day + EPOCH.toordinal()).year for day in (start, until))
    rows = [
        (_day(year + (first[0] < 9), first), _day(year + (first[0] < 9), last), _day(year, TERMS[0][0]), sessions)
        for year in range(first_year - 1, last_year + 1)
        for first, last, sessions in TERMS
    ]
    inside = [row for row in rows if row[0] >= start and row[1] <= until]
    return Terms(*np.array(inside, np.int64).reshape(-1, 4).T)


def _pupils(case: Case, terms: Terms, rng: np.random.Generator) -> Pupils:
    """Find who was on a roll in which term: of school age, here at its start and at its end."""
    people, state = case.people, case.lives.state
    begins, ends = (case.months.month_of(days.astype(np.int32)) for days in (terms.start, terms.end))
    years = np.floor((terms.september - people.birth_day[:, None]) / 365.25).astype(np.int8)
    is_here = (state[:, begins] != State.GONE) & (state[:, ends] != State.GONE) & (people.arrives[:, None] <= begins)
    is_seen = (rng.random(people.n) >= NEVER_ON_ROLL)[:, None] & (rng.random(years.shape, np.float32) >= TERM_OFF_ROLL)
    child, term = np.nonzero(is_here & is_seen & (years >= FIRST_AGE) & (years <= LAST_AGE))
    return Pupils(child, term, begins[term] + 1, years[child, term].astype(np.int64))


def _has(case: Case, problem: str, pupils: Pupils) -> Flags:
    found: Flags = case.people.child_problems[pupils.child, list(CHILD_PROBLEMS).index(problem)]
    return found


def _by_case(state: NDArray[np.int8]) -> Floats:
    has_case, has_plan = is_one_of((State.ASSESSMENT, *IN_NEED_PLAN))[state], is_one_of(ON_A_PLAN)[state]
    return MISSED_WITH_CASE * has_case + MISSED_WITH_PLAN * has_plan


def _share_missed(case: Case, pupils: Pupils, rng: np.random.Generator) -> Floats:
    """Draw the share of sessions that each pupil misses in each term, 0 to 1."""
    child, n = pupils.child, case.people.n
    lasting, settling = rng.normal(0, 1, n)[child], rng.normal(MISSED_IN_CARE, CARE_SPREAD, n)[child]
    is_older = pupils.years >= SECONDARY_AGE
    lives, month = case.lives, pupils.month
    state = lives.state[child, month]
    odds = MISSED + _by_case(state) + settling * is_one_of(IN_CARE)[state] + MISSED_AT_SECONDARY * is_older
    odds += MISSED_BY_NEED * lives.need[child, month] + MISSED_BY_STRENGTH * lives.strength[child, month]
    for problem, more in MISSED_BY_PROBLEM.items():
        odds += more * _has(case, problem, pupils)
    odds += lasting * np.where(is_older, SPREAD_SECONDARY, SPREAD_PRIMARY)
    odds += rng.normal(0, SPREAD_OF_TERMS, len(child))
    share: Floats = ORDINARY + (1 - ORDINARY) / (1 + np.exp(-odds))
    return share


def _suspensions(case: Case, pupils: Pupils, rng: np.random.Generator) -> Ints:
    """Draw how often each pupil was suspended in each term: more with need, behaviour problems and age."""
    child, month = pupils.child, pupils.month
    lasting = rng.normal(0, SUSPENSION_SPREAD, case.people.n)[child]
    often = SUSPENDED + SUSPENDED_BY_NEED * case.lives.need[child, month]
    often += SUSPENDED_BY_YEAR * (pupils.years - FIRST_AGE) + SUSPENDED_BY_BEHAVIOUR * _has(case, "behaviour", pupils)
    state = case.lives.state[child, month]
    often += SUSPENDED_WITH_CASE * is_one_of((*IN_NEED_PLAN, *ON_A_PLAN))[state]
    often += SUSPENDED_IN_CARE * is_one_of(IN_CARE)[state]
    return rng.poisson(np.exp(often + lasting))


def _sessions(terms: Terms, pupils: Pupils, rng: np.random.Generator) -> Ints:
    """Give the sessions possible: the whole term's, fewer for the few who joined or left within it."""
    n = len(pupils.child)
    part = np.where(rng.random(n) < PART_TERM, rng.uniform(0.3, 0.95, n), 1.0)
    return np.rint(terms.sessions[pupils.term] * part).astype(np.int64)


def record_school(case: Case) -> dict[str, pl.DataFrame]:
    """Write the attendance of every known child, one row for each term on a roll within the records.

    Parameters
    ----------
    case
        Everything there is.

    Returns
    -------
    dict of str to polars.DataFrame
        `ext_school_attendance`, ordered by child and term. Sessions are half-days; suspensions are counted in the
        term they began in. A term that is absent says nothing about attendance.
    """
    rng, terms = case.draws("record school"), terms_of(case.months.start, case.months.until)
    pupils = _pupils(case, terms, rng)
    possible = _sessions(terms, pupils, rng)
    missed = rng.binomial(possible, _share_missed(case, pupils, rng))
    table = pl.DataFrame(
        {
            "scho_table_id": ids(len(possible), first=1),
            "scho_person_id": case.persons(pupils.child),
            "scho_period_start_date": dates(terms.start).gather(pupils.term),
            "scho_period_end_date": dates(terms.end).gather(pupils.term),
            "scho_sessions_possible": pl.Series(possible).cast(pl.String),
            "scho_sessions_attended": pl.Series(possible - missed).cast(pl.String),
            "scho_suspensions": pl.Series(_suspensions(case, pupils, rng)).cast(pl.String),
        }
    )
    return {"ext_school_attendance": table}
