"""What an audit is asked to do, and whether it can be done.

A tolerance is fixed here, before any figure is seen; without one there is no verdict. Settings do not say
what is fair: they say what will be compared and which gap would matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ScoreKind = Literal["probability", "points"]
Disclosure = Literal["internal", "published"]

RATES: tuple[str, ...] = (
    "prevalence",
    "selection_rate",
    "tpr",
    "fpr",
    "fnr",
    "tnr",
    "precision",
    "npv",
)
"""Measures that are k of n."""

SCORED: tuple[str, ...] = ("auc", "average_precision", "brier", "calibration_slope", "calibration_intercept")
"""Measures of ranking and calibration: of the scores themselves, at no threshold."""

MEASURES: tuple[str, ...] = (*RATES, *SCORED)
"""Every measure of an entry, in the order of reports."""

COMPARED: tuple[str, ...] = (
    "prevalence",
    "selection_rate",
    "tpr",
    "fpr",
    "auc",
    "calibration_slope",
    "calibration_intercept",
)
"""Measures whose differences between groups are printed. Average precision, precision and NPV depend on the
base rate and the Brier score does too: they are never compared bare between groups, and never gated."""

MEASURE_NAMES: dict[str, str] = {
    "prevalence": "Share with the outcome",
    "selection_rate": "Share flagged",
    "tpr": "True positive rate",
    "fpr": "False positive rate",
    "fnr": "False negative rate",
    "tnr": "True negative rate",
    "precision": "Precision",
    "npv": "Negative predictive value",
    "auc": "AUC",
    "average_precision": "Average precision",
    "brier": "Brier score",
    "calibration_slope": "Calibration slope",
    "calibration_intercept": "Calibration intercept",
}
"""The field's standard terms, as reports print them."""


@dataclass(frozen=True)
class AuditSettings:
    """What to audit: columns, cut-off, clusters, tolerance and disclosure.

    Parameters
    ----------
    outcome, score
        Columns with what happened (0/1 or true/false) and with the score; a higher score means more likely.
    groups
        Columns of characteristics, read as text; only null or empty is missing.
    threshold, capacity
        Exactly one. Flagged is a score of at least `threshold`; or at least the score of the child at the
        last place that `capacity`, a share in (0, 1], gives. Ties may exceed the capacity; both shares are
        printed.
    score_kind
        None: probability when all scores lie in [0, 1], else points.
    cluster, child
        Columns of the household (or any other cluster) and of the child. None: every row counts as a child.
    reference
        By characteristic, the group that the others are compared with, beside everyone else.
    tolerance
        By measure, the largest gap that would not matter, on the measure's own scale; above 0.
    gated
        Measures that get verdicts beside those that have a tolerance; of one without a tolerance nothing can be told.
        The primary family is each measure with a tolerance in each group of the primary characteristics.
    intersections
        2: also pairs of characteristics; 3: pairs and triples.
    disclosure
        `internal`: groups under 5 children are withheld. `published`: counts under 10 are, the rest is
        rounded.
    primary
        Characteristics of the primary family, named beforehand; None: all of `groups`. The others get verdicts too, at
        the same level, but none that decides.
    day
        Column of the day of each row, as a date or in ISO form: then a jump in the share with the outcome near the end,
        where the time to see it was cut short, is looked for.
    """

    outcome: str
    score: str
    groups: tuple[str, ...]
    threshold: float | None = None
    capacity: float | None = None
    score_kind: ScoreKind | None = None
    cluster: str | None = None
    child: str | None = None
    reference: Mapping[str, str] = field(default_factory=dict)
    tolerance: Mapping[str, float] = field(default_factory=dict)
    gated: tuple[str, ...] = ("calibration_intercept", "tpr")
    intersections: int | None = None
    disclosure: Disclosure = "internal"
    primary: tuple[str, ...] | None = None
    day: str | None = None

    def primary_groups(self) -> tuple[str, ...]:
        """Give the characteristics of the primary family."""
        return self.groups if self.primary is None else self.primary

    def measures_judged(self) -> tuple[str, ...]:
        """Give the measures that get verdicts, each once: the gated ones, then others that have a tolerance."""
        return tuple(dict.fromkeys([*self.gated, *self.tolerance]))

    def columns(self) -> list[str]:
        """Give the columns that the table must have, each once, in order of mention."""
        optional = [name for name in (self.cluster, self.child, self.day) if name is not None]
        return list(dict.fromkeys([self.outcome, self.score, *self.groups, *optional]))


