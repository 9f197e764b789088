"""The characteristics by which the audit looks at children, as of 2025-03-31."""

from __future__ import annotations

import polars as pl
import pytest

from features.groups import characteristics_of
from tests.indicator_values import view_of


def group(column: str, **cells: str) -> str | None:
    """Give one characteristic of C1, whose row of `ssd_person` has these cells."""
    people = f"pers_person_id | {' | '.join(cells)}\nC1 | {' | '.join(cells.values())}"
    return characteristics_of(view_of(ssd_person=people), pl.Series(["C1"]))[column].item()


@pytest.mark.parametrize(
    ("code", "expected"), [("WBRI", "White British"), ("MWAS", "Mixed"), ("REFU", None), ("NOBT", None), ("", None)]
)
def test_ethnic_group_is_missing_where_it_was_refused_or_not_obtained(code: str, expected: str | None) -> None:
    assert group("ethnic_group", pers_ethnicity=code) == expected


@pytest.mark.parametrize(("code", "expected"), [("F", "female"), ("M", "male"), ("U", None), ("", None)])
def test_sex(code: str, expected: str | None) -> None:
    assert group("sex", pers_sex=code) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2025-03-31", "0"),
        ("2024-03-31", "1-4"),
        ("2020-04-01", "1-4"),
        ("2020-03-31", "5-10"),
        ("2014-03-31", "11-15"),
        ("2009-03-31", "16-17"),
        ("2007-04-01", "16-17"),
    ],
)
def test_age_bands_change_on_the_birthday(born: str, expected: str) -> None:
    assert group("age_band", pers_dob=born) == expected


@pytest.mark.parametrize(("expected_birth", "expected"), [("2025-06-01", "unborn"), ("2020-06-01", None), ("", None)])
def test_a_child_who_is_expected_is_unborn(expected_birth: str, expected: str | None) -> None:
    assert group("age_band", pers_dob="", pers_expected_dob=expected_birth) == expected


@pytest.mark.parametrize(
    ("rows", "expected"), [("C1 | AUT", "yes"), ("C1 | NONE", "no"), ("C1 | unknown", "no"), ("S1 | AUT", "no")]
)
def test_disability(rows: str, expected: str) -> None:
    view = view_of(ssd_disability=f"disa_person_id | disa_disability_code\n{rows}")
    assert characteristics_of(view, pl.Series(["C1"]))["disability"].item() == expected


def test_disability_is_missing_where_the_source_has_no_such_table() -> None:
    assert group("disability", pers_dob="2015-01-01") is None


def test_one_row_a_child_in_order_even_of_children_not_on_record() -> None:
    found = characteristics_of(view_of(), pl.Series(["S1", "C1", "X9"]))
    assert found.select("child_id", "age_band").rows() == [("C1", "5-10"), ("S1", "1-4"), ("X9", None)]
