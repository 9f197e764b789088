"""The first page of an audit's report: what was looked at, what stands out, what changed, how sure, what is not told.

It never says fair or unfair: it says which gaps are larger than the tolerance, and which cannot be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.groups import NOT_RECORDED
from training.audit.report.evidence import (
    in_print_shortly,
    independence,
    no_household,
    size_sentence,
    what_would_be_found,
)
from training.audit.report.words import (
    counted,
    figure_text,
    gap_within,
    is_apart,
    is_published,
    label_of,
    label_within,
    measure_name,
    name_list,
    share,
    size_number,
    value_of,
)
from training.audit.statistics.estimate import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_PRIMARY = " (Watched for safety; not among the characteristics on which a release is decided.)"

MOST_SAID = 6
"""So many gaps outside the tolerance are said one by one; all stand in the table of verdicts."""


def looked_at(audit: Mapping[str, Any]) -> list[str]:
    """Say what was looked at."""
    settings, overall = audit["settings"], audit["overall"]
    sentences = []
    if settings["rows"] is not None:
        sentences.append(size_sentence(settings))
    came_true = ""
    if "value" in overall["prevalence"]:
        came_true = f" The outcome came true in {figure_text(overall['prevalence'], 'prevalence')} of rows."
    sentences.append(
        f"The score is the column “{settings['score']}”; the outcome is “{settings['outcome']}”.{came_true}"
    )
    sentences.append(_flagged_sentence(settings, overall))
    names = ", ".join(label_within(name) for name in settings["groups"])
    sentences.append(f"Groups by: {names}. A missing value is a group of its own, “{NOT_RECORDED}”.")
    return sentences


def _flagged_sentence(settings: Mapping[str, Any], overall: Mapping[str, Any]) -> str:
    """Say what flagged means here."""
    flagged = overall["selection_rate"]
    came_to = f"; that is {share(flagged['value'])} of rows" if "value" in flagged else ""
    if settings["capacity"] is None:
        return f"Flagged means a score of at least {settings['cut_off']:.4g}{came_to}."
    asked = f"{100 * settings['capacity']:.4g}%"
    return f"Flagged means the top {asked} by score, ties included: at least {settings['cut_off']:.4g}{came_to}."


def stands_out(audit: Mapping[str, Any]) -> list[str]:
    """Say what stands out: gaps outside the tolerance, who is not recorded, a jump near the end, everybody's scores."""
    return [
        *_verdict_sentences(audit),
        *_not_recorded(audit),
        *_jump(audit["followup"]),
        *_of_everybody(audit["overall"]),
    ]


def _verdict_sentences(audit: Mapping[str, Any]) -> list[str]:
    """Say every gap outside the tolerance, and how many were within or cannot be told."""
    verdicts = audit["verdicts"]
    judged = [each["verdict"] for each in verdicts if each["tolerance"] is not None]
    if not judged:
        return [_nothing_judged(audit["settings"])]
    outside = sorted((each for each in verdicts if each["verdict"] == "outside"), key=lambda each: not each["primary"])
    sentences = [outside_sentence(each) + ("" if each["primary"] else NOT_PRIMARY) for each in outside[:MOST_SAID]]
    if len(outside) > MOST_SAID:
        sentences.append(
            f"{len(outside) - MOST_SAID} more gaps are outside the tolerance; the table of verdicts has all."
        )
    if not outside:
        sentences.append("No gap was shown to be larger than the tolerance. That does not show that there is none.")
    sentences.append(
        f"Of {counted(len(judged), 'comparison')}: {len(outside)} outside the tolerance, "
        f"{judged.count('within')} within it, and {judged.count('cannot tell')} for which the numbers cannot tell."
    )
    others = _without_tolerance(audit["settings"])
    if others:
        sentences.append(f"Not judged, because no tolerance was set before the audit: {name_list(others)}.")
    return sentences


def _nothing_judged(settings: Mapping[str, Any]) -> str:
    """Say that there is no verdict at all, and on what there would be."""
    others = _without_tolerance(settings)
    are = "is" if len(others) == 1 else "are"
    names = name_list(others)
    return (
        "Nothing was judged: no tolerance was set before the audit. "
        f"{names[:1].upper()}{names[1:]} {are} described, and not judged."
    )


def _without_tolerance(settings: Mapping[str, Any]) -> list[str]:
    """Name the measures that would be judged, had they a tolerance."""
    return [measure_name(name) for name in settings["gated"] if name not in settings["tolerance"]]


def outside_sentence(verdict: Mapping[str, Any]) -> str:
    """Say one gap that is larger than the tolerance."""
    measure = verdict["measure"]
    who = f"{label_of(verdict['attribute'])}, {value_of(verdict['group'])}"
    tolerance = size_number(verdict["tolerance"], measure)
    if "value" not in verdict["gap"]:
        name = measure_name(measure)
        return f"{who}: the gap in {name} to everyone else is above the tolerance ({tolerance}); its size is withheld."
    gap = verdict["gap"]
    direction = "lower" if gap["value"] < 0 else "higher"
    ends = [gap["value"], *sorted((gap["low"], gap["high"]), key=abs)]
    size, low, high = (size_number(end, measure, beside=ends) for end in ends)
    told = f"between {low} and {high}"
    if gap["low"] * gap["high"] < 0:
        # why: judged on exact counts, printed from rounded ones, so that in print an interval may reach across nothing
        told = gap_within(gap, measure).partition(", ")[2]
    return (
        f"{who}: {measure_name(measure)} is {size} {direction} than for everyone else ({told}; "
        f"tolerance: {tolerance}). {_what_it_means(measure, direction)}"
    ).rstrip()


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
    return meanings.get((measure, direction), "")


