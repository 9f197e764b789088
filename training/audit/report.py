"""The report of an audit as one HTML page: plain words first, then verdicts, then every figure.

Self-contained, without script and without a clock; tables have captions and scopes, charts a sentence and a
table. It reads `audit.json`'s content and nothing behind it, so that what is withheld there is withheld here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from training.audit import report_words as words
from training.audit.report_charts import draw
from training.audit.settings import COMPARED, MEASURE_NAMES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AT_CUT_OFF = ("prevalence", "selection_rate", "tpr", "fpr", "precision", "npv")
BY_SCORE = ("auc", "average_precision", "brier", "calibration_slope", "calibration_intercept")
CHARTED = ("selection_rate", "tpr", "calibration_intercept")


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
    return template.render(
        audit=content,
        settings=content["settings"],
        overall=content["overall"],
        looked_at=words.looked_at(content),
        stands_out=words.stands_out(content),
        how_sure=words.how_sure(content),
        does_not_tell=words.does_not_tell(content),
        sections=[_section(content, attribute, place) for place, attribute in enumerate(content["settings"]["groups"])],
        crossed=_crossed(content),
        names=MEASURE_NAMES,
        meanings=words.MEANINGS,
        measures=MEASURES,
        at_cut_off=AT_CUT_OFF,
        by_score=BY_SCORE,
        compared=COMPARED,
    )


def _environment() -> jinja2.Environment:
    """Set up templates that escape everything."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = words.figure_text
    environment.filters["gap"] = words.gap_text
    environment.filters["size"] = words.size_number
    environment.filters["label"] = words.label_of
    environment.filters["named"] = words.value_of
    return environment


def _section(content: Mapping[str, Any], attribute: str, place: int) -> dict[str, Any]:
    """Collect what the page says of one characteristic."""
    entries = [entry for entry in content["groups"] if entry["attribute"] == attribute]
    overall = content["overall"]
    sentences = [words.chart_sentence(attribute, measure, entries, overall) for measure in _charted(overall)]
    chart = draw(f"chart-{place}", _charted(overall), entries, overall, words=" ".join(sentences))
    return {
        "attribute": attribute,
        "entries": entries,
        "sentences": sentences,
        # why: the picture is our own drawing; group names in it are escaped by matplotlib, words by `draw`
        "chart": Markup(chart),  # noqa: S704 - our own SVG, nothing from a request
        "differences": _differences(content["differences"], attribute),
    }


def _charted(overall: Mapping[str, Any]) -> list[str]:
    """Choose the measures to draw: calibration only where scores are probabilities."""
    return [name for name in CHARTED if "undefined" not in overall[name]]


def _differences(differences: Sequence[Mapping[str, Any]], attribute: str) -> list[dict[str, Any]]:
    """Collect differences to one line a group and comparison."""
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in differences:
        if each["attribute"] == attribute:
            key = (each["group"], each["against"], each["reference"])
            lines.setdefault(key, {"group": key[0], "against": key[1], "reference": key[2], "gaps": {}})
            lines[key]["gaps"][each["measure"]] = each["gap"]
    return list(lines.values())


def _crossed(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Collect intersections to one table a combination of characteristics."""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for entry in content["intersections"]:
        tables.setdefault(entry["attribute"], []).append(entry)
    return [{"attribute": attribute, "entries": entries} for attribute, entries in tables.items()]
