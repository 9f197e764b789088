"""What of the records on trial is named: what differs, how far at least, and nothing twice.

It reads figures as they may be shown and computes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.vocabulary.codes import codelist

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Entry = Mapping[str, Any]

WATCHED_FOR_SAFETY = "age_band"
"""Children of different ages differ in need by nature: named in tables, not among what stands out."""

LEAST_RATIO = 1.1
"""A ratio nearer to 1 than this is not named, however sure it is."""

TWO_GROUPS = ("sex", "disability")

FACTOR = "factor "


def measure_name(measure: str) -> str:
    """Print what is counted; a factor of an assessment with its words.

    Examples
    --------
    >>> measure_name("factor 16A: above 0, by sex")
    'Factor 16A, neglect'
    """
    name = measure.split(": ")[0].split(", by ")[0]
    if name.startswith(FACTOR):
        code = name.removeprefix(FACTOR)
        return f"Factor {code}, {codelist('assessment_factor')[code].meaning}"
    return name.replace("_", " ").capitalize()


def leaves_out(figure: Mapping[str, Any] | None, value: float) -> bool:
    """Say whether a figure's own 95% interval leaves out a value."""
    return figure is not None and "value" in figure and not figure["low"] <= value <= figure["high"]


def figures_of(part: Any) -> Iterator[Mapping[str, Any]]:
    """Find every figure in a part of the content."""
    if isinstance(part, dict):
        if {"value", "suppressed", "undefined"} & part.keys():
            yield part
            return
        for each in part.values():
            yield from figures_of(each)
    elif isinstance(part, list):
        for each in part:
            yield from figures_of(each)


def furthest(figure: Mapping[str, Any], value: float) -> float:
    """Give how far from a value a figure lies at least, by its interval."""
    return float(max(figure["low"] - value, value - figure["high"]))


def without_mirrors(entries: Sequence[Entry]) -> list[Entry]:
    """Of a characteristic with two groups keep one of a measure, the smaller: what is more of one is less of the other.

    Groups that are not recorded stay.
    """
    pairs: dict[tuple[str, str], list[Entry]] = {}
    for each in entries:
        if each["group"] is not None:
            pairs.setdefault((each["attribute"], each["measure"]), []).append(each)
    larger = [
        max(pair, key=lambda each: each["share"].get("n", 0))
        for (attribute, _), pair in pairs.items()
        if len(pair) == 2 and attribute in TWO_GROUPS
    ]
    return [each for each in entries if not any(each is mirror for mirror in larger)]


def apart_in_writing(entries: Sequence[Entry]) -> list[Entry]:
    """Choose what stands out of what is written, the furthest from equal first.

    Not by age; not a disability among the factors of children who have one; of two groups the smaller; nothing that is
    nearer to equal than `LEAST_RATIO`.
    """
    named = without_mirrors([one for one in entries if one["attribute"] not in (None, WATCHED_FOR_SAFETY)])
    found = [each for each in named if each.get("stands_out") and not _is_by_nature(each)]
    far = [each for each in found if not 1 / LEAST_RATIO < each["ratio"]["value"] < LEAST_RATIO]
    return sorted(far, key=lambda each: -max(furthest(each["ratio"], 1.0), furthest(_turned(each["ratio"]), 1.0)))


def _is_by_nature(entry: Entry) -> bool:
    return entry["attribute"] == "disability" and "disab" in measure_name(entry["measure"])


def _turned(ratio: Mapping[str, Any]) -> dict[str, float]:
    """Give a ratio as seen from the other side."""
    least = 1e-9
    return {"low": 1 / max(ratio["high"], least), "high": 1 / max(ratio["low"], least)}
