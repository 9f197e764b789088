"""What becomes of a raw cell. Each table reads: what the source wrote, an arrow, what the program keeps.

`nothing` is a missing value; `set aside` is a missing value that is counted with its reason; `, in part` keeps what
could be read and counts the cell too.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl
import pytest

from features.tables.coerce import read_column
from features.tables.contract import Column

DATES = """
    2024-03-31                -> 2024-03-31
    2024-03-31T00:00:00       -> 2024-03-31
    2024-03-31T23:59:59.123Z  -> 2024-03-31
    2024-03-31 14:05          -> 2024-03-31
    2024/03/31                -> 2024-03-31
    20240331                  -> 2024-03-31
    31/03/2024                -> 2024-03-31
    1/3/2024                  -> 2024-03-01
    31/03/2024 14:05:00       -> 2024-03-31
    31-03-2024                -> 2024-03-31
    31.03.2024                -> 2024-03-31
    31 Mar 2024               -> 2024-03-31
    31-Mar-2024 00:00         -> 2024-03-31
    45382                     -> 2024-03-31
    45382.75                  -> 2024-03-31
    SSD_PH                    -> nothing
    PLACEHOLDER_DATA          -> nothing
    -1                        -> nothing
    NULL                      -> nothing
    29/02/2023                -> set aside
    12/31/2024                -> set aside
    31/03/24                  -> set aside
    2024                      -> set aside
    March                     -> set aside
    0                         -> set aside
"""

FLAGS = """
    Y -> 1
    y -> 1
    Yes -> 1
    TRUE -> 1
    1 -> 1
    1.0 -> 1
    a) Yes -> 1
    Y - Yes -> 1
    N -> 0
    false -> 0
    0 -> 0
    b) No -> 0
    NA -> nothing
    Not known -> nothing
    -1 -> nothing
    perhaps -> set aside
    2 -> set aside
"""

IDS = """
    00123 -> 00123
    A/0-7 -> A/0-7
    1e5 -> 1e5
    SSD_PH -> nothing
    -1 -> nothing
    None -> nothing
"""

TEXTS = """
    Step-Up -> step-up
    Outcomes met -> outcomes met
    PLACEHOLDER_DATA -> nothing
"""

POSTCODES = """
    np20 4ur -> NP204UR
    NP204UR -> NP204UR
    E1 6AN -> E16AN
    NP20 -> set aside
"""

SCORES = """
    0 -> 0.0
    17 -> 17.0
    17.0 -> 17.0
    40 -> 40.0
    41 -> set aside
    -5 -> set aside
    nan -> nothing
    inf -> set aside
    high -> set aside
"""

SEX = """
    M -> M
    f -> F
    1 -> M
    2 -> F
    2.0 -> F
    0 -> U
    9 -> I
    b) Female -> F
    X -> set aside
"""

ETHNICITY = """
    WBRI -> WBRI
    a) WBRI -> WBRI
    WBRI - White British -> WBRI
    WBRI White British -> WBRI
    White British -> WBRI
    CHNE -> CHNE
    CNHE -> CHNE
    ACHN -> CHNE
    REFU -> REFU
    C17 -> set aside
"""

SOURCES = """
    q) 6: Police -> 6
    6 -> 6
    2A -> 2A
    a) 1A: Individual -> 1A
    4.0 -> 4
    1234 -> set aside
"""

NEEDS = """
    N1 -> N1
    N1 - Abuse or Neglect -> N1
    N4 \u2013 Family in acute stress -> N4
    n0 -> N0
    Abuse -> set aside
"""

HOMES = """
    a) U1: Foster placement - relatives - long term -> U1
    Placed with parents -> P1
    Placed for adoption -> set aside
"""

PROVIDERS = """
    [PR4] Private provision -> PR4
    (PR1) Own provision -> PR1
    (CS) Private -> set aside
    [PR4 -> set aside
"""

CATEGORIES = """
    NEG -> NEG
    Neglect -> NEG
    Emotional Abuse -> EMO
    Multiple: Neglect, Physical -> MUL
    Multiple/not recommended -> MUL
    Neglect and more -> set aside
"""

DISABILITIES = """
    NONE -> NONE
    None -> NONE
    a) AUT -> AUT
    BEHA -> BEH
    L17Q -> set aside
