"""Whether a run may be used: what is checked before a release, and who may accept what cannot be told.

Every gate is tried, so that all that stands in the way is said at once. No gate says that a model is fair or safe: a
gate only refuses what is known to be wrong, or has not been looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features.vocabulary.errors import IntegrityError, RefusedError
from training.registry.bundle import AUDIT_FILES, GOLDEN_FILE, Bundle
from training.registry.golden import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.registry.manifest import Acceptance

# On records of social care an AUC of 0.68 to 0.78 is normal; above 0.85, suspect a leak. What Works for Children's
# Social Care (2020) and the published peers all lie below it.
SUSPECT_AUC = 0.85

OUTSIDE, CANNOT_TELL = "outside", "cannot tell"


def last_fold(bundle: Bundle) -> Mapping[str, Any]:
    """Give the measures of the released model's own fold, by learner."""
    measures: Mapping[str, Any] = bundle.manifest.metrics["folds"][bundle.manifest.as_of.test.isoformat()]
    return measures


def check_adds_up(bundle: Bundle) -> None:
    """Refuse a bundle whose contributions do not add up to its margins on the golden rows.

    Raises
    ------
    IntegrityError
        They differ by more than 1e-9.
    """
    stored = json.loads((bundle.folder / GOLDEN_FILE).read_bytes())
    rows = pl.DataFrame(stored["rows"], schema=dict.fromkeys(stored["indicators"], pl.Float64), orient="row")
    base, given = bundle.model.contributions(rows)
    worst = float(np.abs(base + given.sum(axis=1) - bundle.model.margin(rows)).max())
    if not worst <= TOLERANCE:
        raise IntegrityError(
            f"Contributions do not add up to the score: they differ by up to {worst:.2g} on the golden rows.",
            hint="Train again; if it stays so, the model must not be explained and cannot be released.",
        )


def _named(verdicts: list[Mapping[str, Any]]) -> str:
    """Count verdicts by characteristic and measure: no group, whose name is a cell's value."""
    counted = Counter((verdict["attribute"], verdict["measure"]) for verdict in verdicts)
    return ", ".join(f"{attribute} {measure} ({count})" for (attribute, measure), count in sorted(counted.items()))


def _verdicts(bundle: Bundle) -> list[Mapping[str, Any]]:
    """Verdicts on the characteristics that the plan gates; the others are reported and gate nothing."""
    audit = json.loads((bundle.folder / AUDIT_FILES[0]).read_bytes())
    primary = bundle.manifest.plan.audit.primary
    return [verdict for verdict in audit.get("verdicts", []) if verdict["attribute"] in primary]


def _unaudited(bundle: Bundle, verdicts: list[Mapping[str, Any]]) -> list[str]:
    rule = bundle.manifest.plan.audit
    wanted = {(attribute, measure) for attribute in rule.primary for measure in rule.gated}
    missing = sorted(wanted - {(verdict["attribute"], verdict["measure"]) for verdict in verdicts})
    return [f"no verdict on {attribute} {measure}" for attribute, measure in missing]


def _too_good(bundle: Bundle) -> list[str]:
    auc = last_fold(bundle)[bundle.manifest.kind]["everyone"]["auc"].get("value")
    if auc is None:
        return ["too few children escalated, or did not, to measure the AUC"]
    if auc > SUSPECT_AUC:
        return [f"an AUC of {auc:.3f} is above {SUSPECT_AUC}: suspect a leak from the future"]
    return []


def check_gates(bundle: Bundle, acceptance: Acceptance | None) -> list[str]:
    """Try every gate.

    Parameters
    ----------
    bundle
        As `read_bundle` gave it: hashes and golden rows are checked already.
    acceptance
        Who accepts that the audit cannot tell, and why; None when nobody does.

    Returns
    -------
    list of str
        What was accepted, in words; empty when nothing had to be.

    Raises
    ------
    RefusedError
        With all that stands in the way: an audit that is missing or outside its tolerance, a suspected leak, or an
        audit that cannot tell and nobody who accepts it.
    IntegrityError
        See `check_adds_up`.
    """
    check_adds_up(bundle)
    verdicts = _verdicts(bundle)
    outside = [verdict for verdict in verdicts if verdict["verdict"] == OUTSIDE]
    unsure = [verdict for verdict in verdicts if verdict["verdict"] == CANNOT_TELL]
    problems = _unaudited(bundle, verdicts) + _too_good(bundle)
    if outside:
        problems.append(f"the audit finds gaps outside the tolerance: {_named(outside)}")
    if problems:
        raise RefusedError(
            "The run cannot be released: " + "; ".join(problems) + ".",
            hint="Read audit.html in the run's bundle. Nobody can accept these: change data, plan or model.",
        )
    if unsure and acceptance is None:
        raise RefusedError(
            f"The run cannot be released: the audit cannot tell for {_named(unsure)} "
            "(characteristic, measure, number of groups).",
            hint="Read audit.html; a named person may accept it: --accept-cannot-tell NAME --reason TEXT.",
        )
    return [f"the audit cannot tell for {_named(unsure)}"] if unsure else []
