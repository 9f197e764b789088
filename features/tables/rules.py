"""What cannot be used, and why: the rules that take cells out of a table, each with one reason, never in silence.

The rules know contracts, not tables.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from features.tables.draft import PERSON, PERSON_ID, RECORDED_ON, owner_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.tables.draft import Draft

# A pregnancy lasts about 280 days; nothing can have happened to an unborn child before it.
DAYS_BEFORE_BIRTH = 280

# Databases write 1 January 1900 for "no date"; nobody in the records was born before the year after it.
EARLIEST = date(1901, 1, 1)

# Reviews are planned half a year ahead, births less; what is planned later was typed wrong.
LATEST_PLANNED = timedelta(days=2 * 365)

# Where ids have leading zeros they have one length; a few differ, being typed by hand.
OF_ONE_LENGTH = 0.9


class Settled:
    """The tables that were settled so far; what is asked of them several times is worked out once.

    Parameters
    ----------
    drafts
        Every table, as it was read.
    accepted
        The accepted rows of those that are settled; grows while tables are settled.
    """

    def __init__(self, drafts: Mapping[str, Draft], accepted: Mapping[str, pl.DataFrame]) -> None:
        self.drafts, self.accepted = drafts, accepted
        self._known: dict[str, pl.Series] = {}
        self._lengths: dict[str, int] = {}

    def ids(self, references: str) -> pl.Series:
        """Give what stands in a `table.column`, accepted or not."""
        table, _, column = references.partition(".")
        return self.drafts[table].frame[column].drop_nulls().unique()

    def accepted_ids(self, references: str) -> pl.Series:
        """Give what stands in the accepted rows of a `table.column`."""
        if references not in self._known:
            table, _, column = references.partition(".")
            self._known[references] = self.accepted[table][column].drop_nulls().unique()
        return self._known[references]

    def length(self, references: str) -> int:
        """Give the one length of the ids of a `table.column` that has zeros in front; 0 where there is none."""
        if references not in self._lengths:
            self._lengths[references] = _length_with_zeros(self.accepted_ids(references))
        return self._lengths[references]


def refuse_implausible_days(draft: Draft, *, extract_day: date) -> None:
    """Take out days too long ago and days after the extract; planned days may lie ahead, for two years.

    So may the day on which a row was entered, of an extract that is read as of an earlier day.
    """
    for name, column in draft.columns.items():
        if column.kind != "date":
            continue
        draft.refuse(name, "implausible_date", pl.col(name) < EARLIEST)
        if column.is_planned and extract_day < date.max - LATEST_PLANNED:
            draft.refuse(name, "date_after_extract", pl.col(name) > extract_day + LATEST_PLANNED)
        elif not (column.is_planned or column.is_derived):
            draft.refuse(name, "date_after_extract", pl.col(name) > extract_day)
    if RECORDED_ON in draft.frame.columns and extract_day < date.max - LATEST_PLANNED:
        draft.refuse(RECORDED_ON, "implausible_date", pl.col(RECORDED_ON) < EARLIEST)
        draft.refuse(RECORDED_ON, "date_after_extract", pl.col(RECORDED_ON) > extract_day + LATEST_PLANNED)


def refuse_ends_before_starts(draft: Draft) -> None:
    """Take out an end that lies before its start; the span is then one without a known end."""
    for name, column in draft.columns.items():
        if column.not_before is not None:
            draft.refuse(name, "end_before_start", pl.col(name) < pl.col(column.not_before))


def note_instead_of(draft: Draft) -> None:
    """Note what should stand only where another column is empty: a child who is born has no expected day."""
    for name, column in draft.columns.items():
        if column.instead_of is not None:
            draft.note(name, "born_and_unborn", pl.col(name).is_not_null() & pl.col(column.instead_of).is_not_null())


def refuse_ids_without_zeros(draft: Draft) -> None:
    """Take out ids that lost their leading zeros and point to nothing that could be looked up.

    Where ids of a column have zeros in front, all have one length; a shorter number is another id cut short.
    """
    for name, column in draft.columns.items():
        is_checked = column.references is not None or column.may_be_missing or name == _key(draft)
        if column.kind != "id" or is_checked or draft.frame.is_empty():
            continue
        length = _length_with_zeros(draft.frame[name])
        if length:
            is_short = pl.col(name).str.contains(r"^[1-9]\d*$") & (pl.col(name).str.len_chars() < length)
            draft.refuse(name, "zeros_lost", is_short)


def _key(draft: Draft) -> str | None:
    return next((name for name, column in draft.contract.to_schema().columns.items() if column.unique), None)


def _length_with_zeros(ids: pl.Series) -> int:
    """Give the one length of ids that have zeros in front; 0 where they have none, or several lengths."""
    lengths = ids.drop_nulls().str.len_chars()
    if lengths.is_empty() or not ids.str.starts_with("0").any():
        return 0
    usual = int(lengths.mode().sort()[0])
    return usual if (lengths == usual).mean() >= OF_ONE_LENGTH else 0  # type: ignore[operator]  # a share


def refuse_orphans(draft: Draft, settled: Settled, *, left_out: pl.Series) -> None:
    """Take out what points to a row that is not among the accepted ones; an absent table cannot be checked.

    Parameters
    ----------
    draft
        The table.
    settled
        The tables settled so far.
    left_out
        Ids of children with early help alone who are not in `ssd_person`; see `features.tables.left_out`.
    """
    for name, column in draft.columns.items():
        if column.references is None or column.references.partition(".")[0] not in settled.accepted:
            continue
        unknown = _unknown(draft, name, settled.accepted_ids(column.references))
        if unknown.is_empty():
            continue
        _refuse_without_zeros(draft, name, unknown, settled=settled)
        if column.references == PERSON_ID:
            _refuse_any(draft, name, "early_help_child_left_out", unknown.filter(unknown.is_in(left_out.implode())))
        _refuse_any(draft, name, "orphan", unknown)


def _unknown(draft: Draft, name: str, known: pl.Series) -> pl.Series:
    """Give the few distinct ids of a column that are not among the known ones."""
    distinct = draft.frame.lazy().select(pl.col(name).alias("id")).drop_nulls().unique()
    return distinct.join(known.alias("id").to_frame().lazy(), on="id", how="anti").collect()["id"]


def _refuse_any(draft: Draft, name: str, kind: str, ids: pl.Series) -> None:
    if not ids.is_empty():
        draft.refuse(name, kind, pl.col(name).is_in(ids.implode()))


def _refuse_without_zeros(draft: Draft, name: str, unknown: pl.Series, *, settled: Settled) -> None:
    """Take out ids that are nobody's and would be somebody's with zeros in front."""
    references = str(draft.columns[name].references)
    numbers = unknown.filter(unknown.str.contains(r"^[1-9]\d*$"))
    length = settled.length(references) if len(numbers) else 0
    if length:
        padded = numbers.str.pad_start(length, "0")
        known = settled.ids(references)
        # Whichever set is small is the one to look up in.
        somebodys = known.filter(known.is_in(pl.concat([numbers, padded]).implode())).implode()
        _refuse_any(draft, name, "zeros_lost", numbers.filter(~numbers.is_in(somebodys) & padded.is_in(somebodys)))


def later_references(draft: Draft, order: Sequence[str]) -> dict[str, str]:
    """Give the columns that point to a table settled after their own, as where two tables point to each other.

    Returns
    -------
    dict of str to str
        Column and `table.column`.
    """
    later = order[order.index(draft.contract.table) + 1 :]
    stated = {name: column.references for name, column in draft.columns.items() if column.references is not None}
    return {name: references for name, references in stated.items() if references.partition(".")[0] in later}


def refuse_later_orphans(draft: Draft, settled: Settled) -> None:
    """Take out cells that point to a row of a later table that is not among the accepted ones."""
    for name, references in later_references(draft, list(settled.accepted)).items():
        unknown = _unknown(draft, name, settled.accepted_ids(references))
        _refuse_without_zeros(draft, name, unknown, settled=settled)
        _refuse_any(draft, name, "orphan", unknown)


def refuse_before_birth(draft: Draft, people: pl.DataFrame) -> None:
    """Take out a beginning more than a pregnancy before its child's birth, or expected birth; note one after its death.

    A row begins on its event's day and on the day that its end may not precede, which can be two days.
    """
    whose, begins = owner_column(draft.contract), _beginnings(draft)
    if whose is None or not begins or draft.contract.table == PERSON:
        return
    lives = people.select(
        pl.col("pers_person_id").alias(whose),
        pl.coalesce("pers_dob", "pers_expected_dob").alias("__birth"),
        pl.col("pers_death_date").alias("__death"),
    )
    draft.frame = draft.frame.join(lives, on=whose, how="left", maintain_order="left")
    earliest = pl.col("__birth") - pl.duration(days=DAYS_BEFORE_BIRTH)
    for begin in begins:
        draft.refuse(begin, "date_before_birth", pl.col(begin) < earliest)
        draft.note(begin, "date_after_death", pl.col(begin) > pl.col("__death"))
    draft.frame = draft.frame.drop("__birth", "__death")


def _beginnings(draft: Draft) -> list[str]:
    starts = {column.not_before for column in draft.columns.values()}
    return [name for name in draft.columns if name == draft.contract.row_known_from or name in starts]
