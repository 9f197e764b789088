"""What came out, as a table to read and as numbers to compare. No clock, no machine's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from experiments.e003_planted.authorities import HERE, plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RESULT = HERE / "result"


def write(part: str, found: Mapping[str, Any]) -> Path:
    """Write one part's numbers, and the page of all parts that are there."""
    RESULT.mkdir(exist_ok=True)
    path = RESULT / f"{part}.json"
    path.write_text(json.dumps(_rounded(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULT / "planted.md").write_text(as_markdown(), encoding="utf-8")
    return path


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def as_markdown() -> str:
    """Lay the parts that were run out on one page."""
    parts = ["# What the audit finds where unfairness was planted, and where none was\n"]
    for name, words in (("nothing", _nothing), ("planted", _planted), ("bounds", _bounds)):
        path = RESULT / f"{name}.json"
        if path.exists():
            parts += words(json.loads(path.read_text(encoding="utf-8")))
    return "\n".join(parts)


def _nothing(found: Mapping[str, Any]) -> list[str]:
    must = plan()["must"]["most_audits_with_a_false_outside"]
    lines = [
        "## Nothing planted\n",
        f"{found['authorities']} authorities of {plan()['authorities']['children']:,} children, "
        f"{found['children_listed']:,} children scored by one model that was trained elsewhere. "
        f"**{found['audits_with_a_false_outside']} audits ({found['share_with_a_false_outside']:.1%}) say *outside* of "
        f"any gap that truly lies within the tolerance** (required: at most {must:.0%}); "
        f"{found['audits_with_any_outside']} say *outside* at all. In {found['large_authorities']} authorities of "
        f"{plan()['truth']['children']:,} it is {found['large_with_a_false_outside']} and "
        f"{found['large_with_any_outside']}.\n",
        "The gaps that the model truly has, over all of them, with their standard error, and how often each verdict "
        "was given in a small and in a large authority (within / cannot tell / outside):\n",
        "| characteristic | group | measure | tolerance | by chance | by event | truly outside | small | large |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for gap in found["gaps"]:
        by = {name: f"{each['value']:+.3f} ± {each['error']:.3f}" for name, each in gap["true_gap"].items()}
        held = gap["held_against"]
        by[f"by_{held}"] = f"**{by[f'by_{held}']}**"
        lines.append(
            f"| {gap['attribute']} | {gap['group'] or 'not recorded'} | {gap['measure']} | {gap['tolerance']:g} "
            f"| {by['by_chance']} | {by['by_event']} | {'yes' if gap['truth_lies_outside'] else ''} "
            f"| {_counts(gap['verdicts'])} | {_counts(gap['verdicts_in_large'])} |"
        )
    return [*lines, "", "In bold: the truth that verdicts were held against (see `truth.py`).\n"]


def _counts(verdicts: Mapping[str, int]) -> str:
    return " / ".join(str(verdicts[name]) for name in ("within", "cannot tell", "outside"))


def _planted(found: Mapping[str, Any]) -> list[str]:
    must = plan()["must"]
    lines = [
        "## Recording, proxy and access planted\n",
        "From records alone, without the truth. *Found*: the interval leaves out that nothing is planted. *Covered*: "
        f"it holds the declared size (required: {must['least_covered']:.0%} to {must['most_covered']:.0%} in the small "
        "authorities). Means of ratios are geometric, and their error is that of the logarithm.\n",
        "| authorities | planted | size | found | covered | mean | error |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, title in (("small", "small"), ("large", "large"), ("nothing", "small, nothing planted")):
        for each in found[name]:
            size = "" if each["size"] is None else f"{each['size']:g}"
            covered = "" if each["size_covered"] is None else f"{each['size_covered']} ({each['share_covered']:.1%})"
            lines.append(
                f"| {each['authorities']} {title} | {each['kind']} | {size} | {each['found']} | {covered} "
                f"| {each['mean']:.3f} | {each['error_of_mean']:.3f} |"
            )
    return [*lines, ""]


def _bounds(found: Mapping[str, Any]) -> list[str]:
    assumed = found["assumed"]
    lines = [
        "## Surveillance, label and measurement planted\n",
        "Records cannot tell how large these are: the same records come of more need, or of more of it being seen. "
        f"What can be given are bounds, if need differs by no more than {assumed['most_need']:g} times, and if need is "
        f"found with no more than {assumed['most_odds']:g} times the odds. Required: they hold the truth.\n",
        "| planted | seed | in the records | bounds | truth | holds |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each['kind']} | {each['seed']} | {each['in_the_records']:.3f} | {each['low']:.3f} to {each['high']:.3f} "
        f"| {each['truth']:.3f} | {'yes' if each['holds'] else '**no**'} |"
        for each in found["each"]
    ]
    return [*lines, ""]
