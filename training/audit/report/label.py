"""The outcome on trial, as a section of the report: how unequally it would have to be recorded to turn a gap.

These are tipping points and bounds. How unequally the outcome is recorded cannot be told from the records, and the
page says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.groups import EVERYONE_ELSE
from training.audit.report import words as words
from training.audit.report.blocks import (
    Block,
    Cell,
    Heading,
    Row,
    Section,
    figure_cell,
    gap_cell,
    ratio_cell,
    said,
    table,
)
from training.audit.settings import MEASURE_NAMES, RATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_SAID = 4
"""So many gaps of a characteristic are said one by one; the table has all."""

Key = tuple[str, str | None, str]
"""A characteristic, one of its groups, and a measure."""


def label_section(audit: Mapping[str, Any]) -> Section:
    """Give how unequally the outcome would have to be recorded to turn each gap.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    Section
        For each characteristic tipping points, and bounds by the share of children whose outcome went unseen.
    """
    blocks: list[Block] = said(
        "The outcome is what was recorded. Some children counted as without it may have had it unseen, and more so in "
        "one group than in another; or it may be found more readily in one. This section says how unequal that would "
        "have to be to turn a gap. A small number means that the finding rests on how the outcome is recorded. How "
        "unequally it is recorded cannot be told from the records."
    )
    for attribute in audit["settings"]["groups"]:
        blocks += _label_blocks(attribute, audit)
    return Section("label", "The outcome on trial", tuple(blocks))


def _label_blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Give tipping points and bounds for one characteristic."""
    label = words.label_of(attribute)
    entries = [each for each in audit["label"] if each["attribute"] == attribute]
    gaps = {
        (each["attribute"], each["group"], each["measure"]): each["gap"]
        for each in audit["differences"]
        if each["against"] == EVERYONE_ELSE and each["attribute"] == attribute
    }
    tipped = [each for each in entries if each["measure"] in RATES]
    odds = [each for each in entries if each["measure"] not in RATES]
    columns = (
        "Group",
        "Measure",
        "Gap to everyone else",
        "What could happen",
        "Unseen in the group",
        "Unseen in everyone else",
    )
    shares = next(([one["share"] for one in each["bounds"]] for each in tipped if "bounds" in each), [])
    by_share = ("Group", "Measure", *[f"{100 * share:g}% unseen" for share in shares])
    bound_rows = [_bounds_row(each, len(shares)) for each in tipped] if shares else []
    return [
        Heading(f"{label}: how the outcome is recorded"),
        *said(*_label_sentences(entries, gaps, audit)),
        *table(
            f"{label}: the least share unseen that could turn a gap",
            columns,
            [_tip(each, gaps, audit) for each in tipped],
        ),
        *table(
            f"{label}: how many times as readily the outcome would have to be recorded to explain the calibration gap",
            ("Group", "Gap in calibration intercept", "Times the odds"),
            [_odds_row(each, gaps) for each in odds],
        ),
        *table(
            f"{label}: bounds, with sampling error, by the share of those without the outcome that had it unseen",
            by_share,
            bound_rows,
            is_folded=True,
        ),
        *_true_shares(label, entries, audit),
    ]


def _true_shares(label: str, entries: Sequence[Mapping[str, Any]], audit: Mapping[str, Any]) -> list[Block]:
    """Tabulate where the true share with the outcome may lie."""
    told = [each for each in entries if each["measure"] == "prevalence"]
    times = next(([one["times"] for one in each["true_share"]] for each in told if "true_share" in each), [])
    recorded = {(each["attribute"], each["group"]): each["prevalence"] for each in audit["groups"]}
    rows = [_true_share_row(each, recorded[each["attribute"], each["group"]], len(times)) for each in told]
    return table(
        f"{label}: where the share with the outcome may lie, with sampling error, if it is recorded too readily or too "
        "seldom",
        ("Group", "As recorded", *[f"Odds up to {factor:g} times wrong" for factor in times]),
        rows,
        is_folded=True,
    )


def _true_share_row(entry: Mapping[str, Any], recorded: Mapping[str, Any], n_times: int) -> Row:
    """Give where one group's true share may lie."""
    ends = [f"{words.share(one['low'])} to {words.share(one['high'])}" for one in entry.get("true_share", [])]
    cells = [Cell(each) for each in ends] or [Cell(words.symbol(entry))] * n_times
    return Row((words.value_of(entry["group"]),), (figure_cell(recorded, entry["measure"]), *cells))


def _key(entry: Mapping[str, Any]) -> Key:
    """Give what a figure is of."""
    return entry["attribute"], entry["group"], entry["measure"]


