"""What a data manager reads of an extract, as one dictionary: what it holds, what is wrong with it and what to mend.

Counts, months and our own words only: never a cell, a name or an id. A count that would speak of fewer than five
children is withheld.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.check.characteristics import missing_characteristics
from features.check.completeness import completeness
from features.check.coverage import absent_tables, table_entry, who_is_there
from features.check.delay import recording_delay
from features.check.early_help import early_help_hints
from features.check.effects import effects
from features.check.events import events_of, history
from features.check.file_names import unread_files, without_file_names
from features.check.found import findings_by_kind, findings_by_place
from features.check.kinds_of_source import in_words, with_names
from features.check.mending import MOST_NAMED, worth_mending
from features.check.years import has_last_day
from features.sources.raw import Kind
from features.tables import CONTRACTS, NEVER_NEEDED

if TYPE_CHECKING:
    import polars as pl

    from features.tables.load import ExaminedSource
    from features.tables.records import Records

SCHEMA_VERSION = 2

# A year to look back over and a year to see what came: with less, nothing can be learnt.
TRAINING_YEARS = 2.0

# With more than a twentieth of a table set aside, what is counted from it is no longer what happened.
MOST_SET_ASIDE = 0.05


@dataclass(frozen=True)
class CheckReport:
    """The report, fit for anybody in the authority; and the key of its team numbers, for the quarantine alone."""

    report: dict[str, Any]
    team_key: pl.DataFrame


def check_report(source: ExaminedSource) -> CheckReport:
    """Sum up an extract.

    Parameters
    ----------
    source
        What was read of it.

    Returns
    -------
    CheckReport
        Its `report` holds no comparison yet. It is fit for JSON, in a fixed order and without a clock: the same extract
        gives the same report.
    """
    examined, raw = source.examined, source.raw
    records = examined.records
    problems = problems_in_words(source)
    has_day = has_last_day(records)
    events = [events_of(records, name) for name in CONTRACTS if name in records.rows_read]
    missing = missing_characteristics(records, has_day=has_day)
    sections: dict[str, Any] = {
        "problems": list(problems),
        "beyond": list(examined.beyond),
        "cannot_give": with_names(raw.cannot_give),
        "told": with_names(raw.told),
        "tables": [table_entry(records, one) for one in events],
        "absent_tables": absent_tables(records.rows_read, raw.can_hold),
        "never_needed": dict(NEVER_NEEDED),
        "unread_files": unread_files(raw.unread),
        "history": history(events if has_day else [], records.extract_day),
        "people": who_is_there(records),
        "early_help_hints": early_help_hints(records),
        "findings_by_kind": findings_by_kind(examined),
        "findings": findings_by_place(examined),
        "completeness": completeness(records) if has_day else [],
        "recording_delay": recording_delay(records) if has_day else [],
        "characteristics": missing.report,
        "comparison": None,
    }
    sections["effects"] = _effects(records, sections)
    verdict = verdict_of(sections)
    begin = {
        "schema_version": SCHEMA_VERSION,
        "source": {"kinds": [kind.value for kind in source.kinds], "in_words": in_words(source.kinds)},
        "usable": not (problems or examined.beyond),
        "verdict": verdict,
        "extract_day": records.extract_day.isoformat() if has_day else None,
        "worth_mending": worth_mending(examined, report=sections, has_every_column=_has_every_column(source)),
    }
    return CheckReport({**begin, **sections}, missing.team_key)


def problems_in_words(source: ExaminedSource) -> tuple[str, ...]:
    """Say every problem of a source without the name of a file that is not named as a table."""
    n_of_readers, problems = len(source.raw.problems), source.examined.problems
    return (*without_file_names(problems[:n_of_readers]), *problems[n_of_readers:])


def _effects(records: Records, sections: dict[str, Any]) -> list[dict[str, Any]]:
    empty = [(entry["table"], entry["column"]) for entry in sections["completeness"] if entry["is_empty"]]
    return effects(records, empty_columns=empty, tables=sections["tables"])


def _has_every_column(source: ExaminedSource) -> bool:
    """Whether the source has a place for every column, so that an empty one is a gap and not the format's way."""
    return set(source.kinds) <= {Kind.ssd, Kind.database}


def verdict_of(sections: dict[str, Any]) -> str:
    """Say in a sentence what the records will do for."""
    problems, years = sections["problems"], sections["history"]["years"]
    if problems:
        n = len(problems)
        return f"These records cannot be used yet: {n} thing{'s stand' if n > 1 else ' stands'} in the way."
    if sections["beyond"]:
        return "These records can be checked; for scoring and training this kind of source holds too little by itself."
    if too_few := _tables_with_too_few(sections["tables"]):
        return f"Too many rows were set aside to train on, or to trust a score: mend {', '.join(too_few)} first."
    if years is not None and years < TRAINING_YEARS:
        return "These records will do for scoring; for training they go back less than two years, which is too little."
    return "These records will do for scoring and for training."


def _tables_with_too_few(tables: list[dict[str, Any]]) -> list[str]:
    """Name the tables that lost more rows than can be borne, worst first."""
    shares = {t["table"]: t["rows_set_aside"] / t["rows_read"] for t in tables if t["rows_read"]}
    lost = [table for table, share in shares.items() if share > MOST_SET_ASIDE]
    return sorted(lost, key=lambda table: -shares[table])[:MOST_NAMED]
