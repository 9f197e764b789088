"""Age, which is scored and audited.

A child who is not yet born, or whose date of birth is not recorded, has no age: it is missing and never a number below
zero.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    is_aged,
    is_missing,
)
from features.indicators.declaration import Domain, Indicator, Polarity
from features.indicators.measures import (
    any_row,
    years_old,
)

INFANTS = "Childs et al. 2025, disabled children in Wales: odds ratio of care 3.00, infants against 16 and over"
NO_BIRTH_DATE = "not yet born, or no date of birth is recorded"

_person = partial(
    Indicator,
    table="ssd_person",
    domain=Domain.HEALTH,
    polarity=Polarity.CONTEXT,
    zero_when_no_row=False,
    missing=NO_BIRTH_DATE,
)
HEALTH: tuple[Indicator, ...] = (
    _person(
        name="age_years",
        expression=years_old("pers_dob"),
        unit="years",
        sentence="{value} [year|years] old",
        absent="under one year old",
        evidence=INFANTS,
    ),
    _person(
        name="is_under_one",
        expression=any_row(is_aged("pers_dob", below=1)),
        polarity=Polarity.RISK,
        unit="flag",
        sentence="under one year old",
        absent="one year old or older",
        evidence=INFANTS,
    ),
    _person(
        name="has_no_birth_date_yet",
        expression=any_row(is_missing("pers_dob")),
        unit="flag",
        sentence=NO_BIRTH_DATE,
        absent="a date of birth is recorded",
        missing="the child is not in the list of persons",
        evidence="DfE Drivers of activity 2022: known before birth, likelier to become looked after",
    ),
)
