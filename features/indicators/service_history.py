"""Contact with services: who came to the front door, how often, and which help is in place on the day.

What is in place is context, not risk: a child who has a plan already has fewer rungs above them, and the
plan is help.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    SIX_MONTHS,
    THREE_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    has_rung,
    holds,
    is_in,
    is_open,
    speaks_of,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    count,
    days_within,
    difference,
)
from features.indicators.streams import SPANS
from features.vocabulary.status import Rung

RE_REFERRAL = "DfE Children in need 2025: 22.6% of referrals follow an earlier one within 12 months"
NO_ACTION = "Troncoso 2017: re-referral is likelier after a first referral closed without further action"
LOCAL = "local judgement"

POLICE = ("6",)
SCHOOLS = ("2A", "2B")
HEALTH = ("3A", "3B", "3C", "3D", "3E", "3F")

# Authorities' own words for early help that ended because more intensive help began; there is no national
# list.
STEPPED_UP = r"step(ped)?[ -]?up|escalat|to (children'?s )?social (care|work)"

CONTACT_DAY, REFERRAL_DAY = "cont_contact_date_day", "cine_referral_date_day"
_early_help = ("earl_episode_start_date_day", "earl_episode_end_date_day")

_contact = partial(
    Indicator,
    table="ssd_contacts",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    missing="contacts are not recorded here",
    evidence=RE_REFERRAL,
)
_referral = partial(
    Indicator,
    table="ssd_cin_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    missing="referrals are not recorded here",
    evidence=RE_REFERRAL,
)
_help = partial(
    Indicator,
    table="ssd_early_help_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="count",
    missing="early help is not recorded here",
    evidence=LOCAL,
)
_in_place = partial(
    Indicator,
    table=SPANS,
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="flag",
    missing="which help is in place is not recorded here",
    evidence="DfE Drivers of activity 2022: help for a child in need lowered the chance of care",
)

SERVICE_HISTORY: tuple[Indicator, ...] = (
    _contact(
        name="contacts_last_3_months",
        expression=count(within(CONTACT_DAY, THREE_MONTHS)),
        window_days=THREE_MONTHS,
        sentence="{value} [contact|contacts] in the last 3 months",
        absent="no contact in the last 3 months",
    ),
    _contact(
        name="contacts_last_12_months",
        expression=count(within(CONTACT_DAY, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] in the last 12 months",
        absent="no contact in the last 12 months",
    ),
    _contact(
        name="rise_in_contacts_last_6_months",
        expression=difference(
            count(within(CONTACT_DAY, SIX_MONTHS)),
            difference(count(within(CONTACT_DAY, 2 * SIX_MONTHS)), count(within(CONTACT_DAY, SIX_MONTHS))),
        ),
        window_days=2 * SIX_MONTHS,
        sentence="contacts in the last 6 months less those in the 6 months before: {value}",
        absent="as many contacts in the last 6 months as in the 6 months before",
        polarity=Polarity.CONTEXT,
        evidence=LOCAL,
    ),
    _contact(
        name="police_contacts_last_12_months",
        expression=count(all_of(within(CONTACT_DAY, TWELVE_MONTHS), is_in("cont_contact_source_code", *POLICE))),
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] from the police in the last 12 months",
        absent="no contact from the police in the last 12 months",
        evidence=LOCAL,
    ),
    _contact(
        name="school_contacts_last_12_months",
        expression=count(all_of(within(CONTACT_DAY, TWELVE_MONTHS), is_in("cont_contact_source_code", *SCHOOLS))),
        polarity=Polarity.CONTEXT,
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] from school or education in the last 12 months",
        absent="no contact from school or education in the last 12 months",
        evidence=LOCAL,
    ),
    _contact(
        name="health_contacts_last_12_months",
        expression=count(all_of(within(CONTACT_DAY, TWELVE_MONTHS), is_in("cont_contact_source_code", *HEALTH))),
        polarity=Polarity.CONTEXT,
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] from health services in the last 12 months",
        absent="no contact from health services in the last 12 months",
        evidence=LOCAL,
    ),
    _contact(
        name="contacts_closed_without_action_last_12_months",
        expression=count(all_of(within(CONTACT_DAY, TWELVE_MONTHS), holds("cont_contact_outcome_json", "NFA_FLAG"))),
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] closed without further action in the last 12 months",
        absent="no contact closed without further action in the last 12 months",
        polarity=Polarity.CONTEXT,
        evidence=NO_ACTION,
    ),
    _referral(
        name="referrals_last_12_months",
        expression=count(within(REFERRAL_DAY, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [referral|referrals] in the last 12 months",
        absent="no referral in the last 12 months",
    ),
    _referral(
        name="referrals_last_24_months",
        expression=count(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [referral|referrals] in the last 24 months",
        absent="no referral in the last 24 months",
    ),
    _referral(
        name="referrals_closed_without_action_last_24_months",
        expression=count(all_of(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS), equals("cine_referral_nfa", 1))),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [referral|referrals] closed without further action in the last 24 months",
        absent="no referral closed without further action in the last 24 months",
        evidence=NO_ACTION,
    ),
    _referral(
        name="has_open_referral",
        expression=any_row(is_open(REFERRAL_DAY, "cine_close_date_day")),
        polarity=Polarity.CONTEXT,
        unit="flag",
        sentence="a referral is open",
        absent="no referral is open",
        evidence=LOCAL,
    ),
    _referral(
        name="cases_closed_no_longer_in_need_last_24_months",
        expression=count(all_of(within("cine_close_date_day", TWENTY_FOUR_MONTHS), is_in("cine_close_reason", "RC7"))),
        polarity=Polarity.CONTEXT,
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [case|cases] closed in the last 24 months as help was no longer needed",
        absent="no case closed in the last 24 months as help was no longer needed",
        evidence="Hood et al. 2024: 59% of assessed children are referred again within six years",
    ),
    _help(
        name="early_help_episodes_last_24_months",
        expression=count(within(_early_help[0], TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="early help began {value} [time|times] in the last 24 months",
        absent="no early help began in the last 24 months",
    ),
    _help(
        name="early_help_stepped_up_last_24_months",
        expression=count(
            all_of(within(_early_help[1], TWENTY_FOUR_MONTHS), speaks_of("earl_episode_end_reason", STEPPED_UP))
        ),
        polarity=Polarity.RISK,
        window_days=TWENTY_FOUR_MONTHS,
        sentence="early help ended {value} [time|times] with a step up in the last 24 months",
        absent="early help did not end with a step up in the last 24 months",
        evidence="7% to 13% of early help assessments step up; " + LOCAL,
    ),
    _help(
        name="days_of_early_help_last_12_months",
        expression=days_within(*_early_help, TWELVE_MONTHS),
        unit="days",
        window_days=TWELVE_MONTHS,
        sentence="early help was in place for {value} [day|days] of the last 12 months",
        absent="no early help was in place in the last 12 months",
    ),
    _in_place(
        name="has_early_help_now",
        expression=any_row(has_rung(Rung.EARLY_HELP)),
        sentence="early help is in place",
        absent="no early help is in place",
    ),
    _in_place(
        name="is_child_in_need_now",
        expression=any_row(has_rung(Rung.CHILD_IN_NEED)),
        sentence="help for a child in need is in place",
        absent="no help for a child in need is in place",
    ),
    _in_place(
        name="has_child_protection_plan_now",
        expression=any_row(has_rung(Rung.CHILD_PROTECTION)),
        sentence="a child protection plan is in place",
        absent="no child protection plan is in place",
    ),
)
