"""Disability and special educational needs, as of 2025-03-31."""

from __future__ import annotations

import pytest

from tests.drawn_factors import found_by
from tests.indicator_values import value_of, values_of

# A child a code, called by the code.
CODES = ("MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA", "NONE", "NOBT")
ONE_EACH = "disa_person_id | disa_disability_code\n" + "\n".join(f"{code} | {code}" for code in CODES)
PEOPLE = "pers_person_id\n" + "\n".join(CODES)
SEVERAL = """
    disa_person_id | disa_disability_code
    ---------------|---------------------
    C1             | AUT
    C1             | LD
    C1             | AUT
    C1             | unheard of
    S1             | NONE
"""


@pytest.mark.parametrize(
    ("code", "expected"), [("AUT", 1), ("NONE", 0), ("unheard of", 1), ("b) No", 0), ("Unknown", 0)]
)
def test_disability(code: str, expected: int) -> None:
    assert value_of("has_disability", ssd_disability=f"disa_person_id | disa_disability_code\nC1 | {code}") == expected


def test_a_child_of_whom_no_disability_is_recorded_has_none_on_record() -> None:
    assert value_of("has_disability", ssd_disability="disa_person_id | disa_disability_code\nS1 | AUT") == 0


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("has_learning_disability", "LD"),
        ("has_autism", "AUT"),
        ("has_disability_of_behaviour", "BEH"),
        ("has_physical_disability", "MOB HAND PC INC"),
        ("has_disability_of_senses_or_speech", "COMM HEAR VIS"),
        ("has_disability", "MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA"),
        ("kinds_of_disability_recorded", "MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA"),
    ],
)
def test_each_kind_is_told_by_its_own_codes_alone(name: str, codes: str) -> None:
    values = values_of(name, *CODES, ssd_person=PEOPLE, ssd_disability=ONE_EACH)
    assert values == {code: int(code in codes.split()) for code in CODES}


@pytest.mark.parametrize(("child", "expected"), [("C1", len(("AUT", "LD"))), ("S1", 0), ("S2", 0)])
def test_a_kind_recorded_twice_counts_once_and_one_that_is_not_known_not_at_all(child: str, expected: int) -> None:
    assert value_of("kinds_of_disability_recorded", child=child, ssd_disability=SEVERAL) == expected


def test_without_the_table_a_disability_is_unknown() -> None:
    assert value_of("has_autism") is None


@pytest.mark.parametrize(("flag", "expected"), [("Y", 1), ("N", 0), ("", None)])
def test_special_educational_needs(flag: str, expected: int | None) -> None:
    people = f"pers_person_id | pers_send_flag\nC1 | {flag}"
    assert value_of("has_special_educational_needs", ssd_person=people) == expected


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("found_child_learning_disability_last_24_months", "5A"),
        ("found_child_illness_last_24_months", "6A"),
        ("found_child_disability_or_illness_last_24_months", "5A 6A"),
    ],
)
def test_each_is_found_by_its_own_factors_alone(name: str, factors: str) -> None:
    assert found_by(name) == factors
