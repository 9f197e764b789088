"""Writing an authority's records as an Annex A workbook, as its data team hands it to inspectors.

One sheet per list, with the standard's headers, codes behind letters and dates as dates. Counts of the last twelve
months are left empty, for nothing here reads them. Equal tables give equal bytes.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from features.sources.annex_a.lists import LISTS
from features.sources.days import day_of
from features.synthetic.formats.annex_a_care_rows import CARE_ROWS
from features.synthetic.formats.annex_a_rows import ROWS
from features.synthetic.formats.annex_a_said import FLAGS, SEXES, Authority, lettered, said
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from features.sources.annex_a.asked import AnnexAList

NAME = "annex_a.xlsx"

# Excel's own limit, the header among them.
MOST_ROWS = 1_048_576
# The lists of events speak of the six months before an inspection.
MONTHS = 6
# Any fixed day: a workbook that held the clock's would never be the same twice.
CREATED = datetime(2025, 1, 1)
ROWS_AT_ONCE = 10_000
DAYS_A_YEAR = 365.25

_IS_DATE = re.compile(r"\bdate\b", re.IGNORECASE)


def write_annex_a(tables: Mapping[str, pl.DataFrame], folder: Path, *, until: date) -> None:
    """Write `annex_a.xlsx`.

    Parameters
    ----------
    tables
        The standard's, all text, by name; what is not there leaves its list with headers alone.
    folder
        Made where it is not there.
    until
        The last day; events of the six months before it are listed, and what was open in them.

    Raises
    ------
    WrongUsageError
        When a list has more rows than Excel has; nothing is written then.
    """
    since = pl.select(pl.lit(until).dt.offset_by(f"-{MONTHS}mo")).item()
    authority = Authority(tables, since, until)
    children = _children(authority)
    lists = {asked.number: _list(asked, authority, children) for asked in LISTS}
    if any(rows.height >= MOST_ROWS for rows in lists.values()):
        raise WrongUsageError(
            f"A list of the workbook would have more rows than Excel's {MOST_ROWS:,}.",
            hint="Simulate fewer children, or write CSV or Parquet.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(folder / NAME), {"constant_memory": True})
    book.set_properties({"created": CREATED})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for asked in LISTS:
        _write(book.add_worksheet(f"List {asked.number}"), asked, lists[asked.number], day)
    book.close()


def _children(of: Authority) -> pl.DataFrame:
    """Give what every list repeats of a child."""
    people = {"child": "pers_person_id", "sex": "pers_sex", "ethnicity": "pers_ethnicity", "birth": "pers_dob"}
    kinds = of.take("ssd_disability", {"child": "disa_person_id", "kind": "disa_disability_code"})
    is_disabled = kinds.group_by("child").agg(is_any=(pl.col("kind") != "NONE").fill_null(True).any())
    yes_or_no = pl.when("is_any").then(pl.lit(FLAGS["Y"])).otherwise(pl.lit(FLAGS["N"]))
    born = of.take("ssd_person", people).unique("child", keep="first", maintain_order=True)
    joined = born.join(is_disabled.select("child", disability=yes_or_no), on="child", how="left", maintain_order="left")
    days = (pl.lit(of.until) - day_of(pl.col("birth"))).dt.total_days()
    return joined.with_columns(
        said("sex", SEXES),
        said("ethnicity", lettered("ethnicity")),
        pl.col("disability").fill_null("Unknown"),
        age=(days / DAYS_A_YEAR).floor().cast(pl.Int64),
    )


def _list(asked: AnnexAList, of: Authority, children: pl.DataFrame) -> pl.DataFrame:
    """Give a list's rows under its own columns, in the standard's order."""
    made = {**ROWS, **CARE_ROWS}.get(asked.number)
    rows = pl.DataFrame(schema={"child": pl.String}) if made is None else made(of)
    rows = rows.join(children, on="child", how="left", maintain_order="left")
    names = [column.name for column in asked.asks]
    return rows.select(pl.col(n) if n in rows.columns else pl.lit(None, pl.String).alias(n) for n in names)


def _write(sheet: Any, asked: AnnexAList, rows: pl.DataFrame, day: Any) -> None:
    """Write a sheet row by row, for a workbook of constant memory keeps only one."""
    sheet.write_row(0, 0, [column.header for column in asked.asks])
    is_date = [_IS_DATE.search(column.header) is not None for column in asked.asks]
    names = [column.name for column, dated in zip(asked.asks, is_date, strict=True) if dated]
    line = 0
    for piece in rows.iter_slices(ROWS_AT_ONCE):
        days = piece.select(_serial(name) for name in names)
        for cells, serials in zip(piece.iter_rows(), days.iter_rows(), strict=True):
            line += 1
            dates = iter(serials)
            for place, cell in enumerate(cells):
                serial = next(dates) if is_date[place] else None
                if serial is not None:
                    sheet.write_number(line, place, serial, day)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)


def _serial(name: str) -> pl.Expr:
    """Count a cell's day as Excel does; null where it is none that Excel can hold."""
    count = (day_of(pl.col(name)) - pl.date(1899, 12, 30)).dt.total_days()
    return pl.when(count > 60).then(count).alias(name)
