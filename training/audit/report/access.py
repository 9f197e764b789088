"""The page of an audit of access: plain words first, then where along the path groups differ, then every figure.

Self-contained, without script and without a clock. It reads what `access.json` holds and nothing behind it.
"""

from __future__ import annotations

import math
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from training.audit.report import access_words as words
from training.audit.report.words import label_of, ratio_text, share_text, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST, MOST = 0.125, 8.0
"""Ratios beyond these are drawn at the edge; the table has them."""
LEFT, WIDTH, LINE = 300, 560, 26
MARKS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def render(content: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    content
        What `access.json` holds.

    Returns
    -------
    str
        A whole HTML document.
    """
    return (
        _environment()
        .get_template("access.html.j2")
        .render(
            settings=content["settings"],
            looked_at=words.looked_at(content),
            stands_out=words.stands_out(content),
            how_sure=words.how_sure(content),
            does_not_tell=words.does_not_tell(content),
            origins=_origins(content),
            paths=[_path(path) for path in content["paths"]],
        )
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
    environment.filters["share"] = share_text
    environment.filters["ratio"] = ratio_text
    environment.filters["points"] = words.points_text
    environment.filters["days"] = words.days_text
    environment.filters["needs"] = words.need_text
    environment.filters["label"] = label_of
    environment.filters["named"] = value_of
    environment.tests["apart"] = words.leaves_out_one
    return environment


def _origins(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Collect the ratio at equal recorded need of every step by where a gap comes from, one line a group."""
    tables = []
    for origin, title in words.ORIGINS.items():
        steps = [(path, step) for path in content["paths"] for step in path["steps"] if step["origin"] == origin]
        if not steps:
            continue
        found: dict[tuple[str, str | None], dict[tuple[str, str], Any]] = {}
        for path, step, entry in words.entries_of(content):
            if (path, step) in steps and entry["everyone_else"] is not None:
                line = found.setdefault((entry["attribute"], entry["group"]), {})
                line[path["name"], step["name"]] = entry["everyone_else"]["need"]["ratio"]
        lines = [
            {"attribute": who[0], "group": who[1], "ratios": [line.get((p["name"], s["name"])) for p, s in steps]}
            for who, line in found.items()
        ]
        tables.append({"title": title, "steps": [step["words"] for _, step in steps], "lines": lines})
    return tables


def _path(path: Mapping[str, Any]) -> dict[str, Any]:
    """Collect what the page says of one path."""
    title, lead = words.PATH_WORDS[path["name"]]
    steps = [_step(path, step) for step in path["steps"]]
    return {"name": path["name"], "title": title, "lead": lead, "names": words.names_in(path["name"]), "steps": steps}


def _step(path: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """Collect what the page says of one step."""
    entries = [entry for entry in path["entries"] if entry["measure"] == step["name"]]
    compared = [entry for entry in entries if entry["everyone_else"] is not None]
    columns = [name for name in words.COLUMN_WORDS if compared and name in compared[0]["everyone_else"]]
    lines = _lines(compared)
    return {
        "words": step["words"],
        "everybody": next(entry for entry in entries if entry["attribute"] is None),
        "parts": [
            {"attribute": attribute, "entries": list(of_one)}
            for attribute, of_one in groupby(entries[1:], key=lambda entry: entry["attribute"])
        ],
        "columns": columns,
        "has_days": any(entry["median_days"] is not None for entry in entries),
        "has_reference": any(entry["reference"] is not None for entry in entries),
        "sentence": words.chart_sentence(path["name"], step, lines),
        "chart": None if not lines else _chart(lines),
    }


def _lines(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the lines of a chart: the groups that have a ratio at equal recorded need."""
    lines = []
    for entry in entries:
        ratio = entry["everyone_else"]["need"]["ratio"]
        if "value" in ratio:
            label = f"{label_of(entry['attribute'])}: {value_of(entry['group'])}"
            lines.append({"label": label, "ratio": ratio, "is_apart": words.leaves_out_one(ratio)})
    return lines


def _chart(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Place dots and intervals on a log scale."""
    placed = [
        {
            "label": line["label"],
            "y": 30 + LINE * number,
            "low": _across(line["ratio"]["low"]),
            "value": _across(line["ratio"]["value"]),
            "high": _across(line["ratio"]["high"]),
            "is_apart": line["is_apart"],
        }
        for number, line in enumerate(lines)
    ]
    bottom = 30 + LINE * len(lines)
    marks = [{"x": _across(mark), "label": f"{mark:g}", "is_one": mark == 1.0} for mark in MARKS]
    return {"lines": placed, "marks": marks, "bottom": bottom, "width": LEFT + WIDTH + 30, "height": bottom + 30}


def _across(ratio: float) -> float:
    """Give the place of a ratio across the chart."""
    held = min(max(ratio, LEAST), MOST)
    return round(LEFT + WIDTH * math.log(held / LEAST) / math.log(MOST / LEAST), 1)
