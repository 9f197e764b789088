"""What the report says of its evidence: how much of it is separate, which gaps it could find, how it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report.words import (
    BINNED_SYMBOL,
    UNDEFINED_SYMBOL,
    WITHHELD_SYMBOL,
    counted,
    is_published,
    size_number,
)
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WORKED_OUT = "Rates and gaps in print are worked out from counts rounded to 5, and may be some points off"

ALIKE: dict[str, str] = {
    "prevalence": "the outcome came true for {everybody}",
    "selection_rate": "{everybody} is flagged",
    "tpr": "of children for whom the outcome came true {everybody} is flagged",
    "fpr": "of children for whom it did not come true {everybody} is flagged",
}
"""By measure, what is so where it is 0% or 100% for all rows together, and therefore in every group."""


SYMBOLS: dict[str, str] = {
    WITHHELD_SYMBOL: "withheld, so that no child can be recognised",
    UNDEFINED_SYMBOL: "not defined for these rows",
    BINNED_SYMBOL: "beside a number: it comes from score bins, and is only nearly right",
}
"""What stands in place of a number or beside it, and what it means."""


def size_sentence(settings: Mapping[str, Any]) -> str:
    """Say how many rows there are, and how much separate evidence they make.

    Parameters
    ----------
    settings
        Of `audit.json`, with the number of rows.
    """
    rows = counted(settings["rows"], "row")
    people = f"{rows} of {counted(settings['children'], 'child', many='children')}"
    if settings["child"] is None:
        people = f"{rows}, each counted as a child because no column names the child"
    if settings["cluster"] is None:
        joined = "one child" if settings["child"] is not None else ""
    else:
        joined = f"one “{settings['cluster']}”"
        joined = f"one child or {joined}" if settings["child"] is not None else joined
    # why: in print a few are rounded to none
    pieces = counted(settings["clusters"], "piece") if settings["clusters"] else "fewer than 5 pieces"
    together = f": rows of {joined} count as one piece" if joined else ""
    return f"{people}. They make {pieces} of separate evidence{together}."


def independence(settings: Mapping[str, Any]) -> str:
    """Say what the intervals take for independent, by the columns that were named."""
    alone = "takes every row for a child of its own"
    if settings["cluster"] is None:
        if settings["child"] is None:
            return f"{alone}, since no column names children or households"
        return "allows for rows of the same child, and takes children for independent, since no column names households"
    joined = f"“{settings['cluster']}”"
    if settings["child"] is None:
        return f"allows for rows of the same {joined}, and {alone}"
    return f"allows for rows of the same child or {joined}"


def no_household(settings: Mapping[str, Any]) -> list[str]:
    """Say that values of the cluster column join no rows, since too many children share them; nothing where none."""
    many = settings["households_left_out"]
    if not many:
        return []
    one = many == 1
    return [
        f"{counted(many, 'value')} of the cluster column, “{settings['cluster']}”, {'is' if one else 'are'} shared by "
        f"so many children that {'it' if one else 'they'} cannot name one household, as a word for “unknown” would be; "
        f"{'it joins' if one else 'they join'} no rows."
    ]


def in_print(audit: Mapping[str, Any]) -> str:
    """Say in a report for publication that its figures are rounded and its verdicts are not; else nothing."""
    if not is_published(audit["settings"]):
        return ""
    told = f"{WORKED_OUT}, most in small groups."
    if not is_judged(audit):
        return told
    return (
        f"{told} Verdicts were reached on the exact counts, so that a verdict can seem to disagree with the interval "
        "beside it."
    )


def in_print_shortly(audit: Mapping[str, Any]) -> list[str]:
    """Say the same for the first page."""
    if not is_published(audit["settings"]):
        return []
    return [f"{WORKED_OUT}; verdicts were reached on the exact counts." if is_judged(audit) else f"{WORKED_OUT}."]


def is_judged(audit: Mapping[str, Any]) -> bool:
    """Say whether there is a verdict that a tolerance was set for."""
    return any(each["tolerance"] is not None for each in audit["verdicts"])


def alike(overall: Mapping[str, Any], measure: str) -> str:
    """Say what is so of everybody, or of nobody, where a measure has no room for a gap; else nothing.

    Parameters
    ----------
    overall
        The entry of everybody.
    measure
        Its name.
    """
    figure = overall[measure]
    if measure not in ALIKE or "k" not in figure or figure["k"] not in (0, figure["n"]):
        return ""
    return ALIKE[measure].format(everybody="everybody" if figure["k"] else "nobody")


def what_would_be_found(audit: Mapping[str, Any], measure: str) -> list[str]:
    """Say which gaps in a measure would be found, and for how many comparisons none would be."""
    verdicts: Sequence[Mapping[str, Any]] = [each for each in audit["verdicts"] if each["measure"] == measure]
    known = [each["smallest_gap"] for each in verdicts if each["smallest_gap"] is not None]
    none = sum("value" in each["gap"] and each["smallest_gap"] is None for each in verdicts)
    sentences = []
    if known:
        ends = [size_number(end, measure, beside=known) for end in (max(known), min(known))]
        sentences.append(
            f"{MEASURE_NAMES[measure]}, of groups that are shown: where numbers are smallest, only a gap of {ends[0]} "
            f"or more would be found four times in five; where they are largest, {ends[1]}."
        )
    everybody = alike(audit["overall"], measure)
    if none and everybody:
        sentences.append(f"{MEASURE_NAMES[measure]}: {everybody}, in every group, so that there can be no gap.")
    elif none:
        sentences.append(
            f"{MEASURE_NAMES[measure]}: for {none} of {counted(len(verdicts), 'comparison')} numbers are so small that "
            "no gap, however large, would be found four times in five."
        )
    return sentences


def symbols_in(text: str) -> list[str]:
    """Explain the symbols that occur in a text, in one sentence; nothing where none does.

    Examples
    --------
    >>> symbols_in("12 of [z]")
    ['Symbols: [z], not defined for these rows.']
    """
    found = [f"{symbol}, {meaning}" for symbol, meaning in SYMBOLS.items() if symbol in text]
    return [f"Symbols: {'; '.join(found)}."] if found else []
