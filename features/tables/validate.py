"""From raw tables of text to validated records, or to every reason why they cannot be used.

Coercion comes first and never fails; then the rules set aside what cannot be used; then pandera holds the outcome
against the contract. A contract that does not hold after that is a fault of ours, said without any value.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandera.errors
import polars as pl

from features.tables import ALWAYS_NEEDED, CONTRACTS, ONE_OF_NEEDED, READ_WHOLE
from features.tables.attach import attach
from features.tables.code_years import note_codes_out_of_time
from features.tables.coerce import Read, read_by_description, read_column, without_headers
from features.tables.contract import Column, columns_of
from features.tables.draft import PERSON, RECORDED_ON, ROW, Draft
from features.tables.extract import last_plausible_day
from features.tables.headers import header_lines
from features.tables.left_out import early_help_children_left_out
from features.tables.records import FINDINGS_SCHEMA, SET_ASIDE_SCHEMA, Records
from features.tables.rules import (
    Settled,
    later_references,
    note_instead_of,
    refuse_before_birth,
    refuse_ends_before_starts,
    refuse_ids_without_zeros,
    refuse_implausible_days,
    refuse_later_orphans,
    refuse_orphans,
)
from features.tables.settle import name_children, owners_of, settle, table_line
from features.vocabulary.errors import UnusableRecordsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from features.tables.contract import Contract

_RECORDED = Column(kind="date", reason="the day on which the row was entered, where a source says so")
HINT = "Ask whoever made the extract for what is missing; `earlyhelp check SOURCE` lists it again after a change."


@dataclass(frozen=True)
class Examination:
    """Records as far as they can be read, and why they cannot be used.

    Parameters
    ----------
    records
        The tables that could be read; not to be used while there are problems.
    problems
        In words, each with its table; empty when the records can be used. Never a value.
    findings
        Everything that was found, of whatever severity; schema `FINDINGS_SCHEMA`.
    beyond
        What the kind of source has no place for though scoring and training need it, in words.
    """

    records: Records
    problems: tuple[str, ...]
    findings: pl.DataFrame
    beyond: tuple[str, ...] = ()


def validate(
    raw: Mapping[str, pl.DataFrame],
    *,
    extract_day: date | None = None,
    hashes: Mapping[str, str] | None = None,
) -> Records:
    """Turn raw tables into validated records.

    Parameters
    ----------
    raw
        Tables of text by name, headers in lower case. Tables without a contract are left out.
    extract_day
        The last day that the records speak of; when not given, see `last_plausible_day`.
    hashes
        SHA-256 of each source file, by table.

    Returns
    -------
    Records
        Every row read stands in a table or is set aside with its reason.

    Raises
    ------
    UnusableRecordsError
        When a table or a column that is needed is missing, or no row has a date; all such problems at once.
    """
    examined = examine(raw, extract_day=extract_day, hashes=hashes)
    raise_if_unusable(examined.problems)
    return examined.records


def raise_if_unusable(problems: tuple[str, ...]) -> None:
    """Say all problems at once.

    Raises
    ------
    UnusableRecordsError
        When there is any.
    """
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise UnusableRecordsError(f"The records cannot be used, for {len(problems)} reason(s):\n{listed}", hint=HINT)


def examine(
    raw: Mapping[str, pl.DataFrame],
    *,
    extract_day: date | None = None,
    hashes: Mapping[str, str] | None = None,
    headers: Mapping[str, tuple[str, ...]] | None = None,
    can_hold: frozenset[str] | None = None,
) -> Examination:
    """Read as much as can be read and collect every problem; see `validate`.

    Parameters
    ----------
    raw, extract_day, hashes
        As for `validate`.
    headers
        The source's own headers, by table, where their case and order are worth a note.
    can_hold
        The tables that the kind of source has a place for. None: all.

    Returns
    -------
    Examination
        Never raises for what the data hold.
    """
    known = {name: raw[name] for name in CONTRACTS if name in raw}
    lacking = {name: _lacking_columns(name, frame) for name, frame in known.items()}
    unread = [name for name in known if lacking[name] and name not in READ_WHOLE]
    known = {name: frame for name, frame in known.items() if name not in unread}
    drafts = _drafts({name: frame for name, frame in known.items() if not lacking[name]})
    day = extract_day or last_plausible_day(drafts)
    lacking_tables = dict(_lacking_tables(known))
    beyond = {table for table in lacking_tables if can_hold is not None and not can_hold.intersection(table.split())}
    problems = [said for table, said in lacking_tables.items() if table not in beyond]
    problems += [
        f"{table}.{column}: the column is missing; it is always needed" for table in known for column in lacking[table]
    ]
    if day is None and not problems:
        problems.append("no table has a row with a date: the last day of the records cannot be told")
    tables, found = _settle_all(drafts, day or date.max)
    left_unread = [
        table_line(name, "column_missing", n=raw[name].height, column=column)
        for name in unread
        for column in lacking[name]
    ]
    findings = pl.concat([found, *left_unread, *header_lines(headers or {})])
    is_aside = pl.col("severity") == "sets_aside"
    records = Records(
        tables=tables,
        set_aside=findings.filter(is_aside).select(SET_ASIDE_SCHEMA.keys()),
        rows_read={name: frame.height for name, frame in known.items()},
        extract_day=day or date.max,
        content_hashes=dict(hashes or {}),
    )
    return Examination(records, tuple(problems), findings, tuple(lacking_tables[table] for table in sorted(beyond)))


def _lacking_tables(known: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str]]:
    """Give the tables that are needed and missing, and what to say of it."""
    for name in ALWAYS_NEEDED:
        if name not in known:
            yield name, f"{name}: the table is missing; it is always needed"
    if not any(name in known for name in ONE_OF_NEEDED):
        yield " ".join(ONE_OF_NEEDED), f"{' and '.join(ONE_OF_NEEDED)}: both tables are missing; at least one is needed"


def _lacking_columns(name: str, frame: pl.DataFrame) -> list[str]:
    stated = columns_of(CONTRACTS[name])
    return [name for name, column in stated.items() if column.is_required and name not in frame.columns]


def _drafts(raw: Mapping[str, pl.DataFrame]) -> dict[str, Draft]:
    """Coerce every table, several at a time: a small table leaves cores idle that a large one could use."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(raw, pool.map(lambda name: _draft(CONTRACTS[name], raw[name]), raw), strict=True))


