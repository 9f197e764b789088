"""A settled life: one home, and a school attended.

How school went is told with its troubles in `school`, and each home with its neighbourhood in `place`; here stands what
holds. No record of it is not its absence.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    before,
    is_at_least,
    is_known,
    is_no_later_than,
    is_open,
    is_share_at_least,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import (
    Measure,
    both,
    count,
    is_nought,
    largest,
    latest_row_is,
    share_is_at_least,
    total,
)
from features.vocabulary.theory_of_change import Aim

ATTENDANCE = "DfE Outcomes for children in need 2024/25: 17.4% of sessions missed by children in need; " + LOCAL

# Ours: half the absence that DfE calls persistent.
WELL_ATTENDED = 95

MOVED_IN, MOVED_OUT = "addr_address_start_date_day", "addr_address_end_date_day"
ENDED, POSSIBLE, WENT = "scho_period_end_date_day", "scho_sessions_possible", "scho_sessions_attended"

_settled = partial(
    Indicator,
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="flag",
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)

# A row that says more sessions attended than there were, or none possible, says nothing of attendance.
_counted = all_of(is_at_least(POSSIBLE, 1), is_no_later_than(WENT, POSSIBLE))
_in_12_months, _in_24_months = (all_of(within(ENDED, days), _counted) for days in (TWELVE_MONTHS, TWENTY_FOUR_MONTHS))
_well_attended = share_is_at_least(total(WENT, _in_12_months), total(POSSIBLE, _in_12_months), percent=WELL_ATTENDED)
_never_suspended = is_nought(largest("scho_suspensions", within(ENDED, TWELVE_MONTHS)))


def _stays(days: int) -> Measure:
    """Give 1 where the latest address began before so many days and has not ended, else 0."""
    return latest_row_is(
        MOVED_IN, among=is_known(MOVED_IN), where=all_of(is_open(MOVED_IN, MOVED_OUT), before(MOVED_IN, days))
    )


RESILIENCE: tuple[Indicator, ...] = (
    _settled(
        name="has_lived_at_one_address_last_12_months",
        table="ssd_address",
        expression=_stays(TWELVE_MONTHS),
        window_days=TWELVE_MONTHS,
        sentence="the child has lived at one address for 12 months or longer",
        absent="no record of one address throughout the last 12 months",
        missing="no address is on record",
        for_families="whether your child has lived at one address for 12 months or longer",
        not_for_families=MAY_ENDANGER,
    ),
    _settled(
        name="has_lived_at_one_address_last_24_months",
        table="ssd_address",
        expression=_stays(TWENTY_FOUR_MONTHS),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child has lived at one address for 24 months or longer",
        absent="no record of one address throughout the last 24 months",
        missing="no address is on record",
        for_families="whether your child has lived at one address for 24 months or longer",
        not_for_families=MAY_ENDANGER,
    ),
    _settled(
        name="has_settled_school_last_12_months",
        table="ext_school_attendance",
        expression=both(_well_attended, _never_suspended),
        window_days=TWELVE_MONTHS,
        sentence="the child attended 95% or more of school in the last 12 months and was not suspended",
        absent="no record of 95% of school attended without a suspension in the last 12 months",
        missing="attendance or suspensions of the last 12 months are not known",
        evidence=ATTENDANCE,
        for_families="whether your child attended 95% or more of school in the last 12 months and was not suspended",
    ),
    _settled(
        name="share_of_school_terms_well_attended_last_24_months",
        table="ext_school_attendance",
        unit="ratio",
        expression=count(all_of(_in_24_months, is_share_at_least(WENT, POSSIBLE, WELL_ATTENDED))),
        per=count(_in_24_months),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child attended 95% or more of school in {value} of the terms or weeks of the last 24 months",
        absent="no record of a term or week in the last 24 months with 95% or more of school attended",
        missing="attendance of the last 24 months is not known",
        evidence=ATTENDANCE,
        for_families="in what share of terms or weeks of the last 24 months your child attended 95% or more of school",
    ),
)
