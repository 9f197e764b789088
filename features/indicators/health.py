"""Health, age and development: age, disability, and what assessments found of the child's own health.

Age and disability are scored and audited. A child who is not yet born, or whose date of birth is not
recorded, has no age: it is missing and never a number below zero.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import NOT_ASSESSED, WALES_CARE, found_in_window
from features.indicators.conditions import (
    TWENTY_FOUR_MONTHS,
    all_of,
    is_aged,
    is_known,
    is_missing,
    is_none_of,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    largest,
    years_old,
)
from features.indicators.streams import FACTORS
from features.vocabulary.characteristics import NO_DISABILITY_RECORDED

INFANTS = "Childs et al. 2025, disabled children in Wales: odds ratio of care 3.00, infants against 16 and over"
LOCAL = "local judgement"
NO_BIRTH_DATE = "not yet born, or no date of birth is recorded"

_person = partial(
    Indicator,
    table="ssd_person",
    domain=Domain.HEALTH,
    polarity=Polarity.CONTEXT,
    zero_when_no_row=False,
    missing=NO_BIRTH_DATE,
)
_need = partial(
    Indicator,
    table=FACTORS,
    domain=Domain.HEALTH,
    polarity=Polarity.RISK,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    missing=NOT_ASSESSED,
    zero_when_no_row=False,
)

HEALTH: tuple[Indicator, ...] = (
    _person(
        name="age_years",
        expression=years_old("pers_dob"),
        unit="years",
        sentence="{value} [year|years] old",
        absent="under one year old",
        evidence=INFANTS,
    ),
    _person(
        name="is_under_one",
        expression=any_row(is_aged("pers_dob", below=1)),
        polarity=Polarity.RISK,
        unit="flag",
        sentence="under one year old",
        absent="one year old or older",
        evidence=INFANTS,
    ),
    _person(
        name="has_no_birth_date_yet",
        expression=any_row(is_missing("pers_dob")),
        unit="flag",
        sentence=NO_BIRTH_DATE,
        absent="a date of birth is recorded",
        missing="the child is not in the list of persons",
        evidence="DfE Drivers of activity 2022: known before birth, likelier to become looked after",
    ),
    Indicator(
        name="has_disability",
        table="ssd_disability",
        expression=any_row(is_none_of("disa_disability_code", *NO_DISABILITY_RECORDED)),
        domain=Domain.HEALTH,
        polarity=Polarity.CONTEXT,
        unit="flag",
        sentence="a disability is recorded",
        absent="no disability is recorded",
        missing="disability is not recorded here",
        evidence="Maclean et al. 2017, Australia: disabled children 10.4% of children, 25.9% of allegations",
    ),
    _need(
        name="found_child_mental_ill_health_last_24_months",
        expression=found_in_window("4A"),
        sentence="an assessment found that the child's mental health needs support",
        absent="assessments found no concern for the child's mental health",
        evidence=WALES_CARE + "1.82 with the child's mental health problems",
    ),
    _need(
        name="found_self_harm_last_24_months",
        expression=found_in_window("15A"),
        sentence="an assessment found that the child may be harming themselves",
        absent="assessments found no self-harm",
        evidence="Simkiss et al. 2012: odds ratio of care 2.65 with the child's mental illness",
    ),
    _need(
        name="found_child_substance_misuse_last_24_months",
        expression=found_in_window("1A", "2A"),
        sentence="an assessment found alcohol or drug misuse by the child",
        absent="assessments found no alcohol or drug misuse by the child",
        evidence="Welsh Government and SAIL 2020: nearly 8 times as common among looked-after children",
    ),
    _need(
        name="found_behaviour_of_concern_last_24_months",
        expression=found_in_window("14A"),
        sentence="an assessment found behaviour that puts the child at risk",
        absent="assessments found no behaviour that puts the child at risk",
        evidence="Troncoso 2017: re-referral is likelier where the first referral was about behaviour",
    ),
    _need(
        name="found_child_learning_disability_last_24_months",
        expression=found_in_window("5A"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child's learning disability needs support",
        absent="assessments found no support needed for a learning disability of the child",
        evidence=LOCAL,
    ),
    _need(
        name="found_child_illness_last_24_months",
        expression=found_in_window("6A"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a physical disability or illness of the child",
        absent="assessments found no physical disability or illness of the child",
        evidence=LOCAL,
    ),
    Indicator(
        name="highest_sdq_score_last_24_months",
        table="ssd_sdq_scores",
        expression=largest(
            "csdq_sdq_score",
            all_of(within("csdq_sdq_completed_date_day", TWENTY_FOUR_MONTHS), is_known("csdq_sdq_score")),
        ),
        domain=Domain.HEALTH,
        polarity=Polarity.RISK,
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} of 40 points for difficulties in a Strengths and Difficulties Questionnaire",
        absent="no point for difficulties in a Strengths and Difficulties Questionnaire",
        missing="no Strengths and Difficulties Questionnaire on record: only looked-after children have one",
        missing_is_gap=False,
        evidence="UK norms of the questionnaire: 19 to 40 points are very high",
        zero_when_no_row=False,
    ),
)