def _not_recorded(audit: Mapping[str, Any]) -> list[str]:
    """Say how many are not recorded, and whether that goes with the outcome."""
    total = audit["overall"]["n"]
    missing = {each["attribute"]: each["n"] for each in audit["groups"] if each["group"] is None and each["n"]}
    if not missing or not total:
        return []
    decimals = 2 if is_published(audit["settings"]) else 12
    parts = [f"{label_within(name)} for {share(round(n / total, decimals))} of rows" for name, n in missing.items()]
    flips = {
        each["attribute"] for each in audit["missing"] for flip in each.get("flips", []) if flip and "share" in flip
    }
    could = ""
    if flips:
        could = f" Who they are could change a verdict on {name_list([label_within(name) for name in sorted(flips)])}."
    tied = [each["attribute"] for each in audit["missing_tied"] if is_apart(each["prevalence_gap"])]
    goes = ""
    if tied:
        names = name_list([label_within(name) for name in tied])
        goes = f" Being not recorded goes with the outcome for {names}."
    return [f"Not recorded: {name_list(parts)}.{could}{goes}"]


def _jump(followup: Mapping[str, Any] | None) -> list[str]:
    """Say that the share with the outcome jumps near the end of the data."""
    if followup is None or not followup["jumps"]:
        return []
    if "value" not in followup["last"] or "value" not in followup["earlier"]:
        return [str(followup["reason"])]
    last, earlier = share(followup["last"]["value"]), share(followup["earlier"]["value"])
    return [f"{followup['reason']} It is {last} there, and {earlier} before. Every figure of this audit rests on it."]


def _of_everybody(overall: Mapping[str, Any]) -> list[str]:
    """Say whether all scores together are too high or too low; nothing when the interval holds 0."""
    figure = overall["calibration_intercept"]
    if not is_apart(figure):
        return []
    direction = "low" if figure["value"] > 0 else "high"
    told = figure_text(figure, "calibration_intercept")
    return [f"Over everybody, scores are too {direction} against what happened: the calibration intercept is {told}."]


def how_sure(audit: Mapping[str, Any]) -> list[str]:
    """Say how sure the findings are, and what could not have been found."""
    settings = audit["settings"]
    judged = [each for each in audit["verdicts"] if each["tolerance"] is not None]
    sentences = [f"Every figure stands with a 95% interval that {independence(settings)}.", *no_household(settings)]
    if judged:
        any_of = "any" if all(each["primary"] for each in judged) else "any of those that decide"
        level = judged[0]["level"]
        begin = f"Verdicts look at many groups at once, so each uses a wider interval ({100 * level:.2f}%)"
        sentences.append(
            f"{begin if level > LEVEL else 'Verdicts use the 95% interval, since one comparison decides'}: where no "
            f"gap is larger than the tolerance, the chance that {any_of} is called outside is held to about 5%."
        )
    for measure in settings["gated"]:
        sentences += what_would_be_found(audit, measure)
    return [*sentences, *in_print_shortly(audit)]


def does_not_tell(audit: Mapping[str, Any]) -> list[str]:
    """Say what an audit of this kind cannot tell."""
    sentences = [
        "The outcome is what was recorded, often a decision of the authority; it is not need. If families of one group "
        "are watched more closely, or reported less, the audit takes that for truth.",
        "Children who were helped may have been spared the outcome; they then look like false alarms.",
        "Within the tolerance does not mean fair, and cannot tell does not mean within.",
        "Groups differ in how often the outcome comes true. False positive rates, shares flagged and precision differ "
        "for that reason alone, and are described without a verdict unless a tolerance was set for them.",
        "It says nothing of what people did with the score, or of who never came to the attention of services.",
    ]
    if any(each["group"] is None for each in audit["groups"]):
        sentences.append("Who the children are whose characteristics are not recorded is not known, and not guessed.")
    if is_from_cells(audit):
        sentences.append(
            "It was made from counts alone: ranking and calibration stand nearly right, marked [b]. What needs rows is "
            "left out: tests over all groups, ranking across groups, observed over expected, a jump near the end, and "
            "whether being not recorded goes with the outcome."
        )
    if audit["settings"]["disclosure"] == "internal":
        sentences.append(
            "This is an internal report: groups under 5 children are withheld with whatever would give them back, and "
            "all other counts stand as they are. Do not pass it on; write one with published disclosure instead."
        )
    return sentences


def is_from_cells(audit: Mapping[str, Any]) -> bool:
    """Say whether an audit was made from a file of cells, without a row."""
    return not audit["expected"]
