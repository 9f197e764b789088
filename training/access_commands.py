"""The command about access to help: reads what it is given, and calls the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.tables.load import load_records
from features.vocabulary.errors import WrongUsageError
from training.access import Asked, access_of
from training.audit.files_out import require_place_for
from training.audit.report.access_files import write_access
from training.audit.table_file import read_table
from training.registry.plan import read_plan
from training.registry.planned_records import load_as_planned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from training.audit.settings import Disclosure


def look_at_access(
    source: str,
    out: Path,
    *,
    period: tuple[date, date],
    how: tuple[Disclosure, Mapping[str, str]],
    files: tuple[Path | None, Path | None] = (None, None),
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Read records, look at access to help, and write `access.json`, `access.html` and `access.csv`.

    Parameters
    ----------
    source
        Records, in any form.
    out
        Folder for the files.
    period
        First and last day.
    how
        Who will read it, and the reference by characteristic.
    files
        A plan, which says who could have been scored, and scores of the first day; None for what is not looked at.
    say
        Told what is being done.

    Returns
    -------
    dict
        The content of `access.json`.
    """
    require_place_for(out)
    plan = None if files[0] is None else read_plan(files[0])
    scores = None if files[1] is None else read_table(files[1])
    if scores is not None and "as_of" in scores.columns:
        days = scores["as_of"].cast(str).unique().to_list()
        if days != [period[0].isoformat()]:
            raise WrongUsageError(
                "The scores are of another day than the first of the period.",
                hint="Give --from the day of the scores, or scores of that day.",
            )
    say("reading the records")
    records = load_records(source) if plan is None else load_as_planned(source, plan.records)
    say("following each request to what came of it")
    rule = None if plan is None else plan.cohort
    asked = Asked(*period, disclosure=how[0], reference=how[1], rule=rule, scores=scores)
    content = access_of(records, asked)
    write_access(content, out)
    return content