def _label_sentences(
    entries: Sequence[Mapping[str, Any]], gaps: Mapping[Key, Mapping[str, Any]], audit: Mapping[str, Any]
) -> list[str]:
    """Say what would turn the gaps that stand out: first those with a verdict of outside, then those surely there."""
    outside = {_key(each) for each in audit["verdicts"] if each["verdict"] == "outside"}
    told = [
        each
        for each in entries
        if ("in_group" in each or "value" in each.get("odds", {})) and words.is_apart(gaps.get(_key(each), {}))
    ]
    told.sort(key=lambda each: _key(each) not in outside)
    if not told:
        known = [gaps[_key(each)] for each in entries if "value" in gaps.get(_key(each), {})]
        if any(map(words.is_apart, known)):
            return ["What would overturn a gap here cannot be shown."]
        if not known:
            return ["No gap here can be shown."]
        return ["Every interval here includes zero, so there is no finding to overturn."]
    return [_label_sentence(each, gaps[_key(each)], audit) for each in told[:MOST_SAID]]


def _label_sentence(entry: Mapping[str, Any], gap: Mapping[str, Any], audit: Mapping[str, Any]) -> str:
    """Say what would turn one gap."""
    measure = entry["measure"]
    who = f"{words.value_of(entry['group'])}, {words.measure_name(measure)} ({words.gap_within(gap, measure)})"
    if "odds" in entry:
        value, low, high = (words.plain(entry["odds"][name]) for name in ("value", "low", "high"))
        return (
            f"{who}: if the outcome was recorded {value} times as readily for this group ({low} to {high} times the "
            "odds), that alone would explain the gap."
        )
    ways = [
        f"{words.one_in(entry[side])} {whom}"
        for side, whom in (("in_group", "of this group"), ("in_others", "of everyone else"))
        if entry[side] is not None
    ]
    what, turned = _turned(entry, gap, audit)
    if not words.is_published(audit["settings"]) and 0 in (entry["in_group"], entry["in_others"]):
        return f"{who}: {what} stands at the point where it could {turned}."
    if not ways:
        return f"{who}: no share of outcomes unseen would let {what} {turned}."
    return (
        f"{who}: if, of those counted as without the outcome, {' or '.join(ways)} had it unseen, {what} could {turned}."
    )


def _turned(entry: Mapping[str, Any], gap: Mapping[str, Any], audit: Mapping[str, Any]) -> tuple[str, str]:
    """Say what turning means for one gap: what turns, and how; where nothing could be told, the best estimate does."""
    if entry["turns"] == "sign":
        return "the gap", "change its sign"
    verdict = next((each["verdict"] for each in audit["verdicts"] if _key(each) == _key(entry)), "cannot tell")
    if verdict == "outside":
        return "the gap", "come within the tolerance"
    if verdict == "within":
        return "the gap", "leave the tolerance"
    tolerance = audit["settings"]["tolerance"].get(entry["measure"])
    is_outside = tolerance is not None and "value" in gap and abs(gap["value"]) > tolerance
    return "the best estimate", "fall below the tolerance" if is_outside else "rise above the tolerance"


def _tip(entry: Mapping[str, Any], gaps: Mapping[Key, Mapping[str, Any]], audit: Mapping[str, Any]) -> Row:
    """Give the tipping points of one gap."""
    measure = entry["measure"]
    heads = (words.value_of(entry["group"]), MEASURE_NAMES[measure])
    if "turns" not in entry:
        return Row(heads, tuple(Cell(words.symbol(entry)) for _ in range(4)))
    gap = gaps.get(_key(entry))
    shares = [
        Cell("none would" if entry[side] is None else words.share(entry[side])) for side in ("in_group", "in_others")
    ]
    what, turned = _turned(entry, gap or {}, audit)
    told = f"{what.removeprefix('the ').capitalize()} could {turned}"
    return Row(heads, (Cell(words.NONE) if gap is None else gap_cell(gap, measure), Cell(told), *shares))


def _odds_row(entry: Mapping[str, Any], gaps: Mapping[Key, Mapping[str, Any]]) -> Row:
    """Give the odds that would explain one calibration gap."""
    heads = (words.value_of(entry["group"]),)
    if "odds" not in entry:
        return Row(heads, (Cell(words.symbol(entry)),) * 2)
    gap = gaps.get(_key(entry), entry["odds"])
    return Row(heads, (gap_cell(gap, entry["measure"]), ratio_cell(entry["odds"])))


def _bounds_row(entry: Mapping[str, Any], n_shares: int) -> Row:
    """Give one measure's bounds by the share unseen."""
    measure = entry["measure"]
    heads = (words.value_of(entry["group"]), MEASURE_NAMES[measure])
    if "bounds" not in entry:
        return Row(heads, (Cell(words.symbol(entry)),) * n_shares)
    ends = [(words.number(one["low"], measure), words.number(one["high"], measure)) for one in entry["bounds"]]
    return Row(heads, tuple(Cell(f"{low} to {high}") for low, high in ends))
