"""Groups of two or three characteristics at once, as a section of the report: raw beside borrowed.

A raw share of few children is neither hidden nor believed: beside it stands one that borrows from what the
characteristics alone would say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.pooled import POOLED
from training.audit.report import words as words
from training.audit.report.blocks import Block, Cell, Heading, Row, Section, figure_cell, said, size_cell, table
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_OPEN = 12
"""A combination of more cells is folded."""

OTHERS = ("precision", "npv", "auc", "average_precision", "brier", "calibration_slope", "calibration_intercept")


def crossed_sections(audit: Mapping[str, Any]) -> list[Section]:
    """Give the section of intersections.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        One section, or none where no intersections were asked for.
    """
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for entry in audit["intersections"]:
        tables.setdefault(entry["attribute"], []).append(entry)
    gone = [words.label_within(attribute) for attribute in audit["crossings_left_out"]]
    sentence = (
        f"Left out, since so many of its groups are small that nothing of it could be shown: {words.name_list(gone)}."
        if gone
        else ""
    )
    if not tables:
        return [Section("crossed", "Intersections", tuple(said(sentence)))] if gone else []
    most = "two" if audit["settings"]["intersections"] == 2 else "two or three"
    blocks: list[Block] = said(
        f"Groups of {most} characteristics at once. Cells are small and many: intervals are wide, and some "
        "figures will look unusual by chance alone. None has a verdict.",
        "Under each raw share stands one marked borrowed. It lies between the raw share and what the characteristics "
        "alone would lead to expect, the nearer to the latter the fewer children a cell has; its own weight says how "
        "much of it is the cell's. Do not quote a borrowed share as if it had been counted.",
        sentence,
    )
    blocks += _shares(audit["intersection_shares"])
    for attribute, entries in tables.items():
        blocks += _combination(attribute, entries)
    return [Section("crossed", "Intersections", tuple(blocks))]


def _shares(shares: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Say how much is left to intersections beyond their parts."""
    lines: dict[str, dict[str, Mapping[str, Any]]] = {}
    for each in shares:
        lines.setdefault(each["attribute"], {})[each["measure"]] = each["share_left_to_the_intersection"]
    rows = [
        Row((words.label_of(attribute),), tuple(Cell(_share(line.get(name))) for name in POOLED))
        for attribute, line in lines.items()
    ]
    sure = [
        f"{words.label_within(each['attribute'])} ({words.measure_name(each['measure'])})"
        for each in shares
        if each["share_left_to_the_intersection"].get("low", 0) > 0
    ]
    sentence = ""
    if rows:
        found = f"shown to be above zero for {words.name_list(sure)}" if sure else "nowhere shown to be above zero"
        sentence = (
            "Of how cells differ, the share that their characteristics one by one do not say, and that is left to the "
            f"intersection, is {found}."
        )
    columns = ("Combination", *[MEASURE_NAMES[name] for name in POOLED])
    return [
        *said(sentence),
        *table("What is left to the intersection, as a share of the variance between cells", columns, rows),
    ]


def _share(figure: Mapping[str, Any] | None) -> str:
    """Print a share of variance."""
    return words.NONE if figure is None else words.figure_text(figure, "prevalence")


def _combination(attribute: str, entries: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Give the cells of one combination, in the order of their characteristics."""
    label = words.label_of(attribute)
    heads = tuple(words.label_of(name) for name in entries[0]["attributes"])
    is_folded = len(entries) > MOST_OPEN
    main = [
        Row(_values(entry), (size_cell(entry["n"]), *[_raw_and_borrowed(entry, name) for name in POOLED]))
        for entry in entries
    ]
    others = [Row(_values(entry), tuple(figure_cell(entry[name], name) for name in OTHERS)) for entry in entries]
    return [
        Heading(label),
        *table(
            f"{label}: raw and borrowed, with 95% intervals",
            (*heads, "Rows", *[MEASURE_NAMES[name] for name in POOLED]),
            main,
            is_folded=is_folded,
        ),
        *table(
            f"{label}: other measures, with 95% intervals",
            (*heads, *[MEASURE_NAMES[name] for name in OTHERS]),
            others,
            is_folded=True,
        ),
    ]


def _values(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Name a cell by its characteristics."""
    return tuple(words.value_of(value) for value in entry["values"])


def _raw_and_borrowed(entry: Mapping[str, Any], measure: str) -> Cell:
    """Print a raw share with its counts, and what is borrowed below it."""
    raw, pooled = figure_cell(entry[measure], measure), entry["pooled"].get(measure)
    if pooled is None or "value" not in pooled:
        return raw
    ends = words.figure_text(pooled, measure)
    return Cell(raw.text, f"{raw.note}\nborrowed {ends}, own weight {100 * pooled['weight']:.0f}%")