"""

FACTORS = """
    ["1A","2B"] -> |1A|2B|
    ["2B", "1A", "1A"] -> |1A|2B|
    {"1A":"Yes"} -> |1A|
    {"1A":"Yes","2B":"No","4B":true} -> |1A|4B|
    {"key":"4B"} -> |4B|
    {"key":"4B","val":"No"} -> ||
    [{"key":"4B","val":"Yes"}] -> |4B|
    {"FACTOR_1":"10A"} -> |10A|
    ["3B - Domestic abuse of a parent"] -> |3B|
    ["18A"] -> |18A|
    [20] -> |20|
    1A, 4B -> |1A|4B|
    {'1A': 'Yes', '2B': 'No'} -> |1A|
    [] -> ||
    {} -> ||
    SSD_PH -> nothing
    ["1A","99Z"] -> |1A|, in part
    {"1A":"Yes","FACTOR_2":"99Z"} -> |1A|, in part
    ["99Z"] -> set aside
    see the case note -> set aside
    [[[[ -> set aside
"""

OUTCOMES = """
    {"NFA_FLAG":"Y","ADVICE_FLAG":"N"} -> |NFA_FLAG|
    {"nfa_flag":1,"NUMBER_OF_OUTCOMES":1} -> |NFA_FLAG|
    {"NFA_FLAG":"N","COMMENTS":"Yes"} -> ||
    {"NFA_FLAG":"Y","COMMENTS":"mum said "no" to it"} -> |NFA_FLAG|
    {"NEW_REFERRAL_FLAG":"Y", "COMMENTS": "cut of -> |NEW_REFERRAL_FLAG|
    {"NFA_FLAG":"N","COMMENTS":"a "word""} -> ||
    {"NFA_FLAG":"Y","OUR_OWN_FLAG":"Y"} -> |NFA_FLAG|, in part
    {"OUR_OWN_FLAG":"Y"} -> set aside
"""

# Each block is one home, in as many ways as it has lines; no two blocks are the same home.
SAME_HOMES = """
    {"HOUSE": "7", "STREET": "Elm Row", "TOWN": "Ayton"}
    {"town": "AYTON", "Street": "elm  row", "house": 7, "flat": "", "ROOM": "SSD_PH", "EASTING": "4"}

    {"HOUSE": "7", "STREET": "Elm Row", "TOWN": "Ayton", "POSTCODE": "AB1 2CD"}
    {"HOUSE": "7.", "STREET": "Elm-Row", "TOWN": "Ayton", "POSTCODE": "ab12cd"}

    {"HOUSE": "8", "STREET": "Elm Row", "TOWN": "Ayton"}

    {"FLAT": "1", "HOUSE": "11", "STREET": "Elm Row"}
    {"FLAT": "1", "HOUSE": "11", "STREET": "Elm Row", "ROOM": null}

    {"FLAT": "11", "HOUSE": "1", "STREET": "Elm Row"}
    {"FLAT": 11.0, "HOUSE": 1, "STREET": "Elm Row"}

    {"UPRN": "900000000017", "HOUSE": "7"}
    {"uprn": 900000000017, "STREET": "Oak Way"}
    {"UPRN": "0900000000017.0"}

    7 Elm Row, Ayton, AB1 2CD
    7 ELM ROW; AYTON; AB12CD
    "7 Elm Row, Ayton, AB1 2CD"

    {"HOUSE": "9", "STREET": "Tŷ Gwyn", "TOWN": "Ayton"}
    {"HOUSE": "9", "STREET": "TY GWYN", "TOWN": "Ayton"}
    {"HOUSE": "9", "STREET": "Ty "Gwyn"", "TOWN": "Ayton"}
"""
NO_HOMES = """
    SSD_PH
    {"HOUSE": "", "STREET": null, "TOWN": " "}
    {"ROOM": "", "FLOOR": "", "HOUSE": "
    {"HOUSE": "Unknown", "STREET": "Unknown", "TOWN": "Unknown"}
    {"STREET": "No fixed abode", "UPRN": "0"}
    {"STREET": "Elm Row", "TOWN": "Ayton", "POSTCODE": "AB1 2CD"}
    {"FLAT": "3", "STREET": "Elm Row"}
    {"HOUSE": "7", "TOWN": "Ayton"}
    {"HOUSE": {"NUMBER": 7}, "STREET": true}
    Elm Row, Ayton, AB1 2CD
    Flat 3
    17
    []
"""


def rows(table: str) -> list[tuple[str, str]]:
    """Read a table of arrows."""
    split = (line.rsplit("->", 1) for line in table.strip().splitlines())
    return [(raw.strip(), becomes.strip()) for raw, becomes in split]


def said(value: Any, refused: bool) -> str:
    """Say what became of a cell in the words of the tables."""
    if value is None:
        return "set aside" if refused else "nothing"
    return f"{value}, in part" if refused else str(value)


def becomes(raw: str, column: Column) -> str:
    read = read_column(pl.Series([raw]), column)
    return said(read.values[0], read.found["refused"].any())


@pytest.mark.parametrize(("raw", "expected"), rows(DATES))
def test_a_date_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("date")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(FLAGS))
def test_a_flag_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("flag")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(IDS))
def test_an_id_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("id")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(TEXTS))
def test_a_text_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("text")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(POSTCODES))
def test_a_postcode_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("postcode")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(SCORES))
def test_a_score_between_0_and_40_becomes(raw: str, expected: str) -> None:
    assert becomes(raw, Column("number", lowest=0, highest=40)) == expected


@pytest.mark.parametrize(
    ("codelist", "raw", "expected"),
    [
        (codelist, raw, expected)
        for codelist, table in {
            "sex": SEX,
            "ethnicity": ETHNICITY,
            "referral_source": SOURCES,
            "primary_need": NEEDS,
            "cp_category": CATEGORIES,
            "disability": DISABILITIES,
            "placement_type": HOMES,
            "placement_provider": PROVIDERS,
        }.items()
        for raw, expected in rows(table)
    ],
)
def test_a_code_becomes(codelist: str, raw: str, expected: str) -> None:
    assert becomes(raw, Column("code", codelist=codelist)) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(FACTORS))
def test_factors_become(raw: str, expected: str) -> None:
    assert becomes(raw, Column("codes", codelist="assessment_factor")) == expected


@pytest.mark.parametrize(("raw", "expected"), rows(OUTCOMES))
def test_outcomes_become(raw: str, expected: str) -> None:
    assert becomes(raw, Column("codes", codelist="json_contact_outcome_keys")) == expected


def fingerprints(*addresses: str) -> list[str | None]:
    return read_column(pl.Series(addresses), Column("address")).values.to_list()


def test_ways_of_writing_one_address_have_one_fingerprint_and_no_other_address_has_it() -> None:
    homes = SAME_HOMES.strip().split("\n\n")
    found = [set(fingerprints(*ways.splitlines())) for ways in homes]
    assert [len(ways) for ways in found] == [1] * len(homes)
    assert len(set.union(*found)) == len(homes)


def test_a_fingerprint_is_sixteen_digits_and_nothing_of_the_address() -> None:
    expected = sha256(b"7|ELMROW|AYTON").hexdigest()[:16]
    assert becomes('{"HOUSE": "7", "STREET": "Elm Row", "TOWN": "Ayton"}', Column("address")) == expected


@pytest.mark.parametrize("raw", [line.strip() for line in NO_HOMES.strip().splitlines()])
def test_what_names_no_home_has_no_fingerprint_and_is_nothing_to_set_aside(raw: str) -> None:
    assert becomes(raw, Column("address")) == "nothing"


def test_blanks_around_a_cell_do_not_matter() -> None:
    assert becomes("  31/03/2024 ", Column("date")) == str(date(2024, 3, 31))


def test_a_column_keeps_its_order_and_its_gaps() -> None:
    read = read_column(pl.Series(["N", None, "?", "Y", "N"]), Column("flag"))
    assert read.values.to_list() == [0, None, None, 1, 0]
    assert read.found.rows() == [(2, "unparsable_flag", True)]
