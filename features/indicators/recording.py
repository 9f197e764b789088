"""What is not known, and how old what is known is.

Nothing here is a finding about a family: it tells the reader of a record how far to trust it, and where to ask. It
reads whether something is written down, never what it is; ethnicity is not read at all, not even whether it is known.
"""

from __future__ import annotations

from functools import partial

from features.indicators.care_leavers import THE_YOUNG_PERSONS_TO_SHARE
from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    Condition,
    all_of,
    either,
    equals,
    is_in,
    is_known,
    is_missing,
    is_none_of,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Domain, Indicator, Polarity
from features.indicators.measures import any_row, count, days_since_latest, latest_row_is
from features.indicators.streams import ASSESSED, FACTORS, SCALES
from features.vocabulary.theory_of_change import Aim

BETTER_RECORDS = "Research in Practice 2024, evaluation at Newport: records of characteristics are to become better"
UNKNOWN_SOURCE = "DfE Children in need 2020: the source of 1.4% of referrals is unknown"

# The source is not known; 9, somebody who gave no name, is a source that is known.
SOURCE_NOT_KNOWN = "10"
NEED_NOT_STATED = "N0"
DISABILITY_NOT_KNOWN = "NOBT"

ASSESSED_ON, CONTACT = "cina_assessment_auth_date_day", "cont_contact_date_day"
REFERRED, CLOSED = "cine_referral_date_day", "cine_close_date_day"
MOVED_IN, HELP_ENDED = "addr_address_start_date_day", "earl_episode_end_date_day"
VISITED = "cinv_cin_visit_date_day"
VIEW, TERM_ENDED = "famv_view_date_day", "scho_period_end_date_day"

_recording = partial(
    Indicator, domain=Domain.RECORDING, polarity=Polarity.CONTEXT, evidence=LOCAL, aim=Aim.WHOLE_FAMILY
)
_age = partial(_recording, unit="days", zero_when_no_row=False)
_is_known = partial(_recording, unit="flag")
_silent = partial(
    _recording, unit="ratio", window_days=TWENTY_FOUR_MONTHS, zero_when_no_row=False, missing_is_gap=False
)

_in_assessment = within(ASSESSED_ON, TWENTY_FOUR_MONTHS)
_in_contact = within(CONTACT, TWELVE_MONTHS)
_in_referral = within(REFERRED, TWENTY_FOUR_MONTHS)


def _not_told(column: str, *unknown: str) -> Condition:
    return either(is_missing(column), is_in(column, *unknown))


_AGE: tuple[Indicator, ...] = (
    _age(
        name="days_since_latest_assessment",
        table="ssd_cin_assessments",
        expression=days_since_latest(ASSESSED_ON),
        sentence="latest assessment finished {ago}",
        absent="the latest assessment finished on the day itself",
        missing="no finished assessment is on record",
        for_families="how many days ago we last finished an assessment of your child",
    ),
    _age(
        name="days_since_needs_last_recorded",
        table=FACTORS,
        expression=days_since_latest("cinf_known_date_day", is_known("cinf_assessment_factors_json")),
        sentence="what an assessment found was last recorded {ago}",
        absent="what an assessment found was recorded on the day itself",
        missing="what assessments found is not on record",
        for_families="how many days ago we last wrote down what an assessment found",
    ),
    _age(
        name="days_since_latest_tool_used",
        table=SCALES,
        expression=days_since_latest("latest_day"),
        missing_is_gap=False,
        sentence="an assessment tool with scales was last used {ago}",
        absent="an assessment tool with scales was used on the day itself",
        missing="no assessment tool with scales is on record",
        for_families="how many days ago we last scored with you how things stand",
    ),
    _age(
        name="days_since_latest_view_of_child",
        table="ext_family_views",
        expression=days_since_latest(VIEW, is_in("famv_said_by", "child")),
        sentence="what the child said was last recorded {ago}",
        absent="what the child said was recorded on the day itself",
        missing="no record of what the child said",
        for_families="how many days ago we last wrote down what your child said",
        aim=Aim.TAKING_PART,
    ),
    _age(
        name="days_since_latest_view_of_family",
        table="ext_family_views",
        expression=days_since_latest(VIEW),
        sentence="what the child or the family said was last recorded {ago}",
        absent="what the child or the family said was recorded on the day itself",
        missing="no record of what the child or the family said",
        for_families="how many days ago we last wrote down what your child or your family said",
        aim=Aim.TAKING_PART,
    ),
    _age(
        name="days_since_attendance_last_known",
        table="ext_school_attendance",
        expression=days_since_latest(TERM_ENDED, is_known("scho_sessions_attended")),
        missing_is_gap=False,
        sentence="the latest term or week whose attendance is known ended {ago}",
        absent="the latest term or week whose attendance is known ended on the day itself",
        missing="attendance is not on record",
        for_families="how many days ago the latest term or week ended of which we know your child's attendance",
    ),
    _age(
        name="days_since_latest_word_of_care_leaver",
        table="ssd_care_leavers",
        expression=days_since_latest("clea_care_leaver_latest_contact_day"),
        missing_is_gap=False,
        sentence="the young person was last heard of after leaving care {ago}",
        absent="the young person was heard of after leaving care on the day itself",
        missing="no contact after leaving care is on record",
        for_families="how many days ago we last heard of the young person after leaving care",
        not_for_families=THE_YOUNG_PERSONS_TO_SHARE,
    ),
)

