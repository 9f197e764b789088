"""Disability and special educational needs: scored and audited, and always context.

What is recorded of a child has no day and counts as extracted. A disability says nothing of a family by itself: where
disabled children come to notice more often, services may be what they lack.
"""

from __future__ import annotations

from functools import partial

from features.indicators.assessed_needs import found_in_window, need_found
from features.indicators.conditions import equals, is_in, is_none_of
from features.indicators.declaration import LOCAL, Domain, Indicator, Polarity
from features.indicators.measures import any_row, n_that_hold
from features.vocabulary.characteristics import NO_DISABILITY_RECORDED
from features.vocabulary.codes import codelist
from features.vocabulary.theory_of_change import Aim

DISABLED = "Maclean et al. 2017, Australia: disabled children 10.4% of children, 25.9% of allegations"

KIND = "disa_disability_code"
KINDS = tuple(sorted(set(codelist("disability")) - set(NO_DISABILITY_RECORDED)))
PHYSICAL = ("MOB", "HAND", "PC", "INC")
SENSES_OR_SPEECH = ("COMM", "HEAR", "VIS")

_recorded = partial(
    Indicator,
    table="ssd_disability",
    domain=Domain.DISABILITY,
    polarity=Polarity.CONTEXT,
    unit="flag",
    missing="disability is not recorded here",
    evidence=DISABLED,
    aim=Aim.HELP_IN_TIME,
)
_need = partial(need_found, domain=Domain.DISABILITY, polarity=Polarity.CONTEXT, aim=Aim.HELP_IN_TIME)

DISABILITY: tuple[Indicator, ...] = (
    _recorded(
        name="has_disability",
        expression=any_row(is_none_of(KIND, *NO_DISABILITY_RECORDED)),
        sentence="a disability is recorded",
        absent="no disability is recorded",
        for_families="whether a disability of your child is recorded",
    ),
    _recorded(
        name="kinds_of_disability_recorded",
        expression=n_that_hold(*(any_row(is_in(KIND, kind)) for kind in KINDS)),
        unit="count",
        sentence="{value} [kind|kinds] of disability [is|are] recorded",
        absent="no kind of disability is recorded",
        for_families="how many kinds of disability are recorded of your child",
    ),
    _recorded(
        name="has_learning_disability",
        expression=any_row(is_in(KIND, "LD")),
        sentence="a disability to do with learning is recorded",
        absent="no disability to do with learning is recorded",
        for_families="whether a disability of your child to do with learning is recorded",
    ),
    _recorded(
        name="has_autism",
        expression=any_row(is_in(KIND, "AUT")),
        sentence="autism is recorded",
        absent="no autism is recorded",
        for_families="whether autism of your child is recorded",
    ),
    _recorded(
        name="has_disability_of_behaviour",
        expression=any_row(is_in(KIND, "BEH")),
        sentence="behaviour linked to a disability is recorded",
        absent="no behaviour linked to a disability is recorded",
        for_families="whether behaviour linked to a disability of your child is recorded",
    ),
    _recorded(
        name="has_physical_disability",
        expression=any_row(is_in(KIND, *PHYSICAL)),
        sentence="a disability to do with moving, using the hands or personal care is recorded",
        absent="no disability to do with moving, using the hands or personal care is recorded",
        for_families="whether a disability of your child to do with moving, using the hands or personal care is"
        " recorded",
    ),
    _recorded(
        name="has_disability_of_senses_or_speech",
        expression=any_row(is_in(KIND, *SENSES_OR_SPEECH)),
        sentence="a disability to do with hearing, seeing or communicating is recorded",
        absent="no disability to do with hearing, seeing or communicating is recorded",
        for_families="whether a disability of your child to do with hearing, seeing or communicating is recorded",
    ),
    Indicator(
        name="has_special_educational_needs",
        table="ssd_person",
        expression=any_row(equals("pers_send_flag", 1)),
        domain=Domain.DISABILITY,
        polarity=Polarity.CONTEXT,
        unit="flag",
        zero_when_no_row=False,
        sentence="special educational needs or a disability at school are recorded",
        absent="no special educational needs are recorded",
        missing="whether there are special educational needs is not recorded",
        evidence=LOCAL,
        for_families="whether special educational needs of your child are recorded",
        aim=Aim.HELP_IN_TIME,
    ),
    _need(
        name="found_child_learning_disability_last_24_months",
        expression=found_in_window("5A"),
        sentence="an assessment found that the child's learning disability needs support",
        absent="assessments found no support needed for a learning disability of the child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that a learning disability of your child needs"
        " support",
    ),
    _need(
        name="found_child_illness_last_24_months",
        expression=found_in_window("6A"),
        sentence="an assessment found a physical disability or illness of the child",
        absent="assessments found no physical disability or illness of the child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that a physical disability or illness of your"
        " child needs support",
    ),
    _need(
        name="found_child_disability_or_illness_last_24_months",
        expression=found_in_window("5A", "6A"),
        sentence="an assessment found a learning or physical disability, or an illness, of the child",
        absent="assessments found no learning or physical disability and no illness of the child",
        evidence=LOCAL,
        for_families="whether an assessment in the last 24 months found that a disability or illness of your child"
        " needs support",
    ),
)
