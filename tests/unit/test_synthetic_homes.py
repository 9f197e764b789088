"""Invented homes: a family's address is one text, and few addresses are of many families."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import record_homes, simulate
from features.synthetic.record_homes import KEYS
from features.tables.coerce_address import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS, POSTCODE = "addr_address_json", "addr_address_postcode"
START, END = "addr_address_start_date", "addr_address_end_date"


@pytest.fixture(scope="module")
def lived(authority: Path) -> pl.DataFrame:
    """Every row of an address with the true family of its child."""
    rows = pl.read_csv(authority / "ssd_address.csv", infer_schema=False)
    people = pl.read_parquet(authority.parent / "truth" / "people.parquet", columns=["child_id", "family"])
    return rows.join(people, left_on="addr_person_id", right_on="child_id", how="left", validate="m:1")


def families_at(lived: pl.DataFrame) -> pl.DataFrame:
    return lived.group_by(ADDRESS).agg(pl.col("family").n_unique().alias("n"), pl.col("addr_person_id").n_unique())


def test_an_address_is_json_with_a_case_systems_keys_and_its_own_postcode(lived: pl.DataFrame) -> None:
    read = [json.loads(cell) for cell in lived[ADDRESS]]
    assert {tuple(one) for one in read} == {KEYS}
    assert [one["POSTCODE"].replace(" ", "") for one in read] == lived[POSTCODE].to_list()
    assert 0.03 < sum(one["UPRN"] != "" for one in read) / len(read) < 0.15


def test_every_address_names_a_home_and_different_addresses_are_different_homes(lived: pl.DataFrame) -> None:
    distinct = lived[ADDRESS].unique()
    found = [fingerprint(cell) for cell in distinct]
    assert None not in found
    assert len(set(found)) == len(distinct)


def test_nearly_all_children_of_a_family_who_moved_in_on_a_day_have_one_address(lived: pl.DataFrame) -> None:
    together = lived.group_by("family", START).agg(pl.len(), pl.col(ADDRESS).n_unique()).filter(pl.col("len") > 1)
    assert together.height > 300
    assert 0.97 < (together[ADDRESS] == 1).mean() < 1


def test_a_few_places_are_shared_by_strangers(lived: pl.DataFrame) -> None:
    kinds = Counter(json.loads(cell)["BUILDING"].rpartition(" ")[2] for cell in lived[ADDRESS])
    assert set(kinds) == {"", "Court", "School", "Offices"}
    assert 0.01 < kinds["Court"] / lived.height < 0.04
    assert 0.001 < (kinds["School"] + kinds["Offices"]) / lived.height < 0.01
    at = families_at(lived)
    assert 0.001 < (at["n"] > 1).mean() < 0.02
    assert at["n"].max() > 10


def test_a_stay_in_a_hostel_lasts_some_months(lived: pl.DataFrame) -> None:
    stays = lived.filter(pl.col(ADDRESS).str.contains(' Court"')).select(
        days=(pl.col(END).str.slice(0, 10).str.to_date() - pl.col(START).str.slice(0, 10).str.to_date()).dt.total_days()
    )
    # Some are there still.
    assert 0 < stays["days"].null_count() < stays.height / 2
    assert 60 < stays["days"].median() < 400


def test_homes_are_drawn_apart_so_that_everything_else_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, apart = tmp_path / "usual", tmp_path / "apart"
    simulate(children=200, seed=3, profile="england", out=usual, processes=1)
    for share in ("IN_A_HOSTEL", "MISTYPED", "SHARES_A_HOUSE"):
        monkeypatch.setattr(record_homes, share, 0.0)
    simulate(children=200, seed=3, profile="england", out=apart, processes=1)
    files = [file.relative_to(usual) for file in usual.rglob("*") if file.is_file()]
    changed = {file.stem for file in files if (usual / file).read_bytes() != (apart / file).read_bytes()}
    # The lookup of deprivation holds the postcodes of the addresses.
    assert changed == {"ssd_address", "ext_deprivation"}
