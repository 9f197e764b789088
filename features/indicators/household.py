"""The household: what is on record of brothers, sisters and the mother, and never of the child themselves.

Each row here is another person's. An event that concerned the whole family stands once for the child, in
the child's own history, and once for each sibling here. A child without known siblings has 0; a child whose
household is not recorded at all cannot be told from one without siblings, and has 0 as well: the words say
"on record".
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import (
    ALCOHOL,
    DOMESTIC_ABUSE,
    DRUGS,
    IN_WINDOW,
    PARENTAL_MENTAL_HEALTH,
    WALES_CARE,
)
from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    found,
    is_aged,
    is_open,
    is_relation,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    any_row_among,
    count,
)
from features.indicators.streams import FACTORS

LOCAL = "local judgement"
LARGER_FAMILIES = "Baldwin et al. 2020: hazard of a recorded concern 1.13 times with each further child"
SIBLINGS_IN_CARE = "Devon County Council 2019: half of looked-after children are in a sibling group in care"
NO_HOUSEHOLD = "this is not recorded here for the household"
NOT_ASSESSED = "no factors of a brother's or sister's assessment are on record in the last 24 months: not known"

SIBLING, MOTHER = is_relation("sibling"), is_relation("mother")

_of_household = partial(
    Indicator,
    about="household",
    domain=Domain.HOUSEHOLD,
    polarity=Polarity.RISK,
    unit="count",
    missing=NO_HOUSEHOLD,
    evidence=LOCAL,
)
_need_of_sibling = partial(
    _of_household,
    table=FACTORS,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    missing=NOT_ASSESSED,
    missing_is_gap=False,
    zero_when_no_row=False,
)

HOUSEHOLD: tuple[Indicator, ...] = (
    _of_household(
        name="siblings_on_record",
        table="ssd_person",
        expression=count(SIBLING),
        polarity=Polarity.CONTEXT,
        sentence="{value} [brother or sister|brothers and sisters] on record",
        absent="no brother or sister on record",
        evidence=LARGER_FAMILIES,
    ),
    _of_household(
        name="siblings_under_five",
        table="ssd_person",
        expression=count(all_of(SIBLING, is_aged("pers_dob", below=5))),
        polarity=Polarity.CONTEXT,
        sentence="{value} [brother or sister|brothers and sisters] under five on record",
        absent="no brother or sister under five on record",
        evidence=LARGER_FAMILIES,
    ),
    _of_household(
        name="sibling_contacts_last_12_months",
        table="ssd_contacts",
        expression=count(all_of(SIBLING, within("cont_contact_date_day", TWELVE_MONTHS))),
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] about brothers or sisters in the last 12 months",
        absent="no contact about a brother or sister in the last 12 months",
    ),
    _of_household(
        name="sibling_referrals_last_24_months",
        table="ssd_cin_episodes",
        expression=count(all_of(SIBLING, within("cine_referral_date_day", TWENTY_FOUR_MONTHS))),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [referral|referrals] of brothers or sisters in the last 24 months",
        absent="no referral of a brother or sister in the last 24 months",
    ),
    _of_household(
        name="siblings_with_early_help_now",
        table="ssd_early_help_episodes",
        expression=count(all_of(SIBLING, is_open("earl_episode_start_date_day", "earl_episode_end_date_day"))),
        polarity=Polarity.CONTEXT,
        sentence="early help is in place for {value} [brother or sister|brothers and sisters]",
        absent="early help is in place for no brother or sister",
    ),
    _of_household(
        name="sibling_s47_enquiries_last_24_months",
        table="ssd_s47_enquiry",
        expression=count(all_of(SIBLING, within("s47e_s47_start_date_day", TWENTY_FOUR_MONTHS))),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} child protection [enquiry|enquiries] about siblings in the last 24 months",
        absent="no child protection enquiry about a sibling in the last 24 months",
    ),
    _of_household(
        name="siblings_with_child_protection_plan_now",
        table="ssd_cp_plans",
        expression=count(all_of(SIBLING, is_open("cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day"))),
        sentence="{value} [brother or sister has|brothers and sisters have] a child protection plan",
        absent="no brother or sister has a child protection plan",
    ),
    _of_household(
        name="sibling_child_protection_plans_last_24_months",
        table="ssd_cp_plans",
        expression=count(all_of(SIBLING, within("cppl_cp_plan_start_date_day", TWENTY_FOUR_MONTHS))),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} child protection [plan|plans] of brothers or sisters began in the last 24 months",
        absent="no child protection plan of a brother or sister began in the last 24 months",
    ),
    _of_household(
        name="has_sibling_looked_after_now",
        table="ssd_cla_episodes",
        expression=any_row(
            all_of(SIBLING, is_open("clae_cla_episode_start_date_day", "clae_cla_episode_ceased_date_day"))
        ),
        unit="flag",
        sentence="a brother or sister is looked after",
        absent="no brother or sister is looked after",
        evidence=SIBLINGS_IN_CARE,
    ),
    _of_household(
        name="has_sibling_looked_after_last_24_months",
        table="ssd_cla_episodes",
        expression=any_row(all_of(SIBLING, within("clae_cla_episode_start_date_day", TWENTY_FOUR_MONTHS))),
        unit="flag",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="an episode of care of a brother or sister began in the last 24 months",
        absent="no episode of care of a brother or sister began in the last 24 months",
        evidence=SIBLINGS_IN_CARE,
    ),
    _of_household(
        name="sibling_missing_episodes_last_12_months",
        table="ssd_missing",
        expression=count(all_of(SIBLING, within("miss_missing_episode_start_date_day", TWELVE_MONTHS))),
        window_days=TWELVE_MONTHS,
        sentence="brothers or sisters were missing {value} [time|times] in the last 12 months",
        absent="no brother or sister was missing in the last 12 months",
    ),
    _need_of_sibling(
        name="found_domestic_abuse_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*DOMESTIC_ABUSE)),
        sentence="an assessment of a brother or sister found domestic abuse in the family",
        absent="assessments of brothers and sisters found no domestic abuse in the family",
        evidence=WALES_CARE + "1.48 with domestic abuse",
    ),
    _need_of_sibling(
        name="found_substance_misuse_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*ALCOHOL, *DRUGS)),
        sentence="an assessment of a brother or sister found substance misuse by an adult at home",
        absent="assessments of brothers and sisters found no substance misuse by an adult at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
    ),
    _need_of_sibling(
        name="found_parental_mental_ill_health_for_sibling_last_24_months",
        expression=any_row_among(all_of(SIBLING, IN_WINDOW), found(*PARENTAL_MENTAL_HEALTH)),
        sentence="an assessment of a brother or sister found mental ill health of an adult at home",
        absent="assessments of brothers and sisters found no mental ill health of an adult at home",
        evidence=WALES_CARE + "1.44 with parental mental health problems",
    ),
    _of_household(
        name="mother_was_referred_herself",
        table="ssd_cin_episodes",
        expression=any_row(MOTHER),
        unit="flag",
        sentence="the mother was once referred to social care herself, as a child",
        absent="no referral of the mother herself, as a child, is on record",
        evidence=LOCAL,
    ),
    _of_household(
        name="mother_was_looked_after",
        table="ssd_cla_episodes",
        expression=any_row(MOTHER),
        unit="flag",
        sentence="the mother was once looked after herself",
        absent="no time of the mother's in care is on record",
        evidence=LOCAL,
    ),
)
