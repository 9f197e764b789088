"""Audits of authorities in which nothing was planted, held against the gaps that the model really has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from experiments.e003_planted.authorities import over_seeds, plan, simulated
from experiments.e003_planted.model import fitted_from, score_day, training_plan
from experiments.e003_planted.truth import Gap, Key, true_gaps, with_truth
from training.fitting import audit_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from training.registry.plan import AuditRule

WEIGHTS = {"ethnic_group": "event", "sex": "chance", "disability": "chance"}
"""By characteristic, which truth its groups are held against; see `truth`."""


@dataclass(frozen=True)
class Audited:
    """One authority's audit.

    Parameters
    ----------
    seed
        Of the authority.
    verdicts
        Of the primary family.
    rows
        Of `truth.with_truth`.
    """

    seed: int
    verdicts: Mapping[Key, str]
    rows: pl.DataFrame


def audited(seed: int, *, children: int, stored: Mapping[str, Any]) -> Audited:
    """Simulate, score and audit one authority."""
    fitted, rule = fitted_from(dict(stored)), training_plan()
    with simulated(children=children, seed=seed) as place:
        day = score_day(place, fitted, rule)
        audit = audit_fold(day.records, day.fold, fitted, rule)
        rows = with_truth(day.rows, place, cut_off=audit.resolved["cut_off"], seed=seed)
    verdicts = {(each.attribute, each.group, each.measure): each.verdict for each in audit.verdicts if each.is_primary}
    return Audited(seed, verdicts, rows)


def run(stored: Mapping[str, Any], *, seeds: int, processes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Audit every authority and hold each *outside* against the truth.

    Parameters
    ----------
    stored
        The model, of `model.train`.
    seeds
        How many authorities.
    processes, say
        See `authorities.over_seeds`.
    """
    of, large = plan()["authorities"], plan()["truth"]
    first = of["first_seed"]
    say(f"auditing {seeds} authorities of {of['children']} children with nothing planted")
    small = over_seeds(
        partial(audited, children=of["children"], stored=stored),
        range(first, first + seeds),
        processes=processes,
        say=say,
    )
    say("measuring the gaps that the model really has")
    ask = partial(audited, children=large["children"], stored=stored)
    big = over_seeds(ask, large["seeds"], processes=processes, say=say)
    rule = training_plan().audit
    rows = pl.concat([each.rows for each in (*small, *big)])
    truth = {weight: true_gaps(rows, rule.primary, weight=weight) for weight in ("chance", "event")}
    return held_against(small, big, truth=truth, rule=rule)


def held_against(
    small: Sequence[Audited], large: Sequence[Audited], *, truth: Mapping[str, Mapping[Key, Gap]], rule: AuditRule
) -> dict[str, Any]:
    """Count audits with an *outside* where the truth lies within the tolerance, and verdicts by group.

    Parameters
    ----------
    small, large
        Audits of authorities.
    truth
        By weight, the true gaps.
    rule
        Names tolerances.
    """
    keys = sorted(truth["event"], key=lambda key: (key[0], key[2], key[1] is None, key[1] or ""))
    is_outside = {key: abs(truth[WEIGHTS[key[0]]][key].value) > rule.tolerance[key[2]] for key in keys}
    false = {name: _false(audits, is_outside) for name, audits in (("small", small), ("large", large))}
    return {
        "authorities": len(small),
        "children_listed": sum(each.rows.height for each in small),
        "audits_with_any_outside": _with_any(small),
        "audits_with_a_false_outside": len(false["small"]),
        "share_with_a_false_outside": len(false["small"]) / len(small),
        "seeds_with_a_false_outside": false["small"],
        "large_authorities": len(large),
        "large_with_any_outside": _with_any(large),
        "large_with_a_false_outside": len(false["large"]),
        "gaps": [
            _line(key, truth, rule.tolerance[key[2]])
            | {
                "truth_lies_outside": is_outside[key],
                "verdicts": _given(small, key),
                "verdicts_in_large": _given(large, key),
            }
            for key in keys
        ],
    }


def _false(audits: Sequence[Audited], is_outside: Mapping[Key, bool]) -> list[int]:
    """List the seeds of audits that say *outside* of a gap that lies within the tolerance."""
    return [
        each.seed
        for each in audits
        if any(verdict == "outside" and not is_outside.get(key, False) for key, verdict in each.verdicts.items())
    ]


def _with_any(audits: Sequence[Audited]) -> int:
    return sum("outside" in each.verdicts.values() for each in audits)


def _given(audits: Sequence[Audited], key: Key) -> dict[str, int]:
    given = [each.verdicts[key] for each in audits if key in each.verdicts]
    return {answer: given.count(answer) for answer in ("within", "cannot tell", "outside")}


def _line(key: Key, truth: Mapping[str, Mapping[Key, Gap]], tolerance: float) -> dict[str, Any]:
    attribute, group, measure = key
    return {
        "attribute": attribute,
        "group": group,
        "measure": measure,
        "tolerance": tolerance,
        "true_gap": {
            f"by_{weight}": {"value": found[key].value, "error": found[key].error} for weight, found in truth.items()
        },
        "held_against": WEIGHTS[attribute],
    }
