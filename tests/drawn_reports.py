"""Reports of drawn extracts, so that a test of `check` reads like a specification."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from features.check.report import CheckReport, check_report
from features.sources.raw import Kind, RawTables
from features.tables.load import ExaminedSource, examine_source
from features.tables.validate import examine
from tests.drawing import raw

if TYPE_CHECKING:
    from pathlib import Path

EXTRACT_DAY = date(2025, 3, 31)

REQUIRED = {
    "ssd_person": "pers_person_id",
    "ssd_contacts": "cont_contact_id",
    "ssd_cin_episodes": "cine_referral_id",
    "ssd_early_help_episodes": "earl_episode_id",
}


def examined(**drawings: str) -> ExaminedSource:
    """Examine drawn tables; those that every source must have are added empty where they are not drawn."""
    tables = raw(**{**REQUIRED, **drawings})
    return ExaminedSource(examine(tables, extract_day=EXTRACT_DAY), RawTables(Kind.ssd, tables), (Kind.ssd,))


def checked(**drawings: str) -> CheckReport:
    """Sum up drawn tables, with the key of the teams."""
    return check_report(examined(**drawings))


def report_of(**drawings: str) -> dict[str, Any]:
    """Sum up drawn tables."""
    return checked(**drawings).report


def report_of_folder(folder: Path) -> dict[str, Any]:
    """Sum up a folder of tables."""
    return check_report(examine_source(folder)).report


def people(*groups: tuple[int, str, str]) -> str:
    """Draw people: so many, the letter that their ids begin with, and the cells after their ids.

    Each has `pers_dob`, `pers_sex`, `pers_ethnicity` as the cells say.
    """
    rows = [f"{letter}{i} | {cells}" for n, letter, cells in groups for i in range(n)]
    return "\n".join(["pers_person_id | pers_dob | pers_sex | pers_ethnicity", *rows])


def contacts(*rows: tuple[str, str]) -> str:
    """Draw contacts: whose, and on which day."""
    drawn = [f"{place} | {child} | {day}" for place, (child, day) in enumerate(rows)]
    return "\n".join(["cont_contact_id | cont_person_id | cont_contact_date", *drawn])
