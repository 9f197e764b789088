"""A folder of Standard Safeguarding Dataset tables, as CSV or Parquet files, with the optional `ext_` tables beside.

A file is recognised by its headers: the columns of each table have a prefix of their own. Its name is
asked only when its headers say nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from features.sources.raw import Kind, RawTables
from features.sources.text_files import UnreadableFileError, read_table_and_headers
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

PREFIXES: dict[str, str] = {
    "pers": "ssd_person",
    "fami": "ssd_family",
    "moth": "ssd_mother",
    "addr": "ssd_address",
    "disa": "ssd_disability",
    "cont": "ssd_contacts",
    "earl": "ssd_early_help_episodes",
    "cine": "ssd_cin_episodes",
    "cina": "ssd_cin_assessments",
    "cinf": "ssd_assessment_factors",
    "cinp": "ssd_cin_plans",
    "cinv": "ssd_cin_visits",
    "s47e": "ssd_s47_enquiry",
    "icpc": "ssd_initial_cp_conference",
    "cppl": "ssd_cp_plans",
    "cppr": "ssd_cp_reviews",
    "clae": "ssd_cla_episodes",
    "miss": "ssd_missing",
    "csdq": "ssd_sdq_scores",
    "immi": "ssd_immigration_status",
    "link": "ssd_linked_identifiers",
    "prof": "ssd_professionals",
    "dept": "ssd_department",
    "invo": "ssd_involvements",
    "cppv": "ssd_cp_visits",
    "clap": "ssd_cla_placement",
    "lega": "ssd_legal_status",
    "clar": "ssd_cla_reviews",
    "clav": "ssd_cla_visits",
    "lacp": "ssd_cla_care_plan",
    "lapp": "ssd_cla_previous_permanence",
    "perm": "ssd_permanence",
    "clah": "ssd_cla_health",
    "clai": "ssd_cla_immunisations",
    "clas": "ssd_cla_substance_misuse",
    "clac": "ssd_cla_convictions",
    "clea": "ssd_care_leavers",
    "senn": "ssd_sen_need",
    "scho": "ext_school_attendance",
    "serv": "ext_services",
    "fama": "ext_family_assessments",
    "famv": "ext_family_views",
    "popu": "ext_population",
}
"""The prefix of each table's columns, of the standard's tables and then of the optional `ext_` tables.

Tables of the standard that nothing here needs are not named and not read; see `features.tables.NEVER_NEEDED`.
"""

SUFFIXES = (".csv", ".txt", ".tsv", ".parquet")


def require_folder(path: Path) -> None:
    """Refuse a source that is not there, before anything slower is asked.

    Raises
    ------
    WrongUsageError
        When there is no such folder.
    """
    if not path.is_dir():
        raise WrongUsageError(
            f"There is no folder of records at {str(path)!r}.",
            hint="Give the folder that holds the SSD tables as CSV or Parquet files.",
        )


def read_folder(path: Path) -> RawTables:
    """Read every table of a folder.

    Parameters
    ----------
    path
        A folder; its own files are read, folders in it are not.

    Returns
    -------
    RawTables
        With all problems at once; what to do about them is the caller's to say.

    Raises
    ------
    WrongUsageError
        When there is no such folder.
    """
    require_folder(path)
    tables: dict[str, pl.DataFrame] = {}
    hashes: dict[str, str] = {}
    headers: dict[str, tuple[str, ...]] = {}
    unread: list[str] = []
    problems: list[str] = []
    for file in sorted(f for f in path.iterdir() if f.suffix.lower() in SUFFIXES and not f.name.startswith(".")):
        try:
            content = file.read_bytes()
            frame, written = read_table_and_headers(file, content)
        except OSError as broken:
            problems.append(f"{file.name}: the file cannot be opened ({type(broken).__name__})")
            continue
        except UnreadableFileError as broken:
            problems.append(f"{file.name}: the file does not parse: {broken}")
            continue
        table = recognise(file.stem, frame.columns)
        if table is None:
            unread.append(file.name)
        elif table in tables:
            problems.append(f"{file.name}: holds {table}, which another file of the folder holds too")
        else:
            tables[table], headers[table] = frame, written
            hashes[table] = hashlib.sha256(content).hexdigest()
    return RawTables(Kind.ssd, tables, headers=headers, hashes=hashes, unread=tuple(unread), problems=tuple(problems))


def recognise(stem: str, headers: list[str]) -> str | None:
    """Tell which table a file holds.

    Parameters
    ----------
    stem
        The file's name without its ending.
    headers
        In lower case.

    Returns
    -------
    str or None
        The table whose prefix most headers carry; else the table that the file is named as; else None.

    Examples
    --------
    >>> recognise("export (3)", ["fami_family_id", "fami_person_id", "extracted"])
    'ssd_family'
    >>> recognise("SSD_Family", ["family", "person"]), recognise("notes", ["text"])
    ('ssd_family', None)
    """
    prefixes = Counter(header.split("_", 1)[0] for header in headers if "_" in header)
    named = [(n, PREFIXES[prefix]) for prefix, n in prefixes.items() if prefix in PREFIXES]
    n_most, table = max(named, default=(0, ""))
    if 2 * n_most > len(headers):
        return table
    stem = stem.lower().removeprefix("dbo.").removeprefix("csc.")
    return stem if stem in PREFIXES.values() else None
