"""Help that worked: completed as agreed, no need found, and needs met that stayed met for six months.

How early help and services ended is told in an authority's own words; there is no national list. Needs met have held
where nobody was in touch and nothing began in the six months after help ended; that says what reached the front door.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import IN_WINDOW, NOT_ASSESSED
from features.indicators.conditions import (
    SIX_MONTHS,
    TWENTY_FOUR_MONTHS,
    Condition,
    all_of,
    before,
    either,
    found,
    is_in,
    is_known,
    is_missing,
    is_relation,
    lasts_at_most,
    not_so,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.endings import CASE, EARLY_HELP, PLAN
from features.indicators.measures import any_row_among, count, longest_span
from features.indicators.streams import ENDINGS, FACTORS
from features.vocabulary.theory_of_change import Aim

RE_REFERRAL = "DfE Children in need 2025: 22.6% of referrals follow an earlier one within 12 months"
SECOND_PLAN = "DfE Children in need 2025: 24.5% of protection plans are a second or later one"
IT_WORKED = "Institute of Public Care 2016, Newport: 48% of families did very well with such help, 21% without"

# Authorities' own words for help that ended as the family and the worker had agreed, and words that look like them.
COMPLETED = r"(outcomes?|needs?|goals?|plan) (were |was )?(met|achieved|completed?)|completed|positive|improved"
NOT_COMPLETED = (
    r"\bnot (all |yet |fully |been )*((outcomes?|needs?|goals?) )?(met|achieved|completed?|improved|positive)"
    r"|\b(never|none|some|few|partly|partially|in part)\b|\bno (outcomes?|needs?|goals?|positive)|\bunmet|incomplete"
)
IN_PART = r"\b(some|partly|partially|in part)\b"

# The child is no longer in need, or there was another reason: the census keeps the two together.
NO_LONGER_IN_NEED = "RC7"

HELP_ENDED, HELP_REASON = "earl_episode_end_date_day", "earl_episode_end_reason"
SERVICE_ENDED, SERVICE_REASON = "serv_end_date_day", "serv_end_reason"

_help = partial(
    Indicator,
    table="ssd_early_help_episodes",
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    missing="early help is not recorded here",
    evidence=LOCAL,
    aim=Aim.HELP_IN_TIME,
)
_help_if_any = partial(_help, zero_when_no_row=False, missing_is_gap=False)
_service = partial(_help, table="ext_services", missing="services given are not recorded here", evidence=IT_WORKED)
_service_if_any = partial(_service, zero_when_no_row=False, missing_is_gap=False)
_held = partial(
    _help,
    table=ENDINGS,
    missing="contacts or cases are not recorded here",
    evidence=RE_REFERRAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
_held_if_any = partial(_held, zero_when_no_row=False, missing_is_gap=False)
_of_sibling = partial(_help, about="household", not_for_families=TELLS_OF_OTHERS, aim=Aim.WHOLE_FAMILY)


def completed(reason: str) -> Condition:
    """Hold where an authority's words say that help ended as agreed."""
    return all_of(speaks_of(reason, COMPLETED), not_so(speaks_of(reason, NOT_COMPLETED)))


_help_ended = all_of(within(HELP_ENDED, TWENTY_FOUR_MONTHS), is_known(HELP_REASON))
_service_ended = all_of(within(SERVICE_ENDED, TWENTY_FOUR_MONTHS), is_known(SERVICE_REASON))
_help_completed = all_of(_help_ended, completed(HELP_REASON))
_service_completed = all_of(_service_ended, completed(SERVICE_REASON))

_met = either(
    all_of(is_in("kind", CASE), is_in("reason", NO_LONGER_IN_NEED)),
    is_in("kind", PLAN),
    all_of(is_in("kind", EARLY_HELP), completed("reason")),
)
_met_lately = all_of(within("ended_day", TWENTY_FOUR_MONTHS), _met)
_six_months_ago = all_of(_met_lately, before("ended_day", SIX_MONTHS))
_stayed_met = all_of(
    _six_months_ago, either(is_missing("next_day"), not_so(lasts_at_most("ended_day", "next_day", SIX_MONTHS)))
)

