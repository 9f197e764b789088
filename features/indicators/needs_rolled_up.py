"""Needs found at assessment, rolled up to what coarser returns ask for.

The care and support return of Wales does not tell alcohol from drugs everywhere, nor a parent from another person at
home; so `parental` in a name here stands for a parent *or* another person at home, where a name of `needs_of_parents`
ends `by_parent`, `of_parent` or `other_at_home`. Four items of that return are one indicator of another file:
`found_parental_mental_ill_health`, `found_child_mental_ill_health`, `found_parental_learning_disability` and
`found_parental_illness`, of which the last two are about parents alone.
"""

from __future__ import annotations

from features.indicators.assessed_needs import (
    ALCOHOL,
    CHILD_FIRST,
    DOMESTIC_ABUSE,
    DRUGS,
    LIVERPOOL,
    PHYSICAL_ABUSE,
    SEXUAL_ABUSE,
    WALES_CARE,
    found_in_window,
    need_found,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, TELLS_OF_OTHERS, Indicator, Polarity
from features.indicators.needs_of_child import SAIL
from features.vocabulary.theory_of_change import Aim

NEEDS_ROLLED_UP: tuple[Indicator, ...] = (
    need_found(
        name="found_parental_alcohol_misuse_last_24_months",
        expression=found_in_window(*ALCOHOL),
        sentence="an assessment found alcohol misuse by a parent or another person at home",
        absent="assessments found no alcohol misuse by a parent or another person at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment in the last 24 months found that a parent or another person at home needs"
        " help with alcohol",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    need_found(
        name="found_parental_drug_misuse_last_24_months",
        expression=found_in_window(*DRUGS),
        sentence="an assessment found drug misuse by a parent or another person at home",
        absent="assessments found no drug misuse by a parent or another person at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment in the last 24 months found that a parent or another person at home needs"
        " help with drugs",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    need_found(
        name="found_parental_substance_misuse_last_24_months",
        expression=found_in_window(*ALCOHOL, *DRUGS),
        sentence="an assessment found alcohol or drug misuse by a parent or another person at home",
        absent="assessments found no alcohol or drug misuse by a parent or another person at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
        for_families="whether an assessment in the last 24 months found that a parent or another person at home needs"
        " help with alcohol or drugs",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    need_found(
        name="found_child_substance_misuse_last_24_months",
        expression=found_in_window("1A", "2A"),
        sentence="an assessment found alcohol or drug misuse by the child",
        absent="assessments found no alcohol or drug misuse by the child",
        evidence=SAIL,
        for_families="whether an assessment in the last 24 months found that your child needs help with alcohol or"
        " drugs",
        not_for_families=CHILD_FIRST,
    ),
    need_found(
        name="found_domestic_abuse_last_24_months",
        expression=found_in_window(*DOMESTIC_ABUSE),
        sentence="an assessment found domestic abuse in the family",
        absent="assessments found no domestic abuse in the family",
        evidence=WALES_CARE + "1.48 with domestic abuse",
        for_families="whether an assessment in the last 24 months found abuse at home",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_parental_disability_or_illness_last_24_months",
        expression=found_in_window("5B", "5C", "6B", "6C"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a disability or physical illness of a parent or another person at home",
        absent="assessments found no disability or physical illness of a parent or another person at home",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found a disability or illness of a parent or another"
        " person at home",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    need_found(
        name="found_physical_abuse_last_24_months",
        expression=found_in_window(*PHYSICAL_ABUSE),
        sentence="an assessment found physical abuse, by an adult or another child",
        absent="assessments found no physical abuse",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that somebody hurt your child",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_sexual_abuse_last_24_months",
        expression=found_in_window(*SEXUAL_ABUSE),
        sentence="an assessment found sexual abuse, by an adult or another child",
        absent="assessments found no sexual abuse",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that somebody harmed your child sexually",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_abuse_or_neglect_last_24_months",
        expression=found_in_window("16A", "17A", *PHYSICAL_ABUSE, *SEXUAL_ABUSE),
        sentence="an assessment found abuse or neglect of the child",
        absent="assessments found no abuse or neglect of the child",
        evidence=LIVERPOOL,
        for_families="whether an assessment in the last 24 months found that your child was hurt or neglected",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    need_found(
        name="found_harm_by_another_child_last_24_months",
        expression=found_in_window("18B", "19B"),
        sentence="an assessment found physical or sexual abuse by another child",
        absent="assessments found no physical or sexual abuse by another child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that another child hurt your child",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
)
