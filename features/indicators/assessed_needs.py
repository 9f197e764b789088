"""Needs found at assessment, taken together: how many, which are new, which were found again, which no more.

Only factors that were found are recorded. A child without a factor record in the window is *unknown*, not free of need,
and every indicator of factors is then missing. Factors that stand for nationality, immigration status, ethnicity or
religion are never read here (`features.indicators.shown_only`).

Single factors are in `needs_of_child`, `needs_of_parents`, `exploitation`, `mental_health` and `disability`; what the
coarser returns ask for is in `needs_rolled_up`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    Condition,
    all_of,
    before,
    found,
    is_known,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import (
    Measure,
    any_row_among,
    count,
    difference,
    if_any,
    most_in_one_row,
    n_that_hold,
    reaches,
)
from features.indicators.streams import FACTORS
from features.vocabulary.theory_of_change import Aim

NOT_ASSESSED = "no factors of an assessment are on record in the last 24 months: not known, not none"

WALES_CARE = "disabled children receiving care and support in Wales 2016-22, odds ratio of care: "
LIVERPOOL = "McHale et al. 2024, Liverpool: raised the hazard of becoming looked after"
RE_REFERRED = "DfE Children in need, a focus on re-referrals 2017: re-referral rate by factor"

CHILD_FIRST = "it may tell at home what a child told us in confidence; a worker asks the child first"

ALCOHOL = ("1B", "1C")
DRUGS = ("2B", "2C")
DOMESTIC_ABUSE = ("3A", "3B", "3C")
PARENTAL_MENTAL_HEALTH = ("4B", "4C")
PHYSICAL_ABUSE = ("18A", "18B", "18C")
SEXUAL_ABUSE = ("19A", "19B", "19C")
EXPLOITATION = ("11A", "12A", "13A", "24A")

DAY = "cinf_known_date_day"
IN_WINDOW = within(DAY, TWENTY_FOUR_MONTHS)

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

_READABLE_IN_WINDOW = all_of(IN_WINDOW, is_known("cinf_assessment_factors_json"))
_THIS_YEAR = all_of(_READABLE_IN_WINDOW, within(DAY, TWELVE_MONTHS))
_YEAR_BEFORE = all_of(_READABLE_IN_WINDOW, before(DAY, TWELVE_MONTHS))


def found_in_window(*factors: str) -> Measure:
    """Say whether an assessment in the window found a factor; missing where none recorded its factors."""
    return any_row_among(IN_WINDOW, found(*factors))


def _n_found(among: Condition, *, in_at_least: int = 1) -> Measure:
    """Count the needs that so many of the chosen assessments, or more, found."""
    return n_that_hold(*(reaches(count(all_of(among, found(*codes))), in_at_least) for codes in COUNTED_TOGETHER))


def _n_found_only_in(year: Condition, *, not_in: Condition) -> Measure:
    """Count the needs found in one year and not in the other; missing where one of them had no assessment."""
    return if_any(year, if_any(not_in, difference(_n_found(_READABLE_IN_WINDOW), _n_found(not_in))))


need_found = partial(
    Indicator,
    table=FACTORS,
    domain=Domain.NEEDS,
    polarity=Polarity.RISK,
    unit="flag",
    window_days=TWENTY_FOUR_MONTHS,
    missing=NOT_ASSESSED,
    zero_when_no_row=False,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
"""What every indicator of a factor shares; a name ends with the window."""

_counted = partial(need_found, unit="count", evidence=LOCAL)
_over_two_years = partial(
    _counted,
    window_days=TWELVE_MONTHS,
    missing="factors of assessments are not on record for both of the last two years: no change can be told",
    missing_is_gap=False,
)

ASSESSED_NEEDS: tuple[Indicator, ...] = (
    need_found(
        name="parental_needs_found_together_last_24_months",
        expression=most_in_one_row(
            IN_WINDOW,
            found(*ALCOHOL, *DRUGS),
            found(*DOMESTIC_ABUSE),
            found(*PARENTAL_MENTAL_HEALTH),
        ),
        unit="count",
        sentence="an assessment found {value} of three needs of adults: substances, mental ill health, domestic abuse",
        absent="assessments found no substance misuse, domestic abuse or mental ill health of adults at home",
        evidence=WALES_CARE + "3.16, 1.48 and 1.44 with each of them",
        for_families="how many of three needs one assessment in the last 24 months found together among adults at home:"
        " with alcohol or drugs, with mental health, because of abuse",
        not_for_families=MAY_ENDANGER,
        aim=Aim.WHOLE_FAMILY,
    ),
    _counted(
        name="most_needs_in_one_assessment_last_24_months",
        expression=most_in_one_row(IN_WINDOW, *(found(*codes) for codes in COUNTED_TOGETHER)),
        sentence="one assessment found {value} different [need|needs]",
        absent="assessments found no need",
        for_families="how many needs one assessment in the last 24 months found in your family at most",
    ),
    _counted(
        name="different_needs_found_last_24_months",
        expression=if_any(_READABLE_IN_WINDOW, _n_found(_READABLE_IN_WINDOW)),
        sentence="assessments found {value} different [need|needs] in all",
        absent="assessments found no need at all",
        for_families="how many different needs the assessments of the last 24 months found in your family",
    ),
    _counted(
        name="needs_found_more_than_once_last_24_months",
        expression=if_any(_READABLE_IN_WINDOW, _n_found(_READABLE_IN_WINDOW, in_at_least=2)),
        sentence="{value} [need was|needs were] found by more than one assessment",
        absent="no need was found by more than one assessment",
        for_families="how many needs more than one assessment in the last 24 months found in your family",
    ),
    _over_two_years(
        name="new_needs_found_last_12_months",
        expression=_n_found_only_in(_THIS_YEAR, not_in=_YEAR_BEFORE),
        sentence="{value} [need was|needs were] found in the last 12 months and not in the 12 months before",
        absent="no need was found in the last 12 months that was not found in the 12 months before",
        for_families="how many needs were found in the last 12 months that were not found in the 12 months before",
    ),
    _over_two_years(
        name="needs_no_longer_found_last_12_months",
        expression=_n_found_only_in(_YEAR_BEFORE, not_in=_THIS_YEAR),
        polarity=Polarity.RESILIENCE,
        sentence="{value} [need|needs] of the year before [was|were] not found again in the last 12 months",
        absent="every need found in the year before was found again in the last 12 months, or there was none",
        for_families="how many needs of the year before were not found again in the last 12 months",
    ),
)
