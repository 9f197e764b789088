"""Differences to the last audit, read from its `audit.json`; and what it withheld, which stays withheld.

A change between two audits is of two groups of children, who may be partly the same; each interval is taken for
independent, which makes a change look a little less sure than it is. Only what both audits show is compared.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from training.audit.disclosure.suppression import BLOCK_OF
from training.audit.settings import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from training.audit.disclosure.figures import Figure, Gate
    from training.audit.disclosure.suppression import Block
    from training.audit.groups import Key


ASKED = ("outcome", "score", "score_kind", "threshold", "capacity", "child", "cluster", "tolerance", "disclosure")
"""Settings with which the same rows give other figures or verdicts, in the order in which they are said."""


def read_audit(path: Path) -> dict[str, Any]:
    """Read the `audit.json` of an earlier audit.

    Raises
    ------
    WrongUsageError
        When there is no such file.
    UnusableRecordsError
        When it is no audit of a version that is known.
    """
    if not path.is_file():
        raise WrongUsageError("The earlier audit does not exist.", hint="Give the audit.json of the last audit.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        is_audit = content["schema_version"] in (1, 2) and all(
            name in content for name in ("settings", "groups", "verdicts")
        )
    except (OSError, ValueError, KeyError, TypeError):
        is_audit = False
    if not is_audit:
        raise UnusableRecordsError(
            "The file given as the earlier audit is none that this version can read.",
            hint="Give the audit.json that `earlyhelp audit` wrote.",
        )
    return dict(content)


def withheld_before(last: Mapping[str, Any]) -> dict[Key, list[Block]]:
    """Give what an earlier audit withheld, by group."""
    entries: list[tuple[Key, Mapping[str, Any]]] = [
        (((each["attribute"],), (each["group"],)), each) for each in last["groups"]
    ]
    crossed = last.get("intersections", [])
    entries += [((tuple(each["attributes"]), tuple(each["values"])), each) for each in crossed]
    return {key: _blocks(entry) for key, entry in entries}


def _blocks(entry: Mapping[str, Any]) -> list[Block]:
    """Say which blocks of an entry are withheld."""
    by_measure = (block for measure, block in BLOCK_OF.items() if "suppressed" in entry.get(measure, {}))
    return list(dict.fromkeys([*(("size",) if entry["n"] is None else ()), *by_measure]))


def changes(now: Mapping[str, Any], last: Mapping[str, Any], gate: Gate) -> dict[str, Any]:
    """Say what has changed since an earlier audit.

    Parameters
    ----------
    now, last
        Contents of `audit.json`.
    gate
        Rounds what is shown.

    Returns
    -------
    dict
        `figures`: by group and measure `before`, `now` and their `change` with an interval, where both are shown;
        `verdicts`: those that differ; `only_before` and `only_now`: how many groups one of the two does not have;
        `asked_otherwise`: the settings that differ, for which alone figures may.
    """
    before, here = (_by_group(each) for each in (last, now))
    figures = [
        {
            "attribute": key[0],
            "group": key[1],
            "measure": measure,
            **_change(before[key][measure], here[key][measure], gate),
        }
        for key in here
        if key in before
        for measure in MEASURES
        if "value" in before[key].get(measure, {}) and "value" in here[key][measure]
    ]
    return {
        "figures": figures,
        "verdicts": _verdicts(now, last),
        "only_before": len(before.keys() - here.keys()),
        "only_now": len(here.keys() - before.keys()),
        "asked_otherwise": [name for name in ASKED if now["settings"].get(name) != last["settings"].get(name)],
    }


def _by_group(audit: Mapping[str, Any]) -> dict[tuple[str | None, str | None], Mapping[str, Any]]:
    """Find entries of everybody and of single groups."""
    return {(each["attribute"], each["group"]): each for each in (audit["overall"], *audit["groups"])}


def _change(before: Figure, now: Figure, gate: Gate) -> dict[str, Any]:
    """Subtract one figure from another, squaring and adding their intervals."""
    value = now["value"] - before["value"]
    down = math.hypot(now["value"] - now["low"], before["high"] - before["value"])
    up = math.hypot(now["high"] - now["value"], before["value"] - before["low"])
    change = {"value": gate.number(value), "low": gate.number(value - down), "high": gate.number(value + up)}
    return {"before": before["value"], "now": now["value"], "change": change}


def _verdicts(now: Mapping[str, Any], last: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List verdicts that are others than before, and those that are new."""
    names = ("attribute", "group", "measure")
    before = {tuple(each[name] for name in names): each["verdict"] for each in last["verdicts"]}
    return [
        {**{name: each[name] for name in names}, "before": known, "now": each["verdict"]}
        for each in now["verdicts"]
        if (known := before.get(tuple(each[name] for name in names))) != each["verdict"]
    ]