def _draft(contract: type[Contract], raw: pl.DataFrame) -> Draft:
    """Coerce every column of a table; the caller's frame is not changed."""
    rows = pl.int_range(1, raw.height + 1, dtype=pl.Int64, eager=True).alias(ROW)
    draft = Draft(contract, rows.to_frame())
    stated = dict(draft.columns)
    if RECORDED_ON in raw.columns:
        stated[RECORDED_ON] = _RECORDED
    reads = {name: _read(raw, name, column) for name, column in stated.items()}
    draft.frame = draft.frame.with_columns(read.values.alias(name) for name, read in reads.items())
    draft.found = [_found(name, read) for name, read in reads.items() if not read.found.is_empty()]
    return draft


def _found(name: str, read: Read) -> pl.DataFrame:
    row = pl.col("place").cast(pl.Int64) + 1
    return read.found.select(row.alias(ROW), pl.lit(name).alias("column"), "kind", "refused")


def _read(raw: pl.DataFrame, name: str, column: Column) -> Read:
    """Read one column; a code that is a local number is looked for in its description."""
    text = _text(raw, name, column)
    read = read_column(text, column)
    if column.kind == "id" and not column.may_be_missing:
        return without_headers(read, name)
    if column.described_by not in raw.columns:
        return read
    described = read_column(_text(raw, str(column.described_by), column), column)
    return read_by_description(read, described, text)


def _text(raw: pl.DataFrame, name: str, column: Column) -> pl.Series:
    """Give a column's text; one that the source lacks is all missing, and row numbers are made for a lacking key."""
    if name in raw.columns and not column.is_derived:
        return raw[name].cast(pl.String)
    if not column.may_be_missing and not column.is_derived:
        return pl.int_range(1, raw.height + 1, eager=True).cast(pl.String)
    return pl.repeat(None, raw.height, dtype=pl.String, eager=True)


def _settle_all(drafts: Mapping[str, Draft], day: date) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Apply every rule, table by table, each after the tables that it refers to."""
    left_out = early_help_children_left_out(drafts)
    accepted: dict[str, pl.DataFrame] = {}
    settled = Settled(drafts, accepted)
    findings = [pl.DataFrame(schema=FINDINGS_SCHEMA)]
    for name, draft in drafts.items():
        n_read = draft.frame.height
        refuse_implausible_days(draft, extract_day=day)
        attach(draft, accepted)
        owners = owners_of(draft)
        refuse_ends_before_starts(draft)
        note_instead_of(draft)
        refuse_ids_without_zeros(draft)
        refuse_orphans(draft, settled, left_out=left_out)
        if PERSON in accepted:
            refuse_before_birth(draft, accepted[PERSON])
        note_codes_out_of_time(draft)
        accepted[name], lines = settle(draft)
        n_rows_aside = lines.filter(pl.col("column").is_null() & (pl.col("severity") == "sets_aside")).height
        assert accepted[name].height + n_rows_aside == n_read, "every row read is accepted or set aside"
        findings.append(name_children(lines, owners))
    for name in [name for name in accepted if later_references(drafts[name], list(accepted))]:
        again = Draft(drafts[name].contract, accepted[name])
        refuse_later_orphans(again, settled)
        accepted[name], lines = settle(again)
        findings.append(name_children(lines, owners_of(again)))
    finished = {name: _finish(drafts[name], frame) for name, frame in accepted.items()}
    return finished, pl.concat(findings)


def _finish(draft: Draft, frame: pl.DataFrame) -> pl.DataFrame:
    """Let pandera hold the contract, drop the row numbers and add each date's day number."""
    if not frame.is_empty():  # most tables of a small drawing are, and pandera takes as long over them
        _hold_contract(draft.contract, frame)
    kept = [name for name in frame.columns if name != ROW]
    days = [
        pl.col(name).to_physical().cast(pl.Int32).alias(f"{name}_day") for name in kept if frame.schema[name] == pl.Date
    ]
    return frame.select(*kept, *days)


def _hold_contract(contract: type[Contract], frame: pl.DataFrame) -> None:
    """Check types, keys and missing values once more, by a means that is not ours."""
    try:
        contract.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as broken:
        # pandera's own message repeats cells, so only its counts are said.
        failed = sorted({f"{e.schema.name}: {e.reason_code}" for e in broken.schema_errors})
        raise AssertionError(f"{contract.table} breaks its contract: {failed}") from None
