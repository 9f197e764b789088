"""What the child and the family said themselves: whether it was written down, and whether something good was said.

The words have no place in the records, only a topic and whether they were good. That no view is recorded does not say
that nobody was asked, nor that nothing good was said. What a child said is the child's to share, so a page for families
leaves it out.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import TWELVE_MONTHS, Condition, all_of, is_in, is_known, speaks_of, within
from features.indicators.declaration import TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.measures import any_row, any_row_among, count, latest_row_is
from features.vocabulary.theory_of_change import Aim

TAKING_PART = "UNCRC art. 12; Children Act 1989 s.22(4); local judgement"
THE_CHILDS_TO_SHARE = "it tells what the child said, and whom to tell is the child's to say"

PARENTS = ("mother", "father", "parent", "carer", "family")
# Authorities' own words for what was spoken of; there is no national list.
ABOUT_HELP = r"help|support|service|worker|plan|listen"

VIEW = "famv_view_date_day"

_view = partial(
    Indicator,
    table="ext_family_views",
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="flag",
    window_days=TWELVE_MONTHS,
    zero_when_no_row=False,
    missing_is_gap=False,
    evidence=TAKING_PART,
    aim=Aim.TAKING_PART,
)


def _said_by(*who: str) -> Condition:
    return all_of(within(VIEW, TWELVE_MONTHS), is_in("famv_said_by", *who), is_known("famv_view"))


_by_child, _by_parents = _said_by("child"), _said_by(*PARENTS)
_is_good = is_in("famv_view", "positive")
_has_good = is_in("famv_view", "positive", "mixed")

OWN_WORDS: tuple[Indicator, ...] = (
    _view(
        name="was_view_of_child_recorded_last_12_months",
        expression=any_row(all_of(within(VIEW, TWELVE_MONTHS), is_in("famv_said_by", "child"))),
        zero_when_no_row=True,
        # Views are written down the more, the more is done: it says how we work, not how the family fares.
        polarity=Polarity.CONTEXT,
        sentence="what the child said was recorded in the last 12 months",
        absent="no record of what the child said in the last 12 months",
        missing="what children and families say is not recorded here",
        for_families="whether we wrote down in the last 12 months what your child said to us",
    ),
    _view(
        name="was_view_of_family_recorded_last_12_months",
        expression=any_row(all_of(within(VIEW, TWELVE_MONTHS), is_in("famv_said_by", *PARENTS))),
        zero_when_no_row=True,
        # Views are written down the more, the more is done: it says how we work, not how the family fares.
        polarity=Polarity.CONTEXT,
        sentence="what a parent or carer said was recorded in the last 12 months",
        absent="no record of what a parent or carer said in the last 12 months",
        missing="what children and families say is not recorded here",
        for_families="whether we wrote down in the last 12 months what a parent or carer said to us",
    ),
    _view(
        name="has_child_said_something_good_last_12_months",
        expression=any_row_among(_by_child, _has_good),
        sentence="the child said something good in the last 12 months",
        absent="no record of something good said by the child in the last 12 months",
        missing="what the child said in the last 12 months is not on record",
        for_families="whether your child said something good in the last 12 months",
        not_for_families=THE_CHILDS_TO_SHARE,
    ),
    _view(
        name="has_parent_said_something_good_last_12_months",
        expression=any_row_among(_by_parents, _has_good),
        sentence="a parent or carer said something good in the last 12 months",
        absent="no record of something good said by a parent or carer in the last 12 months",
        missing="what a parent or carer said in the last 12 months is not on record",
        for_families="whether a parent or carer said something good in the last 12 months",
        # One parent would read of it what the other said, or did not.
        not_for_families=TELLS_OF_OTHERS,
    ),
    _view(
        name="share_of_childs_words_that_are_good_last_12_months",
        unit="ratio",
        expression=count(all_of(_by_child, _is_good)),
        per=count(_by_child),
        sentence="{value} of what the child said in the last 12 months was good",
        absent="no record of something wholly good said by the child in the last 12 months",
        missing="what the child said in the last 12 months is not on record",
        for_families="what share of what your child said in the last 12 months was good",
        not_for_families=THE_CHILDS_TO_SHARE,
    ),
    _view(
        name="has_good_word_about_help_last_12_months",
        expression=any_row_among(
            all_of(within(VIEW, TWELVE_MONTHS), is_known("famv_view"), speaks_of("famv_topic", ABOUT_HELP)), _has_good
        ),
        sentence="somebody of the family said something good about the help or the worker in the last 12 months",
        absent="no record of something good said about the help or the worker in the last 12 months",
        missing="what the family said about the help or the worker in the last 12 months is not on record",
        for_families="whether somebody of your family said something good about our help in the last 12 months",
        not_for_families=THE_CHILDS_TO_SHARE,
    ),
    _view(
        name="is_latest_word_of_child_good_last_12_months",
        expression=latest_row_is(VIEW, among=_by_child, where=_has_good),
        sentence="something good was among what the child said last",
        absent="no record of something good in what the child said last",
        missing="what the child said in the last 12 months is not on record",
        for_families="whether something good was among what your child said last",
        not_for_families=THE_CHILDS_TO_SHARE,
    ),
)
