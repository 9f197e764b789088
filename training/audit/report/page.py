"""The report of an audit as one HTML page: plain words first, then verdicts, then every figure.

Self-contained, without script and without a clock; tables have captions and scopes, charts a sentence and a
table. It reads `audit.json`'s content and nothing behind it, so that what is withheld there is withheld here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from training.audit.report import summary as summary
from training.audit.report.changes import changes_section, what_changed
from training.audit.report.crossed import crossed_sections
from training.audit.report.evidence import symbols_in
from training.audit.report.groups import group_sections
from training.audit.report.label import label_section
from training.audit.report.method import method_section
from training.audit.report.missing import missing_section
from training.audit.report.verdicts import everybody_section, verdict_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.audit.report.blocks import Section


def render(content: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    content
        What `audit.json` holds.

    Returns
    -------
    str
        A whole HTML document.
    """
    template = _environment().get_template("report.html.j2")
    sections = _sections(content)
    # why not the last section: it explains the symbols itself
    first = _summary(content, symbols=symbols_in(str(sections[:-1])))
    return template.render(score=content["settings"]["score"], summary=first, sections=sections)


def _summary(content: Mapping[str, Any], *, symbols: list[str]) -> dict[str, list[str]]:
    """Put the first page together: its headings, each with its sentences."""
    parts = {
        "What was looked at": summary.looked_at(content),
        "What stands out": summary.stands_out(content),
        "What changed since the last audit": what_changed(content["changes"]),
        "How sure this is": [*summary.how_sure(content), *symbols],
        "What it does not tell": summary.does_not_tell(content),
    }
    return {heading: sentences for heading, sentences in parts.items() if sentences}


def _sections(content: Mapping[str, Any]) -> list[Section]:
    """Put the other sections in their order."""
    return [
        verdict_section(content),
        *changes_section(content),
        everybody_section(content),
        *group_sections(content),
        missing_section(content),
        label_section(content),
        *crossed_sections(content),
        method_section(content),
    ]


def _environment() -> jinja2.Environment:
    """Set up templates that escape everything."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
