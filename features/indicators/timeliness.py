"""Help in time: how soon services answered, assessed, met, reviewed and visited, and who waits on the day.

That something was late is the services' doing, not the family's, so nearly all of it is context: no family's score
rises by a rule because we were slow.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    THREE_MONTHS,
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    before,
    either,
    equals,
    is_at_most,
    is_known,
    is_missing,
    is_no_later_than,
    is_open,
    lasts_at_most,
    within,
)
from features.indicators.declaration import LOCAL, Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    any_row_among,
    count,
    days_since_latest,
    longest_span,
    span_of_latest,
)
from features.indicators.streams import ANSWERED, CONFERENCES, REVIEWED, VISITED, WAITS
from features.vocabulary.theory_of_change import Aim

ASSESSMENT = "Working Together to Safeguard Children 2023: an assessment is complete within 45 working days"
CONFERENCE = "Working Together to Safeguard Children 2023: a conference is held within 15 working days of the enquiry"
REVIEW = "Working Together to Safeguard Children 2023: a plan is reviewed within 3 months, then at least every 6"

# Working Together 2023 counts working days; nine weeks and three weeks of five working days are as many days.
FORTY_FIVE_WORKING_DAYS, FIFTEEN_WORKING_DAYS = 63, 21
# Working Together 2023: the longest 3 and 6 months that a calendar has.
FIRST_REVIEW_WITHIN, NEXT_REVIEW_WITHIN = 92, 184
SIX_WEEKS = 42
# Ours: early help that begins later than half a year after the latest contact did not wait for that contact.
LONGEST_WAIT = 182

REFERRED, ASSESSED = "cine_referral_date_day", "assessed_day"
STARTED, AUTHORISED = "cina_assessment_start_date_day", "cina_assessment_auth_date_day"
MET, VISIT, REVIEW_HELD = "icpc_icpc_date_day", "cppv_cp_visit_date_day", "cppr_cp_review_date_day"
_plan = ("cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day")

_timely = partial(Indicator, domain=Domain.TIMELINESS, polarity=Polarity.CONTEXT, evidence=LOCAL, aim=Aim.HELP_IN_TIME)
_share = partial(_timely, unit="ratio", window_days=TWENTY_FOUR_MONTHS, zero_when_no_row=False, missing_is_gap=False)
_days = partial(_timely, unit="days", zero_when_no_row=False, missing_is_gap=False)

_goes_on = either(is_missing("cine_referral_nfa"), equals("cine_referral_nfa", 0))
_recently_referred = all_of(within(REFERRED, TWELVE_MONTHS), _goes_on)
_waits = all_of(is_open(REFERRED, "cine_close_date_day"), _goes_on, is_missing(ASSESSED))
_due = all_of(
    within(STARTED, TWENTY_FOUR_MONTHS), either(is_known(AUTHORISED), before(STARTED, FORTY_FIVE_WORKING_DAYS + 1))
)
_met = all_of(within(MET, TWENTY_FOUR_MONTHS), is_no_later_than("enquiry_day", MET))
_reviewed = all_of(within(REVIEW_HELD, TWENTY_FOUR_MONTHS), is_known("cppr_cp_review_due_day"))
_has_plan = is_open(*_plan)

TIMELINESS: tuple[Indicator, ...] = (
    _share(
        name="share_of_referrals_assessed_last_12_months",
        table=ANSWERED,
        expression=count(all_of(_recently_referred, is_known(ASSESSED))),
        per=count(_recently_referred),
        window_days=TWELVE_MONTHS,
        sentence="an assessment answered {value} of the referrals of the last 12 months that were taken on",
        absent="no assessment answered a referral of the last 12 months",
        missing="no referral of the last 12 months was taken on",
        for_families="which share of the referrals about your child in the last 12 months led to an assessment",
    ),
    _timely(
        name="referrals_waiting_for_assessment_now",
        table=ANSWERED,
        expression=count(_waits),
        unit="count",
        sentence="{value} open [referral waits|referrals wait] for an assessment",
        absent="no open referral waits for an assessment",
        missing="referrals or assessments are not recorded here",
        for_families="how many referrals about your child wait for an assessment",
    ),
    _days(
        name="longest_wait_for_assessment_now",
        table=ANSWERED,
        expression=longest_span(REFERRED, "cine_close_date_day", _waits),
        sentence="an open referral has waited for an assessment for {value} [day|days]",
        absent="a referral that waits for an assessment came on the day itself",
        missing="no open referral waits for an assessment",
        for_families="for how many days a referral about your child has waited for an assessment",
    ),
    _days(
        name="days_from_referral_to_assessment_last_24_months",
        table=ANSWERED,
        expression=span_of_latest(REFERRED, ASSESSED, within(ASSESSED, TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the latest assessment that answered a referral began {value} [day|days] after it",
        absent="the latest assessment that answered a referral began on the same day",
        missing="no assessment answered a referral in the last 24 months",
        for_families="how many days passed from a referral about your child to the latest assessment that answered one",
    ),
    _days(
        name="days_of_latest_assessment_last_24_months",
        table="ssd_cin_assessments",
        expression=span_of_latest(STARTED, AUTHORISED, within(AUTHORISED, TWENTY_FOUR_MONTHS)),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the latest assessment took {value} [day|days]",
        absent="the latest assessment was complete on the day it began",
        missing="no assessment was complete in the last 24 months",
        evidence=ASSESSMENT,
        for_families="how many days our latest assessment took",
    ),
    _share(
        name="share_of_assessments_in_45_working_days_last_24_months",
        table="ssd_cin_assessments",
        expression=count(
            all_of(within(STARTED, TWENTY_FOUR_MONTHS), lasts_at_most(STARTED, AUTHORISED, FORTY_FIVE_WORKING_DAYS))
        ),
        per=count(_due),
        sentence="{value} of the assessments begun in the last 24 months were complete within 45 working days",
        absent="no assessment begun in the last 24 months was complete within 45 working days",
        missing="no assessment begun in the last 24 months is complete or has passed 45 working days",
        evidence=ASSESSMENT,
        for_families="which share of our assessments in the last 24 months was complete within 45 working days",
    ),
    _timely(
        name="assessments_open_beyond_45_working_days_now",
        table="ssd_cin_assessments",
        expression=count(all_of(is_open(STARTED, AUTHORISED), before(STARTED, FORTY_FIVE_WORKING_DAYS + 1))),
        unit="count",
        sentence="{value} [assessment is|assessments are] still open after 45 working days",
        absent="no assessment is open after more than 45 working days",
        missing="assessments are not recorded here",
        evidence=ASSESSMENT,
        for_families="how many of our assessments are still open after 45 working days",
    ),
    _share(
        name="share_of_conferences_in_15_working_days_last_24_months",
        table=CONFERENCES,
        expression=count(all_of(_met, lasts_at_most("enquiry_day", MET, FIFTEEN_WORKING_DAYS))),
        per=count(_met),
        sentence="{value} of initial conferences in the last 24 months were held within 15 working days of an enquiry",
        absent="no initial conference of the last 24 months was held within 15 working days of the enquiry",
        missing="no initial conference that followed an enquiry was held in the last 24 months",
        evidence=CONFERENCE,
        for_families="which share of the first child protection conferences of the last 24 months was held in time",
    ),
    _days(
        name="days_from_enquiry_to_conference_last_24_months",
        table=CONFERENCES,
        expression=span_of_latest("enquiry_day", MET, _met),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the latest initial conference was held {value} [day|days] after the enquiry began",
        absent="the latest initial conference was held on the day the enquiry began",
        missing="no initial conference that followed an enquiry was held in the last 24 months",
        evidence=CONFERENCE,
        for_families="how many days passed from the enquiry to the latest first child protection conference",
    ),
    _share(
        name="share_of_protection_reviews_in_time_last_24_months",
        table="ssd_cp_reviews",
        expression=count(all_of(_reviewed, is_no_later_than(REVIEW_HELD, "cppr_cp_review_due_day"))),
        per=count(_reviewed),
        sentence="{value} of the child protection reviews of the last 24 months were held by the day they were due",
        absent="no child protection review of the last 24 months was held by the day it was due",
        missing="no child protection review of the last 24 months says when it was due",
        evidence=REVIEW,
        for_families="which share of the child protection reviews of the last 24 months was held by the day it was due",
    ),
    _timely(
        name="is_protection_review_overdue_now",
        table=REVIEWED,
        expression=any_row(
            all_of(
                _has_plan,
                either(
                    all_of(is_missing("reviewed_day"), before(_plan[0], FIRST_REVIEW_WITHIN + 1)),
                    all_of(is_known("reviewed_day"), before("reviewed_day", NEXT_REVIEW_WITHIN + 1)),
                ),
            )
        ),
        unit="flag",
        sentence="the review of the child protection plan is overdue, as far as is recorded",
        absent="no review of a child protection plan is overdue",
        missing="child protection plans or their reviews are not recorded here",
        evidence=REVIEW,
        for_families="whether the review of a child protection plan is overdue",
    ),
    _timely(
        name="protection_visits_last_3_months",
        table="ssd_cp_visits",
        expression=count(within(VISIT, THREE_MONTHS)),
        unit="count",
        window_days=THREE_MONTHS,
        sentence="{value} [visit|visits] under a child protection plan in the last 3 months",
        absent="no visit under a child protection plan in the last 3 months",
        missing="visits under child protection plans are not recorded here",
        for_families="how often we visited your child under a child protection plan in the last 3 months",
    ),
    _timely(
        name="has_protection_visit_within_six_weeks_now",
        table=VISITED,
        expression=any_row_among(_has_plan, all_of(is_known("visited_day"), within("visited_day", SIX_WEEKS))),
        unit="flag",
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="the child was visited under the child protection plan within the last six weeks",
        absent="no visit under the child protection plan is on record within the last six weeks",
        missing="no child protection plan is in place",
        for_families="whether we visited your child under the child protection plan within the last six weeks",
    ),
    _days(
        name="days_without_protection_visit_now",
        table=VISITED,
        expression=days_since_latest("unvisited_since_day", _has_plan),
        sentence="the latest visit under the child protection plan, or else its beginning, was {ago}",
        absent="a visit under the child protection plan, or its beginning, was on the day itself",
        missing="no child protection plan is in place",
        for_families="how many days have passed without a visit under the child protection plan",
    ),
    _days(
        name="days_since_latest_visit_in_need",
        table="ssd_cin_visits",
        expression=days_since_latest("cinv_cin_visit_date_day"),
        sentence="latest visit to the child as a child in need {ago}",
        absent="the latest visit to the child as a child in need was on the day itself",
        missing="no visit to the child as a child in need is on record",
        for_families="how many days ago we last visited your child as a child in need",
    ),
    _days(
        name="days_waited_for_early_help_last_24_months",
        table=WAITS,
        expression=span_of_latest(
            "contact_day",
            "start_day",
            all_of(within("start_day", TWENTY_FOUR_MONTHS), is_at_most("waited_days", LONGEST_WAIT)),
        ),
        window_days=TWENTY_FOUR_MONTHS,
        sentence="the latest early help began {value} [day|days] after the contact before it",
        absent="the latest early help began on the day of a contact",
        missing="no early help that followed a contact began in the last 24 months",
        for_families="how many days passed from a contact to the latest early help",
    ),
)
