"""Codes out of their years: after the last, or before the first, collection year in which they may be used.

Such a code is used as it is, since what it means has not changed; it says that a local list is out of date, or that
old records were recoded. The year of a cell is that of the day from which it was known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.vocabulary.codes import codelist
from features.vocabulary.collection_years import FIRST_MONTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.tables.contract import Column
    from features.tables.draft import Draft


def note_codes_out_of_time(draft: Draft) -> None:
    """Note the codes of every column whose list knows years, as `code_retired` and `code_not_yet_valid`."""
    for name, column in draft.columns.items():
        day = column.known_from or draft.contract.row_known_from
        if column.codelist is None or day is None:
            continue
        retired, not_yet = _out_of_time(name, column, pl.col(day))
        for kind, where in (("code_retired", retired), ("code_not_yet_valid", not_yet)):
            draft.note(name, kind, where)


def _out_of_time(name: str, column: Column, day: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Say which cells hold a code after its last year, and which before its first."""
    codes = codelist(str(column.codelist)).values()
    year = day.dt.year() + (day.dt.month() >= FIRST_MONTH).cast(pl.Int32)
    last = {code.code: code.valid_to for code in codes if code.valid_to is not None}
    first = {code.code: code.valid_from for code in codes if code.valid_from is not None}
    if column.kind == "codes":
        return _any_of(name, last, lambda known: year > known), _any_of(name, first, lambda known: year < known)
    return year > _year_of(name, last), year < _year_of(name, first)


def _year_of(name: str, years: Mapping[str, int]) -> pl.Expr:
    if not years:
        return pl.lit(None, pl.Int32)
    return pl.col(name).replace_strict(years, default=None, return_dtype=pl.Int32)


def _any_of(name: str, years: Mapping[str, int], is_out: Callable[[int], pl.Expr]) -> pl.Expr:
    """Say which cells hold any such code; several codes of one cell stand between bars."""
    held = [pl.col(name).str.contains(f"|{code}|", literal=True) & is_out(year) for code, year in years.items()]
    return pl.any_horizontal(pl.lit(False), *held)
