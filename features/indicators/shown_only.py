"""Factors of assessments that are shown to a worker and that no model ever reads.

They stand for nationality, immigration status, ethnicity or religion (Equality Act 2010 s.9, s.10). A worker who meets
a family has to know what an assessment found; what a score says must not hang on it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from features.indicators.assessed_needs import IN_WINDOW, need_found
from features.indicators.conditions import found_and_only_shown
from features.indicators.declaration import LOCAL, MAY_ENDANGER, Indicator, Polarity
from features.indicators.measures import any_row_among
from features.vocabulary.theory_of_change import Aim

if TYPE_CHECKING:
    from features.indicators.measures import Measure

NATIONALITY = "it stands for nationality or immigration status, which no model may read (Equality Act 2010)"
ETHNICITY = "it stands for ethnicity, which no model may read (Equality Act 2010)"
RELIGION = "it stands for religion or belief, which no model may read (Equality Act 2010)"

_shown = partial(need_found, polarity=Polarity.CONTEXT, evidence=LOCAL, aim=Aim.SAFELY_AT_HOME)


def _found_in_window(factor: str) -> Measure:
    return any_row_among(IN_WINDOW, found_and_only_shown(factor))


SHOWN_ONLY: tuple[Indicator, ...] = (
    _shown(
        name="found_private_fostering_from_overseas_to_return_last_24_months",
        expression=_found_in_window("8B"),
        sentence="an assessment found that the child from overseas is privately fostered and means to return",
        absent="assessments found no private fostering of a child from overseas who means to return",
        for_families="whether an assessment in the last 24 months found that your child lives with others here and"
        " means to return overseas",
        not_scored=NATIONALITY,
    ),
    _shown(
        name="found_private_fostering_from_overseas_to_stay_last_24_months",
        expression=_found_in_window("8C"),
        sentence="an assessment found that the child from overseas is privately fostered and means to stay",
        absent="assessments found no private fostering of a child from overseas who means to stay",
        for_families="whether an assessment in the last 24 months found that your child came from overseas and lives"
        " with others here to stay",
        not_scored=NATIONALITY,
    ),
    _shown(
        name="found_asylum_sought_alone_last_24_months",
        expression=_found_in_window("9A"),
        sentence="an assessment found that the child seeks asylum and came alone",
        absent="assessments did not find that the child seeks asylum and came alone",
        for_families="whether an assessment in the last 24 months found that your child seeks asylum and came alone",
        not_scored=NATIONALITY,
    ),
    _shown(
        name="found_female_genital_mutilation_last_24_months",
        expression=_found_in_window("22A"),
        sentence="an assessment found concern about female genital mutilation",
        absent="assessments found no concern about female genital mutilation",
        for_families="whether an assessment in the last 24 months found concern about female genital mutilation",
        not_for_families=MAY_ENDANGER,
        not_scored=ETHNICITY,
    ),
    _shown(
        name="found_abuse_linked_to_faith_or_belief_last_24_months",
        expression=_found_in_window("23A"),
        sentence="an assessment found concern about abuse linked to faith or belief",
        absent="assessments found no concern about abuse linked to faith or belief",
        for_families="whether an assessment in the last 24 months found concern about abuse linked to faith or belief",
        not_for_families=MAY_ENDANGER,
        not_scored=RELIGION,
    ),
)
