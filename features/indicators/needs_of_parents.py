"""Needs found at assessment that a parent has, or someone else at home: one factor each.

A carer counts as a parent. Mental health is in `mental_health`; what the coarser returns ask for, where a parent and
others at home are one, is in `needs_rolled_up`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import LIVERPOOL, WALES_CARE, found_in_window, need_found
from features.indicators.declaration import LOCAL, MAY_ENDANGER, TELLS_OF_OTHERS, Indicator, Polarity
from features.vocabulary.theory_of_change import Aim

# What one parent needs is that parent's own: a page would tell the other.
_need = partial(need_found, aim=Aim.WHOLE_FAMILY, not_for_families=TELLS_OF_OTHERS)

NEEDS_OF_PARENTS: tuple[Indicator, ...] = (
    _need(
        name="found_alcohol_misuse_by_parent_last_24_months",
        expression=found_in_window("1B"),
        sentence="an assessment found alcohol misuse by a parent",
        absent="assessments found no alcohol misuse by a parent",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment in the last 24 months found that a parent needs help with alcohol",
    ),
    _need(
        name="found_alcohol_misuse_by_other_at_home_last_24_months",
        expression=found_in_window("1C"),
        sentence="an assessment found alcohol misuse by someone at home who is not a parent",
        absent="assessments found no alcohol misuse by someone at home who is not a parent",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that someone at home who is not a parent needs"
        " help with alcohol",
    ),
    _need(
        name="found_drug_misuse_by_parent_last_24_months",
        expression=found_in_window("2B"),
        sentence="an assessment found drug misuse by a parent",
        absent="assessments found no drug misuse by a parent",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment in the last 24 months found that a parent needs help with drugs",
    ),
    _need(
        name="found_drug_misuse_by_other_at_home_last_24_months",
        expression=found_in_window("2C"),
        sentence="an assessment found drug misuse by someone at home who is not a parent",
        absent="assessments found no drug misuse by someone at home who is not a parent",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that someone at home who is not a parent needs"
        " help with drugs",
    ),
    _need(
        name="found_domestic_abuse_of_parent_last_24_months",
        expression=found_in_window("3B"),
        sentence="an assessment found domestic abuse of a parent",
        absent="assessments found no domestic abuse of a parent",
        evidence=WALES_CARE + "1.48 with domestic abuse",
        for_families="whether an assessment in the last 24 months found that a parent was hurt by abuse at home",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    _need(
        name="found_domestic_abuse_of_other_at_home_last_24_months",
        expression=found_in_window("3C"),
        sentence="an assessment found domestic abuse of someone at home who is not a parent",
        absent="assessments found no domestic abuse of someone at home who is not a parent",
        evidence=WALES_CARE + "1.48 with domestic abuse",
        for_families="whether an assessment in the last 24 months found that someone at home who is not a parent was"
        " hurt by abuse",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    _need(
        name="found_parental_learning_disability_last_24_months",
        expression=found_in_window("5B"),
        sentence="an assessment found that a parent with a learning disability may need support",
        absent="assessments found no support needed for a parent's learning disability",
        evidence=WALES_CARE + "2.92 with parental learning disability",
        for_families="whether an assessment in the last 24 months found that a parent with a learning disability may"
        " need support",
    ),
    _need(
        name="found_learning_disability_of_other_at_home_last_24_months",
        expression=found_in_window("5C"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a learning disability of someone at home who is not a parent",
        absent="assessments found no learning disability of anyone at home beside parents and child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found a learning disability of someone at home who is"
        " not a parent",
    ),
    _need(
        name="found_parental_illness_last_24_months",
        expression=found_in_window("6B"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a parent's physical disability or illness",
        absent="assessments found no physical disability or illness of a parent",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that a parent's illness or physical disability"
        " needs support",
    ),
    _need(
        name="found_illness_of_other_at_home_last_24_months",
        expression=found_in_window("6C"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a physical disability or illness of someone at home who is not a parent",
        absent="assessments found no physical disability or illness of anyone at home beside parents and child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found an illness or physical disability of someone at"
        " home who is not a parent",
    ),
)
