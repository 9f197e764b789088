"""Engagement: asking for help, being seen on visits, and taking part in reviews.

No record of a strength is not the absence of one: a share is missing where there was no occasion, and the words for
zero say "no record of".
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    THREE_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    Condition,
    all_of,
    equals,
    is_in,
    is_known,
    within,
)
from features.indicators.declaration import LOCAL, SAYS_WHO_CAME, Domain, Indicator, Polarity
from features.indicators.measures import count
from features.vocabulary.theory_of_change import Aim

TAKING_PART = "UNCRC art. 12; Children Act 1989 s.22(4); " + LOCAL
BEING_SEEN = "Working Together to Safeguard Children 2023: the child is seen, alone where that is right; " + LOCAL

# The child attended and spoke, was spoken for, or made their views known in another way; PN0 is a child
# under four.
TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")
COULD_TAKE_PART = (*TOOK_PART, "PN4", "PN7")

CONTACT = "cont_contact_date_day"
VISIT, PROTECTION_VISIT, CARE_VISIT = "cinv_cin_visit_date_day", "cppv_cp_visit_date_day", "clav_cla_visit_date_day"

_share = partial(
    Indicator,
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="ratio",
    window_days=TWELVE_MONTHS,
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=BEING_SEEN,
    aim=Aim.TAKING_PART,
)


def _says(day: str, days: int, seen: str) -> Condition:
    return all_of(within(day, days), is_known(seen))


_visited, _visited_alone = (
    _says(VISIT, TWELVE_MONTHS, seen) for seen in ("cinv_cin_visit_seen", "cinv_cin_visit_seen_alone")
)
_protected, _protected_alone = (
    _says(PROTECTION_VISIT, TWELVE_MONTHS, seen) for seen in ("cppv_cp_visit_seen", "cppv_cp_visit_seen_alone")
)
_cared_for = _says(CARE_VISIT, TWENTY_FOUR_MONTHS, "clav_cla_visit_seen")
_assessed = _says("cina_assessment_auth_date_day", TWENTY_FOUR_MONTHS, "cina_assessment_child_seen")
_reviewed = all_of(
    within("cppr_cp_review_date_day", TWENTY_FOUR_MONTHS), is_in("cppr_cp_review_participation", *COULD_TAKE_PART)
)
_reviewed_in_care = all_of(
    within("clar_cla_review_date_day", TWENTY_FOUR_MONTHS), is_in("clar_cla_review_participation", *COULD_TAKE_PART)
)
_offered = all_of(
    within("miss_missing_episode_end_date_day", TWENTY_FOUR_MONTHS), equals("miss_missing_rhi_offered", 1)
)

_SEEN: tuple[Indicator, ...] = (
    _share(
        name="share_of_visits_child_seen_last_12_months",
        table="ssd_cin_visits",
        expression=count(all_of(_visited, equals("cinv_cin_visit_seen", 1))),
        per=count(_visited),
        sentence="the child was seen in {value} of visits in the last 12 months",
        absent="no record that the child was seen in a visit in the last 12 months",
        missing="no visit of the last 12 months says whether the child was seen",
        for_families="in what share of our visits as a child in need in the last 12 months we saw your child",
    ),
    _share(
        name="share_of_visits_child_seen_alone_last_12_months",
        table="ssd_cin_visits",
        expression=count(all_of(_visited_alone, equals("cinv_cin_visit_seen_alone", 1))),
        per=count(_visited_alone),
        sentence="the child was seen alone in {value} of visits in the last 12 months",
        absent="no record that the child was seen alone in a visit in the last 12 months",
        missing="no visit of the last 12 months says whether the child was seen alone",
        for_families="in what share of our visits as a child in need in the last 12 months we saw your child alone",
    ),
    _share(
        name="share_of_protection_visits_child_seen_last_12_months",
        table="ssd_cp_visits",
        expression=count(all_of(_protected, equals("cppv_cp_visit_seen", 1))),
        per=count(_protected),
        sentence="the child was seen in {value} of visits under a child protection plan in the last 12 months",
        absent="no record that the child was seen in a visit under a child protection plan in the last 12 months",
        missing="no visit under a child protection plan in the last 12 months says whether the child was seen",
        for_families="in what share of visits under a child protection plan in the last 12 months we saw your child",
    ),
    _share(
        name="share_of_protection_visits_child_seen_alone_last_12_months",
        table="ssd_cp_visits",
        expression=count(all_of(_protected_alone, equals("cppv_cp_visit_seen_alone", 1))),
        per=count(_protected_alone),
        sentence="the child was seen alone in {value} of visits under a child protection plan in the last 12 months",
        absent="no record that the child was seen alone under a child protection plan in the last 12 months",
        missing="no visit under a child protection plan in the last 12 months says whether the child was seen alone",
        for_families="in what share of visits under a protection plan in the last 12 months we saw your child alone",
    ),
    _share(
        name="share_of_care_visits_child_seen_last_24_months",
        table="ssd_cla_visits",
        expression=count(all_of(_cared_for, equals("clav_cla_visit_seen", 1))),
        per=count(_cared_for),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child was seen in {value} of visits while in care in the last 24 months",
        absent="no record that the child was seen in a visit while in care in the last 24 months",
        missing="no visit while in care in the last 24 months says whether the child was seen",
        for_families="in what share of visits while in care in the last 24 months we saw your child",
    ),
    _share(
        name="share_of_assessments_child_seen_last_24_months",
        table="ssd_cin_assessments",
        expression=count(all_of(_assessed, equals("cina_assessment_child_seen", 1))),
        per=count(_assessed),
        window_days=TWENTY_FOUR_MONTHS,
        missing_is_gap=True,
        sentence="the child was seen in {value} of assessments in the last 24 months",
        absent="no record that the child was seen in an assessment in the last 24 months",
        missing="no assessment of the last 24 months says whether the child was seen",
        for_families="in what share of our assessments in the last 24 months we saw your child",
    ),
    Indicator(
        name="visits_child_seen_last_3_months",
        table="ssd_cin_visits",
        expression=count(all_of(within(VISIT, THREE_MONTHS), equals("cinv_cin_visit_seen", 1))),
        domain=Domain.STRENGTHS,
        polarity=Polarity.CONTEXT,
        unit="count",
        window_days=THREE_MONTHS,
        sentence="the child was seen in {value} [visit|visits] as a child in need in the last 3 months",
        absent="no record that the child was seen in a visit as a child in need in the last 3 months",
        missing="visits to children in need are not recorded here",
        evidence=BEING_SEEN,
        for_families="how often we saw your child on a visit as a child in need in the last 3 months",
        aim=Aim.TAKING_PART,
    ),
)

_TAKING_PART: tuple[Indicator, ...] = (
    _share(
        name="share_of_contacts_from_family_last_12_months",
        table="ssd_contacts",
        expression=count(all_of(within(CONTACT, TWELVE_MONTHS), is_in("cont_contact_source_code", "1A", "1C"))),
        per=count(all_of(within(CONTACT, TWELVE_MONTHS), is_known("cont_contact_source_code"))),
        sentence="{value} of the contacts in the last 12 months came from the child, a relative or a carer",
        absent="no record of a contact from the child, a relative or a carer in the last 12 months",
        missing="no contact of the last 12 months says who made it",
        missing_is_gap=True,
        # A relative or a child may ask for help early, or tell of harm: neither way is sure.
        polarity=Polarity.CONTEXT,
        evidence=LOCAL,
        for_families="what share of contacts in the last 12 months came from your child, a relative or a carer",
        not_for_families=SAYS_WHO_CAME,
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
        evidence=TAKING_PART,
        for_families="in what share of child protection reviews in the last 24 months your child's views were heard",
    ),
    _share(
        name="share_of_care_reviews_child_took_part_last_24_months",
        table="ssd_cla_reviews",
        expression=count(all_of(_reviewed_in_care, is_in("clar_cla_review_participation", *TOOK_PART))),
        per=count(_reviewed_in_care),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the child's views reached {value} of reviews of their care in the last 24 months",
        absent="no record that the child's views reached a review of their care in the last 24 months",
        missing="no review of the child's care in the last 24 months says how they took part",
        evidence=TAKING_PART,
        for_families="in what share of reviews of their care in the last 24 months your child's views were heard",
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
        evidence=TAKING_PART,
        for_families="what share of talks offered after being missing in the last 24 months your child accepted",
    ),
)

ENGAGEMENT: tuple[Indicator, ...] = (*_SEEN, *_TAKING_PART)
