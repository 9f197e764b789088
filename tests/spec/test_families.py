"""Who belongs to the household of a child, as of 2025-03-31."""

from __future__ import annotations

import polars as pl
import pytest

from features.families import LARGEST_FAMILY, family_of, members
from tests.indicator_values import view_of

PEOPLE = """
    pers_person_id | pers_dob
    ---------------|-----------
    C1             | 2015-06-15
    S1             | 2021-01-01
    T1             | 2008-01-01
    G1             | 2007-03-31
    M1             | 1990-01-01
"""


def household(child: str, **drawings: str) -> dict[str, str]:
    found = members(view_of(**{"ssd_person": PEOPLE, **drawings}))
    assert found is not None
    rows = pl.DataFrame(found.collect().to_native()).filter(pl.col("child_id") == child)
    assert rows["member_id"].is_unique().all()
    return dict(rows.select("member_id", "relation").iter_rows())


def family(*people: str) -> str:
    return "fami_family_id | fami_person_id\n" + "\n".join(f"F1 | {person}" for person in people)


def mother(*children: str, of: str = "M1") -> str:
    return "moth_person_id | moth_childs_person_id\n" + "\n".join(f"{of} | {child}" for child in children)


def test_children_of_one_family_are_siblings_of_each_other_and_not_of_themselves() -> None:
    assert household("C1", ssd_family=family("C1", "S1")) == {"S1": "sibling"}


def test_children_of_one_mother_are_siblings() -> None:
    assert household("C1", ssd_mother=mother("C1", "S1")) == {"S1": "sibling", "M1": "mother"}


def test_the_mother_in_the_family_is_the_mother_and_nothing_else() -> None:
    assert household("C1", ssd_family=family("C1", "M1"), ssd_mother=mother("C1")) == {"M1": "mother"}


def test_a_grown_up_of_the_family_is_no_sibling() -> None:
    assert household("C1", ssd_family=family("C1", "G1")) == {"G1": "adult"}


@pytest.mark.parametrize(
    ("born", "expected", "known_as"),
    [
        ("2025-04-01", "", {}),
        ("2027-01-01", "2027-01-10", {}),
        ("2025-09-01", "2025-09-10", {"N1": "sibling"}),
        ("", "2026-01-05", {"N1": "sibling"}),
        ("", "2026-01-06", {}),
        ("", "", {}),
    ],
)
def test_a_sibling_is_on_record_from_the_pregnancy_and_not_before(
    born: str, expected: str, known_as: dict[str, str]
) -> None:
    people = f"pers_person_id | pers_dob | pers_expected_dob\nC1 | 2015-06-15 |\nN1 | {born} | {expected}"
    assert household("C1", ssd_person=people, ssd_family=family("C1", "N1")) == known_as


def test_a_teenage_mothers_child_is_not_her_sibling() -> None:
    drawn = {"ssd_family": family("T1", "S1", "C1"), "ssd_mother": mother("S1", of="T1")}
    assert household("T1", **drawn) == {"C1": "sibling"}
    assert household("S1", **drawn) == {"T1": "mother", "C1": "sibling"}


def test_a_group_too_large_to_be_a_family_is_a_placeholder() -> None:
    crowd = [f"P{n}" for n in range(LARGEST_FAMILY + 1)]
    people = "pers_person_id | pers_dob\n" + "\n".join(f"{person} | 2015-06-15" for person in crowd)
    assert household("P1", ssd_person=people, ssd_family=family(*crowd[:-1])).keys() == set(crowd[:-1]) - {"P1"}
    assert household("P1", ssd_person=people, ssd_family=family(*crowd)) == {}


def test_a_source_without_families_and_mothers_has_no_households() -> None:
    assert members(view_of()) is None
    assert family_of(view_of()) is None
