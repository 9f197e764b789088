"""Strengths and engagement: help that worked, taking part, being seen, and quiet time.

Strengths are hardly recorded in statutory data. No record of a strength is not the absence of one: shares
are missing where there was no occasion, and the words for zero say "no record of".
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import IN_WINDOW, NOT_ASSESSED
from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    equals,
    found,
    is_at_least,
    is_in,
    is_known,
    is_relation,
    speaks_of,
    within,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row_among,
    count,
    days_since_latest,
)
from features.indicators.streams import FACTORS, SPANS
from features.vocabulary.status import Rung

LOCAL = "local judgement"
GUARDIANS = "Mc Grath-Lone 2016: 5.9% came back into care within 5 years of a special guardianship order"
TAKING_PART = "UNCRC art. 12; Children Act 1989 s.22(4); " + LOCAL

# Authorities' own words for early help that ended as the family and the worker had agreed; there is no
# national list.
COMPLETED = r"(outcomes?|needs?|goals?|plan) (were |was )?(met|achieved|completed?)|completed|positive|improved"

# The child attended and spoke, was spoken for, or made their views known in another way; PN0 is a child
# under four.
TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")
COULD_TAKE_PART = (*TOOK_PART, "PN4", "PN7")

CONTACT, VISIT, REVIEW = "cont_contact_date_day", "cinv_cin_visit_date_day", "cppr_cp_review_date_day"
HELP_ENDED, CARE_CEASED = "earl_episode_end_date_day", "clae_cla_episode_ceased_date_day"

_strength = partial(Indicator, domain=Domain.STRENGTHS, polarity=Polarity.RESILIENCE, evidence=LOCAL)
_count = partial(_strength, unit="count", window_days=TWENTY_FOUR_MONTHS)
_share = partial(_strength, unit="ratio", window_days=TWELVE_MONTHS, zero_when_no_row=False)
_quiet = partial(_strength, unit="days", zero_when_no_row=False)

_visited = all_of(within(VISIT, TWELVE_MONTHS), is_known("cinv_cin_visit_seen"))
_visited_alone = all_of(within(VISIT, TWELVE_MONTHS), is_known("cinv_cin_visit_seen_alone"))
_reviewed = all_of(within(REVIEW, TWENTY_FOUR_MONTHS), is_in("cppr_cp_review_participation", *COULD_TAKE_PART))
_offered = all_of(
    within("miss_missing_episode_end_date_day", TWENTY_FOUR_MONTHS), equals("miss_missing_rhi_offered", 1)
)
_assessed = all_of(within("cina_assessment_auth_date_day", TWENTY_FOUR_MONTHS), is_known("cina_assessment_child_seen"))

RESILIENCE: tuple[Indicator, ...] = (
    _count(
        name="early_help_completed_last_24_months",
        table="ssd_early_help_episodes",
        expression=count(
            all_of(within(HELP_ENDED, TWENTY_FOUR_MONTHS), speaks_of("earl_episode_end_reason", COMPLETED))
        ),
        sentence="early help was completed as agreed {value} [time|times] in the last 24 months",
        absent="no record of early help completed as agreed in the last 24 months",
        missing="early help is not recorded here",
    ),
    _count(
        name="early_help_completed_for_sibling_last_24_months",
        table="ssd_early_help_episodes",
        about="household",
        expression=count(
            all_of(
                is_relation("sibling"),
                within(HELP_ENDED, TWENTY_FOUR_MONTHS),
                speaks_of("earl_episode_end_reason", COMPLETED),
            )
        ),
        sentence="early help for siblings was completed as agreed {value} [time|times] in the last 24 months",
        absent="no record of early help for a sibling completed as agreed in the last 24 months",
        missing="early help or the household is not recorded here",
    ),
    _strength(
        name="found_no_need_last_24_months",
        table=FACTORS,
        expression=any_row_among(IN_WINDOW, found("21")),
        unit="flag",
        window_days=TWENTY_FOUR_MONTHS,
        zero_when_no_row=False,
        sentence="an assessment looked and found no need",
        absent="each assessment on record found some need",
        missing=NOT_ASSESSED,
    ),
    _share(
        name="share_of_contacts_from_family_last_12_months",
        table="ssd_contacts",
        expression=count(all_of(within(CONTACT, TWELVE_MONTHS), is_in("cont_contact_source_code", "1A", "1C"))),
        per=count(all_of(within(CONTACT, TWELVE_MONTHS), is_known("cont_contact_source_code"))),
        sentence="the child or family asked for help themselves in {value} of contacts in the last 12 months",
        absent="no record that the child or family asked for help themselves in the last 12 months",
        missing="no contact of the last 12 months says who made it",
    ),
    _share(
        name="share_of_visits_child_seen_last_12_months",
        table="ssd_cin_visits",
        expression=count(all_of(_visited, equals("cinv_cin_visit_seen", 1))),
        per=count(_visited),
        sentence="the child was seen in {value} of visits in the last 12 months",
        absent="no record that the child was seen in a visit in the last 12 months",
        missing="no visit of the last 12 months says whether the child was seen",
    ),
    _share(
        name="share_of_visits_child_seen_alone_last_12_months",
        table="ssd_cin_visits",
        expression=count(all_of(_visited_alone, equals("cinv_cin_visit_seen_alone", 1))),
        per=count(_visited_alone),
        sentence="the child was seen alone in {value} of visits in the last 12 months",
        absent="no record that the child was seen alone in a visit in the last 12 months",
        missing="no visit of the last 12 months says whether the child was seen alone",
        evidence=TAKING_PART,
    ),
    _share(
        name="share_of_assessments_child_seen_last_24_months",
        table="ssd_cin_assessments",
        expression=count(all_of(_assessed, equals("cina_assessment_child_seen", 1))),
        per=count(_assessed),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child was seen in {value} of assessments in the last 24 months",
        absent="no record that the child was seen in an assessment in the last 24 months",
        missing="no assessment of the last 24 months says whether the child was seen",
        evidence=TAKING_PART,
    ),
    _share(
        name="share_of_reviews_child_took_part_last_24_months",
        table="ssd_cp_reviews",
        expression=count(all_of(_reviewed, is_in("cppr_cp_review_participation", *TOOK_PART))),
        per=count(_reviewed),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child's views reached {value} of child protection reviews in the last 24 months",
        absent="no record that the child's views reached a child protection review in the last 24 months",
        missing="no child protection review of the last 24 months says how the child took part",
        missing_is_gap=False,
        evidence=TAKING_PART,
    ),
    _share(
        name="share_of_return_interviews_accepted_last_24_months",
        table="ssd_missing",
        expression=count(all_of(_offered, equals("miss_missing_rhi_accepted", 1))),
        per=count(_offered),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child accepted {value} of return interviews offered in the last 24 months",
        absent="no record that the child accepted a return interview in the last 24 months",
        missing="no return interview was offered in the last 24 months, as far as is recorded",
        missing_is_gap=False,
        evidence=TAKING_PART,
    ),
    _count(
        name="planned_returns_home_last_24_months",
        table="ssd_cla_episodes",
        expression=count(
            all_of(within(CARE_CEASED, TWENTY_FOUR_MONTHS), is_in("clae_cla_episode_ceased_reason", "E4A"))
        ),
        sentence="returned home from care as planned {value} [time|times] in the last 24 months",
        absent="no record of a planned return home from care in the last 24 months",
        missing="time in care is not recorded here",
    ),
    _count(
        name="left_care_to_family_or_guardians_last_24_months",
        table="ssd_cla_episodes",
        expression=count(
            all_of(
                within(CARE_CEASED, TWENTY_FOUR_MONTHS),
                is_in("clae_cla_episode_ceased_reason", "E13", "E41", "E43", "E44", "E45", "E46", "E47", "E48"),
            )
        ),
        sentence="left care to live with relatives or guardians {value} [time|times] in the last 24 months",
        absent="no record of leaving care to live with relatives or guardians in the last 24 months",
        missing="time in care is not recorded here",
        evidence=GUARDIANS,
    ),
    _quiet(
        name="days_since_latest_step_up",
        table=SPANS,
        expression=days_since_latest("start_day", is_at_least("rung", int(Rung.CHILD_IN_NEED))),
        sentence="help last became social care, a protection plan or care {ago}",
        absent="help became social care, a protection plan or care on the day itself",
        missing="no step up to social care, a protection plan or care is on record",
        missing_is_gap=False,
    ),
    _quiet(
        name="days_since_latest_missing_episode",
        table="ssd_missing",
        expression=days_since_latest("miss_missing_episode_start_date_day"),
        sentence="last missing {ago}",
        absent="the child was missing on the day itself",
        missing="no time when the child was missing is on record",
        missing_is_gap=False,
    ),
    _quiet(
        name="days_since_latest_police_contact",
        table="ssd_contacts",
        expression=days_since_latest(CONTACT, is_in("cont_contact_source_code", "6")),
        sentence="latest contact from the police {ago}",
        absent="the latest contact from the police was on the day itself",
        missing="no contact from the police is on record",
        missing_is_gap=False,
    ),
    _quiet(
        name="days_at_latest_address",
        table="ssd_address",
        expression=days_since_latest("addr_address_start_date_day"),
        sentence="latest address began {ago}",
        absent="the latest address began on the day itself",
        missing="no address is on record",
    ),
)
