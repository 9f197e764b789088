"""What an audit says in plain words: the first page, and one sentence a chart.

Everything here reads the figures that `audit.json` holds, after small numbers are withheld; it computes
nothing. It never says fair or unfair: it says which gaps are larger than the tolerance, and which cannot be
told.
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

NOT_PRIMARY = " (Watched for safety; not among the characteristics on which a release is decided.)"

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
    return " by ".join(labels.get(name, name.replace("_", " ")) for name in attribute.split("*"))


def value_of(group: str | None) -> str:
    """Print a group's name."""
    return NOT_RECORDED if group is None else group


def number(value: float, measure: str) -> str:
    """Print a value on the measure's scale: shares in per cent, the rest with two decimals."""
    return f"{100 * value:.0f}%" if measure in RATES else f"{value:.2f}".replace("-", MINUS)


def gap_number(value: float, measure: str) -> str:
    """Print a gap with its sign: that of shares in percentage points."""
    text = f"{100 * value:+.1f}" if measure in RATES else f"{value:+.2f}"
    return text.replace("-", MINUS)


def size_number(value: float, measure: str) -> str:
    """Print the size of a gap without sign, with its unit."""
    text = gap_number(abs(value), measure).lstrip("+")
    return f"{text} points" if measure in RATES else text


def figure_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a figure with its interval; withheld and undefined ones as symbols."""
    if "value" not in figure:
        return WITHHELD_SYMBOL if "suppressed" in figure else UNDEFINED_SYMBOL
    low, high = number(figure["low"], measure), number(figure["high"], measure)
    return f"{number(figure['value'], measure)} ({low} to {high})"


def gap_text(figure: Mapping[str, Any], measure: str) -> str:
    """Print a gap with its interval."""
    if "value" not in figure:
        return WITHHELD_SYMBOL if "suppressed" in figure else UNDEFINED_SYMBOL
    low, high = gap_number(figure["low"], measure), gap_number(figure["high"], measure)
    unit = " points" if measure in RATES else ""
    return f"{gap_number(figure['value'], measure)}{unit} ({low} to {high})"


def looked_at(audit: Mapping[str, Any]) -> list[str]:
    """Say what was looked at."""
    settings, overall = audit["settings"], audit["overall"]
    sentences = []
    if settings["rows"] is not None:
        people = f"{settings['rows']:,} rows of {settings['children']:,} children"
        if settings["child"] is None:
            people = f"{settings['rows']:,} rows, each counted as a child because no column names the child"
        sentences.append(f"{people}, in {settings['clusters']:,} independent clusters.")
    sentences.append(f"The score is the column “{settings['score']}”; the outcome is “{settings['outcome']}”.")
    if "value" in overall["prevalence"]:
        share = figure_text(overall["prevalence"], "prevalence")
        sentences.append(f"The outcome came true in {share} of rows.")
    sentences.append(_flagged_sentence(settings, overall))
    names = ", ".join(label_of(name).lower() for name in settings["groups"])
    sentences.append(f"Groups by: {names}. A missing value is a group of its own, “{NOT_RECORDED}”.")
    return sentences


def _flagged_sentence(settings: Mapping[str, Any], overall: Mapping[str, Any]) -> str:
    """Say what flagged means here."""
    share = overall["selection_rate"]
    came_to = f"; that is {number(share['value'], 'selection_rate')} of rows" if "value" in share else ""
    if settings["capacity"] is None:
        return f"Flagged means a score of at least {settings['cut_off']:.4g}{came_to}."
    asked = f"{100 * settings['capacity']:.4g}%"
    return f"Flagged means the top {asked} by score, ties included: at least {settings['cut_off']:.4g}{came_to}."


def stands_out(audit: Mapping[str, Any]) -> list[str]:
    """Say what stands out: every gap outside the tolerance, and how many were within or cannot be told."""
    verdicts = audit["verdicts"]
    if not audit["settings"]["tolerance"]:
        return [
            *_of_everybody(audit["overall"]),
            "Nothing was judged: no tolerance was set before the audit. The gaps below are described, not judged.",
        ]
    outside = [each for each in verdicts if each["verdict"] == "outside"]
    sentences = _of_everybody(audit["overall"])
    sentences += [_outside_sentence(each) + ("" if each["primary"] else NOT_PRIMARY) for each in outside]
    within = sum(each["verdict"] == "within" for each in verdicts)
    unsure = sum(each["verdict"] == "cannot tell" for each in verdicts)
    if not outside:
        sentences.append("No gap was shown to be larger than the tolerance. That does not show that there is none.")
    sentences.append(
        f"Of {len(verdicts)} comparisons: {len(outside)} outside the tolerance, "
        f"{within} within it, and {unsure} for which the numbers cannot tell."
    )
    return sentences


def _of_everybody(overall: Mapping[str, Any]) -> list[str]:
    """Say whether all scores together are too high or too low; nothing when the interval holds 0."""
    figure = overall["calibration_intercept"]
    if "value" not in figure or figure["low"] <= 0 <= figure["high"]:
        return []
    direction = "low" if figure["value"] > 0 else "high"
    told = figure_text(figure, "calibration_intercept")
    return [f"Over everybody, scores are too {direction} against what happened: the calibration intercept is {told}."]


def _outside_sentence(verdict: Mapping[str, Any]) -> str:
    """Say one gap that is larger than the tolerance."""
    measure = verdict["measure"]
    who = f"{label_of(verdict['attribute'])}, {value_of(verdict['group'])}"
    name = MEASURE_NAMES[measure].lower().replace("auc", "AUC")
    tolerance = size_number(verdict["tolerance"], measure)
    if "value" not in verdict["gap"]:
        return f"{who}: the gap in {name} to everyone else is above the tolerance ({tolerance}); its size is withheld."
    direction = "lower" if verdict["gap"]["value"] < 0 else "higher"
    gap = verdict["gap"]
    low, high = sorted((abs(gap["low"]), abs(gap["high"])))
    return (
        f"{who}: {name} is {size_number(gap['value'], measure)} {direction} than for everyone else "
        f"(between {size_number(low, measure)} and {size_number(high, measure)}; tolerance: {tolerance}). "
        f"{_what_it_means(measure, direction)}"
    )


def _what_it_means(measure: str, direction: str) -> str:
    """Say in plain words what a gap in a measure means for children of the group."""
    meanings = {
        ("tpr", "lower"): "Children of this group for whom the outcome came true were flagged less often.",
        ("tpr", "higher"): "Children of this group for whom the outcome came true were flagged more often.",
        ("fpr", "higher"): "Children of this group for whom it did not come true were flagged more often.",
        ("fpr", "lower"): "Children of this group for whom it did not come true were flagged less often.",
        ("calibration_intercept", "higher"): "Against what happened, their scores are too low.",
        ("calibration_intercept", "lower"): "Against what happened, their scores are too high.",
    }
    return meanings.get((measure, direction), "").strip()


def how_sure(audit: Mapping[str, Any]) -> list[str]:
    """Say how sure the findings are, and what could not have been found."""
    verdicts = audit["verdicts"]
    settings = audit["settings"]
    sentences = [f"Every figure stands with a 95% interval that {_independence(settings)}."]
    if verdicts:
        any_of = "any" if all(each["primary"] for each in verdicts) else "any of those that decide"
        sentences.append(
            "Verdicts look at many groups at once, so each uses a wider interval "
            f"({100 * verdicts[0]['level']:.2f}%): where no gap is "
            f"larger than the tolerance, the chance that {any_of} is called outside is held to about 5%."
        )
    for measure in settings["gated"]:
        sentences += _what_would_be_found(measure, [each for each in verdicts if each["measure"] == measure])
    return sentences


def _independence(settings: Mapping[str, Any]) -> str:
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


def _what_would_be_found(measure: str, verdicts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which gaps in a measure would be found, and for how many comparisons none would be."""
    known = [each["smallest_gap"] for each in verdicts if each["smallest_gap"] is not None]
    none = sum("value" in each["gap"] and each["smallest_gap"] is None for each in verdicts)
    sentences = []
    if known:
        sentences.append(
            f"{MEASURE_NAMES[measure]}: where numbers are smallest, only a gap of "
            f"{size_number(max(known), measure)} or more would be found four times in five; "
            f"where they are largest, {size_number(min(known), measure)}."
        )
    if none:
        sentences.append(
            f"{MEASURE_NAMES[measure]}: for {none} of {len(verdicts)} comparisons numbers are so small that no gap, "
            "however large, would be found four times in five."
        )
    return sentences


