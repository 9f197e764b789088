"""The value of one indicator for drawn records: what the specifications of the indicators are written with.

As of 2025-03-31 the windows of 91, 182, 365 and 730 days begin on 2024-12-31, 2024-10-01, 2024-04-01 and 2023-04-02.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from features.as_of import View, view_as_of
from features.indicators.catalogue import by_name
from features.indicators.matrix import build_matrix
from tests.drawing import records

if TYPE_CHECKING:
    from features.tables.records import Records

AS_OF = date(2025, 3, 31)

PEOPLE = """
    pers_person_id | pers_dob
    ---------------|-----------
    C1             | 2015-06-15
    S1             | 2021-01-01
    S2             | 2012-01-01
    M1             | 1990-01-01
"""
FAMILY = """
    fami_family_id | fami_person_id
    ---------------|---------------
    F1             | C1
    F1             | S1
    F1             | S2
    F1             | M1
"""
MOTHER = """
    moth_person_id | moth_childs_person_id | moth_childs_dob
    ---------------|-----------------------|----------------
    M1             | C1                    | 2015-06-15
    M1             | S1                    | 2021-01-01
"""


@cache
def _drawn(drawings: frozenset[tuple[str, str]]) -> Records:
    return records(**{"ssd_person": PEOPLE, **dict(drawings)})


def view_of(*, as_of: date = AS_OF, **drawings: str) -> View:
    """Give the view of drawn records; four people stand in `ssd_person` unless it is drawn."""
    return view_as_of(_drawn(frozenset(drawings.items())), as_of=as_of)


def value_of(name: str, *, as_of: date = AS_OF, child: str = "C1", **drawings: str) -> float | int | None:
    """Give the value of an indicator for one child."""
    return values_of(name, child, as_of=as_of, **drawings)[child]


def values_of(name: str, *children: str, as_of: date = AS_OF, **drawings: str) -> dict[str, float | int | None]:
    """Give the values of an indicator by child."""
    listed = pl.DataFrame(
        {"child_id": children, "family_id": [None] * len(children)}, schema_overrides={"family_id": pl.String}
    )
    matrix = build_matrix(view_of(as_of=as_of, **drawings), listed, indicators=[by_name(name)])
    return dict(matrix.select("child_id", name).iter_rows())
