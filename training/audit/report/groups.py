"""One characteristic at a time, as sections of the report: measures, gaps, tests, curves, parts of gaps, ranking.

Every table has the characteristic in its caption, so that it can be read by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.groups import EVERYONE_ELSE
from training.audit.report import words as words
from training.audit.report.blocks import (
    Block,
    Cell,
    Heading,
    Picture,
    Row,
    Section,
    figure_cell,
    gap_cell,
    ratio_cell,
    said,
    size_cell,
    table,
)
from training.audit.report.charts import MOST_LINES, draw
from training.audit.report.curves import curve_blocks
from training.audit.report.gaps import ranking_blocks, split_blocks, test_blocks
from training.audit.settings import COMPARED, MEASURE_NAMES, RATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AT_CUT_OFF = ("prevalence", "selection_rate", "tpr", "fpr", "precision", "npv")
BY_SCORE = ("auc", "average_precision", "brier", "calibration_slope", "calibration_intercept")
CHARTED = ("selection_rate", "tpr", "calibration_intercept")
RATIOS = tuple(name for name in COMPARED if name in RATES)
OBSERVED = "Observed over expected"


def group_sections(audit: Mapping[str, Any]) -> list[Section]:
    """Give a section for each characteristic.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        In the order that was asked for.
    """
    return [
        Section(f"section-{place}", words.label_of(attribute), tuple(_blocks(attribute, audit)))
        for place, attribute in enumerate(audit["settings"]["groups"], start=1)
    ]


def _blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Put one characteristic together."""
    entries = [entry for entry in audit["groups"] if entry["attribute"] == attribute]
    return [
        *_charts(attribute, entries, audit["overall"]),
        *_measures(attribute, entries, audit),
        *_together(attribute, audit["together"]),
        *_differences(attribute, audit["differences"]),
        *test_blocks(attribute, audit),
        *curve_blocks(attribute, audit),
        *split_blocks(attribute, audit),
        *ranking_blocks(attribute, entries, audit),
    ]


def _charts(attribute: str, entries: Sequence[Mapping[str, Any]], overall: Mapping[str, Any]) -> list[Block]:
    """Draw the measures that matter most; calibration only where scores are probabilities."""
    charted = [name for name in CHARTED if "undefined" not in overall[name]]
    if not charted:
        return said("No measure of everybody can be drawn: there are too few rows or families.")
    sentences = [chart_sentence(attribute, measure, entries, overall) for measure in charted]
    label = words.label_of(attribute)
    key = "Dots: groups, with 95% intervals. Dashed: everybody. A dot is full where its interval leaves everybody out."
    if len(entries) > MOST_LINES:
        key += f" Drawn are the {MOST_LINES} largest of {len(entries)} groups."
    return [
        *said(*sentences),
        Picture(f"{label}: measures", draw(charted, entries, overall, label=" ".join(sentences)), key),
    ]


def chart_sentence(
    attribute: str, measure: str, entries: Sequence[Mapping[str, Any]], overall: Mapping[str, Any]
) -> str:
    """Say in one sentence what the chart of a measure by group shows."""
    name = f"{MEASURE_NAMES[measure]} by {words.label_within(attribute)}"
    shown = [entry for entry in entries if "value" in entry[measure]]
    if not shown:
        return f"{name}: no group can be shown."
    lowest = min(shown, key=lambda entry: entry[measure]["value"])
    highest = max(shown, key=lambda entry: entry[measure]["value"])
    ends = [f"{words.number(entry[measure]['value'], measure)} ({_named(entry)})" for entry in (lowest, highest)]
    text = f"{name} runs from {ends[0]} to {ends[1]}"
    printed = {words.number(entry[measure]["value"], measure) for entry in (lowest, highest)}
    if len(printed) == 1:
        where = "every group that is shown" if len(shown) > 1 else f"the one group that is shown, {_named(lowest)}"
        text = f"{name} is {printed.pop()} in {where}"
    total = overall[measure].get("value")
    if total is None:
        return text + "."
    apart = [_named(entry) for entry in shown if words.is_apart(entry[measure], total)]
    if not apart:
        whose = "every group's" if len(shown) > 1 else "its"
        return f"{text}; {whose} interval holds the figure of everybody, {words.number(total, measure)}."
    left_out = f"the interval leaves out the figure of everybody, {words.number(total, measure)}"
    return f"{text}; {left_out}, for: {words.name_list(apart)}."


