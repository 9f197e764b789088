"""Mental health: what assessments found of the child, a parent and others at home, and a questionnaire for children.

The Strengths and Difficulties Questionnaire is asked for of looked-after children alone: its scores here are of past
care. More points are more difficulty; a score is not a diagnosis.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import (
    CHILD_FIRST,
    IN_WINDOW,
    LIVERPOOL,
    PARENTAL_MENTAL_HEALTH,
    WALES_CARE,
    found_in_window,
    need_found,
)
from features.indicators.conditions import (
    TWENTY_FOUR_MONTHS,
    all_of,
    found,
    is_at_least,
    is_in,
    is_known,
    within,
)
from features.indicators.declaration import LOCAL, TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.measures import any_row_among, is_larger, largest, latest_number
from features.vocabulary.theory_of_change import Aim

NORMS = "UK norms of the questionnaire, filled in by teachers: 19 to 40 points are very high; local judgement"
OF_CONCERN = "DfE Children looked after 2025: 42% of those asked had a score that is cause for concern, 17 to 40"

ASKED, SCORE, REASON = "csdq_sdq_completed_date_day", "csdq_sdq_score", "csdq_sdq_reason"

# DfE, Children looked after in England: 0 to 13 normal, 14 to 16 borderline, 17 to 40 cause for concern.
LEAST_OF_CONCERN = 17

_SCORED = all_of(within(ASKED, TWENTY_FOUR_MONTHS), is_known(SCORE))

_need = partial(need_found, domain=Domain.MENTAL_HEALTH)
_questionnaire = partial(
    Indicator,
    table="ssd_sdq_scores",
    domain=Domain.MENTAL_HEALTH,
    polarity=Polarity.RISK,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    missing="no Strengths and Difficulties Questionnaire on record: only looked-after children have one",
    missing_is_gap=False,
    zero_when_no_row=False,
    evidence=NORMS,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)

_FOUND: tuple[Indicator, ...] = (
    _need(
        name="found_child_mental_ill_health_last_24_months",
        expression=found_in_window("4A"),
        sentence="an assessment found that the child's mental health needs support",
        absent="assessments found no concern for the child's mental health",
        evidence=WALES_CARE + "1.82 with the child's mental health problems",
        for_families="whether an assessment in the last 24 months found that your child's mental health needs support",
    ),
    _need(
        name="found_self_harm_last_24_months",
        expression=found_in_window("15A"),
        sentence="an assessment found that the child may be harming themselves",
        absent="assessments found no self-harm",
        evidence="Simkiss et al. 2012: odds ratio of care 2.65 with the child's mental illness; local judgement",
        for_families="whether an assessment in the last 24 months found that your child may be harming themselves",
        not_for_families=CHILD_FIRST,
    ),
    _need(
        name="found_mental_ill_health_of_parent_last_24_months",
        expression=found_in_window("4B"),
        sentence="an assessment found mental ill health of a parent",
        absent="assessments found no mental ill health of a parent",
        evidence=WALES_CARE + "1.44 with parental mental health problems",
        for_families="whether an assessment in the last 24 months found that a parent's mental health needs support",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    _need(
        name="found_mental_ill_health_of_other_at_home_last_24_months",
        expression=found_in_window("4C"),
        sentence="an assessment found mental ill health of someone at home who is not a parent",
        absent="assessments found no mental ill health of someone at home who is not a parent",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that the mental health of someone at home who"
        " is not a parent needs support",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    _need(
        name="found_parental_mental_ill_health_last_24_months",
        expression=found_in_window(*PARENTAL_MENTAL_HEALTH),
        sentence="an assessment found mental ill health of a parent or another person at home",
        absent="assessments found no mental ill health of a parent or another person at home",
        evidence=WALES_CARE + "1.44 with parental mental health problems",
        for_families="whether an assessment in the last 24 months found that the mental health of a parent or another"
        " person at home needs support",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    _need(
        name="found_mental_ill_health_of_parent_and_child_last_24_months",
        expression=any_row_among(IN_WINDOW, all_of(found("4A"), found("4B"))),
        sentence="one assessment found that the mental health of the child and of a parent needs support",
        absent="no assessment found ill mental health of the child and a parent together",
        evidence=WALES_CARE + "1.82 with the child's and 1.44 with a parent's mental health problems",
        for_families="whether one assessment in the last 24 months found that your child's and a parent's mental health"
        " need support",
        aim=Aim.WHOLE_FAMILY,
        not_for_families=TELLS_OF_OTHERS,
    ),
)

_QUESTIONNAIRES: tuple[Indicator, ...] = (
    _questionnaire(
        name="highest_sdq_score_last_24_months",
        expression=largest(SCORE, _SCORED),
        unit="count",
        sentence="{value} of 40 points for difficulties in a Strengths and Difficulties Questionnaire",
        absent="no point for difficulties in a Strengths and Difficulties Questionnaire",
        for_families="how many points, of 40, a questionnaire about your child's difficulties gave at most, in the last"
        " 24 months",
    ),
    _questionnaire(
        name="latest_sdq_score_last_24_months",
        expression=latest_number(SCORE, on_day=ASKED, among=_SCORED),
        unit="count",
        sentence="{value} of 40 points for difficulties in the latest Strengths and Difficulties Questionnaire",
        absent="no point for difficulties in the latest Strengths and Difficulties Questionnaire",
        for_families="how many points, of 40, the latest questionnaire about your child's difficulties gave",
    ),
    _questionnaire(
        name="has_sdq_score_of_concern_last_24_months",
        expression=any_row_among(_SCORED, is_at_least(SCORE, LEAST_OF_CONCERN)),
        sentence="a Strengths and Difficulties Questionnaire gave 17 points or more, which is cause for concern",
        absent="no Strengths and Difficulties Questionnaire gave 17 points or more",
        evidence=OF_CONCERN,
        for_families="whether a questionnaire gave 17 points or more for your child's difficulties in the last 24"
        " months",
    ),
    _questionnaire(
        name="has_sdq_score_fallen_from_highest_last_24_months",
        expression=is_larger(largest(SCORE, _SCORED), latest_number(SCORE, on_day=ASKED, among=_SCORED)),
        polarity=Polarity.RESILIENCE,
        sentence="the latest Strengths and Difficulties Questionnaire gave fewer points for difficulties than an"
        " earlier one",
        absent="the latest Strengths and Difficulties Questionnaire gave no fewer points than an earlier one, or it is"
        " the only one",
        evidence=LOCAL,
        for_families="whether the latest questionnaire about your child gave fewer points for difficulties than an"
        " earlier one",
    ),
    _questionnaire(
        name="was_sdq_declined_last_24_months",
        expression=any_row_among(
            within(ASKED, TWENTY_FOUR_MONTHS), all_of(is_known(REASON), is_in(REASON, "SDQ2", "SDQ5"))
        ),
        polarity=Polarity.CONTEXT,
        sentence="a carer or the young person chose not to complete a Strengths and Difficulties Questionnaire",
        absent="nobody chose not to complete a Strengths and Difficulties Questionnaire",
        evidence=LOCAL,
        for_families="whether a carer or your child chose not to fill in a questionnaire in the last 24 months",
    ),
)

MENTAL_HEALTH: tuple[Indicator, ...] = (*_FOUND, *_QUESTIONNAIRES)
