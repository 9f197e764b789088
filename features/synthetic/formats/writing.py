"""Writing the invented records: as SSD tables, or in one of the other formats that an authority may hold.

The optional `ext_` tables have no place in any of those, and lie beside them as CSV.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.synthetic.formats.annex_a import write_annex_a
from features.synthetic.formats.cin_census import write_cin_census
from features.synthetic.formats.dfe_api import write_dfe_api
from features.synthetic.formats.ssda903 import write_ssda903
from features.synthetic.formats.wales import write_wales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    import polars as pl

OPTIONAL = "ext_"
OTHER_FORMATS: dict[str, Callable[..., None]] = {
    "annex-a": write_annex_a,
    "cin-xml": write_cin_census,
    "ssda903": write_ssda903,
    "wales": write_wales,
    "dfe-api": write_dfe_api,
}
FORMATS = ("csv", "parquet", *OTHER_FORMATS)
"""What the records can be written as; `csv` and `parquet` are SSD tables, all cells text."""


def write_records(tables: Mapping[str, pl.DataFrame], folder: Path, *, file_format: str, until: date) -> None:
    """Write every table that the format has a place for.

    Parameters
    ----------
    tables
        By name; all text.
    folder
        Made here.
    file_format
        One of `FORMATS`.
    until
        The last day of the records, by which some formats are cut or named.
    """
    folder.mkdir()
    if file_format == "parquet":
        for name, table in tables.items():
            table.write_parquet(folder / f"{name}.parquet")
        return
    write = OTHER_FORMATS.get(file_format)
    beside = {name: table for name, table in tables.items() if write is None or name.startswith(OPTIONAL)}
    for name, table in beside.items():
        table.write_csv(folder / f"{name}.csv")
    if write is not None:
        write({name.lower(): table.rename(str.lower) for name, table in tables.items()}, folder, until=until)
