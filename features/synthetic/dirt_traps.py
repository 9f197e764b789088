"""The traps: for each, which cells it fits and what it makes of them, as expressions over one row.

A row carries what is needed beside its own cells: `DRAW`, a number drawn for it; `BIRTH`, its child's day of birth; and
`KNOWN`, the day of the row that it points to. Knows what columns hold from `dirt_columns`.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from features.synthetic.dirt_beside import BIRTH, DRAW, KNOWN
from features.synthetic.dirt_columns import PLACEHOLDERS, Columns, holds
from features.vocabulary.codes import codelist, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

REPEATED = "repeated_key"

# No case system of ours gives an id of nine digits.
NOBODY = "999999999"
# A mother need not stand among the persons, so that nothing says that hers is an orphan.
MAY_POINT_NOWHERE = ("moth_person_id",)
# Whose row it is may not be missing.
NEVER_EMPTY = ("_person_id", "_family_id", "_child_id")
IMPOSSIBLE_DATES = ("31/02/2021", "2022-13-45", "00/00/0000")
FAR_FUTURES = ("2099-01-01 00:00:00", "9999-12-31 00:00:00")
UNKNOWN_CODES = ("ZZ9Z", "Q7Q7")
FLAGS_AS: dict[str, dict[str, str]] = {
    "flag_in_words": {"Y": "a) Yes", "N": "b) No"},
    "flag_as_number": {"Y": "1", "N": "0"},
    "flag_as_true_false": {"Y": "true", "N": "false"},
}
CATEGORIES_AS_TEXT = {
    "NEG": "Neglect",
    "PHY": "Physical abuse",
    "SAB": "Sexual abuse",
    "EMO": "Emotional abuse",
    "MUL": "Multiple: Neglect, Emotional abuse",
}
CHINESE, CHINESE_OTHERWISE = "CHNE", ("CNHE", "ACHN")
SEX_IN_NUMBERS = {"M": "1", "F": "2", "U": "0", "I": "9"}
# Codes that took the place of an older one: special guardianship, and abuse by whom.
OLDER_CODES = {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"}
OLDER_FACTORS = {"18[BC]": "18A", "19[BC]": "19A"}
NEW_FACTOR = "24A"
FIRST_LOOKUP_ID = 4700
COMMENTS = (
    '"Mum said "he is fine", school see this otherwise"',
    '"Told "no change" by GP; call back"',
)
EXCEL_BEGINS = date(1899, 12, 30)


@dataclass(frozen=True)
class Trap:
    """One kind of trap in one column.

    Parameters
    ----------
    kind, column
        As the ledger names them.
    fits
        Which rows it can fall on.
    written
        What stands in the cell then; null, or the same as before, leaves the row as it was.
    """

    kind: str
    column: str
    fits: pl.Expr
    written: pl.Expr


def traps_of(columns: Columns) -> list[Trap]:
    """List every trap that a table has a place for, but those about its headers and about who is left out."""
    return list(chain.from_iterable(family(columns) for family in _FAMILIES))


def _one_of(options: Sequence[str]) -> pl.Expr:
    position = pl.col(DRAW) % len(options)
    return position.replace_strict(list(range(len(options))), list(options), return_dtype=pl.String)


def _said(column: str, words: Mapping[str, str]) -> pl.Expr:
    """Say some cells otherwise; null for all others."""
    if not words:
        return pl.lit(None, pl.String)
    return pl.col(column).replace_strict(dict(words), default=None, return_dtype=pl.String)


def _day(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _moved(column: str, base: str, *, days: pl.Expr) -> pl.Expr:
    """Write a day so many days from another one, with the time that stood behind the cell."""
    moved = (_day(base) + pl.duration(days=days)).dt.strftime("%Y-%m-%d")
    return moved + pl.col(column).str.slice(10)


def _first_day(year: int) -> str:
    """Give the first day of a collection year as text: 2022 began on 1 April 2021."""
    return f"{year - 1}-04-01"


def _dates(columns: Columns) -> Iterator[Trap]:
    for name in columns.dates:
        day = _day(name)
        times = (" 00:00", " 00:00:00", " 09:30")
        writings = {
            "date_day_first": day.dt.strftime("%d/%m/%Y"),
            "date_day_first_with_time": day.dt.strftime("%d/%m/%Y") + _one_of(times),
            "date_without_time": pl.col(name).str.slice(0, 10),
            "date_excel_serial": (day - pl.lit(EXCEL_BEGINS)).dt.total_days().cast(pl.String),
            "unparsable_date": _one_of(IMPOSSIBLE_DATES),
            "date_after_extract": _one_of(FAR_FUTURES),
        }
        yield from (Trap(kind, name, holds(name), written) for kind, written in writings.items())


def _order_of_days(columns: Columns) -> Iterator[Trap]:
    """Give days in the wrong order: an end before its start, an event more than a year before birth."""
    if columns.span is not None:
        start, end = columns.span
        yield Trap("end_before_start", end, holds(start) & holds(end), _moved(end, start, days=-1 - pl.col(DRAW) % 400))
    if columns.event is not None and columns.persons:
        early = _moved(columns.event, BIRTH, days=-400 - pl.col(DRAW) % 3000)
        yield Trap("date_before_birth", columns.event, holds(columns.event) & pl.col(BIRTH).is_not_null(), early)
    if "pers_dob" in columns.dates and "pers_expected_dob" in columns.names:
        expected = (_day("pers_dob") + pl.duration(days=pl.col(DRAW) % 29 - 14)).dt.strftime("%Y-%m-%d 00:00:00")
        is_child = pl.col("pers_is_mother").ne_missing("Y") if "pers_is_mother" in columns.names else pl.lit(True)
        born = is_child & holds("pers_dob") & ~holds("pers_expected_dob").fill_null(False)
        yield Trap("born_and_unborn", "pers_expected_dob", born, expected)


def _flags(columns: Columns) -> Iterator[Trap]:
    for name in columns.flags:
        yield from (
            Trap(kind, name, pl.col(name).is_in(list(words)), _said(name, words)) for kind, words in FLAGS_AS.items()
        )


def _codes(columns: Columns) -> Iterator[Trap]:
    for name, listed in columns.codes.items():
        meanings = [
            (code, stated.meaning[:1].upper() + stated.meaning[1:]) for code, stated in codelist(listed).items()
        ]
        letters = [string.ascii_lowercase[position % 26] for position in range(len(meanings))]
        prefixed = [
            {code: f"{letter}) {code}" for letter, (code, _) in zip(letters, meanings, strict=True)},
            {code: f"{letter}) {code}: {said}" for letter, (code, said) in zip(letters, meanings, strict=True)},
            {code: f"{code} - {said}" for code, said in meanings},
        ]
        which = pl.col(DRAW) % len(prefixed)
        written = pl.coalesce(pl.when(which == k).then(_said(name, words)) for k, words in enumerate(prefixed))
        yield Trap("code_prefixed", name, holds(name), written)
        yield Trap("unknown_code", name, holds(name), _one_of(UNKNOWN_CODES))
        yield from _codes_said_otherwise(name, listed)


def _codes_said_otherwise(name: str, listed: str) -> Iterator[Trap]:
    """Write the codes of some lists as case systems did before, or do instead."""
    words: dict[str, Mapping[str, str]] = {}
    if name.endswith("_category") and listed == "cp_category":
        words["category_as_text"] = CATEGORIES_AS_TEXT
    if name.endswith("_sex"):
        words["sex_in_numbers"] = SEX_IN_NUMBERS
    if listed in ("ethnicity", "disability"):
        words["code_cut"] = _cut(listed)
    for kind, said in words.items():
        yield Trap(kind, name, pl.col(name).is_in(list(said)), _said(name, said))
    if listed == "ethnicity":
        yield Trap("chinese_otherwise", name, pl.col(name) == CHINESE, _one_of(CHINESE_OTHERWISE))


def _cut(listed: str) -> dict[str, str]:
    """Cut local words for codes to 4 characters, but those that are a known code then."""
    known = spellings(listed)
    words = {code: said for said, code in reversed(list(known.items())) if len(said) > 4}
    return {code: cut for code, said in words.items() if (cut := said[:4].strip()) not in known}


def _lookups(columns: Columns) -> Iterator[Trap]:
    """Put a number of the case system's own where only a description beside it tells the code."""
    for name, listed in columns.codes.items():
        described = f"{name.removesuffix('_code')}_desc"
        if name.endswith("_code") and described in columns.filled:
            numbers = {code: f"{FIRST_LOOKUP_ID + k}" for k, code in enumerate(codelist(listed))}
            yield Trap("code_as_lookup_id", name, holds(name) & holds(described), _said(name, numbers))


