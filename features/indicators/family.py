"""The child and the family: how old the child is, who else belongs to it, and what is on record of the mother.

Age is scored and audited. A child who is not yet born, or whose date of birth is not recorded, has no age: it is
missing and never a number below zero.

What is counted of the household is another person's, never the child's own. A child without known siblings has 0; a
child whose household is not recorded at all cannot be told from one without siblings, and has 0 as well: the words say
"on record". Whoever shares nothing but the address is nobody's brother or sister (`features.families`). Fathers are not
recorded, so nothing here speaks of them. What happened to brothers and sisters stands in `siblings`.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    TWENTY_FOUR_MONTHS,
    all_of,
    is_aged,
    is_at_most,
    is_known,
    is_missing,
    is_none_of,
    is_open,
    is_relation,
    within,
)
from features.indicators.declaration import LOCAL, TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.measures import any_row, count, years_old
from features.indicators.streams import BIRTHS
from features.vocabulary.characteristics import NO_DISABILITY_RECORDED
from features.vocabulary.theory_of_change import Aim

INFANTS = "Childs et al. 2025, disabled children in Wales: odds ratio of care 3.00, infants against 16 and over"
LARGER_FAMILIES = "Baldwin et al. 2020: hazard of a recorded concern 1.13 times with each further child"
MOTHERS_AGE = "Baldwin et al. 2020: hazard of a recorded concern 0.96 times with each year of the mother's age"
BEFORE_BIRTH = "McHale et al. 2024, Liverpool: known before birth or in the first year, likelier to become looked after"

NO_BIRTH_DATE = "not yet born, or no date of birth is recorded"
NO_HOUSEHOLD = "this is not recorded here for the household"

# The usual bound of a young mother; the day before her twentieth birthday, twenty years having five leap days.
UNDER_TWENTY_YEARS = 7_304

SIBLING, MOTHER = is_relation("sibling"), is_relation("mother")
ADULT, FAMILY_MEMBER = is_relation("mother", "adult", "adult_at_home"), is_relation("sibling", "mother", "adult")

_person = partial(
    Indicator,
    table="ssd_person",
    domain=Domain.FAMILY,
    polarity=Polarity.CONTEXT,
    zero_when_no_row=False,
    missing=NO_BIRTH_DATE,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
of_household = partial(
    Indicator,
    about="household",
    domain=Domain.FAMILY,
    polarity=Polarity.CONTEXT,
    unit="count",
    missing=NO_HOUSEHOLD,
    evidence=LOCAL,
    aim=Aim.WHOLE_FAMILY,
    not_for_families=TELLS_OF_OTHERS,
)
"""What every indicator of the other people of the household shares."""

_of_mother = partial(of_household, expression=any_row(MOTHER), polarity=Polarity.RISK, unit="flag")

_CHILD: tuple[Indicator, ...] = (
    _person(
        name="age_years",
        expression=years_old("pers_dob"),
        unit="years",
        sentence="{value} [year|years] old",
        absent="under one year old",
        evidence=INFANTS,
        for_families="how old your child is, in years",
    ),
    _person(
        name="is_under_one",
        expression=any_row(is_aged("pers_dob", below=1)),
        polarity=Polarity.RISK,
        unit="flag",
        sentence="under one year old",
        absent="one year old or older",
        evidence=INFANTS,
        for_families="whether your child is under one year old",
    ),
    _person(
        name="has_no_birth_date_yet",
        expression=any_row(is_missing("pers_dob")),
        unit="flag",
        sentence=NO_BIRTH_DATE,
        absent="a date of birth is recorded",
        missing="the child is not in the list of persons",
        evidence=BEFORE_BIRTH,
        for_families="whether your child is not yet born, or we have no date of birth",
    ),
)

_MEMBERS: tuple[Indicator, ...] = (
    of_household(
        name="siblings_on_record",
        table="ssd_person",
        expression=count(SIBLING),
        sentence="{value} [brother or sister|brothers and sisters] on record",
        absent="no brother or sister on record",
        evidence=LARGER_FAMILIES,
        for_families="how many brothers and sisters your child has in our records",
    ),
    of_household(
        name="siblings_under_five",
        table="ssd_person",
        expression=count(all_of(SIBLING, is_aged("pers_dob", below=5))),
        sentence="{value} [brother or sister|brothers and sisters] under five on record",
        absent="no brother or sister under five on record",
        evidence=LARGER_FAMILIES,
        for_families="how many of your child's brothers and sisters in our records are under five",
    ),
    of_household(
        name="has_new_baby_in_family_last_12_months",
        table="ssd_person",
        expression=any_row(all_of(SIBLING, within("pers_dob_day", TWELVE_MONTHS))),
        unit="flag",
        window_days=TWELVE_MONTHS,
        sentence="a brother or sister was born in the last 12 months",
        absent="no brother or sister on record was born in the last 12 months",
        for_families="whether a brother or sister of your child was born in the last 12 months",
    ),
    of_household(
        name="is_sibling_expected_now",
        table="ssd_person",
        expression=any_row(all_of(SIBLING, is_missing("pers_dob"), is_known("pers_expected_dob"))),
        unit="flag",
        sentence="a brother or sister is expected",
        absent="no brother or sister is expected, as far as is recorded",
        for_families="whether a brother or sister of your child is expected",
    ),
    of_household(
        name="has_sibling_with_disability",
        table="ssd_disability",
        expression=any_row(all_of(SIBLING, is_none_of("disa_disability_code", *NO_DISABILITY_RECORDED))),
        unit="flag",
        sentence="a disability of a brother or sister is recorded",
        absent="no disability of a brother or sister is recorded",
        for_families="whether a disability of a brother or sister of your child is recorded",
    ),
    of_household(
        name="adults_on_record",
        table="ssd_person",
        expression=count(ADULT),
        sentence="{value} [adult|adults] of the family or at the same address on record",
        absent="no adult of the family or at the same address on record",
        for_families="how many adults of your family or at your address are in our records",
    ),
    of_household(
        name="other_children_at_same_address",
        table="ssd_person",
        expression=count(is_relation("child_at_home")),
        sentence="{value} [child|children] on record at the same address, not known to be of the family",
        absent="no other child on record at the same address",
        for_families="how many other children, not known to be of your family, are recorded at your address",
    ),
    of_household(
        name="contacts_about_others_at_same_address_last_12_months",
        table="ssd_contacts",
        expression=count(
            all_of(is_relation("child_at_home", "adult_at_home"), within("cont_contact_date_day", TWELVE_MONTHS))
        ),
        window_days=TWELVE_MONTHS,
        sentence="{value} [contact|contacts] in the last 12 months about others at the same address",
        absent="no contact in the last 12 months about others at the same address",
        for_families="how often services were contacted in the last 12 months about others at your address",
    ),
    of_household(
        name="has_other_child_at_address_with_protection_plan_now",
        table="ssd_cp_plans",
        expression=any_row(
            all_of(is_relation("child_at_home"), is_open("cppl_cp_plan_start_date_day", "cppl_cp_plan_end_date_day"))
        ),
        unit="flag",
        sentence="a child at the same address, not known to be of the family, has a child protection plan",
        absent="no other child at the same address has a child protection plan",
        for_families="whether another child at your address has a child protection plan",
    ),
    of_household(
        name="has_death_in_family_last_24_months",
        table="ssd_person",
        expression=any_row(all_of(FAMILY_MEMBER, within("pers_death_date_day", TWENTY_FOUR_MONTHS))),
        unit="flag",
        window_days=TWENTY_FOUR_MONTHS,
        sentence="a member of the family died in the last 24 months",
        absent="no death in the family in the last 24 months is on record",
        for_families="whether somebody of your family died in the last 24 months",
    ),
)

_MOTHERS: tuple[Indicator, ...] = (
    Indicator(
        name="mother_was_under_20_at_birth",
        table=BIRTHS,
        expression=any_row(is_at_most("mother_aged_days", UNDER_TWENTY_YEARS)),
        domain=Domain.FAMILY,
        polarity=Polarity.RISK,
        unit="flag",
        zero_when_no_row=False,
        missing_is_gap=False,
        sentence="the mother was under 20 when the child was born",
        absent="the mother was 20 or older when the child was born",
        missing="the mother or her date of birth is not recorded",
        evidence=MOTHERS_AGE,
        for_families="whether the child's mother was under 20 when the child was born",
        not_for_families=TELLS_OF_OTHERS,
        aim=Aim.WHOLE_FAMILY,
    ),
    _of_mother(
        name="mother_was_referred_herself",
        table="ssd_cin_episodes",
        sentence="the mother was once referred to social care herself, as a child",
        absent="no referral of the mother herself, as a child, is on record",
        for_families="whether the child's mother was once referred to social care herself, as a child",
    ),
    _of_mother(
        name="mother_had_child_protection_plan",
        table="ssd_cp_plans",
        sentence="the mother once had a child protection plan herself, as a child",
        absent="no child protection plan of the mother herself, as a child, is on record",
        for_families="whether the child's mother once had a child protection plan herself, as a child",
    ),
    _of_mother(
        name="mother_was_looked_after",
        table="ssd_cla_episodes",
        sentence="the mother was once looked after herself",
        absent="no time of the mother's in care is on record",
        for_families="whether the child's mother was once looked after herself",
    ),
)

FAMILY: tuple[Indicator, ...] = (*_CHILD, *_MEMBERS, *_MOTHERS)