_COMPLETED: tuple[Indicator, ...] = (
    _help(
        name="early_help_completed_last_24_months",
        expression=count(_help_completed),
        sentence="early help was completed as agreed [once|{value} times] in the last 24 months",
        absent="no record of early help completed as agreed in the last 24 months",
        for_families="how often early help was completed as agreed in the last 24 months",
    ),
    _help_if_any(
        name="share_of_early_help_completed_last_24_months",
        expression=count(_help_completed),
        per=count(_help_ended),
        unit="ratio",
        sentence="{value} of the early help that ended in the last 24 months was completed as agreed",
        absent="no record that early help that ended in the last 24 months was completed as agreed",
        missing="no early help ended in the last 24 months with a word on how",
        for_families="what share of the early help that ended in the last 24 months was completed as agreed",
    ),
    _help(
        name="early_help_completed_in_part_last_24_months",
        expression=count(all_of(_help_ended, speaks_of(HELP_REASON, IN_PART))),
        polarity=Polarity.CONTEXT,
        sentence="early help met part of what was agreed [once|{value} times] in the last 24 months",
        absent="no record of early help that met part of what was agreed in the last 24 months",
        for_families="how often early help met part of what was agreed in the last 24 months",
    ),
    _of_sibling(
        name="early_help_completed_for_sibling_last_24_months",
        expression=count(all_of(is_relation("sibling"), _help_completed)),
        sentence="early help for siblings was completed as agreed [once|{value} times] in the last 24 months",
        absent="no record of early help for a sibling completed as agreed in the last 24 months",
        missing="early help or the household is not recorded here",
        for_families="how often early help for brothers or sisters was completed as agreed in the last 24 months",
    ),
    _service(
        name="services_completed_last_24_months",
        expression=count(_service_completed),
        sentence="a service was completed as agreed [once|{value} times] in the last 24 months",
        absent="no record of a service completed as agreed in the last 24 months",
        for_families="how often a service for your family was completed as agreed in the last 24 months",
    ),
    _service_if_any(
        name="share_of_services_completed_last_24_months",
        expression=count(_service_completed),
        per=count(_service_ended),
        unit="ratio",
        sentence="{value} of the services that ended in the last 24 months were completed as agreed",
        absent="no record that a service that ended in the last 24 months was completed as agreed",
        missing="no service ended in the last 24 months with a word on how",
        for_families="what share of the services that ended in the last 24 months was completed as agreed",
    ),
    _of_sibling(
        name="services_completed_for_sibling_last_24_months",
        table="ext_services",
        expression=count(all_of(is_relation("sibling"), _service_completed)),
        sentence="services for siblings were completed as agreed [once|{value} times] in the last 24 months",
        absent="no record of a service for a sibling completed as agreed in the last 24 months",
        missing="services given or the household are not recorded here",
        evidence=IT_WORKED,
        for_families="how often a service for brothers or sisters was completed as agreed in the last 24 months",
    ),
    _help(
        name="found_no_need_last_24_months",
        table=FACTORS,
        expression=any_row_among(IN_WINDOW, found("21")),
        unit="flag",
        sentence="an assessment looked and found no need",
        absent="each assessment on record found some need",
        missing=NOT_ASSESSED,
        zero_when_no_row=False,
        for_families="whether an assessment in the last 24 months found that your child has no need of social care",
    ),
)

_HELD: tuple[Indicator, ...] = (
    _held(
        name="needs_met_that_held_six_months_last_24_months",
        expression=count(_stayed_met),
        sentence="needs were met and nothing followed for six months, [once|{value} times] in the last 24 months",
        absent="no record in the last 24 months of needs met that held for six months",
        for_families="how often in the last 24 months help ended with needs met and nobody came to us for six months",
    ),
    _held_if_any(
        name="share_of_needs_met_that_held_six_months_last_24_months",
        expression=count(_stayed_met),
        per=count(_six_months_ago),
        unit="ratio",
        sentence="in {value} of the times that help ended with needs met, nothing followed for six months",
        absent="no record of needs met that held for six months",
        missing="no help ended with needs met from 24 to 6 months ago",
        for_families="in what share of the times that help ended with needs met nobody came to us for six months",
    ),
    _held_if_any(
        name="has_early_help_that_held_six_months_last_24_months",
        expression=any_row_among(all_of(_six_months_ago, is_in("kind", EARLY_HELP)), _stayed_met),
        unit="flag",
        sentence="early help was completed as agreed and nothing followed for six months",
        absent="no record of early help completed as agreed after which nothing followed for six months",
        missing="no early help was completed as agreed from 24 to 6 months ago",
        for_families="whether after early help was completed as agreed nobody came to us for six months",
    ),
    _held_if_any(
        name="has_ended_protection_plan_that_held_six_months_last_24_months",
        expression=any_row_among(all_of(_six_months_ago, is_in("kind", PLAN)), _stayed_met),
        unit="flag",
        sentence="a child protection plan ended and nothing followed for six months",
        absent="no record of a child protection plan that ended and after which nothing followed for six months",
        missing="no child protection plan ended from 24 to 6 months ago",
        evidence=SECOND_PLAN,
        for_families="whether after a child protection plan ended nobody came to us for six months",
    ),
    _held_if_any(
        name="longest_quiet_time_after_needs_met_last_24_months",
        expression=longest_span("ended_day", "next_day", _met_lately),
        unit="days",
        sentence="after help ended with needs met, nothing followed for {value} [day|days] at the longest",
        absent="help ended with needs met on the day itself",
        missing="no help ended with needs met in the last 24 months",
        for_families="for how many days at the longest nobody came to us after help ended with needs met",
    ),
)

HELP_THAT_WORKED: tuple[Indicator, ...] = (*_COMPLETED, *_HELD)