def _retired_codes(columns: Columns) -> Iterator[Trap]:
    """Write why care ended in codes that were no longer in use on the day."""
    for name, listed in columns.codes.items():
        day = f"{name.removesuffix('_reason')}_date"
        if listed == "cla_reason_episode_ceased" and day in columns.dates:
            after = pl.col(day) >= _first_day((codelist(listed)["E43"].valid_to or 0) + 1)
            yield Trap("code_retired", name, pl.col(name).is_in(list(OLDER_CODES)) & after, _said(name, OLDER_CODES))


def _factors_out_of_time(columns: Columns) -> Iterator[Trap]:
    """Write factors that were no longer, or not yet, in use on the day of the assessment."""
    factors = codelist("assessment_factor")
    after = pl.col(KNOWN) >= _first_day((factors["18A"].valid_to or 0) + 1)
    before = pl.col(KNOWN) < _first_day(factors[NEW_FACTOR].valid_from or 0)
    for name in (name for name in columns.arrays if "_factor" in name):
        older = pl.col(name)
        for newer, old in OLDER_FACTORS.items():
            older = older.str.replace_all(f'"{newer}"', f'"{old}"')
            older = older.str.replace_all(f'"{old}", "{old}"', f'"{old}"', literal=True)
        yield Trap("code_retired", name, pl.col(name).str.contains('"1[89][BC]"') & after, older)
        is_new = before & pl.col(name).str.ends_with('"]') & ~pl.col(name).str.contains(NEW_FACTOR, literal=True)
        newest = pl.col(name).str.replace('"]', f'", "{NEW_FACTOR}"]', literal=True)
        yield Trap("code_not_yet_valid", name, is_new, newest)