def _named(entry: Mapping[str, Any]) -> str:
    """Print the name of an entry's group."""
    return words.value_of(entry["group"])


def _measures(attribute: str, entries: Sequence[Mapping[str, Any]], audit: Mapping[str, Any]) -> list[Block]:
    """Give the two tables of measures."""
    label, overall = words.label_of(attribute), audit["overall"]
    expected = {
        each["group"]: each["observed_over_expected"] for each in audit["expected"] if each["attribute"] == attribute
    }
    everybody = Row(("Everybody",), (size_cell(overall["n"]), *_figures(overall, AT_CUT_OFF)), is_everybody=True)
    rates = [everybody, *[_line(entry, AT_CUT_OFF) for entry in entries]]
    scored = [Row(("Everybody",), (*_figures(overall, BY_SCORE), Cell(words.NONE)), is_everybody=True)]
    for entry in entries:
        observed = ratio_cell(expected[entry["group"]]) if expected else Cell(words.NONE)
        scored.append(Row((words.value_of(entry["group"]),), (*_figures(entry, BY_SCORE), observed)))
    names = [MEASURE_NAMES[name] for name in AT_CUT_OFF]
    columns = ("Group", *[MEASURE_NAMES[name] for name in BY_SCORE], OBSERVED)
    return [
        *table(f"{label}: at the cut-off, with 95% intervals", ("Group", "Rows", *names), rates),
        *table(f"{label}: ranking and calibration, with 95% intervals", columns, scored),
    ]


def _line(entry: Mapping[str, Any], measures: Sequence[str]) -> Row:
    """Give one group."""
    return Row((words.value_of(entry["group"]),), (size_cell(entry["n"]), *_figures(entry, measures)))


def _figures(entry: Mapping[str, Any], measures: Sequence[str]) -> tuple[Cell, ...]:
    """Give some measures of one group."""
    return tuple(figure_cell(entry[name], name) for name in measures)


def _together(attribute: str, together: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Give the groups that are withheld whole, measured as one."""
    blocks: list[Block] = []
    for entry in together:
        if entry["attribute"] == attribute:
            names = words.name_list([words.value_of(group) for group in entry["groups"]])
            columns = ("Groups", *[MEASURE_NAMES[name] for name in (*AT_CUT_OFF, *BY_SCORE)])
            row = Row(("Together",), _figures(entry, (*AT_CUT_OFF, *BY_SCORE)))
            blocks += said(f"{names}: too small to be shown, or would give a small one away; here as one.")
            blocks += table(f"{words.label_of(attribute)}: groups that are withheld, together", columns, [row])
    return blocks


def _differences(attribute: str, differences: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Give gaps and ratios, one line a group and comparison."""
    lines: dict[tuple[Any, ...], dict[str, Mapping[str, Any]]] = {}
    for each in differences:
        if each["attribute"] == attribute:
            key = (each["group"], each["against"], each["reference"])
            lines.setdefault(key, {})[each["measure"]] = each
    label = words.label_of(attribute)
    heads = {
        key: (words.value_of(key[0]), key[1] if key[1] == EVERYONE_ELSE else words.value_of(key[2])) for key in lines
    }
    gaps = [
        Row(heads[key], tuple(gap_cell(line[name]["gap"], name) for name in COMPARED)) for key, line in lines.items()
    ]
    ratios = [Row(heads[key], tuple(ratio_cell(line[name]["ratio"]) for name in RATIOS)) for key, line in lines.items()]
    return [
        Heading(f"{label}: differences and ratios"),
        *said(
            "Each group against everyone else, and against the reference where one was named. Groups whose outcome is "
            "commoner are flagged more, and more often without the outcome, though nothing is wrong with a score."
        ),
        *table(
            f"{label}: differences, each with its own 95% interval",
            ("Group", "Against", *[MEASURE_NAMES[name] for name in COMPARED]),
            gaps,
        ),
        *table(
            f"{label}: ratios, each with its own 95% interval",
            ("Group", "Against", *[MEASURE_NAMES[name] for name in RATIOS]),
            ratios,
        ),
    ]
