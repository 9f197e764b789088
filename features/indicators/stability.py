"""Stability of home and workers: moves, who works with the family, homes in past care, and time known to services.

That a worker left is our doing and not the family's. Time in care that is over is history: children who are looked
after are not scored.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    SIX_MONTHS,
    THREE_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    is_at_least,
    is_in,
    is_open,
    lasts_at_most,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import (
    count,
    days_since_first,
    days_since_latest,
)
from features.vocabulary.theory_of_change import Aim

WORKERS = "DfE stability measures 2024: 27% of looked-after children had three or more social workers in the year"
PLACEMENTS = "DfE Children looked after 2025: 10% had three or more placements in the year"
FEWER_PLACEMENTS = "Neil et al. 2019: a return home is likelier to last after fewer placements"
RE_ENTRY = "Mc Grath-Lone et al. 2017: 35.3% of children who left care in 2008 came back within 5 years"
SAYS_WHO_ASKED = "it may tell a parent what a child asked for, or a child what a parent did"

# A change for the service's own reasons: caseloads, leaving, new teams, the usual move between teams, absence, death.
CHANGED_BY_US = ("MANAGE", "LEFTRL", "ORGRST", "TSPROC", "ABSENC", "SWDIED")
ASKED_FOR_BY_FAMILY = ("CHCHAN", "PCCHAN")

# The home closed or the carer gave up, an allegation, care not good enough, approval taken back, the carer asked.
COULD_NOT_GO_ON = ("CLOSE", "ALLEG", "STAND", "APPRR", "CREQB", "CREQO")

# The distance that DfE, Children looked after in England, counts from.
FAR_FROM_HOME_MILES = 20

MOVED_IN, MOVED_OUT = "addr_address_start_date_day", "addr_address_end_date_day"
PLACED, PLACEMENT_ENDED = "clap_cla_placement_start_date_day", "clap_cla_placement_end_date_day"
_work = ("invo_involvement_start_date_day", "invo_involvement_end_date_day")

_move = partial(
    Indicator,
    table="ssd_address",
    domain=Domain.STABILITY,
    polarity=Polarity.RISK,
    unit="count",
    missing="addresses are not recorded here",
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
    # Whoever was left behind could read from it that the child moved.
    not_for_families=MAY_ENDANGER,
)
_worker = partial(
    Indicator,
    table="ssd_involvements",
    domain=Domain.STABILITY,
    polarity=Polarity.CONTEXT,
    unit="count",
    missing="who works with a child is not recorded here",
    evidence=WORKERS,
    aim=Aim.TAKING_PART,
)
_placement = partial(
    Indicator,
    table="ssd_cla_placement",
    domain=Domain.STABILITY,
    polarity=Polarity.RISK,
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    missing="homes in care are not recorded here",
    evidence=FEWER_PLACEMENTS,
    aim=Aim.SAFELY_AT_HOME,
)
_time = partial(
    Indicator,
    domain=Domain.STABILITY,
    polarity=Polarity.CONTEXT,
    unit="days",
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=LOCAL,
    aim=Aim.HELP_IN_TIME,
)

_HOMES: tuple[Indicator, ...] = (
    _move(
        name="addresses_begun_last_6_months",
        expression=count(within(MOVED_IN, SIX_MONTHS)),
        window_days=SIX_MONTHS,
        sentence="{value} [address|addresses] began in the last 6 months",
        absent="no new address in the last 6 months",
        for_families="how often your child had a new address in the last 6 months",
    ),
    _move(
        name="addresses_begun_last_12_months",
        expression=count(within(MOVED_IN, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [address|addresses] began in the last 12 months",
        absent="no new address in the last 12 months",
        for_families="how often your child had a new address in the last 12 months",
    ),
    _move(
        name="addresses_begun_last_24_months",
        expression=count(within(MOVED_IN, TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [address|addresses] began in the last 24 months",
        absent="no new address in the last 24 months",
        for_families="how often your child had a new address in the last 24 months",
    ),
    _move(
        name="short_stays_at_an_address_last_24_months",
        expression=count(all_of(within(MOVED_OUT, TWENTY_FOUR_MONTHS), lasts_at_most(MOVED_IN, MOVED_OUT, SIX_MONTHS))),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="{value} [stay|stays] at an address ended within 6 months of moving in, in the last 24 months",
        absent="no stay at an address ended within 6 months of moving in, in the last 24 months",
        for_families="how often your child left a home within 6 months of moving in, in the last 24 months",
    ),
)

_WORKERS: tuple[Indicator, ...] = (
    _worker(
        name="workers_begun_last_12_months",
        expression=count(within(_work[0], TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} [worker or team|workers or teams] began to work with the child in the last 12 months",
        absent="no worker began to work with the child in the last 12 months",
        for_families="how many workers or teams began to work with your child in the last 12 months",
    ),
    _worker(
        name="worker_changes_made_by_services_last_24_months",
        expression=count(
            all_of(within(_work[1], TWENTY_FOUR_MONTHS), is_in("invo_worker_change_reason", *CHANGED_BY_US))
        ),
        polarity=Polarity.RISK,
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the worker changed [once|{value} times] for the service's own reasons in the last 24 months",
        absent="no record that the worker changed for the service's own reasons in the last 24 months",
        for_families="how often your child's worker changed for our own reasons in the last 24 months",
    ),
    _worker(
        name="worker_changes_asked_for_by_family_last_24_months",
        expression=count(
            all_of(within(_work[1], TWENTY_FOUR_MONTHS), is_in("invo_worker_change_reason", *ASKED_FOR_BY_FAMILY))
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child or a parent asked for another worker [once|{value} times] in the last 24 months",
        absent="no record that the child or a parent asked for another worker in the last 24 months",
        evidence=LOCAL,
        for_families="how often your child's worker changed in the last 24 months because you or your child asked",
        not_for_families=SAYS_WHO_ASKED,
    ),
    _worker(
        name="workers_involved_now",
        expression=count(is_open(*_work)),
        sentence="{value} [worker or team works|workers or teams work] with the child",
        absent="no worker is on record as working with the child",
        evidence=LOCAL,
        for_families="how many workers or teams work with your child",
    ),
    _worker(
        name="days_with_latest_worker_now",
        expression=days_since_latest(_work[0], is_open(*_work)),
        unit="days",
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="the worker who came last has worked with the child for {value} [day|days]",
        absent="a worker began on the day itself",
        missing="no worker is on record as working with the child",
        for_families="for how many days the worker who came last has worked with your child",
    ),
)

_PAST_CARE: tuple[Indicator, ...] = (
    _placement(
        name="placements_begun_last_24_months",
        expression=count(within(PLACED, TWENTY_FOUR_MONTHS)),
        sentence="{value} [home|homes] in care began in the last 24 months",
        absent="no home in care began in the last 24 months",
        evidence=PLACEMENTS,
        for_families="how many homes in care your child came to in the last 24 months",
    ),
    _placement(
        name="placements_that_could_not_go_on_last_24_months",
        expression=count(
            all_of(
                within(PLACEMENT_ENDED, TWENTY_FOUR_MONTHS),
                is_in("clap_cla_placement_change_reason", *COULD_NOT_GO_ON),
            )
        ),
        sentence="{value} [home|homes] in care ended in the last 24 months because the home could not go on",
        absent="no home in care ended in the last 24 months because the home could not go on",
        for_families="how many homes in care ended in the last 24 months because the home could not go on",
    ),
    _placement(
        name="short_placements_last_24_months",
        expression=count(
            all_of(within(PLACEMENT_ENDED, TWENTY_FOUR_MONTHS), lasts_at_most(PLACED, PLACEMENT_ENDED, THREE_MONTHS))
        ),
        polarity=Polarity.CONTEXT,
        sentence="{value} [home|homes] in care lasted 3 months or less and ended in the last 24 months",
        absent="no home in care of 3 months or less ended in the last 24 months",
        for_families="how many homes in care lasted 3 months or less and ended in the last 24 months",
    ),
    _placement(
        name="placements_far_from_home_last_24_months",
        expression=count(
            all_of(within(PLACED, TWENTY_FOUR_MONTHS), is_at_least("clap_cla_placement_distance", FAR_FROM_HOME_MILES))
        ),
        polarity=Polarity.CONTEXT,
        sentence="{value} [home|homes] in care 20 miles or more from home began in the last 24 months",
        absent="no home in care 20 miles or more from home began in the last 24 months",
        evidence=LOCAL,
        for_families="how many homes in care that began in the last 24 months were 20 miles or more from home",
    ),
    _placement(
        name="times_care_began_last_24_months",
        table="ssd_cla_episodes",
        expression=count(
            all_of(
                within("clae_cla_episode_start_date_day", TWENTY_FOUR_MONTHS),
                is_in("clae_cla_episode_start_reason", "S"),
            )
        ),
        sentence="care began [once|{value} times] in the last 24 months",
        absent="care did not begin in the last 24 months",
        missing="time in care is not recorded here",
        evidence=RE_ENTRY,
        for_families="how often your child came into care in the last 24 months",
    ),
)

_TIME_KNOWN: tuple[Indicator, ...] = (
    _time(
        name="days_since_latest_contact",
        table="ssd_contacts",
        expression=days_since_latest("cont_contact_date_day"),
        sentence="latest contact {ago}",
        absent="the latest contact was on the day itself",
        missing="no contact is on record",
        for_families="how many days ago services were last contacted about your child",
    ),
    _time(
        name="days_since_latest_referral",
        table="ssd_cin_episodes",
        expression=days_since_latest("cine_referral_date_day"),
        sentence="latest referral {ago}",
        absent="the latest referral was on the day itself",
        missing="no referral is on record",
        for_families="how many days ago your child was last referred to social care",
    ),
    _time(
        name="days_since_first_contact_at_most_24_months",
        table="ssd_contacts",
        expression=days_since_first("cont_contact_date_day", at_most=TWENTY_FOUR_MONTHS),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="first contact {ago} (two years stand for two years and more)",
        absent="the first contact was on the day itself",
        missing="no contact is on record",
        for_families="how many days ago services were first contacted about your child (730 stands for longer too)",
    ),
    _time(
        name="days_since_first_referral_at_most_24_months",
        table="ssd_cin_episodes",
        expression=days_since_first("cine_referral_date_day", at_most=TWENTY_FOUR_MONTHS),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="first referral {ago} (two years stand for two years and more)",
        absent="the first referral was on the day itself",
        missing="no referral is on record",
        for_families="how many days ago your child was first referred to social care (730 stands for longer too)",
    ),
    _time(
        name="days_since_latest_case_closed",
        table="ssd_cin_episodes",
        expression=days_since_latest("cine_close_date_day"),
        sentence="a referral or case of social care was last closed {ago}",
        absent="a referral or case of social care was closed on the day itself",
        missing="no closed referral or case of social care is on record",
        for_families="how many days ago social care last closed a referral or case of your child",
    ),
)

STABILITY: tuple[Indicator, ...] = (*_HOMES, *_WORKERS, *_PAST_CARE, *_TIME_KNOWN)
