"""The page of the records on trial: plain words first, then a part for each question that was asked of the records.

Self-contained, without script and without a clock. It reads what `records_on_trial.json` holds and nothing behind it.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from training.audit.report import trial_words as words
from training.audit.report.access_words import points_text
from training.audit.report.trial_choice import apart_in_writing, leaves_out, measure_name
from training.audit.report.words import label_of, ratio_text, share_text, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Entry = Mapping[str, Any]

MOST_PRINTED = 40
"""Of what stands out in writing so many lines are printed, the furthest first; the file holds all."""

SHOWN_GAMMA = "1.5"


def render(content: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    content
        What `records_on_trial.json` holds.

    Returns
    -------
    str
        A whole HTML document.
    """
    return (
        _environment()
        .get_template("trial.html.j2")
        .render(
            settings=content["settings"],
            part=content,
            looked_at=words.looked_at(content),
            stands_out=words.stands_out(content),
            how_sure=words.how_sure(content),
            does_not_tell=words.does_not_tell(content),
            not_recorded=_somebody_missing(content["recording"]["not_recorded"]),
            told=[each for each in content["proxies"]["numbers"] if each["attribute"] is not None],
            kept_out=_kept_out(content["proxies"]),
            kept_out_why=_by_reason(content["proxies"]["always"]),
            homes=[each for each in content["proxies"]["homes"] if "gap" in each],
            written=_written(content["measurement"]),
            helped=_helped(content["helped"]["helped"]),
            without_help=_by_measure(content["helped"]["without_help"]),
            gamma=SHOWN_GAMMA,
            measures=words.MEASURES,
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
    environment.filters["points"] = points_text
    environment.filters["label"] = label_of
    environment.filters["named"] = value_of
    environment.filters["measure"] = measure_name
    environment.filters["best"] = _best
    environment.tests["away_from"] = leaves_out
    return environment


def _by_measure(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Collect entries to one table a measure, in the order in which they come."""
    return [{"measure": measure, "entries": list(of)} for measure, of in groupby(entries, lambda each: each["measure"])]


def _somebody_missing(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Collect who is not recorded to a table a characteristic, where anybody is not."""
    return [table for table in _by_measure(entries) if table["entries"][0]["share"].get("value") != 0]


def _best(entry: Entry, always: Sequence[str]) -> list[tuple[str, Any]]:
    """Give the indicators that tell a group best, furthest from a half first; not those that are always printed."""
    found = [
        (measure_name(name.removeprefix("auc of ")), figure)
        for name, figure in entry.items()
        if name.startswith("auc of ") and name.removeprefix("auc of ") not in always and "value" in figure
    ]
    return sorted(found, key=lambda each: (-abs(each[1]["value"] - 0.5), each[0]))


def _by_reason(always: Mapping[str, str]) -> dict[str, list[str]]:
    """Collect the indicators that are kept out by why they are, each reason once."""
    return {reason: [name for name, why in always.items() if why == reason] for reason in always.values()}


def _kept_out(part: Entry) -> list[dict[str, Any]]:
    """Give one line for each group, with how well each indicator that is kept out tells it."""
    return [
        {"entry": each, "figures": [each[f"auc of {name}"] for name in part["always"]]}
        for each in part["numbers"]
        if each["attribute"] is not None
    ]


def _written(part: Entry) -> list[dict[str, Any]]:
    """Give what stands out of what is written, and how much was looked at and is not printed."""
    tables = []
    for name, title in (("factors", "Factors of assessments"), ("indicators", "Indicators of recorded need")):
        apart = apart_in_writing(part[name])
        tables.append(
            {
                "title": title,
                "entries": apart[:MOST_PRINTED],
                "left_out": len(apart[MOST_PRINTED:]),
                "looked": sum("stands_out" in each for each in part[name]),
                "is_there": bool(part[name]),
            }
        )
    return tables


def _helped(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Put who had help on the day beside who was helped after it, one line a group."""
    before = {(each["attribute"], each["group"]): each for each in entries if each["measure"] == "had_help_on_the_day"}
    after = [each for each in entries if each["measure"] == "helped"]
    return [{"entry": each, "before": before[each["attribute"], each["group"]]} for each in after]
