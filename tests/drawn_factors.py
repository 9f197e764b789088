"""Assessments drawn one a factor, so that a test can say by which factors an indicator is met."""

from __future__ import annotations

from functools import cache

import polars as pl

from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import build_matrix
from features.indicators.shown_only import SHOWN_ONLY
from features.indicators.streams import FACTORS
from features.vocabulary.codes import codelist
from tests.indicator_values import view_of

CODES = tuple(codelist("assessment_factor"))

# One child a factor, called by the factor, with one assessment that found it and nothing else.
PEOPLE = "pers_person_id\n" + "\n".join(CODES)
ONE_EACH = "cina_assessment_id | cina_person_id | cina_assessment_start_date | cina_assessment_auth_date\n" + "\n".join(
    f"{code} | {code} | 2025-01-01 | 2025-02-01" for code in CODES
)
FOUND = "cinf_assessment_id | cinf_assessment_factors_json\n" + "\n".join(f'{code} | ["{code}"]' for code in CODES)


@cache
def _values() -> pl.DataFrame:
    everyone = pl.DataFrame({"child_id": CODES, "family_id": CODES})
    flags = [i for i in (*CATALOGUE, *SHOWN_ONLY) if (i.table, i.about, i.unit) == (FACTORS, "child", "flag")]
    view = view_of(ssd_person=PEOPLE, ssd_cin_assessments=ONE_EACH, ssd_assessment_factors=FOUND)
    return build_matrix(view, everyone, indicators=flags)


def found_by(name: str) -> str:
    """Give the factors that meet an indicator each by itself, in the order of the list; any other gives 0."""
    values = dict(_values().select("child_id", name).iter_rows())
    assert set(values.values()) <= {0, 1}
    return " ".join(code for code in CODES if values[code] == 1)


def flags_of_factors() -> tuple[str, ...]:
    """Give the names of every indicator of the child's own that says whether a factor was found."""
    return tuple(_values().columns[3:])
