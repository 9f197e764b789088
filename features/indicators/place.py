"""Money and place: how deprived the neighbourhoods are in which a child lives and lived, and homes that were no home.

Deprivation says something of a neighbourhood and nothing of a family in it; the records hold no family's money. Tenths
are counted here with 10 for the most deprived, so that more means more. People of some ethnic groups live in deprived
places more often than others: how far a tenth stands for ethnicity is printed with every run, and no model reads one
before a person has decided so.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWENTY_FOUR_MONTHS,
    all_of,
    before,
    either,
    is_at_least,
    is_known,
    is_missing,
    is_open,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row_among,
    count,
    if_any,
    is_larger,
    latest_number,
    latest_row_is,
)
from features.indicators.streams import HOMES
from features.vocabulary.theory_of_change import Aim

INEQUALITIES = (
    "Child Welfare Inequalities Project (Bywaters et al. 2017): 167 per 10,000 children looked after in the most "
    "deprived tenth of neighbourhoods, 15 in the least"
)
ENTERING_CARE = (
    "Simkiss et al. 2012: odds of entering care 7.14 times as high in the most deprived fifth as in the least"
)
NOT_SCORED = (
    "it may stand for ethnicity; every run prints how far, in records_on_trial.html, and a person decides whether a "
    "model may read it"
)

MOST_DEPRIVED_FIFTH, MOST_DEPRIVED_TENTH = 9, 10

# Authorities' own words for a home that is none or for a time; there is no national list.
NO_SETTLED_HOME = (
    r"no fixed|homeless|temporary|hostel|refuge|bed (and|&) breakfast|b ?& ?b|emergency|sofa|night shelter|^nfa$"
)

BEGAN, ENDED = "addr_address_start_date_day", "addr_address_end_date_day"

_is_known = is_known("tenth")
_lived_there = all_of(_is_known, either(is_missing(ENDED), within(ENDED, TWENTY_FOUR_MONTHS)))
_latest_tenth = latest_number("tenth", on_day=BEGAN, among=is_known(BEGAN))
_tenth_before = latest_number("tenth", on_day=BEGAN, among=before(BEGAN, TWENTY_FOUR_MONTHS))

NOT_KNOWN = "it is not known how deprived the neighbourhood is"
_place = partial(
    Indicator,
    table=HOMES,
    domain=Domain.PLACE,
    polarity=Polarity.RISK,
    unit="flag",
    zero_when_no_row=False,
    missing=NOT_KNOWN,
    missing_is_gap=False,
    evidence=INEQUALITIES,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
    not_scored=NOT_SCORED,
    # Whoever was left behind could read from it that the child moved, and to what sort of place.
    not_for_families=MAY_ENDANGER,
)
_in_24_months = partial(_place, window_days=TWENTY_FOUR_MONTHS)
_unsettled = partial(
    Indicator,
    table="ssd_address",
    domain=Domain.PLACE,
    missing="addresses are not recorded here",
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
    not_for_families=MAY_ENDANGER,
)

PLACE: tuple[Indicator, ...] = (
    _place(
        name="tenth_of_deprivation_of_latest_home",
        expression=_latest_tenth,
        unit="count",
        missing_is_gap=True,
        sentence="the latest home is in tenth {value} of neighbourhoods by deprivation, 10 being the most deprived",
        absent=NOT_KNOWN,
        for_families="in which tenth of neighbourhoods by deprivation your latest home is, 10 being the most deprived",
    ),
    _place(
        name="is_latest_home_in_most_deprived_fifth",
        expression=latest_row_is(BEGAN, among=_is_known, where=is_at_least("tenth", MOST_DEPRIVED_FIFTH)),
        sentence="the latest home that is known is in the most deprived fifth of neighbourhoods",
        absent="the latest home that is known is not in the most deprived fifth of neighbourhoods",
        evidence=ENTERING_CARE,
        for_families="whether your latest home is in the most deprived fifth of neighbourhoods",
    ),
    _in_24_months(
        name="was_home_in_most_deprived_fifth_last_24_months",
        expression=any_row_among(_lived_there, is_at_least("tenth", MOST_DEPRIVED_FIFTH)),
        sentence="a home of the last 24 months was in the most deprived fifth of neighbourhoods",
        absent="no known home of the last 24 months was in the most deprived fifth of neighbourhoods",
        evidence=ENTERING_CARE,
        for_families="whether a home of the last 24 months was in the most deprived fifth of neighbourhoods",
    ),
    _in_24_months(
        name="homes_in_most_deprived_tenth_last_24_months",
        expression=if_any(_lived_there, count(all_of(_lived_there, is_at_least("tenth", MOST_DEPRIVED_TENTH)))),
        unit="count",
        sentence="{value} [home|homes] of the last 24 months in the most deprived tenth of neighbourhoods",
        absent="no known home of the last 24 months was in the most deprived tenth of neighbourhoods",
        for_families="how many homes of the last 24 months were in the most deprived tenth of neighbourhoods",
    ),
    _in_24_months(
        name="has_moved_to_more_deprived_place_last_24_months",
        expression=is_larger(_latest_tenth, _tenth_before),
        sentence="the latest home is in a more deprived neighbourhood than the home of 24 months ago",
        absent="the latest home is not in a more deprived neighbourhood than the home of 24 months ago",
        missing="it is not known how deprived the latest or the earlier neighbourhood is",
        evidence=LOCAL,
        for_families="whether your latest home is in a more deprived neighbourhood than that of 24 months ago",
    ),
    _in_24_months(
        name="has_moved_to_less_deprived_place_last_24_months",
        expression=is_larger(_tenth_before, _latest_tenth),
        polarity=Polarity.CONTEXT,
        sentence="the latest home is in a less deprived neighbourhood than the home of 24 months ago",
        absent="the latest home is not in a less deprived neighbourhood than the home of 24 months ago",
        missing="it is not known how deprived the latest or the earlier neighbourhood is",
        evidence=LOCAL,
        for_families="whether your latest home is in a less deprived neighbourhood than that of 24 months ago",
    ),
    _unsettled(
        name="unsettled_homes_last_24_months",
        expression=count(all_of(within(BEGAN, TWENTY_FOUR_MONTHS), speaks_of("addr_address_type", NO_SETTLED_HOME))),
        polarity=Polarity.RISK,
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="a home for a time only, or no fixed home, began [once|{value} times] in the last 24 months",
        absent="no record of a home for a time only, or of no fixed home, in the last 24 months",
        for_families="how often your child had a home for a time only, or no fixed home, in the last 24 months",
    ),
    _unsettled(
        name="has_no_settled_home_now",
        expression=any_row_among(is_open(BEGAN, ENDED), speaks_of("addr_address_type", NO_SETTLED_HOME)),
        polarity=Polarity.CONTEXT,
        unit="flag",
        sentence="the child's home is one for a time only, or there is no fixed home",
        absent="no record that the child's home is one for a time only",
        for_families="whether your child's home is one for a time only, or there is no fixed home",
    ),
)
