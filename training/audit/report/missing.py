"""Who is not recorded, as a section of the report: bounds on every measure, and how few would change a verdict.

The bounds hold whoever the children are. Nobody's characteristic is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.groups import NOT_RECORDED
from training.audit.report import words as words
from training.audit.report.blocks import Block, Cell, Heading, Picture, Row, Section, interval_cell, said, table
from training.audit.report.charts import MOST_LINES, Line, Mark, draw_lines, drawn_of
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DRAWN = ("selection_rate", "tpr", "fpr")


def missing_section(audit: Mapping[str, Any]) -> Section:
    """Give the bounds on each measure, whoever the children not recorded are.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    Section
        Says so where nobody is unrecorded.
    """
    names = [each["attribute"] for each in audit["groups"] if each["group"] is None]
    if not names:
        blocks = said("Every characteristic is recorded for every row.")
    else:
        blocks = said(
            "Children whose characteristic is not recorded belong to some group. The bounds hold whoever they are: at "
            "one end all of those who would lower a figure are put into the group, at the other all who would raise "
            "it. Nobody's characteristic is guessed."
        )
    for attribute in names:
        blocks += _missing_blocks(attribute, audit)
    return Section("missing", NOT_RECORDED.capitalize(), tuple(blocks))


def _missing_blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Give bounds for one characteristic."""
    label = words.label_of(attribute)
    bounds = [each for each in audit["missing"] if each["attribute"] == attribute]
    entries = {entry["group"]: entry for entry in audit["groups"] if entry["attribute"] == attribute}
    rows = [_bound(each, entries[each["group"]]) for each in bounds]
    columns = ("Group", "Measure", "As recorded", "Bounds", "Bounds with sampling error", "Would change the verdict")
    flips = "The last column says how few of those not recorded would be enough, were they all of this group."
    return [
        Heading(f"{label}: not recorded"),
        *said(_ties_sentence(attribute, audit), _flips_sentence(bounds)),
        *_bounds_picture(label, bounds, entries),
        *said(flips),
        *table(f"{label}: bounds whoever the children not recorded are", columns, rows),
    ]


def _ties_sentence(attribute: str, audit: Mapping[str, Any]) -> str:
    """Say whether being not recorded goes with the outcome, or with the score."""
    ties = [each for each in audit["missing_tied"] if each["attribute"] == attribute]
    if not ties:
        return "Whether being not recorded goes with the outcome needs rows."
    outcome, rank = ties[0]["prevalence_gap"], ties[0]["rank_gap"]
    parts = []
    for figure, what in ((outcome, "the share with the outcome"), (rank, "the place in the order of scores")):
        if "value" not in figure:
            parts.append(f"{what} cannot be shown")
        else:
            told = words.gap_within(figure, "prevalence")
            direction = "lower" if figure["value"] < 0 else "higher"
            differs = f"is {direction} than" if words.is_apart(figure) else "cannot be told to differ from that"
            parts.append(f"{what} {differs} among those recorded ({told})")
    return f"Among those not recorded {parts[0]}, and {parts[1]}."


def _flips_sentence(bounds: Sequence[Mapping[str, Any]]) -> str:
    """Say whether few of those not recorded could change a verdict."""
    judged = [each for each in bounds if each.get("flips")]
    found = [
        (flip["share"], flip["verdict"], each)
        for each in judged
        for flip in each["flips"]
        if flip is not None and "share" in flip
    ]
    if not judged:
        return ""
    if not found:
        return "No verdict on a rate would change, however many of those not recorded were of the group."
    least, verdict, each = min(found, key=lambda item: item[0])
    return (
        f"Of {words.counted(len(judged), 'verdict')} on rates, {len(found)} could change. The least it would take: "
        f"{words.share(least)} of those not recorded, for the {words.measure_name(each['measure'])} of "
        f"{words.value_of(each['group'])}, which would then be “{verdict}”."
    )


def _bound(bound: Mapping[str, Any], entry: Mapping[str, Any]) -> Row:
    """Give the bounds of one rate of one group."""
    measure = bound["measure"]
    heads = (words.value_of(bound["group"]), MEASURE_NAMES[measure])
    if "low" not in bound:
        return Row(heads, tuple(Cell(words.symbol(bound)) for _ in range(4)))
    ends = [words.number(bound[name], measure) for name in ("low", "high", "low_limit", "high_limit")]
    return Row(
        heads,
        (
            interval_cell(words.figure_text(entry[measure], measure)),
            Cell(f"{ends[0]} to {ends[1]}"),
            Cell(f"{ends[2]} to {ends[3]}"),
            Cell("; ".join(_flip(flip) for flip in bound["flips"]) or words.NONE),
        ),
    )


def _flip(flip: Mapping[str, Any] | None) -> str:
    """Print how few would change a verdict."""
    if flip is None:
        return "none would"
    return words.WITHHELD_SYMBOL if "share" not in flip else f"{words.share(flip['share'])}: {flip['verdict']}"


def _bounds_picture(
    label: str, bounds: Sequence[Mapping[str, Any]], entries: Mapping[str | None, Mapping[str, Any]]
) -> list[Block]:
    """Draw figures as recorded within their bounds."""
    found = {(each["group"], each["measure"]): each for each in bounds if "low" in each}
    lines: list[Line] = []
    for entry in drawn_of([entry for group, entry in entries.items() if group is not None], MOST_LINES):
        marks = {}
        for name in DRAWN:
            figure, bound = entry[name], found.get((entry["group"], name))
            if bound is not None and "value" in figure:
                span = (bound["low"], bound["high"])
                marks[name] = Mark(figure["value"], figure["low"], figure["high"], is_full=True, span=span)
        lines.append((words.value_of(entry["group"]), marks))
    if not any(marks for _, marks in lines):
        return []
    drawn = [bound for (_, name), bound in found.items() if name in DRAWN]
    widest = max(drawn, key=lambda each: each["high"] - each["low"])
    sentence = (
        f"{label}: bounds are widest for the {words.measure_name(widest['measure'])} of "
        f"{words.value_of(widest['group'])}, from {words.number(widest['low'], widest['measure'])} to "
        f"{words.number(widest['high'], widest['measure'])}."
    )
    drawing = draw_lines(DRAWN, lines, {}, label=sentence)
    key = "Dot and line: as recorded, with its 95% interval. Pale bar: the bounds."
    return [*said(sentence), Picture(f"{label}: bounds", drawing, key)]
