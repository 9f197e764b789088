"""Who belongs to the household of a child, as of 2025-03-31."""

from __future__ import annotations

import polars as pl
import pytest

from features.families import LARGEST_FAMILY, family_of, members
from features.homes import LARGEST_HOME, MOST_IN_TWO_YEARS
from features.tables.coerce_address import fingerprint
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


HOME = "7 Elm Row"
HEADER = "addr_person_id | addr_address_json | addr_address_start_date | addr_address_end_date | addr_address_postcode"


def lived(*people: str, at: str = HOME, since: str = "2024-01-01", until: str = "") -> str:
    return "\n".join([HEADER, *(f"{person} | {at} | {since} | {until} | AB1 2CD" for person in people)])


def together(*drawings: str) -> str:
    """Put rows of drawings with one header under each other."""
    return "\n".join([drawings[0].splitlines()[0], *(row for one in drawings for row in one.splitlines()[1:])])


def many(n: int) -> tuple[list[str], str]:
    crowd = [f"P{n:02d}" for n in range(n)]
    return crowd, "pers_person_id | pers_dob\n" + "\n".join(f"{person} | 2015-06-15" for person in crowd)


def families(**drawings: str) -> dict[str, str]:
    found = family_of(view_of(**{"ssd_person": PEOPLE, **drawings}))
    assert found is not None
    rows = pl.DataFrame(found.collect().to_native())
    assert rows["child_id"].is_unique().all()
    return dict(rows.select("child_id", "family_id").iter_rows())


def test_of_several_family_groups_the_family_is_the_one_whose_id_sorts_first() -> None:
    groups = "fami_family_id | fami_person_id\nF2 | C1\nF1 | C1\nF2 | S1"
    assert families(ssd_family=groups) == {"C1": "F1", "S1": "F2"}


@pytest.mark.parametrize("of", ["S1", "M1"])
def test_without_a_group_a_child_is_of_the_family_of_the_mothers_other_children_or_of_the_mother(of: str) -> None:
    found = families(ssd_family=family(of, "T1"), ssd_mother=mother("C1", "S1"))
    assert found == {"C1": "F1", "S1": "F1", "M1": "F1", "T1": "F1"}


def test_a_mother_and_her_children_are_a_family_of_their_own_where_no_group_says_so() -> None:
    found = families(ssd_family=family("T1", "G1"), ssd_mother=mother("C1", "S1"))
    assert found == {"T1": "F1", "G1": "F1", "C1": "mother M1", "S1": "mother M1", "M1": "mother M1"}


def test_half_sisters_in_two_groups_keep_their_groups_and_are_siblings_all_the_same() -> None:
    drawn = {"ssd_family": together(family("C1"), "\nF2 | S1"), "ssd_mother": mother("C1", "S1")}
    assert {"C1": "F1", "S1": "F2"}.items() <= families(**drawn).items()
    assert household("C1", **drawn) == {"S1": "sibling", "M1": "mother"}


def test_who_has_neither_group_nor_mother_is_of_the_one_family_at_home() -> None:
    assert families(ssd_family=family("S1", "T1"), ssd_address=lived("C1", "S1")) == dict.fromkeys(
        ["C1", "S1", "T1"], "F1"
    )


def test_where_two_families_share_a_home_nobody_can_tell_whose_a_third_child_is() -> None:
    groups = together(family("S1"), "\nF2 | T1")
    assert families(ssd_family=groups, ssd_address=lived("C1", "S1", "T1")) == {"S1": "F1", "T1": "F2"}


def test_people_at_home_of_whom_nothing_else_is_known_are_a_family_whose_id_tells_no_address() -> None:
    found = families(ssd_address=together(lived("C1", "S1"), lived("T1", at="9 Oak Way")))
    assert found == {"C1": "home C1", "S1": "home C1"}
    assert str(fingerprint(HOME)) not in "".join(found.values())


def test_whom_the_home_alone_joins_is_at_home_and_never_a_brother_or_sister() -> None:
    drawn = {"ssd_family": family("S1", "T1"), "ssd_address": lived("C1", "S1", "G1")}
    assert household("C1", **drawn) == {"S1": "child_at_home", "G1": "adult_at_home"}
    assert household("S1", **drawn) == {"T1": "sibling", "C1": "child_at_home", "G1": "adult_at_home"}


def test_brothers_and_mothers_at_home_stay_what_they_are() -> None:
    drawn = {"ssd_family": family("T1", "G1"), "ssd_mother": mother("C1", "S1")}
    at_home = lived("C1", "S1", "M1", "T1", "G1")
    added = {"T1": "child_at_home", "G1": "adult_at_home"}
    assert household("C1", **drawn) == {"S1": "sibling", "M1": "mother"}
    assert household("C1", **drawn, ssd_address=at_home) == {"S1": "sibling", "M1": "mother", **added}
    assert "C1" not in household("M1", **drawn, ssd_address=at_home)


