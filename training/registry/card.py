"""The model card: what the model is for, what it must never be used for, how well it does, and what is not known.

Made from the manifest and the audit alone, so it cannot say what the run does not.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.registry.manifest import Manifest

PURPOSE = (
    "Helps a triage team see which children's records resemble those of children who moved up the ladder of social "
    "care status within {horizon}, so that early help can be offered sooner. A person decides, and records why."
)
NEVER: tuple[str, ...] = (
    "to decide anything about a child or a family without a person",
    "to refuse, delay or end help",
    "as evidence in an assessment, a conference or a court",
    "to judge parents, or to score a family",
    "for children who are looked after, or for another authority than the one it was trained on",
)
MEANING = "The share of children with records like these who moved up the ladder within {horizon}."

DAYS_OF_A_YEAR = 365

KIND_NAMES: Mapping[str, str] = {
    "rule": "rule of thumb (points)",
    "logistic": "logistic regression, each indicator held to its declared direction",
    "lightgbm": "gradient-boosted trees, each indicator held to its declared direction",
}
SHORT_NAMES: Mapping[str, str] = {
    "rule": "rule of thumb",
    "logistic": "logistic regression",
    "lightgbm": "boosted trees",
}
MEASURE_NAMES: Mapping[str, str] = {
    "prevalence": "Base rate: share who escalated",
    "auc": "AUC",
    "average_precision": "Average precision",
    "tpr": "Recall at capacity",
    "precision": "Precision at capacity",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "calibration_slope": "Calibration slope (1 is right)",
    "calibration_intercept": "Calibration intercept (0 is right)",
}


def horizon_in_words(days: int) -> str:
    """Say how far ahead a score looks.

    Examples
    --------
    >>> horizon_in_words(365), horizon_in_words(180)
    ('twelve months', '180 days')
    """
    return "twelve months" if days == DAYS_OF_A_YEAR else f"{days} days"


def card_of(manifest: Manifest, audit: Mapping[str, Any]) -> dict[str, Any]:
    """Say all that a reader of the model must know.

    Parameters
    ----------
    manifest
        What was made, from what.
    audit
        What `audit.json` holds.

    Returns
    -------
    dict
        What `card.json` holds; JSON values only.
    """
    verdicts = Counter((entry["attribute"], entry["measure"], entry["verdict"]) for entry in audit["verdicts"])
    primary = manifest.plan.audit.primary
    horizon = horizon_in_words(manifest.plan.outcome.horizon_days)
    return {
        "schema_version": manifest.schema_version,
        "model_version": manifest.model_version,
        "outcome": manifest.outcome,
        "purpose": PURPOSE.format(horizon=horizon),
        "meaning": MEANING.format(horizon=horizon),
        "never": list(NEVER),
        "kind": manifest.kind,
        "kind_in_words": KIND_NAMES[manifest.kind],
        "chosen": manifest.chosen,
        "plan": manifest.plan.plan.name,
        "horizon_days": manifest.plan.outcome.horizon_days,
        "capacity": manifest.plan.bands.capacity,
        "days": manifest.as_of.model_dump(mode="json"),
        "counts": manifest.counts,
        "trained_on": manifest.trained_on.model_dump(mode="json"),
        "measures": manifest.metrics["folds"],
        "calibrations": manifest.metrics["calibrations"],
        "indicators": len(manifest.indicators),
        "left_out": list(manifest.plan.indicators.leave_out),
        "as_extracted": list(manifest.as_extracted),
        "verdicts": [
            {"attribute": who, "measure": what, "verdict": verdict, "groups": count, "gates": who in primary}
            for (who, what, verdict), count in sorted(verdicts.items())
        ],
        "tolerance": dict(manifest.plan.audit.tolerance),
        "acceptance": None if manifest.acceptance is None else manifest.acceptance.model_dump(),
        "libraries": dict(manifest.libraries),
    }


def _number(figure: Mapping[str, Any]) -> str:
    """Print a figure with its interval and count, or why there is none.

    Examples
    --------
    >>> _number({"value": 0.25, "low": 0.1, "high": 0.4, "k": 5, "n": 20})
    '0.250 (0.100 to 0.400), 5 of 20'
    """
    if "value" not in figure:
        return str(figure["undefined"])
    count = f"{figure['k']:,} of {figure['n']:,}" if "k" in figure else f"{figure['n']:,} rows"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f}), {count}"


def render(card: Mapping[str, Any]) -> str:
    """Write the card as a page that stands alone.

    Returns
    -------
    str
        HTML, without scripts and without a clock.
    """
    templates = FileSystemLoader(Path(__file__).parent)
    page = Environment(
        loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page.filters["figure"] = _number
    page.filters["few"] = lambda count: "fewer than 5" if count is None else f"{count:,}"
    return page.get_template("card.html").render(card=card, measures=MEASURE_NAMES, short=SHORT_NAMES) + "\n"
