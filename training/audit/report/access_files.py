"""The files of an audit of access: JSON by a published schema, a page, and every figure as a line of CSV."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.audit.disclosure.figures_csv import as_text_cell
from training.audit.files_out import write_together
from training.audit.practice.access_path import COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILES = ("access.json", "access.html", "access.csv")
FIGURE = ("value", "low", "high", "k", "n", "clusters")
HEADER = ("path", "step", "attribute", "group", "is_not_recorded", "figure", *FIGURE, "why_there_is_none")


def to_json(content: Mapping[str, Any]) -> str:
    """Write `access.json`: sorted keys, no clock; the same input gives the same text."""
    return json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def to_csv(content: Mapping[str, Any]) -> str:
    """Write every figure of `access.json` as a line; what is withheld there is withheld here."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(HEADER)
    for path in content["paths"]:
        for entry in path["entries"]:
            is_missing = entry["attribute"] is not None and entry["group"] is None
            who = (as_text_cell(entry["attribute"]), as_text_cell(entry["group"]), int(is_missing))
            for name, figure in _figures(entry):
                why = "suppressed" if "suppressed" in figure else figure.get("undefined", "")
                numbers = (figure.get(part, "") for part in FIGURE)
                lines.writerow([path["name"], entry["measure"], *who, name, *numbers, why])
    return written.getvalue()


def _figures(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every figure of an entry with its name."""
    yield "share", entry["share"]
    if entry["median_days"] is not None:
        yield "median_days", entry["median_days"]
    for against in COMPARED:
        for column, kinds in (entry[against] or {}).items():
            for kind, figure in kinds.items():
                yield f"{against}.{column}.{kind}", figure


def write_access(content: Mapping[str, Any], folder: Path) -> None:
    """Write `access.json`, `access.html` and `access.csv`: each by rename, once all three are made.

    Parameters
    ----------
    content
        As `access.json` holds it.
    folder
        Made when it does not exist; other files in it stay.

    Raises
    ------
    WrongUsageError
        When nothing can be written there.
    """
    # why: the templates take a moment to load, and who asks for the content alone needs none
    from training.audit.report.access import render

    texts = (to_json(content), render(content), to_csv(content))
    writers = [partial(Path.write_text, data=text, encoding="utf-8") for text in texts]
    write_together(folder, dict(zip(FILES, writers, strict=True)))
