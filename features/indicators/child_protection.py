"""Contact with services where harm was looked into: assessments, enquiries, conferences, plans and care.

An enquiry looks into a concern; by itself it finds nothing.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    is_in,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    count,
    days_within,
)

HIGHEST_LEVEL = "DfE Children in need, a focus on re-referrals 2017: 11.6% of referrals reach an enquiry and no higher"
SECOND_PLANS = "DfE Children in need 2025: 24.5% of protection plans that start are a second or later one"
RE_ENTRY = "Mc Grath-Lone et al. 2017: 35.3% of children who left care in 2008 came back within 5 years"
LOCAL = "local judgement"

_enquiry = partial(
    Indicator,
    table="ssd_s47_enquiry",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    missing="child protection enquiries are not recorded here",
    evidence=HIGHEST_LEVEL,
)
_plan = partial(
    Indicator,
    table="ssd_cp_plans",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    missing="child protection plans are not recorded here",
    evidence=SECOND_PLANS,
)
_care = partial(
    Indicator,
    table="ssd_cla_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    missing="time in care is not recorded here",
    evidence=RE_ENTRY,
)

CHILD_PROTECTION: tuple[Indicator, ...] = (
    Indicator(
        name="assessments_last_24_months",
        table="ssd_cin_assessments",
        expression=count(within("cina_assessment_start_date_day", TWENTY_FOUR_MONTHS)),
        domain=Domain.SERVICES,
        polarity=Polarity.CONTEXT,
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [assessment|assessments] began in the last 24 months",
        absent="no assessment began in the last 24 months",
        missing="assessments are not recorded here",
        evidence=LOCAL,
    ),
    _enquiry(
        name="s47_enquiries_last_12_months",
        expression=count(within("s47e_s47_start_date_day", TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} child protection [enquiry|enquiries] in the last 12 months",
        absent="no child protection enquiry in the last 12 months",
    ),
    _enquiry(
        name="s47_enquiries_last_24_months",
        expression=count(within("s47e_s47_start_date_day", TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} child protection [enquiry|enquiries] in the last 24 months",
        absent="no child protection enquiry in the last 24 months",
    ),
    Indicator(
        name="conferences_without_plan_last_24_months",
        table="ssd_initial_cp_conference",
        expression=count(
            all_of(within("icpc_icpc_date_day", TWENTY_FOUR_MONTHS), equals("icpc_icpc_outcome_cp_flag", 0))
        ),
        domain=Domain.SERVICES,
        polarity=Polarity.RISK,
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} child protection [conference|conferences] without a plan in the last 24 months",
        absent="no child protection conference ended without a plan in the last 24 months",
        missing="initial child protection conferences are not recorded here",
        evidence=LOCAL,
    ),
    _plan(
        name="child_protection_plans_ended_last_24_months",
        expression=count(within("cppl_cp_plan_end_date_day", TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} child protection [plan|plans] ended in the last 24 months",
        absent="no child protection plan ended in the last 24 months",
    ),
    _plan(
        name="days_on_child_protection_plan_last_24_months",
        expression=days_within("cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day", TWENTY_FOUR_MONTHS),
        polarity=Polarity.CONTEXT,
        unit="days",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="a child protection plan was in place for {value} [day|days] of the last 24 months",
        absent="no child protection plan was in place in the last 24 months",
    ),
    Indicator(
        name="days_on_child_in_need_plan_last_24_months",
        table="ssd_cin_plans",
        expression=days_within("cinp_cin_plan_start_date_day", "cinp_cin_plan_end_date_day", TWENTY_FOUR_MONTHS),
        domain=Domain.SERVICES,
        polarity=Polarity.CONTEXT,
        unit="days",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="a child in need plan was in place for {value} [day|days] of the last 24 months",
        absent="no child in need plan was in place in the last 24 months",
        missing="child in need plans are not recorded here",
        evidence=LOCAL,
    ),
    _care(
        name="days_looked_after_last_24_months",
        expression=days_within(
            "clae_cla_episode_start_date_day", "clae_cla_episode_ceased_date_day", TWENTY_FOUR_MONTHS
        ),
        unit="days",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="looked after for {value} [day|days] of the last 24 months",
        absent="not looked after in the last 24 months",
    ),
    _care(
        name="unplanned_returns_home_last_24_months",
        expression=count(
            all_of(
                within("clae_cla_episode_ceased_date_day", TWENTY_FOUR_MONTHS),
                is_in("clae_cla_episode_ceased_reason", "E4B"),
            )
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="returned home from care {value} [time|times] before it was planned, in the last 24 months",
        absent="no unplanned return home from care in the last 24 months",
    ),
)
