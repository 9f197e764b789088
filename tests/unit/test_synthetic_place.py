"""Which tenth of deprivation a postcode lies in is the one that the families there truly live in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic import simulate
from features.synthetic.formats.writing import FORMATS
from features.tables.load import load_records

if TYPE_CHECKING:
    from pathlib import Path

UNTIL = date(2024, 2, 14)


def make(out: Path, **changes: object) -> Path:
    wanted = {"children": 2000, "seed": 3, "profile": "england", "out": out, "years": 3, "until": UNTIL, **changes}
    simulate(**wanted)  # type: ignore[arg-type]  # one call for every test's changes
    return out


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("synthetic") / "place")


def read(place: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(place / "records" / f"{name}.csv", infer_schema=False, null_values=[""])


def homes(place: Path) -> pl.DataFrame:
    """Give each address with its published tenth, null where it is in no lookup, and its family's true one."""
    looked_up = read(place, "ext_deprivation").select(
        addr_address_postcode="depr_postcode", published=pl.col("depr_decile").cast(pl.Int64)
    )
    people = pl.read_parquet(place / "truth" / "people.parquet")
    true = people.select(addr_person_id="child_id", true=pl.col("deprivation_decile").cast(pl.Int64))
    lived = read(place, "ssd_address").join(true, on="addr_person_id")
    return lived.join(looked_up, on="addr_address_postcode", how="left")


def test_the_tenth_is_that_of_the_family_counted_from_the_most_deprived(place: Path) -> None:
    found = homes(place).drop_nulls("published")
    # Hostels, shared houses and schools lie where they lie, not where the family's own home is.
    assert (found["published"] == 11 - found["true"]).mean() > 0.9  # type: ignore[operator]  # a share
    assert sorted(found["published"].unique()) == list(range(1, 11))


def test_a_few_postcodes_are_in_no_lookup_and_none_is_in_it_twice(place: Path) -> None:
    listed, lived_at = read(place, "ext_deprivation")["depr_postcode"], read(place, "ssd_address")
    everywhere = lived_at["addr_address_postcode"].drop_nulls().unique()
    assert listed.is_unique().all()
    assert set(listed) < set(everywhere)
    assert 0.02 < 1 - len(listed) / len(everywhere) < 0.04


@pytest.mark.parametrize("file_format", [name for name in FORMATS if name not in ("csv", "parquet")])
def test_the_lookup_lies_beside_every_other_format(file_format: str, tmp_path: Path) -> None:
    profile = "wales" if file_format == "wales" else "england"
    beside = make(tmp_path / "beside", children=100, profile=profile, file_format=file_format)
    assert read(beside, "ext_deprivation").columns == ["depr_postcode", "depr_decile"]


def test_nothing_of_the_lookup_is_set_aside(place: Path) -> None:
    records = load_records(place / "records", extract_day=UNTIL)
    assert records.tables["ext_deprivation"].height == records.rows_read["ext_deprivation"]
