"""Within a characteristic: are the groups alike, what of a gap is base rate, and does the score rank across groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.counts.decomposition import BASE_RATE, PARTS
from training.audit.groups import EVERYONE_ELSE
from training.audit.report import words as words
from training.audit.report.blocks import Block, Cell, Heading, Row, gap_cell, ratio_cell, said, table
from training.audit.settings import MEASURE_NAMES
from training.audit.statistics.ranking_across import MOST_PAIRED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CALIBRATION_TESTS: dict[str, tuple[str, str]] = {
    "calibration_intercept_ratio": ("Calibration: one level for all", "the level of calibration"),
    "calibration_line_ratio": ("Calibration: one line for all", "level and slope of calibration together"),
}
"""In the table, and within a sentence."""

TEST_NAMES: dict[str, str] = {
    **MEASURE_NAMES,
    **{measure: names[0] for measure, names in CALIBRATION_TESTS.items()},
}

METHODS: dict[str, str] = {
    "rao_scott": "chi-square (Rao and Scott)",
    "cochran_q": "Cochran's Q",
    "permutation": "exchange of whole clusters",
    "likelihood_ratio": "likelihood ratio",
}

SURE = 0.05
"""Adjusted p-values below this are said in words; the table has all."""

MOST_SAID = 3
"""So many gaps are split in words; the table has all."""

NOTHING: dict[str, Any] = {"undefined": "not given"}


def test_blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Give the tests over all groups of a characteristic, with how far groups are apart without chance.

    Parameters
    ----------
    attribute
        The characteristic.
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        Blocks; none where there are no tests.
    """
    tests = [each for each in audit["homogeneity"] if each["attribute"] == attribute]
    if not tests:
        return []
    label = words.label_of(attribute)
    columns = ("Measure", "Groups", "Spread without chance", "Statistic", "p", "p, adjusted", "Test")
    return [
        Heading(f"{label}: are the groups alike?"),
        *said(_tests_sentence(tests), _left_out(tests)),
        *table(
            f"{label}: tests over all groups at once",
            columns,
            [_test(each, audit["settings"]) for each in tests],
            is_folded=False,
        ),
    ]


def _tests_sentence(tests: Sequence[Mapping[str, Any]]) -> str:
    """Say in what groups differ by more than chance would make them."""
    known = [each for each in tests if "p_exploratory" in each]
    differ = [_name(each) for each in known if each["p_exploratory"] < SURE]
    if not known:
        return "Whether the groups are alike could not be tested."
    untested = [_name(each) for each in tests if "p_exploratory" not in each]
    beside = f" Differences could not be tested in {words.name_list(untested)}." if untested else ""
    if not differ:
        none = "no measure that could be tested" if untested else "no measure"
        return f"In {none} was a difference between the groups shown. That does not show that they are alike.{beside}"
    rest = (
        ""
        if len(differ) == len(known)
        else " In the others that could be tested no difference was shown, which does not show that there is none."
    )
    return f"Groups differ by more than chance would make them in {words.name_list(differ)}.{rest}{beside}"


def _name(test: Mapping[str, Any]) -> str:
    """Print what was tested within a sentence."""
    measure = test["measure"]
    return CALIBRATION_TESTS[measure][1] if measure in CALIBRATION_TESTS else words.measure_name(measure)


def _left_out(tests: Sequence[Mapping[str, Any]]) -> str:
    """Say that groups without a number took no part."""
    most = max(each["left_out"] for each in tests)
    return f"Up to {words.counted(most, 'group')} without a number took no part." if most else ""


def _test(test: Mapping[str, Any], settings: Mapping[str, Any]) -> Row:
    """Give one test."""
    measure = test["measure"]
    spread = test["spread"]
    apart = words.symbol(spread)
    if "value" in spread:
        ends = [spread[name] for name in words.ENDS]
        value, low, high = (words.gap_number(end, measure, beside=ends).lstrip("+") for end in ends)
        apart = f"{words.with_unit(value, measure)} ({low} to {high})"
    elif measure not in MEASURE_NAMES:
        apart = words.NONE
    cells = [Cell(str(test["groups"]), mark="number"), Cell(apart)]
    if "p" in test:
        statistic = f"{words.plain(test['statistic'])} on {test['degrees']:.3g}"
        ps = [Cell(words.p_text(test[name], settings), mark="small") for name in ("p", "p_exploratory")]
        cells += [Cell(statistic), *ps, Cell(METHODS[test["method"]])]
    else:
        cells += [
            Cell(words.UNDEFINED_SYMBOL, test["undefined"]),
            *[Cell(words.UNDEFINED_SYMBOL)] * 2,
            Cell(words.NONE),
        ]
    return Row((TEST_NAMES[measure],), tuple(cells))


def split_blocks(attribute: str, audit: Mapping[str, Any]) -> list[Block]:
    """Give what part of each gap is base rate and what part is error.

    Parameters
    ----------
    attribute
        The characteristic.
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        Blocks; none where there is nothing to split.
    """
    splits = [each for each in audit["gaps_split"] if each["attribute"] == attribute]
    if not splits:
        return []
    label = words.label_of(attribute)
    columns = ("Group", "Measure", "Gap to everyone else", "From base rates", "From errors", "Share from base rates")
    sure = [each for each in splits if "parts" in each and words.is_apart(each["parts"]["gap"])]
    sure = sorted(sure, key=lambda each: (each["measure"] == "precision", -abs(each["parts"]["gap"]["value"])))
    sentences = [_split_sentence(each) for each in sure[:MOST_SAID]]
    if not sentences:
        sentences = [_nothing_to_split(splits)]
    beware = "A part is arithmetic, not a cause: that a gap comes from base rates does not make the base rates right."
    if words.is_published(audit["settings"]):
        beware += (
            " Parts and the gap that they make up come from the exact counts, and may be a point off the gap above."
        )
    return [
        Heading(f"{label}: what of a gap is base rate, and what is error"),
        *said(*sentences, beware),
        *table(f"{label}: gaps in parts that add up to them", columns, map(_split, splits)),
    ]


