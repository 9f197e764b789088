"""Contact with services: which help there was and how it ended, and which is in place on the day.

What is in place is context, not risk: a child who has a plan already has fewer rungs above them, and the
plan is help. That a family ended help that it had agreed to is its right, and is context too. Help that ended as agreed
is a strength and stands in `resilience`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    has_rung,
    is_held_within,
    is_open,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    count,
    days_within,
    longest_span,
    n_that_hold,
)
from features.indicators.streams import SPANS
from features.vocabulary.status import Rung
from features.vocabulary.theory_of_change import Aim

STEP_UPS = "7% to 13% of early help assessments step up; local judgement"
HELP_IN_NEED = "McHale et al. 2024, Liverpool: help as a child in need lowered the hazard of becoming looked after"
PLAN = "McHale et al. 2024, Liverpool: a child protection plan raised the hazard of becoming looked after"

# Authorities' own words, in lower case; there is no national list. Early help that ended because more intensive help
# began; help that the family did not go on with; who led it.
STEPPED_UP = r"step(ped)?[ -]?up|escalat|to (children'?s )?social (care|work)"
ENDED_BY_FAMILY = r"consent|withdr[ae]w|disengag|did not engage|declin|refus"
ENDED_EARLY = r"ended early|without agreement|" + ENDED_BY_FAMILY
SCHOOL, HEALTH, VOLUNTARY = r"school|academy|college|nursery", r"health|nhs|midwi", r"voluntary|charit|third sector"

HELP_BEGAN, HELP_ENDED = "earl_episode_start_date_day", "earl_episode_end_date_day"
SERVICE_BEGAN, SERVICE_ENDED = "serv_start_date_day", "serv_end_date_day"

_RUNGS_OF_HELP = (Rung.EARLY_HELP, Rung.CHILD_IN_NEED, Rung.CHILD_PROTECTION, Rung.LOOKED_AFTER)

_help = partial(
    Indicator,
    table="ssd_early_help_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="count",
    missing="early help is not recorded here",
    evidence=LOCAL,
    aim=Aim.HELP_IN_TIME,
)
_help_of_two_years = partial(_help, window_days=TWENTY_FOUR_MONTHS)
_service = partial(
    _help_of_two_years,
    table="ext_services",
    missing="services given to families are not recorded here",
)
_in_place = partial(
    Indicator,
    table=SPANS,
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="flag",
    missing="which help is in place is not recorded here",
    evidence=HELP_IN_NEED,
    aim=Aim.HELP_IN_TIME,
)

_EARLY_HELP: tuple[Indicator, ...] = (
    _help_of_two_years(
        name="early_help_episodes_last_24_months",
        expression=count(within(HELP_BEGAN, TWENTY_FOUR_MONTHS)),
        sentence="early help began [once|{value} times] in the last 24 months",
        absent="no early help began in the last 24 months",
        for_families="how often early help began for your child in the last 24 months",
    ),
    _help_of_two_years(
        name="early_help_led_by_school_last_24_months",
        expression=count(
            all_of(within(HELP_BEGAN, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_organisation", SCHOOL))
        ),
        sentence="early help led by a school began [once|{value} times] in the last 24 months",
        absent="no record of early help led by a school in the last 24 months",
        for_families="how often early help led by a school began for your child in the last 24 months",
    ),
    _help_of_two_years(
        name="early_help_led_by_health_services_last_24_months",
        expression=count(
            all_of(within(HELP_BEGAN, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_organisation", HEALTH))
        ),
        sentence="early help led by health services began [once|{value} times] in the last 24 months",
        absent="no record of early help led by health services in the last 24 months",
        for_families="how often early help led by health services began for your child in the last 24 months",
    ),
    _help_of_two_years(
        name="early_help_led_by_voluntary_sector_last_24_months",
        expression=count(
            all_of(within(HELP_BEGAN, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_organisation", VOLUNTARY))
        ),
        sentence="early help led by a voluntary organisation began [once|{value} times] in the last 24 months",
        absent="no record of early help led by a voluntary organisation in the last 24 months",
        for_families="how often early help led by a voluntary organisation began for your child in the last 24 months",
    ),
    _help_of_two_years(
        name="early_help_stepped_up_last_24_months",
        expression=count(
            all_of(within(HELP_ENDED, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_end_reason", STEPPED_UP))
        ),
        polarity=Polarity.RISK,
        sentence="early help ended [once|{value} times] with a step up in the last 24 months",
        absent="early help did not end with a step up in the last 24 months",
        evidence=STEP_UPS,
        for_families="how often early help for your child ended because more help was needed, in the last 24 months",
    ),
    _help_of_two_years(
        name="early_help_ended_by_family_last_24_months",
        expression=count(
            all_of(within(HELP_ENDED, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_end_reason", ENDED_BY_FAMILY))
        ),
        sentence="early help ended [once|{value} times] in the last 24 months as the family did not go on with it",
        absent="no record of early help that ended in the last 24 months as the family did not go on with it",
        for_families="how often early help ended because your family did not go on with it, in the last 24 months",
        aim=Aim.TAKING_PART,
    ),
    _help(
        name="days_of_early_help_last_12_months",
        expression=days_within(HELP_BEGAN, HELP_ENDED, TWELVE_MONTHS),
        unit="days",
        window_days=TWELVE_MONTHS,
        sentence="early help was in place for {value} [day|days] of the last 12 months",
        absent="no early help was in place in the last 12 months",
        for_families="for how many days of the last 12 months early help was in place for your child",
    ),
)

_SERVICES: tuple[Indicator, ...] = (
    _service(
        name="has_family_service_now",
        expression=any_row(is_open(SERVICE_BEGAN, SERVICE_ENDED)),
        unit="flag",
        window_days=None,
        sentence="a service for families is working with the child",
        absent="no service for families is working with the child",
        for_families="whether a service for families is working with your child",
    ),
    _service(
        name="services_begun_last_24_months",
        expression=count(within(SERVICE_BEGAN, TWENTY_FOUR_MONTHS)),
        sentence="{value} [service|services] for families began to work with the child in the last 24 months",
        absent="no service for families began to work with the child in the last 24 months",
        for_families="how many services for families began to work with your child in the last 24 months",
    ),
    _service(
        name="services_ended_early_last_24_months",
        expression=count(all_of(within(SERVICE_ENDED, TWENTY_FOUR_MONTHS), speaks_of("serv_end_reason", ENDED_EARLY))),
        sentence="{value} [service|services] for families ended earlier than agreed, in the last 24 months",
        absent="no record of a service for families that ended earlier than agreed, in the last 24 months",
        for_families="how many services for families ended earlier than agreed in the last 24 months",
        aim=Aim.TAKING_PART,
    ),
    _service(
        name="services_stepped_up_last_24_months",
        expression=count(all_of(within(SERVICE_ENDED, TWENTY_FOUR_MONTHS), speaks_of("serv_end_reason", STEPPED_UP))),
        polarity=Polarity.RISK,
        sentence="{value} [service|services] for families ended with a step up in the last 24 months",
        absent="no service for families ended with a step up in the last 24 months",
        for_families="how many services for families ended because more help was needed, in the last 24 months",
    ),
)

_LADDER: tuple[Indicator, ...] = (
    _in_place(
        name="has_early_help_now",
        expression=any_row(has_rung(Rung.EARLY_HELP)),
        evidence=LOCAL,
        sentence="early help is in place",
        absent="no early help is in place",
        for_families="whether early help is in place for your child",
    ),
    _in_place(
        name="is_child_in_need_now",
        expression=any_row(has_rung(Rung.CHILD_IN_NEED)),
        sentence="social care has found need and helps the child as a child in need",
        absent="social care does not help the child as a child in need",
        for_families="whether social care helps your child as a child in need",
    ),
    _in_place(
        name="has_child_protection_plan_now",
        table="ssd_cp_plans",
        expression=any_row(is_open("cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day")),
        evidence=PLAN,
        sentence="a child protection plan is in place",
        absent="no child protection plan is in place",
        missing="child protection plans are not recorded here",
        for_families="whether a child protection plan is in place for your child",
    ),
    _in_place(
        name="days_of_longest_help_in_place_now",
        expression=longest_span("start_day", "end_day", is_open("start_day", "end_day")),
        unit="days",
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="the longest of the help in place began {ago}",
        absent="the help in place began on the day itself",
        missing="no early help, help in need, plan or care is in place",
        evidence=LOCAL,
        for_families="how many days ago the longest of the help in place for your child began",
    ),
    _in_place(
        name="kinds_of_help_last_24_months",
        expression=n_that_hold(
            *(
                any_row(all_of(is_held_within("start_day", "end_day", TWENTY_FOUR_MONTHS), equals("rung", int(rung))))
                for rung in _RUNGS_OF_HELP
            )
        ),
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [kind|kinds] of help in the last 24 months, of: early help, help in need, a plan, care",
        absent="no early help, help in need, plan or care in the last 24 months",
        evidence=LOCAL,
        for_families="how many kinds of help your child had in the last 24 months, of four: early help, help for a"
        " child in need, a child protection plan, being looked after",
    ),
)

HELP_SO_FAR: tuple[Indicator, ...] = (*_EARLY_HELP, *_SERVICES, *_LADDER)
