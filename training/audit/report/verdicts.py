"""Verdicts and everybody, as sections of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report import words as words
from training.audit.report.blocks import Cell, Row, Section, figure_cell, gap_cell, said, table
from training.audit.report.curves import everybodys_curve
from training.audit.report.evidence import alike, in_print
from training.audit.settings import MEASURE_NAMES, MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NOT_JUDGED = "not judged"
KINDS = ("outside", "within", "cannot tell", NOT_JUDGED)


def verdict_section(audit: Mapping[str, Any]) -> Section:
    """Give the section of verdicts: how many of each kind, then each.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    Section
        With p-values beside the verdicts, which they never decide.
    """
    verdicts = audit["verdicts"]
    gated = words.name_list([words.measure_name(measure) for measure in audit["settings"]["gated"]])
    lead = (
        "Each group is held against everyone else. Within: the whole interval of the gap lies inside the tolerance "
        "that was set beforehand. Outside: the whole interval lies outside it. Cannot tell: neither; the table says "
        "how large a gap would have had to be to be found four times in five."
    )
    if any(_kind(each) == NOT_JUDGED for each in verdicts):
        lead += " Not judged: no tolerance was set beforehand."
    beside = (
        "p says how often chance alone would make a gap at least as large, were there none: 0.05 is one time in 20. "
        "Beside it stands p (Holm), made larger because many comparisons are looked at. Neither decides a verdict: a "
        "gap can be surely there and too small to matter, or large and not yet sure."
    )
    blocks = said(lead, beside, in_print(audit))
    blocks += table(
        "Verdicts by characteristic: how many of each kind",
        ("Characteristic", "Measure", *map(str.capitalize, KINDS)),
        _counts(verdicts),
        is_folded=False,
    )
    columns = (
        *("Characteristic", "Group", "Measure", "Verdict", "Gap (simultaneous interval)", "Tolerance"),
        *("Smallest gap that would be found", "p", "p (Holm)"),
    )
    outside = [each for each in verdicts if each["verdict"] == "outside"]
    if len(verdicts) > len(outside) > 0:
        blocks += table("Gaps outside the tolerance", columns, [_row(each, audit) for each in outside])
    rows = [_row(each, audit) for each in verdicts]
    blocks += table(f"Verdicts on {gated}, each group against everyone else", columns, rows)
    return Section("verdicts", "Verdicts", tuple(blocks))


def _kind(verdict: Mapping[str, Any]) -> str:
    """Give the verdict as the page says it: without a tolerance nothing was judged, whatever the numbers."""
    return NOT_JUDGED if verdict["tolerance"] is None else str(verdict["verdict"])


def _counts(verdicts: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    """Count verdicts by characteristic and measure."""
    for attribute, measure in dict.fromkeys((each["attribute"], each["measure"]) for each in verdicts):
        found = [_kind(each) for each in verdicts if (each["attribute"], each["measure"]) == (attribute, measure)]
        cells = tuple(Cell(str(found.count(kind)), mark="number") for kind in KINDS)
        yield Row((words.label_of(attribute), MEASURE_NAMES[measure]), cells)


def _row(verdict: Mapping[str, Any], audit: Mapping[str, Any]) -> Row:
    """Give one verdict."""
    measure, kind = verdict["measure"], _kind(verdict)
    has_room = "value" in verdict["gap"] and not alike(audit["overall"], measure)
    smallest = "none, however large" if has_room else words.NONE
    if verdict["smallest_gap"] is not None:
        smallest = words.size_number(verdict["smallest_gap"], measure)
    mark = f"verdict {kind}" if kind in ("outside", "within") else "verdict unsure"
    tolerance = "none set" if verdict["tolerance"] is None else words.size_number(verdict["tolerance"], measure)
    return Row(
        (words.label_of(verdict["attribute"]), words.value_of(verdict["group"])),
        (
            Cell(MEASURE_NAMES[measure]),
            Cell(kind.capitalize(), verdict["reason"] if kind == "cannot tell" else "", mark),
            gap_cell(verdict["gap"], measure),
            Cell(tolerance),
            Cell(smallest),
            Cell(words.p_text(verdict["p"], audit["settings"]), mark="small"),
            Cell(words.p_text(verdict["p_holm"], audit["settings"]), mark="small"),
        ),
        note="" if verdict["primary"] else "not decisive",
    )


def everybody_section(audit: Mapping[str, Any]) -> Section:
    """Give every measure over all rows, and how near scores are to frequencies.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    Section
        Ends with the curves of everybody, folded.
    """
    rows = [
        Row(
            (MEASURE_NAMES[measure],),
            (Cell(words.MEANINGS[measure]), figure_cell(audit["overall"][measure], measure)),
        )
        for measure in MEASURES
    ]
    columns = ("Measure", "Meaning", "Value (95% interval)")
    blocks = [
        *table("Every measure over all rows", columns, rows),
        *said(_calibration_error(audit["calibration_error"]), _followup(audit["followup"])),
        *everybodys_curve(audit),
    ]
    return Section("everybody", "Everybody", tuple(blocks))


def _calibration_error(figure: Mapping[str, Any]) -> str:
    """Say how far scores are from frequencies, everybody together."""
    if "value" not in figure:
        return (
            "" if "suppressed" in figure else f"The calibration error of everybody is not given: {figure['undefined']}."
        )
    ends = [figure[name] for name in ("value", "null_low", "null_high")]
    decimals = 2 if words.is_whole(*ends) else 4
    # why round first: a squared distance of -0.00003 is nothing, not minus nothing
    value, low, high = (f"{round(end, decimals) + 0.0:.{decimals}f}".replace("-", words.MINUS) for end in ends)
    inside = figure["null_low"] <= figure["value"] <= figure["null_high"]
    told = "It does." if inside else "It does not."
    return (
        f"The squared calibration error, without what chance adds, is {value} over {figure['bins']} bins of equal "
        f"size. If scores were exactly right, it would lie between {low} and {high} in 95 of 100 samples like this "
        f"one. {told}"
    )


def _followup(followup: Mapping[str, Any] | None) -> str:
    """Say whether the share with the outcome jumps near the end."""
    if followup is None:
        return (
            "Whether the time to see the outcome was cut short near the end of the data was not looked at: no column "
            "names the day of each row."
        )
    if not followup["jumps"]:
        return "The share with the outcome does not jump near the end of the data."
    if followup["ratio"] is None:
        return (
            f"The share with the outcome jumps near the end of the data; by how much is withheld. {followup['reason']}"
        )
    earlier, last = (words.figure_text(followup[side], "prevalence") for side in ("earlier", "last"))
    return (
        f"The share with the outcome is {last} near the end of the data, against {earlier} before; that is "
        f"{words.plain(followup['ratio'])} times what was to be expected. {followup['reason']}"
    )