def _shapes(columns: Columns) -> Iterator[Trap]:
    """Write JSON in its other shapes, and break it by a comment with quotation marks in it."""
    for name in columns.arrays:
        flags = pl.col(name).str.replace_all(r'"(\w+)"', '"${1}": "Yes"')
        flags = flags.str.replace(r"^\[", "{").str.replace(r"\]$", "}")
        pairs = pl.col(name).str.replace_all(r'"(\w+)"', '{"key": "${1}", "val": "Yes"}')
        yield Trap("factors_as_flags", name, holds(name), flags)
        yield Trap("factors_as_pairs", name, holds(name), pairs)
    for name in columns.outcomes:
        glued = pl.col(name).str.replace(r"\}$", ', "COMMENTS": ') + _one_of(COMMENTS) + pl.lit("}")
        yield Trap("outcome_broken_by_comment", name, holds(name), glued)


def _ids(columns: Columns) -> Iterator[Trap]:
    for name in columns.links:
        if name not in MAY_POINT_NOWHERE:
            yield Trap("orphan", name, holds(name), pl.lit(NOBODY))
        zeros = pl.col(name).str.contains(r"^0+[1-9]\d*$")
        yield Trap("zeros_lost", name, zeros, pl.col(name).str.strip_chars_start("0"))


def _repeats(columns: Columns) -> Iterator[Trap]:
    """Repeat a row; nothing is written in a cell."""
    yield Trap(REPEATED, columns.key, pl.col(columns.key).is_not_null(), pl.lit(None, pl.String))


def _placeholders(columns: Columns) -> Iterator[Trap]:
    for name in columns.filled:
        if not name.endswith(NEVER_EMPTY):
            yield Trap("placeholder", name, holds(name), _one_of(PLACEHOLDERS))


_FAMILIES: tuple[Callable[[Columns], Iterator[Trap]], ...] = (
    _dates,
    _order_of_days,
    _flags,
    _codes,
    _lookups,
    _retired_codes,
    _factors_out_of_time,
    _shapes,
    _ids,
    _placeholders,
    _repeats,
)
