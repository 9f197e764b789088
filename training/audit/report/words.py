"""How a report prints names and numbers: shares in per cent, gaps in points, what is withheld as a symbol.

Everything here reads figures as `audit.json` holds them, after small numbers are withheld; it computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.characteristics import CHARACTERISTICS
from training.audit.groups import NOT_RECORDED
from training.audit.settings import MEASURE_NAMES, RATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MINUS = "\N{MINUS SIGN}"
WITHHELD_SYMBOL = "[c]"
UNDEFINED_SYMBOL = "[z]"
BINNED_SYMBOL = "[b]"
NONE = "\N{EN DASH}"

FEW = 0.095
"""Shares below this are printed with a decimal."""

FINER_BELOW = (0.05, 0.005)
"""A share with an interval is printed with one more decimal below each of these widths."""

MOST_NAMED = 6
"""A sentence names so many groups, and counts the others."""

MEANINGS: dict[str, str] = {
    "prevalence": "of all children, the share for whom the outcome came true",
    "selection_rate": "of all children, the share flagged",
    "tpr": "of children for whom the outcome came true, the share flagged",
    "fpr": "of children for whom it did not, the share flagged",
    "fnr": "of children for whom the outcome came true, the share not flagged",
    "tnr": "of children for whom it did not, the share not flagged",
    "precision": "of flagged children, the share for whom the outcome came true",
    "npv": "of children not flagged, the share for whom it did not",
    "auc": "the chance that a child for whom the outcome came true scores above one for whom it did not",
    "average_precision": "precision averaged over the ranks of children for whom the outcome came true",
    "brier": "mean squared distance of score and outcome; 0 is best",
    "calibration_slope": "1 when high scores are as high, and low ones as low, as they should be",
    "calibration_intercept": "0 when scores add up to what happened; above 0, scores are too low",
}
"""What each measure means, as the report's key prints it; a row of the table stands for a child on a day."""


def label_of(attribute: str) -> str:
    """Print a characteristic's name; a column that the vocabulary does not know keeps its own."""
    labels = {each.name: each.label for each in CHARACTERISTICS}
    parts = [labels.get(name, name.replace("_", " ")) for name in attribute.split("*")]
    first = parts[0][:1].upper() + parts[0][1:]
    return " by ".join([first, *map(_lowered, parts[1:])])


def label_within(attribute: str) -> str:
    """Print a characteristic's name within a sentence; an abbreviation keeps its capitals."""
    return _lowered(label_of(attribute))


def _lowered(label: str) -> str:
    """Begin with a small letter, unless an abbreviation begins."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def value_of(group: str | None) -> str:
    """Print a group's name."""
    return NOT_RECORDED if group is None else group


def measure_name(measure: str) -> str:
    """Print a measure's name within a sentence."""
    return MEASURE_NAMES[measure].lower().replace("auc", "AUC").replace("brier", "Brier")


def name_list(names: Sequence[str]) -> str:
    """Print names in a sentence: the first few, and how many more there are.

    Examples
    --------
    >>> name_list(["F", "M"])
    'F and M'
    """
    shown = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def counted(number: int, thing: str) -> str:
    """Print a number of things, one or many."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def share(value: float) -> str:
    """Print a share in per cent: small ones with a decimal."""
    decimals = 1 if 0 < value < FEW else 0
    return f"{100 * value:.{decimals}f}%"


def share_text(figure: Mapping[str, Any]) -> str:
    """Print a share with its interval, to as many decimals as keep the interval's ends apart.

    Examples
    --------
    >>> share_text({"value": 0.1, "low": 0.0961, "high": 0.1043})
    '10.0% (9.6% to 10.4%)'
    """
    if "value" not in figure:
        return symbol(figure)
    decimals = sum(figure["high"] - figure["low"] < width for width in FINER_BELOW)
    value, low, high = (f"{100 * figure[end]:.{decimals}f}%" for end in ("value", "low", "high"))
    binned = f" {BINNED_SYMBOL}" if "binned" in figure else ""
    return f"{value} ({low} to {high}){binned}"


def number(value: float, measure: str) -> str:
    """Print a value on the measure's scale: shares in per cent, the rest with two decimals."""
    return share(value) if measure in RATES else plain(value)


def plain(value: float) -> str:
    """Print a number with two decimals; never minus 0."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", MINUS)


def gap_number(value: float, measure: str) -> str:
    """Print a gap with its sign: that of shares in percentage points."""
    text = f"{100 * value:+.1f}" if measure in RATES else f"{value:+.2f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", MINUS)


def size_number(value: float, measure: str) -> str:
    """Print the size of a gap without sign, with its unit."""
    text = gap_number(abs(value), measure).lstrip("+")
    return f"{text} points" if measure in RATES else text


def symbol(figure: Mapping[str, Any]) -> str:
    """Print what stands in place of a number."""
    return WITHHELD_SYMBOL if "suppressed" in figure else UNDEFINED_SYMBOL


def figure_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a figure with its interval; withheld and undefined ones as symbols."""
    if "value" not in figure:
        return symbol(figure)
    if measure in RATES:
        return share_text(figure)
    low, high = number(figure["low"], measure), number(figure["high"], measure)
    binned = f" {BINNED_SYMBOL}" if "binned" in figure else ""
    return f"{number(figure['value'], measure)} ({low} to {high}){binned}"


def gap_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a gap with its interval."""
    if "value" not in figure:
        return symbol(figure)
    low, high = gap_number(figure["low"], measure), gap_number(figure["high"], measure)
    unit = " points" if measure in RATES else ""
    binned = f" {BINNED_SYMBOL}" if "binned" in figure else ""
    return f"{gap_number(figure['value'], measure)}{unit} ({low} to {high}){binned}"


def gap_within(figure: Mapping[str, Any], measure: str) -> str:
    """Print a gap with its interval within brackets of a sentence."""
    low, high = gap_number(figure["low"], measure), gap_number(figure["high"], measure)
    unit = " points" if measure in RATES else ""
    return f"{gap_number(figure['value'], measure)}{unit}, between {low} and {high}"


def ratio_text(figure: Mapping[str, Any]) -> str:
    """Print a ratio with its interval, or any number with two decimals."""
    if "value" not in figure:
        return symbol(figure)
    high = "no upper limit" if figure["high"] is None else plain(figure["high"])
    binned = f" {BINNED_SYMBOL}" if "binned" in figure else ""
    return f"{plain(figure['value'])} ({plain(figure['low'])} to {high}){binned}"


def p_text(p: float | None) -> str:
    """Print a p-value."""
    if p is None:
        return NONE
    return "below 0.001" if p < 0.001 else f"{min(p, 1.0):.3f}"


def is_apart(figure: Mapping[str, Any], value: float | None = 0.0) -> bool:
    """Say whether an interval leaves a value out."""
    return "value" in figure and value is not None and not figure["low"] <= value <= figure["high"]


def one_in(value: float) -> str:
    """Print a share above 0 as one in so many.

    Examples
    --------
    >>> one_in(0.09), one_in(0.7)
    ('one in 11 (9.0%)', 'more than half (70%)')
    """
    many = round(1 / value)
    return f"one in {many:,} ({share(value)})" if value <= 0.5 else f"more than half ({share(value)})"
