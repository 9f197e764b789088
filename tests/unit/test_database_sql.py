"""What is asked of SQL Server and Oracle, written by SQLAlchemy without a driver, and how their cells become text."""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy.dialects import mssql, oracle, postgresql

from features.sources.database.reading import read_database
from features.sources.database.tables import FoundTable, as_text, catalogue, select_wanted
from features.vocabulary.errors import OutOfReachError

if TYPE_CHECKING:
    from sqlalchemy import Dialect

SQL_SERVER, ORACLE, POSTGRESQL = mssql.dialect(), oracle.dialect(), postgresql.dialect()


def selected(dialect: Dialect, schema: str, name: str, *columns: str) -> str:
    found = FoundTable(schema, name, {column.lower(): column for column in columns})
    return " ".join(str(select_wanted(found).compile(dialect=dialect)).split())


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (SQL_SERVER, "SELECT [PERS_DOB], [Pers_Sex] FROM [dbo].[SSD_Person]"),
        (ORACLE, 'SELECT "PERS_DOB", "Pers_Sex" FROM "dbo"."SSD_Person"'),
        (POSTGRESQL, 'SELECT "PERS_DOB", "Pers_Sex" FROM "dbo"."SSD_Person"'),
    ],
)
def test_the_wanted_columns_are_selected_quoted_as_they_are_in_the_order_asked(dialect: Dialect, expected: str) -> None:
    assert selected(dialect, "dbo", "SSD_Person", "PERS_DOB", "Pers_Sex") == expected


def test_a_lower_case_name_is_quoted_in_oracle_which_would_else_read_it_in_capitals() -> None:
    assert selected(ORACLE, "csc", "ssd_person", "pers_dob") == 'SELECT "pers_dob" FROM "csc"."ssd_person"'


def test_a_schema_with_a_stop_or_a_bracket_stays_one_name_in_sql_server() -> None:
    assert selected(SQL_SERVER, "ssd.dev]", "t", "a") == "SELECT [a] FROM [ssd.dev]]].[t]"


def test_a_schema_with_a_quotation_mark_cannot_end_its_name_in_oracle() -> None:
    assert selected(ORACLE, 'o"x', "t", "a") == 'SELECT "a" FROM "o""x"."t"'


def test_each_catalogue_is_asked_by_its_own_names() -> None:
    asked = {dialect.name: str(catalogue(dialect.name).compile(dialect=dialect)) for dialect in (SQL_SERVER, ORACLE)}
    assert "FROM INFORMATION_SCHEMA.COLUMNS WHERE LOWER(TABLE_NAME) IN" in asked["mssql"]
    assert "FROM all_tab_columns WHERE LOWER(table_name) IN" in asked["oracle"]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (None, None),
        ("007", "007"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (10**30, "1" + "0" * 30),
        (7.0, "7"),
        (0.1, "0.1"),
        (float("nan"), "nan"),
        (Decimal("7.000"), "7"),
        (Decimal("1E+2"), "100"),
        (Decimal("7.50"), "7.50"),
        (Decimal("NaN"), "NaN"),
        (datetime.date(2025, 6, 1), "2025-06-01"),
        (datetime.datetime(2025, 6, 1), "2025-06-01 00:00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"1A": "Yes"}, '{"1A": "Yes"}'),
    ],
)
def test_whatever_a_driver_gives_becomes_text(cell: object, read: str | None) -> None:
    frame, refused = as_text(["a"], [(cell,)])
    assert frame["a"].to_list() == [read]
    assert refused == frozenset()


def test_a_column_whose_cells_differ_in_kind_is_read_cell_by_cell() -> None:
    frame, _ = as_text(["a", "b"], [(1, "x"), (Decimal("2.0"), None), (2.5, "")])
    assert frame.rows() == [("1", "x"), ("2", None), ("2.5", "")]


@pytest.mark.parametrize("cell", [b"x", bytearray(b"x"), memoryview(b"x")])
def test_a_column_with_bytes_is_missing_and_named(cell: object) -> None:
    frame, refused = as_text(["a", "b"], [("1", cell)])
    assert frame.rows() == [("1", None)]
    assert refused == {"b"}


@pytest.mark.parametrize(
    ("scheme", "driver", "extra"), [("mssql", "pymssql", "sqlserver"), ("oracle", "oracledb", "oracle")]
)
def test_a_driver_that_is_missing_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, scheme: str, driver: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)  # as if it were not installed, on a machine where it is
    with pytest.raises(OutOfReachError, match=rf'{driver}.*\nHint: Install it: pip install "earlyhelp\[{extra}\]"'):
        read_database(f"{scheme}://reader@server/ssd", {})
