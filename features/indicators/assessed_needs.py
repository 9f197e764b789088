"""Needs found at assessment: the factors that social workers recorded in the last 24 months.

Only factors that were found are recorded. A child without a factor record in the window is *unknown*, not
free of need, and every indicator here is then missing. Factors that stand for nationality, immigration
status, ethnicity or religion are shown to the worker and never read here.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWENTY_FOUR_MONTHS,
    found,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    Measure,
    any_row_among,
    most_in_one_row,
)
from features.indicators.streams import FACTORS

NOT_ASSESSED = "no factors of an assessment are on record in the last 24 months: not known, not none"

WALES_CARE = "children receiving care and support in Wales 2016-22, odds ratio of care: "
DRIVERS = "DfE Drivers of activity 2022: raised the chance of becoming looked after"
RE_REFERRED = "DfE Children in need, a focus on re-referrals 2017: re-referral rate by factor"
LOCAL = "local judgement"

ALCOHOL = ("1B", "1C")
DRUGS = ("2B", "2C")
DOMESTIC_ABUSE = ("3A", "3B", "3C")
PARENTAL_MENTAL_HEALTH = ("4B", "4C")
PHYSICAL_ABUSE = ("18A", "18B", "18C")
SEXUAL_ABUSE = ("19A", "19B", "19C")
EXPLOITATION = ("11A", "12A", "13A", "24A")

IN_WINDOW = within("cinf_known_date_day", TWENTY_FOUR_MONTHS)


# One letter-and-number a need, whoever of the family it is found in; 20 is "other", 21 is "none identified".
COUNTED_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("1A", *ALCOHOL),
    ("2A", *DRUGS),
    DOMESTIC_ABUSE,
    ("4A", *PARENTAL_MENTAL_HEALTH),
    ("5A", "5B", "5C"),
    ("6A", "6B", "6C"),
    ("7A",),
    ("8D", "8E", "8F"),
    ("10A",),
    ("11A",),
    ("12A",),
    ("13A",),
    ("14A",),
    ("15A",),
    ("16A",),
    ("17A",),
    PHYSICAL_ABUSE,
    SEXUAL_ABUSE,
    ("24A",),
    ("20",),
)


def found_in_window(*factors: str) -> Measure:
    """Say whether an assessment in the window found a factor; missing where none recorded its factors."""
    return any_row_among(IN_WINDOW, found(*factors))


_need = partial(
    Indicator,
    table=FACTORS,
    domain=Domain.NEEDS,
    polarity=Polarity.RISK,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    missing=NOT_ASSESSED,
    zero_when_no_row=False,
)

ASSESSED_NEEDS: tuple[Indicator, ...] = (
    _need(
        name="found_parental_alcohol_misuse_last_24_months",
        expression=found_in_window(*ALCOHOL),
        sentence="an assessment found alcohol misuse by a parent or another person at home",
        absent="assessments found no alcohol misuse by a parent or another person at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
    ),
    _need(
        name="found_parental_drug_misuse_last_24_months",
        expression=found_in_window(*DRUGS),
        sentence="an assessment found drug misuse by a parent or another person at home",
        absent="assessments found no drug misuse by a parent or another person at home",
        evidence=WALES_CARE + "3.16 with parental substance or alcohol misuse",
    ),
    _need(
        name="found_domestic_abuse_last_24_months",
        expression=found_in_window(*DOMESTIC_ABUSE),
        sentence="an assessment found domestic abuse in the family",
        absent="assessments found no domestic abuse in the family",
        evidence=WALES_CARE + "1.48 with domestic abuse",
    ),
    _need(
        name="found_parental_mental_ill_health_last_24_months",
        expression=found_in_window(*PARENTAL_MENTAL_HEALTH),
        sentence="an assessment found mental ill health of a parent or another person at home",
        absent="assessments found no mental ill health of a parent or another person at home",
        evidence=WALES_CARE + "1.44 with parental mental health problems",
    ),
    _need(
        name="found_parental_learning_disability_last_24_months",
        expression=found_in_window("5B"),
        sentence="an assessment found that a parent with a learning disability may need support",
        absent="assessments found no support needed for a parent's learning disability",
        evidence=WALES_CARE + "2.92 with parental learning disability",
    ),
    _need(
        name="found_parental_illness_last_24_months",
        expression=found_in_window("6B"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found a parent's physical disability or illness",
        absent="assessments found no physical disability or illness of a parent",
        evidence=LOCAL,
    ),
    _need(
        name="found_neglect_last_24_months",
        expression=found_in_window("16A"),
        sentence="an assessment found neglect",
        absent="assessments found no neglect",
        evidence=DRIVERS,
    ),
    _need(
        name="found_emotional_abuse_last_24_months",
        expression=found_in_window("17A"),
        sentence="an assessment found emotional abuse",
        absent="assessments found no emotional abuse",
        evidence=DRIVERS,
    ),
    _need(
        name="found_physical_abuse_last_24_months",
        expression=found_in_window(*PHYSICAL_ABUSE),
        sentence="an assessment found physical abuse, by an adult or another child",
        absent="assessments found no physical abuse",
        evidence=RE_REFERRED + ", 21.8% with physical abuse",
    ),
    _need(
        name="found_sexual_abuse_last_24_months",
        expression=found_in_window(*SEXUAL_ABUSE),
        sentence="an assessment found sexual abuse, by an adult or another child",
        absent="assessments found no sexual abuse",
        evidence=DRIVERS,
    ),
    _need(
        name="found_exploitation_last_24_months",
        expression=found_in_window(*EXPLOITATION),
        sentence="an assessment found that others may be exploiting the child",
        absent="assessments found no exploitation of the child",
        evidence=RE_REFERRED + ", 33% with gangs",
    ),
    _need(
        name="found_caring_responsibilities_last_24_months",
        expression=found_in_window("7A"),
        polarity=Polarity.CONTEXT,
        sentence="an assessment found that the child cares for someone at home",
        absent="assessments found no caring responsibilities of the child",
        evidence=LOCAL,
    ),
    _need(
        name="parental_needs_found_together_last_24_months",
        expression=most_in_one_row(
            IN_WINDOW,
            found(*ALCOHOL, *DRUGS),
            found(*DOMESTIC_ABUSE),
            found(*PARENTAL_MENTAL_HEALTH),
        ),
        unit="count",
        sentence="an assessment found {value} of: substance misuse, ill mental health, abuse among adults",
        absent="assessments found no substance misuse, domestic abuse or mental ill health of adults at home",
        evidence=WALES_CARE + "3.16, 1.48 and 1.44 with each of them",
    ),
    _need(
        name="most_needs_in_one_assessment_last_24_months",
        expression=most_in_one_row(IN_WINDOW, *(found(*codes) for codes in COUNTED_TOGETHER)),
        unit="count",
        sentence="one assessment found {value} different [need|needs]",
        absent="assessments found no need",
        evidence=LOCAL,
    ),
)
