"""Curves over the cut-off by group: small pictures side by side, each group against everybody.

Intervals stand at each cut-off by themselves; the cut-offs share children, so that a whole curve can lie on one side
by chance more often than one point of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report import words as words
from training.audit.report.blocks import Block, Cell, Heading, Picture, Row, interval_cell, said, table
from training.audit.report.panels import BENEFIT, FLAG_ALL, RATES_DRAWN, draw_benefit, draw_rates
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.audit.report.panels import Curve

COLUMNS = ("Cut-off", *[MEASURE_NAMES[name] for name in RATES_DRAWN], "Net benefit", "If all are flagged")

MOST_DRAWN = 8
"""Groups with a picture: the largest."""

MOST_IN_TABLE = 40
"""Groups with curves in the table; with more, `audit.csv` has the others."""


def curve_blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Say and draw the curves of one characteristic.

    Parameters
    ----------
    attribute
        The characteristic.
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        Blocks; none where there is a single cut-off.
    """
    everybody, curves = curves_of(None, audit).get(None, []), curves_of(attribute, audit)
    if len(everybody) < 2:
        return []
    title, cut_off = words.label_of(attribute), audit["settings"]["cut_off"]
    known = {group: points for group, points in curves.items() if any("value" in each["tpr"] for each in points)}
    shown = dict(list(known.items())[:MOST_DRAWN])
    sentence = _apart_sentence(title, known, everybody)
    limited = f"Drawn are the {len(shown)} largest of {len(known)} groups." if len(known) > len(shown) else ""
    blocks: list[Block] = [Heading(f"{title}: at every cut-off"), *said(sentence, limited)]
    if shown:
        drawing = draw_rates(shown, everybody, cut_off, label=sentence)
        key = "Line and band: the group and its 95% interval. Dashed: everybody. Upright line: the audit's cut-off."
        blocks.append(Picture(f"{title}: curves", drawing, key))
    if shown and any("value" in each[BENEFIT] for each in everybody):
        benefit = _benefit_sentence(shown, cut_off)
        drawing = draw_benefit(shown, everybody, cut_off, label=benefit)
        key = "Line and band: flagged by score. Dashed: everybody flagged. Level line at 0: nobody flagged."
        blocks += [*said(benefit), Picture(f"{title}: net benefit", drawing, key)]
    return blocks + _tables(title, curves)


def curves_of(attribute: str | None, audit: Mapping[str, Any]) -> dict[str | None, Curve]:
    """Collect the curves of one characteristic, its largest group first.

    Parameters
    ----------
    attribute
        None: of everybody.
    audit
        What `audit.json` holds.

    Returns
    -------
    dict
        By group, its points from the lowest cut-off on.
    """
    sizes = {entry["group"]: entry["n"] or 0 for entry in audit["groups"] if entry["attribute"] == attribute}
    found: dict[str | None, list[Mapping[str, Any]]] = {}
    for each in audit["curves"]:
        if each["attribute"] == attribute:
            found.setdefault(each["group"], []).append(each)
    return {group: found[group] for group in sorted(found, key=lambda group: -sizes.get(group, 0))}


def _apart_sentence(title: str, curves: Mapping[str | None, Curve], everybody: Curve) -> str:
    """Say whose true positive rate leaves everybody's out at half of the cut-offs or more."""
    apart = [
        words.value_of(group)
        for group, points in curves.items()
        if 2
        * sum(words.is_apart(one["tpr"], all_["tpr"].get("value")) for one, all_ in zip(points, everybody, strict=True))
        >= len(everybody)
    ]
    text = (
        f"{title}, over {len(everybody)} cut-offs: the interval of the true positive rate leaves out everybody's figure"
    )
    if not apart:
        return f"{text} at half of the cut-offs or more for no group."
    return f"{text} at half of the cut-offs or more for {words.name_list(apart)}."


def _benefit_sentence(curves: Mapping[str | None, Curve], cut_off: float) -> str:
    """Say for whom flagging by score does better than flagging nobody, at the cut-off next to the audit's."""
    at = {group: min(points, key=lambda each: abs(each["threshold"] - cut_off)) for group, points in curves.items()}
    known = {group: each[BENEFIT] for group, each in at.items() if "value" in each[BENEFIT]}
    if not known:
        return "Net benefit at the audit's cut-off can be shown for no group."
    better = [words.value_of(group) for group, figure in known.items() if figure["low"] > 0]
    text = "Net benefit weighs flagged children with the outcome against those without it, at the odds of the cut-off. "
    whom = "all groups drawn" if len(better) == len(known) else words.name_list(better)
    return (
        f"{text}At the audit's cut-off the whole interval lies above that of flagging nobody, which is 0, for "
        f"{whom if better else 'none of the groups drawn'}."
    )


def _tables(title: str, curves: Mapping[str | None, Curve]) -> list[Block]:
    """Give every point, folded."""
    kept = dict(list(curves.items())[:MOST_IN_TABLE])
    rows = [
        Row((words.value_of(group), f"{each['threshold']:.4g}"), _cells(each))
        for group, points in kept.items()
        for each in points
    ]
    more = ""
    if len(curves) > len(kept):
        more = f"The table holds the {len(kept)} largest of {len(curves)} groups; audit.csv holds all."
    caption = f"{title}: rates and net benefit at every cut-off"
    return [*said(more), *table(caption, ("Group", *COLUMNS), rows, is_folded=True)]


def _cells(point: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Print one cut-off."""
    rates = [interval_cell(words.figure_text(point[name], name)) for name in RATES_DRAWN]
    return (*rates, *[interval_cell(_benefit_text(point[name])) for name in (BENEFIT, FLAG_ALL)])


def _benefit_text(figure: Mapping[str, Any]) -> str:
    """Print a net benefit with three decimals, where it has them: it is small where the outcome is rare."""
    if "value" not in figure:
        return words.symbol(figure)
    ends = [figure[name] for name in words.ENDS]
    decimals = 2 if words.is_whole(*ends) else 3
    value, low, high = (f"{end:.{decimals}f}".replace("-", words.MINUS) for end in ends)
    return f"{value} ({low} to {high})"


def everybodys_curve(audit: Mapping[str, Any]) -> list[Block]:
    """Give the curve of everybody as a folded table.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        A table, or nothing.
    """
    points = curves_of(None, audit).get(None, [])
    rows = [Row((f"{each['threshold']:.4g}",), _cells(each)) for each in points]
    return table("Everybody: rates and net benefit at every cut-off", COLUMNS, rows, is_folded=True)
