"""Contact with services: who came to the front door, how often, and what became of it.

Who came is never said to a family: the person may not want it known. What help there was is in `help_so_far`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    SIX_MONTHS,
    THREE_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    before,
    either,
    equals,
    holds,
    is_in,
    is_known,
    is_missing,
    is_open,
    lasts_at_most,
    within,
)
from features.indicators.declaration import LOCAL, SAYS_WHO_CAME, Domain, Indicator, Polarity
from features.indicators.measures import Measure, any_row, count, difference, n_that_hold, reaches
from features.indicators.streams import RETURNED
from features.vocabulary.theory_of_change import Aim

RE_REFERRAL = "DfE Children in need 2025: 22.6% of referrals follow an earlier one within 12 months"
NO_ACTION = "Troncoso 2017: re-referral is likelier after a first referral closed without further action"
CLOSED_BELOW_NEED = "Action for Children 2022: 85% of assessments below the threshold closed without early help"
SIX_YEARS = "Hood et al. 2024: 59% of assessed children are referred again within six years"

POLICE, HOUSING, HOSPITAL = ("6",), ("4",), ("3E",)
SCHOOLS = ("2A", "2B")
HEALTH = ("3A", "3B", "3C", "3D", "3E", "3F")
COUNCIL = ("5A", "5B", "5C", "5D")
RELATIVES_AND_CHILD = ("1A", "1C")
# Acquaintances, other individuals, and whoever gave no name.
PUBLIC = ("1B", "1D", "9")
# Courts and immigration authorities (7) are told apart from nobody else, so as not to stand for who came from where.
OTHER_BODIES = ("7", "8")
_KINDS_OF_SOURCE = (POLICE, HOUSING, SCHOOLS, HEALTH, COUNCIL, RELATIVES_AND_CHILD, PUBLIC, OTHER_BODIES)

CONTACT_DAY, REFERRAL_DAY, CLOSED = "cont_contact_date_day", "cine_referral_date_day", "cine_close_date_day"

_this_year = within(CONTACT_DAY, TWELVE_MONTHS)
_decided = all_of(within(CONTACT_DAY, TWENTY_FOUR_MONTHS), is_known("cont_contact_outcome_json"))
# A referral closed without further action often has no closing day: it was closed as it came.
_goes_on = either(is_missing("cine_referral_nfa"), equals("cine_referral_nfa", 0))


def _contacts_from(*codes: str) -> Measure:
    return count(all_of(_this_year, is_in("cont_contact_source_code", *codes)))


def _referrals_by(*codes: str) -> Measure:
    return count(all_of(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS), is_in("cine_referral_source_code", *codes)))


_contact = partial(
    Indicator,
    table="ssd_contacts",
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="count",
    window_days=TWELVE_MONTHS,
    missing="contacts are not recorded here",
    evidence=LOCAL,
    aim=Aim.HELP_IN_TIME,
)
_contact_again = partial(_contact, polarity=Polarity.RISK, evidence=RE_REFERRAL)
_contact_from = partial(_contact, not_for_families=SAYS_WHO_CAME)
_referral = partial(
    Indicator,
    table="ssd_cin_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    missing="referrals are not recorded here",
    evidence=LOCAL,
    aim=Aim.HELP_IN_TIME,
)
_referral_again = partial(_referral, polarity=Polarity.RISK, evidence=RE_REFERRAL)
_referral_from = partial(_referral, not_for_families=SAYS_WHO_CAME)

_CONTACTS: tuple[Indicator, ...] = (
    _contact_again(
        name="contacts_last_3_months",
        expression=count(within(CONTACT_DAY, THREE_MONTHS)),
        window_days=THREE_MONTHS,
        sentence="{value} [contact|contacts] in the last 3 months",
        absent="no contact in the last 3 months",
        for_families="how often services were contacted about your child in the last 3 months",
    ),
    _contact_again(
        name="contacts_last_12_months",
        expression=count(_this_year),
        sentence="{value} [contact|contacts] in the last 12 months",
        absent="no contact in the last 12 months",
        for_families="how often services were contacted about your child in the last 12 months",
    ),
    _contact(
        name="rise_in_contacts_last_6_months",
        expression=difference(
            count(within(CONTACT_DAY, SIX_MONTHS)),
            count(all_of(within(CONTACT_DAY, 2 * SIX_MONTHS), before(CONTACT_DAY, SIX_MONTHS))),
        ),
        window_days=2 * SIX_MONTHS,
        sentence="contacts in the last 6 months less those in the 6 months before: {value}",
        absent="as many contacts in the last 6 months as in the 6 months before",
        for_families="how many more contacts about your child there were in the last 6 months than in the 6 before",
    ),
    _contact_from(
        name="police_contacts_last_12_months",
        expression=_contacts_from(*POLICE),
        polarity=Polarity.RISK,
        sentence="{value} [contact|contacts] from the police in the last 12 months",
        absent="no contact from the police in the last 12 months",
        for_families="how often the police contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="school_contacts_last_12_months",
        expression=_contacts_from(*SCHOOLS),
        sentence="{value} [contact|contacts] from school or education in the last 12 months",
        absent="no contact from school or education in the last 12 months",
        for_families="how often a school contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="health_contacts_last_12_months",
        expression=_contacts_from(*HEALTH),
        sentence="{value} [contact|contacts] from health services in the last 12 months",
        absent="no contact from health services in the last 12 months",
        for_families="how often health services contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="emergency_department_contacts_last_12_months",
        expression=_contacts_from(*HOSPITAL),
        sentence="{value} [contact|contacts] from a hospital's emergency department in the last 12 months",
        absent="no contact from a hospital's emergency department in the last 12 months",
        for_families="how often a hospital's emergency department contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="housing_contacts_last_12_months",
        expression=_contacts_from(*HOUSING),
        sentence="{value} [contact|contacts] from housing services in the last 12 months",
        absent="no contact from housing services in the last 12 months",
        for_families="how often housing services contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="contacts_from_the_public_last_12_months",
        expression=_contacts_from(*PUBLIC),
        sentence="{value} [contact|contacts] from acquaintances or people unnamed in the last 12 months",
        absent="no contact from acquaintances or people unnamed in the last 12 months",
        for_families="how often other people contacted us about your child in the last 12 months",
    ),
    _contact_from(
        name="kinds_of_source_of_contacts_last_12_months",
        expression=n_that_hold(*(reaches(_contacts_from(*codes), 1) for codes in _KINDS_OF_SOURCE)),
        sentence="contacts in the last 12 months came from {value} [kind|kinds] of source",
        absent="no contact in the last 12 months says where it came from",
        for_families="how many kinds of source contacts about your child came from in the last 12 months",
    ),
    _contact(
        name="contacts_closed_without_action_last_12_months",
        expression=count(all_of(_this_year, holds("cont_contact_outcome_json", "NFA_FLAG"))),
        sentence="{value} [contact|contacts] closed without further action in the last 12 months",
        absent="no contact closed without further action in the last 12 months",
        evidence=NO_ACTION,
        for_families="how many contacts about your child were closed without further action in the last 12 months",
    ),
    _contact(
        name="contacts_closed_with_advice_last_12_months",
        expression=count(all_of(_this_year, holds("cont_contact_outcome_json", "ADVICE_FLAG"))),
        sentence="{value} [contact|contacts] ended with advice in the last 12 months",
        absent="no contact ended with advice in the last 12 months",
        for_families="how many contacts about your child ended with advice in the last 12 months",
    ),
    _contact_again(
        name="contacts_that_became_referrals_last_12_months",
        expression=count(all_of(_this_year, holds("cont_contact_outcome_json", "NEW_REFERRAL_FLAG"))),
        sentence="{value} [contact|contacts] became a referral in the last 12 months",
        absent="no contact became a referral in the last 12 months",
        for_families="how many contacts about your child became a referral in the last 12 months",
    ),
    _contact(
        name="share_of_contacts_closed_without_action_last_24_months",
        expression=count(all_of(_decided, holds("cont_contact_outcome_json", "NFA_FLAG"))),
        per=count(_decided),
        unit="ratio",
        zero_when_no_row=False,
        missing_is_gap=False,
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} of the contacts of the last 24 months were closed without further action",
        absent="no contact of the last 24 months was closed without further action",
        missing="no contact of the last 24 months says what became of it",
        evidence=NO_ACTION,
        for_families="what share of the contacts of the last 24 months was closed without further action",
    ),
)

_REFERRALS: tuple[Indicator, ...] = (
    _referral_again(
        name="referrals_last_12_months",
        expression=count(within(REFERRAL_DAY, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [referral|referrals] in the last 12 months",
        absent="no referral in the last 12 months",
        for_families="how often your child was referred to social care in the last 12 months",
    ),
    _referral_again(
        name="referrals_last_24_months",
        expression=count(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS)),
        sentence="{value} [referral|referrals] in the last 24 months",
        absent="no referral in the last 24 months",
        for_families="how often your child was referred to social care in the last 24 months",
    ),
    _referral_from(
        name="police_referrals_last_24_months",
        expression=_referrals_by(*POLICE),
        sentence="{value} [referral|referrals] by the police in the last 24 months",
        absent="no referral by the police in the last 24 months",
        for_families="how often the police referred your child to us in the last 24 months",
    ),
    _referral_from(
        name="school_referrals_last_24_months",
        expression=_referrals_by(*SCHOOLS),
        sentence="{value} [referral|referrals] by school or education in the last 24 months",
        absent="no referral by school or education in the last 24 months",
        for_families="how often a school referred your child to us in the last 24 months",
    ),
    _referral_from(
        name="health_referrals_last_24_months",
        expression=_referrals_by(*HEALTH),
        sentence="{value} [referral|referrals] by health services in the last 24 months",
        absent="no referral by health services in the last 24 months",
        for_families="how often health services referred your child to us in the last 24 months",
    ),
    _referral_again(
        name="re_referrals_within_a_year_last_24_months",
        table=RETURNED,
        expression=count(
            all_of(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS), lasts_at_most("closed_day", REFERRAL_DAY, TWELVE_MONTHS))
        ),
        sentence="referred again within 12 months of a closing [once|{value} times] in the last 24 months",
        absent="not referred again within 12 months of a closing in the last 24 months",
        for_families="how often your child was referred again within 12 months of a closing, in the last 24 months",
    ),
    _referral(
        name="referrals_closed_without_action_last_24_months",
        expression=count(all_of(within(REFERRAL_DAY, TWENTY_FOUR_MONTHS), equals("cine_referral_nfa", 1))),
        polarity=Polarity.RISK,
        sentence="{value} [referral|referrals] closed without further action in the last 24 months",
        absent="no referral closed without further action in the last 24 months",
        evidence=NO_ACTION,
        for_families="how many referrals of your child were closed without further action in the last 24 months",
    ),
    _referral(
        name="has_open_referral_now",
        expression=any_row(all_of(is_open(REFERRAL_DAY, CLOSED), _goes_on)),
        unit="flag",
        window_days=None,
        sentence="a referral to social care is still open, whether or not need was found",
        absent="no referral to social care is open",
        for_families="whether a referral of your child to social care is open",
    ),
    _referral(
        name="cases_closed_no_longer_in_need_last_24_months",
        expression=count(all_of(within(CLOSED, TWENTY_FOUR_MONTHS), is_in("cine_close_reason", "RC7"))),
        sentence="{value} [case|cases] closed in the last 24 months as help was no longer needed",
        absent="no case closed in the last 24 months as help was no longer needed",
        evidence=SIX_YEARS,
        for_families="how often our work ended because help was no longer needed, in the last 24 months",
    ),
    _referral(
        name="cases_closed_after_assessment_last_24_months",
        expression=count(all_of(within(CLOSED, TWENTY_FOUR_MONTHS), is_in("cine_close_reason", "RC8"))),
        sentence="{value} [case|cases] closed after assessment, without further action, in the last 24 months",
        absent="no case closed after assessment, without further action, in the last 24 months",
        evidence=CLOSED_BELOW_NEED,
        for_families="how often our work ended after an assessment, without further action, in the last 24 months",
    ),
    _referral(
        name="cases_closed_to_early_help_last_24_months",
        expression=count(all_of(within(CLOSED, TWENTY_FOUR_MONTHS), is_in("cine_close_reason", "RC9"))),
        sentence="{value} [case|cases] closed with a referral to early help in the last 24 months",
        absent="no case closed with a referral to early help in the last 24 months",
        evidence=CLOSED_BELOW_NEED,
        for_families="how often our work ended with a referral to early help, in the last 24 months",
    ),
)

SERVICE_HISTORY: tuple[Indicator, ...] = (*_CONTACTS, *_REFERRALS)