def test_a_home_joins_nobody_whom_the_records_put_in_two_families() -> None:
    drawn = {"ssd_family": together(family("C1"), "\nF2 | S1"), "ssd_address": lived("C1", "S1", "T1")}
    assert household("C1", **drawn) == {"T1": "child_at_home"}


def test_a_home_joins_nobody_who_has_another_mother() -> None:
    mothers = together(mother("C1"), mother("S1", of="G1"))
    assert household("C1", ssd_mother=mothers, ssd_address=lived("C1", "S1")) == {"M1": "mother"}
    assert families(ssd_mother=mothers, ssd_address=lived("C1", "S1")) == {
        **{"C1": "mother M1", "M1": "mother M1"},
        **{"S1": "mother G1", "G1": "mother G1"},
    }


@pytest.mark.parametrize(
    ("since", "until", "is_home"),
    [
        ("2025-03-31", "", True),
        ("2025-04-01", "", False),
        ("2024-01-01", "2025-03-31", False),
        ("2024-01-01", "2025-04-01", True),
    ],
)
def test_a_home_is_one_from_the_day_of_moving_in_until_the_day_of_moving_out(
    since: str, until: str, is_home: bool
) -> None:
    address = together(lived("C1"), lived("S1", since=since, until=until))
    assert set(families(ssd_address=address)) == ({"C1", "S1"} if is_home else set())


@pytest.mark.parametrize("at", ["", "SSD_PH", "No fixed abode", "Elm Row, Ayton, AB1 2CD"])
def test_a_postcode_joins_nobody(at: str) -> None:
    assert families(ssd_address=lived("C1", "S1", at=at)) == {}


def test_an_address_of_more_people_than_a_home_holds_is_none() -> None:
    crowd, people = many(LARGEST_HOME + 1)
    fitting = families(ssd_person=people, ssd_address=lived(*crowd[:-1]))
    assert fitting == dict.fromkeys(crowd[:-1], "home P00")
    assert families(ssd_person=people, ssd_address=lived(*crowd)) == {}


@pytest.mark.parametrize(
    ("left", "n_more", "is_home"), [("2023-04-02", 1, True), ("2023-04-02", 2, False), ("2023-04-01", 2, True)]
)
def test_an_address_through_which_many_went_in_two_years_is_no_home(left: str, n_more: int, is_home: bool) -> None:
    # The two years before 2025-03-31 began on 2023-04-01: who left on it or before did not live there in them.
    crowd, people = many(MOST_IN_TWO_YEARS + n_more - 1)
    gone = lived(*crowd[2:], since="2020-01-01", until=left)
    found = families(ssd_person=people, ssd_address=together(lived(*crowd[:2]), gone))
    assert set(found) == (set(crowd[:2]) if is_home else set())


@pytest.mark.parametrize(
    ("kind", "is_home"), [("Home", True), ("", True), ("Foster placement", False), ("Hostel", False)]
)
def test_an_address_that_says_itself_that_it_is_no_family_home_is_none(kind: str, is_home: bool) -> None:
    rows = "\n".join(f"{person} | {HOME} | 2024-01-01 | {kind}" for person in ("C1", "X1"))
    drawn = f"addr_person_id | addr_address_json | addr_address_start_date | addr_address_type\n{rows}"
    people = "pers_person_id | pers_dob\nC1 | 2015-06-15\nX1 | 2016-06-15"
    assert bool(families(ssd_person=people, ssd_address=drawn)) == is_home


def test_three_families_at_one_address_are_a_hostel() -> None:
    groups = together(family("S1"), "\nF2 | T1", "\nF3 | G1")
    assert household("C1", ssd_family=together(family("S1"), "\nF2 | T1"), ssd_address=lived("C1", "S1", "T1", "G1"))
    assert household("C1", ssd_family=groups, ssd_address=lived("C1", "S1", "T1", "G1")) == {}


def test_what_would_make_a_family_too_large_is_left_to_itself() -> None:
    crowd, people = many(LARGEST_FAMILY)
    drawn = {"ssd_person": people, "ssd_family": family(*crowd[:-2])}
    fitting = families(**drawn, ssd_mother=mother(crowd[0], crowd[-2], of="P99"))
    too_many = families(**drawn, ssd_mother=mother(crowd[0], *crowd[-2:], of="P99"))
    assert fitting == dict.fromkeys([*crowd[:-1], "P99"], "F1")
    assert too_many == dict.fromkeys(crowd[:-2], "F1") | dict.fromkeys([*crowd[-2:], "P99"], "mother P99")


def test_a_source_without_families_and_mothers_has_no_households() -> None:
    assert members(view_of()) is None
    assert members(view_of(ssd_address=lived("C1", "S1"))) is None


def test_a_source_without_families_mothers_and_addresses_has_no_families() -> None:
    assert family_of(view_of()) is None
