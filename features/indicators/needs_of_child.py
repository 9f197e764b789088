"""Needs found at assessment that the child has, or that come of harm done to the child: one factor each.

Since 2022 physical and sexual abuse are recorded by whether an adult or another child did harm; what was recorded
before says neither, and is in `needs_rolled_up` alone. Going missing, exploitation, mental health and disability have
files of their own. Private fostering of children from overseas stands for nationality and is only shown.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import (
    CHILD_FIRST,
    LIVERPOOL,
    WALES_CARE,
    found_in_window,
    need_found,
)
from features.indicators.conditions import TWENTY_FOUR_MONTHS, equals, within
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import any_row, any_row_among
from features.vocabulary.theory_of_change import Aim

SAIL = "Welsh Government and SAIL 2020: nearly 8 times as common among looked-after children"

_FOUND_IN_CARE = within("clas_substance_misuse_date_day", TWENTY_FOUR_MONTHS)

_in_past_care = partial(
    Indicator,
    table="ssd_cla_substance_misuse",
    domain=Domain.NEEDS,
    polarity=Polarity.CONTEXT,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
    not_for_families=CHILD_FIRST,
)

NEEDS_OF_CHILD: tuple[Indicator, ...] = (
    need_found(
        name="found_alcohol_misuse_by_child_last_24_months",
        expression=found_in_window("1A"),
        sentence="an assessment found alcohol misuse by the child",
        absent="assessments found no alcohol misuse by the child",
        evidence=SAIL,
        for_families="whether an assessment in the last 24 months found that your child needs help with alcohol",
        not_for_families=CHILD_FIRST,
    ),
    need_found(
        name="found_drug_misuse_by_child_last_24_months",
        expression=found_in_window("2A"),
        sentence="an assessment found drug misuse by the child",
        absent="assessments found no drug misuse by the child",
        evidence=SAIL,
        for_families="whether an assessment in the last 24 months found that your child needs help with drugs",
        not_for_families=CHILD_FIRST,
    ),
    need_found(
        name="found_domestic_abuse_of_child_last_24_months",
        expression=found_in_window("3A"),
        sentence="an assessment found that the child is a victim of domestic abuse",
        absent="assessments found no domestic abuse of the child",
        evidence=WALES_CARE + "1.48 with domestic abuse",
        for_families="whether an assessment in the last 24 months found that your child was hurt by abuse at home",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_caring_responsibilities_last_24_months",
        expression=found_in_window("7A"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child cares for someone at home",
        absent="assessments found no caring responsibilities of the child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that your child cares for someone at home",
        aim=Aim.WHOLE_FAMILY,
    ),
    need_found(
        name="found_private_fostering_for_school_last_24_months",
        expression=found_in_window("8D"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child is privately fostered to go to school",
        absent="assessments found no private fostering for school",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that your child lives with others to go to"
        " school",
    ),
    need_found(
        name="found_private_fostering_by_family_arrangement_last_24_months",
        expression=found_in_window("8E"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child is privately fostered by an arrangement of the family",
        absent="assessments found no private fostering by an arrangement of the family",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that your child lives with others by an"
        " arrangement of the family",
    ),
    need_found(
        name="found_private_fostering_for_other_reasons_last_24_months",
        expression=found_in_window("8F"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child is privately fostered for other reasons",
        absent="assessments found no private fostering for other reasons",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that your child lives with others for another"
        " reason",
    ),
    need_found(
        name="found_neglect_last_24_months",
        expression=found_in_window("16A"),
        sentence="an assessment found neglect",
        absent="assessments found no neglect",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that your child's basic needs were not met",
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_emotional_abuse_last_24_months",
        expression=found_in_window("17A"),
        sentence="an assessment found emotional abuse",
        absent="assessments found no emotional abuse",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that your child was hurt emotionally",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_physical_abuse_by_another_child_last_24_months",
        expression=found_in_window("18B"),
        sentence="an assessment found physical abuse by another child",
        absent="assessments found no physical abuse by another child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that another child hurt your child",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_physical_abuse_by_adult_last_24_months",
        expression=found_in_window("18C"),
        sentence="an assessment found physical abuse by an adult",
        absent="assessments found no physical abuse by an adult",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that an adult hurt your child",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_sexual_abuse_by_another_child_last_24_months",
        expression=found_in_window("19B"),
        sentence="an assessment found sexual abuse by another child",
        absent="assessments found no sexual abuse by another child",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that another child harmed your child sexually",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_sexual_abuse_by_adult_last_24_months",
        expression=found_in_window("19C"),
        sentence="an assessment found sexual abuse by an adult",
        absent="assessments found no sexual abuse by an adult",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that an adult harmed your child sexually",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_other_need_last_24_months",
        expression=found_in_window("20"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a need that is not in the list of factors",
        absent="assessments found no need beyond the list of factors",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found another need, one that our list does not name",
    ),
    _in_past_care(
        name="found_substance_misuse_while_looked_after_last_24_months",
        expression=any_row(_FOUND_IN_CARE),
        sentence="misuse of a substance was found while the child was looked after, in the last 24 months",
        absent="no misuse of a substance was found while looked after, as far as is recorded",
        missing="misuse of substances while looked after is not recorded here",
        for_families="whether your child needed help with alcohol or drugs while looked after, in the last 24 months",
    ),
    _in_past_care(
        name="was_helped_with_substance_misuse_while_looked_after_last_24_months",
        expression=any_row_among(_FOUND_IN_CARE, equals("clas_intervention_received", 1)),
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="help was given for the misuse of a substance while the child was looked after",
        absent="no help was given for the misuse of a substance while the child was looked after",
        missing="whether help with a substance was given while looked after is not recorded, or none was needed",
        for_families="whether your child was helped with alcohol or drugs while looked after, in the last 24 months",
    ),
)
