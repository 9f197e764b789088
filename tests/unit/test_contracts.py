"""What every contract must keep, whichever table it is of."""

from __future__ import annotations

import pytest

from features.sources.ssd import PREFIXES
from features.tables import CONTRACTS, columns_of
from features.tables.rules import PERSON
from features.vocabulary.codes import codelist

COLUMNS = [
    (name, column, stated) for name, contract in CONTRACTS.items() for column, stated in columns_of(contract).items()
]
NEVER_READ = {
    "pers_forename",
    "pers_surname",
    "pers_common_child_id",
    "pers_upn",
    "pers_legacy_id",
}


def test_names_and_numbers_that_identify_are_not_read() -> None:
    assert NEVER_READ.isdisjoint(column for _, column, _ in COLUMNS)


def test_every_table_that_a_folder_can_hold_has_a_contract_and_its_own_prefix() -> None:
    by_prefix = {column.split("_")[0]: table for table, column, _ in COLUMNS}
    assert by_prefix == PREFIXES


def test_every_code_has_its_list() -> None:
    coded = [stated.codelist for _, _, stated in COLUMNS if stated.kind in ("code", "codes")]
    assert all(codelist(str(name)) for name in coded)


def test_a_table_stands_after_each_table_that_it_refers_to_but_where_two_refer_to_each_other() -> None:
    order = list(CONTRACTS)
    referring = {(table, s.references.split(".")[0]) for table, _, s in COLUMNS if s.references is not None}
    ahead = {pair for pair in referring if order.index(pair[0]) <= order.index(pair[1])}
    assert {(other, table) for table, other in ahead} <= referring - ahead


def test_a_cell_known_on_another_day_than_its_row_says_why() -> None:
    other = [(c, s) for _, c, s in COLUMNS if s.known_from is not None or s.lag_days]
    assert len(other) > 20
    assert [c for c, s in other if not s.reason] == []


@pytest.mark.parametrize("role", ["known_from", "not_before", "described_by"])
def test_columns_that_point_to_a_column_find_it(role: str) -> None:
    pointing = [(table, getattr(stated, role)) for table, _, stated in COLUMNS]
    lost = [(t, other) for t, other in pointing if other is not None and other not in columns_of(CONTRACTS[t])]
    assert lost == []


def test_every_dated_table_is_known_from_one_of_its_dates() -> None:
    undated = {name for name, contract in CONTRACTS.items() if contract.row_known_from is None}
    assert undated == {
        *(PERSON, "ssd_family", "ssd_disability"),
        *("ssd_professionals", "ssd_department", "ssd_sen_need", "ext_deprivation"),
    }
    kinds = {columns_of(c)[c.row_known_from].kind for n, c in CONTRACTS.items() if n not in undated}
    assert kinds == {"date"}
