"""The validated records that indicators are measured on, kept as Parquet."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from features.synthetic import simulate
from features.tables import CONTRACTS, columns_of
from features.tables.kept import keep_records
from features.tables.load import load_records

LAST_DAY = date(2025, 3, 31)
SEED = 11
# Authorities larger than any there is are made of several of this size, put under each other with ids of their own.
TILED_FROM = 100_000


def validated(children: int, folder: Path) -> Path:
    """Give a folder of validated Parquet, made when it is first asked for.

    Parameters
    ----------
    children
        Known to services; more than `TILED_FROM` is a multiple of it.
    folder
        Where it lies.
    """
    place = folder / f"{children}"
    if place.exists():
        return place
    if children > TILED_FROM:
        return _tiled(validated(TILED_FROM, folder), children // TILED_FROM, place)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        out = Path(work) / "place"
        simulate(children=children, seed=SEED, profile="england", out=out, file_format="parquet")
        keep_records(load_records(str(out / "records")), place)
    return place


def _tiled(one: Path, times: int, place: Path) -> Path:
    place.mkdir()
    for file in one.glob("*.parquet"):
        ids = [name for name, column in columns_of(CONTRACTS[file.stem]).items() if column.kind == "id"]
        frame = pl.read_parquet(file)
        tiles = [frame.with_columns(pl.col(name) + f"-{tile}" for name in ids) for tile in range(times)]
        pl.concat(tiles).write_parquet(place / file.name)
    return place