def does_not_tell(audit: Mapping[str, Any]) -> list[str]:
    """Say what an audit of this kind cannot tell."""
    sentences = [
        "The outcome is what was recorded, often a decision of the authority; it is not "
        "need. If families of one "
        "group are watched more closely, or reported less, the audit takes that for truth.",
        "Children who were helped may have been spared the outcome; they then look like false alarms.",
        "Within the tolerance does not mean fair, and cannot tell does not mean within.",
        "Groups differ in how often the outcome comes true. False positive rates, shares "
        "flagged and precision differ "
        "for that reason alone, and are described without a verdict unless the plan names them.",
        "It says nothing of what people did with the score, or of who never came to the attention of services.",
    ]
    if audit["settings"]["disclosure"] == "internal":
        sentences.append(
            "This is an internal report: groups under 5 children are withheld, but could "
            "be worked out from totals. "
            "Do not pass it on; write one with published disclosure instead."
        )
    return sentences


def chart_sentence(
    attribute: str, measure: str, entries: Sequence[Mapping[str, Any]], overall: Mapping[str, Any]
) -> str:
    """Say in one sentence what the chart of a measure by group shows."""
    name = MEASURE_NAMES[measure]
    shown = [entry for entry in entries if "value" in entry[measure]]
    if not shown:
        return f"{name} by {label_of(attribute).lower()}: no group can be shown."
    lowest = min(shown, key=lambda entry: entry[measure]["value"])
    highest = max(shown, key=lambda entry: entry[measure]["value"])
    text = (
        f"{name} by {label_of(attribute).lower()} runs from {number(lowest[measure]['value'], measure)} "
        f"({value_of(lowest['group'])}) to {number(highest[measure]['value'], measure)} "
        f"({value_of(highest['group'])})"
    )
    total = overall[measure].get("value")
    if total is None:
        return text + "."
    apart = [entry for entry in shown if not entry[measure]["low"] <= total <= entry[measure]["high"]]
    if not apart:
        return f"{text}; every group's interval holds the figure of everybody, {number(total, measure)}."
    names = ", ".join(value_of(entry["group"]) for entry in apart)
    return f"{text}; the interval leaves out the figure of everybody, {number(total, measure)}, for: {names}."
