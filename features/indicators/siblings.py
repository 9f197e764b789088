"""Brothers and sisters: what services did for them, and what assessments of them found; never the child's own.

An event that concerned the whole family stands once for the child, in the child's own history, and once for each
sibling here. Help of a sibling's that ended as agreed is a strength and stands in `resilience`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from features.indicators.assessed_needs import (
    ALCOHOL,
    DOMESTIC_ABUSE,
    DRUGS,
    EXPLOITATION,
    IN_WINDOW,
    LIVERPOOL,
    PARENTAL_MENTAL_HEALTH,
    PHYSICAL_ABUSE,
    SEXUAL_ABUSE,
    WALES_CARE,
)
from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    found,
    has_rung,
    is_in,
    is_open,
    lasts_at_most,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, Polarity
from features.indicators.family import SIBLING, of_household
from features.indicators.help_so_far import STEPPED_UP
from features.indicators.measures import any_row, any_row_among, count
from features.indicators.service_history import CONTACT_DAY, POLICE, RE_REFERRAL, REFERRAL_DAY
from features.indicators.streams import FACTORS, RETURNED, SPANS
from features.vocabulary.status import Rung

if TYPE_CHECKING:
    from features.indicators.declaration import Indicator

SIBLINGS_IN_CARE = "Devon County Council 2019: half of looked-after children are in a sibling group in care"
NOT_ASSESSED = "no factors of a brother's or sister's assessment are on record in the last 24 months: not known"

CARE_BEGAN, CARE_CEASED = "clae_cla_episode_start_date_day", "clae_cla_episode_ceased_date_day"
PLAN_BEGAN, PLAN_ENDED = "cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day"

_of_sibling = partial(of_household, polarity=Polarity.RISK)
_over_a_year = partial(_of_sibling, window_days=TWELVE_MONTHS)
_over_two_years = partial(_of_sibling, window_days=TWENTY_FOUR_MONTHS)
_need_of_sibling = partial(
    _over_two_years,
    table=FACTORS,
    unit="flag",
    missing=NOT_ASSESSED,
    missing_is_gap=False,
    zero_when_no_row=False,
)

_SERVICES: tuple[Indicator, ...] = (
    _over_a_year(
        name="sibling_contacts_last_12_months",
        table="ssd_contacts",
        expression=count(all_of(SIBLING, within(CONTACT_DAY, TWELVE_MONTHS))),
        sentence="{value} [contact|contacts] about brothers or sisters in the last 12 months",
        absent="no contact about a brother or sister in the last 12 months",
        for_families="how often services were contacted about your child's brothers or sisters in the last 12 months",
    ),
    _over_a_year(
        name="sibling_police_contacts_last_12_months",
        table="ssd_contacts",
        expression=count(
            all_of(SIBLING, within(CONTACT_DAY, TWELVE_MONTHS), is_in("cont_contact_source_code", *POLICE))
        ),
        sentence="{value} [contact|contacts] from the police about brothers or sisters in the last 12 months",
        absent="no contact from the police about a brother or sister in the last 12 months",
        for_families="how often the police contacted us about your child's brothers or sisters in the last 12 months",
    ),
    _over_two_years(
        name="sibling_referrals_last_24_months",
        table="ssd_cin_episodes",
        expression=count(all_of(SIBLING, within(REFERRAL_DAY, TWENTY_FOUR_MONTHS))),
        sentence="{value} [referral|referrals] of brothers or sisters in the last 24 months",
        absent="no referral of a brother or sister in the last 24 months",
        for_families="how often your child's brothers or sisters were referred to us in the last 24 months",
    ),
    _over_two_years(
        name="sibling_re_referrals_within_a_year_last_24_months",
        table=RETURNED,
        expression=count(
            all_of(
                SIBLING,
                within(REFERRAL_DAY, TWENTY_FOUR_MONTHS),
                lasts_at_most("closed_day", REFERRAL_DAY, TWELVE_MONTHS),
            )
        ),
        sentence="brothers or sisters were referred again within 12 months of a closing [once|{value} times]"
        " in the last 24 months",
        absent="no brother or sister was referred again within 12 months of a closing in the last 24 months",
        evidence=RE_REFERRAL,
        for_families="how often your child's brothers or sisters were referred again within 12 months of a closing, in"
        " the last 24 months",
    ),
    _of_sibling(
        name="siblings_with_early_help_now",
        table="ssd_early_help_episodes",
        expression=count(all_of(SIBLING, is_open("earl_episode_start_date_day", "earl_episode_end_date_day"))),
        polarity=Polarity.CONTEXT,
        sentence="early help is in place for {value} [brother or sister|brothers and sisters]",
        absent="early help is in place for no brother or sister",
        for_families="for how many of your child's brothers and sisters early help is in place",
    ),
    _over_two_years(
        name="early_help_stepped_up_for_sibling_last_24_months",
        table="ssd_early_help_episodes",
        expression=count(
            all_of(
                SIBLING,
                within("earl_episode_end_date_day", TWENTY_FOUR_MONTHS),
                speaks_of("earl_episode_end_reason", STEPPED_UP),
            )
        ),
        sentence="early help for siblings ended [once|{value} times] with a step up in the last 24 months",
        absent="early help for a sibling did not end with a step up in the last 24 months",
        evidence="7% to 13% of early help assessments step up; " + LOCAL,
        for_families="how often early help for your child's brothers or sisters ended because more help was needed, in"
        " the last 24 months",
    ),
    _of_sibling(
        name="has_sibling_in_need_now",
        table=SPANS,
        expression=any_row(all_of(SIBLING, has_rung(Rung.CHILD_IN_NEED))),
        polarity=Polarity.CONTEXT,
        unit="flag",
        sentence="a brother or sister is helped as a child in need",
        absent="no brother or sister is helped as a child in need",
        for_families="whether a brother or sister of your child is helped as a child in need",
    ),
    _over_two_years(
        name="sibling_s47_enquiries_last_24_months",
        table="ssd_s47_enquiry",
        expression=count(all_of(SIBLING, within("s47e_s47_start_date_day", TWENTY_FOUR_MONTHS))),
        sentence="{value} child protection [enquiry|enquiries] about siblings in the last 24 months",
        absent="no child protection enquiry about a sibling in the last 24 months",
        for_families="how many child protection enquiries there were about your child's brothers or sisters in the last"
        " 24 months",
    ),
    _of_sibling(
        name="siblings_with_child_protection_plan_now",
        table="ssd_cp_plans",
        expression=count(all_of(SIBLING, is_open(PLAN_BEGAN, PLAN_ENDED))),
        sentence="{value} [brother or sister has|brothers and sisters have] a child protection plan",
        absent="no brother or sister has a child protection plan",
        for_families="how many of your child's brothers and sisters have a child protection plan",
    ),
    _over_two_years(
        name="sibling_child_protection_plans_last_24_months",
        table="ssd_cp_plans",
        expression=count(all_of(SIBLING, within(PLAN_BEGAN, TWENTY_FOUR_MONTHS))),
        sentence="{value} child protection [plan|plans] of brothers or sisters began in the last 24 months",
        absent="no child protection plan of a brother or sister began in the last 24 months",
        for_families="how many child protection plans of your child's brothers or sisters began in the last 24 months",
    ),
    _of_sibling(
        name="has_sibling_looked_after_now",
        table="ssd_cla_episodes",
        expression=any_row(all_of(SIBLING, is_open(CARE_BEGAN, CARE_CEASED))),
        unit="flag",
        sentence="a brother or sister is looked after",
        absent="no brother or sister is looked after",
        evidence=SIBLINGS_IN_CARE,
        for_families="whether a brother or sister of your child is looked after",
    ),
    _over_two_years(
        name="has_sibling_looked_after_last_24_months",
        table="ssd_cla_episodes",
        expression=any_row(all_of(SIBLING, within(CARE_BEGAN, TWENTY_FOUR_MONTHS))),
        unit="flag",
        sentence="an episode of care of a brother or sister began in the last 24 months",
        absent="no episode of care of a brother or sister began in the last 24 months",
        evidence=SIBLINGS_IN_CARE,
        for_families="whether a brother or sister of your child began to be looked after in the last 24 months",
    ),
    _of_sibling(
        name="has_sibling_ever_looked_after",
        table="ssd_cla_episodes",
        expression=any_row(SIBLING),
        unit="flag",
        sentence="a brother or sister is or was looked after, as far back as records go",
        absent="no brother or sister was ever looked after, as far back as records go",
        evidence=SIBLINGS_IN_CARE,
        for_families="whether a brother or sister of your child is or was ever looked after",
    ),
    _over_a_year(
        name="sibling_missing_episodes_last_12_months",
        table="ssd_missing",
        expression=count(all_of(SIBLING, within("miss_missing_episode_start_date_day", TWELVE_MONTHS))),
        sentence="brothers or sisters were missing [once|{value} times] in the last 12 months",
        absent="no brother or sister was missing in the last 12 months",
        for_families="how often brothers or sisters of your child were missing in the last 12 months",
    ),
    _over_a_year(
        name="sibling_addresses_begun_last_12_months",
        table="ssd_address",
        expression=count(all_of(SIBLING, within("addr_address_start_date_day", TWELVE_MONTHS))),
        polarity=Polarity.CONTEXT,
        sentence="{value} [address|addresses] of brothers or sisters began in the last 12 months",
        absent="no new address of a brother or sister in the last 12 months",
        for_families="how often your child's brothers or sisters had a new address in the last 12 months",
    ),
)

_NEEDS: tuple[Indicator, ...] = (
    _need_of_sibling(
        name="found_domestic_abuse_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*DOMESTIC_ABUSE)),
        sentence="an assessment of a brother or sister found domestic abuse in the family",
        absent="assessments of brothers and sisters found no domestic abuse in the family",
        evidence=WALES_CARE + "1.48 with domestic abuse",
        for_families="whether an assessment of a brother or sister in the last 24 months found abuse among adults",
    ),
    _need_of_sibling(
        name="found_substance_misuse_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*ALCOHOL, *DRUGS)),
        sentence="an assessment of a brother or sister found substance misuse by an adult at home",
        absent="assessments of brothers and sisters found no substance misuse by an adult at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment of a brother or sister in the last 24 months found that an adult needs help"
        " with alcohol or drugs",
    ),
    _need_of_sibling(
        name="found_parental_mental_ill_health_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*PARENTAL_MENTAL_HEALTH)),
        sentence="an assessment of a brother or sister found mental ill health of an adult at home",
        absent="assessments of brothers and sisters found no mental ill health of an adult at home",
        evidence=WALES_CARE + "1.44 with parental mental health problems",
        for_families="whether an assessment of a brother or sister in the last 24 months found that an adult needs help"
        " with mental health",
    ),
    _need_of_sibling(
        name="found_neglect_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found("16A")),
        sentence="an assessment of a brother or sister found neglect",
        absent="assessments of brothers and sisters found no neglect",
        evidence=LIVERPOOL,
        for_families="whether an assessment of a brother or sister in the last 24 months found that needs were not met",
    ),
    _need_of_sibling(
        name="found_physical_or_sexual_abuse_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*PHYSICAL_ABUSE, *SEXUAL_ABUSE)),
        sentence="an assessment of a brother or sister found physical or sexual abuse",
        absent="assessments of brothers and sisters found no physical or sexual abuse",
        for_families="whether an assessment of a brother or sister in the last 24 months found that they were hurt",
    ),
    _need_of_sibling(
        name="found_exploitation_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*EXPLOITATION)),
        sentence="an assessment of a brother or sister found exploitation, gangs or trafficking",
        absent="assessments of brothers and sisters found no exploitation, gangs or trafficking",
        for_families="whether an assessment of a brother or sister in the last 24 months found that others used them",
    ),
)

SIBLINGS: tuple[Indicator, ...] = (*_SERVICES, *_NEEDS)
