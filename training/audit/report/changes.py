"""What changed since the last audit, in plain words and as a section of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report import words
from training.audit.report.blocks import Block, Cell, Row, Section, gap_cell, said, table
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_SAID = 6
"""So many verdicts that changed are said one by one; all stand in a table."""


def what_changed(changes: Mapping[str, Any] | None) -> list[str]:
    """Say what changed since the last audit; nothing when none was given."""
    if changes is None:
        return []
    differ = [each for each in changes["verdicts"] if each["before"] is not None]
    new = sum(each["before"] is None for each in changes["verdicts"])
    sentences = [
        f"{words.label_of(each['attribute'])}, {words.value_of(each['group'])}, {words.measure_name(each['measure'])}: "
        f"{each['before']} before, {each['now']} now."
        for each in sorted(differ, key=lambda each: "outside" not in (each["before"], each["now"]))[:MOST_SAID]
    ]
    if len(differ) > MOST_SAID:
        sentences.append(f"{words.counted(len(differ) - MOST_SAID, 'more verdict')} changed.")
    if not differ:
        sentences.append("No verdict changed.")
    if new:
        sentences.append(f"{words.counted(new, 'verdict')} had no counterpart before.")
    return [*_otherwise(changes), *sentences, *_moves(changes)]


def _otherwise(changes: Mapping[str, Any]) -> list[str]:
    """Say what the last audit was asked otherwise."""
    names = [name.replace("_", " ") for name in changes["asked_otherwise"]]
    told = "The last audit was asked otherwise in its"
    return [f"{told} {words.name_list(names)}: figures or verdicts may differ for that reason alone."] if names else []


def _moves(changes: Mapping[str, Any]) -> list[str]:
    """Say how many figures moved, that of everybody one by one, and which groups came or went."""
    figures = changes["figures"]
    moved = [each for each in figures if words.is_apart(each["change"])]
    sentences = []
    if figures:
        sentences.append(
            f"{len(moved):,} of {words.counted(len(figures), 'figure')} moved by more than their intervals allow for; "
            "chance alone would move about one in twenty."
        )
    for each in moved:
        if each["attribute"] is None and each["measure"] in ("prevalence", "tpr", "calibration_intercept"):
            name, before = MEASURE_NAMES[each["measure"]], words.number(each["before"], each["measure"])
            now, change = words.number(each["now"], each["measure"]), words.gap_text(each["change"], each["measure"])
            sentences.append(f"{name} of everybody: {before} before, {now} now, a change of {change}.")
    if changes["only_before"] or changes["only_now"]:
        sentences.append(
            f"Groups: {changes['only_now']} that the last audit did not have, {changes['only_before']} that only it "
            "had."
        )
    return sentences


def changes_section(audit: Mapping[str, Any]) -> list[Section]:
    """Give what changed since the last audit; nothing when none was given.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        One section, or none.
    """
    changes = audit["changes"]
    if changes is None:
        return []
    moved = [each for each in changes["figures"] if words.is_apart(each["change"])]
    columns = ("Characteristic", "Group", "Measure", "Before", "Now", "Change (95% interval)")
    blocks: list[Block] = [
        *said(
            *_otherwise(changes),
            "A change is today's figure less that of the last audit. Its interval takes the two for independent; where "
            "they share children it is wider than need be. Of figures that did not change, about one in twenty will "
            "seem to.",
            "Whoever holds both audits can subtract one from the other. Where only a few children came or left in "
            "between, do not give both to the same reader.",
        ),
        *table("Verdicts that changed", columns[:5], map(_verdict_change, changes["verdicts"])),
        *table("Figures that moved by more than their intervals allow for", columns, map(_change, moved)),
        *table("Every figure, before and now", columns, map(_change, changes["figures"]), is_folded=True),
    ]
    return [Section("changes", "Since the last audit", tuple(blocks))]


def _verdict_change(each: Mapping[str, Any]) -> Row:
    """Give one verdict, before and now."""
    cells = (MEASURE_NAMES[each["measure"]], (each["before"] or "no verdict").capitalize(), each["now"].capitalize())
    return Row((words.label_of(each["attribute"]), words.value_of(each["group"])), tuple(map(Cell, cells)))


def _change(each: Mapping[str, Any]) -> Row:
    """Give one figure, before and now."""
    measure = each["measure"]
    heads = ("All", "Everybody")
    if each["attribute"] is not None:
        heads = (words.label_of(each["attribute"]), words.value_of(each["group"]))
    before, now = (words.number(each[name], measure) for name in ("before", "now"))
    return Row(heads, (Cell(MEASURE_NAMES[measure]), Cell(before), Cell(now), gap_cell(each["change"], measure)))
