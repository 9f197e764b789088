"""Contact with services where harm was looked into: assessments, enquiries, conferences and plans.

An enquiry looks into a concern; by itself it finds nothing. Time in care is in `past_care`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    is_held_within,
    is_in,
    is_known,
    is_open,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import Measure, any_row, count, days_within, reaches
from features.vocabulary.theory_of_change import Aim

HIGHEST_LEVEL = (
    "DfE Children in need, a focus on re-referrals 2017: 11.6% of referrals reach an enquiry and no higher;"
    " local judgement"
)
CONFERENCES = "DfE Children in need, a focus on re-referrals 2017: 1.7% of referrals reach a conference and no higher"
SECOND_PLANS = "DfE Children in need 2025: 24.5% of protection plans that start are a second or later one"
LIVERPOOL = "McHale et al. 2024, Liverpool: a plan, neglect, sexual and emotional abuse raised the hazard of care"

ASSESSED, AUTHORISED = "cina_assessment_start_date_day", "cina_assessment_auth_date_day"
ENQUIRED, ENQUIRY_ENDED = "s47e_s47_start_date_day", "s47e_s47_end_date_day"
MET = "icpc_icpc_date_day"
PLAN_BEGAN, PLAN_ENDED = "cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day"

_declared = partial(
    Indicator,
    domain=Domain.SERVICES,
    polarity=Polarity.CONTEXT,
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    evidence=LOCAL,
    aim=Aim.SAFELY_AT_HOME,
)
_assessment = partial(_declared, table="ssd_cin_assessments", missing="assessments are not recorded here")
_enquiry = partial(
    _declared,
    table="ssd_s47_enquiry",
    polarity=Polarity.RISK,
    missing="child protection enquiries are not recorded here",
    evidence=HIGHEST_LEVEL,
    not_for_families=MAY_ENDANGER,
)
_conference = partial(
    _declared,
    table="ssd_initial_cp_conference",
    missing="initial child protection conferences are not recorded here",
    evidence=CONFERENCES,
)
_plan = partial(
    _declared,
    table="ssd_cp_plans",
    polarity=Polarity.RISK,
    missing="child protection plans are not recorded here",
    evidence=SECOND_PLANS,
)


def _plan_for(*categories: str) -> Measure:
    """Say whether a plan in place in the window was made for one of these, by its first category."""
    in_window = is_held_within(PLAN_BEGAN, PLAN_ENDED, TWENTY_FOUR_MONTHS)
    return any_row(all_of(in_window, is_in("cppl_cp_plan_initial_category", *categories)))


# A plan of these may be the one in place, above which there are fewer rungs: context, as all that is in place.
_plan_held = partial(_plan, polarity=Polarity.CONTEXT)
_kind_of_plan = partial(_plan_held, unit="flag", evidence=LIVERPOOL)

_ENQUIRIES: tuple[Indicator, ...] = (
    _assessment(
        name="assessments_last_24_months",
        expression=count(within(ASSESSED, TWENTY_FOUR_MONTHS)),
        sentence="{value} [assessment|assessments] began in the last 24 months",
        absent="no assessment began in the last 24 months",
        for_families="how many assessments of your child began in the last 24 months",
    ),
    _assessment(
        name="has_open_assessment_now",
        expression=any_row(is_open(ASSESSED, AUTHORISED)),
        unit="flag",
        window_days=None,
        sentence="an assessment is under way",
        absent="no assessment is under way",
        for_families="whether an assessment of your child is under way",
    ),
    _assessment(
        name="assessments_without_further_action_last_24_months",
        expression=count(all_of(within(AUTHORISED, TWENTY_FOUR_MONTHS), equals("cina_assessment_outcome_nfa", 1))),
        sentence="{value} [assessment|assessments] ended without further action in the last 24 months",
        absent="no assessment ended without further action in the last 24 months",
        for_families="how many assessments of your child ended without further action in the last 24 months",
    ),
    _enquiry(
        name="s47_enquiries_last_12_months",
        expression=count(within(ENQUIRED, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} child protection [enquiry|enquiries] in the last 12 months",
        absent="no child protection enquiry in the last 12 months",
        for_families="how many child protection enquiries there were about your child in the last 12 months",
    ),
    _enquiry(
        name="s47_enquiries_last_24_months",
        expression=count(within(ENQUIRED, TWENTY_FOUR_MONTHS)),
        sentence="{value} child protection [enquiry|enquiries] in the last 24 months",
        absent="no child protection enquiry in the last 24 months",
        for_families="how many child protection enquiries there were about your child in the last 24 months",
    ),
    _enquiry(
        name="has_repeat_s47_enquiry_last_24_months",
        expression=reaches(count(within(ENQUIRED, TWENTY_FOUR_MONTHS)), 2),
        unit="flag",
        sentence="more than one child protection enquiry began in the last 24 months",
        absent="no more than one child protection enquiry began in the last 24 months",
        for_families="whether there was more than one child protection enquiry about your child in the last 24 months",
    ),
    _enquiry(
        name="s47_enquiries_without_further_action_last_24_months",
        expression=count(all_of(within(ENQUIRY_ENDED, TWENTY_FOUR_MONTHS), equals("s47e_s47_nfa", 1))),
        polarity=Polarity.CONTEXT,
        sentence="{value} child protection [enquiry|enquiries] ended without further action in the last 24 months",
        absent="no child protection enquiry ended without further action in the last 24 months",
        for_families="how many child protection enquiries ended without further action in the last 24 months",
    ),
    _enquiry(
        name="has_open_s47_enquiry_now",
        expression=any_row(is_open(ENQUIRED, ENQUIRY_ENDED)),
        polarity=Polarity.CONTEXT,
        unit="flag",
        window_days=None,
        sentence="a child protection enquiry is under way",
        absent="no child protection enquiry is under way",
        for_families="whether a child protection enquiry about your child is under way",
    ),
)

_PLANS: tuple[Indicator, ...] = (
    _conference(
        name="initial_conferences_last_24_months",
        expression=count(within(MET, TWENTY_FOUR_MONTHS)),
        sentence="{value} initial child protection [conference|conferences] in the last 24 months",
        absent="no initial child protection conference in the last 24 months",
        for_families="how many first child protection conferences there were about your child in the last 24 months",
    ),
    _conference(
        name="conferences_without_plan_last_24_months",
        expression=count(all_of(within(MET, TWENTY_FOUR_MONTHS), equals("icpc_icpc_outcome_cp_flag", 0))),
        polarity=Polarity.RISK,
        sentence="{value} child protection [conference|conferences] without a plan in the last 24 months",
        absent="no child protection conference ended without a plan in the last 24 months",
        evidence=LOCAL,
        for_families="how many first child protection conferences of the last 24 months made no plan",
    ),
    _plan_held(
        name="child_protection_plans_on_record",
        expression=count(is_known(PLAN_BEGAN)),
        window_days=None,
        sentence="{value} child protection [plan|plans] as far back as records go",
        absent="no child protection plan as far back as records go",
        for_families="how many child protection plans your child has had, as far back as our records go",
    ),
    _plan_held(
        name="has_had_second_child_protection_plan",
        expression=reaches(count(is_known(PLAN_BEGAN)), 2),
        unit="flag",
        window_days=None,
        sentence="the child has had a second or later child protection plan",
        absent="no second or later child protection plan is on record",
        for_families="whether your child has had more than one child protection plan",
    ),
    _plan(
        name="child_protection_plans_ended_last_24_months",
        expression=count(within(PLAN_ENDED, TWENTY_FOUR_MONTHS)),
        sentence="{value} child protection [plan|plans] ended in the last 24 months",
        absent="no child protection plan ended in the last 24 months",
        for_families="how many child protection plans for your child ended in the last 24 months",
    ),
    _plan_held(
        name="days_on_child_protection_plan_last_24_months",
        expression=days_within(PLAN_BEGAN, PLAN_ENDED, TWENTY_FOUR_MONTHS),
        unit="days",
        sentence="a child protection plan was in place for {value} [day|days] of the last 24 months",
        absent="no child protection plan was in place in the last 24 months",
        for_families="for how many days of the last 24 months your child had a child protection plan",
    ),
    _kind_of_plan(
        name="has_had_plan_for_neglect_last_24_months",
        expression=_plan_for("NEG"),
        sentence="a child protection plan in place in the last 24 months was made for neglect",
        absent="no child protection plan of the last 24 months was made for neglect",
        for_families="whether a child protection plan in the last 24 months was made because needs were not met",
    ),
    _kind_of_plan(
        name="has_had_plan_for_emotional_abuse_last_24_months",
        expression=_plan_for("EMO"),
        sentence="a child protection plan in place in the last 24 months was made for emotional abuse",
        absent="no child protection plan of the last 24 months was made for emotional abuse",
        for_families="whether a child protection plan in the last 24 months was made because of emotional harm",
        not_for_families=MAY_ENDANGER,
    ),
    _kind_of_plan(
        name="has_had_plan_for_physical_abuse_last_24_months",
        expression=_plan_for("PHY"),
        evidence=LOCAL,
        sentence="a child protection plan in place in the last 24 months was made for physical abuse",
        absent="no child protection plan of the last 24 months was made for physical abuse",
        for_families="whether a child protection plan in the last 24 months was made because of physical harm",
        not_for_families=MAY_ENDANGER,
    ),
    _kind_of_plan(
        name="has_had_plan_for_sexual_abuse_last_24_months",
        expression=_plan_for("SAB"),
        sentence="a child protection plan in place in the last 24 months was made for sexual abuse",
        absent="no child protection plan of the last 24 months was made for sexual abuse",
        for_families="whether a child protection plan in the last 24 months was made because of sexual harm",
        not_for_families=MAY_ENDANGER,
    ),
    _declared(
        name="protection_visits_last_24_months",
        table="ssd_cp_visits",
        expression=count(within("cppv_cp_visit_date_day", TWENTY_FOUR_MONTHS)),
        sentence="{value} [visit|visits] under a child protection plan in the last 24 months",
        absent="no visit under a child protection plan in the last 24 months",
        missing="visits under child protection plans are not recorded here",
        for_families="how often we visited your child under a child protection plan in the last 24 months",
    ),
    _declared(
        name="days_on_child_in_need_plan_last_24_months",
        table="ssd_cin_plans",
        expression=days_within("cinp_cin_plan_start_date_day", "cinp_cin_plan_end_date_day", TWENTY_FOUR_MONTHS),
        unit="days",
        sentence="a child in need plan was in place for {value} [day|days] of the last 24 months",
        absent="no child in need plan was in place in the last 24 months",
        missing="child in need plans are not recorded here",
        for_families="for how many days of the last 24 months your child had a plan as a child in need",
    ),
    _declared(
        name="visits_in_need_last_12_months",
        table="ssd_cin_visits",
        expression=count(within("cinv_cin_visit_date_day", TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [visit|visits] to the child as a child in need in the last 12 months",
        absent="no visit to the child as a child in need in the last 12 months",
        missing="visits to children in need are not recorded here",
        for_families="how often we visited your child as a child in need in the last 12 months",
    ),
)

CHILD_PROTECTION: tuple[Indicator, ...] = (*_ENQUIRIES, *_PLANS)
