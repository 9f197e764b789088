"""What the records on trial say in plain words. It reads what `records_on_trial.json` holds and computes nothing.

It says how often something is written, looked at or found, and of whom; it never says why, and never fair or unfair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.characteristics import CHARACTERISTICS
from training.audit.report.access_words import points_text
from training.audit.report.trial_choice import (
    WATCHED_FOR_SAFETY,
    apart_in_writing,
    figures_of,
    furthest,
    leaves_out,
    measure_name,
    without_mirrors,
)
from training.audit.report.words import UNDEFINED_SYMBOL, WITHHELD_SYMBOL, label_of, ratio_text, share_text, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Entry = Mapping[str, Any]

CANNOT_BE_TOLD = (
    "The size of unequal recording, looking and deciding cannot be told from records. Only bounds can be given, and "
    "each rests on an assumption that is printed beside it."
)
LEAST_AUC = 0.05
"""An AUC nearer to a half than this is not named, however sure it is."""

MOST_NAMED = 5
"""Of one kind so many findings are named in words; tables have all."""


def looked_at(content: Mapping[str, Any]) -> list[str]:
    """Say what was looked at."""
    settings, looking = content["settings"], content["surveillance"]
    return [
        f"The records up to {settings['records_end']}, and the children who could be scored on {settings['as_of']}.",
        "Who is not recorded; how well indicators tell each characteristic, those too that no score is told of; "
        "whether the same things are written of one group as of another at an equal stage.",
        "Who was given early help after the day of the score, and how the score stands against what would have "
        "happened without.",
        f"Contacts of {looking['days']} days, and whether need was found within {looking['found_within_days']} days "
        "after them; whether the share with the outcome jumps near the end of the data.",
    ]


def stands_out(content: Mapping[str, Any]) -> list[str]:
    """Say what stands out, part by part; of each part at least that nothing does."""
    return [
        *_of_recording(content["recording"]),
        *_of_proxies(content["proxies"]),
        *_of_measurement(content["measurement"]),
        *_of_help(content["helped"]),
        *_of_looking(content["surveillance"]),
        _of_followup(content["followup"]),
    ]


def how_sure(content: Mapping[str, Any]) -> list[str]:
    """Say how sure it is."""
    figures = list(figures_of(content))
    withheld = sum("suppressed" in each for each in figures)
    undefined = sum("undefined" in each for each in figures)
    return [
        "Every interval is a 95% interval, and children of one family count as one piece of evidence.",
        "Many things are looked at here: about one in twenty intervals leaves out “no difference” by chance alone. "
        "Of what is written down, only what stands out after allowing for that is named.",
        f"Of {len(figures):,} figures {withheld:,} are withheld ({WITHHELD_SYMBOL}), so that no child can be "
        f"recognised, and {undefined:,} have no number ({UNDEFINED_SYMBOL}), mostly because too few children are "
        "there.",
    ]


def does_not_tell(content: Mapping[str, Any]) -> list[str]:
    """Say what it does not tell, and what could not be looked at."""
    missing = [
        reason for part in content.values() if isinstance(part, dict) for reason in part.get("not_looked_at", ())
    ]
    return [
        CANNOT_BE_TOLD,
        "An indicator that tells a group is no proof that the score treats the group apart; the audit of the score by "
        "group looks at that.",
        "Whether help worked for anybody.",
        *missing,
    ]


def who(entry: Entry) -> str:
    """Print a group, with its characteristic."""
    return f"{label_of(entry['attribute'])}, {value_of(entry['group'])}"


def _named(lines: Sequence[str], otherwise: str) -> list[str]:
    """Give the lines, or that there are none."""
    return list(lines) if lines else [otherwise]


def _of_recording(part: Entry) -> list[str]:
    said = []
    for everybody in (each for each in part["not_recorded"] if each["attribute"] is None):
        if not everybody["share"].get("value"):
            continue
        places = [each for each in part["not_recorded"] if each["measure"] == everybody["measure"] and "gap" in each]
        apart = [each for each in places if leaves_out(each["gap"], 0.0)]
        line = f"{measure_name(everybody['measure'])}: {share_text(everybody['share'])} of children."
        if apart:
            first = max(apart, key=lambda each: furthest(each["gap"], 0.0))
            line += (
                f" {len(apart)} of {len(places)} teams, stages and years differ from everywhere else; furthest: "
                f"{first['attribute']} {value_of(first['group'])}, {points_text(first['gap'])} points."
            )
        said.append(line)
    told = [
        f"At an equal stage, a child with a brother or sister recorded as {value_of(each['group'])} is not recorded "
        f"{ratio_text(each['ratio'])} times as often as other children."
        for each in part["compared"]
        if leaves_out(each.get("ratio"), 1.0)
    ]
    nothing = (
        "Where siblings tell the ethnic group, children of no group are found to be recorded less often than others."
    )
    return said + _named(told, nothing)


def _of_proxies(part: Entry) -> list[str]:
    groups = without_mirrors([each for each in part["numbers"] if each["attribute"] not in (None, WATCHED_FOR_SAFETY)])
    told = [each for each in groups if (each.get("auc") or {}).get("low", 0) > 0.5 + LEAST_AUC / 2]
    said = [
        f"All indicators together tell {who(each)}{_told_anyway(each)} with an AUC of {ratio_text(each['auc'])} "
        "(a half is nothing)."
        for each in sorted(told, key=lambda each: -each["auc"]["low"])[:MOST_NAMED]
    ]
    figures = [
        (each[f"auc of {name}"], f"{measure_name(name)}, which is kept out of models, tells {who(each)}")
        for name in part["always"]
        for each in groups
    ]
    kept_out = [(figure, what) for figure, what in figures if leaves_out(figure, 0.5)]
    large = [each for each in kept_out if abs(each[0]["value"] - 0.5) >= LEAST_AUC]
    always = [
        f"{what} with an AUC of {ratio_text(figure)}."
        for figure, what in sorted(large, key=lambda each: -furthest(each[0], 0.5))[:MOST_NAMED]
    ]
    homes = [
        f"Homes of families recorded as {value_of(each['group'])} lie {ratio_text(each['ratio'])} times as often as "
        "those of others in the postcode sectors where they are over-represented."
        for each in part["homes"]
        if leaves_out(each.get("gap"), 0.0) and "value" in each.get("ratio", {})
    ]
    nothing = "Indicators together are not found to tell any group with an AUC clearly above a half."
    none_kept_out = (
        "Of the indicators that are kept out of models, none is found to tell a group here with an AUC "
        f"{LEAST_AUC:g} or more from a half."
    )
    return [*_named(said, nothing), *_named(always, none_kept_out), *homes]


def _told_anyway(entry: Entry) -> str:
    """Say of a characteristic that indicators are made of that it is no secret."""
    scored = {each.name for each in CHARACTERISTICS if each.may_be_scored}
    return ", which a score may read," if entry["attribute"] in scored else ""


def _of_measurement(part: Entry) -> list[str]:
    said = []
    for name, what in (("factors", "factors of assessments"), ("indicators", "indicators of recorded need")):
        looked = [each for each in part[name] if "stands_out" in each and each["attribute"] != WATCHED_FOR_SAFETY]
        apart = apart_in_writing(part[name])
        if not looked:
            continue
        verb = "stands" if len(apart) < 2 else "stand"
        line = (
            f"Of {len(looked)} comparisons of {what} at an equal stage, age apart, {len(apart) or 'none'} {verb} out."
        )
        if apart:
            first = apart[0]
            line += (
                f" Furthest: {measure_name(first['measure'])}, {who(first)}, written {ratio_text(first['ratio'])} "
                "times as often as of others."
            )
        said.append(line)
    return said


def _of_help(part: Entry) -> list[str]:
    everybody = [each for each in part["helped"] if each["attribute"] is None and each["measure"] == "helped"]
    said = [f"Early help began after the day for {share_text(each['share'])} of children." for each in everybody]
    gaps = [each for each in part["without_help"] if "value" in each.get("gap_unsure_at", {})]
    standing = [
        each
        for each in without_mirrors([one for one in gaps if one["attribute"] != WATCHED_FOR_SAFETY])
        if each["gap_unsure_at"]["value"] > 1
    ]
    said += [
        f"Against the outcome without help, {who(each)} differs from everyone else in "
        f"{MEASURES[each['measure']].lower()}, unless unrecorded reasons changed the odds of help "
        f"{each['gap_unsure_at']['value']:.2f} times."
        for each in sorted(standing, key=lambda each: -each["gap_unsure_at"]["value"])[:MOST_NAMED]
    ]
    if gaps and not standing:
        said.append("Against the outcome without help, no group is found to differ from everyone else.")
    return said


MEASURES = {
    "prevalence_without_help": "Outcome without help",
    "tpr_without_help": "True positive rate without help",
    "fpr_without_help": "False positive rate without help",
    "precision_without_help": "Precision without help",
}


def _of_looking(part: Entry) -> list[str]:
    name, whose = ("population", "who lives here") if part["population"] else ("known", "known")
    groups = without_mirrors([each for each in part[name] if each["attribute"] not in (None, WATCHED_FOR_SAFETY)])
    apart = [each for each in groups if leaves_out(each.get("ratio"), 1.0)]
    said = [
        f"{who(each)}: {ratio_text(each['ratio'])} times as many contacts per child {whose} as others. With need "
        f"between 1/{part['most_need']:g} and {part['most_need']:g} times that of others, looking would be between "
        f"{each['looking_at_least']['value']:.2f} and {each['looking_at_most']['value']:.2f} times."
        for each in apart
    ]
    found = [
        f"{who(each)}: need is found {ratio_text(each['ratio_at_equal_band'])} times as often after a contact as of "
        "others, with equally many contacts the year before."
        for each in without_mirrors(part["hit_rates"][1:])
        if leaves_out(each.get("ratio_at_equal_band"), 1.0) and each["attribute"] != WATCHED_FOR_SAFETY
    ]
    if not part["known"]:
        return []
    return [
        *_named(said, f"No group is found to have more, or fewer, contacts per child {whose} than others."),
        *_named(found, "Need is found about as often after a contact about one group as about another."),
    ]


def _of_followup(part: Entry) -> str:
    if part["jump"] is None:
        return "The share with the outcome does not jump near the end of the data."
    return f"From {part['jump']['first_day']} on: {part['jump']['reason']}"
