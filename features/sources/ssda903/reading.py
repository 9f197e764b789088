"""An SSDA903 set: the CSV files that an authority in England returns each year about looked-after children.

Path: `files` says what each file holds and what it gives; `care_episodes` finds periods of care, placements and
legal statuses; here a file is recognised, what the return leaves to be understood is prepared, and rows are taken.
Files arrive read, as text; cells stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.care_episodes import care_tables, numbered
from features.sources.raw import Kind, RawTables
from features.sources.ssda903.answers import prepared
from features.sources.ssda903.children import gather_children
from features.sources.ssda903.files import CAN_HOLD, CANNOT_GIVE, CHILD, EPISODES, FILES, GIVES, Gives
from features.sources.ssda903.year import last_day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["from_903", "recognise_903"]

Files = dict[str, pl.DataFrame]


def recognise_903(headers: list[str]) -> str | None:
    """Tell which file of the set a file is, by its headers alone.

    Parameters
    ----------
    headers
        In lower case.

    Returns
    -------
    str or None
        The file's name in the set. None unless a header is the file's own and either the child's id stands beside it
        with one more of the file's headers, or the file's headers are at least half of all.

    Examples
    --------
    >>> recognise_903(["child", "dob", "review", "review_code"])
    'reviews'
    >>> recognise_903(["child", "gender", "dob", "ethnic", "la"])
    'header'
    >>> recognise_903(["clae_person_id", "review", "stars"]) is None
    True
    """
    given = set(headers)
    found = [(len(file.own & given), len(file.columns & given), name) for name, file in FILES.items()]
    n_own, n_known, name = max(found)
    is_enough = (CHILD in given and n_known > 2) or 2 * n_known >= len(given)
    return name if n_own and is_enough else None


def from_903(files: Mapping[str, pl.DataFrame]) -> RawTables:
    """Turn a set into tables of the standard.

    Parameters
    ----------
    files
        By file name; all String, headers in lower case.

    Returns
    -------
    RawTables
        A file that the set lacks leaves its tables out. The return does not say its year: it is told from the days.
    """
    problems: list[str] = []
    held = {kind: _with_every_column(kind, frame) for kind, frame in _sorted_out(files, problems)}
    if not held and not problems:
        problems.append("no file of an SSDA903 set was recognised among these files by its headers")
    year = last_day_of(held)
    told = list(year.told)
    episodes = _numbered_episodes(held)
    tables = gather_children(held, told)
    if episodes is not None:
        tables |= care_tables(episodes)
    answers = prepared(held, episodes, year=year, told=told)
    tables |= _rows_given(answers)
    return RawTables(
        Kind.ssda903,
        tables,
        unread=tuple(name for name, frame in files.items() if recognise_903(frame.columns) is None),
        problems=tuple(problems),
        can_hold=CAN_HOLD,
        cannot_give=CANNOT_GIVE,
        told=tuple(told),
        extract_day=year.extract_day,
    )


def _sorted_out(files: Mapping[str, pl.DataFrame], problems: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give each file that can be used, by its name in the set; say of the others why not."""
    taken: set[str] = set()
    for name, frame in files.items():
        kind = recognise_903(frame.columns)
        if kind is None:
            continue
        lacking = [column for column in (CHILD, *FILES[kind].needed) if column not in frame.columns]
        problems += [f"{name}: the column {column.upper()} is missing; `{kind}` always needs it" for column in lacking]
        if kind in taken:
            problems.append(f"{name}: holds `{kind}`, which another file of the set holds too")
        elif not lacking:
            yield kind, frame
        taken.add(kind)


def _with_every_column(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a file every column that it had in any year, missing where this one lacks it; ids without blanks around."""
    lacking = [pl.lit(None, pl.String).alias(name) for name in sorted(FILES[kind].columns) if name not in frame.columns]
    return frame.with_columns(*lacking, pl.col(CHILD).str.strip_chars())


def _numbered_episodes(held: Files) -> pl.DataFrame | None:
    if "episodes" not in held:
        return None
    return numbered(held["episodes"].select(pl.col(theirs).alias(ours) for ours, theirs in EPISODES.items()))


def _rows_given(answers: Files) -> Files:
    found: dict[str, list[pl.DataFrame]] = {}
    for gives in (gives for gives in GIVES if gives.file in answers):
        found.setdefault(gives.table, []).append(_given(answers[gives.file], gives))
    return {table: pl.concat(frames) for table, frames in found.items()}


def _given(frame: pl.DataFrame, gives: Gives) -> pl.DataFrame:
    """Take a file's rows as a table's; keys count a child's rows in the order of the file."""
    rows = frame
    if gives.where:
        rows = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in gives.where))
    columns = [pl.col(theirs).alias(ours) for ours, theirs in gives.columns.items()]
    if gives.key is not None:
        name, letter = gives.key
        count = pl.int_range(1, pl.len() + 1).over(CHILD)
        columns.append(pl.format("{}-{}{}", pl.col(CHILD).fill_null(""), pl.lit(letter), count).alias(name))
    return rows.select(
        pl.col(CHILD).alias(gives.person),
        *columns,
        *(pl.lit(value).alias(name) for name, value in gives.always.items()),
    )
