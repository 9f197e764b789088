"""Time and stability: moves, times missing, and how long a need has been known."""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    count,
    days_since_first,
    days_since_latest,
)

MISSING = "DfE Children looked after 2018: 65% of looked-after children who went missing did so more than once"
LOCAL = "local judgement"

_move = partial(
    Indicator,
    table="ssd_address",
    domain=Domain.STABILITY,
    polarity=Polarity.RISK,
    unit="count",
    missing="addresses are not recorded here",
    evidence=LOCAL,
)
_missing = partial(
    Indicator,
    table="ssd_missing",
    domain=Domain.STABILITY,
    polarity=Polarity.RISK,
    unit="count",
    missing="times when a child was missing are not recorded here",
    evidence=MISSING,
)
_time = partial(
    Indicator,
    domain=Domain.STABILITY,
    polarity=Polarity.CONTEXT,
    unit="days",
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=LOCAL,
)

STABILITY: tuple[Indicator, ...] = (
    _move(
        name="addresses_begun_last_12_months",
        expression=count(within("addr_address_start_date_day", TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [address|addresses] began in the last 12 months",
        absent="no new address in the last 12 months",
    ),
    _move(
        name="addresses_begun_last_24_months",
        expression=count(within("addr_address_start_date_day", TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [address|addresses] began in the last 24 months",
        absent="no new address in the last 24 months",
    ),
    _missing(
        name="missing_episodes_last_12_months",
        expression=count(within("miss_missing_episode_start_date_day", TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="missing {value} [time|times] in the last 12 months",
        absent="not missing in the last 12 months, as far as is recorded",
    ),
    _time(
        name="days_since_latest_contact",
        table="ssd_contacts",
        expression=days_since_latest("cont_contact_date_day"),
        sentence="latest contact {ago}",
        absent="the latest contact was on the day itself",
        missing="no contact is on record",
    ),
    _time(
        name="days_since_latest_referral",
        table="ssd_cin_episodes",
        expression=days_since_latest("cine_referral_date_day"),
        sentence="latest referral {ago}",
        absent="the latest referral was on the day itself",
        missing="no referral is on record",
    ),
    _time(
        name="days_since_first_contact_at_most_24_months",
        table="ssd_contacts",
        expression=days_since_first("cont_contact_date_day", at_most=TWENTY_FOUR_MONTHS),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="first contact {ago} (two years stand for two years and more)",
        absent="the first contact was on the day itself",
        missing="no contact is on record",
    ),
)
