"""School and attendance: how much of it a child had, whether that changed, and suspensions.

An authority that has no such table, or no row of a child, says nothing of attendance: every number is missing where no
row speaks. A row is a term or a week. What schools ask services for stands with the contacts, in `service_history`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    SIX_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    before,
    is_at_least,
    is_in,
    is_known,
    is_no_later_than,
    is_relation,
    is_share_at_most,
    not_so,
    within,
)
from features.indicators.declaration import LOCAL, TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    count,
    if_any,
    latest_row_is,
    share_fell,
    share_is_at_most,
    total,
)
from features.vocabulary.theory_of_change import Aim

PERSISTENT = (
    "DfE Outcomes for children in need 2024/25: 46.0% of children in need were persistently absent, 55.4% with a plan"
)
SEVERE = "DfE Outcomes for children in need 2024/25: 11.3% of children in need were severely absent, 15.4% with a plan"
OVERALL = "DfE Outcomes for children in need 2024/25: 17.4% of sessions missed by children in need, 21.8% with a plan"
SUSPENDED = "DfE LAIT 2016: 8.87% of children in need were suspended in the year, 2.11% of all pupils"
NOT_SCORED_MIGRATION = "it may stand for having come from another country, which is never scored"

# DfE: persistent absence is missing 10% or more of the sessions, severe absence 50% or more.
PERSISTENT_PERCENT, SEVERE_PERCENT = 90, 50
# Ours: a change that is more than the usual difference between terms.
CHANGE_POINTS = 10

ENDED, POSSIBLE, ATTENDED = "scho_period_end_date_day", "scho_sessions_possible", "scho_sessions_attended"
SUSPENSIONS = "scho_suspensions"

# A row that says more sessions attended than there were, or none possible, says nothing of attendance.
_counted = all_of(is_at_least(POSSIBLE, 1), is_no_later_than(ATTENDED, POSSIBLE))
_in_6_months = all_of(within(ENDED, SIX_MONTHS), _counted)
_in_6_months_before = all_of(within(ENDED, 2 * SIX_MONTHS), before(ENDED, SIX_MONTHS), _counted)
_in_12_months = all_of(within(ENDED, TWELVE_MONTHS), _counted)
_in_24_months = all_of(within(ENDED, TWENTY_FOUR_MONTHS), _counted)
_of_siblings = all_of(is_relation("sibling"), _in_12_months)
_says_suspended = all_of(within(ENDED, TWELVE_MONTHS), is_known(SUSPENSIONS))
_says_suspended_24 = all_of(within(ENDED, TWENTY_FOUR_MONTHS), is_known(SUSPENSIONS))
_siblings_say_suspended = all_of(is_relation("sibling"), _says_suspended)

_now = (total(ATTENDED, _in_6_months), total(POSSIBLE, _in_6_months))
_before = (total(ATTENDED, _in_6_months_before), total(POSSIBLE, _in_6_months_before))
_year = (total(ATTENDED, _in_12_months), total(POSSIBLE, _in_12_months))

NOT_KNOWN = "attendance of the last 12 months is not known"
_school = partial(
    Indicator,
    table="ext_school_attendance",
    domain=Domain.SCHOOL,
    polarity=Polarity.RISK,
    unit="count",
    zero_when_no_row=False,
    window_days=TWELVE_MONTHS,
    missing=NOT_KNOWN,
    missing_is_gap=False,
    evidence=OVERALL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
_flag = partial(_school, unit="flag")
_share = partial(_school, unit="ratio", polarity=Polarity.RESILIENCE)
_of_sibling = partial(_school, about="household", not_for_families=TELLS_OF_OTHERS, aim=Aim.WHOLE_FAMILY)

SCHOOL: tuple[Indicator, ...] = (
    _share(
        name="share_of_school_attended_last_12_months",
        expression=_year[0],
        per=_year[1],
        missing_is_gap=True,
        sentence="the child attended {value} of school in the last 12 months",
        absent="the child attended no school in the last 12 months",
        for_families="how much of school your child attended in the last 12 months",
    ),
    _share(
        name="share_of_school_attended_last_6_months",
        expression=_now[0],
        per=_now[1],
        window_days=SIX_MONTHS,
        sentence="the child attended {value} of school in the last 6 months",
        absent="the child attended no school in the last 6 months",
        missing="attendance of the last 6 months is not known",
        for_families="how much of school your child attended in the last 6 months",
    ),
    _flag(
        name="was_persistently_absent_last_12_months",
        expression=share_is_at_most(*_year, percent=PERSISTENT_PERCENT),
        sentence="the child missed a tenth or more of school in the last 12 months",
        absent="the child missed less than a tenth of school in the last 12 months",
        evidence=PERSISTENT,
        for_families="whether your child missed a tenth or more of school in the last 12 months",
    ),
    _flag(
        name="was_severely_absent_last_12_months",
        expression=share_is_at_most(*_year, percent=SEVERE_PERCENT),
        sentence="the child missed half or more of school in the last 12 months",
        absent="the child missed less than half of school in the last 12 months",
        evidence=SEVERE,
        for_families="whether your child missed half or more of school in the last 12 months",
    ),
    _flag(
        name="was_persistently_absent_in_latest_term",
        expression=latest_row_is(
            ENDED, among=_in_12_months, where=is_share_at_most(ATTENDED, POSSIBLE, PERSISTENT_PERCENT)
        ),
        window_days=None,
        sentence="the child missed a tenth or more of the latest term or week of school on record",
        absent="the child missed less than a tenth of the latest term or week of school on record",
        evidence=PERSISTENT,
        for_families="whether your child missed a tenth or more of the latest term or week of school in our records",
    ),
    _school(
        name="terms_of_persistent_absence_last_24_months",
        expression=if_any(
            _in_24_months,
            count(all_of(_in_24_months, is_share_at_most(ATTENDED, POSSIBLE, PERSISTENT_PERCENT))),
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="a tenth or more of {value} school [term or week|terms or weeks] was missed in the last 24 months",
        absent="the child missed less than a tenth of each school term or week on record in the last 24 months",
        missing="attendance of the last 24 months is not known",
        evidence=PERSISTENT,
        for_families="of how many school terms or weeks your child missed a tenth or more in the last 24 months",
    ),
    _school(
        name="terms_of_severe_absence_last_24_months",
        expression=if_any(
            _in_24_months, count(all_of(_in_24_months, is_share_at_most(ATTENDED, POSSIBLE, SEVERE_PERCENT)))
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="half or more of {value} school [term or week|terms or weeks] was missed in the last 24 months",
        absent="the child missed less than half of each school term or week on record in the last 24 months",
        missing="attendance of the last 24 months is not known",
        evidence=SEVERE,
        for_families="of how many school terms or weeks your child missed half or more in the last 24 months",
    ),
    _flag(
        name="has_school_attendance_fallen_last_6_months",
        expression=share_fell(_now, _before, points=CHANGE_POINTS),
        window_days=2 * SIX_MONTHS,
        sentence="attendance fell by 10 percentage points or more, from the 6 months before to the last 6 months",
        absent="attendance did not fall by 10 percentage points in the last 6 months",
        missing="attendance of the last 6 months or of the 6 months before is not known",
        evidence=LOCAL,
        for_families="whether your child's attendance at school fell by 10 percentage points in the last 6 months",
    ),
    _flag(
        name="has_school_attendance_risen_last_6_months",
        expression=share_fell(_now, _before, points=-CHANGE_POINTS),
        polarity=Polarity.RESILIENCE,
        window_days=2 * SIX_MONTHS,
        sentence="attendance rose by 10 percentage points or more, from the 6 months before to the last 6 months",
        absent="no record that attendance rose by 10 percentage points in the last 6 months",
        missing="attendance of the last 6 months or of the 6 months before is not known",
        evidence=LOCAL,
        for_families="whether your child's attendance at school rose by 10 percentage points in the last 6 months",
    ),
    _school(
        name="suspensions_last_12_months",
        expression=if_any(_says_suspended, total(SUSPENSIONS, _says_suspended)),
        sentence="{value} [suspension|suspensions] from school in the last 12 months",
        absent="no suspension from school in the last 12 months",
        missing="whether the child was suspended from school in the last 12 months is not known",
        evidence=SUSPENDED,
        for_families="how often your child was suspended from school in the last 12 months",
    ),
    _school(
        name="suspensions_last_24_months",
        expression=if_any(_says_suspended_24, total(SUSPENSIONS, _says_suspended_24)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [suspension|suspensions] from school in the last 24 months",
        absent="no suspension from school in the last 24 months",
        missing="whether the child was suspended from school in the last 24 months is not known",
        evidence=SUSPENDED,
        for_families="how often your child was suspended from school in the last 24 months",
    ),
    _school(
        name="school_terms_known_last_24_months",
        expression=count(within(ENDED, TWENTY_FOUR_MONTHS)),
        polarity=Polarity.CONTEXT,
        zero_when_no_row=True,
        window_days=TWENTY_FOUR_MONTHS,
        sentence="attendance of {value} school [term or week|terms or weeks] is on record for the last 24 months",
        absent="attendance of no school term or week is on record for the last 24 months",
        missing="attendance is not recorded here",
        evidence=LOCAL,
        for_families="of how many school terms or weeks of the last 24 months we know your child's attendance",
    ),
    Indicator(
        name="has_no_pupil_number",
        table="ssd_person",
        expression=any_row(all_of(is_known("pers_upn_unknown"), not_so(is_in("pers_upn_unknown", "UN1")))),
        domain=Domain.SCHOOL,
        polarity=Polarity.CONTEXT,
        unit="flag",
        sentence="a reason is on record why the child has no pupil number, other than being too young",
        absent="no reason is on record why the child would have no pupil number, other than being too young",
        missing="pupil numbers are not recorded here",
        evidence=LOCAL,
        for_families="whether our records give a reason why your child has no pupil number",
        aim=Aim.HELP_IN_TIME,
        not_scored=NOT_SCORED_MIGRATION,
    ),
    _of_sibling(
        name="share_of_school_attended_by_siblings_last_12_months",
        expression=total(ATTENDED, _of_siblings),
        per=total(POSSIBLE, _of_siblings),
        polarity=Polarity.RESILIENCE,
        unit="ratio",
        sentence="siblings attended {value} of their school in the last 12 months",
        absent="siblings attended no school in the last 12 months",
        missing="no sibling's attendance of the last 12 months is known",
        for_families="how much of school brothers and sisters attended in the last 12 months",
    ),
    _of_sibling(
        name="suspensions_of_siblings_last_12_months",
        expression=if_any(_siblings_say_suspended, total(SUSPENSIONS, _siblings_say_suspended)),
        sentence="{value} [suspension|suspensions] of siblings from school in the last 12 months",
        absent="no suspension of a sibling from school in the last 12 months",
        missing="whether a sibling was suspended from school in the last 12 months is not known",
        evidence=LOCAL,
        for_families="how often brothers and sisters were suspended from school in the last 12 months",
    ),
)
