"""What a run keeps beside its bundle, for whoever wants to know what its figures rest on.

The plan, the data and the measures; the audit's figures as one table and as a file of cells; the records on trial; and
who was offered help in the year before. Small numbers are withheld where these are made, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from features.vocabulary.errors import WrongUsageError
from training.access import Asked, access_of
from training.audit.disclosure.figures_csv import to_csv
from training.audit.report.access_files import to_json, write_access
from training.audit.report.trial import render
from training.on_trial import records_on_trial
from training.registry.bundle import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from features.tables.records import Records
    from training.audit import Audit
    from training.fitting import Fitted
    from training.registry.manifest import Manifest
    from training.splits import Fold

YEAR = timedelta(days=364)
"""From its first day to its last."""


@dataclass(frozen=True)
class Found:
    """What a run found: the model that was chosen on the last origin, its audit and what was written down of it."""

    fold: Fold
    chosen: Fitted
    audit: Audit
    manifest: Manifest


def write_evidence(work: Path, records: Records, *, found: Found, say: Callable[[str], None]) -> None:
    """Write everything that a run keeps beside its bundle.

    Parameters
    ----------
    work
        The run's folder.
    records
        Validated records.
    found
        What the run found.
    say
        Told what is being done, a line at a time.
    """
    manifest = found.manifest
    _write(work / "plan.json", manifest.plan.model_dump(mode="json"))
    _write(work / "data.json", manifest.trained_on.model_dump(mode="json"))
    _write(work / "metrics.json", manifest.metrics)
    found.audit.cells.write(work / "cells.parquet")
    (work / "audit.csv").write_text(to_csv(found.audit.as_json()), encoding="utf-8")
    say("putting the records on trial")
    content = records_on_trial(records, found.fold, found.chosen, manifest.plan)
    (work / "records_on_trial.json").write_text(to_json(content), encoding="utf-8")
    (work / "records_on_trial.html").write_text(render(content), encoding="utf-8")
    say("looking at who was offered help in the year before")
    _write_access(work, records, found=found, say=say)


def _write_access(work: Path, records: Records, *, found: Found, say: Callable[[str], None]) -> None:
    """Write who was offered help; records without contacts, referrals or early help cannot say."""
    last = found.fold.origin.test
    try:
        content = access_of(records, Asked(last - YEAR, last, rule=found.manifest.plan.cohort))
    except WrongUsageError as error:
        say(f"  not looked at: {error.message}")
        return
    write_access(content, work)


def _write(path: Path, content: Any) -> None:
    path.write_text(dump_json(content), encoding="utf-8")