def _nothing_to_split(splits: Sequence[Mapping[str, Any]]) -> str:
    """Say why no gap is split in words."""
    if not any("value" in each.get("parts", {}).get("gap", {}) for each in splits):
        return "No gap in share flagged, precision or false positive rate can be shown."
    return (
        "Every interval of a gap in share flagged, precision or false positive rate includes zero, so there is no "
        "finding to split."
    )


def _split_sentence(split: Mapping[str, Any]) -> str:
    """Say what part of one gap is base rate."""
    parts, measure = split["parts"], split["measure"]
    direction = "lower" if parts["gap"]["value"] < 0 else "higher"
    text = (
        f"{words.value_of(split['group'])}: {words.measure_name(measure)} is "
        f"{words.size_number(parts['gap']['value'], measure)} {direction} than for everyone else"
    )
    if "value" not in parts.get(BASE_RATE, NOTHING):
        return text + "."
    base = parts[BASE_RATE]["value"]
    errors = parts["gap"]["value"] - base
    from_base, from_errors = (
        words.gap_number(part, measure, beside=[parts["gap"]["value"], base]) for part in (base, errors)
    )
    return f"{text}: {from_base} from base rates, {from_errors} from errors."


def _split(split: Mapping[str, Any]) -> Row:
    """Give one gap with its parts."""
    measure = split["measure"]
    heads = (words.value_of(split["group"]), MEASURE_NAMES[measure])
    if "parts" not in split:
        return Row(heads, tuple(Cell(words.symbol(split)) for _ in range(4)))
    parts = split["parts"]
    errors = [name for name in PARTS[measure] if name != BASE_RATE and name in parts]
    told = "; ".join(f"{words.measure_name(name)} {words.gap_text(parts[name], measure)}" for name in errors)
    base, whole = parts.get(BASE_RATE, NOTHING), parts.get(f"share_of_gap_{BASE_RATE}", NOTHING)
    of_gap = words.symbol(whole)
    if "value" in whole:
        of_gap = " ".join(
            [f"{100 * whole['value']:.0f}%", f"({100 * whole['low']:.0f}% to {100 * whole['high']:.0f}%)"]
        ).replace("-", words.MINUS)
    return Row(
        heads, (gap_cell(parts["gap"], measure), gap_cell(base, measure), Cell(told or words.NONE), Cell(of_gap))
    )


def ranking_blocks(attribute: str, entries: Sequence[Mapping[str, Any]], audit: Mapping[str, Any]) -> list[Block]:
    """Give the AUC across groups: a line for children with the outcome, a column for those without.

    Parameters
    ----------
    attribute
        The characteristic.
    entries
        Its groups, for the AUC within each.
    audit
        What `audit.json` holds.

    Returns
    -------
    list
        Blocks; none where there is one group, or no rows to rank.
    """
    pairs = {
        (each["with_outcome"], each["without_outcome"]): each["auc"]
        for each in audit["ranking_across"]
        if each["attribute"] == attribute
    }
    if not pairs:
        return []
    label = words.label_of(attribute)
    within = {entry["group"]: entry["auc"] for entry in entries}
    lead = (
        "Each cell is the chance that a child of the line's group for whom the outcome came true scores above a child "
        "of the column's group for whom it did not. Within a group it is its AUC."
    )
    if len(within) > MOST_PAIRED:
        return [
            Heading(f"{label}: ranking across groups"),
            *said(_extremes(pairs)),
            *_against_others(label, within, pairs),
        ]
    columns = ("With the outcome", *[f"Without: {words.value_of(group)}" for group in within])
    rows = [
        Row(
            (words.value_of(one),),
            tuple(ratio_cell(within[one] if one == other else pairs[one, other]) for other in within),
        )
        for one in within
    ]
    return [
        Heading(f"{label}: ranking across groups"),
        *said(lead, _extremes(pairs)),
        *table(f"{label}: ranking across groups, with 95% intervals", columns, rows),
    ]


def _extremes(pairs: Mapping[tuple[str | None, str | None], Mapping[str, Any]]) -> str:
    """Say across which groups a score ranks worst."""
    known = {pair: figure for pair, figure in pairs.items() if "value" in figure}
    if not known:
        return "Ranking across groups can be shown for no two groups."
    (one, other), figure = min(known.items(), key=lambda item: item[1]["value"])
    return (
        f"It ranks least well across {words.value_of(one)} with the outcome and {words.value_of(other)} without: "
        f"{words.ratio_text(figure)}."
    )


def _against_others(
    label: str,
    within: Mapping[str | None, Mapping[str, Any]],
    pairs: Mapping[tuple[str | None, str | None], Mapping[str, Any]],
) -> list[Block]:
    """Give each group across everyone else, where groups are too many for pairs."""
    columns = ("Group", "Within the group", "Above everyone else without", "Everyone else above the group's without")
    rows = [
        Row(
            (words.value_of(group),),
            tuple(ratio_cell(figure) for figure in (auc, pairs[group, EVERYONE_ELSE], pairs[EVERYONE_ELSE, group])),
        )
        for group, auc in within.items()
    ]
    return table(f"{label}: ranking across each group and everyone else", columns, rows)
