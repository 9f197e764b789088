"""After care and on the way out of it: where a young person who left care stands, kin, and health looked after.

A care leaver's row is written over at each contact, so it says how things stood when they were last heard of. Whom a
child left care to, and whom they lived with in care, is told by the national codes.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    SIX_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    is_held_within,
    is_in,
    is_known,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, Domain, Indicator, Polarity
from features.indicators.measures import any_row_among, count
from features.vocabulary.theory_of_change import Aim

THE_YOUNG_PERSONS_TO_SHARE = "it tells of a young person who has left care, and whom to tell is theirs to say"
GUARDIANS = "Mc Grath-Lone 2016: 5.9% came back into care within 5 years of a special guardianship order"
STABLE_RETURN = "Neil et al. 2019: of children who went home from care, 75% were still there two years later"
SUITABLE = "DfE Children looked after 2025: 91% of care leavers aged 17 and 18 in suitable homes"
OCCUPIED = "DfE Children looked after 2025: 64% of care leavers aged 17 and 18 in education, work or training"
IMMUNISED = "DfE Children looked after 2025: 84% of those in care for a year with immunisations up to date"
DENTIST = "DfE Children looked after 2025: 81% of those in care for a year with a dental check"
PATHWAY = "Care Leavers (England) Regulations 2010: the pathway plan is reviewed at least every six months"

IN_TOUCH, NOT_IN_TOUCH = ("YES",), ("NO", "REFU")
WITH_KIN = ("B", "Z")
STUDIES_OR_WORKS = ("F1", "P1", "F2", "P2", "F3", "P3", "F4", "P4", "F5", "P5")
# With a parent, or fostered by family or friends.
PLACED_WITH_KIN = ("P1", "U1", "U2", "U3")
# Lived with somebody without parental responsibility, child arrangements, special guardianship.
TO_RELATIVES_OR_GUARDIANS = ("E13", "E41", "E43", "E44", "E45", "E46", "E47", "E48")
# Case closed because of a child arrangements order or a special guardianship order.
CLOSED_BY_ORDER = ("RC3", "RC4")
SETTLED_ORDERS = ("Special Guardianship", "Child Arrangements Order/ Residence Order")
DONE, NOT_DONE = "Completed", ("Refused", "Cancelled")

CEASED, CEASED_WHY = "clae_cla_episode_ceased_date_day", "clae_cla_episode_ceased_reason"
PLACED, PLACEMENT_ENDED = "clap_cla_placement_start_date_day", "clap_cla_placement_end_date_day"
CHECKED, CHECK_STATUS = "clah_health_check_date_day", "clah_health_check_status"

_strength = partial(
    Indicator,
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="flag",
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=LOCAL,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
_leaver = partial(_strength, table="ssd_care_leavers", not_for_families=THE_YOUNG_PERSONS_TO_SHARE)
_out_of_care = partial(
    _strength,
    table="ssd_cla_episodes",
    unit="count",
    window_days=TWENTY_FOUR_MONTHS,
    zero_when_no_row=True,
    missing_is_gap=True,
    missing="time in care is not recorded here",
    aim=Aim.SAFELY_AT_HOME,
)
_health = partial(_strength, table="ssd_cla_health", window_days=TWENTY_FOUR_MONTHS)

_checked = all_of(within(CHECKED, TWENTY_FOUR_MONTHS), is_in(CHECK_STATUS, DONE, *NOT_DONE))

_LEFT_CARE: tuple[Indicator, ...] = (
    _leaver(
        name="is_in_touch_after_leaving_care",
        expression=any_row_among(
            is_in("clea_care_leaver_in_touch", *IN_TOUCH, *NOT_IN_TOUCH), is_in("clea_care_leaver_in_touch", *IN_TOUCH)
        ),
        sentence="after leaving care the young person is in touch",
        absent="after leaving care the young person is not in touch",
        missing="nothing is on record of being in touch after leaving care",
        for_families="whether the young person is in touch with us after leaving care",
    ),
    _leaver(
        name="has_suitable_home_after_leaving_care",
        expression=any_row_among(
            is_known("clea_care_leaver_accom_suitable"), is_in("clea_care_leaver_accom_suitable", "1")
        ),
        sentence="after leaving care the young person lives in a suitable home",
        absent="no record that the home after leaving care is suitable",
        missing="nothing is on record of a home after leaving care",
        evidence=SUITABLE,
        for_families="whether the young person's home after leaving care is suitable",
    ),
    _leaver(
        name="is_in_education_work_or_training_after_leaving_care",
        expression=any_row_among(
            is_known("clea_care_leaver_activity"), is_in("clea_care_leaver_activity", *STUDIES_OR_WORKS)
        ),
        sentence="after leaving care the young person is in education, work or training",
        absent="no record that the young person is in education, work or training after leaving care",
        missing="nothing is on record of what the young person does after leaving care",
        evidence=OCCUPIED,
        for_families="whether the young person is in education, work or training after leaving care",
    ),
    _leaver(
        name="is_with_family_or_former_carer_after_leaving_care",
        expression=any_row_among(
            is_known("clea_care_leaver_accommodation"), is_in("clea_care_leaver_accommodation", *WITH_KIN)
        ),
        sentence="after leaving care the young person lives with parents, relatives or the former foster carer",
        absent="no record of living with parents, relatives or the former foster carer after leaving care",
        missing="nothing is on record of a home after leaving care",
        for_families="whether the young person lives with family or the former foster carer after leaving care",
    ),
    _leaver(
        name="was_pathway_plan_reviewed_last_6_months",
        expression=any_row_among(
            is_known("clea_pathway_plan_review_date_day"), within("clea_pathway_plan_review_date_day", SIX_MONTHS)
        ),
        window_days=SIX_MONTHS,
        sentence="the pathway plan out of care was reviewed in the last 6 months",
        absent="no record that the pathway plan out of care was reviewed in the last 6 months",
        missing="no review of a pathway plan out of care is on record",
        evidence=PATHWAY,
        for_families="whether the pathway plan out of care was reviewed in the last 6 months",
    ),
)

_TO_KIN: tuple[Indicator, ...] = (
    _out_of_care(
        name="planned_returns_home_last_24_months",
        expression=count(all_of(within(CEASED, TWENTY_FOUR_MONTHS), is_in(CEASED_WHY, "E4A"))),
        sentence="returned home from care as planned [once|{value} times] in the last 24 months",
        absent="no record of a planned return home from care in the last 24 months",
        evidence=STABLE_RETURN,
        for_families="how often your child returned home from care as planned in the last 24 months",
    ),
    _out_of_care(
        name="left_care_to_family_or_guardians_last_24_months",
        expression=count(all_of(within(CEASED, TWENTY_FOUR_MONTHS), is_in(CEASED_WHY, *TO_RELATIVES_OR_GUARDIANS))),
        sentence="left care to live with relatives or guardians [once|{value} times] in the last 24 months",
        absent="no record of leaving care to live with relatives or guardians in the last 24 months",
        evidence=GUARDIANS,
        for_families="how often your child left care to live with relatives or guardians in the last 24 months",
    ),
    _strength(
        name="was_placed_with_family_or_friends_last_24_months",
        table="ssd_cla_placement",
        expression=any_row_among(
            all_of(is_held_within(PLACED, PLACEMENT_ENDED, TWENTY_FOUR_MONTHS), is_known("clap_cla_placement_type")),
            is_in("clap_cla_placement_type", *PLACED_WITH_KIN),
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="while in care in the last 24 months the child lived with a parent, relatives or friends",
        absent="no record of living with a parent, relatives or friends while in care in the last 24 months",
        missing="no home in care in the last 24 months is on record",
        for_families="whether your child lived with a parent, relatives or friends while in care in the last 24 months",
        aim=Aim.SAFELY_AT_HOME,
    ),
    _out_of_care(
        name="cases_closed_by_order_for_guardian_or_relative_last_24_months",
        table="ssd_cin_episodes",
        expression=count(
            all_of(within("cine_close_date_day", TWENTY_FOUR_MONTHS), is_in("cine_close_reason", *CLOSED_BY_ORDER))
        ),
        sentence="{value} [case|cases] closed in the last 24 months with an order on whom the child lives with",
        absent="no record of a case closed in the last 24 months with an order on whom the child lives with",
        missing="referrals are not recorded here",
        evidence=GUARDIANS,
        for_families="how many cases closed in the last 24 months with a court order on whom your child lives with",
    ),
    _strength(
        name="has_guardianship_or_arrangements_order",
        table="ssd_permanence",
        expression=any_row_among(
            is_known("perm_permanence_order_type"), is_in("perm_permanence_order_type", *SETTLED_ORDERS)
        ),
        sentence="the child left care with a special guardianship or child arrangements order",
        absent="no record of leaving care with a special guardianship or child arrangements order",
        missing="no order with which the child left care for good is on record",
        evidence=GUARDIANS,
        for_families="whether your child left care with a special guardianship or child arrangements order",
        aim=Aim.SAFELY_AT_HOME,
    ),
)

_HEALTH_IN_CARE: tuple[Indicator, ...] = (
    _strength(
        name="has_immunisations_up_to_date_as_last_asked_in_care",
        table="ssd_cla_immunisations",
        expression=any_row_among(is_known("clai_immunisations_status"), equals("clai_immunisations_status", 1)),
        sentence="immunisations were up to date when last asked in care",
        absent="immunisations were not up to date when last asked in care",
        missing="nobody has asked about immunisations in care, as far as is recorded",
        evidence=IMMUNISED,
        for_families="whether your child's immunisations were up to date when last asked in care",
    ),
    _health(
        name="share_of_health_checks_done_in_care_last_24_months",
        unit="ratio",
        expression=count(all_of(_checked, is_in(CHECK_STATUS, DONE))),
        per=count(_checked),
        sentence="{value} of the health and dental checks in care in the last 24 months were done",
        absent="no record of a health or dental check done in care in the last 24 months",
        missing="no health or dental check in care in the last 24 months is on record",
        for_families="what share of health and dental checks in care in the last 24 months was done",
    ),
    _health(
        name="has_dental_check_done_in_care_last_24_months",
        expression=any_row_among(
            all_of(_checked, speaks_of("clah_health_check_type", "dent")), is_in(CHECK_STATUS, DONE)
        ),
        sentence="a dental check was done in care in the last 24 months",
        absent="no record of a dental check done in care in the last 24 months",
        missing="no dental check in care in the last 24 months is on record",
        evidence=DENTIST,
        for_families="whether a dental check in care was done in the last 24 months",
    ),
)

CARE_LEAVERS: tuple[Indicator, ...] = (*_LEFT_CARE, *_TO_KIN, *_HEALTH_IN_CARE)