def check_settings(settings: AuditSettings, columns: Collection[str]) -> None:
    """Refuse settings that cannot be carried out on a table with these columns.

    Raises
    ------
    WrongUsageError
        With every problem at once.
    """
    problems = [
        *_cut_off_problems(settings),
        *_column_problems(settings, columns),
        *_measure_problems(settings),
    ]
    if settings.intersections not in (None, 2, 3):
        problems.append("intersections must be 2 or 3")
    if settings.disclosure not in ("internal", "published"):
        problems.append("disclosure must be internal or published")
    if settings.score_kind not in (None, "probability", "points"):
        problems.append("score kind must be probability or points")
    if problems:
        raise WrongUsageError(
            "The audit cannot be done as asked: " + "; ".join(problems) + ".",
            hint="Correct these settings; column names are case-sensitive.",
        )


def _cut_off_problems(settings: AuditSettings) -> list[str]:
    """List what is wrong with threshold and capacity."""
    if settings.threshold is None and settings.capacity is None:
        return ["give a threshold or a capacity"]
    if settings.threshold is not None and settings.capacity is not None:
        return ["give either a threshold or a capacity, not both"]
    if settings.capacity is not None and not 0 < settings.capacity <= 1:
        return ["capacity must be a share above 0 and at most 1"]
    if settings.threshold is not None and not abs(settings.threshold) < float("inf"):
        return ["threshold must be a number"]
    return []


def _column_problems(settings: AuditSettings, columns: Collection[str]) -> list[str]:
    """List columns that do not exist, are asked for twice, or are asked to be two things."""
    missing = [name for name in settings.columns() if name not in columns]
    problems = [f"the table has no column {name!r}" for name in missing]
    if not settings.groups:
        problems.append("name at least one column of groups")
    if len(set(settings.groups)) < len(settings.groups):
        problems.append("a column of groups is named twice")
    outsiders = [name for name in settings.primary or () if name not in settings.groups]
    problems += [f"{name!r} is called primary, and is not among the groups" for name in outsiders]
    roles = {settings.outcome: "outcome", settings.score: "score", settings.child: "child", settings.cluster: "cluster"}
    problems += [
        f"{name!r} is the {roles[name]}, and no characteristic of children" for name in settings.groups if name in roles
    ]
    if settings.outcome == settings.score:
        problems.append(f"{settings.outcome!r} is both the outcome and the score")
    strangers = [name for name in settings.reference if name not in settings.groups]
    return problems + [f"a reference is given for {name!r}, which is not among the groups" for name in strangers]


def _measure_problems(settings: AuditSettings) -> list[str]:
    """List measures that do not exist, may not be gated or have a tolerance that is no size."""
    allowed = ", ".join(COMPARED)
    problems = [f"{name!r} cannot be gated (allowed: {allowed})" for name in settings.gated if name not in COMPARED]
    for name, size in settings.tolerance.items():
        if name not in COMPARED:
            problems.append(f"{name!r} cannot have a tolerance (allowed: {allowed})")
        elif not 0 < size < float("inf"):
            problems.append(f"the tolerance of {name!r} must be above 0")
        elif name in RATES and size >= 1:
            problems.append(
                f"the tolerance of {name!r} must be below 1: it is a difference of shares, 0.1 for 10 points"
            )
    return problems
