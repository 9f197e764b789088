"""What an audit of access says in plain words. It reads what `access.json` holds and computes nothing.

It says how many times as often, at equal recorded need, and what that cannot tell; it never says fair or unfair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.status import LADDER
from training.audit.groups import NOT_RECORDED
from training.audit.report.words import (
    ENDS,
    UNDEFINED_SYMBOL,
    WITHHELD_SYMBOL,
    is_whole,
    label_of,
    name_list,
    ratio_text,
    share_text,
    signed,
    symbol,
    value_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ORIGINS: dict[str, str] = {
    "data": "Data: who is in the records",
    "model": "Model: who stands near the top of a score",
    "practice": "Practice: what people offered and families took up",
}

COLUMN_WORDS: dict[str, str] = {
    "raw": "As it is",
    "age": "At equal age",
    "need": "At equal age, recorded need and deprivation",
    "rung": "At equal rung too (not to judge by)",
}

EQUAL_IN: dict[str, str] = {"everybody": "at equal age and deprivation"}
"""By path, what its third column holds equal where that is not recorded need: of whom nobody knows no need is known."""
AT_EQUAL_NEED = "at equal recorded need"

PATH_WORDS: dict[str, tuple[str, str]] = {
    "everybody": (
        "All children of the authority: who is known",
        "Of all children whom the population table counts, those about whom somebody asked, or who had help, in the"
        " period. Recorded need cannot be held equal for children whom nobody knows: the third column holds age and"
        " deprivation equal alone.",
    ),
    "children": (
        "Children known on the first day: who could be scored, and who was offered help after",
        "Known is who had a contact, a referral or help in the two years before.",
    ),
    "requests": (
        "When somebody asked about a child without a service: what came of it",
        "Each contact or referral of the period is a request; a child may have several, and families are counted once"
        " in every interval. Offered means an offer written down at the front door, or early help that began within"
        " 90 days and followed from no later request.",
    ),
}


NEED_WORDS: dict[str, str] = {
    "contacts_last_12_months": "contacts in the last 12 months",
    "referrals_last_24_months": "referrals to social care in the last 24 months",
    "s47_enquiries_last_24_months": "child protection enquiries (section 47) in the last 24 months",
    "child_protection_plans_on_record": "child protection plans on record",
    "has_been_looked_after": "whether the child has been looked after",
    "most_needs_in_one_assessment_last_24_months": "the most needs that one assessment found in the last 24 months",
}
"""What stands for recorded need, in plain words."""

FOUND_WORDS: dict[str, str] = {
    "found_domestic_abuse_last_24_months": "domestic abuse in the family",
    "found_abuse_or_neglect_last_24_months": "abuse or neglect of the child",
    "found_parental_mental_ill_health_last_24_months": "mental ill health of a parent or another person at home",
    "found_parental_substance_misuse_last_24_months": "alcohol or drug misuse by a parent or another person at home",
    "found_child_mental_ill_health_last_24_months": "a need of support for the mental health of the child",
}
"""What an assessment may have found, in plain words."""


def points_text(figure: Mapping[str, Any]) -> str:
    """Print a difference of shares in percentage points: with a decimal, where it has one."""
    decimals = 0 if is_whole(*(figure[end] for end in ENDS if end in figure)) else 1
    return _text(figure, lambda value: signed(100 * value, decimals=decimals))


def days_text(figure: Mapping[str, Any]) -> str:
    """Print a median of days."""
    return _text(figure, lambda value: f"{value:.0f}")


def _text(figure: Mapping[str, Any], number: Any) -> str:
    if "value" not in figure:
        return symbol(figure)
    return f"{number(figure['value'])} ({number(figure['low'])} to {number(figure['high'])})"


def leaves_out_one(figure: Mapping[str, Any]) -> bool:
    """Say whether a ratio's own 95% interval leaves out 1."""
    return "value" in figure and not figure["low"] <= 1 <= figure["high"]


def looked_at(content: Mapping[str, Any]) -> list[str]:
    """Say what was looked at."""
    settings = content["settings"]
    names = ", ".join(label_of(name).lower() for name in settings["groups"])
    told = [
        f"Records from {settings['from']} to {settings['until']}; what came of each request is followed to"
        f" {settings['records_end']}, where the records end.",
        "This is about access to help and what came of it, not about whether a score works: that is another audit.",
    ]
    told += [_size_sentence(path) for path in content["paths"]]
    return [
        *(sentence for sentence in told if sentence),
        f"Groups by: {names}. A missing value is a group of its own, “{NOT_RECORDED}”.",
        "Each group is held against what was to be expected of the same children, had the same come about for them as"
        " for everyone else: as it is, at equal age, and at equal age, recorded need and deprivation. Need is as it was"
        " known before the day that somebody asked.",
    ]


def _size_sentence(path: Mapping[str, Any]) -> str:
    """Say how many a path begins with, and to how many of them its first step came."""
    first = path["steps"][0]
    everybody = next(entry for entry in path["entries"] if entry["attribute"] is None)
    if "value" not in everybody["share"]:
        return ""
    unit = "requests" if path["name"] == "requests" else "children"
    return f"{everybody['share']['n']:,} {unit}, of whom {share_text(everybody['share'])} {first['words']}."