_KNOWN: tuple[Indicator, ...] = (
    _is_known(
        name="is_address_known",
        table="ssd_address",
        expression=any_row(is_known(MOVED_IN)),
        sentence="an address is on record",
        absent="no address is on record",
        missing="addresses are not recorded here",
        for_families="whether we have an address of your child",
    ),
    _is_known(
        name="is_latest_address_without_postcode",
        table="ssd_address",
        expression=latest_row_is(MOVED_IN, among=is_known(MOVED_IN), where=is_missing("addr_address_postcode")),
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="the latest address has no postcode",
        absent="the latest address has a postcode",
        missing="no address is on record",
        for_families="whether the latest address of your child in our records has no postcode",
        # It may show that an address is kept from whoever reads the page.
        not_for_families=MAY_ENDANGER,
    ),
    _is_known(
        name="is_family_group_known",
        table="ssd_family",
        expression=any_row(is_known("fami_family_id")),
        sentence="it is on record to which family the child belongs",
        absent="no record of the family to which the child belongs",
        missing="families are not recorded here",
        for_families="whether our records say to which family your child belongs",
    ),
    _is_known(
        name="is_mother_known",
        table="ssd_mother",
        expression=any_row(is_known("moth_person_id")),
        sentence="it is on record who the child's mother is",
        absent="no record of who the child's mother is",
        missing="mothers are not recorded here",
        for_families="whether our records say who your child's mother is",
    ),
    _is_known(
        name="is_school_attendance_known_last_12_months",
        table="ext_school_attendance",
        expression=any_row(all_of(within(TERM_ENDED, TWELVE_MONTHS), is_known("scho_sessions_attended"))),
        window_days=TWELVE_MONTHS,
        sentence="attendance of the last 12 months is on record",
        absent="no record of attendance in the last 12 months",
        missing="attendance is not recorded here",
        for_families="whether we know how much of school your child attended in the last 12 months",
    ),
    _is_known(
        name="is_disability_recorded_either_way",
        table="ssd_disability",
        expression=any_row(is_none_of("disa_disability_code", DISABILITY_NOT_KNOWN)),
        sentence="whether the child has a disability is on record",
        absent="no record of whether the child has a disability",
        missing="disability is not recorded here",
        evidence=BETTER_RECORDS,
        for_families="whether our records say if your child has a disability",
    ),
)

