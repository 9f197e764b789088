"""Quiet time: how long ago something last happened, for the longer that is, the longer things have held.

What never happened has no latest time: the value is missing, and says nothing against a family.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import all_of, is_at_least, is_in, is_relation, not_so
from features.indicators.declaration import (
    LOCAL,
    MAY_ENDANGER,
    SAYS_WHO_CAME,
    TELLS_OF_OTHERS,
    Domain,
    Indicator,
    Polarity,
)
from features.indicators.measures import days_since_latest
from features.indicators.streams import SPANS
from features.vocabulary.status import Rung
from features.vocabulary.theory_of_change import Aim

SECOND_PLAN = "DfE Children in need 2025: 24.5% of protection plans are a second or later one"
RETURNED_HOME = "Goldacre et al. 2022: one in five came back into care within a year of going home, over a third in six"

# The next episode began on the same day, so care went on.
ANOTHER_EPISODE_BEGAN = "X1"

_quiet = partial(
    Indicator,
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="days",
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
_stepped_up = is_at_least("rung", int(Rung.CHILD_IN_NEED))

QUIET_TIME: tuple[Indicator, ...] = (
    _quiet(
        name="days_since_latest_step_up",
        table=SPANS,
        expression=days_since_latest("start_day", _stepped_up),
        sentence="help last became social care, a protection plan or care {ago}",
        absent="help became social care, a protection plan or care on the day itself",
        missing="no step up to social care, a protection plan or care is on record",
        for_families="how many days ago help last became social care, a child protection plan or care",
    ),
    _quiet(
        name="days_since_latest_step_up_of_sibling",
        table=SPANS,
        about="household",
        expression=days_since_latest("start_day", all_of(is_relation("sibling"), _stepped_up)),
        sentence="help for a sibling last became social care, a protection plan or care {ago}",
        absent="help for a sibling became social care, a protection plan or care on the day itself",
        missing="no step up to social care, a protection plan or care is on record for a sibling",
        for_families="how many days ago help for a brother or sister last became social care, a plan or care",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    _quiet(
        name="days_since_latest_enquiry",
        table="ssd_s47_enquiry",
        expression=days_since_latest("s47e_s47_start_date_day"),
        sentence="latest child protection enquiry {ago}",
        absent="a child protection enquiry began on the day itself",
        missing="no child protection enquiry is on record",
        for_families="how many days ago a child protection enquiry last began",
        not_for_families=MAY_ENDANGER,
        aim=Aim.SAFELY_AT_HOME,
    ),
    _quiet(
        name="days_since_latest_protection_plan_ended",
        table="ssd_cp_plans",
        expression=days_since_latest("cppl_cp_plan_end_date_day"),
        sentence="a child protection plan last ended {ago}",
        absent="a child protection plan ended on the day itself",
        missing="no child protection plan that ended is on record",
        evidence=SECOND_PLAN,
        for_families="how many days ago a child protection plan last ended",
        aim=Aim.SAFELY_AT_HOME,
    ),
    _quiet(
        name="days_since_care_last_ended",
        table="ssd_cla_episodes",
        expression=days_since_latest(
            "clae_cla_episode_ceased_date_day",
            not_so(is_in("clae_cla_episode_ceased_reason", ANOTHER_EPISODE_BEGAN)),
        ),
        sentence="time in care last ended {ago}",
        absent="time in care ended on the day itself",
        missing="no time in care that ended is on record",
        evidence=RETURNED_HOME,
        for_families="how many days ago your child's time in care last ended",
        aim=Aim.SAFELY_AT_HOME,
    ),
    _quiet(
        name="days_since_latest_missing_episode",
        table="ssd_missing",
        expression=days_since_latest("miss_missing_episode_start_date_day"),
        sentence="last missing {ago}",
        absent="the child was missing on the day itself",
        missing="no time when the child was missing is on record",
        for_families="how many days ago your child was last missing",
    ),
    _quiet(
        name="days_since_latest_police_contact",
        table="ssd_contacts",
        expression=days_since_latest("cont_contact_date_day", is_in("cont_contact_source_code", "6")),
        sentence="latest contact from the police {ago}",
        absent="the latest contact from the police was on the day itself",
        missing="no contact from the police is on record",
        for_families="how many days ago the police were last in touch with us about your child",
        not_for_families=SAYS_WHO_CAME,
    ),
    _quiet(
        name="days_since_latest_suspension",
        table="ext_school_attendance",
        expression=days_since_latest("scho_period_end_date_day", is_at_least("scho_suspensions", 1)),
        sentence="the latest term or week with a suspension from school ended {ago}",
        absent="a term or week with a suspension from school ended on the day itself",
        missing="no suspension from school is on record",
        for_families="how many days ago the latest term or week with a suspension from school ended",
    ),
    _quiet(
        name="days_at_latest_address",
        table="ssd_address",
        expression=days_since_latest("addr_address_start_date_day"),
        sentence="latest address began {ago}",
        absent="the latest address began on the day itself",
        missing="no address is on record",
        missing_is_gap=True,
        for_families="for how many days your child has had the latest address in our records",
        # Whoever was left behind could read from it that the child moved, and when.
        not_for_families=MAY_ENDANGER,
    ),
)