def stands_out(content: Mapping[str, Any]) -> list[str]:
    """Say which groups stand out in the primary family, and where along the path they differ."""
    found = [
        (step, entry)
        for _, step, entry in entries_of(content)
        if entry["stands_out"] and _need_ratio(entry) is not None
    ]
    if not found:
        return [
            "No group was shown to be offered help more or less often than was to be expected at equal recorded need."
            " That does not show that all are."
        ]
    return [_standing_sentence(content, step, entry) for step, entry in found]


def _standing_sentence(content: Mapping[str, Any], step: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    gaps = entry["everyone_else"]["need"]
    who = f"{label_of(entry['attribute'])}, {value_of(entry['group'])}"
    text = (
        f"{who}: {share_text(entry['share'])} {step['words']}; {share_text(gaps['expected'])} was to be expected at"
        f" equal recorded need. That is {ratio_text(gaps['ratio'])} times as often."
    )
    elsewhere = [
        other["words"]
        for _, other, at in entries_of(content)
        if (at["attribute"], at["group"]) == (entry["attribute"], entry["group"])
        and other is not step
        and leaves_out_one(_need_ratio(at) or {})
    ]
    return text + (f" Their own interval leaves out 1 also for: {'; '.join(elsewhere)}." if elsewhere else "")


def entries_of(content: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]]:
    """Give every path, step and entry in order."""
    for path in content["paths"]:
        for step in path["steps"]:
            for entry in path["entries"]:
                if entry["measure"] == step["name"]:
                    yield path, step, entry


def _need_ratio(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the ratio at equal recorded need against everyone else; None where it has no number."""
    if entry["everyone_else"] is None:
        return None
    ratio: Mapping[str, Any] = entry["everyone_else"]["need"]["ratio"]
    return ratio if "value" in ratio else None


def how_sure(content: Mapping[str, Any]) -> list[str]:
    """Say how sure the findings are."""
    compared = [entry for _, _, entry in entries_of(content) if entry["everyone_else"] is not None]
    told = sum(_need_ratio(entry) is not None for entry in compared)
    names = name_list([label_of(name).lower() for name in content["settings"]["primary"]])
    return [
        "Every figure stands with a 95% interval that counts families, not rows: brothers and sisters, and a child"
        " asked about twice, are not separate evidence.",
        f"“Stands out” looks at who was offered help, in every group by {names}, all at once: where nothing differs,"
        " the chance that anything is said to stand out is held to about 5% (Holm). Every other interval is looked at"
        " alone, and of twenty such one leaves out 1 by chance.",
        f"Of {len(compared)} comparisons {told} have a number at equal recorded need; for the others too few children"
        f" are on one side ({UNDEFINED_SYMBOL}), or numbers are withheld ({WITHHELD_SYMBOL}).",
    ]


def does_not_tell(content: Mapping[str, Any]) -> list[str]:
    """Say what an audit of access cannot tell."""
    told = [
        "True need is not in the records. Two families equal on record may need different help; and if problems of one"
        " group are written down less often, equal recorded need is not equal need.",
        "An offer counts when it is written down. Help that was offered in words and declined at once, or given by"
        " others, is not here.",
        "Whether help was completed is read from the words with which workers closed it.",
        "That a group was offered less says nothing of why: data, score, practice, places and families' own wishes all"
        " play a part. It is a question to the service, with the families in the room.",
    ]
    if _has_rungs(content):
        told.append(
            "A rung is the most intensive service that a child had on the day, of these: "
            f"{', '.join(name.english for name in LADDER)}. The column at equal rung is for information: a rung "
            "results from the decisions that are looked at here."
        )
    if content["settings"]["disclosure"] == "internal":
        told.append(
            "This is an internal report: groups under 5 children are withheld with whatever would give them back, and "
            "all other counts stand as they are. Do not pass it on; write one with published disclosure instead."
        )
    return told


def _has_rungs(content: Mapping[str, Any]) -> bool:
    """Say whether anything is held against others at equal rung."""
    return any("rung" in (entry["everyone_else"] or {}) for _, _, entry in entries_of(content))


def need_text(names: Sequence[str]) -> str:
    """Say in plain words what stands for recorded need; a column that is not known here keeps its own name."""
    others = [NEED_WORDS.get(name, name.replace("_", " ")) for name in names if name not in FOUND_WORDS]
    found = [FOUND_WORDS[name] for name in names if name in FOUND_WORDS]
    either = " or ".join(filter(None, [", ".join(found[:-1]), *found[-1:]]))
    told = f"and whether assessments of the last 24 months found {either}" if found else ""
    return "; ".join(filter(None, [", ".join(others), told]))


def names_in(path: str) -> dict[str, str]:
    """Give the headings of a path's columns."""
    return COLUMN_WORDS | ({"need": EQUAL_IN[path].capitalize()} if path in EQUAL_IN else {})


def chart_sentence(path: str, step: Mapping[str, Any], lines: list[dict[str, Any]]) -> str:
    """Say in one sentence what the chart of a step shows."""
    equal = EQUAL_IN.get(path, AT_EQUAL_NEED)
    name = f"“{step['words'][:1].upper()}{step['words'][1:]}”"
    if not lines:
        return f"{name}: no group has a number {equal}."
    apart = [line["label"] for line in lines if line["is_apart"]]
    told = f"The interval leaves out 1 for: {'; '.join(apart)}." if apart else "Every interval holds 1."
    return f"{name}: how many times as often as was to be expected {equal}. {told}"
