"""Money and place, as of 2025-03-31. Tenths are published with 1 for the most deprived and counted with 10 for it."""

from __future__ import annotations

import pytest

from features.indicators.place import PLACE
from features.indicators.streams import HOMES
from tests.indicator_values import value_of

DEPRIVATION = """
    depr_postcode | depr_decile
    --------------|------------
    QE1 1AA       | 1
    QE2 1AA       | 2
    QE3 1AA       | 3
    QE10 1AA      | 10
"""
HOME = "addr_person_id | addr_address_start_date | addr_address_end_date | addr_address_postcode | addr_address_type"
ADDRESSES = f"""
    {HOME}
    C1 | 2025-03-01 |            | QE2 1AA  | Temporary accommodation
    C1 | 2024-01-01 | 2025-03-01 | QE1 1AA  | Home
    C1 | 2023-04-02 | 2024-01-01 | QE1 1AA  | No fixed abode
    C1 | 2023-04-01 | 2023-04-02 | QE3 1AA  | Hostel
    C1 | 2020-01-01 | 2023-04-01 | QE1 1AA  | Home
    C1 | 2025-04-01 |            | QE10 1AA | Refuge
"""


def in_homes(name: str, *homes: str) -> float | int | None:
    drawn = "\n".join([HOME, *homes])
    return value_of(name, ssd_address=drawn, ext_deprivation=DEPRIVATION)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tenth_of_deprivation_of_latest_home", 11 - 2),
        ("is_latest_home_in_most_deprived_fifth", 1),
        ("was_home_in_most_deprived_fifth_last_24_months", 1),
        ("homes_in_most_deprived_tenth_last_24_months", 1 + 1),
        ("has_moved_to_more_deprived_place_last_24_months", 1),
        ("unsettled_homes_last_24_months", 1 + 1),
        ("has_no_settled_home_now", 1),
    ],
)
def test_homes_and_their_places(name: str, expected: int) -> None:
    assert value_of(name, ssd_address=ADDRESSES, ext_deprivation=DEPRIVATION) == expected


@pytest.mark.parametrize(
    ("postcode", "more", "less"), [("QE10 1AA", 0, 1), ("QE3 1AA", 0, 0), ("QE1 1AA", 1, 0), ("QE9 9ZZ", None, None)]
)
def test_a_move_is_to_a_more_or_a_less_deprived_place(postcode: str, more: int | None, less: int | None) -> None:
    homes = ("C1 | 2020-01-01 | 2025-03-01 | QE3 1AA | Home", f"C1 | 2025-03-01 | | {postcode} | Home")
    assert in_homes("has_moved_to_more_deprived_place_last_24_months", *homes) == more
    assert in_homes("has_moved_to_less_deprived_place_last_24_months", *homes) == less


@pytest.mark.parametrize("name", [indicator.name for indicator in PLACE if indicator.table == HOMES])
def test_a_postcode_that_is_in_no_lookup_is_not_known(name: str) -> None:
    assert in_homes(name, "C1 | 2020-01-01 | | QE9 9ZZ | Home") is None


def test_an_older_home_does_not_speak_for_the_latest() -> None:
    homes = ("C1 | 2020-01-01 | 2025-03-01 | QE1 1AA | Home", "C1 | 2025-03-01 | | QE9 9ZZ | Home")
    assert in_homes("tenth_of_deprivation_of_latest_home", *homes) is None


def test_a_home_for_a_time_that_has_ended_is_none_now() -> None:
    homes = ("C1 | 2024-01-01 | 2025-03-31 | QE1 1AA | Hostel", "C1 | 2025-03-31 | | QE1 1AA | Home")
    assert in_homes("has_no_settled_home_now", *homes) == 0


def test_no_model_reads_what_deprivation_says() -> None:
    assert {bool(indicator.not_scored) for indicator in PLACE if indicator.table == HOMES} == {True}
