"""The quarantine: what could not be used, whole and for its owner's eyes alone.

A file for each table says of every row and cell that was set aside, warned of or noted where it stands in the source,
what is wrong, and what stood there; rows that were set aside whole are kept beside. Nothing else that the program
writes for a check holds a value or an id.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

QUARANTINE = "quarantine"
ROWS = "rows"
COLUMNS = ("table", "row", "column", "kind", "severity", "reason", "value")


def write_quarantine(findings: pl.DataFrame, raw: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write what was found, row by row, and the rows that were set aside.

    The folder replaces the one of an earlier check.

    Parameters
    ----------
    findings
        Schema `FINDINGS_SCHEMA`.
    raw
        The source's tables, still text.
    folder
        Where to write; made when it is not there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".quarantine-", dir=folder.parent))
    (made / ROWS).mkdir(mode=0o700)
    placed = findings.filter(pl.col("row").is_not_null())
    for (table,), lines in placed.group_by("table", maintain_order=True):
        source = raw[str(table)]
        write_private(made / f"{table}.csv", _with_values(lines, source))
        whole = lines.filter((pl.col("severity") == "sets_aside") & pl.col("column").is_null())["row"]
        if len(whole):
            kept = source[whole - 1].insert_column(0, whole.alias("row"))
            write_private(made / ROWS / f"{table}.csv", kept)
    _replace(folder, made)


def write_private(file: Path, lines: pl.DataFrame) -> None:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        lines.write_csv(opened)


def _with_values(lines: pl.DataFrame, source: pl.DataFrame) -> pl.DataFrame:
    """Put beside each cell what stood there."""
    parts = []
    for (column,), cells in lines.group_by("column", maintain_order=True):
        is_there = column is not None and column in source.columns
        value = source[str(column)][cells["row"] - 1] if is_there else pl.lit(None, pl.String)
        parts.append(cells.with_columns(value.alias("value")))
    return pl.concat(parts).sort("row", "column", nulls_last=False, maintain_order=True).select(COLUMNS)


def _replace(folder: Path, made: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    replaced = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder.parent))
    folder.rename(replaced / QUARANTINE)
    made.rename(folder)
    shutil.rmtree(replaced)
