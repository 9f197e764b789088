"""Contact with services: time in care that is over, how it ended, and under which law the child was there.

Children who are looked after are not scored, so this is history. An agreement under section 20 is one that parents
made, and says nothing against them.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWENTY_FOUR_MONTHS,
    all_of,
    is_held_within,
    is_in,
    is_known,
    within,
)
from features.indicators.declaration import LOCAL, Domain, Indicator, Polarity
from features.indicators.measures import Measure, any_row, count, days_within
from features.vocabulary.theory_of_change import Aim

RE_ENTRY = "Mc Grath-Lone et al. 2017: 35.3% of children who left care in 2008 came back within 5 years"
LONGER_IN_CARE = "Neil et al. 2019: a return home is likelier to last after longer in care"
BY_AGREEMENT = "DfE Children looked after 2025: 57% of children who entered care did so by agreement (s.20)"
POLICE_PROTECTION = "DfE Children looked after 2025: 9% of children who entered care were under police protection"

CARE_BEGAN, CARE_CEASED = "clae_cla_episode_start_date_day", "clae_cla_episode_ceased_date_day"
_legal = ("lega_legal_status_start_date_day", "lega_legal_status_end_date_day")

_care = partial(
    Indicator,
    table="ssd_cla_episodes",
    domain=Domain.SERVICES,
    polarity=Polarity.RISK,
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    missing="time in care is not recorded here",
    evidence=RE_ENTRY,
    aim=Aim.SAFELY_AT_HOME,
)
_status = partial(
    _care,
    table="ssd_legal_status",
    polarity=Polarity.CONTEXT,
    unit="flag",
    missing="under which law a child was in care is not recorded here",
    evidence=LOCAL,
)


def _was_under(*statuses: str) -> Measure:
    return any_row(all_of(is_held_within(*_legal, TWENTY_FOUR_MONTHS), is_in("lega_legal_status", *statuses)))


PAST_CARE: tuple[Indicator, ...] = (
    _care(
        name="has_been_looked_after",
        expression=any_row(is_known(CARE_BEGAN)),
        unit="flag",
        window_days=None,
        sentence="the child has been looked after, as far back as records go",
        absent="the child has not been looked after, as far back as records go",
        for_families="whether your child has been looked after, as far back as our records go",
    ),
    _care(
        name="days_looked_after_last_24_months",
        expression=days_within(CARE_BEGAN, CARE_CEASED, TWENTY_FOUR_MONTHS),
        polarity=Polarity.CONTEXT,
        unit="days",
        evidence=LONGER_IN_CARE,
        sentence="looked after for {value} [day|days] of the last 24 months",
        absent="not looked after in the last 24 months",
        for_families="for how many days of the last 24 months your child was looked after",
    ),
    _care(
        name="unplanned_returns_home_last_24_months",
        expression=count(
            all_of(within(CARE_CEASED, TWENTY_FOUR_MONTHS), is_in("clae_cla_episode_ceased_reason", "E4B"))
        ),
        sentence="returned home from care [once|{value} times] before it was planned, in the last 24 months",
        absent="no unplanned return home from care in the last 24 months",
        for_families="how often your child came home from care before it was planned, in the last 24 months",
    ),
    _status(
        name="was_looked_after_by_agreement_last_24_months",
        expression=_was_under("V2"),
        sentence="looked after by agreement with the parents (section 20) in the last 24 months",
        absent="not looked after by agreement with the parents (section 20) in the last 24 months",
        evidence=BY_AGREEMENT,
        for_families="whether your child was looked after by agreement with you in the last 24 months",
    ),
    _status(
        name="was_under_care_or_placement_order_last_24_months",
        expression=_was_under("C1", "C2", "D1", "E1"),
        sentence="looked after under a court's care or placement order in the last 24 months",
        absent="not looked after under a court's care or placement order in the last 24 months",
        for_families="whether a court made a care or placement order for your child that held in the last 24 months",
    ),
    _status(
        name="was_under_emergency_protection_last_24_months",
        expression=_was_under("L1", "L2", "L3"),
        sentence="looked after under police protection or an emergency or assessment order in the last 24 months",
        absent="not looked after under police protection or an emergency or assessment order in the last 24 months",
        evidence=POLICE_PROTECTION,
        for_families="whether your child was under police protection or an emergency order in the last 24 months",
    ),
    _status(
        name="was_looked_after_through_youth_justice_last_24_months",
        expression=_was_under("J1", "J2", "J3"),
        sentence="looked after through youth justice in the last 24 months",
        absent="not looked after through youth justice in the last 24 months",
        for_families="whether your child was looked after through youth justice in the last 24 months",
    ),
)
