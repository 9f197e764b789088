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

ENDS = ("value", "low", "high")
"""Of a figure with its interval."""

FEW = 0.095
"""Shares below this are printed with a decimal."""

FINER_BELOW = (0.05, 0.005)
"""A share with an interval is printed with one more decimal below each of these widths; never with more than it has."""

LOOKS_LIKE_OURS = (NOT_RECORDED, "everybody")
"""What a report calls those of whom a characteristic is missing, and all rows; a group may be named so itself."""

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
    """Print a group's name; in quotes one that reads like a name of ours.

    Examples
    --------
    >>> value_of(None), value_of("F"), value_of("Not recorded")
    ('not recorded', 'F', '“Not recorded”')
    """
    if group is None:
        return NOT_RECORDED
    return f"“{group}”" if group.strip().lower() in LOOKS_LIKE_OURS else group


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


def counted(number: int, thing: str, *, many: str = "") -> str:
    """Print a number of things, one or many; `many` where the plural has no s."""
    return f"{number:,} {thing if number == 1 else many or thing + 's'}"


def is_whole(*values: float) -> bool:
    """Say whether shares have no decimals in per cent: in print they are rounded so, and none is made up for them."""
    return all(abs(100 * value - round(100 * value)) < 1e-9 for value in values)


def share(value: float) -> str:
    """Print a share in per cent: small ones with a decimal, where they have one.

    Examples
    --------
    >>> share(0.0912), share(0.09), share(0.912)
    ('9.1%', '9%', '91%')
    """
    decimals = 1 if 0 < value < FEW and not is_whole(value) else 0
    return f"{100 * value:.{decimals}f}%"


def share_text(figure: Mapping[str, Any]) -> str:
    """Print a share with its interval, to as many decimals as keep the interval's ends apart, and as it has.

    Examples
    --------
    >>> share_text({"value": 0.1, "low": 0.0961, "high": 0.1043})
    '10.0% (9.6% to 10.4%)'
    >>> share_text({"value": 0.1, "low": 0.09, "high": 0.11})
    '10% (9% to 11%)'
    """
    if "value" not in figure:
        return symbol(figure)
    ends = [figure[end] for end in ENDS]
    decimals = 0 if is_whole(*ends) else sum(figure["high"] - figure["low"] < width for width in FINER_BELOW)
    return _with_interval(figure, *(f"{100 * end:.{decimals}f}%" for end in ends))


def _with_interval(figure: Mapping[str, Any], value: str, low: str, high: str) -> str:
    """Print a number with its interval, and whether it comes from score bins."""
    binned = f" {BINNED_SYMBOL}" if "binned" in figure else ""
    return f"{value} ({low} to {high}){binned}"


def number(value: float, measure: str) -> str:
    """Print a value on the measure's scale: shares in per cent, the rest with two decimals."""
    return share(value) if measure in RATES else plain(value)


def plain(value: float) -> str:
    """Print a number with two decimals; never minus 0."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", MINUS)


def gap_number(value: float, measure: str, *, beside: Sequence[float] = ()) -> str:
    """Print a gap with its sign: that of shares in percentage points.

    Parameters
    ----------
    value
        On the measure's scale.
    measure
        Its name.
    beside
        Numbers that stand beside it: it has a decimal where one of them has one.

    Examples
    --------
    >>> gap_number(0.051, "tpr"), gap_number(0.05, "tpr"), gap_number(0.05, "tpr", beside=[0.051])
    ('+5.1', '+5', '+5.0')
    """
    if measure not in RATES:
        return signed(value, decimals=2)
    return signed(100 * value, decimals=0 if is_whole(value, *beside) else 1)


def signed(value: float, *, decimals: int) -> str:
    """Print a number with its sign; 0 has none."""
    text = f"{value:+.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text.replace("-", MINUS)


def size_number(value: float, measure: str, *, beside: Sequence[float] = ()) -> str:
    """Print the size of a gap without sign, with its unit; `beside` as for `gap_number`."""
    return with_unit(gap_number(abs(value), measure, beside=beside).lstrip("+"), measure)


def symbol(figure: Mapping[str, Any]) -> str:
    """Print what stands in place of a number."""
    return WITHHELD_SYMBOL if "suppressed" in figure else UNDEFINED_SYMBOL


def figure_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a figure with its interval; withheld and undefined ones as symbols."""
    if "value" not in figure:
        return symbol(figure)
    if measure in RATES:
        return share_text(figure)
    return _with_interval(figure, *(plain(figure[end]) for end in ENDS))


def gap_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a gap with its interval."""
    if "value" not in figure:
        return symbol(figure)
    return _with_interval(figure, *_gap_ends(figure, measure))


def gap_within(figure: Mapping[str, Any], measure: str) -> str:
    """Print a gap with its interval within brackets of a sentence."""
    value, low, high = _gap_ends(figure, measure)
    return f"{value}, between {low} and {high}"


def _gap_ends(figure: Mapping[str, Any], measure: str) -> tuple[str, str, str]:
    """Print a gap with its unit, and its limits, with as many decimals each."""
    ends = [figure[end] for end in ENDS]
    value, low, high = (gap_number(end, measure, beside=ends) for end in ends)
    return with_unit(value, measure), low, high


def with_unit(text: str, measure: str) -> str:
    """Print the unit of a gap after its number."""
    if measure not in RATES:
        return text
    return f"{text} point" if text.strip(f"+{MINUS}") == "1" else f"{text} points"


def ratio_text(figure: Mapping[str, Any]) -> str:
    """Print a ratio with its interval, or any number with two decimals."""
    if "value" not in figure:
        return symbol(figure)
    high = "no upper limit" if figure["high"] is None else plain(figure["high"])
    return _with_interval(figure, plain(figure["value"]), plain(figure["low"]), high)


def p_text(p: float | None, settings: Mapping[str, Any]) -> str:
    """Print a p-value, with two decimals where the settings say that it has no more.

    Examples
    --------
    >>> p_text(0.0004, {"disclosure": "internal"}), p_text(0.0, {"disclosure": "published"})
    ('below 0.001', 'below 0.01')
    """
    if p is None:
        return NONE
    decimals = 2 if is_published(settings) else 3
    return f"below {10**-decimals:g}" if p < 10**-decimals else f"{min(p, 1.0):.{decimals}f}"


def is_published(settings: Mapping[str, Any]) -> bool:
    """Say whether figures are rounded for print."""
    return bool(settings["disclosure"] == "published")


def is_apart(figure: Mapping[str, Any], value: float | None = 0.0) -> bool:
    """Say whether an interval leaves a value out."""
    return "value" in figure and value is not None and not figure["low"] <= value <= figure["high"]


def one_in(value: float) -> str:
    """Print a share as one in so many; one that was rounded to 0 is of fewer than one in 100.

    Examples
    --------
    >>> one_in(0.09), one_in(0.7)
    ('one in 11 (9%)', 'more than half (70%)')
    """
    if value == 0:
        return "fewer than one in 100"
    many = round(1 / value)
    return f"one in {many:,} ({share(value)})" if value <= 0.5 else f"more than half ({share(value)})"