_SILENT: tuple[Indicator, ...] = (
    _recording(
        name="assessments_without_factors_last_24_months",
        table=ASSESSED,
        expression=count(all_of(_in_assessment, equals("has_factors", 0))),
        unit="count",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="what {value} [assessment|assessments] of the last 24 months found is not on record",
        absent="no assessment of the last 24 months is without a record of what it found",
        missing="assessments or what they found are not recorded here",
        for_families="for how many assessments in the last 24 months we do not know what they found",
    ),
    _silent(
        name="share_of_contacts_with_unknown_source_last_12_months",
        table="ssd_contacts",
        expression=count(all_of(_in_contact, _not_told("cont_contact_source_code", SOURCE_NOT_KNOWN))),
        per=count(_in_contact),
        window_days=TWELVE_MONTHS,
        sentence="it is not known who made {value} of the contacts in the last 12 months",
        absent="it is known who made each contact in the last 12 months",
        missing="no contact in the last 12 months is on record",
        evidence=UNKNOWN_SOURCE,
        for_families="for how large a share of contacts in the last 12 months we do not know who made them",
    ),
    _silent(
        name="share_of_referrals_with_unknown_source_last_24_months",
        table="ssd_cin_episodes",
        expression=count(all_of(_in_referral, _not_told("cine_referral_source_code", SOURCE_NOT_KNOWN))),
        per=count(_in_referral),
        sentence="it is not known who made {value} of the referrals in the last 24 months",
        absent="it is known who made each referral in the last 24 months",
        missing="no referral in the last 24 months is on record",
        evidence=UNKNOWN_SOURCE,
        for_families="for how large a share of referrals in the last 24 months we do not know who made them",
    ),
    _silent(
        name="share_of_referrals_without_stated_need_last_24_months",
        table="ssd_cin_episodes",
        expression=count(all_of(_in_referral, _not_told("cine_cin_primary_need_code", NEED_NOT_STATED))),
        per=count(_in_referral),
        sentence="the main need is not stated for {value} of the referrals in the last 24 months",
        absent="the main need is stated for all referrals in the last 24 months",
        missing="no referral in the last 24 months is on record",
        for_families="for how large a share of referrals in the last 24 months we did not write down the main need",
    ),
    _silent(
        name="share_of_cases_closed_without_reason_last_24_months",
        table="ssd_cin_episodes",
        expression=count(all_of(within(CLOSED, TWENTY_FOUR_MONTHS), is_missing("cine_close_reason"))),
        per=count(within(CLOSED, TWENTY_FOUR_MONTHS)),
        sentence="it is not on record why {value} of the cases closed in the last 24 months were closed",
        absent="it is on record why each case closed in the last 24 months was closed",
        missing="no case closed in the last 24 months is on record",
        for_families="for how large a share of cases closed in the last 24 months we did not write down why",
    ),
    _silent(
        name="share_of_early_help_ended_without_reason_last_24_months",
        table="ssd_early_help_episodes",
        expression=count(all_of(within(HELP_ENDED, TWENTY_FOUR_MONTHS), is_missing("earl_episode_end_reason"))),
        per=count(within(HELP_ENDED, TWENTY_FOUR_MONTHS)),
        sentence="it is not on record why {value} of the early help that ended in the last 24 months did so",
        absent="it is on record why all early help that ended in the last 24 months did so",
        missing="no early help that ended in the last 24 months is on record",
        for_families="for how large a share of early help that ended in the last 24 months we did not write down why",
    ),
    _silent(
        name="share_of_visits_silent_on_child_seen_last_12_months",
        table="ssd_cin_visits",
        expression=count(all_of(within(VISITED, TWELVE_MONTHS), is_missing("cinv_cin_visit_seen"))),
        per=count(within(VISITED, TWELVE_MONTHS)),
        window_days=TWELVE_MONTHS,
        sentence="{value} of the visits in the last 12 months do not say whether the child was seen",
        absent="all visits in the last 12 months say whether the child was seen",
        missing="no visit as a child in need in the last 12 months is on record",
        for_families="what share of visits in the last 12 months does not say whether we saw your child",
    ),
)

RECORDING: tuple[Indicator, ...] = (*_AGE, *_KNOWN, *_SILENT)
